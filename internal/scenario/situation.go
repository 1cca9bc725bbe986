package scenario

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/evaluate"
)

// A Query is a request in the words of a scenario.
type Query struct {
	Principal string // a name of the scenario, or an identifier; empty: the only principal
	Action    string
	Resource  string
	Endpoint  string              // ID of the VPC endpoint that the request comes through
	Context   map[string][]string // keys that the request has; nil takes one away that would be set
}

// A Situation is a request with all that decides it.
type Situation struct {
	Request evaluate.Request
	Setting evaluate.Setting
	Notes   []string // what was taken for granted because the scenario does not say it
}

// Situation returns what decides a request. The error says what the scenario does not have.
func (s *Scenario) Situation(q Query) (Situation, error) {
	p, err := s.principal(q.Principal)
	if err != nil {
		return Situation{}, err
	}
	out := Situation{Request: evaluate.Request{
		Principal: p.who, Action: q.Action, Resource: q.Resource, Context: evaluate.Context{},
	}}
	put(out.Request.Context, s.context)
	out.Setting.Caller = p.caller
	out.Setting.Layers.Identity = p.identity
	out.Setting.Layers.Boundary = p.boundary
	out.Setting.Layers.Session = p.session
	res := s.resource(q.Resource)
	callers := accountOf(p)
	out.Setting.Owner = ownerOf(q.Resource, res, callers)
	if res != nil {
		out.Setting.Layers.Resource, out.Setting.AWSManaged = res.policies, res.awsManaged
	} else if q.Resource != "" && q.Resource != "*" {
		out.Notes = append(out.Notes, missingResource(q.Resource, out.Setting.Owner))
	}
	if err := s.through(q.Endpoint, &out); err != nil {
		return Situation{}, err
	}
	if o := s.organization; o != nil {
		out.Setting.Management = o.management
		out.Setting.Layers.SCPs = o.accounts[callers].scps
		out.Setting.Layers.RCPs = o.accounts[out.Setting.Owner].rcps
	}
	s.describe(p, res, &out)
	for _, more := range []map[string][]string{p.context, resourceContext(res), q.Context} {
		put(out.Request.Context, more)
	}
	return out, nil
}

func resourceContext(r *resource) map[string][]string {
	if r == nil {
		return nil
	}
	return r.context
}

// put sets keys, whose case does not count, and takes those without values away.
func put(c evaluate.Context, more map[string][]string) {
	for key, values := range more {
		for k := range c {
			if strings.EqualFold(k, key) {
				delete(c, k)
			}
		}
		if values != nil {
			c[key] = values
		}
	}
}

func missingResource(name, owner string) string {
	if owner == "" {
		return fmt.Sprintf("%s is not in the scenario: it is taken to have no policy", name)
	}
	return fmt.Sprintf("%s is not in the scenario: it is taken to belong to the account %s and to have no policy", name, owner)
}

// principal finds who asks: a principal of the scenario by name, by identifier or, for the
// session of a role, by that role; or one that has no policies of its own.
func (s *Scenario) principal(name string) (*principal, error) {
	if name == "" {
		if len(s.names) == 1 {
			return s.principals[s.names[0]], nil
		}
		return nil, fmt.Errorf("the request needs a principal: %s", s.someNames())
	}
	if p := s.principals[name]; p != nil {
		return p, nil
	}
	who := evaluate.ParsePrincipal(name)
	role, ofRole := roleOf(name)
	for _, n := range s.names {
		p := s.principals[n]
		if p.who == who {
			return p, nil
		}
		if ofRole && sameRole(p.who.ID, role) {
			session := *p
			session.who, session.caller.Source = who, p.who.ID
			return &session, nil
		}
	}
	switch {
	case who.Type != evaluate.AWS, who.ID == "*", arn.IsAccountID(who.ID), strings.HasSuffix(who.ID, ":root"):
		return &principal{who: who}, nil
	}
	return nil, fmt.Errorf("the scenario has no principal %q: %s", name, s.someNames())
}

func (s *Scenario) someNames() string {
	if len(s.names) == 0 {
		return "it names none"
	}
	return "there are " + strings.Join(s.names[:min(len(s.names), 10)], ", ")
}

// roleOf returns the ARN, without path, of the role that a session belongs to.
func roleOf(session string) (string, bool) {
	a, err := arn.Parse(session)
	if err != nil || a.Service != "sts" || !strings.HasPrefix(a.Resource, "assumed-role/") {
		return "", false
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(a.Resource, "assumed-role/"), "/")
	a.Service, a.Resource = "iam", "role/"+name
	return a.String(), true
}

// sameRole compares an ARN of a role, which may have a path, with one without.
func sameRole(role, plain string) bool {
	a, err := arn.Parse(role)
	if err != nil || a.Service != "iam" || !strings.HasPrefix(a.Resource, "role/") {
		return false
	}
	a.Resource = "role/" + a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
	return a.String() == plain
}

// resource finds the resource of the scenario that a request is about: itself, that which holds
// it (the bucket of an object), or the longest pattern that matches it.
func (s *Scenario) resource(name string) *resource {
	var best *resource
	for _, r := range s.resources {
		if r.arn == name {
			return r
		}
		holds := strings.HasPrefix(name, r.arn) && strings.IndexByte("/:", name[len(r.arn)]) >= 0
		holds = holds || r.pattern != nil && r.pattern.Match(name)
		if holds && (best == nil || len(r.arn) > len(best.arn)) {
			best = r
		}
	}
	return best
}

func ownerOf(name string, r *resource, callers string) string {
	if r != nil && r.owner != "" {
		return r.owner
	}
	if a, err := arn.Parse(name); err == nil && arn.IsAccountID(a.AccountID) {
		return a.AccountID
	}
	return callers
}

func accountOf(p *principal) string {
	if arn.IsAccountID(p.who.ID) {
		return p.who.ID
	}
	if a, err := arn.Parse(p.who.ID); err == nil && p.who.Type == evaluate.AWS {
		return a.AccountID
	}
	return ""
}

// through sets the VPC endpoint.
func (s *Scenario) through(id string, out *Situation) error {
	if id == "" {
		return nil
	}
	e := s.endpoints[id]
	if e == nil {
		return fmt.Errorf("the scenario has no endpoint %q", id)
	}
	out.Setting.Layers.Endpoint, out.Setting.Layers.Gateway = e.policies, e.gateway
	put(out.Request.Context, map[string][]string{"aws:SourceVpce": {id}})
	if e.vpc != "" {
		put(out.Request.Context, map[string][]string{"aws:SourceVpc": {e.vpc}})
	}
	return nil
}
