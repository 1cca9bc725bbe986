package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// tellReplace recognises that one thing is put in the place of another, and which words say
// what goes.
func (f *followup) tellReplace() bool {
	n := len(f.Tokens)
	if i := f.find(0, "instead", "rather"); i >= 0 && (f.Word(i, "instead") || f.Word(i+1, "than")) {
		f.kind = replaceEdit
		from := i + 1
		if f.Word(i+1, "of", "than") {
			from = i + 2
			f.old = [2]int{from, f.oldEnd(from)}
		} else if k := f.find(0, "no", "not", "dont", "stop"); k >= 0 && k < i && k <= 1 {
			k = f.Pass(k+1, "more", "longer", "the", "any")
			f.old = [2]int{k, f.oldEnd(k)}
			f.cue(0, k)
		}
		f.cue(i, from)
		f.cueLead()
		return true
	}
	for _, tell := range []func(int) bool{f.tellRename, f.tellCalled, f.tellCorrection} {
		if tell(n) {
			f.kind = replaceEdit
			return true
		}
	}
	return false
}

// oldEnd returns where the words end that say what goes.
func (f *followup) oldEnd(i int) int {
	for j := i + 1; j < len(f.Tokens); j++ {
		if f.Tokens[j].Kind == token.Punct || f.Word(j, "it", "they", "we", "he", "she", "use", "make", "let", "please", "should", "must", "take") {
			return j
		}
		if f.thing(j-1) && (f.thing(j) || f.IsVerbHere(j)) {
			return j
		}
	}
	return len(f.Tokens)
}

// cueLead takes the words that only introduce what is new: "use", "make it", "switch to".
func (f *followup) cueLead() {
	for i := range f.Tokens {
		if f.Word(i, "use", "make", "switch", "put", "take", "change", "go", "moved", "move", "want", "meant") && !f.thing(i) && (i < 3 || f.Word(i-1, "please", "and", "to", "we", "i") || f.Punct(i-1, ",:(")) {
			f.cue(i, f.Pass(i+1, "it", "that", "them", "this", "to", "with"))
		}
	}
}

// tellRename reads "rename A to B", "replace A by B", "the endpoint changed to B", "switch to B".
func (f *followup) tellRename(n int) bool {
	i := f.content()
	if f.also {
		return false
	}
	if f.Word(i, "extend", "postpone", "prolong", "shorten", "shift", "bump") && f.find(i, "until", "till", "to", "by") > i {
		f.cue(i, f.Pass(i+1, "it", "that", "the", "this"))
		return true
	}
	strong := f.find(0, "rename", "renamed", "replace", "replaced", "swap", "substitute", "exchange")
	k := strong
	if k < 0 {
		k = f.find(0, "change", "changed", "changes", "switch", "switched", "move", "moved", "migrated", "migrate", "set", "point", "correct", "update", "updated", "became", "becomes")
	}
	if k < 0 || strong < 0 && k > i && !f.Word(k, "changed", "moved", "switched", "migrated", "updated", "became", "becomes") && f.hasVerb(0, k) {
		return false
	}
	to := f.find(k+1, "to", "with", "by", "into", "for")
	if f.Word(k, "became", "becomes") {
		to = k
	}
	if to < 0 {
		return false
	}
	end := f.Pass(to+1, "the", "be", "a", "our", "my", "table", "bucket", "queue", "topic", "stream", "region", "account", "role", "called", "function", "secret", "key", "id", "new", "one", "it", "parameter", "named", "group", "log", "cluster", "service")
	if strong < 0 && !f.thing(end) || end >= n {
		return false
	}
	f.forceName(end)
	f.old = [2]int{k + 1, to}
	for j := k + 1; j < to; j++ {
		if f.Tokens[j].Kind == token.Word && f.LinkAt[j] < 0 && !f.Is("stop", j) && strong >= 0 && (f.LinkAt[j-1] >= 0 || j == k+1 && j+1 == to) {
			f.forceName(j)
		}
	}
	f.cue(k, k+1)
	f.cue(to, to+1)
	return true
}

// forceName makes a name of the word at token i.
func (f *followup) forceName(i int) {
	if i >= 0 && i < len(f.Tokens) && f.Tokens[i].Kind == token.Word && !f.Is("stop", i) {
		f.Tokens[i].Kind, f.LinkAt[i] = token.Name, -1
	}
}

// tellCalled reads "the queue is called B now", "it should be B", "make it B", "use B".
func (f *followup) tellCalled(n int) bool {
	if f.also {
		return false
	}
	i := f.content()
	at := -1
	for k := range f.Tokens {
		next := f.Pass(k+1, "now", "really", "actually", "rather", "be", "read", "have", "been", "called", "named", "account", "region", "the", "bucket", "table", "queue", "for", "in", "topic", "role", "stream", "function", "cluster", "acct")
		switch {
		case f.Word(k, "called", "named") && k+1 < n && k > 0 && (f.Is("auxiliary", k-1) || f.Word(k-1, "now", "actually", "really")):
			f.forceName(k + 1)
			at = k
		case f.Word(k, "should", "must") && f.Word(k+1, "be", "read", "have") && f.thing(next) && !f.has("tagged", "from"),
			f.Word(k, "is", "its") && f.Word(k+1, "now", "actually", "really") && f.thing(next),
			f.Word(k, "is", "its", "thats") && f.thing(next) && f.has("wrong", "not", "sorry", "oops", "actually", "now", "name", "wait", "hmm", "correct"),
			k == i && f.Word(k, "make") && f.Word(k+1, "it", "that", "them", "this", "the") && f.thing(f.Pass(k+2, "account", "region", "bucket", "table", "queue", "topic", "role", "the", "stream", "function")),
			k == i && f.Word(k, "use", "using", "take") && f.thing(next) && !f.hasVerb(k+1, n):
			at = k
		default:
			continue
		}
		break
	}
	if at < 0 {
		return false
	}
	f.cue(at, at+1)
	f.oldAfterNot()
	return true
}

// tellCorrection reads "not A, B", "B, not A", "I meant B", "wrong account: B".
func (f *followup) tellCorrection(n int) bool {
	k := f.find(0, "meant", "mean", "wrong", "typo", "incorrect", "correction", "misspelled", "mistyped", "mistake")
	if k >= 0 {
		if f.Word(k, "meant", "mean") {
			f.forceName(f.Pass(k+1, "the", "table", "bucket", "queue", "topic", "stream"))
		}
		f.cue(k, k+1)
		f.oldAfterNot()
		return true
	}
	i := f.find(0, "not")
	if i < 0 || !f.thing(i+1) && !f.knownBeyond(i+1) || f.Word(i-1, "but") {
		return false
	}
	things := f.things(0, n)
	if len(things) < 2 && !f.has("but") {
		return false
	}
	f.oldAfterNot()
	return f.old[1] > 0
}

func (f *followup) knownBeyond(i int) bool {
	for j := i; j < min(i+3, len(f.Tokens)); j++ {
		if _, ok := f.knownAt(j); ok {
			return true
		}
	}
	return false
}

func (f *followup) oldAfterNot() {
	if i := f.find(0, "not"); i >= 0 {
		f.old = [2]int{i + 1, f.oldEnd(i + 1)}
		f.cue(i, i+1)
		for j := i + 1; j < f.old[1]; j++ {
			if _, ok := f.knownAt(j); ok {
				f.forceName(j)
			}
		}
	}
}

// replace puts what is new in the place of what goes.
func (f *followup) replace() {
	if f.old[1] == f.old[0] && f.verbs() == 0 && f.replaceConstraints() {
		return
	}
	var fresh, gone []int
	for _, i := range f.things(0, len(f.Tokens)) {
		if i >= f.old[0] && i < f.old[1] {
			gone = append(gone, i)
		} else {
			fresh = append(fresh, i)
		}
	}
	fresh = slices.DeleteFunc(fresh, func(i int) bool { return f.ActionNames(i) != nil })
	if len(fresh) == 0 || f.old[1] > f.old[0] && len(gone) == 0 && f.hasVerb(f.old[0], f.old[1]) {
		f.replaceVerbs()
		return
	}
	if f.replaceConstraints() {
		return
	}
	done := false
	for n, i := range fresh {
		if f.Tokens[i].Lit.Kind == token.TagLiteral {
			done = f.putTag(i) || done
			continue
		}
		old := ""
		if len(gone) > 0 {
			old = f.valueOf(gone[min(n, len(gone)-1)])
		}
		if _, ok := f.knownAt(i); ok && len(fresh) > 1 && len(gone) == 0 {
			continue
		}
		done = f.put(i, old) || done
	}
	if !done && len(f.e.asked) == 0 {
		f.e.ask(f.all(), "What shall "+f.Tokens[fresh[0]].Text+" stand in the place of? Nothing named so far fits.")
	}
}

func (f *followup) valueOf(i int) string {
	if f.Tokens[i].Kind == token.Entity {
		return f.Tokens[i].Lit.Value
	}
	return f.Tokens[i].Text
}

// speaksOf says that the segment has the words of a condition key: "external id", "branch".
func (f *followup) speaksOf(key string) bool {
	_, name, _ := strings.Cut(key, ":")
	words := catalog.Words(name)
	for _, w := range words {
		if f.stem(catalog.Stem(w)) < 0 {
			return false
		}
	}
	return len(words) > 0
}

func (f *followup) stem(s string) int {
	for i, t := range f.Tokens {
		if t.Kind == token.Word && t.Stem == s {
			return i
		}
	}
	return -1
}

// replaceConstraints puts the conditions of the segment in the place of those on the same keys.
func (f *followup) replaceConstraints() bool {
	done := false
	for _, c := range f.scanned() {
		for i := range f.e.in.Grants {
			g := &f.e.in.Grants[i]
			for _, list := range [][]intent.Constraint{g.Where, g.Unless} {
				for j := range list {
					if strings.EqualFold(list[j].Key, c.Key) && list[j].Test == c.Test && !slices.Equal(list[j].Values, c.Values) {
						list[j].Values, list[j].Span = slices.Clone(c.Values), c.Span
						done = true
					}
				}
			}
		}
		if done {
			f.e.did(c.Key + " must be " + strings.Join(c.Values, " or ") + " now")
		}
	}
	return done
}

// scanned are the conditions that were read from the segment, by the scanners or by the reader
// of the kind.
func (f *followup) scanned() []intent.Constraint {
	var out []intent.Constraint
	put := func(c intent.Constraint) {
		if !slices.ContainsFunc(out, func(x intent.Constraint) bool { return x.Key == c.Key && x.Test == c.Test }) {
			out = append(out, c)
		}
	}
	for _, s := range f.Where {
		put(s.Constraint)
	}
	for _, g := range f.Out.Grants {
		for _, c := range append(slices.Clone(g.Where), g.Unless...) {
			put(c)
		}
	}
	return out
}
