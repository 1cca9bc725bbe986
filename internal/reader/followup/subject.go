package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// narrowBranch limits the subject of a web identity: "only the release branch", "only tags v*".
func (f *followup) narrowBranch() bool {
	return f.e.in.Kind == policy.Trust && f.changeSubjects(false)
}

// narrowPrincipals puts roles and users in the place of the account that they lie in.
func (f *followup) narrowPrincipals() bool {
	if f.e.in.Kind != policy.Trust && f.e.in.Kind != policy.ResourceBased {
		return false
	}
	done := false
	for g := range f.e.in.Grants {
		grant := &f.e.in.Grants[g]
		for _, p := range f.principals() {
			k := slices.IndexFunc(grant.Principals, func(o intent.Principal) bool {
				return o.ID == "arn:aws:iam::"+accountOf(p.ID)+":root" && o.ID != p.ID
			})
			if k >= 0 {
				grant.Principals[k] = p
				done = true
			}
		}
	}
	return done
}

// replacePrincipal puts a role or user in the place of the only one: "make it role release".
func (f *followup) replacePrincipal() bool {
	ps := f.principals()
	if len(ps) != 1 || ps[0].Type != "AWS" || f.e.in.Kind != policy.Trust && f.e.in.Kind != policy.ResourceBased || f.trusted(ps[0]) {
		return false
	}
	ids := map[string]bool{}
	for _, g := range f.e.in.Grants {
		for _, p := range g.Principals {
			if p.Type == "AWS" {
				ids[p.ID] = true
			}
		}
	}
	if len(ids) != 1 {
		return false
	}
	for g := range f.e.in.Grants {
		for k := range f.e.in.Grants[g].Principals {
			if ids[f.e.in.Grants[g].Principals[k].ID] {
				f.e.in.Grants[g].Principals[k] = ps[0]
			}
		}
	}
	f.e.did("now " + ps[0].ID + " instead")
	return true
}

// changeSubjects puts the parts that the segment names in the place of the subjects of tokens,
// or adds them.
func (f *followup) changeSubjects(more bool) bool {
	done := false
	for g := range f.e.in.Grants {
		for j := range f.e.in.Grants[g].Where {
			c := &f.e.in.Grants[g].Where[j]
			if !strings.HasSuffix(c.Key, ":sub") {
				continue
			}
			var values []string
			for _, v := range c.Values {
				for _, s := range f.subjects(v) {
					if !slices.Contains(values, s) && !(more && slices.Contains(c.Values, s)) {
						values = append(values, s)
					}
				}
			}
			if len(values) > 0 && more {
				values = append(slices.Clone(c.Values), values...)
			}
			if len(values) > 0 {
				c.Values, done = values, true
			}
		}
	}
	return done
}

// subjects writes the parts of a repository that the segment names.
func (f *followup) subjects(subject string) []string {
	head, _, ok := strings.Cut(strings.TrimPrefix(subject, "repo:"), ":")
	if !ok || !strings.HasPrefix(subject, "repo:") {
		return nil
	}
	repo := "repo:" + head + ":"
	var out []string
	for i := range f.Tokens {
		part := ""
		switch {
		case f.Word(i, "branch", "branches"):
			part = "ref:refs/heads/"
		case f.Word(i, "tag", "tags"):
			part = "ref:refs/tags/"
		case f.Word(i, "environment", "env", "environments"):
			part = "environment:"
		case f.Word(i, "pull") && f.Word(i+1, "request", "requests"), f.Word(i, "prs", "pr"):
			out = append(out, repo+"pull_request")
			f.Take("subject of the token", i, i+1)
			continue
		default:
			continue
		}
		f.Take("subject of the token", i, i+1)
		for _, n := range f.namesAround(i) {
			out = append(out, repo+part+f.Tokens[n].Text)
			f.Take("subject of the token", n, n+1)
		}
	}
	if len(out) == 0 {
		for i := range f.Tokens {
			if f.Word(i, "main", "master", "develop", "release", "production", "staging", "trunk") {
				out = append(out, repo+"ref:refs/heads/"+f.Tokens[i].Text)
				f.Take("subject of the token", i, i+1)
			}
		}
	}
	return out
}

// namesAround are the tokens that name what a noun introduces or follows: "branch main",
// "the main and release branches".
func (f *followup) namesAround(i int) []int {
	name := func(j int) bool {
		return j >= 0 && j < len(f.Tokens) && f.Tokens[j].Kind != token.Punct && f.Tokens[j].Text != "" && !f.Is("stop", j) && !f.Is("preposition", j) && !f.Word(j, "only", "just", "to", "limit", "restrict", "branch", "branches", "tag", "tags", "named", "called", "new", "allow", "protected")
	}
	var out []int
	for j := f.Pass(i+1, "named", "called", "is", "the"); name(j); j++ {
		out = append(out, j)
		for j+1 < len(f.Tokens) && (f.Punct(j+1, ",+") || f.Word(j+1, "and", "or")) {
			j++
		}
	}
	if len(out) > 0 {
		return out
	}
	for j := i - 1; j >= 0; j-- {
		if f.Punct(j, ",+") || f.Word(j, "and", "or") {
			continue
		}
		if !name(j) {
			break
		}
		out = append([]int{j}, out...)
	}
	return out
}
