package resource

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A share is some parties and what the words beside them grant.
type share struct {
	clause  int
	parties []party.Party
	actions []intent.Action
	verbs   bool // the actions stand before the parties
}

// statements writes the grants: sentence by sentence, parties with the verbs beside them.
func (s *sharing) statements() {
	allowed := s.allowing()
	var shares []share
	for n := range s.Clauses {
		if s.clauseDenies(n) || s.OnlyDenies() || s.closesOnly(s.Clauses[n]) || s.exempts(n) || s.unasked(n) {
			continue
		}
		shares = append(shares, s.sharesOf(n)...)
	}
	s.write(shares)
	if s.deniesAnything(allowed) {
		s.guard(allowed)
	}
	if len(s.Out.Grants) == 0 && len(s.Out.Questions) == 0 {
		s.Ask(s.Span(0, len(s.Tokens)), "Who may use the "+s.owner.Type+": a service, an account, a role, an organization?")
	}
}

// unasked says that a clause only closes the list or says what stays as it is: "pushing is
// ours", "no writes".
func (s *sharing) unasked(n int) bool {
	c := s.Clauses[n]
	if s.Reading.Within(c.From, c.To, "ours", "us", "ourselves") {
		s.Use(c.From, c.To)
		return true
	}
	if c.Negative && !c.Except && !c.Closer && s.stays(c) {
		return false
	}
	if c.Negative || c.Except || c.Closer {
		if c.Except && n > 0 && s.Reading.OnlyBefore(n-1) {
			return false
		}
		s.Use(c.From, c.To)
		return true
	}
	return false
}

// exempts says that a clause only takes somebody out of a denial before it: "… but role X".
func (s *sharing) exempts(n int) bool {
	c := s.Clauses[n]
	return n > 0 && s.Clauses[n-1].Sentence == c.Sentence && s.clauseDenies(n-1) && s.Reading.Word(c.From, "but", "except", "unless", "besides", "excluding", "apart", "other")
}

// stays says that a clause only affirms who keeps what: "admin stays with the account root".
func (s *sharing) stays(c sentence.Clause) bool {
	named := false
	for _, p := range s.Parties {
		named = named || p.From >= c.From && p.From < c.To
	}
	for i := c.From; i < c.To; i++ {
		if s.Is("negator", i) && !s.HarmlessNegator(i) {
			return false
		}
	}
	return named && s.Reading.Within(c.From, c.To, "stays", "remains", "stay", "remain", "keeps", "keep")
}

// sharesOf groups the parties and verbs of a clause: "X reads, Y writes", "read for X and Y".
func (s *sharing) sharesOf(n int) []share {
	c := s.Clauses[n]
	var out []share
	current := share{clause: n}
	flush := func() {
		if len(current.parties)+len(current.actions) > 0 {
			out = append(out, current)
		}
		current = share{clause: n}
	}
	at := map[int][]party.Party{}
	for _, p := range s.Parties {
		at[p.From] = append(at[p.From], p)
	}
	for i := c.From; i < c.To; i++ {
		if p, ok := s.ordinal(i); ok {
			flush()
			at[i] = append(at[i], p)
		}
		for _, p := range at[i] {
			if len(current.parties) > 0 && len(current.actions) > 0 && !current.verbs {
				flush()
			}
			current.parties = append(current.parties, p)
		}
		actions, used := s.actionsAt(i, c.To)
		if len(actions) == 0 {
			continue
		}
		if s.negatedVerb(i, c) {
			s.Use(i, i+used)
			i += used - 1
			continue
		}
		if current.verbs && len(current.parties) > 0 {
			flush()
		}
		current.verbs = current.verbs || len(current.parties) == 0
		for _, a := range actions {
			current.actions = append(current.actions, intent.Action{Name: a, Because: "what the words mean on this resource", Span: s.Span(i, i+used)})
		}
		s.Use(i, i+used)
		i += used - 1
	}
	flush()
	return out
}

// ordinal reads "the first one can push" as the first of the parties named before.
func (s *sharing) ordinal(i int) (party.Party, bool) {
	rd := s.Reading
	if !rd.Word(i, "first", "former", "second", "latter", "third", "last") || rd.Tokens[i].Taken || !rd.Is("modal", rd.Pass(i+1, "one", "account", "role", "of", "them", "two", "also", "additionally", "only")) {
		return party.Party{}, false
	}
	var before []party.Party
	for _, p := range s.Parties {
		if p.From < i {
			before = append(before, p)
		}
	}
	n := len(before) - 1
	switch {
	case rd.Word(i, "first", "former"):
		n = 0
	case rd.Word(i, "second"):
		n = 1
	case rd.Word(i, "third"):
		n = 2
	}
	if n < 0 || n >= len(before) || len(before) < 2 {
		return party.Party{}, false
	}
	rd.Use(i, i+1)
	return before[n], true
}

// negatedVerb says that a verb inside an affirmed clause is refused: "read, not write".
func (s *sharing) negatedVerb(i int, c sentence.Clause) bool {
	for j := i - 1; j >= c.From && j >= i-3; j-- {
		if s.Is("negator", j) && !s.HarmlessNegator(j) {
			return true
		}
		if s.Tokens[j].Kind == token.Punct || s.Is("conjunction", j) {
			return false
		}
	}
	return false
}

// actionsAt returns what the word at token i grants on the owner, and how many words say it.
func (s *sharing) actionsAt(i, to int) ([]string, int) {
	rd := s.Reading
	if names := rd.ActionNames(i); len(names) > 0 && len(rd.Catalog.Expand(names[0])) > 0 {
		return names, 1
	}
	t := rd.Tokens[i]
	if s.owner.Service == "kms" && rd.Word(i, "user", "users") && rd.Word(i+1, "role", "roles") {
		return s.owner.Says["use"], 1
	}
	if t.Taken && t.Role != "resource of the policy" || s.own[i] || t.Kind != token.Word || t.Typed != nil {
		return nil, 0
	}
	switch {
	case rd.Word(i, "get", "gets", "put", "use") && (rd.Word(i+1, "full", "complete", "read", "write", "list", "access", "permission", "permissions") || s.says(i+1)):
		return nil, 0
	case rd.Word(i, "get", "gets", "getting") && (i+1 < to && strings.HasSuffix(rd.Tokens[i+1].Lower, "ed") || rd.Word(i+1, "written", "sent", "put")): // "get written"
		return nil, 0
	case rd.Word(i, "everything", "anything", "all") && s.says(i-1): // "read everything"
		return nil, 0
	case s.owner.Service == "kms" && rd.Word(i, "grants") && rd.Word(i-1, "create", "creates", "creating", "make", "add"):
		return []string{"kms:CreateGrant"}, 1
	case s.owner.Service == "kms" && rd.Word(i, "grants") && rd.Word(i-1, "manage", "manages", "handle"):
		return []string{"kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"}, 1
	case s.owner.Service == "kms" && rd.Word(i, "manage", "manages", "create") && rd.Word(i+1, "grants"):
		return nil, 0
	case s.owner.Service == "kms" && rd.Word(i, "user", "users") && (rd.Word(i+1, "role", "roles") || rd.Punct(i+1, ":")):
		return s.owner.Says["use"], 1
	case rd.Word(i, "full", "complete", "all", "any") && rd.Word(i+1, "access", "control", "actions", "permissions", "operations", "rights"):
		return []string{s.owner.Service + ":*"}, 2
	case rd.Word(i, "access") && (i+1 < to && s.says(i-1) || s.says(i-1)):
		return nil, 0
	case rd.Word(i, "admin", "administer", "administers", "manage", "manages", "administration") && s.owner.Service == "kms" && s.rootIn(i):
		return []string{"kms:*"}, 1
	case rd.Word(i, "access") && (rd.Word(i+1, "log", "logs", "point", "denied", "from") || rd.Word(i-1, "server", "no", "cross-account", "allow")):
		return nil, 0
	}
	stems := lexicon.Stems(t.Lower)
	actions := s.owner.Says[strings.Join(stems, "-")]
	if len(actions) == 0 && len(stems) > 1 {
		for _, st := range stems {
			actions = append(actions, s.owner.Says[st]...)
		}
	}
	return actions, 1
}

func (s *sharing) says(i int) bool {
	return i >= 0 && i < len(s.Tokens) && s.Tokens[i].Kind == token.Word && len(s.owner.Says[s.Tokens[i].Stem]) > 0
}

// rootIn says that the comma part of token i speaks about the root of an account.
func (s *sharing) rootIn(i int) bool {
	n := s.ClauseOf(i)
	if n < 0 {
		return false
	}
	from, to := s.PartOf(i, s.Clauses[n])
	for _, p := range s.Parties {
		if p.Form == "root" && p.From >= from && p.From < to {
			return s.Reading.Word(p.From, "root") || s.Reading.Within(from, to, "root")
		}
	}
	return false
}

// write turns shares into grants. Parties without verbs take those before them, or what the
// service needs; verbs without parties go to the parties before them.
func (s *sharing) write(shares []share) {
	var last []intent.Action
	var parties []party.Party
	for n := range shares {
		sh := &shares[n]
		if len(sh.parties) == 0 {
			if sh.parties = parties; len(parties) == 0 {
				sh.parties = s.laterParties(shares[n+1:])
			}
		}
		if len(sh.actions) == 0 {
			sh.actions = last
		}
		if len(sh.actions) == 0 && n+1 < len(shares) && len(shares[n+1].parties) == 0 {
			sh.actions = shares[n+1].actions
		}
		parties, last = sh.parties, sh.actions
		for _, p := range sh.parties {
			s.grantTo(p, sh)
		}
	}
}

func (s *sharing) laterParties(rest []share) []party.Party {
	for _, sh := range rest {
		if len(sh.parties) > 0 && len(sh.actions) == 0 {
			return sh.parties
		}
	}
	return nil
}

// grantTo writes what one party gets.
func (s *sharing) grantTo(p party.Party, sh *share) {
	actions := sh.actions
	if p.Type == "Service" {
		actions = s.serviceActions(p, actions)
	}
	if len(actions) == 0 {
		s.Ask(p.Span, "What may "+cmp.Or(p.ID, "anyone")+" do with the "+s.owner.Type+"?")
		return
	}
	for _, part := range s.byPath(sh.clause, uniqueActions(actions)) {
		g := intent.Grant{Effect: policy.Allow, Principals: []intent.Principal{p.Principal}, Actions: part.actions, Targets: part.targets, Where: slices.Clone(p.Where), Span: p.Span}
		for _, c := range s.Where {
			if !c.Unless && s.ReachesParty(c, p) && (s.carries(c, p) || !s.carriedByAny(c)) {
				g.Where = append(g.Where, c.Constraint)
			}
		}
		s.add(g)
	}
}

// A pathPart is some actions with the part of the resource that they are about.
type pathPart struct {
	actions []intent.Action
	targets []intent.Target
}

// byPath gives each action the path behind it: "read below in/ and write below out/".
func (s *sharing) byPath(n int, actions []intent.Action) []pathPart {
	all := s.targetsAt(n)
	if len(all) < 2 || len(actions) < 2 || len(s.paths) < 2 {
		return []pathPart{{actions, all}}
	}
	var out []pathPart
	last := 0
	for k, t := range all {
		part := pathPart{targets: []intent.Target{t}}
		for _, a := range actions {
			if a.Span.Start >= last && (a.Span.Start < t.Span.Start || k == len(all)-1) {
				part.actions = append(part.actions, a)
			}
		}
		if len(part.actions) == 0 && len(out) > 0 {
			out[len(out)-1].targets = append(out[len(out)-1].targets, t)
		} else if len(part.actions) > 0 {
			out = append(out, part)
		} else {
			return []pathPart{{actions, all}}
		}
		last = t.Span.Start
	}
	return out
}

// carriedByAny says whether a condition fits some party: one that fits nobody is written for
// all rather than lost.
func (s *sharing) carriedByAny(c object.Condition) bool {
	for _, p := range s.Parties {
		if s.carries(c, p) && s.ReachesParty(c, p) {
			return true
		}
	}
	return false
}

// carries says whether requests of the party carry the key of a condition.
func (s *sharing) carries(c object.Condition, p party.Party) bool {
	if p.Type == "Service" {
		return strings.HasPrefix(c.Key, "aws:Source") && c.Key != "aws:SourceIp" && c.Key != "aws:SourceVpc" && c.Key != "aws:SourceVpce" || strings.HasPrefix(c.Key, s.owner.Service+":") || c.Key == "aws:SecureTransport"
	}
	return c.Key != "aws:SourceAccount" && c.Key != "aws:SourceArn"
}

// serviceActions chooses what a service needs: the verb's action, or the usual ones.
func (s *sharing) serviceActions(p party.Party, said []intent.Action) []intent.Action {
	names, special := s.owner.Gives[p.Service]
	if len(said) > 0 && !(special && s.writes(said)) {
		return said
	}
	if !special {
		names = s.owner.Any
	}
	var out []intent.Action
	for _, a := range names {
		out = append(out, intent.Action{Name: a, Because: "what " + p.ID + " needs on this resource", Span: p.Span})
	}
	return out
}

// writes says that the words ask for no more than writing, which log deliveries do in two calls.
func (s *sharing) writes(said []intent.Action) bool {
	for _, a := range said {
		if a.Name != "s3:PutObject" && s.owner.Service == "s3" {
			return false
		}
	}
	return true
}

func uniqueActions(in []intent.Action) []intent.Action {
	var out []intent.Action
	for _, a := range in {
		if !slices.ContainsFunc(out, func(b intent.Action) bool { return b.Name == a.Name }) {
			out = append(out, a)
		}
	}
	return out
}
