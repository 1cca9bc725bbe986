package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/catalog/reference"
	"github.com/spf13/cobra"
)

// The largest document of the service reference has less than two megabytes.
const maxReferenceDocument = 32 << 20

// catalogUpdateOptions are the flags of the command, and what tests put in their place.
type catalogUpdateOptions struct {
	catalogOptions
	url   string
	today string
	fetch func(ctx context.Context, url string) ([]byte, error)
}

func newCatalogUpdate(s Streams, shared *catalogOptions) *cobra.Command {
	o := catalogUpdateOptions{}
	command := &cobra.Command{
		Use:   "update",
		Short: "download the current catalog from AWS's service reference",
		Long: "Downloads what AWS publishes about its services for programs, checks it, and replaces\n" +
			"the user's copy of the catalog in one step. A partial or damaged download, or one that\n" +
			"holds much less than what is known, leaves the copy as it is.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o.catalogOptions = *shared
			o.today = time.Now().UTC().Format(time.DateOnly)
			o.fetch = fetchHTTP(&http.Client{Timeout: time.Minute})
			return runCatalogUpdate(c.Context(), s, o)
		},
	}
	command.Flags().StringVar(&o.url, "url", reference.URL, "address of the list of services")
	return command
}

func runCatalogUpdate(ctx context.Context, s Streams, o catalogUpdateOptions) error {
	path := o.file
	if path == "" {
		var err error
		if path, err = catalogPath(); err != nil {
			return fmt.Errorf("find the place of the catalog: %w", err)
		}
	}
	u := reference.Updater{Fetch: o.fetch, URL: o.url, Current: catalog.Default(), Date: o.today, Path: path}
	// A copy that was updated before is the better measure; one that is missing or
	// damaged is what an update mends.
	if c, err := catalog.Open(path); err == nil && c.Date() >= u.Current.Date() {
		u.Current = c
	}
	c, err := u.Run(ctx)
	if err != nil {
		return err
	}
	n := c.Counts()
	if _, err := fmt.Fprintf(s.Err, "aegis: wrote %s\n", path); err != nil {
		return err
	}
	t := table{rows: [][]string{{fmt.Sprintf("%s: %d services, %d actions, %d resource types, %d condition keys",
		c.Date(), n.Services, n.Actions, n.Resources, n.Keys)}}}
	return t.print(s.Out, o.json, catalogState{c.Date(), c.Source(), n})
}

// fetchHTTP returns a function that downloads a document. Anything but a whole
// document with status 200 is an error.
func fetchHTTP(client *http.Client) func(context.Context, string) ([]byte, error) {
	return func(ctx context.Context, url string) (data []byte, err error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return nil, err
		}
		response, err := client.Do(request)
		if err != nil {
			return nil, err
		}
		defer func() {
			if closeErr := response.Body.Close(); err == nil {
				err = closeErr
			}
		}()
		if response.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("get %s: %s", url, response.Status)
		}
		data, err = io.ReadAll(io.LimitReader(response.Body, maxReferenceDocument+1))
		if err != nil {
			return nil, fmt.Errorf("get %s: %w", url, err)
		}
		if len(data) > maxReferenceDocument {
			return nil, fmt.Errorf("get %s: more than %d bytes", url, maxReferenceDocument)
		}
		return data, nil
	}
}
