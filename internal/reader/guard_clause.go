package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// split cuts the request into clauses anew: in a guard a negation carries the meaning, so that
// brackets stay with their clause and only what has a mode of its own stands apart.
func (g *guarding) split() {
	g.clause, g.modes = nil, nil
	sentence, from := 0, 0
	inherited := guardContext
	flush := func(to int) {
		if to > from {
			mode := g.mode(from, to)
			if mode == guardContext && inherited != guardContext {
				mode = inherited
			}
			g.clause = append(g.clause, clause{from: from, to: to, sentence: sentence, effect: policy.Deny, negative: mode == guardForbid || mode == guardOblige})
			g.modes = append(g.modes, mode)
		}
		from = to
	}
	for i := 0; i < len(g.tokens); i++ {
		switch {
		case g.punct(i, ".\n"):
			flush(i)
			from = i + 1
			sentence++
			if !g.punct(i, "\n") {
				inherited = guardContext
			}
		case g.punct(i, ":") && !g.inBrackets(i), g.punct(i, "-"):
			flush(i)
			if n := len(g.modes); n > 0 && g.punct(i, ":") && !g.hasObjects(g.clause[n-1]) {
				inherited = g.modes[n-1]
			}
			from = i + 1
		case g.punct(i, "(") && g.asideMode(i) == guardExempt, g.punct(i, ")") && from > 0 && g.punct(from-1, "("):
			flush(i)
			from = i + 1
		case i > from && g.opens(i, from):
			flush(i)
		}
	}
	flush(len(g.tokens))
	g.closers()
	g.defaultMode()
	g.relocate()
}

// closers: "s3 and sqs, nothing else" allows what stands before it and forbids the rest.
func (g *guarding) closers() {
	for n := range g.modes {
		if g.modes[n] != guardForbid || !g.onlyCloses(n) || n == 0 || g.clause[n-1].sentence != g.clause[n].sentence {
			continue
		}
		g.modes[n], g.clause[n].negative = guardContext, false
		if g.modes[n-1] == guardContext || g.modes[n-1] == guardPermit {
			g.modes[n-1], g.clause[n-1].negative = guardOblige, true
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
	if g.out.Kind == policy.PermissionsBoundary {
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
		g.clause[n].negative = g.forbids(n)
	}
}

// relocate finds the new clauses of the conditions.
func (g *guarding) relocate() {
	for k := range g.where {
		g.where[k].clause = -1
		for i, t := range g.tokens {
			if t.start >= g.where[k].Span.Start && t.end <= g.where[k].Span.End && t.text != "" {
				g.where[k].clause = g.clauseOf(i)
				break
			}
		}
	}
}

func (g *guarding) hasObjects(c clause) bool {
	for i := c.from; i < c.to; i++ {
		if g.objectWord(i) {
			return true
		}
	}
	return false
}

// objectWord says that a token may name what a guard is about.
func (g *guarding) objectWord(i int) bool {
	if g.isThing(i) {
		return true
	}
	if !g.isContent(i) {
		return false
	}
	for _, list := range []string{"generic", "forbid", "negation", "oblige", "permit", "exempt", "newly"} {
		if g.listed(list, i) && !(list == "forbid" && !g.marks(i)) && !(g.linkAt[i] >= 0 && list == "generic" && g.namesService(i)) {
			return false
		}
	}
	return true
}

func (g *guarding) inBrackets(i int) bool {
	for j := i; j >= 0 && j > i-20; j-- {
		if g.punct(j, ")") {
			return false
		}
		if g.punct(j, "(") {
			return true
		}
	}
	return false
}

// asideMode is the mode of what stands in brackets that open at i.
func (g *guarding) asideMode(i int) guardMode {
	end := i + 1
	for end < len(g.tokens) && !g.punct(end, ")") {
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
	if g.punct(i, ",") {
		next++
	}
	joined := false
	for g.word(next, "and", "or", "but", "also", "then", "plus", "while", "please", "so", "yet") {
		joined = joined || next > i || g.word(next, "and", "but", "while", "yet", "plus")
		next++
	}
	if next == i || next >= len(g.tokens) {
		return false
	}
	switch {
	case g.listed("negation", next) && !g.word(next, "without", "nor") && !g.tokens[next].taken, g.marks(next), g.word(next, "only", "require", "enforce", "leave", "let", "allow", "keep", "just") && !g.tokens[next].taken:
		return true
	}
	return g.ownRule(next, i-from) || g.exemptUntilMark(next) && g.mode(from, i) != guardContext
}

// ownRule: "X must be tagged and Y must be encrypted": both halves have a modal.
func (g *guarding) ownRule(next, before int) bool {
	if before < 3 {
		return false
	}
	for j := next + 1; j < next+5 && j < len(g.tokens) && g.tokens[j].kind != punctToken; j++ {
		if g.word(j, "must", "cannot", "cant", "mustnt", "may", "can", "needs", "stays", "stay", "remains", "remain", "not", "never") && !g.word(j-1, "that", "who", "which", "what") {
			return true
		}
	}
	return false
}

func (g *guarding) exemptUntilMark(i int) bool {
	for ; i < len(g.tokens) && g.tokens[i].kind != punctToken; i++ {
		if g.sparesAt(i, i) {
			return true
		}
	}
	return false
}

// exceptionAt says that words such as "except" or "apart from" stand at i.
func (g *guarding) exceptionAt(i int) bool {
	if g.tokens[i].taken {
		return false
	}
	switch {
	case g.word(i, "except", "excepting", "unless", "excluding", "besides", "barring", "minus"):
		return true
	case g.word(i, "apart", "aside") && g.word(i+1, "from"), g.word(i, "other", "rather") && g.word(i+1, "than"), g.word(i, "save") && g.word(i+1, "for"),
		g.word(i, "with") && (g.word(i+1, "exception") || g.word(i+2, "exception", "exceptions")):
		return true
	case g.word(i, "but"):
		return g.word(i-1, "all", "everyone", "everybody", "anyone", "anybody", "everything", "anything", "nothing", "nobody", "noone", "none", "one", "any") || g.word(i+1, "not") && g.word(i+2, "for", "when", "if", "by", "the") || g.word(i+1, "for") && !g.word(i-1, "not")
	}
	return false
}

// marks says that token i says by itself that something is forbidden.
func (g *guarding) marks(i int) bool {
	if !g.listed("forbid", i) && !(g.word(i, "stop", "stops", "keep", "keeps", "keeping") && g.stopsFrom(i)) {
		return false
	}
	switch {
	case g.tokens[i].taken && g.tokens[i].role != "what is forbidden":
		return false
	case g.word(i, "block", "blocks", "blocking"):
		return !g.word(i-1, "access", "cidr", "public", "address", "ip") && !g.word(i+1, "public", "device", "storage", "size") || g.word(i+1, "public") && !g.word(i+2, "access")
	case g.word(i-1, "otherwise", "else"), g.word(i-2, "otherwise", "else") && g.is("auxiliary", i-1):
		return false
	}
	return true
}

// stopsFrom: "stop people from deleting", "keep anyone from".
func (g *guarding) stopsFrom(i int) bool {
	for j := i + 1; j < i+12 && j < len(g.tokens); j++ {
		if g.word(j, "from") && (strings.HasSuffix(g.lowerAt(j+1), "ing") || g.word(j+2, "ing")) {
			return j > i+1 || g.word(i, "stop")
		}
	}
	return false
}

func (g *guarding) lowerAt(i int) string {
	if i < 0 || i >= len(g.tokens) {
		return ""
	}
	return g.tokens[i].lower
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
			g.take("what is forbidden", i, i+1)
		case g.tokens[i].taken && g.tokens[i].role != "what is forbidden" && !g.word(i, "only", "must"):
		case g.listed("negation", i) && !g.word(i+1, "longer", "only", "just") && !(g.word(i, "without") && !g.word(from, "without")):
			forbid = true
		case g.word(i, "off") && g.word(i+1, "for", "limits"):
			forbid = true
		case g.listed("oblige", i):
			oblige = oblige || !g.word(i, "only") || !g.word(i+1, "deny", "denies", "takes", "take", "blocks", "forbids")
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
	case g.listed("exempt", i) && !g.tokens[i].taken:
		return !(g.word(i-1, "no", "without", "any") || g.listed("negation", i-1) && !g.word(i-1, "not"))
	case g.word(i, "affect", "affected", "apply", "applies", "break", "hit", "concern", "block", "include", "included", "covered") && (g.word(i-1, "not", "dont", "doesnt", "isnt", "arent", "never") || g.word(i-2, "not", "dont", "doesnt")):
		return !g.word(from, "if")
	case g.word(i, "alone") && !g.tokens[i].taken:
		return true
	}
	return false
}
