// Package power decides which great powers a document gives: administration, all of a service,
// all keys, access for strangers. Each is asked as "is there a request that ...", so that split
// statements, NotAction and conditions that hold sometimes hide nothing, and a Deny that takes
// the power away silences. An answer that there is none is proved.
package power

import (
	"slices"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// budget is what one question may cost: a document is asked some twenty.
const budget = 1_000_000

// unnamed is a name that no policy has in full or in part: what may be done with it may be done
// with all names.
const unnamed = "unnamed-zq7"

// An Answer says whether a document gives a power. A Counterexample comes with a request that
// shows it and the place of what allows the request.
type Answer struct {
	Verdict   compare.Verdict
	Reason    string // why it is Unknown
	Request   finding.Request
	Statement int // from 0; -1: the document as a whole
	Position  policy.Position
}

// Given reports whether the power is given.
func (a Answer) Given() bool { return a.Verdict == compare.Counterexample }

// A Holder is a document that is asked. It may be used by several goroutines.
type Holder struct {
	Document    *policy.Document
	Kind        policy.Kind
	generic     *policy.Document // with a plain name in the place of each policy variable of resources
	administers func() Answer
	allowed     func() map[*catalog.Action]bool // the actions of the catalog that Allow statements name
	catalog     *catalog.Catalog
	comparer    *compare.Comparer
}

// Open prepares a document for questions. The error says which statement has no meaning.
func Open(c *catalog.Catalog, comparer *compare.Comparer, d *policy.Document, kind policy.Kind) (*Holder, error) {
	if _, err := evaluate.Compile(d, kind); err != nil {
		return nil, err
	}
	h := &Holder{Document: d, Kind: kind, generic: genericOf(d), catalog: c, comparer: comparer}
	h.administers, h.allowed = sync.OnceValue(h.administration), sync.OnceValue(h.named)
	return h, nil
}

// genericOf returns a document as it is for a holder whose name and tags are no names of the
// questions: what names things by a variable names things of the holder, not all.
func genericOf(d *policy.Document) *policy.Document {
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Resources, s.NotResources = withoutVariables(s.Resources), withoutVariables(s.NotResources)
	}
	return &out
}

func withoutVariables(list []policy.Text) []policy.Text {
	out := slices.Clone(list)
	for i := range out {
		variables := policy.Variables(out[i].Text)
		for _, v := range slices.Backward(variables) {
			if v.Defect == "" && v.Literal == 0 {
				out[i].Text = out[i].Text[:v.Start] + "holder-zq7" + out[i].Text[v.End:]
			}
		}
	}
	return out
}

// Find answers whether the document allows a request of a box: one that the statement box applies
// to, whatever its effect.
func (h *Holder) Find(box policy.Statement) Answer { return h.find(h.Document, box, false) }

// find is Find for another document of the kind, also for actions that the catalog does not have.
func (h *Holder) find(d *policy.Document, box policy.Statement, open bool) Answer {
	if len(box.Actions) > 0 && !slices.ContainsFunc(box.Actions, func(a policy.Text) bool { return mayAllow(d, a.Text) }) {
		return Answer{Verdict: compare.Proved, Statement: -1} // most questions end here
	}
	found, err := h.comparer.Find(compare.One(h.Kind, d), box, compare.Options{Open: open, Budget: budget})
	if err != nil {
		return Answer{Reason: err.Error(), Statement: -1}
	}
	out := Answer{Verdict: found.Verdict, Reason: found.Reason, Statement: -1}
	if found.Verdict != compare.Counterexample {
		return out
	}
	r := found.Request
	out.Request = finding.Request{
		PrincipalType: r.Principal.Type, Principal: r.Principal.ID,
		Action: r.Action, Resource: r.Resource, Context: r.Context,
	}
	if len(found.Allowed) > 0 && found.Allowed[0].Statement < len(h.Document.Statements) {
		out.Statement = found.Allowed[0].Statement
		s := &h.Document.Statements[out.Statement]
		out.Position = s.Position
		if t, ok := lint.Names(s, r.Action); ok {
			out.Position = t.Position
		}
	}
	return out
}

// mayAllow reports whether an Allow statement names an action; of a pattern, that is not known.
func mayAllow(d *policy.Document, action string) bool {
	if wildcard.Contains(action) {
		return true
	}
	return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool {
		_, ok := lint.Names(&s, action)
		return ok && s.Effect == policy.Allow
	})
}

// about returns a box of requests for actions on resources that patterns match; none: on any.
func about(resources []string, actions ...string) policy.Statement {
	return policy.Statement{Effect: policy.Allow, Actions: texts(actions), Resources: texts(resources)}
}

func texts(values []string) []policy.Text {
	var out []policy.Text
	for _, v := range values {
		out = append(out, policy.Text{Text: v})
	}
	return out
}

// changing are the actions by which whoever may use them on any identity gives himself whatever
// else there is.
var changing = []string{
	"iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:AttachGroupPolicy",
	"iam:PutRolePolicy", "iam:PutUserPolicy", "iam:PutGroupPolicy",
	"iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion",
}

// Administers answers whether the document gives full administrative privileges: actions of
// services that it does not name on resources that it does not name, or all that there are today,
// and the permissions of any identity. So a Deny of single actions does not take it away, but one
// that keeps IAM out does.
func (h *Holder) Administers() Answer { return h.administers() }

func (h *Holder) administration() Answer {
	wide := h.find(h.generic, about([]string{"arn:*:" + unnamed + ":*:*:" + unnamed}, unnamed+":"+unnamed), true)
	if wide.Verdict == compare.Proved {
		wide = h.allowsAll()
	}
	if !wide.Given() {
		return wide
	}
	answer := h.find(h.generic, about([]string{"arn:*:iam::*:*/" + unnamed}, changing...), false)
	if answer.Given() && wide.Statement >= 0 {
		answer.Statement, answer.Position = wide.Statement, wide.Position
	}
	return answer
}

// allowsAll answers whether the document allows every request of the catalog, by proof.
func (h *Holder) allowsAll() Answer {
	none := Answer{Verdict: compare.Proved, Statement: -1}
	if len(h.allowed()) < h.catalog.Counts().Actions {
		return none
	}
	all := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{about([]string{"*"}, "*")}}
	missing, err := h.comparer.Subsumes(compare.One(h.Kind, h.Document), compare.One(h.Kind, all), compare.Options{Budget: budget})
	switch {
	case err != nil || missing.Verdict == compare.Unknown:
		return Answer{Reason: missing.Reason, Statement: -1}
	case missing.Verdict == compare.Counterexample:
		return none
	}
	return Answer{Verdict: compare.Counterexample, Statement: -1}
}

// named returns the actions of the catalog that Allow statements name.
func (h *Holder) named() map[*catalog.Action]bool {
	out := map[*catalog.Action]bool{}
	for i := range h.Document.Statements {
		s := &h.Document.Statements[i]
		if s.Effect != policy.Allow {
			continue
		}
		if s.NotActions == nil {
			for _, t := range s.Actions {
				for _, a := range h.catalog.Expand(t.Text) {
					out[a] = true
				}
			}
			continue
		}
		for _, a := range h.catalog.Expand("*") {
			if _, ok := lint.Names(s, a.String()); ok {
				out[a] = true
			}
		}
	}
	return out
}

// Decrypts answers whether the document allows decryption with KMS keys that it does not name, in
// a Region that it does not name: what is limited to the keys of one Region is not all keys
// (AWS Security Hub, "KMS.1").
func (h *Holder) Decrypts() Answer {
	return h.find(h.generic, about([]string{"arn:*:kms:" + unnamed + ":*:key/" + unnamed}, "kms:Decrypt", "kms:ReEncryptFrom"), false)
}

// AssumesAny answers whether the document allows to assume roles that it does not name.
func (h *Holder) AssumesAny() Answer {
	return h.find(h.generic, about([]string{"arn:*:iam::*:role/" + unnamed}, "sts:AssumeRole"), false)
}

// Public answers whether the document allows a stranger one of some actions; none: any.
func (h *Holder) Public(actions ...string) Answer {
	box := Stranger(h.Document)
	box.Actions = texts(actions)
	return h.Find(box)
}

// ByService answers whether the document allows requests of a service whose source, its account
// and its organization the document does not name: anybody can have the service make them.
func (h *Holder) ByService(service string) Answer {
	prefix, _, _ := strings.Cut(service, ".")
	box := Stranger(h.Document)
	box.Principal = &policy.Principal{Service: texts([]string{service})}
	box.Conditions = slices.DeleteFunc(box.Conditions, func(c policy.Condition) bool {
		return strings.HasPrefix(c.Key, "aws:PrincipalService") || strings.HasPrefix(c.Key, "aws:PrincipalIs") || c.Key == "aws:SourceArn"
	})
	box.Conditions = append(box.Conditions, policy.Condition{
		Operator: "ArnLikeIfExists", Key: "aws:SourceArn", Values: texts([]string{"arn:*:" + prefix + ":::" + unnamed}),
	})
	return h.Find(box)
}

// LetsIn answers whether the document allows one of some actions to a principal of a type: those
// named, under conditions that are added to theirs.
func (h *Holder) LetsIn(who *policy.Principal, where []policy.Condition, actions ...string) Answer {
	return h.Find(policy.Statement{Effect: policy.Allow, Principal: who, Actions: texts(actions), Conditions: where})
}
