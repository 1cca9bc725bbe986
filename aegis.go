// Package aegis turns plain words into AWS IAM policies and tests them, explains and lints
// policies, and decides requests by them. It needs no AWS account and no network.
//
// Proved is about the reading: the policy passes every test that follows from what was read in
// the words, and by comparison allows all of it and nothing else. The words can be misread all the same, so show the Explanation, which is made from
// the policy and not from the words, to whoever wrote them.
//
// All functions are deterministic, and may run concurrently.
package aegis

import (
	"context"
	"sync"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/explain"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/scenario"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/validate"
)

// What the functions take and return.
type (
	// An Answer is what words come to: documents, tests, assumptions, questions.
	Answer = generate.Answer
	// A Status says how far an Answer can be relied on.
	Status = generate.Status
	// A Document is a policy document.
	Document = policy.Document
	// A Kind is a kind of policy.
	Kind = policy.Kind
	// An Explanation is a document in English.
	Explanation = explain.Explanation
	// A Request is a request to AWS.
	Request = evaluate.Request
	// A Principal is who makes a Request.
	Principal = evaluate.Principal
	// A Context holds the condition keys of a Request.
	Context = evaluate.Context
	// A Decision is the outcome of a Request.
	Decision = evaluate.Decision
	// A DecisionExplanation is a Decision with the part of every statement in it.
	DecisionExplanation = evaluate.Explanation
	// A Finding is a defect of a document that Lint reports.
	Finding = finding.Finding
	// A ScoreReport says how much documents risk, from 100 to 0, and what became of each control.
	ScoreReport = score.Report
	// A ScoreResult is what became of one control.
	ScoreResult = score.Result
	// A RoleScore is the scores of the permissions of a role, of its trust policy, and of both.
	RoleScore = app.RoleScore
	// A Comparison is the access gained and lost where one document takes the place of another.
	Comparison = app.Comparison
	// A Difference is requests that one document allows and another does not, with one of them.
	Difference = compare.Difference
	// A Verdict is how far it is known that there are no such requests.
	Verdict = compare.Verdict
	// A ComplianceReport is what frameworks come to for a document.
	ComplianceReport = comply.Report
	// A Validation is all that is known of a policy.
	Validation = validate.Document
	// A Scenario is a world of principals, resources, policies and an organization.
	Scenario = scenario.Scenario
	// A Query is a request in a Scenario.
	Query = scenario.Query
	// A Ruling is a Query decided by all layers, with what would have it allowed.
	Ruling = app.Verdict
)

// The statuses of an Answer.
const (
	Proved   = generate.Proved
	Assumed  = generate.Assumed
	Question = generate.Asking
)

// The kinds of policies that words can ask for.
const (
	IdentityBased       = policy.IdentityBased
	Trust               = policy.Trust
	ResourceBased       = policy.ResourceBased
	ServiceControl      = policy.ServiceControl
	ResourceControl     = policy.ResourceControl
	PermissionsBoundary = policy.PermissionsBoundary
)

// The outcomes of a Request.
const (
	ImplicitDeny = evaluate.ImplicitDeny
	ExplicitDeny = evaluate.ExplicitDeny
	Allowed      = evaluate.Allowed
)

// The verdicts of a comparison, each way.
const (
	NoDifference = compare.Proved
	Different    = compare.Counterexample
	Undecided    = compare.Unknown
)

// The errors of Generate and Follow.
var (
	ErrEmpty    = generate.ErrEmpty
	ErrTooLong  = generate.ErrTooLong
	ErrEncoding = generate.ErrEncoding
)

// program is made once: it only reads what the program carries.
var program = sync.OnceValue(func() *app.App { return app.New(catalog.Default()) })

// An Option says what is known of a request beside its words.
type Option func(*generate.Request)

// OfKind asks for a kind of policy. Without it the words tell.
func OfKind(k Kind) Option { return func(r *generate.Request) { r.Kind = k } }

// InAccount names the account of the resources, unless the words name another.
func InAccount(id string) Option { return func(r *generate.Request) { r.Account = id } }

// InRegion names the region of the resources, unless the words name another.
func InRegion(name string) Option { return func(r *generate.Request) { r.Region = name } }

// InPartition names the partition of the resources; without it, it is aws.
func InPartition(name string) Option { return func(r *generate.Request) { r.Partition = name } }

// Within asks for a proof that the policy allows nothing that another document does not, such as a
// permissions boundary; the name is for messages. The field Within of the Answer says what came of it.
func Within(name string, d *Document) Option {
	return func(r *generate.Request) { r.Within = append(r.Within, generate.Ceiling{Name: name, Document: d}) }
}

// Generate writes the policy that words ask for. The error wraps ErrEmpty, ErrTooLong or
// ErrEncoding, or is that of the context; words that cannot be understood are no error but an
// Answer whose Status is Question.
func Generate(ctx context.Context, words string, options ...Option) (Answer, error) {
	return program().Generate(ctx, requestOf(words, options))
}

func requestOf(words string, options []Option) generate.Request {
	r := generate.Request{Words: words}
	for _, o := range options {
		o(&r)
	}
	return r
}

// A Conversation is a policy that is made in several turns. The zero Conversation is one that
// has not begun.
type Conversation struct {
	talk app.Talk
}

// Follow answers one more turn: the first is a request, later ones change what is wanted. The
// conversation that is given stays as it is, so that it can be gone back to. The options are to
// be the same in all turns. The errors are those of Generate.
func (c Conversation) Follow(ctx context.Context, words string, options ...Option) (Conversation, Answer, error) {
	next, err := program().Chat(ctx, c.talk, requestOf(words, options))
	if err != nil {
		return c, Answer{}, err
	}
	return Conversation{next}, *next.Answer, nil
}

// Parse reads a policy document. The error is a *SyntaxError with the place.
func Parse(data []byte) (*Document, error) { return policy.Parse(data) }

// A SyntaxError says where a text stops being a policy.
type SyntaxError = policy.SyntaxError

// Explain says in English what a document does as a policy of a kind.
func Explain(d *Document, kind Kind) Explanation { return program().Explain(d, kind, true) }

// KindOf tells the kind of a document from its elements: trust, resource-based or identity-based.
func KindOf(d *Document) Kind { return policy.KindOf(d) }

// Evaluate decides a request by documents of one layer, each read as the kind that KindOf tells,
// and says why. The error says which document cannot be evaluated.
func Evaluate(r Request, documents ...*Document) (DecisionExplanation, error) {
	return app.Evaluate(r, "", documents...)
}

// Lint returns what is wrong with a text that is meant to be a policy of a kind, in the order of
// the text; without a kind its elements tell. A text that is no policy is a finding.
func Lint(text []byte, kind Kind) []Finding { return program().Lint(string(text), kind) }

// Score says how much a document risks as a policy of a kind, without a kind as what its elements
// tell. The error says which statement has no meaning. Accounts are one's own: without any, the
// controls about other accounts are not assessed.
func Score(d *Document, kind Kind, accounts ...string) (ScoreReport, error) {
	return program().Score(kind, accounts, d)
}

// ScoreRole says how much the permissions of a role risk together, its trust policy, and both.
// Trust may be nil. The error and the accounts are those of Score.
func ScoreRole(trust *Document, permissions []*Document, accounts ...string) (RoleScore, error) {
	return program().ScoreRole(accounts, trust, permissions...)
}

// Comply holds a text, a policy of a kind or of the one that its elements tell, to frameworks: "fsbp",
// "cis", "cis-5.0.0", "nist" and so on, or "all". The accounts are one's own: without them, controls
// on other accounts are not assessable. The error is a *SyntaxError, says which statement has no
// meaning, or that there is no such framework.
func Comply(text []byte, kind Kind, accounts []string, frameworks ...string) (*ComplianceReport, error) {
	list, err := comply.Select(frameworks)
	if err != nil {
		return nil, err
	}
	return program().Comply(string(text), kind, accounts, list)
}

// Validate says all that is known of a text, a policy of a kind or of the one that its elements tell: its
// score, what Lint finds, what frameworks come to, and what it allows that a reference does not, if
// there is one. A text that is no policy has findings, and says so in Broken. Accounts and frameworks
// are those of Comply, and so is the error about a framework.
func Validate(text []byte, kind Kind, accounts []string, reference *Document, frameworks ...string) (Validation, error) {
	list, err := comply.Select(frameworks)
	if err != nil {
		return Validation{}, err
	}
	return program().Validate(app.LintText{Text: string(text), Kind: kind}, accounts, list, reference), nil
}

// Compare says which access is gained and lost where one document takes the place of another. The
// error says that they are of different kinds, or which statement cannot be read.
func Compare(before, after *Document) (Comparison, error) {
	return program().Compare(before, after, app.Scope{}, 0)
}

// Minimize returns a document that allows the same, also for actions that AWS may add, and from
// which nothing can be taken away, as far as that can be tried in some seconds. The error says
// which statement of d cannot be read.
func Minimize(d *Document) (*Document, error) {
	smaller, _, err := program().Minimize(d, app.Scope{Options: compare.Options{Open: true}})
	return smaller, err
}

// ParseScenario reads a scenario, JSON or YAML. The file names it in errors; open reads the files
// that it names.
func ParseScenario(file string, data []byte, open func(path string) ([]byte, error)) (*Scenario, error) {
	return scenario.Parse(file, data, open)
}

// Authorize decides a request in a scenario by all layers. The error says what the scenario does
// not have.
func Authorize(s *Scenario, q Query) (Ruling, error) { return app.Authorize(s, q) }
