package comply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/policy"
)

// rewritings say the same in other words.
var rewritings = map[string]func(*policy.Document){
	"one statement an action": func(d *policy.Document) {
		split(d, func(s *policy.Statement) *[]policy.Text { return &s.Actions })
	},
	"one statement a resource": func(d *policy.Document) {
		split(d, func(s *policy.Statement) *[]policy.Text { return &s.Resources })
	},
	"in reverse, twice": func(d *policy.Document) {
		slices.Reverse(d.Statements)
		d.Statements = append(d.Statements, d.Statements...)
	},
	"actions in capitals": func(d *policy.Document) {
		for i := range d.Statements {
			for _, list := range [][]policy.Text{d.Statements[i].Actions, d.Statements[i].NotActions} {
				for k := range list {
					list[k].Text = strings.ToUpper(list[k].Text)
				}
			}
		}
	},
	"with a condition that every request meets": func(d *policy.Document) {
		for i := range d.Statements {
			d.Statements[i].Conditions = append(d.Statements[i].Conditions, policy.Condition{
				Operator: "StringLikeIfExists", Key: "aws:UserAgent", Values: []policy.Text{{Text: "*"}},
			})
		}
	},
	"with a Deny of something else": func(d *policy.Document) {
		other := policy.Statement{Effect: policy.Deny, Actions: []policy.Text{{Text: "s3:PutBucketLogging"}}, Resources: []policy.Text{{Text: "arn:aws:s3:::another-bucket"}}}
		if d.Statements[0].Principal != nil {
			return // a policy of a resource is about this resource only
		}
		d.Statements = append(d.Statements, other)
	},
}

// split parts statements with several texts in a list into one for each.
func split(d *policy.Document, list func(*policy.Statement) *[]policy.Text) {
	var out []policy.Statement
	for _, s := range d.Statements {
		all := *list(&s)
		if len(all) < 2 {
			out = append(out, s)
			continue
		}
		for _, t := range all {
			one := s
			*list(&one) = []policy.Text{t}
			out = append(out, one)
		}
	}
	d.Statements = out
}

// Every policy of the archives comes to the same for every control however it is written.
func TestRewritten(t *testing.T) {
	c := checker()
	for _, check := range comply.Checks() {
		if check.Decidable() == "no" {
			continue
		}
		for _, d := range documents(t, check.ID) {
			want := results(t, c, string(d.Data))
			for name, rewrite := range rewritings {
				parsed, err := policy.Parse(d.Data)
				if err != nil {
					t.Fatal(err)
				}
				rewrite(parsed)
				text := string(parsed.JSON())
				if got := results(t, c, text); got != want {
					t.Errorf("%s of %s, %s, comes to\n%s\nwant\n%s\n%s", d.Name, check.ID, name, got, want, text)
				}
			}
		}
	}
}

// More access never mends a policy: what fails, fails with another Allow statement too.
func TestWidened(t *testing.T) {
	c := checker()
	for _, check := range comply.Checks() {
		if check.Decidable() == "no" {
			continue
		}
		for _, d := range documents(t, check.ID) {
			parsed, err := policy.Parse(d.Data)
			if err != nil {
				t.Fatal(err)
			}
			more := parsed.Statements[0]
			more.Effect, more.Conditions = policy.Allow, nil
			parsed.Statements = append(parsed.Statements, more)
			before, after := results(t, c, string(d.Data)), results(t, c, string(parsed.JSON()))
			for line := range strings.Lines(before) {
				if strings.HasSuffix(line, " fail\n") && !strings.Contains(after, line) {
					t.Errorf("%s of %s: with another Allow statement no longer %s%s", d.Name, check.ID, line, parsed.JSON())
				}
			}
		}
	}
}

// results returns the results of all controls of all frameworks.
func results(t *testing.T, c *comply.Checker, text string) string {
	t.Helper()
	report, err := c.Run(text, "", comply.Frameworks())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range report.Frameworks {
		for _, control := range f.Controls {
			fmt.Fprintf(&out, "%s %s %s\n", f.Framework.ID, control.Control.ID, control.Result)
		}
	}
	return out.String()
}
