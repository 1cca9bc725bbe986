package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// sourceFormats are the resources that a service acts for when it assumes a role, where the
// catalog names the service or its resource otherwise than people do.
var sourceFormats = map[string]string{
	"scheduler schedule-group": "arn:${Partition}:scheduler:${Region}:${Account}:schedule/${GroupName}/*",
}

// trustSources binds the resources that are named beside a service to it: "only from state
// machine X", "only schedules of group g" (aws:SourceArn).
func (rd *reading) trustSources() {
	for i := range rd.tokens {
		if rd.tokens[i].taken || !rd.chunkStart(i) {
			continue
		}
		t, ok := rd.targetAt(i)
		if !ok || t.Service == "iam" || t.Service == "sts" {
			continue
		}
		p := rd.actsFor(t, i)
		if p == nil {
			continue
		}
		a := rd.sourceARN(t)
		if a == "" {
			continue
		}
		rd.addSource(p, a, rd.span(i, i+1))
		rd.take("resource that the service acts for", i, i+1)
		rd.markNoun(i)
	}
	rd.scheduleGroups()
	rd.podIdentity()
}

// actsFor returns the service party that acts for a target.
func (rd *reading) actsFor(t intent.Target, at int) *party {
	var best *party
	for n := range rd.parties {
		p := &rd.parties[n]
		if p.Type != "Service" || rd.refused(*p) {
			continue
		}
		same := p.service == t.Service || p.service == "pods.eks" && t.Service == "eks" || p.service == "ecs-tasks" && t.Service == "ecs" || strings.HasSuffix(p.service, "."+t.Service) || p.service == "events" && t.Service == "events" || rd.principalOf(t.Service) == p.ID
		if same && (best == nil || p.from < at) {
			best = p
		}
	}
	if best == nil && t.ARN != "" && len(rd.parties) == 1 && rd.parties[0].Type == "Service" {
		best = &rd.parties[0]
	}
	return best
}

// sourceARN writes what aws:SourceArn holds for a target.
func (rd *reading) sourceARN(t intent.Target) string {
	if t.ARN == "" {
		if f, ok := sourceFormats[t.Service+" "+t.Type]; ok {
			return rd.fillARN(f, t.Vars, t.Account)
		}
	}
	return rd.arnOf(t)
}

func (rd *reading) addSource(p *party, a string, span intent.Span) {
	for n := range p.where {
		if p.where[n].Key == "aws:SourceArn" {
			p.where[n].Values = append(p.where[n].Values, a)
			return
		}
	}
	p.where = append(p.where, intent.Constraint{Key: "aws:SourceArn", Values: []string{a}, Span: span})
}

// markNoun marks the noun beside a name as read.
func (rd *reading) markNoun(i int) {
	if ty := rd.tokens[i].typed; ty != nil && ty.noun >= 0 {
		rd.tokens[ty.noun].used = true
		if l := rd.linkAt[ty.noun]; l >= 0 {
			rd.use(rd.links[l].from, rd.links[l].to)
		}
	}
}

// certificate reads what the certificate must say: "CN=host1", "OU=ops", of its issuer too.
func (rd *reading) certificate() []intent.Constraint {
	var out []intent.Constraint
	for i, t := range rd.tokens {
		if t.taken || t.lit.kind != tagLiteral {
			continue
		}
		switch t.lit.key {
		case "CN", "OU", "O", "C", "L", "ST", "DC", "cn", "ou":
		default:
			continue
		}
		field := "x509Subject/"
		if rd.within(max(0, i-4), i, "issuer", "issued", "ca") {
			field = "x509Issuer/"
		}
		out = append(out, intent.Constraint{Key: "aws:PrincipalTag/" + field + strings.ToUpper(t.lit.key), Values: []string{t.lit.value}, Span: rd.span(i, i+1)})
		rd.take("field of the certificate", i, i+1)
	}
	return out
}

// scheduleGroups reads "schedules of group nightly", "schedule group nightly".
func (rd *reading) scheduleGroups() {
	for n := range rd.parties {
		p := &rd.parties[n]
		if p.service != "scheduler" {
			continue
		}
		for i := range rd.tokens {
			if !rd.word(i, "group", "groups") {
				continue
			}
			j := rd.pass(i+1, "named", "called", "is")
			if !rd.roleName(j) {
				j = i - 1
				if !rd.tokens[max(j, 0)].taken && j >= 0 && rd.tokens[j].kind != nameToken {
					continue
				}
			}
			if j < 0 || rd.tokens[j].taken {
				continue
			}
			rd.addSource(p, rd.fillARN(sourceFormats["scheduler schedule-group"], map[string]string{"GroupName": rd.tokens[j].text}, ""), rd.span(j, j+1))
			rd.take("schedule group", min(i, j), max(i, j)+1)
		}
	}
}

// podIdentity reads the namespace and the service account that pods must run with.
func (rd *reading) podIdentity() {
	for n := range rd.parties {
		p := &rd.parties[n]
		if p.service != "pods.eks" {
			continue
		}
		s := slots{rd: rd, values: map[string][]string{}}
		s.serviceAccounts()
		namespaces := s.beside("namespace")
		if len(namespaces) == 0 {
			namespaces = s.values["namespace"]
		}
		for key, values := range map[string][]string{"kubernetes-namespace": namespaces, "kubernetes-service-account": s.values["serviceaccount"]} {
			if len(values) > 0 && values[0] != "*" {
				p.where = append(p.where, intent.Constraint{Key: "aws:RequestTag/" + key, Values: values, Span: p.Span})
			}
		}
	}
}
