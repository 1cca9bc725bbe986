package constrain

import (
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// ReadConstraints lets every scanner read its kind of condition; what one takes, the next ones
// and the verbs no longer see.
func (rd *Reading) ReadConstraints() {
	for _, scan := range scanners {
		scan(rd)
	}
}

// scanners are the readers of conditions, in the order they run.
var scanners = []func(*Reading){
	(*Reading).ScanVariables,
	(*Reading).ScanOwn,
	(*Reading).SettleRegion,
	(*Reading).scanNamedKeys,
	(*Reading).ScanTimes,
	(*Reading).ScanMFA,
	(*Reading).ScanTLS,
	(*Reading).ScanInstances,
	(*Reading).ScanEndpoints,
	(*Reading).ScanAddresses,
	(*Reading).ScanOrganizations,
	(*Reading).ScanAccounts,
	(*Reading).scanGrants,
	(*Reading).scanLeadingKeys,
	(*Reading).scanAttributes,
	(*Reading).scanCreateActions,
	(*Reading).scanTagKeys,
	(*Reading).scanTags,
	(*Reading).scanPassedTo,
	(*Reading).scanCalledVia,
	(*Reading).scanEncryption,
	(*Reading).scanInstanceTypes,
	(*Reading).scanServiceKeys,
	(*Reading).ScanRegions,
	(*Reading).ScanMissing,
	(*Reading).rejudge,
}

// rejudge takes the negation off clauses whose negating words the conditions have taken: "not
// without MFA" forbids nothing by itself.
func (rd *Reading) rejudge() {
	for n := range rd.Clauses {
		c := &rd.Clauses[n]
		if c.Effect == policy.Deny && rd.tookDeny(*c) {
			c.Effect = policy.Allow
		}
		if c.Remote || !c.Negative && !c.Except {
			continue
		}
		keeps, took := false, false
		for i := c.From; i < c.To; i++ {
			turning := rd.Is("negator", i) || rd.Is("outside", i) || rd.Is("turns", i) || rd.Word(i, "unless", "besides", "minus", "apart", "other")
			took = took || turning && rd.Tokens[i].Taken
			keeps = keeps || turning && !rd.Tokens[i].Taken && !rd.HarmlessNegator(i)
		}
		if took && !keeps || !c.Except && c.From < c.To && !rd.Fresh(c.From, c.To) { // or all of it: "only when the grant is for an AWS resource"
			c.Negative, c.Except = false, false
		}
	}
}

// tookDeny says that a condition has taken the word that made a clause a Deny: "otherwise refuse".
func (rd *Reading) tookDeny(c sentence.Clause) bool {
	took := false
	for i := c.From; i < c.To; i++ {
		if rd.Is("deny", i) {
			if !rd.Tokens[i].Taken {
				return false
			}
			took = true
		}
	}
	return took
}
