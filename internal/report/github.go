package report

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
)

// GitHub writes a report as workflow commands of GitHub Actions, which show the findings beside
// the lines of a pull request.
func GitHub(w io.Writer, r *Report) error {
	p := printer{out: w}
	for i := range r.Files {
		f := &r.Files[i]
		if f.Err != nil {
			p.printf("::error file=%s,title=not linted::%s\n", property(filepath.ToSlash(f.Name)), message(f.Err.Error()))
		}
		for k := range f.Findings {
			x := &f.Findings[k]
			level := "warning"
			switch x.Severity {
			case finding.Error, finding.Security:
				level = "error"
			case finding.Suggestion:
				level = "notice"
			}
			start, end := runes(f, x)
			p.printf("::%s file=%s,line=%d,col=%d,endColumn=%d,title=%s::%s\n", level, property(filepath.ToSlash(f.Name)),
				max(1, x.Position.Line), start, end, property(x.Rule), message(plainText(x)))
		}
	}
	return p.err
}

// message escapes what a workflow command says, property what stands before it.
func message(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(message(text))
}
