package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/comply/sheet"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/report"
	"github.com/aegis-iam/aegis/internal/terminal"
)

// printComply writes reports for a person: what is broken with its place once, then the controls of
// each framework by result.
func printComply(w io.Writer, reports []*comply.Report) error {
	p := terminal.NewPrinter(w, colours())
	for _, r := range reports {
		name := p.Text(terminal.Bold, terminal.Printable(comply.NameOf(r.Name, r.Start)))
		if r.Err != nil {
			p.Printf("%s: %s: %s\n\n", name, p.Text(terminal.Red, "not checked"), terminal.Printable(r.Err.Error()))
			continue
		}
		p.Printf("%s (%s)\n", name, r.Kind)
		for _, o := range r.Failures() {
			printFailure(p, w, r, o)
		}
		for i := range r.Frameworks {
			printFramework(p, &r.Frameworks[i])
		}
		p.Printf("\n")
	}
	p.Printf("%s\n", complySummary(reports))
	return p.Err()
}

// printFailure writes a check that fails, as findings are written.
func printFailure(p *terminal.Printer, w io.Writer, r *comply.Report, o comply.Outcome) {
	place := shown(r.Name)
	if o.Line > 0 {
		place += fmt.Sprintf(":%d:%d", o.Line, o.Column)
	}
	p.Printf("\n%s: %s %s: %s\n", p.Text(terminal.Bold, place), p.Text(terminal.Red, "fail"), o.Check, terminal.Printable(o.Message))
	margin := " "
	if o.Line > 0 && p.Err() == nil {
		// What Frame cannot write, the printer cannot write either.
		margin, _ = report.Frame(w, r.Text, policy.Position{Line: o.Line, Column: o.Column}, report.TextOptions{Colour: colours() && terminal.Is(w)})
	}
	if o.Witness != nil {
		p.Printf("%s = request: %s\n", margin, terminal.Printable(o.Witness.String()))
	}
}

var resultStyles = map[comply.Result]terminal.Style{
	comply.Fail: terminal.Red, comply.NotAssessable: terminal.Yellow, comply.Pass: terminal.Green, comply.NotApplicable: terminal.Dim,
}

func printFramework(p *terminal.Printer, f *comply.FrameworkResult) {
	mark := ""
	if f.Framework.ThirdParty() {
		mark = " (a third party's mapping)"
	}
	p.Printf("\n%s%s: %s\n", p.Text(terminal.Bold, terminal.Printable(f.Framework.Title())), mark, countText(f.Count()))
	width := 0
	for i := range f.Controls {
		if f.Controls[i].Result != comply.NotApplicable {
			width = max(width, len(f.Controls[i].Control.ID))
		}
	}
	for _, result := range comply.Results() {
		if result != comply.NotApplicable {
			printControls(p, f, result, width)
		}
	}
}

// printControls writes the controls of a framework that have a result, and below those that have it
// for the same reason the reason.
func printControls(p *terminal.Printer, f *comply.FrameworkResult, result comply.Result, width int) {
	why := ""
	reason := func() {
		if why != "" {
			p.Printf("  %14s  %s\n", "", p.Text(terminal.Dim, terminal.Printable(why)))
		}
	}
	for i := range f.Controls {
		c := &f.Controls[i]
		if c.Result != result {
			continue
		}
		own, by := strings.Join(c.Reasons(), "; "), ""
		if result == comply.Fail {
			own, by = "", p.Text(terminal.Dim, " ("+strings.Join(failing(c), ", ")+")")
		}
		if own != why {
			reason()
		}
		why = own
		word := p.Text(resultStyles[result], fmt.Sprintf("%-14s", result))
		p.Printf("  %s  %-*s  %s%s\n", word, width, terminal.Printable(c.Control.ID), terminal.Printable(c.Control.Title), by)
	}
	reason()
}

// failing returns the checks of a control that fail.
func failing(c *comply.ControlResult) []string {
	var out []string
	for _, o := range c.Outcomes {
		if o.Result == comply.Fail {
			out = append(out, o.Check)
		}
	}
	return out
}

func countText(counts map[comply.Result]int) string {
	var parts []string
	for _, r := range comply.Results() {
		if n := counts[r]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, r))
		}
	}
	return strings.Join(parts, ", ")
}

// complySummary returns the counts of reports in one line.
func complySummary(reports []*comply.Report) string {
	bad := 0
	for _, r := range reports {
		if r.Err != nil {
			bad++
		}
	}
	out := terminal.Count(len(reports), "document")
	if counts := countText(sheet.Count(reports)); counts != "" {
		out += ", controls: " + counts
	}
	if bad > 0 {
		out += fmt.Sprintf("; %d could not be read", bad)
	}
	return out
}

// listFrameworks prints the frameworks, or the controls of those that are named.
func listFrameworks(ctx context.Context, s Streams, o complyOptions, controls bool) error {
	w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	if !controls {
		fmt.Fprintln(w, "FRAMEWORK\tCONTROLS\tREAD BY\tNAME")
		for _, f := range comply.Frameworks() {
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", f.ID, len(f.Controls), f.Reading, f.Title())
		}
		fmt.Fprintf(w, "\nA name without a version stands for the first of its kind; %s for the first of each.\n", comply.All)
		fmt.Fprintln(w, "\nCHECK\tDECIDABLE\tABOUT\tFAILS IF")
		for _, c := range comply.Checks() {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.ID, c.Decidable(), c.About(), c.Title)
		}
		return w.Flush()
	}
	list, err := selectFrameworks(ctx, s, o.frameworks, rules.All())
	if err != nil {
		return err
	}
	for i, f := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s\n", terminal.Printable(strings.Join(slices.DeleteFunc([]string{f.Title(), f.Reading, f.Note}, func(t string) bool { return t == "" }), ". ")))
		fmt.Fprintln(w, "CONTROL\tDECIDABLE\tCHECKS\tTITLE")
		for _, c := range f.Controls {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", terminal.Printable(c.ID), c.Decidable(), strings.Join(c.CheckIDs(), " "), terminal.Printable(c.Title))
		}
	}
	return w.Flush()
}
