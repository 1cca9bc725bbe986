package guard

import (
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
	"github.com/aegis-iam/aegis/internal/reader/wording"
)

// bundles finds the wordings of guards that fit a verb and the objects of its unit, and the
// tokens they explain.
func (g *guarding) bundles(u object.Unit, v *sentence.Verb) ([]intent.Grant, map[int]bool) {
	own, near := map[string]int{}, map[string]int{}
	for _, x := range u.Groups {
		g.plainWords(own, g.between(append(append([]int{}, x.Head...), x.Mods...)))
	}
	from, to := g.SentenceRange(u.Clause)
	var around []int
	for i := from; i < to; i++ {
		if g.IsContent(i) {
			around = append(around, i)
		}
	}
	g.plainWords(near, around)
	type fit struct {
		task  *lexicon.Task
		used  []int
		score int
	}
	var fits []fit
	for _, t := range g.lex.Tasks {
		best := fit{task: t}
		for _, p := range t.Says {
			if used, score, ok := g.bundleFits(p, v, own, near, len(u.Groups) > 0); ok && score > best.score {
				best.used, best.score = used, score
			}
		}
		if best.used != nil {
			fits = append(fits, best)
		}
	}
	sort.SliceStable(fits, func(i, j int) bool { return fits[i].score > fits[j].score })
	explained := map[int]bool{}
	var out []intent.Grant
	for _, f := range fits {
		if len(explained) > 0 && !g.fresh(f.used, u, explained) {
			continue
		}
		for _, i := range f.used {
			explained[i] = true
			g.Tokens[i].Used = true
			if n := g.LinkAt[i]; n >= 0 {
				for j := g.Links[n].From; j < g.Links[n].To; j++ {
					explained[j], g.Tokens[j].Used = true, true
				}
			}
		}
		out = append(out, g.bundleGrants(f.task, u, v)...)
	}
	return out, explained
}

// fresh says that a wording explains an object of which nothing has been explained yet.
func (g *guarding) fresh(used []int, u object.Unit, explained map[int]bool) bool {
	for _, i := range used {
		touched := explained[i]
		for _, step := range []int{-1, 1} {
			for j := i + step; !touched && j >= u.From && j < u.To && g.Tokens[j].Kind != token.Punct && !g.Is("conjunction", j); j += step {
				touched = explained[j]
			}
		}
		if !touched {
			return true
		}
	}
	return false
}

// between fills the gaps between the tokens of an object with the words that belong to it: the
// "access" of "public access block".
func (g *guarding) between(toks []int) []int {
	sort.Ints(toks)
	var out []int
	for k, i := range toks {
		if k > 0 && i-toks[k-1] <= 2 {
			for j := toks[k-1] + 1; j < i; j++ {
				if g.Tokens[j].Kind == token.Word && !g.Tokens[j].Taken && !g.Is("preposition", j) && !g.Is("conjunction", j) {
					out = append(out, j)
				}
			}
		}
		out = append(out, i)
	}
	return out
}

// plainWords puts the stems of tokens and the phrases they form into a place of a scene.
func (g *guarding) plainWords(into map[string]int, tokens []int) {
	for k, i := range tokens {
		t := g.Tokens[i]
		if t.Kind != token.Word {
			continue
		}
		phrase := sentence.Hyphenated(lexicon.Stems(t.Lower))
		g.Put(into, phrase, i)
		g.Put(into, t.Stem, i)
		for n := 1; n < 4 && k+n < len(tokens) && tokens[k+n] == i+n && g.Tokens[i+n].Kind == token.Word; n++ {
			phrase += "-" + sentence.Hyphenated(lexicon.Stems(g.Tokens[i+n].Lower))
			g.Put(into, phrase, i)
		}
	}
}

// bundleGrants turns a wording of guards into what it forbids.
func (g *guarding) bundleGrants(t *lexicon.Task, u object.Unit, v *sentence.Verb) []intent.Grant {
	span := g.Span(min(v.At, u.From), max(v.End, u.To))
	var out []intent.Grant
	for _, d := range t.Do {
		grant := intent.Grant{Effect: policy.Deny, Span: span}
		for _, name := range narrowed(d.Actions, v) {
			grant.Actions = append(grant.Actions, intent.Action{Name: name, On: d.On, Because: "guard " + t.Name + ": " + t.Why, Span: span, Wide: true})
		}
		for _, w := range t.Where {
			grant.Where = append(grant.Where, intent.Constraint{Key: w.Key, Values: w.Values, Span: span})
		}
		if len(d.On) == 0 {
			grant.Targets = g.guardTargets(grant.Actions, u)
		}
		out = append(out, grant)
	}
	return out
}

// narrowed keeps the actions of a bundle that a plain verb names: "delete" alone does not
// forbid an update.
func narrowed(actions []string, v *sentence.Verb) []string {
	first := map[string][]string{
		"delete": {"Delete", "Remove", "Deregister"}, "remove": {"Delete", "Remove", "Deregister"}, "stop": {"Stop"},
		"modify": {"Update", "Put", "Modify", "Set"}, "change": {"Update", "Put", "Modify", "Set", "Authorize", "Revoke"}, "update": {"Update", "Put", "Modify", "Set"}, "edit": {"Update", "Put", "Modify", "Set"},
		"attach": {"Attach"}, "detach": {"Detach", "Leave"}, "put": {"Put"},
	}[v.Stem]
	var out []string
	for _, a := range actions {
		_, name, _ := strings.Cut(a, ":")
		for _, f := range first {
			if strings.HasPrefix(name, f) {
				out = append(out, a)
				break
			}
		}
	}
	if len(out) == 0 {
		return actions
	}
	return out
}

// bundleFits holds one wording against a verb and its objects. At least one word of the objects
// must be explained, so that a neighbour's objects do not decide.
func (g *guarding) bundleFits(p lexicon.Pattern, v *sentence.Verb, own, near map[string]int, hasOwn bool) ([]int, int, bool) {
	used, score := []int{}, 0
	grounded, verbDone := !hasOwn, false
	for i, slot := range p.Slots {
		if slot.Not {
			if _, _, ok := wording.FindWord(slot.Words, own); ok {
				return nil, 0, false
			}
			continue
		}
		if !verbDone && g.slotHasVerb(slot, v) {
			verbDone = true
			continue
		}
		if w, tok, ok := wording.FindWord(slot.Words, own); ok {
			found := phraseTokens(w, tok)
			used, grounded, score = append(used, found...), grounded || i > 0, score+2*len(found)
			continue
		}
		if w, tok, ok := wording.FindWord(slot.Words, near); ok && i > 0 && grounded {
			used, score = append(used, phraseTokens(w, tok)...), score+1
			continue
		}
		if !slot.Optional {
			return nil, 0, false
		}
	}
	return used, score, grounded && score > 0
}

// phraseTokens are the tokens that a phrase found at a token covers.
func phraseTokens(w string, at int) []int {
	out := []int{at}
	for k := range strings.Count(w, "-") {
		out = append(out, at+k+1)
	}
	return out
}

func (g *guarding) slotHasVerb(slot lexicon.Slot, v *sentence.Verb) bool {
	if slot.Words[v.Stem] {
		return true
	}
	for _, c := range v.Classes {
		if slot.Classes[c] && !(c == "update" && v.In("create") && !v.In("harm")) {
			return true
		}
	}
	return slot.Classes["harm"] && (v.In("delete") || v.In("disable") || v.In("detach") || v.In("harm"))
}

// ruled says that a word which otherwise only says who or where is what the verb before it acts
// on, as a wording of guards has it: "leave the organization", "close accounts".
func (g *guarding) ruled(i int) bool {
	if g.LinkAt[i] < 0 {
		return false
	}
	at := i - 1
	for at >= 0 && (g.Is("article", at) || g.Word(at, "member", "members", "aws", "parent") || g.Is("pronoun", at)) {
		at--
	}
	if at < 0 || g.Tokens[at].Taken {
		return false
	}
	stem, classes := g.VerbClasses(g.Tokens[at].Lower)
	if len(classes) == 0 {
		if stem, classes = g.Nominal(g.Tokens[at].Lower); len(classes) == 0 {
			return false
		}
	}
	v, own := sentence.Verb{At: at, End: at + 1, Stem: stem, Classes: classes}, map[string]int{}
	g.plainWords(own, []int{i})
	for _, t := range g.lex.Tasks {
		for _, p := range t.Says {
			if _, _, ok := g.bundleFits(p, &v, own, own, true); ok {
				return true
			}
		}
	}
	return false
}
