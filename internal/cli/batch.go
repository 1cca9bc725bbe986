package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/batch"
	"github.com/aegis-iam/aegis/internal/terminal"
)

// runBatch answers all requests of a file.
func runBatch(ctx context.Context, s Streams, o generateOptions) (err error) {
	program, err := o.open(s)
	if err != nil {
		return err
	}
	in, size, err := openBatch(s, o.batch)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, in) }()
	bar := terminal.NewProgress(s.Err, size, o.quiet)
	source, err := o.source(bar.Watch(in))
	if err != nil {
		return err
	}
	sink, err := newSink(s.Out, o.out)
	if err != nil {
		return err
	}
	summary, err := program.Batch(ctx, source, app.BatchOptions{
		Request: o.request,
		Emit: func(r *batch.Result) error {
			bar.Add()
			return sink.put(r)
		},
	})
	err = sink.close(err)
	bar.End()
	if err != nil {
		return err
	}
	if !o.quiet {
		if err := reportBatch(s, summary); err != nil {
			return err
		}
	}
	if summary.Failed > 0 {
		return errFindings
	}
	return nil
}

// openBatch opens the input and returns its size, 0 where that is not known.
func openBatch(s Streams, name string) (io.ReadCloser, int64, error) {
	if name == "-" {
		return io.NopCloser(s.In), 0, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, joinClose(err, f)
	}
	return f, info.Size(), nil
}

// source returns the reader for the format of the batch.
func (o *generateOptions) source(in io.Reader) (batch.Source, error) {
	if o.format == "csv" || o.format == "" && strings.EqualFold(filepath.Ext(o.batch), ".csv") {
		return batch.CSV(in)
	}
	return batch.JSONL(in), nil
}

// reportBatch says what the batch came to.
func reportBatch(s Streams, summary batch.Summary) error {
	var parts []string
	for _, status := range app.Statuses() {
		if n := summary.Statuses[status]; n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+string(status))
		}
	}
	if summary.Failed > 0 {
		parts = append(parts, strconv.Itoa(summary.Failed)+" with an error")
	}
	p := terminal.NewPrinter(s.Err, colours())
	p.Message("%s: %s", terminal.Count(summary.Records, "request"), strings.Join(parts, ", "))
	return p.Err()
}

// joinClose closes a file after an error, or at the end of its use.
func joinClose(err error, f io.Closer) error { return errors.Join(err, f.Close()) }

// A sink is where the answers of a batch go: lines to a stream, or files into a folder.
type sink struct {
	lines  *bufio.Writer
	file   *atomicfile.File // of the lines; nil for standard output
	folder string
	names  map[string]bool
}

// answersFile has the lines of a batch whose answers go into a folder. It is there only if the
// batch came to its end: one of an earlier run is removed first.
const answersFile = "answers.jsonl"

// newSink returns a sink that writes lines to out, or to a folder if one is named.
func newSink(out io.Writer, folder string) (*sink, error) {
	if folder == "" {
		return &sink{lines: bufio.NewWriterSize(out, 64<<10)}, nil
	}
	if err := openFolder(folder); err != nil {
		return nil, err
	}
	name := filepath.Join(folder, answersFile)
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := atomicfile.Create(name)
	if err != nil {
		return nil, err
	}
	return &sink{lines: bufio.NewWriterSize(f, 64<<10), file: f, folder: folder, names: map[string]bool{}}, nil
}

// put writes one result.
func (k *sink) put(r *batch.Result) error {
	if _, err := k.lines.Write(r.Text); err != nil {
		return err
	}
	if k.folder == "" {
		return nil
	}
	name := k.name(r.Record)
	for i, a := range r.Answers {
		file := name
		if r.Record.Talk {
			file += "." + strconv.Itoa(i+1)
		}
		if err := atomicfile.Write(filepath.Join(k.folder, file+".json"), printDocument(a.Policy)); err != nil {
			return err
		}
	}
	return nil
}

// close ends the output of a batch that ended with an error or with nil, and returns that error or
// its own. After an error, a stream has the lines that were answered, a folder has no answers file.
func (k *sink) close(err error) error {
	flushed := k.lines.Flush()
	if err == nil {
		err = flushed
	}
	switch {
	case k.file == nil:
		return err
	case err != nil:
		return errors.Join(err, k.file.Discard())
	}
	return k.file.Commit()
}

// name returns a file name for a record: its id where that is fit for one and not yet taken in
// any case of letters, else the number of its line.
func (k *sink) name(r batch.Record) string {
	id := strings.Trim(string(r.ID), `"`)
	if lower := strings.ToLower(id); fileName(lower) && !k.names[lower] {
		k.names[lower] = true
		return id
	}
	return "line-" + strconv.Itoa(r.Line)
}

// fileName says whether an id can be the name of a file anywhere, and is none that the folder
// has for something else.
func fileName(id string) bool {
	if id == "" || len(id) > 100 || id[0] == '.' || id == "answers" || strings.HasPrefix(id, "line-") {
		return false
	}
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.", c) {
			return false
		}
	}
	return true
}
