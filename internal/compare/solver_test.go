package compare_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/evaluate"
)

// smtRequest writes that the request is the one given, as far as the encoding knows its parts.
// Solvers take long to find a request and little time to decide one.
func smtRequest(t *testing.T, r evaluate.Request) string {
	t.Helper()
	parts := []string{"(= action " + smtText(strings.ToLower(r.Action)) + ")", "(= resource " + smtText(r.Resource) + ")"}
	for _, k := range keyMakers {
		if smtKeys[k.key] == "" {
			continue
		}
		n, values := 1, r.Context[k.key]
		if k.multi {
			n = slots
		}
		if len(values) > n {
			continue
		}
		for i := range n {
			at := smtName(k.key) + strconv.Itoa(i)
			if i >= len(values) {
				parts = append(parts, "(not has_"+at+")")
				continue
			}
			parts = append(parts, "has_"+at, smtValue(t, smtKeys[k.key], at, values[i]))
		}
	}
	return either("and", parts)
}

// smtValue writes that a constant of a sort is a value of a request.
func smtValue(t *testing.T, sort, at, value string) string {
	t.Helper()
	switch sort {
	case "Bool":
		return smtMatch(t, condition.Bool, at, value)
	case "Real":
		return smtMatch(t, condition.NumericEquals, at, value)
	case "Int":
		return smtMatch(t, condition.DateEquals, at, value)
	case "Address":
		if strings.Contains(value, ":") {
			value += "/128"
		}
		return smtAddress(t, at, value)
	}
	return smtMatch(t, condition.StringEquals, at, value)
}

// Of 2,000 random pairs the solver confirms each proof and each counterexample that it decides in
// its time, and it decides nearly all.
func TestSolverAgrees(t *testing.T) {
	solver, err := exec.LookPath("cvc5")
	if err != nil {
		t.Skip("cvc5 is not installed: apt-get install cvc5")
	}
	m := newMaker(31)
	pairs := 200
	if os.Getenv("AEGIS_CI") != "" {
		pairs = 2000
	}
	type question struct {
		text, formula string
		answer        compare.Answer
		verdict       string
	}
	questions := make([]question, pairs)
	next := make(chan *question)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for q := range next {
				q.verdict = solve(solver, q.formula)
			}
		})
	}
	for n := range questions {
		q := &questions[n]
		old, new := smtPair(m, n%2 == 0)
		if q.answer, err = comparer.Subsumes(one(old), one(new), compare.Options{Open: true}); err != nil {
			t.Fatal(err)
		}
		q.text = show(old) + "\n" + show(new)
		q.formula = smtDeclarations() + "(assert " + smtAllowed(t, new) + ")\n(assert (not " + smtAllowed(t, old) + "))\n"
		if q.answer.Verdict == compare.Counterexample {
			q.formula += "(assert " + smtRequest(t, q.answer.Request) + ")\n"
		}
		q.formula += "(check-sat)\n"
		next <- q
	}
	close(next)
	workers.Wait()
	counts := map[string]int{}
	for _, q := range questions {
		if q.verdict != "sat" && q.verdict != "unsat" {
			if strings.Contains(q.verdict, "error") {
				t.Fatalf("cvc5: %s\n%s", q.verdict, q.formula)
			}
			counts["time-out"]++
			continue
		}
		counts[fmt.Sprintf("%s %v", q.verdict, q.answer.Verdict)]++
		if q.verdict == "sat" && q.answer.Verdict == compare.Proved || q.verdict == "unsat" && q.answer.Verdict == compare.Counterexample {
			t.Errorf("cvc5 says %s, compare says %+v:\n%s", q.verdict, q.answer, q.text)
		}
	}
	t.Logf("%d pairs: %v", pairs, counts)
	if answered := pairs - counts["time-out"]; answered < pairs*9/10 {
		t.Errorf("cvc5 answered %d of %d pairs: the test says little", answered, pairs)
	}
}

// solve returns sat, unsat, or what the solver says if its time is up.
func solve(solver, formula string) string {
	command := exec.Command(solver, "--lang=smt2", "--strings-exp", "--tlimit=2000", "-")
	command.Stdin = strings.NewReader(formula)
	out, _ := command.Output()
	return strings.TrimSpace(string(out))
}

// BenchmarkRandomPairs decides random pairs by comparison and by the solver, which has to search for
// counterexamples as well and may take two seconds for a pair.
func BenchmarkRandomPairs(b *testing.B) {
	b.Run("compare", func(b *testing.B) {
		m := newMaker(31)
		for n := range b.N {
			old, new := smtPair(m, n%2 == 0)
			if _, err := comparer.Subsumes(one(old), one(new), compare.Options{Open: true}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cvc5", func(b *testing.B) {
		solver, err := exec.LookPath("cvc5")
		if err != nil {
			b.Skip("cvc5 is not installed: apt-get install cvc5")
		}
		m, decided := newMaker(31), 0
		for n := range b.N {
			old, new := smtPair(m, n%2 == 0)
			verdict := solve(solver, smtDeclarations()+"(assert "+smtAllowed(b, new)+")\n(assert (not "+smtAllowed(b, old)+"))\n(check-sat)\n")
			if verdict == "sat" || verdict == "unsat" {
				decided++
			}
		}
		b.ReportMetric(float64(decided)/float64(b.N), "decided")
	})
}
