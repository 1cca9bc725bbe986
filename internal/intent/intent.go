// Package intent holds what is wanted, before any document is written: the typed reading of
// a request that every reader (words, a form, a language model) produces and that the
// compiler turns into policies. An intent is data; nothing in it can widen by itself.
package intent

import "github.com/aegis-iam/aegis/internal/policy"

// An Intent is everything that one request, or one conversation so far, asks for.
type Intent struct {
	Kind      policy.Kind `json:"kind"`
	Partition string      `json:"partition,omitempty"` // aws when empty
	Account   string      `json:"account,omitempty"`   // account of the resources; empty: left open
	Region    string      `json:"region,omitempty"`    // region of the resources; empty: left open

	Grants    []Grant      `json:"grants"`
	Assumed   []Assumption `json:"assumed,omitempty"`
	Questions []Question   `json:"questions,omitempty"`
	Words     []Word       `json:"words,omitempty"` // the ledger: every content word of the request
}

// A Span is a half-open range of bytes in the text of a turn (turns count from 0). The zero
// Span means that no words stand behind a thing.
type Span struct {
	Turn  int `json:"turn,omitempty"`
	Start int `json:"start"`
	End   int `json:"end"`
}

// A Grant is one thing that is asked: these actions on these targets under these constraints,
// or, with Effect Deny, taken away from whoever else would grant them.
type Grant struct {
	Effect     policy.Effect `json:"effect"`
	Principals []Principal   `json:"principals,omitempty"` // trust and resource-based documents only
	Actions    []Action      `json:"actions"`
	NotActions []string      `json:"notActions,omitempty"` // instead of Actions: every action but these patterns
	Targets    []Target      `json:"targets,omitempty"`    // empty: whatever the actions' resource types are, unnamed
	Except     []Target      `json:"except,omitempty"`     // targets taken out again
	Where      []Constraint  `json:"where,omitempty"`      // all of them must hold for the grant to apply
	Unless     []Constraint  `json:"unless,omitempty"`     // Deny only: the Deny does not apply if any of them holds
	Span       Span          `json:"span"`
}

// An Action is an IAM action or pattern with the reason why it is granted.
type Action struct {
	Name    string   `json:"name"`              // "s3:GetObject", or a pattern such as "iam:Get*"
	On      []string `json:"on,omitempty"`      // resource types of the catalog it is limited to; "*": no resource
	Because string   `json:"because,omitempty"` // the rule: a task, a derived name, a companion
	Span    Span     `json:"span"`              // the words that asked for it; zero for companions
	Wide    bool     `json:"wide,omitempty"`    // from an access level or bundle, so an exclusion may take it out
}

// A Target is one resource, or a pattern of resources, that the words name. It binds the
// variables of the service's ARN formats; the compiler fills what is left open.
type Target struct {
	ARN     string            `json:"arn,omitempty"`     // a whole ARN or pattern, used as it stands
	Service string            `json:"service,omitempty"` // service prefix
	Type    string            `json:"type,omitempty"`    // resource type of the catalog
	Vars    map[string]string `json:"vars,omitempty"`    // ARN variables by name, without ${}
	Account string            `json:"account,omitempty"` // instead of the intent's
	Region  string            `json:"region,omitempty"`  // instead of the intent's
	Span    Span              `json:"span"`
}

// A Test says how a constraint compares its key with its values.
type Test string

// The tests of a constraint. The compiler chooses the operator by the type of the key.
const (
	Is             Test = ""        // one of the values: equal, like, within the network
	IsNot          Test = "not"     // none of the values
	Less           Test = "less"    // numbers and dates, values[0]
	LessOrEqual    Test = "atMost"  // numbers and dates, values[0]
	Greater        Test = "greater" // numbers and dates, values[0]
	GreaterOrEqual Test = "atLeast" // numbers and dates, values[0]
	Exists         Test = "exists"  // the key is in the request
	Absent         Test = "absent"  // the key is not in the request
)

// A Set says how a constraint treats a key with several values.
type Set string

// The set qualifiers of IAM.
const (
	Single Set = ""
	Any    Set = "any" // ForAnyValue
	All    Set = "all" // ForAllValues, always compiled so that an absent key does not pass an Allow
)

// A Constraint is a positive statement about the request: "the source address is one of …".
type Constraint struct {
	Key      string   `json:"key"`
	Test     Test     `json:"test,omitempty"`
	Values   []string `json:"values,omitempty"`
	Set      Set      `json:"set,omitempty"`
	Optional bool     `json:"optional,omitempty"` // holds as well when the key is absent
	Actions  []string `json:"actions,omitempty"`  // limited to these actions of the grant; empty: all
	Span     Span     `json:"span"`
}

// A Principal is who a trust or resource-based grant speaks about.
type Principal struct {
	Type string `json:"type"` // AWS, Service, Federated, CanonicalUser; "*" for anyone
	ID   string `json:"id,omitempty"`
	Span Span   `json:"span"`
}

// An Assumption is what the words left open and how it was closed. Material ones make an
// answer "assumed"; the others (account, region, partition left open) do not.
type Assumption struct {
	Text     string `json:"text"`
	Material bool   `json:"material,omitempty"`
	Span     Span   `json:"span"`
}

// A Question is what must not be guessed.
type Question struct {
	Text    string   `json:"text"`
	Choices []string `json:"choices,omitempty"`
	Span    Span     `json:"span"`
}

// A Use says what became of a word of the request.
type Use string

// The uses of a word.
const (
	Used    Use = "used"    // it put something into the intent
	Context Use = "context" // it says who or why; it has no effect by design
	Unread  Use = "unread"  // it had no effect although it might have meant something
)

// A Word is an entry of the ledger.
type Word struct {
	Text string `json:"text"`
	Use  Use    `json:"use"`
	Note string `json:"note,omitempty"`
	Span Span   `json:"span"`
}
