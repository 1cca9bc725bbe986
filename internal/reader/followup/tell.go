package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// tellExempt recognises that somebody is spared by what is denied.
func (f *followup) tellExempt() bool {
	denies := false
	for _, g := range f.e.in.Grants {
		denies = denies || g.Effect == policy.Deny
	}
	if !denies {
		return false
	}
	who := f.has("role", "roles", "user", "users", "account", "accounts", "principal", "principals", "ou", "org", "admins", "service", "services") || len(f.things(0, len(f.Tokens))) > 0
	i := f.content()
	cue := f.has("exempt", "exempted", "exempts", "exemption", "bypass", "bypasses", "unaffected", "spare", "spared", "whitelist", "allowlist", "exclude", "excluded", "excluding") ||
		f.Word(i, "except", "unless", "excepting") || f.has("apply", "applies") && f.has("not", "doesnt", "dont", "shouldnt", "except") ||
		f.Word(i, "not") && f.Word(i+1, "for") || f.denying() && f.has("still", "anyway", "nevertheless", "exception")
	f.again = f.has("isnt", "arent", "longer", "never", "anymore") || f.has("not") && f.has("exempt") && !f.has("apply", "for")
	if last := f.e.talk.Turns[max(len(f.e.talk.Turns)-1, 0)]; strings.HasPrefix(last.Edit, "exempted") && f.has("role", "roles", "user", "users", "account", "accounts") && len(f.Tokens) < 8 && !f.denyVerb() {
		cue = true
	}
	if !who || !cue || f.denyVerb() && !f.has("exempt", "except", "unless") {
		return false
	}
	f.kind = exemptEdit
	for j := range f.Tokens {
		if f.Word(j, "exempt", "exempted", "exempts", "exemption", "bypass", "bypasses", "unaffected", "spare", "spared", "except", "unless", "exclude", "excluded", "excluding", "apply", "applies", "both", "all", "them", "these", "rules", "statements", "this", "policy", "denials", "deny", "exception", "whitelist", "allowlist", "still", "anyway", "from", "not", "doesnt", "dont", "shouldnt") {
			f.cue(j, j+1)
		}
	}
	return true
}

func (f *followup) denyVerb() bool {
	return f.has("block", "deny", "prevent", "forbid", "ban", "prohibit", "disallow")
}

// tellSame recognises that what was said shall hold for something else too.
func (f *followup) tellSame() bool {
	n := len(f.Tokens)
	i := f.find(0, "same", "ditto", "likewise", "identical", "identically")
	if i >= 0 && !f.Word(i+1, "account", "region", "time", "way", "org", "organization") && !f.hasVerb(i, n) {
		f.kind = sameEdit
		for j := range f.Tokens {
			if f.Word(j, "same", "ditto", "likewise", "identical", "identically", "goes", "go", "applies", "apply", "thing", "things", "holds", "permissions", "access", "rights", "do", "also") {
				f.cue(j, j+1)
			}
		}
		return true
	}
	return false
}

// partWords name a part of what is wanted rather than a resource.
var partWords = []string{"part", "parts", "access", "permission", "permissions", "right", "rights", "condition", "conditions", "restriction", "restrictions", "requirement", "requirements", "limit", "limits", "limitation", "rule", "rules", "statement", "bit", "stuff", "thing", "clause", "check", "constraint", "one"}

// tellRemove recognises that something is taken away.
func (f *followup) tellRemove() bool {
	i := f.content()
	var from, to int
	switch {
	case f.Word(i, "drop", "remove", "forget", "revoke", "omit", "skip", "strike", "scrap", "ditch", "lose", "kill", "withdraw", "eliminate", "cut", "lift", "delete", "cancel", "retract", "relax", "exclude", "disallow") && !f.mayDoIt(i):
		from, to = i, i+1
	case f.Word(i, "take", "leave", "strip") && f.find(i, "away", "out", "off") > 0 && !f.also, f.Word(i, "get") && f.Word(i+1, "rid"):
		from, to = i, i+1
		if k := f.find(i, "away", "out", "off", "rid"); k > 0 {
			f.cue(k, k+1)
		}
	case f.Word(i, "no", "without", "except", "excluding", "minus", "never", "not", "nothing", "dont", "doesnt", "shouldnt", "mustnt", "cannot", "cant", "wont") || f.Word(i, "no") && f.Word(i+1, "more", "longer"):
		from, to = i, i+1
	case f.Word(i, "stop") && (f.Word(i+1, "allowing", "letting", "giving", "granting", "permitting") || f.find(i, "from") > i):
		from, to = i, i+1
	case f.negation() >= 0:
		from = f.negation()
		to = from + 1
	default:
		return false
	}
	if f.Word(from, "not", "without", "no", "never", "nothing", "dont", "cannot", "cant", "shouldnt", "mustnt") && (f.conditionFollows(to) || f.find(from, "without") > from || f.Word(to, "only", "just", "unless")) || f.denying() && !f.Word(from, "drop", "remove", "forget", "lift", "stop", "dont", "scrap") {
		return false
	}
	if f.denyVerb() && f.e.in.Kind != policy.ServiceControl {
		return false
	}
	f.kind = removeEdit
	f.cue(from, to)
	for j := range f.Tokens {
		if f.Word(j, "more", "longer", "needed", "necessary", "need", "needs", "required", "anymore", "any", "again", "able", "allowed", "permitted", "supposed", "unnecessary", "either", "allow", "allowing", "permit", "letting", "let", "wanted", "from", "doesnt", "dont", "isnt", "arent", "not", "no", "never", "without", "cannot", "cant", "shouldnt", "mustnt", "out") || f.Word(j, partWords...) {
			f.cue(j, j+1)
		}
	}
	for k := range f.Clauses {
		f.Clauses[k].Negative, f.Clauses[k].Closer, f.Clauses[k].Except = true, false, false
	}
	return true
}

// mayDoIt says that the word at token i is something that is to be allowed: "also delete …",
// "let it remove items", "drop messages into the queue".
func (f *followup) mayDoIt(i int) bool {
	if !f.Word(i, "drop", "remove", "delete", "cancel", "revoke", "cut", "kill", "strip", "withdraw", "skip", "lose") {
		return false
	}
	if f.also && !f.Word(i, "drop") || f.Word(i-1, "to", "can", "may", "should", "must", "able", "let", "needs", "need", "it", "them", "they") && !f.Word(i-2, "i", "we", "you", "want", "like", "please", "lets") {
		return true
	}
	if !f.Word(i, "delete", "cancel", "revoke") {
		return false
	}
	for j := i + 1; j < len(f.Tokens); j++ {
		if f.Word(j, partWords...) {
			return false
		}
		if _, ok := f.knownAt(j); ok && !f.Word(i, "cancel") {
			return false
		}
	}
	return true
}

// negation finds "it shouldn't", "is not needed", "must not", "isn't allowed to".
func (f *followup) negation() int {
	for i := range f.Tokens {
		switch {
		case f.Word(i, "shouldnt", "mustnt", "cannot", "cant", "neednt", "wont", "unnecessary", "dont", "doesnt", "anymore"):
			return i
		case f.Word(i, "isnt", "arent", "not", "never") && (f.Word(i+1, "needed", "necessary", "required", "allowed", "be", "supposed", "permitted", "able", "wanted") || f.Word(i-1, "should", "must", "may", "can", "shall", "need")):
			return i
		case f.Word(i, "no") && f.Word(i+1, "longer", "more"):
			return i
		}
	}
	return -1
}

// conditionFollows says that the words from token i on name a condition that the intent does
// not have yet: "not from 10.0.0.0/8", "no access without MFA".
func (f *followup) conditionFollows(i int) bool {
	for j := i; j < len(f.Tokens); j++ {
		t := f.Tokens[j]
		if t.Kind != token.Entity {
			continue
		}
		switch t.Lit.Kind {
		case token.AddressLiteral, token.VPCLiteral, token.VPCELiteral, token.OrgLiteral, token.RegionLiteral, token.DateLiteral, token.TagLiteral, token.OULiteral:
			if _, ok := f.knownAt(j); !ok {
				return f.Word(i, "from", "via", "through", "in", "outside", "before", "after", "until", "if", "when", "tagged", "allow", "over")
			}
		}
	}
	return false
}

// tellWiden recognises "all services of that cluster", "any table", "everything under /x/".
func (f *followup) tellWiden() bool {
	if f.has("only", "just", "restrict", "limit", "except") {
		return false
	}
	i := f.content()
	if f.Word(i, "make", "change", "turn", "open", "extend", "broaden", "widen", "expand") {
		f.cue(i, f.Pass(i+1, "it", "that", "them", "this", "to", "up", "into", "be"))
		f.kind = widenEdit
		return true
	}
	k := f.find(0, "all", "any", "every", "everything", "anything")
	if k < 0 || k > i+3 {
		return false
	}
	for _, g := range f.e.in.Grants {
		for _, t := range g.Targets {
			if f.typeSaid(t.Type) && !f.hasVerb(0, k) {
				return f.setWiden()
			}
		}
	}
	if f.hasVerb(0, len(f.Tokens)) {
		return false
	}
	for j := k; j < min(k+4, len(f.Tokens)); j++ {
		if n := f.LinkAt[j]; n >= 0 && slices.ContainsFunc(f.Links[n].Entries, func(e lexicon.Entry) bool { return e.Kind == lexicon.Noun && f.Named[e.Service] >= 8 }) {
			f.kind = widenEdit
			return true
		}
	}
	return f.Word(k, "everything", "anything") && f.Word(k+1, "under", "below", "beneath", "in", "with", "starting") && f.setWiden()
}

func (f *followup) setWiden() bool {
	f.kind = widenEdit
	return true
}

// tellNarrow recognises restrictions: "only …", "limit it to …", "with MFA".
func (f *followup) tellNarrow() bool {
	i := f.content()
	cue := f.find(0, "only", "just", "solely", "exclusively", "restrict", "limit", "confine", "narrow", "restricted", "limited", "merely", "conditional", "nothing", "tighten", "scope")
	if lock := f.find(0, "lock"); cue < 0 && lock >= 0 && (f.Word(lock+1, "down") || f.Word(f.Pass(lock+1, "it", "that", "them", "this", "access", "everything"), "down")) {
		cue = lock
	}
	if cue >= 0 && !f.also && !f.denyVerb() {
		f.kind = narrowEdit
		if f.Word(i, "make", "keep") {
			f.cue(i, f.Pass(i+1, "it", "that", "them", "this"))
		}
		if f.Word(cue, "restrict", "limit", "confine", "narrow", "conditional", "tighten", "scope", "lock") {
			f.cue(cue, f.Pass(cue+1, "it", "that", "them", "this", "down", "access", "the", "everything", "all"))
		}
		return true
	}
	if f.Word(i, "require", "requires", "enforce", "demand", "insist") && !f.also && !f.denyVerb() {
		f.kind = narrowEdit
		return true
	}
	return false
}

// tightens says that the words begin with a restriction, whatever kind of edit they came to. Who says
// what shall stand in the place of what has named it.
func (f *followup) tightens() bool {
	i := f.content()
	return f.kind != replaceEdit && (f.Word(i, "restrict", "limit", "confine", "narrow", "tighten") || f.Word(i, "lock", "scope") && f.has("down"))
}
