package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var effectInvalid = lint.Rule{
	ID:       "effect-invalid",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_EFFECT"},
	Summary:  "An Effect element is neither Allow nor Deny.",
	Check: func(p *lint.Pass) {
		p.ReportSyntax(policy.CodeInvalidEffect)
		for _, s := range p.Document.Statements {
			for _, effect := range []policy.Effect{policy.Allow, policy.Deny} {
				if s.Effect != effect && strings.EqualFold(strings.TrimSpace(string(s.Effect)), string(effect)) {
					p.Hint(s.EffectPosition, "did you mean %q?", effect)
				}
			}
		}
	},
}
