package comply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/config"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/tree"
)

// Read reads a framework of a user, YAML or JSON; rules are those of lint that it may name. The
// error is a *tree.Error with the place.
func Read(file string, data []byte, rules []lint.Rule) (*Framework, error) {
	root, err := tree.Read(file, data)
	if err != nil {
		return nil, err
	}
	r := &reader{rules: rules, framework: &Framework{}}
	f := r.framework
	err = root.Each("the framework", map[string]func(*tree.Value) error{
		"id": r.text("id", &f.ID), "title": r.text("title", &f.Name), "version": r.text("version", &f.Version), "note": r.text("note", &f.Note),
		"controls": func(v *tree.Value) error {
			if v.Kind != tree.List {
				return v.Errorf("controls must be a list, not %v", v.Kind)
			}
			return v.List(r.control)
		},
	})
	switch {
	case err != nil:
		return nil, err
	case f.Name == "":
		return nil, root.Errorf("the framework has no title")
	case len(f.Controls) == 0:
		return nil, root.Errorf("the framework has no controls")
	}
	if f.ID == "" {
		f.ID = "custom"
	}
	return f, nil
}

// A reader reads one framework.
type reader struct {
	rules     []lint.Rule
	framework *Framework
}

// text returns a function that reads a text which is not empty.
func (r *reader) text(name string, to *string) func(*tree.Value) error {
	return func(v *tree.Value) error {
		text, err := v.Scalar(name)
		if err == nil && strings.TrimSpace(text) == "" {
			err = v.Errorf("%s is empty", name)
		}
		*to = strings.TrimSpace(text)
		return err
	}
}

// A wanted control is what its fields say, until all are read.
type wanted struct {
	Control
	kinds             []policy.Kind
	together, actions []string
	resource, manual  string
	without           []policy.Condition
	needs             *tree.Value
}

func (r *reader) control(v *tree.Value) error {
	w := &wanted{}
	err := v.Each("a control", map[string]func(*tree.Value) error{
		"id": r.text("id", &w.ID), "title": r.text("title", &w.Title), "source": r.text("source", &w.Source),
		"resource": r.text("resource", &w.resource), "manual": r.text("manual", &w.manual),
		"checks": r.each("checks", func(v *tree.Value, id string) error { return w.addCheck(v, id) }),
		"rules":  r.each("rules", func(v *tree.Value, name string) error { return w.addRule(v, name, r.rules) }),
		"kinds":  r.each("kinds", func(v *tree.Value, name string) error { return w.addKind(v, name) }),
		"together": r.each("together", func(v *tree.Value, a string) error {
			w.together = append(w.together, a)
			return actionPattern(v, a)
		}),
		"actions": r.each("actions", func(v *tree.Value, a string) error {
			w.actions = append(w.actions, a)
			return actionPattern(v, a)
		}),
		"needs": w.readNeeds,
	})
	if err != nil {
		return err
	}
	if err := w.complete(v); err != nil {
		return err
	}
	if slices.ContainsFunc(r.framework.Controls, func(c Control) bool { return c.ID == w.ID }) {
		return v.Field("id").Errorf("there is a control %s already", w.ID)
	}
	r.framework.Controls = append(r.framework.Controls, w.Control)
	return nil
}

// each returns a function that reads a list of texts, or one.
func (r *reader) each(name string, add func(*tree.Value, string) error) func(*tree.Value) error {
	return func(v *tree.Value) error {
		return v.List(func(item *tree.Value) error {
			text, err := item.Scalar(name)
			if err != nil {
				return err
			}
			return add(item, text)
		})
	}
}

func (w *wanted) addCheck(v *tree.Value, id string) error {
	c := checkOf(id)
	if c != nil {
		w.Checks = append(w.Checks, c)
		return nil
	}
	known := make([]string, len(checks))
	for i, c := range checks {
		known[i] = c.ID
	}
	if near := facts.Nearest(id, known); near != "" {
		return v.Errorf("no check is called %q; did you mean %s?", id, near)
	}
	return v.Errorf("no check is called %q; there are %s", id, strings.Join(known, ", "))
}

func (w *wanted) addRule(v *tree.Value, name string, rules []lint.Rule) error {
	var known []string
	for _, rule := range rules {
		names := append([]string{rule.ID}, rule.Aliases...)
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			kinds := rule.Kinds
			if len(kinds) == 0 {
				kinds = allKinds
			}
			w.Checks = append(w.Checks, &Check{
				ID: "rule " + rule.ID, Title: strings.TrimSuffix(rule.Summary, "."), Kinds: kinds,
				ask: func(r *run) Outcome { return r.lints(rule.ID) },
			})
			return nil
		}
		known = append(known, names...)
	}
	if near := facts.Nearest(name, known); near != "" {
		return v.Errorf("no rule of lint is called %q; did you mean %s?", name, near)
	}
	return v.Errorf("no rule of lint is called %q: 'aegis lint --list' lists them", name)
}

var allKinds = []policy.Kind{
	policy.IdentityBased, policy.Trust, policy.ResourceBased, policy.ServiceControl, policy.ResourceControl, policy.PermissionsBoundary, policy.SessionPolicy,
}

func (w *wanted) addKind(v *tree.Value, name string) error {
	if !slices.Contains(allKinds, policy.Kind(name)) {
		return v.Errorf("no kind of policy is called %q; there are %s", name, strings.Trim(fmt.Sprint(allKinds), "[]"))
	}
	w.kinds = append(w.kinds, policy.Kind(name))
	return nil
}

func actionPattern(v *tree.Value, action string) error {
	if prefix, name, found := strings.Cut(action, ":"); action != "*" && (!found || prefix == "" || name == "") {
		return v.Errorf("%q is no action: write service and name, such as s3:GetObject", action)
	}
	return nil
}

// readNeeds reads conditions as a policy writes them: operator, key, values.
func (w *wanted) readNeeds(v *tree.Value) error {
	needs := map[string]map[string][]string{}
	w.needs = v
	return v.Entries("needs", func(operator, keys *tree.Value) error {
		byKey := map[string][]string{}
		needs[operator.Text] = byKey
		err := keys.Entries(operator.Text, func(key, values *tree.Value) error {
			texts, err := values.Scalars(key.Text)
			byKey[key.Text] = texts
			if err == nil && len(texts) == 0 {
				err = values.Errorf("%s has no value", key.Text)
			}
			return err
		})
		if err != nil {
			return err
		}
		if w.without, err = config.Without(needs); err != nil {
			return operator.Errorf("%v", err)
		}
		return nil
	})
}

// complete makes checks of what the fields say. The error says what is missing or too much.
func (w *wanted) complete(v *tree.Value) error {
	asks := len(w.together) > 0 || len(w.actions) > 0
	switch {
	case w.ID == "":
		return v.Errorf("the control has no id")
	case w.Title == "":
		return v.Errorf("the control %s has no title", w.ID)
	case len(w.together) > 0 && len(w.actions) > 0:
		return v.Errorf("the control %s has both together and actions: make two of it", w.ID)
	case w.needs != nil && len(w.actions) == 0:
		return w.needs.Errorf("needs says what actions need: the control %s has no actions", w.ID)
	case w.resource != "" && !asks, len(w.kinds) > 0 && !asks:
		return v.Errorf("the control %s has resource or kinds, which say more about actions or together, but has neither", w.ID)
	case !asks && len(w.Checks) == 0 && w.manual == "":
		return v.Errorf("the control %s says nothing to check: give checks, rules, actions, together or manual", w.ID)
	}
	kinds := w.kinds
	if len(kinds) == 0 {
		kinds = lint.Granting
	}
	switch {
	case len(w.together) > 0:
		w.Checks = append(w.Checks, &Check{ID: "together", Title: "Allowed together: " + strings.Join(w.together, ", "), Kinds: kinds, ask: w.askTogether})
	case len(w.actions) > 0:
		w.Checks = append(w.Checks, &Check{ID: "actions", Title: "Allowed: " + strings.Join(w.actions, ", "), Kinds: kinds, ask: w.askActions})
	}
	if w.manual != "" {
		w.Checks = append(w.Checks, &Check{ID: "manual", Title: w.Title, Beyond: w.manual, about: anything})
	}
	return nil
}

// box returns the requests for an action that the control is about.
func (w *wanted) box(action string, where ...policy.Condition) policy.Statement {
	s := policy.Statement{Actions: texts([]string{action}), Conditions: where}
	if w.resource != "" {
		s.Resources = texts([]string{w.resource})
	}
	return s
}

// askTogether fails for a policy that allows all of the actions.
func (w *wanted) askTogether(r *run) Outcome {
	var last Outcome
	for _, action := range w.together {
		o := r.says(r.holder.Find(w.box(action)), "allowed together: "+strings.Join(w.together, ", "))
		switch {
		case o.Result == Pass:
			return o
		case last.Result != NotAssessable:
			last = o
		}
	}
	return last
}

// askActions fails for a policy that allows one of the actions where a condition that it needs does
// not hold; at all, if it needs none.
func (w *wanted) askActions(r *run) Outcome {
	boxes := [][]policy.Condition{nil}
	message := "%a is allowed"
	if len(w.without) > 0 {
		boxes = nil
		for _, c := range w.without {
			boxes = append(boxes, []policy.Condition{c})
		}
		message = "%a is allowed without a condition that it needs"
	}
	worst := Outcome{Result: Pass}
	for _, action := range w.actions {
		for _, where := range boxes {
			o := r.says(r.holder.Find(w.box(action, where...)), message)
			if o.Result == Fail {
				return o
			}
			if o.Result == NotAssessable {
				worst = o
			}
		}
	}
	return worst
}
