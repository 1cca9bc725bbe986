package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// resources says the resources of a statement in one phrase; empty if it names none.
func (w *writer) resources(s *policy.Statement) string {
	list, except := either(s.Resources, s.NotResources)
	if list == nil {
		return ""
	}
	var things []string
	place, same := "", true
	for i, t := range list {
		thing, where := w.resource(t.Text)
		same = same && (i == 0 || where == place)
		place = where
		things = append(things, thing+"\x00"+where)
	}
	for i, t := range things {
		thing, where, _ := strings.Cut(t, "\x00")
		things[i] = thing
		if !same {
			things[i] = thing + where
		}
	}
	if !same {
		place = ""
	}
	phrase := join(unique(things), "and", w.limit()) + place
	if slices.ContainsFunc(list, func(t policy.Text) bool { return t.Text == "*" }) {
		phrase = "every resource"
	}
	if except {
		return "every resource except " + phrase
	}
	return phrase
}

// resourceList says each resource with what is written.
func (w *writer) resourceList(s *policy.Statement) []string {
	list, except := either(s.Resources, s.NotResources)
	var lines []string
	if except {
		lines = append(lines, "every resource of every service, except those below")
	}
	for _, t := range list {
		thing, place := w.resource(t.Text)
		line := thing + place
		if t.Text != "*" {
			line += w.below(t.Text) + " (" + shown(t.Text) + ")"
		}
		lines = append(lines, line)
	}
	if list != nil && len(list) == 0 {
		lines = append(lines, "none: the list is empty")
	}
	return lines
}

// resource says what an entry of Resource means and, apart, where it is: "the table orders"
// and " in eu-west-1 of account 111122223333".
func (w *writer) resource(text string) (thing, place string) {
	if text == "*" {
		return "every resource", ""
	}
	m := w.mask(text)
	f, ok := fields(m.text)
	if !ok {
		if wildcard.Contains(text) {
			return "whatever matches " + shown(text), ""
		}
		return shown(text) + " (which is no ARN)", ""
	}
	place = placeWords(m, f)
	if wildcard.Contains(f[2]) || f[2] == "" {
		if strings.Trim(f[2]+f[5], "*") == "" {
			return "every resource of every service", place
		}
		return "resources whose ARN matches " + m.show(m.text), ""
	}
	if strings.Trim(f[5], "*") == "" && f[5] != "" {
		return "every resource of " + w.serviceName(f[2]), place
	}
	t := w.typeOf(f)
	if t == nil {
		name := cmp.Or(w.hostName(f[2]), shown(f[2]))
		return nameWords(m, f[5], name+" resource", name+" resources"), place
	}
	return w.typed(m, t), place
}

// fields splits an ARN pattern as IAM reads it: missing fields are completed with *.
func fields(s string) (f [6]string, ok bool) {
	f, n := arn.Fields(s)
	if f[0] != "arn" {
		return f, false
	}
	for i := n; i < len(f); i++ {
		f[i] = "*"
	}
	return f, true
}

// A naming is one ARN format of a resource type with the values that a pattern gives to its
// variables.
type naming struct {
	kind   *catalog.ResourceType
	format string
	names  []string
	values []string
}

// typeOf finds the resource type that a pattern names, by the format of which it repeats the
// most.
func (w *writer) typeOf(f [6]string) *naming {
	service, ok := w.catalog.Service(f[2])
	if !ok || *w.work > maxWork {
		return nil
	}
	*w.work += 5 * len(service.Resources)
	var best *naming
	most := -1
	for _, t := range service.Resources {
		for _, format := range t.ARNs {
			want, ok := fields(format)
			if !ok || want[2] != f[2] || !fits(want[3], f[3]) || !fits(want[4], f[4]) {
				continue
			}
			values, literals, ok := match(want[5], f[5])
			if ok && literals > most {
				most = literals
				best = &naming{t, format, catalog.ARNVariables("arn:::::" + want[5]), values}
			}
		}
	}
	return best
}

// fits reports whether a region or account may stand where a format has want.
func fits(want, have string) bool {
	if strings.HasPrefix(want, "${") {
		return have != ""
	}
	return have == want || wildcard.Match(have, want)
}

// match lays the resource field of a pattern over that of a format and returns what stands in
// place of the variables, and how many characters are literal.
func match(format, have string) (values []string, literals int, ok bool) {
	for {
		start := strings.Index(format, "${")
		if start < 0 {
			return values, literals + len(format), have == format
		}
		end := strings.IndexByte(format[start:], '}')
		if end < 0 || !strings.HasPrefix(have, format[:start]) {
			return nil, 0, false
		}
		literals += start
		have, format = have[start:], format[start+end+1:]
		next := format
		if i := strings.Index(format, "${"); i >= 0 {
			next = format[:i]
		}
		size := len(have)
		if next != "" {
			size = strings.Index(have, next)
			if next == format { // the last literal stands at the end
				size = len(have) - len(next)
				if !strings.HasSuffix(have, next) {
					return nil, 0, false
				}
			}
		}
		if size <= 0 {
			return nil, 0, false
		}
		values = append(values, have[:size])
		have = have[size:]
	}
}

// typed says a resource of a known type, from the thing itself to what it is in.
func (w *writer) typed(m masked, t *naming) string {
	noun, values := nounOf(t.kind), t.values
	if len(values) == 0 {
		return "the " + noun.one
	}
	last := values[len(values)-1]
	if noun.suffix != "" && last != noun.suffix {
		last = strings.TrimSuffix(last, noun.suffix)
	}
	words := nameWords(m, last, noun.one, noun.several)
	preposition := noun.preposition
	for i := len(values) - 2; i >= 0 && i < len(t.names); i-- {
		parent := parentNoun(t.names[i])
		words += " " + preposition + " " + nameWords(m, values[i], parent, plural(parent))
		preposition = "of"
	}
	return words
}

// nounOf returns the words of a resource type, made of its name if the table has none.
func nounOf(t *catalog.ResourceType) nounWords {
	if n, ok := table().nouns[t.Service+" "+t.Name]; ok {
		return n
	}
	one := cmp.Or(strings.Join(catalog.Words(t.Name), " "), "resource")
	return nounWords{one: one, several: plural(one), preposition: "of"}
}

// parentNoun makes "bucket" of BucketName.
func parentNoun(variable string) string {
	words := catalog.Words(variable)
	for len(words) > 1 && slices.Contains([]string{"name", "id", "identifier", "arn", "path", "with"}, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// nameWords says one or several things by the pattern of their name.
func nameWords(m masked, name, one, several string) string {
	if name != "" && strings.Trim(name, "*") == "" {
		return "any " + one
	}
	inner := strings.Trim(name, "*")
	switch {
	case !wildcard.Contains(name):
		return "the " + one + " " + m.show(name)
	case wildcard.Contains(inner):
		return several + " whose name matches " + m.show(name)
	case strings.HasPrefix(name, "*") && strings.HasSuffix(name, "*"):
		return several + " whose name contains " + m.show(inner)
	case strings.HasPrefix(name, "*"):
		return several + " whose name ends in " + m.show(inner)
	case strings.HasSuffix(inner, "/"):
		return several + " below " + m.show(inner)
	}
	return several + " whose name begins with " + m.show(inner)
}

// below names what a * at the end of a resource takes with it, because it also matches the
// separators: a table's indexes, a bucket's objects.
func (w *writer) below(text string) string {
	m := w.mask(text)
	f, ok := fields(m.text)
	if !ok || !strings.HasSuffix(f[5], "*") || strings.Trim(f[5], "*") == "" {
		return ""
	}
	best := w.typeOf(f)
	if best == nil || !strings.HasSuffix(best.format, "}") {
		return ""
	}
	service, _ := w.catalog.Service(f[2])
	noun := nounOf(best.kind)
	if noun.suffix != "" && strings.HasSuffix(f[5], noun.suffix) {
		return ""
	}
	var parts []string
	for _, t := range service.Resources {
		for _, format := range t.ARNs {
			if len(format) > len(best.format)+1 && strings.HasPrefix(format, best.format) {
				parts = append(parts, nounOf(t).several)
			}
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ", with what is below them: " + join(unique(parts), "and", 4)
}

// placeWords says the region, the account and the partition of an ARN pattern.
func placeWords(m masked, f [6]string) string {
	if f[3] == "*" && f[4] == "*" {
		return " in any region and account" + partition(f[1])
	}
	where := ""
	switch {
	case f[3] == "*":
		where = " in any region"
	case wildcard.Contains(f[3]):
		where = " in regions that match " + m.show(f[3])
	case f[3] != "":
		where = " in " + m.show(f[3])
	}
	if where == "" {
		return accountWords(m, f[4]) + partition(f[1])
	}
	return where + strings.Replace(accountWords(m, f[4]), " in ", " of ", 1) + partition(f[1])
}

func accountWords(m masked, id string) string {
	switch {
	case id == "":
		return ""
	case id == "*":
		return " in any account"
	case id == "aws":
		return " of AWS itself"
	case wildcard.Contains(id):
		return " in accounts that match " + m.show(id)
	}
	return " in account " + m.show(id)
}

func partition(p string) string {
	switch name := table().services[p]; {
	case p == "aws", p == "":
		return ""
	case p == "*":
		return " in any partition"
	case name != "":
		return " in " + name + " (" + p + ")"
	}
	return " in the partition " + shown(p)
}
