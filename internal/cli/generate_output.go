package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/terminal"
)

// printResult writes what was asked for to standard output, and the tests to their file.
func printResult(s Streams, o generateOptions, a generate.Answer) error {
	if o.tests != "" && o.tests != "-" {
		if err := writeFile(o.tests, a.WriteTests); err != nil {
			return err
		}
	}
	switch {
	case o.json:
		return printJSON(s.Out, a)
	case o.tests == "-":
		return a.WriteTests(s.Out)
	}
	_, err := fmt.Fprintf(s.Out, "%s\n", a.Policy.JSON())
	return err
}

// printJSON writes indented JSON in which <, > and & stand as they are.
func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
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
	p.Open(a)
	return p.Err()
}

// writeFolder writes the documents of an answer, its tests and its explanation as files.
func writeFolder(folder string, program *app.App, a generate.Answer) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	files := map[string]func(io.Writer) error{
		"answer.json": func(w io.Writer) error { return printJSON(w, a) },
		"tests.json":  func(w io.Writer) error { return a.WriteTestsOf(w, string(a.Kind)+".json") },
		"explanation.txt": func(w io.Writer) error {
			_, err := fmt.Fprintln(w, program.Explain(a.Policy, a.Kind, true).Text())
			return err
		},
	}
	for kind, d := range a.Documents {
		files[string(kind)+".json"] = func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s\n", d.JSON())
			return err
		}
	}
	for i, d := range a.Parts {
		files[fmt.Sprintf("%s-%d.json", a.Kind, i+1)] = func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s\n", d.JSON())
			return err
		}
	}
	for name, write := range files {
		if err := writeFile(filepath.Join(folder, name), write); err != nil {
			return err
		}
	}
	return nil
}

// writeFile makes or replaces a file.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return joinClose(err, f)
	}
	return f.Close()
}
