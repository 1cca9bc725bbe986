package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/terminal"
)

const chatHelp = `  /show        print the policy
  /explain     explain every part of the policy
  /why         say which words put each element there
  /tests       list the tests of the policy
  /undo        take the last turn back
  /new         begin again
  /save FILE   save the conversation
  /load FILE   go on with a saved conversation
  /quit        end
`

// command does what a line with a slash says.
func (c *chat) command(ctx context.Context, s Streams, line string) error {
	name, argument, _ := strings.Cut(line, " ")
	argument = strings.TrimSpace(argument)
	switch name {
	case "/help":
		c.out.Printf("%s", chatHelp)
		return nil
	case "/quit", "/exit":
		c.quit = true
		return nil
	case "/new":
		c.talk.Talk.Turns, c.talk.Answer = nil, nil
		return nil
	case "/undo":
		if c.talk.Answer == nil {
			return fmt.Errorf("there is nothing to take back")
		}
		c.show(c.program.Back(c.talk, c.request.Within))
		return nil
	case "/save", "/load":
		if argument == "" {
			return fmt.Errorf("%s needs the name of a file", name)
		}
		if name == "/load" {
			return c.load(ctx, s, argument)
		}
		return c.save(argument)
	}
	return c.look(name)
}

// look does the commands that show something of the last answer.
func (c *chat) look(name string) error {
	a := c.talk.Answer
	switch name {
	case "/show", "/explain", "/why", "/tests":
		if a == nil {
			return fmt.Errorf("there is no policy yet: say what it shall allow")
		}
	}
	switch name {
	case "/show":
		c.out.Printf("%s\n", a.Policy.JSON())
	case "/explain":
		c.out.Printf("%s", terminal.PrintableText(c.program.Explain(a.Policy, a.Kind, true).Text()))
	case "/why":
		c.out.Provenance(*a)
	case "/tests":
		for _, t := range a.Tests {
			want, colour := "deny ", terminal.Red
			if t.Allow {
				want, colour = "allow", terminal.Green
			}
			c.out.Printf("  %s %s %s %s\n", c.out.Text(colour, want), terminal.Printable(t.Request.Action),
				terminal.Printable(t.Request.Resource), c.out.Text(terminal.Dim, "("+terminal.Printable(t.Because)+")"))
		}
		c.out.Printf("aegis: %s, %d of them fail\n", terminal.Count(len(a.Tests), "test"), len(a.Failures))
	default:
		return fmt.Errorf("no command is called %s; /help lists them", name)
	}
	return nil
}

// save writes the conversation to a file.
func (c *chat) save(name string) error {
	save := func(w io.Writer) error { return c.program.SaveTalk(w, c.talk, c.request) }
	if err := atomicfile.Write(name, save); err != nil {
		return err
	}
	c.out.Message("saved %s to %s", terminal.Count(len(c.talk.Talk.Turns), "turn"), terminal.Printable(name))
	return nil
}

// load reads a conversation from a file and shows where it stands.
func (c *chat) load(ctx context.Context, s Streams, name string) error {
	data, err := readInput(ctx, s, name, maxTalk)
	if err != nil {
		return err
	}
	talk, request, err := c.program.LoadTalk(data, c.request.Within)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c.talk.Answer = nil
	c.request = request
	c.show(talk)
	return nil
}

// maxTalk is the length in bytes of the longest saved conversation that is read.
const maxTalk = 64 << 20
