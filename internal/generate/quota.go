package generate

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// fit deals with a document that is over the quota of its kind: several documents take its
// place, if they are proved to allow the same, or a question says what is needed.
func (g Generator) fit(a *Answer) {
	quota, ok := quotaOf(a.Policy, a.Kind)
	if !ok {
		return
	}
	size := quota.Counting.Size(a.Policy.Compact())
	if size <= quota.Limit {
		if quota.Counting.Size(a.Policy.JSON()) > quota.Limit {
			a.Notes = append(a.Notes, fmt.Sprintf("Store the policy without white space: with it, it is over the quota of %d %s.",
				quota.Limit, quota.Counting))
		}
		return
	}
	over := fmt.Sprintf("The policy has %d %s; the quota is %d", size, quota.Counting, quota.Limit)
	if a.Kind.Several() {
		parts := split(a.Policy, quota)
		if parts != nil && g.same(a.Policy, union(parts), a.Kind) {
			a.Parts = parts
			a.Notes = append(a.Notes, fmt.Sprintf("%s. It is split into %d policies, which together allow the same; that is proved.", over, len(parts)))
			return
		}
	}
	if quota.Maximum > quota.Limit && size <= quota.Maximum {
		a.Notes = append(a.Notes, fmt.Sprintf("%s. AWS raises it up to %d on request.", over, quota.Maximum))
		return
	}
	a.Questions = append(a.Questions, intent.Question{
		Text: over + ", and a policy of this kind cannot be split. Which of the services or resources can be left out, or named by a pattern?",
	})
}

// quotaOf returns the quota that a document falls under.
func quotaOf(d *policy.Document, kind policy.Kind) (policy.Quota, bool) {
	switch kind {
	case policy.IdentityBased:
		return policy.QuotaOf(kind, "managed")
	case policy.ResourceBased:
		for _, s := range d.Statements {
			for _, a := range s.Actions {
				service, _, _ := strings.Cut(a.Text, ":")
				return policy.QuotaOf(kind, strings.ToLower(service))
			}
		}
		return policy.Quota{}, false
	}
	return policy.QuotaOf(kind, "")
}

// split puts the statements of a document into as few documents as fit when they are taken in
// order; nil if a statement cannot be made small enough.
func split(d *policy.Document, quota policy.Quota) []*policy.Document {
	// The limit is kept with white space where that counts, because the parts are printed so.
	fits := func(statements ...policy.Statement) bool {
		part := policy.Document{Version: d.Version, ID: d.ID, Statements: statements}
		return quota.Counting.Size(part.JSON()) <= quota.Limit
	}
	var small []policy.Statement
	for _, s := range d.Statements {
		pieces := divide(s, fits)
		if pieces == nil {
			return nil
		}
		small = append(small, pieces...)
	}
	var parts []*policy.Document
	for _, s := range small {
		if n := len(parts); n > 0 && fits(append(parts[n-1].Statements[:len(parts[n-1].Statements):len(parts[n-1].Statements)], s)...) {
			parts[n-1].Statements = append(parts[n-1].Statements, s)
			continue
		}
		parts = append(parts, &policy.Document{Version: d.Version, ID: d.ID, Statements: []policy.Statement{s}})
	}
	return parts
}

// divide halves the actions or the resources of a statement until each piece fits; nil if
// neither can be halved. A statement is the union of its halves in either list.
func divide(s policy.Statement, fits func(...policy.Statement) bool) []policy.Statement {
	if fits(s) {
		return []policy.Statement{s}
	}
	first, second := s.Clone(), s.Clone()
	switch {
	case len(s.Resources) > 1 && len(s.Resources) >= len(s.Actions):
		half := len(s.Resources) / 2
		first.Resources, second.Resources = s.Resources[:half], s.Resources[half:]
	case len(s.Actions) > 1:
		half := len(s.Actions) / 2
		first.Actions, second.Actions = s.Actions[:half], s.Actions[half:]
	default:
		return nil
	}
	if s.Sid != "" {
		first.Sid, second.Sid = s.Sid+"A", s.Sid+"B"
	}
	a, b := divide(first, fits), divide(second, fits)
	if a == nil || b == nil {
		return nil
	}
	return append(a, b...)
}

// union is the document that stands for several documents together.
func union(parts []*policy.Document) *policy.Document {
	whole := &policy.Document{Version: policy.Version2012}
	for _, p := range parts {
		whole.Statements = append(whole.Statements, p.Statements...)
	}
	return whole
}
