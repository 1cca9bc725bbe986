package followup

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// takeOut removes what the segment names: conditions, names, principals, services, actions.
func (f *followup) takeOut() {
	names, unknown := f.namedHere()
	steps := []func([]int) bool{f.dropConditions, f.dropPrincipals, f.dropActions, f.dropNames}
	if len(unknown) > 0 {
		steps = append(steps, func([]int) bool { return f.except() })
	}
	steps = append(steps, f.dropServices, f.dropTypes)
	for _, step := range steps {
		if step(names) {
			f.e.removed = true
			return
		}
	}
	switch {
	case f.e.removed || len(f.e.edits) > 0 && len(names) == 0, f.satisfied():
		f.e.noted("nothing more to take away")
	case !f.hasVerb(0, len(f.Tokens)) && len(names)+len(unknown) == 0 && f.has("that", "it", "this", "those", "them"):
		f.dropLast()
	default:
		f.e.ask(f.all(), "What shall be taken away? Nothing that is allowed so far fits these words.")
	}
}

// satisfied says that the words name something that is not there, so that nothing is to be done.
func (f *followup) satisfied() bool {
	for i := range f.Tokens {
		if _, ok := conditionWords[f.Tokens[i].Lower]; ok {
			f.Take("a condition that is not there", i, i+1)
			return true
		}
	}
	return f.removable() != nil
}

// dropLast takes back what the last turn has done: "drop that again".
func (f *followup) dropLast() {
	if from := f.e.talk.Turns[f.e.from].From; from >= 0 && from < f.e.from {
		words := f.e.in.Words
		f.e.in = f.e.talk.Turns[from].Intent.Clone()
		f.e.in.Words = words
		f.e.did("took back the last change")
		return
	}
	f.e.ask(f.all(), "What shall be taken away?")
}

// namedHere are the tokens that name what the conversation has, and those that name anything else.
func (f *followup) namedHere() (names, unknown []int) {
	for _, i := range f.things(0, len(f.Tokens)) {
		if _, ok := f.knownAt(i); ok {
			names = append(names, i)
		} else if f.ActionNames(i) == nil {
			unknown = append(unknown, i)
		}
	}
	return names, unknown
}

// dropPrincipals removes those whom a trust or resource-based document lets in.
func (f *followup) dropPrincipals(names []int) bool {
	if f.e.in.Kind != policy.Trust && f.e.in.Kind != policy.ResourceBased {
		return false
	}
	said := f.principals()
	for _, m := range f.ServiceMentions() {
		said = append(said, intent.Principal{Type: "Service", ID: m.ID})
	}
	drop := func(p intent.Principal) bool {
		for _, s := range said {
			if s.ID == p.ID || s.Type == "Service" && p.Type == "Service" && strings.HasPrefix(p.ID, strings.TrimSuffix(s.ID, "amazonaws.com")) {
				return true
			}
		}
		for _, i := range names {
			v := f.valueOf(i)
			if strings.HasSuffix(p.ID, "/"+v) || accountOf(p.ID) == v || p.ID == v {
				return true
			}
		}
		return false
	}
	if f.e.in.DropPrincipals(drop) == 0 {
		return false
	}
	f.Use(0, len(f.Tokens))
	f.e.did("removed a principal")
	return true
}

// dropNames removes the resources that are named.
func (f *followup) dropNames(names []int) bool {
	if len(names) == 0 || f.removable() != nil {
		return false
	}
	n := 0
	for _, i := range names {
		v := f.valueOf(i)
		if n += f.e.in.DropTargets(func(t intent.Target) bool { return t.Names(v) || t.Names(strings.Trim(v, "/")) }); n > 0 {
			f.Take("resource taken away", i, i+1)
			f.e.did("removed " + v)
		}
	}
	return n > 0
}

// dropServices removes what a named service is granted: "forget the firehose part".
func (f *followup) dropServices(_ []int) bool {
	in := servicesOf(f.e.in)
	n := 0
	for _, l := range f.Links {
		for _, e := range l.Entries {
			if !in[e.Service] || e.Kind != lexicon.Name && !(e.Kind == lexicon.Noun && f.onlyServiceOf(l, in)) {
				continue
			}
			if n += f.e.in.DropActions(func(_ intent.Grant, a intent.Action) bool { return strings.HasPrefix(a.Name, e.Service+":") }); n > 0 {
				f.Use(l.From, l.To)
				f.e.did("removed " + e.Service)
			}
		}
	}
	return n > 0
}

// onlyServiceOf says that a noun belongs to one service of several that the intent has.
func (f *followup) onlyServiceOf(l sentence.Link, in map[string]bool) bool {
	found := map[string]bool{}
	for _, e := range l.Entries {
		if in[e.Service] {
			found[e.Service] = true
		}
	}
	return len(found) == 1 && len(in) > 1
}

// dropTypes removes resources by what they are: "not the indexes".
func (f *followup) dropTypes(_ []int) bool {
	n := 0
	for _, l := range f.Links {
		for _, e := range l.Entries {
			if e.Kind == lexicon.Noun && f.mixed(e.Service, e.Type) {
				n += f.e.in.DropTargets(func(t intent.Target) bool { return t.Service == e.Service && t.Type == e.Type })
			}
		}
		if n > 0 {
			f.Use(l.From, l.To)
			f.e.did("removed resources")
			return true
		}
	}
	return false
}

// mixed says that the intent has resources of other types beside those of a type.
func (f *followup) mixed(service, typ string) bool {
	for _, g := range f.e.in.Grants {
		for _, t := range g.Targets {
			if t.Service != service || t.Type != typ {
				return true
			}
		}
	}
	return false
}

// except takes resources out of wider ones: "except team-a/root".
func (f *followup) except() bool {
	done := false
	for _, i := range f.things(0, len(f.Tokens)) {
		if f.Tokens[i].Kind == token.Entity && f.Tokens[i].Lit.Kind != token.PathLiteral && f.Tokens[i].Lit.Kind != token.ARNLiteral && f.Tokens[i].Lit.Kind != token.S3Literal {
			continue
		}
		out, ok := f.TargetAt(i)
		for g := range f.e.in.Grants {
			grant := &f.e.in.Grants[g]
			if onlyCompanion(*grant) {
				continue
			}
			for _, t := range grant.Targets {
				c := out
				if !ok || out.Service != t.Service || out.Type != t.Type {
					c = f.below(t, i)
				}
				if t.Holds(c) && !c.Holds(t) {
					grant.Except = append(grant.Except, c)
					done = true
					break
				}
			}
		}
		if done {
			f.Take("resource taken out", i, i+1)
			f.e.did("all but " + f.valueOf(i))
		}
	}
	return done
}
