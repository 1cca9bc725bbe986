// Package finding holds the one shape of a reported defect: which rule found it, how severe it
// is, where it stands, what shows it, and how it can be mended.
package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// A Severity says how much a finding matters. The zero Severity is none.
type Severity int

// The severities, from the least.
const (
	Suggestion Severity = iota + 1 // the policy could be plainer
	Warning                        // the policy may not do what was meant
	Security                       // the policy allows, or may allow, what it should not
	Error                          // AWS refuses the policy, or a part of it has no effect
)

var severityNames = []string{Suggestion: "suggestion", Warning: "warning", Security: "security", Error: "error"}

// String returns the name of the severity as configurations and reports write it.
func (s Severity) String() string {
	if s < Suggestion || s > Error {
		return "none"
	}
	return severityNames[s]
}

// ParseSeverity reads what String writes. The error names the severities that there are.
func ParseSeverity(name string) (Severity, error) {
	if i := slices.Index(severityNames, strings.ToLower(name)); i > 0 {
		return Severity(i), nil
	}
	return 0, fmt.Errorf("no severity is called %q; there are error, security, warning, suggestion", name)
}

// MarshalText writes the severity as String does.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText is ParseSeverity.
func (s *Severity) UnmarshalText(text []byte) error {
	parsed, err := ParseSeverity(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// A Finding is one reported defect of one document.
type Finding struct {
	Rule     string          `json:"rule"`
	Alias    string          `json:"alias,omitempty"` // the code of IAM Access Analyzer for it
	Severity Severity        `json:"severity"`
	Message  string          `json:"message"` // one line
	Position policy.Position `json:"position"`

	Path      string   `json:"path,omitempty"`      // the element, as Statement[0].Action[1]
	Statement int      `json:"statement,omitempty"` // from 1; 0: the document as a whole
	Sid       string   `json:"sid,omitempty"`
	Notes     []string `json:"notes,omitempty"` // what else a reader should know, a line each
	Witness   *Request `json:"witness,omitempty"`
	Fix       *Fix     `json:"fix,omitempty"`
}

// Note adds a line to the finding.
func (f *Finding) Note(format string, args ...any) {
	f.Notes = append(f.Notes, fmt.Sprintf(format, args...))
}

// A Request is a request that shows a finding: the document decides it as the message says.
type Request struct {
	PrincipalType string              `json:"principalType,omitempty"` // AWS, Service, Federated
	Principal     string              `json:"principal,omitempty"`     // empty: whom the policy is attached to
	Action        string              `json:"action"`
	Resource      string              `json:"resource"`
	Context       map[string][]string `json:"context,omitempty"`
}

// String returns the request as one line with its context sorted by key.
func (r *Request) String() string {
	var b strings.Builder
	b.WriteString(r.Action + " on " + r.Resource)
	if r.Principal != "" {
		b.WriteString(" by " + r.Principal)
	}
	keys := make([]string, 0, len(r.Context))
	for key := range r.Context {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for i, key := range keys {
		b.WriteString([]string{" with ", ", "}[min(i, 1)] + key + "=" + strings.Join(r.Context[key], ","))
	}
	return b.String()
}

// A Fix mends a finding by edits of the text.
type Fix struct {
	Title string `json:"title"` // what is done, as "remove s3:GetObject"
	Edits []Edit `json:"edits"`
}

// An Op is what an Edit does.
type Op string

// What edits can do.
const (
	Replace Op = "replace" // the string at the position, a name or a value, becomes Text
	Remove  Op = "remove"  // the list item, or the member of an object, at the position goes
	Insert  Op = "insert"  // Text, a member, is put first in the object at the position
)

// An Edit changes one place of a text of JSON.
type Edit struct {
	Position policy.Position `json:"position"`
	Op       Op              `json:"op"`
	Text     string          `json:"text,omitempty"`
}

// Sort orders findings by their place, then by rule and message.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message),
		)
	})
}
