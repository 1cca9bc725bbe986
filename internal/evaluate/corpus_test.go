package evaluate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

// The corpus is testdata/*.txtar. Each archive holds policies, named <name>.<kind>.json or,
// if identity-based, <name>.json, and a file "cases" with one case a line:
//
//	decision policies action resource [@type:principal] [key=value ...] // title
//
// The decision is allow, deny (explicit) or none (implicit). Several policies are separated
// by commas; "-" is no policy or no resource. A value that begins with " or [ is JSON. A
// line "page <name>#<anchor>" names the page of the IAM User Guide that the cases below it
// rest on.
type corpusCase struct {
	name     string // archive:line: title
	text     string // without decision and title
	page     string
	want     Decision
	policies []*Policy
	request  Request
}

const minCases = 600

var corpusDecisions = map[string]Decision{"allow": Allowed, "deny": ExplicitDeny, "none": ImplicitDeny}

func TestCorpus(t *testing.T) {
	cases := corpus(t)
	if len(cases) < minCases {
		t.Errorf("corpus has %d cases, want at least %d", len(cases), minCases)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Evaluate(c.request, c.policies...); got != c.want {
				e := Explain(c.request, c.policies...)
				t.Errorf("Evaluate(%+v) = %v, want %v (page %s)\n%s", c.request, got, c.want, c.page, e.String())
			}
			checkExplanation(t, c.request, c.policies)
		})
	}
}

// TestCorpusCasesDiffer holds the corpus to different facts.
func TestCorpusCasesDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, c := range corpus(t) {
		file, _, _ := strings.Cut(c.name, ":")
		key := file + " " + c.text
		if before, ok := seen[key]; ok {
			t.Errorf("%s repeats %s", c.name, before)
		}
		seen[key] = c.name
	}
}

func corpus(t testing.TB) []corpusCase {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("read corpus: %v, %d archives", err, len(files))
	}
	var all []corpusCase
	for _, file := range files {
		all = append(all, readArchive(t, file)...)
	}
	return all
}

func readArchive(t testing.TB, file string) []corpusCase {
	t.Helper()
	var cases []corpusCase
	readLines(t, file, func(place, page, line string, policies map[string]*Policy) {
		c := readCase(t, place, line, policies)
		c.name = fmt.Sprintf("%s: %s", strings.TrimPrefix(place, "testdata/"), c.name)
		c.page = page
		cases = append(cases, c)
	})
	return cases
}

// readLines reads the documents of an archive and hands each line of its cases to read.
func readLines(t testing.TB, file string, read func(place, page, line string, policies map[string]*Policy)) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	documents, policies := map[string]string{}, map[string]*Policy{}
	section, page := "", ""
	lines := bufio.NewScanner(f)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --"):
			section = line[3 : len(line)-3]
			for name, text := range documents {
				if policies[name] == nil {
					policies[name] = corpusPolicy(t, file, name, text)
				}
			}
		case section == "" || line == "":
		case section != "cases":
			documents[section] += line + "\n"
		case strings.HasPrefix(line, "page "):
			page = strings.TrimPrefix(line, "page ")
		default:
			if page == "" {
				t.Fatalf("%s:%d: case names no page", file, number)
			}
			read(fmt.Sprintf("%s:%d", file, number), page, line, policies)
		}
	}
}

func corpusPolicy(t testing.TB, file, name, text string) *Policy {
	t.Helper()
	kind := policy.IdentityBased
	if _, k, found := strings.Cut(strings.TrimSuffix(name, ".json"), "."); found {
		kind = policy.Kind(k)
	}
	d, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %s: %v", file, name, err)
	}
	p, err := Compile(d, kind)
	if err != nil {
		t.Fatalf("%s: %s: %v", file, name, err)
	}
	return p
}

func readCase(t testing.TB, place, line string, policies map[string]*Policy) corpusCase {
	t.Helper()
	line, title, found := strings.Cut(line, " // ")
	words := strings.Fields(line)
	if !found || len(words) < 4 {
		t.Fatalf("%s: case wants a decision, policies, an action, a resource and a title", place)
	}
	want, ok := corpusDecisions[words[0]]
	if !ok {
		t.Fatalf("%s: unknown decision %q", place, words[0])
	}
	c := corpusCase{name: strings.TrimSpace(title), text: strings.Join(words[1:], " "), want: want}
	for name := range strings.SplitSeq(words[1], ",") {
		if name == "-" {
			continue
		}
		if policies[name] == nil {
			t.Fatalf("%s: no policy %q", place, name)
		}
		c.policies = append(c.policies, policies[name])
	}
	c.request = readRequest(t, place, words[2:])
	return c
}

// readRequest reads action, resource, principal and context.
func readRequest(t testing.TB, place string, words []string) Request {
	t.Helper()
	r := Request{Action: words[0], Resource: strings.TrimPrefix(words[1], "-"), Context: Context{}}
	for _, w := range words[2:] {
		if id, found := strings.CutPrefix(w, "@"); found {
			typ, id, _ := strings.Cut(id, ":")
			r.Principal = Principal{typ, id}
			continue
		}
		key, value, _ := strings.Cut(w, "=")
		r.Context[key] = corpusValues(t, place, value)
	}
	return r
}

func corpusValues(t testing.TB, place, text string) []string {
	t.Helper()
	var err error
	var one string
	var many []string
	switch {
	case strings.HasPrefix(text, "["):
		err = json.Unmarshal([]byte(text), &many)
	case strings.HasPrefix(text, `"`):
		err = json.Unmarshal([]byte(text), &one)
		many = []string{one}
	default:
		many = []string{text}
	}
	if err != nil {
		t.Fatalf("%s: value %s: %v", place, text, err)
	}
	return many
}
