package resource

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/party"
)

// allowing says that the words grant something to somebody.
func (s *sharing) allowing() bool {
	for _, p := range s.Parties {
		if !s.denies(p.From) && !s.Refused(p) {
			return true
		}
	}
	return false
}

// deniesAnything says that the words take something away: they say so, or they only set
// conditions and name no one who is let in.
func (s *sharing) deniesAnything(allowed bool) bool {
	if s.OnlyDenies() || !allowed && len(s.Where) > 0 {
		return true
	}
	for n := range s.Clauses {
		if s.clauseDenies(n) {
			return true
		}
	}
	return false
}

// guard writes the Deny of everybody who does not meet the conditions, one for each sentence
// that takes away.
func (s *sharing) guard(allowed bool) {
	done := map[int]bool{}
	for n, c := range s.Clauses {
		if done[c.Sentence] || !s.guardClause(n, allowed) {
			continue
		}
		done[c.Sentence] = true
		from, to := s.SentenceRange(n)
		for i := from; i < to; i++ {
			if s.shutOut(i) {
				s.Use(i, i+1)
			}
		}
		g := intent.Grant{Effect: policy.Deny, Principals: []intent.Principal{{Type: "*"}}, Span: s.Span(from, to), Targets: s.targetsAt(n)}
		g.Actions = s.guardActions(from, to)
		s.guardConditions(&g, c.Sentence, allowed)
		s.guardParties(&g, from, to)
		if len(g.Where)+len(g.Unless) == 0 && g.Principals[0].Type == "*" && !s.bare(g) {
			continue
		}
		s.add(g)
	}
}

func (s *sharing) guardClause(n int, allowed bool) bool {
	if s.clauseDenies(n) {
		return true
	}
	from, to := s.SentenceRange(n)
	for _, w := range s.Where {
		at := s.TokenAt(w.Span.Start)
		if at >= from && at < to && (s.OnlyDenies() || !allowed) {
			return true
		}
	}
	return s.OnlyDenies() && len(s.guardVerbs(from, to)) > 0
}

// bare says that a Deny without conditions is asked for: it names what nobody may do.
func (s *sharing) bare(g intent.Grant) bool {
	return len(g.Actions) > 0 && g.Actions[0].Name != s.owner.Service+":*"
}

func (s *sharing) guardActions(from, to int) []intent.Action {
	if actions := s.guardVerbs(from, to); len(actions) > 0 {
		return actions
	}
	return []intent.Action{{Name: s.owner.Service + ":*", Because: "everything on this resource is denied", Span: s.Span(from, to)}}
}

// guardVerbs returns what the verbs of a sentence take away; with reading and deleting go the
// calls for versions, which would be a way around.
func (s *sharing) guardVerbs(from, to int) []intent.Action {
	var out []intent.Action
	for i := from; i < to; i++ {
		if s.Reading.Word(i, "access", "put", "use", "using") || s.Is("negator", i) || s.Reading.Word(i, "get", "gets", "getting") && s.shutOut(i+1) {
			continue
		}
		names, used := s.actionsAt(i, to)
		for _, a := range names {
			if strings.HasSuffix(a, ":*") {
				return nil
			}
			out = append(out, intent.Action{Name: a, Because: "what the words take away", Span: s.Span(i, i+used)})
			switch a {
			case "s3:GetObject", "s3:DeleteObject":
				out = append(out, intent.Action{Name: a + "Version", Because: "versions would be a way around", Span: s.Span(i, i+used)})
			}
		}
		if len(names) > 0 {
			s.Use(i, i+used)
		}
	}
	return uniqueActions(out)
}

// shutOut says that the word at i is a participle of a denial: "get blocked", "be refused".
func (s *sharing) shutOut(i int) bool {
	return s.Reading.Word(i, "blocked", "denied", "refused", "rejected", "dropped", "forbidden", "prohibited", "declined", "stopped", "thrown", "no")
}

// guardConditions puts the conditions of a sentence on a Deny: those that must hold exempt from
// it, those that describe who is shut out limit it.
func (s *sharing) guardConditions(g *intent.Grant, number int, allowed bool) {
	for _, w := range s.Where {
		if w.Clause >= 0 && s.Clauses[w.Clause].Sentence != number && !w.Whole && !s.lone(w) {
			continue
		}
		switch {
		case w.Unless:
			g.Unless = append(g.Unless, w.Constraint)
		case s.mustHold(w):
			g.Unless = append(g.Unless, w.Constraint)
		default:
			g.Where = append(g.Where, w.Constraint)
		}
	}
}

// lone says that a condition stands in a sentence of its own, without parties or verbs.
func (s *sharing) lone(w object.Condition) bool {
	from, to := s.SentenceRange(w.Clause)
	for i := from; i < to; i++ {
		if s.Is("deny", i) && !s.Reading.Tokens[i].Taken {
			return false // it is a rule by itself
		}
	}
	for _, p := range s.Parties {
		if p.From >= from && p.From < to {
			return false
		}
	}
	return len(s.guardVerbs(from, to)) == 0
}

// mustHold tells "enforce TLS" and "only from X" from "block X": a condition that is asked for
// exempts from the Deny.
func (s *sharing) mustHold(w object.Condition) bool {
	if w.Test == intent.IsNot || w.Test == intent.Absent || len(w.Values) == 1 && w.Values[0] == "false" {
		return false
	}
	from, to := s.SentenceRange(max(w.Clause, 0))
	for i := from; i < to; i++ {
		if s.Reading.Word(i, "deny", "denies", "denied", "refuse", "refused", "block", "blocks", "blocked", "reject", "rejected", "ban") {
			return s.Reading.Within(from, to, "unless", "except", "without", "outside", "only", "not", "other", "everything", "anything", "isnt", "arent")
		}
	}
	return true
}

// guardParties: parties behind "except" keep what the Deny takes away, the others are those
// who are shut out.
func (s *sharing) guardParties(g *intent.Grant, from, to int) {
	var shut []intent.Principal
	var spared []string
	var span intent.Span
	for _, p := range s.Parties {
		if p.From < from || p.From >= to || p.Type != "AWS" {
			continue
		}
		if s.spares(p, from) {
			spared, span = append(spared, principalPatterns(p)...), p.Span
			continue
		}
		shut = append(shut, p.Principal)
	}
	if len(spared) > 0 {
		g.Unless = append(g.Unless, intent.Constraint{Key: "aws:PrincipalArn", Values: spared, Span: span})
	}
	if len(shut) > 0 {
		g.Principals = shut
	}
	s.encryption(g, from, to)
	s.plainHTTP(g, from, to)
	g.Unless = slices.CompactFunc(g.Unless, func(a, b intent.Constraint) bool { return a.Key == b.Key && slices.Equal(a.Values, b.Values) })
}

// encryption reads that what is uploaded must be encrypted, where no condition says so yet.
func (s *sharing) encryption(g *intent.Grant, from, to int) {
	if s.owner.Service != "s3" || !s.Reading.Within(from, to, "unencrypted", "encrypted", "encryption", "encrypt", "sse", "sse-kms", "sse-s3") {
		return
	}
	for _, c := range append(slices.Clone(g.Where), g.Unless...) {
		if strings.HasPrefix(c.Key, "s3:x-amz-server-side") {
			return
		}
	}
	values := []string{"AES256", "aws:kms", "aws:kms:dsse"}
	if s.Reading.Within(from, to, "kms", "sse-kms", "cmk") {
		values = values[1:]
	} else if s.Reading.Within(from, to, "aes256", "aes-256", "sse-s3") {
		values = values[:1]
	}
	for i := from; i < to; i++ {
		if s.Reading.Word(i, "unencrypted", "encrypted", "encryption", "encrypt", "sse", "kms", "sse-kms", "sse-s3", "aes256", "aes-256", "with") {
			s.Use(i, i+1)
		}
	}
	g.Unless = append(g.Unless, intent.Constraint{Key: "s3:x-amz-server-side-encryption", Values: values, Span: g.Span})
	g.Actions = []intent.Action{{Name: "s3:PutObject", Because: "only uploads are encrypted", Span: g.Span}}
}

// plainHTTP reads "deny http", where no condition says so yet.
func (s *sharing) plainHTTP(g *intent.Grant, from, to int) {
	for _, c := range append(slices.Clone(g.Where), g.Unless...) {
		if c.Key == "aws:SecureTransport" || c.Key == "s3:TlsVersion" {
			return
		}
	}
	for i := from; i < to; i++ {
		if s.Reading.Word(i, "http", "insecure", "plaintext") {
			s.Use(i, i+1)
			g.Unless = append(g.Unless, intent.Constraint{Key: "aws:SecureTransport", Values: []string{"true"}, Span: s.Span(i, i+1)})
			return
		}
	}
}

func principalPatterns(p party.Party) []string {
	if account, ok := strings.CutSuffix(p.ID, ":root"); ok {
		return []string{p.ID, account + ":*"}
	}
	return []string{p.ID}
}

// spares says that a party is exempt: "except role X", "anyone but X", "unless it is X", "only X".
func (s *sharing) spares(p party.Party, from int) bool {
	for j := p.From - 1; j >= from && j >= p.From-8; j-- {
		if s.Reading.Word(j, "except", "but", "unless", "besides", "excluding", "apart", "other", "only", "not", "exempt", "without") {
			return true
		}
	}
	return s.Reading.Within(p.To, min(len(s.Tokens), p.To+4), "exempt", "excepted", "excluded")
}
