package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aegis-iam/aegis/internal/policy"
)

// readInput reads a file, or standard input for "-", of at most limit bytes; of a longer one,
// limit+1 bytes, so that the caller sees that it is too long. A read that waits for a person
// ends with the context.
func readInput(ctx context.Context, s Streams, name string, limit int64) (data []byte, err error) {
	if name == "-" {
		return readStream(ctx, s.In, limit)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// readStream reads a stream that may never end.
func readStream(ctx context.Context, in io.Reader, limit int64) ([]byte, error) {
	type outcome struct {
		data []byte
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		data, err := io.ReadAll(io.LimitReader(in, limit+1))
		done <- outcome{data, err}
	}()
	select {
	case o := <-done:
		return o.data, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readDocument reads a policy. Its errors bear the name of the file, and the place in it.
func readDocument(ctx context.Context, s Streams, name string) (*policy.Document, error) {
	data, err := readInput(ctx, s, name, policy.MaxSize)
	if err != nil {
		return nil, err
	}
	shown := name
	if name == "-" {
		shown = "standard input"
	}
	d, err := policy.Parse(data)
	var syntax *policy.SyntaxError
	if errors.As(err, &syntax) && syntax.Position != (policy.Position{}) {
		return nil, fmt.Errorf("%s:%w", shown, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	return d, nil
}
