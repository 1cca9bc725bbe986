package permission

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// httpMethods are the methods that an API's resources name.
var httpMethods = map[string]bool{"GET": true, "POST": true, "PUT": true, "DELETE": true, "PATCH": true, "HEAD": true, "OPTIONS": true, "ANY": true}

// readHTTPAPI reads calls of an API behind API Gateway: its id, stage, methods and paths are the
// parts of one resource name.
func (rd *Reading) readHTTPAPI() {
	api := rd.apiID()
	if api < 0 {
		return
	}
	stage, methods, paths := "*", []string{}, []string{}
	used := []int{api}
	for i, t := range rd.Tokens {
		switch {
		case t.Taken:
		case httpMethods[t.Text]:
			methods, used = append(methods, strings.Replace(t.Text, "ANY", "*", 1)), append(used, i)
		case t.Kind == token.Entity && t.Lit.Kind == token.PathLiteral:
			paths, used = append(paths, rd.apiPaths(i)...), append(used, i)
		case rd.Word(i-1, "stage") && (t.Kind == token.Word || t.Kind == token.Name):
			stage, used = t.Text, append(used, i, i-1)
		case rd.Word(i, "stage") && i > 0 && rd.Tokens[i-1].Kind != token.Punct && !rd.Is("stop", i-1) && rd.Boundary(i+1):
			stage, used = rd.Tokens[i-1].Text, append(used, i, i-1)
		}
	}
	if len(methods) == 0 && !rd.saysInvoke() {
		return
	}
	if len(methods) == 0 {
		methods = []string{"*"}
	}
	if len(paths) == 0 {
		paths = []string{"*"}
	}
	g := intent.Grant{Effect: "Allow", Span: rd.Span(api, api+1)}
	g.Actions = []intent.Action{{Name: "execute-api:Invoke", Because: "calls of an API behind API Gateway", Span: g.Span}}
	for _, m := range methods {
		for _, p := range paths {
			g.Targets = append(g.Targets, intent.Target{
				ARN:     rd.regional("execute-api", rd.Tokens[api].Text+"/"+stage+"/"+m+"/"+strings.TrimPrefix(p, "/")),
				Service: "execute-api", Span: g.Span,
			})
		}
	}
	for i := range rd.Tokens {
		if rd.Word(i, "invoke", "invokes", "call", "calls", "hit", "hits", "calling", "invoking") && !rd.Tokens[i].Taken {
			rd.Tokens[i].Used = true
		}
	}
	for _, i := range used {
		rd.Take("part of the API's resource name", i, i+1)
	}
	rd.api = &g
}

// apiID returns the token of an API's identifier: ten or so generated characters after "api".
func (rd *Reading) apiID() int {
	for i, t := range rd.Tokens {
		if t.Taken || t.Kind != token.Name || len(t.Text) < 8 || len(t.Text) > 12 || !token.IsLowerAlphanumeric(t.Text) || !strings.ContainsAny(t.Text, "0123456789") {
			continue
		}
		j := i - 1
		for j >= 0 && rd.Is("namer", j) {
			j--
		}
		if rd.Word(j, "api", "gateway", "apigw", "rest") {
			return i
		}
	}
	return -1
}

// apiPaths returns the patterns of a path: itself, and what lies below if the words say so.
func (rd *Reading) apiPaths(i int) []string {
	p, _ := rd.Literal(i, token.PathLiteral)
	below := false
	for j := i + 1; j < min(len(rd.Tokens), i+6); j++ {
		below = below || rd.Word(j, "below", "beneath", "under", "underneath", "subpaths", "deeper")
		if rd.Word(j, "below", "subpaths", "beneath") {
			rd.Take("part of the API's resource name", i+1, j+1)
		}
	}
	switch {
	case strings.HasSuffix(p, "*"):
		return []string{p}
	case below:
		return []string{strings.TrimSuffix(p, "/"), strings.TrimSuffix(p, "/") + "/*"}
	case strings.HasSuffix(p, "/"):
		return []string{p + "*"}
	}
	return []string{p}
}

func (rd *Reading) saysInvoke() bool {
	for i := range rd.Tokens {
		if rd.Word(i, "invoke", "invokes", "call", "calls", "hit", "hits", "calling") {
			return true
		}
	}
	return false
}

// regional writes an ARN of the request's region and account.
func (rd *Reading) regional(service, resource string) string {
	pick := func(s string) string {
		if s == "" {
			return "*"
		}
		return s
	}
	partition := rd.Out.Partition
	if partition == "" {
		partition = "aws"
	}
	return "arn:" + partition + ":" + service + ":" + pick(rd.Out.Region) + ":" + pick(rd.Out.Account) + ":" + resource
}
