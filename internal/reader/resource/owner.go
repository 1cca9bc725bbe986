package resource

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/target"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// findOwner finds the resource that the document belongs to: "bucket policy for X", "policy on
// queue Y", "… to trigger function Z".
func (s *sharing) findOwner() {
	rd := s.Reading
	stems := rd.Flatten()
	best := 0
	for _, o := range lexicon.DefaultParties().Owners {
		for k := range stems {
			for _, noun := range o.Nouns {
				if !sentence.PhraseAt(stems, k, noun) || k > 0 && stems[k-1].Token == stems[k].Token || !stems[k+len(noun)-1].Last {
					continue
				}
				from, to := stems[k].Token, stems[k+len(noun)-1].Token+1
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
	s.freeVerbs()
	s.ownerTargets()
}

// freeVerbs takes back names that are verbs of the resource: "the root administers" names no root.
func (s *sharing) freeVerbs() {
	for i := range s.Tokens {
		t := &s.Tokens[i]
		if t.Kind != token.Name || t.Typed == nil || t.Quote || t.Taken || t.Typed.Service == s.owner.Service || t.Text != t.Lower {
			continue
		}
		if stem := strings.Join(lexicon.Stems(t.Lower), "-"); len(s.owner.Says[stem]) > 0 {
			t.Kind, t.Typed, t.Stem = token.Word, nil, stem
		}
	}
}

// ownerScore says how surely the words at [from, to) name what the document belongs to, and
// where the phrase ends.
func (s *sharing) ownerScore(from, to int) (int, int) {
	rd := s.Reading
	end := rd.Pass(to, "resource", "access", "repository", "repo", "based", "resource-based", "function", "bucket", "queue", "topic", "key")
	switch {
	case rd.Word(end, "policy", "policies", "permission", "permissions", "policy:", "statement"):
		return 9, end + 1
	case rd.Word(from-1, "on", "for", "of") && rd.Word(from-2, "policy", "permission", "permissions"), rd.Word(from-1, "the", "our", "a", "my") && rd.Word(from-2, "on", "for", "of", "to") && rd.Word(from-3, "policy", "permission"):
		return 8, to
	case from == 0:
		return 4, to
	case rd.Word(from-1, "on", "into", "onto") || rd.Word(from-1, "the", "our", "my") && rd.Word(from-2, "on", "into", "onto"):
		return 6, to
	case rd.Word(from-1, "trigger", "invoke", "triggers", "invokes", "call", "calls", "run", "runs", "to", "invoking"):
		return 5, to
	case rd.Word(from-1, "in", "from", "of"):
		return 3, to
	}
	return 0, 0
}

// ownerByTarget takes an ARN or typed name as the owner where the nouns do not decide.
func (s *sharing) ownerByTarget(best int) {
	if best >= 40 {
		return
	}
	for i := range s.Tokens {
		t, ok := s.TargetAt(i)
		if !ok || t.Service == "iam" {
			continue
		}
		for _, o := range lexicon.DefaultParties().Owners {
			if o.Service != t.Service || t.ARN == "" && t.Type != o.Type && !(o.Service == "s3" && t.Type == "object") {
				continue
			}
			score := 1
			if s.Word(i-1, "on", "for", "of", "into", "to") {
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
		s.dropNamesOf(s.Tokens[i].Lit.Value)
		return
	}
	typed, loose, plain := []int{}, []int{}, []int{}
	for i := range s.Tokens {
		t := s.Tokens[i]
		if t.Taken || !s.ChunkStart(i) || s.own[i] || s.Word(i-1, "below", "under", "beneath", "prefix", "folder", "path") || s.owner.Service == "s3" && strings.HasSuffix(t.Text, "/") {
			continue
		}
		switch {
		case t.Lit.Kind == token.S3Literal && s.owner.Service == "s3":
			typed = append(typed, i)
		case t.Kind == token.Entity && t.Lit.Kind != token.PathLiteral && t.Lit.Kind != token.UUIDLiteral && t.Lit.Kind != token.HostLiteral || t.Kind == token.Punct:
		case s.ownerTyped(i):
			typed = append(typed, i)
		case t.Kind == token.Name && !strings.HasSuffix(t.Text, "/") && (t.Typed == nil || t.Typed.Service == "iam" || t.Typed.Guess || t.Typed.Type == "" || s.own[t.Typed.Noun]):
			loose = append(loose, i)
		case t.Kind == token.Word && s.plainOwner(i):
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
		s.Ask(s.Span(s.heading[0], s.heading[1]), "What is the name of the "+strings.ReplaceAll(s.owner.Type, "-", " ")+" that the policy belongs to?")
	}
}

// ownerARN returns the token of an ARN of the owner's service, or -1.
func (s *sharing) ownerARN() int {
	found := -1
	for i := range s.Tokens {
		a, ok := s.Literal(i, token.ARNLiteral)
		if !ok || sentence.ServiceOfARN(a) != s.owner.Service || s.Tokens[i].Taken {
			continue
		}
		if found < 0 || s.Word(i-1, "on", "for", "of") || s.linkIs(i-1) {
			found = i
		}
	}
	return found
}

func (s *sharing) linkIs(i int) bool {
	return i >= 0 && s.LinkAt[i] >= 0 && s.Named[s.owner.Service] > 0
}

// dropNamesOf takes a name that the ARN repeats: "secret a/b (arn:…:secret:a/b-x)".
func (s *sharing) dropNamesOf(a string) {
	for i, t := range s.Tokens {
		if t.Kind == token.Name && !t.Taken && len(t.Text) > 2 && strings.Contains(a, t.Text) {
			s.own[i] = true
			s.Take("name of the resource", i, i+1)
		}
	}
}

// plainOwner says that an everyday word stands where the name of the resource would: behind the
// heading, behind its noun, or led in by "for", "on" and the like.
func (s *sharing) plainOwner(i int) bool {
	t := s.Tokens[i]
	text, _ := s.Chunk(i)
	if strings.ContainsAny(text, "/-_.") && !strings.HasSuffix(text, "/") && !s.Lexicon.Is("common", t.Lower) {
		return true
	}
	if s.Lexicon.Is("stop", t.Lower) || s.Lexicon.Is("chat", t.Lower) || s.Is("auxiliary", i) || s.Word(i, "role", "roles", "user", "users", "policy", "resource", "root", "access", "which", "objects", "files", "messages") {
		return false
	}
	if i == s.heading[1] && s.heading[1] > 0 {
		return true
	}
	if s.LinkAt[i-min(i, 1)] >= 0 && i > 0 {
		for _, e := range s.Links[s.LinkAt[i-1]].Entries {
			if e.Service == s.owner.Service && e.Type == s.owner.Type {
				return true
			}
		}
	}
	return s.Word(i-1, "for", "on", "of", "into", "named", "called") && i-2 < s.heading[1]+1 && s.LinkAt[i] < 0
}

func (s *sharing) ownerTyped(i int) bool {
	ty := s.Tokens[i].Typed
	if ty != nil && ty.Noun >= 0 && s.LinkAt[ty.Noun] >= 0 && ty.Service != s.owner.Service {
		for _, e := range s.Links[s.LinkAt[ty.Noun]].Entries {
			if e.Service == s.owner.Service && e.Type == s.owner.Type {
				return true
			}
		}
	}
	if ty == nil || ty.Service != s.owner.Service && !(s.owner.Service == "execute-api" && ty.Service == "apigateway") {
		return false
	}
	return ty.Type == s.owner.Type || ty.Type == "" || s.owner.Service == "execute-api" || s.owner.Service == "s3" && ty.Type == "object" || s.owner.Service == "events" && !strings.HasPrefix(ty.Type, "rule")
}

// nearest chooses the name that stands beside the heading, or else the first that is led in by
// "on", "for" and the like.
func (s *sharing) nearest(at []int) int {
	best, bestScore := at[0], -100
	for _, i := range at {
		score := 0
		j := i - 1
		for j >= 0 && (s.Is("article", j) || s.LinkAt[j] >= 0 || s.Punct(j, ":\"") || s.Is("adjective", j) || s.Word(j, "named", "called", "policy", "resource")) {
			j--
		}
		if s.Word(j, "on", "for", "of", "into", "to", "onto", "trigger", "invoke", "triggers", "invokes") {
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
	rd := s.Reading
	text, to := rd.Chunk(i)
	span := rd.Span(i, to)
	for j := i; j < to; j++ {
		s.own[j] = true
	}
	rd.MarkNoun(i)
	if l := i - 1; l >= 0 && rd.LinkAt[l] >= 0 {
		for j := rd.Links[rd.LinkAt[l]].From; j < rd.Links[rd.LinkAt[l]].To; j++ {
			s.own[j] = true
		}
	}
	rd.Take("resource of the policy", i, to)
	switch {
	case s.owner.Service == "kms":
	case rd.Tokens[i].Lit.Kind == token.ARNLiteral:
		s.targets = append(s.targets, intent.Target{ARN: rd.Tokens[i].Lit.Value, Service: s.owner.Service, Span: span})
		s.settle(rd.Tokens[i].Lit.Value)
	case rd.Tokens[i].Lit.Kind == token.S3Literal:
		s.targets = append(s.targets, target.S3Target(rd.Tokens[i].Lit.Value, span))
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
	s.Bind(&t, rt, text, i)
	if vars := catalog.ARNVariables(rt.ARNs[0]); len(t.Vars) == 0 && len(vars) > 0 {
		t.Vars[vars[len(vars)-1]] = text
	}
	return t
}

// stage reads the stage, method and path of an API that are meant.
func (s *sharing) stage(t *intent.Target) {
	rd := s.Reading
	for i := range rd.Tokens {
		switch {
		case rd.Word(i, "stage") && i+1 < len(rd.Tokens) && !rd.Is("stop", i+1) && rd.Tokens[i+1].Kind != token.Punct && !rd.Word(i+1, "method"):
			t.Vars["Stage"] = rd.Tokens[i+1].Text
			rd.Take("stage of the API", i, i+2)
		case rd.Word(i, "get", "post", "put", "delete", "patch", "head", "options") && rd.Tokens[i].Text == strings.ToUpper(rd.Tokens[i].Text):
			t.Vars["Method"] = rd.Tokens[i].Text
			rd.Take("method of the API", i, i+1)
		case rd.Tokens[i].Lit.Kind == token.PathLiteral && !rd.Tokens[i].Taken:
			t.Vars["ApiSpecificResourcePath"] = strings.TrimPrefix(target.OpenEnd(rd.Tokens[i].Lit.Value), "/")
			rd.Take("path of the API", i, i+1)
		}
	}
}

// settle takes region and account of the request from the ARN of its resource.
func (s *sharing) settle(a string) {
	parts, n := arn.Fields(a)
	if n < len(parts) {
		return
	}
	if s.Out.Region == "" && !strings.Contains(parts[3], "*") {
		s.Out.Region = parts[3]
	}
	if s.Out.Account == "" && !strings.Contains(parts[4], "*") {
		s.Out.Account = parts[4]
	}
}

// accountNear returns the account that stands right behind a name: "t (us-east-1, 1111…)".
func (s *sharing) accountNear(i int) string {
	for j := i + 1; j < len(s.Tokens) && j < i+7; j++ {
		if a, ok := s.Literal(j, token.AccountLiteral); ok {
			if s.Tokens[j].Role == "principal" {
				return ""
			}
			return a
		}
		if s.Punct(j, ".\n:") || s.Is("auxiliary", j) && !s.Word(j, "is") || s.Tokens[j].Kind == token.Name {
			return ""
		}
	}
	return ""
}
