package compile

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// TestResourceOfResourcePolicy holds resource-based documents to a Resource in each statement:
// "*" in key policies, where it means the key, the named resource everywhere else.
func TestResourceOfResourcePolicy(t *testing.T) {
	tests := []struct {
		action string
		target intent.Target
		want   string
	}{
		{"kms:Decrypt", intent.Target{Service: "kms", Type: "key", Vars: map[string]string{"KeyId": "k"}}, "*"},
		{"sqs:SendMessage", intent.Target{Service: "sqs", Type: "queue", Vars: map[string]string{"QueueName": "q"}}, "arn:aws:sqs:eu-west-1:123456789012:q"},
		{"s3:GetObject", intent.Target{Service: "s3", Type: "bucket", Vars: map[string]string{"BucketName": "b"}}, "arn:aws:s3:::b/*"},
		{"s3:ListBucket", intent.Target{Service: "s3", Type: "bucket", Vars: map[string]string{"BucketName": "b"}}, "arn:aws:s3:::b"},
		{"ecr:BatchGetImage", intent.Target{Service: "ecr", Type: "repository", Vars: map[string]string{"RepositoryName": "r/a"}}, "arn:aws:ecr:eu-west-1:123456789012:repository/r/a"},
	}
	for _, tt := range tests {
		t.Run(tt.action, func(t *testing.T) {
			in := intent.Intent{Kind: policy.ResourceBased, Account: "123456789012", Region: "eu-west-1", Grants: []intent.Grant{{
				Effect: policy.Allow, Principals: []intent.Principal{{Type: "AWS", ID: "arn:aws:iam::111122223333:root"}},
				Actions: []intent.Action{{Name: tt.action}}, Targets: []intent.Target{tt.target},
			}}}
			doc := Compile(in, catalog.Default()).Document
			if len(doc.Statements) != 1 || len(doc.Statements[0].Resources) != 1 || doc.Statements[0].Resources[0].Text != tt.want {
				t.Errorf("got %s, want one statement on %s", doc.Compact(), tt.want)
			}
			if doc.Statements[0].Principal == nil {
				t.Error("the statement has no Principal")
			}
		})
	}
}
