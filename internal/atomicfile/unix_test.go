//go:build unix

package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// toKill names, in the environment of a process that TestKilledInTheMiddle starts, the file that it
// writes half of before it kills itself.
const toKill = "AEGIS_TEST_KILLED_AT"

func TestMain(m *testing.M) {
	if name := os.Getenv(toKill); name != "" {
		err := Write(name, func(w io.Writer) error {
			return errors.Join(give("half")(w), syscall.Kill(os.Getpid(), syscall.SIGKILL))
		})
		panic(err) // a process that is killed does not come here
	}
	os.Exit(m.Run())
}

func TestKilledInTheMiddle(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "a.json")
	killed := func() {
		t.Helper()
		c := exec.CommandContext(t.Context(), self)
		c.Env = append(os.Environ(), toKill+"="+name)
		if out, err := c.CombinedOutput(); err == nil || c.ProcessState.Exited() {
			t.Fatalf("the process is not killed: %v, %s", err, out)
		}
	}
	killed()
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("killed: Stat(%s) = %v, want ErrNotExist", name, err)
	}
	if err := Write(name, give("whole")); err != nil {
		t.Fatal(err)
	}
	killed()
	want(t, name, "whole", 3)
	if err := Sweep(filepath.Dir(name)); err != nil {
		t.Fatal(err)
	}
	want(t, name, "whole", 1)
}

func TestPermissionsAndLinksStay(t *testing.T) {
	folder := t.TempDir()
	name, link := filepath.Join(folder, "a.json"), filepath.Join(folder, "link")
	if err := os.WriteFile(name, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.json", link); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, give("new")); err != nil {
		t.Fatal(err)
	}
	want(t, name, "new", 2)
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is now %v, %v; want a link", info, err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode() != 0o640 {
		t.Errorf("the file is now %v, %v; want permissions 0640", info.Mode(), err)
	}
}

func TestDeviceIsWrittenDirectly(t *testing.T) {
	if err := Write(os.DevNull, give("text")); err != nil {
		t.Errorf("Write(%s) = %v", os.DevNull, err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
		t.Fatalf("%s is now %v, %v; want a device", os.DevNull, info, err)
	}
	f, err := Create(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Discard(); err != nil {
		t.Errorf("Discard() = %v", err)
	}
}
