package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"
)

// Why an account could not be read.
var (
	ErrSettings    = errors.New("the AWS settings cannot be used")
	ErrEndpoint    = errors.New("the endpoint is no URL with http or https")
	ErrRegion      = errors.New("no Region is set")
	ErrCredentials = errors.New("there are no AWS credentials")
	ErrRefused     = errors.New("the AWS credentials were not accepted")
	ErrNotEnabled  = errors.New("Security Hub is not enabled in this account and Region") //nolint:staticcheck // a name begins it
	ErrDenied      = errors.New("access denied")
	ErrThrottled   = errors.New("too many requests")
	ErrTimeout     = errors.New("no answer in time")
)

// hints are the next steps.
var hints = []struct {
	err  error
	hint string
}{
	{ErrRegion, "name it with --region or AWS_REGION"},
	{ErrEndpoint, "write it as https://HOST"},
	{ErrSettings, "check --profile, AWS_PROFILE and the files of the AWS command line"},
	{ErrCredentials, "set AWS_PROFILE or the keys in the environment, or sign in with 'aws sso login'"},
	{ErrRefused, "sign in again, and check the clock of this machine"},
	{ErrNotEnabled, "name the Region in which it is with --region, or enable it there"},
	{ErrDenied, "securityhub:BatchGetSecurityControls, ListStandardsControlAssociations and GetFindings are needed"},
	{ErrThrottled, "run the command again in a while"},
	{ErrTimeout, "check the network, the proxy and --endpoint-url"},
}

// hint returns the next step, where there is one.
func hint(err error) string {
	for _, h := range hints {
		if errors.Is(err, h.err) {
			return h.hint
		}
	}
	return ""
}

// causes are what the codes of AWS mean. InvalidAccessException is what Security Hub answers where it
// is not enabled; the codes of signatures are those of the IAM User Guide, "Common errors".
var causes = map[string]error{
	"InvalidAccessException":      ErrNotEnabled,
	"AccessDeniedException":       ErrDenied,
	"AccessDenied":                ErrDenied,
	"LimitExceededException":      ErrThrottled,
	"TooManyRequestsException":    ErrThrottled,
	"Throttling":                  ErrThrottled,
	"ThrottlingException":         ErrThrottled,
	"UnrecognizedClientException": ErrRefused,
	"InvalidClientTokenId":        ErrRefused,
	"InvalidSignatureException":   ErrRefused,
	"SignatureDoesNotMatch":       ErrRefused,
	"IncompleteSignature":         ErrRefused,
	"ExpiredToken":                ErrRefused,
	"ExpiredTokenException":       ErrRefused,
}

// noCredentials says why there are none. Of the last place that was looked in, the machine's own role,
// nothing is said: it means that none of the others had any.
func noCredentials(ctx context.Context, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return ErrTimeout
	case strings.Contains(err.Error(), "EC2 IMDS"):
		return ErrCredentials
	}
	return fmt.Errorf("%w: %s", ErrCredentials, line(err.Error()))
}

// explain puts before an error what it means, and takes out of it what says nothing to a person.
func explain(ctx context.Context, err error) error {
	var api smithy.APIError
	var operation *smithy.OperationError
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return ErrTimeout
	case errors.As(err, &api):
		if cause, known := causes[api.ErrorCode()]; known {
			return fmt.Errorf("%w: %s", cause, line(api.ErrorMessage()))
		}
		return fmt.Errorf("%s: %s", api.ErrorCode(), line(api.ErrorMessage()))
	case errors.As(err, &operation):
		return fmt.Errorf("%s: %s", operation.Operation(), line(operation.Unwrap().Error()))
	}
	return err
}

// line puts a text of a server on one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }
