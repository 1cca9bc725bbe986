package probe

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
)

func load(t *testing.T, path string) []Case {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	cases, err := Load(f, filepath.Base(path))
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestSets holds the sets of the project to their own rules: structure and gold only.
func TestSets(t *testing.T) {
	files, err := filepath.Glob("../../probes/*/*.probes")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sets of probes: %v", err)
	}
	ids := map[string]string{}
	for _, path := range files {
		cases := load(t, path)
		for _, c := range cases {
			if first, twice := ids[c.ID]; twice {
				t.Errorf("%s: case %s stands in %s too", path, c.ID, first)
			}
			ids[c.ID] = path
		}
		for _, p := range Check(cases, catalog.Default()) {
			if !p.Warning {
				t.Error(p)
			}
		}
	}
}

// TestOtherSets judges the gold policies of sets outside the project: the variable holds a
// pattern of JSONL files, each of which has its gold in gold_NAME beside it.
func TestOtherSets(t *testing.T) {
	files, err := filepath.Glob(os.Getenv("AEGIS_PROBE_SETS"))
	if err != nil || len(files) == 0 {
		t.Skip("AEGIS_PROBE_SETS names no files")
	}
	for _, path := range files {
		cases := load(t, path)
		gold := filepath.Join(filepath.Dir(path), "gold_"+filepath.Base(path))
		f, err := os.Open(gold)
		if err != nil {
			t.Fatal(err)
		}
		if err := LoadGold(f, gold, cases); err != nil {
			t.Error(err)
		}
		_ = f.Close()
		turns := 0
		for _, c := range cases {
			for i := range c.Turns {
				turns++
				for _, m := range c.Judge(i, c.Turns[i].Gold) {
					t.Errorf("%s turn %d: %s", c.ID, i+1, m)
				}
			}
		}
		for _, p := range Check(cases, catalog.Default()) {
			t.Log(p)
		}
		t.Logf("%s: %d turns", path, turns)
	}
}

func TestRun(t *testing.T) {
	const set = `case one
tags s3 ip
words read b
allow s3:GetObject arn:aws:s3:::b/x
deny s3:PutObject arn:aws:s3:::b/x

case two
kind scp
words no leaving
deny organizations:LeaveOrganization *
allow s3:GetObject arn:aws:s3:::b/x
words and no s3
deny s3:GetObject arn:aws:s3:::b/x
allow sqs:SendMessage arn:aws:sqs:us-east-1:123456789012:q
`
	cases, err := Load(strings.NewReader(set), "x.probes")
	if err != nil {
		t.Fatal(err)
	}
	doc := func(text string) *policy.Document {
		d, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + text + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	answers := map[string][]Answer{
		"one": {{doc(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`), Proved}},
		"two": {{doc(`{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}`), Proved}},
	}
	r, err := Run(t.Context(), cases, catalog.Default(), func(_ context.Context, c Case) ([]Answer, error) {
		return answers[c.ID], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Tally{Turns: 3, Exact: 1, ExactRate: 1.0 / 3, RightProved: 1, WrongProved: 1, Known: 2}
	if r.All != want {
		t.Errorf("All = %+v, want %+v", r.All, want)
	}
	if r.Conversations.Turns != 1 || r.Conversations.Exact != 0 {
		t.Errorf("Conversations = %+v, want one that is not exact", r.Conversations)
	}
	var text, js bytes.Buffer
	if err := errors.Join(r.WriteText(&text, true), r.WriteJSON(&js)); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"kind scp", "tag ip", "want deny s3:PutObject arn:aws:s3:::b/x: Allowed", "no answer to this turn"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("the text lacks %q:\n%s", part, text.String())
		}
	}
	if !strings.Contains(js.String(), `"wrongProvedRate": 0.333`) {
		t.Errorf("the JSON lacks the share of wrong and proved:\n%s", js.String())
	}
}
