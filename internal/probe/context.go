package probe

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/evaluate"
)

const (
	defaultAccount = "123456789012"
	defaultRegion  = "us-east-1"
)

// Request returns the request that a probe stands for, with the context keys that it leaves
// open. The context is lower case.
func (p Probe) Request() evaluate.Request {
	region, account := defaultRegion, defaultAccount
	if a, err := arn.Parse(p.Resource); err == nil {
		if a.Region != "" && !strings.Contains(a.Region, "*") {
			region = a.Region
		}
		if arn.IsAccountID(a.AccountID) {
			account = a.AccountID
		}
	}
	c := evaluate.Context{
		"aws:requestedregion":       {region},
		"aws:securetransport":       {"true"},
		"aws:currenttime":           {"2025-06-01T12:00:00Z"},
		"aws:epochtime":             {"1748779200"},
		"aws:principalaccount":      {defaultAccount},
		"aws:principalarn":          {"arn:aws:iam::" + defaultAccount + ":role/probe"},
		"aws:principaltype":         {"AssumedRole"},
		"aws:principalisawsservice": {"false"},
		"aws:resourceaccount":       {account},
		"aws:sourceip":              {"198.51.100.10"},
		"aws:viaawsservice":         {"false"},
	}
	p.speaker(c, account)
	ec2 := hasPrefixFold(p.Action, "ec2:")
	for key, values := range p.Context {
		c[strings.ToLower(key)] = values
	}
	for _, key := range p.Absent {
		delete(c, strings.ToLower(key))
	}
	if ec2 {
		if r := c["aws:requestedregion"]; len(r) > 0 && p.leavesOpen("ec2:Region") {
			c["ec2:region"] = r
		}
	}
	tagSpellings(c, p.Action)
	return evaluate.Request{Principal: p.Principal, Action: p.Action, Resource: p.Resource, Context: c}
}

// speaker writes the keys that follow from who makes the request.
func (p Probe) speaker(c evaluate.Context, resourceAccount string) {
	switch p.Principal.Type {
	case "":
		return
	case evaluate.AWS:
		c["aws:principalarn"] = []string{p.Principal.ID}
		delete(c, "aws:principalaccount")
		if a, err := arn.Parse(p.Principal.ID); err == nil {
			c["aws:principalaccount"] = []string{a.AccountID}
		}
		return
	}
	delete(c, "aws:principalarn")
	delete(c, "aws:principalaccount")
	delete(c, "aws:principaltype")
	if p.Principal.Type != evaluate.Service {
		return
	}
	c["aws:principalisawsservice"] = []string{"true"}
	c["aws:principalservicename"] = []string{p.Principal.ID}
	delete(c, "aws:sourceip")
	c["aws:sourceaccount"] = []string{resourceAccount}
	if source := p.Context.Values("aws:SourceArn"); len(source) > 0 {
		if a, err := arn.Parse(source[0]); err == nil && arn.IsAccountID(a.AccountID) {
			c["aws:sourceaccount"] = []string{a.AccountID}
		}
	}
}

func (p Probe) leavesOpen(key string) bool {
	for _, absent := range p.Absent {
		if strings.EqualFold(absent, key) {
			return false
		}
	}
	return len(p.Context.Values(key)) == 0
}

// tagSpellings gives a resource's tag the second name that some services know it by.
func tagSpellings(c evaluate.Context, action string) {
	const global = "aws:resourcetag/"
	for _, service := range []string{"ec2", "iam", "secretsmanager", "ssm"} {
		if !hasPrefixFold(action, service+":") {
			continue
		}
		own := service + ":resourcetag/"
		both := service == "ec2" || service == "iam"
		for key, values := range c {
			if tag, ok := strings.CutPrefix(key, global); ok {
				setDefault(c, own+tag, values)
			} else if tag, ok := strings.CutPrefix(key, own); ok && both {
				setDefault(c, global+tag, values)
			}
		}
	}
}

func setDefault(c evaluate.Context, key string, values []string) {
	if _, ok := c[key]; !ok {
		c[key] = values
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
