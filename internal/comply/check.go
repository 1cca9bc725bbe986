package comply

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/power"
)

// A Check is one question about a document, to which controls of several frameworks may come.
type Check struct {
	ID    string
	Title string // what breaks it
	// Beyond is what else has to be looked at: the check then fails or is not assessable. Empty:
	// a policy alone tells.
	Beyond string
	Kinds  []policy.Kind // of the policies that it is about, where a framework of a user says it

	about about
	ask   func(*run) Outcome // nil: a policy tells nothing of it
}

// About says which policies the check is about.
func (c *Check) About() string {
	if len(c.Kinds) == 0 {
		return string(c.about)
	}
	names := make([]string, len(c.Kinds))
	for i, k := range c.Kinds {
		names[i] = string(k)
	}
	return "policies of kind " + strings.Join(names, ", ")
}

// Decidable says how far a policy alone tells: "yes", "partly" or "no".
func (c *Check) Decidable() string {
	switch {
	case c.ask == nil:
		return "no"
	case c.Beyond != "":
		return "partly"
	}
	return "yes"
}

// Checks returns the checks that frameworks can name, in the order of their IDs.
func Checks() []*Check { return checks }

// checkOf returns the check of an ID, or nil.
func checkOf(id string) *Check {
	i := slices.IndexFunc(checks, func(c *Check) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return checks[i]
}

const blockPublic = "the block public access settings and the ACLs of the bucket and the account count too"

// What the checks ask is from the control references of the AWS Security Hub User Guide, with
// requests in the place of the texts of statements.
var checks = []*Check{
	{ID: "account-settings", about: bucket, Title: "Settings of an account or a bucket", Beyond: "settings of the account and the bucket stand in no policy: ask for them with s3control get-public-access-block"},
	{ID: "assume-role-all", about: identity, Title: "Roles that are not named may be assumed", ask: func(r *run) Outcome {
		return r.says(r.holder.AssumesAny(), "roles of any name may be assumed")
	}},
	{ID: "bucket-cross-account", about: bucket, Title: "Another account may change the policy, the ACLs or the encryption of the bucket", ask: crossAccount},
	{ID: "bucket-public-read", about: bucket, Title: "Anybody may read the bucket", Beyond: blockPublic, ask: func(r *run) Outcome {
		return r.says(r.holder.Public(r.bucketActions(true)...), "anybody may use %a, unless block public access is on")
	}},
	{ID: "bucket-public-write", about: bucket, Title: "Anybody may write to the bucket or change it", Beyond: blockPublic, ask: func(r *run) Outcome {
		return r.says(r.holder.Public(r.bucketActions(false)...), "anybody may use %a, unless block public access is on")
	}},
	{ID: "bucket-tls", about: bucket, Title: "A request without TLS is not denied", ask: func(r *run) Outcome {
		return r.says(r.holder.PlainText(), "no Deny statement keeps out %a without TLS, by whomever it may be allowed")
	}},
	{ID: "cloudshell-all", about: identity, Title: "All of AWS CloudShell is allowed, as by AWSCloudShellFullAccess", Beyond: "whether AWSCloudShellFullAccess is attached tells only the account: iam list-entities-for-policy", ask: func(r *run) Outcome {
		return r.says(r.holder.Whole("cloudshell"), "every action of AWS CloudShell is allowed, as by AWSCloudShellFullAccess")
	}},
	{ID: "cloudtrail-all", about: identity, Title: "All of AWS CloudTrail is allowed", ask: func(r *run) Outcome {
		return r.says(r.holder.Whole("cloudtrail"), "every action of AWS CloudTrail is allowed")
	}},
	{ID: "credentials", about: identity, Title: "Passwords, access keys and MFA devices", Beyond: "credentials stand in no policy: look at the credential report and the password policy of the account"},
	{ID: "full-admin", about: identity, Title: "Full administrative privileges are given", ask: func(r *run) Outcome {
		return r.says(r.holder.Administers(), "full administrative privileges are given: every service, and the permissions of every identity")
	}},
	{ID: "function-public", about: function, Title: "Anybody may use the function, be it by events of a bucket", ask: functionPublic},
	{ID: "key-public", about: key, Title: "Anybody may use the key", ask: anybody},
	{ID: "kms-all", about: identity, Title: "All of AWS KMS is allowed", ask: func(r *run) Outcome {
		return r.says(r.holder.Whole("kms"), "every action of AWS KMS is allowed")
	}},
	{ID: "kms-decrypt-all", about: identity, Title: "Decryption with keys that are not named is allowed", ask: func(r *run) Outcome {
		return r.says(r.holder.Decrypts(), "%a is allowed with keys of any name in any Region")
	}},
	{ID: "privilege-escalation", about: identity, Title: "The holder can gain more permissions than the policy gives", ask: escalates},
	{ID: "public-access", about: principal, Title: "Anybody has access", ask: anybody},
	{ID: "queue-public", about: queue, Title: "Anybody may use the queue", ask: anybody},
	{ID: "service-wildcard", about: identity, Title: "All of a service is allowed", ask: func(r *run) Outcome {
		a := r.holder.WholeService()
		prefix, _, _ := strings.Cut(a.Request.Action, ":")
		return r.says(a, "every action of "+r.checker.Catalog.ServiceName(prefix)+" is allowed")
	}},
	{ID: "topic-public", about: topic, Title: "Anybody may use the topic", ask: anybody},
	{ID: "user-attachment", about: identity, Title: "Policies are attached to users", Beyond: "what a policy is attached to stands in the account: iam list-entities-for-policy"},
}

func anybody(r *run) Outcome { return r.says(r.holder.Public(), "anybody may use %a") }

// functionPublic also asks for events of buckets, whose names anybody can choose (AWS Security Hub,
// "Lambda.1").
func functionPublic(r *run) Outcome {
	if o := anybody(r); o.Result != Pass {
		return o
	}
	return r.says(r.holder.ByService("s3.amazonaws.com"), "any bucket of any account may have Amazon S3 use %a: a condition on aws:SourceAccount would say whose")
}

// bucketActions returns the actions of S3 that only read, or the others.
func (r *run) bucketActions(read bool) []string {
	s, ok := r.checker.Catalog.Service("s3")
	if !ok {
		return nil
	}
	var out []string
	for _, a := range s.Actions {
		if read == (a.Level == catalog.Read || a.Level == catalog.List) {
			out = append(out, a.String())
		}
	}
	return out
}

// guarded are the actions that no other account should have (AWS Security Hub, "S3.6").
var guarded = []string{"s3:DeleteBucketPolicy", "s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:PutEncryptionConfiguration", "s3:PutObjectAcl"}

func crossAccount(r *run) Outcome {
	own := r.checker.Accounts
	if len(own) == 0 {
		return Outcome{Result: NotAssessable, Message: "whose bucket it is stands in no policy: name your accounts (--account)"}
	}
	foreign, unclear := principalsBeyond(r.holder.Document, own)
	where := []policy.Condition{
		{Operator: "StringNotEqualsIfExists", Key: "aws:PrincipalAccount", Values: texts(own)},
		{Operator: "ArnNotLikeIfExists", Key: "aws:PrincipalArn"},
	}
	for _, account := range own {
		where[1].Values = append(where[1].Values, policy.Text{Text: "arn:*:*::" + account + ":*"})
	}
	if len(foreign.AWS) > 0 {
		a := r.holder.LetsIn(foreign, where, guarded...)
		if o := r.says(a, a.Request.Principal+", of another account, may use %a"); o.Result != Pass {
			return o
		}
	}
	for _, p := range unclear {
		if a := r.holder.LetsIn(p, where, guarded...); a.Given() {
			return Outcome{Result: NotAssessable, Message: "whose principal " + a.Request.Principal + " is cannot be told: name the principal by its ARN"}
		}
	}
	return Outcome{Result: Pass}
}

// principalsBeyond returns the principals that are not of one's own accounts, an account that no
// statement names included, and those of which it cannot be told.
func principalsBeyond(d *policy.Document, own []string) (foreign *policy.Principal, unclear []*policy.Principal) {
	foreign = &policy.Principal{AWS: slices.Clone(power.Stranger(d).Principal.AWS)}
	for i := range d.Statements {
		p := d.Statements[i].Principal
		if p == nil || d.Statements[i].Effect != policy.Allow {
			continue
		}
		for _, t := range p.AWS {
			account := t.Text
			if a, err := arn.Parse(t.Text); err == nil {
				account = a.AccountID
			}
			switch {
			case t.Text == "*" || slices.Contains(own, account):
			case arn.IsAccountID(account):
				foreign.AWS = append(foreign.AWS, t)
			default:
				unclear = append(unclear, &policy.Principal{AWS: []policy.Text{t}})
			}
		}
		if len(p.CanonicalUser) > 0 {
			unclear = append(unclear, &policy.Principal{CanonicalUser: p.CanonicalUser})
		}
	}
	return foreign, unclear
}

func texts(values []string) []policy.Text {
	var out []policy.Text
	for _, v := range values {
		out = append(out, policy.Text{Text: v})
	}
	return out
}

// escalates asks the lint rule, which has nothing to say of a policy that gives everything anyway.
func escalates(r *run) Outcome {
	if o := r.says(r.holder.Administers(), "everything is allowed, other permissions included"); o.Result != Pass {
		return o
	}
	return r.lints("privilege-escalation")
}

// lints makes an outcome of the findings of a rule that are as severe as the rule is.
func (r *run) lints(id string) Outcome {
	i := slices.IndexFunc(r.checker.Rules, func(rule lint.Rule) bool { return rule.ID == id })
	if i < 0 || r.checker.Lint == nil {
		return Outcome{Result: NotAssessable, Message: "the rule " + id + " is not there"}
	}
	rule := r.checker.Rules[i]
	if !rule.Applies(r.subject.kind) {
		return Outcome{Result: NotApplicable, Message: "the rule " + id + " is about other kinds of policies"}
	}
	found := r.checker.Lint([]lint.Rule{rule}, r.source.String(), r.subject.kind)
	worst := slices.IndexFunc(found, func(f finding.Finding) bool { return f.Severity >= rule.Severity })
	if worst < 0 {
		return Outcome{Result: Pass}
	}
	f := found[worst]
	return r.at(Outcome{Result: Fail, Message: f.Message, Witness: f.Witness}, f.Position)
}
