package request

import (
	"testing"
)

// What looks like an action of no service is a name behind a noun, and a plural on a list is no verb.
func TestNamesAndPlurals(t *testing.T) {
	for _, tc := range []struct{ words, action string }{
		{"run the task definition mailer:3 on the ecs cluster jobs-eu", "ecs:RunTask"},
		{"detect faces and labels with rekognition", "rekognition:DetectLabels"},
		{"run athena queries in the work group analysts", "athena:StartQueryExecution"},
		{"run queries in the athena work group analysts", "athena:StartQueryExecution"},
	} {
		rd := begin(tc.words)
		rd.Read()
		if in := rd.Finish(); len(in.Questions) > 0 {
			t.Errorf("%s\nasks %q", tc.words, in.Questions[0].Text)
		} else if g, _ := targetOf(in, tc.action); len(g.Actions) == 0 {
			t.Errorf("%s\ngrants no %s", tc.words, tc.action)
		}
	}
}
