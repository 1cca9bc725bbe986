package sheet_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/comply/sheet"
)

const custom = `title: "=HYPERLINK(1)"
controls:
  - id: "@A"
    title: <script>alert(1)</script>
    actions: s3:DeleteBucket
`

func reports(t *testing.T) []*comply.Report {
	t.Helper()
	f, err := comply.Read("f.yaml", []byte(custom), nil)
	if err != nil {
		t.Fatal(err)
	}
	list, err := comply.Select([]string{"cis", "hipaa"})
	if err != nil {
		t.Fatal(err)
	}
	c := &comply.Checker{Catalog: catalog.Default(), Comparer: compare.New(catalog.Default())}
	long := strings.Repeat(" ", 300)
	r, err := c.Run(`{"Version":"2012-10-17","Statement":[{"Sid":"All",`+long+`"Effect":"Allow","Action":"*",`+long+`"Resource":"*"}]}`, "", append(list, f))
	if err != nil {
		t.Fatal(err)
	}
	r.Name = "=cmd.json"
	return []*comply.Report{r, {Name: "bad.json", Err: errors.New("no policy & no JSON")}}
}

func write(t *testing.T, format string) string {
	t.Helper()
	f, err := sheet.Named(format)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := f(&out, reports(t), "1.0"); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestJSON(t *testing.T) {
	var got struct {
		Documents []struct {
			File, Error string
			Frameworks  []struct {
				ID         string
				ThirdParty bool
				Summary    map[string]int
				Controls   []struct {
					ID, Result string
					Checks     []comply.Outcome
				}
			}
		}
		Summary map[string]int
	}
	if err := json.Unmarshal([]byte(write(t, "json")), &got); err != nil {
		t.Fatal(err)
	}
	if got.Summary["fail"] != 10 || got.Summary["not applicable"] != 2 || len(got.Documents) != 2 || got.Documents[1].Error == "" {
		t.Errorf("JSON() = %+v", got)
	}
	hipaa := got.Documents[0].Frameworks[1]
	o := hipaa.Controls[0].Checks[0]
	if !hipaa.ThirdParty || o.Line != 1 || o.Statement != 1 || o.Sid != "All" || o.Path != "Statement[0].Action" || o.Witness == nil {
		t.Errorf("JSON() has %+v", hipaa)
	}
}

// Each row has all columns, and no cell is a formula.
func TestCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(write(t, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+5+7+1+1 {
		t.Errorf("CSV() has %d rows", len(rows))
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
				t.Errorf("the cell %q is a formula", cell)
			}
		}
	}
	if last := rows[len(rows)-1]; last[0] != "bad.json" || last[7] != "error" || last[12] != "no policy & no JSON" {
		t.Errorf("the row of the file that could not be read is %q", last)
	}
}

// The page holds what was found, loads nothing and runs nothing.
func TestHTML(t *testing.T) {
	page := write(t, "html")
	for _, want := range []string{"=cmd.json", "a third party's mapping", "&lt;script&gt;", "Not checked: no policy &amp; no JSON", "<mark>&#34;*&#34;</mark>", "Statement[0].Action", "--error:"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, refused := range []string{"<script", "http:", "https:", "src=", strings.Repeat(" ", 200)} {
		if strings.Contains(page, refused) {
			t.Errorf("the page has %q", refused)
		}
	}
}

func TestNamed(t *testing.T) {
	if _, err := sheet.Named("pdf"); err == nil || !strings.Contains(err.Error(), "text, csv, html, json") {
		t.Errorf("Named(pdf) = %v", err)
	}
	if err := sheet.CSV(failing{}, reports(t), ""); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("CSV on a writer that fails = %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
