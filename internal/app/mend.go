package app

import (
	"errors"
	"fmt"
	"slices"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/source"
)

// A Mended is a text with what was mended in it, and what was not and why.
type Mended struct {
	Text    string
	Applied []finding.Finding
	Refused []Refusal
}

// A Refusal is a finding whose fix was not applied.
type Refusal struct {
	Finding finding.Finding
	Reason  string
}

// ErrPart: a policy is a part of a file, in which it is not mended.
var ErrPart = errors.New("a policy that is a part of a file is not mended: give it a file of its own")

// maxFixes bounds how many fixes are applied to one text.
const maxFixes = 500

// Mend applies the fixes of findings in a text, one after the other, as long as each is proved to
// allow nothing that was not allowed before. Keep says which findings are to be mended.
func (a *App) Mend(l *lint.Linter, text string, kind policy.Kind, keep func(*finding.Finding) bool) Mended {
	out := Mended{Text: text}
	if kind == "" {
		kind = KindOfText(text)
	}
	comparer := a.comparer
	refused := map[string]bool{}
	for range maxFixes {
		findings := l.Run(out.Text, kind)
		i := slices.IndexFunc(findings, func(f finding.Finding) bool {
			return f.Fix != nil && !refused[f.Rule+f.Path+f.Message] && keep(&f)
		})
		if i < 0 {
			relocate(out.Refused, findings)
			break
		}
		f := findings[i]
		mended, err := mendOne(comparer, out.Text, kind, f.Fix)
		if err != nil {
			refused[f.Rule+f.Path+f.Message] = true
			out.Refused = append(out.Refused, Refusal{f, err.Error()})
			continue
		}
		out.Text = mended
		out.Applied = append(out.Applied, f)
	}
	return out
}

// relocate gives refused findings their places in the text as it has become.
func relocate(refused []Refusal, findings []finding.Finding) {
	for i := range refused {
		f := &refused[i].Finding
		k := slices.IndexFunc(findings, func(x finding.Finding) bool { return x.Rule == f.Rule && x.Path == f.Path && x.Message == f.Message })
		if k >= 0 {
			f.Position = findings[k].Position
		}
	}
}

// mendOne applies one fix. The error says why it must not be applied.
func mendOne(c *compare.Comparer, text string, kind policy.Kind, fix *finding.Fix) (string, error) {
	before, err := policy.Parse([]byte(text))
	if err != nil {
		return "", fmt.Errorf("the policy has to be mended by hand first: %w", err)
	}
	mended, err := source.New(text).Apply(fix.Edits)
	if err != nil {
		return "", err
	}
	after, err := policy.Parse([]byte(mended.String()))
	if err != nil {
		return "", fmt.Errorf("the policy could not be read afterwards: %w", err)
	}
	// Alone, and beside another policy that allows everything, so that Deny statements count.
	for _, beside := range []func(*policy.Document) []*policy.Document{
		func(d *policy.Document) []*policy.Document { return []*policy.Document{d} },
		func(d *policy.Document) []*policy.Document { return []*policy.Document{d, everything(kind)} },
	} {
		answer, err := c.Subsumes(compare.One(kind, beside(before)...), compare.One(kind, beside(after)...), compare.Options{Open: true})
		switch {
		case err != nil:
			return "", err
		case answer.Verdict == compare.Counterexample:
			return "", fmt.Errorf("it would allow %s on %s, which is not allowed now", answer.Request.Action, answer.Request.Resource)
		case answer.Verdict != compare.Proved:
			return "", fmt.Errorf("it is not proved that nothing more is allowed then: %s", answer.Reason)
		}
	}
	return mended.String(), nil
}

// everything returns a policy of a kind that allows everything.
func everything(kind policy.Kind) *policy.Document {
	s := policy.Statement{Effect: policy.Allow, Actions: []policy.Text{{Text: "*"}}, Resources: []policy.Text{{Text: "*"}}}
	if kind == policy.Trust {
		s.Resources = nil
	}
	if kind.HasPrincipal() {
		s.Principal = &policy.Principal{Any: true}
	}
	return &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{s}}
}
