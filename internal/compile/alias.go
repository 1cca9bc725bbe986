package compile

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// aliases limits the use of KMS keys that are named by an alias: a policy cannot name the alias as
// a resource of cryptographic calls, only ask which aliases the key has.
// https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
func (w *compiler) aliases(g intent.Grant, matched ...*catalog.Action) []policy.Condition {
	var names []string
	for _, t := range g.Targets {
		if name, ok := aliasOf(t); ok {
			names = append(names, name)
		}
	}
	asks := func(ca *catalog.Action) bool { return ca.Service == "kms" && ca.Honours("kms:ResourceAliases") }
	if len(names) == 0 || !slices.ContainsFunc(matched, asks) {
		return nil
	}
	return []policy.Condition{{Operator: "ForAnyValue:StringEquals", Key: "kms:ResourceAliases", Values: texts(names)}}
}

// aliasOf returns the alias that a KMS key is named by.
func aliasOf(t intent.Target) (string, bool) {
	if t.Service != "kms" || t.Type != "key" {
		return "", false
	}
	for _, v := range t.Vars {
		if strings.HasPrefix(v, "alias/") {
			return v, true
		}
	}
	return "", false
}
