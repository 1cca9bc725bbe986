package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/config"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A lintRun is what the flags and the settings come to.
type lintRun struct {
	app             *app.App
	linter          *lint.Linter
	config          *settings
	kindOf          func(file string) policy.Kind
	failOn, atLeast finding.Severity
}

// settings are a configuration with the folder that its paths are relative to.
type settings struct {
	*config.Config
	folder string
}

// relative returns the path of a file as the settings write it.
func (s *settings) relative(file string) string {
	if full, err := filepath.Abs(file); err == nil && s.folder != "" {
		if relative, err := filepath.Rel(s.folder, full); err == nil {
			file = relative
		}
	}
	return filepath.ToSlash(file)
}

func prepareLint(s Streams, o lintOptions) (*lintRun, error) {
	kind, err := lintKind(o.kind)
	if err != nil {
		return nil, err
	}
	c, err := lintSettings(o)
	if err != nil {
		return nil, err
	}
	l := &lintRun{config: c, failOn: cmp.Or(c.FailOn, finding.Warning)}
	l.kindOf = func(file string) policy.Kind { return cmp.Or(kind, c.Kind(c.relative(file))) }
	if o.failOn != "" {
		if l.failOn, err = finding.ParseSeverity(o.failOn); err != nil {
			return nil, fmt.Errorf("--fail-on: %w", err)
		}
	}
	if l.atLeast, err = finding.ParseSeverity(o.atLeast); err != nil {
		return nil, fmt.Errorf("--severity: %w", err)
	}
	if l.app, err = (&scope{catalog: o.catalog}).open(s); err != nil {
		return nil, err
	}
	list := c.Rules(rules.All())
	if len(o.rules) > 0 {
		if list, err = rules.Called(c.Rules(rules.All()), o.rules); err != nil {
			return nil, err
		}
	}
	l.linter = l.app.Linter(list)
	l.linter.Accounts = c.Accounts
	return l, nil
}

// lintSettings reads the settings that are named, or those of the folder.
func lintSettings(o lintOptions) (*settings, error) {
	path := o.config
	if path == "" && !o.noConfig {
		path = nearestSettings()
	}
	if path == "" || o.noConfig {
		return &settings{Config: &config.Config{}}, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c, err := config.Parse(text, rules.All())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	return &settings{c, folder}, nil
}

// nearestSettings looks for settings in the working folder and above, up to the root of its
// repository.
func nearestSettings() string {
	folder, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		path := filepath.Join(folder, config.Name)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path
		}
		above := filepath.Dir(folder)
		if _, err := os.Stat(filepath.Join(folder, ".git")); err == nil || above == folder {
			return ""
		}
		folder = above
	}
}
