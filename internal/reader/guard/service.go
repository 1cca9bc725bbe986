package guard

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// encryptedKeys are the keys by which services say in a request whether what is made is encrypted.
var encryptedKeys = map[string]string{"ec2": "ec2:Encrypted", "rds": "rds:StorageEncrypted", "elasticfilesystem": "elasticfilesystem:Encrypted"}

// perService gives the actions of each service the condition key that their requests carry:
// volumes and databases say with keys of their own that they are encrypted.
func (g *guarding) perService(grant intent.Grant) []intent.Grant {
	home := ""
	for _, c := range append(append([]intent.Constraint{}, grant.Where...), grant.Unless...) {
		for prefix, key := range encryptedKeys {
			if c.Key == key {
				home = prefix
			}
		}
	}
	own, others := grant, map[string][]intent.Action{}
	var order []string
	own.Actions = nil
	for _, a := range grant.Actions {
		prefix, local, _ := strings.Cut(a.Name, ":")
		if home == "" || prefix == home || local == "" || encryptedKeys[prefix] == "" {
			own.Actions = append(own.Actions, a)
			continue
		}
		if others[prefix] == nil {
			order = append(order, prefix)
		}
		others[prefix] = append(others[prefix], a)
	}
	var out []intent.Grant
	if len(own.Actions) > 0 || len(order) == 0 {
		out = append(out, g.fitted(own))
	}
	for _, prefix := range order {
		one := grant
		one.Actions = others[prefix]
		one.Where = withKey(grant.Where, encryptedKeys[home], encryptedKeys[prefix])
		one.Unless = withKey(grant.Unless, encryptedKeys[home], encryptedKeys[prefix])
		out = append(out, g.fitted(one))
	}
	return out
}

// withKey returns the conditions with one key in place of another.
func withKey(list []intent.Constraint, from, to string) []intent.Constraint {
	var out []intent.Constraint
	for _, c := range list {
		if c.Key == from {
			c.Key = to
		}
		out = append(out, c)
	}
	return out
}
