package reader

import (
	"regexp"
	"strconv"
)

// regionShape is what the codes of regions look like.
var regionShape = regexp.MustCompile(`^(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov|-iso[a-z]?)?-(north|south|east|west|central)(east|west)?-\d+$`)

// scanInvalid asks about regions and accounts that there cannot be: left aside, they would leave
// a policy wider than it was meant.
func (rd *reading) scanInvalid() {
	for i, t := range rd.tokens {
		switch {
		case t.taken || t.kind == punctToken:
		case t.kind == nameToken && (regionShape.MatchString(t.lower) && rd.nounEndingAt(i) == nil || rd.besideRegion(i)):
			rd.ask(rd.span(i, i+1), t.text+" is not a region of AWS that is known: which region is meant?", rd.similarRegions(t.lower)...)
			rd.take("needs an answer", i, i+1)
		case t.kind == entityToken && t.lit.kind == numberLiteral && rd.afterAccount(i):
			rd.ask(rd.span(i, i+1), t.text+" is not an account ID: it has "+strconv.Itoa(len(t.text))+" digits and an account ID has 12. Which account is meant?")
			rd.take("needs an answer", i, i+1)
		}
	}
}

// besideRegion says that a name stands where the code of a region does: "region ch-678", "in the
// ch-678 region". A name that another noun introduces is none.
func (rd *reading) besideRegion(i int) bool {
	t := rd.tokens[i]
	if t.quote {
		return false
	}
	j := i - 1
	for rd.is("namer", j) || rd.word(j, "is", "code") || rd.punct(j, ":") {
		j--
	}
	return rd.word(j, "region") || rd.word(i+1, "region") && rd.word(i-1, "in", "the", "to", "from")
}

// afterAccount says that "account" or "account id" stands before token i.
func (rd *reading) afterAccount(i int) bool {
	j := i - 1
	for rd.is("namer", j) || rd.word(j, "is") || rd.punct(j, ":") {
		j--
	}
	return rd.word(j, "account", "accounts", "acct")
}

// similarRegions returns the regions whose codes are at most two slips away.
func (rd *reading) similarRegions(code string) []string {
	var out []string
	for _, r := range rd.Lexicon.Regions() {
		if editDistance(code, r, 2) <= 2 {
			out = append(out, r)
		}
	}
	return out
}
