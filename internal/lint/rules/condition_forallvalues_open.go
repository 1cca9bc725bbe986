package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionForallvaluesOpen = lint.Rule{
	ID:       "condition-forallvalues-open",
	Severity: finding.Security,
	Summary:  "ForAllValues lets requests pass that do not have the key.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.ResourceBased, policy.Trust, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			for _, c := range s.Conditions {
				operator, err := condition.ParseOperator(c.Operator)
				if err != nil || s.Effect != policy.Allow || operator.Set != condition.ForAllValues || operator.Base.Negated() || guarded(s, c.Key, "false") {
					continue
				}
				switch strings.ToLower(c.Key) {
				case "aws:principalorgpaths", "aws:sourceorgpaths", "aws:resourceorgpaths", "aws:vpceorgpaths", "aws:calledvia", "aws:principalservicenameslist":
					f := p.Report(c.Position, "requests without %s pass: ForAllValues asks nothing of them", c.Key)
					f.Note(`write ForAnyValue, or add "Null": {"%s": "false"}`, c.Key)
					f.Fix = lint.AskForKey(s, c.Key)
				}
			}
		}
	},
}
