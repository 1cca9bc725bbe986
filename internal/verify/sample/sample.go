// Package sample makes up what requests carry: ARNs of patterns, and contexts on both sides of
// the constraints of an intent. It reads constraints as the plain statements that they are and
// knows nothing of condition operators.
package sample

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// What requests have where the intent leaves it open.
const (
	Account      = "123456789012"
	OtherAccount = "999988887777"
	Region       = "us-east-1"
	OtherRegion  = "ap-south-1"
	Name         = "alpha"
)

// Variable is the value that a request has for the key of a policy variable.
func Variable(key string) string {
	switch strings.ToLower(key) {
	case "aws:principalaccount", "aws:resourceaccount", "aws:sourceaccount":
		return Account
	case "aws:userid":
		return "AIDAEXAMPLEUSERID0001"
	}
	return "sample-" + strings.ToLower(key[strings.LastIndexAny(key, ":/")+1:])
}

// Expand replaces the variables of a text by the values of the context, which gets a value
// for those that it lacks.
func Expand(text string, ctx evaluate.Context) string {
	if !strings.Contains(text, "${") {
		return text
	}
	var b strings.Builder
	last := 0
	for _, v := range policy.Variables(text) {
		if v.Defect != "" {
			continue
		}
		b.WriteString(text[last:v.Start])
		last = v.End
		switch {
		case v.Literal != 0:
			b.WriteByte(v.Literal)
		default:
			have := ctx.Values(v.Key)
			if len(have) == 0 {
				have = []string{Variable(v.Key)}
				ctx[v.Key] = have
			}
			b.WriteString(have[0])
		}
	}
	b.WriteString(text[last:])
	return b.String()
}

// Fill replaces the wildcards of a text: * by a name, ? by a letter.
func Fill(text string) string {
	if !strings.ContainsAny(text, "*?") {
		return text
	}
	return wildcards.Replace(text)
}

var wildcards = strings.NewReplacer("*", Name, "?", "k")

// Concrete makes an ARN of a pattern: variables from the context, regions and accounts that
// are left open from it too, names for what else is open.
func Concrete(pattern string, ctx evaluate.Context) string {
	pattern = Expand(pattern, ctx)
	if pattern == "*" {
		return pattern
	}
	f, n := arn.Fields(pattern)
	if n < len(f) {
		return Fill(pattern)
	}
	if strings.ContainsAny(f[1], "*?") {
		f[1] = "aws"
	}
	if f[3] == "*" {
		f[3] = First(strings.Join(ctx.Values("aws:RequestedRegion"), ""), Region)
	}
	if f[4] == "*" {
		f[4] = First(strings.Join(ctx.Values("aws:ResourceAccount"), ""), Account)
	}
	tail := ""
	// A log group's own ARN ends with :* in requests.
	if f[2] == "logs" && strings.HasSuffix(f[5], ":*") && strings.HasPrefix(f[5], "log-group:") {
		f[5], tail = strings.TrimSuffix(f[5], ":*"), ":*"
	}
	for i := 2; i < len(f); i++ {
		f[i] = Fill(f[i])
	}
	return strings.Join(f[:], ":") + tail
}

// Context is what every request carries. Who asks and where the resource lies is put in
// by Locate and by the caller.
func Context() evaluate.Context {
	return evaluate.Context{
		"aws:CurrentTime":     {"2025-06-01T12:00:00Z"},
		"aws:SecureTransport": {"true"},
		"aws:SourceIp":        {"198.51.100.10"},
		"aws:ViaAWSService":   {"false"},
	}
}

// Locate writes the keys that follow from the resource, unless a constraint has set them.
func Locate(ctx evaluate.Context, resource string) {
	region, account := Region, Account
	if f, n := arn.Fields(resource); n == len(f) {
		region, account = First(f[3], region), First(f[4], account)
	}
	setDefault(ctx, "aws:RequestedRegion", region)
	setDefault(ctx, "aws:ResourceAccount", account)
}

func setDefault(ctx evaluate.Context, key, value string) {
	for k := range ctx {
		if strings.EqualFold(k, key) {
			return
		}
	}
	ctx[key] = []string{value}
}

// Forbid takes a key away and keeps it from getting a default.
func Forbid(ctx evaluate.Context, key string) { Set(ctx, key) }

// Forget removes what Forbid has left.
func Forget(ctx evaluate.Context) {
	for k, v := range ctx {
		if len(v) == 0 {
			delete(ctx, k)
		}
	}
}

// Clone returns a copy of a context that shares only the lists of values.
func Clone(ctx evaluate.Context) evaluate.Context {
	out := make(evaluate.Context, len(ctx)+2)
	for k, v := range ctx {
		out[k] = v
	}
	return out
}

// Drop removes a key in whatever spelling.
func Drop(ctx evaluate.Context, key string) {
	for k := range ctx {
		if strings.EqualFold(k, key) {
			delete(ctx, k)
		}
	}
}

// Set gives a key its values, whatever spelling it had.
func Set(ctx evaluate.Context, key string, values ...string) {
	Drop(ctx, key)
	ctx[key] = values
}

// First returns the first text that is not empty.
func First(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
