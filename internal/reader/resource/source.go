package resource

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/token"
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
	rd := s.Reading
	for _, m := range rd.ServiceMentions() {
		if s.ownMention(m) || rd.besideRole(m) || rd.ancillarySource(m) || s.denies(m.From) && !rd.Word(m.From-1, "except") {
			continue
		}
		short, _, _ := strings.Cut(m.ID, ".amazonaws.com")
		rd.Use(m.From, m.To)
		if s.hasService(short) {
			continue
		}
		rd.AddParty(party.Party{Principal: intent.Principal{Type: "Service", ID: m.ID}, From: m.From, To: m.To, Service: short})
	}
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken || s.own[i] || !rd.ChunkStart(i) {
			continue
		}
		rd.everydayName(i)
		t, ok := rd.TargetAt(i)
		if !ok || rd.Word(i-1, "stage") || t.Service == "" || t.Service == s.owner.Service && s.owner.Service != "s3" || t.Service == "iam" || t.Service == "apigateway" && s.owner.Service == "execute-api" {
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
func (rd *Reading) everydayName(i int) {
	t := &rd.Tokens[i]
	hyphen := strings.Contains(t.Lower, "-")
	if t.Kind != token.Word || t.Typed != nil || !rd.Lexicon.Is("adjective", t.Lower) && rd.LinkAt[i] < 0 && !hyphen || rd.Lexicon.Is("stop", t.Lower) {
		return
	}
	if ty := rd.NounEndingAt(i); ty != nil && ty.Type != "" && rd.Word(ty.Noun, "rule", "alarm", "topic", "trail", "pool", "project", "budget", "queue", "bucket", "distribution", "api") && (hyphen || i+1 >= len(rd.Tokens) || rd.Tokens[i+1].Kind == token.Punct || rd.Is("stop", i+1)) {
		t.Typed, t.Used = ty, true
	}
}

// ownMention says that a mention of a service is that of the resource itself.
func (s *sharing) ownMention(m party.ServiceMention) bool {
	for j := m.From; j < m.To; j++ {
		if s.own[j] {
			return true
		}
	}
	short, _, _ := strings.Cut(m.ID, ".amazonaws.com")
	switch {
	case short == s.owner.Service, short == "apigateway" && s.owner.Service == "execute-api", short == "opensearchservice" && s.owner.Service == "es", short == "elasticfilesystem" && s.owner.Service == "elasticfilesystem":
		return true
	}
	return s.owner.Service == "lambda" && strings.HasPrefix(short, "edgelambda")
}

// besideRole says that a service only describes a role or user: "the lambda role X".
func (rd *Reading) besideRole(m party.ServiceMention) bool {
	if rd.Word(m.To, "role", "roles", "user", "execution", "task", "service") && rd.Word(rd.Pass(m.To, "execution", "task", "service"), "role", "roles", "user") {
		return true
	}
	for _, p := range rd.Parties {
		if p.Type == "AWS" && p.Form != "root" && (p.From == m.To || p.From == m.To+1 && rd.Word(m.To, "s", "role")) {
			return true
		}
	}
	return false
}

// ancillarySource says that a service is no one who acts: a way ("via s3"), a topic ("for s3
// events"), an object of encryption.
func (rd *Reading) ancillarySource(m party.ServiceMention) bool {
	return rd.Word(m.From-1, "via", "through", "encrypted", "encrypting", "iam") || rd.Tokens[m.From].Taken
}

func (s *sharing) hasService(short string) bool {
	for _, p := range s.Parties {
		if p.Service == short {
			return true
		}
	}
	return false
}

// source binds a named resource to the service that acts for it.
func (s *sharing) source(i int, t intent.Target, k sourceKind) {
	rd := s.Reading
	t.Account = s.accountNear(i)
	a := t.ARN
	if a == "" {
		a = s.sourceARN(t, k)
	}
	p := s.partyFor(k.principal, i)
	if p == nil {
		id := k.principal + ".amazonaws.com"
		rd.AddParty(party.Party{Principal: intent.Principal{Type: "Service", ID: id}, From: i, To: i + 1, Service: k.principal})
		p = &rd.Parties[len(rd.Parties)-1]
	}
	rd.AddSource(p, a, rd.Span(i, i+1))
	_, to := rd.Chunk(i)
	rd.Take("resource that the service acts for", i, to)
	rd.MarkNoun(i)
	if parts, n := arn.Fields(a); n == len(parts) && parts[4] == "" {
		if account := cmp.Or(t.Account, rd.Out.Account); account != "" {
			p.Where = addValue(p.Where, "aws:SourceAccount", account, p.Span)
		} else {
			rd.Ask(p.Span, "Which account owns "+a+"? Its name alone does not say whose it is.")
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
		return s.ARNOf(t)
	}
	format := k.format
	for i := range s.Tokens {
		if t.Service == "apigateway" && s.Word(i, "stage") && i+1 < len(s.Tokens) && s.Tokens[i+1].Kind != token.Punct && !s.Is("stop", i+1) {
			format = strings.TrimSuffix(format, "*") + s.Tokens[i+1].Text + "/*"
			s.Take("stage of the API", i, i+2)
			break
		}
	}
	return s.FillARN(format, map[string]string{"Name": s.lastVariable(t)}, t.Account)
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
func (s *sharing) partyFor(short string, i int) *party.Party {
	var best *party.Party
	for n := range s.Parties {
		p := &s.Parties[n]
		if p.Type != "Service" || p.Service != short && !strings.HasSuffix(p.Service, "."+short) {
			continue
		}
		if best == nil || p.From < i {
			best = p
		}
	}
	return best
}

// accountsOfSources reads "alarms of our account", "in the same account": the service must act
// for the account of the resource.
func (s *sharing) accountsOfSources() {
	rd := s.Reading
	for n := range rd.Parties {
		p := &rd.Parties[n]
		if p.Type != "Service" || len(p.Where) > 0 {
			continue
		}
		for i := p.To; i < len(rd.Tokens) && rd.SameSentence(i, p.From) && i < p.To+8; i++ {
			if rd.Word(i, "account", "acct", "accounts") && rd.Word(i-1, "our", "my", "same", "this", "own") {
				if account := cmp.Or(rd.Out.Account, s.ownerAccount()); account != "" {
					p.Where = addValue(p.Where, "aws:SourceAccount", account, rd.Span(i-1, i+1))
					rd.Use(i-1, i+1)
				}
				break
			}
			if rd.Tokens[i].Role == "account of the resources" && rd.Word(i-1, "account", "acct", "in", "of", "from") && rd.nextTo(i, p.To) {
				p.Where = addValue(p.Where, "aws:SourceAccount", rd.Tokens[i].Lit.Value, rd.Span(i, i+1))
			}
		}
	}
}

// nextTo says that only small words stand between a service and the account behind it.
func (rd *Reading) nextTo(i, from int) bool {
	for j := from; j < i; j++ {
		if rd.Is("modal", j) || rd.Tokens[j].Kind == token.Name || rd.Punct(j, ".\n:") {
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
