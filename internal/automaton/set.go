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
	tried     int      // texts that were matched without an automaton
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
func (t *Set) Match(text string) bool { return t.match(under, text) }

// MayMatch reports whether a text may be in the set, for some values of its variables.
func (t *Set) MayMatch(text string) bool { return t.match(over, text) }

// maxTried is how many texts are matched with one pattern after the other before it pays to make
// an automaton.
const maxTried = 16

// match reports whether the automaton of the set in a role accepts a text.
func (t *Set) match(as role, text string) bool {
	if t.automata[as] == nil && !t.marked && t.mode != Fold && t.tried < maxTried {
		t.tried++
		if found, sure := t.matchPlainly(text); sure {
			return found
		}
	}
	return t.automaton(as).match(text)
}

// A Demand is that a text is in a set, or that it is not.
type Demand struct {
	*Set
	In bool
}

// Find searches for a text that meets all demands, a short one first. It takes what it spends
// from steps, and gives up when they are used up. An outcome of None is sure; with variables,
// Some is not, and its text is of no use.
func Find(demands []Demand, steps *int) (string, Outcome) {
	var list, marked []*Set
	for _, d := range demands {
		if d.In && d.listed && (list == nil || len(d.list) < len(list[0].list)) {
			list = []*Set{d.Set}
		}
		if d.In && d.marked {
			marked = append(marked, d.Set)
		}
	}
	if list != nil {
		for _, text := range list[0].list {
			if met(demands, text, steps) {
				return text, Some
			}
		}
		return "", None
	}
	if len(marked) == 0 {
		if text, ok := guess(demands, steps); ok {
			return text, Some
		}
		p := product{members: membersOf(demands), steps: steps}
		return p.search()
	}
	return anchored(demands, membersOf(demands), marked, steps)
}

func membersOf(demands []Demand) []member {
	members := make([]member, len(demands))
	for i, d := range demands {
		members[i] = member{d.automaton(d.role()), d.In}
	}
	return members
}

// role returns how markers are read for a demand: generously if it is met by what the set has.
func (d Demand) role() role {
	if d.In {
		return over
	}
	return under
}

// maxGuesses bounds the texts that are tried before a search.
const maxGuesses = 32

// guess tries texts that the wanted patterns give if their stars stand for nothing. A search of
// patterns with many wildcards can take long where such a text is at hand.
func guess(demands []Demand, steps *int) (string, bool) {
	tried := 0
	for _, d := range demands {
		if !d.In {
			continue
		}
		for _, p := range d.patterns {
			if tried++; tried > maxGuesses {
				return "", false
			}
			if text := p.plainest(); met(demands, text, steps) {
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

// met reports whether a text meets all demands.
func met(demands []Demand, text string, steps *int) bool {
	*steps -= len(demands)
	for _, d := range demands {
		if d.match(d.role(), text) != d.In {
			return false
		}
	}
	return true
}
