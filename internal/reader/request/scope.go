package request

import (
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// OutOfScope says that the words ask for something else than a policy: that rules be laid aside.
// They are asked again, and nothing is read from them.
func (rd *Reading) OutOfScope() bool {
	for i := range rd.Tokens {
		if !rd.Word(i, "ignore", "ignoring", "disregard", "forget", "bypass", "override", "skip") {
			continue
		}
		whose := false
		for j := i + 1; j < min(len(rd.Tokens), i+6) && rd.Tokens[j].Kind != token.Punct; j++ {
			whose = whose || rd.Word(j, "your", "previous", "prior", "above", "earlier", "system", "all", "any", "these", "those", "safety", "the")
			if whose && rd.Word(j, "rules", "rule", "instructions", "instruction", "prompt", "prompts", "guidelines", "guardrails", "safeguards", "restrictions", "constraints", "checks") && !rd.ruleOfAWS(i, j) {
				rd.Ask(rd.Span(i, j+1), "Requests are read as they stand, and no words lay the rules of reading aside. Which actions on which resources should the policy be about?")
				rd.Take("not a request for access", 0, len(rd.Tokens))
				return true
			}
		}
	}
	return false
}

// ruleOfAWS says that the rules are those of a service: "skip the rules of the firewall".
func (rd *Reading) ruleOfAWS(from, at int) bool {
	if rd.Word(at+1, "of", "in", "on", "for") || rd.LinkAt[at] >= 0 && rd.Links[rd.LinkAt[at]].From < at {
		return true
	}
	return at-from > 1 && rd.Word(from, "forget", "skip") && !rd.Word(from+1, "your") && !rd.Within(from, at, "your", "previous", "prior", "system", "safety", "earlier", "above")
}
