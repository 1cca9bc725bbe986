package compare_test

import (
	"fmt"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
)

// The solver cvc5 decides the same pairs by other means: the policies are written as one formula
// of the theories of strings, numbers and bit vectors. The encoding is read from the IAM User
// Guide again and shares no code with the search. Requests are those of open mode.

// smtKeys are the keys that the encoding knows, with how a value of theirs is written.
var smtKeys = map[string]string{
	"aws:PrincipalTag/t": "String", "aws:PrincipalArn": "String", "aws:MultiFactorAuthPresent": "Bool",
	"aws:MultiFactorAuthAge": "Real", "aws:CurrentTime": "Int", "aws:SourceIp": "Address", "aws:CalledVia": "String",
}

// slots are how many values of a key with many values the encoding has.
const slots = 3

func smtName(key string) string { return strings.NewReplacer(":", "_", "/", "_").Replace(key) }

func smtDeclarations() string {
	var b strings.Builder
	b.WriteString("(set-logic ALL)\n(declare-const action String)\n(declare-const resource String)\n")
	b.WriteString(`(define-const name RegLan (re.+ (re.union (re.range "a" "z") (re.range "0" "9") (str.to_re "-"))))` + "\n")
	b.WriteString(`(define-const plain RegLan (re.diff re.allchar (str.to_re ":")))` + "\n")
	b.WriteString(`(assert (str.in_re action (re.++ name (str.to_re ":") name)))` + "\n")
	b.WriteString(`(assert (or (= resource "*") (str.in_re resource (re.++ (str.to_re "arn:aws") (re.* (re.union (re.range "a" "z") (str.to_re "-")))
		(str.to_re ":") (re.+ plain) (str.to_re ":") re.all (str.to_re ":") re.all (str.to_re ":") (re.+ re.allchar)))))` + "\n")
	for _, k := range keyMakers {
		sort, known := smtKeys[k.key]
		if !known {
			continue
		}
		n := 1
		if k.multi {
			n = slots
		}
		for i := range n {
			at := smtName(k.key) + strconv.Itoa(i)
			fmt.Fprintf(&b, "(declare-const has_%s Bool)\n", at)
			if sort == "Address" {
				fmt.Fprintf(&b, "(declare-const six_%s Bool)\n(declare-const four_%s (_ BitVec 32))\n(declare-const %s (_ BitVec 128))\n", at, at, at)
				// What is mapped from version 4 is an address of version 4.
				fmt.Fprintf(&b, "(assert (not (= ((_ extract 127 32) %s) #x00000000000000000000ffff)))\n", at)
			} else {
				fmt.Fprintf(&b, "(declare-const %s %s)\n", at, sort)
			}
		}
	}
	return b.String()
}

func smtText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '"' || r == '\\' || r < ' ' || r > '~' {
			fmt.Fprintf(&b, `\u{%x}`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

func either(operator string, parts []string) string {
	switch {
	case len(parts) == 0 && operator == "and":
		return "true"
	case len(parts) == 0:
		return "false"
	case len(parts) == 1:
		return parts[0]
	}
	return "(" + operator + " " + strings.Join(parts, " ") + ")"
}

// smtGlob writes a pattern with * and ?, which stand for characters of a class.
func smtGlob(pattern, one, many string) string {
	parts := []string{`(str.to_re "")`}
	for _, r := range pattern {
		switch r {
		case '*':
			parts = append(parts, many)
		case '?':
			parts = append(parts, one)
		default:
			parts = append(parts, "(str.to_re "+smtText(string(r))+")")
		}
	}
	return either("re.++", parts)
}

// smtARN writes a pattern of an ARN, field by field.
func smtARN(pattern string) string {
	fields, n := arn.Fields(pattern)
	if pattern == "*" || n < 6 && strings.HasPrefix(pattern, "*") {
		return smtGlob(pattern, "re.allchar", "re.all")
	}
	var parts []string
	for i := range fields {
		field := "*"
		if i < n {
			field = fields[i]
		}
		if i == 5 {
			parts = append(parts, smtGlob(field, "re.allchar", "re.all"))
		} else {
			parts = append(parts, smtGlob(field, "plain", "(re.* plain)"), `(str.to_re ":")`)
		}
	}
	return either("re.++", parts)
}

func smtFold(text string) string {
	parts := []string{`(str.to_re "")`}
	for _, r := range text {
		cases := []string{"(str.to_re " + smtText(string(r)) + ")"}
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			cases = append(cases, "(str.to_re "+smtText(string(f))+")")
		}
		parts = append(parts, either("re.union", cases))
	}
	return either("re.++", parts)
}

// smtMatch writes that a value, by the name of its constant, is what one wanted value asks for.
func smtMatch(t testing.TB, base condition.Base, at, want string) string {
	t.Helper()
	name := strings.Replace(base.String(), "Not", "", 1)
	inside := func(re string) string { return "(str.in_re " + at + " " + re + ")" }
	order := "="
	for suffix, o := range map[string]string{"LessThan": "<", "LessThanEquals": "<=", "GreaterThan": ">", "GreaterThanEquals": ">="} {
		if strings.HasSuffix(name, suffix) {
			order = o
		}
	}
	switch {
	case name == "StringEquals":
		return "(= " + at + " " + smtText(want) + ")"
	case name == "StringLike":
		return inside(smtGlob(want, "re.allchar", "re.all"))
	case name == "StringEqualsIgnoreCase":
		return inside(smtFold(want))
	case strings.HasPrefix(name, "Arn"):
		return inside(smtARN(want))
	case name == "Bool":
		return fmt.Sprintf("(= %s %s)", at, strings.ToLower(want))
	case strings.HasPrefix(name, "Numeric"):
		n, ok := new(big.Rat).SetString(want)
		if !ok {
			t.Fatalf("number %q", want)
		}
		return fmt.Sprintf("(%s (* %s.0 %s) %s)", order, n.Denom(), at, smtInteger(n.Num(), ".0"))
	case strings.HasPrefix(name, "Date"):
		return fmt.Sprintf("(%s %s %s)", order, at, smtInteger(smtDate(t, want), ""))
	}
	return smtAddress(t, at, want)
}

func smtInteger(n *big.Int, suffix string) string {
	if n.Sign() < 0 {
		return "(- " + new(big.Int).Neg(n).String() + suffix + ")"
	}
	return n.String() + suffix
}

func smtDate(t testing.TB, want string) *big.Int {
	t.Helper()
	if seconds, err := strconv.ParseInt(want, 10, 64); err == nil {
		return new(big.Int).Mul(big.NewInt(seconds), big.NewInt(1e9))
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if d, err := time.Parse(layout, want); err == nil {
			return big.NewInt(d.UnixNano())
		}
	}
	t.Fatalf("date %q", want)
	return nil
}

func smtAddress(t testing.TB, at, want string) string {
	t.Helper()
	if !strings.Contains(want, "/") {
		want += "/32"
	}
	r, err := netip.ParsePrefix(want)
	if err != nil {
		t.Fatal(err)
	}
	size, variable, six := 32, "four_"+at, "(not six_"+at+")"
	if r.Addr().Is6() {
		size, variable, six = 128, at, "six_"+at
	}
	if r.Bits() == 0 {
		return six
	}
	value := new(big.Int).SetBytes(r.Masked().Addr().AsSlice())
	value.Rsh(value, uint(size-r.Bits()))
	return fmt.Sprintf("(and %s (= ((_ extract %d %d) %s) (_ bv%s %d)))", six, size-1, size-r.Bits(), variable, value, r.Bits())
}

// smtCondition writes a condition.
func smtCondition(t testing.TB, c policy.Condition, multi bool) string {
	t.Helper()
	o, err := condition.ParseOperator(c.Operator)
	if err != nil {
		t.Fatal(err)
	}
	n := 1
	if multi {
		n = slots
	}
	var has, some, every []string
	for i := range n {
		at := smtName(c.Key) + strconv.Itoa(i)
		has = append(has, "has_"+at)
		var matches []string
		for _, v := range c.Values {
			matches = append(matches, smtMatchOrNull(t, o.Base, at, v.Text))
		}
		match := either("or", matches)
		negated := o.Base.Negated()
		passes := match
		if negated {
			passes = "(not " + match + ")"
		}
		filled := "true"
		if smtKeys[c.Key] == "String" && o.Set != condition.NoSet {
			filled = "(not (= " + at + ` ""))`
		}
		some = append(some, fmt.Sprintf("(and has_%s %s %s)", at, filled, passes))
		every = append(every, fmt.Sprintf("(or (not has_%s) (not %s) %s)", at, filled, passes))
	}
	present := either("or", has)
	if o.Base == condition.Null {
		var wants []string
		for _, v := range c.Values {
			if strings.EqualFold(v.Text, "true") {
				wants = append(wants, "(not "+present+")")
			} else {
				wants = append(wants, present)
			}
		}
		return either("or", wants)
	}
	passes := either("or", some)
	if o.Set == condition.ForAllValues || o.Set == condition.NoSet && o.Base.Negated() {
		passes = either("and", every)
	}
	absent := o.IfExists || o.Set == condition.ForAllValues || o.Set == condition.NoSet && o.Base.Negated()
	return fmt.Sprintf("(ite %s %s %v)", present, passes, absent)
}

func smtMatchOrNull(t testing.TB, base condition.Base, at, want string) string {
	t.Helper()
	if base == condition.Null {
		return "false"
	}
	return smtMatch(t, base, at, want)
}

func smtAllowed(t testing.TB, d *policy.Document) string {
	t.Helper()
	var allow, deny []string
	for _, s := range d.Statements {
		var parts, actions, resources []string
		for _, a := range append(s.Actions, s.NotActions...) {
			actions = append(actions, "(str.in_re action "+smtGlob(strings.ToLower(a.Text), "re.allchar", "re.all")+")")
		}
		for _, r := range append(s.Resources, s.NotResources...) {
			resources = append(resources, "(str.in_re resource "+smtARN(r.Text)+")")
		}
		parts = append(parts, either("or", actions), either("or", resources))
		if s.NotActions != nil {
			parts[0] = "(not " + parts[0] + ")"
		}
		if s.NotResources != nil {
			parts[1] = "(not " + parts[1] + ")"
		}
		for _, c := range s.Conditions {
			parts = append(parts, smtCondition(t, c, c.Key == "aws:CalledVia"))
		}
		if s.Effect == policy.Deny {
			deny = append(deny, either("and", parts))
		} else {
			allow = append(allow, either("and", parts))
		}
	}
	return "(and " + either("or", allow) + " (not " + either("or", deny) + "))"
}

// smtPair makes a pair whose keys the encoding knows.
func smtPair(m *maker, near bool) (old, new *policy.Document) {
	for {
		old, new = m.document(), m.document()
		if near {
			new = m.mutated(old)
			if m.IntN(2) == 0 {
				old, new = new, old
			}
		}
		known := true
		for _, d := range []*policy.Document{old, new} {
			for _, s := range d.Statements {
				for _, c := range s.Conditions {
					known = known && smtKeys[c.Key] != ""
				}
			}
		}
		if known {
			return old, new
		}
	}
}
