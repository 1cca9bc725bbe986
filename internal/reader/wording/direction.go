package wording

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// direct gives what is read to the resources that a thing comes from and what is written to those it
// goes to: "copy objects from bucket a to bucket b". Where the words name no such pair, everything
// holds for all of them.
func (rd *Reading) direct(grants []intent.Grant, u object.Unit) []intent.Grant {
	var out []intent.Grant
	for _, g := range grants {
		var from, to, open []intent.Target
		for _, t := range g.Targets {
			switch rd.sideOf(t, u) {
			case "from":
				from = append(from, t)
			case "to":
				to = append(to, t)
			default:
				open = append(open, t)
			}
		}
		if len(from) == 0 || len(to) == 0 || slices.ContainsFunc(open, named) || from[0].Type != to[0].Type {
			out = append(out, g)
			continue
		}
		source, sink := g, g
		source.Targets, sink.Targets = append(from, open...), append(to, open...)
		source.Actions = slices.DeleteFunc(slices.Clone(g.Actions), func(a intent.Action) bool { return !rd.takes(a.Name) })
		sink.Actions = slices.DeleteFunc(slices.Clone(g.Actions), func(a intent.Action) bool { return rd.takes(a.Name) })
		for _, part := range []intent.Grant{source, sink} {
			if len(part.Actions) > 0 {
				out = append(out, part)
			}
		}
	}
	return out
}

// takes says that an action is done where a thing comes from: it reads, or removes what was moved.
func (rd *Reading) takes(name string) bool {
	a, ok := rd.Catalog.Action(name)
	return ok && (a.Level == catalog.Read || a.Level == catalog.List || strings.HasPrefix(a.Name, "Delete"))
}

// sideOf returns the preposition before the noun phrase of a target: "from", "to", or neither.
func (rd *Reading) sideOf(t intent.Target, u object.Unit) string {
	at := slices.IndexFunc(rd.Tokens, func(k token.Token) bool { return k.Start == t.Span.Start })
	for i := at - 1; at >= 0 && i >= max(u.From-1, at-5); i-- {
		switch {
		case rd.Word(i, "from"), rd.Word(i, "of") && rd.Word(i-1, "out"):
			return "from"
		case rd.Word(i, "to", "into", "onto"):
			return "to"
		case rd.Is("preposition", i), rd.Punct(i, ".,:("), rd.IsThing(i):
			return ""
		}
	}
	return ""
}

func named(t intent.Target) bool { return t.ARN != "" || len(t.Vars) > 0 }
