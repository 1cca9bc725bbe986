package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program returns the program as a process that has not started. Its home is an empty folder.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), asProgram+"=1", "HOME="+t.TempDir(), "XDG_CONFIG_HOME=")
	return c
}

// limited has a process fail to write any file beyond so many blocks of 512 bytes, as on a disk
// that is full.
func limited(t *testing.T, c *exec.Cmd, blocks int) *exec.Cmd {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "/bin/sh", append([]string{"-c",
		fmt.Sprintf(`ulimit -f %d && exec "$0" "$@"`, blocks)}, c.Args...)...)
	shell.Env = c.Env
	return shell
}

// outcome runs a process to its end and returns its exit code and what it says.
func outcome(t *testing.T, c *exec.Cmd) (code int, messages string) {
	t.Helper()
	var text bytes.Buffer
	c.Stderr = &text
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), text.String()
}

// requests returns the lines of a batch with ids from r0 on.
func requests(n int) string {
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, "{\"id\":\"r%d\",\"request\":\"upload to the bucket media-%d\"}\n", i, i)
	}
	return lines.String()
}

// wantWhole fails for a file of JSON in the folder that is not whole, or not what a run that was left
// alone writes there, and returns how many there are. What a kill left unfinished has other names.
func wantWhole(t *testing.T, folder, sound string) int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.json*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(sound, filepath.Base(name)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s holds %.200q, %v; want %.200q", name, got, err, want)
		}
		for line := range bytes.Lines(got) {
			if filepath.Base(name) == "answers.jsonl" && !json.Valid(line) {
				t.Errorf("%s has the line %.200q, which is not JSON", name, line)
			}
		}
		if filepath.Ext(name) == ".json" && !json.Valid(got) {
			t.Errorf("%s holds %.200q, which is not JSON", name, got)
		}
	}
	return len(names)
}

// exists says whether a file is there.
func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// A process that is killed while it writes leaves whole documents and no list of answers, and the
// next run into the same folder does all of the work. The input stays open, so that no process
// comes to its end before it is killed.
func TestKilledWhileWriting(t *testing.T) {
	const records = 150
	sound := filepath.Join(t.TempDir(), "sound")
	again := func(folder string) {
		t.Helper()
		c := program(t, "generate", "--quiet", "--batch", "-", "--out", folder)
		c.Stdin = strings.NewReader(requests(records))
		if code, messages := outcome(t, c); code != 0 || messages != "" {
			t.Fatalf("%q = %d, %q; want 0 and nothing", c.Args, code, messages)
		}
	}
	again(sound)
	if n := wantWhole(t, sound, sound); n != records+1 {
		t.Fatalf("a run that is left alone writes %d files, want %d", n, records+1)
	}
	folder := filepath.Join(t.TempDir(), "killed")
	for _, moment := range []string{"", "r0.json", "r1.json", "r40.json", "r100.json"} {
		killed := filepath.Join(folder, "from-"+moment)
		kill(t, killed, moment, requests(records))
		if exists(filepath.Join(killed, "answers.jsonl")) {
			t.Errorf("killed at %q: answers.jsonl is there, as if the run had ended", moment)
		}
		if n := wantWhole(t, killed, sound); moment != "" && n == 0 {
			t.Errorf("killed at %q: no document is there", moment)
		}
		again(killed)
		if n := wantWhole(t, killed, sound); n != records+1 {
			t.Errorf("the run after one that was killed at %q leaves %d files, want %d", moment, n, records+1)
		}
		wantNothingHidden(t, killed)
	}
	// A folder of an earlier run that is killed in the next one.
	kill(t, sound+"2", "r5.json", requests(records))
	again(sound + "2")
	if err := os.Remove(filepath.Join(sound+"2", "r100.json")); err != nil {
		t.Fatal(err)
	}
	kill(t, sound+"2", "r100.json", requests(records))
	if exists(filepath.Join(sound+"2", "answers.jsonl")) {
		t.Error("killed in its second run: answers.jsonl of the first is there, as if the second had ended")
	}
	wantWhole(t, sound+"2", sound)
}

// kill starts the program on a batch that does not end, and kills it as soon as a file is there;
// with no name, as soon as the folder is.
func kill(t *testing.T, folder, name, lines string) {
	t.Helper()
	c := program(t, "generate", "--quiet", "--batch", "-", "--out", folder)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		// The write ends early if the process is killed before it has read all.
		if _, err := io.WriteString(in, lines); err != nil && !errors.Is(err, syscall.EPIPE) {
			t.Error(err)
		}
		ended <- c.Wait()
	}()
	for !exists(filepath.Join(folder, name)) {
		select {
		case err := <-ended:
			t.Fatalf("the process ended by itself: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || c.ProcessState.Exited() {
		t.Fatalf("the process ended by itself: %v", err)
	}
}

// wantNothingHidden fails for a hidden file.
func wantNothingHidden(t *testing.T, folder string) {
	t.Helper()
	hidden, err := filepath.Glob(filepath.Join(folder, ".*"))
	if err != nil || len(hidden) > 0 {
		t.Errorf("%s holds the hidden files %q, %v; want none", folder, hidden, err)
	}
}

// Whatever is printed, a standard output that takes nothing is said to have failed, once.
func TestStandardOutputIsFull(t *testing.T) {
	document := filepath.Join(t.TempDir(), "policy.json")
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	if err := os.WriteFile(document, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := full.Close(); err != nil {
			t.Error(err)
		}
	}()
	want := "standard output: no space left on device\naegis: hint: make room, or write to another place, and run the command again\n"
	for _, args := range [][]string{
		{"generate", "upload to the bucket media"},
		{"generate", "--json", "upload to the bucket media"},
		{"generate", "--tests", "upload to the bucket media"},
		{"generate", "--batch", "-"},
		{"chat"},
		{"explain", document},
		{"explain", "--json", document},
		{"evaluate", document, "--action", "s3:GetObject"},
		{"evaluate", "--json", document, "--action", "s3:GetObject"},
		{"catalog"},
		{"catalog", "actions", "s3:*"},
		{"catalog", "--json", "search", "stop"},
		{"--help"}, {"help", "generate"}, {"generate", "--help"}, {"--version"}, {"completion", "bash"},
	} {
		c := program(t, args...)
		c.Stdin = strings.NewReader("upload to the bucket media\n")
		if args[0] == "generate" {
			c.Stdin = strings.NewReader(requests(200))
		}
		c.Stdout = full
		code, messages := outcome(t, c)
		if code != 2 || !strings.HasPrefix(messages, "aegis: ") || !strings.HasSuffix(messages, want) || strings.Count(messages, "standard output") != 1 {
			t.Errorf("%q > /dev/full = %d, %q; want 2 and a message that ends in %q", args, code, messages, want)
		}
	}
}

// A disk that is full below --out: the message names the file that did not fit, which is not there.
func TestFolderIsFull(t *testing.T) {
	// One long document does not fit; of many answers, the list does not.
	long := "read the tables"
	for i := range 60 {
		long += fmt.Sprintf(", orders-%d", i)
	}
	tests := []struct {
		name, lines string
		blocks      int
		want        string
	}{
		{"a document", `{"id":"long","request":"` + strings.Replace(long, "tables,", "dynamodb tables", 1) + `"}`, 1, "long.json"},
		{"the answers", requests(60), 8, "answers.jsonl"},
	}
	for _, tt := range tests {
		sound, folder := filepath.Join(t.TempDir(), "sound"), filepath.Join(t.TempDir(), "full")
		run := func(folder string, blocks int) (int, string) {
			c := program(t, "generate", "--quiet", "--batch", "-", "--out", folder)
			if blocks > 0 {
				c = limited(t, c, blocks)
			}
			c.Stdin = strings.NewReader(tt.lines)
			return outcome(t, c)
		}
		if code, messages := run(sound, 0); code != 0 {
			t.Fatalf("%s: with room = %d, %q; want 0", tt.name, code, messages)
		}
		want := "aegis: " + filepath.Join(folder, tt.want) + ": file too large\n" +
			"aegis: hint: make room, or write to another place, and run the command again\n"
		if code, messages := run(folder, tt.blocks); code != 2 || messages != want {
			t.Errorf("%s: without room = %d, %q; want 2, %q", tt.name, code, messages, want)
		}
		if exists(filepath.Join(folder, tt.want)) || exists(filepath.Join(folder, "answers.jsonl")) {
			t.Errorf("%s: %s or answers.jsonl is there", tt.name, tt.want)
		}
		wantWhole(t, folder, sound)
		wantNothingHidden(t, folder)
		if code, messages := run(folder, 0); code != 0 || wantWhole(t, folder, sound) != wantWhole(t, sound, sound) {
			t.Errorf("%s: with room again = %d, %q; want 0 and all files", tt.name, code, messages)
		}
	}
}

// What is there already survives a disk that is full.
func TestFullDiskKeepsWhatIsThere(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"tests.json", "answer.json"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := filepath.Join(folder, "tests.json")
	for _, args := range [][]string{
		{"generate", "--quiet", "--tests=" + tests, "upload to the bucket media"},
		{"generate", "--quiet", "--out", folder, "upload to the bucket media"},
	} {
		code, messages := outcome(t, limited(t, program(t, args...), 1))
		if code != 2 || !strings.Contains(messages, tests+": file too large\n") {
			t.Errorf("%q without room = %d, %q; want 2 and the name of the file", args, code, messages)
		}
		for _, name := range []string{"tests.json", "answer.json"} {
			if data, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(data) != "{}" {
				t.Errorf("%q without room: %s holds %.100q, %v; want it as it was", args, name, data, err)
			}
		}
		wantNothingHidden(t, folder)
	}
}
