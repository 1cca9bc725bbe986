package followup_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/followup"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// talk follows the turns, which stand on lines of their own.
func talk(t *testing.T, kind policy.Kind, turns string) followup.Talk {
	t.Helper()
	var out followup.Talk
	library := sentence.NewLibrary(catalog.Default(), lexicon.Default())
	for _, words := range strings.Split(turns, "\n") {
		out = followup.Follow(library, out, words, sentence.Options{Kind: kind})
	}
	return out
}

// wanted writes the grants of an intent one a line: effect, actions, resources, who, conditions.
func wanted(in intent.Intent) string {
	var lines []string
	for _, g := range in.Grants {
		var actions, targets, except, who []string
		for _, a := range g.Actions {
			actions = append(actions, a.Name)
		}
		for _, t := range g.Targets {
			if name := strings.Join(values(t.Vars), "/"); name != "" {
				targets = append(targets, t.Type+" "+name)
			}
		}
		for _, t := range g.Except {
			except = append(except, t.Type+" "+strings.Join(values(t.Vars), "/"))
		}
		for _, p := range g.Principals {
			who = append(who, p.ID)
		}
		line := fmt.Sprintf("%s %s", g.Effect, strings.Join(actions, ","))
		for _, part := range []struct{ word, text string }{{"on", strings.Join(targets, ", ")}, {"but", strings.Join(except, ", ")}, {"by", strings.Join(who, ", ")}, {"in", in.Region}, {"if", constraints(g.Where)}, {"unless", constraints(g.Unless)}} {
			if part.text != "" {
				line += " " + part.word + " " + part.text
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func values(vars map[string]string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(vars)) {
		out = append(out, vars[k])
	}
	return out
}

func constraints(cs []intent.Constraint) string {
	var out []string
	for _, c := range cs {
		out = append(out, strings.Join([]string{c.Key, string(c.Test) + "=", strings.Join(c.Values, ",")}, ""))
	}
	return strings.Join(out, " and ")
}

func TestFollowIdentity(t *testing.T) {
	tests := []struct {
		name, turns, want string
	}{
		{"a prefix below the bucket", "read objects in bucket game-replays\nonly season-9/",
			"Allow s3:GetObject on object game-replays/season-9/*"},
		{"an address on top of a prefix", "read objects in bucket game-replays\nonly season-9/\nand only from 198.51.100.0/24",
			"Allow s3:GetObject on object game-replays/season-9/* if aws:SourceIp=198.51.100.0/24"},
		{"one of two resources", "read objects in buckets a-data and b-data\njust a-data",
			"Allow s3:GetObject on bucket a-data"},
		{"a tag on resources", "terminate ec2 instances\nonly for tag Env=dev",
			"Allow ec2:TerminateInstances if aws:ResourceTag/Env=dev"},
		{"a region", "publish to sns topic alerts\nrestrict to us-east-2",
			"Allow sns:Publish on topic alerts if aws:RequestedRegion=us-east-2"},
		{"multi-factor authentication as a requirement", "publish to sns topic alerts\nadd an mfa requirement",
			"Allow sns:Publish on topic alerts if aws:MultiFactorAuthPresent=true"},
		{"a condition taken away", "publish to sns topic alerts\nonly with mfa\nforget the mfa condition",
			"Allow sns:Publish on topic alerts"},
		{"an action taken away by its noun", "start and stop instance i-0abc1234def567890 in us-east-1 123456789012\ndrop the stop",
			"Allow ec2:StartInstances on instance i-0abc1234def567890 in us-east-1"},
		{"an action taken away by a negation", "start and stop instance i-0abc1234def567890 in us-east-1 123456789012\nit should not be able to start it",
			"Allow ec2:StopInstances on instance i-0abc1234def567890 in us-east-1"},
		{"the same for another", "invoke lambda f1\nand f2\nremove f1",
			"Allow lambda:InvokeFunction on function f2"},
		{"a name corrected", "read objects in bucket a-b\nthe bucket is a-c not a-b",
			"Allow s3:GetObject on bucket a-c"},
		{"a region replaced", "read secret vault in us-east-1\nwe moved to eu-west-2",
			"Allow secretsmanager:GetSecretValue on Secret vault in eu-west-2"},
		{"a date moved", "publish to sns topic alerts\nonly until 2026-12-31\nextend it until 2027-06-30",
			"Allow sns:Publish on topic alerts if aws:CurrentTimeatMost=2027-06-30T23:59:59Z"},
		{"verbs replaced", "publish to sns topic alerts\nno more publishing, subscribe instead",
			"Allow sns:Subscribe on topic alerts"},
		{"an answer to a question", "read objects in bucket alpha\nadd a VPC condition\nvpce-0abc1234def567890",
			"Allow s3:GetObject on bucket alpha if aws:SourceVpce=vpce-0abc1234def567890"},
		{"everything below a path", "read ssm parameter /finch/dev/url\nmake it everything under /finch/dev/",
			"Allow ssm:GetParameter,ssm:GetParameters on parameter finch/dev/*"},
		{"a folder taken out", "put objects into bucket drop-b\nnot below in/private/", "Allow s3:PutObject on bucket drop-b but object drop-b/in/private/*"},
		{"another request", "read objects in bucket alpha\nactually I need to send messages to queue q1, forget all that",
			"Allow sqs:SendMessage on queue q1"},
		{"a condition of an addition", "read objects in bucket xa\nit also needs to delete objects, but only below tmp/",
			"Allow s3:GetObject on bucket xa\nAllow s3:DeleteObject on object xa/tmp/*"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := talk(t, policy.IdentityBased, tt.turns)
			if d := wanted(got.Intent()); d != tt.want {
				t.Errorf("Follow(%q) gives\n%s\nwant\n%s\n(%s)", tt.turns, d, tt.want, got.Turns[len(got.Turns)-1].Edit)
			}
		})
	}
}

func TestFollowOtherKinds(t *testing.T) {
	tests := []struct {
		name  string
		kind  policy.Kind
		turns string
		want  string
	}{
		{"one more service", policy.Trust, "ec2 may assume\nlambda too\nhmm drop ec2", "Allow sts:AssumeRole by lambda.amazonaws.com"},
		{"a role of the account", policy.Trust, "account 222233334444 can assume\nonly role deploy", "Allow sts:AssumeRole by arn:aws:iam::222233334444:role/deploy"},
		{"another role", policy.Trust, "role deploy in account 111122223333 may assume\nmake it role release", "Allow sts:AssumeRole by arn:aws:iam::111122223333:role/release"},
		{"a branch", policy.Trust, "github oidc trust for any branch of repo acme/infra, account 123456789012, aud sts.amazonaws.com\nonly the release branch",
			"Allow sts:AssumeRoleWithWebIdentity by arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com if token.actions.githubusercontent.com:aud=sts.amazonaws.com and token.actions.githubusercontent.com:sub=repo:acme/infra:ref:refs/heads/release"},
		{"exemptions", policy.ServiceControl, "deny deleting s3 buckets\nexcept role Admin\nand user bob",
			"Deny s3:DeleteBucket unless aws:PrincipalArn=arn:aws:iam::*:role/Admin,arn:aws:iam::*:user/bob"},
		{"an exemption taken back", policy.ServiceControl, "deny deleting s3 buckets\nexcept role Admin\nrole Admin isn't exempt any more", "Deny s3:DeleteBucket"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := talk(t, tt.kind, tt.turns)
			if d := wanted(got.Intent()); d != tt.want {
				t.Errorf("Follow(%q) gives\n%s\nwant\n%s", tt.turns, d, tt.want)
			}
		})
	}
}

// TestFollowUnchanged: what is not an edit, or would widen under a narrowing word, changes nothing.
func TestFollowUnchanged(t *testing.T) {
	tests := []struct {
		name, first, words string
		asks               bool
	}{
		{"thanks", "read objects in bucket alpha", "ok that's all, thanks", false},
		{"words that mean nothing", "read objects in bucket alpha", "blah frobnicate zork", true},
		{"a condition without a value", "read objects in bucket alpha", "add a VPC condition", true},
		{"only what was not allowed", "publish to sns topic alerts in us-east-1", "only us-west-2", true},
		{"nothing to undo", "publish to sns topic alerts", "undo", true},
		{"two candidates", "read objects in buckets a-data and b-data", "make it bucket c-data", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := talk(t, policy.IdentityBased, tt.first+"\n"+tt.words)
			first, last := got.Turns[0].Intent, got.Turns[1].Intent
			if !intent.Same(first, last) || got.Turns[1].State != 0 {
				t.Errorf("Follow(%q) changed\n%s\ninto\n%s", tt.words, wanted(first), wanted(last))
			}
			if asks := len(last.Questions) > len(first.Questions); asks != tt.asks {
				t.Errorf("Follow(%q) asks = %v, want %v: %v", tt.words, asks, tt.asks, last.Questions)
			}
		})
	}
}

func TestFollowUndo(t *testing.T) {
	turns := []string{"publish to sns topic alerts", "only with mfa", "restrict to us-east-2", "undo", "undo", "redo", "back to the first version"}
	states := []int{0, 1, 2, 1, 0, 1, 0}
	got := talk(t, policy.IdentityBased, strings.Join(turns, "\n"))
	for i, turn := range got.Turns {
		if turn.State != states[i] {
			t.Errorf("after %q the state is that of turn %d, want %d", turns[i], turn.State, states[i])
		}
		if want := got.Turns[states[i]].Intent; !intent.Same(turn.Intent, want) {
			t.Errorf("after %q the intent is\n%s\nwant\n%s", turns[i], wanted(turn.Intent), wanted(want))
		}
	}
}

// TestFollowLedger: every turn's words are in the ledger, at the place where they stand.
func TestFollowLedger(t *testing.T) {
	turns := "read objects in bucket game-replays\nonly season-9/"
	words := strings.Split(turns, "\n")
	found := false
	for _, w := range talk(t, policy.IdentityBased, turns).Intent().Words {
		said := words[w.Span.Turn][w.Span.Start:w.Span.End]
		if said != w.Text {
			t.Errorf("the ledger has %q at %+v, where %q stands", w.Text, w.Span, said)
		}
		found = found || w.Text == "season-9/" && w.Use == intent.Used && w.Span.Turn == 1
	}
	if !found {
		t.Error("the ledger does not say that season-9/ was used")
	}
}

func TestTalkIsJSON(t *testing.T) {
	want := talk(t, policy.IdentityBased, "publish to sns topic alerts\nonly with mfa")
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got followup.Talk
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	for i := range want.Turns {
		if !intent.Same(got.Turns[i].Intent, want.Turns[i].Intent) || got.Turns[i].Edit != want.Turns[i].Edit {
			t.Errorf("turn %d read from JSON is %+v, want %+v", i, got.Turns[i], want.Turns[i])
		}
	}
}
