package guard

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// split cuts the request into clauses anew: in a guard a negation carries the meaning, so that
// brackets stay with their clause and only what has a mode of its own stands apart.
func (g *guarding) split() {
	g.Clauses, g.modes = nil, nil
	number, from := 0, 0
	inherited, after := guardContext, guardContext
	flush := func(to int) {
		if to > from {
			mode := g.mode(from, to)
			if after != guardContext {
				mode, after = after, guardContext
			}
			if mode == guardContext && inherited != guardContext {
				mode = inherited
			}
			g.Clauses = append(g.Clauses, sentence.Clause{From: from, To: to, Sentence: number, Effect: policy.Deny, Negative: mode == guardForbid || mode == guardOblige})
			g.modes = append(g.modes, mode)
		}
		from = to
	}
	for i := 0; i < len(g.Tokens); i++ {
		switch {
		case g.Punct(i, ".\n"):
			flush(i)
			from = i + 1
			number++
			if !g.Punct(i, "\n") {
				inherited = guardContext
			}
		case g.Punct(i, ":") && !g.inBrackets(i), g.Punct(i, "-"):
			flush(i)
			if n := len(g.modes); n > 0 && g.Punct(i, ":") && !g.hasObjects(g.Clauses[n-1]) {
				inherited = g.modes[n-1]
			}
			from = i + 1
		case g.Punct(i, "(") && g.asideMode(i) == guardExempt, g.Punct(i, ")") && from > 0 && g.Punct(from-1, "("):
			flush(i)
			from = i + 1
		case i > from && g.opens(i, from):
			flush(i)
		case g.goesOn(i, from):
			flush(i)
			after = guardForbid
		}
	}
	flush(len(g.Tokens))
	g.closers()
	g.defaultMode()
	g.relocate()
}

// goesOn says that at i, behind "nobody except X", the sentence goes on with what nobody may do.
func (g *guarding) goesOn(i, from int) bool {
	n := len(g.Clauses) - 1
	return i > from+1 && n >= 0 && g.Clauses[n].To == from && g.modes[n] == guardForbid && g.exceptionAt(from) && g.Is("modal", i) &&
		(g.inClause(n, "nobody", "noone", "none") || g.inClause(n, "no") && g.inClause(n, "one")) && !g.guardsByVerb(n)
}

// closers: "s3 and sqs, nothing else" allows what stands before it and forbids the rest.
func (g *guarding) closers() {
	for n := range g.modes {
		if n > 0 && g.forbids(n) && g.GrantsNothing(g.Clauses[n]) {
			g.modes[n], g.Clauses[n].Negative = guardContext, false
		}
		if g.modes[n] != guardForbid || !g.onlyCloses(n) || n == 0 || g.Clauses[n-1].Sentence != g.Clauses[n].Sentence {
			continue
		}
		g.modes[n], g.Clauses[n].Negative = guardContext, false
		if g.modes[n-1] == guardContext || g.modes[n-1] == guardPermit {
			g.modes[n-1], g.Clauses[n-1].Negative = guardOblige, true
			g.bounds = append(g.bounds, n-1)
		}
	}
}

// defaultMode: a request for a guard in which nothing says how names what it forbids.
func (g *guarding) defaultMode() {
	for n := range g.modes {
		if g.forbids(n) {
			return
		}
	}
	if g.Out.Kind == policy.PermissionsBoundary {
		return
	}
	for n, m := range g.modes {
		switch m {
		case guardPermit:
			g.modes[n] = guardOblige
			g.bounds = append(g.bounds, n)
		case guardContext:
			g.modes[n] = guardForbid
		}
		g.Clauses[n].Negative = g.forbids(n)
	}
}

// relocate finds the new clauses of the conditions.
func (g *guarding) relocate() {
	for k := range g.Where {
		g.Where[k].Clause = -1
		for i, t := range g.Tokens {
			if t.Start >= g.Where[k].Span.Start && t.End <= g.Where[k].Span.End && t.Text != "" {
				g.Where[k].Clause = g.ClauseOf(i)
				break
			}
		}
	}
}

func (g *guarding) hasObjects(c sentence.Clause) bool {
	for i := c.From; i < c.To; i++ {
		if g.objectWord(i) {
			return true
		}
	}
	return false
}

// objectWord says that a token may name what a guard is about.
func (g *guarding) objectWord(i int) bool {
	if g.IsThing(i) {
		return true
	}
	if !g.IsContent(i) {
		return false
	}
	for _, list := range []string{"generic", "forbid", "negation", "oblige", "permit", "exempt", "newly"} {
		if list == "generic" && (g.ruled(i) || g.LinkAt[i] >= 0 && i+1 < len(g.Tokens) && g.nominalAt(i+1) && hasNounEnding(g.lowerAt(i+1))) {
			continue
		}
		if g.listed(list, i) && !(list == "forbid" && !g.marks(i)) && !(g.LinkAt[i] >= 0 && list == "generic" && g.namesService(i)) {
			return false
		}
	}
	return true
}

func (g *guarding) inBrackets(i int) bool {
	for j := i; j >= 0 && j > i-20; j-- {
		if g.Punct(j, ")") {
			return false
		}
		if g.Punct(j, "(") {
			return true
		}
	}
	return false
}

// asideMode is the mode of what stands in brackets that open at i.
func (g *guarding) asideMode(i int) guardMode {
	end := i + 1
	for end < len(g.Tokens) && !g.Punct(end, ")") {
		end++
	}
	return g.mode(i+1, end)
}

// opens says whether a clause with a mode of its own begins at i.
func (g *guarding) opens(i, from int) bool {
	if g.exceptionAt(i) {
		return true
	}
	next := i
	if g.Punct(i, ",") {
		next++
	}
	joined := false
	for g.Word(next, "and", "or", "but", "also", "then", "plus", "while", "please", "so", "yet", "however", "though", "whereas") {
		joined = joined || next > i || g.Word(next, "and", "but", "while", "yet", "plus")
		next++
	}
	if next == i || next >= len(g.Tokens) {
		return false
	}
	switch {
	case g.listed("negation", next) && !g.Word(next, "without", "nor") && !g.Tokens[next].Taken, g.marks(next), g.Word(next, "only", "require", "enforce", "leave", "let", "allow", "keep", "just") && !g.Tokens[next].Taken:
		return true
	}
	return g.ownRule(next, from, i) || g.exemptUntilMark(next) && g.mode(from, i) != guardContext
}

// ownRule: "X must be tagged and Y must be encrypted": both halves have a modal, and the second
// has it soon or stands in contrast to the first.
func (g *guarding) ownRule(next, from, to int) bool {
	if to-from < 3 || !g.bids(from, to) {
		return false
	}
	reach := next + 5
	if g.Word(next-1, "however", "but", "though", "whereas", "while", "yet") {
		reach = next + 15
	}
	for j := next + 1; j < reach && j < len(g.Tokens) && g.Tokens[j].Kind != token.Punct; j++ {
		if g.Word(j, "must", "cannot", "cant", "mustnt", "may", "can", "needs", "stays", "stay", "remains", "remain", "not", "never") && !g.Word(j-1, "that", "who", "which", "what") {
			return true
		}
	}
	return false
}

// bids says that the words say what may or must be, or what may not.
func (g *guarding) bids(from, to int) bool {
	for i := from; i < to; i++ {
		if g.Is("modal", i) || g.listed("negation", i) || g.listed("forbid", i) || g.listed("oblige", i) {
			return true
		}
	}
	return false
}

func (g *guarding) exemptUntilMark(i int) bool {
	for ; i < len(g.Tokens) && g.Tokens[i].Kind != token.Punct; i++ {
		if g.sparesAt(i, i) {
			return true
		}
	}
	return false
}

// exceptionAt says that words such as "except" or "apart from" stand at i.
func (g *guarding) exceptionAt(i int) bool {
	if g.Tokens[i].Taken {
		return false
	}
	switch {
	case g.Word(i, "except", "excepting", "unless", "excluding", "besides", "barring", "minus"):
		return true
	case g.Word(i, "apart", "aside") && g.Word(i+1, "from"), g.Word(i, "other", "rather") && g.Word(i+1, "than"), g.Word(i, "save") && g.Word(i+1, "for"),
		g.Word(i, "with") && (g.Word(i+1, "exception") || g.Word(i+2, "exception", "exceptions")):
		return true
	case g.Word(i, "but"):
		return g.Word(i-1, "all", "everyone", "everybody", "anyone", "anybody", "everything", "anything", "nothing", "nobody", "noone", "none", "one", "any") || g.Word(i+1, "not") && g.Word(i+2, "for", "when", "if", "by", "the") || g.Word(i+1, "for") && !g.Word(i-1, "not")
	}
	return false
}

// marks says that token i says by itself that something is forbidden.
func (g *guarding) marks(i int) bool {
	if !g.listed("forbid", i) && !(g.Word(i, "stop", "stops", "keep", "keeps", "keeping") && g.stopsFrom(i)) {
		return false
	}
	switch {
	case g.Tokens[i].Taken && g.Tokens[i].Role != "what is forbidden":
		return false
	case g.Word(i, "block", "blocks", "blocking"):
		return !g.Word(i-1, "access", "cidr", "public", "address", "ip") && !g.Word(i+1, "public", "device", "storage", "size") || g.Word(i+1, "public") && !g.Word(i+2, "access")
	case g.Word(i-1, "otherwise", "else"), g.Word(i-2, "otherwise", "else") && g.Is("auxiliary", i-1):
		return false
	}
	return true
}

// stopsFrom: "stop people from deleting", "keep anyone from".
func (g *guarding) stopsFrom(i int) bool {
	for j := i + 1; j < i+12 && j < len(g.Tokens); j++ {
		if g.Word(j, "from") && (strings.HasSuffix(g.lowerAt(j+1), "ing") || g.Word(j+2, "ing")) {
			return j > i+1 || g.Word(i, "stop")
		}
	}
	return false
}

func (g *guarding) lowerAt(i int) string {
	if i < 0 || i >= len(g.Tokens) {
		return ""
	}
	return g.Tokens[i].Lower
}

// mode reads what the words of a clause do.
func (g *guarding) mode(from, to int) guardMode {
	if from < to && g.exceptionAt(from) {
		return guardExempt
	}
	var forbid, oblige, permit bool
	for i := from; i < to; i++ {
		switch {
		case g.sparesAt(i, from):
			return guardExempt
		case g.marks(i):
			forbid = true
			g.Take("what is forbidden", i, i+1)
		case g.Tokens[i].Taken && g.Tokens[i].Role != "what is forbidden" && !g.Word(i, "only", "must"):
		case g.listed("negation", i) && !g.Word(i+1, "longer", "only", "just") && !(g.Word(i, "without") && !g.Word(from, "without")):
			forbid = true
		case g.Word(i, "off") && g.Word(i+1, "for", "limits"):
			forbid = true
		case g.Word(i, "has", "have") && g.Word(i+1, "to") && !g.Word(i+2, "do"):
			oblige = true
		case g.listed("oblige", i):
			oblige = oblige || !g.Word(i, "only") || !g.Word(i+1, "deny", "denies", "takes", "take", "blocks", "forbids")
		case g.listed("permit", i):
			permit = true
		}
	}
	switch {
	case forbid:
		return guardForbid
	case oblige:
		return guardOblige
	case permit:
		return guardPermit
	}
	return guardContext
}

// sparesAt says that the word at i exempts what its clause names.
func (g *guarding) sparesAt(i, from int) bool {
	switch {
	case g.listed("exempt", i) && !g.Tokens[i].Taken:
		return !(g.Word(i-1, "no", "without", "any") || g.listed("negation", i-1) && !g.Word(i-1, "not"))
	case g.Word(i, "affect", "affected", "apply", "applies", "break", "hit", "concern", "block", "include", "included", "covered") && (g.Word(i-1, "not", "dont", "doesnt", "isnt", "arent", "never") || g.Word(i-2, "not", "dont", "doesnt")):
		return !g.Word(from, "if")
	case g.Word(i, "alone") && !g.Tokens[i].Taken:
		return true
	}
	return false
}

// EveryClauseForbids says that every sentence begins with words that forbid, and that none
// grants anything.
func (rd *Reading) EveryClauseForbids() bool {
	g := &guarding{Reading: rd}
	begins := false
	for n, c := range rd.Clauses {
		first := n == 0 || rd.Clauses[n-1].Sentence != c.Sentence
		if !first {
			continue
		}
		if c.Effect != policy.Deny && !rd.Word(c.From, "nobody", "noone", "block", "deny", "prevent", "forbid", "prohibit", "disallow") && !(rd.Word(c.From, "no") && rd.Word(c.From+1, "one")) {
			return false
		}
		if !g.forbidsFirst(c) {
			return false
		}
		begins = true
	}
	return begins
}

// forbidsFirst says that the first words of a clause forbid.
func (g *guarding) forbidsFirst(c sentence.Clause) bool {
	for i := c.From; i < c.To && i < c.From+3; i++ {
		if g.Word(i, "deny", "denies", "block", "blocks", "prevent", "prevents", "forbid", "forbids", "prohibit", "prohibits", "disallow", "ban", "nobody", "noone") || g.Word(i, "no") && g.Word(i+1, "one") {
			return true
		}
	}
	return false
}
