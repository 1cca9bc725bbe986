package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A custom rule is data: actions that one policy must not allow together, or actions that it may
// allow only where conditions hold.
type custom struct {
	ID       string                       `yaml:"id"`
	Severity string                       `yaml:"severity"`
	Message  string                       `yaml:"message"`
	Kinds    []policy.Kind                `yaml:"kinds"`
	Together []string                     `yaml:"together"`
	Actions  []string                     `yaml:"actions"`
	Resource string                       `yaml:"resource"` // an ARN pattern; empty: any
	Needs    map[string]map[string]values `yaml:"needs"`    // operator, key, values
}

// values are one text or a list of them.
type values []string

// UnmarshalYAML reads a scalar as a list of one.
func (v *values) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if unmarshal(&one) == nil {
		*v = values{one}
		return nil
	}
	var many []string
	err := unmarshal(&many)
	*v = many
	return err
}

var customID = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)

func (c *Config) readCustom(s lintSection, rules []lint.Rule) error {
	for i := range s.Custom {
		rule, err := s.Custom[i].rule()
		if err != nil {
			return fmt.Errorf("custom: entry %d: %w", i+1, err)
		}
		if slices.ContainsFunc(slices.Concat(rules, c.Custom), func(r lint.Rule) bool { return r.ID == rule.ID }) {
			return fmt.Errorf("custom: there is a rule %s already", rule.ID)
		}
		c.Custom = append(c.Custom, rule)
	}
	return nil
}

// rule makes a lint rule of the data.
func (u *custom) rule() (lint.Rule, error) {
	r := lint.Rule{ID: u.ID, Severity: finding.Warning, Summary: u.Message, Kinds: u.Kinds}
	switch {
	case !customID.MatchString(u.ID):
		return r, fmt.Errorf("the id %q has to be words of small letters joined by hyphens, at least two", u.ID)
	case u.Message == "":
		return r, fmt.Errorf("%s has no message", u.ID)
	case (len(u.Together) > 0) == (len(u.Actions) > 0):
		return r, fmt.Errorf("%s needs either together or actions", u.ID)
	}
	if len(r.Kinds) == 0 {
		r.Kinds = lint.Granting
	}
	if u.Severity != "" {
		severity, err := finding.ParseSeverity(u.Severity)
		if err != nil {
			return r, fmt.Errorf("%s: %w", u.ID, err)
		}
		r.Severity = severity
	}
	if len(u.Together) > 0 {
		r.Check = u.together
		return r, nil
	}
	without, err := Without(u.Needs)
	if err != nil {
		return r, fmt.Errorf("%s: %w", u.ID, err)
	}
	r.Check = func(p *lint.Pass) { u.actions(p, without) }
	return r, nil
}

// together reports a policy that allows all of the actions.
func (u *custom) together(p *lint.Pass) {
	var last finding.Request
	var at policy.Position
	for _, action := range u.Together {
		r, ok := p.Find(lint.Query{Action: action, Resource: u.Resource})
		if !ok {
			return
		}
		last = r
		if t, named := p.NamesIt(r.Action); named {
			at = t.Position
		}
	}
	f := p.Report(at, "%s", u.Message)
	f.Witness = &last
	f.Note("allowed together: %s", strings.Join(u.Together, ", "))
}

// actions reports actions that the policy allows where a condition that they need does not hold;
// at all, if they need none.
func (u *custom) actions(p *lint.Pass, without []policy.Condition) {
	if len(without) == 0 {
		without = []policy.Condition{{}}
	}
	seen := map[policy.Position]bool{}
	for _, action := range u.Actions {
		for _, c := range without {
			q := lint.Query{Action: action, Resource: u.Resource}
			if c.Operator != "" {
				q.Where = []policy.Condition{c}
			}
			r, ok := p.Find(q)
			if !ok {
				continue
			}
			t, _ := p.NamesIt(r.Action)
			if !seen[t.Position] {
				seen[t.Position] = true
				f := p.Report(t.Position, "%s", u.Message)
				f.Witness = &r
			}
		}
	}
}

// opposite has, for the operators that have one, the operator that holds where they do not.
var opposite = map[condition.Base]condition.Base{
	condition.StringEquals: condition.StringNotEquals, condition.StringNotEquals: condition.StringEquals,
	condition.StringEqualsIgnoreCase: condition.StringNotEqualsIgnoreCase, condition.StringNotEqualsIgnoreCase: condition.StringEqualsIgnoreCase,
	condition.StringLike: condition.StringNotLike, condition.StringNotLike: condition.StringLike,
	condition.NumericEquals: condition.NumericNotEquals, condition.NumericNotEquals: condition.NumericEquals,
	condition.NumericLessThan: condition.NumericGreaterThanEquals, condition.NumericGreaterThanEquals: condition.NumericLessThan,
	condition.NumericGreaterThan: condition.NumericLessThanEquals, condition.NumericLessThanEquals: condition.NumericGreaterThan,
	condition.DateEquals: condition.DateNotEquals, condition.DateNotEquals: condition.DateEquals,
	condition.DateLessThan: condition.DateGreaterThanEquals, condition.DateGreaterThanEquals: condition.DateLessThan,
	condition.DateGreaterThan: condition.DateLessThanEquals, condition.DateLessThanEquals: condition.DateGreaterThan,
	condition.ArnEquals: condition.ArnNotEquals, condition.ArnNotEquals: condition.ArnEquals,
	condition.ArnLike: condition.ArnNotLike, condition.ArnNotLike: condition.ArnLike,
	condition.IPAddress: condition.NotIPAddress, condition.NotIPAddress: condition.IPAddress,
	condition.Bool: condition.Bool, condition.Null: condition.Null,
}

var negation = map[string]string{"true": "false", "false": "true"}

// Without returns for each of the conditions that are needed, by operator and key, one that holds
// where it does not. The error says what cannot be needed.
func Without[V ~[]string](needs map[string]map[string]V) ([]policy.Condition, error) {
	var out []policy.Condition
	for name, keys := range needs {
		operator, err := condition.ParseOperator(name)
		if err != nil {
			return nil, err
		}
		base, ok := opposite[operator.Base]
		if !ok || operator.Set != condition.NoSet {
			return nil, fmt.Errorf("needs takes no operator %s", name)
		}
		not := condition.Operator{Base: base, IfExists: base != condition.Null && !base.Negated() && !operator.Absent()}
		for key, list := range keys {
			c := policy.Condition{Operator: not.String(), Key: key}
			for _, v := range list {
				if base == condition.Bool || base == condition.Null {
					if v = negation[strings.ToLower(v)]; v == "" {
						return nil, fmt.Errorf("%s of %s is true or false", name, key)
					}
				}
				c.Values = append(c.Values, policy.Text{Text: v})
			}
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b policy.Condition) int { return strings.Compare(a.Operator+a.Key, b.Operator+b.Key) })
	return out, nil
}
