package wording

import (
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// nominalPrice keeps a reading by the verb itself before one by the noun that it sets going.
const nominalPrice = 0.4

// nominal reads what is done from the object where the verb only says that it is: "trigger rotation
// of the secret", "carry out a restore of the table". Without such a noun it returns nil.
func (rd *Reading) nominal(v *sentence.Verb, groups []object.Group, gi int) (*sentence.Verb, []object.Group) {
	g := groups[gi]
	if v != nil && !rd.Lexicon.Is("light", v.Stem) || len(g.Head) == 0 {
		return nil, nil
	}
	last := len(g.Head) - 1
	at := g.Head[last]
	if t := rd.Tokens[at]; t.Kind != token.Word || t.Typed != nil || rd.Is("notname", at) {
		return nil, nil
	}
	stem, classes := rd.nounVerb(at)
	if len(classes) == 0 {
		return nil, nil
	}
	changed := append([]object.Group{}, groups...)
	changed[gi].Head = append([]int{}, g.Head[:last]...)
	if last == 0 {
		changed[gi].Head, changed[gi].Mods = g.Mods, nil
	}
	return &sentence.Verb{At: at, End: at + 1, Stem: stem, Classes: classes}, changed
}

// nounVerb returns the verb that a noun is made of, and its classes: rotation, restore, analysis.
func (rd *Reading) nounVerb(i int) (string, []string) {
	stem := rd.Tokens[i].Stem
	if verb := rd.Lexicon.Pair("nominal", stem); verb != "" {
		return verb, rd.Lexicon.Classes(verb)
	}
	if stem, classes := rd.Nominal(rd.Tokens[i].Lower); len(classes) > 0 {
		return stem, classes
	}
	if n := rd.LinkAt[i]; n >= 0 && rd.IsNounPhrase(rd.Links[n]) {
		return stem, nil // "run the schedule": a thing
	}
	return stem, rd.Lexicon.Classes(stem)
}

// nominalMatches are the wordings that fit the verb in the object, if there is one.
func (rd *Reading) nominalMatches(u object.Unit, v *sentence.Verb, groups []object.Group, gi int) []Match {
	if u.Shared && v != nil {
		return nil // another verb's object
	}
	said, changed := rd.nominal(v, groups, gi)
	if said == nil {
		return nil
	}
	found := rd.candidates(u, said, changed, gi)
	for i := range found {
		found[i].Score -= nominalPrice
		found[i].Used = append(found[i].Used, said.At)
	}
	return found
}
