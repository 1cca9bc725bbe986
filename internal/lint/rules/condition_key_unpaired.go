package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionKeyUnpaired = lint.Rule{
	ID:       "condition-key-unpaired",
	Severity: finding.Security,
	Aliases:  []string{"MISSING_PAIRED_CONDITION_KEYS"},
	Summary:  "A condition key says too little without another one beside it.",
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			for _, c := range s.Conditions {
				if strings.EqualFold(c.Key, "aws:VpcSourceIp") && !slices.ContainsFunc(s.Conditions, namesNetwork) {
					p.Report(c.Position, "every VPC has these private addresses: say with aws:SourceVpc or aws:SourceVpce which one is meant")
				}
			}
		}
	},
}

func namesNetwork(c policy.Condition) bool {
	switch strings.ToLower(c.Key) {
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths":
		return true
	}
	return false
}
