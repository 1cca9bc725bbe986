package permission

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/target"
	"github.com/aegis-iam/aegis/internal/reader/wording"
)

// ReadIdentity reads permissions: what the holder of the policy may do.
func (rd *Reading) ReadIdentity() {
	rd.readHTTPAPI()
	rd.SplitUnits()
	rd.Out.Grants = append(rd.Out.Grants, rd.grants(policy.Allow)...)
	rd.DropNamedTwice()
	rd.dropWider()
	rd.applyExclusions()
	rd.companions()
	rd.audit()
}

// grants turns the affirmed units into grants.
func (rd *Reading) grants(effect policy.Effect) []intent.Grant {
	var out []intent.Grant
	if rd.api != nil {
		out = append(out, *rd.api)
	}
	for n := range rd.Units {
		u := rd.Units[n]
		if u.Negative || rd.Clauses[u.Clause].Remark {
			continue
		}
		if !(rd.Spells(u) && !u.Shared) && (rd.Repeated(n) || u.Aside && !rd.saysMore(u)) {
			continue
		}
		if rd.Refined(n) {
			rd.Use(rd.Clauses[u.Clause].From, rd.Clauses[u.Clause].To)
			continue
		}
		grants := rd.UnitGrants(u)
		if rd.UntypedObject(u, grants) || rd.restates(u, grants, out) {
			continue
		}
		for _, g := range grants {
			g.Effect = effect
			if c := rd.Clauses[u.Clause]; c.Effect == policy.Deny {
				g.Effect = policy.Deny
			}
			rd.Constrain(&g, u)
			out = append(out, rd.SplitDescribed(g)...)
		}
	}
	return out
}

// UnitGrants finds what the verbs of a unit, with its objects, stand for.
func (rd *Reading) UnitGrants(u object.Unit) []intent.Grant {
	var out []intent.Grant
	if g, ok := rd.ExplicitActions(u); ok {
		out = append(out, g)
	}
	if rd.Glossed(u) {
		rd.Use(u.Verbs[0].At, u.To)
		return out
	}
	if g, ok := rd.Enumerate(u); ok {
		return append(out, g)
	}
	if g, ok := rd.EnumerateFirst(u); ok {
		out, u.Verbs = append(out, g), u.Verbs[len(u.Verbs)-1:]
	}
	if len(u.Verbs) == 0 {
		if level, _ := rd.accessOf(u, nil); level != target.FullAccess && (rd.otherVerb(u) || rd.announces(u)) || !rd.Headed(u.Groups) {
			return out
		}
		return append(out, rd.verbGrants(u, nil)...)
	}
	for i := range u.Verbs {
		if rd.Tokens[u.Verbs[i].At].Taken {
			continue
		}
		gs := rd.verbGrants(u, &u.Verbs[i])
		rd.verbs = append(rd.verbs, saying{verb: u.Verbs[i], sentence: rd.Clauses[u.Clause].Sentence, aside: u.Aside, grants: gs})
		out = append(out, gs...)
	}
	return out
}

// announces says that a unit is a heading without any name, before words that say more: "audit
// viewers: …".
func (rd *Reading) announces(u object.Unit) bool {
	c := rd.Clauses[u.Clause]
	for i := c.From; i < c.To; i++ {
		if rd.IsThing(i) {
			return false
		}
	}
	return rd.Out.Kind == policy.IdentityBased && u.Label && u.Clause+1 < len(rd.Clauses) && rd.Clauses[u.Clause+1].Sentence == c.Sentence
}

// otherVerb says that the sentence has verbs of its own, or that the clause is a heading or does not
// go on with what stands before, so that a clause without a verb only says who, where or why.
func (rd *Reading) otherVerb(u object.Unit) bool {
	apart := u.Label || !rd.goesOn(u)
	for _, other := range rd.Units {
		if (len(other.Verbs) > 0 || rd.Spells(other)) && !other.Negative && (apart || rd.Clauses[other.Clause].Sentence == rd.Clauses[u.Clause].Sentence) {
			return true
		}
	}
	return false
}

// goesOn says that a clause without a verb adds to what stands before: "also table b", "- topic x".
func (rd *Reading) goesOn(u object.Unit) bool {
	c := rd.Clauses[u.Clause]
	if c.From > 0 && rd.Punct(c.From-1, "\n:-") {
		return true
	}
	for i := c.From; i < min(c.To, c.From+2); i++ {
		if rd.Word(i, "also", "plus", "and", "same", "likewise", "additionally") {
			return true
		}
	}
	return false
}

// ExplicitActions reads action names that stand in the words: s3:GetObject, PutItem.
func (rd *Reading) ExplicitActions(u object.Unit) (intent.Grant, bool) {
	g := intent.Grant{Span: rd.Span(u.From, u.To)}
	c := rd.Clauses[u.Clause]
	from, to := u.From, u.To
	if len(u.Verbs) > 0 {
		from = min(from, u.Verbs[0].At)
	}
	for i := max(from, c.From); i < to; i++ {
		for _, name := range rd.ActionNames(i) {
			rd.Tokens[i].Used = true
			if len(rd.Catalog.Expand(name)) == 0 {
				rd.Ask(rd.Span(i, i+1), "AWS has no action "+name+"; which one is meant?", rd.similarActions(name)...)
				continue
			}
			g.Actions = append(g.Actions, intent.Action{Name: name, Because: object.NamedInWords, Span: rd.Span(i, i+1)})
		}
	}
	if len(g.Actions) == 0 {
		return g, false
	}
	g.Targets = rd.TargetsFor(g.Actions, u)
	g.Where = rd.TypedKeys(g.Actions, u)
	return g, true
}

func (rd *Reading) similarActions(name string) []string {
	prefix, local, _ := strings.Cut(name, ":")
	s, ok := rd.Catalog.Service(prefix)
	if !ok {
		return nil
	}
	var out []string
	for _, a := range s.Actions {
		if sentence.EditDistance(strings.ToLower(a.Name), strings.ToLower(local), 3) <= 3 {
			out = append(out, a.String())
		}
	}
	return out
}

// verbGrants finds the wordings for one verb (nil: none was said) and each of its objects.
func (rd *Reading) verbGrants(u object.Unit, v *sentence.Verb) []intent.Grant {
	var out []intent.Grant
	if g, ok := rd.levelGrant(u, v); ok {
		return append(out, g...)
	}
	groups := u.Groups
	if len(groups) == 0 {
		groups = []object.Group{{}}
	}
	best := make([]wording.Match, 0, len(groups))
	spelled := v == nil && rd.Spells(u)
	if rd.api != nil && v != nil && v.In("invoke") {
		rd.Use(v.At, v.End)
		return nil
	}
	for gi := range groups {
		if spelled = spelled || rd.Spelled(groups[gi]); spelled {
			rd.UseSpelled(v, groups[gi])
			continue
		}
		if m, ok := rd.BestMatch(u, v, groups, gi); ok {
			best = append(best, m...)
		}
	}
	if v != nil && (u.Shared && !rd.HasPronoun(u) || !u.Shared && v != &u.Verbs[len(u.Verbs)-1]) {
		best = rd.VerbAlone(u, v, best)
	}
	seen := map[string]bool{}
	for _, m := range best {
		if seen[m.Name()] {
			continue
		}
		seen[m.Name()] = true
		rd.Doubt(u, v, m)
		out = append(out, rd.GrantOf(u, v, m)...)
	}
	return out
}

// saysMore says that words in brackets speak of more than which service or resource is meant.
func (rd *Reading) saysMore(u object.Unit) bool {
	for _, g := range u.Groups {
		for _, i := range g.Head {
			if n := rd.LinkAt[i]; n < 0 || !rd.IsName(rd.Links[n]) {
				return true
			}
		}
	}
	return false
}
