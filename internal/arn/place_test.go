package arn

import "testing"

func TestIsAccountID(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"123456789012", true},
		{"12345678901", false},
		{"1234567890123", false},
		{"12345678901x", false},
		{"", false},
	}
	for _, test := range tests {
		if got := IsAccountID(test.text); got != test.want {
			t.Errorf("IsAccountID(%q) = %v, want %v", test.text, got, test.want)
		}
	}
}

func TestPartitionOf(t *testing.T) {
	tests := []struct{ region, want string }{
		{"eu-west-1", "aws"},
		{"cn-north-1", "aws-cn"},
		{"us-gov-west-1", "aws-us-gov"},
		{"eusc-de-east-1", "aws-eusc"},
		{"", "aws"},
	}
	for _, test := range tests {
		if got := PartitionOf(test.region); got != test.want {
			t.Errorf("PartitionOf(%q) = %q, want %q", test.region, got, test.want)
		}
	}
}
