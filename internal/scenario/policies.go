package scenario

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/tree"
)

// A reader reads one scenario.
type reader struct {
	open      Open
	scenario  *Scenario
	named     map[string]*tree.Value      // the policies of the scenario, by name
	documents map[string]*policy.Document // those read so far, by where they stand
	compiled  map[compileKey]*evaluate.Policy
}

type compileKey struct {
	document *policy.Document
	kind     policy.Kind
}

// managed are policies of AWS that every scenario can name.
var managed = map[string]string{
	"FullAWSAccess":       `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`,
	"RCPFullAWSAccess":    `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}`,
	"AdministratorAccess": `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`,
}

func (r *reader) readPolicy(name, v *tree.Value) error {
	if managed[name.Text] != "" {
		return name.Errorf("%s is a policy of AWS, which is known: choose another name", name.Text)
	}
	r.named[name.Text] = v
	return nil
}

// policies reads one policy or a list of them, each a name, a file or a document.
func (r *reader) policies(v *tree.Value, kind policy.Kind) ([]*evaluate.Policy, error) {
	if v == nil || v.Kind == tree.Null {
		return nil, nil
	}
	list := []*evaluate.Policy{}
	err := v.List(func(item *tree.Value) error {
		p, err := r.policy(item, kind)
		list = append(list, p)
		return err
	})
	return list, err
}

func (r *reader) policy(v *tree.Value, kind policy.Kind) (*evaluate.Policy, error) {
	d, name, err := r.document(v)
	if err != nil {
		return nil, err
	}
	key := compileKey{d, kind}
	if p := r.compiled[key]; p != nil {
		return p, nil
	}
	if err := fits(d, kind); err != nil {
		return nil, v.Errorf("%s: %v", name, err)
	}
	p, err := evaluate.Compile(d, kind)
	if err != nil {
		return nil, v.Errorf("%s: %v", name, err)
	}
	p = p.Named(name)
	r.compiled[key] = p
	return p, nil
}

// fits refuses a document in a place where it would never apply: a slip that would look like
// a denial.
func fits(d *policy.Document, kind policy.Kind) error {
	for i := range d.Statements {
		s := &d.Statements[i]
		named := s.Principal != nil || s.NotPrincipal != nil
		switch {
		case kind.HasPrincipal() && !named:
			return fmt.Errorf("statement %d has no Principal, which a policy of a resource needs", i+1)
		case !kind.HasPrincipal() && named:
			return fmt.Errorf("statement %d has a Principal, which only policies of resources have", i+1)
		}
	}
	return nil
}

// document reads a policy and what to call it.
func (r *reader) document(v *tree.Value) (*policy.Document, string, error) {
	if v.Kind == tree.Map {
		place := fmt.Sprintf("the policy at %v", v.Position)
		d, err := r.cached(place, v.Document)
		return d, place, err
	}
	name, err := v.Scalar("a policy")
	if err != nil {
		return nil, "", err
	}
	if text := managed[name]; text != "" {
		d, err := r.cached(name, func() (*policy.Document, error) { return policy.Parse([]byte(text)) })
		return d, name, err
	}
	if named := r.named[name]; named != nil {
		if named.Kind == tree.Map {
			d, err := r.cached("policies."+name, named.Document)
			return d, name, err
		}
		file, err := named.Scalar("a policy")
		if err != nil {
			return nil, "", err
		}
		d, err := r.file(named, file)
		return d, name, err
	}
	if !isFile(name) {
		return nil, "", v.Errorf("no policy is called %q: name one of policies%s, or a file such as %s.json", name, r.known(), name)
	}
	d, err := r.file(v, name)
	return d, name, err
}

func (r *reader) known() string {
	if len(r.named) == 0 {
		return ""
	}
	names := slices.Sorted(maps.Keys(r.named))
	return " (" + strings.Join(names[:min(len(names), 8)], ", ") + ")"
}

func isFile(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".json" || ext == ".yaml" || ext == ".yml" || strings.Contains(name, "/")
}

// file reads a policy from a file of its own.
func (r *reader) file(v *tree.Value, file string) (*policy.Document, error) {
	return r.cached("file "+file, func() (*policy.Document, error) {
		if r.open == nil {
			return nil, v.Errorf("%s: files are not read here", file)
		}
		data, err := r.open(file)
		var reason *fs.PathError
		switch {
		case errors.As(err, &reason):
			return nil, v.Errorf("%s: %v", file, reason.Err)
		case err != nil:
			return nil, v.Errorf("%s: %v", file, err)
		}
		read, err := tree.Read(file, data)
		if err != nil {
			return nil, err
		}
		return read.Document()
	})
}

// cached reads a document once: a policy that many name is one policy.
func (r *reader) cached(place string, read func() (*policy.Document, error)) (*policy.Document, error) {
	if d := r.documents[place]; d != nil {
		return d, nil
	}
	d, err := read()
	if err == nil {
		r.documents[place] = d
	}
	return d, err
}

// unused reads the policies that nothing names, so that their faults are told, too.
func (r *reader) unused() error {
	for _, name := range slices.Sorted(maps.Keys(r.named)) {
		v := r.named[name]
		if v.Kind == tree.Map {
			if _, err := r.cached("policies."+name, v.Document); err != nil {
				return err
			}
			continue
		}
		file, err := v.Scalar("a policy")
		if err != nil {
			return err
		}
		if _, err := r.file(v, file); err != nil {
			return err
		}
	}
	return nil
}
