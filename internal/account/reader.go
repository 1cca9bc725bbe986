package account

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/score"
)

// pages bounds how many pages of findings of a control are read, of pageSize findings each.
const (
	pages    = 5
	pageSize = 100
)

// A reader reads one account.
type reader struct {
	client  *client
	account *score.Account
}

// controls reads what the account says of controls, with their standards and the resources that
// fail them.
func (r *reader) controls(ctx context.Context, ids []string) error {
	in := map[string][]string{"SecurityControlIds": ids}
	var out struct {
		SecurityControls []control
		UnprocessedIDs   []unprocessed `json:"UnprocessedIds"`
	}
	if err := r.client.call(ctx, http.MethodPost, "/securityControls/batchGet", in, &out); err != nil {
		return err
	}
	r.account.Standings = map[string]score.Standing{}
	for _, x := range out.UnprocessedIDs {
		r.account.Standings[x.SecurityControlID] = score.Standing{State: score.UnknownState, Reason: x.reason()}
	}
	for i := range out.SecurityControls {
		if err := r.control(ctx, &out.SecurityControls[i]); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if _, told := r.account.Standings[id]; !told {
			r.account.Standings[id] = score.Standing{State: score.UnknownState, Reason: "the answer does not name it"}
		}
	}
	return nil
}

// The shapes of the API, of which only what is used stands here.
type (
	control struct {
		SecurityControlID     string `json:"SecurityControlId"`
		SecurityControlArn    string
		SecurityControlStatus string
		SeverityRating        string
	}
	unprocessed struct {
		SecurityControlID      string `json:"SecurityControlId"`
		ErrorCode, ErrorReason string
	}
	filter  struct{ Comparison, Value string }
	finding struct {
		Resources []struct {
			ID string `json:"Id"`
		}
	}
)

func (u unprocessed) reason() string {
	if u.ErrorReason != "" {
		return u.ErrorReason
	}
	return strings.ToLower(strings.ReplaceAll(u.ErrorCode, "_", " "))
}

func (r *reader) control(ctx context.Context, c *control) error {
	id := c.SecurityControlID
	s := score.Standing{State: state(c.SecurityControlStatus), Severity: score.Severity(c.SeverityRating)}
	if a, err := arn.Parse(c.SecurityControlArn); err == nil {
		r.account.ID = a.AccountID
	}
	if err := r.standards(ctx, id, &s); err != nil {
		return fmt.Errorf("standards of %s: %w", id, err)
	}
	if s.State == score.Disabled {
		s.Reason = reason(s.Standards)
	}
	if err := r.failing(ctx, id, &s); err != nil {
		return fmt.Errorf("findings of %s: %w", id, err)
	}
	r.account.Standings[id] = s
	return nil
}

func state(status string) score.State {
	switch status {
	case "ENABLED":
		return score.Enabled
	case "DISABLED":
		return score.Disabled
	}
	return score.UnknownState
}

// standards reads in which of the standards that are switched on the control is.
func (r *reader) standards(ctx context.Context, id string, s *score.Standing) error {
	query := url.Values{"SecurityControlId": {id}}
	for {
		var page struct {
			StandardsControlAssociationSummaries []struct{ StandardsArn, AssociationStatus, UpdatedReason string }
			NextToken                            string
		}
		if err := r.client.call(ctx, http.MethodGet, "/associations?"+query.Encode(), nil, &page); err != nil {
			return err
		}
		for _, x := range page.StandardsControlAssociationSummaries {
			s.Standards = append(s.Standards, score.Standard{ARN: x.StandardsArn, State: state(x.AssociationStatus), Reason: x.UpdatedReason})
		}
		if page.NextToken == "" {
			return nil
		}
		query.Set("NextToken", page.NextToken)
	}
}

// reason says why a control is disabled: what was written down for its standards, each text once.
func reason(standards []score.Standard) string {
	if len(standards) == 0 {
		return "no standard that is switched on has it"
	}
	texts := map[string]bool{}
	for _, s := range standards {
		if s.State == score.Disabled && s.Reason != "" {
			texts[s.Reason] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(texts)), "; ")
}

// failing reads which resources fail the control now: active findings that nobody has resolved or
// suppressed.
func (r *reader) failing(ctx context.Context, id string, s *score.Standing) error {
	equals := func(values ...string) []filter {
		var out []filter
		for _, v := range values {
			out = append(out, filter{"EQUALS", v})
		}
		return out
	}
	in := map[string]any{"MaxResults": pageSize, "Filters": map[string][]filter{
		"ComplianceSecurityControlId": equals(id), "ComplianceStatus": equals("FAILED"), "RecordState": equals("ACTIVE"),
		"WorkflowStatus": equals("NEW", "NOTIFIED"),
	}}
	found := map[string]bool{}
	for n := 0; n < pages; n++ {
		var page struct {
			Findings  []finding
			NextToken string
		}
		if err := r.client.call(ctx, http.MethodPost, "/findings", in, &page); err != nil {
			return err
		}
		for _, f := range page.Findings {
			for _, x := range f.Resources {
				found[x.ID] = true
			}
		}
		if s.More = page.NextToken != ""; !s.More {
			break
		}
		in["NextToken"] = page.NextToken
	}
	s.Failing = slices.Sorted(maps.Keys(found))
	return nil
}
