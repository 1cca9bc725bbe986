package reader

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
)

// A sourceKind says which principal acts for a service's resources, and how aws:SourceArn is
// written where people name the resource otherwise than the catalog does.
type sourceKind struct {
	principal string
	format    string // with ${Name}; empty: the catalog's
}

// sourceKinds are the services whose resources call other resources by a service principal.
var sourceKinds = map[string]sourceKind{
	"s3":                     {"s3", ""},
	"sns":                    {"sns", ""},
	"sqs":                    {"sqs", ""},
	"events":                 {"events", "arn:${Partition}:events:${Region}:${Account}:rule/${Name}"},
	"scheduler":              {"scheduler", ""},
	"apigateway":             {"apigateway", "arn:${Partition}:execute-api:${Region}:${Account}:${Name}/*"},
	"execute-api":            {"apigateway", "arn:${Partition}:execute-api:${Region}:${Account}:${Name}/*"},
	"cloudfront":             {"cloudfront", "arn:${Partition}:cloudfront::${Account}:distribution/${Name}"},
	"cloudwatch":             {"cloudwatch", "arn:${Partition}:cloudwatch:${Region}:${Account}:alarm:${Name}"},
	"logs":                   {"logs", "arn:${Partition}:logs:${Region}:${Account}:log-group:${Name}:*"},
	"cognito-idp":            {"cognito-idp", ""},
	"cloudtrail":             {"cloudtrail", "arn:${Partition}:cloudtrail:${Region}:${Account}:trail/${Name}"},
	"elasticloadbalancing":   {"elasticloadbalancing", ""},
	"iot":                    {"iot", "arn:${Partition}:iot:${Region}:${Account}:rule/${Name}"},
	"ses":                    {"ses", ""},
	"config":                 {"config", ""},
	"codecommit":             {"codecommit", ""},
	"backup":                 {"backup", ""},
	"budgets":                {"budgets", ""},
	"lambda":                 {"lambda", ""},
	"states":                 {"states", ""},
	"appsync":                {"appsync", ""},
	"firehose":               {"firehose", ""},
	"rds":                    {"rds", ""},
	"codestar-notifications": {"codestar-notifications", ""},
	"bedrock":                {"bedrock", ""},
	"connect":                {"connect", ""},
}

// sources finds the services that act on the resource, and the resources they act for.
func (s *sharing) sources() {
	rd := s.reading
	for _, m := range rd.serviceMentions() {
		if s.ownMention(m) || rd.besideRole(m) || rd.ancillarySource(m) || s.denies(m.from) && !rd.word(m.from-1, "except") {
			continue
		}
		short, _, _ := strings.Cut(m.id, ".amazonaws.com")
		rd.use(m.from, m.to)
		if s.hasService(short) {
			continue
		}
		rd.addParty(party{Principal: intent.Principal{Type: "Service", ID: m.id}, from: m.from, to: m.to, service: short})
	}
	for i := range rd.tokens {
		if rd.tokens[i].taken || s.own[i] || !rd.chunkStart(i) {
			continue
		}
		rd.everydayName(i)
		t, ok := rd.targetAt(i)
		if !ok || rd.word(i-1, "stage") || t.Service == "" || t.Service == s.owner.Service && s.owner.Service != "s3" || t.Service == "iam" || t.Service == "apigateway" && s.owner.Service == "execute-api" {
			continue
		}
		k, known := sourceKinds[t.Service]
		if !known || s.denies(i) {
			continue
		}
		s.source(i, t, k)
	}
	s.accountsOfSources()
}

// everydayName types a word such as "nightly" behind a noun as a name: "rule nightly".
func (rd *reading) everydayName(i int) {
	t := &rd.tokens[i]
	hyphen := strings.Contains(t.lower, "-")
	if t.kind != wordToken || t.typed != nil || !rd.Lexicon.Is("adjective", t.lower) && rd.linkAt[i] < 0 && !hyphen || rd.Lexicon.Is("stop", t.lower) {
		return
	}
	if ty := rd.nounEndingAt(i); ty != nil && ty.typ != "" && rd.word(ty.noun, "rule", "alarm", "topic", "trail", "pool", "project", "budget", "queue", "bucket", "distribution", "api") && (hyphen || i+1 >= len(rd.tokens) || rd.tokens[i+1].kind == punctToken || rd.is("stop", i+1)) {
		t.typed, t.used = ty, true
	}
}

// ownMention says that a mention of a service is that of the resource itself.
func (s *sharing) ownMention(m serviceMention) bool {
	for j := m.from; j < m.to; j++ {
		if s.own[j] {
			return true
		}
	}
	short, _, _ := strings.Cut(m.id, ".amazonaws.com")
	switch {
	case short == s.owner.Service, short == "apigateway" && s.owner.Service == "execute-api", short == "opensearchservice" && s.owner.Service == "es", short == "elasticfilesystem" && s.owner.Service == "elasticfilesystem":
		return true
	}
	return s.owner.Service == "lambda" && strings.HasPrefix(short, "edgelambda")
}

// besideRole says that a service only describes a role or user: "the lambda role X".
func (rd *reading) besideRole(m serviceMention) bool {
	if rd.word(m.to, "role", "roles", "user", "execution", "task", "service") && rd.word(rd.pass(m.to, "execution", "task", "service"), "role", "roles", "user") {
		return true
	}
	for _, p := range rd.parties {
		if p.Type == "AWS" && p.typ != "root" && (p.from == m.to || p.from == m.to+1 && rd.word(m.to, "s", "role")) {
			return true
		}
	}
	return false
}

// ancillarySource says that a service is no one who acts: a way ("via s3"), a topic ("for s3
// events"), an object of encryption.
func (rd *reading) ancillarySource(m serviceMention) bool {
	return rd.word(m.from-1, "via", "through", "encrypted", "encrypting", "iam") || rd.tokens[m.from].taken
}

func (s *sharing) hasService(short string) bool {
	for _, p := range s.parties {
		if p.service == short {
			return true
		}
	}
	return false
}

// source binds a named resource to the service that acts for it.
func (s *sharing) source(i int, t intent.Target, k sourceKind) {
	rd := s.reading
	t.Account = s.accountNear(i)
	a := t.ARN
	if a == "" {
		a = s.sourceARN(t, k)
	}
	p := s.partyFor(k.principal, i)
	if p == nil {
		id := k.principal + ".amazonaws.com"
		rd.addParty(party{Principal: intent.Principal{Type: "Service", ID: id}, from: i, to: i + 1, service: k.principal})
		p = &rd.parties[len(rd.parties)-1]
	}
	rd.addSource(p, a, rd.span(i, i+1))
	_, to := rd.chunk(i)
	rd.take("resource that the service acts for", i, to)
	rd.markNoun(i)
	if parts, n := arn.Fields(a); n == len(parts) && parts[4] == "" {
		if account := cmp.Or(t.Account, rd.out.Account); account != "" {
			p.where = addValue(p.where, "aws:SourceAccount", account, p.Span)
		} else {
			rd.ask(p.Span, "Which account owns "+a+"? Its name alone does not say whose it is.")
		}
	}
}

func addValue(where []intent.Constraint, key, value string, span intent.Span) []intent.Constraint {
	for n := range where {
		if where[n].Key == key {
			for _, v := range where[n].Values {
				if v == value {
					return where
				}
			}
			where[n].Values = append(where[n].Values, value)
			return where
		}
	}
	return append(where, intent.Constraint{Key: key, Values: []string{value}, Span: span})
}

func (s *sharing) sourceARN(t intent.Target, k sourceKind) string {
	if k.format == "" {
		return s.arnOf(t)
	}
	format := k.format
	for i := range s.tokens {
		if t.Service == "apigateway" && s.word(i, "stage") && i+1 < len(s.tokens) && s.tokens[i+1].kind != punctToken && !s.is("stop", i+1) {
			format = strings.TrimSuffix(format, "*") + s.tokens[i+1].text + "/*"
			s.take("stage of the API", i, i+2)
			break
		}
	}
	return s.fillARN(format, map[string]string{"Name": s.lastVariable(t)}, t.Account)
}

// lastVariable returns what a target binds the last variable of its format to.
func (s *sharing) lastVariable(t intent.Target) string {
	service, ok := s.Catalog.Service(t.Service)
	if !ok {
		return ""
	}
	rt, ok := service.Resource(t.Type)
	if ok && len(rt.ARNs) > 0 {
		vars := catalog.ARNVariables(rt.ARNs[0])
		for n := len(vars) - 1; n >= 0; n-- {
			if v := t.Vars[vars[n]]; v != "" {
				return v
			}
		}
	}
	for _, v := range t.Vars {
		return v
	}
	return ""
}

// partyFor returns the party of a service: the one named nearest before token i, or any.
func (s *sharing) partyFor(short string, i int) *party {
	var best *party
	for n := range s.parties {
		p := &s.parties[n]
		if p.Type != "Service" || p.service != short && !strings.HasSuffix(p.service, "."+short) {
			continue
		}
		if best == nil || p.from < i {
			best = p
		}
	}
	return best
}

// accountsOfSources reads "alarms of our account", "in the same account": the service must act
// for the account of the resource.
func (s *sharing) accountsOfSources() {
	rd := s.reading
	for n := range rd.parties {
		p := &rd.parties[n]
		if p.Type != "Service" || len(p.where) > 0 {
			continue
		}
		for i := p.to; i < len(rd.tokens) && rd.sameSentence(i, p.from) && i < p.to+8; i++ {
			if rd.word(i, "account", "acct", "accounts") && rd.word(i-1, "our", "my", "same", "this", "own") {
				if account := cmp.Or(rd.out.Account, s.ownerAccount()); account != "" {
					p.where = addValue(p.where, "aws:SourceAccount", account, rd.span(i-1, i+1))
					rd.use(i-1, i+1)
				}
				break
			}
			if rd.tokens[i].role == "account of the resources" && rd.word(i-1, "account", "acct", "in", "of", "from") && rd.nextTo(i, p.to) {
				p.where = addValue(p.where, "aws:SourceAccount", rd.tokens[i].lit.value, rd.span(i, i+1))
			}
		}
	}
}

// nextTo says that only small words stand between a service and the account behind it.
func (rd *reading) nextTo(i, from int) bool {
	for j := from; j < i; j++ {
		if rd.is("modal", j) || rd.tokens[j].kind == nameToken || rd.punct(j, ".\n:") {
			return false
		}
	}
	return true
}

func (s *sharing) ownerAccount() string {
	for _, t := range s.targets {
		if t.Account != "" {
			return t.Account
		}
		if parts, n := arn.Fields(t.ARN); n == len(parts) {
			return parts[4]
		}
	}
	return ""
}
