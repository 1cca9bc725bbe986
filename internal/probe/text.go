package probe

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// textSet reads the project's own format.
type textSet struct {
	file   string
	cases  []Case
	open   bool // the last case may still get lines
	beside bool
}

// kinds are the kinds of policies that a case can ask for.
var kinds = map[string]policy.Kind{
	"identity": policy.IdentityBased, "trust": policy.Trust, "resource": policy.ResourceBased,
	"scp": policy.ServiceControl, "rcp": policy.ResourceControl, "boundary": policy.PermissionsBoundary,
}

func (s *textSet) line(n int, text string) error {
	fail := func(format string, args ...any) error {
		return &LineError{s.file, n, fmt.Sprintf(format, args...)}
	}
	if strings.TrimSpace(text) == "" {
		return s.close(n)
	}
	if strings.HasPrefix(text, "#") {
		return nil
	}
	word, rest, _ := strings.Cut(text, " ")
	if word == "case" {
		if err := s.close(n); err != nil {
			return err
		}
		id := strings.TrimSpace(rest)
		if id == "" {
			return fail("a case without id")
		}
		s.cases = append(s.cases, Case{ID: id, Kind: policy.IdentityBased, File: s.file, Line: n})
		s.open, s.beside = true, false
		return nil
	}
	if !s.open {
		return fail("%q stands outside a case", word)
	}
	c := &s.cases[len(s.cases)-1]
	var err error
	switch word {
	case "kind", "tags", "beside":
		if len(c.Turns) > 0 {
			return fail("%q must stand before the words", word)
		}
		err = s.header(c, word, strings.TrimSpace(rest))
	case "words":
		c.Turns = append(c.Turns, Turn{Words: rest, Line: n, Baseline: s.beside || c.Kind.OfOrganization()})
	default:
		if len(c.Turns) == 0 {
			return fail("%q stands before the words", word)
		}
		err = c.Turns[len(c.Turns)-1].add(word, rest, n)
	}
	if err != nil {
		return fail("%v", err)
	}
	return nil
}

// header reads a line about the whole case.
func (s *textSet) header(c *Case, word, rest string) error {
	switch word {
	case "kind":
		k, ok := kinds[rest]
		if !ok {
			return fmt.Errorf("no kind of policy is called %q", rest)
		}
		c.Kind = k
	case "tags":
		c.Tags = append(c.Tags, strings.Fields(rest)...)
	case "beside":
		if rest != "allow-all" {
			return fmt.Errorf("beside what? want: beside allow-all")
		}
		s.beside = true
	}
	return nil
}

// add reads a line that belongs to a turn.
func (t *Turn) add(word, rest string, n int) error {
	switch word {
	case "+":
		t.Words += "\n" + rest
	case "allow", "deny":
		p, err := parseProbe(rest)
		if err != nil {
			return err
		}
		p.Allow, p.Line = word == "allow", n
		t.Probes = append(t.Probes, p)
	case "gold":
		if t.Gold != nil {
			return fmt.Errorf("a second gold of the same turn")
		}
		doc, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":` + rest + `}`))
		if err != nil {
			return fmt.Errorf("gold: %w", err)
		}
		t.Gold = doc
	default:
		return fmt.Errorf("no line begins with %q", word)
	}
	return nil
}

// close ends a case.
func (s *textSet) close(n int) error {
	if !s.open {
		return nil
	}
	s.open = false
	c := &s.cases[len(s.cases)-1]
	if len(c.Turns) == 0 {
		return &LineError{s.file, n, "case " + c.ID + " has no words"}
	}
	for _, t := range c.Turns {
		if len(t.Probes) == 0 {
			return &LineError{s.file, t.Line, "these words of case " + c.ID + " have no probes"}
		}
	}
	return nil
}

func (s *textSet) end() ([]Case, error) {
	if err := s.close(s.lastLine()); err != nil {
		return nil, err
	}
	return s.cases, nil
}

func (s *textSet) lastLine() int {
	if len(s.cases) == 0 {
		return 0
	}
	return s.cases[len(s.cases)-1].Line
}

// parseProbe reads what stands behind allow or deny.
func parseProbe(text string) (Probe, error) {
	words, err := split(text)
	if err != nil {
		return Probe{}, err
	}
	if len(words) < 2 {
		return Probe{}, fmt.Errorf("a probe needs an action and a resource")
	}
	p := Probe{Action: words[0], Resource: words[1]}
	if p.Resource == "-" {
		p.Resource = ""
	}
	for i, w := range words[2:] {
		key, value, found := strings.Cut(w, "=")
		switch {
		case w == "alone" && i == len(words)-3:
			p.Alone = true
		case !found || key == "":
			return p, fmt.Errorf("%q: want key=value", w)
		case key == "by":
			typ, id, ok := strings.Cut(unquote(value), ":")
			if !ok || id == "" {
				return p, fmt.Errorf("%q: want by=TYPE:IDENTIFIER", w)
			}
			p.Principal = evaluate.Principal{Type: typ, ID: unquote(id)}
		case value == "!":
			p.Absent = append(p.Absent, key)
		default:
			if p.Context == nil {
				p.Context = evaluate.Context{}
			}
			if _, twice := p.Context[key]; twice {
				return p, fmt.Errorf("the key %s stands twice", key)
			}
			p.Context[key] = values(value)
		}
	}
	return p, nil
}

// values reads a value or a list in brackets.
func values(text string) []string {
	inner, ok := strings.CutPrefix(text, "[")
	if !ok || !strings.HasSuffix(inner, "]") {
		return []string{unquote(text)}
	}
	list := []string{}
	for item := range strings.SplitSeq(strings.TrimSuffix(inner, "]"), ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, unquote(item))
		}
	}
	return list
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// split cuts at blanks that stand in no quotes.
func split(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	quoted := false
	for _, r := range text {
		switch {
		case r == ' ' && !quoted:
			if word.Len() > 0 {
				words = append(words, word.String())
				word.Reset()
			}
			continue
		case r == '"':
			quoted = !quoted
		}
		word.WriteRune(r)
	}
	if quoted {
		return nil, fmt.Errorf("a quote is not closed")
	}
	if word.Len() > 0 {
		words = append(words, word.String())
	}
	return words, nil
}
