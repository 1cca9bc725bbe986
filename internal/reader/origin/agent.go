package origin

import (
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// DropAgents takes who acts out of what a passive verb acts on: "may be read by the payments role".
func (rd *Reading) DropAgents() {
	for i := range rd.Tokens {
		if !rd.Word(i, "by") || rd.Tokens[i].Taken || rd.IsGerund(i+1) || !rd.passiveBefore(i) {
			continue
		}
		end, actor := i+1, false
		for end < len(rd.Tokens) && rd.Tokens[end].Kind == token.Word && !rd.Tokens[end].Taken && !rd.Is("conjunction", end) && !rd.Is("preposition", end) && !rd.Is("strict", end) {
			actor = actor || rd.Is("actor", end) || rd.Is("who", end) || rd.Word(end, "pod", "pods", "container", "containers", "backend", "frontend")
			end++
		}
		if !actor {
			continue
		}
		for j := i; j < end; j++ {
			rd.Unlink(j)
		}
		rd.Take("who acts", i, end)
	}
}

// passiveBefore says that a passive verb stands shortly before token i: "may be read and rotated".
func (rd *Reading) passiveBefore(i int) bool {
	for j := i - 1; j > max(0, i-8) && rd.Tokens[j].Kind != token.Punct; j-- {
		if rd.Word(j-1, "be", "is", "are") {
			_, classes := rd.VerbClasses(rd.Tokens[j].Lower)
			return len(classes) > 0
		}
	}
	return false
}
