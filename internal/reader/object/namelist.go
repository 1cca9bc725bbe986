package object

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/token"
)

// nameLists reads lists of everyday words as names behind a plural noun: "the tables orders,
// customers and refunds", "two roles, viewer and user".
func (rd *Reading) nameLists() {
	for _, l := range rd.Links {
		last := rd.Tokens[l.To-1]
		if last.Taken || last.Lower == last.Stem || !strings.HasSuffix(last.Lower, "s") {
			continue
		}
		ty := rd.nounOf(l, l.To-1)
		if ty == nil || ty.Type == "" || ty.Main {
			continue
		}
		from, counted := l.To, rd.countBefore(l.From)
		if (rd.Punct(from, ",") || rd.Punct(from, ":")) && counted {
			from++
		}
		members := rd.plainMembers(from, ty.Service, counted)
		for _, i := range members {
			same := *ty
			rd.Tokens[i].Kind, rd.Tokens[i].Typed, rd.Tokens[i].Used = token.Name, &same, true
		}
	}
}

// countBefore: "two tables", "both tables", "the 3 tables".
func (rd *Reading) countBefore(i int) bool {
	for j := i - 1; j >= max(0, i-3) && rd.Tokens[j].Kind != token.Punct; j-- {
		if rd.Word(j, "two", "three", "four", "five", "six", "both", "2", "3", "4", "5", "6") || rd.Tokens[j].Kind == token.Entity && rd.Tokens[j].Lit.Kind == token.NumberLiteral && len(rd.Tokens[j].Text) == 1 {
			return true
		}
	}
	return false
}

// plainMembers returns the tokens of a list of two or more names that begins at token i and fills
// its noun phrase, or nothing.
func (rd *Reading) plainMembers(i int, service string, counted bool) []int {
	var out []int
	for rd.listMember(i, service, counted) {
		out = append(out, i)
		j := i + 1
		for rd.Punct(j, ",+") || rd.Word(j, "and", "or", "&") {
			j++
		}
		if j == i+1 {
			if len(out) < 2 || !rd.Boundary(j) {
				return nil
			}
			return out
		}
		i = j
	}
	// what follows the last mark is no name: "orders and refunds, but not …"
	if len(out) < 2 || rd.Word(out[len(out)-1]+1, "and", "or") && !rd.Boundary(i) {
		return nil
	}
	return out
}

func (rd *Reading) listMember(i int, service string, counted bool) bool {
	if i >= len(rd.Tokens) || rd.Tokens[i].Taken || rd.Tokens[i].Typed != nil {
		return false
	}
	t := rd.Tokens[i]
	if t.Kind == token.Name {
		return true
	}
	if t.Kind != token.Word || len(t.Lower) < 3 || rd.Lexicon.Is("stop", t.Lower) || rd.Lexicon.Is("common", t.Lower) || rd.Lexicon.Is("filler", t.Lower) || !counted && !rd.ProperCase(i) && (rd.Lexicon.Is("adjective", t.Lower) || rd.Lexicon.Is("notname", t.Lower)) || rd.LinkedTo(i, service) {
		return false
	}
	_, classes := rd.VerbClasses(t.Lower)
	return (len(classes) == 0 || rd.Is("nouny", i)) && !strings.HasSuffix(t.Lower, "ing") && !strings.HasSuffix(t.Lower, "ly") && !rd.ownVocabulary(i, service)
}

// byGlob types a pattern in brackets by the name that it explains, "called k8s-something (k8s-*)",
// or by the noun before: "names that begin with acme (acme*)".
func (rd *Reading) byGlob(i int) *token.Typing {
	if !strings.Contains(rd.Tokens[i].Text, "*") || !rd.Punct(i-1, "(") || !rd.Punct(i+1, ")") {
		return nil
	}
	stem := strings.Trim(rd.Tokens[i].Lower, "*-_/")
	for j := i - 2; j >= max(0, i-12) && !rd.Punct(j, ".\n"); j-- {
		t := &rd.Tokens[j]
		if t.Typed != nil && t.Kind != token.Word && strings.HasPrefix(t.Lower, stem) {
			same := *t.Typed
			t.Typed, t.Taken, t.Used = nil, true, true
			return &same
		}
		if n := rd.LinkAt[j]; n >= 0 && rd.Links[n].To == j+1 {
			if ty := rd.nounOf(rd.Links[n], j); ty != nil && ty.Type != "" {
				rd.Take("the pattern says it", j+1, i-1)
				return ty
			}
		}
	}
	return nil
}
