package app

// wordings are ways of engineers to say things, each with what must come out.
var wordings = []behaviour{
	{name: "API names in brackets", turns: []string{"writes to the table carts (PutItem, UpdateItem), nothing else"},
		allow: []string{"dynamodb:PutItem arn:aws:dynamodb:eu-west-1:111122223333:table/carts", "dynamodb:UpdateItem arn:aws:dynamodb:eu-west-1:111122223333:table/carts"},
		deny:  []string{"dynamodb:DeleteItem arn:aws:dynamodb:eu-west-1:111122223333:table/carts", "dynamodb:PutItem arn:aws:dynamodb:eu-west-1:111122223333:table/other"}},
	{name: "API names without the service", turns: []string{"StartConfigurationSession & GetLatestConfiguration for application shop, environment prod"},
		allow: []string{"appconfig:GetLatestConfiguration arn:aws:appconfig:eu-west-1:111122223333:application/shop/environment/prod/configuration/main"},
		deny:  []string{"appconfig:GetLatestConfiguration arn:aws:appconfig:eu-west-1:111122223333:application/shop/environment/test/configuration/main", "appconfig:ListEnvironments arn:aws:appconfig:eu-west-1:111122223333:application/shop"}},
	{name: "API name as the object of a verb", turns: []string{"support trigger AdminResetUserPassword on the cognito pool eu-west-1_AbCdEf123"},
		allow: []string{"cognito-idp:AdminResetUserPassword arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEf123"},
		deny:  []string{"lambda:CreateEventSourceMapping *"}},
	{name: "patterns of actions", turns: []string{"rds describe*, cloudwatch Get* and List*"},
		allow: []string{"rds:DescribeDBInstances *", "cloudwatch:GetMetricData *", "cloudwatch:ListMetrics *"},
		deny:  []string{"rds:ListTagsForResource arn:aws:rds:eu-west-1:111122223333:db:a", "cloudwatch:DescribeAlarms *"}},
	{name: "commands of the command line", turns: []string{"let ci run `aws eks update-kubeconfig` on cluster stage and aws ecr get-login-password"},
		allow: []string{"eks:DescribeCluster arn:aws:eks:eu-west-1:111122223333:cluster/stage", "ecr:GetAuthorizationToken *"},
		deny:  []string{"eks:DescribeCluster arn:aws:eks:eu-west-1:111122223333:cluster/prod", "eks:UpdateClusterConfig arn:aws:eks:eu-west-1:111122223333:cluster/stage"}},
	{name: "API names taken out", turns: []string{"everything in sqs except DeleteQueue and PurgeQueue"},
		allow: []string{"sqs:SendMessage arn:aws:sqs:eu-west-1:111122223333:jobs"},
		deny:  []string{"sqs:DeleteQueue arn:aws:sqs:eu-west-1:111122223333:jobs", "sqs:PurgeQueue arn:aws:sqs:eu-west-1:111122223333:jobs"}},
	{name: "the Id of one type is not that of another", turns: []string{"change records in hosted zone Z07ACMEZONE42 and GetChange to poll"},
		allow: []string{"route53:GetChange arn:aws:route53:::change/C123", "route53:ChangeResourceRecordSets arn:aws:route53:::hostedzone/Z07ACMEZONE42"},
		deny:  []string{"route53:ChangeResourceRecordSets arn:aws:route53:::hostedzone/Z08", "route53:GetHostedZone arn:aws:route53:::hostedzone/Z07ACMEZONE42"}},
}
