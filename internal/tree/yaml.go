package tree

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"go.yaml.in/yaml/v4"
)

func (r *reader) readYAML(data []byte) (*Value, error) {
	d := yaml.NewDecoder(bytes.NewReader(data))
	var n yaml.Node
	if err := d.Decode(&n); err != nil {
		return nil, r.yamlError(err)
	}
	var more yaml.Node
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, r.yamlError(err)
		}
		return nil, r.fail(policy.Position{Line: more.Line, Column: max(more.Column, 1)}, "one file holds one document: there is a second after ---")
	}
	if n.Kind != yaml.DocumentNode || len(n.Content) != 1 {
		return nil, r.fail(policy.Position{}, "the text holds no value")
	}
	return r.node(n.Content[0], 0)
}

// lineOf finds the line that the library's texts of errors begin with.
var lineOf = regexp.MustCompile(`line (\d+)(?:, column \d+)?: `)

func (r *reader) yamlError(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	var at policy.Position
	if m := lineOf.FindStringSubmatchIndex(text); m != nil {
		at.Line, _ = strconv.Atoi(text[m[2]:m[3]])
		at.Column = 1
		text = text[:m[0]] + text[m[1]:]
	}
	return r.fail(at, "%s", strings.TrimSpace(text))
}

func (r *reader) node(n *yaml.Node, depth int) (*Value, error) {
	v := &Value{Position: policy.Position{Line: n.Line, Column: n.Column}, file: r.file}
	switch n.Kind {
	case yaml.AliasNode:
		return nil, r.fail(v.Position, "aliases (*name) are not read: write the value out, or name a policy")
	case yaml.ScalarNode:
		v.Kind, v.Text = scalarKind(n), n.Value
		if v.Kind == Bool {
			v.Text = strings.ToLower(n.Value)
		}
		return v, nil
	}
	if depth == maxDepth {
		return nil, r.fail(v.Position, "nested deeper than %d levels", maxDepth)
	}
	if n.Kind == yaml.SequenceNode {
		v.Kind = List
		for _, item := range n.Content {
			value, err := r.node(item, depth+1)
			if err != nil {
				return nil, err
			}
			v.Items = append(v.Items, value)
		}
		return v, nil
	}
	v.Kind = Map
	return v, r.nodeFields(v, n.Content, depth+1)
}

func (r *reader) nodeFields(v *Value, content []*yaml.Node, depth int) error {
	seen := map[string]bool{}
	for i := 0; i+1 < len(content); i += 2 {
		at := policy.Position{Line: content[i].Line, Column: content[i].Column}
		name := content[i].Value
		switch {
		case content[i].Kind != yaml.ScalarNode:
			return r.fail(at, "a name must be a text")
		case seen[name]:
			return r.fail(at, "%q is given twice", name)
		}
		seen[name] = true
		value, err := r.node(content[i+1], depth)
		if err != nil {
			return err
		}
		v.Fields = append(v.Fields, Field{name, at, value})
	}
	return nil
}

func scalarKind(n *yaml.Node) Kind {
	switch n.ShortTag() {
	case "!!null":
		return Null
	case "!!bool":
		return Bool
	}
	return String
}
