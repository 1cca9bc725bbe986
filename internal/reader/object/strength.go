package object

import (
	"sort"

	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// Ranked returns services by their score, best first.
func (rd *Reading) Ranked(scores map[string]float64) []string {
	var out []string
	for p := range scores {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool {
		if scores[out[i]] != scores[out[j]] {
			return scores[out[i]] > scores[out[j]]
		}
		return out[i] < out[j]
	})
	return out
}

// Admitted says whether a service may be meant by a unit. Where a request names its services,
// another one is meant only if the unit has a word or a literal that speaks of it and that the
// named services do not know.
func (rd *Reading) Admitted(prefix string, u Unit) bool {
	if rd.logging(u) {
		return prefix == "logs"
	}
	if own := rd.OwnServices(u); len(own) > 0 && !own[prefix] {
		return false
	}
	strong := rd.Strong()
	if len(strong) == 0 || strong[prefix] {
		return true
	}
	for _, v := range u.Verbs {
		if rd.Lexicon.Is("implies", v.Stem+"="+prefix) {
			return true
		}
	}
	from, to := u.From, u.To
	if len(u.Verbs) > 0 {
		from = min(from, u.Verbs[0].At)
	}
	c := rd.Clauses[u.Clause]
	for _, r := range [][2]int{{from, to}, {c.From, c.To}} {
		for i := r[0]; i < r[1]; i++ {
			if rd.ServiceOfToken(i) == prefix && !rd.Tokens[i].Guessed() {
				return true
			}
			if n := rd.LinkAt[i]; n >= 0 && rd.SpeaksOnlyOf(rd.Links[n], prefix, strong) {
				return true
			}
		}
	}
	return false
}

// SpeaksOnlyOf says that a phrase names a service and none of the strong services uses its words.
func (rd *Reading) SpeaksOnlyOf(l sentence.Link, prefix string, strong map[string]bool) bool {
	found := false
	for _, e := range l.Entries {
		if strong[e.Service] {
			return false
		}
		found = found || e.Service == prefix && (e.Kind == lexicon.Name || e.Kind == lexicon.Noun && !rd.generic(l))
	}
	if !found || rd.Subject != nil && rd.Subject[l.From] {
		return false
	}
	for s := range strong {
		b := rd.Book(s)
		known := b != nil
		for i := l.From; i < l.To && known; i++ {
			known = b.Vocab[rd.Tokens[i].Stem] || b.Own[rd.Tokens[i].Stem]
		}
		if known {
			return false
		}
	}
	return true
}

// generic says that a phrase is one word that things of many services are called by: a run, a job.
func (rd *Reading) generic(l sentence.Link) bool {
	return l.To-l.From == 1 && rd.Lexicon.Is("generic", rd.Tokens[l.From].Stem)
}

// namedServices are the services that a phrase of the request names by name.
func (rd *Reading) namedServices() map[string]bool {
	if rd.NamedSet != nil {
		return rd.NamedSet
	}
	rd.NamedSet = map[string]bool{}
	for _, l := range rd.Links {
		for _, e := range l.Entries {
			if (e.Kind == lexicon.Name || e.Named) && !rd.Ordinary(l) {
				rd.NamedSet[e.Service] = true
			}
		}
	}
	return rd.NamedSet
}

// Headed says whether some member of the list has words of its own.
func (rd *Reading) Headed(groups []Group) bool {
	for _, g := range groups {
		if len(g.Head) > 0 {
			return true
		}
	}
	return false
}

// ServiceScores weighs services by the words of the object first, then of the clause.
func (rd *Reading) ServiceScores(u Unit, v *sentence.Verb, g Group) map[string]float64 {
	out := map[string]float64{}
	add := func(scores map[string]float64, w float64) {
		for p, s := range scores {
			out[p] += w * s
		}
	}
	if toks := append(append([]int{}, g.Head...), g.Mods...); len(toks) > 0 {
		sort.Ints(toks)
		add(rd.Services(toks[0], toks[len(toks)-1]+1), 1.5)
	}
	if rd.logging(u) {
		out["logs"] += 40
	}
	c := rd.Clauses[u.Clause]
	add(rd.Services(u.From, u.To), 1)
	add(rd.Services(c.From, c.To), 0.5)
	from, to := rd.SentenceRange(u.Clause)
	add(rd.Services(from, to), 0.25)
	if v != nil {
		for _, service := range []string{"sts", "iam"} {
			if rd.Lexicon.Is("implies", v.Stem+"="+service) {
				out[service] += 40
			}
		}
	}
	return out
}

// OwnServices are the services of the resources that a unit names itself, and those it names by
// name: "write models to s3://b" is about S3, whatever else is called a model.
func (rd *Reading) OwnServices(u Unit) map[string]bool {
	out := map[string]bool{}
	for i := u.From; i < u.To; i++ {
		s := rd.ServiceOfToken(i)
		if s != "" && s != "iam" && s != "kms" && !rd.Tokens[i].Guessed() && rd.Tokens[i].Kind != token.Word {
			out[s] = true
		}
	}
	if len(out) == 0 {
		return nil
	}
	for _, v := range u.Verbs {
		for _, s := range []string{"sts", "iam"} {
			if rd.Lexicon.Is("implies", v.Stem+"="+s) {
				out[s] = true
			}
		}
	}
	for _, l := range rd.Links {
		if l.From >= u.From && l.To <= u.To {
			for _, e := range l.Entries {
				if e.Kind == lexicon.Name || e.Named {
					out[e.Service] = true
				}
			}
		}
	}
	return out
}

// UsualService is the service that is meant by an object's one word where the request names none:
// an instance is one of EC2.
func (rd *Reading) UsualService(g Group) string {
	if len(g.Head) != 1 || len(rd.Strong()) > 0 || rd.LinkAt[g.Head[0]] < 0 {
		return ""
	}
	l := rd.Links[rd.LinkAt[g.Head[0]]]
	for _, e := range l.Entries {
		if l.To-l.From == 1 && rd.Lexicon.Is("default", sentence.Hyphenated(e.Words)+"="+e.Service) {
			return e.Service
		}
	}
	return ""
}
