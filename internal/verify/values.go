package verify

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/reach"
	"github.com/aegis-iam/aegis/internal/verify/sample"
)

// values writes requests with other values of the keys that the grant constrains: every
// named value, the edges of ranges from both sides, a value far off, and no value.
func (w *writer) values(g *intent.Grant, d *deed, at point, deep bool) {
	where := w.reach.Where(g, d.action, d.pattern)
	for i := range where {
		if g.Effect != policy.Deny && !reach.BearsOn(at.place.Type, &where[i], at.action) {
			continue
		}
		w.constraint(g, where, &where[i], at, deep)
	}
	for i := range g.Unless {
		w.exemption(g, &g.Unless[i], at, deep)
	}
}

// constraint writes the requests about one constraint of Where.
func (w *writer) constraint(g *intent.Grant, where []intent.Constraint, c *intent.Constraint, at point, deep bool) {
	missed := false
	for _, v := range w.variants(c, at.ctx) {
		to := at
		to.ctx = sample.Clone(at.ctx)
		sample.Set(to.ctx, c.Key, v...)
		inside := w.sample.AllHold(where, c.Key, to.ctx) && !w.exempt(g, to.ctx)
		rank := edge
		if !inside && !missed {
			rank, missed = near, true
		}
		if rank == near || deep {
			w.emit(g, to, inside, rank, sayValue(c.Key, v, inside))
		}
	}
	to := at
	to.ctx = sample.Clone(at.ctx)
	sample.Forbid(to.ctx, c.Key)
	switch {
	case c.Test == intent.Exists, c.Test != intent.Absent && c.Test != intent.IsNot && !c.Optional:
		w.emit(g, to, false, near, "the request does not say "+c.Key)
	case c.Optional:
		w.emit(g, to, true, edge, "the request need not say "+c.Key)
	}
	w.otherSpeaker(g, c, at)
}

// otherSpeaker writes requests in which the key that a value refers to says something else.
func (w *writer) otherSpeaker(g *intent.Grant, c *intent.Constraint, at point) {
	for _, value := range c.Values {
		_, rest, ok := strings.Cut(value, "${")
		key, _, closed := strings.Cut(rest, "}")
		if !ok || !closed || len(at.ctx.Values(key)) == 0 {
			continue
		}
		to := at
		to.place.Pattern = sample.Concrete(at.place.Pattern, sample.Clone(at.ctx))
		to.ctx = sample.Clone(at.ctx)
		sample.Set(to.ctx, key, sample.Variable(key)+"0")
		w.emit(g, to, false, edge, key+" is another")
	}
}

// exemption writes the requests about one constraint of Unless.
func (w *writer) exemption(g *intent.Grant, c *intent.Constraint, at point, deep bool) {
	met := false
	for _, v := range w.variants(c, at.ctx) {
		to := at
		to.ctx = sample.Clone(at.ctx)
		sample.Set(to.ctx, c.Key, v...)
		exempt := w.exempt(g, to.ctx)
		rank := edge
		if exempt && !met {
			rank, met = near, true
		}
		if rank == near || deep {
			w.emit(g, to, !exempt, rank, sayValue(c.Key, v, !exempt))
		}
	}
	if c.Test != intent.IsNot && c.Test != intent.Absent && c.Set != intent.All && !c.Optional {
		to := at
		to.ctx = sample.Clone(at.ctx)
		sample.Forbid(to.ctx, c.Key)
		w.emit(g, to, !w.exempt(g, to.ctx), near, "the request does not say "+c.Key)
	}
}

// exempt says whether anything of Unless holds.
func (w *writer) exempt(g *intent.Grant, ctx evaluate.Context) bool {
	return slices.ContainsFunc(g.Unless, func(c intent.Constraint) bool { return w.sample.Holds(&c, ctx) })
}

// mostVariants is how many values of one key are tried.
const mostVariants = 24

// variants are lists of values for a key on both sides of a constraint.
func (w *writer) variants(c *intent.Constraint, ctx evaluate.Context) [][]string {
	if c.Test == intent.Absent {
		return [][]string{{sample.Name}}
	}
	list := w.sample.Candidates(c, sample.Clone(ctx))
	if c.Test == intent.Exists {
		list = []string{sample.Name}
	}
	if len(list) > mostVariants {
		list = list[:mostVariants]
	}
	var out [][]string
	done := map[string]bool{"": true}
	good, bad := "", ""
	for _, v := range list {
		if done[v] {
			continue
		}
		done[v] = true
		out = append(out, []string{v})
		if w.sample.Holds(c, evaluate.Context{c.Key: {v}}) {
			good = v
		} else {
			bad = v
		}
	}
	if c.Set != intent.Single && good != "" && bad != "" {
		out = append(out, []string{good, bad})
	}
	return out
}

func sayValue(key string, values []string, inside bool) string {
	said := key + " is " + strings.Join(values, " and ")
	if inside {
		return said + ", as the grant has it"
	}
	return said + ", which the grant does not mean"
}

// listings writes requests to list a bucket outside the prefix of the grant's objects.
func (w *writer) listings(g *intent.Grant, at point) {
	prefixes := reach.ListingPrefixes(g, at.action)
	for i, p := range prefixes {
		v := sample.Fill(sample.Expand(p, sample.Clone(at.ctx)))
		to := at
		to.ctx = sample.Clone(at.ctx)
		sample.Set(to.ctx, "s3:prefix", v)
		if i > 0 {
			w.emit(g, to, true, edge, "the listing is of what the grant names")
		}
	}
	if len(prefixes) == 0 {
		return
	}
	stray := prefixes[0]
	if strings.ContainsAny(stray, "*?") {
		stray = sample.Stray(stray)
	} else {
		stray += "0"
	}
	for _, v := range []string{stray, ""} {
		to := at
		to.ctx = sample.Clone(at.ctx)
		sample.Drop(to.ctx, "s3:prefix")
		if v != "" {
			sample.Set(to.ctx, "s3:prefix", sample.Expand(v, to.ctx))
		}
		w.emit(g, to, false, near, "the listing is of more than the grant names")
	}
}
