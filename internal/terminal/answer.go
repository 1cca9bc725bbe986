package terminal

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/verify"
)

// Status writes the line that says what the answer is worth.
func (p *Printer) Status(a generate.Answer) {
	colour := map[generate.Status]Style{generate.Proved: Green, generate.Assumed: Yellow, generate.Asking: Blue}[a.Status]
	p.Message("%s: %s", p.Text(colour, string(a.Status)), a.Summary())
}

// Statements writes each statement in a sentence.
func (p *Printer) Statements(a generate.Answer) {
	if len(a.Explanation.Statements) > 0 {
		p.Printf("\n")
	}
	for i, st := range a.Explanation.Statements {
		p.Printf("  %d. %s\n", i+1, Printable(st.Text))
	}
}

// Review writes the score of a policy that lacks nothing, and what lint finds in it above suggestions: first what is of
// the program's own making, then what was asked for.
func (p *Printer) Review(a generate.Answer) {
	if r := a.Score; r != nil && r.Scored && r.Grade != score.Ungraded && a.Status != generate.Asking {
		p.Printf("\n  %s\n", p.Text(Bold, fmt.Sprintf("Score %d of %d, grade %s", r.Score, score.Full, r.Grade)))
		for _, c := range r.Failed() {
			p.Printf("    - %s: %d less\n", Printable(c.Title), c.Impact)
		}
	}
	p.compliance(a)
	p.findings(a, true)
	p.findings(a, false)
}

// compliance writes what breaks controls, each once, with a control of every framework that has it.
func (p *Printer) compliance(a generate.Answer) {
	var order []string
	broken := map[string][]string{}
	for _, f := range a.Compliance {
		controls := map[string][]string{}
		for _, c := range f.Failed {
			if broken[c.Message] == nil && controls[c.Message] == nil {
				order = append(order, c.Message)
			}
			controls[c.Message] = append(controls[c.Message], c.ID)
		}
		for message, ids := range controls {
			text := f.Framework + " " + ids[0]
			if n := len(ids) - 1; n > 0 {
				text += fmt.Sprintf(" and %d more", n)
			}
			broken[message] = append(broken[message], text)
		}
	}
	if len(order) > 0 {
		p.heading(Bold, "Controls that it breaks")
	}
	for _, message := range order {
		p.Printf("    - %s %s\n", Printable(message), p.Text(Dim, "("+Printable(strings.Join(broken[message], ", "))+")"))
	}
}

// findings writes the findings above suggestions that are of the program's own making, or the others.
func (p *Printer) findings(a generate.Answer, own bool) {
	first := true
	for i := range a.Findings {
		f := &a.Findings[i]
		if f.Severity <= finding.Suggestion || f.Own() != own {
			continue
		}
		if first && own {
			p.heading(Yellow, "Found by lint")
		} else if first {
			p.heading(Bold, "Found by lint, in what the words ask for")
		}
		first = false
		p.Printf("    - %s: %s %s\n", f.Severity, Printable(f.Message), p.Text(Dim, "("+f.Rule+")"))
		if !own {
			p.Printf("      %s\n", p.Text(Dim, "<- "+Printable(strings.Join(quoted(f.RequestedBy), ", "))))
		}
	}
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = fmt.Sprintf("%q", w)
	}
	return out
}

// Provenance writes where each element of the policy comes from.
func (p *Printer) Provenance(a generate.Answer) {
	for _, from := range a.Provenance {
		p.Printf("\n  %s\n", p.Text(Bold, from.Sid))
		for _, r := range from.Actions {
			why := []string{}
			if r.Words != "" {
				why = append(why, fmt.Sprintf("%q", Printable(r.Words)))
			}
			if r.Because != "" {
				why = append(why, Printable(r.Because))
			}
			p.Printf("    %s %s\n", r.Action, p.Text(Dim, "<- "+strings.Join(why, ", ")))
		}
		p.sources("resources", from.Resources)
		p.sources("conditions", from.Conditions)
	}
}

func (p *Printer) sources(what string, words []string) {
	if len(words) == 0 {
		return
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", Printable(w))
	}
	p.Printf("    %s %s\n", what, p.Text(Dim, "<- "+strings.Join(quoted, ", ")))
}

// Open writes what the words left open.
func (p *Printer) Open(a generate.Answer) {
	p.questions(a.Questions)
	p.failures(a.Failures)
	p.compared(a)
	if len(a.Assumed) > 0 {
		p.heading(Yellow, "Assumed")
	}
	for _, x := range a.Assumed {
		text := Printable(x.Text)
		if !x.Material {
			text = p.Text(Dim, text)
		}
		p.Printf("    - %s\n", text)
	}
	if len(a.Unread) > 0 {
		p.heading(Yellow, "Not read")
		p.Printf("    %s\n", Printable(strings.Join(a.Unread, ", ")))
	}
	if len(a.Notes) > 0 {
		p.heading(Bold, "Notes")
	}
	for _, n := range a.Notes {
		p.Printf("    - %s\n", Printable(n))
	}
}

func (p *Printer) heading(s Style, text string) { p.Printf("\n  %s\n", p.Text(s, text)) }

// maxFailures is how many failed tests are shown.
const maxFailures = 5

func (p *Printer) failures(failures []verify.Failure) {
	if len(failures) > 0 {
		p.heading(Red, "Tests that fail")
	}
	for i, f := range failures {
		if i == maxFailures {
			p.Printf("    and %d more\n", len(failures)-i)
			return
		}
		p.Printf("    - %s\n", Printable(f.String()))
	}
}

func (p *Printer) questions(questions []intent.Question) {
	if len(questions) > 0 {
		p.heading(Blue, "Please answer")
	}
	for _, q := range questions {
		p.Printf("    ? %s\n", Printable(q.Text))
		for i, choice := range q.Choices {
			p.Printf("        %d) %s\n", i+1, Printable(choice))
		}
	}
}
