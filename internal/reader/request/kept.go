package request

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// keptNames gathers all values of the intent: what the answer will name.
func (rd *Reading) keptNames() []string {
	var out []string
	add := func(values ...string) {
		for _, v := range values {
			if v != "" {
				out = append(out, strings.ToLower(v))
			}
		}
	}
	for _, g := range rd.Out.Grants {
		for _, p := range g.Principals {
			add(p.ID)
		}
		for _, a := range g.Actions {
			add(a.Name)
		}
		add(g.NotActions...)
		for _, t := range slices.Concat(g.Targets, g.Except) {
			add(t.ARN, t.Account, t.Region)
			for _, v := range t.Vars {
				add(v)
			}
		}
		for _, c := range slices.Concat(g.Where, g.Unless) {
			add(c.Values...)
		}
	}
	return out
}

// lostName says that a name of a resource, in a clause that asks for something, stands nowhere in
// the intent.
func (rd *Reading) lostName(i int, kept []string) bool {
	t := rd.Tokens[i]
	n := rd.ClauseOf(i)
	if rd.Out.Kind == policy.Trust && t.Kind == token.Name && !t.Taken && (rd.Punct(i+1, "(") || rd.Word(i+1, "trust") || rd.Word(i+1, "role") && rd.Word(i+2, "trust", "policy")) {
		return false // the name of a company, or of the role that the policy is for
	}
	if t.Role == "the role itself" && rd.Within(max(0, i-4), i, "trust", "policy", "relationship") && rd.Within(max(0, i-3), i, "for", "of") {
		return false // whose trust policy it is
	}
	if t.Taken && rd.Out.Kind != policy.Trust || t.Kind == token.Word || t.Kind == token.Punct || t.Typed == nil && (rd.Out.Kind != policy.Trust || t.Kind != token.Name) || n < 0 || len(rd.Out.Grants) == 0 {
		return false
	}
	if c := rd.Clauses[n]; c.Negative || c.Closer || rd.Subject != nil && rd.Subject[i] && !rd.beforeJoined(n, i) {
		return false
	}
	name := strings.ToLower(strings.Trim(t.Text, "/*"))
	return name != "" && !slices.ContainsFunc(kept, func(v string) bool {
		return holdsWhole(v, name) || holdsWhole(v, strings.ReplaceAll(name, "/", ":")) || holdsWhole(name, strings.Trim(v, "/*"))
	})
}

// holdsWhole says that a text has a name in it that no further character of a name touches:
// "inventory-drill" does not hold "inventory".
func holdsWhole(text, name string) bool {
	for from := 0; name != ""; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(name)
		if (at == 0 || !ofName(text[at-1]) || !ofName(name[0])) && (end == len(text) || !ofName(text[end]) || strings.HasSuffix(name, "-")) {
			return true
		}
		from = at + 1
	}
	return false
}

// ofName says that a byte may stand in the middle of a name.
func ofName(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || strings.IndexByte("-_.", b) >= 0 || b >= 0x80
}

// joined says that the verb at a token goes on a list of things done: "zap messages and throw …".
func (rd *Reading) joined(verb int) bool {
	return rd.Is("conjunction", verb-1) || rd.Punct(verb-1, ",+")
}

// beforeJoined says that token i of clause n stands before the first verb, which goes on a list:
// then i is part of something that was not read.
func (rd *Reading) beforeJoined(n, i int) bool {
	for _, u := range rd.Units {
		if u.Clause == n && len(u.Verbs) > 0 {
			return i < u.Verbs[0].At && !u.Subject && rd.joined(u.Verbs[0].At)
		}
	}
	return false
}

// besideName says that a word stands where a name does: in a list with a name, or in one after a
// plural for resources of which no name was read ("two tables, entries and accounts").
func (rd *Reading) besideName(i int) bool {
	if rd.NameAt(rd.acrossList(i, -1)) || rd.NameAt(rd.acrossList(i, 1)) {
		return true
	}
	j := i - 1
	for j >= 0 && (rd.Punct(j, ",\"") || rd.Word(j, "and", "or")) {
		j--
	}
	ty := rd.NounEndingAt(j + 1)
	return j >= 0 && j < i-1 && ty != nil && ty.Type != "" && rd.Tokens[j].Used && rd.Tokens[j].Lower != rd.Tokens[j].Stem && !rd.namedType(ty)
}

// acrossList returns the token beyond the "and", "or" or comma beside token i, or -1.
func (rd *Reading) acrossList(i, step int) int {
	j := i + step
	for j >= 0 && j < len(rd.Tokens) && (rd.Punct(j, ",+/") || rd.Word(j, "and", "or")) {
		j += step
	}
	if j == i+step {
		return -1
	}
	return j
}

// namedType says that the request names a resource of the type.
func (rd *Reading) namedType(ty *token.Typing) bool {
	return slices.ContainsFunc(rd.Tokens, func(t token.Token) bool {
		return t.Typed != nil && t.Typed.Service == ty.Service && t.Typed.Type == ty.Type && t.Kind != token.Word
	})
}
