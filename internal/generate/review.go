package generate

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Finding is what lint finds in the document of an answer, as Policy.JSON writes it.
type Finding struct {
	finding.Finding
	// RequestedBy are the words, or the rules where AWS needs it for what was asked, that put there
	// what is found. None: it is of the program's own making.
	RequestedBy []string `json:"requestedBy,omitempty"`
}

// Own says that a finding above a suggestion is of the program's own making.
func (f *Finding) Own() bool { return f.Severity > finding.Suggestion && len(f.RequestedBy) == 0 }

// mostReasons is how many words or rules are named for a finding.
const mostReasons = 3

// review lints and scores the document of an answer, and holds it to frameworks unless it is to be brief.
func (g Generator) review(a *Answer, t Turn) {
	text := string(a.Policy.JSON())
	document, err := policy.Parse([]byte(text))
	if err != nil {
		document = a.Policy
	}
	for _, f := range g.Lint(text, a.Kind) {
		by := written(document, f.Position, t.Words)
		if by == nil && g.Given(f.Rule) {
			by = a.askedFor(&f)
		}
		a.Findings = append(a.Findings, Finding{f, by})
	}
	a.Score = g.Score(document, a.Kind)
	if !t.Brief {
		a.Compliance = complianceOf(g.Comply(text, a.Kind))
	}
}

// own counts the findings of the program's own making.
func (a Answer) own() int {
	n := 0
	for i := range a.Findings {
		if a.Findings[i].Own() {
			n++
		}
	}
	return n
}

// written returns the text at a position of a document, if it stands in the words as it is.
func written(d *policy.Document, at policy.Position, words []string) []string {
	for i := range d.Statements {
		s := &d.Statements[i]
		lists := [][]policy.Text{s.Actions, s.NotActions, s.Resources, s.NotResources}
		for _, c := range s.Conditions {
			lists = append(lists, c.Values)
		}
		for _, t := range slices.Concat(lists...) {
			if t.Position == at && len(t.Text) > 1 && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, t.Text) }) {
				return []string{t.Text}
			}
		}
	}
	return nil
}

// askedFor returns the words, or else the rules, that put the actions of a finding there.
func (a *Answer) askedFor(f *finding.Finding) []string {
	var words, rules []string
	add := func(to *[]string, text string) {
		if text != "" && len(*to) < mostReasons && !slices.Contains(*to, text) {
			*to = append(*to, text)
		}
	}
	for i, p := range a.Provenance {
		if f.Statement > 0 && i != f.Statement-1 {
			continue
		}
		for _, r := range p.Actions {
			if f.Witness == nil || wildcard.MatchFold(r.Action, f.Witness.Action) {
				add(&words, r.Words)
				add(&rules, r.Because)
			}
		}
		if f.Witness == nil {
			for _, text := range slices.Concat(p.Conditions, p.Resources) {
				add(&words, text)
			}
		}
	}
	if len(words) > 0 {
		return words
	}
	return rules
}
