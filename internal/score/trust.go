package score

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Whom the questions are about beside those whom documents name, so that everybody is worse than
// anybody in particular.
const (
	anyService  = "events.amazonaws.com"
	anyProvider = "arn:aws:iam::" + strangerAccount + ":oidc-provider/token.actions.githubusercontent.com"
)

// outside returns the conditions of requests by strangers: what a caller or its account chooses, such
// as an external ID, a tag of its own or its own second factor, keeps nobody out.
func (q *inquiry) outside() []policy.Condition {
	var out []policy.Condition
	for _, m := range q.keys() {
		chosen := strings.HasPrefix(m.lower, "aws:multifactor") || strings.HasPrefix(m.lower, "aws:principaltag/") || m.lower == "aws:principaltype"
		tag := strings.Contains(m.lower, "resourcetag/") || strings.Contains(m.lower, "objecttag/")
		if tag || facts.TellsWho(m.lower) && !chosen {
			out = append(out, q.strange(m)...)
		}
	}
	return out
}

// of returns the conditions of requests of a principal of which only its account and ARN are known.
func (q *inquiry) of(account, principal string) []policy.Condition {
	return append(q.nobody("aws:principalaccount", "aws:principalarn"),
		where("StringEqualsIfExists", "aws:PrincipalAccount", account),
		where("StringEqualsIfExists", "aws:PrincipalArn", principal))
}

func roleOf(account string) string { return "arn:aws:iam::" + account + ":role/" + strangerName }

func (q *inquiry) targets(action string) []Target {
	a, ok := q.scorer.Catalog.Action(action)
	if !ok {
		return nil
	}
	return []Target{{Action: a}}
}

func publicTrust(q *inquiry) verdict {
	answer := q.oracle.Find(Query{Targets: q.targets("sts:AssumeRole"), PrincipalType: "AWS", Principal: strangerAccount, Where: q.outside()})
	return verdict{answer: answer, fix: places(answer) + "name who may assume the role in Principal instead of \"*\""}
}

// accounts returns the accounts that documents are about, and one that they are not about.
func (q *inquiry) accounts() []string {
	out := q.accountsNamed()
	for _, d := range q.documents {
		for i := range d.Statements {
			for _, c := range d.Statements[i].Conditions {
				for _, v := range c.Values {
					if strings.EqualFold(c.Key, "aws:PrincipalAccount") && arn.IsAccountID(v.Text) {
						out = append(out, v.Text)
					}
				}
			}
		}
	}
	slices.Sort(out)
	return append(slices.Compact(out), strangerAccount)
}

// wholeAccounts asks for a principal that nobody has named of each account that is not left out.
func (q *inquiry) wholeAccounts(targets []Target, skip []string, fix string) verdict {
	var asks []func() verdict
	for _, account := range q.accounts() {
		if contains(skip, account) {
			continue
		}
		asks = append(asks, func() verdict {
			answer := q.oracle.Find(Query{
				Targets: targets, PrincipalType: "AWS", Principal: roleOf(account), Where: q.of(account, roleOf(account)),
			})
			return verdict{answer: answer, fix: places(answer) + fmt.Sprintf(fix, account)}
		})
	}
	return first(asks...)
}

func accountTrust(q *inquiry) verdict {
	return q.wholeAccounts(q.targets("sts:AssumeRole"), nil, "name the roles or users of account %s instead of the whole of it, "+
		"or add a condition such as \"ArnLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::ACCOUNT:role/NAME\"}")
}

const tellAccounts = "say which accounts are your own with --account"

func partnerTrust(q *inquiry) verdict {
	ids := append(q.identifiers("AWS"), roleOf(strangerAccount))
	var asks []func() verdict
	for _, id := range ids {
		account := id
		if a, err := arn.Parse(id); err == nil {
			account = a.AccountID
		} else {
			id = roleOf(account)
		}
		if !arn.IsAccountID(account) || contains(q.scorer.Accounts, account) {
			continue
		}
		asks = append(asks, func() verdict {
			answer := q.oracle.Find(Query{Targets: q.targets("sts:AssumeRole"), PrincipalType: "AWS", Principal: id, Where: q.of(account, id)})
			return verdict{answer: answer, fix: places(answer) + "add \"StringEquals\": {\"sts:ExternalId\": \"ID\"} for the third party of account " + account +
				", or \"aws:PrincipalOrgID\" for an account of your organization"}
		})
	}
	if len(q.scorer.Accounts) == 0 && len(asks) > 1 {
		return verdict{unassessed: tellAccounts}
	}
	return first(asks...)
}

// deputies asks for each service that acts on behalf of others, without a source.
func (q *inquiry) deputies(targets []Target) verdict {
	var asks []func() verdict
	for _, service := range append(q.identifiers("Service"), anyService) {
		if !facts.ActsForOthers(service) {
			continue
		}
		asks = append(asks, func() verdict {
			answer := q.oracle.Find(Query{Targets: targets, PrincipalType: "Service", Principal: service, Where: q.nobody()})
			return verdict{answer: answer, fix: places(answer) + "say for whom " + service + " may act: \"StringEquals\": {\"aws:SourceAccount\": \"ACCOUNT\"}, " +
				"or \"ArnLike\": {\"aws:SourceArn\": \"ARN\"} for one resource"}
		})
	}
	return first(asks...)
}

func deputyTrust(q *inquiry) verdict { return q.deputies(q.targets("sts:AssumeRole")) }

// tokens asks for a token of each identity provider of OpenID Connect.
func (q *inquiry) tokens(conditions func(facts.Provider) ([]policy.Condition, bool), fix func(facts.Provider) string) verdict {
	var asks []func() verdict
	for _, id := range append(q.identifiers("Federated"), anyProvider) {
		provider, ok := facts.ProviderOf(id)
		if !ok {
			continue
		}
		where, ok := conditions(provider)
		if !ok {
			continue
		}
		asks = append(asks, func() verdict {
			answer := q.oracle.Find(Query{Targets: q.targets("sts:AssumeRoleWithWebIdentity"), PrincipalType: "Federated", Principal: id, Where: where})
			return verdict{answer: answer, fix: places(answer) + fix(provider)}
		})
	}
	return first(asks...)
}

func subjectTrust(q *inquiry) verdict {
	return q.tokens(func(p facts.Provider) ([]policy.Condition, bool) {
		if p.Stranger == "" {
			return q.nobody(), true // how its subjects look is not known: nothing may be asked at all
		}
		sub := strings.ToLower(p.Host + ":sub")
		return append(q.nobody(sub, strings.ToLower(p.Host+":aud")), where("StringEqualsIfExists", p.Host+":sub", p.Stranger)), true
	}, func(p facts.Provider) string {
		if p.Example == "" {
			return "ask for " + p.Host + ":sub or another claim that only the tokens have that are meant"
		}
		return "add \"StringEquals\": {\"" + p.Host + ":sub\": \"" + p.Example + "\"}"
	})
}

func audienceTrust(q *inquiry) verdict {
	return q.tokens(func(p facts.Provider) ([]policy.Condition, bool) {
		return []policy.Condition{where("StringEqualsIfExists", p.Host+":aud", strangerName+".example")}, p.Stranger != ""
	}, func(p facts.Provider) string {
		return "add \"StringEquals\": {\"" + p.Host + ":aud\": \"sts.amazonaws.com\"}"
	})
}

func publicResource(q *inquiry) verdict {
	answer := q.oracle.Find(Query{PrincipalType: "AWS", Principal: strangerAccount, Where: q.outside()})
	return verdict{answer: answer, fix: places(answer) + "name who has access in Principal instead of \"*\", or add a condition that strangers cannot meet, " +
		"such as \"StringEquals\": {\"aws:PrincipalOrgID\": \"o-ID\"}"}
}

func accountResource(q *inquiry) verdict {
	if len(q.scorer.Accounts) == 0 {
		return verdict{unassessed: tellAccounts}
	}
	return q.wholeAccounts(nil, q.scorer.Accounts, "name the roles of account %s that need access instead of the whole of it")
}

func deputyResource(q *inquiry) verdict { return q.deputies(nil) }
