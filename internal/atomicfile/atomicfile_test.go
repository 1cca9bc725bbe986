package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// give returns a function that writes a text.
func give(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// want fails if a file does not hold a text, or its folder holds more than so many files.
func want(t *testing.T, name, text string, files int) {
	t.Helper()
	if data, err := os.ReadFile(name); err != nil || string(data) != text {
		t.Errorf("%s holds %q, %v; want %q", name, data, err, text)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != files {
		t.Errorf("beside %s are the files %v, %v; want %d", name, entries, err, files)
	}
}

func TestWrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.json")
	for _, text := range []string{"first", "", "second, which is longer"} {
		if err := Write(name, give(text)); err != nil {
			t.Fatalf("Write(%q) = %v", text, err)
		}
		want(t, name, text, 1)
	}
	cause := errors.New("no more")
	err := Write(name, func(w io.Writer) error { return errors.Join(give("half")(w), cause) })
	if !errors.Is(err, cause) {
		t.Errorf("Write() whose function fails = %v, want %v", err, cause)
	}
	want(t, name, "second, which is longer", 1)
}

func TestFileHasItsNameAfterCommit(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.json")
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(give("text")(f), f.Sync()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before Commit, Stat(%s) = %v, want ErrNotExist", name, err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	want(t, name, "text", 1)
}

func TestErrorsBearTheName(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{folder, filepath.Join(folder, "missing", "a"), filepath.Join(file, "a")} {
		err := Write(name, give("text"))
		var path *fs.PathError
		if !errors.As(err, &path) || path.Path != name {
			t.Errorf("Write(%s) = %v, want an error that names it", name, err)
		}
	}
	want(t, file, "kept", 1)
	// The folder goes while the file is being written.
	gone := filepath.Join(folder, "gone")
	if err := os.Mkdir(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := Create(filepath.Join(gone, "a"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Sweep(gone); err != nil {
		t.Fatal(err)
	}
	var path *fs.PathError
	if err := f.Commit(); !errors.As(err, &path) || path.Path != filepath.Join(gone, "a") {
		t.Errorf("Commit() of a file that was swept away = %v, want an error that names it", err)
	}
}

func TestSweep(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "a.json")
	if err := Write(name, give("text")); err != nil {
		t.Fatal(err)
	}
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := give("half")(f); err != nil {
		t.Fatal(err)
	}
	want(t, name, "text", 2)
	if err := Sweep(folder); err != nil {
		t.Fatal(err)
	}
	want(t, name, "text", 1)
	if err := f.Discard(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Discard() of a file that was swept away = %v, want ErrNotExist", err)
	}
	if err := Sweep(filepath.Join(folder, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Sweep() of no folder = %v, want ErrNotExist", err)
	}
}
