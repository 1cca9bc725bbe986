package universe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Principals returns principals that stand for all, as far as Principal and NotPrincipal elements
// can tell principals apart: each one that is named, and for each account and role
// that is named, and for an account that is not, all that a request can come from.
func Principals(elements []*policy.Principal) []evaluate.Principal {
	named := map[evaluate.Principal]bool{}
	for _, element := range elements {
		addNamed(named, element)
	}
	all := map[evaluate.Principal]bool{}
	own := freshAccount(named)
	for _, p := range ofAccount(own) {
		all[p] = true
	}
	for p := range named {
		for _, relative := range relatives(p) {
			all[relative] = true
		}
	}
	for _, p := range []evaluate.Principal{
		{Type: evaluate.AWS, ID: "*"}, {Type: evaluate.AWS, ID: "AIDAEXAMPLEEXAMPLE"},
		{Type: evaluate.Service, ID: "example.amazonaws.com"},
		{Type: evaluate.Federated, ID: "arn:aws:iam::" + own + ":oidc-provider/id.example.com"},
		{Type: evaluate.CanonicalUser, ID: strings.Repeat("0", 64)},
	} {
		all[p] = true
	}
	return sorted(all)
}

func addNamed(to map[evaluate.Principal]bool, element *policy.Principal) {
	if element == nil {
		return
	}
	for _, list := range []struct {
		typ   string
		texts []policy.Text
	}{
		{evaluate.AWS, element.AWS}, {evaluate.Service, element.Service},
		{evaluate.Federated, element.Federated}, {evaluate.CanonicalUser, element.CanonicalUser},
	} {
		for _, t := range list.texts {
			if t.Text != "*" {
				to[evaluate.Principal{Type: list.typ, ID: t.Text}] = true
			}
		}
	}
}

// freshAccount returns an account that no principal is of.
func freshAccount(named map[evaluate.Principal]bool) string {
	for n := 999999999999; ; n-- {
		account := fmt.Sprint(n)
		used := false
		for p := range named {
			used = used || strings.Contains(p.ID, account)
		}
		if !used {
			return account
		}
	}
}

// ofAccount returns what a request can come from in an account, by names that are made up.
func ofAccount(account string) []evaluate.Principal {
	var out []evaluate.Principal
	for _, id := range []string{
		"arn:aws:iam::%s:user/example", "arn:aws:iam::%s:root", "arn:aws:iam::%s:role/example",
		"arn:aws:sts::%s:assumed-role/example/session", "arn:aws:sts::%s:federated-user/example",
	} {
		out = append(out, evaluate.Principal{Type: evaluate.AWS, ID: fmt.Sprintf(id, account)})
	}
	return out
}

// relatives returns a principal and those that statements about it may tell from strangers:
// all of its account, and the sessions and the role of its role.
func relatives(p evaluate.Principal) []evaluate.Principal {
	out := []evaluate.Principal{p}
	if p.Type != evaluate.AWS {
		return out
	}
	if arn.IsAccountID(p.ID) {
		return append(out, ofAccount(p.ID)...)
	}
	fields, n := arn.Fields(p.ID)
	if n < len(fields) || fields[4] == "" {
		return out
	}
	out = append(out, ofAccount(fields[4])...)
	role := ""
	switch path := strings.Split(fields[5], "/"); {
	case fields[2] == "iam" && path[0] == "role":
		role = path[len(path)-1]
	case fields[2] == "sts" && path[0] == "assumed-role" && len(path) > 1:
		role = path[1]
	}
	if role != "" {
		for _, id := range []string{"iam::%s:role/%s", "sts::%s:assumed-role/%s/session"} {
			out = append(out, evaluate.Principal{
				Type: evaluate.AWS, ID: "arn:" + fields[1] + ":" + fmt.Sprintf(id, fields[4], role),
			})
		}
	}
	return out
}

// sorted puts identities before roots, and orders the rest by text, so that a witness is the
// same every time.
func sorted(set map[evaluate.Principal]bool) []evaluate.Principal {
	out := make([]evaluate.Principal, 0, len(set))
	for p := range set {
		out = append(out, p)
	}
	rank := func(p evaluate.Principal) string {
		switch {
		case p.Type == evaluate.AWS && strings.Contains(p.ID, ":user/"):
			return "0" + p.ID
		case p.Type == evaluate.AWS && strings.HasPrefix(p.ID, "arn:"):
			return "1" + p.ID
		case p.Type == evaluate.AWS && p.ID != "*":
			return "2" + p.ID
		case p.Type == evaluate.AWS:
			return "3"
		}
		return "4" + p.Type + p.ID
	}
	slices.SortFunc(out, func(a, b evaluate.Principal) int { return strings.Compare(rank(a), rank(b)) })
	return out
}
