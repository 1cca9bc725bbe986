package app

import (
	"context"
	"runtime"
	"sync"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/validate"
)

// A Validator says all that is known of policies.
type Validator struct {
	Linter     *lint.Linter
	Scorer     score.Validator // the local one, or another
	Checker    *comply.Checker
	Frameworks []*comply.Framework
	Reference  *policy.Document // what may be allowed at most; nil: nothing is said
	ReferredAs string           // the name of its file

	comparer *compare.Comparer
}

// Validator returns a validator with rules and accounts of one's own.
func (a *App) Validator(list []lint.Rule, accounts []string, frameworks []*comply.Framework) *Validator {
	l := a.Linter(list)
	l.Accounts = accounts
	return &Validator{
		Linter: l, Scorer: a.Scorer(accounts), Checker: a.Checker(list, accounts), Frameworks: frameworks, comparer: a.comparer,
	}
}

// Validate says all that is known of a text with the rules of the program, and what it allows beyond
// a reference, if there is one.
func (a *App) Validate(t LintText, accounts []string, frameworks []*comply.Framework, reference *policy.Document) validate.Document {
	v := a.Validator(rules.All(), accounts, frameworks)
	v.Reference, v.ReferredAs = reference, "the reference"
	return v.document(context.Background(), t)
}

// ValidateAll validates texts on all cores, and returns the documents in the order of the texts. A
// text that cannot be read does not stop the others. The error is that of the context.
func (v *Validator) ValidateAll(ctx context.Context, texts []LintText) ([]validate.Document, error) {
	out := make([]validate.Document, len(texts))
	var group sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(texts)) {
		group.Go(func() {
			for i := range next {
				out[i] = v.document(ctx, texts[i])
			}
		})
	}
	err := feed(ctx, next, len(texts))
	group.Wait()
	return out, err
}

func (v *Validator) document(ctx context.Context, t LintText) validate.Document {
	out := validate.Document{Lint: lintOne(v.Linter, t), Start: t.start()}
	if out.Lint.Err != nil {
		return out
	}
	kind := out.Lint.Kind
	d, err := policy.Parse([]byte(t.Text))
	if err == nil {
		err = d.CheckSearched()
	}
	if err != nil {
		out.Broken = err
		return out
	}
	scored, err := v.Scorer.Validate(ctx, []*policy.Document{d}, kind)
	if err != nil {
		out.Broken = err
		return out
	}
	held, err := v.Checker.Run(t.Text, kind, v.Frameworks)
	if err != nil {
		out.Broken = err
		return out
	}
	held.Name = t.Name
	out.Score, out.Compliance = &scored, held
	if v.Reference != nil {
		out.Beyond = v.beyond(d, kind)
	}
	return out
}

// accesses is how many accesses beyond a reference are listed.
const accesses = 20

// beyond compares a document with the reference.
func (v *Validator) beyond(d *policy.Document, kind policy.Kind) *validate.Beyond {
	out := &validate.Beyond{Reference: v.ReferredAs, Verdict: validate.Unknown, Accesses: []validate.Access{}}
	if k := policy.KindOf(v.Reference); k.HasPrincipal() != kind.HasPrincipal() || (k == policy.Trust) != (kind == policy.Trust) {
		out.Verdict, out.Reason = validate.OtherKind, "it is a policy of kind "+string(k)+", this one of kind "+string(kind)
		return out
	}
	r, err := v.comparer.Differences(compare.One(kind, v.Reference), compare.One(kind, d), compare.Limits{Differences: accesses})
	if err != nil {
		out.Reason = err.Error()
		return out
	}
	out.Reason, out.More = r.Reason, r.Stopped
	for _, x := range r.Differences {
		s := &d.Statements[x.Allowed[0].Statement]
		out.Accesses = append(out.Accesses, validate.Access{
			Request: finding.Request{
				PrincipalType: x.Request.Principal.Type, Principal: x.Request.Principal.ID,
				Action: x.Request.Action, Resource: x.Request.Resource, Context: x.Request.Context,
			},
			Actions: x.Actions, Statement: x.Allowed[0].Statement + 1, Sid: s.Sid, Position: s.Position,
		})
	}
	switch r.Verdict {
	case compare.Proved:
		out.Verdict = validate.Within
	case compare.Counterexample:
		out.Verdict = validate.Outside
	case compare.Unknown:
	}
	return out
}
