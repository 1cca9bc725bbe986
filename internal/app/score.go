package app

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"sync"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/score/oracle"
)

// A Scored is the score of one text, or why there is none.
type Scored struct {
	Name   string
	Report score.Report
	Err    error
}

// A RoleScore is the score of a role: of its permissions, which are in force together, of its trust
// policy, and of both.
type RoleScore struct {
	Permissions *score.Report // nil: none were given
	Trust       *score.Report // nil: none was given
	Together    score.Report
}

// MarshalJSON writes the fields of both together, and under permissions and trust those of each.
func (r RoleScore) MarshalJSON() ([]byte, error) {
	together, err := json.Marshal(r.Together)
	if err != nil {
		return nil, err
	}
	parts, err := json.Marshal(struct {
		Permissions *score.Report `json:"permissions,omitempty"`
		Trust       *score.Report `json:"trust,omitempty"`
	}{r.Permissions, r.Trust})
	if err != nil || len(parts) <= len("{}") {
		return together, err
	}
	return append(append(together[:len(together)-1], ','), parts[1:]...), nil
}

// Scorer returns the scorer of the program. Accounts are one's own; without any, what depends on
// them is not assessed.
func (a *App) Scorer(accounts []string) *score.Scorer {
	return &score.Scorer{Catalog: a.Catalog, Open: oracle.Open(a.Catalog, a.comparer), Accounts: accounts}
}

// ScoreTexts scores texts, each by itself, on all cores, and returns the results in the order of
// the texts. A text that cannot be read does not stop the others. The error is that of the context.
func ScoreTexts(ctx context.Context, v score.Validator, texts []LintText) ([]Scored, error) {
	out := make([]Scored, len(texts))
	var group sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(texts)) {
		group.Go(func() {
			for i := range next {
				out[i] = scoreText(ctx, v, texts[i])
			}
		})
	}
	err := feed(ctx, next, len(texts))
	group.Wait()
	return out, err
}

func scoreText(ctx context.Context, v score.Validator, t LintText) Scored {
	out := Scored{Name: t.Name}
	d, kind, err := readScored(t)
	if err != nil {
		out.Err = err
		return out
	}
	out.Report, out.Err = v.Validate(ctx, []*policy.Document{d}, kind)
	return out
}

func readScored(t LintText) (*policy.Document, policy.Kind, error) {
	if t.Err != nil {
		return nil, "", t.Err
	}
	d, err := policy.Parse([]byte(t.Text))
	if err == nil {
		err = d.CheckSearched()
	}
	if err != nil {
		return nil, "", err
	}
	if t.Kind != "" {
		return d, t.Kind, nil
	}
	return d, policy.KindOf(d), nil
}

// A RoleError says which text cannot be a part of a role.
type RoleError struct {
	Name string
	Err  error
}

// Error returns what is wrong with which text.
func (e *RoleError) Error() string { return e.Name + ": " + e.Err.Error() }

// Unwrap returns what is wrong with the text.
func (e *RoleError) Unwrap() error { return e.Err }

// ErrNotOfRole: a text is neither a permissions policy of a role nor its trust policy.
var ErrNotOfRole = errors.New("neither an identity-based nor a trust policy: a role has only these to be scored")

// ScoreRole scores texts as the policies of one role. The places of the permissions' statements
// count only the permissions' texts. The error is a *RoleError, which wraps ErrNotOfRole for policies of
// other kinds, or that of the validator.
func ScoreRole(ctx context.Context, v score.Validator, texts []LintText) (RoleScore, error) {
	documents := map[policy.Kind][]*policy.Document{}
	for _, t := range texts {
		d, kind, err := readScored(t)
		if err == nil && kind != policy.IdentityBased && kind != policy.Trust {
			err = ErrNotOfRole
		}
		if err == nil && kind == policy.Trust && len(documents[kind]) > 0 {
			err = errors.New("a second trust policy: a role has one")
		}
		if err != nil {
			return RoleScore{}, &RoleError{t.Name, err}
		}
		documents[kind] = append(documents[kind], d)
	}
	return scoreRole(ctx, v, documents[policy.IdentityBased], documents[policy.Trust])
}

func scoreRole(ctx context.Context, v score.Validator, permissions, trust []*policy.Document) (RoleScore, error) {
	var out RoleScore
	var reports []score.Report
	for _, part := range []struct {
		kind      policy.Kind
		documents []*policy.Document
		to        **score.Report
	}{{policy.IdentityBased, permissions, &out.Permissions}, {policy.Trust, trust, &out.Trust}} {
		if len(part.documents) == 0 {
			continue
		}
		r, err := v.Validate(ctx, part.documents, part.kind)
		if err != nil {
			return RoleScore{}, err
		}
		*part.to = &r
		reports = append(reports, r)
	}
	out.Together = score.Join(reports...)
	return out, nil
}

// Score scores documents of a kind that are in force together; without a kind the elements of the
// first tell. The error says which statement has no meaning.
func (a *App) Score(kind policy.Kind, accounts []string, documents ...*policy.Document) (score.Report, error) {
	if kind == "" && len(documents) > 0 {
		kind = policy.KindOf(documents[0])
	}
	return a.Scorer(accounts).Score(documents, kind)
}

// ScoreRole scores the permissions of a role together, its trust policy, and both.
func (a *App) ScoreRole(accounts []string, trust *policy.Document, permissions ...*policy.Document) (RoleScore, error) {
	var trusts []*policy.Document
	if trust != nil {
		trusts = append(trusts, trust)
	}
	return scoreRole(context.Background(), a.Scorer(accounts), permissions, trusts)
}
