package account

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
)

// largest bounds an answer, in bytes.
const largest = 16 << 20

// A client calls Security Hub: JSON over HTTP, signed. The client of the SDK would do the same and
// make the program larger by all of its operations.
type client struct {
	settings aws.Config
	endpoint string
	retryer  *retry.Standard
}

// call makes a request and reads the answer into out. What AWS refuses is a smithy.APIError.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	for attempt := 1; ; attempt++ {
		err := c.once(ctx, method, path, body, out)
		if err == nil || attempt == c.retryer.MaxAttempts() || !c.retryable(err) {
			return err
		}
		delay, err := c.retryer.RetryDelay(attempt, err)
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(delay):
		}
	}
}

// retryable reports whether another attempt may succeed: as AWS advises, and where a server broke.
func (c *client) retryable(err error) bool {
	var api smithy.APIError
	return c.retryer.IsErrorRetryable(err) || errors.As(err, &api) && api.ErrorFault() == smithy.FaultServer
}

func (c *client) once(ctx context.Context, method, path string, body []byte, out any) (err error) {
	request, err := http.NewRequestWithContext(ctx, method, c.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	keys, err := c.settings.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, keys, request, hex.EncodeToString(sum[:]), "securityhub", c.settings.Region, time.Now()); err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	data, err := io.ReadAll(io.LimitReader(response.Body, largest))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return refusal(response, data)
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("read the answer to %s: %v", path, err)
	}
	return nil
}

// refusal reads an error of AWS: its code stands in a header, before a colon, or in the body.
func refusal(response *http.Response, data []byte) error {
	var body struct{ Code, Message string }
	if json.Unmarshal(data, &body) != nil {
		body.Message = ""
	}
	code, _, _ := strings.Cut(response.Header.Get("X-Amzn-Errortype"), ":")
	if code == "" {
		code = body.Code
	}
	if code == "" {
		code = response.Status
	}
	fault := smithy.FaultClient
	if response.StatusCode >= http.StatusInternalServerError {
		fault = smithy.FaultServer
	}
	return &smithy.GenericAPIError{Code: code, Message: body.Message, Fault: fault}
}

// newClient returns the client of a Region, at its endpoint or the one that is asked for.
func newClient(settings aws.Config, o Options) *client {
	domain := "amazonaws.com"
	if strings.HasPrefix(settings.Region, "cn-") {
		domain = "amazonaws.com.cn"
	}
	c := &client{settings: settings, endpoint: "https://securityhub." + settings.Region + "." + domain}
	if o.Endpoint != "" {
		c.endpoint = strings.TrimRight(o.Endpoint, "/")
	}
	c.retryer = retry.NewStandard(func(s *retry.StandardOptions) {
		if o.delay != nil {
			s.Backoff = o.delay
		}
	})
	return c
}
