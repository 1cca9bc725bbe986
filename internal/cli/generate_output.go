package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/terminal"
)

// printResult writes what was asked for to standard output, and the tests to their file.
func printResult(s Streams, o generateOptions, a generate.Answer) error {
	if o.tests != "" && o.tests != "-" {
		if err := atomicfile.Write(o.tests, a.WriteTests); err != nil {
			return err
		}
	}
	switch {
	case o.json:
		return plainjson.WriteIndented(s.Out, a)
	case o.tests == "-":
		return a.WriteTests(s.Out)
	}
	return printDocument(a.Policy)(s.Out)
}

// printReport says on standard error what the answer is worth and what it means.
func printReport(s Streams, o generateOptions, program *app.App, a generate.Answer) error {
	p := terminal.NewPrinter(s.Err, colours())
	p.Status(a)
	if o.explain {
		p.Printf("\n%s\n", terminal.Indent(terminal.PrintableText(program.Explain(a.Policy, a.Kind, true).Text())))
	} else {
		p.Statements(a)
	}
	if o.why {
		p.Provenance(a)
	}
	p.Review(a)
	p.Open(a)
	return p.Err()
}

// writeFolder writes the documents of an answer, its tests and its explanation as files, the whole
// answer last.
func writeFolder(folder string, program *app.App, a generate.Answer) error {
	if err := openFolder(folder); err != nil {
		return err
	}
	put := func(name string, write func(io.Writer) error) error {
		return atomicfile.Write(filepath.Join(folder, name), write)
	}
	for _, kind := range slices.Sorted(maps.Keys(a.Documents)) {
		if err := put(string(kind)+".json", printDocument(a.Documents[kind])); err != nil {
			return err
		}
	}
	for i, d := range a.Parts {
		if err := put(fmt.Sprintf("%s-%d.json", a.Kind, i+1), printDocument(d)); err != nil {
			return err
		}
	}
	err := put("explanation.txt", func(w io.Writer) error {
		_, err := io.WriteString(w, program.Explain(a.Policy, a.Kind, true).Text())
		return err
	})
	if err != nil {
		return err
	}
	tests := func(w io.Writer) error { return a.WriteTestsOf(w, string(a.Kind)+".json") }
	if err := put("tests.json", tests); err != nil {
		return err
	}
	return put("answer.json", func(w io.Writer) error { return plainjson.WriteIndented(w, a) })
}

// openFolder makes a folder for results. What a run that was killed left unfinished in it is removed.
func openFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return atomicfile.Sweep(folder)
}

// printDocument returns a function that writes a document as its file has it.
func printDocument(d *policy.Document) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s\n", d.JSON())
		return err
	}
}
