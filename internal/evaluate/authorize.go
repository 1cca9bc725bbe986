package evaluate

import (
	"fmt"

	"github.com/aegis-iam/aegis/internal/policy"
)

// An Authorization is the decision by all layers, and which of them made it.
type Authorization struct {
	Decision     Decision
	Reason       string // why, in words
	Decided      int    // index of the layer that decided; -1 if no policy did
	CrossAccount bool   // caller and resource are of different accounts
	Request      Request
	Layers       []Layer // those that bear on the request, in the order in which AWS looks at them
}

// A Layer is what the policies of one layer say of a request: of one level, for control
// policies. Its explanation is worked out when it is asked for.
type Layer struct {
	Kind     policy.Kind
	Level    string // of control policies: the name of the Level
	Decision Decision
	Grant    Grant  // of resource-based policies that allow: whom they name
	Exempt   string // why the layer does not count for this request; empty: it does
	Policies []*Policy

	noun   string
	query  query
	action []byte
}

// Explanation returns the part that each statement of the layer had. It may run concurrently.
func (l *Layer) Explanation(r Request) Explanation {
	return l.query.explain(r, l.action, l.Policies)
}

// Authorize decides a request by all layers, as the pages reference_policies_evaluation-logic,
// …_policy-eval-denyallow and …-cross-account of the IAM User Guide say. It may run
// concurrently.
func Authorize(r Request, s *Setting) Authorization {
	j := judge{setting: s, action: appendLower(make([]byte, 0, len(r.Action)), r.Action)}
	j.out = Authorization{Decided: -1, Request: r}
	j.query = newQuery(&r)
	j.query.who = s.caller(j.query.who)
	j.who = &j.query.who
	j.class = classOf(j.who)
	j.owner = s.owner(&r, j.who.account)
	j.out.CrossAccount = j.who.account != "" && j.owner != j.who.account
	if j.rule() {
		return j.out
	}
	j.out.Layers = make([]Layer, 0, len(s.Layers.RCPs)+len(s.Layers.SCPs)+5)
	j.limits()
	j.grants(&r)
	j.decide(&r)
	return j.out
}

// AuthorizeLayer decides by the policies of one layer alone, as Evaluate does. It may run
// concurrently.
func AuthorizeLayer(r Request, kind policy.Kind, policies []*Policy) Authorization {
	j := judge{setting: &Setting{}, action: appendLower(make([]byte, 0, len(r.Action)), r.Action)}
	j.out = Authorization{Request: r}
	j.query = newQuery(&r)
	if kind == policy.Trust {
		kind = policy.ResourceBased
	}
	l := j.add(kind, "", policies, "")
	j.out.Decision = l.Decision
	switch l.Decision {
	case Allowed:
		j.out.Reason = l.title() + " " + l.verb("allow", "allows") + " it"
	case ExplicitDeny:
		j.out.Reason = l.title() + " explicitly " + l.verb("deny", "denies") + " it"
	default:
		j.silent(0)
	}
	return j.out
}

// A judge decides one request.
type judge struct {
	setting *Setting
	query   query
	who     *identity
	action  []byte // in lower case
	class   class
	owner   string
	out     Authorization
}

// add decides by one layer, which counts unless exempt says why not.
func (j *judge) add(kind policy.Kind, level string, policies []*Policy, exempt string) *Layer {
	l := Layer{Kind: kind, Level: level, Exempt: exempt, Policies: policies, query: j.query, action: j.action}
	l.noun = j.noun(kind)
	l.query.gateway = kind == policy.Endpoint && j.setting.Layers.Gateway
	if exempt == "" {
		l.Decision = l.query.decide(j.action, policies)
	}
	j.out.Layers = append(j.out.Layers, l)
	return &j.out.Layers[len(j.out.Layers)-1]
}

// limits adds the layers that only limit, before those that grant.
func (j *judge) limits() {
	exempt := j.exemptFromRCPs()
	for _, level := range j.setting.Layers.RCPs {
		l := j.add(policy.ResourceControl, level.Name, level.Policies, exempt)
		// RCPFullAWSAccess is attached everywhere and cannot be detached.
		if l.Decision == ImplicitDeny && exempt == "" {
			l.Decision = Allowed
		}
	}
	exempt = j.exemptFromSCPs()
	for _, level := range j.setting.Layers.SCPs {
		j.add(policy.ServiceControl, level.Name, level.Policies, exempt)
	}
	if len(j.setting.Layers.Endpoint) > 0 {
		j.add(policy.Endpoint, "", j.setting.Layers.Endpoint, "")
	}
}

func (j *judge) exemptFromRCPs() string {
	switch {
	case j.owner != "" && j.owner == j.setting.Management:
		return "the resource belongs to the management account"
	case j.setting.serviceLinked(j.who):
		return "the caller is a service-linked role"
	case !SupportsRCP(j.out.Request.Action):
		return "they do not reach this service"
	case j.setting.AWSManaged:
		return "AWS manages the key"
	case listed(exemptFromRCP, j.action):
		return "they do not reach this action"
	}
	return ""
}

func (j *judge) exemptFromSCPs() string {
	switch {
	case j.class > rootCaller:
		return "the caller is no user or role of an account"
	case j.who.account != "" && j.who.account == j.setting.Management:
		return "the caller is in the management account"
	case j.setting.serviceLinked(j.who):
		return "the caller is a service-linked role"
	}
	return ""
}

// grants adds the resource-based layer, and those of the caller.
func (j *judge) grants(r *Request) {
	layers := &j.setting.Layers
	if len(layers.Resource) > 0 || j.mustBeNamed(r) || j.out.CrossAccount || j.class > rootCaller {
		exempt := ""
		if j.class == rootCaller && !j.out.CrossAccount && listed(rootUnlocks, j.action) {
			exempt = "the root user cannot be locked out of a bucket of the account"
		}
		l := j.add(policy.ResourceBased, "", layers.Resource, exempt)
		if l.Decision == Allowed {
			l.Grant = l.query.largestGrant(j.action, layers.Resource)
		}
	}
	if j.class > rootCaller {
		return
	}
	root := ""
	if j.class == rootCaller {
		root = "the root user has full access, and they do not limit it"
	}
	if root == "" || len(layers.Identity) > 0 {
		j.add(policy.IdentityBased, "", layers.Identity, root)
	}
	if len(layers.Boundary) > 0 {
		j.add(policy.PermissionsBoundary, "", layers.Boundary, root)
	}
	if len(layers.Session) > 0 || j.who.form == federatedForm {
		j.add(policy.SessionPolicy, "", layers.Session, "")
	}
}

// mustBeNamed reports whether the policy of the resource has to allow even callers of its own
// account: key policies and trust policies do.
func (j *judge) mustBeNamed(r *Request) bool { return isKey(r.Resource) || j.trusts() }

func (j *judge) trusts() bool { return listed(trustDecides, j.action) }

// largestGrant returns the largest grant of the Allow statements that apply.
func (q *query) largestGrant(action []byte, policies []*Policy) Grant {
	largest := NoGrant
	var space [8]uint64
	for _, p := range policies {
		set := p.allows.find(q.action, action, space[:0])
		for i := range p.statements {
			s := &p.statements[i]
			if !has(set, i) {
				continue
			}
			if g := s.grantTo(p.kind, q); g > largest && s.resourceMatches(p.kind, q) && s.conditionsHold(q) {
				largest = g
			}
		}
		clear(space[:])
	}
	return largest
}

// decide combines the layers.
func (j *judge) decide(r *Request) {
	for i := range j.out.Layers {
		if j.out.Layers[i].Decision == ExplicitDeny {
			j.conclude(ExplicitDeny, i, j.out.Layers[i].title()+" explicitly "+j.out.Layers[i].verb("deny", "denies")+" it")
			return
		}
	}
	for i := range j.out.Layers {
		l := &j.out.Layers[i]
		limit := l.Kind == policy.ServiceControl || l.Kind == policy.Endpoint
		if limit && l.Exempt == "" && l.Decision != Allowed {
			j.silent(i)
			return
		}
	}
	switch {
	case j.out.CrossAccount && isKey(r.Resource) && !listed(foreignToKey, j.action):
		j.conclude(ImplicitDeny, -1, "AWS KMS does not offer this action on a key of another account")
	case j.out.CrossAccount:
		j.acrossAccounts()
	case j.class > rootCaller:
		j.byResource()
	default:
		j.insideAccount(r)
	}
}

func (j *judge) conclude(d Decision, layer int, reason string) {
	j.out.Decision, j.out.Decided, j.out.Reason = d, layer, reason
}

// silent concludes that a layer which had to allow the request does not.
func (j *judge) silent(layer int) {
	l := &j.out.Layers[layer]
	reason := l.title() + " " + l.verb("do", "does") + " not allow it"
	switch {
	case l.Kind == policy.SessionPolicy && len(l.Policies) == 0:
		reason = "a federated user session without session policies has no permissions"
	case len(l.Policies) == 0:
		reason = fmt.Sprintf("there %s no %s", l.verb("are", "is"), l.noun)
		if l.Kind == policy.ServiceControl {
			reason += " at " + l.Level
		}
	}
	j.conclude(ImplicitDeny, layer, reason)
}

// acrossAccounts: both accounts must allow the request.
func (j *judge) acrossAccounts() {
	resource := j.layer(policy.ResourceBased)
	if j.out.Layers[resource].Decision != Allowed {
		j.silent(resource)
		return
	}
	if j.blocked(policy.IdentityBased, policy.PermissionsBoundary, policy.SessionPolicy) {
		return
	}
	j.conclude(Allowed, resource, "the resource's account allows it by a resource-based policy, and the caller's account allows it too")
}

// byResource: who is in no account can only be allowed by the resource.
func (j *judge) byResource() {
	resource := j.layer(policy.ResourceBased)
	if j.out.Layers[resource].Decision != Allowed {
		j.silent(resource)
		return
	}
	j.conclude(Allowed, resource, j.out.Layers[resource].title()+" allows it")
}

// insideAccount: one allow suffices for most resources; how far an allow of the resource
// reaches depends on whom it names.
func (j *judge) insideAccount(r *Request) {
	resource, grant := j.layer(policy.ResourceBased), NoGrant
	if resource >= 0 {
		grant = j.out.Layers[resource].Grant
	}
	if grant == NoGrant && j.mustBeNamed(r) {
		j.silent(resource)
		return
	}
	switch {
	case grant == DirectGrant:
		j.conclude(Allowed, resource, j.out.Layers[resource].title()+" allows the caller itself, which needs no other allow")
	case grant == SourceGrant:
		if j.blocked(policy.PermissionsBoundary, policy.SessionPolicy) {
			return
		}
		j.conclude(Allowed, resource, j.out.Layers[resource].title()+" allows the role or user of the session, and nothing limits it")
	default:
		if j.blocked(policy.IdentityBased, policy.PermissionsBoundary, policy.SessionPolicy) {
			return
		}
		j.concludeByIdentity()
	}
}

func (j *judge) concludeByIdentity() {
	if j.class == rootCaller {
		j.conclude(Allowed, -1, "the root user has full access to its account, and nothing limits it")
		return
	}
	j.conclude(Allowed, j.layer(policy.IdentityBased), "the identity-based policies allow it, and no layer denies it")
}

// blocked concludes if a layer of one of the kinds counts and does not allow the request.
func (j *judge) blocked(kinds ...policy.Kind) bool {
	for _, kind := range kinds {
		i := j.layer(kind)
		if i >= 0 && j.out.Layers[i].Exempt == "" && j.out.Layers[i].Decision != Allowed {
			j.silent(i)
			return true
		}
	}
	return false
}

// layer returns the index of the layer of a kind, or -1.
func (j *judge) layer(kind policy.Kind) int {
	for i := range j.out.Layers {
		if j.out.Layers[i].Kind == kind {
			return i
		}
	}
	return -1
}
