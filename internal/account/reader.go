package account

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"
)

// pages bounds how many pages of findings of a control are read, of pageSize findings each.
const (
	pages    = 5
	pageSize = 100
)

// A reader reads one account.
type reader struct {
	client  *securityhub.Client
	account *score.Account
}

// controls reads what the account says of controls, with their standards and the resources that
// fail them.
func (r *reader) controls(ctx context.Context, ids []string) error {
	out, err := r.client.BatchGetSecurityControls(ctx, &securityhub.BatchGetSecurityControlsInput{SecurityControlIds: ids})
	if err != nil {
		return err
	}
	r.account.Standings = map[string]score.Standing{}
	for _, x := range out.UnprocessedIds {
		r.account.Standings[aws.ToString(x.SecurityControlId)] = score.Standing{State: score.UnknownState, Reason: unprocessed(x)}
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

func unprocessed(x types.UnprocessedSecurityControl) string {
	if reason := aws.ToString(x.ErrorReason); reason != "" {
		return reason
	}
	return strings.ToLower(strings.ReplaceAll(string(x.ErrorCode), "_", " "))
}

func (r *reader) control(ctx context.Context, c *types.SecurityControl) error {
	id := aws.ToString(c.SecurityControlId)
	s := score.Standing{State: state(string(c.SecurityControlStatus)), Severity: score.Severity(c.SeverityRating)}
	if a, err := arn.Parse(aws.ToString(c.SecurityControlArn)); err == nil {
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
	case string(types.ControlStatusEnabled):
		return score.Enabled
	case string(types.ControlStatusDisabled):
		return score.Disabled
	}
	return score.UnknownState
}

// standards reads in which of the standards that are switched on the control is.
func (r *reader) standards(ctx context.Context, id string, s *score.Standing) error {
	in := &securityhub.ListStandardsControlAssociationsInput{SecurityControlId: &id}
	for list := securityhub.NewListStandardsControlAssociationsPaginator(r.client, in); list.HasMorePages(); {
		page, err := list.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, x := range page.StandardsControlAssociationSummaries {
			s.Standards = append(s.Standards, score.Standard{
				ARN: aws.ToString(x.StandardsArn), State: state(string(x.AssociationStatus)), Reason: aws.ToString(x.UpdatedReason),
			})
		}
	}
	return nil
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
	equals := func(values ...string) []types.StringFilter {
		var out []types.StringFilter
		for _, v := range values {
			out = append(out, types.StringFilter{Comparison: types.StringFilterComparisonEquals, Value: aws.String(v)})
		}
		return out
	}
	in := &securityhub.GetFindingsInput{MaxResults: aws.Int32(pageSize), Filters: &types.AwsSecurityFindingFilters{
		ComplianceSecurityControlId: equals(id),
		ComplianceStatus:            equals(string(types.ComplianceStatusFailed)),
		RecordState:                 equals(string(types.RecordStateActive)),
		WorkflowStatus:              equals(string(types.WorkflowStatusNew), string(types.WorkflowStatusNotified)),
	}}
	found := map[string]bool{}
	list := securityhub.NewGetFindingsPaginator(r.client, in)
	for n := 0; list.HasMorePages(); n++ {
		if n == pages {
			s.More = true
			break
		}
		page, err := list.NextPage(ctx)
		if err != nil {
			return err
		}
		for i := range page.Findings {
			for _, x := range page.Findings[i].Resources {
				found[aws.ToString(x.Id)] = true
			}
		}
	}
	s.Failing = slices.Sorted(maps.Keys(found))
	return nil
}
