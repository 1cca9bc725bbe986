package verify

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/reach"
	"github.com/aegis-iam/aegis/internal/verify/sample"
)

// siblings writes requests for actions that the grant does not name, on the same resource:
// the nearest of the same verb, and one of each other access level.
func (w *writer) siblings(g *intent.Grant, at point) {
	for _, ca := range w.nearActions(g, at) {
		to := at
		to.action = ca
		if at.place.Any() && !w.trust() {
			to.place = reach.Anywhere
			if len(ca.Resources) > 0 {
				to.place = w.reach.Open(ca, ca.Resources[0].Type)[0]
			}
		}
		if w.once("sibling", ca.String(), to.place.Pattern, at.who.ID) {
			w.emit(g, to, false, near, "the request does not ask for this action")
		}
	}
	if ca, ok := w.catalog.Action(foreign(at.action)); ok && !w.trust() && w.once("foreign", ca.String()) {
		to := at
		to.action, to.place = ca, reach.Anywhere
		if len(ca.Resources) > 0 {
			to.place = w.reach.Open(ca, ca.Resources[0].Type)[0]
		}
		w.emit(g, to, false, near, "the request does not ask for this service")
	}
}

// foreign is an action of another service.
func foreign(ca *catalog.Action) string {
	if ca.Service == "sqs" {
		return "sns:DeleteTopic"
	}
	return "sqs:DeleteQueue"
}

// A closeTo is what the nearest actions depend on.
type closeTo struct {
	action *catalog.Action
	format string
	any    bool
	deny   bool
}

// nearActions returns what findNear finds, once for each place of the same format.
func (w *writer) nearActions(g *intent.Grant, at point) []*catalog.Action {
	key := closeTo{at.action, at.place.Format, at.place.Any(), g.Effect == policy.Deny}
	found, ok := w.close[key]
	if !ok {
		found = w.findNear(g, at)
		w.close[key] = found
	}
	return found
}

// findNear finds actions of the service that can name the same resource and that no
// grant of the effect names.
func (w *writer) findNear(g *intent.Grant, at point) []*catalog.Action {
	service, ok := w.catalog.Service(at.action.Service)
	if !ok {
		return nil
	}
	var same *catalog.Action
	best := 0
	levels := map[catalog.AccessLevel]*catalog.Action{}
	for _, ca := range service.Actions {
		if !w.sharesPlace(ca, at) || w.isGranted(g.Effect, ca) {
			continue
		}
		if n := commonVerb(ca.Name, at.action.Name); n > best {
			same, best = ca, n
		}
		if levels[ca.Level] == nil {
			levels[ca.Level] = ca
		}
	}
	var out []*catalog.Action
	if same != nil {
		out = append(out, same)
	}
	for _, level := range []catalog.AccessLevel{catalog.List, catalog.Read, catalog.Write, catalog.Tagging, catalog.PermissionsManagement} {
		if ca := levels[level]; ca != nil && ca != same {
			out = append(out, ca)
		}
	}
	return out
}

func (w *writer) sharesPlace(ca *catalog.Action, at point) bool {
	if w.trust() {
		return slices.ContainsFunc(ca.Resources, func(r catalog.ActionResource) bool { return r.Type.Name == "role" })
	}
	if at.place.Any() {
		return true
	}
	return slices.ContainsFunc(ca.Resources, func(r catalog.ActionResource) bool {
		return r.Type == at.place.Type && slices.Contains(ca.ARNs(r.Type), at.place.Format)
	})
}

// A grantedAction is a question about an action that was answered before.
type grantedAction struct {
	deny   bool
	action *catalog.Action
}

// isGranted says whether a grant of the effect names an action at all.
func (w *writer) isGranted(effect policy.Effect, ca *catalog.Action) bool {
	key := grantedAction{effect == policy.Deny, ca}
	known, ok := w.granted[key]
	if !ok {
		known = w.namesAction(effect, ca)
		w.granted[key] = known
	}
	return known
}

func (w *writer) namesAction(effect policy.Effect, ca *catalog.Action) bool {
	name := ca.String()
	for i := range w.in.Grants {
		g := &w.in.Grants[i]
		if (g.Effect == policy.Deny) != (effect == policy.Deny) {
			continue
		}
		if len(g.NotActions) > 0 && !matchesAny(g.NotActions, name) ||
			slices.ContainsFunc(g.Actions, func(a intent.Action) bool { return matchesAny([]string{a.Name}, name) }) {
			return true
		}
	}
	return false
}

// commonVerb returns the length of the common start of two names, if it holds the whole verb
// of both; otherwise 0.
func commonVerb(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if v := catalog.Verb(b); n < len(v) || catalog.Verb(a) != v {
		return 0
	}
	return n
}

// neighbours writes requests for the same action on resources beside those that the grant
// names: other names, another account, another region, and another user's where the place
// depends on who asks.
func (w *writer) neighbours(g *intent.Grant, at point) {
	if at.place.Type == nil || w.trust() {
		return
	}
	base := sample.Clone(at.ctx)
	sample.Expand(at.place.Pattern, base)
	for _, n := range beside(at.place, base) {
		to := at
		to.place.Pattern, to.ctx = n.pattern, sample.Clone(base)
		if n.elsewhere {
			sample.Drop(to.ctx, "aws:ResourceAccount")
		}
		w.emit(g, to, false, near, n.because)
	}
	for _, v := range policy.Variables(at.place.Pattern) {
		if v.Key == "" || v.Defect != "" {
			continue
		}
		to := at
		to.ctx = sample.Clone(at.ctx)
		to.place.Pattern = sample.Concrete(at.place.Pattern, to.ctx)
		sample.Set(to.ctx, v.Key, sample.Variable(v.Key)+"0")
		w.emit(g, to, false, near, "the resource belongs to another "+v.Key)
	}
}

// otherTypes writes requests for the action on resources of those of its types that the grant
// is not about.
func (w *writer) otherTypes(g *intent.Grant, at point) {
	if at.place.Type == nil || w.trust() {
		return
	}
	for _, r := range at.action.Resources {
		if r.Type == at.place.Type || !w.once("type", at.action.String(), r.Type.Name) {
			continue
		}
		to := at
		to.place = w.reach.Open(at.action, r.Type)[0]
		w.emit(g, to, false, edge, "the grant is about another type of resource")
	}
}

// A neighbour is a pattern of resources beside a place.
type neighbour struct {
	pattern   string
	because   string
	elsewhere bool // in another account
}

// beside finds patterns that a place's pattern does not match, each differing in one name.
func beside(p reach.Place, ctx evaluate.Context) []neighbour {
	text := sample.Expand(p.Pattern, sample.Clone(ctx))
	f, n := arn.Fields(text)
	if n < len(f) {
		return nil
	}
	var out []neighbour
	add := func(field int, value, because string) {
		other := f
		other[field] = value
		out = append(out, neighbour{strings.Join(other[:], ":"), because, field == 4})
	}
	for _, resource := range besideNames(p.Format, f[5]) {
		add(5, resource, "another resource of the same type")
	}
	if f[4] != "" && !strings.ContainsAny(f[4], "*?") {
		add(4, sample.OtherAccount, "another account")
	}
	if f[3] != "" && !strings.ContainsAny(f[3], "*?") {
		add(3, sample.OtherRegion, "another region")
	}
	return out
}

// besideNames changes each name of a resource in turn. What the format fixes stays.
func besideNames(format, resource string) []string {
	ff, _ := arn.Fields(format)
	fixed := map[string]bool{}
	for _, seg := range strings.FieldsFunc(ff[5], func(r rune) bool { return r == '/' || r == ':' }) {
		fixed[seg] = !strings.Contains(seg, "${")
	}
	var out []string
	for start := 0; start < len(resource); {
		end := start + strings.IndexAny(resource[start:]+"/", "/:")
		seg := resource[start:end]
		other := ""
		switch {
		case fixed[seg] || seg == "" || strings.Trim(seg, "*?") == "":
		case strings.ContainsAny(seg, "*?"):
			other = sample.Stray(seg)
			if strings.HasSuffix(seg, reach.SecretTail) {
				out = append(out, resource[:start]+sample.Fill(seg)+sample.Fill(reach.SecretTail)+resource[end:])
			}
		default:
			other = seg + "0"
		}
		if other != "" {
			out = append(out, resource[:start]+other+resource[end:])
		}
		start = end + 1
	}
	return out
}

// excepted writes requests on the targets that the grant takes out again.
func (w *writer) excepted(g *intent.Grant, at point) {
	for _, p := range w.reach.ExceptPlaces(g, at.action) {
		to := at
		to.place = p
		if w.once("except", at.action.String(), p.Pattern) {
			w.emit(g, to, false, near, "this resource is excepted")
			w.besideExcepted(g, to)
		}
	}
}

// besideExcepted writes requests on resources beside an excepted one: they stay in the grant
// if it is about any resource.
func (w *writer) besideExcepted(g *intent.Grant, at point) {
	if len(g.Targets) > 0 {
		return
	}
	base := sample.Clone(at.ctx)
	for _, n := range beside(at.place, base) {
		to := at
		to.place.Pattern = n.pattern
		r := evaluate.Request{Action: at.action.String(), Resource: sample.Concrete(n.pattern, sample.Clone(base)), Context: base}
		if !w.taken(g, &r, at.action) {
			w.emit(g, to, true, edge, "only the resource beside it is excepted")
		}
	}
}

// exempted writes requests for the actions that NotActions takes out.
func (w *writer) exempted(g *intent.Grant, subjects []evaluate.Principal) {
	for _, pattern := range g.NotActions {
		for n, ca := range w.catalog.Expand(pattern) {
			if n == 2 {
				break
			}
			d := &deed{action: ca, pattern: true}
			p := w.reach.PatternPlaces(g, ca, false)[0]
			if ctx := w.inside(g, d, p, subjects[0]); ctx != nil {
				w.emit(g, point{ca, p, subjects[0], ctx}, false, near, "this action is excepted")
			}
		}
	}
}
