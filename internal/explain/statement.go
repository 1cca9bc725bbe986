package explain

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// statement explains one statement.
func (w *writer) statement(s *policy.Statement) Statement {
	out := Statement{Sid: s.Sid, Effect: s.Effect, Position: s.Position, Text: w.sentence(s)}
	if w.register == Full {
		out.Who = w.who(s)
		out.Actions = w.actionList(s)
		out.Resources = w.resourceList(s)
		out.Conditions = w.conditionList(s)
		out.Notes = w.notes(s)
	}
	return out
}

// sentence says a statement in one sentence.
func (w *writer) sentence(s *policy.Statement) string {
	brief := *w
	brief.register = Short
	who := brief.who(s)
	var text string
	switch {
	case w.kind.kind == policy.Trust:
		text = brief.trustClause(s, who)
	case s.Effect == policy.Allow && w.kind.limits():
		text = w.kind.allow + " " + brief.access(s)
	case s.Effect == policy.Allow && who != "":
		text = capital(who) + " may use " + brief.access(s)
	case s.Effect == policy.Allow:
		text = "Allows " + brief.access(s)
		if w.kind.addressed() {
			text = "Allows, without saying whom, " + brief.access(s)
		}
	case s.Effect == policy.Deny && open(s.Principal):
		text = "Denies everyone " + brief.access(s)
	case s.Effect == policy.Deny:
		text = strings.TrimSpace("Denies "+who) + " " + brief.access(s)
	default:
		text = "Neither allows nor denies, for want of an Effect: " + brief.access(s)
	}
	if c := brief.conditions(s); c != "" {
		if s.Effect == policy.Deny {
			text += ", if " + c
		} else {
			text += ", only if " + c
		}
	}
	return text + "."
}

// access says the actions and the resources.
func (w *writer) access(s *policy.Statement) string {
	phrase := w.actions(s)
	if r := w.resources(s); r != "" {
		phrase += " on " + r
	}
	return phrase
}

// trustClause says who may assume the role.
func (w *writer) trustClause(s *policy.Statement, who string) string {
	if who == "" {
		who = "whoever (no principal is named)"
	}
	may := " may "
	switch {
	case s.Effect == policy.Deny && open(s.Principal):
		who = "nobody"
	case s.Effect == policy.Deny:
		may = " may never "
	case s.Effect != policy.Allow:
		may = " (for want of an Effect) neither may nor may not "
	}
	return capital(who) + may + w.trustVerbs(s)
}

func (w *writer) trustVerbs(s *policy.Statement) string {
	var verbs []string
	rest := policy.Statement{NotActions: s.NotActions}
	for _, a := range s.Actions {
		if words, ok := table().trust[strings.ToLower(a.Text)]; ok {
			verbs = append(verbs, words)
			continue
		}
		rest.Actions = append(rest.Actions, a)
	}
	if len(rest.Actions) > 0 || len(verbs) == 0 {
		verbs = append(verbs, "use "+w.access(&rest)+" with the role")
	}
	return join(unique(verbs), "and", 6)
}
