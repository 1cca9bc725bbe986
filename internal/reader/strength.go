package reader

import (
	"sort"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// onTargets prefers wordings whose actions can be limited to what the unit names.
func (rd *reading) onTargets(m match, u unit) float64 {
	var targets []intent.Target
	named := rd.targetsIn(u.from, u.to)
	if c := rd.clause[u.clause]; len(named) == 0 {
		named = rd.targetsIn(c.from, c.to)
	}
	for _, t := range named {
		if t.Service == m.service || t.ARN != "" {
			targets = append(targets, t)
		}
	}
	if len(targets) == 0 {
		return 0
	}
	ca := m.action
	if m.task != nil {
		ca, _ = rd.Catalog.Action(m.task.Do[0].Actions[0])
	}
	if ca == nil {
		return 0
	}
	for _, r := range ca.Resources {
		for _, t := range targets {
			if t.Type == r.Type.Name || t.ARN != "" && arnFits(t.ARN, r.Type) {
				return 0.6
			}
		}
	}
	if len(ca.Resources) > 0 && !rd.reaches(ca, targets) {
		return -0.6
	}
	return 0
}

// admitted says whether a service may be meant by a unit. Where a request names its services,
// another one is meant only if the unit has a word or a literal that speaks of it and that the
// named services do not know.
func (rd *reading) admitted(prefix string, u unit) bool {
	if rd.logging(u) {
		return prefix == "logs"
	}
	if own := rd.ownServices(u); len(own) > 0 && !own[prefix] {
		return false
	}
	strong := rd.strong()
	if len(strong) == 0 || strong[prefix] {
		return true
	}
	for _, v := range u.verbs {
		if rd.Lexicon.Is("implies", v.stem+"="+prefix) {
			return true
		}
	}
	from, to := u.from, u.to
	if len(u.verbs) > 0 {
		from = min(from, u.verbs[0].at)
	}
	c := rd.clause[u.clause]
	for _, r := range [][2]int{{from, to}, {c.from, c.to}} {
		for i := r[0]; i < r[1]; i++ {
			if rd.serviceOfToken(i) == prefix && !rd.tokens[i].guessed() {
				return true
			}
			if n := rd.linkAt[i]; n >= 0 && rd.speaksOnlyOf(rd.links[n], prefix, strong) {
				return true
			}
		}
	}
	return false
}

// speaksOnlyOf says that a phrase names a service and none of the strong services uses its words.
func (rd *reading) speaksOnlyOf(l link, prefix string, strong map[string]bool) bool {
	found := false
	for _, e := range l.entries {
		if strong[e.Service] {
			return false
		}
		found = found || e.Service == prefix && (e.Kind == lexicon.Name || e.Kind == lexicon.Noun && !rd.generic(l))
	}
	if !found || rd.subject != nil && rd.subject[l.from] {
		return false
	}
	for s := range strong {
		b := rd.book(s)
		known := b != nil
		for i := l.from; i < l.to && known; i++ {
			known = b.vocab[rd.tokens[i].stem] || b.own[rd.tokens[i].stem]
		}
		if known {
			return false
		}
	}
	return true
}

// generic says that a phrase is one word that things of many services are called by: a run, a job.
func (rd *reading) generic(l link) bool {
	return l.to-l.from == 1 && rd.Lexicon.Is("generic", rd.tokens[l.from].stem)
}

// namedServices are the services that a phrase of the request names by name.
func (rd *reading) namedServices() map[string]bool {
	if rd.namedSet != nil {
		return rd.namedSet
	}
	rd.namedSet = map[string]bool{}
	for _, l := range rd.links {
		for _, e := range l.entries {
			if (e.Kind == lexicon.Name || e.Named) && !rd.ordinary(l) {
				rd.namedSet[e.Service] = true
			}
		}
	}
	return rd.namedSet
}

// strong returns the services that the request names beyond doubt, but not those that only act.
func (rd *reading) strong() map[string]bool {
	if rd.strongSet != nil {
		return rd.strongSet
	}
	out := map[string]bool{}
	for _, l := range rd.links {
		acts := rd.subject != nil && rd.subject[l.from] || rd.subject == nil && rd.inHeading(l.from)
		for _, e := range l.entries {
			if (e.Kind == lexicon.Name || e.Named) && !rd.ordinary(l) && !(acts && rd.Lexicon.Is("runner", e.Service)) {
				out[e.Service] = true
			}
		}
	}
	for i := range rd.tokens {
		if s := rd.serviceOfToken(i); s != "" && !rd.tokens[i].guessed() && !(rd.subject != nil && rd.subject[i]) {
			out[s] = true
		}
	}
	rd.strongSet = out
	return out
}

// headed says whether some member of the list has words of its own.
func (rd *reading) headed(groups []group) bool {
	for _, g := range groups {
		if len(g.head) > 0 {
			return true
		}
	}
	return false
}

// serviceScores weighs services by the words of the object first, then of the clause.
func (rd *reading) serviceScores(u unit, v *verb, g group) map[string]float64 {
	out := map[string]float64{}
	add := func(scores map[string]float64, w float64) {
		for p, s := range scores {
			out[p] += w * s
		}
	}
	if toks := append(append([]int{}, g.head...), g.mods...); len(toks) > 0 {
		sort.Ints(toks)
		add(rd.services(toks[0], toks[len(toks)-1]+1), 1.5)
	}
	if rd.logging(u) {
		out["logs"] += 40
	}
	c := rd.clause[u.clause]
	add(rd.services(u.from, u.to), 1)
	add(rd.services(c.from, c.to), 0.5)
	from, to := rd.sentenceRange(u.clause)
	add(rd.services(from, to), 0.25)
	if v != nil {
		for _, service := range []string{"sts", "iam"} {
			if rd.Lexicon.Is("implies", v.stem+"="+service) {
				out[service] += 40
			}
		}
	}
	return out
}

func (rd *reading) isName(l link) bool {
	for _, e := range l.entries {
		if e.Kind == lexicon.Name || e.Named {
			return true
		}
	}
	return false
}

// ownServices are the services of the resources that a unit names itself, and those it names by
// name: "write models to s3://b" is about S3, whatever else is called a model.
func (rd *reading) ownServices(u unit) map[string]bool {
	out := map[string]bool{}
	for i := u.from; i < u.to; i++ {
		s := rd.serviceOfToken(i)
		if s != "" && s != "iam" && s != "kms" && !rd.tokens[i].guessed() && rd.tokens[i].kind != wordToken {
			out[s] = true
		}
	}
	if len(out) == 0 {
		return nil
	}
	for _, v := range u.verbs {
		for _, s := range []string{"sts", "iam"} {
			if rd.Lexicon.Is("implies", v.stem+"="+s) {
				out[s] = true
			}
		}
	}
	for _, l := range rd.links {
		if l.from >= u.from && l.to <= u.to {
			for _, e := range l.entries {
				if e.Kind == lexicon.Name || e.Named {
					out[e.Service] = true
				}
			}
		}
	}
	return out
}

// usualService is the service that is meant by an object's one word where the request names none:
// an instance is one of EC2.
func (rd *reading) usualService(g group) string {
	if len(g.head) != 1 || len(rd.strong()) > 0 || rd.linkAt[g.head[0]] < 0 {
		return ""
	}
	l := rd.links[rd.linkAt[g.head[0]]]
	for _, e := range l.entries {
		if l.to-l.from == 1 && rd.Lexicon.Is("default", hyphenated(e.Words)+"="+e.Service) {
			return e.Service
		}
	}
	return ""
}
