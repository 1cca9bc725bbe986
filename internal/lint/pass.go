package lint

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Pass is the run of one rule over one document, which the rule must not change.
type Pass struct {
	Document *policy.Document
	Kind     policy.Kind
	Catalog  *catalog.Catalog
	Syntax   []*policy.SyntaxError // what keeps the text from being a policy, in its order

	state    *state
	rule     *Rule
	findings []*finding.Finding
}

// Report notes a finding. What is returned may be changed until the rule ends: its severity, its
// alias, notes, a witness, a fix.
func (p *Pass) Report(at policy.Position, format string, args ...any) *finding.Finding {
	f := &finding.Finding{
		Rule: p.rule.ID, Severity: p.rule.Severity, Position: at, Message: fmt.Sprintf(format, args...),
	}
	if len(p.rule.Aliases) == 1 {
		f.Alias = p.rule.Aliases[0]
	}
	p.findings = append(p.findings, f)
	return f
}

// As is Report with the code of IAM Access Analyzer that stands for this shape of the defect.
func (p *Pass) As(alias string, at policy.Position, format string, args ...any) *finding.Finding {
	f := p.Report(at, format, args...)
	f.Alias = alias
	return f
}

// Byte returns the byte of the text at a position: '"', '[' or '{' tell the type of a value.
func (p *Pass) Byte(at policy.Position) byte { return p.state.lines().Byte(at) }

// Text returns the text of the document as it was read.
func (p *Pass) Text() string { return p.state.text }

// Expand is Catalog.Expand, remembered for the document.
func (p *Pass) Expand(pattern string) []*catalog.Action {
	key := strings.ToLower(pattern)
	actions, ok := p.state.actions[key]
	if !ok {
		actions = p.Catalog.Expand(pattern)
		p.state.actions[key] = actions
	}
	return actions
}

// Conditions calls do for each condition of each statement.
func (p *Pass) Conditions(do func(*policy.Statement, *policy.Condition)) {
	for i := range p.Document.Statements {
		s := &p.Document.Statements[i]
		for k := range s.Conditions {
			do(s, &s.Conditions[k])
		}
	}
}

// Actions calls do for each text of Action and NotAction.
func (p *Pass) Actions(do func(*policy.Statement, policy.Text)) {
	for i := range p.Document.Statements {
		s := &p.Document.Statements[i]
		for _, list := range [][]policy.Text{s.Actions, s.NotActions} {
			for _, t := range list {
				do(s, t)
			}
		}
	}
}

// Resources calls do for each text of Resource and NotResource.
func (p *Pass) Resources(do func(*policy.Statement, policy.Text)) {
	for i := range p.Document.Statements {
		s := &p.Document.Statements[i]
		for _, list := range [][]policy.Text{s.Resources, s.NotResources} {
			for _, t := range list {
				do(s, t)
			}
		}
	}
}

// Principals calls do for each identifier of Principal and NotPrincipal with its type.
func (p *Pass) Principals(do func(s *policy.Statement, principalType string, id policy.Text)) {
	for i := range p.Document.Statements {
		s := &p.Document.Statements[i]
		for _, principal := range []*policy.Principal{s.Principal, s.NotPrincipal} {
			if principal == nil {
				continue
			}
			for _, list := range []struct {
				name string
				ids  []policy.Text
			}{
				{"AWS", principal.AWS}, {"Service", principal.Service},
				{"Federated", principal.Federated}, {"CanonicalUser", principal.CanonicalUser},
			} {
				for _, id := range list.ids {
					do(s, list.name, id)
				}
			}
		}
	}
}

// Names returns the pattern of Action with which a statement names an action of the catalog, or
// the first that does not keep it out for a statement with NotAction. It says nothing about the
// other elements.
func Names(s *policy.Statement, action string) (policy.Text, bool) {
	if s.NotActions != nil {
		for _, t := range s.NotActions {
			if wildcard.MatchFold(t.Text, action) {
				return policy.Text{}, false
			}
		}
		return policy.Text{Text: "NotAction", Position: s.ActionPosition}, true
	}
	for _, t := range s.Actions {
		if wildcard.MatchFold(t.Text, action) {
			return t, true
		}
	}
	return policy.Text{}, false
}

// Without returns the document without the statement of an index.
func Without(d *policy.Document, statement int) *policy.Document {
	c := *d
	c.Statements = append(append([]policy.Statement{}, d.Statements[:statement]...), d.Statements[statement+1:]...)
	return &c
}

// ReportSyntax reports the syntax errors of a code.
func (p *Pass) ReportSyntax(code policy.Code) {
	for _, e := range p.Syntax {
		if e.Code == code {
			p.Report(e.Position, "%s", e.Reason)
		}
	}
}

// Mend gives the findings of the rule at a position a fix.
func (p *Pass) Mend(at policy.Position, title string, edits ...finding.Edit) {
	for _, f := range p.findings {
		if f.Position == at {
			f.Fix = &finding.Fix{Title: title, Edits: edits}
		}
	}
}

// Hint adds a note to the findings of the rule at a position.
func (p *Pass) Hint(at policy.Position, format string, args ...any) {
	for _, f := range p.findings {
		if f.Position == at {
			f.Note(format, args...)
		}
	}
}

// AssumesRole reports whether an action belongs into the trust policy of a role.
func AssumesRole(action string) bool {
	switch strings.ToLower(action) {
	case "sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:setsourceidentity", "sts:tagsession", "sts:setcontext":
		return true
	}
	return false
}
