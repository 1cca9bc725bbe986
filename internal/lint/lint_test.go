package lint

import (
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A text that is no JSON is given to the rules that read syntax errors only; rules of other kinds
// are not run; findings have their places.
func TestRun(t *testing.T) {
	report := func(p *Pass) {
		for _, s := range p.Document.Statements {
			p.Report(s.ActionPosition, "seen")
		}
		for _, e := range p.Syntax {
			p.Report(e.Position, "syntax")
		}
	}
	l := &Linter{Catalog: catalog.Default(), Rules: []Rule{
		{ID: "b-all", Severity: finding.Warning, Check: report},
		{ID: "a-trust", Severity: finding.Error, Kinds: []policy.Kind{policy.Trust}, Check: report},
		{ID: "c-syntax", Severity: finding.Error, Syntax: true, Aliases: []string{"CODE"}, Check: report},
	}}
	found := l.Run(`{"Statement": [{"Sid": "S", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}`, policy.IdentityBased)
	if len(found) != 2 || found[0].Rule != "b-all" || found[0].Path != "Statement[0].Action" || found[0].Statement != 1 || found[0].Sid != "S" || found[1].Alias != "CODE" {
		t.Errorf("Run() = %+v", found)
	}
	if found = l.Run(`{"Statement": [}`, policy.Trust); len(found) != 1 || found[0].Rule != "c-syntax" {
		t.Errorf("Run(no JSON) = %+v", found)
	}
}

func TestActionSet(t *testing.T) {
	p := &Pass{Catalog: catalog.Default(), Document: &policy.Document{}, state: &state{actions: map[string][]*catalog.Action{}}}
	texts := func(patterns ...string) []policy.Text {
		var out []policy.Text
		for _, pattern := range patterns {
			out = append(out, policy.Text{Text: pattern})
		}
		return out
	}
	get, all := p.Set(texts("s3:GetObject", "s3:GetObject")), p.Set(texts("s3:*"))
	if get.Len() != 1 || !get.Within(all) || all.Within(get) || !all.meets(get) || get.meets(p.Set(texts("sqs:*"))) {
		t.Errorf("s3:GetObject has %d actions, s3:* %d", get.Len(), all.Len())
	}
	p.Document.Statements = []policy.Statement{{NotActions: texts("s3:*")}}
	rest := p.StatementSet(0)
	if rest.meets(all) || rest.Len()+all.Len() != p.Catalog.Counts().Actions {
		t.Errorf("NotAction s3:* leaves %d actions", rest.Len())
	}
	n := 0
	all.Each(p.Catalog, func(a *catalog.Action) bool { n++; return n < 3 && all.Has(a) })
	if n != 3 {
		t.Errorf("Each() calls %d times, want an end after 3", n)
	}
}

// A document that is far over every quota is not searched: nobody could use it.
func TestOutsizedDocumentsAreNotSearched(t *testing.T) {
	linter := &Linter{
		Open:   func(*policy.Document, policy.Kind) Oracle { return blind{} },
		Covers: func(_, _ *policy.Document, _ policy.Kind) bool { return true },
	}
	asks := Rule{ID: "asks", Check: func(p *Pass) {
		if p.Asks() && p.Provable() {
			p.Report(p.Document.Position, "searched")
		}
	}}
	linter.Rules = []Rule{asks}
	text := func(n int, space string) string {
		resource := `"arn:aws:s3:::` + strings.Repeat("a", n) + `"`
		return `{"Version":"2012-10-17",` + space + `"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":` + resource + `}]}`
	}
	for text, want := range map[string]int{
		text(1, ""): 1, text(policy.MaxSearched/2, ""): 1, text(policy.MaxSearched, ""): 0, text(1, strings.Repeat(" ", policy.MaxSearched)): 1,
	} {
		if found := linter.Run(text, policy.IdentityBased); len(found) != want {
			t.Errorf("a text of %d bytes: %d findings, want %d", len(text), len(found), want)
		}
	}
}

// A blind oracle finds nothing.
type blind struct{}

func (blind) Find(Query) (finding.Request, bool) { return finding.Request{}, false }
func (blind) Decide(finding.Request) bool        { return false }

// A document of more statements than any policy may have is not compared with itself: each with
// all others would take minutes.
func TestProvableIsBounded(t *testing.T) {
	linter := &Linter{Covers: func(_, _ *policy.Document, _ policy.Kind) bool { return true }}
	for n, want := range map[int]bool{1: true, manyStatements: true, manyStatements + 1: false} {
		p := &Pass{Document: &policy.Document{Statements: make([]policy.Statement, n)}, state: &state{linter: linter}}
		if got := p.Provable(); got != want {
			t.Errorf("Provable() with %d statements = %v, want %v", n, got, want)
		}
	}
}
