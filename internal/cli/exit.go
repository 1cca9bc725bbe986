package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/aegis-iam/aegis/internal/batch"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/spf13/cobra"
)

// errFindings: the work was done and its outcome, which is printed, is the exit code 1.
var errFindings = errors.New("findings")

// A usageError is a command line that is no call of a command.
type usageError struct {
	command string
	err     error
}

// Error returns what is wrong with the command line.
func (e *usageError) Error() string { return e.err.Error() }

// Unwrap returns what is wrong with the command line.
func (e *usageError) Unwrap() error { return e.err }

// usage makes an error of a command's own flags and arguments.
func usage(c *cobra.Command, format string, args ...any) error {
	return &usageError{c.CommandPath(), fmt.Errorf(format, args...)}
}

// exit tells a person about an error and returns the exit code.
func exit(s Streams, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFindings):
		return 1
	case errors.Is(err, syscall.EPIPE):
		// Whoever read the output has enough of it, as with head.
		return 2
	}
	p := terminal.NewPrinter(s.Err, colours())
	p.Message("%s", p.Text(terminal.Red, terminal.Printable(message(err))))
	if hint := hintFor(err); hint != "" {
		p.Message("hint: %s", hint)
	}
	return 2
}

// message says what went wrong as a person would.
func message(err error) string {
	var path *fs.PathError
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.As(err, &path):
		name := path.Path
		if name == os.Stdout.Name() {
			name = "standard output"
		}
		return strings.Replace(err.Error(), path.Error(), fmt.Sprintf("%s: %v", name, path.Err), 1)
	}
	return err.Error()
}

// hintFor returns the next step, where there is one.
func hintFor(err error) string {
	var wrongUsage *usageError
	var unknownKind *generate.UnknownKindError
	switch {
	case errors.As(err, &unknownKind):
		return "leave the kind out to have it told from the words"
	case errors.Is(err, generate.ErrEmpty):
		return `say what is wanted: aegis generate "read the bucket acme-reports"`
	case errors.Is(err, generate.ErrTooLong):
		return "many requests go into a file of their own: run 'aegis generate --help' for --batch"
	case errors.Is(err, generate.ErrEncoding):
		return "save the text as UTF-8"
	case errors.Is(err, batch.ErrHeader):
		return "run 'aegis generate --help' for the formats that are read"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return "make room, or write to another place, and run the command again"
	case errors.As(err, &wrongUsage):
		return fmt.Sprintf("run '%s --help' for its arguments and flags", wrongUsage.command)
	}
	return ""
}
