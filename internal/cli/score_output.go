package cli

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/terminal"
)

// A scoreJSON is the score of one policy, as JSON.
type scoreJSON struct {
	File string `json:"file"`
	score.Report
	err error
}

// MarshalJSON puts the file beside the fields of the report, or the error in their place.
func (x scoreJSON) MarshalJSON() ([]byte, error) {
	if x.err != nil {
		return plainjson.Line(map[string]string{"file": x.File, "error": x.err.Error()})
	}
	report, err := plainjson.Line(x.Report)
	if err != nil {
		return nil, err
	}
	file, err := plainjson.Line(x.File)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, `{"file":%s,%s`, strings.TrimSpace(string(file)), report[1:]), nil
}

// printScores prints the scores of policies.
func printScores(s Streams, o scoreOptions, scored []app.Scored) error {
	if o.json {
		list := make([]scoreJSON, len(scored))
		for i, x := range scored {
			list[i] = scoreJSON{x.Name, x.Report, x.Err}
		}
		if len(list) == 1 {
			return plainjson.WriteIndented(s.Out, list[0])
		}
		return plainjson.WriteIndented(s.Out, list)
	}
	p := scorePrinter{terminal.NewPrinter(s.Out, colours())}
	for _, x := range scored {
		if x.Err != nil {
			p.Printf("%s: not scored: %s\n\n", p.Text(terminal.Bold, terminal.Printable(x.Name)), terminal.Printable(x.Err.Error()))
			continue
		}
		p.head(x.Name, x.Report)
		p.controls(x.Report, []string{x.Name})
		p.account(x.Report)
		p.Printf("\n")
	}
	if len(scored) > 1 {
		p.summary(scored)
	}
	return p.Err()
}

// printRole prints the scores of a role.
func printRole(s Streams, o scoreOptions, role app.RoleScore, texts []app.LintText) error {
	if o.json {
		return plainjson.WriteIndented(s.Out, role)
	}
	p := scorePrinter{terminal.NewPrinter(s.Out, colours())}
	names := map[policy.Kind][]string{}
	for _, t := range texts {
		kind := t.Kind
		if kind == "" {
			kind = app.KindOfText(t.Text)
		}
		names[kind] = append(names[kind], t.Name)
	}
	for _, part := range []struct {
		title  string
		kind   policy.Kind
		report *score.Report
	}{{"permissions", policy.IdentityBased, role.Permissions}, {"trust", policy.Trust, role.Trust}} {
		if part.report != nil {
			p.head(part.title, *part.report)
			p.controls(*part.report, names[part.kind])
			p.account(*part.report)
			p.Printf("\n")
		}
	}
	p.head("together", role.Together)
	return p.Err()
}

// A scorePrinter prints scores for a person.
type scorePrinter struct{ *terminal.Printer }

var gradeStyles = map[string]terminal.Style{"A": terminal.Green, "B": terminal.Green, "C": terminal.Yellow, "D": terminal.Yellow, "F": terminal.Red}

// head prints what a report comes to.
func (p scorePrinter) head(name string, r score.Report) {
	result := fmt.Sprint(r.Score)
	switch {
	case !r.Scored:
		result = "no score"
	case r.Grade == score.Ungraded:
		result += " (no grade)"
	default:
		result = p.Text(gradeStyles[r.Grade], result+" "+r.Grade)
	}
	p.Printf("%s: %s", p.Text(terminal.Bold, terminal.Printable(name)), result)
	if r.Kind != "" {
		p.Printf("  %s", p.Text(terminal.Dim, string(r.Kind)))
	}
	p.Printf("\n")
	if r.Reason != "" {
		p.Printf("  %s\n", r.Reason)
	}
}

// controls prints the controls of a report: those that fail with what shows it.
func (p scorePrinter) controls(r score.Report, files []string) {
	var passed []string
	for _, c := range r.Controls {
		switch {
		case c.Failed:
			p.failure(c, files)
		case c.Undecided != "":
			p.Printf("    ? %s: not decided: %s\n", c.ID, c.Undecided)
		case c.Unassessed != "":
			p.Printf("    ? %s: not assessed: %s\n", c.ID, c.Unassessed)
		default:
			passed = append(passed, c.ID)
		}
	}
	if len(passed) > 0 && r.Grade != score.Ungraded {
		p.Printf("  %s\n", p.Text(terminal.Dim, "passed: "+strings.Join(passed, ", ")))
	}
}

func (p scorePrinter) failure(c score.Result, files []string) {
	points, says := p.Text(terminal.Red, fmt.Sprintf("%4d", -c.Impact)), strings.ToLower(string(c.Severity))
	if c.Excused {
		points, says = p.Text(terminal.Dim, "   0"), says+"; takes no points: disabled in the account"
	}
	p.Printf("  %s %s: %s (%s)\n", points, p.Text(terminal.Bold, c.ID), c.Title, says)
	for _, at := range c.Statements {
		place := fmt.Sprintf("%s:%s statement %d", files[at.Document], at.Position, at.Statement)
		if at.Sid != "" {
			place += " " + at.Sid
		}
		p.Printf("       at %s\n", terminal.Printable(place))
	}
	p.Printf("       allows %s\n", terminal.Printable(c.Witness.String()))
	p.Printf("       fix: %s\n", terminal.Printable(c.Fix))
}

// summary prints how many policies have which grade.
func (p scorePrinter) summary(scored []app.Scored) {
	grades := map[string]int{}
	lowest := score.Full
	for _, x := range scored {
		switch {
		case x.Err != nil:
			grades["unread"]++
		case x.Report.Grade == score.Ungraded:
			grades["without a grade"]++
		default:
			grades[x.Report.Grade]++
			lowest = min(lowest, x.Report.Score)
		}
	}
	var parts []string
	for _, grade := range []string{"A", "B", "C", "D", "F", "without a grade", "unread"} {
		if n := grades[grade]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, grade))
		}
	}
	p.Printf("%s: %s; lowest score %d\n", terminal.Count(len(scored), "document"), strings.Join(parts, ", "), lowest)
}

// listControls prints the controls by the kind of policy.
func listControls(s Streams, o scoreOptions) error {
	kind, err := lintKind(o.kind)
	if err != nil {
		return err
	}
	kinds := []policy.Kind{policy.IdentityBased, policy.Trust, policy.ResourceBased}
	if kind != "" {
		kinds = []policy.Kind{kind}
	}
	if o.json {
		return printControlsJSON(s, kinds)
	}
	p := terminal.NewPrinter(s.Out, colours())
	for _, kind := range kinds {
		list := score.Controls(kind)
		if len(list) == 0 {
			p.Printf("%s: none, it limits what other policies allow\n", kind)
		}
		for _, c := range list {
			p.Printf("%-9s %s  %s (%s, %d)\n          %s\n", kind, p.Text(terminal.Bold, c.ID), c.Title, strings.ToLower(string(c.Severity)), c.Impact, c.Why)
		}
	}
	return p.Err()
}

func printControlsJSON(s Streams, kinds []policy.Kind) error {
	type control struct {
		ID       string         `json:"id"`
		Kind     policy.Kind    `json:"kind"`
		Title    string         `json:"title"`
		Severity score.Severity `json:"severity"`
		Impact   int            `json:"impact"`
		Why      string         `json:"why"`
	}
	out := []control{}
	for _, kind := range kinds {
		for _, c := range score.Controls(kind) {
			out = append(out, control{c.ID, kind, c.Title, c.Severity, c.Impact, c.Why})
		}
	}
	return plainjson.WriteIndented(s.Out, out)
}
