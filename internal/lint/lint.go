// Package lint runs rules over a policy document. A rule is a value: what it looks for, and a
// function that reports. Which rules there are is the business of package rules.
package lint

import (
	"slices"
	"sync"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/source"
)

// A Rule finds one sort of defect. Its ID is an element and what is wrong with it; it is never
// renamed or used again.
type Rule struct {
	ID       string
	Severity finding.Severity // of findings for which Check says nothing else
	Aliases  []string         // the codes of IAM Access Analyzer that the rule answers for
	Summary  string           // one sentence
	Kinds    []policy.Kind    // the kinds of documents that it looks at; none: all
	Syntax   bool             // it reads Pass.Syntax, and runs also where the text is no JSON
	Check    func(*Pass)
}

// Applies reports whether the rule looks at documents of a kind.
func (r *Rule) Applies(kind policy.Kind) bool {
	return len(r.Kinds) == 0 || slices.Contains(r.Kinds, kind)
}

// Identity are the kinds of policies without principals.
var Identity = []policy.Kind{policy.IdentityBased, policy.PermissionsBoundary, policy.SessionPolicy}

// Granting are the kinds of policies whose Allow statements grant something by themselves.
var Granting = []policy.Kind{policy.IdentityBased, policy.ResourceBased, policy.Trust}

// A Linter runs rules. It may be used by several goroutines if its functions may.
type Linter struct {
	Catalog *catalog.Catalog
	Rules   []Rule
	// Open prepares a document for questions about requests; nil: rules that ask find nothing.
	Open func(*policy.Document, policy.Kind) Oracle
	// Covers says whether one document allows everything that another allows, by proof: false
	// also stands for not known. Nil: rules that ask find nothing.
	Covers func(wide, narrow *policy.Document, kind policy.Kind) bool
	// Accounts are one's own: principals of others are of another account.
	Accounts []string

	mu        sync.Mutex
	byPrefix  map[string][]Form
	byService map[string][]Form
}

// Run returns what the rules find in a text that is meant to be a policy of a kind, in the order
// of the text. A text that is no policy is a finding.
func (l *Linter) Run(text string, kind policy.Kind) []finding.Finding {
	d, syntax := policy.ParseAll([]byte(text))
	shared := &state{linter: l, text: text, actions: map[string][]*catalog.Action{}}
	fatal := slices.ContainsFunc(syntax, func(e *policy.SyntaxError) bool { return Unreadable(e.Code) })
	var found []finding.Finding
	for i := range l.Rules {
		rule := &l.Rules[i]
		if !rule.Applies(kind) || fatal && !rule.Syntax {
			continue
		}
		p := &Pass{Document: d, Kind: kind, Catalog: l.Catalog, Syntax: syntax, state: shared, rule: rule}
		rule.Check(p)
		for _, f := range p.findings {
			found = append(found, *f)
		}
	}
	shared.locate(d, found)
	finding.Sort(found)
	return found
}

// Unreadable reports whether a text with a syntax error of the code is no JSON at all, so that
// nothing else can be said about it.
func Unreadable(code policy.Code) bool {
	switch code {
	case policy.CodeJSON, policy.CodeEncoding, policy.CodeSize, policy.CodeDepth, policy.CodeTooMany:
		return true
	}
	return false
}

// A state is what the passes over one document share.
type state struct {
	linter  *Linter
	text    string
	source  *source.Text
	oracle  Oracle
	opened  bool
	answers map[string]answer
	forms   map[[2]string]metForms
	actions map[string][]*catalog.Action
	sets    map[policy.Position]ActionSet
}

// locate writes the path and the statement of each finding.
func (s *state) locate(d *policy.Document, found []finding.Finding) {
	for i := range found {
		f := &found[i]
		path, statement := s.lines().Path(f.Position)
		f.Path = path
		if statement >= 0 && statement < len(d.Statements) {
			f.Statement, f.Sid = statement+1, d.Statements[statement].Sid
		}
	}
}

func (s *state) lines() *source.Text {
	if s.source == nil {
		s.source = source.New(s.text)
	}
	return s.source
}
