package facts

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/wildcard"
)

func TestMeet(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"", "*", true}, {"", "a", false}, {"a*", "*b", true}, {"a*", "b*", false},
		{"role/app-*", "role/*-admin", true}, {"a?c", "abc", true}, {"a?c", "ac", false}, {"*x", "*y", false},
		{"bucket/*", "bucket", false}, {"*a*", "bbb", false}, {"*", "?", true}, {"??", "?", false}, {"a*b*c", "*b", false},
	}
	for _, tt := range tests {
		if got := Meet(tt.a, tt.b); got != tt.want {
			t.Errorf("Meet(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
		if got := Meet(tt.b, tt.a); got != tt.want {
			t.Errorf("Meet(%q, %q) = %v, want %v", tt.b, tt.a, got, tt.want)
		}
	}
}

// Against a text without wildcards, meeting is matching; and Meet has no order.
func FuzzMeet(f *testing.F) {
	f.Add("a*", "ab")
	f.Add("?*x", "*?")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 50 || len(b) > 50 || !ascii(a) || !ascii(b) {
			t.Skip()
		}
		if !wildcard.Contains(b) && Meet(a, b) != wildcard.Match(a, b) {
			t.Errorf("Meet(%q, %q) = %v", a, b, Meet(a, b))
		}
		if Meet(a, b) != Meet(b, a) {
			t.Errorf("Meet(%q, %q) depends on the order", a, b)
		}
	})
}

func ascii(s string) bool {
	for _, c := range []byte(s) {
		if c > 126 {
			return false
		}
	}
	return true
}

func TestNearest(t *testing.T) {
	names := []string{"GetObject", "GetBucketAcl", "PutObject"}
	for text, want := range map[string]string{"GetObjet": "GetObject", "getobject": "GetObject", "GteObject": "GetObject", "Describe": ""} {
		if got := Nearest(text, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestRegions(t *testing.T) {
	for text, want := range map[string]bool{"eu-west-1": true, "eu-*": true, "eu-west-9": false, "mars-*": false, "": false} {
		if got := IsRegion(text); got != want {
			t.Errorf("IsRegion(%q) = %v, want %v", text, got, want)
		}
	}
	if !IsPartition("aws-cn") || !IsPartition("aws*") || IsPartition("amazon") {
		t.Error("IsPartition() does not know the partitions")
	}
}
