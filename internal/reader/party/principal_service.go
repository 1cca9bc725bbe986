package party

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A ServiceMention is a phrase that names a service principal.
type ServiceMention struct {
	From, To int
	ID       string
}

// ServiceMentions finds the service principals that the words name: by their host, by an everyday
// name, or by the name of a service that the lexicon knows a principal of.
func (rd *Reading) ServiceMentions() []ServiceMention {
	stems := rd.Flatten()
	parties := lexicon.DefaultParties()
	var out []ServiceMention
	for k := 0; k < len(stems); k++ {
		i := stems[k].Token
		if k > 0 && stems[k-1].Token == i || rd.Tokens[i].Taken {
			continue
		}
		if host, ok := rd.Literal(i, token.ServiceLiteral); ok {
			out = append(out, ServiceMention{i, i + 1, host})
			continue
		}
		id, n := rd.everydayPrincipal(parties, stems, k)
		if l := rd.LinkAt[i]; l >= 0 && rd.Links[l].From == i && rd.Links[l].To > stems[k+max(n, 1)-1].Token+1 {
			if p := rd.principalOfLink(rd.Links[l]); p != "" {
				out = append(out, ServiceMention{i, rd.Links[l].To, p})
				continue
			}
		} else if n == 0 && l >= 0 && rd.Links[l].From == i {
			if p := rd.principalOfLink(rd.Links[l]); p != "" {
				out = append(out, ServiceMention{i, rd.Links[l].To, p})
				continue
			}
		}
		if n > 0 {
			out = append(out, ServiceMention{i, stems[k+n-1].Token + 1, id})
			k += n - 1
		}
	}
	return rd.hostsSpeak(out)
}

// hostsSpeak drops a name that the host behind it says exactly: "log delivery
// (delivery.logs.amazonaws.com)".
func (rd *Reading) hostsSpeak(ms []ServiceMention) []ServiceMention {
	var out []ServiceMention
	for n, m := range ms {
		if n+1 < len(ms) {
			next := ms[n+1]
			_, host := rd.Literal(next.From, token.ServiceLiteral)
			_, own := rd.Literal(m.From, token.ServiceLiteral)
			if host && !own && rd.passMarks(rd.Pass(m.To, "service", "principal", "the", "log", "delivery", "aws")) == next.From {
				rd.Take("service principal", m.From, m.To)
				continue
			}
		}
		out = append(out, m)
	}
	return out
}

func (rd *Reading) passMarks(i int) int {
	for rd.Punct(i, "(,:\"") {
		i++
	}
	return rd.Pass(i, "service", "principal")
}

func (rd *Reading) everydayPrincipal(p *lexicon.Parties, stems []sentence.Flat, k int) (string, int) {
	id, n := "", 0
	for _, name := range p.Principals(stems[k].Stem) {
		if len(name.Words) > n && sentence.PhraseAt(stems, k, name.Words) && stems[k+len(name.Words)-1].Last {
			id, n = name.ID, len(name.Words)
		}
	}
	return id, n
}

// principalOfLink returns the principal of the service that a link names by its name.
func (rd *Reading) principalOfLink(l sentence.Link) string {
	if rd.Ordinary(l) {
		return ""
	}
	for _, e := range l.Entries {
		if e.Kind != lexicon.Name {
			continue
		}
		if s, ok := rd.Lexicon.Service(e.Service); ok && s.Principal != "" {
			return s.Principal
		}
	}
	return ""
}

// ReadServices finds the services that may assume a role.
func (rd *Reading) ReadServices() {
	federated := false
	for _, p := range rd.Parties {
		federated = federated || p.Type == "Federated"
	}
	mentions := rd.ServiceMentions()
	for _, m := range mentions {
		if federated && !rd.Word(m.From-1, "by", "and", "plus", "or", "also", "service") && !rd.Is("modal", m.To) || rd.ancillary(m) {
			continue
		}
		if !rd.knownService(m) {
			rd.serviceParty(m)
		}
	}
	if len(rd.Parties) == 0 && !rd.otherCallers() {
		for _, m := range mentions {
			rd.serviceParty(m)
		}
	}
}

// knownService says that the sentence has named the service before: "step functions, only state
// machine X".
func (rd *Reading) knownService(m ServiceMention) bool {
	for _, p := range rd.Parties {
		if p.ID == m.ID && rd.SameSentence(p.From, m.From) {
			rd.Use(m.From, m.To)
			return true
		}
	}
	return false
}

// otherCallers says that the words name callers that are no services.
func (rd *Reading) otherCallers() bool {
	for i := range rd.Tokens {
		_, account := rd.Literal(i, token.AccountLiteral)
		_, org := rd.Literal(i, token.OrgLiteral)
		a, _ := rd.Literal(i, token.ARNLiteral)
		if account || org || strings.Contains(a, ":iam:") {
			return true
		}
	}
	return false
}

// ancillary says that a service is mentioned for what it is used for, not as the one who asks:
// "lambda that reads s3", "confused deputy for events from …", "via cloudformation".
func (rd *Reading) ancillary(m ServiceMention) bool {
	if strings.HasPrefix(m.ID, "rolesanywhere.") || strings.HasPrefix(m.ID, "pods.eks.") {
		return false
	}
	if rd.Word(m.From-1, "via", "through", "into", "onto", "read", "reads", "write", "writes", "access", "accesses", "query", "queries", "calls", "call", "reading", "writing", "accessing", "calling", "using") {
		return true
	}
	n := rd.ClauseOf(m.From)
	if n < 0 {
		return false
	}
	for j := m.From - 1; j >= rd.Clauses[n].From; j-- {
		if rd.Word(j, "that", "which", "who", "so", "because", "since") && !rd.Word(j+1, "can", "may", "should", "assume") {
			return rd.earlierService(j)
		}
	}
	return false
}

func (rd *Reading) earlierService(before int) bool {
	for _, p := range rd.Parties {
		if p.From < before {
			return true
		}
	}
	return false
}

func (rd *Reading) serviceParty(m ServiceMention) {
	if m.ID == "delivery.logs.amazonaws.com" && rd.Within(m.From, m.To, "flow") {
		m.ID = "vpc-flow-logs.amazonaws.com" // log delivery needs no role; flow logs to CloudWatch Logs do
	}
	short, _, _ := strings.Cut(m.ID, ".amazonaws.com")
	rd.Take("service principal", m.From, m.To)
	p := Party{Principal: intent.Principal{Type: "Service", ID: m.ID}, From: m.From, To: m.To, Service: short}
	switch short {
	case "pods.eks":
		p.Actions = []string{"sts:AssumeRole", "sts:TagSession"}
	case "rolesanywhere":
		p.Actions = []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"}
		p.Where = rd.certificate()
	}
	rd.AddParty(p)
}

// ARNOf writes the ARN of a target as a condition value.
func (rd *Reading) ARNOf(t intent.Target) string {
	if t.ARN != "" {
		return t.ARN
	}
	s, ok := rd.Catalog.Service(t.Service)
	if !ok {
		return ""
	}
	rt, ok := s.Resource(t.Type)
	if !ok || len(rt.ARNs) == 0 {
		return ""
	}
	return rd.FillARN(rt.ARNs[0], t.Vars, t.Account)
}

// FillARN fills a format of the catalog with what is known; the rest is left open.
func (rd *Reading) FillARN(format string, vars map[string]string, account string) string {
	values := map[string]string{
		"Partition": cmp.Or(rd.Out.Partition, arn.PartitionOf(rd.Out.Region)), "Region": cmp.Or(rd.Out.Region, "*"),
		"Account": cmp.Or(cmp.Or(account, rd.Out.Account), "*"),
	}
	for k, v := range vars {
		values[k] = v
	}
	return catalog.FillARN(format, values)
}

// certificate reads what the certificate must say: "CN=host1", "OU=ops", of its issuer too.
func (rd *Reading) certificate() []intent.Constraint {
	var out []intent.Constraint
	for i, t := range rd.Tokens {
		if t.Taken || t.Lit.Kind != token.TagLiteral {
			continue
		}
		switch t.Lit.Key {
		case "CN", "OU", "O", "C", "L", "ST", "DC", "cn", "ou":
		default:
			continue
		}
		field := "x509Subject/"
		if rd.Within(max(0, i-4), i, "issuer", "issued", "ca") {
			field = "x509Issuer/"
		}
		out = append(out, intent.Constraint{Key: "aws:PrincipalTag/" + field + strings.ToUpper(t.Lit.Key), Values: []string{t.Lit.Value}, Span: rd.Span(i, i+1)})
		rd.Take("field of the certificate", i, i+1)
	}
	return out
}
