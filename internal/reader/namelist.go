package reader

import "strings"

// nameLists reads lists of everyday words as names behind a plural noun: "the tables orders,
// customers and refunds", "two roles, viewer and user".
func (rd *reading) nameLists() {
	for _, l := range rd.links {
		last := rd.tokens[l.to-1]
		if last.taken || last.lower == last.stem || !strings.HasSuffix(last.lower, "s") {
			continue
		}
		ty := rd.nounOf(l, l.to-1)
		if ty == nil || ty.typ == "" || ty.main {
			continue
		}
		from, counted := l.to, rd.countBefore(l.from)
		if (rd.punct(from, ",") || rd.punct(from, ":")) && counted {
			from++
		}
		members := rd.plainMembers(from, ty.service, counted)
		for _, i := range members {
			same := *ty
			rd.tokens[i].kind, rd.tokens[i].typed, rd.tokens[i].used = nameToken, &same, true
		}
	}
}

// countBefore: "two tables", "both tables", "the 3 tables".
func (rd *reading) countBefore(i int) bool {
	for j := i - 1; j >= max(0, i-3) && rd.tokens[j].kind != punctToken; j-- {
		if rd.word(j, "two", "three", "four", "five", "six", "both", "2", "3", "4", "5", "6") || rd.tokens[j].kind == entityToken && rd.tokens[j].lit.kind == numberLiteral && len(rd.tokens[j].text) == 1 {
			return true
		}
	}
	return false
}

// plainMembers returns the tokens of a list of two or more names that begins at token i and fills
// its noun phrase, or nothing.
func (rd *reading) plainMembers(i int, service string, counted bool) []int {
	var out []int
	for rd.listMember(i, service, counted) {
		out = append(out, i)
		j := i + 1
		for rd.punct(j, ",+") || rd.word(j, "and", "or", "&") {
			j++
		}
		if j == i+1 {
			if len(out) < 2 || !rd.boundary(j) {
				return nil
			}
			return out
		}
		i = j
	}
	// what follows the last mark is no name: "orders and refunds, but not …"
	if len(out) < 2 || rd.word(out[len(out)-1]+1, "and", "or") && !rd.boundary(i) {
		return nil
	}
	return out
}

func (rd *reading) listMember(i int, service string, counted bool) bool {
	if i >= len(rd.tokens) || rd.tokens[i].taken || rd.tokens[i].typed != nil {
		return false
	}
	t := rd.tokens[i]
	if t.kind == nameToken {
		return true
	}
	if t.kind != wordToken || len(t.lower) < 3 || rd.Lexicon.Is("stop", t.lower) || rd.Lexicon.Is("common", t.lower) || rd.Lexicon.Is("filler", t.lower) || rd.Lexicon.Is("adjective", t.lower) && !counted || rd.linkedTo(i, service) || rd.Lexicon.Is("notname", t.lower) && !counted {
		return false
	}
	_, classes := rd.verbClasses(t.lower)
	return (len(classes) == 0 || rd.is("nouny", i)) && !strings.HasSuffix(t.lower, "ing") && !strings.HasSuffix(t.lower, "ly") && !rd.ownVocabulary(i, service)
}

// byGlob types a pattern in brackets by the name that it explains, "called k8s-something (k8s-*)",
// or by the noun before: "names that begin with acme (acme*)".
func (rd *reading) byGlob(i int) *typing {
	if !strings.Contains(rd.tokens[i].text, "*") || !rd.punct(i-1, "(") || !rd.punct(i+1, ")") {
		return nil
	}
	stem := strings.Trim(rd.tokens[i].lower, "*-_/")
	for j := i - 2; j >= max(0, i-12) && !rd.punct(j, ".\n"); j-- {
		t := &rd.tokens[j]
		if t.typed != nil && t.kind != wordToken && strings.HasPrefix(t.lower, stem) {
			same := *t.typed
			t.typed, t.taken, t.used = nil, true, true
			return &same
		}
		if n := rd.linkAt[j]; n >= 0 && rd.links[n].to == j+1 {
			if ty := rd.nounOf(rd.links[n], j); ty != nil && ty.typ != "" {
				rd.take("the pattern says it", j+1, i-1)
				return ty
			}
		}
	}
	return nil
}
