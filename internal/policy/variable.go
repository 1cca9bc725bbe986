package policy

import "strings"

// A Variable is one ${...} of a Resource or of a condition value. IAM replaces variables in
// documents of version 2012-10-17 only.
type Variable struct {
	Start, End int    // the place of ${...} in the string, as bytes s[Start:End]
	Key        string // the condition key, as written; empty for a literal
	Default    string
	HasDefault bool
	Literal    byte // one of * ? $, which the variable stands for; or 0
	Defect     VariableDefect
}

// A VariableDefect says why a ${ begins no variable. Empty: it does.
type VariableDefect string

// The defects of variables.
const (
	VariableMissingBrace VariableDefect = "missing-brace" // no } follows; End is behind ${
	VariableMissingQuote VariableDefect = "missing-quote" // the default is not in single quotes
	VariableSpace        VariableDefect = "space"         // white space in or around the key
	VariableEmpty        VariableDefect = "empty"         // no key
)

// Variables returns the variables of s in their order, those with defects included. The forms
// are ${key}, ${key, 'default'} and the literals ${*}, ${?} and ${$}. A default ends at the
// first single quote that a closing brace follows, so that it may hold braces and quotes.
func Variables(s string) []Variable {
	var found []Variable
	for from := 0; ; {
		i := strings.Index(s[from:], "${")
		if i < 0 {
			return found
		}
		v := variable(s, from+i)
		found = append(found, v)
		from = v.End
	}
}

// variable reads the variable that begins at start.
func variable(s string, start int) Variable {
	v := Variable{Start: start, End: start + 2}
	end := strings.IndexByte(s[v.End:], '}')
	if end < 0 {
		v.Defect = VariableMissingBrace
		return v
	}
	body := s[v.End : v.End+end]
	key, rest, comma := strings.Cut(body, ",")
	v.Key, v.End = key, v.End+end+1
	switch {
	case body == "*" || body == "?" || body == "$":
		v.Key, v.Literal = "", body[0]
	case strings.TrimSpace(key) == "":
		v.Defect = VariableEmpty
	case strings.ContainsAny(key, " \t\r\n"):
		v.Defect = VariableSpace
	case comma:
		rest = s[v.End-1-len(rest):]
		text, length, ok := defaultValue(rest)
		if !ok {
			v.Defect = VariableMissingQuote
			return v
		}
		v.Default, v.HasDefault = text, true
		v.End = len(s) - len(rest) + length
	}
	return v
}

// defaultValue reads 'text'} at the start of s, with any white space around the quotes, and
// returns the text and the length of it all.
func defaultValue(s string) (text string, length int, ok bool) {
	trimmed := strings.TrimLeft(s, " \t")
	if !strings.HasPrefix(trimmed, "'") {
		return "", 0, false
	}
	start := len(s) - len(trimmed) + 1
	for i := start; i < len(s); i++ {
		if s[i] != '\'' {
			continue
		}
		if after := strings.TrimLeft(s[i+1:], " \t"); strings.HasPrefix(after, "}") {
			return s[start:i], len(s) - len(after) + 1, true
		}
	}
	return "", 0, false
}
