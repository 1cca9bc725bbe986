package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A lack is a condition that words name without its value.
type lack struct {
	words    []string
	question string             // what must be asked
	is       *intent.Constraint // or the condition, where it needs no value
}

var lacks = []lack{
	{[]string{"mfa", "2fa"}, "", &intent.Constraint{Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}}},
	{[]string{"tls", "https", "ssl"}, "", &intent.Constraint{Key: "aws:SecureTransport", Values: []string{"true"}}},
	{[]string{"vpc", "vpce", "endpoint"}, "Which VPC (vpc-…) or VPC endpoint (vpce-…) must the requests come through?", nil},
	{[]string{"ip", "ips", "cidr", "address", "addresses", "network", "office", "vpn"}, "Which public IP addresses or networks (CIDR) may the requests come from?", nil},
	{[]string{"org", "organization", "organisation"}, "What is the id of the organization (o-…)?", nil},
	{[]string{"tag", "tags"}, "Which tag, with which value?", nil},
	{[]string{"region", "regions"}, "Which region?", nil},
	{[]string{"expiry", "expiration", "date", "deadline", "time"}, "From when, or until when?", nil},
	{[]string{"external"}, "Which external id?", nil},
}

// lacksValue reads a condition that is named without a value: it asks for the value, or adds the
// condition where it needs none.
func (f *followup) lacksValue() bool {
	if len(f.where) > 0 || len(f.things(0, len(f.tokens))) > 0 || len(f.scanned()) > 0 && f.e.in.Kind != policy.IdentityBased {
		return false
	}
	named := f.has("condition", "conditions", "restriction", "restrictions", "requirement", "constraint", "check", "filter", "limit")
	if !named && (f.kind != narrowEdit || f.verbs() > 0) {
		return false
	}
	for _, l := range lacks {
		i := f.find(0, l.words...)
		if i < 0 {
			continue
		}
		f.use(0, len(f.tokens))
		f.out.Questions = nil
		if l.is == nil {
			f.e.ask(f.all(), l.question)
			return true
		}
		c := *l.is
		c.Span = f.span(i, i+1)
		if f.e.in.Constrain(c, func(g intent.Grant) bool { return (g.Effect == policy.Deny) == f.denying() }) > 0 {
			f.e.did("limited by " + c.Key)
		} else {
			f.e.noted("that is so already")
		}
		return true
	}
	return false
}

// onlySettings says that the segment names an account, and nothing else.
func (f *followup) onlySettings() bool {
	for i := range f.tokens {
		if f.tokens[i].taken || f.tokens[i].kind == punctToken || f.tokens[i].text == "" || f.is("stop", i) || f.is("chat", i) || f.is("preposition", i) || f.word(i, "account", "acct", "id", "number", "aws", "resources", "everything") {
			continue
		}
		return false
	}
	return f.out.Account != f.e.in.Account && f.e.in.Account == ""
}

// onlyThings says that the segment names things and says nothing about them: "and f2", "also
// the table orders".
func (f *followup) onlyThings() bool {
	fresh := 0
	for i := range f.tokens {
		t := f.tokens[i]
		switch {
		case t.kind == punctToken || t.text == "" || t.taken && !f.thing(i):
		case f.thing(i):
			if f.actionNames(i) != nil {
				return false
			}
			if _, ok := f.knownAt(i); !ok && !t.taken {
				fresh++
			}
		case f.linkAt[i] >= 0 || f.is("stop", i) || f.is("chat", i) || f.is("conjunction", i) || f.is("article", i) || f.is("preposition", i) || f.is("namer", i) || f.word(i, "role", "user", "account", "too", "also"):
		default:
			return false
		}
	}
	return fresh > 0 && len(f.where) == 0 && !f.settings() && f.verbs() == 0
}

// denyAll reads "deny it outside 203.0.113.0/24": what is granted is denied unless the condition
// holds.
func (f *followup) denyAll() bool {
	if f.denying() || !f.denyVerb() || len(f.where) == 0 || !f.has("it", "that", "this", "them", "everything", "all", "access", "anything") || f.contentVerbs() {
		return false
	}
	var out []intent.Grant
	for _, g := range f.e.in.Grants {
		if g.Effect == policy.Deny {
			continue
		}
		d := g.Clone()
		d.Effect, d.Span, d.Where, d.Unless = policy.Deny, f.all(), nil, nil
		for i := range d.Actions {
			d.Actions[i].Because, d.Actions[i].Span = "denied unless the condition holds", d.Span
		}
		for _, c := range f.where {
			if c.unless {
				d.Unless = append(d.Unless, c.Constraint)
			} else {
				d.Where = append(d.Where, c.Constraint)
			}
		}
		out = append(out, d)
	}
	f.e.in.Grants = append(f.e.in.Grants, out...)
	f.use(0, len(f.tokens))
	f.e.did("denied: " + strings.TrimSpace(f.text))
	return len(out) > 0
}

// contentVerbs says that a verb other than the one that denies stands in the segment.
func (f *followup) contentVerbs() bool {
	for _, u := range f.units {
		for _, v := range u.verbs {
			if !f.word(v.at, "deny", "block", "prevent", "forbid", "ban", "prohibit", "disallow", "access") {
				return true
			}
		}
	}
	return false
}
