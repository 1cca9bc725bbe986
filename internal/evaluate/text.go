package evaluate

import (
	"strconv"

	"github.com/aegis-iam/aegis/internal/policy"
)

// String returns the explanation as text, as AppendText writes it.
func (e *Explanation) String() string { return string(e.AppendText(nil)) }

// AppendText appends the explanation as lines of English: the decision, one line for each
// statement that the action falls under, one for the others of each policy, and the keys
// that are missing. Policies and statements are numbered from 1.
func (e *Explanation) AppendText(to []byte) []byte {
	to = append(to, e.Decision.String()...)
	to = append(to, ": "...)
	to = append(to, e.Request.Action...)
	if e.Request.Resource != "" {
		to = append(to, " on "...)
		to = append(to, e.Request.Resource...)
	}
	switch e.Decision {
	case Allowed:
		to = append(to, "; a statement allows it and none denies it\n"...)
	case ExplicitDeny:
		to = append(to, "; a statement denies it\n"...)
	case ImplicitDeny:
		to = append(to, "; no statement allows it\n"...)
	}
	for start := 0; start < len(e.Statements); {
		end := start
		for end < len(e.Statements) && e.Statements[end].Policy == e.Statements[start].Policy {
			end++
		}
		to = appendPolicy(to, e.Statements[start:end])
		start = end
	}
	for i, key := range e.MissingKeys {
		to = append(to, separator(i, "missing from the request: ")...)
		to = append(to, key...)
	}
	if len(e.MissingKeys) > 0 {
		to = append(to, '\n')
	}
	return to
}

func separator(i int, first string) string {
	if i == 0 {
		return first
	}
	return ", "
}

func appendPolicy(to []byte, parts []Part) []byte {
	others := 0
	for i := range parts {
		if parts[i].Failed.Has(ActionElement) {
			others++
			continue
		}
		to = parts[i].appendText(to)
	}
	if others == 0 {
		return to
	}
	to = append(to, "policy "...)
	to = strconv.AppendInt(to, int64(parts[0].Policy)+1, 10)
	to = append(to, ": the action does not match statement"...)
	return append(appendNumbers(to, parts), '\n')
}

// appendNumbers writes the statements whose action does not match, runs as from-to.
func appendNumbers(to []byte, parts []Part) []byte {
	listed := 0
	for i := 0; i < len(parts); i++ {
		if !parts[i].Failed.Has(ActionElement) {
			continue
		}
		first := i
		for i+1 < len(parts) && parts[i+1].Failed.Has(ActionElement) {
			i++
		}
		to = append(to, separator(listed, " ")...)
		listed++
		to = strconv.AppendInt(to, int64(parts[first].Statement)+1, 10)
		if i > first {
			to = append(to, '-')
			to = strconv.AppendInt(to, int64(parts[i].Statement)+1, 10)
		}
	}
	return to
}

func (p *Part) appendText(to []byte) []byte {
	to = append(to, "policy "...)
	to = strconv.AppendInt(to, int64(p.Policy)+1, 10)
	to = append(to, " statement "...)
	to = strconv.AppendInt(to, int64(p.Statement)+1, 10)
	if p.Sid != "" {
		to = append(to, ' ')
		to = strconv.AppendQuote(to, p.Sid)
	}
	return p.appendPart(to)
}

// appendPart ends the line that names a statement with its part.
func (p *Part) appendPart(to []byte) []byte {
	switch {
	case p.Applies() && p.Effect == policy.Deny:
		return append(to, " denies it\n"...)
	case p.Applies():
		return append(to, " allows it\n"...)
	case p.Effect == policy.Deny:
		to = append(to, " does not deny it: "...)
	default:
		to = append(to, " does not allow it: "...)
	}
	return append(p.appendReasons(to), '\n')
}

func (p *Part) appendReasons(to []byte) []byte {
	written := 0
	if p.Failed.Has(PrincipalElement) {
		to = append(to, separator(written, "")...)
		to = append(to, "the principal does not match"...)
		written++
	}
	if p.Failed.Has(ResourceElement) {
		to = append(to, separator(written, "")...)
		to = append(to, "the resource does not match"...)
		written++
	}
	for i := range p.Conditions {
		if c := &p.Conditions[i]; !c.Holds {
			to = append(to, separator(written, "")...)
			to = c.appendText(to)
			written++
		}
	}
	return to
}

func (c *ConditionPart) appendText(to []byte) []byte {
	to = append(to, c.Operator...)
	to = append(to, ' ')
	to = append(to, c.Key...)
	to = append(to, " wants "...)
	to = appendValues(to, c.Want, " or ")
	if c.Missing {
		to = append(to, " but the request does not have the key"...)
	} else {
		to = append(to, " but the request has "...)
		to = appendValues(to, c.Have, ", ")
	}
	for i, key := range c.Unresolved {
		to = append(to, separator(i, " (no value for ")...)
		to = append(to, key...)
	}
	if len(c.Unresolved) > 0 {
		to = append(to, ')')
	}
	return to
}

func appendValues(to []byte, values []string, between string) []byte {
	for i, v := range values {
		if i > 0 {
			to = append(to, between...)
		}
		to = strconv.AppendQuote(to, v)
	}
	if len(values) == 0 {
		to = append(to, "nothing"...)
	}
	return to
}
