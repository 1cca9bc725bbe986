package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// conditions says the conditions of a statement within a sentence; empty if it has none.
func (w *writer) conditions(s *policy.Statement) string {
	var all []string
	sc := sceneOf(s)
	for _, c := range s.Conditions {
		phrase := w.condition(c)
		op, err := condition.ParseOperator(c.Operator)
		if err == nil && (op.IfExists || op.Set == condition.ForAllValues) && op.Absent() && w.mayLack(sc, c.Key) {
			phrase += " (or " + w.key(c.Key).presence(c.Key, false) + ")"
		}
		all = append(all, phrase)
	}
	return strings.Join(all, ", and ")
}

// conditionList says each condition with what is written and its traps.
func (w *writer) conditionList(s *policy.Statement) []string {
	var lines []string
	sc := sceneOf(s)
	for _, c := range s.Conditions {
		line := w.condition(c) + " (" + shown(c.Operator) + " " + shown(c.Key) + ")"
		if traps := w.traps(sc, c); len(traps) > 0 {
			line += ". " + strings.Join(traps, ". ") + "."
		}
		lines = append(lines, line)
	}
	return lines
}

// A scene is what the conditions of a statement say together about the requests it is for.
type scene struct {
	effect  policy.Effect
	several bool            // there is more than one condition
	present map[string]bool // keys in lower case that Null demands
	direct  bool            // calls that AWS services make are told apart
}

func sceneOf(s *policy.Statement) scene {
	sc := scene{effect: s.Effect, several: len(s.Conditions) > 1, present: make(map[string]bool)}
	for _, c := range s.Conditions {
		sc.direct = sc.direct ||
			oneOf(c.Key, "aws:ViaAWSService", "aws:PrincipalIsAWSService", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast")
		if strings.EqualFold(c.Operator, "Null") && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "false") {
			sc.present[strings.ToLower(c.Key)] = true
		}
	}
	return sc
}

// mayLack reports whether a request of the scene can lack a key: not if the key is in every
// request, nor if its presence is demanded.
func (w *writer) mayLack(sc scene, key string) bool {
	return w.key(key).absent != "never" && !sc.present[strings.ToLower(key)]
}

// condition says one condition, without traps.
func (w *writer) condition(c policy.Condition) string {
	k := w.key(c.Key)
	op, err := condition.ParseOperator(c.Operator)
	if err != nil {
		return "the unknown operator " + shown(c.Operator) + " holds for " + k.subject + " and " +
			join(w.values(op.Base, keyWords{}, c), "or", w.limit())
	}
	if op.Base == condition.Null {
		return nullPhrase(k, c)
	}
	words := table().operators[op.Base]
	switch op.Set {
	case condition.ForAllValues:
		return "each of " + k.values(c.Key) + " " + w.compared(words, op.Base, k, c)
	case condition.ForAnyValue:
		return "at least one of " + k.values(c.Key) + " " + w.compared(words, op.Base, k, c)
	}
	if phrase, ok := w.own(words, op.Base, k, c); ok {
		return phrase
	}
	return k.subject + " " + w.compared(words, op.Base, k, c)
}

// own says a condition in the key's own words, if it has some for the operator.
func (w *writer) own(words operatorWords, base condition.Base, k keyWords, c policy.Condition) (string, bool) {
	if words.relation != "equal" && words.relation != "fold" || k.is == "" || len(c.Values) == 0 {
		return "", false
	}
	negated := base.Negated()
	template := k.is
	if !strings.Contains(k.is, "{}") {
		v := c.Values[0].Text
		if len(c.Values) != 1 || !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false") {
			return "", false
		}
		negated = negated != strings.EqualFold(v, "false")
	}
	if negated {
		template = k.isNot
	}
	phrase := strings.Replace(template, "{}", join(w.values(base, k, c), "or", w.limit()), 1)
	if words.relation == "fold" {
		phrase += ", in capitals or not"
	}
	return phrase, true
}

// compared says an operator with its values: "is none of a and b".
func (w *writer) compared(words operatorWords, base condition.Base, k keyWords, c policy.Condition) string {
	template := words.one
	if len(c.Values) > 1 {
		template = words.several
	}
	return strings.Replace(template, "{}", join(w.values(base, k, c), "or", w.limit()), 1)
}

func nullPhrase(k keyWords, c policy.Condition) string {
	is := func(want string) bool {
		return slices.ContainsFunc(c.Values, func(v policy.Text) bool { return strings.EqualFold(v.Text, want) })
	}
	switch {
	case is("true") && is("false"):
		return "the request has the key " + shown(c.Key) + " or does not"
	case is("true"):
		return k.presence(c.Key, false)
	case is("false"):
		return k.presence(c.Key, true)
	}
	return "Null compares the presence of " + shown(c.Key) + " with neither true nor false"
}

// values says the values of a condition in the form that the key asks for, those with
// wildcards last: what follows "begins with" must be read with it.
func (w *writer) values(base condition.Base, k keyWords, c policy.Condition) []string {
	var plain, wild []string
	for _, v := range c.Values {
		if base.Wildcards() && wildcard.Contains(v.Text) {
			wild = append(wild, w.value(base, k.form, v.Text))
			continue
		}
		plain = append(plain, w.value(base, k.form, v.Text))
	}
	return append(plain, wild...)
}

func (w *writer) value(base condition.Base, form, v string) string {
	m := masked{text: v}
	if base.Variables() {
		m = w.mask(v)
	}
	if base.Wildcards() && v != "" && strings.Trim(v, "*") == "" {
		return "anything"
	}
	switch form {
	case "service":
		if strings.Contains(v, ".") {
			return w.servicePrincipal(v)
		}
	case "arn":
		if strings.HasPrefix(v, "arn:") {
			thing, place := w.resource(v)
			return w.full(thing+place+" ("+shown(v)+")", thing+place)
		}
	case "principal":
		if strings.HasPrefix(v, "arn:") {
			return w.full(w.awsPrincipal(v)+" ("+shown(v)+")", w.awsPrincipal(v))
		}
	case "seconds":
		return duration(v, 1)
	case "milliseconds":
		return duration(v, 1000)
	}
	switch v {
	case "":
		return "the empty text"
	case "0.0.0.0/0":
		return "any IPv4 address (0.0.0.0/0)"
	case "::/0":
		return "any IPv6 address (::/0)"
	}
	if base.Wildcards() && wildcard.Contains(m.text) {
		return anything(m)
	}
	return m.show(m.text)
}

// anything says what a pattern matches.
func anything(m masked) string {
	inner := strings.Trim(m.text, "*")
	switch {
	case wildcard.Contains(inner):
		return "anything that matches " + m.show(m.text)
	case strings.HasPrefix(m.text, "*") && strings.HasSuffix(m.text, "*"):
		return "anything that contains " + m.show(inner)
	case strings.HasPrefix(m.text, "*"):
		return "anything that ends in " + m.show(inner)
	}
	return "anything that begins with " + m.show(inner)
}

// duration says a number of seconds, or of parts of them, in the largest unit that fits.
func duration(v string, perSecond int) string {
	n, err := strconv.Atoi(v)
	if err != nil || n <= 0 || n%perSecond != 0 {
		return shown(v)
	}
	n /= perSecond
	for _, unit := range []struct {
		seconds int
		name    string
	}{{86400, "day"}, {3600, "hour"}, {60, "minute"}} {
		if n%unit.seconds == 0 {
			return count(n/unit.seconds, unit.name)
		}
	}
	return count(n, "second")
}
