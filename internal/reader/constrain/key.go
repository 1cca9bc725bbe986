package constrain

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/origin"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// scanNamedKeys reads condition keys that are written out: (ec2:Encrypted true),
// ec2:MetadataHttpTokens=required, lambda:FunctionArn arn:….
func (rd *Reading) scanNamedKeys() {
	for i := 0; i < len(rd.Tokens); i++ {
		name := rd.Tokens[i].Text
		if rd.Tokens[i].Lit.Kind == token.TagLiteral {
			name = rd.Tokens[i].Lit.Key
		}
		key, ok := rd.keyNamed(name)
		if !ok || !rd.Free(i) {
			continue
		}
		var values []string
		end, not := i+1, false
		if rd.Tokens[i].Lit.Kind == token.TagLiteral {
			values = []string{rd.Tokens[i].Lit.Value}
		} else {
			values, end, not = rd.keyValues(i+1, key)
		}
		if len(values) == 0 {
			rd.keyBehind(i, key)
			continue
		}
		m := rd.Mood(i)
		if rd.Punct(m.From-1, "(") || m.Lead && rd.Word(m.From-1, "condition") {
			m.Strict = m.Strict || rd.InSentence(i, "must", "only", "required", "unless", "without", "w/o", "may")
		}
		m.Negated = m.Negated != not
		if rd.Word(m.From-1, "condition", "key") {
			m.From--
		}
		if rd.Punct(m.From-1, "(") && rd.Punct(end, ")") {
			m.From, end = m.From-1, end+1
		}
		rd.Tokens[i].Kind, rd.Tokens[i].Lit = token.Name, token.Literal{} // not an action, whatever it looks like
		rd.Condition(m, end, "condition key", rd.constraintOf(key, origin.Choose(strings.Contains(name, ":"), name, key.Name), values))
		i = end - 1
	}
}

// keyBehind reads a key that only says how the value before it is tested: "as long as it lives in
// vpc-0d1c2b3a (ec2:Vpc condition)".
func (rd *Reading) keyBehind(i int, key *catalog.Key) {
	for j := i - 1; j >= max(0, i-8) && !rd.Punct(j, ".\n"); j-- {
		if rd.Tokens[j].Kind != token.Entity || !rd.Free(j) {
			continue
		}
		v, ok := rd.valueFor(j, key, true)
		if !ok {
			return
		}
		m, end := rd.Mood(rd.backToIf(j)), i+1
		m.From = min(m.From, rd.Mood(j).From)
		end = rd.Pass(end, "condition", "key")
		rd.Tokens[i].Kind, rd.Tokens[i].Lit = token.Name, token.Literal{}
		rd.Condition(m, end, "condition key", rd.constraintOf(key, key.Name, []string{v}))
		return
	}
}

// keyNamed finds the condition key of a name, unless the name is that of an action.
func (rd *Reading) keyNamed(name string) (*catalog.Key, bool) {
	if strings.HasPrefix(strings.ToLower(name), "x-amz-") {
		name = "s3:" + name
	}
	if object.CamelCase(name) {
		for _, prefix := range append([]string{"aws"}, sentence.SortedKeys(rd.Strong())...) {
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
func (rd *Reading) constraintOf(key *catalog.Key, name string, values []string) intent.Constraint {
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
func (rd *Reading) keyValues(i int, key *catalog.Key) (values []string, end int, not bool) {
	j, before, after, told := i, "", "", false
	for j < len(rd.Tokens) && rd.Free(j) && (rd.Punct(j, "=:") || rd.Is("equals", j) || rd.Is("key-says", j) || rd.Word(j, "like", "policy", "header", "starting", "starts", "beginning", "begins", "with", "under", "below", "ending", "containing", "prefix", "from", "for")) {
		told = told || rd.Punct(j, "=:") || rd.Word(j, "is", "are", "be", "equals", "equal", "named", "called", "must", "only", "like", "set", "matching", "one")
		switch {
		case rd.Word(j, "not", "isnt"):
			not = true
		case rd.Word(j, "starting", "starts", "beginning", "begins", "under", "below", "prefix"):
			after = "*"
		case rd.Word(j, "ending"):
			before = "*"
		case rd.Word(j, "containing"):
			before, after = "*", "*"
		}
		j++
	}
	name := key.Name[strings.Index(key.Name, ":")+1:]
	if v, to, ok := rd.Variable(j, strings.TrimPrefix(name, "ResourceTag/")); ok {
		return []string{v}, to, not
	}
	for rd.valueAt(j) {
		v, ok := rd.valueFor(j, key, told || len(values) > 0)
		if !ok {
			break
		}
		k := j + 1
		for rd.Punct(k, "+") && k+1 < len(rd.Tokens) && rd.Tokens[k].Start == rd.Tokens[k-1].End && rd.Tokens[k+1].Start == rd.Tokens[k].End && rd.ProperCase(j) {
			k += 2 // Acme/Checkout is one name
			v = rd.Text[rd.Tokens[j].Start:rd.Tokens[k-1].End]
		}
		values, end = append(values, before+v+after), k
		j = end
		for rd.Punct(j, ",+") || rd.Word(j, "or", "and", "/", "nor") {
			j++
		}
		if j == end || rd.Tokens[j-1].Text == "," && rd.IsVerbHere(min(j, len(rd.Tokens)-1)) {
			break
		}
	}
	return values, end, not
}

// foreignARN says that an ARN is of another service than the one in a key's own name: the ARN of a
// secret is no RotationLambdaARN.
func (rd *Reading) foreignARN(arn string, key *catalog.Key) bool {
	_, name, _ := strings.Cut(key.Name, ":")
	for _, w := range catalog.Words(name) {
		if s, ok := rd.Catalog.Service(w); ok {
			return s.Prefix != sentence.ServiceOfARN(arn)
		}
	}
	return false
}

// valueFor returns the value that token i gives a key of this type. A word of everyday English
// is one only if something introduces it.
func (rd *Reading) valueFor(i int, key *catalog.Key, introduced bool) (string, bool) {
	t := rd.Tokens[i]
	value := t.Text
	if t.Kind == token.Entity {
		value = t.Lit.Value
		if t.Lit.Kind == token.TagLiteral || t.Lit.Kind == token.ARNLiteral && rd.foreignARN(value, key) {
			return "", false
		}
	}
	switch key.Type.Base {
	case catalog.Numeric:
		n := strings.TrimRight(strings.ToLower(value), "gibmt")
		_, err := strconv.ParseFloat(n, 64)
		return n, err == nil
	case catalog.Bool:
		return t.Lower, t.Lower == "true" || t.Lower == "false"
	case catalog.ARN:
		if strings.HasPrefix(value, "arn:") {
			return value, true
		}
		if t.Kind != token.Word || introduced || rd.ProperCase(i) {
			return rd.arnFor(key, value)
		}
		return "", false
	case catalog.IPAddress:
		return value, t.Lit.Kind == token.AddressLiteral
	}
	if t.Kind == token.Entity && t.Lit.Kind == token.RegionLiteral && !strings.Contains(key.Name, "egion") {
		return "", false
	}
	if t.Kind == token.Word && !introduced && !rd.ProperCase(i) && t.Cased() != strings.ToUpper(t.Text) {
		return "", false
	}
	return value, !rd.IsVerbHere(i) || t.Kind != token.Word
}

// arnFor writes the ARN of the resource that a key such as ecs:cluster or iam:PolicyARN names.
func (rd *Reading) arnFor(key *catalog.Key, name string) (string, bool) {
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
		out := strings.NewReplacer("${Partition}", cmp.Or(rd.Out.Partition, "aws"), "${Region}", cmp.Or(rd.Out.Region, "*"), "${Account}", cmp.Or(rd.Out.Account, "*")).Replace(r.ARNs[0])
		if want == "policy" && rd.awsManaged(name) {
			out = "arn:" + cmp.Or(rd.Out.Partition, "aws") + ":iam::aws:policy/${" + vars[len(vars)-1] + "}"
		}
		for k, v := range vars {
			out = strings.ReplaceAll(out, "${"+v+"}", origin.Choose(k == len(vars)-1, name, "*"))
		}
		return out, true
	}
	return "", false
}

// awsManaged says that the request calls the policy one that AWS manages.
func (rd *Reading) awsManaged(name string) bool {
	for i := range rd.Tokens {
		if rd.Tokens[i].Text == name {
			return rd.Within(i-4, i, "aws", "aws-managed", "amazon")
		}
	}
	return false
}

// scanServiceKeys reads keys of services by the phrases the lexicon knows them by.
func (rd *Reading) scanServiceKeys() {
	rd.keyAlias()
	rd.records()
	for _, l := range rd.Links {
		if !rd.Free(l.From) {
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
func (rd *Reading) keyOf(l sentence.Link) (lexicon.Entry, bool) {
	var best lexicon.Entry
	score, noun := 0.0, 0.0
	for _, e := range l.Entries {
		w := rd.Named[e.Service]
		switch {
		case e.Kind == lexicon.Key && w > score:
			best, score = e, w
		case e.Kind == lexicon.Noun || e.Kind == lexicon.Name:
			noun = max(noun, w)
		}
	}
	if len(best.Words) == 1 && len(rd.Strong()) > 0 && !rd.Strong()[best.Service] {
		return best, false // "path" is a key of services that nobody speaks about
	}
	if l.To == l.From+1 && rd.Is("preposition", l.From) && !rd.Is("article", l.From-1) && !rd.ProperCase(l.From) {
		return best, false
	}
	return best, score >= 1 && (noun < score || noun == score && len(best.Words) > 1)
}

func (rd *Reading) serviceKey(l sentence.Link, e lexicon.Entry) {
	name := catalog.KeyName(e.Type)
	key, ok := rd.Catalog.Key(name)
	if !ok || strings.Contains(name, "${") {
		return
	}
	m := rd.Mood(rd.backOverSetter(l.From))
	test := intent.Is
	if key.Type.Base == catalog.Numeric {
		test = rd.numericTest(&m, l)
	}
	start := l.To
	for key.Type.Base == catalog.Numeric && (rd.Is("bounds", start) || rd.Word(start, "than", "is", "of")) {
		start++
	}
	values, end, not := rd.keyValues(start, key)
	if rd.valueAt(start) && len(values) == 0 && m.Strict && key.Type.Base == catalog.String && !rd.IsVerbHere(start) && rd.Ends(start+1) {
		values, end = []string{rd.at(start)}, start+1
	}
	if len(values) == 0 {
		values, end, m = rd.valueBefore(l, key, m)
	}
	if len(values) == 0 && key.Type.Base == catalog.Bool && (m.Strict || m.Unless || m.Negated) {
		values, end = []string{"true"}, l.To
	}
	if len(values) == 0 || len(l.Entries[0].Words) == 1 && !rd.introduced(l.To, end, m) {
		return
	}
	c := rd.constraintOf(key, key.Name, values)
	c.Test = test
	m.Negated = m.Negated != not
	end = rd.After(rd.Pass(end, "gib", "gb", "mb", "tib", "seconds", "days"), &m)
	if rd.Word(end, "is", "gets") && rd.Word(end+1, "attached", "set", "given", "used") {
		end = rd.Pass(end+2, "at", "on", "creation", "when", "creating")
	}
	rd.Condition(m, end, "condition key", c)
}

// backOverSetter passes "they attach the" and "the request sets" in front of token i.
func (rd *Reading) backOverSetter(i int) int {
	j := i
	for j > 0 && rd.Is("article", j-1) {
		j--
	}
	if j > 1 && rd.Is("tag-verb", j-1) && rd.Word(j-2, "request", "requests", "call", "must", "they", "it") {
		return j - 1
	}
	return i
}

// valueBefore reads a value in front of the phrase of a key: "only with the https protocol".
func (rd *Reading) valueBefore(l sentence.Link, key *catalog.Key, m origin.Mood) ([]string, int, origin.Mood) {
	i := l.From - 1
	if !rd.valueAt(i) || key.Type.Base != catalog.String || rd.Is("lead", i) || rd.Is("strict", i) || rd.Lexicon.Is("adjective", rd.at(i)) || rd.IsVerbHere(i) {
		return nil, 0, m
	}
	before := rd.Mood(i)
	if !before.Strict && !before.Negated && !before.Unless {
		return nil, 0, m
	}
	return []string{rd.Tokens[i].Text}, l.To, before
}

// introduced says that the value of a key whose phrase is one word is clearly meant for it.
func (rd *Reading) introduced(from, end int, m origin.Mood) bool {
	if m.Strict || m.Unless || m.Negated || end-from > 1 {
		return true
	}
	t := rd.Tokens[from]
	return t.Kind != token.Word || t.Quote || rd.ProperCase(from)
}

// numericTest reads "max", "at least", "up to" around a key with numbers.
func (rd *Reading) numericTest(m *origin.Mood, l sentence.Link) intent.Test {
	for j := l.From - 3; j < l.To+5; j++ {
		switch {
		case rd.Word(j, "max", "maximum", "most", "up", "more", "larger", "exceed", "bigger", "greater"):
			m.From = min(m.From, max(j, 0))
			return intent.LessOrEqual
		case rd.Word(j, "min", "minimum", "least"):
			m.From = min(m.From, max(j, 0))
			return intent.GreaterOrEqual
		case rd.Word(j, "less", "under", "below", "smaller"):
			return intent.Less
		}
	}
	return intent.Is
}
