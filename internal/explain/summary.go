package explain

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
)

// summary says what the document is and what it does as a whole.
func (w *writer) summary(d *policy.Document) string {
	name := capital(w.kind.name)
	if len(d.Statements) == 0 {
		return name + " without a statement: it allows and denies nothing."
	}
	var parts []string
	for _, effect := range []policy.Effect{policy.Allow, policy.Deny} {
		if p := w.effectSummary(d, effect); p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		parts = []string{"neither allows nor denies anything"}
	}
	text := name + " with " + count(len(d.Statements), "statement") + ": " + strings.Join(parts, "; ") + "."
	if w.kind.limits() || w.register == Full {
		text += " " + w.kind.nature
	}
	switch {
	case w.register == Short:
	case slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Effect == policy.Allow }):
		text += " " + w.kind.rest
	default:
		text += " " + w.kind.none
	}
	return text
}

// effectSummary says what all statements of an effect do together; empty if there are none.
func (w *writer) effectSummary(d *policy.Document, effect policy.Effect) string {
	var list []policy.Statement
	var who []string
	conditional := 0
	brief := *w
	brief.register = Short
	for _, s := range d.Statements {
		if s.Effect != effect {
			continue
		}
		list = append(list, s)
		if name := brief.who(&s); effect == policy.Deny && open(s.Principal) {
			who = append(who, "everyone")
		} else if name != "" {
			who = append(who, name)
		}
		if len(s.Conditions) > 0 {
			conditional++
		}
	}
	if len(list) == 0 {
		return ""
	}
	if slices.Contains(who, "everyone") {
		who = []string{"everyone"}
	}
	text := w.effectVerb(effect, unique(who))
	if w.kind.kind == policy.Trust {
		text += "assume the role"
	} else {
		text += w.reach(list)
	}
	switch {
	case conditional == len(list):
		text += ", under conditions"
	case conditional > 0:
		text += ", partly under conditions"
	}
	return text
}

func (w *writer) effectVerb(effect policy.Effect, who []string) string {
	all := join(who, "and", 3) + " "
	switch {
	case w.kind.kind == policy.Trust && effect == policy.Allow:
		return "lets " + all
	case w.kind.kind == policy.Trust:
		return "never lets " + strings.Replace(all, "everyone", "anyone", 1)
	case effect == policy.Deny && len(who) > 0 && w.kind.addressed():
		return "denies " + all
	case effect == policy.Deny:
		return "denies "
	case w.kind.limits():
		return "the limit includes "
	case len(who) > 1:
		return "lets " + all + "use, between them, "
	case len(who) == 1:
		return "lets " + all + "use "
	}
	return "allows "
}

// reach says the actions of several statements by service and access level.
func (w *writer) reach(list []policy.Statement) string {
	var actions []policy.Text
	for _, s := range list {
		if s.NotActions != nil && s.Actions == nil {
			return "every action of every service with exceptions"
		}
		if anyEverything(s.Actions) {
			return "every action of every service"
		}
		actions = append(actions, s.Actions...)
	}
	var order []string
	services := make(map[string][]string)
	all, _ := w.groups(actions)
	for _, g := range all {
		if len(g.actions) == 0 {
			continue
		}
		what := levelWords(g.actions)
		if g.all {
			what = "every action"
		}
		if services[what] == nil {
			order = append(order, what)
		}
		services[what] = append(services[what], w.serviceName(g.service))
	}
	if len(order) == 0 {
		return "no known action"
	}
	parts := make([]string, len(order))
	for i, what := range order {
		parts[i] = what + " of " + join(unique(services[what]), "and", 5)
	}
	return join(parts, "and", 6)
}

// levelWords makes "List and Read actions" of actions.
func levelWords(actions []*catalog.Action) string {
	var names []string
	for _, level := range levels {
		if slices.ContainsFunc(actions, func(a *catalog.Action) bool { return a.Level == level }) {
			names = append(names, string(level))
		}
	}
	return join(names, "and", len(levels)) + " actions"
}
