package app

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/remedy"
)

// Text says in lines of English what was decided, by which layer and, of a denial, what would
// have the request allowed.
func (v *Verdict) Text() string {
	var out strings.Builder
	out.WriteString(v.Authorization.String())
	if v.Authorization.Decision != evaluate.Allowed {
		out.WriteString(v.Changes.Text())
	}
	for _, note := range v.Notes {
		out.WriteString("note: " + note + "\n")
	}
	return out.String()
}

// Text says what would have the request allowed.
func (v *Changes) Text() string {
	switch {
	case len(v.Plans) == 0 && v.Possible:
		return fmt.Sprintf("more than %d changes of policies would be needed to allow it\n", remedy.MaxChanges)
	case len(v.Plans) == 0:
		return "no change of a policy would allow it\n"
	}
	var out strings.Builder
	out.WriteString("to allow it")
	if len(v.Plans) > 1 {
		out.WriteString(", one of")
	}
	out.WriteString(":\n")
	for _, plan := range v.Plans {
		for i, change := range plan {
			mark := "  - "
			if i > 0 {
				mark = "    and "
			}
			out.WriteString(mark + change.Text + "\n")
		}
	}
	return out.String()
}

// The JSON of a Verdict.
type (
	verdictOutput struct {
		Decision     string         `json:"decision"`
		Allowed      bool           `json:"allowed"`
		Reason       string         `json:"reason"`
		Layer        string         `json:"layer,omitempty"`
		CrossAccount bool           `json:"crossAccount"`
		Layers       []layerOutput  `json:"layers"`
		ToAllow      [][]planOutput `json:"toAllow"`
		Notes        []string       `json:"notes"`
	}
	layerOutput struct {
		Kind     string            `json:"kind"`
		Level    string            `json:"level,omitempty"`
		Decision string            `json:"decision"`
		Exempt   string            `json:"exempt,omitempty"`
		Deciding []layerPartOutput `json:"deciding"`
	}
	layerPartOutput struct {
		Policy    string `json:"policy"`
		Statement int    `json:"statement"` // from 1
		Sid       string `json:"sid,omitempty"`
		Effect    string `json:"effect"`
		Position  string `json:"position"`
	}
	planOutput struct {
		Kind      string `json:"kind,omitempty"`
		Level     string `json:"level,omitempty"`
		Policy    string `json:"policy,omitempty"`
		Statement int    `json:"statement,omitempty"`
		Key       string `json:"key,omitempty"`
		Text      string `json:"text"`
	}
)

// MarshalJSON writes the layers with the statements that decide in each.
func (v *Verdict) MarshalJSON() ([]byte, error) {
	a := &v.Authorization
	out := verdictOutput{
		Decision: a.Decision.String(), Allowed: a.Decision == evaluate.Allowed, Reason: a.Reason,
		CrossAccount: a.CrossAccount, Layers: []layerOutput{}, ToAllow: v.Changes.sets(), Notes: append([]string{}, v.Notes...),
	}
	if a.Decided >= 0 {
		out.Layer = string(a.Layers[a.Decided].Kind)
	}
	for i := range a.Layers {
		out.Layers = append(out.Layers, layerJSON(&a.Layers[i], a.Request))
	}
	text, err := plainjson.Line(out)
	if err != nil {
		return nil, fmt.Errorf("write verdict: %w", err)
	}
	return text, nil
}

// MarshalJSON writes the plans as lists of changes.
func (v *Changes) MarshalJSON() ([]byte, error) { return plainjson.Line(v.sets()) }

func (v *Changes) sets() [][]planOutput {
	out := [][]planOutput{}
	for _, plan := range v.Plans {
		changes := []planOutput{}
		for _, c := range plan {
			changes = append(changes, planOutput{string(c.Kind), c.Level, c.Policy, c.Statement, c.Key, c.Text})
		}
		out = append(out, changes)
	}
	return out
}

func layerJSON(l *evaluate.Layer, r evaluate.Request) layerOutput {
	out := layerOutput{
		Kind: string(l.Kind), Level: l.Level, Decision: l.Decision.String(), Exempt: l.Exempt, Deciding: []layerPartOutput{},
	}
	if l.Exempt != "" {
		return out
	}
	e := l.Explanation(r)
	for _, part := range e.Deciding() {
		out.Deciding = append(out.Deciding, layerPartOutput{
			Policy: l.Policies[part.Policy].Name(), Statement: part.Statement + 1, Sid: part.Sid,
			Effect: string(part.Effect), Position: part.Position.String(),
		})
	}
	return out
}
