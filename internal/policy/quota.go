package policy

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Counting is a way in which AWS counts the size of a policy.
type Counting string

// The ways of counting.
const (
	CountNonSpace   Counting = "characters without white space"
	CountCharacters Counting = "characters"
	CountBytes      Counting = "bytes"
)

// Size returns the size of a text of JSON in this way of counting. IAM does not say whether
// white space inside strings is free where white space is not counted; it is counted here, so
// that the result is never too small.
func (c Counting) Size(text []byte) int {
	switch c {
	case CountBytes:
		return len(text)
	case CountCharacters:
		return utf8.RuneCount(text)
	}
	n, quoted, escaped := 0, false, false
	for _, b := range text {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		}
		space := b == ' ' || b == '\t' || b == '\n' || b == '\r'
		if utf8.RuneStart(b) && (quoted || !space) {
			n++
		}
	}
	return n
}

// Size returns the characters of the canonical text without white space: what counts against
// the quotas of managed and inline policies.
func (d *Document) Size() int {
	return utf8.RuneCount(d.Compact())
}

// MaxSearched is how many bytes of a document without white space are searched: eight times the
// largest quota.
const MaxSearched = 8 * 32_768

// ErrOutsized: a document is far larger than any policy that AWS takes.
var ErrOutsized = fmt.Errorf("the policy is too large to be searched: over %d bytes without white space, eight times the largest quota of AWS", MaxSearched)

// CheckSearched returns ErrOutsized for a document that is far larger than any policy may be.
func (d *Document) CheckSearched() error {
	if len(d.Compact()) > MaxSearched {
		return ErrOutsized
	}
	return nil
}

// A Quota bounds the size of policies.
type Quota struct {
	Kind Kind
	// Holder tells apart the quotas of one kind: managed, user, group or role for
	// identity-based policies, the service prefix for resource-based ones, else empty. The
	// quotas of users, groups and roles bound the sum of all their inline policies.
	Holder   string
	Limit    int // what holds without a request to AWS
	Maximum  int // what AWS may raise the limit to
	Counting Counting
	Source   string // the page that says so
}

//go:embed quotas.tsv
var quotaTable string

var quotas = sync.OnceValue(func() []Quota {
	table, err := readQuotas(quotaTable)
	if err != nil {
		panic(err) // the embedded table is tested
	}
	return table
})

// Quotas returns all quotas. The result is the caller's own.
func Quotas() []Quota {
	return append([]Quota(nil), quotas()...)
}

// QuotaOf returns the quota of a kind of policy and its holder, and whether there is one.
func QuotaOf(kind Kind, holder string) (Quota, bool) {
	for _, q := range quotas() {
		if q.Kind == kind && q.Holder == holder {
			return q, true
		}
	}
	return Quota{}, false
}

// readQuotas reads lines of kind, holder, limit, maximum, counting and source.
func readQuotas(table string) ([]Quota, error) {
	var out []Quota
	for n, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			return nil, fmt.Errorf("read quotas: line %d has %d fields, want 6", n+1, len(f))
		}
		limit, err := strconv.Atoi(f[2])
		if err != nil {
			return nil, fmt.Errorf("read quotas: line %d: %w", n+1, err)
		}
		maximum, err := strconv.Atoi(f[3])
		if err != nil {
			return nil, fmt.Errorf("read quotas: line %d: %w", n+1, err)
		}
		out = append(out, Quota{
			Kind: Kind(f[0]), Holder: f[1], Limit: limit, Maximum: maximum, Counting: Counting(f[4]), Source: f[5],
		})
	}
	return out, nil
}
