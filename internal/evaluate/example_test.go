package evaluate_test

import (
	"fmt"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

func Example() {
	document, err := policy.Parse([]byte(`{
		"Version": "2012-10-17",
		"Statement": {
			"Effect": "Allow",
			"Action": "s3:GetObject",
			"Resource": "arn:aws:s3:::home/${aws:username}/*"
		}
	}`))
	if err != nil {
		panic(err)
	}
	compiled, err := evaluate.Compile(document, policy.IdentityBased)
	if err != nil {
		panic(err)
	}
	request := evaluate.Request{
		Action:   "s3:GetObject",
		Resource: "arn:aws:s3:::home/eva/notes.txt",
		Context:  evaluate.Context{"aws:username": {"eva"}},
	}
	fmt.Println(evaluate.Evaluate(request, compiled))

	request.Context = nil
	explanation := evaluate.Explain(request, compiled)
	fmt.Print(explanation.String())
	// Output:
	// Allowed
	// ImplicitDeny: s3:GetObject on arn:aws:s3:::home/eva/notes.txt; no statement allows it
	// policy 1 statement 1 does not allow it: the resource does not match
	// missing from the request: aws:username
}
