package main

import (
	_ "embed" // full names of services
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
)

//go:embed names.tsv
var fullNames string

// What the package holds of one action, resource type and condition key.
type (
	sourceAction struct {
		Name          string   `json:"name"`
		Description   string   `json:"description"`
		AccessLevel   string   `json:"accessLevel"`
		ConditionKeys []string `json:"conditionKeys"`
		ResourceTypes []struct {
			Name          string   `json:"name"`
			Required      bool     `json:"required"`
			ConditionKeys []string `json:"conditionKeys"`
		} `json:"resourceTypes"`
	}
	sourceResource struct {
		Key           string   `json:"key"`
		ARN           string   `json:"arn"`
		ConditionKeys []string `json:"conditionKeys"`
	}
	sourceKey struct {
		Key  string `json:"key"`
		Type string `json:"type"`
	}
)

type packageInfo struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	UpdatedAt string `json:"updatedAt"`
}

// compile returns the bytes of the catalog for the package installed in a folder.
func compile(folder string) ([]byte, error) {
	var info packageInfo
	var prefixes, rcp []string
	var names map[string]string
	for path, value := range map[string]any{
		"package.json": &info, "data/services.json": &prefixes,
		"data/serviceNames.json": &names, "data/rcpSupportedServices.json": &rcp,
	} {
		if err := load(folder, path, value); err != nil {
			return nil, err
		}
	}
	day, _, found := strings.Cut(info.UpdatedAt, "T")
	if !found {
		return nil, fmt.Errorf("package.json: no date in %q", info.UpdatedAt)
	}
	for line := range strings.Lines(fullNames) {
		if prefix, name, found := strings.Cut(strings.TrimSpace(line), "\t"); found && !strings.HasPrefix(line, "#") {
			names[prefix] = name
		}
	}
	var services []*catalog.Service
	for _, prefix := range prefixes {
		s := &catalog.Service{Prefix: prefix, Name: names[prefix], RCP: slices.Contains(rcp, prefix)}
		if err := fill(s, folder); err != nil {
			return nil, fmt.Errorf("service %s: %w", prefix, err)
		}
		services = append(services, s)
	}
	meta := catalog.Meta{Date: day, Source: "npm " + info.Name + " " + info.Version}
	return catalog.Encode(meta, services)
}

func load(folder, path string, value any) error {
	data, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, value); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func fill(s *catalog.Service, folder string) error {
	var actions map[string]sourceAction
	var resources map[string]sourceResource
	var keys map[string]sourceKey
	for name, value := range map[string]any{"actions": &actions, "resourceTypes": &resources, "conditionKeys": &keys} {
		if err := load(folder, "data/"+name+"/"+s.Prefix+".json", value); err != nil {
			return err
		}
	}
	for _, r := range sorted(resources) {
		s.Resources = append(s.Resources, &catalog.ResourceType{
			Service: s.Prefix, Name: r.Key,
			ARNs: strings.Split(r.ARN, ", "), Keys: catalog.KeyNames(r.ConditionKeys),
		})
	}
	for _, k := range sorted(keys) {
		key := &catalog.Key{Name: catalog.KeyName(k.Key), Type: catalog.ParseKeyType(k.Type)}
		// Two spellings of one variable are one key.
		if !slices.ContainsFunc(s.Keys, func(other *catalog.Key) bool { return strings.EqualFold(other.Name, key.Name) }) {
			s.Keys = append(s.Keys, key)
		}
	}
	for _, a := range sorted(actions) {
		action, err := convert(s, a)
		if err != nil {
			return err
		}
		s.Actions = append(s.Actions, action)
	}
	return nil
}

// sorted returns the values of a map in the order of its keys, so that the output
// does not depend on the order of a walk over the map.
func sorted[T any](m map[string]T) []T {
	var values []T
	for _, k := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[k])
	}
	return values
}

func convert(s *catalog.Service, a sourceAction) (*catalog.Action, error) {
	level, err := accessLevel(a.AccessLevel)
	if err != nil {
		return nil, fmt.Errorf("action %s: %w", a.Name, err)
	}
	action := &catalog.Action{
		Service: s.Prefix, Name: a.Name, Level: level, Keys: catalog.KeyNames(a.ConditionKeys),
		Terms: catalog.Terms(a.Description, catalog.Terms(a.Name+" "+s.Prefix)...),
	}
	for _, r := range a.ResourceTypes {
		i := slices.IndexFunc(s.Resources, func(t *catalog.ResourceType) bool { return strings.EqualFold(t.Name, r.Name) })
		if i < 0 {
			return nil, fmt.Errorf("action %s: no resource type %s", a.Name, r.Name)
		}
		action.Resources = append(action.Resources, catalog.ActionResource{
			Type: s.Resources[i], Required: r.Required, Keys: catalog.KeyNames(r.ConditionKeys),
		})
	}
	return action, nil
}

// accessLevel reads a level. The package writes "Tagging, Write" for what the
// Service Authorization Reference calls Tagging.
func accessLevel(text string) (catalog.AccessLevel, error) {
	parts := strings.Split(text, ", ")
	for _, level := range []catalog.AccessLevel{
		catalog.PermissionsManagement, catalog.Tagging, catalog.Write, catalog.Read, catalog.List,
	} {
		if slices.Contains(parts, string(level)) {
			return level, nil
		}
	}
	return "", fmt.Errorf("unknown access level %q", text)
}
