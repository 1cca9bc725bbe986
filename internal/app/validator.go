package app

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/account"
	"github.com/aegis-iam/aegis/internal/score"
)

// validators are the ways to a score, by name: the local one, and those that start from it.
var validators = []struct {
	name string
	open func(local score.Validator, o account.Options) score.Validator
}{
	{"local", func(local score.Validator, _ account.Options) score.Validator { return local }},
	{"security-hub", func(local score.Validator, o account.Options) score.Validator {
		return account.NewSecurityHub(local, o)
	}},
}

// LocalValidator is the name of the validator that needs no account.
const LocalValidator = "local"

// ValidatorNames returns the names of the validators.
func ValidatorNames() []string {
	var out []string
	for _, v := range validators {
		out = append(out, v.name)
	}
	return out
}

// ScoreValidator returns the validator of a name, with accounts that are one's own. The error says
// which names there are. No request is made before the first validation.
func (a *App) ScoreValidator(name string, accounts []string, o account.Options) (score.Validator, error) {
	for _, v := range validators {
		if v.name == name {
			return v.open(a.Scorer(accounts), o), nil
		}
	}
	return nil, fmt.Errorf("no validator is called %q; there are %s", name, strings.Join(ValidatorNames(), ", "))
}
