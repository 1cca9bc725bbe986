package report

import (
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
)

// Markdown writes a report as tables, for the comment of a pull request.
func Markdown(w io.Writer, r *Report) error {
	p := printer{out: w}
	p.printf("## Policies: %s\n", cell(Summary(r)))
	for i := range r.Files {
		f := &r.Files[i]
		switch {
		case f.Err != nil:
			p.printf("\n### %s\n\nNot linted: %s\n", cell(f.Name), cell(f.Err.Error()))
			continue
		case len(f.Findings) == 0:
			continue
		}
		p.printf("\n### %s\n\n| severity | place | rule | finding |\n| --- | --- | --- | --- |\n", cell(f.Name))
		for k := range f.Findings {
			x := &f.Findings[k]
			text := cell(x.Message)
			for _, note := range x.Notes {
				text += "<br>" + cell(note)
			}
			if x.Witness != nil {
				text += "<br>request: `" + strings.ReplaceAll(pipes(x.Witness.String()), "`", "'") + "`"
			}
			p.printf("| %s | %s | [%s](%s) | %s |\n", mark(x.Severity), x.Position, x.Rule, Page(x.Rule), text)
		}
	}
	return p.err
}

func mark(s finding.Severity) string {
	if s >= finding.Security {
		return "**" + s.String() + "**"
	}
	return s.String()
}

func pipes(text string) string { return strings.ReplaceAll(printable(text), "|", `\|`) }

// cell writes a text so that it stays one cell of a table and nothing in it is markup.
func cell(text string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "#", `\#`).Replace(printable(text))
}
