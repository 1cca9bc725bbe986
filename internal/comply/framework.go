package comply

import (
	_ "embed" // the tables
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/tsv"
)

// A Framework is a standard or benchmark with those of its controls that policies have to do with.
type Framework struct {
	ID       string // "cis-7.0.0"
	Family   string // "cis"; empty: a framework of a user
	Version  string
	Name     string
	Reading  string // whose mapping of controls to checks it is: AWS, benchmark, third party; empty: the user's
	Note     string // what a result does not say
	Controls []Control
}

// ThirdParty reports whether neither AWS nor the framework says that the checks stand for the
// controls.
func (f *Framework) ThirdParty() bool { return f.Reading == thirdParty }

const thirdParty = "third party"

// Title returns the name with the version.
func (f *Framework) Title() string {
	if f.Version == "" {
		return f.Name
	}
	return f.Name + " " + f.Version
}

// A Control is a control of a framework with the checks that it comes to: it passes if all do that
// apply.
type Control struct {
	ID     string
	Title  string
	Source string // who says that it comes to these checks
	Checks []*Check
}

// CheckIDs returns the IDs of the checks.
func (c *Control) CheckIDs() []string {
	out := make([]string, len(c.Checks))
	for i, check := range c.Checks {
		out[i] = check.ID
	}
	return out
}

// Decidable says how far policies tell of the control: "yes", "partly" where one of the checks has
// to be looked at elsewhere too, or "no".
func (c *Control) Decidable() string {
	said := map[string]bool{}
	for _, check := range c.Checks {
		said[check.Decidable()] = true
	}
	switch {
	case len(said) == 1 && said["yes"]:
		return "yes"
	case len(said) == 1 && said["no"]:
		return "no"
	}
	return "partly"
}

var (
	//go:embed frameworks.tsv
	frameworkTable string
	//go:embed controls.tsv
	controlTable string
)

// Frameworks returns the frameworks of the program, the newest of a family first.
var Frameworks = sync.OnceValue(func() []*Framework {
	var out []*Framework
	for _, row := range tsv.Rows(frameworkTable, 6) {
		out = append(out, &Framework{ID: row[0], Family: row[1], Version: row[2], Name: row[3], Reading: row[4], Note: row[5]})
	}
	for _, row := range tsv.Rows(controlTable, 5) {
		i := slices.IndexFunc(out, func(f *Framework) bool { return f.ID == row[0] })
		c := Control{ID: row[1], Title: row[2], Source: row[4]}
		for id := range strings.FieldsSeq(row[3]) {
			c.Checks = append(c.Checks, checkOf(id))
		}
		out[i].Controls = append(out[i].Controls, c)
	}
	return out
})

// Families returns the names that stand for the newest framework of each family.
func Families() []string {
	var out []string
	for _, f := range Frameworks() {
		if !slices.Contains(out, f.Family) {
			out = append(out, f.Family)
		}
	}
	return out
}

// All is the name that stands for the newest framework of every family.
const All = "all"

// Select returns the frameworks of some names: a family, an ID, an ID whose version is cut short
// as cis-5, or All. The error names what there is.
func Select(names []string) ([]*Framework, error) {
	var out []*Framework
	for _, name := range names {
		list := []string{name}
		if strings.EqualFold(name, All) {
			list = Families()
		}
		for _, n := range list {
			f := named(strings.ToLower(strings.TrimSpace(n)))
			if f == nil {
				return nil, unknownFramework(n)
			}
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

func named(name string) *Framework {
	for _, fits := range []func(*Framework) bool{
		func(f *Framework) bool { return f.Family == name || f.ID == name },
		func(f *Framework) bool { return strings.HasPrefix(f.ID, name+".") },
	} {
		if i := slices.IndexFunc(Frameworks(), fits); i >= 0 {
			return Frameworks()[i]
		}
	}
	return nil
}

func unknownFramework(name string) error {
	known := append(Families(), All)
	for _, f := range Frameworks() {
		if !slices.Contains(known, f.ID) {
			known = append(known, f.ID)
		}
	}
	if near := facts.Nearest(name, known); near != "" {
		return fmt.Errorf("no framework is called %q; did you mean %s?", name, near)
	}
	return fmt.Errorf("no framework is called %q; there are %s", name, strings.Join(known, ", "))
}
