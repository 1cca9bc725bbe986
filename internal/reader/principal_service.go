package reader

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A serviceMention is a phrase that names a service principal.
type serviceMention struct {
	from, to int
	id       string
}

// servicesIn finds the service principals that the words name: by their host, by an everyday
// name, or by the name of a service that the lexicon knows a principal of.
func (rd *reading) serviceMentions() []serviceMention {
	stems := rd.flatten()
	parties := lexicon.DefaultParties()
	var out []serviceMention
	for k := 0; k < len(stems); k++ {
		i := stems[k].token
		if k > 0 && stems[k-1].token == i || rd.tokens[i].taken {
			continue
		}
		if host, ok := rd.literal(i, serviceLiteral); ok {
			out = append(out, serviceMention{i, i + 1, host})
			continue
		}
		id, n := rd.everydayPrincipal(parties, stems, k)
		if l := rd.linkAt[i]; l >= 0 && rd.links[l].from == i && rd.links[l].to > stems[k+max(n, 1)-1].token+1 {
			if p := rd.principalOfLink(rd.links[l]); p != "" {
				out = append(out, serviceMention{i, rd.links[l].to, p})
				continue
			}
		} else if n == 0 && l >= 0 && rd.links[l].from == i {
			if p := rd.principalOfLink(rd.links[l]); p != "" {
				out = append(out, serviceMention{i, rd.links[l].to, p})
				continue
			}
		}
		if n > 0 {
			out = append(out, serviceMention{i, stems[k+n-1].token + 1, id})
			k += n - 1
		}
	}
	return rd.hostsSpeak(out)
}

// hostsSpeak drops a name that the host behind it says exactly: "log delivery
// (delivery.logs.amazonaws.com)".
func (rd *reading) hostsSpeak(ms []serviceMention) []serviceMention {
	var out []serviceMention
	for n, m := range ms {
		if n+1 < len(ms) {
			next := ms[n+1]
			_, host := rd.literal(next.from, serviceLiteral)
			_, own := rd.literal(m.from, serviceLiteral)
			if host && !own && rd.passMarks(rd.pass(m.to, "service", "principal", "the", "log", "delivery", "aws")) == next.from {
				rd.take("service principal", m.from, m.to)
				continue
			}
		}
		out = append(out, m)
	}
	return out
}

func (rd *reading) passMarks(i int) int {
	for rd.punct(i, "(,:\"") {
		i++
	}
	return rd.pass(i, "service", "principal")
}

func (rd *reading) everydayPrincipal(p *lexicon.Parties, stems []flat, k int) (string, int) {
	id, n := "", 0
	for _, name := range p.Principals(stems[k].stem) {
		if len(name.Words) > n && phraseAt(stems, k, name.Words) && stems[k+len(name.Words)-1].last {
			id, n = name.ID, len(name.Words)
		}
	}
	return id, n
}

// principalOfLink returns the principal of the service that a link names by its name.
func (rd *reading) principalOfLink(l link) string {
	if rd.ordinary(l) {
		return ""
	}
	for _, e := range l.entries {
		if e.Kind != lexicon.Name {
			continue
		}
		if s, ok := rd.Lexicon.Service(e.Service); ok && s.Principal != "" {
			return s.Principal
		}
	}
	return ""
}

// readServices finds the services that may assume a role.
func (rd *reading) readServices() {
	federated := false
	for _, p := range rd.parties {
		federated = federated || p.Type == "Federated"
	}
	mentions := rd.serviceMentions()
	for _, m := range mentions {
		if federated && !rd.word(m.from-1, "by", "and", "plus", "or", "also", "service") && !rd.is("modal", m.to) || rd.ancillary(m) {
			continue
		}
		if !rd.knownService(m) {
			rd.serviceParty(m)
		}
	}
	if len(rd.parties) == 0 && !rd.otherCallers() {
		for _, m := range mentions {
			rd.serviceParty(m)
		}
	}
}

// knownService says that the sentence has named the service before: "step functions, only state
// machine X".
func (rd *reading) knownService(m serviceMention) bool {
	for _, p := range rd.parties {
		if p.ID == m.id && rd.sameSentence(p.from, m.from) {
			rd.use(m.from, m.to)
			return true
		}
	}
	return false
}

// otherCallers says that the words name callers that are no services.
func (rd *reading) otherCallers() bool {
	for i := range rd.tokens {
		_, account := rd.literal(i, accountLiteral)
		_, org := rd.literal(i, orgLiteral)
		a, _ := rd.literal(i, arnLiteral)
		if account || org || strings.Contains(a, ":iam:") {
			return true
		}
	}
	return false
}

// ancillary says that a service is mentioned for what it is used for, not as the one who asks:
// "lambda that reads s3", "confused deputy for events from …", "via cloudformation".
func (rd *reading) ancillary(m serviceMention) bool {
	if strings.HasPrefix(m.id, "rolesanywhere.") || strings.HasPrefix(m.id, "pods.eks.") {
		return false
	}
	if rd.word(m.from-1, "via", "through", "into", "onto", "read", "reads", "write", "writes", "access", "accesses", "query", "queries", "calls", "call", "reading", "writing", "accessing", "calling", "using") {
		return true
	}
	n := rd.clauseOf(m.from)
	if n < 0 {
		return false
	}
	for j := m.from - 1; j >= rd.clause[n].from; j-- {
		if rd.word(j, "that", "which", "who", "so", "because", "since") && !rd.word(j+1, "can", "may", "should", "assume") {
			return rd.earlierService(j)
		}
	}
	return false
}

func (rd *reading) earlierService(before int) bool {
	for _, p := range rd.parties {
		if p.from < before {
			return true
		}
	}
	return false
}

func (rd *reading) serviceParty(m serviceMention) {
	if m.id == "delivery.logs.amazonaws.com" && rd.within(m.from, m.to, "flow") {
		m.id = "vpc-flow-logs.amazonaws.com" // log delivery needs no role; flow logs to CloudWatch Logs do
	}
	short, _, _ := strings.Cut(m.id, ".amazonaws.com")
	rd.take("service principal", m.from, m.to)
	p := party{Principal: intent.Principal{Type: "Service", ID: m.id}, from: m.from, to: m.to, service: short}
	switch short {
	case "pods.eks":
		p.actions = []string{"sts:AssumeRole", "sts:TagSession"}
	case "rolesanywhere":
		p.actions = []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"}
		p.where = rd.certificate()
	}
	rd.addParty(p)
}

// arnOf writes the ARN of a target as a condition value.
func (rd *reading) arnOf(t intent.Target) string {
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
	return rd.fillARN(rt.ARNs[0], t.Vars, t.Account)
}

// fillARN fills a format of the catalog with what is known; the rest is left open.
func (rd *reading) fillARN(format string, vars map[string]string, account string) string {
	values := map[string]string{
		"Partition": cmp.Or(rd.out.Partition, arn.PartitionOf(rd.out.Region)), "Region": cmp.Or(rd.out.Region, "*"),
		"Account": cmp.Or(cmp.Or(account, rd.out.Account), "*"),
	}
	for k, v := range vars {
		values[k] = v
	}
	return catalog.FillARN(format, values)
}
