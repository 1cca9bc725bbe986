package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// freeServices takes back names that are services: in a list of services no word is the name
// of a resource.
func (g *guarding) freeServices() {
	for i := range g.tokens {
		t := &g.tokens[i]
		level := strings.HasSuffix(t.lower, "-level") || strings.HasSuffix(t.lower, "-wide")
		if !t.taken && !t.quote && t.text == t.lower && (level || t.typed != nil && g.lex.Is("generic", t.lower)) {
			t.typed, t.kind = nil, wordToken
			continue
		}
		if t.typed == nil || t.quote || t.taken || t.text != t.lower && t.text != strings.ToUpper(t.text) || g.linkAt[i] < 0 || strings.ContainsAny(t.text, "0123456789") && t.lower != "s3" && t.lower != "ec2" {
			continue
		}
		for _, w := range g.linkWeights(g.links[g.linkAt[i]]) {
			if w >= 8 {
				t.typed, t.kind = nil, wordToken
				break
			}
		}
	}
}

// settings are the condition keys that name a setting which itself can be switched.
var settings = []string{"ec2:Encrypted", "rds:StorageEncrypted", "elasticfilesystem:Encrypted", "s3:x-amz-server-side-encryption", "aws:MultiFactorAuthPresent"}

// freeObjects takes back conditions that are what a verb acts on: whoever may not disable
// encryption by default is not limited to encrypted volumes.
func (g *guarding) freeObjects() {
	g.where = slices.DeleteFunc(g.where, func(c scoped) bool {
		if !slices.Contains(settings, c.Key) || c.unless {
			return false
		}
		from, to := g.tokensOf(c.Span)
		if from < 0 {
			return false
		}
		switched := false
		for i := max(0, from-5); i < from && !switched; i++ {
			switched = g.word(i, "disable", "disabling", "deactivate", "deactivating", "turn", "turning", "switch", "switching", "remove", "removing")
		}
		if !switched {
			return false
		}
		for i := from; i < to; i++ {
			g.tokens[i].taken, g.tokens[i].used, g.tokens[i].role = false, false, ""
		}
		return true
	})
}

// tokensOf returns the tokens of a span, or -1 and -1.
func (g *guarding) tokensOf(s intent.Span) (int, int) {
	from, to := -1, -1
	for i, t := range g.tokens {
		if t.start >= s.Start && t.end <= s.End && t.text != "" {
			if from < 0 {
				from = i
			}
			to = i + 1
		}
	}
	return from, to
}

// requestTags reads tags that something must have when it is made: they stand in the request,
// not yet on the resource; and further tags of the same list are required as well.
func (g *guarding) requestTags() {
	for k := range g.where {
		c := g.where[k]
		key, ok := strings.CutPrefix(c.Key, "aws:ResourceTag/")
		made := ok && c.clause >= 0 && g.forbids(c.clause) && g.makes(c.clause) && (c.Test == intent.Exists || c.unless || g.modes[c.clause] == guardOblige)
		if made {
			g.where[k].Key = "aws:RequestTag/" + key
		}
		if c.Test == intent.Exists && (made || strings.HasPrefix(c.Key, "aws:RequestTag/")) {
			g.moreTags(k)
		}
	}
}

// makes says that a clause is about making something.
func (g *guarding) makes(n int) bool {
	c := g.clause[n]
	for i := c.from; i < c.to; i++ {
		if _, classes := g.verbClasses(g.lowerAt(i)); slices.Contains(classes, "create") && !g.word(i, "open", "register") {
			return true
		}
	}
	return g.inClause(n, "new", "creation", "launch")
}

// moreTags reads the rest of a list of tag keys: "tags CostCenter and Owner".
func (g *guarding) moreTags(k int) {
	_, end := g.tokensOf(g.where[k].Span)
	for end > 0 && end < len(g.tokens) {
		i := end
		for g.punct(i, ",+") || g.word(i, "and") {
			i++
		}
		if i == end || i >= len(g.tokens) || g.tokens[i].taken || g.tokens[i].kind == punctToken || g.tokens[i].kind == entityToken {
			return
		}
		t := g.tokens[i]
		if t.kind != nameToken && t.text == t.lower && !g.punct(i+1, ".") && i+1 < len(g.tokens) {
			return
		}
		more := g.where[k]
		more.Key, more.Span = "aws:RequestTag/"+t.text, g.span(i, i+1)
		g.tokens[i].typed = nil
		g.take("tag", i, i+1)
		g.where = append(g.where, more)
		end = i + 1
	}
}
