package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A sharing is the reading of a resource-based document: whose it is, and who gets what.
type sharing struct {
	*reading
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

// readResourceBased reads a document that a resource carries: who may do what with it.
func (rd *reading) readResourceBased() {
	rd.splitUnits()
	s := &sharing{reading: rd, own: map[int]bool{}}
	s.findOwner()
	if s.owner == nil {
		rd.ask(rd.span(0, len(rd.tokens)), "Which resource does the policy belong to: a bucket, queue, topic, key, function, secret, repository, …?")
		return
	}
	s.readPaths()
	s.everyone()
	s.sources()
	rd.accountRoot()
	rd.settleParties()
	s.statements()
	s.markWords()
}

// everyone adds the party of everybody: said so, or only described by an organization.
func (s *sharing) everyone() {
	rd := s.reading
	for i := range rd.tokens {
		if rd.tokens[i].taken || s.denies(i) || rd.negativeBefore(i) {
			continue
		}
		end := 0
		switch {
		case rd.word(i, "anyone", "everyone", "everybody", "anybody", "anonymous", "publicly", "world"):
			end = i + 1
		case rd.word(i, "public") && !rd.word(i+1, "key", "keys", "access", "subnet", "ip", "internet", "ips") || rd.word(i, "public") && rd.word(i+1, "access") && rd.word(i+2, "to", "for"):
			end = i + 1
		case rd.word(i, "any", "every", "all") && rd.word(i+1, "principal", "principals", "identity", "identities", "account", "accounts", "user", "users", "role", "roles", "aws"):
			end = rd.pass(i+1, "aws", "principal", "principals", "identity", "identities", "account", "accounts", "user", "users", "role", "roles")
		}
		if end > 0 && !rd.partyInClause(i) {
			rd.take("anyone", i, end)
			rd.addParty(party{Principal: intent.Principal{Type: "*"}, from: i, to: end})
		}
	}
	s.members()
}

// members adds the party that only an organization, a part of it or a list of accounts
// describes. Beside other parties the description is its own.
func (s *sharing) members() {
	rd := s.reading
	kept := rd.where[:0]
	for _, w := range rd.where {
		at := rd.tokenAt(w.Span.Start)
		describes := (w.Key == "aws:PrincipalOrgID" || w.Key == "aws:PrincipalOrgPaths" || w.Key == "aws:PrincipalAccount") && w.Test == intent.Is && !w.unless && !s.denies(at)
		switch {
		case describes && len(rd.parties) == 0:
			rd.addParty(party{Principal: intent.Principal{Type: "*"}, from: at, to: at + 1})
		case describes && rd.leadsPart(at):
			rd.addParty(party{Principal: intent.Principal{Type: "*"}, from: at, to: at + 1, where: []intent.Constraint{w.Constraint}})
			continue
		}
		kept = append(kept, w)
	}
	rd.where = kept
}

// leadsPart says that token i opens a part of the sentence with nobody else in it: "…, org o-x
// may pull, …".
func (rd *reading) leadsPart(i int) bool {
	n := rd.clauseOf(i)
	if n < 0 {
		return false
	}
	from, to := rd.partOf(i, rd.clause[n])
	for _, p := range rd.parties {
		if p.from >= from && p.from < to {
			return false
		}
	}
	return i-from <= 3
}

// partyInClause says that the clause of token i names a party by its account or name, which
// the word "any" only describes: "any role in account X".
func (rd *reading) partyInClause(i int) bool {
	for _, p := range rd.parties {
		if p.Type == "AWS" && rd.clauseOf(p.from) == rd.clauseOf(i) && p.from > i && p.from < i+6 {
			return true
		}
	}
	return false
}

func (rd *reading) negativeBefore(i int) bool {
	return rd.is("negator", i-1) || rd.word(i-1, "not")
}

// accountRoot reads "the account root", "root user" where no account number stands beside it.
func (rd *reading) accountRoot() {
	for i := range rd.tokens {
		if !rd.word(i, "root") || rd.tokens[i].taken || rd.word(i+1, "cause", "folder", "directory", "prefix") {
			continue
		}
		rd.take("principal", i, i+1)
		rd.addParty(party{Principal: intent.Principal{Type: "AWS"}, from: i, to: i + 1, typ: "root", account: "same"})
	}
}

// readPaths reads what below the resource is meant: "below 2026/", "prefix logs/".
func (s *sharing) readPaths() {
	rd := s.reading
	if s.owner.Service != "s3" {
		return
	}
	for i := range rd.tokens {
		if rd.tokens[i].taken || s.own[i] || !rd.chunkStart(i) {
			continue
		}
		text, to := rd.chunk(i)
		led := rd.word(i-1, "below", "under", "beneath", "prefix", "folder", "path", "inside", "directory", "within")
		if !led && !strings.HasSuffix(text, "/") && !strings.HasSuffix(text, "/*") && !(rd.word(to, "prefix", "folder") && rd.tokens[i].kind == nameToken) {
			continue
		}
		if rd.tokens[i].kind == wordToken && !strings.Contains(text, "/") && (!led || rd.Lexicon.Is("stop", rd.tokens[i].lower) || s.linkedNoun(i)) || strings.HasPrefix(text, "arn:") || rd.tokens[i].lit.kind == addressLiteral || rd.tokens[i].lit.kind == accountLiteral {
			continue
		}
		path := strings.TrimSuffix(strings.TrimPrefix(text, "/"), "*")
		if path == "" {
			continue
		}
		if !strings.HasSuffix(path, "/") && !rd.word(i-1, "prefix") && !strings.Contains(path[strings.LastIndex(path, "/")+1:], ".") {
			path += "/"
		}
		s.paths = append(s.paths, scopedPath{clause: rd.clauseOf(i), path: path + "*", span: rd.span(i, to)})
		rd.take("prefix", i, to)
	}
}

func (s *sharing) linkedNoun(i int) bool { return s.linkAt[i] >= 0 }

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
	for n := range s.out.Grants {
		o := &s.out.Grants[n]
		if o.Effect == g.Effect && sameActions(o.Actions, g.Actions) && sameConstraints(o.Where, g.Where) && sameConstraints(o.Unless, g.Unless) && sameTargets(o.Targets, g.Targets) && o.Principals[0].Type != "*" && g.Principals[0].Type != "*" {
			for _, p := range g.Principals {
				if !slices.ContainsFunc(o.Principals, func(q intent.Principal) bool { return q.Type == p.Type && q.ID == p.ID }) {
					o.Principals = append(o.Principals, p)
				}
			}
			return
		}
	}
	s.out.Grants = append(s.out.Grants, g)
}

func sameTargets(a, b []intent.Target) bool {
	return slices.EqualFunc(a, b, func(x, y intent.Target) bool { return x.Span == y.Span })
}

// markWords marks the words that say what a resource-based document says by itself.
func (s *sharing) markWords() {
	rd := s.reading
	for i := range rd.tokens {
		if s.own[i] || rd.linkedTo(i, s.owner.Service) || rd.word(i, "policy", "permission", "permissions", "resource", "statement", "allow", "allows", "grant", "grants", "granted", "let", "share", "account", "accounts", "owned", "oac", "objects", "object", "files", "file", "messages", "message", "images", "image", "notifications", "notification", "records", "record", "items", "packages", "domain", "key", "keys", "resources", "create", "internet", "repo", "table", "stage", "service", "services", "members", "member", "event", "events", "logs", "log", "access", "deny-only", "deny", "denies", "refuse", "block", "blocked", "cross-account", "source", "value", "same") {
			rd.tokens[i].used = true
		}
	}
}

// denies says that token i stands in a sentence that takes away.
func (s *sharing) denies(i int) bool {
	if s.onlyDenies() {
		return true
	}
	n := s.clauseOf(i)
	return n >= 0 && s.clauseDenies(n)
}

// clauseDenies says that clause n takes away: it denies, or it forbids under a condition.
func (s *sharing) clauseDenies(n int) bool {
	rd, c := s.reading, s.clause[n]
	if c.effect == policy.Deny {
		return true
	}
	for i := c.from; i < c.to; i++ {
		if rd.word(i, "deny", "denies", "denied", "refuse", "refuses", "refused", "reject", "rejects", "rejected", "block", "blocks", "blocked", "forbid", "forbids", "forbidden", "enforce", "enforces", "enforced", "prohibit", "prohibited") {
			return true
		}
	}
	for _, w := range rd.where {
		if w.unless && w.clause >= 0 && rd.clause[w.clause].sentence == c.sentence {
			return true
		}
	}
	return false
}
