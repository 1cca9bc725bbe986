package aegis_test

import (
	"context"
	"fmt"

	"github.com/aegis-iam/aegis"
)

func ExampleGenerate() {
	answer, err := aegis.Generate(context.Background(), "upload to the bucket media, but not delete")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Status)
	fmt.Printf("%s\n", answer.Policy.JSON())
	// Output:
	// proved
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "AllowS3PutObject",
	//       "Effect": "Allow",
	//       "Action": "s3:PutObject",
	//       "Resource": "arn:aws:s3:::media/*"
	//     }
	//   ]
	// }
}

// A policy must not go beyond a permissions boundary; what does is told, with the statement.
func ExampleWithin() {
	boundary, err := aegis.Parse([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}`))
	if err != nil {
		panic(err)
	}
	answer, err := aegis.Generate(context.Background(), "upload to the bucket media", aegis.Within("the boundary", boundary))
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.Status)
	for _, fit := range answer.Within {
		for _, access := range fit.Beyond {
			fmt.Printf("not within %s: %s on %s, by %s\n", fit.Ceiling, access.Action, access.Resource, access.AllowedBy[0])
		}
	}
	// Output:
	// assumed
	// not within the boundary: s3:PutObject on arn:aws:s3:::media/x, by AllowS3PutObject
}

func ExampleComply() {
	policy := []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}`)
	report, err := aegis.Comply(policy, "", nil, "fsbp")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, failure := range report.Failures() {
		fmt.Println(failure.Line, failure.Check, failure.Message)
	}
	// Output:
	// 1 service-wildcard every action of Amazon Simple Storage Service (S3) is allowed
}

func ExampleValidate() {
	policy := []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}`)
	reference, err := aegis.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := aegis.Validate(policy, "", nil, reference, "cis")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Score.Score, v.Score.Grade, len(v.Lint.Findings), v.Failing(), v.Beyond.Accesses[0].Request.Action)
	// Output:
	// 70 C 1 0 sqs:SendMessage
}

func ExampleExplain() {
	document, err := aegis.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(aegis.Explain(document, aegis.KindOf(document)).Statements[0].Text)
	// Output:
	// Allows the Amazon SQS action SendMessage on the queue jobs in eu-west-1 of account 111122223333.
}

func ExampleEvaluate() {
	document, err := aegis.Parse([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Sid": "Objects", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::media/*"},
		{"Sid": "Keep", "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	request := aegis.Request{Action: "s3:DeleteObject", Resource: "arn:aws:s3:::media/a.png"}
	why, err := aegis.Evaluate(request, document)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(why.Decision, "by", why.Deciding()[0].Sid)
	// Output:
	// ExplicitDeny by Keep
}

func ExampleConversation_Follow() {
	ctx := context.Background()
	talk, _, err := aegis.Conversation{}.Follow(ctx, "download from the bucket media")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, answer, err := talk.Follow(ctx, "only below 2026/")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, access := range answer.Changes.Gained {
		fmt.Println("gained", access.Action)
	}
	fmt.Println(answer.Policy.Statements[0].Resources[0].Text)
	// Output:
	// arn:aws:s3:::media/2026/*
}

func ExampleLint() {
	findings := aegis.Lint([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "s3:GetObjet", "Resource": "arn:aws:s3:::media/*"}]}`), "")
	for _, f := range findings {
		fmt.Println(f.Position, f.Severity, f.Message, f.Notes)
	}
	// Output:
	// 2:33 error no AWS service has an action "s3:GetObjet" [did you mean s3:GetObject?]
}

func ExampleScore() {
	document, err := aegis.Parse([]byte(`{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::*/*"}
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := aegis.Score(document, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Score, report.Grade)
	for _, control := range report.Failed() {
		fmt.Printf("%s -%d: %s\n", control.ID, control.Impact, control.Witness)
	}
	// Output:
	// 70 C
	// Resource Wildcard -20: s3:DeleteObject on arn:aws:s3:::zq7stranger/zq7stranger
	// Condition Check -10: s3:DeleteObject on arn:aws:s3:::zq7stranger/zq7stranger
}

func ExampleCompare() {
	before, err := aegis.Parse([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::media/*"},
		{"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::media/audit/*"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	after := before.Clone()
	after.Statements = after.Statements[:1]
	changes, err := aegis.Compare(before, after)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range changes.Gained.Differences {
		fmt.Println("gained", d.Request.Action, "on", d.Request.Resource)
	}
	fmt.Println("nothing lost:", changes.Lost.Verdict == aegis.NoDifference)
	// Output:
	// gained s3:GetObject on arn:aws:s3:::media/audit/
	// nothing lost: true
}

func ExampleAuthorize() {
	world, err := aegis.ParseScenario("org.yaml", []byte(`
organization:
  units:
    Prod: {scps: [FullAWSAccess, europe], accounts: [111111111111]}
policies:
  europe:
    Version: 2012-10-17
    Statement:
      - {Sid: Europe, Effect: Deny, Action: "*", Resource: "*", Condition: {StringNotEquals: {aws:RequestedRegion: eu-west-1}}}
principals:
  app: {arn: "arn:aws:iam::111111111111:role/app", policies: AdministratorAccess}
`), nil)
	if err != nil {
		panic(err)
	}
	verdict, err := aegis.Authorize(world, aegis.Query{
		Principal: "app", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:us-east-1:111111111111:jobs",
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(verdict.Authorization.Decision)
	fmt.Println(verdict.Authorization.Reason)
	fmt.Println(verdict.Plans[0][0].Text)
	// Output:
	// ExplicitDeny
	// the service control policies at the unit Prod explicitly deny it
	// make the request with aws:RequestedRegion=eu-west-1
}
