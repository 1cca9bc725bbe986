package party

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// namedLike reads roles or users that are told by how their names begin: "any role of account X
// whose name starts with deploy-". Where no account is named, some other words must say whose
// they are.
func (rd *Reading) namedLike(i int) bool {
	j, account := i+1, ""
	for j < len(rd.Tokens) {
		a, isAccount := rd.Literal(j, token.AccountLiteral)
		_, isOrg := rd.Literal(j, token.OrgLiteral)
		if !isAccount && !isOrg && !rd.Word(j, "of", "in", "from", "within", "the", "our", "any", "account", "org", "organization", "organisation") {
			break
		}
		account, j = cmp.Or(account, a), j+1
	}
	lead := j
	j = rd.Pass(j, "whose", "with", "that", "which", "a", "the", "name", "names", "begin", "begins", "beginning", "start", "starts", "starting", "prefixed", "prefix", "matching", "matches", "match", "named", "called", "like", "have", "has", "having", "are", "is", "by")
	if !rd.Within(lead, j, "begin", "begins", "beginning", "start", "starts", "starting", "prefixed", "prefix", "like", "matching", "matches", "match") || j >= len(rd.Tokens) || rd.Tokens[j].Taken || rd.Tokens[j].Kind != token.Name && (rd.Tokens[j].Kind != token.Word || rd.Is("stop", j)) {
		return false
	}
	form := "role"
	if rd.Word(i, "user", "users") {
		form = "user"
	}
	_, to := rd.namesEnd(j)
	if account == "" {
		account, to = rd.accountBeside(i, to)
	}
	rd.AddParty(Party{Principal: intent.Principal{Type: "AWS"}, From: i, To: to, name: strings.TrimSuffix(rd.beginning(j), "*") + "*", Form: form, Account: account})
	for k := i; k < to; k++ {
		if _, org := rd.Literal(k, token.OrgLiteral); !org {
			rd.Take("principal", k, k+1)
		}
	}
	return true
}

// beginning returns the text of a name's beginning as it is written, with the mark it may end with.
func (rd *Reading) beginning(i int) string {
	t := rd.Tokens[i]
	end := t.End
	for end < len(rd.Text) && strings.IndexByte("-_/", rd.Text[end]) >= 0 {
		end++
	}
	return t.Text + rd.Text[t.End:end]
}

// namesEnd returns the token of a name and the one behind all that belongs to it: "deploy-" may be
// followed by the mark of its pattern.
func (rd *Reading) namesEnd(i int) (int, int) {
	if rd.Punct(i+1, "*") && rd.Tokens[i+1].Start == rd.Tokens[i].End {
		return i, i + 2
	}
	return i, i + 1
}
