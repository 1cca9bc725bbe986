package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/terminal"
)

// A side is a policy that is compared, with the policies that limit it.
type side struct {
	name     string
	document *policy.Document
	within   []string
	limits   []*policy.Document
}

type sides [2]side // old and new

// reversed returns the sides for what is lost.
func (s sides) reversed() sides { return sides{s[1], s[0]} }

// What compare and check print as JSON.
type (
	comparisonOutput struct {
		Verdict string             `json:"verdict"` // equivalent, different or unknown
		Reason  string             `json:"reason,omitempty"`
		Gained  []differenceOutput `json:"gained"`
		Lost    []differenceOutput `json:"lost"`
		More    bool               `json:"more,omitempty"` // there may be more differences than are listed
	}
	differenceOutput struct {
		Request   requestOutput `json:"request"`
		Actions   []string      `json:"actions,omitempty"`
		AllowedBy []placeOutput `json:"allowedBy"`
		DeniedBy  []placeOutput `json:"deniedBy"` // on the other side; empty: no statement allows it there
	}
	requestOutput struct {
		Action    string              `json:"action"`
		Resource  string              `json:"resource"`
		Principal *principalOutput    `json:"principal,omitempty"`
		Context   map[string][]string `json:"context"`
	}
	principalOutput struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	placeOutput struct {
		File      string `json:"file"`
		Statement int    `json:"statement"` // from 1
		Sid       string `json:"sid,omitempty"`
		Position  string `json:"position"`
	}
)

func newRequestOutput(r evaluate.Request) requestOutput {
	out := requestOutput{Action: r.Action, Resource: r.Resource, Context: r.Context}
	if r.Principal.ID != "" {
		out.Principal = &principalOutput{r.Principal.Type, r.Principal.ID}
	}
	return out
}

// places names statements of a side by file and number.
func (s side) places(places []compare.Place) []placeOutput {
	out := []placeOutput{}
	for _, p := range places {
		name, d := s.name, s.document
		if p.Layer > 0 {
			name, d = s.within[p.Layer-1], s.limits[p.Layer-1]
		}
		st := &d.Statements[p.Statement]
		out = append(out, placeOutput{File: shown(name), Statement: p.Statement + 1, Sid: st.Sid, Position: st.Position.String()})
	}
	return out
}

// shown is how output names a file.
func shown(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

func (p placeOutput) String() string {
	text := fmt.Sprintf("%s:%s statement %d", p.File, p.Position, p.Statement)
	if p.Sid != "" {
		text += fmt.Sprintf(" %q", p.Sid)
	}
	return text
}

func (s sides) differences(report compare.Report) []differenceOutput {
	out := []differenceOutput{}
	for _, d := range report.Differences {
		out = append(out, differenceOutput{
			Request: newRequestOutput(d.Request), Actions: d.Actions,
			AllowedBy: s[1].places(d.Allowed), DeniedBy: s[0].places(d.Denied),
		})
	}
	return out
}

func printComparison(s Streams, format string, both sides, c app.Comparison) error {
	out := comparisonOutput{
		Verdict: "equivalent", Reason: c.Gained.Reason,
		Gained: both.differences(c.Gained), Lost: both.reversed().differences(c.Lost),
		More: c.Gained.Stopped || c.Lost.Stopped,
	}
	if out.Reason == "" {
		out.Reason = c.Lost.Reason
	}
	switch {
	case len(out.Gained)+len(out.Lost) > 0:
		out.Verdict = "different"
	case out.Reason != "":
		out.Verdict = "unknown"
	}
	if format == "json" {
		return plainjson.WriteIndented(s.Out, out)
	}
	p := terminal.NewPrinter(s.Out, colours())
	if format == "markdown" {
		markdownComparison(p, both, out)
	} else {
		textComparison(p, both, out)
	}
	return p.Err()
}

func textComparison(p *terminal.Printer, both sides, out comparisonOutput) {
	switch out.Verdict {
	case "equivalent":
		p.Printf("%s: both policies allow the same requests\n", p.Text(terminal.Green, "equivalent"))
	case "unknown":
		p.Printf("%s: %s\n", p.Text(terminal.Yellow, "unknown"), out.Reason)
	default:
		p.Printf("%s\n", p.Text(terminal.Red, fmt.Sprintf("different: access gained %d, access lost %d", len(out.Gained), len(out.Lost))))
	}
	textDifferences(p, "gained", out.Gained, shown(both[0].name))
	textDifferences(p, "lost", out.Lost, shown(both[1].name))
	if out.Verdict == "different" && out.Reason != "" {
		p.Printf("\nthere may be more: %s\n", out.Reason)
	} else if out.More {
		p.Printf("\nthere may be more: --limit 0 lists all\n")
	}
}

func textDifferences(p *terminal.Printer, verb string, differences []differenceOutput, other string) {
	for _, d := range differences {
		p.Printf("\n%s %s\n", verb, actionList(d.Actions))
		printExample(p, d, other)
	}
}

// printExample prints a request with the statements that make the difference.
func printExample(p *terminal.Printer, d differenceOutput, other string) {
	for i, line := range d.Request.lines() {
		label := "for example"
		if i > 0 {
			label = ""
		}
		p.Printf("  %-13s%s\n", label, terminal.Printable(line))
	}
	for _, at := range d.AllowedBy {
		p.Printf("  %-13s%s\n", "allowed by", terminal.Printable(at.String()))
	}
	for _, at := range d.DeniedBy {
		p.Printf("  %-13s%s\n", "denied by", terminal.Printable(at.String()))
	}
	if len(d.DeniedBy) == 0 && other != "" {
		p.Printf("  %-13s%s\n", "not allowed", terminal.Printable("by any statement of "+other))
	}
}

// maxNamed is how many actions a difference names; the JSON has all.
const maxNamed = 6

// actionList names the first of the actions and counts the others.
func actionList(actions []string) string {
	if len(actions) <= maxNamed {
		return strings.Join(actions, ", ")
	}
	return fmt.Sprintf("%s and %s", strings.Join(actions[:maxNamed-1], ", "), plural(len(actions)-maxNamed+1, "other action"))
}

// lines writes a request: what on which resource, then by whom, then each key.
func (r requestOutput) lines() []string {
	lines := []string{r.Action + " on " + r.Resource}
	if r.Principal != nil {
		lines = append(lines, "by "+r.Principal.Type+" "+r.Principal.ID)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Context)) {
		var values []string
		for _, v := range r.Context[key] {
			values = append(values, fmt.Sprintf("%q", v))
		}
		lines = append(lines, "with "+key+" "+strings.Join(values, ", "))
	}
	return lines
}

// markdownComparison writes a table for a pull request.
func markdownComparison(p *terminal.Printer, both sides, out comparisonOutput) {
	switch out.Verdict {
	case "equivalent":
		p.Printf("**No access gained or lost**: `%s` and `%s` allow the same requests.\n", shown(both[0].name), shown(both[1].name))
	case "unknown":
		p.Printf("**Unknown** whether access is gained or lost: %s.\n", out.Reason)
	default:
		p.Printf("**Access gained: %d, access lost: %d**\n", len(out.Gained), len(out.Lost))
	}
	markdownDifferences(p, "Gained", out.Gained, shown(both[0].name))
	markdownDifferences(p, "Lost", out.Lost, shown(both[1].name))
	if out.Verdict == "different" && (out.Reason != "" || out.More) {
		p.Printf("\nThere may be more differences than are listed.\n")
	}
}

func markdownDifferences(p *terminal.Printer, verb string, differences []differenceOutput, other string) {
	if len(differences) == 0 {
		return
	}
	p.Printf("\n| %s | For example | Because |\n| --- | --- | --- |\n", verb)
	for _, d := range differences {
		var because []string
		for _, at := range d.AllowedBy {
			because = append(because, "allowed by "+at.String())
		}
		for _, at := range d.DeniedBy {
			because = append(because, "denied by "+at.String())
		}
		if len(d.DeniedBy) == 0 {
			because = append(because, "not allowed by any statement of "+other)
		}
		p.Printf("| %s | %s | %s |\n", cell([]string{actionList(d.Actions)}), cell(d.Request.lines()), cell(because))
	}
}

// cell writes lines as code in a cell of a table, where a bar or a line break would end it.
func cell(lines []string) string {
	out := make([]string, len(lines))
	for i, line := range lines {
		line = strings.NewReplacer("`", "'", "|", `\|`, "\n", " ").Replace(terminal.Printable(line))
		out[i] = "`" + line + "`"
	}
	return strings.Join(out, "<br>")
}
