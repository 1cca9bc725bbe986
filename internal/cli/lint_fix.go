package cli

import (
	"context"
	"io"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/report"
	"github.com/aegis-iam/aegis/internal/terminal"
)

// mendAll applies the fixes to the documents, which are then written, printed, or only shown as a
// difference. The texts become the mended ones.
func mendAll(ctx context.Context, s Streams, o lintOptions, l *lintRun, texts []app.LintText) error {
	out, messages := terminal.NewPrinter(s.Out, colours()), terminal.NewPrinter(s.Err, colours())
	for i := range texts {
		t := &texts[i]
		if t.Err != nil || ctx.Err() != nil {
			continue
		}
		if t.Part {
			t.Err = app.ErrPart
			continue
		}
		m := l.app.Mend(l.linter, t.Text, t.Kind, func(f *finding.Finding) bool {
			kept, _ := l.config.Apply(l.config.relative(t.Name), []finding.Finding{*f})
			return len(kept) > 0 && kept[0].Severity >= l.atLeast
		})
		for _, r := range m.Refused {
			messages.Message("%s:%s: not mended: %s: %s", t.Name, r.Finding.Position, r.Finding.Fix.Title, r.Reason)
		}
		if len(m.Applied) == 0 && t.Name != stdinName {
			continue
		}
		switch {
		case o.diff:
			out.Printf("%s\n", out.Text(terminal.Bold, t.Name))
			out.Diff(t.Text, m.Text)
		case t.Name == stdinName:
			out.Printf("%s", m.Text)
		default:
			if err := atomicfile.Write(t.Name, func(w io.Writer) error { return writeString(w, m.Text) }); err != nil {
				return err
			}
		}
		if !o.quiet {
			messages.Message("%s: %s", t.Name, mendedText(m, o.diff))
		}
		t.Text = m.Text
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return out.Err()
}

func mendedText(m app.Mended, diff bool) string {
	text := terminal.Count(len(m.Applied), "finding") + " mended, proved to allow nothing new"
	if diff {
		text = terminal.Count(len(m.Applied), "finding") + " could be mended, proved to allow nothing new"
	}
	return text
}

// reportsTo is where the report goes: not to where a mended document was printed.
func reportsTo(s Streams, o lintOptions, r *report.Report) Streams {
	for _, f := range r.Files {
		if o.fix && f.Name == stdinName {
			s.Out = s.Err
		}
	}
	return s
}

func writeString(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}
