package sentence

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// withoutCourtesy drops what only greets, asks politely or thanks: a whole run of such words
// between marks with the comma beside it, and the "please" that a run begins or ends with. It
// also joins "no one", which is nobody and not a thing called one.
func (rd *Reading) withoutCourtesy(tokens []token.Token) []token.Token {
	var out []token.Token
	for from := 0; from < len(tokens); {
		to := from
		for to < len(tokens) && tokens[to].Kind != token.Punct {
			to++
		}
		run := rd.impolite(tokens[from:to])
		if to < len(tokens) && tokens[to].Text == ":" && rd.announces(run) {
			run = nil
			to++
		}
		out = append(out, joinNobody(run)...)
		dropped := to > from && len(run) == 0 && tokens[to-1].Text != ":"
		if dropped && to < len(tokens) && tokens[to].Text == "," {
			to++
		} else if n := len(out) - 1; dropped && n >= 0 && out[n].Text == "," && out[n].Kind == token.Punct {
			out = out[:n]
		}
		if to < len(tokens) && tokens[to].Kind == token.Punct {
			out = append(out, tokens[to])
			to++
		}
		from = to
	}
	return out
}

// impolite returns a run without the courtesy at its ends.
func (rd *Reading) impolite(run []token.Token) []token.Token {
	courtesy := func(t token.Token, list string) bool { return t.Kind == token.Word && rd.Lexicon.Is(list, t.Lower) }
	n, greets := 0, false
	for n < len(run) && (courtesy(run[n], "courtesy") || greets && courtesy(run[n], "addressee")) {
		greets = greets || courtesy(run[n], "greeting")
		n++
	}
	run = run[n:]
	for len(run) > 0 && courtesy(run[len(run)-1], "courtesy") {
		run = run[:len(run)-1]
	}
	return run
}

// joinNobody writes "no one" as one word.
func joinNobody(run []token.Token) []token.Token {
	for i := 0; i+1 < len(run); i++ {
		if run[i].Lower == "no" && run[i+1].Lower == "one" && run[i].Kind == token.Word && run[i+1].Kind == token.Word {
			run[i].Lower, run[i].Stem, run[i].End = "nobody", catalog.Stem("nobody"), run[i+1].End
			run = append(run[:i+1], run[i+2:]...)
		}
	}
	return run
}

// announces says that a run only says that a policy follows: "I need a policy".
func (rd *Reading) announces(run []token.Token) bool {
	policy := false
	for _, t := range run {
		policy = policy || t.Lower == "policy"
		if t.Kind != token.Word || !rd.Lexicon.Is("announcing", t.Lower) {
			return false
		}
	}
	return policy
}
