package batch

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// echo answers with a status for each turn; a turn that says panic is a defect.
func echo(_ context.Context, r Record) ([]generate.Answer, error) {
	var out []generate.Answer
	for _, words := range r.Turns {
		switch words {
		case "panic":
			panic("defect")
		case "error":
			return nil, errors.New("no answer")
		case "slow":
			time.Sleep(5 * time.Millisecond)
		}
		out = append(out, generate.Answer{Status: generate.Status(words), Policy: &policy.Document{Statements: []policy.Statement{}}})
	}
	return out, nil
}

func TestRun(t *testing.T) {
	in := `{"id":"a","request":"slow"}
{"id":"b","request":"panic"}
{"id":"c","request":"error"}
{"id":"d","turns":["x","y"]}
{"id":"e","request":"z"}`
	var out bytes.Buffer
	r := Runner{Answer: echo, Workers: 3, Emit: func(r *Result) error {
		_, err := out.Write(r.Text)
		return err
	}}
	s, err := r.Run(t.Context(), JSONL(strings.NewReader(in)))
	if err != nil || s.Records != 5 || s.Failed != 2 || s.Statuses["y"] != 1 {
		t.Errorf("Run() = %+v, %v", s, err)
	}
	answer := `"status":"%s","policy":{"Statement":[]},"documents":null,"questions":null,"assumed":null,"unread":null}`
	want := fmt.Sprintf(`{"id":"a",`+answer+"\n", "slow") +
		"{\"id\":\"b\",\"line\":2,\"error\":\"defect of this program: defect\"}\n" +
		"{\"id\":\"c\",\"line\":3,\"error\":\"no answer\"}\n" +
		fmt.Sprintf(`{"id":"d","turns":[{`+answer+`,{`+answer+"]}\n", "x", "y") +
		fmt.Sprintf(`{"id":"e",`+answer+"\n", "z")
	if out.String() != want {
		t.Errorf("Run() writes\n%s\nwant\n%s", &out, want)
	}
}

func TestRunKeepsOrder(t *testing.T) {
	var in strings.Builder
	for i := range 2000 {
		words := "x"
		if i%97 == 0 {
			words = "slow"
		}
		fmt.Fprintf(&in, "{\"id\":%d,\"request\":%q}\n", i, words)
	}
	next := 0
	r := Runner{Answer: echo, Workers: 8, Emit: func(r *Result) error {
		if string(r.Record.ID) != fmt.Sprint(next) {
			t.Errorf("record %s comes at place %d", r.Record.ID, next)
		}
		next++
		return nil
	}}
	if s, err := r.Run(t.Context(), JSONL(strings.NewReader(in.String()))); err != nil || s.Records != 2000 {
		t.Errorf("Run() = %+v, %v; want 2000 records", s, err)
	}
}

func TestRunEnds(t *testing.T) {
	stop := errors.New("stop")
	r := Runner{Answer: echo, Emit: func(*Result) error { return stop }}
	if _, err := r.Run(t.Context(), JSONL(endless{})); !errors.Is(err, stop) {
		t.Errorf("Run() with an output that fails = %v, want its error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	r.Emit = func(*Result) error {
		if n++; n == 100 {
			cancel()
		}
		return nil
	}
	if _, err := r.Run(ctx, JSONL(endless{})); !errors.Is(err, context.Canceled) {
		t.Errorf("Run() that is cancelled = %v, want context.Canceled", err)
	}
	r.Emit = func(*Result) error { return nil }
	broken := io.MultiReader(strings.NewReader("{\"request\":\"x\"}\n"), failing{})
	if s, err := r.Run(t.Context(), JSONL(broken)); !errors.Is(err, errDisk) || s.Records != 1 {
		t.Errorf("Run() of an input that fails = %+v, %v; want one record and the error", s, err)
	}
}

// An endless input has one more line always.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, "{\"request\":\"x\"}\n"), nil }

var errDisk = errors.New("disk gone")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errDisk }

// all reads a source to its end.
func all(t *testing.T, s Source) []Record {
	t.Helper()
	var out []Record
	for {
		r, err := s.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
}

func TestJSONLLongLine(t *testing.T) {
	in := strings.Repeat("x", MaxLine+1) + "\n{\"request\":\"after\"}"
	got := all(t, JSONL(strings.NewReader(in)))
	if len(got) != 2 || !errors.Is(got[0].Err, errLong) || got[1].Err != nil || got[1].Line != 2 {
		t.Errorf("JSONL() of a long line and a good one = %+v", got)
	}
	request := strings.Repeat("x", generate.MaxWords)
	got = all(t, JSONL(strings.NewReader(`{"request":"`+request+`"}`)))
	if len(got) != 1 || got[0].Err != nil || got[0].Turns[0] != request {
		t.Errorf("JSONL() of the longest request: %v", got[0].Err)
	}
}

func TestCSV(t *testing.T) {
	in := "\ufeffkind, Request ,note,ID\r\nscp,\"a\r\nb\",x,1\r\n,c,,\"2\"\"\"\r\nbogus,d,,3\r\n,e\"f,,4\r\n,\xff,,5\r\nscp\r\n"
	s, err := CSV(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	got := all(t, s)
	if len(got) != 6 {
		t.Fatalf("CSV() gives %d records, want 6: %+v", len(got), got)
	}
	if r := got[0]; string(r.ID) != `"1"` || r.Kind != policy.ServiceControl || r.Turns[0] != "a\nb" || r.Line != 2 {
		t.Errorf("first record = %+v", r)
	}
	if r := got[1]; string(r.ID) != `"2\""` || r.Turns[0] != "c" || r.Kind != "" || r.Line != 4 {
		t.Errorf("second record = %+v", r)
	}
	var unknown *generate.UnknownKindError
	if r := got[2]; !errors.As(r.Err, &unknown) || string(r.ID) != `"3"` {
		t.Errorf("third record = %+v", r)
	}
	if r := got[3]; !errors.Is(r.Err, csv.ErrBareQuote) || r.Line != 6 {
		t.Errorf("fourth record = %+v", r)
	}
	if r := got[4]; !errors.Is(r.Err, generate.ErrEncoding) {
		t.Errorf("fifth record = %+v", r)
	}
	if r := got[5]; !errors.Is(r.Err, errNoRequest) {
		t.Errorf("sixth record = %+v", r)
	}
	for _, in := range []string{"", "a,b\n", "id\n1\n"} {
		if _, err := CSV(strings.NewReader(in)); !errors.Is(err, ErrHeader) {
			t.Errorf("CSV(%q) = %v, want ErrHeader", in, err)
		}
	}
}

func FuzzJSONL(f *testing.F) {
	f.Add([]byte("{\"id\":1,\"request\":\"x\"}\r\n\xff\n[]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, r := range all(t, JSONL(bytes.NewReader(data))) {
			if r.Err == nil && len(r.Turns) == 0 {
				t.Errorf("line %d has neither words nor an error", r.Line)
			}
			if text := errorLine(&Result{Record: r, Err: errLong}); !bytes.HasSuffix(text, []byte("}\n")) || bytes.Count(text, []byte("\n")) != 1 {
				t.Errorf("line %d gives the output %q", r.Line, text)
			}
		}
	})
}
