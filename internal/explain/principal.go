package explain

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// who says the principals of a statement; empty if it has neither Principal nor NotPrincipal.
func (w *writer) who(s *policy.Statement) string {
	switch {
	case s.Principal != nil:
		return join(w.principals(s.Principal), "and", w.limit())
	case s.NotPrincipal != nil:
		return "everyone except " + join(w.principals(s.NotPrincipal), "and", w.limit())
	}
	return ""
}

func (w *writer) principals(p *policy.Principal) []string {
	var all []string
	if p.Any {
		all = append(all, w.anyone())
	}
	for _, t := range p.AWS {
		all = append(all, w.awsPrincipal(t.Text))
	}
	for _, t := range p.Service {
		all = append(all, w.servicePrincipal(t.Text))
	}
	for _, t := range p.Federated {
		all = append(all, w.provider(t.Text))
	}
	for _, t := range p.CanonicalUser {
		all = append(all, "the account with the canonical user ID "+shown(t.Text))
	}
	if len(all) == 0 {
		return []string{"nobody (the list is empty)"}
	}
	return unique(all)
}

func (w *writer) anyone() string {
	return w.full("anyone, of any AWS account and also without credentials", "anyone")
}

// open reports whether a statement names everyone.
func open(p *policy.Principal) bool {
	return p != nil && (p.Any || slices.ContainsFunc(p.AWS, func(t policy.Text) bool { return t.Text == "*" }))
}

// awsPrincipal says an entry of Principal.AWS, or a value of aws:PrincipalArn.
func (w *writer) awsPrincipal(s string) string {
	if s == "*" {
		return w.anyone()
	}
	if arn.IsAccountID(s) {
		return w.account(s)
	}
	m := w.mask(s)
	a, err := arn.Parse(m.text)
	if err != nil {
		return w.bareID(s)
	}
	if a.Service == "iam" && a.Resource == "root" && arn.IsAccountID(a.AccountID) {
		return w.account(a.AccountID) + partition(a.Partition)
	}
	kind, name, found := strings.Cut(a.Resource, "/")
	place := accountWords(m, a.AccountID) + partition(a.Partition)
	thing := func(noun string) string { return nameWords(m, name, noun, plural(noun)) + place }
	switch {
	case a.Service == "iam" && found && (kind == "role" || kind == "user"):
		return thing(kind)
	case a.Service == "sts" && found && kind == "federated-user":
		return thing("federated user")
	case a.Service == "sts" && found && kind == "assumed-role":
		role, session, _ := strings.Cut(name, "/")
		return nameWords(m, session, "session", "sessions") + " of " + nameWords(m, role, "role", "roles") + place
	}
	thingWords, where := w.resource(s)
	return thingWords + where
}

// account says that the whole account is meant: its own policies decide who in it.
func (w *writer) account(id string) string {
	return w.full("account "+id+" (any identity there that its own policies let)", "account "+id)
}

// bareID says a principal that is no ARN: the unique ID that IAM keeps of a deleted identity.
func (w *writer) bareID(s string) string {
	switch {
	case strings.HasPrefix(s, "AROA"):
		return "the deleted role with the unique ID " + shown(s)
	case strings.HasPrefix(s, "AIDA"):
		return "the deleted user with the unique ID " + shown(s)
	case wildcard.Contains(s):
		return "whoever matches " + shown(s)
	}
	return shown(s)
}

// servicePrincipal says the service of a principal such as lambda.amazonaws.com.
func (w *writer) servicePrincipal(s string) string {
	if s == "*" {
		return "any AWS service"
	}
	host := strings.ToLower(s)
	base, region := host, ""
	for _, end := range []string{".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"} {
		if b, ok := strings.CutSuffix(host, end); ok {
			base = b
			break
		}
	}
	if base == host || wildcard.Contains(base) {
		return "the service principal " + shown(s)
	}
	name := w.hostName(base)
	if name == "" {
		if first, rest, ok := strings.Cut(base, "."); ok && strings.Count(rest, "-") >= 2 {
			name, region = w.hostName(first), " in "+shown(rest)
		}
	}
	if name == "" {
		return "the service principal " + shown(s)
	}
	return w.full(name+region+" ("+shown(s)+")", name+region)
}

func (w *writer) hostName(base string) string {
	if name, ok := table().services[base]; ok {
		return name
	}
	return w.catalog.ServiceName(base)
}

// provider says an identity provider.
func (w *writer) provider(s string) string {
	if s == "*" {
		return "the users of any identity provider"
	}
	m := w.mask(s)
	a, err := arn.Parse(m.text)
	if err != nil {
		if name, ok := table().services[s]; ok {
			return "users who sign in with " + name
		}
		return "users of the identity provider " + shown(s)
	}
	kind, name, _ := strings.Cut(a.Resource, "/")
	place := accountWords(m, a.AccountID) + partition(a.Partition)
	switch kind {
	case "oidc-provider":
		if name == "token.actions.githubusercontent.com" {
			return w.full("GitHub Actions workflows (the OIDC provider "+name+place+")", "GitHub Actions workflows")
		}
		return "holders of a token of the OIDC provider " + m.show(name) + place
	case "saml-provider":
		return "users of the SAML provider " + m.show(name) + place
	}
	return "users of the identity provider " + shown(s)
}
