// Package arn knows the Amazon Resource Name and its pattern. It knows no service: which
// ARNs a service has is the business of package catalog.
package arn

import (
	"errors"
	"strings"
)

// ErrSyntax: the text is not an Amazon Resource Name.
var ErrSyntax = errors.New("not an ARN: want arn:partition:service:region:account:resource")

// An ARN is an Amazon Resource Name. Region, AccountID and also the other fields may be
// empty; the resource may contain colons and slashes.
type ARN struct {
	Partition, Service, Region, AccountID, Resource string
}

// Parse reads an ARN: six fields separated by colons, the first of which is "arn" and the
// last of which takes all further colons. It returns ErrSyntax for any other text. Fields
// may be empty and may hold wildcards: which values a field takes is not checked.
func Parse(s string) (ARN, error) {
	fields, n := Fields(s)
	if n < len(fields) || fields[0] != "arn" {
		return ARN{}, ErrSyntax
	}
	return ARN{fields[1], fields[2], fields[3], fields[4], fields[5]}, nil
}

// String returns the text that Parse reads.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.AccountID, a.Resource}, ":")
}

// Fields splits an ARN or a pattern of one at its first five colons and returns the fields
// and how many there are; the others are empty. A colon inside a policy variable, as in
// ${aws:username}, does not separate, unless the variable has no closing brace.
func Fields(s string) (fields [6]string, n int) {
	for n < len(fields)-1 {
		i := separator(s)
		if i < 0 {
			break
		}
		fields[n], s = s[:i], s[i+1:]
		n++
	}
	fields[n] = s
	return fields, n + 1
}

// separator returns the index of the first colon of s outside variables, or -1.
func separator(s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ':':
			return i
		case s[i] == '$' && i+1 < len(s) && s[i+1] == '{':
			if end := strings.IndexByte(s[i:], '}'); end > 0 {
				i += end
			}
		}
	}
	return -1
}
