package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/plainjson"
)

// What the catalog commands print as JSON.
type (
	catalogState struct {
		Date   string         `json:"date"`
		Source string         `json:"source"`
		Counts catalog.Counts `json:"counts"`
	}
	serviceOutput struct {
		Prefix    string `json:"prefix"`
		Name      string `json:"name"`
		Actions   int    `json:"actions"`
		Resources int    `json:"resources"`
		Keys      int    `json:"keys"`
	}
	actionOutput struct {
		Action    string           `json:"action"`
		Level     string           `json:"level"`
		Resources []resourceOutput `json:"resources"`
		Keys      []string         `json:"keys"`
	}
	resourceOutput struct {
		Type     string   `json:"type"`
		Required *bool    `json:"required,omitempty"`
		ARNs     []string `json:"arns"`
		Keys     []string `json:"keys"`
	}
	keyOutput struct {
		Key    string `json:"key"`
		Type   string `json:"type"`
		Multi  bool   `json:"multivalued"`
		Global bool   `json:"global"`
	}
	resultsOutput struct {
		Services  []serviceOutput  `json:"services"`
		Actions   []actionOutput   `json:"actions"`
		Resources []resourceOutput `json:"resources"`
		Keys      []keyOutput      `json:"keys"`
	}
)

// A table is printed with aligned columns, or replaced by JSON.
type table struct {
	head []string
	rows [][]string
}

func (t table) print(out io.Writer, asJSON bool, value any) error {
	if asJSON {
		return plainjson.WriteIndented(out, value)
	}
	return t.text(out)
}

func (t table) text(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	rows := t.rows
	if len(t.head) > 0 {
		rows = append([][]string{t.head}, rows...)
	}
	for _, row := range rows {
		if _, err := fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "\t"), "\t ")); err != nil {
			return err
		}
	}
	return w.Flush()
}

func printServices(out io.Writer, asJSON bool, services []*catalog.Service) error {
	t, values := serviceTable(services)
	return t.print(out, asJSON, values)
}

func serviceTable(services []*catalog.Service) (table, []serviceOutput) {
	t := table{head: []string{"PREFIX", "ACTIONS", "NAME"}}
	values := []serviceOutput{}
	for _, s := range services {
		values = append(values, serviceOutput{s.Prefix, s.Name, len(s.Actions), len(s.Resources), len(s.Keys)})
		t.rows = append(t.rows, []string{s.Prefix, fmt.Sprint(len(s.Actions)), s.Name})
	}
	return t, values
}

func printActions(out io.Writer, asJSON bool, actions []*catalog.Action) error {
	t, values := actionTable(actions)
	return t.print(out, asJSON, values)
}

// actionTable marks required resource types with a star, as the Service
// Authorization Reference does.
func actionTable(actions []*catalog.Action) (table, []actionOutput) {
	t := table{head: []string{"ACTION", "LEVEL", "RESOURCE TYPES"}}
	values := []actionOutput{}
	for _, a := range actions {
		v := actionOutput{Action: a.String(), Level: string(a.Level), Resources: []resourceOutput{}, Keys: list(a.Keys)}
		var types []string
		for _, r := range a.Resources {
			name := r.Type.Name
			v.Resources = append(v.Resources, resourceOutput{name, &r.Required, list(a.ARNs(r.Type)), list(r.Keys)})
			if r.Required {
				name += "*"
			}
			types = append(types, name)
		}
		values = append(values, v)
		t.rows = append(t.rows, []string{v.Action, v.Level, strings.Join(types, ", ")})
	}
	return t, values
}

func printResources(out io.Writer, asJSON bool, types []*catalog.ResourceType) error {
	t, values := resourceTable(types)
	return t.print(out, asJSON, values)
}

func resourceTable(types []*catalog.ResourceType) (table, []resourceOutput) {
	t := table{head: []string{"RESOURCE TYPE", "ARN"}}
	values := []resourceOutput{}
	for _, r := range types {
		name := r.Service + " " + r.Name
		values = append(values, resourceOutput{Type: name, ARNs: list(r.ARNs), Keys: list(r.Keys)})
		for _, format := range r.ARNs {
			t.rows = append(t.rows, []string{name, format})
		}
	}
	return t, values
}

func printKeys(out io.Writer, asJSON bool, keys []*catalog.Key) error {
	t, values := keyTable(keys)
	return t.print(out, asJSON, values)
}

func keyTable(keys []*catalog.Key) (table, []keyOutput) {
	t := table{head: []string{"KEY", "TYPE"}}
	values := []keyOutput{}
	for _, k := range keys {
		values = append(values, keyOutput{k.Name, string(k.Type.Base), k.Type.Multi, k.Global})
		t.rows = append(t.rows, []string{k.Name, k.Type.String()})
	}
	return t, values
}

func printResults(out io.Writer, asJSON bool, found catalog.Results) error {
	var value resultsOutput
	var tables [4]table
	tables[0], value.Services = serviceTable(items(found.Services))
	tables[1], value.Actions = actionTable(items(found.Actions))
	tables[2], value.Resources = resourceTable(items(found.Resources))
	tables[3], value.Keys = keyTable(items(found.Keys))
	if asJSON {
		return table{}.print(out, true, value)
	}
	printed := false
	for _, t := range tables {
		if len(t.rows) == 0 {
			continue
		}
		if printed {
			if _, err := fmt.Fprintln(out); err != nil {
				return err
			}
		}
		if err := t.text(out); err != nil {
			return err
		}
		printed = true
	}
	return nil
}

func items[T any](matches []catalog.Match[T]) []T {
	var out []T
	for _, m := range matches {
		out = append(out, m.Item)
	}
	return out
}

// list makes an empty list of none, which JSON would write as null.
func list(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}
