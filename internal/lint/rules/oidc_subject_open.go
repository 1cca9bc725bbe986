package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var oidcSubjectOpen = lint.Rule{
	ID:       "oidc-subject-open",
	Severity: finding.Security,
	Aliases: []string{
		"MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
		"MISSING_GITHUB_REPO_CONDITION_KEY",
		"SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
	},
	Summary: "Tokens for others than those who are meant can assume the role.",
	Kinds:   []policy.Kind{policy.Trust},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || s.Principal == nil {
				continue
			}
			for _, id := range s.Principal.Federated {
				if provider, ok := facts.ProviderOf(id.Text); ok {
					judgeSubject(p, s, id, provider)
				}
			}
		}
	},
}

// judgeSubject reports whose tokens a statement takes.
func judgeSubject(p *lint.Pass, s *policy.Statement, id policy.Text, provider facts.Provider) {
	if _, ok := lint.Names(s, "sts:AssumeRoleWithWebIdentity"); !ok {
		return
	}
	keyed := slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
		return strings.HasPrefix(strings.ToLower(c.Key), strings.ToLower(provider.Host)+":")
	})
	if !keyed {
		alias := "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"
		if provider.Name == "GitHub" {
			alias = "MISSING_GITHUB_REPO_CONDITION_KEY"
		}
		p.As(alias, id.Position, "any token of %s can assume the role: nothing is asked of it", provider.Host)
		return
	}
	if provider.Stranger == "" {
		return
	}
	r, ok := p.Find(lint.Query{
		Action: "sts:AssumeRoleWithWebIdentity", PrincipalType: "Federated", Principal: id.Text,
		Where: []policy.Condition{lint.Where("StringEquals", provider.Host+":sub", provider.Stranger)},
	})
	if ok {
		f := p.As("MISSING_GITHUB_REPO_CONDITION_KEY", id.Position, "%s of anybody %s can assume the role", provider.What, provider.Where)
		if provider.Name != "GitHub" {
			f.Alias = "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"
		}
		f.Witness = &r
		f.Note("ask for %s:sub, such as %s", provider.Host, provider.Example)
		return
	}
	for _, c := range s.Conditions {
		if !strings.EqualFold(c.Key, provider.Host+":sub") {
			continue
		}
		for _, v := range c.Values {
			owner, _, open := strings.Cut(v.Text, "*")
			if open && provider.Names(owner) {
				f := p.As("MISSING_GITHUB_REPO_CONDITION_KEY", v.Position, "the pattern %q also fits those at %s whose names begin alike", v.Text, provider.Name)
				f.Note("such as %s", provider.Example)
			} else if open && provider.Name == "GitHub" {
				f := p.As("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", v.Position, "the pattern %q takes every branch, tag and pull request that fits", v.Text)
				f.Severity = finding.Warning
				f.Note("such as %s", provider.Example)
			}
		}
	}
}
