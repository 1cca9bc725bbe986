package probe

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// jsonSet reads one JSON object a line.
type jsonSet struct {
	file  string
	cases []Case
}

type jsonCase struct {
	jsonTurn
	ID         string     `json:"id"`
	Difficulty string     `json:"difficulty"`
	Tags       []string   `json:"tags"`
	Request    string     `json:"request"`
	Turns      []string   `json:"turns"`
	Checks     []jsonTurn `json:"checks"`
}

type jsonTurn struct {
	Kind      policy.Kind `json:"kind"`
	Assume    string      `json:"assume"`
	MustAllow []jsonProbe `json:"must_allow"`
	MustDeny  []jsonProbe `json:"must_deny"`
	Optional  []string    `json:"optional_actions"`
}

type jsonProbe struct {
	Action    string                     `json:"action"`
	Resource  string                     `json:"resource"`
	Context   map[string]json.RawMessage `json:"context"`
	Principal map[string]string          `json:"principal"`
	Alone     bool                       `json:"alone"`
}

func (s *jsonSet) line(n int, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	fail := func(format string, args ...any) error {
		return &LineError{s.file, n, fmt.Sprintf(format, args...)}
	}
	var j jsonCase
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return fail("%v", err)
	}
	if j.ID == "" {
		return fail("a case without id")
	}
	c := Case{ID: j.ID, Kind: j.Kind, Difficulty: j.Difficulty, Tags: j.Tags, Optional: j.Optional, File: s.file, Line: n}
	if c.Kind == "" {
		c.Kind = policy.IdentityBased
	}
	words, checks := []string{j.Request}, []jsonTurn{j.jsonTurn}
	if len(j.Turns) > 0 {
		words, checks = j.Turns, j.Checks
	}
	if len(words) != len(checks) {
		return fail("case %s: %d turns but %d checks", j.ID, len(words), len(checks))
	}
	for i, check := range checks {
		t, err := check.turn(words[i], n)
		if err != nil {
			return fail("case %s: turn %d: %v", j.ID, i+1, err)
		}
		t.Baseline = t.Baseline || check.Kind.OfOrganization() || check.Kind == "" && c.Kind.OfOrganization() || j.Assume == "allow-all"
		if i == 0 && len(j.Turns) == 0 {
			t.Kind = ""
		}
		c.Turns = append(c.Turns, t)
	}
	s.cases = append(s.cases, c)
	return nil
}

func (s *jsonSet) end() ([]Case, error) { return s.cases, nil }

func (j jsonTurn) turn(words string, line int) (Turn, error) {
	t := Turn{Words: words, Kind: j.Kind, Baseline: j.Assume == "allow-all", Line: line}
	for i, p := range append(j.MustAllow[:len(j.MustAllow):len(j.MustAllow)], j.MustDeny...) {
		probe, err := p.probe()
		if err != nil {
			return t, fmt.Errorf("probe %d: %w", i+1, err)
		}
		probe.Allow, probe.Line = i < len(j.MustAllow), line
		t.Probes = append(t.Probes, probe)
	}
	return t, nil
}

func (j jsonProbe) probe() (Probe, error) {
	p := Probe{Action: j.Action, Resource: j.Resource, Alone: j.Alone}
	if p.Action == "" {
		return p, fmt.Errorf("no action")
	}
	if len(j.Principal) > 1 {
		return p, fmt.Errorf("principal of %d types", len(j.Principal))
	}
	for typ, id := range j.Principal {
		p.Principal = evaluate.Principal{Type: typ, ID: id}
	}
	for key, raw := range j.Context {
		values, err := contextValues(raw)
		if err != nil {
			return p, fmt.Errorf("context key %s: %w", key, err)
		}
		if values == nil {
			p.Absent = append(p.Absent, key)
			continue
		}
		if p.Context == nil {
			p.Context = evaluate.Context{}
		}
		p.Context[key] = values
	}
	sort.Strings(p.Absent)
	return p, nil
}

// contextValues reads a value or a list of values; null, which says that the key is absent,
// is nil.
func contextValues(raw json.RawMessage) ([]string, error) {
	if bytes.Equal(raw, []byte("null")) {
		return nil, nil
	}
	if raw[0] != '[' {
		v, err := scalar(raw)
		return []string{v}, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	values := []string{}
	for _, item := range list {
		v, err := scalar(item)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// scalar reads a text, a number or a boolean as the text that a request carries.
func scalar(raw json.RawMessage) (string, error) {
	switch raw[0] {
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case '{', '[', 'n':
		return "", fmt.Errorf("want a text, a number or a boolean, not %s", raw)
	}
	return string(raw), nil
}

// LoadGold reads the right policies of a JSONL set, which stand in a file of their own: one
// object a line with an id and a policy, or the policies of all turns. It sets the Gold of
// the cases with these ids. The error is a *LineError if a line cannot be read.
func LoadGold(r io.Reader, name string, cases []Case) error {
	byID := map[string]*Case{}
	for i := range cases {
		byID[cases[i].ID] = &cases[i]
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := goldLine(lines.Bytes(), byID); err != nil {
			return &LineError{name, n, err.Error()}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func goldLine(text []byte, byID map[string]*Case) error {
	var j struct {
		ID     string            `json:"id"`
		Policy *policy.Document  `json:"policy"`
		Turns  []json.RawMessage `json:"turns"`
	}
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	c, ok := byID[j.ID]
	if !ok {
		return fmt.Errorf("no case %q", j.ID)
	}
	docs := []*policy.Document{j.Policy}
	if len(j.Turns) > 0 {
		docs = docs[:0]
		for _, raw := range j.Turns {
			doc, err := policy.Parse(raw)
			if err != nil {
				return err
			}
			docs = append(docs, doc)
		}
	}
	if len(docs) != len(c.Turns) {
		return fmt.Errorf("%d policies for the %d turns of %s", len(docs), len(c.Turns), c.ID)
	}
	for i, doc := range docs {
		c.Turns[i].Gold = doc
	}
	return nil
}
