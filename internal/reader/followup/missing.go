package followup

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
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
	if len(f.Where) > 0 || len(f.things(0, len(f.Tokens))) > 0 || len(f.scanned()) > 0 && f.e.in.Kind != policy.IdentityBased {
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
		f.Use(0, len(f.Tokens))
		f.Out.Questions = nil
		if l.is == nil {
			f.e.ask(f.all(), l.question)
			return true
		}
		c := *l.is
		c.Span = f.Span(i, i+1)
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
	for i := range f.Tokens {
		if f.Tokens[i].Taken || f.Tokens[i].Kind == token.Punct || f.Tokens[i].Text == "" || f.Is("stop", i) || f.Is("chat", i) || f.Is("preposition", i) || f.Word(i, "account", "acct", "id", "number", "aws", "resources", "everything") {
			continue
		}
		return false
	}
	return f.Out.Account != f.e.in.Account && f.e.in.Account == ""
}

// onlyThings says that the segment names things and says nothing about them: "and f2", "also
// the table orders".
func (f *followup) onlyThings() bool {
	fresh := 0
	for i := range f.Tokens {
		t := f.Tokens[i]
		switch {
		case t.Kind == token.Punct || t.Text == "" || t.Taken && !f.thing(i):
		case f.thing(i):
			if f.ActionNames(i) != nil {
				return false
			}
			if _, ok := f.knownAt(i); !ok && !t.Taken {
				fresh++
			}
		case f.LinkAt[i] >= 0 || f.Is("stop", i) || f.Is("chat", i) || f.Is("conjunction", i) || f.Is("article", i) || f.Is("preposition", i) || f.Is("namer", i) || f.Word(i, "role", "user", "account", "too", "also"):
		default:
			return false
		}
	}
	return fresh > 0 && len(f.Where) == 0 && !f.settings() && f.verbs() == 0
}

// denyAll reads "deny it outside 203.0.113.0/24": what is granted is denied unless the condition
// holds.
func (f *followup) denyAll() bool {
	if f.denying() || !f.denyVerb() || len(f.Where) == 0 || !f.has("it", "that", "this", "them", "everything", "all", "access", "anything") || f.contentVerbs() {
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
		for _, c := range f.Where {
			if c.Unless {
				d.Unless = append(d.Unless, c.Constraint)
			} else {
				d.Where = append(d.Where, c.Constraint)
			}
		}
		out = append(out, d)
	}
	f.e.in.Grants = append(f.e.in.Grants, out...)
	f.Use(0, len(f.Tokens))
	f.e.did("denied: " + strings.TrimSpace(f.Text))
	return len(out) > 0
}

// contentVerbs says that a verb other than the one that denies stands in the segment.
func (f *followup) contentVerbs() bool {
	for _, u := range f.Units {
		for _, v := range u.Verbs {
			if !f.Word(v.At, "deny", "block", "prevent", "forbid", "ban", "prohibit", "disallow", "access") {
				return true
			}
		}
	}
	return false
}
