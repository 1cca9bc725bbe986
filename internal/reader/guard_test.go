package reader

import (
	"context"
	"testing"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

func TestTellKind(t *testing.T) {
	tests := []struct {
		words string
		want  policy.Kind
	}{
		{"scp: no one may leave the org", policy.ServiceControl},
		{"service control policy against root", policy.ServiceControl},
		{"RCP for s3: TLS only", policy.ResourceControl},
		{"permissions boundary for devs: s3 only", policy.PermissionsBoundary},
		{"trust policy for lambda", policy.Trust},
		{"bucket policy for logs: account 111122223333 may read", policy.ResourceBased},
		{"read bucket x", policy.IdentityBased},
		{"may read and update the bucket policy of bucket x", policy.IdentityBased},
	}
	for _, tt := range tests {
		in, err := New().Read(context.Background(), tt.words, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if in.Kind != tt.want {
			t.Errorf("Read(%q).Kind = %q, want %q", tt.words, in.Kind, tt.want)
		}
	}
}

func TestGuardWordsAreUsed(t *testing.T) {
	in, err := New().Read(context.Background(), "nobody may delete vpc flow logs, except role SecOps", Options{Kind: policy.ServiceControl})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range in.Words {
		if w.Use == intent.Unread {
			t.Errorf("the word %q is unread", w.Text)
		}
	}
}
