package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/spf13/cobra"
)

// errNothingFound: a name or pattern of the command line is nothing that the catalog has.
var errNothingFound = errors.New("nothing found")

// catalogOptions are the flags that all catalog commands have.
type catalogOptions struct {
	file string
	json bool
}

// newCatalog returns the command that lists and searches what AWS offers.
func newCatalog(s Streams) *cobra.Command {
	o := &catalogOptions{}
	command := &cobra.Command{
		Use:   "catalog",
		Short: "list and search the services, actions, resource types and condition keys of AWS",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return runCatalogState(s, *o) },
	}
	flags := command.PersistentFlags()
	flags.StringVar(&o.file, "file", "", "read this catalog instead of the newer one of the built-in and the updated")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	command.AddCommand(
		newCatalogServices(s, o), newCatalogActions(s, o), newCatalogResources(s, o),
		newCatalogKeys(s, o), newCatalogSearch(s, o), newCatalogUpdate(s, o),
	)
	return command
}

func newCatalogServices(s Streams, o *catalogOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "services [word ...]",
		Short: "list the services, or those that match the words",
		RunE:  func(_ *cobra.Command, args []string) error { return runCatalogServices(s, *o, args) },
	}
}

func newCatalogActions(s Streams, o *catalogOptions) *cobra.Command {
	var level string
	command := &cobra.Command{
		Use:     "actions pattern ...",
		Short:   "list the actions that patterns such as s3:Get* expand to",
		Example: "  aegis catalog actions 's3:Get*'\n  aegis catalog actions --level 'Permissions management' 'iam:*'",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return runCatalogActions(s, *o, level, args) },
	}
	command.Flags().StringVar(&level, "level", "", "only actions of this access level")
	return command
}

func newCatalogResources(s Streams, o *catalogOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "resources service",
		Short: "list the resource types of a service with their ARN formats",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return runCatalogResources(s, *o, args[0]) },
	}
}

func newCatalogKeys(s Streams, o *catalogOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "keys [service | action | key]",
		Short: "list the global condition keys, those of a service or an action, or show one key",
		Args:  cobra.MaximumNArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return runCatalogKeys(s, *o, args) },
	}
}

func newCatalogSearch(s Streams, o *catalogOptions) *cobra.Command {
	limit := 10
	command := &cobra.Command{
		Use:   "search word ...",
		Short: "search services, actions, resource types and condition keys",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return runCatalogSearch(s, *o, strings.Join(args, " "), limit)
		},
	}
	command.Flags().IntVar(&limit, "limit", limit, "at most this many of each kind")
	return command
}

// open returns the catalog that the options ask for. Without a file named, it is
// the user's updated copy if that is newer than the built-in one; a copy that
// cannot be read is reported and left aside.
func (o catalogOptions) open(s Streams) (*catalog.Catalog, error) {
	if o.file != "" {
		return catalog.Open(o.file)
	}
	path, err := catalogPath()
	if err != nil {
		return catalog.Default(), nil //nolint:nilerr // no home folder, so no copy in it
	}
	c, err := catalog.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return catalog.Default(), nil
	case err != nil:
		if _, err := fmt.Fprintf(s.Err, "aegis: %v; using the built-in catalog\n", err); err != nil {
			return nil, err
		}
		return catalog.Default(), nil
	case c.Date() < catalog.Default().Date():
		return catalog.Default(), nil
	}
	return c, nil
}

// catalogPath is where the user's updated copy lies.
func catalogPath() (string, error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(folder, "aegis", "catalog.bin"), nil
}

func runCatalogState(s Streams, o catalogOptions) error {
	c, err := o.open(s)
	if err != nil {
		return err
	}
	n := c.Counts()
	t := table{rows: [][]string{
		{"date", c.Date()},
		{"source", c.Source()},
		{"services", fmt.Sprint(n.Services)},
		{"actions", fmt.Sprint(n.Actions)},
		{"resource types", fmt.Sprint(n.Resources)},
		{"condition keys", fmt.Sprint(n.Keys)},
	}}
	return t.print(s.Out, o.json, catalogState{c.Date(), c.Source(), n})
}

func runCatalogServices(s Streams, o catalogOptions, words []string) error {
	c, err := o.open(s)
	if err != nil {
		return err
	}
	var found []*catalog.Service
	if len(words) == 0 {
		for _, prefix := range c.Prefixes() {
			if service, ok := c.Service(prefix); ok {
				found = append(found, service)
			}
		}
	} else {
		for _, m := range c.Search(strings.Join(words, " "), c.Counts().Services).Services {
			found = append(found, m.Item)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("services for %q: %w", strings.Join(words, " "), errNothingFound)
	}
	return printServices(s.Out, o.json, found)
}

func runCatalogActions(s Streams, o catalogOptions, level string, patterns []string) error {
	c, err := o.open(s)
	if err != nil {
		return err
	}
	var actions []*catalog.Action
	for _, pattern := range patterns {
		found := c.Expand(pattern)
		if len(found) == 0 {
			return fmt.Errorf("actions for %q: %w", pattern, errNothingFound)
		}
		actions = append(actions, found...)
	}
	actions = slices.DeleteFunc(actions, func(a *catalog.Action) bool {
		return level != "" && !strings.EqualFold(string(a.Level), level)
	})
	slices.SortFunc(actions, func(a, b *catalog.Action) int { return a.Index() - b.Index() })
	return printActions(s.Out, o.json, slices.Compact(actions))
}

func runCatalogResources(s Streams, o catalogOptions, prefix string) error {
	c, err := o.open(s)
	if err != nil {
		return err
	}
	service, ok := c.Service(prefix)
	if !ok {
		return fmt.Errorf("service %q: %w", prefix, errNothingFound)
	}
	return printResources(s.Out, o.json, service.Resources)
}

func runCatalogKeys(s Streams, o catalogOptions, args []string) error {
	c, err := o.open(s)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return printKeys(s.Out, o.json, catalog.GlobalKeys())
	}
	name := args[0]
	if service, ok := c.Service(name); ok {
		return printKeys(s.Out, o.json, service.Keys)
	}
	if a, ok := c.Action(name); ok {
		return printKeys(s.Out, o.json, keysOf(c, a))
	}
	if k, ok := c.Key(name); ok {
		return printKeys(s.Out, o.json, []*catalog.Key{k})
	}
	return fmt.Errorf("service, action or condition key %q: %w", name, errNothingFound)
}

// keysOf returns the keys that the catalog lists for an action and its resource types.
func keysOf(c *catalog.Catalog, a *catalog.Action) []*catalog.Key {
	names := slices.Clone(a.Keys)
	for _, r := range a.Resources {
		names = append(append(names, r.Keys...), r.Type.Keys...)
	}
	slices.Sort(names)
	var keys []*catalog.Key
	for _, name := range slices.Compact(names) {
		if k, ok := c.Key(name); ok && a.Honours(name) {
			keys = append(keys, k)
		}
	}
	return keys
}

func runCatalogSearch(s Streams, o catalogOptions, query string, limit int) error {
	c, err := o.open(s)
	if err != nil {
		return err
	}
	found := c.Search(query, limit)
	if len(found.Services)+len(found.Actions)+len(found.Resources)+len(found.Keys) == 0 {
		return fmt.Errorf("search for %q: %w", query, errNothingFound)
	}
	return printResults(s.Out, o.json, found)
}
