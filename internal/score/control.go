package score

import "github.com/aegis-iam/aegis/internal/policy"

// A Severity is how bad it is to fail a control, in the words of AWS Security Hub.
type Severity string

// The severities.
const (
	Critical Severity = "CRITICAL"
	High     Severity = "HIGH"
	Medium   Severity = "MEDIUM"
	Low      Severity = "LOW"
)

// A Control is something that a document must not allow. Its ID is never renamed or used again.
type Control struct {
	ID       string
	Title    string
	Severity Severity
	Impact   int    // what failing it costs
	Why      string // the rationale, a sentence or two

	SecurityHub string // its identifier in AWS Security Hub, if it is published there

	check func(*inquiry) verdict
}

// Controls returns the controls for documents of a kind, in the order of reports; none for kinds
// that limit and do not allow. The result is shared: callers must not change it.
func Controls(kind policy.Kind) []Control { return controlsOf(kind) }

func controlsOf(kind policy.Kind) []Control {
	switch kind {
	case policy.IdentityBased:
		return permissionControls
	case policy.Trust:
		return trustControls
	case policy.ResourceBased:
		return resourceControls
	}
	return nil
}

var permissionControls = []Control{
	{
		ID: "IAM.1", Title: "No full administrative privileges", Severity: High, Impact: 35, SecurityHub: "IAM.1", check: administers,
		Why: "Whoever holds the policy can do most of what AWS offers, and give permissions to anybody. Security Hub: IAM.1.",
	},
	{
		ID: "IAM.21", Title: "No wildcard service actions", Severity: Low, Impact: 10, SecurityHub: "IAM.21", check: wholeService,
		Why: "Every action of a service, or of a sort of its resources, is more than a task needs, and grows when AWS adds actions. Security Hub: IAM.21.",
	},
	{
		ID: "Resource Wildcard", Title: "No wildcard resources", Severity: Medium, Impact: 20, check: wildcardResource,
		Why: "An action that could be limited to named resources is allowed on one that nobody has named.",
	},
	{
		ID: "Condition Check", Title: "Sensitive access is conditional", Severity: Medium, Impact: 10, check: unconditional,
		Why: "Changing permissions, or changing and reading data of unnamed resources, is allowed from anywhere, to any session, without multi-factor authentication.",
	},
	{
		ID: "AEGIS.1", Title: "No privilege escalation", Severity: High, Impact: 35, check: escalates,
		Why: "The holder can gain more permissions than the policy gives, which no other control sees where few actions suffice. The ways are those of the lint rule privilege-escalation.",
	},
}

var trustControls = []Control{
	{
		ID: "TRUST.1", Title: "Not everybody may assume the role", Severity: Critical, Impact: 60, check: publicTrust,
		Why: "Any principal of any account becomes the role.",
	},
	{
		ID: "TRUST.2", Title: "No whole account without a condition", Severity: Medium, Impact: 20, check: accountTrust,
		Why: "Every principal of an account that may call sts:AssumeRole becomes the role; who that is, the other account decides.",
	},
	{
		ID: "TRUST.3", Title: "Other accounts prove who they are", Severity: Medium, Impact: 10, check: partnerTrust,
		Why: "A third party that serves many customers can be talked into using the role for another one (the confused deputy), unless an external ID, an organization or another condition tells them apart.",
	},
	{
		ID: "TRUST.4", Title: "Services act for a known source", Severity: Low, Impact: 10, check: deputyTrust,
		Why: "A service that acts on behalf of many accounts can assume the role for one that is not meant, unless aws:SourceArn, aws:SourceAccount or aws:SourceOrgID says which.",
	},
	{
		ID: "TRUST.5", Title: "Identity provider tokens are of a known subject", Severity: High, Impact: 35, check: subjectTrust,
		Why: "Anybody who can get a token of the provider, such as any GitHub user, becomes the role.",
	},
	{
		ID: "TRUST.6", Title: "Identity provider tokens are for a known audience", Severity: Medium, Impact: 10, check: audienceTrust,
		Why: "A token that was made for another service can be replayed to become the role.",
	},
}

var resourceControls = []Control{
	{
		ID: "RESOURCE.1", Title: "Not public", Severity: Critical, Impact: 60, check: publicResource,
		Why: "Anybody of any account has access. Security Hub asks the same of single services: S3.2, S3.3, KMS.5, Lambda.1, SQS.3, SNS.4.",
	},
	{
		ID: "RESOURCE.2", Title: "No whole other account without a condition", Severity: Medium, Impact: 20, check: accountResource,
		Why: "Who has access is decided by another account.",
	},
	{
		ID: "RESOURCE.3", Title: "Services act for a known source", Severity: Medium, Impact: 20, check: deputyResource,
		Why: "A service that acts on behalf of many accounts uses the resource for whoever tells it to (the confused deputy), unless aws:SourceArn, aws:SourceAccount or aws:SourceOrgID says for whom.",
	},
}
