package lint

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Who a stranger is: of an account, an organization and a network that no policy names.
const (
	StrangerAccount = "999988887777"
	strangerName    = "zq7stranger"
)

// Stranger returns the conditions that hold for a request by a stranger, for the keys that the
// document asks for and that a stranger cannot choose.
func (p *Pass) Stranger() []policy.Condition {
	seen := map[string]bool{}
	var out []policy.Condition
	p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
		key := strings.ToLower(c.Key)
		if seen[key] {
			return
		}
		seen[key] = true
		if where, ok := strangerCondition(c.Key, key); ok {
			out = append(out, where)
		}
	})
	return out
}

// strangerCondition says what a key is in a stranger's request.
func strangerCondition(key, lower string) (policy.Condition, bool) {
	switch lower {
	case "aws:principalaccount", "kms:calleraccount", "s3:dataaccesspointaccount", "aws:vpceaccount", "aws:resourceaccount", "s3:resourceaccount":
		return Where("StringEquals", key, StrangerAccount), true
	case "aws:principalarn":
		return Where("ArnLike", key, "arn:aws:iam::"+StrangerAccount+":*"), true
	case "aws:principalorgid", "aws:vpceorgid", "aws:resourceorgid":
		return Where("StringEquals", key, "o-zq7stranger0"), true
	case "aws:userid":
		return Where("StringEquals", key, "AROAZQ7STRANGER:session"), true
	case "aws:sourceip":
		return Where("IpAddress", key, "198.51.100.77/32"), true
	case "aws:principalisawsservice", "aws:viaawsservice":
		return Where("Bool", key, "false"), true
	case "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn", "aws:principalorgpaths", "aws:vpceorgpaths", "aws:resourceorgpaths",
		"aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "aws:principalservicename", "aws:principalservicenameslist",
		"aws:username", "aws:federatedprovider", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:ec2instancesourcevpc",
		"aws:ec2instancesourceprivateipv4", "lambda:sourcefunctionarn", "ec2:sourceinstancearn", "elasticfilesystem:accessedviamounttarget",
		"s3:dataaccesspointarn", "iam:passedtoservice", "kms:viaservice":
		return Where("Null", key, "true"), true
	}
	if strings.HasPrefix(lower, "aws:resourcetag/") || strings.Contains(lower, ":resourcetag/") || strings.HasPrefix(lower, "s3:existingobjecttag/") {
		return Where("Null", key, "true"), true
	}
	return policy.Condition{}, false
}

// Anywhere returns the ARN pattern of a resource of an action whose name no policy has in full or
// in part; empty for an action without resources.
func (p *Pass) Anywhere(action string) string {
	a, ok := p.Catalog.Action(action)
	if !ok || len(a.Resources) == 0 {
		return ""
	}
	main := slices.MinFunc(a.Resources, func(x, y catalog.ActionResource) int {
		if x.Required != y.Required && x.Required {
			return -1
		} else if x.Required != y.Required {
			return 1
		}
		return len(x.Type.Name) - len(y.Type.Name) // the plain type: object before accesspointobject
	})
	formats := a.ARNs(main.Type)
	if len(formats) == 0 {
		return ""
	}
	values := map[string]string{}
	for _, v := range catalog.ARNVariables(formats[0]) {
		values[v] = strangerName
	}
	return catalog.FillARN(formats[0], values)
}

// NamesIt returns the pattern in which the last Allow statement with the pattern of the most
// letters names an action.
func (p *Pass) NamesIt(action string) (policy.Text, bool) {
	var best policy.Text
	found := false
	for i := range p.Document.Statements {
		s := &p.Document.Statements[i]
		if t, ok := Names(s, action); ok && s.Effect == policy.Allow && (!found || len(t.Text) > len(best.Text)) {
			best, found = t, true
		}
	}
	return best, found
}

// Unlimited returns a request that the document allows for an action on a resource that it does
// not name, by whom nothing is known, as far as the action has resources.
func (p *Pass) Unlimited(action string) (finding.Request, bool) {
	return p.Find(Query{Action: action, Resource: p.Anywhere(action), Where: p.Stranger()})
}

// Administers reports whether the document allows everything, so that rules about single powers
// have nothing to add.
func (p *Pass) Administers() bool {
	for i := range p.Document.Statements {
		s := &p.Document.Statements[i]
		if s.Effect == policy.Allow && AllowsEverything(s) {
			return true
		}
	}
	return false
}

// AllowsEverything reports whether an Allow statement is about all actions on all resources.
func AllowsEverything(s *policy.Statement) bool {
	all := slices.ContainsFunc(s.Actions, func(t policy.Text) bool { return strings.Trim(t.Text, "*:") == "" && t.Text != "" })
	return all && AnyResource(s) && len(s.Conditions) == 0
}

// AnyResource reports whether a statement is about resources of all names.
func AnyResource(s *policy.Statement) bool {
	return slices.ContainsFunc(s.Resources, func(t policy.Text) bool {
		fields, n := arn.Fields(t.Text)
		return strings.Trim(t.Text, "*") == "" && t.Text != "" || n == len(fields) && strings.Trim(fields[2]+fields[5], "*") == ""
	})
}

// OwnAccounts returns the accounts that the resources of the document lie in.
func (p *Pass) OwnAccounts() []string {
	var out []string
	p.ARNs(func(_ policy.Text, a arn.ARN) {
		if arn.IsAccountID(a.AccountID) && !slices.Contains(out, a.AccountID) {
			out = append(out, a.AccountID)
		}
	})
	return out
}
