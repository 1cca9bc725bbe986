package evaluate

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

// The corpus of layers is testdata/layers/*.txtar, in the form of the other corpus but for
//
//	decision:layer policies action resource [@type:principal] [+setting[=value] ...] [key=value ...] // title
//
// The layer is the kind of policy that decides, with its level (scp@Root), or - if none does.
// The kind of each policy says which layer it belongs to; control policies bear their level
// (full.scp.json@Root), and a level without policies is none.scp@Root. The settings are owner, management,
// account, source, provider, linked, awsmanaged and gateway.
type layersCase struct {
	corpusCase
	layer   string
	setting Setting
}

const minLayersCases = 270

func TestLayersCorpus(t *testing.T) {
	cases := layersCorpus(t)
	if len(cases) < minLayersCases {
		t.Errorf("corpus of layers has %d cases, want at least %d", len(cases), minLayersCases)
	}
	seen := map[string]string{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := Authorize(c.request, &c.setting)
			if layer := decidedBy(&a); a.Decision != c.want || layer != c.layer {
				t.Errorf("Authorize = %v by %s, want %v by %s (page %s)\n%s", a.Decision, layer, c.want, c.layer, c.page, a.String())
			}
			checkAuthorization(t, &a)
		})
		if before, ok := seen[c.text]; ok {
			t.Errorf("%s repeats %s", c.name, before)
		}
		seen[c.text] = c.name
	}
}

// checkAuthorization holds an authorization to itself: it has a reason, its layers decide as
// their explanations say, and one that is allowed has no layer that denies.
func checkAuthorization(t *testing.T, a *Authorization) {
	t.Helper()
	if a.Reason == "" || a.String() == "" {
		t.Errorf("%+v has no reason", a)
	}
	for i := range a.Layers {
		l := &a.Layers[i]
		if l.Exempt != "" {
			continue
		}
		want := l.Explanation(a.Request).Decision
		if l.Decision != want && (l.Kind != policy.ResourceControl || want == ExplicitDeny) {
			t.Errorf("layer %s decides %v, its explanation says %v", l.Kind, l.Decision, want)
		}
		if a.Decision == Allowed && l.Decision == ExplicitDeny {
			t.Errorf("allowed, but layer %s denies:\n%s", l.Kind, a.String())
		}
		if l.Kind == policy.ResourceBased && (l.Decision == Allowed) != (l.Grant != NoGrant) {
			t.Errorf("resource-based layer decides %v with grant %d", l.Decision, l.Grant)
		}
	}
}

func decidedBy(a *Authorization) string {
	if a.Decided < 0 {
		return "-"
	}
	l := a.Layers[a.Decided]
	if l.Level == "" {
		return string(l.Kind)
	}
	return string(l.Kind) + "@" + l.Level
}

func layersCorpus(t testing.TB) []layersCase {
	t.Helper()
	files, err := filepath.Glob("testdata/layers/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("read corpus: %v, %d archives", err, len(files))
	}
	var cases []layersCase
	for _, file := range files {
		readLines(t, file, func(place, page, line string, policies map[string]*Policy) {
			c := readLayersCase(t, place, line, policies)
			c.page = page
			cases = append(cases, c)
		})
	}
	return cases
}

func readLayersCase(t testing.TB, place, line string, policies map[string]*Policy) layersCase {
	t.Helper()
	var c layersCase
	line, title, found := strings.Cut(line, " // ")
	words := strings.Fields(line)
	if !found || len(words) < 4 {
		t.Fatalf("%s: case wants a decision, policies, an action, a resource and a title", place)
	}
	decision, layer, found := strings.Cut(words[0], ":")
	want, ok := corpusDecisions[decision]
	if !ok || !found {
		t.Fatalf("%s: unknown decision %q", place, words[0])
	}
	c.want, c.layer = want, layer
	c.name = strings.TrimPrefix(place, "testdata/layers/") + ": " + strings.TrimSpace(title)
	c.text = strings.Join(words[1:], " ")
	if words[1] != "-" {
		for name := range strings.SplitSeq(words[1], ",") {
			c.setting.Layers.place(t, place, name, policies)
		}
	}
	var rest []string
	for _, w := range words[2:] {
		if setting, ok := strings.CutPrefix(w, "+"); ok {
			c.setting.read(t, place, setting)
			continue
		}
		rest = append(rest, w)
	}
	c.request = readRequest(t, place, rest)
	return c
}

func (l *Layers) place(t testing.TB, place, word string, policies map[string]*Policy) {
	t.Helper()
	name, level, _ := strings.Cut(word, "@")
	switch name {
	case "none.scp":
		l.SCPs = append(l.SCPs, Level{Name: level})
		return
	case "none.rcp":
		l.RCPs = append(l.RCPs, Level{Name: level})
		return
	}
	p := policies[name+".json"]
	if p == nil {
		t.Fatalf("%s: no policy %q", place, name)
	}
	switch p.Kind() {
	case policy.IdentityBased:
		l.Identity = append(l.Identity, p)
	case policy.PermissionsBoundary:
		l.Boundary = append(l.Boundary, p)
	case policy.SessionPolicy:
		l.Session = append(l.Session, p)
	case policy.ResourceBased, policy.Trust:
		l.Resource = append(l.Resource, p)
	case policy.Endpoint:
		l.Endpoint = append(l.Endpoint, p)
	case policy.ServiceControl:
		l.SCPs = attach(l.SCPs, level, p)
	case policy.ResourceControl:
		l.RCPs = attach(l.RCPs, level, p)
	}
}

func attach(levels []Level, name string, p *Policy) []Level {
	if n := len(levels); n > 0 && levels[n-1].Name == name {
		levels[n-1].Policies = append(levels[n-1].Policies, p)
		return levels
	}
	return append(levels, Level{Name: name, Policies: []*Policy{p}})
}

func (s *Setting) read(t testing.TB, place, word string) {
	t.Helper()
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "owner":
		s.Owner = value
	case "management":
		s.Management = value
	case "account":
		s.Caller.Account = value
	case "source":
		s.Caller.Source = value
	case "provider":
		s.Caller.Provider = value
	case "linked":
		s.Caller.ServiceLinked = true
	case "awsmanaged":
		s.AWSManaged = true
	case "gateway":
		s.Layers.Gateway = true
	default:
		t.Fatalf("%s: no setting %q", place, name)
	}
}
