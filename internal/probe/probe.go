// Package probe measures whether policies give exactly the access that requests asked for. A
// case is a request, or a conversation of several, with probes: concrete requests to AWS that
// the policy written for the words must allow or must deny. A policy is exact if its form is
// right for its kind and every probe of the case comes out as it should. How the policy is
// worded plays no part.
//
// Cases are read from two formats. JSONL holds one JSON object a line. The format of this
// project, in files whose names end in .probes, is made for writing by hand; one case is a
// group of lines, and blank lines separate the groups:
//
//	case archive-read
//	kind identity
//	tags s3 prefix
//	words download from bucket game-replays
//	allow s3:GetObject arn:aws:s3:::game-replays/season-9/a.bin
//	deny s3:PutObject arn:aws:s3:::game-replays/season-9/a.bin
//	gold [{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::game-replays/*"}]
//
// The page docs/probes.md describes every line. A request has context keys that nearly all
// requests have, so that a probe names only the keys that matter to it; the function that
// fills them in is the reference for the list.
package probe

import (
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Case is a request, or a conversation of several requests, with what must come of it.
type Case struct {
	ID         string
	Kind       policy.Kind
	Difficulty string // of JSONL sets; may be empty
	Tags       []string
	Optional   []string // actions that are neither wanted nor forbidden
	Turns      []Turn   // at least one
	File       string   // the name given to Load
	Line       int      // where the case starts, from 1
}

// A Turn is one request of a case with the probes that judge the whole policy after it.
type Turn struct {
	Words    string
	Kind     policy.Kind      // empty: the case's
	Baseline bool             // the probes run beside a policy that allows everything
	Probes   []Probe          // in the order of the file
	Gold     *policy.Document // a policy that is right; nil if the set has none
	Line     int
}

// A Probe is a request to AWS with the outcome that it must have.
type Probe struct {
	Allow     bool // what must come out: allowed, or denied
	Action    string
	Resource  string             // an ARN; "*" for actions without resources, empty in trust cases
	Principal evaluate.Principal // zero: the principal that the policy is attached to
	Context   evaluate.Context   // in addition to the defaults, and instead of them
	Absent    []string           // keys that the request lacks although they have a default
	Alone     bool               // runs without the baseline of its turn
	Line      int
}

// KindOf returns the kind of policy that a turn of the case asks for.
func (c Case) KindOf(turn int) policy.Kind {
	if k := c.Turns[turn].Kind; k != "" {
		return k
	}
	return c.Kind
}
