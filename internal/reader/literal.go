package reader

import (
	"net/netip"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A literalKind is the type of a literal that can be told from its shape alone.
type literalKind int

const (
	noLiteral literalKind = iota
	arnLiteral
	accountLiteral
	regionLiteral
	addressLiteral // IP address or network
	orgLiteral
	ouLiteral // OU or root id, or a path of them
	vpcLiteral
	vpceLiteral
	s3Literal  // s3://bucket/key
	tagLiteral // Key=Value
	uuidLiteral
	pathLiteral // /a/b
	dateLiteral
	serviceLiteral // lambda.amazonaws.com
	hostLiteral    // other host names and URLs
	mailLiteral
	actionLiteral   // s3:GetObject
	variableLiteral // ${aws:username}
	numberLiteral
)

// A literal is a typed piece of text.
type literal struct {
	kind  literalKind
	value string // normalised
	key   string // of a tag
}

// parseLiteral recognises a literal by its shape.
func parseLiteral(text string, lex *lexicon.Lexicon) (literal, bool) {
	lower := strings.ToLower(text)
	switch {
	case strings.HasPrefix(lower, "arn:"):
		return literal{kind: arnLiteral, value: text}, true
	case isAccount(text):
		return literal{kind: accountLiteral, value: strings.ReplaceAll(text, "-", "")}, true
	case strings.HasPrefix(lower, "s3://"):
		return literal{kind: s3Literal, value: text[5:]}, true
	case strings.HasPrefix(text, "${") && strings.HasSuffix(text, "}"):
		return literal{kind: variableLiteral, value: text}, true
	case strings.HasPrefix(lower, "<aws:") && strings.HasSuffix(text, ">"):
		return literal{kind: variableLiteral, value: "${" + text[1:len(text)-1] + "}"}, true
	case strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://"):
		return literal{kind: hostLiteral, value: text}, true
	case isUUID(text):
		return literal{kind: uuidLiteral, value: text}, true
	case isDigits(text):
		return literal{kind: numberLiteral, value: text}, true
	}
	if code, ok := lex.Region(lower); ok && code == lower {
		return literal{kind: regionLiteral, value: code}, true
	}
	if lit, ok := parseID(text, lower); ok {
		return lit, true
	}
	return parseShaped(text, lower)
}

// parseID recognises the identifiers that conditions speak about.
func parseID(text, lower string) (literal, bool) {
	switch {
	case isAddress(text):
		return literal{kind: addressLiteral, value: text}, true
	case strings.HasPrefix(text, "o-") && isIDTail(text[2:], 8):
		return literal{kind: orgLiteral, value: text}, true
	case strings.HasPrefix(text, "ou-") && len(text) > 8 || strings.HasPrefix(text, "r-") && isIDTail(text[2:], 4) && len(text) < 36 && hasLetterOrDigitOnly(text[2:]):
		return literal{kind: ouLiteral, value: text}, true
	case strings.HasPrefix(lower, "vpce-") && isIDTail(text[5:], 4):
		return literal{kind: vpceLiteral, value: text}, true
	case strings.HasPrefix(lower, "vpc-") && isHex(text[4:]) && len(text) >= 8:
		return literal{kind: vpcLiteral, value: text}, true
	}
	return literal{}, false
}

func parseShaped(text, lower string) (literal, bool) {
	switch {
	case strings.HasSuffix(lower, ".amazonaws.com") && !strings.ContainsAny(text, "/:@") || strings.HasSuffix(lower, ".amazonaws.com.cn") && !strings.Contains(text, "/"):
		return literal{kind: serviceLiteral, value: lower}, true
	case isDate(text):
		return literal{kind: dateLiteral, value: text}, true
	case strings.HasPrefix(text, "/") && len(text) > 1:
		return literal{kind: pathLiteral, value: text}, true
	case isAction(text):
		return literal{kind: actionLiteral, value: text}, true
	case strings.Contains(text, "@") && strings.Contains(text, ".") && !strings.ContainsAny(text, " /"):
		return literal{kind: mailLiteral, value: text}, true
	}
	if key, value, ok := strings.Cut(text, "="); ok && key != "" && value != "" && !strings.ContainsAny(key, "/<>!") && len(key) <= 128 {
		return literal{kind: tagLiteral, key: strings.Trim(key, "\"'`"), value: strings.Trim(value, "\"'`")}, true
	}
	return literal{}, false
}

func isAccount(text string) bool {
	if len(text) == 14 && text[4] == '-' && text[9] == '-' {
		text = strings.ReplaceAll(text, "-", "")
	}
	return arn.IsAccountID(text)
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if !(s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'f' || s[i] >= 'A' && s[i] <= 'F') {
			return false
		}
	}
	return s != ""
}

// isIDTail says whether s is lower-case letters and digits with at least n of them and a digit.
func isIDTail(s string, n int) bool {
	return len(s) >= n && hasLetterOrDigitOnly(s)
}

func hasLetterOrDigitOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if !(s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'z') {
			return false
		}
	}
	return s != ""
}

func isUUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	return isHex(strings.ReplaceAll(s, "-", ""))
}

func isAddress(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil && strings.ContainsAny(s, ".:") {
		return true
	}
	_, err := netip.ParsePrefix(s)
	return err == nil
}

// isDate recognises 2026-09-01 and 2026-09-01T12:00:00Z.
func isDate(s string) bool {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' || !isDigits(s[:4]) || !isDigits(s[5:7]) || !isDigits(s[8:10]) {
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
