// Package config reads how a project wants its policies linted: which rules with what severity,
// what is ignored and why, and rules of its own that are data.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
	"go.yaml.in/yaml/v4"
)

// Name is what the file is called that is looked for.
const Name = ".aegis.yaml"

// A Config is the settings of a project. The zero Config changes nothing.
type Config struct {
	FailOn     finding.Severity // 0: not said
	Accounts   []string
	Kinds      []KindOf
	Severities map[string]finding.Severity // by rule ID; 0: the rule is off
	Ignores    []Ignore
	Custom     []lint.Rule
}

// A KindOf says of which kind the policies of some files are.
type KindOf struct {
	Path string
	Kind policy.Kind
}

// An Ignore leaves findings out. Empty fields leave nothing out: all that are set must fit.
type Ignore struct {
	Rule   string `yaml:"rule"` // an ID or a code of IAM Access Analyzer
	Path   string `yaml:"path"`
	Sid    string `yaml:"sid"`
	Reason string `yaml:"reason"`
}

// The file as it is written.
type (
	file struct {
		Lint lintSection `yaml:"lint"`
	}
	lintSection struct {
		FailOn   string            `yaml:"fail-on"`
		Accounts []string          `yaml:"accounts"`
		Kinds    yaml.Node         `yaml:"kinds"`
		Rules    map[string]string `yaml:"rules"`
		Ignore   []Ignore          `yaml:"ignore"`
		Custom   []custom          `yaml:"custom"`
	}
)

// Parse reads the text of a configuration. The rules are those that it may name. The error says
// what is wrong where.
func Parse(text []byte, rules []lint.Rule) (*Config, error) {
	var f file
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read settings: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	c := &Config{Accounts: f.Lint.Accounts, Severities: map[string]finding.Severity{}, Ignores: f.Lint.Ignore}
	for _, step := range []func(lintSection, []lint.Rule) error{c.readPlain, c.readCustom, c.readRules, c.readIgnores} {
		if err := step(f.Lint, rules); err != nil {
			return nil, err
		}
	}
	return c, nil
}

var kinds = []policy.Kind{
	policy.IdentityBased, policy.Trust, policy.ResourceBased, policy.ServiceControl, policy.ResourceControl, policy.PermissionsBoundary, policy.SessionPolicy,
}

func (c *Config) readPlain(s lintSection, _ []lint.Rule) error {
	if s.FailOn != "" {
		severity, err := finding.ParseSeverity(s.FailOn)
		if err != nil {
			return fmt.Errorf("fail-on: %w", err)
		}
		c.FailOn = severity
	}
	for _, account := range s.Accounts {
		if !arn.IsAccountID(account) {
			return fmt.Errorf("accounts: %q is no account ID of 12 digits; write it in quotes", account)
		}
	}
	// A node, because the order counts: the first pattern that fits holds.
	for i := 0; i+1 < len(s.Kinds.Content); i += 2 {
		path, kind := s.Kinds.Content[i].Value, policy.Kind(s.Kinds.Content[i+1].Value)
		if !slices.Contains(kinds, kind) {
			return fmt.Errorf("kinds: no kind of policy is called %q; there are %s", kind, strings.Trim(fmt.Sprint(kinds), "[]"))
		}
		c.Kinds = append(c.Kinds, KindOf{path, kind})
	}
	return nil
}

func (c *Config) readRules(s lintSection, rules []lint.Rule) error {
	for name, value := range s.Rules {
		id, err := c.ruleID(name, rules)
		if err != nil {
			return fmt.Errorf("rules: %w", err)
		}
		if value == "off" || value == "false" {
			c.Severities[id] = 0
			continue
		}
		severity, err := finding.ParseSeverity(value)
		if err != nil {
			return fmt.Errorf("rules: %s: %w, or off", name, err)
		}
		c.Severities[id] = severity
	}
	return nil
}

func (c *Config) readIgnores(_ lintSection, rules []lint.Rule) error {
	for i := range c.Ignores {
		ignore := &c.Ignores[i]
		if strings.TrimSpace(ignore.Reason) == "" {
			return fmt.Errorf("ignore: entry %d has no reason", i+1)
		}
		if ignore.Rule == "" && ignore.Path == "" && ignore.Sid == "" {
			return fmt.Errorf("ignore: entry %d would leave everything out: name a rule, a path or a sid", i+1)
		}
		if ignore.Rule == "" {
			continue
		}
		if _, err := c.ruleID(ignore.Rule, rules); err != nil {
			return fmt.Errorf("ignore: %w", err)
		}
	}
	return nil
}

// ruleID returns the ID of the rule that is called by it or by an alias.
func (c *Config) ruleID(name string, rules []lint.Rule) (string, error) {
	var known []string
	for _, r := range slices.Concat(rules, c.Custom) {
		if strings.EqualFold(r.ID, name) || slices.ContainsFunc(r.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
			return r.ID, nil
		}
		known = append(append(known, r.ID), r.Aliases...)
	}
	if near := facts.Nearest(name, known); near != "" {
		return "", fmt.Errorf("no rule is called %q; did you mean %s?", name, near)
	}
	return "", fmt.Errorf("no rule is called %q", name)
}

// Rules returns the rules that are on, those of the project included.
func (c *Config) Rules(all []lint.Rule) []lint.Rule {
	return slices.DeleteFunc(slices.Concat(all, c.Custom), func(r lint.Rule) bool {
		severity, said := c.Severities[r.ID]
		return said && severity == 0
	})
}

// Kind returns the kind that the policies of a file are said to be of; empty: nothing is said.
func (c *Config) Kind(path string) policy.Kind {
	for _, k := range c.Kinds {
		if Match(k.Path, path) {
			return k.Kind
		}
	}
	return ""
}

// Apply gives findings of a file the severities of the project, and returns them without those
// that are ignored, and how many these are.
func (c *Config) Apply(path string, findings []finding.Finding) ([]finding.Finding, int) {
	var out []finding.Finding
	for _, f := range findings {
		if severity := c.Severities[f.Rule]; severity != 0 {
			f.Severity = severity
		}
		if !slices.ContainsFunc(c.Ignores, func(i Ignore) bool { return i.fits(path, &f) }) {
			out = append(out, f)
		}
	}
	return out, len(findings) - len(out)
}

func (i *Ignore) fits(path string, f *finding.Finding) bool {
	return (i.Rule == "" || strings.EqualFold(i.Rule, f.Rule) || strings.EqualFold(i.Rule, f.Alias)) &&
		(i.Path == "" || Match(i.Path, path)) && (i.Sid == "" || i.Sid == f.Sid)
}
