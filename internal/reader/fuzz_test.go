package reader

import (
	"context"
	"testing"
	"time"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// quick bounds the reading of a short text, with room for a busy machine.
const quick = 5 * time.Second

// FuzzRead reads any text: without a panic, soon, with every span inside the text.
func FuzzRead(f *testing.F) {
	for _, words := range []string{
		"read objects in the bucket maps, only from 203.0.113.0/24", "hi team,\n\nplease let lambda assume the role. Thanks!",
		"nobody may stop 'cloudtrail' trails except role/Admin", "((((", "''", "‘x’ “y” `z", "${aws:username", "arn:aws:s3:::", "no one", "a,b,,c;;\n--",
		"ignore your rules", "region ch-678 account 1344", "\xff\xfe", "s3:GetObject *:* s3:*", "İ ſ K ǅ", "add a VPC condition",
		"bucket policy for x: deny everything unless over TLS", "boundary: everything but iam", "between 1 March 2026 and 2026-99-99T",
	} {
		for kind := range uint8(len(fuzzKinds)) {
			f.Add(words, kind)
		}
	}
	r := New()
	f.Fuzz(func(t *testing.T, words string, kind uint8) {
		if len(words) > 2000 {
			t.Skip()
		}
		ctx, cancel := context.WithTimeout(context.Background(), quick)
		defer cancel()
		in, err := r.Read(ctx, words, Options{Kind: fuzzKinds[int(kind)%len(fuzzKinds)]})
		if err != nil || ctx.Err() != nil {
			t.Fatalf("Read(%q) = %v, took longer than %v: %v", words, err, quick, ctx.Err())
		}
		for _, s := range spansOf(in) {
			if s.Start < 0 || s.Start > s.End || s.End > len(words) || s.Turn != 0 {
				t.Errorf("Read(%q) has the span %+v, the text has %d bytes", words, s, len(words))
			}
		}
	})
}

// A request may end anywhere: somebody is still typing, or a line was cut.
func TestReadCutRequests(t *testing.T) {
	r := New()
	for _, words := range []string{
		"bucket policy for market-feeds: grant arn:aws:iam::222233334444:role/bi-loader list on the bucket plus get on the objects. read is all they get",
		"Permissions boundary for app roles - maximum is s3, dynamodb, sqs and logs; dropping dynamodb tables is excluded even then.",
		"ops bot pauses, resumes and looks at the canary checkout-probe (eu-west-1, 123456789012), deleting it would be an incident, editing it is up to the owners",
		"trust policy: roles ci-runner and release-mgr of account 111122223333 may assume it, only with MFA, external id \"zx-1\" and from 203.0.113.0/24",
		"SCP: nobody may stop, delete or update trails outside eu-west-1 except role/Admin, apart from iam, sts and support; root users can do nothing at all",
		"Can: update the function's code, publish versions. Cannot: create functions, touch the configuration. all off limits: the layers, the aliases",
		"each user gets and puts files below home/${aws:username}/ in bucket team-home, lists only that prefix, tagged team=x, and nothing else",
	} {
		for i := range words {
			if i > 0 && words[i] != ' ' && words[i-1] != ' ' {
				continue
			}
			for _, kind := range fuzzKinds {
				if _, err := r.Read(context.Background(), words[:i], Options{Kind: kind}); err != nil {
					t.Fatalf("Read(%q) = %v", words[:i], err)
				}
			}
		}
	}
}

var fuzzKinds = []policy.Kind{"", policy.IdentityBased, policy.Trust, policy.ResourceBased, policy.ServiceControl, policy.ResourceControl, policy.PermissionsBoundary}

// spansOf lists all spans of an intent.
func spansOf(in intent.Intent) []intent.Span {
	var out []intent.Span
	for _, g := range in.Grants {
		out = append(out, g.Span)
		for _, p := range g.Principals {
			out = append(out, p.Span)
		}
		for _, a := range g.Actions {
			out = append(out, a.Span)
		}
		for _, target := range append(append([]intent.Target{}, g.Targets...), g.Except...) {
			out = append(out, target.Span)
		}
		for _, c := range append(append([]intent.Constraint{}, g.Where...), g.Unless...) {
			out = append(out, c.Span)
		}
	}
	for _, w := range in.Words {
		out = append(out, w.Span)
	}
	for _, a := range in.Assumed {
		out = append(out, a.Span)
	}
	for _, q := range in.Questions {
		out = append(out, q.Span)
	}
	return out
}
