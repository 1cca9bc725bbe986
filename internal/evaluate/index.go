package evaluate

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// An actionIndex finds the statements of one effect that an action falls under, without
// looking at those that name other services.
type actionIndex struct {
	size     int                        // number of statements in the document
	exact    map[string][]int           // by the whole action in lower case
	services map[string][]actionPattern // by the service prefix in lower case
	others   []actionPattern            // whose service prefix is itself a pattern
	excepts  []actionExcept             // NotAction
	all      []int                      // Action *
}

type actionPattern struct {
	pattern   wildcard.Pattern // in lower case; without the prefix under services
	statement int
}

type actionExcept struct {
	patterns  []wildcard.Pattern
	statement int
}

func indexActions(statements []policy.Statement, effect policy.Effect) actionIndex {
	x := actionIndex{
		size:     len(statements),
		exact:    map[string][]int{},
		services: map[string][]actionPattern{},
	}
	for i := range statements {
		s := &statements[i]
		if s.Effect != effect {
			continue
		}
		for _, a := range s.Actions {
			x.add(strings.ToLower(a.Text), i)
		}
		if len(s.Actions) == 0 && len(s.NotActions) > 0 {
			except := actionExcept{statement: i}
			for _, a := range s.NotActions {
				except.patterns = append(except.patterns, wildcard.Compile(strings.ToLower(a.Text)))
			}
			x.excepts = append(x.excepts, except)
		}
	}
	return x
}

func (x *actionIndex) add(action string, statement int) {
	service, name, found := strings.Cut(action, ":")
	switch {
	case action == "*":
		x.all = append(x.all, statement)
	case !wildcard.Contains(action):
		x.exact[action] = append(x.exact[action], statement)
	case !found || wildcard.Contains(service):
		x.others = append(x.others, actionPattern{wildcard.Compile(action), statement})
	default:
		x.services[service] = append(x.services[service], actionPattern{wildcard.Compile(name), statement})
	}
}

// find returns the statements whose Action or NotAction the action falls under, one bit for
// each statement of the document, in the space of set if that suffices. The action is given
// as it is and in lower case.
func (x *actionIndex) find(action string, lowered []byte, set []uint64) []uint64 {
	words := (x.size + 63) / 64
	if words > cap(set) {
		set = make([]uint64, words)
	}
	set = set[:words]
	for _, s := range x.all {
		add(set, s)
	}
	for _, s := range x.exact[string(lowered)] {
		add(set, s)
	}
	if colon := strings.IndexByte(action, ':'); colon >= 0 {
		name := action[colon+1:]
		patterns := x.services[string(lowered[:colon])]
		for i := range patterns {
			p := &patterns[i]
			if !has(set, p.statement) && matchFold(&p.pattern, name) {
				add(set, p.statement)
			}
		}
	}
	for i := range x.others {
		if p := &x.others[i]; p.pattern.MatchFold(action) {
			add(set, p.statement)
		}
	}
	for i := range x.excepts {
		if e := &x.excepts[i]; !anyMatchesFold(e.patterns, action) {
			add(set, e.statement)
		}
	}
	return set
}

// matchFold answers for most patterns by their start alone.
func matchFold(p *wildcard.Pattern, name string) bool {
	prefix := p.Prefix()
	return len(name) >= len(prefix) && (prefix == "" || lower(name[0]) == prefix[0]) && p.MatchFold(name)
}

func anyMatchesFold(patterns []wildcard.Pattern, action string) bool {
	for i := range patterns {
		if matchFold(&patterns[i], action) {
			return true
		}
	}
	return false
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func add(set []uint64, i int)      { set[i/64] |= 1 << (i % 64) }
func has(set []uint64, i int) bool { return set[i/64]&(1<<(i%64)) != 0 }
