package condition

import (
	"errors"
	"strings"
	"testing"
)

func TestParseOperator(t *testing.T) {
	tests := []struct {
		name string
		want Operator
	}{
		{"StringEquals", Operator{Base: StringEquals}},
		{"stringnotlike", Operator{Base: StringNotLike}},
		{"IpAddress", Operator{Base: IPAddress}},
		{"BoolIfExists", Operator{Base: Bool, IfExists: true}},
		{"ForAllValues:StringLike", Operator{Base: StringLike, Set: ForAllValues}},
		{"foranyvalue:ArnLikeIfExists", Operator{Base: ArnLike, Set: ForAnyValue, IfExists: true}},
		{"Null", Operator{Base: Null}},
	}
	for _, tt := range tests {
		got, err := ParseOperator(tt.name)
		if err != nil || got != tt.want {
			t.Errorf("ParseOperator(%q) = %+v, %v, want %+v", tt.name, got, err, tt.want)
		}
		if !strings.EqualFold(got.String(), tt.name) {
			t.Errorf("ParseOperator(%q).String() = %q", tt.name, got.String())
		}
	}
	for _, name := range []string{"", "IfExists", "NullIfExists", "String", "BinaryNotEquals", "ForSomeValues:Bool", "Bool:ForAnyValue", "ForAnyValue:", ":Bool", "StringEqualsIfExistsIfExists"} {
		_, err := ParseOperator(name)
		var unknown *UnknownOperatorError
		if !errors.As(err, &unknown) || unknown.Name != name {
			t.Errorf("ParseOperator(%q) error = %v, want an UnknownOperatorError", name, err)
		}
	}
}

func TestBasesRoundTrip(t *testing.T) {
	if len(Bases()) != 27 {
		t.Errorf("len(Bases()) = %d, want 27", len(Bases()))
	}
	for _, b := range Bases() {
		o, err := ParseOperator(b.String())
		if err != nil || o != (Operator{Base: b}) {
			t.Errorf("ParseOperator(%q) = %+v, %v", b, o, err)
		}
	}
}

func TestAbsent(t *testing.T) {
	tests := []struct {
		operator string
		want     bool
	}{
		{"StringEquals", false},
		{"StringNotEquals", true},
		{"NumericLessThan", false},
		{"NotIpAddress", true},
		{"StringEqualsIfExists", true},
		{"ForAllValues:StringEquals", true},
		{"ForAllValues:StringNotEquals", true},
		{"ForAnyValue:StringEquals", false},
		{"ForAnyValue:StringNotEquals", false},
		{"ForAnyValue:StringEqualsIfExists", true},
	}
	for _, tt := range tests {
		o, err := ParseOperator(tt.operator)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Absent(); got != tt.want {
			t.Errorf("%s.Absent() = %v, want %v", tt.operator, got, tt.want)
		}
		if got := o.Match([]string{"1"}, nil); got != tt.want {
			t.Errorf("%s.Match([1], nil) = %v, want %v", tt.operator, got, tt.want)
		}
	}
}

// TestNegation: an operator and its negation never agree on a key with one value, and
// ForAllValues is the opposite of ForAnyValue with the negated operator.
func TestNegation(t *testing.T) {
	pairs := [][2]Base{
		{StringEquals, StringNotEquals}, {StringEqualsIgnoreCase, StringNotEqualsIgnoreCase},
		{StringLike, StringNotLike}, {NumericEquals, NumericNotEquals}, {DateEquals, DateNotEquals},
		{IPAddress, NotIPAddress}, {ArnEquals, ArnNotEquals}, {ArnLike, ArnNotLike},
	}
	values := []string{"", "a", "A", "a*", "1", "1.0", "2026", "2026-01-01", "10.0.0.1", "10.0.0.0/8", "::1", "arn:aws:s3:::b", "arn:aws:s3:::*"}
	for _, pair := range pairs {
		yes, no := Operator{Base: pair[0]}, Operator{Base: pair[1]}
		all, anyNot := Operator{pair[0], ForAllValues, false}, Operator{pair[1], ForAnyValue, false}
		for _, want := range values {
			for _, have := range values {
				if yes.Match([]string{want}, []string{have}) == no.Match([]string{want}, []string{have}) {
					t.Errorf("%v and %v agree on want %q, have %q", yes, no, want, have)
				}
				set := []string{have, "z"}
				if all.Match([]string{want}, set) == anyNot.Match([]string{want}, set) {
					t.Errorf("%v and %v agree on want %q, have %q", all, anyNot, want, set)
				}
			}
		}
	}
}

func TestCheckValue(t *testing.T) {
	tests := []struct {
		base  Base
		value string
		ok    bool
	}{
		{StringEquals, "anything", true},
		{NumericEquals, "-1.5", true},
		{NumericEquals, "1,5", false},
		{DateLessThan, "2026-06-01T12:00:00Z", true},
		{DateLessThan, "1 June", false},
		{IPAddress, "10.0.0.0/8", true},
		{IPAddress, "10.0.0.0/33", false},
		{Bool, "True", true},
		{Bool, "1", false},
		{Null, "false", true},
		{BinaryEquals, "AQID", true},
		{BinaryEquals, "AQI", false},
		{ArnLike, "arn:aws:s3:::b", true},
		{ArnLike, "*", true},
		{ArnLike, "${aws:PrincipalArn}", true},
		{ArnLike, "bucket", false},
	}
	for _, tt := range tests {
		if err := tt.base.CheckValue(tt.value); (err == nil) != tt.ok {
			t.Errorf("%v.CheckValue(%q) = %v, want ok %v", tt.base, tt.value, err, tt.ok)
		}
	}
}
