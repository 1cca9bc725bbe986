package request

import (
	"slices"
	"testing"

	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A word in a noun's or a verb's place that is one slip away from a known one is read as it; in a
// name's place it is a name.
func TestCorrectTypos(t *testing.T) {
	for _, tc := range []struct {
		words string
		want  []string // what the changed words are read as
	}{
		{"restart instnaces tagged Env=dev", []string{"instances"}},
		{"subscrbe to the topc alerts-eu", []string{"subscribe", "topic"}},
		{"reed the secrt app/db", []string{"secret"}},
		{"recieve mesages from the queue jobs", []string{"receive", "messages"}},
		{"delete itmes of the dynamodb table orders", []string{"items"}},
		{"invok the funtion resize-img", []string{"invoke", "function"}},
		{"read the table ordrs", nil},
		{"read the mesages table", nil},
		{"list the Objcets", nil},
		{"get objects from the bucket named stacsk", nil},
		{"delete the queue `mesages`", nil},
		{"read the table instnaces-v2", nil},
	} {
		rd := begin(tc.words)
		rd.Read()
		var got []string
		for _, tok := range rd.Tokens {
			if tok.Role == "read as "+tok.Lower {
				got = append(got, tok.Lower)
			}
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s\n got %q\nwant %q", tc.words, got, tc.want)
		}
	}
}

// What a slash joined is one name again once the noun before it is known.
func TestNameBehindMisspeltNoun(t *testing.T) {
	rd := begin("read the secrt crm/token")
	rd.Read()
	if got := rd.Tokens[len(rd.Tokens)-1].Text; got != "crm/token" {
		t.Errorf("the last token is %q, want crm/token", got)
	}
}

// Where every word bears a capital, capitals tell no names.
func TestCapitalsOfWholeLines(t *testing.T) {
	for _, tc := range []struct {
		words string
		flat  bool // the word "stream" bears a capital that says nothing
	}{
		{"PUT RECORDS INTO THE KINESIS STREAM gps-feed", true},
		{"Put Records Into The Kinesis Stream gps-feed", true},
		{"put records into the kinesis Stream gps-feed", false},
		{"read the bucket maps-7.\nPUT RECORDS INTO THE STREAM gps-feed", true},
	} {
		rd := begin(tc.words)
		i := slices.IndexFunc(rd.Tokens, func(tok token.Token) bool { return tok.Lower == "stream" })
		if got := rd.Tokens[i].Cased() == "stream"; got != tc.flat {
			t.Errorf("%s: the capital of %s tells nothing = %v, want %v", tc.words, rd.Tokens[i].Text, got, tc.flat)
		}
	}
}
