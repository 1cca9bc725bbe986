package batch

import (
	"encoding/json"
	"fmt"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
)

// An answer is the part of an answer that a batch writes.
type answer struct {
	ID        json.RawMessage                  `json:"id,omitempty"`
	Status    generate.Status                  `json:"status"`
	Policy    *policy.Document                 `json:"policy"`
	Documents map[policy.Kind]*policy.Document `json:"documents"`
	Questions []intent.Question                `json:"questions"`
	Assumed   []intent.Assumption              `json:"assumed"`
	Unread    []string                         `json:"unread"`
	Score     *int                             `json:"score,omitempty"`
	Grade     string                           `json:"grade,omitempty"`
	Findings  []found                          `json:"findings,omitempty"`
	Bounds    *generate.Bounds                 `json:"bounds,omitempty"`
	Within    []generate.Fit                   `json:"within,omitempty"`
	Changes   *generate.Changes                `json:"changes,omitempty"`
	Refused   []generate.Access                `json:"refused,omitempty"`
}

// A found is the part of a finding that a batch writes.
type found struct {
	Rule        string           `json:"rule"`
	Severity    finding.Severity `json:"severity"`
	Message     string           `json:"message"`
	Sid         string           `json:"sid,omitempty"`
	RequestedBy []string         `json:"requestedBy,omitempty"`
}

// A talk is the answer to a conversation.
type talk struct {
	ID    json.RawMessage `json:"id,omitempty"`
	Turns []answer        `json:"turns"`
}

// A failure stands in the place of an answer.
type failure struct {
	ID    json.RawMessage `json:"id,omitempty"`
	Line  int             `json:"line"`
	Error string          `json:"error"`
}

func answerLine(r *Result) ([]byte, error) {
	if !r.Record.Talk {
		if len(r.Answers) != 1 {
			return nil, fmt.Errorf("%d answers to one request", len(r.Answers))
		}
		return line(answerOf(r.Record.ID, r.Answers[0]))
	}
	t := talk{ID: r.Record.ID, Turns: []answer{}}
	for _, a := range r.Answers {
		t.Turns = append(t.Turns, answerOf(nil, a))
	}
	return line(t)
}

func answerOf(id json.RawMessage, a generate.Answer) answer {
	out := answer{
		ID: id, Status: a.Status, Policy: a.Policy, Documents: a.Documents,
		Questions: a.Questions, Assumed: a.Assumed, Unread: a.Unread,
		Bounds: a.Bounds, Within: a.Within, Changes: a.Changes, Refused: a.Refused,
	}
	if a.Score != nil && a.Score.Grade != score.Ungraded {
		out.Score, out.Grade = &a.Score.Score, a.Score.Grade
	}
	for _, f := range a.Findings {
		out.Findings = append(out.Findings, found{f.Rule, f.Severity, f.Message, f.Sid, f.RequestedBy})
	}
	return out
}

// errorLine cannot fail: an id that is no JSON was never read.
func errorLine(r *Result) []byte {
	text, err := line(failure{ID: r.Record.ID, Line: r.Record.Line, Error: r.Err.Error()})
	if err != nil {
		return fmt.Appendf(nil, "{\"line\":%d,\"error\":%q}\n", r.Record.Line, err)
	}
	return text
}

// line writes one line of JSON.
func line(value any) ([]byte, error) {
	text, err := plainjson.Line(value)
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	return text, nil
}
