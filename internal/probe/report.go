package probe

import (
	"context"
	"fmt"
	"io"
	"sort"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Proved is the Status of an answer whose writer vouches for it.
const Proved = "proved"

// An Answer is the policy that was written for one turn. A nil Policy is an answer without
// one, such as a question back.
type Answer struct {
	Policy *policy.Document
	Status string // Proved, or another word that the report counts by
}

// A Generate writes the policies of a case: one answer a turn.
type Generate func(context.Context, Case) ([]Answer, error)

// A Verdict is the outcome of one turn.
type Verdict struct {
	Case   string      `json:"case"`
	Turn   int         `json:"turn"` // from 1
	Kind   policy.Kind `json:"kind"`
	Tags   []string    `json:"tags,omitempty"`
	Status string      `json:"status,omitempty"`
	Exact  bool        `json:"exact"`
	Known  bool        `json:"known"` // every action of the policy exists
	Misses []string    `json:"misses,omitempty"`
	Error  string      `json:"error,omitempty"` // why there is no answer at all
}

// A Tally counts turns.
type Tally struct {
	Name        string  `json:"name,omitempty"`
	Turns       int     `json:"turns"`
	Exact       int     `json:"exact"`
	ExactRate   float64 `json:"exactRate"`
	RightProved int     `json:"rightProved"` // exact, and the answer says proved
	WrongProved int     `json:"wrongProved"` // not exact, although the answer says proved
	Known       int     `json:"known"`       // all actions exist
}

// A Report is how well policies were written for the cases of a set. The shares of proved
// answers are of all turns.
type Report struct {
	All           Tally          `json:"all"`
	RightProved   float64        `json:"rightProvedRate"`
	WrongProved   float64        `json:"wrongProvedRate"`
	Known         float64        `json:"knownRate"`
	Conversations Tally          `json:"conversations"` // exact: every turn of it is
	Kinds         []Tally        `json:"byKind"`
	Tags          []Tally        `json:"byTag"`
	Statuses      map[string]int `json:"byStatus"`
	Verdicts      []Verdict      `json:"verdicts"`
}

// Run has policies written for all cases, in their order, and judges them. It ends early with
// the error of a context that ends; an error of generate for one case counts against the case.
func Run(ctx context.Context, cases []Case, c *catalog.Catalog, generate Generate) (*Report, error) {
	r := &Report{Statuses: map[string]int{}}
	kinds, tags := map[string]*Tally{}, map[string]*Tally{}
	for _, one := range cases {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		answers, err := generate(ctx, one)
		exact := true
		for turn := range one.Turns {
			v := verdict(one, turn, answers, err, c)
			exact = exact && v.Exact
			r.Verdicts = append(r.Verdicts, v)
			r.Statuses[v.Status]++
			r.All.count(v)
			tally(kinds, string(v.Kind)).count(v)
			for _, tag := range one.Tags {
				tally(tags, tag).count(v)
			}
		}
		if len(one.Turns) > 1 {
			r.Conversations.count(Verdict{Exact: exact})
		}
	}
	r.Kinds, r.Tags = sorted(kinds), sorted(tags)
	r.RightProved = share(r.All.RightProved, r.All.Turns)
	r.WrongProved = share(r.All.WrongProved, r.All.Turns)
	r.Known = share(r.All.Known, r.All.Turns)
	return r, nil
}

func verdict(c Case, turn int, answers []Answer, err error, cat *catalog.Catalog) Verdict {
	v := Verdict{Case: c.ID, Turn: turn + 1, Kind: c.KindOf(turn), Tags: c.Tags}
	if err != nil {
		v.Error = err.Error()
		return v
	}
	if turn >= len(answers) {
		v.Error = "no answer to this turn"
		return v
	}
	a := answers[turn]
	v.Status = a.Status
	for _, m := range c.Judge(turn, a.Policy) {
		v.Misses = append(v.Misses, m.String())
	}
	v.Exact = len(v.Misses) == 0
	v.Known = a.Policy != nil && len(unknown(a.Policy, cat)) == 0
	return v
}

// unknown returns the actions and patterns of a document that stand for no action at all.
func unknown(doc *policy.Document, c *catalog.Catalog) []string {
	var out []string
	for i := range doc.Statements {
		for _, list := range [][]policy.Text{doc.Statements[i].Actions, doc.Statements[i].NotActions} {
			for _, a := range list {
				if a.Text != "*" && len(c.Expand(a.Text)) == 0 {
					out = append(out, a.Text)
				}
			}
		}
	}
	return out
}

func (t *Tally) count(v Verdict) {
	t.Turns++
	if v.Known {
		t.Known++
	}
	switch {
	case v.Exact && v.Status == Proved:
		t.RightProved++
	case v.Status == Proved:
		t.WrongProved++
	}
	if v.Exact {
		t.Exact++
	}
	t.ExactRate = share(t.Exact, t.Turns)
}

func tally(m map[string]*Tally, name string) *Tally {
	if m[name] == nil {
		m[name] = &Tally{Name: name}
	}
	return m[name]
}

func sorted(m map[string]*Tally) []Tally {
	out := make([]Tally, 0, len(m))
	for _, t := range m {
		out = append(out, *t)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Turns != out[j].Turns {
			return out[i].Turns > out[j].Turns
		}
		return out[i].Name < out[j].Name
	})
	return out
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// WriteJSON writes the whole report, verdicts included.
func (r *Report) WriteJSON(w io.Writer) error {
	return plainjson.WriteIndented(w, r)
}

// tagLines is how many tags the text of a report lists.
const tagLines = 20

// WriteText writes the numbers of the report as a table and, if misses are wanted, every
// turn that is not exact with what is wrong.
func (r *Report) WriteText(w io.Writer, misses bool) error {
	p := &printer{w: w}
	p.printf("%-24s %6s %8s %13s %13s %7s\n", "", "turns", "exact", "right+proved", "wrong+proved", "known")
	p.row("all", r.All)
	if r.Conversations.Turns > 0 {
		p.printf("%-24s %6d %7.1f%%\n", "whole conversations", r.Conversations.Turns, 100*r.Conversations.ExactRate)
	}
	for _, t := range r.Kinds {
		p.row("kind "+t.Name, t)
	}
	for i, t := range r.Tags {
		if i == tagLines {
			p.printf("%d more tags\n", len(r.Tags)-tagLines)
			break
		}
		p.row("tag "+t.Name, t)
	}
	if misses {
		for i := range r.Verdicts {
			p.verdict(&r.Verdicts[i])
		}
	}
	return p.err
}

// A printer keeps the first error of several writes.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) row(name string, t Tally) {
	p.printf("%-24s %6d %7.1f%% %12.1f%% %12.1f%% %6.1f%%\n", name, t.Turns, 100*t.ExactRate,
		100*share(t.RightProved, t.Turns), 100*share(t.WrongProved, t.Turns), 100*share(t.Known, t.Turns))
}

func (p *printer) verdict(v *Verdict) {
	if v.Exact {
		return
	}
	p.printf("\n%s turn %d %s\n", v.Case, v.Turn, v.Status)
	if v.Error != "" {
		p.printf("  %s\n", v.Error)
	}
	for _, m := range v.Misses {
		p.printf("  %s\n", m)
	}
}
