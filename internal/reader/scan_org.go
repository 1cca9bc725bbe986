package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// scanOrganizations reads the organization, or the part of it, that callers or resources
// belong to.
func (rd *reading) scanOrganizations() {
	rd.scanOrgPaths()
	for i := 0; i < len(rd.tokens); i++ {
		if _, ok := rd.literal(i, orgLiteral); !ok || rd.tokens[i].taken {
			continue
		}
		values, end := rd.literals(i, orgLiteral)
		start := i
		for start > 0 && rd.free(start-1) && (rd.word(start-1, "id", "is", "whose", "=", "not") || rd.punct(start-1, "=")) {
			start--
		}
		m := rd.mood(start)
		m.negated = m.negated != rd.within(start, i, "not")
		if rd.orgIsTarget(m, i) {
			continue
		}
		to := rd.after(end, &m)
		key := "aws:PrincipalOrgID"
		if rd.aboutResources(m.from) {
			key = "aws:ResourceOrgID"
		}
		rd.condition(m, to, "organization", intent.Constraint{Key: key, Values: values})
		i = to - 1
	}
}

// orgIsTarget says that an organization id names the thing that is acted on.
func (rd *reading) orgIsTarget(m mood, i int) bool {
	if m.strict || m.unless || m.negated || rd.out.Kind != policy.IdentityBased {
		return false
	}
	if k := rd.backTo(i, "organization", "organisation", "org", "my", "our", "the", "an", "aws", "id", "with"); k > 0 && rd.word(k-1, "add", "require", "apply", "set") {
		return false // "add my organization o-…": to add an id is to ask for it
	}
	for j := m.from - 1; j >= 0 && j > m.from-3; j-- {
		if rd.is("who", j) {
			return false
		}
	}
	return !rd.within(m.from, i, "belongs", "belong", "belonging", "member", "members", "if", "when", "caller", "callers", "principal", "principals")
}

// aboutResources says that the words before token i speak of resources, not of callers.
func (rd *reading) aboutResources(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4 && rd.tokens[j].kind != punctToken; j-- {
		if rd.is("who", j) {
			return false
		}
		if rd.word(j, "resource", "resources", "buckets", "queues", "topics", "keys", "tables", "functions", "targets", "secrets", "data") {
			return true
		}
	}
	return false
}

// scanOrgPaths reads o-x/r-y/ou-z/ and OU ids.
func (rd *reading) scanOrgPaths() {
	org := ""
	for i := range rd.tokens {
		if v, ok := rd.literal(i, orgLiteral); ok {
			org = v
		}
	}
	var paths []string
	first, last := -1, -1
	for i := range rd.tokens {
		text := rd.tokens[i].text
		_, isOU := rd.literal(i, ouLiteral)
		isPath := strings.HasPrefix(text, "o-") && strings.Contains(text, "/")
		if !rd.free(i) || !isOU && !isPath {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
		switch {
		case isPath:
			paths = append(paths, openPath(text))
		case org != "" && !rd.pathNames(text):
			paths = append(paths, org+"/*/"+openPath(text))
		}
	}
	if first < 0 || rd.ouIsTarget(first) {
		return
	}
	m := rd.mood(rd.backTo(first, "ou", "ous", "organizational", "unit", "root"))
	if len(paths) == 0 {
		rd.missing(m, last+1, "What is the id of the organization (o-…) that "+rd.tokens[first].text+" belongs to?")
		return
	}
	end := rd.pass(last+1, "or", "and", "below", "under", "its", "children", "beneath", "child", "ous", "it")
	rd.take("organization path", first, end)
	rd.condition(m, last+1, "organization path", intent.Constraint{Key: "aws:PrincipalOrgPaths", Set: intent.Any, Values: paths})
	for i := range rd.tokens {
		if _, ok := rd.literal(i, orgLiteral); ok {
			rd.take("organization path", i, i+1)
		}
	}
}

// pathNames says that a path of the request holds the OU, so that it needs no path of its own.
func (rd *reading) pathNames(ou string) bool {
	for _, t := range rd.tokens {
		if strings.HasPrefix(t.text, "o-") && strings.Contains(t.text, "/"+ou) {
			return true
		}
	}
	return false
}

func (rd *reading) ouIsTarget(i int) bool {
	m := rd.mood(rd.backTo(i, "ou", "ous"))
	return rd.out.Kind == policy.ServiceControl || !m.strict && !m.lead && rd.named["organizations"] >= 8
}

func (rd *reading) backTo(i int, words ...string) int {
	for i > 0 && rd.free(i-1) && (rd.word(i-1, words...) || rd.punct(i-1, ":")) {
		i--
	}
	return i
}

func openPath(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, "*"), "/") + "/*"
}

// scanAccounts reads the accounts that callers come from or resources must lie in.
func (rd *reading) scanAccounts() {
	if rd.out.Kind == policy.Trust || rd.out.Kind == policy.ResourceBased {
		return // there an account is a principal
	}
	for i := 0; i < len(rd.tokens); i++ {
		if _, ok := rd.literal(i, accountLiteral); !ok {
			continue
		}
		start := i
		for start > 0 && rd.word(start-1, "account", "accounts", "number", "id") {
			start-- // the settings may have taken them with the number
		}
		m := rd.mood(start)
		before := m.from - 1
		switch {
		case rd.within(before, i, "principals", "callers", "caller", "principal", "identities"):
			v, _ := rd.literal(i, accountLiteral)
			if rd.out.Account == v {
				rd.out.Account = "" // it is the callers' account, not that of the resources
			}
			rd.tokens[i].taken = false
			values, end := rd.literals(i, accountLiteral)
			if rd.word(before, "principals", "callers", "caller", "principal", "identities") {
				m.from = before
			}
			rd.condition(m, end, "account of the caller", intent.Constraint{Key: "aws:PrincipalAccount", Values: values})
			i = end - 1
		case rd.word(before, "resources", "resource", "owned", "buckets") && (m.strict || rd.word(before, "owned") || rd.inSentence(i, "only", "just", "solely")):
			v, _ := rd.literal(i, accountLiteral)
			rd.condition(m, i+1, "account of the resources", intent.Constraint{Key: "aws:ResourceAccount", Values: []string{v}})
		}
	}
}

// settleRegion takes the one region that a request names, without bounding calls by it, as the
// place of its resources.
func (rd *reading) settleRegion() {
	region := ""
	for i := range rd.tokens {
		v, ok := rd.literal(i, regionLiteral)
		if !ok {
			continue
		}
		m := rd.mood(i)
		rd.after(i+1, &m)
		if region != "" && region != v || !rd.tokens[i].taken && (m.strict || m.negated || m.unless) {
			return
		}
		region = v
	}
	if rd.out.Region == "" && rd.out.Kind != policy.ServiceControl {
		rd.out.Region = region
	}
}

// scanRegions reads the regions that bound where calls may go.
func (rd *reading) scanRegions() {
	if rd.out.Kind == policy.Trust {
		return
	}
	for i := 0; i < len(rd.tokens); i++ {
		if _, ok := rd.literal(i, regionLiteral); !ok || rd.tokens[i].taken {
			continue
		}
		values, end := rd.literals(i, regionLiteral)
		m := rd.mood(i)
		if len(values) == 1 && values[0] == rd.out.Region && !m.strict && !m.negated && !m.unless {
			rd.take("region of the resources", i, end)
			continue
		}
		for m.from > 0 && rd.free(m.from-1) && rd.word(m.from-1, "other", "than", "anywhere", "else", "besides", "regions", "region") {
			m.negated = m.negated != rd.word(m.from-1, "other", "besides")
			m.from--
		}
		to := rd.after(end, &m)
		if rd.deniesAt(i) && !m.negated && !m.unless && rd.word(to, "may", "can") {
			m.strict = true
		}
		if m.negated && !rd.deniesAt(i) && rd.clauseNegative(m.from) {
			m.negated = false // "nothing outside", "not in other regions than"
		}
		rd.condition(m, to, "region", intent.Constraint{Key: "aws:RequestedRegion", Values: values})
		i = to - 1
	}
}

// clauseNegative says that the words before token i negate its clause.
func (rd *reading) clauseNegative(i int) bool {
	n := rd.clauseOf(i)
	if n < 0 {
		return false
	}
	for j := rd.clause[n].from; j < i; j++ {
		if rd.is("negator", j) {
			return true
		}
	}
	return false
}
