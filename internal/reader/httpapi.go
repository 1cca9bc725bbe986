package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// httpMethods are the methods that an API's resources name.
var httpMethods = map[string]bool{"GET": true, "POST": true, "PUT": true, "DELETE": true, "PATCH": true, "HEAD": true, "OPTIONS": true, "ANY": true}

// readHTTPAPI reads calls of an API behind API Gateway: its id, stage, methods and paths are the
// parts of one resource name.
func (rd *reading) readHTTPAPI() {
	api := rd.apiID()
	if api < 0 {
		return
	}
	stage, methods, paths := "*", []string{}, []string{}
	used := []int{api}
	for i, t := range rd.tokens {
		switch {
		case t.taken:
		case httpMethods[t.text]:
			methods, used = append(methods, strings.Replace(t.text, "ANY", "*", 1)), append(used, i)
		case t.kind == entityToken && t.lit.kind == pathLiteral:
			paths, used = append(paths, rd.apiPaths(i)...), append(used, i)
		case rd.word(i-1, "stage") && (t.kind == wordToken || t.kind == nameToken):
			stage, used = t.text, append(used, i, i-1)
		case rd.word(i, "stage") && i > 0 && rd.tokens[i-1].kind != punctToken && !rd.is("stop", i-1) && rd.boundary(i+1):
			stage, used = rd.tokens[i-1].text, append(used, i, i-1)
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
	g := intent.Grant{Effect: "Allow", Span: rd.span(api, api+1)}
	g.Actions = []intent.Action{{Name: "execute-api:Invoke", Because: "calls of an API behind API Gateway", Span: g.Span}}
	for _, m := range methods {
		for _, p := range paths {
			g.Targets = append(g.Targets, intent.Target{
				ARN:     rd.regional("execute-api", rd.tokens[api].text+"/"+stage+"/"+m+"/"+strings.TrimPrefix(p, "/")),
				Service: "execute-api", Span: g.Span,
			})
		}
	}
	for _, i := range used {
		rd.take("part of the API's resource name", i, i+1)
	}
	rd.api = &g
}

// apiID returns the token of an API's identifier: ten or so generated characters after "api".
func (rd *reading) apiID() int {
	for i, t := range rd.tokens {
		if t.taken || t.kind != nameToken || len(t.text) < 8 || len(t.text) > 12 || !hasLetterOrDigitOnly(t.text) || !strings.ContainsAny(t.text, "0123456789") {
			continue
		}
		j := i - 1
		for j >= 0 && rd.is("namer", j) {
			j--
		}
		if rd.word(j, "api", "gateway", "apigw", "rest") {
			return i
		}
	}
	return -1
}

// apiPaths returns the patterns of a path: itself, and what lies below if the words say so.
func (rd *reading) apiPaths(i int) []string {
	p, _ := rd.literal(i, pathLiteral)
	below := false
	for j := i + 1; j < min(len(rd.tokens), i+6); j++ {
		below = below || rd.word(j, "below", "beneath", "under", "underneath", "subpaths", "deeper")
		if rd.word(j, "below", "subpaths", "beneath") {
			rd.take("part of the API's resource name", i+1, j+1)
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

func (rd *reading) saysInvoke() bool {
	for i := range rd.tokens {
		if rd.word(i, "invoke", "invokes", "call", "calls", "hit", "hits", "calling") {
			return true
		}
	}
	return false
}

// regional writes an ARN of the request's region and account.
func (rd *reading) regional(service, resource string) string {
	pick := func(s string) string {
		if s == "" {
			return "*"
		}
		return s
	}
	partition := rd.out.Partition
	if partition == "" {
		partition = "aws"
	}
	return "arn:" + partition + ":" + service + ":" + pick(rd.out.Region) + ":" + pick(rd.out.Account) + ":" + resource
}
