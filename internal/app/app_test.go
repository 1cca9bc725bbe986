package app

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/batch"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/probe"
	"github.com/aegis-iam/aegis/internal/reader"
)

// Every answer is one that AWS would read, and only one that passes its tests is proved.
func TestGenerateVariedRequests(t *testing.T) {
	program := New(catalog.Default())
	for _, words := range requests() {
		a, err := program.Generate(t.Context(), generate.Request{Words: words})
		if err != nil {
			t.Errorf("Generate(%q) = %v", words, err)
			continue
		}
		if a.Status == generate.Proved && (len(a.Failures) > 0 || len(a.Unread) > 0 || len(a.Questions) > 0 || len(a.Tests) == 0) {
			t.Errorf("Generate(%q) is proved with %d failures, %q not read, %d questions, %d tests",
				words, len(a.Failures), a.Unread, len(a.Questions), len(a.Tests))
		}
		if _, err := policy.Parse(a.Policy.JSON()); err != nil {
			t.Errorf("Generate(%q) writes a document that cannot be read: %v\n%s", words, err, a.Policy.JSON())
		}
		if a.Documents[a.Kind] != a.Policy || len(a.Provenance) != len(a.Policy.Statements) {
			t.Errorf("Generate(%q): documents %v, %d provenances of %d statements", words, a.Documents, len(a.Provenance), len(a.Policy.Statements))
		}
	}
}

func TestTalkIsSavedAndLoaded(t *testing.T) {
	program := New(catalog.Default())
	known := generate.Request{Account: "111122223333", Region: "eu-west-1"}
	var talk Talk
	for _, words := range []string{"upload to the bucket media", "only below 2026/"} {
		r := known
		r.Words = words
		var err error
		if talk, err = program.Chat(t.Context(), talk, r); err != nil {
			t.Fatal(err)
		}
	}
	if talk.Answer.Changes == nil {
		t.Error("the second turn has no changes")
	}
	var saved bytes.Buffer
	if err := program.SaveTalk(&saved, talk, known); err != nil {
		t.Fatal(err)
	}
	loaded, r, err := program.LoadTalk(saved.Bytes(), nil)
	if err != nil || !reflect.DeepEqual(r, known) {
		t.Fatalf("LoadTalk() = %+v, %v; want %+v", r, err, known)
	}
	want, wantErr := talk.Answer.MarshalJSON()
	got, gotErr := loaded.Answer.MarshalJSON()
	if wantErr != nil || gotErr != nil || !bytes.Equal(got, want) {
		t.Errorf("LoadTalk(SaveTalk()) answers\n%s\nwant\n%s", got, want)
	}
	first := program.Back(talk, nil)
	if n := len(first.Talk.Turns); n != 1 || first.Answer.Changes != nil {
		t.Errorf("Back() has %d turns and changes %v, want the first turn", n, first.Answer.Changes)
	}
	if empty := program.Back(program.Back(first, nil), nil); empty.Answer != nil {
		t.Errorf("Back() of the first turn = %+v, want nothing", empty)
	}
	if talk := program.Resume(reader.Talk{}, nil); talk.Answer != nil {
		t.Errorf("Resume(nothing) = %+v", talk)
	}
	if _, err := program.Chat(t.Context(), talk, generate.Request{}); !errors.Is(err, generate.ErrEmpty) {
		t.Errorf("Chat() without words = %v, want ErrEmpty", err)
	}
	for _, text := range []string{"", "{}", "[]", `{"format":1,"talk":{"turns":[{"state":1}]}}`, `{"format":1,"account":"*"}`} {
		if _, _, err := program.LoadTalk([]byte(text), nil); !errors.Is(err, ErrTalk) {
			t.Errorf("LoadTalk(%q) = %v, want ErrTalk", text, err)
		}
	}
}

// A record is answered as the request alone is.
func TestBatchAnswersAsGenerate(t *testing.T) {
	program := New(catalog.Default())
	var lines []string
	for _, words := range requests() {
		lines = append(lines, `{"request": "`+words+`"}`)
	}
	i := 0
	summary, err := program.Batch(t.Context(), batch.JSONL(strings.NewReader(strings.Join(lines, "\n"))), BatchOptions{
		Request: generate.Request{Account: "111122223333"},
		Emit: func(r *batch.Result) error {
			want, err := program.Generate(context.Background(), generate.Request{Words: requests()[i], Account: "111122223333"})
			if err != nil || r.Err != nil || !policy.Equal(r.Answers[0].Policy, want.Policy) || r.Answers[0].Status != want.Status {
				t.Errorf("Batch() of %q = %s, %v", requests()[i], r.Text, r.Err)
			}
			i++
			return nil
		},
	})
	if err != nil || summary.Records != len(lines) {
		t.Errorf("Batch() = %+v, %v; want %d records", summary, err, len(lines))
	}
}

func TestProbe(t *testing.T) {
	set := "case a\nkind identity\nwords upload to the bucket media\nallow s3:PutObject arn:aws:s3:::media/x\ndeny s3:GetObject arn:aws:s3:::media/x\n"
	cases, err := probe.Load(strings.NewReader(set), "a.probes")
	if err != nil {
		t.Fatal(err)
	}
	report, err := New(catalog.Default()).Probe(t.Context(), cases)
	if err != nil || report.All.Exact != 1 || report.All.Turns != 1 {
		t.Errorf("Probe() = %+v, %v; want one exact turn", report, err)
	}
}
