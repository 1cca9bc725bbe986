package verify

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Proof says whether a document allows what an intent asks and nothing else, over all requests.
type Proof struct {
	Verdict compare.Verdict
	Reason  string           // why the verdict is Unknown
	Request evaluate.Request // of a Counterexample
	Excess  bool             // the Counterexample gets what the intent does not give it; else it is kept from what the intent gives
	Beside  bool             // the Counterexample is made beside a policy that allows everything, since it is about a Deny
}

// proofBudget is what each comparison of a proof may spend. It suffices for every open probe many
// times over; see docs/performance.md.
const proofBudget = 100_000

// Prove compares a document with the bounds that follow from the intent and the catalog: all that
// must be allowed is allowed, and nothing is that may not be; all that must be denied is denied even
// beside a policy that allows everything, and nothing else is. It knows nothing of the compiler.
func Prove(in intent.Intent, doc *policy.Document, c *catalog.Catalog, by *compare.Comparer) Proof {
	return boundsOf(&in, c).prove(doc, by)
}

// A claim is that the new statements allow nothing that the old ones do not.
type claim struct {
	old, new []policy.Statement
	proof    Proof // of a request that refutes it
}

func (b *bounds) prove(doc *policy.Document, by *compare.Comparer) Proof {
	proof := Proof{Verdict: compare.Proved}
	for _, cl := range b.claims(doc.Statements) {
		a, err := by.Subsumes(b.access(cl.old), b.access(cl.new), compare.Options{Budget: proofBudget})
		switch {
		case err != nil:
			return Proof{Reason: err.Error()}
		case a.Verdict == compare.Counterexample:
			cl.proof.Verdict, cl.proof.Request = a.Verdict, a.Request
			return cl.proof
		case a.Verdict == compare.Unknown:
			proof.Verdict, proof.Reason = a.Verdict, a.Reason
		}
	}
	return proof
}

// claims are what has to hold of the statements of a document.
func (b *bounds) claims(doc []policy.Statement) []claim {
	var claims []claim
	if has(doc, policy.Allow) || len(b.allow.list) > 0 {
		claims = append(claims,
			claim{slices.Concat(b.mayAllow.list, b.deny.list, b.out.list), doc, Proof{Excess: true}},
			claim{doc, slices.Concat(b.allow.list, b.mayDeny.list, b.mayOut.list), Proof{}})
	}
	if has(doc, policy.Deny) || len(b.deny.list) > 0 {
		all := []policy.Statement{Everything(b.kind)}
		beside := slices.Concat(all, doc)
		claims = append(claims,
			claim{slices.Concat(all, b.deny.list), beside, Proof{Excess: true, Beside: true}},
			claim{beside, slices.Concat(all, b.mayDeny.list, b.mayOut.list), Proof{Beside: true}})
	}
	return claims
}

func (b *bounds) access(list []policy.Statement) compare.Access {
	return compare.One(b.kind, &policy.Document{Version: policy.Version2012, Statements: list})
}

// Everything is the statement that allows everything in a policy of a kind.
func Everything(kind policy.Kind) policy.Statement {
	s := policy.Statement{Effect: policy.Allow, Actions: texts([]string{"*"})}
	if kind != policy.Trust {
		s.Resources = texts([]string{"*"})
	}
	if kind.HasPrincipal() {
		s.Principal = &policy.Principal{Any: true}
	}
	return s
}

func has(list []policy.Statement, effect policy.Effect) bool {
	return slices.ContainsFunc(list, func(s policy.Statement) bool { return s.Effect == effect })
}
