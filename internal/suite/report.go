package suite

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Text writes the tests that fail, each with how it was decided, and a line for each file. With
// all, it names the tests that pass, too.
func Text(w io.Writer, outcomes []Outcome, all bool) {
	for _, o := range outcomes {
		for _, r := range o.Results {
			switch {
			case !r.Passed:
				fmt.Fprintf(w, "FAIL %s:%v %s\n%s", o.Suite.File, r.Test.Position, r.Test.Name, indent(r.Detail, "     "))
			case all:
				fmt.Fprintf(w, "pass %s:%v %s\n", o.Suite.File, r.Test.Position, r.Test.Name)
			}
		}
		if n := len(o.Results); o.Failed > 0 {
			fmt.Fprintf(w, "%s: %d of %d tests fail\n", o.Suite.File, o.Failed, n)
		} else {
			fmt.Fprintf(w, "%s: %d tests pass\n", o.Suite.File, n)
		}
	}
}

func indent(text, by string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(by + line)
	}
	return out.String()
}

// TAP writes the outcomes in version 14 of the Test Anything Protocol, as one list of tests.
func TAP(w io.Writer, outcomes []Outcome) {
	total := 0
	for _, o := range outcomes {
		total += len(o.Results)
	}
	fmt.Fprintf(w, "TAP version 14\n1..%d\n", total)
	number := 0
	for _, o := range outcomes {
		for _, r := range o.Results {
			number++
			word := "ok"
			if !r.Passed {
				word = "not ok"
			}
			fmt.Fprintf(w, "%s %d - %s\n", word, number, tapText(o.Suite.File+": "+r.Test.Name))
			if !r.Passed {
				fmt.Fprintf(w, "  ---\n  at: %s\n  message: |-\n%s  ...\n",
					strconv.Quote(fmt.Sprintf("%s:%v", o.Suite.File, r.Test.Position)), indent(r.Detail, "    "))
			}
		}
	}
}

// tapText escapes what has a meaning in the description of a test.
func tapText(text string) string {
	return strings.NewReplacer("\\", "\\\\", "#", "\\#", "\n", " ", "\r", " ").Replace(text)
}

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the outcomes as the XML that continuous integration servers read.
func JUnit(w io.Writer, outcomes []Outcome) error {
	var all junitSuites
	for _, o := range outcomes {
		s := junitSuite{Name: o.Suite.File, Tests: len(o.Results), Failures: o.Failed}
		for _, r := range o.Results {
			c := junitCase{Name: r.Test.Name, Class: o.Suite.File, File: o.Suite.File, Line: r.Test.Position.Line}
			if !r.Passed {
				message, _, _ := strings.Cut(r.Detail, "\n")
				c.Failure = &junitFailure{message, r.Detail}
			}
			s.Cases = append(s.Cases, c)
		}
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write JUnit: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("write JUnit: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}
