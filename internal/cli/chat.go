package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/spf13/cobra"
)

// chatOptions are the flags of the command.
type chatOptions struct {
	scope
	load    string
	request generate.Request
}

const chatLong = `Makes a policy in conversation: the first line is a request, every later line changes what is wanted
("only the prefix 2026/", "it must not write", "the same for bucket b"). Each turn shows what changed
in the policy and which access was gained or lost.

Lines that begin with / are commands; /help lists them.`

const chatExample = `  aegis chat
  aegis chat --load talk.json
  printf 'download objects from the bucket acme-reports\nonly below 2026/\n/show\n' | aegis chat`

func newChat(s Streams) *cobra.Command {
	o := chatOptions{}
	command := &cobra.Command{
		Use:     "chat",
		Short:   "make a policy in conversation",
		Long:    chatLong,
		Example: chatExample,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if o.request, err = o.scope.request(c, s); err != nil {
				return err
			}
			return runChat(c.Context(), s, o)
		},
	}
	o.register(command)
	command.Flags().StringVar(&o.load, "load", "", "go on with the conversation that /save wrote into this `file`")
	return command
}

// A chat is a conversation with a person or a pipe.
type chat struct {
	program *app.App
	request generate.Request
	talk    app.Talk
	out     *terminal.Printer
	err     *terminal.Printer
	prompt  bool
	quit    bool
}

// runChat holds a conversation until the input ends.
func runChat(ctx context.Context, s Streams, o chatOptions) error {
	program, err := o.open(s)
	if err != nil {
		return err
	}
	c := &chat{
		program: program, request: o.request, out: terminal.NewPrinter(s.Out, colours()), err: terminal.NewPrinter(s.Err, colours()),
		prompt: terminal.Is(s.In) && terminal.Is(s.Out),
	}
	if o.load != "" {
		if err := c.load(ctx, s, o.load); err != nil {
			return err
		}
	}
	if c.prompt {
		c.out.Printf("Say what the policy shall allow. /help lists the commands, /quit ends.\n")
	}
	lines := readLines(s.In)
	for !c.quit {
		c.ask()
		select {
		case line, ok := <-lines:
			if !ok {
				return errors.Join(c.out.Err(), c.err.Err())
			}
			if err := c.line(ctx, s, line); err != nil {
				return err
			}
		case <-ctx.Done():
			if c.prompt {
				c.out.Printf("\n")
			}
			return ctx.Err()
		}
		if err := errors.Join(c.out.Err(), c.err.Err()); err != nil {
			return err
		}
	}
	return nil
}

func (c *chat) ask() {
	if c.prompt {
		c.out.Printf("%s ", c.out.Text(terminal.Bold, ">"))
	}
}

// An inputLine is a line of the conversation, or why there is none.
type inputLine struct {
	text string
	err  error
}

// readLines reads lines until the input ends. Of a line that is too long only its beginning is
// kept, one byte more than a request may have.
func readLines(in io.Reader) <-chan inputLine {
	lines := make(chan inputLine)
	go func() {
		defer close(lines)
		r := bufio.NewReader(in)
		for {
			var line []byte
			part, err := r.ReadSlice('\n')
			for errors.Is(err, bufio.ErrBufferFull) {
				line = append(line, part[:min(len(part), generate.MaxWords+1-len(line))]...)
				part, err = r.ReadSlice('\n')
			}
			line = append(line, part[:min(len(part), generate.MaxWords+1-len(line))]...)
			if len(line) > 0 {
				lines <- inputLine{text: string(bytes.TrimSpace(line))}
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					lines <- inputLine{err: err}
				}
				return
			}
		}
	}()
	return lines
}

// line does what a line says. Only what ends the conversation is an error.
func (c *chat) line(ctx context.Context, s Streams, line inputLine) error {
	switch {
	case line.err != nil:
		return line.err
	case line.text == "":
		return nil
	case strings.HasPrefix(line.text, "/"):
		return c.report(c.command(ctx, s, line.text))
	}
	return c.report(c.turn(ctx, line.text))
}

// report tells a person about an error and lets the conversation go on, unless it was
// interrupted.
func (c *chat) report(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	c.err.Message("%s", terminal.Printable(message(err)))
	return nil
}

// turn answers one turn.
func (c *chat) turn(ctx context.Context, words string) error {
	r := c.request
	r.Words = words
	next, err := c.program.Chat(ctx, c.talk, r)
	if err != nil {
		return err
	}
	c.show(next)
	return nil
}

// show moves to a state of the conversation and says what is different there.
func (c *chat) show(next app.Talk) {
	before := c.talk.Answer
	c.talk = next
	a := next.Answer
	if a == nil {
		c.out.Printf("aegis: the conversation is empty\n")
		return
	}
	if turns := next.Talk.Turns; len(turns) > 1 && turns[len(turns)-1].Edit != "" {
		c.out.Message("%s", terminal.Printable(turns[len(turns)-1].Edit))
	}
	switch after := string(a.Policy.JSON()); {
	case before == nil:
		c.out.Printf("%s\n", after)
	case after == string(before.Policy.JSON()):
		c.out.Printf("aegis: the policy stays as it is\n")
	default:
		c.out.Diff(string(before.Policy.JSON()), after)
		c.out.Changes(c.program.Changes(before, a))
	}
	c.out.Status(*a)
	c.out.Statements(*a)
	c.out.Review(*a)
	c.out.Open(*a)
}
