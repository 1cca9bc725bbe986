package reach

import (
	"reflect"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
)

// TestPlaces finds the places of actions on targets.
func TestPlaces(t *testing.T) {
	tests := []struct {
		name   string
		action string
		target intent.Target
		want   []string
	}{
		{"objects of a bucket", "s3:GetObject", intent.Target{Service: "s3", Type: "bucket", Vars: map[string]string{"BucketName": "b"}}, []string{"arn:aws:s3:::b/*"}},
		{"bucket of objects", "s3:ListBucket", intent.Target{ARN: "arn:aws:s3:::b"}, []string{"arn:aws:s3:::b"}},
		{"objects of an ARN", "s3:GetObject", intent.Target{ARN: "arn:aws:s3:::b"}, []string{"arn:aws:s3:::b/*"}},
		{"secret", "secretsmanager:GetSecretValue", intent.Target{Service: "secretsmanager", Type: "Secret", Vars: map[string]string{"SecretId": "db"}}, []string{"arn:aws:secretsmanager:*:*:secret:db-??????"}},
		{"secret with tail", "secretsmanager:GetSecretValue", intent.Target{Service: "secretsmanager", Type: "Secret", Vars: map[string]string{"SecretId": "db-Ab12Cd"}}, []string{"arn:aws:secretsmanager:*:*:secret:db-Ab12Cd"}},
		{"region of the target", "sqs:SendMessage", intent.Target{Service: "sqs", Type: "queue", Region: "cn-north-1", Account: "111122223333", Vars: map[string]string{"QueueName": "q"}}, []string{"arn:aws-cn:sqs:cn-north-1:111122223333:q"}},
		{"no resource", "s3:ListAllMyBuckets", intent.Target{ARN: "arn:aws:s3:::b"}, []string{"*"}},
		{"untargeted", "sqs:SendMessage", intent.Target{ARN: "arn:aws:s3:::b"}, []string{"arn:aws:sqs:*:*:*"}},
	}
	for _, test := range tests {
		ca, ok := catalog.Default().Action(test.action)
		if !ok {
			t.Fatalf("no action %s", test.action)
		}
		m := New(&intent.Intent{}, catalog.Default())
		g := &intent.Grant{Targets: []intent.Target{test.target}}
		var got []string
		for _, p := range m.Places(g, nil, ca) {
			got = append(got, p.Pattern)
		}
		if test.name == "objects of a bucket" || test.name == "objects of an ARN" {
			got = got[:1] // access points have objects too
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: Places(%s) = %q, want %q", test.name, test.action, got, test.want)
		}
	}
}
