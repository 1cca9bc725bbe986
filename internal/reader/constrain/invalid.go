package constrain

import (
	"regexp"
	"strconv"

	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// regionShape is what the codes of regions look like.
var regionShape = regexp.MustCompile(`^(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov|-iso[a-z]?)?-(north|south|east|west|central)(east|west)?-\d+$`)

// ScanInvalid asks about regions and accounts that there cannot be: left aside, they would leave
// a policy wider than it was meant.
func (rd *Reading) ScanInvalid() {
	for i, t := range rd.Tokens {
		switch {
		case t.Taken || t.Kind == token.Punct:
		case t.Kind == token.Name && (regionShape.MatchString(t.Lower) && rd.NounEndingAt(i) == nil || rd.besideRegion(i)):
			rd.Ask(rd.Span(i, i+1), t.Text+" is not a region of AWS that is known: which region is meant?", rd.similarRegions(t.Lower)...)
			rd.Take("needs an answer", i, i+1)
		case t.Kind == token.Entity && t.Lit.Kind == token.NumberLiteral && rd.afterAccount(i):
			rd.Ask(rd.Span(i, i+1), t.Text+" is not an account ID: it has "+strconv.Itoa(len(t.Text))+" digits and an account ID has 12. Which account is meant?")
			rd.Take("needs an answer", i, i+1)
		}
	}
}

// besideRegion says that a name stands where the code of a region does: "region ch-678", "in the
// ch-678 region". A name that another noun introduces is none.
func (rd *Reading) besideRegion(i int) bool {
	t := rd.Tokens[i]
	if t.Quote {
		return false
	}
	j := i - 1
	for rd.Is("namer", j) || rd.Word(j, "is", "code") || rd.Punct(j, ":") {
		j--
	}
	return rd.Word(j, "region") || rd.Word(i+1, "region") && rd.Word(i-1, "in", "the", "to", "from")
}

// afterAccount says that "account" or "account id" stands before token i.
func (rd *Reading) afterAccount(i int) bool {
	j := i - 1
	for rd.Is("namer", j) || rd.Word(j, "is") || rd.Punct(j, ":") {
		j--
	}
	return rd.Word(j, "account", "accounts", "acct")
}

// similarRegions returns the regions whose codes are at most two slips away.
func (rd *Reading) similarRegions(code string) []string {
	var out []string
	for _, r := range rd.Lexicon.Regions() {
		if sentence.EditDistance(code, r, 2) <= 2 {
			out = append(out, r)
		}
	}
	return out
}
