package compile

import (
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

func TestConditions(t *testing.T) {
	mfa := intent.Constraint{Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}}
	size := intent.Constraint{Key: "ec2:InstanceType", Values: []string{"t3.micro"}}
	keys := intent.Constraint{Key: "aws:TagKeys", Set: intent.All, Values: []string{"a"}}
	via := intent.Constraint{Key: "kms:ViaService", Values: []string{"s3.eu-west-1.amazonaws.com"}}
	aliased := []intent.Target{{Service: "kms", Type: "key", Vars: map[string]string{"KeyId": "alias/main"}}}
	for _, tc := range []struct {
		name    string
		grants  []intent.Grant
		want    []string
		without []string
	}{
		{"an exemption from a Deny turns a Bool round and counts an absent key as not exempt",
			[]intent.Grant{{Effect: policy.Deny, Actions: actions("s3:DeleteObject"), Unless: []intent.Constraint{mfa}}},
			[]string{`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`}, nil},
		{"a Deny by tag keys hits requests with another key",
			[]intent.Grant{{Effect: policy.Deny, Actions: actions("ec2:DeleteTags"), Unless: []intent.Constraint{keys}}},
			[]string{`"ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}`}, nil},
		{"an Allow by tag keys needs the key",
			[]intent.Grant{{Effect: policy.Allow, Actions: actions("ec2:DeleteTags"), Where: []intent.Constraint{keys}}},
			[]string{`"ForAllValues:StringEquals":{"aws:TagKeys":"a"}`, `"Null":{"aws:TagKeys":"false"}`}, nil},
		{"a key of one resource type stands only beside that type",
			[]intent.Grant{{Effect: policy.Allow, Actions: actions("ec2:RunInstances"), Where: []intent.Constraint{size}}},
			[]string{`"Resource":"arn:aws:ec2:*:*:instance/*","Condition"`}, nil},
		{"a Deny by such a key leaves the other types out",
			[]intent.Grant{{Effect: policy.Deny, Actions: actions("ec2:RunInstances"), Unless: []intent.Constraint{size}}},
			[]string{`"Resource":"arn:aws:ec2:*:*:instance/*"`, `"StringNotEquals":{"ec2:InstanceType":"t3.micro"}`}, []string{"subnet"}},
		{"a key of another service limits the calls of that service only",
			[]intent.Grant{{Effect: policy.Allow, Actions: actions("s3:GetObject"), Where: []intent.Constraint{via}}, {Effect: policy.Allow, Actions: actions("kms:Decrypt"), Where: []intent.Constraint{via}}},
			[]string{`"Action":"kms:Decrypt","Resource":"arn:aws:kms:*:*:key/*","Condition"`, `"arn:aws:s3:::*/*"]}`}, nil},
		{"a key that is named by its alias is any key that has it",
			[]intent.Grant{{Effect: policy.Allow, Actions: actions("kms:Decrypt"), Targets: aliased}},
			[]string{`"arn:aws:kms:*:*:key/*","Condition":{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/main"}}`}, nil},
		{"a pattern of actions on such a key is limited too",
			[]intent.Grant{{Effect: policy.Allow, Actions: actions("kms:*"), Targets: aliased}},
			[]string{`"Action":"kms:*"`, `"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/main"}`}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := string(Compile(intent.Intent{Kind: policy.IdentityBased, Grants: tc.grants}, catalog.Default()).Document.Compact())
			for _, w := range tc.want {
				if !strings.Contains(got, w) {
					t.Errorf("%s\nlacks %s", got, w)
				}
			}
			for _, w := range tc.without {
				if strings.Contains(got, w) {
					t.Errorf("%s\nhas %s", got, w)
				}
			}
		})
	}
}

func actions(names ...string) []intent.Action {
	out := make([]intent.Action, len(names))
	for i, n := range names {
		out[i] = intent.Action{Name: n}
	}
	return out
}
