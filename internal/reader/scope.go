package reader

// outOfScope says that the words ask for something else than a policy: that rules be laid aside.
// They are asked again, and nothing is read from them.
func (rd *reading) outOfScope() bool {
	for i := range rd.tokens {
		if !rd.word(i, "ignore", "ignoring", "disregard", "forget", "bypass", "override", "skip") {
			continue
		}
		whose := false
		for j := i + 1; j < min(len(rd.tokens), i+6) && rd.tokens[j].kind != punctToken; j++ {
			whose = whose || rd.word(j, "your", "previous", "prior", "above", "earlier", "system", "all", "any", "these", "those", "safety", "the")
			if whose && rd.word(j, "rules", "rule", "instructions", "instruction", "prompt", "prompts", "guidelines", "guardrails", "safeguards", "restrictions", "constraints", "checks") && !rd.ruleOfAWS(i, j) {
				rd.ask(rd.span(i, j+1), "Requests are read as they stand, and no words lay the rules of reading aside. Which actions on which resources should the policy be about?")
				rd.take("not a request for access", 0, len(rd.tokens))
				return true
			}
		}
	}
	return false
}

// ruleOfAWS says that the rules are those of a service: "skip the rules of the firewall".
func (rd *reading) ruleOfAWS(from, at int) bool {
	if rd.word(at+1, "of", "in", "on", "for") || rd.linkAt[at] >= 0 && rd.links[rd.linkAt[at]].from < at {
		return true
	}
	return at-from > 1 && rd.word(from, "forget", "skip") && !rd.word(from+1, "your") && !rd.within(from, at, "your", "previous", "prior", "system", "safety", "earlier", "above")
}
