package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// widen makes more of what is named, as the words say in so many words: "all services of that
// cluster", "everything under /x/", "read-write".
func (f *followup) widen() {
	if len(f.Where) > 0 && f.verbs() == 0 {
		f.narrow()
		return
	}
	if f.replacePrincipal() || f.widenNames() || f.widenTypes() || f.widenActions() {
		return
	}
	if len(f.Where) > 0 || f.settings() {
		f.narrow()
		return
	}
	f.e.ask(f.all(), "What shall it be? Name the resources or the actions.")
}

// widenNames puts a named pattern in the place of a name of its sort.
func (f *followup) widenNames() bool {
	f.namePatterns()
	done := false
	for _, i := range f.things(0, len(f.Tokens)) {
		if f.Tokens[i].Taken {
			continue
		}
		done = f.put(i, "") || done
		if len(f.e.asked) > 0 {
			return true
		}
	}
	return done
}

// namePatterns makes names of what stands behind "beginning with", "prefix" and the like.
func (f *followup) namePatterns() {
	for i := range f.Tokens {
		if f.Word(i, "with", "by") && f.Word(i-1, "starting", "beginning", "start", "starts", "begin", "begins", "ending", "ends", "prefixed") || f.Word(i, "prefix") {
			f.forceName(f.Pass(i+1, "the", "name", "prefix"))
		}
	}
}

// widenTypes opens the names of a resource type: "any table", "all buckets".
func (f *followup) widenTypes() bool {
	if !f.has("all", "any", "every") {
		return false
	}
	done := false
	for g := range f.e.in.Grants {
		for j := range f.e.in.Grants[g].Targets {
			if t := &f.e.in.Grants[g].Targets[j]; f.typeSaid(t.Type) {
				done = f.open(t, lexicon.Entry{Service: t.Service, Type: t.Type}) || done
			}
		}
	}
	if done {
		f.Use(0, len(f.Tokens))
		f.e.did("all resources of that type")
		return true
	}
	for _, l := range f.Links {
		for _, e := range l.Entries {
			if e.Kind != lexicon.Noun || done {
				continue
			}
			for g := range f.e.in.Grants {
				for j := range f.e.in.Grants[g].Targets {
					done = f.open(&f.e.in.Grants[g].Targets[j], e) || done
				}
			}
		}
		if done {
			f.Use(l.From, l.To)
			f.e.did("all resources of that type")
			return true
		}
	}
	return false
}

// typeSaid says that the words "all …", "any …" go on with the words of a resource type.
func (f *followup) typeSaid(typ string) bool {
	words := catalog.Words(typ)
	k := f.find(0, "all", "any", "every")
	for j := k + 1; len(words) > 0 && k >= 0 && j < min(k+4, len(f.Tokens)); j++ {
		if f.Tokens[j].Stem == catalog.Stem(words[len(words)-1]) {
			return true
		}
	}
	return false
}

// open lets the target's own name be any.
func (f *followup) open(t *intent.Target, e lexicon.Entry) bool {
	if t.Service != e.Service || t.Type != e.Type || t.ARN != "" {
		return false
	}
	rt, ok := f.ResourceType(&token.Typing{Service: t.Service, Type: t.Type})
	if !ok || len(rt.ARNs) == 0 {
		return false
	}
	vars := catalog.ARNVariables(rt.ARNs[0])
	for k := len(vars) - 1; k >= 0; k-- {
		if t.Vars[vars[k]] != "" {
			t.Vars[vars[k]] = "*"
			return true
		}
	}
	return false
}

// widenActions reads "make it read-write", "make it full access", "make it read only".
func (f *followup) widenActions() bool {
	if f.has("read-only", "readonly", "ro", "only") {
		return f.narrowActions()
	}
	gs := f.readGrants()
	if f.has("read-write", "readwrite", "rw", "r/w", "read/write") || len(gs) == 0 && f.has("full", "full-access", "everything") {
		gs = f.levelWords()
	}
	if len(gs) == 0 {
		return false
	}
	f.addGrants(gs)
	return true
}

// levelWords reads an access level for the services that the conversation is about.
func (f *followup) levelWords() []intent.Grant {
	words := "read and write "
	switch {
	case f.kind == narrowEdit || f.has("only", "read-only", "readonly"):
		words = "read-only access to "
	case f.has("full", "full-access", "everything"):
		words = "full access to "
	}
	var out []intent.Grant
	objects := []string{}
	for prefix := range servicesOf(f.e.in) {
		objects = append(objects, f.Catalog.ServiceName(prefix))
	}
	if topics := f.topics(); words == "read and write " && len(topics) > 0 {
		objects = topics[:1]
	}
	for _, noun := range objects {
		o := f.Options
		o.Kind = policy.IdentityBased
		rd := newReading(f.Library, words+noun, o)
		rd.Read()
		for _, g := range rd.Out.Grants {
			g.Span = f.all()
			for i := range g.Actions {
				if g.Actions[i].Span != (intent.Span{}) {
					g.Actions[i].Span = f.all()
				}
			}
			g.Targets = slices.DeleteFunc(g.Targets, func(t intent.Target) bool { return t.ARN == "" && len(t.Vars) == 0 })
			out = append(out, g)
		}
	}
	f.Use(0, len(f.Tokens))
	return out
}

// replaceVerbs puts other actions in the place of those that were asked: "instead of invoking it
// should update the code", "full access instead".
func (f *followup) replaceVerbs() {
	old := ""
	if f.old[1] > f.old[0] {
		old = f.Text[f.Tokens[f.old[0]].Start:f.Tokens[f.old[1]-1].End]
	}
	before := f.e.in.Clone()
	fresh := f.wordsOf(func(i int) bool { return (i < f.old[0] || i >= f.old[1]) && !f.Tokens[i].Taken })
	sub := f.e.followup(fresh, f.Tokens[0].Start)
	gs := sub.readGrants()
	gs = slices.DeleteFunc(gs, func(g intent.Grant) bool { return len(g.Actions) == 0 && len(g.NotActions) == 0 })
	if len(gs) == 0 {
		f.e.ask(f.all(), "What shall it be instead?")
		return
	}
	for i := range gs {
		sub.inherit(&gs[i], before)
	}
	if !f.takeOld(old) {
		return
	}
	f.Use(0, len(f.Tokens))
	f.e.in.Grants = append(f.e.in.Grants, gs...)
	f.e.did("now " + actionNames(gs) + " instead")
}

// takeOld removes what a replacement takes away: what its words say, or all there is if that is
// one thing.
func (f *followup) takeOld(old string) bool {
	if old != "" {
		g := f.e.followup("remove "+old, 0)
		if names := g.removable(); names != nil && g.dropActions(nil) {
			return true
		}
		f.e.ask(f.all(), "Nothing that is allowed so far fits \""+old+"\".")
		return false
	}
	units := map[intent.Span]bool{}
	for _, g := range f.e.in.Grants {
		if !onlyCompanion(g) {
			units[g.Span] = true
		}
	}
	if len(units) > 1 && !f.has("everything", "all") {
		last := intent.Span{}
		for s := range units {
			if s.Turn > last.Turn {
				last = s
			}
		}
		if last.Turn == 0 {
			f.e.ask(f.all(), "What of it shall go, and what shall stay?")
			return false
		}
		f.e.in.Grants = slices.DeleteFunc(f.e.in.Grants, func(g intent.Grant) bool { return g.Span.Turn == last.Turn })
		return true
	}
	f.e.in.Grants = nil
	return true
}

// wordsOf returns the text with all tokens blanked that are not chosen.
func (f *followup) wordsOf(chosen func(int) bool) string {
	out := []byte(strings.Repeat(" ", len(f.Text)))
	for i, t := range f.Tokens {
		if chosen(i) {
			copy(out[t.Start:t.End], f.Text[t.Start:t.End])
		}
	}
	if len(f.Tokens) == 0 {
		return ""
	}
	return string(out[f.Tokens[0].Start:])
}
