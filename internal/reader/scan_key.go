package reader

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// scanNamedKeys reads condition keys that are written out: (ec2:Encrypted true),
// ec2:MetadataHttpTokens=required, lambda:FunctionArn arn:….
func (rd *reading) scanNamedKeys() {
	for i := 0; i < len(rd.tokens); i++ {
		name := rd.tokens[i].text
		if rd.tokens[i].lit.kind == tagLiteral {
			name = rd.tokens[i].lit.key
		}
		key, ok := rd.keyNamed(name)
		if !ok || !rd.free(i) {
			continue
		}
		var values []string
		end, not := i+1, false
		if rd.tokens[i].lit.kind == tagLiteral {
			values = []string{rd.tokens[i].lit.value}
		} else {
			values, end, not = rd.keyValues(i+1, key)
		}
		if len(values) == 0 {
			rd.keyBehind(i, key)
			continue
		}
		m := rd.mood(i)
		if rd.punct(m.from-1, "(") || m.lead && rd.word(m.from-1, "condition") {
			m.strict = m.strict || rd.inSentence(i, "must", "only", "required", "unless", "without", "w/o", "may")
		}
		m.negated = m.negated != not
		if rd.word(m.from-1, "condition", "key") {
			m.from--
		}
		if rd.punct(m.from-1, "(") && rd.punct(end, ")") {
			m.from, end = m.from-1, end+1
		}
		rd.tokens[i].kind, rd.tokens[i].lit = nameToken, literal{} // not an action, whatever it looks like
		rd.condition(m, end, "condition key", rd.constraintOf(key, choose(strings.Contains(name, ":"), name, key.Name), values))
		i = end - 1
	}
}

// keyBehind reads a key that only says how the value before it is tested: "as long as it lives in
// vpc-0d1c2b3a (ec2:Vpc condition)".
func (rd *reading) keyBehind(i int, key *catalog.Key) {
	for j := i - 1; j >= max(0, i-8) && !rd.punct(j, ".\n"); j-- {
		if rd.tokens[j].kind != entityToken || !rd.free(j) {
			continue
		}
		v, ok := rd.valueFor(j, key, true)
		if !ok {
			return
		}
		m, end := rd.mood(rd.backToIf(j)), i+1
		m.from = min(m.from, rd.mood(j).from)
		end = rd.pass(end, "condition", "key")
		rd.tokens[i].kind, rd.tokens[i].lit = nameToken, literal{}
		rd.condition(m, end, "condition key", rd.constraintOf(key, key.Name, []string{v}))
		return
	}
}

// keyNamed finds the condition key of a name, unless the name is that of an action.
func (rd *reading) keyNamed(name string) (*catalog.Key, bool) {
	if strings.HasPrefix(strings.ToLower(name), "x-amz-") {
		name = "s3:" + name
	}
	if camelCase(name) {
		for _, prefix := range append([]string{"aws"}, sortedKeys(rd.strong())...) {
			if key, ok := rd.Catalog.Key(prefix + ":" + name); ok && key.Name == prefix+":"+name {
				return key, true
			}
		}
	}
	if !strings.Contains(name, ":") || strings.HasPrefix(name, "arn:") || strings.HasPrefix(name, "${") || strings.ContainsAny(name, "*? ") {
		return nil, false
	}
	key, ok := rd.Catalog.Key(name)
	if !ok || len(rd.Catalog.Expand(name)) > 0 {
		return nil, false
	}
	return key, true
}

// constraintOf makes the constraint of a key and its values by the type of the key.
func (rd *reading) constraintOf(key *catalog.Key, name string, values []string) intent.Constraint {
	c := intent.Constraint{Key: name, Values: values}
	if !strings.Contains(key.Name, "${") {
		c.Key = key.Name
	}
	if key.Type.Multi {
		c.Set = intent.Any
		if rd.Lexicon.Is("bounding", strings.ToLower(key.Name)) {
			c.Set = intent.All
		}
	}
	if key.Type.Base == catalog.Date {
		c.Test = intent.LessOrEqual
	}
	return c
}

// keyValues reads the values of a key at token i: "is x", "= x or y", "starting with x".
func (rd *reading) keyValues(i int, key *catalog.Key) (values []string, end int, not bool) {
	j, before, after, told := i, "", "", false
	for j < len(rd.tokens) && rd.free(j) && (rd.punct(j, "=:") || rd.is("equals", j) || rd.is("key-says", j) || rd.word(j, "like", "policy", "header", "starting", "starts", "beginning", "begins", "with", "under", "below", "ending", "containing", "prefix", "from", "for")) {
		told = told || rd.punct(j, "=:") || rd.word(j, "is", "are", "be", "equals", "equal", "named", "called", "must", "only", "like", "set", "matching", "one")
		switch {
		case rd.word(j, "not", "isnt"):
			not = true
		case rd.word(j, "starting", "starts", "beginning", "begins", "under", "below", "prefix"):
			after = "*"
		case rd.word(j, "ending"):
			before = "*"
		case rd.word(j, "containing"):
			before, after = "*", "*"
		}
		j++
	}
	name := key.Name[strings.Index(key.Name, ":")+1:]
	if v, to, ok := rd.variable(j, strings.TrimPrefix(name, "ResourceTag/")); ok {
		return []string{v}, to, not
	}
	for rd.valueAt(j) {
		v, ok := rd.valueFor(j, key, told || len(values) > 0)
		if !ok {
			break
		}
		k := j + 1
		for rd.punct(k, "+") && k+1 < len(rd.tokens) && rd.tokens[k].start == rd.tokens[k-1].end && rd.tokens[k+1].start == rd.tokens[k].end && rd.properCase(j) {
			k += 2 // Acme/Checkout is one name
			v = rd.text[rd.tokens[j].start:rd.tokens[k-1].end]
		}
		values, end = append(values, before+v+after), k
		j = end
		for rd.punct(j, ",+") || rd.word(j, "or", "and", "/", "nor") {
			j++
		}
		if j == end || rd.tokens[j-1].text == "," && rd.isVerbHere(min(j, len(rd.tokens)-1)) {
			break
		}
	}
	return values, end, not
}

// valueFor returns the value that token i gives a key of this type. A word of everyday English
// is one only if something introduces it.
func (rd *reading) valueFor(i int, key *catalog.Key, introduced bool) (string, bool) {
	t := rd.tokens[i]
	value := t.text
	if t.kind == entityToken {
		value = t.lit.value
		if t.lit.kind == tagLiteral {
			return "", false
		}
	}
	switch key.Type.Base {
	case catalog.Numeric:
		n := strings.TrimRight(strings.ToLower(value), "gibmt")
		_, err := strconv.ParseFloat(n, 64)
		return n, err == nil
	case catalog.Bool:
		return t.lower, t.lower == "true" || t.lower == "false"
	case catalog.ARN:
		if strings.HasPrefix(value, "arn:") {
			return value, true
		}
		if t.kind != wordToken || introduced || rd.properCase(i) {
			return rd.arnFor(key, value)
		}
		return "", false
	case catalog.IPAddress:
		return value, t.lit.kind == addressLiteral
	}
	if t.kind == entityToken && t.lit.kind == regionLiteral && !strings.Contains(key.Name, "egion") {
		return "", false
	}
	if t.kind == wordToken && !introduced && !rd.properCase(i) && t.text != strings.ToUpper(t.text) {
		return "", false
	}
	return value, !rd.isVerbHere(i) || t.kind != wordToken
}

// arnFor writes the ARN of the resource that a key such as ecs:cluster or iam:PolicyARN names.
func (rd *reading) arnFor(key *catalog.Key, name string) (string, bool) {
	prefix, local, _ := strings.Cut(key.Name, ":")
	service, ok := rd.Catalog.Service(prefix)
	if !ok {
		return "", false
	}
	want := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(local, "Arn"), "ARN"))
	if local == "PermissionsBoundary" {
		want = "policy"
	}
	for _, r := range service.Resources {
		if strings.ReplaceAll(strings.ToLower(r.Name), "-", "") != want || len(r.ARNs) == 0 {
			continue
		}
		vars := catalog.ARNVariables(r.ARNs[0])
		out := strings.NewReplacer("${Partition}", cmp.Or(rd.out.Partition, "aws"), "${Region}", cmp.Or(rd.out.Region, "*"), "${Account}", cmp.Or(rd.out.Account, "*")).Replace(r.ARNs[0])
		if want == "policy" && rd.awsManaged(name) {
			out = "arn:" + cmp.Or(rd.out.Partition, "aws") + ":iam::aws:policy/${" + vars[len(vars)-1] + "}"
		}
		for k, v := range vars {
			out = strings.ReplaceAll(out, "${"+v+"}", choose(k == len(vars)-1, name, "*"))
		}
		return out, true
	}
	return "", false
}

// awsManaged says that the request calls the policy one that AWS manages.
func (rd *reading) awsManaged(name string) bool {
	for i := range rd.tokens {
		if rd.tokens[i].text == name {
			return rd.within(i-4, i, "aws", "aws-managed", "amazon")
		}
	}
	return false
}

// scanServiceKeys reads keys of services by the phrases the lexicon knows them by.
func (rd *reading) scanServiceKeys() {
	rd.keyAlias()
	rd.records()
	for _, l := range rd.links {
		if !rd.free(l.from) {
			continue
		}
		if e, ok := rd.keyOf(l); ok {
			rd.serviceKey(l, e)
		}
	}
	rd.mailSender()
	rd.managedPolicies()
	rd.metadataTokens()
}

// keyOf returns the condition key that a link names: of the service the request speaks about
// most, and only if the phrase is no noun of a service that it speaks about as much.
func (rd *reading) keyOf(l link) (lexicon.Entry, bool) {
	var best lexicon.Entry
	score, noun := 0.0, 0.0
	for _, e := range l.entries {
		w := rd.named[e.Service]
		switch {
		case e.Kind == lexicon.Key && w > score:
			best, score = e, w
		case e.Kind == lexicon.Noun || e.Kind == lexicon.Name:
			noun = max(noun, w)
		}
	}
	if l.to == l.from+1 && rd.is("preposition", l.from) && !rd.is("article", l.from-1) && !rd.properCase(l.from) {
		return best, false
	}
	return best, score >= 1 && (noun < score || noun == score && len(best.Words) > 1)
}

func (rd *reading) serviceKey(l link, e lexicon.Entry) {
	name := catalog.KeyName(e.Type)
	key, ok := rd.Catalog.Key(name)
	if !ok || strings.Contains(name, "${") {
		return
	}
	m := rd.mood(rd.backOverSetter(l.from))
	test := intent.Is
	if key.Type.Base == catalog.Numeric {
		test = rd.numericTest(&m, l)
	}
	start := l.to
	for key.Type.Base == catalog.Numeric && (rd.is("bounds", start) || rd.word(start, "than", "is", "of")) {
		start++
	}
	values, end, not := rd.keyValues(start, key)
	if rd.valueAt(start) && len(values) == 0 && m.strict && key.Type.Base == catalog.String && !rd.isVerbHere(start) && rd.ends(start+1) {
		values, end = []string{rd.at(start)}, start+1
	}
	if len(values) == 0 {
		values, end, m = rd.valueBefore(l, key, m)
	}
	if len(values) == 0 && key.Type.Base == catalog.Bool && (m.strict || m.unless || m.negated) {
		values, end = []string{"true"}, l.to
	}
	if len(values) == 0 || len(l.entries[0].Words) == 1 && !rd.introduced(l.to, end, m) {
		return
	}
	c := rd.constraintOf(key, key.Name, values)
	c.Test = test
	m.negated = m.negated != not
	end = rd.after(rd.pass(end, "gib", "gb", "mb", "tib", "seconds", "days"), &m)
	if rd.word(end, "is", "gets") && rd.word(end+1, "attached", "set", "given", "used") {
		end = rd.pass(end+2, "at", "on", "creation", "when", "creating")
	}
	rd.condition(m, end, "condition key", c)
}

// backOverSetter passes "they attach the" and "the request sets" in front of token i.
func (rd *reading) backOverSetter(i int) int {
	j := i
	for j > 0 && rd.is("article", j-1) {
		j--
	}
	if j > 1 && rd.is("tag-verb", j-1) && rd.word(j-2, "request", "requests", "call", "must", "they", "it") {
		return j - 1
	}
	return i
}

// valueBefore reads a value in front of the phrase of a key: "only with the https protocol".
func (rd *reading) valueBefore(l link, key *catalog.Key, m mood) ([]string, int, mood) {
	i := l.from - 1
	if !rd.valueAt(i) || key.Type.Base != catalog.String || rd.is("lead", i) || rd.is("strict", i) || rd.Lexicon.Is("adjective", rd.at(i)) || rd.isVerbHere(i) {
		return nil, 0, m
	}
	before := rd.mood(i)
	if !before.strict && !before.negated && !before.unless {
		return nil, 0, m
	}
	return []string{rd.tokens[i].text}, l.to, before
}

// introduced says that the value of a key whose phrase is one word is clearly meant for it.
func (rd *reading) introduced(from, end int, m mood) bool {
	if m.strict || m.unless || m.negated || end-from > 1 {
		return true
	}
	t := rd.tokens[from]
	return t.kind != wordToken || t.quote || rd.properCase(from)
}

// numericTest reads "max", "at least", "up to" around a key with numbers.
func (rd *reading) numericTest(m *mood, l link) intent.Test {
	for j := l.from - 3; j < l.to+5; j++ {
		switch {
		case rd.word(j, "max", "maximum", "most", "up", "more", "larger", "exceed", "bigger", "greater"):
			m.from = min(m.from, max(j, 0))
			return intent.LessOrEqual
		case rd.word(j, "min", "minimum", "least"):
			m.from = min(m.from, max(j, 0))
			return intent.GreaterOrEqual
		case rd.word(j, "less", "under", "below", "smaller"):
			return intent.Less
		}
	}
	return intent.Is
}
