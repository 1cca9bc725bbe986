package generate

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/policy"
)

// MaxWords is the length in bytes of the longest request that is read.
const MaxWords = 16 << 10

// What makes a request one that cannot be read.
var (
	// ErrEmpty: a request has no words.
	ErrEmpty = errors.New("the request is empty")
	// ErrTooLong: a request is longer than MaxWords.
	ErrTooLong = fmt.Errorf("the request is longer than %d bytes", MaxWords)
	// ErrEncoding: a request is not UTF-8.
	ErrEncoding = errors.New("the request is not UTF-8 text")
)

// A Request is what a person asks for, with what is known beside the words.
type Request struct {
	Words     string
	Kind      policy.Kind // empty: told from the words
	Partition string      // empty: aws
	Account   string      // of the resources; empty: left open
	Region    string      // of the resources; empty: left open
	Within    []Ceiling   // what the document must not go beyond
	Brief     bool        // answer without compliance, which takes a tenth of the time
}

// What goes into the places of an ARN that stand for partition, region and account.
var (
	partitions   = []string{"", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}
	accountShape = regexp.MustCompile(`^([0-9]{12})?$`)
	regionShape  = regexp.MustCompile(`^([a-z]{2,4}(-[a-z]+)+-[0-9]{1,2})?$`)
)

// Check returns what is wrong with the places and the ceilings of a request; the words are not looked at.
func (r Request) Check() error {
	switch {
	case !accountShape.MatchString(r.Account):
		return fmt.Errorf("%s %q is not one: %s", "account", r.Account, "an account ID has twelve digits")
	case !regionShape.MatchString(r.Region):
		return fmt.Errorf("%s %q is not one: %s", "region", r.Region, "regions are written like eu-west-1")
	case !slices.Contains(partitions, r.Partition):
		return fmt.Errorf("%s %q is not one: %s", "partition", r.Partition, "there are aws, aws-cn and aws-us-gov")
	}
	for _, c := range r.Within {
		if err := c.Check(); err != nil {
			return err
		}
	}
	return nil
}

// Check returns why words cannot be a request: an error that wraps ErrEmpty, ErrTooLong or
// ErrEncoding; nil if they can.
func Check(words string) error {
	switch {
	case len(words) > MaxWords:
		return ErrTooLong
	case !utf8.ValidString(words):
		return ErrEncoding
	case blank(words):
		return ErrEmpty
	}
	return nil
}

func blank(words string) bool {
	for _, r := range words {
		if r > ' ' && r != '\u00a0' && r != '\ufeff' {
			return false
		}
	}
	return true
}
