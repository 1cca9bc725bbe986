package token

import (
	"net/netip"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A LiteralKind is the type of a literal that can be told from its shape alone.
type LiteralKind int

// The kinds of literals.
const (
	NoLiteral LiteralKind = iota
	ARNLiteral
	AccountLiteral
	RegionLiteral
	AddressLiteral // IP address or network
	OrgLiteral
	OULiteral // OU or root id, or a path of them
	VPCLiteral
	VPCELiteral
	S3Literal  // s3://bucket/key
	TagLiteral // Key=Value
	UUIDLiteral
	PathLiteral // /a/b
	DateLiteral
	ServiceLiteral // lambda.amazonaws.com
	HostLiteral    // other host names and URLs
	MailLiteral
	ActionLiteral   // s3:GetObject
	VariableLiteral // ${aws:username}
	NumberLiteral
)

// A Literal is a typed piece of text.
type Literal struct {
	Kind  LiteralKind
	Value string // normalised
	Key   string // of a tag
}

// ParseLiteral recognises a literal by its shape.
func ParseLiteral(text string, lex *lexicon.Lexicon) (Literal, bool) {
	lower := strings.ToLower(text)
	switch {
	case strings.HasPrefix(lower, "arn:"):
		return Literal{Kind: ARNLiteral, Value: text}, true
	case IsAccount(text):
		return Literal{Kind: AccountLiteral, Value: strings.ReplaceAll(text, "-", "")}, true
	case strings.HasPrefix(lower, "s3://"):
		return Literal{Kind: S3Literal, Value: text[5:]}, true
	case strings.HasPrefix(text, "${") && strings.HasSuffix(text, "}"):
		return Literal{Kind: VariableLiteral, Value: text}, true
	case strings.HasPrefix(lower, "<aws:") && strings.HasSuffix(text, ">"):
		return Literal{Kind: VariableLiteral, Value: "${" + text[1:len(text)-1] + "}"}, true
	case strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://"):
		return Literal{Kind: HostLiteral, Value: text}, true
	case IsUUID(text):
		return Literal{Kind: UUIDLiteral, Value: text}, true
	case IsDigits(text):
		return Literal{Kind: NumberLiteral, Value: text}, true
	}
	if code, ok := lex.Region(lower); ok && code == lower {
		return Literal{Kind: RegionLiteral, Value: code}, true
	}
	if lit, ok := parseID(text, lower); ok {
		return lit, true
	}
	return parseShaped(text, lower)
}

// parseID recognises the identifiers that conditions speak about.
func parseID(text, lower string) (Literal, bool) {
	switch {
	case IsAddress(text):
		return Literal{Kind: AddressLiteral, Value: text}, true
	case strings.HasPrefix(text, "o-") && isIDTail(text[2:], 8):
		return Literal{Kind: OrgLiteral, Value: text}, true
	case strings.HasPrefix(text, "ou-") && len(text) > 8 || strings.HasPrefix(text, "r-") && isIDTail(text[2:], 4) && len(text) < 36 && IsLowerAlphanumeric(text[2:]):
		return Literal{Kind: OULiteral, Value: text}, true
	case strings.HasPrefix(lower, "vpce-") && isIDTail(text[5:], 4):
		return Literal{Kind: VPCELiteral, Value: text}, true
	case strings.HasPrefix(lower, "vpc-") && IsHex(text[4:]) && len(text) >= 8:
		return Literal{Kind: VPCLiteral, Value: text}, true
	}
	return Literal{}, false
}

func parseShaped(text, lower string) (Literal, bool) {
	switch {
	case strings.HasSuffix(lower, ".amazonaws.com") && !strings.ContainsAny(text, "/:@") || strings.HasSuffix(lower, ".amazonaws.com.cn") && !strings.Contains(text, "/"):
		return Literal{Kind: ServiceLiteral, Value: lower}, true
	case isDate(text):
		return Literal{Kind: DateLiteral, Value: text}, true
	case strings.HasPrefix(text, "/") && len(text) > 1:
		return Literal{Kind: PathLiteral, Value: text}, true
	case isAction(text):
		return Literal{Kind: ActionLiteral, Value: text}, true
	case strings.Contains(text, "@") && strings.Contains(text, ".") && !strings.ContainsAny(text, " /"):
		return Literal{Kind: MailLiteral, Value: text}, true
	}
	if key, value, ok := strings.Cut(text, "="); ok && key != "" && value != "" && !strings.ContainsAny(key, "/<>!") && len(key) <= 128 {
		return Literal{Kind: TagLiteral, Key: strings.Trim(key, "\"'`"), Value: strings.Trim(value, "\"'`")}, true
	}
	return Literal{}, false
}

// IsAccount says whether a text is an account ID, plain or in groups of four digits.
func IsAccount(text string) bool {
	if len(text) == 14 && text[4] == '-' && text[9] == '-' {
		text = strings.ReplaceAll(text, "-", "")
	}
	return arn.IsAccountID(text)
}

// IsDigits says that a text consists of digits alone.
func IsDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// IsHex says that a text consists of hexadecimal digits alone.
func IsHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if !(s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'f' || s[i] >= 'A' && s[i] <= 'F') {
			return false
		}
	}
	return s != ""
}

// isIDTail says whether s is lower-case letters and digits with at least n of them and a digit.
func isIDTail(s string, n int) bool {
	return len(s) >= n && IsLowerAlphanumeric(s)
}

// IsLowerAlphanumeric says that a text consists of digits and small letters alone.
func IsLowerAlphanumeric(s string) bool {
	for i := 0; i < len(s); i++ {
		if !(s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'z') {
			return false
		}
	}
	return s != ""
}

// IsUUID says whether a text has the shape of a UUID.
func IsUUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	return IsHex(strings.ReplaceAll(s, "-", ""))
}

// IsAddress says whether a text is an IP address or a network.
func IsAddress(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil && strings.ContainsAny(s, ".:") {
		return true
	}
	_, err := netip.ParsePrefix(s)
	return err == nil
}

// isDate recognises 2026-09-01 and 2026-09-01T12:00:00Z.
func isDate(s string) bool {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' || !IsDigits(s[:4]) || !IsDigits(s[5:7]) || !IsDigits(s[8:10]) {
		return false
	}
	return len(s) == 10 || s[10] == 'T'
}

// isAction recognises prefix:ActionName and patterns of it.
func isAction(s string) bool {
	prefix, name, ok := strings.Cut(s, ":")
	if !ok || name == "" || prefix == "" || len(prefix) > 40 {
		return false
	}
	for i := 0; i < len(prefix); i++ {
		if c := prefix[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	if name == "*" {
		return true
	}
	if name[0] < 'A' || name[0] > 'Z' {
		return false
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '*' || c == '?') {
			return false
		}
	}
	return true
}
