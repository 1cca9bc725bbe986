// Package compile turns an intent into policy documents: every action on resources of its own
// types, conditions only where a request can carry their keys, statements merged and named.
// It is deterministic and writes nothing that the catalog does not know.
package compile

import (
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Result is what an intent compiles to.
type Result struct {
	Document   *policy.Document
	Kind       policy.Kind
	Provenance []Provenance        // one entry for each statement, in their order
	Notes      []intent.Assumption // what the compiler had to decide
}

// A Provenance says which words or rules put a statement there.
type Provenance struct {
	Sid     string
	Actions map[string]Reason // by action as printed
	Targets []intent.Span     // the words that named the resources
	Where   []intent.Span     // the words that named the conditions
}

// A Reason is why one action is granted.
type Reason struct {
	Because string
	Span    intent.Span
}

// A draft is a statement on its way.
type draft struct {
	effect     policy.Effect
	principals []intent.Principal
	actions    map[string]Reason
	notActions []string
	resources  []string
	notRes     []string
	conditions []policy.Condition
	targets    []intent.Span
	where      []intent.Span
	order      int
}

// A compiler is the work on one intent.
type compiler struct {
	catalog *catalog.Catalog
	in      intent.Intent
	drafts  []*draft
	notes   []intent.Assumption
}

// Compile writes the document of an intent. An intent without grants gives a document without
// statements, which is not valid IAM: the caller decides what to print.
func Compile(in intent.Intent, c *catalog.Catalog) Result {
	w := &compiler{catalog: c, in: in}
	for _, g := range in.Grants {
		w.grant(g)
	}
	w.merge()
	doc := &policy.Document{Version: policy.Version2012}
	res := Result{Document: doc, Kind: in.Kind, Notes: w.notes}
	sids := map[string]bool{}
	for _, d := range w.drafts {
		s := w.statement(d)
		s.Sid = w.sid(d, sids)
		doc.Statements = append(doc.Statements, s)
		res.Provenance = append(res.Provenance, Provenance{Sid: s.Sid, Actions: d.actions, Targets: d.targets, Where: d.where})
	}
	return res
}

// grant writes the drafts of one grant: one for each set of resources and conditions that its
// actions need.
func (w *compiler) grant(g intent.Grant) {
	if len(g.NotActions) > 0 {
		w.notActions(g)
		return
	}
	for _, a := range g.Actions {
		if strings.ContainsAny(a.Name, "*?") {
			w.patternAction(g, a)
			continue
		}
		if ca, ok := w.catalog.Action(a.Name); ok {
			w.action(g, a, ca)
		}
	}
}

// notActions writes a statement about every action but some.
func (w *compiler) notActions(g intent.Grant) {
	for _, alt := range w.conditions(g, nil) {
		d := w.draft(g, alt)
		d.notActions = slices.Clone(g.NotActions)
		d.resources = []string{"*"}
		if len(g.Targets) > 0 {
			d.resources = w.arnsOf(g.Targets)
		}
		w.except(g, d)
		w.add(d)
	}
}

// action writes one action of the catalog.
func (w *compiler) action(g intent.Grant, a intent.Action, ca *catalog.Action) {
	for _, alt := range w.conditions(g, ca) {
		for _, r := range w.resources(g, a, ca) {
			d := w.draft(g, alt)
			d.actions = map[string]Reason{ca.String(): {a.Because, a.Span}}
			d.resources = r.arns
			d.conditions = append(d.conditions, r.conditions...)
			for _, part := range w.split(ca, d) {
				w.except(g, part)
				w.add(part)
			}
		}
	}
}

// patternAction writes a pattern such as ec2:* or iam:Get*.
func (w *compiler) patternAction(g intent.Grant, a intent.Action) {
	matched := w.catalog.Expand(a.Name)
	if len(matched) == 0 {
		return
	}
	for _, alt := range w.conditions(g, nil) {
		d := w.draft(g, alt)
		d.actions = map[string]Reason{a.Name: {a.Because, a.Span}}
		d.resources = w.patternResources(g, a.On, matched)
		d.conditions = append(d.conditions, w.aliases(g, matched...)...)
		w.except(g, d)
		w.add(d)
	}
}

func (w *compiler) draft(g intent.Grant, alt []condition) *draft {
	d := &draft{effect: g.Effect, principals: g.Principals}
	if d.effect == "" {
		d.effect = policy.Allow
	}
	for _, t := range g.Targets {
		d.targets = append(d.targets, t.Span)
	}
	for _, c := range alt {
		d.conditions = append(d.conditions, c.Condition)
		d.where = append(d.where, c.span)
	}
	return d
}

// except leaves the excepted targets out: as NotResource where nothing else is named.
func (w *compiler) except(g intent.Grant, d *draft) {
	if len(g.Except) == 0 {
		return
	}
	if len(d.resources) == 1 && d.resources[0] == "*" || g.Effect == policy.Deny {
		d.notRes = w.exceptARNs(g)
		d.resources = nil
		return
	}
	deny := &draft{effect: policy.Deny, principals: d.principals, actions: d.actions, resources: w.exceptARNs(g)}
	w.add(deny)
}

// exceptARNs writes the excepted targets in the forms that the actions of the grant know.
func (w *compiler) exceptARNs(g intent.Grant) []string {
	out := w.arnsOf(g.Except)
	for _, a := range g.Actions {
		ca, ok := w.catalog.Action(a.Name)
		if !ok {
			continue
		}
		for _, r := range ca.Resources {
			if _, corrected := ca.Correction(r.Type); corrected {
				out = append(out, w.direct(intent.Grant{Targets: g.Except}, ca, r.Type)...)
			}
		}
	}
	sort.Strings(out)
	return slices.Compact(out)
}

func (w *compiler) add(d *draft) {
	if w.in.Kind == policy.Trust {
		d.resources, d.notRes = nil, nil
	}
	if w.in.Kind == policy.ResourceBased && onlyService(d.actions, "kms") {
		d.resources = []string{"*"} // in a key policy "*" is the key that carries it
	}
	sort.Strings(d.resources)
	d.resources = slices.Compact(d.resources)
	sortConditions(d.conditions)
	d.conditions = slices.CompactFunc(d.conditions, sameCondition)
	d.order = len(w.drafts)
	w.drafts = append(w.drafts, d)
}

// onlyService says that all actions are of one service.
func onlyService(actions map[string]Reason, service string) bool {
	for a := range actions {
		if !strings.HasPrefix(a, service+":") {
			return false
		}
	}
	return len(actions) > 0
}

func (w *compiler) note(material bool, text string, span intent.Span) {
	for _, n := range w.notes {
		if n.Text == text {
			return
		}
	}
	w.notes = append(w.notes, intent.Assumption{Text: text, Material: material, Span: span})
}
