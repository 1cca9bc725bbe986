// Package automaton decides which texts match patterns of policies: whether some text is in all
// of several sets of patterns and in none of others, and which. The patterns are those of package
// condition: texts in any case, with * and ?, and field by field as ARNs, with policy variables.
package automaton

// An Outcome is whether a text was found.
type Outcome uint8

// The outcomes.
const (
	None    Outcome = iota // there is no such text
	Some                   // there is; with variables, there may be
	Unknown                // the search was given up
)

// A Set is the texts that some pattern of a list matches. It is not safe for concurrent use.
type Set struct {
	mode      Mode
	variables *Variables
	patterns  []Pattern
	marked    bool     // some pattern has a variable
	list      []string // the texts themselves, if listed
	listed    bool     // no pattern matches more than one text
	automata  [roles]*automaton
}

const maxListed = 256 // longer lists are searched, not tried one by one

// NewSet reads the patterns of a list. All sets of one search share their variables; expand says
// whether this one has any, as documents before 2012-10-17 have none.
func NewSet(m Mode, texts []string, vs *Variables, expand bool) *Set {
	t := &Set{mode: m, variables: vs, listed: m != Fold}
	marker := vs.marker
	if !expand {
		marker = nil
	}
	for _, text := range texts {
		p, none := readPattern(text, m, marker)
		if none {
			continue
		}
		t.patterns = append(t.patterns, p)
		t.marked = t.marked || p.marked()
		if t.listed {
			var literal string
			literal, t.listed = p.literal()
			t.list = append(t.list, literal)
		}
	}
	t.listed = t.listed && len(t.list) <= maxListed
	return t
}

// SetOf returns the set of patterns that were put together.
func SetOf(vs *Variables, patterns ...Pattern) *Set {
	return &Set{variables: vs, patterns: patterns}
}

// List returns the texts of the set if they are few and the set has no others.
func (t *Set) List() ([]string, bool) {
	if !t.listed {
		return nil, false
	}
	return t.list, true
}

// automaton returns the automaton of the set in a role.
func (t *Set) automaton(as role) *automaton {
	if len(t.variables.list) == 0 {
		as = under // without markers all roles are the same
	}
	if t.automata[as] == nil {
		t.automata[as] = newAutomaton(t, as, t.variables)
	}
	return t.automata[as]
}

// Match reports whether a text is in the set whatever its variables stand for.
func (t *Set) Match(text string) bool { return t.automaton(under).match(text) }

// MayMatch reports whether a text may be in the set, for some values of its variables.
func (t *Set) MayMatch(text string) bool { return t.automaton(over).match(text) }

// A Demand is that a text is in a set, or that it is not.
type Demand struct {
	*Set
	In bool
}

// Find searches for a text that meets all demands, a short one first. It takes what it spends
// from steps, and gives up when they are used up. An outcome of None is sure; with variables,
// Some is not, and its text is of no use.
func Find(demands []Demand, steps *int) (string, Outcome) {
	members := make([]member, len(demands))
	var list, marked []*Set
	for i, d := range demands {
		as := under
		if d.In {
			as = over
		}
		members[i] = member{d.automaton(as), d.In}
		if d.In && d.listed && (list == nil || len(d.list) < len(list[0].list)) {
			list = []*Set{d.Set}
		}
		if d.In && d.marked {
			marked = append(marked, d.Set)
		}
	}
	if list != nil {
		for _, text := range list[0].list {
			if *steps -= len(members); all(members, text) {
				return text, Some
			}
		}
		return "", None
	}
	if len(marked) == 0 {
		if text, ok := guess(demands, members, steps); ok {
			return text, Some
		}
		p := product{members: members, steps: steps}
		return p.search()
	}
	return anchored(demands, members, marked, steps)
}

// maxGuesses bounds the texts that are tried before a search.
const maxGuesses = 32

// guess tries texts that the wanted patterns give if their stars stand for nothing. A search of
// patterns with many wildcards can take long where such a text is at hand.
func guess(demands []Demand, members []member, steps *int) (string, bool) {
	tried := 0
	for _, d := range demands {
		if !d.In {
			continue
		}
		for _, p := range d.patterns {
			if tried++; tried > maxGuesses {
				return "", false
			}
			text := p.plainest()
			if *steps -= len(members); all(members, text) {
				return text, true
			}
		}
	}
	return "", false
}

// anchored searches with each of the sets with variables as the anchor. One search that finds
// nothing is enough.
func anchored(demands []Demand, members []member, marked []*Set, steps *int) (text string, found Outcome) {
	for _, t := range marked {
		own := append([]member(nil), members...)
		for i := range own {
			if demands[i].Set == t && own[i].wanted {
				own[i].automaton = t.automaton(anchor)
			}
		}
		p := product{members: own, anchor: t.automaton(anchor), steps: steps}
		if text, found = p.search(); found == None {
			return "", None
		}
	}
	return text, found
}

func all(members []member, text string) bool {
	for _, m := range members {
		if m.match(text) != m.wanted {
			return false
		}
	}
	return true
}
