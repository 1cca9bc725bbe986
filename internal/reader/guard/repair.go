package guard

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// freeServices takes back names that are services: in a list of services no word is the name
// of a resource.
func (g *guarding) freeServices() {
	for i := range g.Tokens {
		t := &g.Tokens[i]
		level := strings.HasSuffix(t.Lower, "-level") || strings.HasSuffix(t.Lower, "-wide")
		if !t.Taken && !t.Quote && t.Cased() == t.Lower && (level || t.Typed != nil && g.lex.Is("generic", t.Lower)) {
			t.Typed, t.Kind = nil, token.Word
			continue
		}
		if t.Typed == nil || t.Quote || t.Taken || t.Cased() != t.Lower && t.Text != strings.ToUpper(t.Text) || g.LinkAt[i] < 0 || strings.ContainsAny(t.Text, "0123456789") && t.Lower != "s3" && t.Lower != "ec2" {
			continue
		}
		for _, w := range g.LinkWeights(g.Links[g.LinkAt[i]]) {
			if w >= 8 {
				t.Typed, t.Kind = nil, token.Word
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
	g.Where = slices.DeleteFunc(g.Where, func(c object.Condition) bool {
		if !slices.Contains(settings, c.Key) || c.Unless {
			return false
		}
		from, to := g.tokensOf(c.Span)
		if from < 0 {
			return false
		}
		switched := false
		for i := max(0, from-5); i < from && !switched; i++ {
			switched = g.Word(i, "disable", "disabling", "deactivate", "deactivating", "turn", "turning", "switch", "switching", "remove", "removing")
		}
		if !switched {
			return false
		}
		for i := from; i < to; i++ {
			g.Tokens[i].Taken, g.Tokens[i].Used, g.Tokens[i].Role = false, false, ""
		}
		return true
	})
}

// tokensOf returns the tokens of a span, or -1 and -1.
func (g *guarding) tokensOf(s intent.Span) (int, int) {
	from, to := -1, -1
	for i, t := range g.Tokens {
		if t.Start >= s.Start && t.End <= s.End && t.Text != "" {
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
	for k := range g.Where {
		c := g.Where[k]
		key, ok := strings.CutPrefix(c.Key, "aws:ResourceTag/")
		made := ok && c.Clause >= 0 && g.forbids(c.Clause) && g.makes(c.Clause) && (c.Test == intent.Exists || c.Unless || g.modes[c.Clause] == guardOblige)
		if made {
			g.Where[k].Key = "aws:RequestTag/" + key
		}
		if c.Test == intent.Exists && (made || strings.HasPrefix(c.Key, "aws:RequestTag/")) {
			g.moreTags(k)
			g.tagsBefore(k)
		}
	}
}

// makes says that a clause is about making something.
func (g *guarding) makes(n int) bool {
	c := g.Clauses[n]
	for i := c.From; i < c.To; i++ {
		if _, classes := g.VerbClasses(g.lowerAt(i)); slices.Contains(classes, "create") && !g.Word(i, "open", "register") {
			return true
		}
	}
	return g.inClause(n, "new", "creation", "launch")
}

// tagsBefore reads the tag keys that stand before the one of condition k: "Owner and CostCenter tags".
func (g *guarding) tagsBefore(k int) {
	at, _ := g.tokensOf(g.Where[k].Span)
	for at > 1 {
		i := at - 1
		for i > 0 && (g.Punct(i, ",+") || g.Word(i, "and")) {
			i--
		}
		if t := g.Tokens[i]; i == at-1 && !g.Word(at, "and") || t.Taken || t.Kind != token.Name && t.Text == t.Lower {
			return
		}
		more := g.Where[k]
		more.Key, more.Span = "aws:RequestTag/"+g.Tokens[i].Text, g.Span(i, i+1)
		g.Tokens[i].Typed = nil
		g.Take("tag", i, i+1)
		g.Where = append(g.Where, more)
		at = i
	}
}

// moreTags reads the rest of a list of tag keys: "tags CostCenter and Owner".
func (g *guarding) moreTags(k int) {
	_, end := g.tokensOf(g.Where[k].Span)
	for end > 0 && end < len(g.Tokens) {
		i := end
		for g.Punct(i, ",+") || g.Word(i, "and") {
			i++
		}
		if i == end || i >= len(g.Tokens) || g.Tokens[i].Taken || g.Tokens[i].Kind == token.Punct || g.Tokens[i].Kind == token.Entity {
			return
		}
		t := g.Tokens[i]
		if t.Kind != token.Name && t.Cased() == t.Lower && !g.Punct(i+1, ".") && i+1 < len(g.Tokens) {
			return
		}
		more := g.Where[k]
		more.Key, more.Span = "aws:RequestTag/"+t.Text, g.Span(i, i+1)
		g.Tokens[i].Typed = nil
		g.Take("tag", i, i+1)
		g.Where = append(g.Where, more)
		end = i + 1
	}
}
