package generate

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/comply"
)

// A Compliance is what the controls of a framework come to for the document of an answer.
type Compliance struct {
	Framework     string          `json:"framework"` // its ID
	Name          string          `json:"name"`
	Pass          int             `json:"pass"`
	Fail          int             `json:"fail"`
	NotAssessable int             `json:"notAssessable"` // a policy alone does not tell
	NotApplicable int             `json:"notApplicable"` // not about policies of this kind
	Failed        []FailedControl `json:"failed"`
}

// A FailedControl is a control that the document breaks.
type FailedControl struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Message string `json:"message"` // what was found
	Sid     string `json:"sid,omitempty"`
}

// complianceOf returns what a report says, by framework.
func complianceOf(r *comply.Report) []Compliance {
	out := []Compliance{}
	if r == nil {
		return out
	}
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		n := f.Count()
		c := Compliance{
			Framework: f.Framework.ID, Name: f.Framework.Name, Failed: []FailedControl{},
			Pass: n[comply.Pass], Fail: n[comply.Fail], NotAssessable: n[comply.NotAssessable], NotApplicable: n[comply.NotApplicable],
		}
		for j := range f.Controls {
			control := &f.Controls[j]
			if control.Result != comply.Fail {
				continue
			}
			failed := FailedControl{ID: control.Control.ID, Title: control.Control.Title, Message: strings.Join(control.Reasons(), "; ")}
			if k := slices.IndexFunc(control.Outcomes, func(o comply.Outcome) bool { return o.Result == comply.Fail }); k >= 0 {
				failed.Sid = control.Outcomes[k].Sid
			}
			c.Failed = append(c.Failed, failed)
		}
		out = append(out, c)
	}
	return out
}
