package app

import (
	"slices"
	"sync"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
)

// accessRules are the rules about which access a policy gives, whom and where: of a policy that is
// proved to give what was asked, such a finding is about what was asked. Findings of the other
// rules are about how it is written.
var accessRules = []string{
	"action-all", "action-service-all", "confused-deputy", "credentials-exposed", "data-exfiltration", "oidc-audience-open",
	"oidc-subject-open", "passrole-broad", "principal-cross-account", "principal-public", "privilege-escalation", "resource-broad",
	"resource-exposure", "service-linked-role-broad", "service-wildcard",
}

// review gives a generator what lints and scores its answers.
func (a *App) review() {
	linter, scorer := a.Linter(rules.All()), a.Scorer(nil)
	a.generator.Lint = func(text string, kind policy.Kind) []finding.Finding { return linter.Run(text, kind) }
	a.generator.Given = func(rule string) bool { return slices.Contains(accessRules, rule) }
	a.generator.Score = func(d *policy.Document, kind policy.Kind) *score.Report {
		// A document that cannot be compared has no score; its failure is told by the tests.
		r, err := scorer.Score([]*policy.Document{d}, kind)
		if err != nil {
			r = score.Report{Kind: kind, Grade: score.Ungraded, Reason: err.Error()}
		}
		return &r
	}
	frameworks := sync.OnceValue(func() []*comply.Framework {
		list, err := comply.Select(answerFrameworks)
		if err != nil {
			return nil // the test of the names fails then
		}
		return list
	})
	checker := a.Checker(rules.All(), nil)
	a.generator.Comply = func(text string, kind policy.Kind) *comply.Report {
		r, err := checker.Run(text, kind, frameworks())
		if err != nil {
			return nil // the document cannot be evaluated; the tests say so
		}
		return r
	}
}

// answerFrameworks are the frameworks that an answer is held to, as 'aegis comply' has them.
var answerFrameworks = []string{"fsbp", "cis", "nist", "pci"}
