package account

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
)

const (
	keyID  = "AKIDEXAMPLE"
	secret = "a secret of the tests"
	region = "eu-west-1"
)

// A hub plays Security Hub, in the wire format of its API reference.
type hub struct {
	t *testing.T
	// refuse answers instead of the hub if it returns true; n counts the requests from 1.
	refuse func(w http.ResponseWriter, r *http.Request, n int) bool

	mutex    sync.Mutex
	requests []string // method, path and what is asked for
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if why := badSignature(r, body); why != "" {
		refuse(w, http.StatusForbidden, "InvalidSignatureException", why)
		return
	}
	h.mutex.Lock()
	h.requests = append(h.requests, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.URL.RawQuery))
	n := len(h.requests)
	h.mutex.Unlock()
	if h.refuse != nil && h.refuse(w, r, n) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	answer := ""
	switch r.Method + " " + r.URL.Path {
	case "POST /securityControls/batchGet":
		answer = `{"SecurityControls":[
			{"SecurityControlId":"IAM.1","SecurityControlArn":"arn:aws:securityhub:eu-west-1:111122223333:security-control/IAM.1",
			 "Title":"t","Description":"d","RemediationUrl":"u","SeverityRating":"CRITICAL","SecurityControlStatus":"ENABLED"},
			{"SecurityControlId":"IAM.21","SecurityControlArn":"arn:aws:securityhub:eu-west-1:111122223333:security-control/IAM.21",
			 "Title":"t","Description":"d","RemediationUrl":"u","SeverityRating":"LOW","SecurityControlStatus":"DISABLED"}],"UnprocessedIds":[]}`
	case "GET /associations":
		answer = associations(r)
	case "POST /findings":
		answer = findings(h.t, body)
	default:
		refuse(w, http.StatusNotFound, "ResourceNotFoundException", r.URL.Path)
		return
	}
	fmt.Fprint(w, answer)
}

// associations answers in two pages.
func associations(r *http.Request) string {
	id, status, why := r.URL.Query().Get("SecurityControlId"), "ENABLED", ""
	if id == "IAM.21" {
		status, why = "DISABLED", `,"UpdatedReason":"our own check does it"`
	}
	standard, next := "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0", `,"NextToken":"page 2/+="`
	if r.URL.Query().Get("NextToken") == "page 2/+=" {
		standard, next = "arn:aws:securityhub:eu-west-1::standards/nist-800-53/v/5.0.0", ""
	}
	return fmt.Sprintf(`{"StandardsControlAssociationSummaries":[{"StandardsArn":%q,"SecurityControlId":%q,"AssociationStatus":%q%s}]%s}`,
		standard, id, status, why, next)
}

// findings answers in two pages for IAM.1, which fails, and with none for others.
func findings(t *testing.T, body []byte) string {
	var in struct {
		NextToken string
		Filters   map[string][]struct{ Comparison, Value string }
	}
	if err := json.Unmarshal(body, &in); err != nil {
		t.Errorf("GetFindings has the body %s: %v", body, err)
	}
	for field, want := range map[string]string{"ComplianceStatus": "FAILED", "RecordState": "ACTIVE"} {
		if x := in.Filters[field]; len(x) != 1 || x[0].Value != want || x[0].Comparison != "EQUALS" {
			t.Errorf("GetFindings filters %s by %v, want EQUALS %s", field, x, want)
		}
	}
	id := in.Filters["ComplianceSecurityControlId"]
	switch {
	case len(id) != 1 || id[0].Value != "IAM.1":
		return `{"Findings":[]}`
	case in.NextToken == "":
		return `{"Findings":[{"Resources":[{"Type":"AwsIamPolicy","Id":"arn:aws:iam::111122223333:policy/b"}]}],"NextToken":"more"}`
	}
	return `{"Findings":[{"Resources":[{"Type":"AwsIamPolicy","Id":"arn:aws:iam::111122223333:policy/a"},{"Type":"AwsIamPolicy","Id":"arn:aws:iam::111122223333:policy/b"}]}]}`
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("X-Amzn-Errortype", code)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"Code":%q,"Message":%q}`, code, message)
}

// badSignature says what is wrong with the signature of a request, made again here as the IAM User
// Guide says in "Create a signed AWS API request"; empty: nothing.
func badSignature(r *http.Request, body []byte) string {
	var credential, signed, signature string
	fields := strings.NewReplacer("AWS4-HMAC-SHA256 ", "", "Credential=", "", "SignedHeaders=", "", "Signature=", "", ",", "").Replace(r.Header.Get("Authorization"))
	if n, err := fmt.Sscan(fields, &credential, &signed, &signature); n != 3 {
		return fmt.Sprintf("Authorization is %q: %v", r.Header.Get("Authorization"), err)
	}
	moment := r.Header.Get("X-Amz-Date")
	scope := moment[:min(8, len(moment))] + "/" + region + "/securityhub/aws4_request"
	if credential != keyID+"/"+scope {
		return "the credential is " + credential
	}
	names := strings.Split(signed, ";")
	if !slices.Contains(names, "host") || !slices.Contains(names, "x-amz-date") {
		return "signed are only " + signed
	}
	var headers strings.Builder
	for _, name := range names {
		value := r.Header.Get(name)
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		fmt.Fprintf(&headers, "%s:%s\n", name, strings.TrimSpace(value))
	}
	query := strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")
	request := strings.Join([]string{r.Method, r.URL.EscapedPath(), query, headers.String(), signed, digest(body)}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range strings.Split(scope, "/") {
		key = mac(key, part)
	}
	want := hex.EncodeToString(mac(key, "AWS4-HMAC-SHA256\n"+moment+"\n"+scope+"\n"+digest([]byte(request))))
	if signature != want {
		return "the signature is another"
	}
	return ""
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// settings are those of no machine: no file, no role, and the keys given.
func settings(t *testing.T, id, key string) {
	t.Helper()
	folder := t.TempDir()
	for name, value := range map[string]string{
		"HOME": folder, "AWS_CONFIG_FILE": filepath.Join(folder, "config"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(folder, "credentials"),
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": key, "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "",
		"AWS_WEB_IDENTITY_TOKEN_FILE": "", "AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_SECURITY_HUB": "", "AWS_MAX_ATTEMPTS": "",
	} {
		t.Setenv(name, value)
	}
}

// noDelay lets attempts follow each other at once.
type noDelay struct{}

func (noDelay) BackoffDelay(int, error) (time.Duration, error) { return 0, nil }

func serve(t *testing.T, h *hub) Options {
	t.Helper()
	settings(t, keyID, secret)
	h.t = t
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return Options{Region: region, Endpoint: server.URL, delay: noDelay{}}
}

// allowsAll is a local validator in whose report both published controls fail, and one of Aegis's own.
type allowsAll struct{}

func (allowsAll) Validate(_ context.Context, _ []*policy.Document, kind policy.Kind) (score.Report, error) {
	r := score.Report{Kind: kind, Scored: true, Score: 35, Grade: "F"}
	list := score.Controls(kind)
	for i := range list {
		r.Controls = append(r.Controls, score.Result{Control: &list[i], Failed: i < 3})
	}
	return r, nil
}

var wantStandings = map[string]score.Standing{
	"IAM.1": {
		State: score.Enabled, Severity: score.Critical, Failing: []string{"arn:aws:iam::111122223333:policy/a", "arn:aws:iam::111122223333:policy/b"},
		Standards: []score.Standard{
			{ARN: "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0", State: score.Enabled},
			{ARN: "arn:aws:securityhub:eu-west-1::standards/nist-800-53/v/5.0.0", State: score.Enabled},
		},
	},
	"IAM.21": {
		State: score.Disabled, Severity: score.Low, Reason: "our own check does it",
		Standards: []score.Standard{
			{ARN: "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0", State: score.Disabled, Reason: "our own check does it"},
			{ARN: "arn:aws:securityhub:eu-west-1::standards/nist-800-53/v/5.0.0", State: score.Disabled, Reason: "our own check does it"},
		},
	},
}

func TestReadFollowsPages(t *testing.T) {
	h := &hub{}
	a, err := Read(t.Context(), serve(t, h), []string{"IAM.1", "IAM.21"})
	if err != nil {
		t.Fatal(err)
	}
	if a.ID != "111122223333" || a.Region != region || a.Problem != "" {
		t.Errorf("Read = account %q in %q, problem %q", a.ID, a.Region, a.Problem)
	}
	for id, standing := range a.Standings {
		if len(standing.Failing) == 0 {
			standing.Failing = nil
		}
		if want := wantStandings[id]; !reflect.DeepEqual(standing, want) {
			t.Errorf("Read: %s is\n%+v, want\n%+v", id, standing, want)
		}
	}
	want := []string{
		"POST /securityControls/batchGet",
		"GET /associations SecurityControlId=IAM.1", "GET /associations NextToken=page%202%2F%2B%3D&SecurityControlId=IAM.1", "POST /findings", "POST /findings",
		"GET /associations SecurityControlId=IAM.21", "GET /associations NextToken=page%202%2F%2B%3D&SecurityControlId=IAM.21", "POST /findings",
	}
	if !slices.Equal(h.requests, want) {
		t.Errorf("Read asks\n%q, want\n%q", h.requests, want)
	}
}

func TestValidateMerges(t *testing.T) {
	for _, test := range []struct {
		name   string
		excuse bool
		score  int
	}{{"the score stays", false, 35}, {"what is disabled is excused", true, 45}} {
		t.Run(test.name, func(t *testing.T) {
			h := &hub{}
			o := serve(t, h)
			o.Excuse = test.excuse
			v := NewSecurityHub(allowsAll{}, o)
			for range 2 {
				r, err := v.Validate(t.Context(), nil, policy.IdentityBased)
				if err != nil || r.Score != test.score || r.Grade != "F" {
					t.Fatalf("Validate = %d %s, %v; want %d F", r.Score, r.Grade, err, test.score)
				}
				for _, c := range r.Controls {
					if (c.InAccount != nil) != (c.SecurityHub != "") {
						t.Errorf("%s of Security Hub %q stands in the account as %v", c.ID, c.SecurityHub, c.InAccount)
					}
					if want := test.excuse && c.ID == "IAM.21"; c.Excused != want {
						t.Errorf("%s is excused: %v, want %v", c.ID, c.Excused, want)
					}
				}
			}
			if len(h.requests) != 8 {
				t.Errorf("two reports cost %d requests, want 8: the account is read once", len(h.requests))
			}
		})
	}
}

// A kind whose controls Security Hub does not publish needs no account.
func TestValidateAsksOnlyForPublishedControls(t *testing.T) {
	h := &hub{}
	r, err := NewSecurityHub(allowsAll{}, serve(t, h)).Validate(t.Context(), nil, policy.Trust)
	if err != nil || r.Account != nil || len(h.requests) > 0 {
		t.Errorf("Validate of a trust policy = account %v, %v after %q; want none", r.Account, err, h.requests)
	}
}

func TestThrottledRequestsAreRepeated(t *testing.T) {
	h := &hub{refuse: func(w http.ResponseWriter, _ *http.Request, n int) bool {
		if n <= 2 {
			refuse(w, http.StatusTooManyRequests, "TooManyRequestsException", "Rate exceeded")
		}
		return n <= 2
	}}
	a, err := Read(t.Context(), serve(t, h), []string{"IAM.1", "IAM.21"})
	if err != nil || a.Standings["IAM.1"].State != score.Enabled || len(h.requests) != 10 {
		t.Errorf("Read, throttled twice = %v, %v after %d requests; want success after 10", a.Standings, err, len(h.requests))
	}
}

func TestProblems(t *testing.T) {
	always := func(status int, code, message string) func(http.ResponseWriter, *http.Request, int) bool {
		return func(w http.ResponseWriter, _ *http.Request, _ int) bool {
			refuse(w, status, code, message)
			return true
		}
	}
	for _, test := range []struct {
		name   string
		refuse func(http.ResponseWriter, *http.Request, int) bool
		change func(t *testing.T, o *Options)
		want   error
		says   string
	}{
		{"not subscribed", always(401, "InvalidAccessException", "Account 111122223333 is not subscribed to AWS Security Hub"), nil, ErrNotEnabled, "not subscribed"},
		{"denied", always(403, "AccessDeniedException", "User: arn:aws:iam::111122223333:user/u is not authorized"), nil, ErrDenied, "user/u is not authorized"},
		{"denied later", func(w http.ResponseWriter, r *http.Request, _ int) bool {
			if r.URL.Path != "/findings" {
				return false
			}
			refuse(w, 403, "AccessDeniedException", "not\nauthorized to perform: securityhub:GetFindings")
			return true
		}, nil, ErrDenied, "not authorized to perform: securityhub:GetFindings"},
		{"throttled for good", always(429, "TooManyRequestsException", "Rate exceeded"), nil, ErrThrottled, "Rate exceeded"},
		{"wrong key", nil, func(t *testing.T, _ *Options) { t.Setenv("AWS_SECRET_ACCESS_KEY", "another") }, ErrRefused, "the signature is"},
		{"no keys", nil, func(t *testing.T, _ *Options) { settings(t, "", "") }, ErrCredentials, ""},
		{"no Region", nil, func(_ *testing.T, o *Options) { o.Region = "" }, ErrRegion, ""},
		{"no such profile", nil, func(_ *testing.T, o *Options) { o.Profile = "nobody" }, ErrSettings, "nobody"},
		{"no URL", nil, func(_ *testing.T, o *Options) { o.Endpoint = "localhost:4566" }, ErrEndpoint, "localhost:4566"},
		{"no JSON", func(w http.ResponseWriter, _ *http.Request, _ int) bool {
			fmt.Fprint(w, "<html>")
			return true
		}, nil, nil, "read the answer to /securityControls/batchGet: "},
		{"unknown code", always(400, "InvalidInputException", "no"), nil, nil, "InvalidInputException: no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := serve(t, &hub{refuse: test.refuse})
			if test.change != nil {
				test.change(t, &o)
			}
			r, err := NewSecurityHub(allowsAll{}, o).Validate(t.Context(), nil, policy.IdentityBased)
			if err != nil || r.Score != 35 || r.Account == nil || r.Controls[0].InAccount != nil {
				t.Fatalf("Validate = %d, account %v, %v; want the local report with a problem", r.Score, r.Account, err)
			}
			_, err = Read(t.Context(), o, []string{"IAM.1"})
			if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Read = %v, want %v with %q", err, test.want, test.says)
			}
			if r.Account.Problem != err.Error() || (r.Account.Hint == "") != (test.want == nil) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the report says %q, hint %q, of %v", r.Account.Problem, r.Account.Hint, err)
			}
			var text bytes.Buffer
			if err := json.NewEncoder(&text).Encode(r); err != nil || !strings.Contains(text.String(), `"read":false`) {
				t.Errorf("as JSON: %v %s", err, &text)
			}
		})
	}
}

func TestSlowServerEndsWithTheContext(t *testing.T) {
	release := make(chan struct{})
	h := &hub{refuse: func(_ http.ResponseWriter, r *http.Request, _ int) bool {
		select {
		case <-release:
		case <-r.Context().Done():
		}
		return true
	}}
	o := serve(t, h)
	t.Cleanup(func() { close(release) }) // before the server closes
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, err := NewSecurityHub(allowsAll{}, o).Validate(ctx, nil, policy.IdentityBased)
	if err != nil || r.Score != 35 || r.Account.Problem != ErrTimeout.Error() {
		t.Errorf("Validate of a slow server = %d, %+v, %v; want %v", r.Score, r.Account, err, ErrTimeout)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := NewSecurityHub(allowsAll{}, o).Validate(ctx, nil, policy.IdentityBased); !errors.Is(err, context.Canceled) {
		t.Errorf("Validate, interrupted = %v, want %v", err, context.Canceled)
	}
}

func TestControlsThatTheAccountDoesNotKnow(t *testing.T) {
	h := &hub{refuse: func(w http.ResponseWriter, r *http.Request, _ int) bool {
		fmt.Fprint(w, `{"SecurityControls":[],"UnprocessedIds":[{"SecurityControlId":"IAM.1","ErrorCode":"NOT_FOUND"}]}`)
		return true
	}}
	a, err := Read(t.Context(), serve(t, h), []string{"IAM.1", "IAM.21"})
	want := map[string]score.Standing{
		"IAM.1": {State: score.UnknownState, Reason: "not found"}, "IAM.21": {State: score.UnknownState, Reason: "the answer does not name it"},
	}
	if err != nil || !reflect.DeepEqual(a.Standings, want) {
		t.Errorf("Read = %+v, %v; want %+v", a.Standings, err, want)
	}
}
