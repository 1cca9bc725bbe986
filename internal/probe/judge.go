package probe

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Miss is something that keeps a policy from being exact: a probe that came out wrong, or,
// with a nil Probe, a fault of the document's form.
type Miss struct {
	Probe  *Probe
	Reason string
}

// String returns the miss in one line.
func (m Miss) String() string {
	if m.Probe == nil {
		return m.Reason
	}
	want := "deny"
	if m.Probe.Allow {
		want = "allow"
	}
	return fmt.Sprintf("want %s %s %s: %s", want, m.Probe.Action, m.Probe.Resource, m.Reason)
}

// Judge compares a document with what a turn of the case asks for. No miss means that the
// document is exact. A nil document is a miss.
func (c Case) Judge(turn int, doc *policy.Document) []Miss {
	if doc == nil {
		return []Miss{{Reason: "no policy"}}
	}
	kind := c.KindOf(turn)
	var misses []Miss
	for _, fault := range Form(doc, kind) {
		misses = append(misses, Miss{Reason: fault})
	}
	p, err := evaluate.Compile(doc, kind)
	if err != nil {
		return append(misses, Miss{Reason: err.Error()})
	}
	t := &c.Turns[turn]
	for i := range t.Probes {
		probe := &t.Probes[i]
		d := decide(probe.Request(), doc, p)
		allowed := d == evaluate.Allowed || d == evaluate.ImplicitDeny && t.Baseline && !probe.Alone
		if allowed != probe.Allow {
			misses = append(misses, Miss{Probe: probe, Reason: d.String()})
		}
	}
	return misses
}

// decide evaluates a request. Requests name a log group sometimes with :* and sometimes
// without, so both spellings of it and its streams are taken for one resource: a statement
// that matches any of them applies.
func decide(r evaluate.Request, doc *policy.Document, p *evaluate.Policy) evaluate.Decision {
	group, ok := logGroup(r.Resource)
	if !ok {
		return evaluate.Evaluate(r, p)
	}
	applies := make([]bool, len(doc.Statements))
	refused := make([]bool, len(doc.Statements))
	for _, spelling := range []string{group, group + ":*", group + ":log-stream:"} {
		r.Resource = spelling
		e := evaluate.Explain(r, p)
		for i := range e.Statements {
			except := len(doc.Statements[i].NotResources) > 0
			applies[i] = applies[i] || e.Statements[i].Applies()
			refused[i] = refused[i] || except && !e.Statements[i].Applies()
		}
	}
	decision := evaluate.ImplicitDeny
	for i, s := range doc.Statements {
		switch {
		case !applies[i] || refused[i]:
		case s.Effect == policy.Deny:
			return evaluate.ExplicitDeny
		default:
			decision = evaluate.Allowed
		}
	}
	return decision
}

func logGroup(resource string) (string, bool) {
	if !strings.HasPrefix(resource, "arn:") || !strings.Contains(resource, ":log-group:") ||
		strings.Contains(resource, ":log-stream:") {
		return "", false
	}
	return strings.TrimSuffix(resource, ":*"), true
}

// Form returns what is wrong with the form of a document of a kind: the rules that AWS checks
// before it stores a policy. An empty list means that the form is right. Policies that a
// service stores without Resource are no exception: a Resource that matches is valid there.
func Form(doc *policy.Document, kind policy.Kind) []string {
	var faults []string
	add := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if doc.Version != policy.Version2012 && doc.Version != policy.Version2008 {
		add("Version is %q", doc.Version)
	}
	if len(doc.Statements) == 0 {
		add("no statement")
	}
	sids := map[string]bool{}
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Sid != "" && sids[s.Sid] {
			add("two statements have the Sid %s", s.Sid)
		}
		sids[s.Sid] = true
		for _, fault := range statementForm(s, kind) {
			add("statement %d: %s", i+1, fault)
		}
	}
	return faults
}

func statementForm(s *policy.Statement, kind policy.Kind) []string {
	var faults []string
	check := func(ok bool, text string) {
		if !ok {
			faults = append(faults, text)
		}
	}
	check(s.Effect == policy.Allow || s.Effect == policy.Deny, "Effect is neither Allow nor Deny")
	check((len(s.Actions) > 0) != (len(s.NotActions) > 0), "want Action or NotAction, with a value")
	for _, list := range [][]policy.Text{s.Actions, s.NotActions} {
		for _, a := range list {
			check(actionForm(a.Text), "no action is written "+a.Text)
		}
	}
	named := s.Principal != nil || s.NotPrincipal != nil
	resource := (len(s.Resources) > 0) != (len(s.NotResources) > 0)
	switch kind {
	case policy.Trust:
		check(named, "a trust policy needs a Principal")
		check(len(s.Resources)+len(s.NotResources) == 0, "a trust policy has no Resource")
	case policy.ResourceBased, policy.ResourceControl:
		check(named, "the kind needs a Principal")
		check(resource, "want Resource or NotResource, with a value")
	default:
		check(!named, "the kind has no Principal")
		check(resource, "want Resource or NotResource, with a value")
	}
	for _, list := range [][]policy.Text{s.Resources, s.NotResources} {
		for _, r := range list {
			check(strings.HasPrefix(r.Text, "arn:") || strings.HasPrefix(r.Text, "*"), "no resource is written "+r.Text)
		}
	}
	return faults
}

// actionForm says whether a text can be an action or a pattern of one.
func actionForm(s string) bool {
	if s == "*" {
		return true
	}
	service, name, ok := strings.Cut(s, ":")
	return ok && service != "" && name != "" &&
		strings.Trim(service, letters+"-") == "" && strings.Trim(name, letters) == ""
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*?"
