package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// findOwner finds the resource that the document belongs to: "bucket policy for X", "policy on
// queue Y", "… to trigger function Z".
func (s *sharing) findOwner() {
	rd := s.reading
	stems := rd.flatten()
	best := 0
	for _, o := range lexicon.DefaultParties().Owners {
		for k := range stems {
			for _, noun := range o.Nouns {
				if !phraseAt(stems, k, noun) || k > 0 && stems[k-1].token == stems[k].token || !stems[k+len(noun)-1].last {
					continue
				}
				from, to := stems[k].token, stems[k+len(noun)-1].token+1
				score, end := s.ownerScore(from, to)
				score = score*10 + len(noun)
				if score > best {
					best, s.owner, s.heading = score, o, [2]int{from, end}
				}
			}
		}
	}
	s.ownerByTarget(best)
	if s.owner == nil {
		return
	}
	if best >= 40 {
		for i := s.heading[0]; i < s.heading[1]; i++ {
			s.own[i] = true
		}
	}
	s.ownerTargets()
}

// ownerScore says how surely the words at [from, to) name what the document belongs to, and
// where the phrase ends.
func (s *sharing) ownerScore(from, to int) (int, int) {
	rd := s.reading
	end := rd.pass(to, "resource", "access", "repository", "repo", "based", "resource-based", "function", "bucket", "queue", "topic", "key")
	switch {
	case rd.word(end, "policy", "policies", "permission", "permissions", "policy:", "statement"):
		return 9, end + 1
	case rd.word(from-1, "on", "for", "of") && rd.word(from-2, "policy", "permission", "permissions"), rd.word(from-1, "the", "our", "a", "my") && rd.word(from-2, "on", "for", "of", "to") && rd.word(from-3, "policy", "permission"):
		return 8, to
	case from == 0:
		return 4, to
	case rd.word(from-1, "on", "into", "onto") || rd.word(from-1, "the", "our", "my") && rd.word(from-2, "on", "into", "onto"):
		return 6, to
	case rd.word(from-1, "trigger", "invoke", "triggers", "invokes", "call", "calls", "run", "runs", "to", "invoking"):
		return 5, to
	case rd.word(from-1, "in", "from", "of"):
		return 3, to
	}
	return 0, 0
}

// ownerByTarget takes an ARN or typed name as the owner where the nouns do not decide.
func (s *sharing) ownerByTarget(best int) {
	if best >= 40 {
		return
	}
	for i := range s.tokens {
		t, ok := s.targetAt(i)
		if !ok || t.Service == "iam" {
			continue
		}
		for _, o := range lexicon.DefaultParties().Owners {
			if o.Service != t.Service || t.ARN == "" && t.Type != o.Type && !(o.Service == "s3" && t.Type == "object") {
				continue
			}
			score := 1
			if s.word(i-1, "on", "for", "of", "into", "to") {
				score = 45
			}
			if score > best || best == 0 {
				best, s.owner = score, o
			}
		}
	}
}

// ownerTargets finds the name of the owner: typed like it, or the name beside the heading.
func (s *sharing) ownerTargets() {
	if s.owner.Service == "kms" {
		s.targets = []intent.Target{{ARN: "*"}}
	}
	if i := s.ownerARN(); i >= 0 {
		s.addOwner(i)
		s.dropNamesOf(s.tokens[i].lit.value)
		return
	}
	typed, loose, plain := []int{}, []int{}, []int{}
	for i := range s.tokens {
		t := s.tokens[i]
		if t.taken || !s.chunkStart(i) || s.own[i] || s.word(i-1, "below", "under", "beneath", "prefix", "folder", "path") || s.owner.Service == "s3" && strings.HasSuffix(t.text, "/") {
			continue
		}
		switch {
		case t.lit.kind == s3Literal && s.owner.Service == "s3":
			typed = append(typed, i)
		case t.kind == entityToken && t.lit.kind != pathLiteral && t.lit.kind != uuidLiteral && t.lit.kind != hostLiteral || t.kind == punctToken:
		case s.ownerTyped(i):
			typed = append(typed, i)
		case t.kind == nameToken && !strings.HasSuffix(t.text, "/") && (t.typed == nil || t.typed.service == "iam" || t.typed.guess || t.typed.typ == "" || s.own[t.typed.noun]):
			loose = append(loose, i)
		case t.kind == wordToken && s.plainOwner(i):
			plain = append(plain, i)
		}
	}
	if len(typed)+len(loose) == 0 {
		loose = plain
	}
	switch {
	case len(typed) > 0:
		s.addOwner(s.nearest(typed))
	case len(loose) > 0:
		s.addOwner(s.nearest(loose))
	case s.owner.Service != "kms" && s.owner.Service != "glue":
		s.ask(s.span(s.heading[0], s.heading[1]), "What is the name of the "+strings.ReplaceAll(s.owner.Type, "-", " ")+" that the policy belongs to?")
	}
}

// ownerARN returns the token of an ARN of the owner's service, or -1.
func (s *sharing) ownerARN() int {
	found := -1
	for i := range s.tokens {
		a, ok := s.literal(i, arnLiteral)
		if !ok || arnService(a) != s.owner.Service || s.tokens[i].taken {
			continue
		}
		if found < 0 || s.word(i-1, "on", "for", "of") || s.linkIs(i-1) {
			found = i
		}
	}
	return found
}

func (s *sharing) linkIs(i int) bool {
	return i >= 0 && s.linkAt[i] >= 0 && s.named[s.owner.Service] > 0
}

// dropNamesOf takes a name that the ARN repeats: "secret a/b (arn:…:secret:a/b-x)".
func (s *sharing) dropNamesOf(a string) {
	for i, t := range s.tokens {
		if t.kind == nameToken && !t.taken && len(t.text) > 2 && strings.Contains(a, t.text) {
			s.own[i] = true
			s.take("name of the resource", i, i+1)
		}
	}
}

// plainOwner says that an everyday word stands where the name of the resource would: behind the
// heading, behind its noun, or led in by "for", "on" and the like.
func (s *sharing) plainOwner(i int) bool {
	t := s.tokens[i]
	text, _ := s.chunk(i)
	if strings.ContainsAny(text, "/-_.") && !strings.HasSuffix(text, "/") && !s.Lexicon.Is("common", t.lower) {
		return true
	}
	if s.Lexicon.Is("stop", t.lower) || s.Lexicon.Is("chat", t.lower) || s.is("auxiliary", i) || s.word(i, "role", "roles", "user", "users", "policy", "resource", "root", "access", "which", "objects", "files", "messages") {
		return false
	}
	if i == s.heading[1] && s.heading[1] > 0 {
		return true
	}
	if s.linkAt[i-min(i, 1)] >= 0 && i > 0 {
		for _, e := range s.links[s.linkAt[i-1]].entries {
			if e.Service == s.owner.Service && e.Type == s.owner.Type {
				return true
			}
		}
	}
	return s.word(i-1, "for", "on", "of", "into", "named", "called") && i-2 < s.heading[1]+1 && s.linkAt[i] < 0
}

func (s *sharing) ownerTyped(i int) bool {
	ty := s.tokens[i].typed
	if ty != nil && ty.noun >= 0 && s.linkAt[ty.noun] >= 0 && ty.service != s.owner.Service {
		for _, e := range s.links[s.linkAt[ty.noun]].entries {
			if e.Service == s.owner.Service && e.Type == s.owner.Type {
				return true
			}
		}
	}
	if ty == nil || ty.service != s.owner.Service && !(s.owner.Service == "execute-api" && ty.service == "apigateway") {
		return false
	}
	return ty.typ == s.owner.Type || ty.typ == "" || s.owner.Service == "execute-api" || s.owner.Service == "s3" && ty.typ == "object" || s.owner.Service == "events" && !strings.HasPrefix(ty.typ, "rule")
}

// nearest chooses the name that stands beside the heading, or else the first that is led in by
// "on", "for" and the like.
func (s *sharing) nearest(at []int) int {
	best, bestScore := at[0], -100
	for _, i := range at {
		score := 0
		j := i - 1
		for j >= 0 && (s.is("article", j) || s.linkAt[j] >= 0 || s.punct(j, ":\"") || s.is("adjective", j) || s.word(j, "named", "called", "policy", "resource")) {
			j--
		}
		if s.word(j, "on", "for", "of", "into", "to", "onto", "trigger", "invoke", "triggers", "invokes") {
			score += 10
		}
		if i >= s.heading[1] && s.heading[1] > 0 {
			score += 8 - min(8, i-s.heading[1])
		} else if s.heading[1] > 0 && i == s.heading[0]-1 {
			score += 12
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	return best
}

// addOwner makes token i the resource that the document belongs to.
func (s *sharing) addOwner(i int) {
	rd := s.reading
	text, to := rd.chunk(i)
	span := rd.span(i, to)
	for j := i; j < to; j++ {
		s.own[j] = true
	}
	rd.markNoun(i)
	if l := i - 1; l >= 0 && rd.linkAt[l] >= 0 {
		for j := rd.links[rd.linkAt[l]].from; j < rd.links[rd.linkAt[l]].to; j++ {
			s.own[j] = true
		}
	}
	rd.take("resource of the policy", i, to)
	switch {
	case s.owner.Service == "kms":
	case rd.tokens[i].lit.kind == arnLiteral:
		s.targets = append(s.targets, intent.Target{ARN: rd.tokens[i].lit.value, Service: s.owner.Service, Span: span})
		s.settle(rd.tokens[i].lit.value)
	case rd.tokens[i].lit.kind == s3Literal:
		s.targets = append(s.targets, s3Target(rd.tokens[i].lit.value, span))
	default:
		s.targets = append(s.targets, s.ownerTarget(text, i, span))
	}
}

func (s *sharing) ownerTarget(text string, i int, span intent.Span) intent.Target {
	t := intent.Target{Service: s.owner.Service, Type: s.owner.Type, Vars: map[string]string{}, Span: span, Account: s.accountNear(i)}
	service, _ := s.Catalog.Service(s.owner.Service)
	rt, ok := service.Resource(s.owner.Type)
	if !ok {
		return t
	}
	if s.owner.Service == "execute-api" {
		t.Vars["ApiId"] = text
		s.stage(&t)
		return t
	}
	s.bind(&t, rt, text, i)
	if vars := catalog.ARNVariables(rt.ARNs[0]); len(t.Vars) == 0 && len(vars) > 0 {
		t.Vars[vars[len(vars)-1]] = text
	}
	return t
}

// stage reads the stage, method and path of an API that are meant.
func (s *sharing) stage(t *intent.Target) {
	rd := s.reading
	for i := range rd.tokens {
		switch {
		case rd.word(i, "stage") && i+1 < len(rd.tokens) && !rd.is("stop", i+1) && rd.tokens[i+1].kind != punctToken && !rd.word(i+1, "method"):
			t.Vars["Stage"] = rd.tokens[i+1].text
			rd.take("stage of the API", i, i+2)
		case rd.word(i, "get", "post", "put", "delete", "patch", "head", "options") && rd.tokens[i].text == strings.ToUpper(rd.tokens[i].text):
			t.Vars["Method"] = rd.tokens[i].text
			rd.take("method of the API", i, i+1)
		case rd.tokens[i].lit.kind == pathLiteral && !rd.tokens[i].taken:
			t.Vars["ApiSpecificResourcePath"] = strings.TrimPrefix(openEnd(rd.tokens[i].lit.value), "/")
			rd.take("path of the API", i, i+1)
		}
	}
}

// settle takes region and account of the request from the ARN of its resource.
func (s *sharing) settle(a string) {
	parts, n := arn.Fields(a)
	if n < len(parts) {
		return
	}
	if s.out.Region == "" && !strings.Contains(parts[3], "*") {
		s.out.Region = parts[3]
	}
	if s.out.Account == "" && !strings.Contains(parts[4], "*") {
		s.out.Account = parts[4]
	}
}

// accountNear returns the account that stands right behind a name: "t (us-east-1, 1111…)".
func (s *sharing) accountNear(i int) string {
	for j := i + 1; j < len(s.tokens) && j < i+7; j++ {
		if a, ok := s.literal(j, accountLiteral); ok {
			if s.tokens[j].role == "principal" {
				return ""
			}
			return a
		}
		if s.punct(j, ".\n:") || s.is("auxiliary", j) && !s.word(j, "is") || s.tokens[j].kind == nameToken {
			return ""
		}
	}
	return ""
}
