package reader

// dropAgents takes who acts out of what a passive verb acts on: "may be read by the payments role".
func (rd *reading) dropAgents() {
	for i := range rd.tokens {
		if !rd.word(i, "by") || rd.tokens[i].taken || rd.isGerund(i+1) || !rd.passiveBefore(i) {
			continue
		}
		end, actor := i+1, false
		for end < len(rd.tokens) && rd.tokens[end].kind == wordToken && !rd.tokens[end].taken && !rd.is("conjunction", end) && !rd.is("preposition", end) && !rd.is("strict", end) {
			actor = actor || rd.is("actor", end) || rd.is("who", end) || rd.word(end, "pod", "pods", "container", "containers", "backend", "frontend")
			end++
		}
		if !actor {
			continue
		}
		for j := i; j < end; j++ {
			rd.unlink(j)
		}
		rd.take("who acts", i, end)
	}
}

// passiveBefore says that a passive verb stands shortly before token i: "may be read and rotated".
func (rd *reading) passiveBefore(i int) bool {
	for j := i - 1; j > max(0, i-8) && rd.tokens[j].kind != punctToken; j-- {
		if rd.word(j-1, "be", "is", "are") {
			_, classes := rd.verbClasses(rd.tokens[j].lower)
			return len(classes) > 0
		}
	}
	return false
}

// unlink lets the phrase at a token speak for no service.
func (rd *reading) unlink(i int) {
	n := rd.linkAt[i]
	if n < 0 {
		return
	}
	for p, w := range rd.links[n].weights {
		rd.named[p] -= w
	}
	rd.links[n].weights, rd.links[n].entries, rd.linkAt[i], rd.strongSet = nil, nil, -1, nil
}
