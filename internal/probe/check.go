package probe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Problem is a defect of a set of cases.
type Problem struct {
	Case    string
	File    string
	Line    int
	Warning bool // may be right all the same
	Text    string
}

// String returns the problem in one line.
func (p Problem) String() string {
	word := "error"
	if p.Warning {
		word = "warning"
	}
	return fmt.Sprintf("%s:%d: %s: case %s: %s", p.File, p.Line, word, p.Case, p.Text)
}

// Check looks for defects of a set: ids that stand twice, probes that nothing can answer or
// that contradict each other, actions and condition keys that do not exist, ARNs that fit none
// of the action's resource types, and gold policies that their own probes refute.
func Check(cases []Case, c *catalog.Catalog) []Problem {
	k := &checker{catalog: c}
	seen := map[string]int{}
	for _, one := range cases {
		k.current = one
		if line, twice := seen[one.ID]; twice {
			k.problem(one.Line, false, "the id stands in line %d already", line)
		}
		seen[one.ID] = one.Line
		for turn := range one.Turns {
			k.turn(turn)
		}
	}
	return k.problems
}

type checker struct {
	catalog  *catalog.Catalog
	current  Case
	problems []Problem
}

func (k *checker) problem(line int, warning bool, format string, args ...any) {
	k.problems = append(k.problems, Problem{k.current.ID, k.current.File, line, warning, fmt.Sprintf(format, args...)})
}

func (k *checker) turn(n int) {
	t := &k.current.Turns[n]
	if strings.TrimSpace(t.Words) == "" {
		k.problem(t.Line, false, "no words")
	}
	allow, deny := 0, 0
	for i := range t.Probes {
		k.probe(&t.Probes[i], k.current.KindOf(n))
		if t.Probes[i].Allow {
			allow++
			k.contradiction(&t.Probes[i], t.Probes)
		} else {
			deny++
		}
	}
	if allow == 0 || deny == 0 {
		k.problem(t.Line, true, "%d allow and %d deny probes: one side proves nothing", allow, deny)
	}
	if t.Gold == nil {
		return
	}
	for _, m := range k.current.Judge(n, t.Gold) {
		line := t.Line
		if m.Probe != nil {
			line = m.Probe.Line
		}
		k.problem(line, false, "gold is not exact: %s", m)
	}
	for _, a := range unknown(t.Gold, k.catalog) {
		k.problem(t.Line, false, "gold has the unknown action %s", a)
	}
}

// contradiction reports probes that say the opposite of the same request.
func (k *checker) contradiction(p *Probe, all []Probe) {
	for i := range all {
		if other := &all[i]; !other.Allow && other.Alone == p.Alone && other.Resource == p.Resource &&
			strings.EqualFold(other.Action, p.Action) && reflect.DeepEqual(other.Request(), p.Request()) {
			k.problem(p.Line, false, "%s %s must be allowed here and denied in line %d", p.Action, p.Resource, other.Line)
		}
	}
}

func (k *checker) probe(p *Probe, kind policy.Kind) {
	named := kind == policy.Trust || kind == policy.ResourceBased
	if named && p.Principal.ID == "" {
		k.problem(p.Line, false, "a probe of a %s policy needs a principal", kind)
	}
	for key := range p.Context {
		k.key(p.Line, key)
	}
	for _, key := range p.Absent {
		k.key(p.Line, key)
	}
	a, ok := k.catalog.Action(p.Action)
	if !ok {
		k.problem(p.Line, false, "no action %s", p.Action)
		return
	}
	if a.String() != p.Action {
		k.problem(p.Line, true, "%s is spelled %s", p.Action, a)
	}
	if kind != policy.Trust {
		k.resource(p, a)
	}
}

func (k *checker) key(line int, key string) {
	if _, ok := k.catalog.Key(key); ok || federated(key) {
		return
	}
	k.problem(line, true, "no condition key %s", key)
}

// federated says whether the key is one of an identity provider: host, colon, claim.
func federated(key string) bool {
	host, claim, ok := strings.Cut(key, ":")
	return ok && claim != "" && (strings.Contains(host, ".") || host == "saml")
}

func (k *checker) resource(p *Probe, a *catalog.Action) {
	switch {
	case p.Resource == "":
		k.problem(p.Line, false, "no resource")
	case p.Resource == "*":
		if len(a.Resources) > 0 {
			k.problem(p.Line, true, "%s names resources, yet the probe has *", a)
		}
	case len(a.Resources) == 0:
		k.problem(p.Line, true, "%s names no resource, yet the probe has %s", a, p.Resource)
	default:
		if _, err := arn.Parse(p.Resource); err != nil {
			k.problem(p.Line, false, "%s: %v", p.Resource, err)
		} else if !fits(a, p.Resource) {
			k.problem(p.Line, true, "%s fits no resource type of %s", p.Resource, a)
		}
	}
}

// fits says whether an ARN can be one of a resource that the action names.
func fits(a *catalog.Action, resource string) bool {
	return slices.ContainsFunc(a.Resources, func(r catalog.ActionResource) bool {
		return slices.ContainsFunc(append(slices.Clone(r.Type.ARNs), a.ARNs(r.Type)...), func(format string) bool {
			return arn.MatchPattern(catalog.FillARN(format, nil), resource)
		})
	})
}
