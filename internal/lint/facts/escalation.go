package facts

import (
	_ "embed" // the tables
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/tsv"
)

//go:embed escalation.tsv
var escalationTable string

// A Path is a way in which a principal gains more permissions than it was given.
type Path struct {
	ID      string
	Kind    string   // new-passrole, existing-passrole, principal-access or self-escalation
	Service string   // the principal of the service that a role is passed to; empty: none is
	Actions []string // all of them are needed
}

var paths = sync.OnceValue(func() []Path {
	var out []Path
	for _, row := range tsv.Rows(escalationTable, 4) {
		out = append(out, Path{row[0], row[1], row[2], strings.Split(row[3], ",")})
	}
	return out
})

// Paths returns the known paths. The result is shared: callers must not change it.
func Paths() []Path { return paths() }

// Means says how a path works.
func (p Path) Means() string {
	switch p.Kind {
	case "new-passrole":
		return "code of one's own runs with a role that is passed to it"
	case "existing-passrole":
		return "code of one's own runs with the role that a resource has"
	case "principal-access":
		return "another principal's permissions are had"
	}
	return "the permissions of the holder are changed"
}

// CredentialActions returns actions whose answers are credentials: those of other principals, of
// databases, registries and devices. Source: the API references of the services.
func CredentialActions() []string {
	return []string{
		"chime:CreateApiKey", "codepipeline:PollForJobs", "cognito-identity:GetCredentialsForIdentity", "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
		"connect:GetFederationToken", "ec2:GetPasswordData", "gamelift:RequestUploadCredentials", "iam:CreateAccessKey", "iam:CreateLoginProfile",
		"iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential", "iam:UpdateLoginProfile", "lightsail:GetInstanceAccessDetails",
		"lightsail:GetRelationalDatabaseMasterUserPassword", "rds-db:connect", "redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM",
		"redshift-serverless:GetCredentials", "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "sso:GetRoleCredentials",
	}
}

// DataActions returns actions that read or copy what was stored. Source: the API references of
// the services.
func DataActions() []string {
	return []string{
		"s3:GetObject", "s3:GetObjectVersion", "dynamodb:GetItem", "dynamodb:Scan", "dynamodb:Query", "dynamodb:ExportTableToPointInTime",
		"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "sqs:ReceiveMessage", "kinesis:GetRecords", "rds:CreateDBSnapshot", "rds:StartExportTask",
		"ebs:GetSnapshotBlock", "logs:GetLogEvents", "codecommit:GitPull", "athena:GetQueryResults", "redshift-data:GetStatementResult",
	}
}

// exposing are actions that give others access: the policies and permissions of resources.
// Source: the API references of the services.
var exposing = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, action := range strings.Fields(`
		s3:PutBucketPolicy s3:PutBucketAcl s3:PutObjectAcl s3:PutObjectVersionAcl s3:PutAccessPointPolicy s3:PutBucketPublicAccessBlock
		s3:PutAccountPublicAccessBlock s3:DeleteBucketPolicy kms:PutKeyPolicy kms:CreateGrant lambda:AddPermission lambda:AddLayerVersionPermission
		sqs:AddPermission sqs:SetQueueAttributes sns:AddPermission sns:SetTopicAttributes secretsmanager:PutResourcePolicy
		ecr:SetRepositoryPolicy ecr-public:SetRepositoryPolicy ec2:ModifyImageAttribute ec2:ModifySnapshotAttribute
		ec2:AuthorizeSecurityGroupIngress rds:ModifyDBSnapshotAttribute rds:ModifyDBClusterSnapshotAttribute rds:AuthorizeDBSecurityGroupIngress
		ram:CreateResourceShare ram:AssociateResourceShare es:UpdateDomainConfig elasticfilesystem:PutFileSystemPolicy glacier:SetVaultAccessPolicy
		glue:PutResourcePolicy backup:PutBackupVaultAccessPolicy dynamodb:PutResourcePolicy kinesis:PutResourcePolicy events:PutPermission
		logs:PutResourcePolicy codeartifact:PutDomainPermissionsPolicy codeartifact:PutRepositoryPermissionsPolicy organizations:PutResourcePolicy
		acm-pca:PutPolicy iam:UpdateAssumeRolePolicy iot:AttachPolicy lakeformation:GrantPermissions redshift:AuthorizeSnapshotAccess`) {
		out[action] = true
	}
	return out
})

// Exposes reports whether an action, spelled as in the catalog, gives others access.
func Exposes(action string) bool { return exposing()[action] }
