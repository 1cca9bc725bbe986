// Package atomicfile writes files that are there as a whole or not at all: a program that is
// killed, or a disk that is full, leaves neither half a file nor a damaged old one.
package atomicfile

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// prefix and suffix enclose the names of unfinished files, which Sweep finds by them.
const (
	prefix = ".aegis-"
	suffix = ".partial"
)

// A File is a file that is being written. It has its name only after Commit. It must not be used
// concurrently.
type File struct {
	file   *os.File
	name   string // what the caller calls it, for errors
	target string // what Commit replaces; empty where there is nothing to replace, as in a pipe
}

// Create begins a file, or one that takes the place of another and has its permissions. What is
// written stands in a hidden file beside it until Commit. A symbolic link to a file is followed; a
// pipe or a device is written directly, and a file that may not be written is refused. Errors are
// of type *fs.PathError and bear the name that is given.
func Create(name string) (*File, error) {
	old, err := os.OpenFile(name, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return create(name, name, 0)
	}
	if err != nil {
		return nil, err
	}
	info, err := old.Stat()
	if err != nil {
		return nil, errors.Join(err, old.Close())
	}
	if !info.Mode().IsRegular() {
		return &File{file: old, name: name}, nil
	}
	if err := old.Close(); err != nil {
		return nil, err
	}
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, err
	}
	return create(name, target, info.Mode().Perm())
}

// create opens the hidden file beside the target, with permissions where they are known.
func create(name, target string, mode fs.FileMode) (*File, error) {
	hidden := filepath.Join(filepath.Dir(target), prefix+rand.Text()+suffix)
	f, err := os.OpenFile(hidden, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, named("create", name, err)
	}
	made := &File{file: f, name: name, target: target}
	if mode != 0 {
		if err := f.Chmod(mode); err != nil {
			return nil, errors.Join(named("create", name, err), made.Discard())
		}
	}
	return made, nil
}

// Write adds to the file.
func (f *File) Write(data []byte) (int, error) {
	n, err := f.file.Write(data)
	return n, named("write", f.name, err)
}

// Sync has the content survive a failure of power, once it is committed.
func (f *File) Sync() error { return named("sync", f.name, f.file.Sync()) }

// Commit ends the file and gives it its name, in one step. After an error, what the name stood
// for before is as it was, and what was written is gone.
func (f *File) Commit() error {
	err := named("close", f.name, f.file.Close())
	if f.target == "" {
		return err
	}
	if err == nil {
		err = named("rename", f.name, os.Rename(f.file.Name(), f.target))
	}
	if err != nil {
		err = errors.Join(err, f.remove())
	}
	return err
}

// Discard ends the file without giving it its name: what was written is gone.
func (f *File) Discard() error {
	err := named("close", f.name, f.file.Close())
	if f.target == "" {
		return err
	}
	return errors.Join(err, f.remove())
}

func (f *File) remove() error { return named("remove", f.name, os.Remove(f.file.Name())) }

// named puts the name that the caller knows into an error, in the place of the hidden one.
func named(op, name string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// Write makes or replaces a file with what a function writes. After an error of the function or
// of the disk the file is as it was, or still missing.
func Write(name string, write func(io.Writer) error) error {
	f, err := Create(name)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Discard())
	}
	return f.Commit()
}

// Sweep removes from a folder the unfinished files of programs that were killed. A program that is
// still writing there fails at its next Commit.
func Sweep(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) || !strings.HasSuffix(e.Name(), suffix) {
			continue
		}
		if err := os.Remove(filepath.Join(folder, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
