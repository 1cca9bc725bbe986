package app

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/rogpeppe/go-internal/txtar"
)

func anyFinding(*finding.Finding) bool { return true }

// Every fix of every archive of the rules is applied or refused for a reason; what was mended is
// found no more, allows nothing new, and there is nothing left to mend.
func TestMendArchives(t *testing.T) {
	program := New(catalog.Default())
	l := program.Linter(rules.All())
	archives, err := filepath.Glob("../lint/rules/testdata/*.txtar")
	if err != nil || len(archives) < 100 {
		t.Fatalf("%d archives, %v", len(archives), err)
	}
	mended, refused := 0, 0
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			name, ok := strings.CutSuffix(f.Name, ".json")
			if !ok {
				continue
			}
			text, kind := string(f.Data), KindOfText(string(f.Data))
			if ext := filepath.Ext(name); ext != "" {
				kind = policy.Kind(ext[1:])
			}
			m := program.Mend(l, text, kind, anyFinding)
			mended, refused = mended+len(m.Applied), refused+len(m.Refused)
			for _, r := range m.Refused {
				if r.Reason == "" {
					t.Errorf("%s: %s: %s is refused without a reason", path, f.Name, r.Finding.Rule)
				}
			}
			if len(m.Applied) == 0 {
				continue
			}
			if again := program.Mend(l, m.Text, kind, anyFinding); len(again.Applied) > 0 {
				t.Errorf("%s: %s: mended twice: %+v", path, f.Name, again.Applied)
			}
			before, after := parse(t, text), parse(t, m.Text)
			answer, err := compare.New(catalog.Default()).Subsumes(compare.One(kind, before), compare.One(kind, after), compare.Options{Open: true})
			if err != nil || answer.Verdict != compare.Proved {
				t.Errorf("%s: %s: mended to %s, which is %s to allow nothing new: %v", path, f.Name, m.Text, answer.Verdict, err)
			}
		}
	}
	if mended < 20 || refused < 2 {
		t.Errorf("%d findings mended and %d refused, want some of both", mended, refused)
	}
}

func parse(t *testing.T, text string) *policy.Document {
	t.Helper()
	d, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMendRefusesToWiden(t *testing.T) {
	program := New(catalog.Default())
	l := program.Linter(rules.All())
	const wrong = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:S3:::reports"}}`
	m := program.Mend(l, wrong, "", anyFinding)
	if len(m.Applied) != 0 || len(m.Refused) != 1 || !strings.Contains(m.Refused[0].Reason, "would allow") || m.Text != wrong {
		t.Errorf("Mend(Allow) = %d applied, refused %+v", len(m.Applied), m.Refused)
	}
	const idle = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}}`
	m = program.Mend(l, idle, "", anyFinding)
	if len(m.Applied) != 1 || m.Text != strings.Replace(idle, "Bool", "BoolIfExists", 1) {
		t.Errorf("Mend(Deny) = %s, refused %+v", m.Text, m.Refused)
	}
	// A Deny is not taken away for what only looks like it.
	const denies = `{"Version": "2012-10-17", "Statement": [
  {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"},
  {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "arn:aws:s3:::a/*"}]}`
	if m = program.Mend(l, denies, "", anyFinding); m.Text != denies {
		t.Errorf("Mend(denies) = %s", m.Text)
	}
}
