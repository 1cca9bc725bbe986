package scenario

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/evaluate"
)

// describe sets the condition keys that AWS sets from who asks and whose the resource is, as the
// page reference_policies_condition-keys says.
func (s *Scenario) describe(p *principal, r *resource, out *Situation) {
	c := out.Request.Context
	set := func(key, value string) {
		if value != "" {
			put(c, map[string][]string{key: {value}})
		}
	}
	s.describePrincipal(p, set)
	for name, value := range p.tags {
		set("aws:PrincipalTag/"+name, value)
	}
	if a, err := arn.Parse(out.Request.Resource); err == nil && !strings.ContainsAny(a.Region, "*?") {
		set("aws:RequestedRegion", a.Region)
	}
	if out.Request.Resource != "" && out.Request.Resource != "*" {
		set("aws:ResourceAccount", out.Setting.Owner)
		if id, path := s.placeOf(out.Setting.Owner); id != "" {
			set("aws:ResourceOrgID", id)
			set("aws:ResourceOrgPaths", path)
		}
	}
	if r != nil {
		for name, value := range r.tags {
			set("aws:ResourceTag/"+name, value)
		}
	}
	if strings.HasPrefix(strings.ToLower(out.Request.Action), "kms:") && accountOf(p) != "" {
		set("kms:CallerAccount", accountOf(p))
	}
}

func (s *Scenario) describePrincipal(p *principal, set func(key, value string)) {
	switch p.who.Type {
	case evaluate.Service:
		set("aws:PrincipalIsAWSService", "true")
		set("aws:PrincipalServiceName", p.who.ID)
		return
	case evaluate.Federated, evaluate.CanonicalUser:
		set("aws:PrincipalIsAWSService", "false")
		return
	}
	set("aws:PrincipalIsAWSService", "false")
	if p.who.ID == "*" {
		set("aws:PrincipalType", "Anonymous")
		return
	}
	account := accountOf(p)
	set("aws:PrincipalAccount", account)
	if id, path := s.placeOf(account); id != "" {
		set("aws:PrincipalOrgID", id)
		set("aws:PrincipalOrgPaths", path)
	}
	set("aws:PrincipalArn", principalARN(p))
	set("aws:FederatedProvider", p.caller.Provider)
	a, _ := arn.Parse(p.who.ID)
	switch {
	case strings.HasPrefix(a.Resource, "user/"):
		set("aws:PrincipalType", "User")
		set("aws:username", a.Resource[strings.LastIndexByte(a.Resource, '/')+1:])
	case strings.HasPrefix(a.Resource, "federated-user/"):
		set("aws:PrincipalType", "FederatedUser")
	case a.Resource == "root", arn.IsAccountID(p.who.ID):
		set("aws:PrincipalType", "Account")
	default:
		set("aws:PrincipalType", "AssumedRole")
	}
}

// principalARN is the value of aws:PrincipalArn: for a session that of its role.
func principalARN(p *principal) string {
	if arn.IsAccountID(p.who.ID) {
		return "arn:aws:iam::" + p.who.ID + ":root"
	}
	role, ok := roleOf(p.who.ID)
	switch {
	case ok && p.caller.Source != "":
		return p.caller.Source
	case ok:
		return role
	}
	return p.who.ID
}

// placeOf returns the ID of the organization that an account belongs to and the path of the
// account in it.
func (s *Scenario) placeOf(id string) (organization, path string) {
	o := s.organization
	if o == nil || id == "" {
		return "", ""
	}
	if at, member := o.accounts[id]; member {
		return o.id, at.path
	}
	if id != o.management {
		return "", ""
	}
	return o.id, o.id + "/" + o.root + "/"
}
