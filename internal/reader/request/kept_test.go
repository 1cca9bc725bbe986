package request

import "testing"

// A name that is part of a longer one is not that one: an answer about the table inventory says
// nothing of inventory-drill.
func TestHoldsWhole(t *testing.T) {
	tests := []struct {
		text, name string
		want       bool
	}{
		{"inventory", "inventory", true},
		{"inventory-drill", "inventory", false},
		{"inventory", "inventory-drill", false},
		{"acme-media/inbox/", "acme-media", true},
		{"arn:aws:sqs:us-east-1:111122223333:jobs", "jobs", true},
		{"jobs-v2/jobs", "jobs", true},
		{"qa-orders", "qa-", true},
		{"a", "", false},
	}
	for _, tt := range tests {
		if got := holdsWhole(tt.text, tt.name); got != tt.want {
			t.Errorf("holdsWhole(%q, %q) = %v, want %v", tt.text, tt.name, got, tt.want)
		}
	}
}
