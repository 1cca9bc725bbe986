package reader

import "github.com/aegis-iam/aegis/internal/catalog"

// withoutCourtesy drops what only greets, asks politely or thanks: a whole run of such words
// between marks with the comma beside it, and the "please" that a run begins or ends with. It
// also joins "no one", which is nobody and not a thing called one.
func (rd *reading) withoutCourtesy(tokens []token) []token {
	var out []token
	for from := 0; from < len(tokens); {
		to := from
		for to < len(tokens) && tokens[to].kind != punctToken {
			to++
		}
		run := rd.impolite(tokens[from:to])
		if to < len(tokens) && tokens[to].text == ":" && rd.announces(run) {
			run = nil
			to++
		}
		out = append(out, joinNobody(run)...)
		dropped := to > from && len(run) == 0 && tokens[to-1].text != ":"
		if dropped && to < len(tokens) && tokens[to].text == "," {
			to++
		} else if n := len(out) - 1; dropped && n >= 0 && out[n].text == "," && out[n].kind == punctToken {
			out = out[:n]
		}
		if to < len(tokens) && tokens[to].kind == punctToken {
			out = append(out, tokens[to])
			to++
		}
		from = to
	}
	return out
}

// impolite returns a run without the courtesy at its ends.
func (rd *reading) impolite(run []token) []token {
	courtesy := func(t token, list string) bool { return t.kind == wordToken && rd.Lexicon.Is(list, t.lower) }
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
func joinNobody(run []token) []token {
	for i := 0; i+1 < len(run); i++ {
		if run[i].lower == "no" && run[i+1].lower == "one" && run[i].kind == wordToken && run[i+1].kind == wordToken {
			run[i].lower, run[i].stem, run[i].end = "nobody", catalog.Stem("nobody"), run[i+1].end
			run = append(run[:i+1], run[i+2:]...)
		}
	}
	return run
}

// announces says that a run only says that a policy follows: "I need a policy".
func (rd *reading) announces(run []token) bool {
	policy := false
	for _, t := range run {
		policy = policy || t.lower == "policy"
		if t.kind != wordToken || !rd.Lexicon.Is("announcing", t.lower) {
			return false
		}
	}
	return policy
}
