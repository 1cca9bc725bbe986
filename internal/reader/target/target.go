// Package target reads which resources are meant, and which actions can be limited to them.
package target

import (
	"cmp"
	"fmt"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// TargetAt turns a typed name or a literal into a target.
func (rd *Reading) TargetAt(i int) (intent.Target, bool) {
	t := rd.Tokens[i]
	span := rd.Span(i, i+1)
	if t.Kind == token.Entity && !t.Taken {
		switch t.Lit.Kind {
		case token.ARNLiteral:
			return intent.Target{ARN: t.Lit.Value, Service: sentence.ServiceOfARN(t.Lit.Value), Span: span}, true
		case token.S3Literal:
			return S3Target(t.Lit.Value, span), true
		}
	}
	if t.Typed == nil || t.Typed.Type == "" || t.Taken {
		return intent.Target{}, false
	}
	rt, ok := rd.ResourceType(t.Typed)
	if !ok {
		return intent.Target{}, false
	}
	target := intent.Target{Service: t.Typed.Service, Type: rt.Name, Vars: map[string]string{}, Span: span}
	value := t.Text
	if t.Kind == token.Entity {
		value = t.Lit.Value
	}
	rd.Bind(&target, rt, value, i)
	if strings.HasPrefix(target.Vars["DocumentName"], "AWS-") {
		target.ARN = "arn:" + cmp.Or(rd.Out.Partition, "aws") + ":ssm:" + cmp.Or(rd.Out.Region, "*") + "::document/" + target.Vars["DocumentName"] // AWS owns it
	}
	return target, true
}

// S3Target returns the bucket or object of a path: bucket/key.
func S3Target(path string, span intent.Span) intent.Target {
	bucket, key, has := strings.Cut(path, "/")
	t := intent.Target{Service: "s3", Type: "bucket", Vars: map[string]string{"BucketName": bucket}, Span: span}
	if has && key != "" {
		t.Type, t.Vars["ObjectName"] = "object", OpenEnd(key)
	}
	return t
}

// OpenEnd makes a path that ends in a slash stand for everything below it.
func OpenEnd(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "*"
	}
	return path
}

// Bind puts a name into the variables of a resource type's ARN format. The last variable is the
// resource's own name; a name with slashes fills the ones before it too.
func (rd *Reading) Bind(t *intent.Target, rt *catalog.ResourceType, value string, i int) {
	if len(rt.ARNs) == 0 {
		return
	}
	format := rt.ARNs[0]
	vars := catalog.ARNVariables(format)
	if len(vars) == 0 {
		if head, open := strings.CutSuffix(format, "*"); open { // AWS writes task:* where an identifier stands
			t.ARN = catalog.FillARN(head, map[string]string{"Partition": cmp.Or(rd.Out.Partition, "aws"), "Region": cmp.Or(rd.Out.Region, "*"), "Account": cmp.Or(rd.Out.Account, "*")}) + rd.Pattern(value, i)
		}
		return
	}
	value = rd.Pattern(value, i)
	if strings.Contains(format, "/${"+vars[len(vars)-1]+"}") || strings.HasSuffix(format, "${ParameterNameWithoutLeadingSlash}") {
		value = strings.TrimPrefix(value, "/")
	}
	if t.Service == "s3" && rt.Name == "object" {
		if bucket, key, ok := strings.Cut(value, "/"); ok && (rd.isBucket(bucket) || rd.bucketFirst(bucket, i)) {
			t.Vars["BucketName"], t.Vars["ObjectName"] = bucket, OpenEnd(key)
			return
		}
	}
	if t.Service == "s3" && rt.Name == "bucket" {
		if bucket, key, ok := strings.Cut(value, "/"); ok {
			t.Type, t.Vars["BucketName"] = "bucket", bucket
			if key != "" && key != "*" {
				t.Type, t.Vars["ObjectName"] = "object", OpenEnd(key)
			}
			return
		}
	}
	if parts := strings.Split(value, ":"); len(vars) == 2 && len(parts) == 2 && strings.Contains(format, "${"+vars[0]+"}:${"+vars[1]+"}") {
		t.Vars[vars[0]], t.Vars[vars[1]] = parts[0], parts[1]
		return
	}
	parts := strings.Split(value, "/")
	if len(vars) > 1 && len(parts) == len(vars) && !strings.Contains(format, "${ObjectName}") {
		for k, v := range vars {
			t.Vars[v] = parts[k]
		}
		return
	}
	v := rd.variableFor(vars, value, i)
	t.Vars[v] = strings.TrimPrefix(value, fixedBefore(format, v))
}

// fixedBefore returns the fixed text that stands before a variable in its segment: "ou-" in
// ".../ou-${OrganizationalUnitId}". People write identifiers with it.
func fixedBefore(format, variable string) string {
	before, _, _ := strings.Cut(format, "${"+variable+"}")
	return before[strings.LastIndexAny(before, "/:")+1:]
}

// variableFor chooses the variable that a name binds: the last one, but where the format has
// both a name and an identifier, a generated identifier goes to the one and a name to the other.
func (rd *Reading) variableFor(vars []string, value string, i int) string {
	last := vars[len(vars)-1]
	unique := token.IsUUID(value[:min(36, len(value))]) || rd.Word(i-1, "uuid", "guid")
	if len(vars) < 2 {
		return last
	}
	before := vars[len(vars)-2]
	if rd.accessory(last) && !rd.accessory(before) && !numeric(value) {
		return before
	}
	if (last == "Id" || strings.EqualFold(last, "UUID") || strings.HasSuffix(last, "Uuid")) && !unique {
		return before
	}
	if (strings.Contains(last, "Revision") || strings.HasSuffix(last, "Version") || strings.HasSuffix(last, "Number")) && !strings.ContainsAny(value, "0123456789$") {
		return before
	}
	if base, ok := strings.CutSuffix(last, "Id"); ok && before == base+"Name" && !unique && !rd.Word(i-1, "id", "identifier") {
		return before
	}
	if base, ok := strings.CutSuffix(last, "Name"); ok && before == base+"Id" && (unique || rd.Word(i-1, "id", "identifier")) {
		return before
	}
	return last
}

// accessory says that a variable only tells copies of a resource apart: its creation time, its
// version, a request's path.
func (rd *Reading) accessory(variable string) bool {
	for _, w := range catalog.Words(variable) {
		if rd.Lexicon.Is("accessory", w) {
			return true
		}
	}
	return false
}

func numeric(s string) bool { return strings.Trim(s, "0123456789.v") == "" }

// Pattern widens a name where the words around it say so: "below /x/", "starting with x",
// "prefix x", "x and everything under it".
func (rd *Reading) Pattern(value string, i int) string {
	if strings.HasSuffix(value, "*") {
		return value
	}
	if strings.HasSuffix(value, "/") {
		return value + "*"
	}
	if rd.Word(i-1, "below", "under", "beneath") || rd.Word(i-2, "below", "under") && rd.Word(i-1, "the", "path") {
		return strings.TrimSuffix(value, "/") + "/*"
	}
	switch {
	case rd.Word(i-1, "with", "by") && rd.Word(i-2, "starting", "beginning", "start", "starts", "begin", "begins", "prefixed"),
		rd.Word(i-1, "prefix", "prefixed"):
		return value + "*"
	case rd.Word(i-1, "with", "in", "by") && rd.Word(i-2, "ending", "ends", "end", "suffixed"):
		return "*" + value
	}
	return value
}

// TargetsIn returns the targets that the tokens in [from, to) name.
func (rd *Reading) TargetsIn(from, to int) []intent.Target {
	var out []intent.Target
	for i := from; i < to && i < len(rd.Tokens); i++ {
		if t, ok := rd.TargetAt(i); ok {
			if n := len(out); n > 0 && sameResource(out[n-1], t) && rd.Punct(i-2, "(") || n > 0 && sameResource(out[n-1], t) && rd.Punct(i-1, "(") {
				for k, v := range t.Vars {
					out[n-1].Vars[k] = v
				}
				continue
			}
			out = append(out, t)
		}
	}
	return out
}

// sameResource says that two targets of one type bind different variables: "line3 (id 0a1b…)".
func sameResource(a, b intent.Target) bool {
	if a.ARN != "" || b.ARN != "" || a.Service != b.Service || a.Type != b.Type {
		return false
	}
	for k := range b.Vars {
		if _, ok := a.Vars[k]; ok {
			return false
		}
	}
	return true
}

// TargetsFor chooses the targets of actions: for every resource type of theirs the ones named nearest.
func (rd *Reading) TargetsFor(actions []intent.Action, u object.Unit) []intent.Target {
	c := rd.Clauses[u.Clause]
	scopes := []func() []intent.Target{
		sync.OnceValue(func() []intent.Target { return rd.TargetsIn(u.From, u.To) }),
		sync.OnceValue(func() []intent.Target { return rd.TargetsIn(c.From, c.To) }),
		sync.OnceValue(func() []intent.Target { return rd.positiveTargets(c.Sentence) }),
		sync.OnceValue(func() []intent.Target { return rd.positiveTargets(-1) }),
	}
	var out []intent.Target
	seen := map[intent.Span]bool{}
	for _, rt := range rd.TypesOf(actions) {
		var near []intent.Target
		every := rd.everyOne(u, rt)
		for n, scope := range scopes {
			var added []intent.Target
			for _, t := range scope() {
				t = rd.adopted(t, rt)
				if n > 0 && every && t.Type == rt.Name {
					continue
				}
				if rd.Fits(t, rt) && !rd.rivals(near, t) {
					added = append(added, t)
				}
			}
			near = append(near, added...)
			if len(near) > 0 && rd.complete(near, rt) {
				break
			}
		}
		for _, t := range near {
			if !seen[t.Span] {
				seen[t.Span] = true
				out = append(out, t)
			}
		}
	}
	out = rd.wholeBuckets(u, out)
	out = append(out, rd.Untyped(actions, out, u)...)
	out = append(out, rd.outer(actions, out)...)
	return rd.inAccounts(append(out, rd.mentioned(actions, out, u)...))
}

// inAccounts repeats targets for every account, if the request names several.
func (rd *Reading) inAccounts(targets []intent.Target) []intent.Target {
	if len(rd.Accounts) < 2 {
		return targets
	}
	var out []intent.Target
	for _, t := range targets {
		for _, a := range rd.Accounts {
			if t.ARN != "" {
				out = append(out, t)
				break
			}
			t.Account = a
			out = append(out, t)
		}
	}
	return out
}

// outer binds variables of the actions' ARN formats that no target binds to names whose noun
// says the variable: EnvironmentName from "environment staging".
func (rd *Reading) outer(actions []intent.Action, found []intent.Target) []intent.Target {
	var out []intent.Target
	if len(found) == 0 {
		return nil
	}
	for _, rt := range rd.TypesOf(actions) {
		if !rd.anyFits(found, rt) || len(rt.ARNs) == 0 {
			continue
		}
		for _, v := range catalog.ARNVariables(rt.ARNs[0]) {
			if rd.bound(append(found, out...), rt.Service, v) {
				continue
			}
			if i := rd.nameOfVariable(v); i >= 0 && !taken(append(found, out...), rd.Span(i, i+1)) {
				rd.Tokens[i].Used = true
				out = append(out, intent.Target{Service: rt.Service, Vars: map[string]string{v: rd.Pattern(rd.Tokens[i].Text, i)}, Span: rd.Span(i, i+1)})
			}
		}
	}
	return out
}

func taken(targets []intent.Target, span intent.Span) bool {
	for _, t := range targets {
		if t.Span == span {
			return true
		}
	}
	return false
}

// nameOfVariable finds the name that a noun of the variable's own words introduces.
func (rd *Reading) nameOfVariable(variable string) int {
	words := map[string]bool{}
	for _, w := range catalog.Words(variable) {
		switch w {
		case "id", "name", "arn", "resource", "key", "identifier", "uuid":
		default:
			words[catalog.Stem(w)] = true
		}
	}
	for i := range rd.Tokens {
		if !rd.MayBeNamed(i) || rd.Tokens[i].Taken {
			continue
		}
		j := i - 1
		for j >= 0 && (rd.Is("namer", j) || rd.Punct(j, ":(\"'")) {
			j--
		}
		if j >= 0 && rd.Tokens[j].Kind == token.Word && words[rd.Tokens[j].Stem] {
			if n := rd.ClauseOf(i); n < 0 || !rd.Clauses[n].Negative {
				return i
			}
		}
	}
	return -1
}

// Untyped binds a name that nothing says the type of to the resource type that the actions
// need and no target names.
func (rd *Reading) Untyped(actions []intent.Action, found []intent.Target, u object.Unit) []intent.Target {
	var out []intent.Target
	rt := rd.Lacking(actions, found)
	if rt == nil && len(found) == 0 {
		rt = rd.mainType(actions)
	}
	if rt == nil {
		return nil
	}
	for i := u.From; i < u.To; i++ {
		if rd.Tokens[i].Taken || rd.Tokens[i].Typed != nil || !rd.MayBeNamed(i) || rd.Tokens[i].Used && rd.Tokens[i].Kind != token.Entity {
			continue
		}
		rd.Tokens[i].Typed = &token.Typing{Service: rt.Service, Type: rt.Name, Noun: -1, Guess: true}
		if t, ok := rd.TargetAt(i); ok {
			rd.Tokens[i].Used = true
			out = append(out, t)
		}
	}
	return out
}

// mentioned adds the optional resource types that the words mention without a name: "and its
// indexes".
func (rd *Reading) mentioned(actions []intent.Action, found []intent.Target, u object.Unit) []intent.Target {
	var out []intent.Target
	seen := map[string]bool{}
	for _, t := range found {
		seen[t.Type] = true
	}
	from, to := rd.SentenceRange(u.Clause)
	for _, a := range actions {
		for _, ca := range rd.Catalog.Expand(a.Name) {
			for _, r := range ca.Resources {
				if r.Required || seen[r.Type.Name] || !rd.Mentions(r.Type, from, to) {
					continue
				}
				seen[r.Type.Name] = true
				out = append(out, intent.Target{Service: r.Type.Service, Type: r.Type.Name, Vars: map[string]string{}, Span: rd.Span(from, to)})
			}
		}
	}
	return out
}

// positiveTargets are the targets of a sentence (-1: of the request) that no negative clause names.
func (rd *Reading) positiveTargets(number int) []intent.Target {
	var out []intent.Target
	seen := map[string]bool{}
	for _, c := range rd.Clauses {
		if c.Negative || number >= 0 && c.Sentence != number {
			continue
		}
		for _, t := range rd.TargetsIn(c.From, c.To) {
			key := fmt.Sprint(t.Service, t.Type, t.ARN, t.Account, t.Region, t.Vars)
			if !seen[key] {
				seen[key] = true
				out = append(out, t)
			}
		}
	}
	return out
}
