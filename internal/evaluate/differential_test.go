package evaluate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

// The differential test makes random worlds, decides a request in each, and has another
// evaluator decide it too: the npm package @cloud-copilot/iam-simulate, which is run as a
// program of its own and of which nothing is part of Aegis. Where the two disagree, one of the
// reasons of docs/evaluation.md must apply, or the test fails.
const (
	simulator = "AEGIS_SIMULATOR" // names the folder tools/simulate with its packages installed
	howMany   = "AEGIS_WORLDS"    // how many worlds are made, 2,000 without it
)

// A reason explains why two evaluators disagree in a world.
type reason struct {
	name    string // as in the table of docs/evaluation.md
	applies func(w *world, ours *Authorization, theirs string) bool
}

var reasons = []reason{
	{"root user: full access to its account", func(w *world, ours *Authorization, theirs string) bool {
		return w.class() == rootCaller && ours.Decision == Allowed && theirs == "ImplicitlyDenied"
	}},
	{"root user: cannot assume roles", func(w *world, _ *Authorization, _ string) bool {
		return w.class() == rootCaller && w.onRole()
	}},
	{"federated user session: no AWS STS", func(w *world, _ *Authorization, _ string) bool {
		return w.form() == federatedForm && w.onRole()
	}},
	{"federated user session: nothing without session policies", func(w *world, ours *Authorization, theirs string) bool {
		return w.form() == federatedForm && len(w.session) == 0 && theirs == "Allowed" && ours.Decision == ImplicitDeny
	}},
	{"role: its trust policy must allow", func(w *world, ours *Authorization, theirs string) bool {
		return w.onRole() && len(w.resource) == 0 && theirs == "Allowed" && ours.Decision == ImplicitDeny
	}},
	{"KMS: no such action on a key of another account", func(w *world, ours *Authorization, theirs string) bool {
		return isKey(w.request.Resource) && ours.CrossAccount && theirs == "Allowed" && ours.Decision == ImplicitDeny
	}},
	{"session: what names it or everybody is not limited by session policies", func(w *world, ours *Authorization, theirs string) bool {
		return (w.form() == sessionForm || w.form() == federatedForm) && len(w.session) > 0 && theirs == "ImplicitlyDenied" &&
			ours.Decision == Allowed && ours.Layers[ours.Decided].Grant == DirectGrant
	}},
	{"resource control policy: does not reach the service", func(w *world, ours *Authorization, theirs string) bool {
		return !SupportsRCP(w.request.Action) && len(w.rcps) > 0 && theirs == "ExplicitlyDenied"
	}},
}

func (w *world) form() form { return identify(w.request.Principal).form }

func (w *world) class() class {
	who := identify(w.request.Principal)
	return classOf(&who)
}

func TestDifferential(t *testing.T) {
	folder := os.Getenv(simulator)
	if folder == "" {
		t.Skip(simulator + " does not name the folder of the other evaluator: npm ci --prefix tools/simulate")
	}
	worlds := 2000
	if text := os.Getenv(howMany); text != "" {
		var err error
		if worlds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	all := randomWorlds(worlds)
	var input bytes.Buffer
	encoder := json.NewEncoder(&input)
	for _, w := range all {
		if err := encoder.Encode(w.simulation()); err != nil {
			t.Fatal(err)
		}
	}
	theirs := simulate(t, folder, &input)
	if len(theirs) != worlds {
		t.Fatalf("the other evaluator decided %d requests of %d", len(theirs), worlds)
	}
	counts, decisions := map[string]int{}, map[Decision]int{}
	unexplained := 0
	for i, w := range all {
		a := w.authorize(t)
		decisions[a.Decision]++
		if theirDecisions[theirs[i]] == a.Decision.String() {
			counts["agree"]++
			continue
		}
		name := w.explain(&a, theirs[i])
		counts[name]++
		if name == "" {
			if unexplained++; unexplained <= 5 {
				text, _ := json.Marshal(w.simulation())
				t.Errorf("world %d: we say %v, they say %s\n%s%s", i, a.Decision, theirs[i], a.String(), text)
			}
		}
	}
	t.Logf("decisions: %v", decisions)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%6d %s", counts[name], name)
	}
	if unexplained > 0 {
		t.Errorf("%d disagreements of %d are not explained", unexplained, worlds)
	}
	for _, d := range []Decision{Allowed, ExplicitDeny, ImplicitDeny} {
		if decisions[d] < worlds/10 {
			t.Errorf("%d of %d requests are %v: the worlds are one-sided", decisions[d], worlds, d)
		}
	}
}

var theirDecisions = map[string]string{
	"Allowed": "Allowed", "ExplicitlyDenied": "ExplicitDeny", "ImplicitlyDenied": "ImplicitDeny",
}

// explain returns the name of the first reason that applies, or none.
func (w *world) explain(ours *Authorization, theirs string) string {
	for _, r := range reasons {
		if r.applies(w, ours, theirs) {
			return r.name
		}
	}
	return ""
}

func simulate(t *testing.T, folder string, input *bytes.Buffer) []string {
	t.Helper()
	script, err := filepath.Abs(filepath.Join(folder, "run.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", script)
	command.Stdin, command.Stderr = input, os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("run the other evaluator: %v", err)
	}
	var lines []string
	scanner := bufio.NewScanner(bytes.NewReader(out))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	return lines
}

// A world is a request and its setting, in a form from which both evaluators can be asked.
type world struct {
	request    Request
	owner      string
	identity   []document
	boundary   []document
	session    []document
	resource   []document
	endpoint   []document
	scps, rcps [][]document
}

type document map[string]any

func (d document) compile(t testing.TB, kind policy.Kind) *Policy {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return mustCompile(t, kind, string(text))
}

func (w *world) authorize(t testing.TB) Authorization {
	t.Helper()
	compile := func(documents []document, kind policy.Kind) []*Policy {
		var out []*Policy
		for _, d := range documents {
			out = append(out, d.compile(t, kind))
		}
		return out
	}
	levels := func(all [][]document, kind policy.Kind) []Level {
		var out []Level
		for i, documents := range all {
			out = append(out, Level{fmt.Sprintf("level %d", i), compile(documents, kind)})
		}
		return out
	}
	kind := policy.ResourceBased
	if w.onRole() {
		kind = policy.Trust
	}
	s := &Setting{Owner: w.owner, Layers: Layers{
		Identity: compile(w.identity, policy.IdentityBased),
		Boundary: compile(w.boundary, policy.PermissionsBoundary),
		Session:  compile(w.session, policy.SessionPolicy),
		Resource: compile(w.resource, kind),
		Endpoint: compile(w.endpoint, policy.Endpoint),
		SCPs:     levels(w.scps, policy.ServiceControl),
		RCPs:     levels(w.rcps, policy.ResourceControl),
	}}
	return Authorize(w.request, s)
}

func (w *world) onRole() bool { return strings.Contains(w.request.Resource, ":role/") }

// simulation is the world in the words of the other evaluator.
func (w *world) simulation() any {
	named := func(documents []document) []map[string]any {
		out := []map[string]any{}
		for i, d := range documents {
			out = append(out, map[string]any{"name": fmt.Sprintf("p%d", i), "policy": d})
		}
		return out
	}
	levels := func(all [][]document) []map[string]any {
		out := []map[string]any{}
		for i, documents := range all {
			out = append(out, map[string]any{"orgIdentifier": fmt.Sprintf("l%d", i), "policies": named(documents)})
		}
		return out
	}
	keys := map[string]any{}
	for key, values := range w.request.Context {
		if keys[key] = any(values); len(values) == 1 && key != "aws:TagKeys" {
			keys[key] = values[0]
		}
	}
	s := map[string]any{
		"request": map[string]any{
			"principal": w.request.Principal.ID, "action": w.request.Action, "contextVariables": keys,
			"resource": map[string]any{"resource": w.request.Resource, "accountId": w.owner},
		},
		"identityPolicies": named(w.identity), "serviceControlPolicies": levels(w.scps), "resourceControlPolicies": levels(w.rcps),
	}
	if len(w.boundary) > 0 {
		s["permissionBoundaryPolicies"] = named(w.boundary)
	}
	if len(w.session) > 0 {
		s["sessionPolicy"] = w.session[0]
	}
	if len(w.resource) > 0 {
		s["resourcePolicy"] = w.resource[0]
	}
	if len(w.endpoint) > 0 {
		s["vpcEndpointPolicies"] = named(w.endpoint)
	}
	return s
}
