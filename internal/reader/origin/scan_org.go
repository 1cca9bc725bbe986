package origin

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// ScanOrganizations reads the organization, or the part of it, that callers or resources
// belong to.
func (rd *Reading) ScanOrganizations() {
	rd.scanOrgPaths()
	for i := 0; i < len(rd.Tokens); i++ {
		if _, ok := rd.Literal(i, token.OrgLiteral); !ok || rd.Tokens[i].Taken {
			continue
		}
		values, end := rd.literals(i, token.OrgLiteral)
		start := i
		for start > 0 && rd.Free(start-1) && (rd.Word(start-1, "id", "is", "whose", "=", "not") || rd.Punct(start-1, "=")) {
			start--
		}
		m := rd.Mood(start)
		m.Negated = m.Negated != rd.Within(start, i, "not")
		if rd.orgIsTarget(m, i) {
			continue
		}
		to := rd.After(end, &m)
		key := "aws:PrincipalOrgID"
		if rd.aboutResources(m.From) {
			key = "aws:ResourceOrgID"
		}
		rd.Condition(m, to, "organization", intent.Constraint{Key: key, Values: values})
		i = to - 1
	}
}

// orgIsTarget says that an organization id names the thing that is acted on.
func (rd *Reading) orgIsTarget(m Mood, i int) bool {
	if m.Strict || m.Unless || m.Negated || rd.Out.Kind != policy.IdentityBased {
		return false
	}
	if k := rd.BackTo(i, "organization", "organisation", "org", "my", "our", "the", "an", "aws", "id", "with"); k > 0 && rd.Word(k-1, "add", "require", "apply", "set") {
		return false // "add my organization o-…": to add an id is to ask for it
	}
	for j := m.From - 1; j >= 0 && j > m.From-3; j-- {
		if rd.Is("who", j) {
			return false
		}
	}
	return !rd.Within(m.From, i, "belongs", "belong", "belonging", "member", "members", "if", "when", "caller", "callers", "principal", "principals")
}

// aboutResources says that the words before token i speak of resources, not of callers.
func (rd *Reading) aboutResources(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4 && rd.Tokens[j].Kind != token.Punct; j-- {
		if rd.Is("who", j) {
			return false
		}
		if rd.Word(j, "resource", "resources", "buckets", "queues", "topics", "keys", "tables", "functions", "targets", "secrets", "data") {
			return true
		}
	}
	return false
}

// scanOrgPaths reads o-x/r-y/ou-z/ and OU ids.
func (rd *Reading) scanOrgPaths() {
	org := ""
	for i := range rd.Tokens {
		if v, ok := rd.Literal(i, token.OrgLiteral); ok {
			org = v
		}
	}
	var paths []string
	first, last := -1, -1
	for i := range rd.Tokens {
		text := rd.Tokens[i].Text
		_, isOU := rd.Literal(i, token.OULiteral)
		isPath := strings.HasPrefix(text, "o-") && strings.Contains(text, "/")
		if !rd.Free(i) || !isOU && !isPath {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
		switch {
		case strings.HasPrefix(text, "r-") && rd.rootOf("") != "*/" && rd.childOf(text):
			// it is where the unit beside it hangs
		case isPath:
			paths = append(paths, openPath(text))
		case org != "" && !rd.pathNames(text):
			paths = append(paths, org+"/"+rd.rootOf(text)+openPath(text))
		}
	}
	if first < 0 || rd.ouIsTarget(first) {
		return
	}
	m := rd.Mood(rd.BackTo(first, "ou", "ous", "organizational", "unit", "root"))
	if len(paths) == 0 {
		rd.missing(m, last+1, "What is the id of the organization (o-…) that "+rd.Tokens[first].Text+" belongs to?")
		return
	}
	end := rd.Pass(last+1, "or", "and", "below", "under", "its", "children", "beneath", "child", "ous", "it")
	rd.Take("organization path", first, end)
	rd.Condition(m, last+1, "organization path", intent.Constraint{Key: "aws:PrincipalOrgPaths", Set: intent.Any, Values: paths})
	for i := range rd.Tokens {
		if _, ok := rd.Literal(i, token.OrgLiteral); ok {
			rd.Take("organization path", i, i+1)
		}
	}
}

// rootOf returns the root that the request names for its units, or a pattern for any.
func (rd *Reading) rootOf(unit string) string {
	for i := range rd.Tokens {
		if id, ok := rd.Literal(i, token.OULiteral); ok && strings.HasPrefix(id, "r-") && !strings.Contains(id, "/") && !strings.HasPrefix(unit, "r-") {
			return id + "/"
		}
	}
	return "*/"
}

// childOf says that the request names a unit of the root.
func (rd *Reading) childOf(root string) bool {
	return slices.ContainsFunc(rd.Tokens, func(t token.Token) bool {
		return t.Lit.Kind == token.OULiteral && strings.HasPrefix(t.Lit.Value, "ou-"+strings.TrimPrefix(root, "r-")+"-")
	})
}

// pathNames says that a path of the request holds the OU, so that it needs no path of its own.
func (rd *Reading) pathNames(ou string) bool {
	for _, t := range rd.Tokens {
		if strings.HasPrefix(t.Text, "o-") && strings.Contains(t.Text, "/"+ou) {
			return true
		}
	}
	return false
}

func (rd *Reading) ouIsTarget(i int) bool {
	m := rd.Mood(rd.BackTo(i, "ou", "ous"))
	return rd.Out.Kind == policy.ServiceControl || !m.Strict && !m.Lead && rd.Named["organizations"] >= 8
}

// BackTo returns where the words that lead to token i begin.
func (rd *Reading) BackTo(i int, words ...string) int {
	for i > 0 && rd.Free(i-1) && (rd.Word(i-1, words...) || rd.Punct(i-1, ":")) {
		i--
	}
	return i
}

func openPath(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, "*"), "/") + "/*"
}

// ScanAccounts reads the accounts that callers come from or resources must lie in.
func (rd *Reading) ScanAccounts() {
	if rd.Out.Kind == policy.Trust || rd.Out.Kind == policy.ResourceBased {
		return // there an account is a principal
	}
	for i := 0; i < len(rd.Tokens); i++ {
		if _, ok := rd.Literal(i, token.AccountLiteral); !ok {
			continue
		}
		start := i
		for start > 0 && rd.Word(start-1, "account", "accounts", "number", "id") {
			start-- // the settings may have taken them with the number
		}
		m := rd.Mood(start)
		before := m.From - 1
		switch {
		case rd.Within(before, i, "principals", "callers", "caller", "principal", "identities"):
			v, _ := rd.Literal(i, token.AccountLiteral)
			if rd.Out.Account == v {
				rd.Out.Account = "" // it is the callers' account, not that of the resources
			}
			rd.Tokens[i].Taken = false
			values, end := rd.literals(i, token.AccountLiteral)
			if rd.Word(before, "principals", "callers", "caller", "principal", "identities") {
				m.From = before
			}
			rd.Condition(m, end, "account of the caller", intent.Constraint{Key: "aws:PrincipalAccount", Values: values})
			i = end - 1
		case rd.Word(before, "resources", "resource", "owned", "buckets") && (m.Strict || rd.Word(before, "owned") || rd.InSentence(i, "only", "just", "solely")):
			v, _ := rd.Literal(i, token.AccountLiteral)
			rd.Condition(m, i+1, "account of the resources", intent.Constraint{Key: "aws:ResourceAccount", Values: []string{v}})
		}
	}
}

// SettleRegion takes the one region that a request names, without bounding calls by it, as the
// place of its resources.
func (rd *Reading) SettleRegion() {
	region := ""
	for i := range rd.Tokens {
		v, ok := rd.Literal(i, token.RegionLiteral)
		if !ok {
			continue
		}
		m := rd.Mood(i)
		rd.After(i+1, &m)
		if region != "" && region != v || !rd.Tokens[i].Taken && (m.Strict || m.Negated || m.Unless) {
			return
		}
		region = v
	}
	if rd.Out.Region == "" && rd.Out.Kind != policy.ServiceControl {
		rd.Out.Region = region
	}
}

// ScanRegions reads the regions that bound where calls may go.
func (rd *Reading) ScanRegions() {
	if rd.Out.Kind == policy.Trust {
		return
	}
	for i := 0; i < len(rd.Tokens); i++ {
		if _, ok := rd.Literal(i, token.RegionLiteral); !ok || rd.Tokens[i].Taken {
			continue
		}
		values, end := rd.literals(i, token.RegionLiteral)
		m := rd.Mood(i)
		if len(values) == 1 && values[0] == rd.Out.Region && !m.Strict && !m.Negated && !m.Unless {
			rd.Take("region of the resources", i, end)
			continue
		}
		for m.From > 0 && rd.Free(m.From-1) && rd.Word(m.From-1, "other", "than", "anywhere", "else", "besides", "regions", "region") {
			m.Negated = m.Negated != rd.Word(m.From-1, "other", "besides")
			m.From--
		}
		to := rd.After(end, &m)
		if rd.deniesAt(i) && !m.Negated && !m.Unless && rd.Word(to, "may", "can") {
			m.Strict = true
		}
		if m.Negated && !rd.deniesAt(i) && rd.ClauseNegative(m.From) {
			m.Negated = false // "nothing outside", "not in other regions than"
		}
		rd.Condition(m, to, "region", intent.Constraint{Key: "aws:RequestedRegion", Values: values})
		i = to - 1
	}
}

// ClauseNegative says that the words before token i negate its clause.
func (rd *Reading) ClauseNegative(i int) bool {
	n := rd.ClauseOf(i)
	if n < 0 {
		return false
	}
	for j := rd.Clauses[n].From; j < i; j++ {
		if rd.Is("negator", j) {
			return true
		}
	}
	return false
}
