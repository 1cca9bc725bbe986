// Package scenario reads a world from JSON or YAML: principals, resources, policies and the
// organization that they belong to. It tells of a request in that world what evaluate.Authorize
// has to know, the condition keys included that AWS sets by itself.
package scenario

import (
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/tree"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// Open returns the text of a file that a scenario names. A reader of scenarios decides by it
// which files may be read.
type Open func(path string) ([]byte, error)

// A Scenario is a world to make requests in. It does not change, and may be used concurrently.
type Scenario struct {
	organization *organization
	principals   map[string]*principal // by name
	resources    []*resource           // in the order of the text
	endpoints    map[string]*endpoint  // by ID
	names        []string              // of principals, in the order of the text
	context      keys                  // of every request
}

// organization is an AWS organization with its accounts by ID.
type organization struct {
	id, root, management string
	accounts             map[string]account
}

// account is a place in an organization: its levels from the root down, and the IDs of its
// organizational units, by which aws:PrincipalOrgPaths names it.
type account struct {
	scps, rcps []evaluate.Level
	path       string
}

type principal struct {
	name     string
	who      evaluate.Principal
	caller   evaluate.Caller
	identity []*evaluate.Policy
	boundary []*evaluate.Policy
	session  []*evaluate.Policy
	tags     map[string]string
	context  keys
}

type resource struct {
	arn, owner string
	pattern    *wildcard.Pattern // of an ARN with wildcards
	awsManaged bool              // a KMS key that AWS manages
	policies   []*evaluate.Policy
	tags       map[string]string
	context    keys
}

type endpoint struct {
	policies []*evaluate.Policy
	gateway  bool
	vpc      string
}

// Parse reads a scenario. The file names it in errors; open reads the files that it names, which
// an *tree.Error says where they are missing; nil reads none. Errors are *tree.Error.
func Parse(file string, data []byte, open Open) (*Scenario, error) {
	v, err := tree.Read(file, data)
	if err != nil {
		return nil, err
	}
	return Decode(v, open)
}

// Decode reads a scenario that stands inside another file.
func Decode(v *tree.Value, open Open) (*Scenario, error) {
	r := &reader{
		open: open, named: map[string]*tree.Value{}, documents: map[string]*policy.Document{},
		compiled: map[compileKey]*evaluate.Policy{},
		scenario: &Scenario{principals: map[string]*principal{}, endpoints: map[string]*endpoint{}},
	}
	if p := v.Field("policies"); p != nil {
		// First, since the others name them.
		if err := p.Entries("policies", r.readPolicy); err != nil {
			return nil, err
		}
	}
	err := v.Each("a scenario", map[string]func(*tree.Value) error{
		"format":       readFormat,
		"description":  func(*tree.Value) error { return nil },
		"policies":     func(*tree.Value) error { return nil },
		"context":      func(v *tree.Value) (err error) { r.scenario.context, err = Context(v); return err },
		"organization": r.readOrganization,
		"principals":   func(v *tree.Value) error { return v.Entries("principals", r.readPrincipal) },
		"resources":    func(v *tree.Value) error { return v.Entries("resources", r.readResource) },
		"endpoints":    func(v *tree.Value) error { return v.Entries("endpoints", r.readEndpoint) },
	})
	if err != nil {
		return nil, err
	}
	return r.scenario, r.unused()
}

// readFormat: the format has a number so that a later one can be told from it.
func readFormat(v *tree.Value) error {
	if v.Text != "1" {
		return v.Errorf("the format of a scenario is 1, not %q", v.Text)
	}
	return nil
}
