package comply_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/witness"
	"github.com/rogpeppe/go-internal/txtar"
)

const account = "111122223333"

func checker() *comply.Checker {
	comparer := compare.New(catalog.Default())
	return &comply.Checker{
		Catalog: catalog.Default(), Comparer: comparer, Rules: rules.All(), Accounts: []string{account},
		Lint: func(list []lint.Rule, text string, kind policy.Kind) []finding.Finding {
			l := &lint.Linter{Catalog: catalog.Default(), Rules: list, Open: witness.Open(comparer), Covers: witness.Covers(comparer)}
			return l.Run(text, kind)
		},
	}
}

// documents returns the documents of the archive of a check.
func documents(t *testing.T, check string) []txtar.File {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", check+".txtar"))
	if err != nil {
		t.Fatalf("the check %s has no archive with documents that pass and mutants that fail: %v", check, err)
	}
	return archive.Files
}

// held returns what every document of an archive comes to, by its name, for all frameworks.
func held(t *testing.T, c *comply.Checker, check string) map[string]*comply.Report {
	t.Helper()
	out := map[string]*comply.Report{}
	for _, d := range documents(t, check) {
		report, err := c.Run(string(d.Data), "", comply.Frameworks())
		if err != nil {
			t.Fatalf("%s of %s: %v", d.Name, check, err)
		}
		out[d.Name] = report
		for i := range report.Frameworks {
			for k := range report.Frameworks[i].Controls {
				holds(t, c, d.Data, &report.Frameworks[i].Controls[k])
			}
		}
	}
	return out
}

// Each control of each framework, by each of its checks that a policy can break, has documents that
// do not break it and mutants that do; no control comes to the same for both. The mutants include
// the same access in other forms. What a policy tells only half of never passes.
func TestEveryControlHasAMutant(t *testing.T) {
	c := checker()
	for _, check := range comply.Checks() {
		if check.Decidable() == "no" {
			continue
		}
		t.Run(check.ID, func(t *testing.T) {
			good := comply.Pass
			if check.Beyond != "" {
				good = comply.NotAssessable
			}
			seen := map[string]int{}
			for name, report := range held(t, c, check.ID) {
				kind, _, _ := strings.Cut(strings.TrimSuffix(name, ".json"), "-")
				seen[kind]++
				want := map[string]comply.Result{"pass": good, "fail": comply.Fail}[kind]
				eachControl(report, check, func(f *comply.Framework, got *comply.ControlResult, o comply.Outcome) {
					if o.Result != want {
						t.Errorf("%s %s by %s: %s is %q (%s), want %q", f.ID, got.Control.ID, check.ID, name, o.Result, o.Message, want)
					}
					broken := got.Result == comply.Fail
					if kind == "fail" && !broken || name == "pass.json" && (broken || got.Result == comply.NotApplicable) {
						t.Errorf("%s %s: %s of %s is %q", f.ID, got.Control.ID, name, check.ID, got.Result)
					}
				})
			}
			if seen["pass"] == 0 || seen["fail"] == 0 {
				t.Errorf("%s: %d documents pass and %d fail, want both", check.ID, seen["pass"], seen["fail"])
			}
		})
	}
}

// eachControl calls do for each control that comes to a check, with what the check comes to.
func eachControl(report *comply.Report, check *comply.Check, do func(*comply.Framework, *comply.ControlResult, comply.Outcome)) {
	for _, f := range report.Frameworks {
		for i := range f.Controls {
			for _, o := range f.Controls[i].Outcomes {
				if o.Check == check.ID {
					do(f.Framework, &f.Controls[i], o)
				}
			}
		}
	}
}

// holds checks what a failure says: a place in the text, and a request that the document decides as
// the message says.
func holds(t *testing.T, c *comply.Checker, text []byte, got *comply.ControlResult) {
	t.Helper()
	d, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	oracle := witness.Open(c.Comparer)(d, policy.KindOf(d))
	for _, o := range got.Outcomes {
		switch {
		case o.Result != comply.Fail && o.Result != comply.Pass && o.Message == "":
			t.Errorf("%s is %q without a reason", o.Check, o.Result)
		case o.Result != comply.Fail:
		case o.Line == 0 || o.Message == "" || o.Witness == nil:
			t.Errorf("%s fails without line, message or request: %+v", o.Check, o)
		case o.Check != "bucket-tls" && !oracle.Decide(*o.Witness):
			t.Errorf("%s: the document does not allow %s", o.Check, o.Witness.String())
		case o.Check == "bucket-tls" && !slices.Equal(o.Witness.Context["aws:SecureTransport"], []string{"false"}):
			t.Errorf("%s: the request %s is made with TLS", o.Check, o.Witness.String())
		}
	}
}

// Every check stands in some control, and every archive is of a check.
func TestNoCheckIsIdle(t *testing.T) {
	used := map[string]bool{}
	for _, f := range comply.Frameworks() {
		for _, control := range f.Controls {
			for _, check := range control.Checks {
				used[check.ID] = true
			}
		}
	}
	ids := []string{}
	for _, check := range comply.Checks() {
		ids = append(ids, check.ID)
		if !used[check.ID] {
			t.Errorf("no control comes to the check %s", check.ID)
		}
	}
	if !slices.IsSorted(ids) {
		t.Errorf("the checks are not in the order of their IDs: %v", ids)
	}
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range archives {
		if id := strings.TrimSuffix(filepath.Base(a), ".txtar"); !slices.Contains(ids, id) {
			t.Errorf("%s is of no check", a)
		}
	}
}

// Frameworks have IDs, titles, sources and controls, and the tables of third parties say so.
func TestFrameworks(t *testing.T) {
	for _, f := range comply.Frameworks() {
		if f.Family == "" || f.Note == "" || len(f.Controls) == 0 || !slices.Contains([]string{"AWS", "benchmark", "third party"}, f.Reading) {
			t.Errorf("%s: %+v", f.ID, f)
		}
		seen := map[string]bool{}
		for _, c := range f.Controls {
			if c.Title == "" || c.Source == "" || len(c.Checks) == 0 || seen[c.ID] {
				t.Errorf("%s %s: no title, no source, no checks, or twice", f.ID, c.ID)
			}
			seen[c.ID] = true
			prowler := strings.HasPrefix(c.Source, "Prowler")
			if prowler != f.ThirdParty() && f.Family != "cis" {
				t.Errorf("%s %s is from %q, and the framework is read by %s", f.ID, c.ID, c.Source, f.Reading)
			}
		}
	}
	for _, name := range []string{"hipaa", "soc2", "iso27001", "gdpr"} {
		if list, err := comply.Select([]string{name}); err != nil || !list[0].ThirdParty() {
			t.Errorf("Select(%q) = %v, %v: not marked as the reading of a third party", name, list, err)
		}
	}
}

func TestSelect(t *testing.T) {
	for name, want := range map[string]string{
		"cis": "cis-7.0.0", "cis-5.0": "cis-5.0.0", "CIS-5": "cis-5.0.0", "nist": "nist-800-53-r5", "pci": "pci-4.0.1", "pci-3.2.1": "pci-3.2.1", "pci-4.0": "pci-4.0.1",
		"all": "fsbp cis-7.0.0 nist-800-53-r5 pci-4.0.1 hipaa soc2 iso27001-2022 gdpr", "cis,cis-7": "cis-7.0.0",
	} {
		list, err := comply.Select(strings.Split(name, ","))
		var ids []string
		for _, f := range list {
			ids = append(ids, f.ID)
		}
		if got := strings.Join(ids, " "); err != nil || got != want {
			t.Errorf("Select(%q) = %s, %v; want %s", name, got, err, want)
		}
	}
	for name, want := range map[string]string{"cis-9": "did you mean cis", "hippa": "did you mean hipaa", "quux": "there are fsbp, cis"} {
		if _, err := comply.Select([]string{name}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Select(%q) = %v, want %q in it", name, err, want)
		}
	}
}

// What is not known of a document is said, not passed.
func TestNotAssessable(t *testing.T) {
	all := func(action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"` + action + `","Resource":"*"}]}`
	}
	canonical := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},"Action":"s3:*","Resource":"arn:aws:s3:::b"}]}`
	role := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	stranger := checker()
	stranger.Accounts = nil
	tests := []struct {
		name    string
		checker *comply.Checker
		text    string
		kind    policy.Kind
		control string
		want    comply.Result
		reason  string
	}{
		{"no account", stranger, all("s3:PutBucketPolicy"), "", "S3.6", comply.NotAssessable, "--account"},
		{"a canonical user", checker(), canonical, "", "S3.6", comply.NotAssessable, "name the principal by its ARN"},
		{"any service", checker(), all("*"), "", "KMS.5", comply.NotAssessable, "no action and no resource tells"},
		{"another service", checker(), all("sqs:*"), "", "KMS.5", comply.NotApplicable, "policies of AWS KMS keys"},
		{"an access point", checker(), `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/*"}]}`, "", "S3.5", comply.NotApplicable, "buckets"},
		{"a boundary", checker(), role, policy.PermissionsBoundary, "IAM.1", comply.NotApplicable, "grants nothing"},
		{"attachment", checker(), role, "", "IAM.2", comply.NotAssessable, "list-entities-for-policy"},
		{"credentials", checker(), role, "", "IAM.5", comply.NotAssessable, "credential report"},
		{"credentials of a bucket", checker(), canonical, "", "IAM.5", comply.NotApplicable, "identity-based"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, err := comply.Select([]string{"fsbp"})
			if err != nil {
				t.Fatal(err)
			}
			report, err := tt.checker.Run(tt.text, tt.kind, list)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range report.Frameworks[0].Controls {
				if c.Control.ID != tt.control {
					continue
				}
				if reasons := strings.Join(c.Reasons(), "; "); c.Result != tt.want || !strings.Contains(reasons, tt.reason) {
					t.Errorf("%s is %q because %q, want %q because %q", tt.control, c.Result, reasons, tt.want, tt.reason)
				}
			}
		})
	}
}

// A text that is no policy is an error with the place.
func TestRunErrors(t *testing.T) {
	for text, want := range map[string]string{
		`{"Statement":[`: "1:15",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}`:                                                     "1:38: the statement has no Resource",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringSame":{"a":"b"}}}]}`: "StringSame",
	} {
		if _, err := checker().Run(text, "", comply.Frameworks()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Run(%s) = %v, want %q in it", text, err, want)
		}
	}
}
