package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnPartitionUnknown = lint.Rule{
	ID:       "arn-partition-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_PARTITION"},
	Summary:  "An ARN names a partition that AWS does not have.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if !strings.Contains(a.Partition, "${") && !facts.IsPartition(a.Partition) {
				p.Report(t.Position, "AWS has no partition %q", a.Partition)
			}
		})
	},
}
