package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionKeyUnknown = lint.Rule{
	ID:       "condition-key-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_GLOBAL_CONDITION_KEY", "INVALID_SERVICE_CONDITION_KEY"},
	Summary:  "A condition key does not exist.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			prefix, name, found := strings.Cut(c.Key, ":")
			if !found || prefix == "" || name == "" || strings.ContainsAny(prefix, "./$") || facts.RemovedKey(c.Key) != "" || lint.LacksTag(p.Catalog, c.Key) {
				return
			}
			if _, known := p.Catalog.Key(c.Key); known {
				return
			}
			var keys []*catalog.Key
			alias := "INVALID_SERVICE_CONDITION_KEY"
			service, known := p.Catalog.Service(prefix)
			switch {
			case strings.EqualFold(prefix, "aws"):
				alias, keys = "INVALID_GLOBAL_CONDITION_KEY", catalog.GlobalKeys()
			case known:
				keys = service.Keys
			default:
				alias = "INVALID_SERVICE"
			}
			f := p.As(alias, c.Position, "there is no condition key %q", c.Key)
			names := make([]string, len(keys))
			for i, k := range keys {
				names[i] = k.Name
			}
			if near := facts.Nearest(c.Key, names); near != "" {
				f.Note("did you mean %s?", near)
			}
		})
	},
}
