package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/lint/config"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/source"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// maxLintFile is the longest file that is read: many documents may stand in one.
const maxLintFile = 64 << 20

// errTemplate: the policies of a template are not known before it is filled in.
var errTemplate = errors.New("a template of AWS CloudFormation is not read; lint the policies that it makes")

// lintTexts reads the documents of paths, of the kinds that kindOf gives for their files. What
// cannot be read is a text with an error.
func lintTexts(ctx context.Context, s Streams, paths []string, kindOf func(string) policy.Kind) ([]app.LintText, error) {
	var out []app.LintText
	for _, path := range paths {
		names, loose, err := lintFiles(path)
		if err != nil {
			out = append(out, app.LintText{Name: path, Err: err})
			continue
		}
		for _, name := range names {
			data, err := readInput(ctx, s, name, maxLintFile)
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case err != nil:
				out = append(out, app.LintText{Name: name, Err: causeOf(err)})
				continue
			case len(data) > maxLintFile:
				out = append(out, app.LintText{Name: name, Err: fmt.Errorf("longer than %d bytes", maxLintFile)})
				continue
			case loose && !strings.Contains(string(data), `"Statement"`):
				continue // some other JSON of the folder
			case strings.Contains(string(data), `"AWSTemplateFormatVersion"`):
				if !loose {
					out = append(out, app.LintText{Name: name, Err: errTemplate})
				}
				continue
			}
			for _, t := range documents(shownName(name), string(data)) {
				t.Kind = kindOf(name)
				out = append(out, t)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no policies below %s", strings.Join(paths, ", "))
	}
	return out, nil
}

// stdinName is how standard input is called in reports.
const stdinName = "standard input"

func shownName(name string) string {
	if name == "-" {
		return stdinName
	}
	return name
}

// causeOf leaves out the name of the file, which the report has anyway.
func causeOf(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// lintFiles returns the files that a path names. They are loose if the path is a folder or a
// pattern: then files that are no policies are passed over.
func lintFiles(path string) (names []string, loose bool, err error) {
	if path == "-" {
		return []string{path}, false, nil
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		names, err = below(path, "**")
	case err == nil:
		return []string{path}, false, nil
	case wildcard.Contains(path):
		names, err = matching(path)
		if err == nil && len(names) == 0 || errors.Is(err, fs.ErrNotExist) {
			err = errors.New("no file matches")
		}
	default:
		err = causeOf(err)
	}
	return names, true, err
}

// matching returns the files that a pattern matches: * and ? within one name, ** across folders.
func matching(pattern string) ([]string, error) {
	pattern = filepath.ToSlash(filepath.Clean(pattern))
	parts := strings.Split(pattern, "/")
	fixed := slices.IndexFunc(parts, wildcard.Contains)
	root := strings.Join(parts[:fixed], "/")
	switch {
	case fixed == 0:
		root = "."
	case root == "":
		root = "/"
	}
	return below(root, strings.Join(parts[fixed:], "/"))
}

// below returns the files under a folder whose paths from it match a pattern, without hidden
// folders and installed packages. The pattern ** stands for all that end in .json or .jsonl.
func below(root, pattern string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return causeOf(err)
		}
		if entry.IsDir() {
			name := entry.Name()
			if path != root && (name == "node_modules" || strings.HasPrefix(name, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		ext := filepath.Ext(path)
		if pattern == "**" && (ext == ".json" || ext == ".jsonl") || pattern != "**" && config.MatchFile(pattern, filepath.ToSlash(relative)) {
			out = append(out, path)
		}
		return nil
	})
	return out, err
}

// documents parts a text that holds several policies: JSON values one after the other, or values
// with policies inside, such as the output of the AWS command line. Each has blank lines in front,
// so that positions are those of the file.
func documents(name, text string) []app.LintText {
	decoder := json.NewDecoder(strings.NewReader(text))
	var out []app.LintText
	start := 0
	for {
		var value json.RawMessage
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return []app.LintText{{Name: name, Text: text}}
		}
		end := int(decoder.InputOffset())
		out = append(out, inside(name, text, source.Range{Start: start, End: end})...)
		start = end
	}
	if len(out) == 0 || len(out) == 1 && !out[0].Part {
		return []app.LintText{{Name: name, Text: text}}
	}
	for i := range out {
		out[i].Part = true
	}
	return out
}

// inside returns the policies of one value of a text: itself, or those that it holds.
func inside(name, text string, value source.Range) []app.LintText {
	padded := part(text, value)
	ranges, whole := source.New(padded).With("Statement")
	if whole || len(ranges) == 0 {
		return []app.LintText{{Name: name, Text: padded}}
	}
	var out []app.LintText
	for _, r := range ranges {
		out = append(out, app.LintText{Name: name, Text: part(padded, r), Part: true})
	}
	return out
}

// part cuts a part out of a text and puts white space in the place of what stands before it.
func part(text string, r source.Range) string {
	before := text[:r.Start]
	line := strings.LastIndexByte(before, '\n') + 1
	return strings.Repeat("\n", strings.Count(before, "\n")) + strings.Repeat(" ", r.Start-line) + text[r.Start:r.End]
}
