package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/report"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/aegis-iam/aegis/internal/validate"
)

// printValidation writes documents for a person: of each the verdict in a line, then what it rests
// on.
func printValidation(w io.Writer, documents []validate.Document, l validate.Limits) error {
	p := terminal.NewPrinter(w, colours())
	for i := range documents {
		d := &documents[i]
		name := p.Text(terminal.Bold, terminal.Printable(comply.NameOf(d.Lint.Name, d.Start)))
		if d.Lint.Err != nil {
			p.Printf("%s: %s: %s\n\n", name, p.Text(terminal.Red, "not validated"), terminal.Printable(d.Lint.Err.Error()))
			continue
		}
		p.Printf("%s (%s): %s\n", name, d.Lint.Kind, verdictOf(p, d, l))
		if d.Broken != nil {
			p.Printf("\n%s\n", p.Text(terminal.Bold, "Not validated further: "+terminal.Printable(d.Broken.Error())))
		}
		printScored(p, d)
		printFindings(p, w, d)
		printHeld(p, d)
		printBeyond(p, d)
		p.Printf("\n")
	}
	p.Printf("%s\n", validate.Summary(documents, l))
	return p.Err()
}

func verdictOf(p *terminal.Printer, d *validate.Document, l validate.Limits) string {
	out := ""
	if d.Score != nil {
		out = "score " + p.Text(gradeStyles[d.Score.Grade], validate.ScoreText(d.Score)) + "; "
	}
	if complaints := d.Complaints(l); len(complaints) > 0 {
		return out + p.Text(terminal.Red, terminal.Printable(strings.Join(complaints, ", ")))
	}
	return out + p.Text(terminal.Green, "nothing to complain of")
}

func printScored(p *terminal.Printer, d *validate.Document) {
	if d.Score == nil || len(d.Score.Failed()) == 0 && d.Score.Account == nil {
		return
	}
	p.Printf("\n%s\n", p.Text(terminal.Bold, "Score"))
	scorePrinter{p}.controls(*d.Score, []string{d.Lint.Name})
	scorePrinter{p}.account(*d.Score)
}

func printFindings(p *terminal.Printer, w io.Writer, d *validate.Document) {
	var text strings.Builder
	if err := report.TextFindings(&text, &d.Lint, report.TextOptions{Frame: true, Colour: colours() && terminal.Is(w)}); err != nil || text.Len() == 0 {
		return // a text in memory is always written
	}
	p.Printf("\n%s\n%s\n", p.Text(terminal.Bold, "Findings"), strings.TrimRight(text.String(), "\n"))
}

func printHeld(p *terminal.Printer, d *validate.Document) {
	if d.Compliance == nil {
		return
	}
	p.Printf("\n%s\n", p.Text(terminal.Bold, "Compliance"))
	for _, o := range d.Compliance.Failures() {
		p.Printf("  %s %s: %s\n", p.Text(terminal.Red, fmt.Sprintf("%d:%d", o.Line, o.Column)), o.Check, terminal.Printable(o.Message))
		if o.Witness != nil {
			p.Printf("       request: %s\n", terminal.Printable(o.Witness.String()))
		}
	}
	for i := range d.Compliance.Frameworks {
		f := &d.Compliance.Frameworks[i]
		var failed []string
		for k := range f.Controls {
			if f.Controls[k].Result == comply.Fail {
				failed = append(failed, f.Controls[k].Control.ID)
			}
		}
		p.Printf("  %s: %s\n", terminal.Printable(f.Framework.Title()), countText(f.Count()))
		if len(failed) > 0 {
			p.Printf("    %s %s\n", p.Text(terminal.Red, "fail:"), terminal.Printable(strings.Join(failed, ", ")))
		}
	}
}

func printBeyond(p *terminal.Printer, d *validate.Document) {
	b := d.Beyond
	if b == nil {
		return
	}
	p.Printf("\n%s\n", p.Text(terminal.Bold, "Within "+terminal.Printable(b.Reference)))
	switch b.Verdict {
	case validate.Within:
		p.Printf("  %s: it allows nothing that the reference does not\n", p.Text(terminal.Green, "proved"))
	case validate.OtherKind:
		p.Printf("  not compared: %s\n", b.Reason)
	case validate.Unknown:
		p.Printf("  %s: %s\n", p.Text(terminal.Yellow, "unknown"), b.Reason)
	}
	for _, a := range b.Accesses {
		what := strings.Join(a.Actions[:min(len(a.Actions), 3)], ", ")
		if n := len(a.Actions) - 3; n > 0 {
			what += fmt.Sprintf(" and %d more actions", n)
		}
		p.Printf("  %s %s\n       at %v statement %d\n       request: %s\n", p.Text(terminal.Red, "beyond:"), what, a.Position, a.Statement, terminal.Printable(a.Request.String()))
	}
	if b.More {
		p.Printf("  there may be more\n")
	}
}
