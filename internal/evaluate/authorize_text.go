package evaluate

import (
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// layerNames are the words for the layers; those that are one document are singular.
var layerNames = map[policy.Kind]struct {
	noun string
	many bool
}{
	policy.ResourceControl:     {"resource control policies", true},
	policy.ServiceControl:      {"service control policies", true},
	policy.Endpoint:            {"VPC endpoint policy", false},
	policy.ResourceBased:       {"resource-based policy", false},
	policy.IdentityBased:       {"identity-based policies", true},
	policy.PermissionsBoundary: {"permissions boundary", false},
	policy.SessionPolicy:       {"session policies", true},
}

// noun names a layer of the request: the policy of a key or a role has a name of its own.
func (j *judge) noun(kind policy.Kind) string {
	switch {
	case kind == policy.ResourceBased && j.trusts():
		return "trust policy"
	case kind == policy.ResourceBased && isKey(j.out.Request.Resource):
		return "key policy"
	}
	return layerNames[kind].noun
}

// title names the layer in a sentence.
func (l *Layer) title() string {
	if l.Level == "" {
		return "the " + l.noun
	}
	return "the " + l.noun + " at " + l.Level
}

func (l *Layer) verb(many, one string) string {
	if layerNames[l.Kind].many {
		return many
	}
	return one
}

// String returns the authorization as text, as AppendText writes it.
func (a *Authorization) String() string { return string(a.AppendText(nil)) }

// AppendText appends the authorization as lines of English: the decision with its reason, and
// one line for each layer, under it the statements whose action matches. Levels without
// resource control policies say nothing and are left out.
func (a *Authorization) AppendText(to []byte) []byte {
	to = append(to, a.Decision.String()...)
	to = append(to, ": "...)
	to = append(to, a.Request.Action...)
	if a.Request.Resource != "" {
		to = append(to, " on "...)
		to = append(to, a.Request.Resource...)
	}
	if who := a.Request.Principal; who.ID != "" {
		to = append(to, " by the "...)
		to = append(to, who.Kind()...)
		if who.Kind() != Anonymous {
			to = append(append(to, ' '), who.ID...)
		}
	}
	to = append(to, '\n')
	to = append(to, a.Reason...)
	to = a.appendDeciding(to)
	if a.CrossAccount {
		to = append(to, " (two accounts: both must allow)"...)
	}
	to = append(to, '\n')
	for i := range a.Layers {
		if l := &a.Layers[i]; l.Kind != policy.ResourceControl || len(l.Policies) > 0 {
			to = l.appendText(to, a.Request, i == a.Decided)
		}
	}
	return to
}

// appendDeciding names the statements of the layer that decided, a few of them.
func (a *Authorization) appendDeciding(to []byte) []byte {
	if a.Decided < 0 || a.Decision == ImplicitDeny {
		return to
	}
	l := &a.Layers[a.Decided]
	e := l.Explanation(a.Request)
	for i, part := range e.Deciding() {
		if i == 3 {
			return append(to, " …"...)
		}
		to = append(to, separator(i, ": ")...)
		to = append(to, l.Place(&part)...)
	}
	return to
}

func (l *Layer) appendText(to []byte, r Request, decided bool) []byte {
	mark := "  "
	if decided {
		mark = "> "
	}
	to = append(to, mark...)
	to = append(to, strings.TrimPrefix(l.title(), "the ")...)
	to = append(to, ": "...)
	if l.Exempt != "" {
		to = append(to, "not asked, "...)
		to = append(to, l.Exempt...)
		return append(to, '\n')
	}
	to = append(to, l.outcome()...)
	to = append(to, '\n')
	e := l.Explanation(r)
	for i := range e.Statements {
		part := &e.Statements[i]
		if part.Failed.Has(ActionElement) {
			continue
		}
		to = append(to, "      "...)
		to = append(to, l.Place(part)...)
		to = part.appendPart(to)
	}
	return to
}

func (l *Layer) outcome() string {
	switch {
	case len(l.Policies) == 0 && l.Kind != policy.ResourceControl:
		return "none"
	case l.Decision == ExplicitDeny:
		return l.verb("deny it", "denies it")
	case l.Decision == ImplicitDeny:
		return l.verb("do not allow it", "does not allow it")
	case l.Kind == policy.ResourceControl:
		return "do not deny it"
	case l.Grant == AccountGrant:
		return "allows the caller's account, whose own policies must allow it too"
	case l.Grant == SourceGrant:
		return "allows the role or user of the session"
	case l.Grant == DirectGrant:
		return "allows the caller itself"
	}
	return l.verb("allow it", "allows it")
}

// Place names a statement for a person: its policy, its number and, if it has one, its Sid.
func (l *Layer) Place(p *Part) string {
	text := l.Policies[p.Policy].name
	if text == "" {
		text = "policy " + strconv.Itoa(p.Policy+1)
	}
	text += " statement " + strconv.Itoa(p.Statement+1)
	if p.Sid != "" {
		text += " " + strconv.Quote(p.Sid)
	}
	return text
}

// Title names the layer in words, without its level: identity-based policies, key policy.
func (l *Layer) Title() string { return l.noun }
