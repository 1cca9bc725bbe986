// Package resource reads resource-based policies: what is shared, who owns it and with whom.
package resource

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
	"github.com/aegis-iam/aegis/internal/reader/trust"
)

// A sharing is the reading of a resource-based document: whose it is, and who gets what.
type sharing struct {
	*Reading
	owner   *lexicon.Owner
	heading [2]int          // tokens of "bucket policy"
	targets []intent.Target // the resource that the document belongs to
	own     map[int]bool    // tokens that name it
	paths   []scopedPath    // what below it is meant
}

// A scopedPath is a prefix or object that a clause names.
type scopedPath struct {
	clause int
	path   string
	span   intent.Span
}

// ReadResourceBased reads a document that a resource carries: who may do what with it.
func (rd *Reading) ReadResourceBased() {
	rd.SplitUnits()
	s := &sharing{Reading: rd, own: map[int]bool{}}
	s.findOwner()
	if s.owner == nil {
		rd.Ask(rd.Span(0, len(rd.Tokens)), "Which resource does the policy belong to: a bucket, queue, topic, key, function, secret, repository, …?")
		return
	}
	s.readPaths()
	s.everyone()
	s.sources()
	rd.accountRoot()
	rd.SettleParties()
	s.statements()
	s.markWords()
}

// everyone adds the party of everybody: said so, or only described by an organization.
func (s *sharing) everyone() {
	rd := s.Reading
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken || s.denies(i) || rd.negativeBefore(i) || rd.Word(i+1, "else") {
			continue
		}
		end := 0
		switch {
		case rd.Word(i, "anyone", "everyone", "everybody", "anybody", "anonymous", "publicly", "world"):
			end = i + 1
		case rd.Word(i, "public") && !rd.Word(i+1, "key", "keys", "access", "subnet", "ip", "internet", "ips") || rd.Word(i, "public") && rd.Word(i+1, "access") && rd.Word(i+2, "to", "for"):
			end = i + 1
		case rd.Word(i, "any", "every", "all") && rd.Word(i+1, "principal", "principals", "identity", "identities", "account", "accounts", "user", "users", "role", "roles", "aws"):
			end = rd.Pass(i+1, "aws", "principal", "principals", "identity", "identities", "account", "accounts", "user", "users", "role", "roles")
		}
		if end > 0 && !rd.partyInClause(i) {
			rd.Take("anyone", i, end)
			rd.AddParty(party.Party{Principal: intent.Principal{Type: "*"}, From: i, To: end})
		}
	}
	s.members()
}

// members adds the party that only an organization, a part of it or a list of accounts
// describes. Beside other parties the description is its own.
func (s *sharing) members() {
	rd := s.Reading
	kept := rd.Where[:0]
	for _, w := range rd.Where {
		at := rd.TokenAt(w.Span.Start)
		describes := (w.Key == "aws:PrincipalOrgID" || w.Key == "aws:PrincipalOrgPaths" || w.Key == "aws:PrincipalAccount") && w.Test == intent.Is && !w.Unless && !s.denies(at)
		switch {
		case describes && len(rd.Parties) == 0:
			rd.AddParty(party.Party{Principal: intent.Principal{Type: "*"}, From: at, To: at + 1})
		case describes && rd.leadsPart(at):
			rd.AddParty(party.Party{Principal: intent.Principal{Type: "*"}, From: at, To: at + 1, Where: []intent.Constraint{w.Constraint}})
			continue
		}
		kept = append(kept, w)
	}
	rd.Where = kept
}

// leadsPart says that token i opens a part of the sentence with nobody else in it: "…, org o-x
// may pull, …".
func (rd *Reading) leadsPart(i int) bool {
	n := rd.ClauseOf(i)
	if n < 0 {
		return false
	}
	from, to := rd.PartOf(i, rd.Clauses[n])
	for _, p := range rd.Parties {
		if p.From >= from && p.From < to {
			return false
		}
	}
	return i-from <= 3
}

// partyInClause says that the clause of token i names a party by its account or name, which
// the word "any" only describes: "any role in account X".
func (rd *Reading) partyInClause(i int) bool {
	for _, p := range rd.Parties {
		if p.Type == "AWS" && rd.ClauseOf(p.From) == rd.ClauseOf(i) && p.From > i && p.From < i+6 {
			return true
		}
	}
	return false
}

func (rd *Reading) negativeBefore(i int) bool {
	return rd.Is("negator", i-1) || rd.Word(i-1, "not")
}

// accountRoot reads "the account root", "root user" where no account number stands beside it.
func (rd *Reading) accountRoot() {
	for i := range rd.Tokens {
		if !rd.Word(i, "root") || rd.Tokens[i].Taken || rd.Word(i+1, "cause", "folder", "directory", "prefix") {
			continue
		}
		rd.Take("principal", i, i+1)
		if _, named := rd.Literal(i-1, token.AccountLiteral); named {
			continue // "account X root"
		}
		rd.AddParty(party.Party{Principal: intent.Principal{Type: "AWS"}, From: i, To: i + 1, Form: "root", Account: "same"})
	}
}

// readPaths reads what below the resource is meant: "below 2026/", "prefix logs/".
func (s *sharing) readPaths() {
	rd := s.Reading
	if s.owner.Service != "s3" {
		return
	}
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken || s.own[i] || !rd.ChunkStart(i) {
			continue
		}
		text, to := rd.Chunk(i)
		led := rd.Word(i-1, "below", "under", "beneath", "prefix", "folder", "path", "inside", "directory", "within")
		if !led && !strings.HasSuffix(text, "/") && !strings.HasSuffix(text, "/*") && !(rd.Word(to, "prefix", "folder") && rd.Tokens[i].Kind == token.Name) {
			continue
		}
		if rd.Tokens[i].Kind == token.Word && !strings.Contains(text, "/") && (!led || rd.Lexicon.Is("stop", rd.Tokens[i].Lower) || s.linkedNoun(i)) || strings.HasPrefix(text, "arn:") || rd.Tokens[i].Lit.Kind == token.AddressLiteral || rd.Tokens[i].Lit.Kind == token.AccountLiteral {
			continue
		}
		path := strings.TrimSuffix(strings.TrimPrefix(text, "/"), "*")
		if path == "" {
			continue
		}
		if !strings.HasSuffix(path, "/") && !rd.Word(i-1, "prefix") && !strings.Contains(path[strings.LastIndex(path, "/")+1:], ".") {
			path += "/"
		}
		s.paths = append(s.paths, scopedPath{clause: rd.ClauseOf(i), path: path + "*", span: rd.Span(i, to)})
		rd.Take("prefix", i, to)
	}
}

func (s *sharing) linkedNoun(i int) bool { return s.LinkAt[i] >= 0 }

// targetsAt returns the resource, narrowed by the paths that clause n, its sentence or else the
// whole request names.
func (s *sharing) targetsAt(n int) []intent.Target {
	if len(s.paths) == 0 {
		return s.targets
	}
	var chosen []scopedPath
	for _, p := range s.paths {
		if p.clause == n {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		chosen = s.paths
	}
	var out []intent.Target
	for _, t := range s.targets {
		for _, p := range chosen {
			c := t
			c.Span = p.span
			if t.ARN != "" {
				bucket, _, _ := strings.Cut(t.ARN, "/")
				c.ARN = bucket + "/" + p.path
			} else {
				c.Type, c.Vars = "object", map[string]string{"BucketName": t.Vars["BucketName"], "ObjectName": p.path}
			}
			out = append(out, c)
		}
	}
	return out
}

// add puts a grant into the document, or its principals into one that says the same of others.
func (s *sharing) add(g intent.Grant) {
	for n := range s.Out.Grants {
		o := &s.Out.Grants[n]
		if o.Effect == g.Effect && trust.SameActions(o.Actions, g.Actions) && trust.SameConstraints(o.Where, g.Where) && trust.SameConstraints(o.Unless, g.Unless) && sameTargets(o.Targets, g.Targets) && o.Principals[0].Type != "*" && g.Principals[0].Type != "*" {
			for _, p := range g.Principals {
				if !slices.ContainsFunc(o.Principals, func(q intent.Principal) bool { return q.Type == p.Type && q.ID == p.ID }) {
					o.Principals = append(o.Principals, p)
				}
			}
			return
		}
	}
	s.Out.Grants = append(s.Out.Grants, g)
}

func sameTargets(a, b []intent.Target) bool {
	return slices.EqualFunc(a, b, func(x, y intent.Target) bool { return x.Span == y.Span })
}

// markWords marks the words that say what a resource-based document says by itself.
func (s *sharing) markWords() {
	rd := s.Reading
	for i := range rd.Tokens {
		if s.own[i] || rd.LinkedTo(i, s.owner.Service) || rd.Word(i, "policy", "permission", "permissions", "resource", "statement", "allow", "allows", "grant", "grants", "granted", "let", "share", "account", "accounts", "owned", "oac", "objects", "object", "files", "file", "messages", "message", "images", "image", "notifications", "notification", "records", "record", "items", "packages", "domain", "key", "keys", "resources", "create", "internet", "repo", "table", "stage", "service", "services", "members", "member", "event", "events", "logs", "log", "access", "deny-only", "deny", "denies", "refuse", "block", "blocked", "cross-account", "source", "value", "same") {
			rd.Tokens[i].Used = true
		}
	}
}

// denies says that token i stands in a sentence that takes away.
func (s *sharing) denies(i int) bool {
	if s.OnlyDenies() {
		return true
	}
	n := s.ClauseOf(i)
	return n >= 0 && s.clauseDenies(n)
}

// clauseDenies says that clause n takes away: it denies, or it forbids under a condition.
func (s *sharing) clauseDenies(n int) bool {
	rd, c := s.Reading, s.Clauses[n]
	if s.closesOnly(c) {
		s.Use(c.From, c.To)
		return false
	}
	for i := c.From; i < c.To; i++ {
		if rd.Word(i, "deny", "denies", "denied", "refuse", "refuses", "refused", "reject", "rejects", "rejected", "block", "blocks", "blocked", "forbid", "forbids", "forbidden", "enforce", "enforces", "enforced", "prohibit", "prohibited") {
			if s.othersAt(i, c) {
				s.Use(i, i+1)
				return false
			}
			return true
		}
	}
	if c.Effect == policy.Deny || s.forbidsAll(n) {
		return true
	}
	for _, w := range rd.Where {
		if w.Unless && w.Clause >= 0 && rd.Clauses[w.Clause].Sentence == c.Sentence {
			return true
		}
	}
	return false
}

// closesOnly says that a clause merely shuts out whom nobody let in: "everybody else is denied".
func (s *sharing) closesOnly(c sentence.Clause) bool {
	rd := s.Reading
	if !rd.Within(c.From, c.To, "else", "others", "rest", "remaining") || !rd.Within(c.From, c.To, "everybody", "everyone", "anybody", "anyone", "all", "others", "rest") {
		return false
	}
	for _, w := range rd.Where {
		if at := rd.TokenAt(w.Span.Start); at >= c.From && at < c.To {
			return false
		}
	}
	before := false
	for _, p := range s.Parties {
		if p.From >= c.From && p.From < c.To {
			return false
		}
		before = before || p.From < c.From
	}
	return before
}

// othersAt says that the denial at token i only shuts out whom nobody let in: "X reads, everybody
// else is denied".
func (s *sharing) othersAt(i int, c sentence.Clause) bool {
	for j := i - 1; j >= c.From && j >= i-4 && !s.Punct(j, ","); j-- {
		if s.Reading.Word(j, "else", "others", "rest") {
			return slices.ContainsFunc(s.Parties, func(p party.Party) bool { return p.From >= c.From && p.From < j })
		}
	}
	return false
}

// forbidsAll says that a clause says what nobody may do: "nobody may delete objects". "Nobody else"
// only closes what others were given.
func (s *sharing) forbidsAll(n int) bool {
	rd, c := s.Reading, s.Clauses[n]
	if s.owner == nil || rd.Within(c.From, c.To, "else", "other", "others", "but", "except", "besides") {
		return false
	}
	for i := c.From; i < c.To && i < c.From+4; i++ {
		one := rd.Word(i, "nobody", "noone") || rd.Word(i, "no") && rd.Word(i+1, "one", "principal", "user", "identity")
		if one && rd.Is("modal", rd.Pass(i+1, "one", "principal", "user", "identity", "ever", "at", "all")) {
			return len(s.guardVerbs(i+2, c.To)) > 0
		}
	}
	return false
}
