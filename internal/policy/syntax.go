package policy

import "fmt"

// A Code names the sort of a syntax error. Codes are stable: callers may branch on them.
type Code string

// The codes of syntax errors.
const (
	CodeSize               Code = "size"                // longer than MaxSize
	CodeEncoding           Code = "encoding"            // not UTF-8, or with a byte order mark
	CodeJSON               Code = "json"                // not JSON
	CodeDepth              Code = "depth"               // nested deeper than the grammar can be
	CodeDataType           Code = "data-type"           // a value of the wrong JSON type
	CodeDuplicate          Code = "duplicate-key"       // an element, operator or key given twice
	CodeUnknownElement     Code = "unknown-element"     // no element of this name
	CodeElementCombination Code = "element-combination" // Action with NotAction, and the like
	CodeMissingStatement   Code = "missing-statement"   // no Statement
	CodeMissingEffect      Code = "missing-effect"      // a statement without Effect
	CodeMissingAction      Code = "missing-action"      // a statement without Action and NotAction
	CodeInvalidVersion     Code = "invalid-version"     // neither 2012-10-17 nor 2008-10-17
	CodeInvalidEffect      Code = "invalid-effect"      // neither Allow nor Deny
	CodePrincipalFormat    Code = "principal-format"    // neither "*" nor an object
	CodePrincipalType      Code = "principal-type"      // none of the four types of principals
	CodeTooMany            Code = "too-many"            // reading stopped after 100 errors
)

// A SyntaxError says where a text stops being an IAM policy.
type SyntaxError struct {
	Position Position
	Reason   string
	Code     Code
}

// Error returns the position, where there is one, and the reason.
func (e *SyntaxError) Error() string {
	if e.Position == (Position{}) {
		return e.Reason
	}
	return e.Position.String() + ": " + e.Reason
}

func syntaxError(code Code, at Position, format string, args ...any) *SyntaxError {
	return &SyntaxError{Position: at, Reason: fmt.Sprintf(format, args...), Code: code}
}
