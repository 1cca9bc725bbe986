package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// conditionWords are everyday words for condition keys.
var conditionWords = map[string][]string{
	"mfa": {"aws:multifactor"}, "2fa": {"aws:multifactor"}, "ip": {"aws:sourceip", "aws:vpcsourceip", "aws:viaawsservice"}, "ips": {"aws:sourceip", "aws:vpcsourceip", "aws:viaawsservice"},
	"cidr": {"aws:sourceip", "aws:vpcsourceip"}, "address": {"aws:sourceip", "aws:vpcsourceip"}, "addresses": {"aws:sourceip"}, "network": {"aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc"},
	"office": {"aws:sourceip"}, "vpn": {"aws:sourceip"}, "vpc": {"aws:sourcevpc"}, "vpce": {"aws:sourcevpce"}, "endpoint": {"aws:sourcevpce"}, "region": {"aws:requestedregion"}, "regions": {"aws:requestedregion"}, "regional": {"aws:requestedregion"},
	"tag": {"aws:resourcetag", "aws:requesttag", "aws:principaltag", "aws:tagkeys", "ec2:resourcetag"}, "tags": {"aws:resourcetag", "aws:requesttag", "aws:principaltag", "aws:tagkeys"}, "expiry": {"aws:currenttime"}, "expiration": {"aws:currenttime"},
	"date": {"aws:currenttime"}, "dates": {"aws:currenttime"}, "time": {"aws:currenttime"}, "deadline": {"aws:currenttime"}, "window": {"aws:currenttime"}, "tls": {"aws:securetransport", "s3:tlsversion"}, "https": {"aws:securetransport"}, "ssl": {"aws:securetransport"},
	"org": {"aws:principalorg", "aws:resourceorg"}, "organization": {"aws:principalorg", "aws:resourceorg"}, "organisation": {"aws:principalorg"}, "external": {"sts:externalid"}, "externalid": {"sts:externalid"}, "encryption": {"s3:x-amz-server-side-encryption"}, "exemption": {"aws:principalarn", "aws:principalaccount"},
}

func (f *followup) dropConditions(names []int) bool {
	var keys []string
	tokens := []int{}
	for i := range f.Tokens {
		if f.Tokens[i].Kind != token.Word && !f.Word(i, "mfa") {
			continue
		}
		if k, ok := conditionWords[f.Tokens[i].Lower]; ok && !(f.Word(i, "tag", "tags") && f.hasVerb(0, len(f.Tokens))) {
			keys = append(keys, k...)
			tokens = append(tokens, i)
		}
	}
	drop := func(c intent.Constraint) bool {
		for _, k := range keys {
			if strings.HasPrefix(strings.ToLower(c.Key), k) {
				return true
			}
		}
		return len(keys) == 0 && f.speaksOf(c.Key)
	}
	if f.e.in.DropConstraints(drop) > 0 {
		for _, i := range tokens {
			f.Take("condition", i, i+1)
		}
		f.e.did("removed the condition")
		return true
	}
	if f.dropValues(names) {
		return true
	}
	return f.dropOnlyCondition(names)
}

// dropValues removes the values of conditions that are named: "not us-east-1 any more".
func (f *followup) dropValues(names []int) bool {
	done := false
	for _, i := range names {
		v := f.valueOf(i)
		for g := range f.e.in.Grants {
			w := &f.e.in.Grants[g].Where
			for j := range *w {
				before := len((*w)[j].Values)
				(*w)[j].Values = slices.DeleteFunc((*w)[j].Values, func(x string) bool { return strings.EqualFold(x, v) || strings.HasSuffix(x, "/"+v) })
				done = done || len((*w)[j].Values) < before
			}
			*w = slices.DeleteFunc(*w, func(c intent.Constraint) bool {
				return len(c.Values) == 0 && c.Test != intent.Exists && c.Test != intent.Absent
			})
		}
		if done {
			f.e.did("removed " + v)
		}
	}
	return done
}

// dropOnlyCondition reads "remove the restriction", where there is only one.
func (f *followup) dropOnlyCondition(names []int) bool {
	if !f.has("condition", "conditions", "restriction", "restrictions", "requirement", "limitation", "limit", "constraint", "check") || f.verbs() > 0 {
		return false
	}
	if len(names) > 0 {
		return f.dropPrefix(names)
	}
	var keys []string
	for _, g := range f.e.in.Grants {
		for _, c := range g.Where {
			if !slices.Contains(keys, c.Key) && c.Key != "iam:PassedToService" {
				keys = append(keys, c.Key)
			}
		}
	}
	if len(keys) > 1 && !f.has("all", "conditions", "restrictions", "every", "any") {
		f.e.ask(f.all(), "Which condition shall be taken away?", keys...)
		return true
	}
	if f.e.in.DropConstraints(func(c intent.Constraint) bool { return slices.Contains(keys, c.Key) }) == 0 {
		return false
	}
	f.e.did("removed the condition on " + strings.Join(keys, ", "))
	return true
}

// dropPrefix reads "remove the restriction to season-9/": the bucket stays, its part goes.
func (f *followup) dropPrefix(names []int) bool {
	if f.restoreTargets(names) {
		return true
	}
	done := false
	for _, i := range names {
		for g := range f.e.in.Grants {
			joinBuckets(&f.e.in.Grants[g])
			for j := range f.e.in.Grants[g].Targets {
				t := &f.e.in.Grants[g].Targets[j]
				if t.Type == "object" && t.Vars["BucketName"] != "" && strings.HasPrefix(t.Vars["ObjectName"], strings.TrimRight(f.valueOf(i), "/*")) {
					delete(t.Vars, "ObjectName")
					t.Type, done = "bucket", true
				}
			}
		}
	}
	if done {
		f.e.did("the whole bucket again")
	}
	return done
}

// restoreTargets brings back the resources that grants had before a name limited them.
func (f *followup) restoreTargets(names []int) bool {
	limited := func(in intent.Intent) bool {
		return slices.ContainsFunc(in.Grants, func(g intent.Grant) bool {
			return slices.ContainsFunc(names, func(i int) bool { return namesTarget(g, strings.TrimRight(f.valueOf(i), "/*")) })
		})
	}
	for n := f.e.talk.Turns[f.e.from].From; n >= 0; n = f.e.talk.Turns[n].From {
		earlier := f.e.talk.Turns[n].Intent
		if limited(earlier) {
			continue
		}
		for i := range f.e.in.Grants {
			g := &f.e.in.Grants[i]
			for _, old := range earlier.Grants {
				if old.Span == g.Span && len(old.Actions) > 0 && len(g.Actions) > 0 && old.Actions[0].Name == g.Actions[0].Name {
					g.Targets = old.Clone().Targets
				}
			}
		}
		f.Use(0, len(f.Tokens))
		f.e.did("lifted the limit on the resources")
		return true
	}
	return false
}
