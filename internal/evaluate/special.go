package evaluate

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/tsv"
)

//go:embed special.tsv
var specialTable string

// The lists of special.tsv.
const (
	reachedByRCP   = "rcp"
	exemptFromRCP  = "rcp-exempt"
	foreignToKey   = "kms-foreign"
	rootUnlocks    = "root-unlocks"
	trustDecides   = "trusts"
	wantsLongTerm  = "long-term"
	getIdentity    = "sts:getcalleridentity"
	getSession     = "sts:getsessiontoken"
	assumeRole     = "sts:assumerole"
	linkedRolePath = ":role/aws-service-role/"
)

// specials holds the names of special.tsv by list, in lower case.
var specials = sync.OnceValue(func() map[string]map[string]bool {
	lists := map[string]map[string]bool{}
	for _, row := range tsv.Rows(specialTable, 3) {
		if lists[row[0]] == nil {
			lists[row[0]] = map[string]bool{}
		}
		lists[row[0]][row[1]] = true
	}
	return lists
})

func listed(list string, name []byte) bool { return specials()[list][string(name)] }

// SupportsRCP reports whether resource control policies reach the service of an action.
func SupportsRCP(action string) bool {
	service, _, _ := strings.Cut(strings.ToLower(action), ":")
	return specials()[reachedByRCP][service]
}

func isServiceLinked(role string) bool { return strings.Contains(role, linkedRolePath) }

// isKey reports whether a resource is a KMS key, which has a key policy always.
func isKey(resource string) bool {
	return strings.HasPrefix(resource, "arn:") && strings.Contains(resource, ":kms:") && strings.Contains(resource, ":key/")
}

// rule decides what no policy can: it returns false where policies decide.
func (j *judge) rule() bool {
	action := string(j.action)
	federated := j.who.form == federatedForm
	session := federated || j.who.form == sessionForm || j.who.form == roleForm
	switch {
	case action == getIdentity && j.class != outsideCaller:
		// Page API_GetCallerIdentity of the STS reference: not even an explicit deny counts.
		return j.settle(Allowed, "everybody with credentials may ask who they are, whatever policies say")
	case federated && strings.HasPrefix(action, "sts:"):
		return j.settle(ImplicitDeny, "a federated user session may call no operation of AWS STS but GetCallerIdentity")
	case session && listed(wantsLongTerm, j.action):
		return j.settle(ImplicitDeny, "this wants the long-term credentials of a user, not those of a session")
	case action == getSession && j.class <= rootCaller:
		return j.settle(Allowed, "no permissions are needed to call GetSessionToken, and policies cannot deny it")
	case j.class == rootCaller && action == assumeRole:
		return j.settle(ImplicitDeny, "a root user cannot assume a role, whatever policies say")
	}
	return false
}

func (j *judge) settle(d Decision, reason string) bool {
	j.out.Decision, j.out.Reason = d, reason
	return true
}
