package facts

import "strings"

// A Provider is an identity provider of OpenID Connect.
type Provider struct {
	Host     string // what stands before the colon of its condition keys
	Name     string
	What     string // what its tokens are for
	Where    string
	Stranger string // the subject of a token of somebody whom no policy means; empty: not known
	Example  string // a subject that names one thing
}

// ProviderOf reads the name of an identity provider in a trust policy: its ARN or its domain. It
// reports false for providers of SAML. Source of the forms of subjects: the guides of GitHub
// ("About security hardening with OpenID Connect"), GitLab ("OpenID Connect in AWS") and Amazon
// EKS ("Assign IAM roles to Kubernetes service accounts").
func ProviderOf(id string) (Provider, bool) {
	if strings.Contains(id, ":saml-provider/") {
		return Provider{}, false
	}
	host := id
	if _, after, ok := strings.Cut(id, ":oidc-provider/"); ok {
		host = after
	}
	p := Provider{Host: host, Name: host, What: "a token", Where: "at " + host}
	switch {
	case host == "token.actions.githubusercontent.com":
		p.Name, p.What, p.Where = "GitHub", "a workflow", "at GitHub"
		p.Stranger, p.Example = "repo:zq7stranger/zq7stranger:ref:refs/heads/main", "repo:ORG/REPOSITORY:ref:refs/heads/main"
	case host == "gitlab.com":
		p.Name, p.What, p.Where = "GitLab", "a pipeline", "at GitLab"
		p.Stranger, p.Example = "project_path:zq7stranger/zq7stranger:ref_type:branch:ref:main", "project_path:GROUP/PROJECT:ref_type:branch:ref:main"
	case strings.HasPrefix(host, "oidc.eks."):
		p.Name, p.What, p.Where = "the cluster", "a pod", "in the cluster"
		p.Stranger, p.Example = "system:serviceaccount:zq7stranger:zq7stranger", "system:serviceaccount:NAMESPACE:SERVICEACCOUNT"
	}
	return p, strings.Contains(host, ".")
}

// Names reports whether the start of a subject ends within the name of an owner, so that others
// can choose a name that begins with it.
func (p Provider) Names(start string) bool {
	owner, ok := strings.CutPrefix(start, strings.SplitAfter(p.Stranger, ":")[0])
	return ok && p.Where != "in the cluster" && !strings.Contains(owner, "/")
}

// ActsForOthers reports whether a service uses resources on behalf of whoever tells it to, and
// says for whom. Those that act for the account that they run in need no source.
func ActsForOthers(service string) bool {
	switch service {
	case "ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "edgelambda.amazonaws.com",
		"logdelivery.elasticloadbalancing.amazonaws.com", "elasticloadbalancing.amazonaws.com":
		return false
	}
	return !strings.HasPrefix(service, "ec2.")
}
