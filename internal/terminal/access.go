package terminal

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/generate"
)

// Changes prints which access a turn gave and took.
func (p *Printer) Changes(c *generate.Changes) {
	switch {
	case c == nil:
		return
	case c.Verdict == generate.Equivalent:
		p.Printf("  %s\n", p.Text(Dim, "no access gained or lost: both policies are proved to allow the same"))
		return
	case c.Verdict == generate.Unknown:
		p.Printf("  %s\n", p.Text(Yellow, "not known whether access is gained or lost: "+c.Reason))
		return
	}
	p.accesses(Green, "gained", c.Gained)
	p.accesses(Red, "lost", c.Lost)
	switch {
	case c.More:
		p.Printf("  %s\n", p.Text(Dim, "and more"))
	case c.Reason != "":
		p.Printf("  %s\n", p.Text(Yellow, "there may be more: "+c.Reason))
	case len(c.Gained) == 0:
		p.Printf("  %s\n", p.Text(Dim, "nothing gained: that is proved"))
	case len(c.Lost) == 0:
		p.Printf("  %s\n", p.Text(Dim, "nothing lost: that is proved"))
	}
}

// accesses prints each access with a word before it.
func (p *Printer) accesses(s Style, word string, list []generate.Access) {
	for _, a := range list {
		lines := accessLines(a)
		p.Printf("  %s %s\n", p.Text(s, word), Printable(lines[0]))
		for _, line := range lines[1:] {
			p.Printf("  %*s %s\n", len(word), "", p.Text(Dim, Printable(line)))
		}
	}
}

// maxValues is how many values of a key are shown.
const maxValues = 4

// accessLines says an access: what on which resource, then by whom and each key.
func accessLines(a generate.Access) []string {
	head := a.Action
	if n := len(a.Actions) - 1; n > 0 {
		head += " and " + Count(n, "other action")
	}
	if a.Resource != "" && a.Resource != "*" {
		head += " on " + a.Resource
	}
	lines := []string{head}
	if a.Principal != nil {
		lines = append(lines, "by "+a.Principal.Type+" "+a.Principal.ID)
	}
	for _, key := range slices.Sorted(maps.Keys(a.Context)) {
		var values []string
		for i, v := range a.Context[key] {
			if i == maxValues {
				values = append(values, "…")
				break
			}
			values = append(values, fmt.Sprintf("%q", v))
		}
		lines = append(lines, "with "+key+" "+strings.Join(values, ", "))
	}
	return lines
}

// compared prints what the comparisons of an answer found wrong.
func (p *Printer) compared(a generate.Answer) {
	if b := a.Bounds; b != nil && b.Request != nil {
		p.heading(Red, "Not decided as asked")
		lines := accessLines(*b.Request)
		p.Printf("    - %s: %s\n", Printable(lines[0]), b.Says)
		for _, line := range lines[1:] {
			p.Printf("      %s\n", p.Text(Dim, Printable(line)))
		}
	} else if b != nil && b.Reason != "" {
		p.heading(Yellow, "Not compared with what was asked")
		p.Printf("    %s\n", b.Reason)
	}
	for _, f := range a.Within {
		p.fit(f)
	}
}

// fit prints what of an answer is beyond a ceiling.
func (p *Printer) fit(f generate.Fit) {
	switch {
	case len(f.Beyond) > 0:
		p.heading(Red, "Not within "+Printable(f.Ceiling))
	case f.Reason != "":
		p.heading(Yellow, "Not known whether it is within "+Printable(f.Ceiling))
	}
	for _, a := range f.Beyond {
		lines := accessLines(a)
		p.Printf("    - %s\n", Printable(lines[0]))
		for _, line := range lines[1:] {
			p.Printf("      %s\n", p.Text(Dim, Printable(line)))
		}
		why := "allowed by " + strings.Join(a.AllowedBy, ", ") + ", not by any statement of " + f.Ceiling
		if len(a.DeniedBy) > 0 {
			why = "allowed by " + strings.Join(a.AllowedBy, ", ") + ", denied by " + strings.Join(a.DeniedBy, ", ") + " of " + f.Ceiling
		}
		p.Printf("      %s\n", p.Text(Dim, Printable(why)))
	}
	if f.More {
		p.Printf("    %s\n", p.Text(Dim, "and more"))
	} else if f.Reason != "" {
		p.Printf("    %s\n", f.Reason)
	}
}
