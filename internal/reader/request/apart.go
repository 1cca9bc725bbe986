package request

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A part is a sentence that stands for itself, with its own reading.
type part struct {
	start, end int // bytes of the text
	rd         *Reading
	in         intent.Intent
}

// readApart reads a request whose sentences each ask for something of their own sentence by
// sentence, so that what one names, a region, a tag, a service, does not reach the others. It
// reports false, and reads nothing, if some sentence leans on another one.
func (rd *Reading) readApart() bool {
	if rd.Recall != nil || rd.Out.Kind != policy.IdentityBased {
		return false
	}
	parts := rd.parts()
	if len(parts) < 2 {
		return false
	}
	for i := range parts {
		if !rd.readPart(&parts[i], rd.Options.Account) {
			return false
		}
	}
	for i := range parts {
		if leans(parts, i) {
			return false
		}
	}
	if !rd.shareAccount(parts) {
		return false
	}
	rd.join(parts)
	return true
}

// parts returns the sentences of the request, or nothing unless each begins with what is done and
// points at nothing outside itself.
func (rd *Reading) parts() []part {
	var out []part
	for n := 0; n < len(rd.Clauses); {
		m, from := n, rd.Clauses[n].From
		for m+1 < len(rd.Clauses) && rd.Clauses[m+1].Sentence == rd.Clauses[n].Sentence {
			m++
		}
		to := rd.Clauses[m].To
		if !rd.standsAlone(n, m) || to < len(rd.Tokens) && !rd.Punct(to, ".\n") {
			return nil
		}
		p := part{end: len(rd.Text)}
		for from > 0 && !rd.Punct(from-1, ".\n") {
			from-- // the mark of a list item
		}
		if from > 0 {
			p.start = rd.Tokens[from-1].End
		}
		if to < len(rd.Tokens) {
			p.end = rd.Tokens[to].Start
		}
		out = append(out, p)
		n = m + 1
	}
	return out
}

// standsAlone says that the sentence of the clauses from n to m begins with a verb or a level of
// access, and that no word of it points at another sentence.
func (rd *Reading) standsAlone(n, m int) bool {
	first := rd.Clauses[n]
	if first.Negative || first.Closer || first.Remark || first.Effect == policy.Deny {
		return false
	}
	i := first.From
	for rd.Word(i, "also", "then", "and", "plus", "additionally", "finally", "please") {
		i++
	}
	if i >= first.To || !rd.IsVerbHere(i) && !rd.Word(i, "full", "complete", "read-only", "readonly") {
		return false
	}
	named := false
	for _, c := range rd.Clauses[n : m+1] {
		for i := c.From; i < c.To; i++ {
			switch {
			case rd.Is("pointing", i), !named && rd.Is("pointback", i):
				return false
			}
			named = named || rd.LinkAt[i] >= 0 || rd.IsThing(i)
		}
	}
	return true
}

// readPart reads a sentence by itself. It reports whether everything in it was understood and holds
// for it alone.
func (rd *Reading) readPart(p *part, account string) bool {
	o := rd.Options
	o.Kind, o.Account = policy.IdentityBased, account
	p.rd = New(rd.Library, rd.Text[p.start:p.end], o)
	p.rd.Read()
	p.in = p.rd.Finish()
	if len(p.in.Grants) == 0 || len(p.in.Questions) > 0 || p.in.Partition != rd.Options.Partition || len(p.rd.Accounts) > 1 {
		return false
	}
	return !slices.ContainsFunc(p.in.Words, func(w intent.Word) bool { return w.Use == intent.Unread }) &&
		!slices.ContainsFunc(p.in.Grants, func(g intent.Grant) bool { return g.Effect == policy.Deny })
}

// leans says that a sentence may speak of what another one names: of its resources, where it names
// none of the same service itself, or of its service, where its own words could mean it.
func leans(parts []part, i int) bool {
	p := parts[i]
	open := map[string]bool{}
	for _, g := range p.in.Grants {
		if named(g) || p.rd.all() {
			continue
		}
		for _, a := range g.Actions {
			prefix, _, _ := strings.Cut(a.Name, ":")
			open[prefix] = open[prefix] || a.Span != (intent.Span{}) && !strings.HasPrefix(a.Because, "access level") && !strings.HasPrefix(a.Because, "full access")
		}
	}
	strong := p.rd.Strong()
	for j, other := range parts {
		if j == i {
			continue
		}
		for _, g := range other.in.Grants {
			for _, a := range g.Actions {
				prefix, _, _ := strings.Cut(a.Name, ":")
				if open[prefix] && named(g) {
					return true
				}
			}
		}
		if len(strong) == 0 && p.rd.couldMean(other.rd.Strong()) {
			return true
		}
	}
	return false
}

// named says that a grant is about resources that the words name.
func named(g intent.Grant) bool {
	return slices.ContainsFunc(g.Targets, func(t intent.Target) bool { return t.ARN != "" || len(t.Vars) > 0 })
}

// all says that the words mean all things of their kind.
func (rd *Reading) all() bool {
	return slices.ContainsFunc(rd.Tokens, func(t token.Token) bool {
		return t.Kind == token.Word && (t.Lower == "all" || t.Lower == "any" || t.Lower == "every" || t.Lower == "each")
	})
}

// couldMean says that a noun of the words is one that some of the services know too, unless it is
// another service's by default: an instance is one of EC2.
func (rd *Reading) couldMean(services map[string]bool) bool {
	for _, l := range rd.Links {
		usual := false
		for _, e := range l.Entries {
			if e.Kind == lexicon.Noun && services[e.Service] {
				return true
			}
			usual = usual || rd.Lexicon.Is("default", strings.Join(e.Words, "-")+"="+e.Service)
		}
		for s := range services {
			if b := rd.Book(s); b != nil && !usual && b.Vocab[rd.Tokens[l.To-1].Stem] {
				return true
			}
		}
	}
	return false
}

// shareAccount lets the only account that the sentences name hold for all of them: a policy is about
// one account as a rule. It reports whether the sentences are still understood.
func (rd *Reading) shareAccount(parts []part) bool {
	account := rd.Options.Account
	for _, p := range parts {
		if p.in.Account == "" || p.in.Account == account {
			continue
		}
		if account != rd.Options.Account {
			return false
		}
		account = p.in.Account
	}
	for i := range parts {
		if parts[i].in.Account != account && !rd.readPart(&parts[i], account) {
			return false
		}
	}
	rd.Out.Account = account
	return true
}

// join puts what the sentences ask for together. A region that not all of them name goes to the
// resources of those that do.
func (rd *Reading) join(parts []part) {
	region := parts[0].in.Region
	for _, p := range parts {
		if p.in.Region != region {
			region = rd.Options.Region
		}
	}
	rd.Out.Region = region
	for _, p := range parts {
		in := p.in
		in.EachSpan(func(s *intent.Span) {
			if *s != (intent.Span{}) {
				s.Start, s.End = s.Start+p.start, s.End+p.start
			}
		})
		for i := range in.Grants {
			if in.Region != region {
				rd.placeIn(&in.Grants[i], in.Region)
			}
		}
		rd.Out.Grants = append(rd.Out.Grants, in.Grants...)
		rd.Out.Words = append(rd.Out.Words, in.Words...)
		for _, a := range in.Assumed {
			rd.Assume(a.Material, a.Span, a.Text)
		}
	}
	rd.finished = true
}

// placeIn puts the resources of a grant into a region: those that the words name, and what its
// actions need besides.
func (rd *Reading) placeIn(g *intent.Grant, region string) {
	for _, rt := range rd.needed(*g) {
		if !slices.ContainsFunc(g.Targets, func(t intent.Target) bool { return t.ARN != "" || rd.Fits(t, rt) }) {
			g.Targets = append(g.Targets, intent.Target{Service: rt.Service, Type: rt.Name, Vars: map[string]string{}, Span: g.Span})
		}
	}
	for i := range g.Targets {
		if t := &g.Targets[i]; t.ARN == "" && t.Region == "" {
			t.Region = region
		}
	}
}

// needed are the resource types that the actions of a grant require, or their only one.
func (rd *Reading) needed(g intent.Grant) []*catalog.ResourceType {
	var out []*catalog.ResourceType
	for _, a := range g.Actions {
		ca, ok := rd.Catalog.Action(a.Name)
		if !ok {
			continue
		}
		for _, r := range ca.Resources {
			if r.Required || len(ca.Resources) == 1 {
				out = append(out, r.Type)
			}
		}
	}
	return out
}
