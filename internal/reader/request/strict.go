package request

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// literalNames are the kinds of literals that stand in a document as they are written.
var literalNames = map[token.LiteralKind]bool{
	token.AccountLiteral: true, token.ARNLiteral: true, token.OrgLiteral: true, token.OULiteral: true, token.AddressLiteral: true, token.ServiceLiteral: true, token.ActionLiteral: true,
}

// exact says that the document is one of those whose every word counts: trust and resource-based
// policies, and policies that bound or forbid. What they leave out cannot be seen in a list of
// actions, so no word is excused for being unknown to the services of the answer.
func (rd *Reading) exact() bool { return rd.Out.Kind != policy.IdentityBased }

// lostLiteral says that an account, an ARN, an organization or the like stands nowhere in the intent.
func (rd *Reading) lostLiteral(i int, kept []string) bool {
	t := rd.Tokens[i]
	if !rd.exact() || t.Kind != token.Entity || !literalNames[t.Lit.Kind] || len(rd.Out.Grants) == 0 || t.Role == "the role itself" {
		return false
	}
	value := strings.ToLower(strings.TrimSuffix(t.Lit.Value, "*"))
	if value == strings.ToLower(rd.Out.Account) {
		return false
	}
	for _, k := range kept {
		if strings.Contains(k, value) {
			return false
		}
	}
	return true
}

// empty says that a word of a document whose every word counts says nothing that it could hold:
// who asks, an everyday noun for what AWS has, a filler.
func (rd *Reading) empty(i int) bool {
	lower, g := rd.Tokens[i].Lower, lexicon.DefaultGuards()
	for _, list := range []string{"generic", "usage", "newly", "permit", "oblige", "exempt", "negation", "forbid"} {
		if g.Is(list, lower) {
			return true
		}
	}
	for _, list := range []string{"harmless", "chat", "background", "filler", "adjective", "common", "others", "who", "actor", "actors", "strict", "lead", "trail", "aside", "courtesy", "outside", "refusal", "drafting"} {
		if rd.Lexicon.Is(list, lower) {
			return true
		}
	}
	for _, w := range party.People {
		if w == lower {
			return true
		}
	}
	return false
}

// counts says that a word that nothing has read may have meant something after all: a verb, a noun
// of a service that the answer does not know, or a word in a list with what was read.
func (rd *Reading) counts(i int) bool {
	t := rd.Tokens[i]
	if rd.empty(i) {
		return false
	}
	if t.Kind == token.Name {
		return rd.inList(i) || rd.Is("preposition", i-1)
	}
	if t.Kind != token.Word {
		return false
	}
	_, classes := rd.VerbClasses(t.Lower)
	return len(classes) > 0 && !rd.Is("nouny", i) || rd.foreign(i) || rd.inList(i)
}

// foreign says that a word is a noun of services of which the answer grants or denies nothing.
func (rd *Reading) foreign(i int) bool {
	n := rd.LinkAt[i]
	if n < 0 {
		return false
	}
	known := rd.grantedServices()
	for _, e := range rd.Links[n].Entries {
		if known[e.Service] {
			return false
		}
	}
	return true
}

// inList says that a word is joined to a neighbour that was read.
func (rd *Reading) inList(i int) bool {
	for _, step := range []int{-1, 1} {
		if rd.Is("conjunction", i+step) || rd.Punct(i+step, ",+/") {
			if j := i + 2*step; j >= 0 && j < len(rd.Tokens) && rd.Tokens[j].Used && rd.SameSentence(i, j) {
				return true
			}
		}
	}
	return false
}
