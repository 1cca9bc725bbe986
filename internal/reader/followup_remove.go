package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// conditionWords are everyday words for condition keys.
var conditionWords = map[string][]string{
	"mfa": {"aws:multifactor"}, "2fa": {"aws:multifactor"}, "ip": {"aws:sourceip", "aws:vpcsourceip", "aws:viaawsservice"}, "ips": {"aws:sourceip", "aws:vpcsourceip", "aws:viaawsservice"},
	"cidr": {"aws:sourceip", "aws:vpcsourceip"}, "address": {"aws:sourceip", "aws:vpcsourceip"}, "addresses": {"aws:sourceip"}, "network": {"aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc"},
	"office": {"aws:sourceip"}, "vpn": {"aws:sourceip"}, "vpc": {"aws:sourcevpc"}, "vpce": {"aws:sourcevpce"}, "endpoint": {"aws:sourcevpce"}, "region": {"aws:requestedregion"}, "regions": {"aws:requestedregion"}, "regional": {"aws:requestedregion"},
	"tag": {"aws:resourcetag", "aws:requesttag", "aws:principaltag", "aws:tagkeys", "ec2:resourcetag"}, "tags": {"aws:resourcetag", "aws:requesttag", "aws:principaltag", "aws:tagkeys"}, "expiry": {"aws:currenttime"}, "expiration": {"aws:currenttime"},
	"date": {"aws:currenttime"}, "dates": {"aws:currenttime"}, "time": {"aws:currenttime"}, "deadline": {"aws:currenttime"}, "window": {"aws:currenttime"}, "tls": {"aws:securetransport", "s3:tlsversion"}, "https": {"aws:securetransport"}, "ssl": {"aws:securetransport"},
	"org": {"aws:principalorg", "aws:resourceorg"}, "organization": {"aws:principalorg", "aws:resourceorg"}, "organisation": {"aws:principalorg"}, "external": {"sts:externalid"}, "externalid": {"sts:externalid"}, "encryption": {"s3:x-amz-server-side-encryption"}, "exemption": {"aws:principalarn", "aws:principalaccount"},
}

// takeOut removes what the segment names: conditions, names, principals, services, actions.
func (f *followup) takeOut() {
	names, unknown := f.namedHere()
	steps := []func([]int) bool{f.dropConditions, f.dropPrincipals, f.dropActions, f.dropNames, f.dropServices, f.dropTypes}
	for _, step := range steps {
		if step(names) {
			f.e.removed = true
			return
		}
	}
	if len(unknown) > 0 && f.except() {
		return
	}
	switch {
	case f.e.removed || len(f.e.edits) > 0 && len(names) == 0, f.satisfied():
		f.e.noted("nothing more to take away")
	case !f.hasVerb(0, len(f.tokens)) && len(names)+len(unknown) == 0 && f.has("that", "it", "this", "those", "them"):
		f.dropLast()
	default:
		f.e.ask(f.all(), "What shall be taken away? Nothing that is allowed so far fits these words.")
	}
}

// satisfied says that the words name something that is not there, so that nothing is to be done.
func (f *followup) satisfied() bool {
	for i := range f.tokens {
		if _, ok := conditionWords[f.tokens[i].lower]; ok {
			f.take("a condition that is not there", i, i+1)
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
	for _, i := range f.things(0, len(f.tokens)) {
		if _, ok := f.knownAt(i); ok {
			names = append(names, i)
		} else if f.camelAction(i) == "" {
			unknown = append(unknown, i)
		}
	}
	return names, unknown
}

func (f *followup) dropConditions(names []int) bool {
	var keys []string
	tokens := []int{}
	for i := range f.tokens {
		if f.tokens[i].kind != wordToken && !f.word(i, "mfa") {
			continue
		}
		if k, ok := conditionWords[f.tokens[i].lower]; ok && !(f.word(i, "tag", "tags") && f.hasVerb(0, len(f.tokens))) {
			keys = append(keys, k...)
			tokens = append(tokens, i)
		}
	}
	drop := func(c intent.Constraint) bool {
		for _, k := range keys {
			if strings.HasPrefix(strings.ToLower(c.Key), k) {
				return true
			}
		}
		return len(keys) == 0 && f.speaksOf(c.Key)
	}
	if f.e.in.DropConstraints(drop) > 0 {
		for _, i := range tokens {
			f.take("condition", i, i+1)
		}
		f.e.did("removed the condition")
		return true
	}
	if f.dropValues(names) {
		return true
	}
	return f.dropOnlyCondition(names)
}

// dropValues removes the values of conditions that are named: "not us-east-1 any more".
func (f *followup) dropValues(names []int) bool {
	done := false
	for _, i := range names {
		v := f.valueOf(i)
		for g := range f.e.in.Grants {
			w := &f.e.in.Grants[g].Where
			for j := range *w {
				before := len((*w)[j].Values)
				(*w)[j].Values = slices.DeleteFunc((*w)[j].Values, func(x string) bool { return strings.EqualFold(x, v) || strings.HasSuffix(x, "/"+v) })
				done = done || len((*w)[j].Values) < before
			}
			*w = slices.DeleteFunc(*w, func(c intent.Constraint) bool {
				return len(c.Values) == 0 && c.Test != intent.Exists && c.Test != intent.Absent
			})
		}
		if done {
			f.e.did("removed " + v)
		}
	}
	return done
}

// dropOnlyCondition reads "remove the restriction", where there is only one.
func (f *followup) dropOnlyCondition(names []int) bool {
	if !f.has("condition", "conditions", "restriction", "restrictions", "requirement", "limitation", "limit", "constraint", "check") || f.verbs() > 0 {
		return false
	}
	if len(names) > 0 {
		return f.dropPrefix(names)
	}
	var keys []string
	for _, g := range f.e.in.Grants {
		for _, c := range g.Where {
			if !slices.Contains(keys, c.Key) && c.Key != "iam:PassedToService" {
				keys = append(keys, c.Key)
			}
		}
	}
	if len(keys) > 1 && !f.has("all", "conditions", "restrictions", "every", "any") {
		f.e.ask(f.all(), "Which condition shall be taken away?", keys...)
		return true
	}
	if f.e.in.DropConstraints(func(c intent.Constraint) bool { return slices.Contains(keys, c.Key) }) == 0 {
		return false
	}
	f.e.did("removed the condition on " + strings.Join(keys, ", "))
	return true
}

// dropPrefix reads "remove the restriction to season-9/": the bucket stays, its part goes.
func (f *followup) dropPrefix(names []int) bool {
	done := false
	for _, i := range names {
		for g := range f.e.in.Grants {
			for j := range f.e.in.Grants[g].Targets {
				t := &f.e.in.Grants[g].Targets[j]
				if t.Type == "object" && t.Vars["BucketName"] != "" && strings.HasPrefix(t.Vars["ObjectName"], strings.TrimRight(f.valueOf(i), "/*")) {
					delete(t.Vars, "ObjectName")
					t.Type, done = "bucket", true
				}
			}
		}
	}
	if done {
		f.e.did("the whole bucket again")
	}
	return done
}

// dropPrincipals removes those whom a trust or resource-based document lets in.
func (f *followup) dropPrincipals(names []int) bool {
	if f.e.in.Kind != policy.Trust && f.e.in.Kind != policy.ResourceBased {
		return false
	}
	said := f.principals()
	for _, m := range f.serviceMentions() {
		said = append(said, intent.Principal{Type: "Service", ID: m.id})
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
	f.use(0, len(f.tokens))
	f.e.did("removed a principal")
	return true
}

// removable returns the names of the actions that the verbs of the segment mean, or nil.
func (f *followup) removable() map[string]bool {
	names := map[string]bool{}
	f.nominals(names)
	for _, g := range f.out.Grants {
		if f.verbs() == 0 && !f.denying() {
			break
		}
		for _, a := range g.Actions {
			names[strings.ToLower(a.Name)] = true
		}
	}
	for _, u := range f.units {
		if len(u.verbs) == 0 && !f.explicit(u) {
			continue
		}
		for _, g := range f.unitGrants(u) {
			for _, a := range g.Actions {
				if a.Span != (intent.Span{}) {
					names[strings.ToLower(a.Name)] = true
				}
			}
		}
		for i := range u.verbs {
			f.byClass(u, &u.verbs[i], names)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return names
}

// nominals adds the actions that nouns made of verbs name: "no bucket deletion".
func (f *followup) nominals(names map[string]bool) {
	for i := range f.tokens {
		if f.tokens[i].kind != wordToken || f.tokens[i].taken || f.clauseOf(i) < 0 {
			continue
		}
		stem, classes := f.nominal(f.tokens[i].lower)
		if len(classes) == 0 || f.linkAt[i] >= 0 {
			continue
		}
		c := f.clauseOf(i)
		u := unit{clause: c, from: f.clause[c].from, to: f.clause[c].to}
		v := verb{at: i, end: i + 1, stem: stem, classes: classes}
		was := f.tokens[i].taken
		f.tokens[i].taken = true
		u.groups = f.groupsOf(u.from, u.to)
		f.tokens[i].taken = was
		for gi := range u.groups {
			ms, ok := f.bestMatch(u, &v, u.groups, gi)
			if !ok {
				continue
			}
			for _, g := range f.grantOf(u, &v, ms[0]) {
				for _, a := range g.Actions {
					names[strings.ToLower(a.Name)] = true
				}
			}
		}
	}
}

func (f *followup) explicit(u unit) bool {
	for i := u.from; i < u.to; i++ {
		if _, ok := f.literal(i, actionLiteral); ok || f.tokens[i].kind == nameToken && f.camelAction(i) != "" {
			return true
		}
	}
	return false
}

// byClass adds the actions of the intent that do what a verb without an object of its own says.
func (f *followup) byClass(u unit, v *verb, names map[string]bool) {
	for _, g := range u.groups {
		if len(g.head) > 0 {
			return
		}
	}
	write := slices.Contains([]string{"write", "modify", "change", "mutate", "edit"}, v.stem)
	for _, g := range f.e.in.Grants {
		for _, a := range g.Actions {
			ca, ok := f.Catalog.Action(a.Name)
			if !ok {
				continue
			}
			first := derive(ca).verb
			hit := write && (ca.Level == catalog.Write || ca.Level == catalog.Tagging || ca.Level == catalog.PermissionsManagement)
			hit = hit || v.in("read") && slices.Contains([]string{"read", "view", "look"}, v.stem) && (ca.Level == catalog.Read || ca.Level == catalog.List)
			for _, c := range v.classes {
				for rank, api := range f.Lexicon.APIVerbs(c) {
					hit = hit || strings.EqualFold(api, first) && (rank < 3 || catalog.Stem(first) == v.stem)
				}
				break
			}
			if hit {
				names[strings.ToLower(ca.String())] = true
			}
		}
	}
}

// dropActions removes the actions that the verbs name; where a pattern grants them, they are
// denied; where only one of several resources is meant, they are denied on it.
func (f *followup) dropActions(names []int) bool {
	actions := f.removable()
	if actions == nil {
		return false
	}
	only := f.targetsIn(0, len(f.tokens))
	elsewhere := func(g intent.Grant) bool {
		return len(only) > 0 && slices.ContainsFunc(g.Targets, func(t intent.Target) bool {
			return !slices.ContainsFunc(only, func(o intent.Target) bool { return o.Holds(t) })
		})
	}
	deny := intent.Grant{Effect: policy.Deny, Span: f.all()}
	for _, g := range f.e.in.Grants {
		for _, a := range g.Actions {
			pattern := strings.Contains(a.Name, "*")
			if g.Effect == policy.Deny || !pattern && !elsewhere(g) {
				continue
			}
			for _, ca := range f.Catalog.Expand(a.Name) {
				if actions[strings.ToLower(ca.String())] {
					deny.Actions = append(deny.Actions, intent.Action{Name: ca.String(), Because: "taken out again", Span: deny.Span})
				}
			}
		}
	}
	n := f.e.in.DropActions(func(g intent.Grant, a intent.Action) bool {
		return actions[strings.ToLower(a.Name)] && !elsewhere(g) && (g.Effect != policy.Deny || f.denying())
	})
	if len(deny.Actions) > 0 {
		deny.Targets = only
		f.e.in.Grants = append(f.e.in.Grants, deny)
		n++
	}
	if n == 0 {
		return false
	}
	f.use(0, len(f.tokens))
	f.e.did("took actions away")
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
			f.take("resource taken away", i, i+1)
			f.e.did("removed " + v)
		}
	}
	return n > 0
}

// dropServices removes what a named service is granted: "forget the firehose part".
func (f *followup) dropServices(_ []int) bool {
	in := servicesOf(f.e.in)
	n := 0
	for _, l := range f.links {
		for _, e := range l.entries {
			if !in[e.Service] || e.Kind != lexicon.Name && !(e.Kind == lexicon.Noun && f.onlyServiceOf(l, in)) {
				continue
			}
			if n += f.e.in.DropActions(func(_ intent.Grant, a intent.Action) bool { return strings.HasPrefix(a.Name, e.Service+":") }); n > 0 {
				f.use(l.from, l.to)
				f.e.did("removed " + e.Service)
			}
		}
	}
	return n > 0
}

// onlyServiceOf says that a noun belongs to one service of several that the intent has.
func (f *followup) onlyServiceOf(l link, in map[string]bool) bool {
	found := map[string]bool{}
	for _, e := range l.entries {
		if in[e.Service] {
			found[e.Service] = true
		}
	}
	return len(found) == 1 && len(in) > 1
}

// dropTypes removes resources by what they are: "not the indexes".
func (f *followup) dropTypes(_ []int) bool {
	n := 0
	for _, l := range f.links {
		for _, e := range l.entries {
			if e.Kind == lexicon.Noun {
				n += f.e.in.DropTargets(func(t intent.Target) bool { return t.Service == e.Service && t.Type == e.Type })
			}
		}
		if n > 0 {
			f.use(l.from, l.to)
			f.e.did("removed resources")
			return true
		}
	}
	return false
}

// except takes resources out of wider ones: "except team-a/root".
func (f *followup) except() bool {
	done := false
	for _, i := range f.things(0, len(f.tokens)) {
		if f.tokens[i].kind == entityToken && f.tokens[i].lit.kind != pathLiteral && f.tokens[i].lit.kind != arnLiteral && f.tokens[i].lit.kind != s3Literal {
			continue
		}
		out, ok := f.targetAt(i)
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
			f.take("resource taken out", i, i+1)
			f.e.did("all but " + f.valueOf(i))
		}
	}
	return done
}
