package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/aegis-iam/aegis/internal/finding"
)

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string       `xml:"name,attr"`
		Class   string       `xml:"classname,attr"`
		Failure *junitResult `xml:"failure,omitempty"`
		Error   *junitResult `xml:"error,omitempty"`
		Output  string       `xml:"system-out,omitempty"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a report as test results: a suite a document, a failed test a finding. Suggestions
// do not fail, and a document without findings is one test that passes.
func JUnit(w io.Writer, r *Report) error {
	all := junitSuites{Name: "aegis lint"}
	for i := range r.Files {
		s := junitSuiteOf(&r.Files[i])
		all.Suites = append(all.Suites, s)
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitSuiteOf(f *File) junitSuite {
	s := junitSuite{Name: f.Name}
	switch {
	case f.Err != nil:
		s.Errors = 1
		s.Cases = []junitCase{{Name: "read", Class: f.Name, Error: &junitResult{f.Err.Error(), "unreadable", ""}}}
	case len(f.Findings) == 0:
		s.Cases = []junitCase{{Name: "lint", Class: f.Name}}
	}
	for k := range f.Findings {
		x := &f.Findings[k]
		c := junitCase{Name: fmt.Sprintf("%s at %s", x.Rule, x.Position), Class: f.Name}
		if x.Severity == finding.Suggestion {
			c.Output = plainText(x)
		} else {
			c.Failure = &junitResult{x.Message, x.Severity.String(), fmt.Sprintf("%s:%s\n%s\n%s", f.Name, x.Position, plainText(x), Page(x.Rule))}
			s.Failures++
		}
		s.Cases = append(s.Cases, c)
	}
	s.Tests = len(s.Cases)
	return s
}
