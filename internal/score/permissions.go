package score

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/lint/facts"
)

// granting are the actions of IAM by which a principal is given permissions: the API reference of
// IAM.
var granting = []string{
	"iam:AttachUserPolicy", "iam:AttachRolePolicy", "iam:AttachGroupPolicy", "iam:PutUserPolicy", "iam:PutRolePolicy",
	"iam:PutGroupPolicy", "iam:CreatePolicyVersion",
}

// sampled is one of how many actions of the catalog is looked at to tell whether most are allowed.
const sampled = 16

// sample returns the actions to tell from whether most are allowed.
func (s *Scorer) sample() []*catalog.Action {
	var out []*catalog.Action
	for i := 0; i < s.Catalog.Counts().Actions; i += sampled {
		out = append(out, s.Catalog.ActionAt(i))
	}
	return out
}

// administers: most actions of AWS are allowed, under whatever circumstances, and IAM's that give
// permissions to principals that nobody has named. An explicit list of what everything is, or all
// but a few actions, is administration too.
func administers(q *inquiry) verdict {
	half := q.scorer.Catalog.Counts().Actions / 2
	if len(q.named()) <= half {
		return verdict{}
	}
	var targets []Target
	for _, name := range granting {
		if a, ok := q.scorer.Catalog.Action(name); ok && q.oracle.Names(a) {
			targets = append(targets, q.unnamedTargets(a)...)
		}
	}
	if len(targets) == 0 {
		return verdict{}
	}
	answer := q.oracle.Find(Query{Targets: targets, Where: q.unnamed()})
	if answer.Verdict != Found {
		return verdict{answer: answer}
	}
	sample := q.scorer.sample()
	allowed, sure := q.oracle.Allowed(sample)
	switch {
	case 2*len(allowed) <= len(sample) && sure:
		return verdict{}
	case 2*len(allowed) <= len(sample):
		return verdict{answer: Answer{Verdict: Unknown, Reason: "how many actions are allowed was not found out in time"}}
	}
	return verdict{answer: answer, fix: places(answer) + "list the actions that are needed instead of all: 'aegis generate' writes such a policy from words, " +
		"and a managed policy for the task is a start"}
}

// least are the least numbers of actions of a service, and of a sort of resource, of which all are
// more than a task needs: some services have one or two actions in all.
const (
	leastOfService  = 3
	leastOfResource = 8
)

// wholeService: every action of some service is allowed, or every action about some sort of its
// resources, as service:* on one bucket gives. Each may be allowed on another resource.
func wholeService(q *inquiry) verdict {
	groups := q.groups()
	lists := make([][]*catalog.Action, len(groups))
	for i, g := range groups {
		lists[i] = g.actions
	}
	i, sure := q.oracle.AllowsAll(lists)
	switch {
	case i < 0 && sure:
		return verdict{}
	case i < 0:
		return verdict{answer: Answer{Verdict: Unknown, Reason: "whether all actions of a service are allowed was not found out in time"}}
	}
	group := groups[i]
	answer := q.oracle.Find(Query{Targets: []Target{{Action: bySeverity(group.actions)[0]}}})
	fix := fmt.Sprintf("%slist the actions of %s that are needed instead of %s:*; 'aegis catalog actions %s:*' lists them with their access levels",
		places(answer), group.of, group.service, group.service)
	return verdict{answer: answer, fix: fix}
}

// A group is actions that must not all be allowed.
type group struct {
	service, of string
	actions     []*catalog.Action
}

// groups returns the services and sorts of resources all of whose actions are named.
func (q *inquiry) groups() []group {
	var out []group
	all := q.named()
	for len(all) > 0 {
		prefix := all[0].Service
		n := slices.IndexFunc(all, func(a *catalog.Action) bool { return a.Service != prefix })
		if n < 0 {
			n = len(all)
		}
		service, _ := q.scorer.Catalog.Service(prefix)
		if n == len(service.Actions) && n >= leastOfService {
			out = append(out, group{prefix, service.Name, all[:n]})
		}
		if n >= leastOfResource {
			out = append(out, groupsOf(service, all[:n])...)
		}
		all = all[n:]
	}
	// The most telling first: those with the most actions that change permissions.
	slices.SortStableFunc(out, func(a, b group) int { return b.weight() - a.weight() })
	return out
}

func (g group) weight() int {
	n := 0
	for _, a := range g.actions {
		if level(a) == catalog.PermissionsManagement {
			n++
		}
	}
	return n
}

// groupsOf returns the sorts of resources of a service all of whose actions are among the named.
func groupsOf(service *catalog.Service, named []*catalog.Action) []group {
	about := map[*catalog.ResourceType][]*catalog.Action{}
	for _, a := range service.Actions {
		for _, r := range a.Resources {
			about[r.Type] = append(about[r.Type], a)
		}
	}
	has := make(map[*catalog.Action]bool, len(named))
	for _, a := range named {
		has[a] = true
	}
	var out []group
	types := slices.SortedFunc(slices.Values(service.Resources), func(a, b *catalog.ResourceType) int { return len(a.Name) - len(b.Name) })
	for _, t := range types {
		list := about[t]
		if len(list) >= leastOfResource && slices.ContainsFunc(list, changes) && !slices.ContainsFunc(list, func(a *catalog.Action) bool { return !has[a] }) {
			out = append(out, group{service.Prefix, service.Name + " about resources of type " + t.Name, list})
		}
	}
	return out
}

// nameable reports whether an action could be limited to named resources: it does more than list,
// and it always names a resource, or changes something, or can name one sort only. Some reads take
// a resource or do without; those of Amazon S3 have one always, on one of two sorts.
func (q *inquiry) nameable(a *catalog.Action) bool {
	s := q.scorer.stranger(a)
	if level(a) == catalog.List || len(s.patterns) == 0 || s.assigned {
		return false
	}
	required := slices.ContainsFunc(a.Resources, func(r catalog.ActionResource) bool { return r.Required })
	return required || level(a) != catalog.Read || len(a.Resources) == 1 || a.Service == "s3"
}

// wildcardResource: some action that could be limited to named resources is allowed on one that
// nobody has named, and no tag or other key of the resource limits which.
func wildcardResource(q *inquiry) verdict {
	var targets []Target
	for _, a := range q.severest() {
		if q.nameable(a) {
			targets = append(targets, q.unnamedTargets(a)...)
		}
	}
	if len(targets) == 0 {
		return verdict{}
	}
	answer := q.oracle.Find(Query{Targets: targets, Where: q.unnamed()})
	return verdict{answer: answer, fix: q.nameIt(answer)}
}

// nameIt says how to name the resources of an answer's action.
func (q *inquiry) nameIt(answer Answer) string {
	if answer.Verdict != Found {
		return ""
	}
	a, ok := q.scorer.Catalog.Action(answer.Request.Action)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%sname the resources of %s in Resource, as %s, or require a tag by aws:ResourceTag where the action takes it",
		places(answer), a, q.scorer.stranger(a).example)
}

// changes reports whether an action does more than read.
func changes(a *catalog.Action) bool {
	l := level(a)
	return l == catalog.Write || l == catalog.PermissionsManagement
}

// severest returns the named actions by severity.
func (q *inquiry) severest() []*catalog.Action {
	if q.sorted == nil {
		q.sorted = bySeverity(q.named())
	}
	return q.sorted
}

// bySeverity returns actions with the most telling ones first: those of IAM that change
// permissions, those that are known to give others access, to answer with credentials or to read
// data, then the others that change permissions, those that write, and the rest.
func bySeverity(actions []*catalog.Action) []*catalog.Action {
	var ranks [rankCount][]*catalog.Action
	for _, a := range actions {
		r := rank(a)
		ranks[r] = append(ranks[r], a)
	}
	return slices.Concat(ranks[:]...)
}

const rankCount = 7

func rank(a *catalog.Action) int {
	l, name := level(a), a.String()
	switch {
	case a.Service == "iam" && l == catalog.PermissionsManagement:
		return 0
	case l == catalog.PermissionsManagement && facts.Exposes(name), telling()[name]:
		return 1
	case l == catalog.PermissionsManagement:
		return 2
	case l == catalog.Write:
		return 3
	case l == catalog.Tagging:
		return 4
	case l == catalog.Read:
		return 5
	}
	return 6
}

// telling are the actions that answer with credentials or stored data.
var telling = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, name := range slices.Concat(facts.CredentialActions(), facts.DataActions()) {
		out[name] = true
	}
	return out
})

// level returns the access level of an action. Some that list or describe stand in the Service
// Authorization Reference among those that write or change permissions, such as
// iot:ListSubscriptions and quicksight:DescribeKnowledgeBasePermissions.
func level(a *catalog.Action) catalog.AccessLevel {
	if a.Level == catalog.PermissionsManagement || a.Level == catalog.Write {
		switch catalog.Verb(a.Name) {
		case "List":
			return catalog.List
		case "Describe", "Get":
			return catalog.Read
		}
	}
	return a.Level
}

// unconditional: permissions of something can be changed, or data of unnamed resources be read or
// changed, under circumstances of which nothing is known. Reads and writes of named resources are
// not sensitive.
func unconditional(q *inquiry) verdict {
	var anywhere, unnamed []Target
	for _, a := range q.severest() {
		switch {
		case level(a) == catalog.PermissionsManagement:
			anywhere = append(anywhere, Target{Action: a})
		case q.sensitive(a):
			unnamed = append(unnamed, q.unnamedTargets(a)...)
		}
	}
	ask := func(targets []Target) func() verdict {
		return func() verdict {
			if len(targets) == 0 {
				return verdict{}
			}
			answer := q.oracle.Find(Query{Targets: targets, Where: q.nobody()})
			return verdict{answer: answer, fix: q.restrict(answer)}
		}
	}
	return first(ask(anywhere), ask(unnamed))
}

// sensitive reports whether an action is sensitive on a resource that nobody has named: it changes
// it, or reads what was stored or what gives access.
func (q *inquiry) sensitive(a *catalog.Action) bool {
	switch level(a) {
	case catalog.Write, catalog.Tagging:
		return q.nameable(a)
	}
	return telling()[a.String()]
}

// restrict says how to make the access of an answer conditional.
func (q *inquiry) restrict(answer Answer) string {
	if answer.Verdict != Found {
		return ""
	}
	fix := fmt.Sprintf(`%sadd a Condition for %s that not every request meets: "Bool": {"aws:MultiFactorAuthPresent": "true"} for people, `+
		`"StringEquals": {"aws:SourceVpce": "vpce-ID"} for programs in a VPC, or a tag of the principal`, places(answer), answer.Request.Action)
	if len(q.used(answer)) > 0 {
		fix += "; the conditions that are there hold for the request shown"
	}
	return fix
}

// used returns the keys of the conditions of an answer's statements, in lower case.
func (q *inquiry) used(answer Answer) []string {
	var out []string
	for _, p := range answer.Statements {
		for _, c := range q.documents[p.Document].Statements[p.Statement-1].Conditions {
			out = append(out, strings.ToLower(c.Key))
		}
	}
	return out
}

// places writes the statements of an answer as the beginning of a fix.
func places(answer Answer) string {
	if len(answer.Statements) == 0 {
		return ""
	}
	var names []string
	for _, p := range answer.Statements {
		name := fmt.Sprint(p.Statement)
		if p.Sid != "" {
			name += " (" + p.Sid + ")"
		}
		names = append(names, name)
	}
	if len(names) == 1 {
		return "in statement " + names[0] + ": "
	}
	return "in statements " + strings.Join(names, ", ") + ": "
}
