package evaluate

import (
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

const (
	allowAll      = `{"Version": "2012-10-17", "Statement": {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}}`
	denyAll       = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}`
	denyEverybody = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}`
)

// TestOneLayer: with identity-based policies alone and no key or role, Authorize decides as
// Evaluate does.
func TestOneLayer(t *testing.T) {
	compared := 0
	for _, c := range corpus(t) {
		identity := c.request.Principal == Principal{}
		for _, p := range c.policies {
			identity = identity && p.Kind() == policy.IdentityBased
		}
		if !identity || strings.HasPrefix(strings.ToLower(c.request.Action), "sts:") || isKey(c.request.Resource) {
			continue
		}
		compared++
		a := Authorize(c.request, &Setting{Layers: Layers{Identity: c.policies}})
		if a.Decision != c.want {
			t.Errorf("%s: Authorize = %v, Evaluate says %v\n%s", c.name, a.Decision, c.want, a.String())
		}
	}
	if compared < 300 {
		t.Errorf("%d cases compared, want at least 300", compared)
	}
}

// TestLimitsOnlyTakeAway: a layer that allows everything changes no decision, and one that
// denies everything leaves nothing allowed but what no policy decides.
func TestLimitsOnlyTakeAway(t *testing.T) {
	full, none := mustCompile(t, policy.ServiceControl, allowAll), mustCompile(t, policy.ServiceControl, denyAll)
	noResource := mustCompile(t, policy.ResourceControl, denyEverybody)
	noEndpoint := mustCompile(t, policy.Endpoint, denyEverybody)
	for _, c := range layersCorpus(t) {
		before := Authorize(c.request, &c.setting)
		s := c.setting
		s.Layers.SCPs = append(s.Layers.SCPs[:len(s.Layers.SCPs):len(s.Layers.SCPs)], Level{"more", []*Policy{full}})
		s.Layers.RCPs = append(s.Layers.RCPs[:len(s.Layers.RCPs):len(s.Layers.RCPs)], Level{Name: "more"})
		if a := Authorize(c.request, &s); a.Decision != before.Decision {
			t.Errorf("%s: with a control policy that allows everything %v, without %v", c.name, a.Decision, before.Decision)
		}
		s = c.setting
		s.Layers.SCPs = []Level{{"Root", []*Policy{full, none}}}
		s.Layers.RCPs = []Level{{"Root", []*Policy{noResource}}}
		s.Layers.Endpoint = []*Policy{noEndpoint}
		if a := Authorize(c.request, &s); a.Decision == Allowed && len(a.Layers) > 0 {
			t.Errorf("%s: allowed although an endpoint, the organization and the unit deny it\n%s", c.name, a.String())
		}
	}
}

func TestAuthorizationText(t *testing.T) {
	full := mustCompile(t, policy.ServiceControl, allowAll).Named("FullAWSAccess")
	region := mustCompile(t, policy.ServiceControl, `{"Version": "2012-10-17", "Statement": {"Sid": "Europe", "Effect": "Deny",
		"Action": "*", "Resource": "*", "Condition": {"StringNotLike": {"aws:RequestedRegion": "eu-*"}}}}`).Named("regions")
	s := &Setting{
		Owner: "111111111111", Management: "999999999999",
		Layers: Layers{
			Identity: []*Policy{mustCompile(t, policy.IdentityBased, allowAll)},
			Resource: []*Policy{mustCompile(t, policy.ResourceBased, `{"Version": "2012-10-17", "Statement": [
				{"Sid": "Partner", "Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}`).Named("bucket b")},
			SCPs: []Level{{"r-root", []*Policy{full, region}}, {"222222222222", []*Policy{full}}},
			RCPs: []Level{{"r-root", nil}},
		},
	}
	r := Request{
		Principal: Principal{AWS, "arn:aws:iam::222222222222:user/eva"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k",
		Context: Context{"aws:RequestedRegion": {"us-east-1"}},
	}
	a := Authorize(r, s)
	want := `ExplicitDeny: s3:GetObject on arn:aws:s3:::b/k by the user arn:aws:iam::222222222222:user/eva
the service control policies at r-root explicitly deny it: regions statement 1 "Europe" (two accounts: both must allow)
> service control policies at r-root: deny it
      FullAWSAccess statement 1 "All" allows it
      regions statement 1 "Europe" denies it
  service control policies at 222222222222: allow it
      FullAWSAccess statement 1 "All" allows it
  resource-based policy: allows the caller's account, whose own policies must allow it too
      bucket b statement 1 "Partner" allows it
  identity-based policies: allow it
      policy 1 statement 1 "All" allows it
`
	if got := a.String(); got != want {
		t.Errorf("String() =\n%swant\n%s", got, want)
	}
	s.Management = "222222222222"
	if a = Authorize(r, s); a.Decision != Allowed || a.Layers[1].Exempt == "" {
		t.Errorf("the management account is limited:\n%s", a.String())
	}
}

func TestPrincipalKind(t *testing.T) {
	for text, want := range map[string]PrincipalKind{
		"arn:aws:iam::111111111111:root":                    RootUser,
		"111111111111":                                      RootUser,
		"arn:aws:iam::111111111111:user/team/eva":           User,
		"arn:aws:iam::111111111111:role/app":                Role,
		"arn:aws:sts::111111111111:assumed-role/app/monday": RoleSession,
		"arn:aws:sts::111111111111:federated-user/fay":      FederatedSession,
		"lambda.amazonaws.com":                              AWSService,
		"Federated=cognito-identity.amazonaws.com":          IdentityProvider,
		"arn:aws:iam::111111111111:saml-provider/corp":      IdentityProvider,
		"CanonicalUser=1f0e":                                CanonicalAccount,
		"*":                                                 Anonymous,
		"AIDACKCEVSQ6C2EXAMPLE":                             UnknownPrincipal,
		"":                                                  UnknownPrincipal,
	} {
		if got := ParsePrincipal(text).Kind(); got != want {
			t.Errorf("ParsePrincipal(%q).Kind() = %s, want %s", text, got, want)
		}
	}
}

// BenchmarkAuthorize decides requests of a session by seven layers, 20 large documents among them.
func BenchmarkAuthorize(b *testing.B) {
	requests := benchRequests()
	full := mustCompile(b, policy.ServiceControl, allowAll)
	levels := []Level{{"Root", []*Policy{full}}, {"Unit", []*Policy{full}}, {"Account", []*Policy{full}}}
	s := &Setting{Layers: Layers{
		Identity: largeDocuments(b, 20),
		Boundary: []*Policy{mustCompile(b, policy.PermissionsBoundary, allowAll)},
		SCPs:     levels, RCPs: levels,
	}}
	for i := range requests {
		requests[i].Principal = Principal{AWS, "arn:aws:sts::123456789012:assumed-role/app/s"}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		Authorize(requests[i%len(requests)], s)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
