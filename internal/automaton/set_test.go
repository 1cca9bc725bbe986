package automaton

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// matches decides by the packages that match texts, not by automata.
func matches(m Mode, pattern, text string) bool {
	switch m {
	case Exact:
		return pattern == text
	case Fold:
		return strings.EqualFold(pattern, text)
	case Wild:
		return wildcard.Match(pattern, text)
	}
	return arn.MatchPattern(pattern, text)
}

type randomSet struct {
	mode  Mode
	texts []string
}

func (s randomSet) has(text string) bool {
	return slices.ContainsFunc(s.texts, func(p string) bool { return matches(s.mode, p, text) })
}

func randomText(r *rand.Rand, letters string, n int) string {
	b := make([]byte, r.IntN(n+1))
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

// meetsAll decides all demands by matching.
func meetsAll(sets []randomSet, in []bool, text string) bool {
	for i, s := range sets {
		if s.has(text) != in[i] {
			return false
		}
	}
	return true
}

// What is found meets the demands, and where nothing is found no short text does.
func TestFindAgainstAllTexts(t *testing.T) {
	var all []string
	var grow func(string)
	grow = func(s string) {
		all = append(all, s)
		if len(s) < 5 {
			for _, c := range "abAx*" {
				grow(s + string(c))
			}
		}
	}
	grow("")
	r := rand.New(rand.NewPCG(1, 9))
	found := 0
	for range 3000 {
		var sets []randomSet
		var in []bool
		var demands []Demand
		vs := &Variables{}
		for i := range 1 + r.IntN(4) {
			s := randomSet{mode: []Mode{Exact, Fold, Wild, Wild, Wild}[r.IntN(5)]}
			for range 1 + r.IntN(3) {
				s.texts = append(s.texts, randomText(r, "abA*?*", 4))
			}
			sets, in = append(sets, s), append(in, i == 0 || r.IntN(3) == 0)
			demands = append(demands, Demand{NewSet(s.mode, s.texts, vs, true), in[i]})
		}
		steps := 1 << 20
		text, outcome := Find(demands, &steps)
		switch outcome {
		case Some:
			found++
			if !meetsAll(sets, in, text) {
				t.Fatalf("Find(%v %v) = %q, which does not meet it", sets, in, text)
			}
		case None:
			if i := slices.IndexFunc(all, func(text string) bool { return meetsAll(sets, in, text) }); i >= 0 {
				t.Fatalf("Find(%v %v) finds nothing, but there is %q", sets, in, all[i])
			}
		case Unknown:
			t.Fatalf("Find(%v %v) gives up", sets, in)
		}
	}
	if found < 500 {
		t.Errorf("%d texts found in 3,000 searches: the test says little", found)
	}
}

func TestARNsAgainstMatching(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	parts := []string{"arn", "aws", "*", "s3", "", "a*", "b?", "a/b", "a:b", "**", "?", "x"}
	for range 20000 {
		var pattern, text []string
		for range 1 + r.IntN(7) {
			pattern = append(pattern, parts[r.IntN(len(parts))])
		}
		for range 1 + r.IntN(8) {
			text = append(text, []string{"arn", "aws", "s3", "", "a", "ab", "b", "bx", "a/b", "*", "x"}[r.IntN(11)])
		}
		p, s := strings.Join(pattern, ":"), strings.Join(text, ":")
		got := NewSet(ARN, []string{p}, &Variables{}, r.IntN(2) == 0).Match(s)
		if want := arn.MatchPattern(p, s); got != want {
			t.Fatalf("%q matches %q: %v, want %v", p, s, got, want)
		}
	}
}

// A text beyond ASCII is characters, not bytes.
func TestCharacters(t *testing.T) {
	tests := []struct {
		mode    Mode
		pattern string
		text    string
		want    bool
	}{
		{Wild, "?", "é", true}, {Wild, "??", "é", false}, {Wild, "é*", "éa", true}, {Fold, "ſ", "S", true}, {Fold, "K", "\u212a", true},
		{Fold, "straße", "STRAßE", true}, {Exact, "*", "a", false}, {Wild, "*", "", true}, {Wild, "\xff*", "\ufffd", false},
	}
	for _, test := range tests {
		if got := NewSet(test.mode, []string{test.pattern}, &Variables{}, true).Match(test.text); got != test.want {
			t.Errorf("mode %d: %q matches %q: %v, want %v", test.mode, test.pattern, test.text, got, test.want)
		}
	}
}

func TestVariables(t *testing.T) {
	tests := []struct {
		name     string
		mode     Mode
		in, out  []string
		want     Outcome
		alsoWith []string // a further wanted set
	}{
		{"the same variable", Wild, []string{"a/${k}/*"}, []string{"a/${k}/*"}, None, nil},
		{"case of the key", Wild, []string{"a/${K}"}, []string{"a/${k}"}, None, nil},
		{"a star takes it", Wild, []string{"a/${k}"}, []string{"a/*"}, None, nil},
		{"a mark does not", Wild, []string{"a/${k}"}, []string{"a/?"}, Some, nil},
		{"another variable", Wild, []string{"a/${k}"}, []string{"a/${l}"}, Some, nil},
		{"a literal star is a star", Wild, []string{"${*}"}, []string{"*"}, None, nil},
		{"a default may differ", Wild, []string{"${k, 'x'}"}, []string{"${k}"}, Some, nil},
		{"a default does not hurt", Wild, []string{"${k}"}, []string{"${k, 'x'}"}, None, nil},
		{"any case of it", Fold, []string{"${k}"}, []string{"${k}"}, None, nil},
		{"what cannot be read matches nothing", Wild, []string{"${ }"}, []string{"b"}, None, nil},
		{"two texts with it may be one", Wild, []string{"${k}x"}, []string{"b"}, Some, []string{"a*"}},
		{"colons in it shift fields", ARN, []string{"arn:aws:s3:${k}:*:x"}, []string{"arn:aws:s3:*:*:*"}, Some, nil},
		{"an account has no colons", ARN, []string{"arn:aws:s3::${aws:PrincipalAccount}:x"}, []string{"arn:aws:s3::*:x"}, None, nil},
		{"the last field", ARN, []string{"arn:aws:s3:::b/${k}/*"}, []string{"arn:aws:s3:::b/*"}, None, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			vs := &Variables{}
			demands := []Demand{{NewSet(test.mode, test.in, vs, true), true}, {NewSet(test.mode, test.out, vs, true), false}}
			if test.alsoWith != nil {
				demands = append(demands, Demand{NewSet(test.mode, test.alsoWith, vs, true), true})
			}
			steps := 1 << 20
			if text, got := Find(demands, &steps); got != test.want {
				t.Errorf("Find = %q, %v, want %v", text, got, test.want)
			}
		})
	}
}

func TestFindEndsWithItsSteps(t *testing.T) {
	vs := &Variables{}
	in := NewSet(Wild, []string{"*a" + strings.Repeat("?", 30)}, vs, true)
	out := NewSet(Wild, []string{"*b" + strings.Repeat("?", 30), "*a" + strings.Repeat("x", 30)}, vs, true)
	more := NewSet(Wild, []string{"*c" + strings.Repeat("?", 31)}, vs, true)
	steps := 20000
	if text, got := Find([]Demand{{in, true}, {out, false}, {more, true}}, &steps); got == None {
		t.Errorf("Find = %q, %v", text, got)
	}
	if steps > 20000 {
		t.Error("nothing was spent")
	}
}

// What is found meets the demands, for any patterns.
func FuzzFind(f *testing.F) {
	f.Add("a*b", "a?b", "*c", uint8(2))
	f.Add("arn:aws:s3:::a/*", "arn:*", "${k}", uint8(3))
	f.Add("${aws:username}x", "é*", "*?*?*", uint8(1))
	f.Fuzz(func(t *testing.T, in, out, also string, mode uint8) {
		m := Mode(mode % 4)
		vs := &Variables{}
		demands := []Demand{
			{NewSet(m, []string{in}, vs, false), true}, {NewSet(m, []string{out}, vs, false), false}, {NewSet(Wild, []string{also}, vs, false), true},
		}
		steps := 100000
		text, got := Find(demands, &steps)
		if got == Some && !(matches(m, in, text) && !matches(m, out, text) && wildcard.Match(also, text)) {
			t.Errorf("Find(%q, not %q, %q) in mode %d = %q", in, out, also, m, text)
		}
		marked := []Demand{{NewSet(m, []string{in}, vs, true), true}, {NewSet(m, []string{out}, vs, true), false}}
		Find(marked, &steps)
	})
}

// Matching pattern by pattern says what the automaton says, for runs of all masks.
func TestPlainMatching(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	masks := []Mask{Any, NoColon, NoSlash, Digits, Letters, Alphabet}
	found := 0
	for range 4000 {
		var vs Variables
		patterns := make([]Pattern, 1+r.IntN(3))
		for i := range patterns {
			for range r.IntN(6) {
				switch m := masks[r.IntN(len(masks))]; r.IntN(4) {
				case 0:
					patterns[i] = patterns[i].Run(m, r.IntN(2))
				case 1:
					patterns[i] = patterns[i].Repeat(m, 1)
				default:
					patterns[i] = patterns[i].Text(randomText(r, "a1:/Aé", 2))
				}
			}
		}
		set := SetOf(&vs, patterns...)
		for range 8 {
			text := randomText(r, "a1:/A\xc3\xa9", 7)
			plain, sure := set.matchPlainly(text)
			if want := set.automaton(under).match(text); !sure || plain != want {
				t.Fatalf("matchPlainly(%q) = %v, %v in %v, want %v", text, plain, sure, patterns, want)
			}
			if plain {
				found++
			}
		}
	}
	if found < 1000 {
		t.Errorf("%d texts were matched, want 1,000", found)
	}
}

// A pattern that asks for many ways to be tried is left to the automaton.
func TestPlainMatchingEnds(t *testing.T) {
	var vs Variables
	set := NewSet(Wild, []string{strings.Repeat("*a", 40) + "*b"}, &vs, false)
	text := strings.Repeat("a", 200)
	if _, sure := set.matchPlainly(text); sure {
		t.Error("a pattern of 40 runs was matched by trying all ways")
	}
	if set.Match(text) || !set.Match(text+"b") {
		t.Error("a pattern of 40 runs is matched wrongly")
	}
}
