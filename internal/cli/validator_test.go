package cli

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// playHub plays a Security Hub that has IAM.21 disabled, or refuses everybody, and returns its URL.
func playHub(t *testing.T, denies bool) string {
	t.Helper()
	withoutHome(t)
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": filepath.Join(t.TempDir(), "config"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(t.TempDir(), "credentials"),
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_PROFILE": "", "NO_COLOR": "1",
	} {
		t.Setenv(name, value)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case denies:
			w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"Message":"not authorized"}`)
		case r.URL.Path == "/securityControls/batchGet":
			fmt.Fprint(w, `{"SecurityControls":[
				{"SecurityControlId":"IAM.1","SecurityControlArn":"arn:aws:securityhub:eu-west-1:111122223333:security-control/IAM.1","SeverityRating":"HIGH","SecurityControlStatus":"ENABLED"},
				{"SecurityControlId":"IAM.21","SecurityControlArn":"arn:aws:securityhub:eu-west-1:111122223333:security-control/IAM.21","SeverityRating":"LOW","SecurityControlStatus":"DISABLED"}]}`)
		case r.URL.Path == "/associations":
			fmt.Fprint(w, `{"StandardsControlAssociationSummaries":[{"StandardsArn":"s","AssociationStatus":"DISABLED","UpdatedReason":"accepted"}]}`)
		default:
			fmt.Fprint(w, `{"Findings":[{"Resources":[{"Id":"arn:aws:iam::111122223333:policy/wide"}]}]}`)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestSecurityHubValidator(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.json")
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::media","arn:aws:s3:::media/*"]}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		denies bool
		args   []string
		code   int
		want   []string
	}{
		{"score", false, []string{"score"}, 0, []string{
			": 80 B  identity\n", "-10 IAM.21: No wildcard service actions (low)\n", "Security Hub of 111122223333 in eu-west-1:\n",
			"IAM.1: enabled (high), though disabled in 1 of 1 standard; failing: 1 resource, arn:aws:iam::111122223333:policy/wide\n",
			"IAM.21: disabled (low): accepted; failing: 1 resource",
		}},
		{"skip", false, []string{"score", "--skip-disabled", "--fail-under", "90"}, 0, []string{": 90 A  identity\n", "   0 IAM.21: No wildcard service actions (low; takes no points: disabled in the account)"}},
		{"JSON", false, []string{"score", "--json"}, 0, []string{`"inAccount": {`, `"state": "disabled"`, `"account": "111122223333"`, `"read": true`}},
		{"role", false, []string{"score", "--role"}, 0, []string{"permissions: 80 B", "IAM.21: disabled", "together: 80 B"}},
		{"validate", false, []string{"validate", "--framework", "fsbp", "--fail-on", "error"}, 1, []string{"score 80 B;", "IAM.21: disabled (low): accepted"}},
		{"validate HTML", false, []string{"validate", "--skip-disabled", "--format", "html", "--framework", "fsbp"}, 1, []string{">0 IAM.21<", "disabled in the account: accepted", "Security Hub of 111122223333 in eu-west-1: the account was read"}},
		{"denied", true, []string{"score"}, 2, []string{
			": 80 B  identity\n", "Security Hub in eu-west-1: the account was not read: access denied: not authorized\n",
			"hint: securityhub:BatchGetSecurityControls", "the score is that of the policy alone",
		}},
		{"denied role", true, []string{"score", "--role", "--json"}, 2, []string{`"score": 80,`, `"read": false`, `"problem": "access denied: not authorized"`}},
		{"validate denied", true, []string{"validate", "--framework", "fsbp"}, 2, []string{"score 80 B;", "the account was not read"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, messages bytes.Buffer
			args := append(test.args, "--validator", "security-hub", "--region", "eu-west-1", "--endpoint-url", playHub(t, test.denies), file)
			code := Main(t.Context(), args, Streams{Out: &out, Err: &messages})
			if code != test.code {
				t.Errorf("Main(%q) = %d, want %d\n%s%s", args, code, test.code, &out, &messages)
			}
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("Main(%q) does not say %q:\n%s", args, want, &out)
				}
			}
		})
	}
}
