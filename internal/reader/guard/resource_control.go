package guard

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// ReadResourceControl reads a resource control policy: who may never reach the resources of the
// accounts, whatever their own policies say.
func (rd *Reading) ReadResourceControl() {
	g := rd.startGuards()
	for i := range rd.Where {
		if c := &rd.Where[i]; c.Key == "aws:ResourceOrgID" { // the resources of a control policy are the organization's own
			c.Key = "aws:PrincipalOrgID"
		}
	}
	grants := g.read()
	for i := range grants {
		grants[i].Principals = []intent.Principal{{Type: "*"}}
		g.confusedDeputy(&grants[i])
		g.reachable(&grants[i])
	}
	rd.Out.Grants = append(rd.Out.Grants, grants...)
	g.finish()
}

// sourceKeys are the keys that say for whom an AWS service calls.
var sourceKeys = []string{"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"}

// confusedDeputy limits a rule about the source of a service's call to such calls: principals of
// other kinds carry no source, and neither do calls a service makes for itself.
func (g *guarding) confusedDeputy(grant *intent.Grant) {
	if g.deputyWords() {
		for i := range grant.Unless {
			grant.Unless[i].Key = strings.NewReplacer("aws:PrincipalOrgID", "aws:SourceOrgID", "aws:PrincipalOrgPaths", "aws:SourceOrgPaths", "aws:PrincipalAccount", "aws:SourceAccount").Replace(grant.Unless[i].Key)
		}
		grant.Unless = slices.DeleteFunc(grant.Unless, func(c intent.Constraint) bool { return c.Key == "aws:PrincipalIsAWSService" })
	}
	for _, c := range grant.Unless {
		if slices.Contains(sourceKeys, c.Key) {
			grant.Where = append(grant.Where,
				intent.Constraint{Key: "aws:PrincipalIsAWSService", Values: []string{"true"}, Span: c.Span},
				intent.Constraint{Key: "aws:SourceAccount", Test: intent.Exists, Span: c.Span})
			return
		}
	}
}

// deputyWords says that the request is about services that act for somebody.
func (g *guarding) deputyWords() bool {
	for i := range g.Tokens {
		n := g.ClauseOf(i)
		if n < 0 || g.modes[n] == guardExempt {
			continue
		}
		if g.Word(i, "deputy") || g.Word(i, "behalf") || g.Word(i, "service") && g.Word(i+1, "principal", "principals") || g.Word(i, "aws") && g.Word(i+1, "services", "service") && g.Word(i+2, "may", "can", "must", "acting", "calling") {
			return true
		}
	}
	return false
}

// reachable says where a rule names services that resource control policies are not known to
// reach.
func (g *guarding) reachable(grant *intent.Grant) {
	if len(grant.NotActions) > 0 {
		grant.NotActions, grant.Actions = nil, nil
		for _, p := range g.allServices() {
			grant.Actions = append(grant.Actions, intent.Action{Name: p + ":*", Because: "a service that resource control policies reach", Span: grant.Span, Wide: true})
		}
	}
	for _, a := range grant.Actions {
		prefix, _, _ := strings.Cut(a.Name, ":")
		if !g.lex.Is("rcp", prefix) {
			g.Assume(true, grant.Span, "Resource control policies may not reach "+prefix+": check the list of supported services before attaching this.")
		}
	}
	grant.Effect = policy.Deny
}
