package app

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compile"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader"
	"github.com/aegis-iam/aegis/internal/verify"
)

//go:embed testdata/metamorphic.txt
var metamorphicText string

// knownText lists pairs that do not hold yet, a line each: property, request, other request, reason.
//
//go:embed testdata/known.txt
var knownText string

// A base is a request with others that relate to it.
type base struct {
	words            string
	kind             policy.Kind
	same, less, wide []string
}

func bases(t *testing.T) []base {
	t.Helper()
	var out []base
	for n, line := range strings.Split(metamorphicText, "\n") {
		field, rest, _ := strings.Cut(line, " ")
		if field == "words" {
			out = append(out, base{words: rest})
			continue
		}
		if field == "" || strings.HasPrefix(field, "#") {
			continue
		}
		if len(out) == 0 {
			t.Fatalf("line %d stands before any request", n+1)
		}
		b := &out[len(out)-1]
		switch field {
		case "kind":
			b.kind = policy.Kind(rest)
		case "same":
			b.same = append(b.same, rest)
		case "less":
			b.less = append(b.less, rest)
		case "wide":
			b.wide = append(b.wide, rest)
		default:
			t.Fatalf("line %d begins with %q", n+1, field)
		}
	}
	if len(out) < 110 {
		t.Fatalf("%d requests, want at least 110", len(out))
	}
	return out
}

// A reading is what words became: the document, and the tests of the intent.
type reading struct {
	words    string
	document *policy.Document
	kind     policy.Kind
	tests    []verify.Test
	compiled *evaluate.Policy
}

// read reads marked words.
func (a *App) read(t *testing.T, kind policy.Kind, marked string) reading {
	t.Helper()
	words := unmarked(marked)
	in, err := a.reader.Read(t.Context(), words, reader.Options{Kind: kind})
	if err != nil {
		t.Fatalf("Read(%q) = %v", words, err)
	}
	result := compile.Compile(in, a.Catalog)
	r := reading{words: words, document: result.Document, kind: result.Kind, tests: verify.Tests(in, a.Catalog)}
	if r.compiled, err = evaluate.Compile(result.Document, result.Kind); err != nil {
		t.Fatalf("Read(%q) compiles to a document that cannot be evaluated: %v", words, err)
	}
	return r
}

var mark = strings.NewReplacer("{", "", "}", "")

func unmarked(marked string) string { return mark.Replace(marked) }

func (r reading) allows(q evaluate.Request) bool {
	return evaluate.Evaluate(q, r.compiled) == evaluate.Allowed
}

// canonical writes a document without Sids, all lists in byte order: their order has no meaning.
func canonical(d *policy.Document) string {
	lines := make([]string, len(d.Statements))
	for i, s := range d.Statements {
		s.Sid = ""
		s.Actions, s.NotActions = sorted(s.Actions), sorted(s.NotActions)
		s.Resources, s.NotResources = sorted(s.Resources), sorted(s.NotResources)
		s.Conditions = slices.Clone(s.Conditions)
		for j := range s.Conditions {
			s.Conditions[j].Values = sorted(s.Conditions[j].Values)
		}
		slices.SortFunc(s.Conditions, func(a, b policy.Condition) int {
			return strings.Compare(a.Operator+"\x00"+a.Key, b.Operator+"\x00"+b.Key)
		})
		one := policy.Document{Statements: []policy.Statement{s}}
		lines[i] = string(one.Compact())
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func sorted(texts []policy.Text) []policy.Text {
	out := slices.Clone(texts)
	slices.SortFunc(out, func(a, b policy.Text) int { return strings.Compare(a.Text, b.Text) })
	return out
}

// A tally counts the pairs of a property, and holds those that are known to fail against those
// that do.
type tally struct {
	property string
	known    map[string]string // pair -> reason
	seen     map[string]bool
	pairs    int
	failed   int
}

func newTally(t *testing.T, property string) *tally {
	t.Helper()
	c := &tally{property: property, known: map[string]string{}, seen: map[string]bool{}}
	for n, line := range strings.Split(strings.TrimSpace(knownText), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, " | ")
		if len(fields) != 4 || fields[3] == "" {
			t.Fatalf("known.txt:%d has %d fields, want 4: property, request, other request, reason", n+1, len(fields))
		}
		if fields[0] == property {
			c.known[fields[1]+" | "+fields[2]] = fields[3]
		}
	}
	return c
}

// check records whether a pair holds; why is told if it does not.
func (c *tally) check(t *testing.T, words, other string, holds bool, why func() string) {
	t.Helper()
	c.pairs++
	pair := words + " | " + other
	_, known := c.known[pair]
	c.seen[pair] = true
	switch {
	case holds && known:
		t.Logf("known.txt lists %s | %s, which holds now: take it out", c.property, pair)
	case !holds && !known:
		t.Errorf("%s | %s\n%s", c.property, pair, why())
	}
	if !holds {
		c.failed++
	}
}

func (c *tally) report(t *testing.T) {
	t.Helper()
	for pair, reason := range c.known {
		if !c.seen[pair] {
			t.Errorf("known.txt lists %s | %s, which is no pair", c.property, pair)
		}
		t.Logf("known: %s: %s", pair, reason)
	}
	t.Logf("%s: %d of %d pairs hold (%.1f%%), %d known not to", c.property, c.pairs-c.failed, c.pairs,
		100*float64(c.pairs-c.failed)/float64(max(c.pairs, 1)), len(c.known))
}

// same checks that words have the same document as the base has.
func (c *tally) same(t *testing.T, program *App, b base, first reading, marked string) {
	t.Helper()
	r := program.read(t, b.kind, marked)
	got, want := canonical(r.document), canonical(first.document)
	c.check(t, first.words, visible(r.words), got == want && r.kind == first.kind, func() string {
		return "got  (" + string(r.kind) + ") " + got + "\nwant (" + string(first.kind) + ") " + want
	})
}

// visible writes words on one line.
func visible(words string) string {
	return strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(words)
}

// Every base must grant or deny something, else sameness is idle.
func TestBasesSaySomething(t *testing.T) {
	program := New(catalog.Default())
	c := newTally(t, "empty")
	for _, b := range bases(t) {
		r := program.read(t, b.kind, b.words)
		c.check(t, r.words, "", len(r.document.Statements) > 0, func() string { return "the document is empty" })
	}
	c.report(t)
}

func TestParaphrases(t *testing.T) {
	program := New(catalog.Default())
	c := newTally(t, "paraphrase")
	for _, b := range bases(t) {
		first := program.read(t, b.kind, b.words)
		for _, words := range b.same {
			c.same(t, program, b, first, words)
		}
	}
	c.report(t)
}

func TestSurface(t *testing.T) {
	program := New(catalog.Default())
	for _, property := range []struct {
		name   string
		change func(marked string) []string
	}{
		{"case", letterCases}, {"punctuation", punctuations}, {"politeness", polite}, {"typo", typos},
	} {
		t.Run(property.name, func(t *testing.T) {
			c := newTally(t, property.name)
			for _, b := range bases(t) {
				first := program.read(t, b.kind, b.words)
				for _, words := range property.change(b.words) {
					c.same(t, program, b, first, words)
				}
			}
			c.report(t)
		})
	}
}

// A condition more allows nothing more.
func TestAddressNarrows(t *testing.T) {
	program := New(catalog.Default())
	c := newTally(t, "address")
	for _, b := range bases(t) {
		first := program.read(t, b.kind, b.words)
		if first.kind != policy.IdentityBased || strings.HasPrefix(b.words, "deny ") {
			continue
		}
		r := program.read(t, b.kind, b.words+", only from {203.0.113.0/24}")
		c.within(t, r, first, first, r)
	}
	c.report(t)
}

// within checks that what the narrow reading allows, the wide one allows too; the requests are
// the tests of both. The pair is named by its first and its other words.
func (c *tally) within(t *testing.T, narrow, wide, first, other reading) {
	t.Helper()
	var excess []string
	allowed := 0
	for _, test := range append(slices.Clone(narrow.tests), wide.tests...) {
		if !narrow.allows(test.Request) {
			continue
		}
		allowed++
		if !wide.allows(test.Request) {
			excess = append(excess, test.Request.Action+" "+test.Request.Resource)
		}
	}
	c.check(t, first.words, other.words, len(excess) == 0 && allowed > 0, func() string {
		return "of the requests to " + narrow.words + "\nnot allowed by " + wide.words + ":\n" + strings.Join(excess, "\n") +
			"\nnarrow " + canonical(narrow.document) + "\nwide " + canonical(wide.document)
	})
}

func TestClauseTakenAway(t *testing.T) {
	program := New(catalog.Default())
	c := newTally(t, "clause")
	for _, b := range bases(t) {
		first := program.read(t, b.kind, b.words)
		for _, words := range b.less {
			r := program.read(t, b.kind, words)
			c.within(t, r, first, first, r)
		}
		for _, words := range b.wide {
			r := program.read(t, b.kind, words)
			c.within(t, first, r, first, r)
		}
	}
	c.report(t)
}

// Two requests in one text, in either order, allow what each allows by itself and nothing else.
func TestSentences(t *testing.T) {
	program := New(catalog.Default())
	c := newTally(t, "sentences")
	var single []base
	for _, b := range bases(t) {
		if b.kind == "" && !strings.HasPrefix(b.words, "deny ") && !strings.Contains(b.words, "account") && !strings.Contains(b.words, " MFA") {
			single = append(single, b)
		}
	}
	for i, a := range single {
		b := single[(i+11)%len(single)]
		first, second := program.read(t, "", a.words), program.read(t, "", b.words)
		for _, both := range []reading{program.read(t, "", a.words+". "+b.words+"."), program.read(t, "", b.words+".\n"+a.words+".")} {
			var wrong []string
			for _, test := range slices.Concat(first.tests, second.tests, both.tests) {
				want := first.allows(test.Request) || second.allows(test.Request)
				if both.allows(test.Request) != want {
					wrong = append(wrong, test.Request.Action+" "+test.Request.Resource)
				}
			}
			c.check(t, first.words, visible(both.words), len(wrong) == 0, func() string {
				return strings.Join(wrong, "\n") + "\ngot " + canonical(both.document)
			})
		}
	}
	c.report(t)
}
