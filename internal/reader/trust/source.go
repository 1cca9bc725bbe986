package trust

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// sourceFormats are the resources that a service acts for when it assumes a role, where the
// catalog names the service or its resource otherwise than people do.
var sourceFormats = map[string]string{
	"scheduler schedule-group": "arn:${Partition}:scheduler:${Region}:${Account}:schedule/${GroupName}/*",
}

// trustSources binds the resources that are named beside a service to it: "only from state
// machine X", "only schedules of group g" (aws:SourceArn).
func (rd *Reading) trustSources() {
	for i := range rd.Tokens {
		if rd.Word(i, "trust", "policy", "role", "relationship") {
			rd.Tokens[i].Kind, rd.Tokens[i].Typed = token.Word, nil
		}
		if rd.Tokens[i].Taken || !rd.ChunkStart(i) || rd.Tokens[i].Kind == token.Word && rd.Tokens[i].Typed == nil {
			continue
		}
		t, ok := rd.TargetAt(i)
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
		rd.AddSource(p, a, rd.Span(i, i+1))
		rd.Take("resource that the service acts for", i, i+1)
		rd.MarkNoun(i)
	}
	rd.scheduleGroups()
	rd.podIdentity()
}

// actsFor returns the service party that acts for a target.
func (rd *Reading) actsFor(t intent.Target, at int) *party.Party {
	var best *party.Party
	for n := range rd.Parties {
		p := &rd.Parties[n]
		if p.Type != "Service" || rd.Refused(*p) {
			continue
		}
		same := p.Service == t.Service || p.Service == "pods.eks" && t.Service == "eks" || p.Service == "ecs-tasks" && t.Service == "ecs" || strings.HasSuffix(p.Service, "."+t.Service) || p.Service == "events" && t.Service == "events" || rd.PrincipalOf(t.Service) == p.ID
		if same && (best == nil || p.From < at) {
			best = p
		}
	}
	if best == nil && t.ARN != "" && len(rd.Parties) == 1 && rd.Parties[0].Type == "Service" {
		best = &rd.Parties[0]
	}
	return best
}

// sourceARN writes what aws:SourceArn holds for a target.
func (rd *Reading) sourceARN(t intent.Target) string {
	if t.ARN == "" {
		if f, ok := sourceFormats[t.Service+" "+t.Type]; ok {
			return rd.FillARN(f, t.Vars, t.Account)
		}
	}
	return rd.ARNOf(t)
}

// AddSource limits a service to calls for the resource of an ARN.
func (rd *Reading) AddSource(p *party.Party, a string, span intent.Span) {
	for n := range p.Where {
		if p.Where[n].Key == "aws:SourceArn" {
			p.Where[n].Values = append(p.Where[n].Values, a)
			return
		}
	}
	p.Where = append(p.Where, intent.Constraint{Key: "aws:SourceArn", Values: []string{a}, Span: span})
}

// MarkNoun marks the noun beside a name as read.
func (rd *Reading) MarkNoun(i int) {
	if ty := rd.Tokens[i].Typed; ty != nil && ty.Noun >= 0 {
		rd.Tokens[ty.Noun].Used = true
		if l := rd.LinkAt[ty.Noun]; l >= 0 {
			rd.Use(rd.Links[l].From, rd.Links[l].To)
		}
	}
}

// scheduleGroups reads "schedules of group nightly", "schedule group nightly".
func (rd *Reading) scheduleGroups() {
	for n := range rd.Parties {
		p := &rd.Parties[n]
		if p.Service != "scheduler" {
			continue
		}
		for i := range rd.Tokens {
			if !rd.Word(i, "group", "groups") {
				continue
			}
			j := rd.Pass(i+1, "named", "called", "is")
			if !rd.RoleName(j) {
				j = i - 1
				if !rd.Tokens[max(j, 0)].Taken && j >= 0 && rd.Tokens[j].Kind != token.Name {
					continue
				}
			}
			if j < 0 || rd.Tokens[j].Taken {
				continue
			}
			rd.AddSource(p, rd.FillARN(sourceFormats["scheduler schedule-group"], map[string]string{"GroupName": rd.Tokens[j].Text}, ""), rd.Span(j, j+1))
			rd.Take("schedule group", min(i, j), max(i, j)+1)
		}
	}
}
