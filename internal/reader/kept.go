package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// keptNames gathers all values of the intent: what the answer will name.
func (rd *reading) keptNames() []string {
	var out []string
	add := func(values ...string) {
		for _, v := range values {
			if v != "" {
				out = append(out, strings.ToLower(v))
			}
		}
	}
	for _, g := range rd.out.Grants {
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
func (rd *reading) lostName(i int, kept []string) bool {
	t := rd.tokens[i]
	n := rd.clauseOf(i)
	if t.taken && rd.out.Kind != policy.Trust || t.kind == wordToken || t.kind == punctToken || t.typed == nil && (rd.out.Kind != policy.Trust || t.kind != nameToken) || n < 0 || len(rd.out.Grants) == 0 {
		return false
	}
	if c := rd.clause[n]; c.negative || c.closer || rd.subject != nil && rd.subject[i] && !rd.beforeJoined(n, i) {
		return false
	}
	name := strings.ToLower(strings.Trim(t.text, "/*"))
	return name != "" && !slices.ContainsFunc(kept, func(v string) bool {
		return strings.Contains(v, name) || strings.Contains(name, strings.Trim(v, "/*")) && len(v) > 3
	})
}

// joined says that the verb at a token goes on a list of things done: "zap messages and throw …".
func (rd *reading) joined(verb int) bool {
	return rd.is("conjunction", verb-1) || rd.punct(verb-1, ",+")
}

// beforeJoined says that token i of clause n stands before the first verb, which goes on a list:
// then i is part of something that was not read.
func (rd *reading) beforeJoined(n, i int) bool {
	for _, u := range rd.units {
		if u.clause == n && len(u.verbs) > 0 {
			return i < u.verbs[0].at && !u.subject && rd.joined(u.verbs[0].at)
		}
	}
	return false
}

// besideName says that a word stands where a name does: in a list with a name, or in one after a
// plural for resources of which no name was read ("two tables, entries and accounts").
func (rd *reading) besideName(i int) bool {
	if rd.nameAt(rd.acrossList(i, -1)) || rd.nameAt(rd.acrossList(i, 1)) {
		return true
	}
	j := i - 1
	for j >= 0 && (rd.punct(j, ",\"") || rd.word(j, "and", "or")) {
		j--
	}
	ty := rd.nounEndingAt(j + 1)
	return j >= 0 && j < i-1 && ty != nil && ty.typ != "" && rd.tokens[j].used && rd.tokens[j].lower != rd.tokens[j].stem && !rd.namedType(ty)
}

// acrossList returns the token beyond the "and", "or" or comma beside token i, or -1.
func (rd *reading) acrossList(i, step int) int {
	j := i + step
	for j >= 0 && j < len(rd.tokens) && (rd.punct(j, ",+/") || rd.word(j, "and", "or")) {
		j += step
	}
	if j == i+step {
		return -1
	}
	return j
}

func (rd *reading) nameAt(i int) bool {
	return i >= 0 && i < len(rd.tokens) && rd.tokens[i].typed != nil && rd.tokens[i].kind != wordToken
}

// namedType says that the request names a resource of the type.
func (rd *reading) namedType(ty *typing) bool {
	return slices.ContainsFunc(rd.tokens, func(t token) bool {
		return t.typed != nil && t.typed.service == ty.service && t.typed.typ == ty.typ && t.kind != wordToken
	})
}
