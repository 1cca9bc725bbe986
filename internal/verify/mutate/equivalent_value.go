package mutate

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/sample"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// conditionDropped says why a condition can go.
func (m *mutator) conditionDropped(i int) string {
	cs := m.statement().Conditions
	c := &cs[i]
	if c.Operator != "Null" || len(c.Values) != 1 || !strings.EqualFold(c.Values[0].Text, "false") {
		return ""
	}
	for j := range cs {
		if j != i && strings.EqualFold(cs[j].Key, c.Key) && needsKey(cs[j].Operator) {
			return "another condition needs the key already"
		}
	}
	return ""
}

// needsKey says that an operator never holds for a request without the key.
func needsKey(operator string) bool {
	return !strings.Contains(operator, "Not") && !strings.HasSuffix(operator, "IfExists") &&
		!strings.HasPrefix(operator, "ForAllValues:") && operator != "Null"
}

// ifExists says why a condition may hold without its key.
func (m *mutator) ifExists(i int) string {
	cs := m.statement().Conditions
	c := &cs[i]
	if !needsKey(c.Operator) && !strings.HasPrefix(c.Operator, "ForAnyValue:") {
		return "the operator holds without the key as it is"
	}
	for j := range cs {
		same := j != i && strings.EqualFold(cs[j].Key, c.Key)
		if same && (needsKey(cs[j].Operator) || cs[j].Operator == "Null" && slices.ContainsFunc(cs[j].Values, isFalse)) {
			return "another condition needs the key"
		}
	}
	return ""
}

func isFalse(t policy.Text) bool { return strings.EqualFold(t.Text, "false") }

// valueCovered says why a value of a condition can go: another one holds wherever it does.
func valueCovered(c *policy.Condition, i int) string {
	for j := range c.Values {
		if j != i && holdsWherever(c, c.Values[j].Text, c.Values[i].Text) {
			return "another value of the condition covers it"
		}
	}
	return ""
}

// holdsWherever says whether a value matches all that another one matches.
func holdsWherever(c *policy.Condition, wide, part string) bool {
	if strings.Contains(c.Operator, "IpAddress") {
		w, ok1 := sample.Network(wide)
		p, ok2 := sample.Network(part)
		return ok1 && ok2 && w.Bits() <= p.Bits() && w.Contains(p.Addr())
	}
	return strings.Contains(c.Operator, "Like") && wildcard.Match(wide, part)
}

// valueReplaced says why a value of a condition can be another one.
func (m *mutator) valueReplaced(i int, v variant) string {
	c := &m.statement().Conditions[i]
	for k := range c.Values {
		if holdsWherever(c, c.Values[k].Text, v.value) && v.how == widened {
			return "another value of the condition covers it"
		}
	}
	return ""
}
