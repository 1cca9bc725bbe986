package reader

import (
	"cmp"
	"fmt"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
)

// targetAt turns a typed name or a literal into a target.
func (rd *reading) targetAt(i int) (intent.Target, bool) {
	t := rd.tokens[i]
	span := rd.span(i, i+1)
	if t.kind == entityToken && !t.taken {
		switch t.lit.kind {
		case arnLiteral:
			return intent.Target{ARN: t.lit.value, Service: arnService(t.lit.value), Span: span}, true
		case s3Literal:
			return s3Target(t.lit.value, span), true
		}
	}
	if t.typed == nil || t.typed.typ == "" || t.taken {
		return intent.Target{}, false
	}
	rt, ok := rd.resourceType(t.typed)
	if !ok {
		return intent.Target{}, false
	}
	target := intent.Target{Service: t.typed.service, Type: rt.Name, Vars: map[string]string{}, Span: span}
	value := t.text
	if t.kind == entityToken {
		value = t.lit.value
	}
	rd.bind(&target, rt, value, i)
	if strings.HasPrefix(target.Vars["DocumentName"], "AWS-") {
		target.ARN = "arn:" + cmp.Or(rd.out.Partition, "aws") + ":ssm:" + cmp.Or(rd.out.Region, "*") + "::document/" + target.Vars["DocumentName"] // AWS owns it
	}
	return target, true
}

func arnService(a string) string {
	parts, n := arn.Fields(a)
	if n < len(parts) {
		return ""
	}
	return parts[2]
}

func s3Target(path string, span intent.Span) intent.Target {
	bucket, key, has := strings.Cut(path, "/")
	t := intent.Target{Service: "s3", Type: "bucket", Vars: map[string]string{"BucketName": bucket}, Span: span}
	if has && key != "" {
		t.Type, t.Vars["ObjectName"] = "object", openEnd(key)
	}
	return t
}

// openEnd makes a path that ends in a slash stand for everything below it.
func openEnd(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "*"
	}
	return path
}

// bind puts a name into the variables of a resource type's ARN format. The last variable is the
// resource's own name; a name with slashes fills the ones before it too.
func (rd *reading) bind(t *intent.Target, rt *catalog.ResourceType, value string, i int) {
	if len(rt.ARNs) == 0 {
		return
	}
	format := rt.ARNs[0]
	vars := catalog.ARNVariables(format)
	if len(vars) == 0 {
		return
	}
	value = rd.pattern(value, i)
	if strings.Contains(format, "/${"+vars[len(vars)-1]+"}") || strings.HasSuffix(format, "${ParameterNameWithoutLeadingSlash}") {
		value = strings.TrimPrefix(value, "/")
	}
	if t.Service == "s3" && rt.Name == "object" {
		if bucket, key, ok := strings.Cut(value, "/"); ok && (rd.isBucket(bucket) || rd.bucketFirst(bucket, i)) {
			t.Vars["BucketName"], t.Vars["ObjectName"] = bucket, openEnd(key)
			return
		}
	}
	if t.Service == "s3" && rt.Name == "bucket" {
		if bucket, key, ok := strings.Cut(value, "/"); ok {
			t.Type, t.Vars["BucketName"] = "bucket", bucket
			if key != "" && key != "*" {
				t.Type, t.Vars["ObjectName"] = "object", openEnd(key)
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
func (rd *reading) variableFor(vars []string, value string, i int) string {
	last := vars[len(vars)-1]
	unique := isUUID(value[:min(36, len(value))]) || rd.word(i-1, "uuid", "guid")
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
	if base, ok := strings.CutSuffix(last, "Id"); ok && before == base+"Name" && !unique && !rd.word(i-1, "id", "identifier") {
		return before
	}
	if base, ok := strings.CutSuffix(last, "Name"); ok && before == base+"Id" && (unique || rd.word(i-1, "id", "identifier")) {
		return before
	}
	return last
}

// accessory says that a variable only tells copies of a resource apart: its creation time, its
// version, a request's path.
func (rd *reading) accessory(variable string) bool {
	for _, w := range catalog.Words(variable) {
		if rd.Lexicon.Is("accessory", w) {
			return true
		}
	}
	return false
}

func numeric(s string) bool { return strings.Trim(s, "0123456789.v") == "" }

// pattern widens a name where the words around it say so: "below /x/", "starting with x",
// "prefix x", "x and everything under it".
func (rd *reading) pattern(value string, i int) string {
	if strings.HasSuffix(value, "*") {
		return value
	}
	if strings.HasSuffix(value, "/") {
		return value + "*"
	}
	if rd.word(i-1, "below", "under", "beneath") || rd.word(i-2, "below", "under") && rd.word(i-1, "the", "path") {
		return strings.TrimSuffix(value, "/") + "/*"
	}
	switch {
	case rd.word(i-1, "with", "by") && rd.word(i-2, "starting", "beginning", "start", "starts", "begin", "begins", "prefixed"),
		rd.word(i-1, "prefix", "prefixed"):
		return value + "*"
	case rd.word(i-1, "with", "in", "by") && rd.word(i-2, "ending", "ends", "end", "suffixed"):
		return "*" + value
	}
	return value
}

// targetsIn returns the targets that the tokens in [from, to) name.
func (rd *reading) targetsIn(from, to int) []intent.Target {
	var out []intent.Target
	for i := from; i < to && i < len(rd.tokens); i++ {
		if t, ok := rd.targetAt(i); ok {
			if n := len(out); n > 0 && sameResource(out[n-1], t) && rd.punct(i-2, "(") || n > 0 && sameResource(out[n-1], t) && rd.punct(i-1, "(") {
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

// targetsFor chooses the targets of actions: for every resource type of theirs the ones named
// nearest: in the unit, else its clause, else its sentence, else anywhere in the request.
func (rd *reading) targetsFor(actions []intent.Action, u unit) []intent.Target {
	c := rd.clause[u.clause]
	scopes := []func() []intent.Target{
		sync.OnceValue(func() []intent.Target { return rd.targetsIn(u.from, u.to) }),
		sync.OnceValue(func() []intent.Target { return rd.targetsIn(c.from, c.to) }),
		sync.OnceValue(func() []intent.Target { return rd.positiveTargets(c.sentence) }),
		sync.OnceValue(func() []intent.Target { return rd.positiveTargets(-1) }),
	}
	var out []intent.Target
	seen := map[intent.Span]bool{}
	for _, rt := range rd.typesOf(actions) {
		var near []intent.Target
		every := rd.everyOne(u, rt)
		for n, scope := range scopes {
			var added []intent.Target
			for _, t := range scope() {
				t = rd.adopted(t, rt)
				if n > 0 && every && t.Type == rt.Name {
					continue
				}
				if rd.fits(t, rt) && !rd.rivals(near, t) {
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
	out = append(out, rd.untyped(actions, out, u)...)
	out = append(out, rd.outer(actions, out)...)
	return rd.inAccounts(append(out, rd.mentioned(actions, out, u)...))
}

// inAccounts repeats targets for every account, if the request names several.
func (rd *reading) inAccounts(targets []intent.Target) []intent.Target {
	if len(rd.accounts) < 2 {
		return targets
	}
	var out []intent.Target
	for _, t := range targets {
		for _, a := range rd.accounts {
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
func (rd *reading) outer(actions []intent.Action, found []intent.Target) []intent.Target {
	var out []intent.Target
	if len(found) == 0 {
		return nil
	}
	for _, rt := range rd.typesOf(actions) {
		if !rd.anyFits(found, rt) || len(rt.ARNs) == 0 {
			continue
		}
		for _, v := range catalog.ARNVariables(rt.ARNs[0]) {
			if rd.bound(append(found, out...), rt.Service, v) {
				continue
			}
			if i := rd.nameOfVariable(v); i >= 0 && !taken(append(found, out...), rd.span(i, i+1)) {
				rd.tokens[i].used = true
				out = append(out, intent.Target{Service: rt.Service, Vars: map[string]string{v: rd.pattern(rd.tokens[i].text, i)}, Span: rd.span(i, i+1)})
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
func (rd *reading) nameOfVariable(variable string) int {
	words := map[string]bool{}
	for _, w := range catalog.Words(variable) {
		switch w {
		case "id", "name", "arn", "resource", "key", "identifier", "uuid":
		default:
			words[catalog.Stem(w)] = true
		}
	}
	for i := range rd.tokens {
		if !rd.mayBeNamed(i) || rd.tokens[i].taken {
			continue
		}
		j := i - 1
		for j >= 0 && (rd.is("namer", j) || rd.punct(j, ":(\"'")) {
			j--
		}
		if j >= 0 && rd.tokens[j].kind == wordToken && words[rd.tokens[j].stem] {
			if n := rd.clauseOf(i); n < 0 || !rd.clause[n].negative {
				return i
			}
		}
	}
	return -1
}

// untyped binds a name that nothing says the type of to the resource type that the actions
// need and no target names.
func (rd *reading) untyped(actions []intent.Action, found []intent.Target, u unit) []intent.Target {
	var out []intent.Target
	rt := rd.lacking(actions, found)
	if rt == nil && len(found) == 0 {
		rt = rd.mainType(actions)
	}
	if rt == nil {
		return nil
	}
	for i := u.from; i < u.to; i++ {
		if rd.tokens[i].taken || rd.tokens[i].typed != nil || !rd.mayBeNamed(i) || rd.tokens[i].used && rd.tokens[i].kind != entityToken {
			continue
		}
		rd.tokens[i].typed = &typing{service: rt.Service, typ: rt.Name, noun: -1, guess: true}
		if t, ok := rd.targetAt(i); ok {
			rd.tokens[i].used = true
			out = append(out, t)
		}
	}
	return out
}

// mentioned adds the optional resource types that the words mention without a name: "and its
// indexes".
func (rd *reading) mentioned(actions []intent.Action, found []intent.Target, u unit) []intent.Target {
	var out []intent.Target
	seen := map[string]bool{}
	for _, t := range found {
		seen[t.Type] = true
	}
	from, to := rd.sentenceRange(u.clause)
	for _, a := range actions {
		for _, ca := range rd.Catalog.Expand(a.Name) {
			for _, r := range ca.Resources {
				if r.Required || seen[r.Type.Name] || !rd.mentions(r.Type, from, to) {
					continue
				}
				seen[r.Type.Name] = true
				out = append(out, intent.Target{Service: r.Type.Service, Type: r.Type.Name, Vars: map[string]string{}, Span: rd.span(from, to)})
			}
		}
	}
	return out
}

// positiveTargets are the targets of a sentence (-1: of the request) that no negative clause names.
func (rd *reading) positiveTargets(sentence int) []intent.Target {
	var out []intent.Target
	seen := map[string]bool{}
	for _, c := range rd.clause {
		if c.negative || sentence >= 0 && c.sentence != sentence {
			continue
		}
		for _, t := range rd.targetsIn(c.from, c.to) {
			key := fmt.Sprint(t.Service, t.Type, t.ARN, t.Account, t.Region, t.Vars)
			if !seen[key] {
				seen[key] = true
				out = append(out, t)
			}
		}
	}
	return out
}
