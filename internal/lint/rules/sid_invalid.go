package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var sidInvalid = lint.Rule{
	ID:       "sid-invalid",
	Severity: finding.Error,
	Aliases:  []string{"UNSUPPORTED_SID"},
	Summary:  "A Sid has a character other than letters and digits.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.PermissionsBoundary, policy.SessionPolicy, policy.ServiceControl, policy.ResourceControl, policy.Trust},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if i := strings.IndexFunc(s.Sid, func(r rune) bool { return !plainSid(r) }); i >= 0 {
				f := p.Report(s.SidPosition, "the Sid %q may have letters and digits only", s.Sid)
				f.Fix = &finding.Fix{Title: "leave the other characters out", Edits: []finding.Edit{{
					Position: s.SidPosition, Op: finding.Replace, Text: strings.Map(onlyPlain, s.Sid),
				}}}
			}
		}
	},
}

func plainSid(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

func onlyPlain(r rune) rune {
	if plainSid(r) {
		return r
	}
	return -1
}
