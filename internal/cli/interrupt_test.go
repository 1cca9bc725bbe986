package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/aegis-iam/aegis/internal/batch"
)

// withoutHome keeps the catalog of whoever runs the tests out of them.
func withoutHome(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData"} {
		t.Setenv(name, home)
	}
}

// A closedPipe is what is left of an output whose reader has gone.
type closedPipe struct{ writes int }

func (p *closedPipe) Write([]byte) (int, error) {
	p.writes++
	return 0, syscall.EPIPE
}

func TestClosedPipeEndsQuietly(t *testing.T) {
	withoutHome(t)
	lines := strings.Repeat(`{"request":"upload to the bucket media"}`+"\n", 500)
	for _, args := range [][]string{
		{"generate", "upload to the bucket media"}, {"generate", "--batch", "-"}, {"generate", "--json", "upload to the bucket media"},
	} {
		var out closedPipe
		var messages bytes.Buffer
		code := Main(t.Context(), args, Streams{In: strings.NewReader(lines), Out: &out, Err: &messages})
		if code != 2 || messages.Len() > 0 || out.writes == 0 {
			t.Errorf("Main(%q) to a closed pipe = %d after %d writes, reports %q; want 2 and nothing", args, code, out.writes, &messages)
		}
	}
}

// A silence is an input that never has anything and never ends.
type silence struct{}

func (silence) Read([]byte) (int, error) { select {} }

func TestInterruptEndsWaiting(t *testing.T) {
	withoutHome(t)
	for _, args := range [][]string{{"chat"}, {"generate", "-"}, {"explain", "-"}, {"generate", "--batch", "-"}} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var messages bytes.Buffer
		code := Main(ctx, args, Streams{In: silence{}, Out: io.Discard, Err: &messages})
		if code != 2 || messages.String() != "aegis: interrupted\n" {
			t.Errorf("Main(%q), interrupted = %d, %q; want 2, interrupted", args, code, &messages)
		}
	}
}

// The same words give the same bytes, whatever ran before and on however many cores.
func TestGenerateIsDeterministic(t *testing.T) {
	withoutHome(t)
	words := "our lambda reads the dynamodb table orders in eu-west-1 and uploads to the bucket media, but not from outside 10.0.0.0/8"
	run := func() string {
		var out, messages bytes.Buffer
		Main(t.Context(), []string{"generate", "--json", "--why", words}, Streams{Out: &out, Err: &messages})
		return out.String() + messages.String()
	}
	want := run()
	for _, cores := range []int{1, 2} {
		before := runtime.GOMAXPROCS(cores)
		for range 50 {
			if got := run(); got != want {
				t.Fatalf("generate %q on %d cores gives\n%s\nwant\n%s", words, cores, got, want)
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

func TestFileNames(t *testing.T) {
	tests := []struct {
		id   string
		want string
	}{
		{`"a-1"`, "a-1"}, {`"A-1"`, "line-2"}, {`7`, "7"}, {`"../x"`, "line-4"}, {`".x"`, "line-5"}, {`null`, "null"},
		{`""`, "line-7"}, {`"answers"`, "line-8"}, {`"line-8"`, "line-9"}, {`{"a":1}`, "line-11"},
	}
	k := sink{names: map[string]bool{}}
	for i, tt := range tests {
		line := i + 1
		if tt.id == `{"a":1}` {
			line = 11
		}
		got := k.name(batch.Record{ID: []byte(tt.id), Line: line})
		if got != tt.want {
			t.Errorf("name(%s) = %q, want %q", tt.id, got, tt.want)
		}
	}
}

func TestFolderThatCannotBeMade(t *testing.T) {
	withoutHome(t)
	var messages bytes.Buffer
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := Streams{In: strings.NewReader(""), Out: io.Discard, Err: &messages}
	if code := Main(t.Context(), []string{"generate", "--out", filepath.Join(file, "x"), "upload to the bucket media"}, s); code != 2 {
		t.Errorf("Main(--out below a file) = %d, %q; want 2", code, &messages)
	}
}

func TestMessageKeepsTheCause(t *testing.T) {
	err := errors.Join(context.Canceled, io.ErrUnexpectedEOF)
	if got := message(err); got != "interrupted" {
		t.Errorf("message(%v) = %q", err, got)
	}
}
