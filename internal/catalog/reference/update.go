// Package reference reads AWS's own machine-readable Service Authorization Reference
// into a catalog, and puts it into a file without ever damaging the one it replaces.
package reference

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/catalog"
)

// URL is where AWS publishes the Service Authorization Reference for programs: a
// list of services, each with the address of its own document.
const URL = "https://servicereference.us-east-1.amazonaws.com/"

// ErrImplausible: a download was read without an error but holds much less than
// the catalog that it should replace.
var ErrImplausible = errors.New("the new catalog holds too little")

// An Updater makes a catalog of AWS's service reference and puts it into a file.
type Updater struct {
	Fetch   func(ctx context.Context, url string) ([]byte, error)
	URL     string           // of the list of services; the constant URL if empty
	Current *catalog.Catalog // what is known so far; its names, search terms and required types live on
	Date    string           // the day of the download, as 2006-01-02
	Path    string           // the file to replace
}

// How many documents are fetched at a time.
const fetchers = 8

// Run downloads everything, checks it and only then replaces the file, in one
// step. After any error the file is as it was. The error wraps ErrImplausible if
// the download holds fewer than nine tenths of the services or actions of Current.
func (u Updater) Run(ctx context.Context) (*catalog.Catalog, error) {
	services, err := u.download(ctx)
	if err != nil {
		return nil, fmt.Errorf("download catalog: %w", err)
	}
	data, err := catalog.Encode(catalog.Meta{Date: u.Date, Source: "AWS service reference " + u.url()}, services)
	if err != nil {
		return nil, err
	}
	// What is written is read back first: the file must open when it is needed.
	c, err := catalog.Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("read the new catalog: %w", err)
	}
	if err := c.Check(); err != nil {
		return nil, fmt.Errorf("read the new catalog: %w", err)
	}
	now, before := c.Counts(), u.Current.Counts()
	if 10*now.Services < 9*before.Services || 10*now.Actions < 9*before.Actions {
		return nil, fmt.Errorf("%w: %d services and %d actions instead of %d and %d",
			ErrImplausible, now.Services, now.Actions, before.Services, before.Actions)
	}
	if err := replaceFile(u.Path, data); err != nil {
		return nil, fmt.Errorf("write catalog: %w", err)
	}
	return c, nil
}

func (u Updater) url() string {
	if u.URL == "" {
		return URL
	}
	return u.URL
}

func (u Updater) download(ctx context.Context) ([]*catalog.Service, error) {
	data, err := u.Fetch(ctx, u.url())
	if err != nil {
		return nil, err
	}
	entries, err := parseIndex(data, u.url())
	if err != nil {
		return nil, fmt.Errorf("list of services: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	services := make([]*catalog.Service, len(entries))
	slots := make(chan struct{}, fetchers)
	var wait sync.WaitGroup
	for i, e := range entries {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			if ctx.Err() != nil {
				return
			}
			s, err := u.service(ctx, e)
			if err != nil {
				cancel(fmt.Errorf("service %s: %w", e.Service, err))
				return
			}
			services[i] = s
		})
	}
	wait.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return services, nil
}

func (u Updater) service(ctx context.Context, e entry) (*catalog.Service, error) {
	data, err := u.Fetch(ctx, e.URL)
	if err != nil {
		return nil, err
	}
	known, _ := u.Current.Service(e.Service)
	return parseService(data, e.Service, known)
}

// replaceFile puts data into a file, whose folder is made if need be. The file never holds half of
// it, not even after a failure of power.
func replaceFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := atomicfile.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(err, f.Discard())
	}
	return f.Commit()
}
