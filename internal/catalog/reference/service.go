package reference

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
)

// What the reference says of one service.
type (
	serviceDocument struct {
		Name          string
		Actions       []actionDocument
		Resources     []resourceDocument
		ConditionKeys []struct {
			Name  string
			Types []string
		}
	}
	actionDocument struct {
		Name                string
		ActionConditionKeys []string
		Annotations         struct {
			Properties struct{ IsList, IsPermissionManagement, IsTaggingOnly, IsWrite bool }
		}
		Resources []struct {
			Name          string
			ConditionKeys []string
		}
	}
	resourceDocument struct {
		Name          string
		ARNFormats    []string
		ConditionKeys []string
	}
)

// An entry of the list of services.
type entry struct {
	Service string `json:"service"`
	URL     string `json:"url"`
}

// parseIndex reads the list of services. All documents must lie where the list
// itself does.
func parseIndex(data []byte, from string) ([]entry, error) {
	home, err := url.Parse(from)
	if err != nil {
		return nil, err
	}
	var entries []entry
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		u, err := url.Parse(e.URL)
		if err != nil {
			return nil, err
		}
		if e.Service == "" || u.Scheme != home.Scheme || u.Host != home.Host {
			return nil, fmt.Errorf("service %q has the address %q outside %s", e.Service, e.URL, home.Host)
		}
	}
	return entries, nil
}

// parseService reads the document of one service. What the reference does not
// tell (the full name, which resource types are required, search terms) is taken
// over from known, which may be nil.
func parseService(data []byte, prefix string, known *catalog.Service) (*catalog.Service, error) {
	var in serviceDocument
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, err
	}
	if in.Name != prefix {
		return nil, fmt.Errorf("the document is about %q", in.Name)
	}
	if known == nil {
		known = &catalog.Service{Name: prefix}
	}
	s := &catalog.Service{Prefix: prefix, Name: known.Name, RCP: known.RCP}
	types := map[string]*catalog.ResourceType{}
	for _, r := range in.Resources {
		t := &catalog.ResourceType{
			Service: prefix, Name: r.Name, ARNs: r.ARNFormats, Keys: catalog.KeyNames(r.ConditionKeys),
		}
		types[r.Name] = t
		s.Resources = append(s.Resources, t)
	}
	for _, k := range in.ConditionKeys {
		key := &catalog.Key{Name: catalog.KeyName(k.Name), Type: catalog.KeyType{Base: catalog.String}}
		if len(k.Types) > 0 {
			key.Type = catalog.ParseKeyType(k.Types[0])
		}
		// Two spellings of one variable are one key.
		if !slices.ContainsFunc(s.Keys, func(other *catalog.Key) bool { return strings.EqualFold(other.Name, key.Name) }) {
			s.Keys = append(s.Keys, key)
		}
	}
	for _, a := range in.Actions {
		action, err := a.convert(prefix, types, known)
		if err != nil {
			return nil, fmt.Errorf("action %s: %w", a.Name, err)
		}
		s.Actions = append(s.Actions, action)
	}
	return s, nil
}

func (a actionDocument) convert(
	prefix string, types map[string]*catalog.ResourceType, known *catalog.Service,
) (*catalog.Action, error) {
	if a.Name == "" || strings.ContainsAny(a.Name, ":*? ") {
		return nil, errors.New("not a name")
	}
	action := &catalog.Action{
		Service: prefix, Name: a.Name, Level: a.level(), Keys: catalog.KeyNames(a.ActionConditionKeys),
	}
	before, ok := known.Action(a.Name)
	if !ok {
		before = &catalog.Action{}
	}
	action.Terms = before.Terms
	for _, r := range a.Resources {
		t, ok := types[r.Name]
		if !ok {
			return nil, fmt.Errorf("no resource type %q", r.Name)
		}
		action.Resources = append(action.Resources, catalog.ActionResource{
			Type: t, Required: requires(before, r.Name), Keys: catalog.KeyNames(r.ConditionKeys),
		})
	}
	return action, nil
}

// level reads the annotations, of which several may be set: an action that
// manages permissions writes too.
func (a actionDocument) level() catalog.AccessLevel {
	switch p := a.Annotations.Properties; {
	case p.IsPermissionManagement:
		return catalog.PermissionsManagement
	case p.IsTaggingOnly:
		return catalog.Tagging
	case p.IsList:
		return catalog.List
	case p.IsWrite:
		return catalog.Write
	}
	return catalog.Read
}

// requires reports whether the action always names a resource of that type.
func requires(a *catalog.Action, resource string) bool {
	return slices.ContainsFunc(a.Resources, func(r catalog.ActionResource) bool {
		return r.Required && strings.EqualFold(r.Type.Name, resource)
	})
}
