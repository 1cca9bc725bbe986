package trust

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// slots are the parts of a token's subject that the words name: repository, branch, …
type slots struct {
	rd       *Reading
	provider *lexicon.Provider
	values   map[string][]string
	both     bool // an environment and a branch must both hold
}

// slotNouns are the nouns that stand beside the value of a slot.
var slotNouns = map[string][]string{
	"branch":         {"branch", "branches", "ref", "refs"},
	"tag":            {"tag", "tags", "releases"},
	"environment":    {"environment", "environments", "env", "envs", "stage"},
	"namespace":      {"namespace", "namespaces", "ns"},
	"serviceaccount": {"serviceaccount", "serviceaccounts", "sa"},
	"organization":   {"organization", "organisation", "org", "team", "owner"},
	"project":        {"project", "projects"},
	"workspace":      {"workspace", "workspaces"},
	"pipeline":       {"pipeline", "pipelines"},
	"space":          {"space", "spaces"},
	"stack":          {"stack", "stacks"},
	"phase":          {"phase", "phases", "run-phase"},
	"workspaceid":    {"uuid"},
	"repo":           {"repo", "repos", "repository", "repositories", "project", "projects"},
}

// host fills the slots that the host itself names.
func (s *slots) host(host string) {
	if host == "" {
		return
	}
	pattern, text := strings.Split(s.provider.Host, "/"), strings.Split(host, "/")
	if len(pattern) != len(text) {
		return
	}
	for i, part := range pattern {
		before, rest, ok := strings.Cut(part, "{")
		name, after, _ := strings.Cut(rest, "}")
		if ok && strings.HasPrefix(text[i], before) && strings.HasSuffix(text[i], after) {
			s.values[name] = []string{strings.TrimSuffix(strings.TrimPrefix(text[i], before), after)}
		}
	}
}

// takeNames takes the words that name the provider wherever else they stand.
func (s *slots) takeNames() {
	stems := s.rd.Flatten()
	for k := range stems {
		for _, name := range s.provider.Names {
			if sentence.PhraseAt(stems, k, name) {
				s.rd.Take("identity provider", stems[k].Token, stems[k+len(name)-1].Token+1)
			}
		}
	}
	for i := range s.rd.Tokens {
		if s.rd.Word(i, "oidc", "irsa", "eks", "k8s", "kubernetes", "cluster", "provider", "idp", "ci", "runner", "runners", "workflow", "workflows", "openid", "actions") && s.rd.Tokens[i].Kind == token.Word {
			s.rd.Take("identity provider", i, i+1)
		}
	}
}

// read fills the slots that the templates of the provider have a place for.
func (s *slots) read() {
	wanted := s.wanted()
	for _, slot := range []string{"branch", "tag", "environment", "namespace", "serviceaccount", "phase", "workspaceid", "organization", "project", "workspace", "pipeline", "space", "stack"} {
		if wanted[slot] && len(s.values[slot]) == 0 && slot != s.provider.Project {
			s.values[slot] = s.beside(slot)
		}
	}
	if wanted["pull"] {
		s.pulls()
	}
	if wanted["serviceaccount"] {
		s.serviceAccounts()
	}
	if wanted["branch"] {
		s.spokenBranch()
	}
	if s.provider.Project != "" {
		s.projects()
	}
}

// readQuietly reads the slots only to mark their words: the subject is given as it stands.
func (s *slots) readQuietly() {
	s.read()
	for k := range s.values {
		if k == "pull" {
			delete(s.values, k)
		}
	}
}

func (s *slots) wanted() map[string]bool {
	out := map[string]bool{}
	add := func(text string) {
		for {
			_, rest, ok := strings.Cut(text, "{")
			if !ok {
				return
			}
			name, after, _ := strings.Cut(rest, "}")
			out[name], text = true, after
		}
	}
	add(s.provider.Host)
	add(s.provider.Audience)
	for _, sub := range s.provider.Subjects {
		add(sub.Template)
		for _, slot := range sub.Slots {
			out[slot] = true
		}
	}
	return out
}

// beside reads the values behind the nouns of a slot, or before them.
func (s *slots) beside(slot string) []string {
	rd := s.rd
	var out []string
	for i := range rd.Tokens {
		if !rd.Word(i, slotNouns[slot]...) || rd.Tokens[i].Taken || slot == "environment" && rd.Word(i+1, "variable", "variables") {
			continue
		}
		if s.refusedSlot(i) {
			rd.Take(slot+" of the token", i, i+1)
			continue
		}
		if rd.Word(i-1, "any", "all", "every", "each", "whichever", "whatever") && !s.named(i+1) {
			rd.Take(slot+" of the token", i-1, i+1)
			out = append(out, "*")
			continue
		}
		j := rd.Pass(i+1, "named", "called", "is", "=", "named:", "either", "matching", "like", "name", "names", "id")
		if rd.Punct(j, ":=\"(") && s.named(j+1) {
			j++
		}
		values, to := s.list(j, 1)
		if len(values) == 0 {
			var from int
			if values, from = s.listBefore(i - 1); len(values) > 0 {
				rd.Take(slot+" of the token", from, i+1)
			} else if (slot == "tag" || slot == "branch") && strings.HasSuffix(rd.Tokens[i].Lower, "s") {
				values = []string{"*"}
				rd.Take(slot+" of the token", i, i+1)
			}
		} else {
			rd.Take(slot+" of the token", i, to)
		}
		out = append(out, values...)
	}
	for n := range out {
		out[n] = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(out[n], "refs/heads/"), "refs/tags/"), "origin/")
	}
	return out
}

// refusedSlot says that a noun only names what may not assume: "other branches or repos can not".
func (s *slots) refusedSlot(i int) bool {
	rd := s.rd
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if rd.Word(j, "other", "others", "another", "different") {
			return !rd.Word(j-1, "the", "two", "three")
		}
		if !isSlotNoun(rd.Tokens[j].Lower) && !rd.Word(j, "and", "or", "nor") && !rd.Punct(j, ",/+") {
			return false
		}
	}
	return false
}

// named says whether token i can be the value of a slot.
func (s *slots) named(i int) bool {
	rd := s.rd
	if i < 0 || i >= len(rd.Tokens) || rd.Tokens[i].Taken || rd.Tokens[i].Kind == token.Punct {
		return false
	}
	t := rd.Tokens[i]
	switch t.Kind {
	case token.Word:
		return !rd.Lexicon.Is("stop", t.Lower) && !rd.Is("auxiliary", i) && !rd.Lexicon.Is("chat", t.Lower) && !isSlotNoun(t.Lower) && !rd.Word(i, "assume", "assumes", "use", "uses", "run", "runs", "running", "assumed", "named", "called", "only", "name", "id", "provider", "protected", "trust", "repo", "jobs", "job", "builds", "workflows", "level", "based", "policy", "access", "gets", "get", "triggers")
	case token.Name:
		return !strings.Contains(t.Text, "://") || strings.HasPrefix(t.Text, "refs/")
	}
	return t.Lit.Kind == token.NumberLiteral || t.Lit.Kind == token.UUIDLiteral || t.Lit.Kind == token.DateLiteral || t.Lit.Kind == token.OULiteral || t.Lit.Kind == token.RegionLiteral || t.Lit.Kind == token.OrgLiteral
}

func isSlotNoun(word string) bool {
	for _, nouns := range slotNouns {
		if slices.Contains(nouns, word) {
			return true
		}
	}
	return false
}

// list reads "a, b or c" at token i.
func (s *slots) list(i, step int) ([]string, int) {
	var out []string
	to := i
	for s.named(i) {
		text, end := s.rd.Chunk(i)
		if s.rd.Tokens[i].Kind == token.Word && s.rd.nounFollows(end) && len(out) > 0 {
			break
		}
		out = append(out, text)
		to, i = end, end
		for s.rd.Punct(i, ",+") || s.rd.Word(i, "and", "or", "plus") {
			i++
		}
		if i == to {
			break
		}
	}
	return out, to
}

// nounFollows says that the next word is the noun of another slot.
func (rd *Reading) nounFollows(i int) bool {
	return i < len(rd.Tokens) && isSlotNoun(rd.Tokens[i].Lower)
}

// listBefore reads "a and b" that ends at token i.
func (s *slots) listBefore(i int) ([]string, int) {
	var out []string
	from := i + 1
	for s.named(i) {
		start := i
		for start > 0 && !s.rd.ChunkStart(start) {
			start--
		}
		if s.rd.Tokens[i].Kind == token.Word && s.rd.Lexicon.Is("adjective", s.rd.Tokens[i].Lower) && !s.rd.Word(i, "main", "prod", "production", "dev", "development", "staging", "stage", "test", "testing", "qa", "sandbox", "demo", "master", "live", "default") {
			break
		}
		text, _ := s.rd.Chunk(start)
		out = append([]string{text}, out...)
		from, i = start, start-1
		for s.rd.Punct(i, "+") || s.rd.Word(i, "and", "or") || s.rd.Punct(i, ",") && len(out) > 1 {
			i--
		}
		if i == start-1 || isSlotNoun(s.rd.Tokens[max(i-1, 0)].Lower) {
			break
		}
	}
	return out, from
}

// pulls reads that pull requests may assume the role.
func (s *slots) pulls() {
	rd := s.rd
	for i := range rd.Tokens {
		n := rd.ClauseOf(i)
		if n >= 0 && rd.Clauses[n].Negative {
			continue
		}
		end := 0
		switch {
		case rd.Word(i, "pull", "merge") && rd.Word(i+1, "request", "requests"):
			end = i + 2
		case rd.Word(i, "pr", "prs", "pull-request", "pull-requests", "pull_request"):
			end = i + 1
		}
		if end > 0 {
			rd.Take("pull requests", i, end)
			s.values["pull"] = []string{"pull_request"}
		}
	}
}

// serviceAccounts reads Kubernetes service accounts, also written namespace:name.
func (s *slots) serviceAccounts() {
	rd := s.rd
	for i := range rd.Tokens {
		if !rd.Word(i, "service") || !rd.Word(i+1, "account", "accounts") {
			continue
		}
		rd.Take("service account", i, i+2)
		if rd.Word(i-1, "any", "all", "every") {
			s.values["serviceaccount"] = append(s.values["serviceaccount"], "*")
			continue
		}
		values, to := s.list(rd.Pass(i+2, "named", "called", "is"), 1)
		if len(values) == 0 {
			var from int
			values, from = s.listBefore(i - 1)
			rd.Take("service account", from, i)
			to = i + 2
		} else {
			rd.Take("service account", i, to)
		}
		if j := rd.Pass(to, "in", "from", "of", "the", "namespace"); j > to && s.named(j) && len(s.values["namespace"]) == 0 {
			s.values["namespace"] = []string{rd.Tokens[j].Text}
			rd.Take("namespace of the token", to, j+1)
		}
		s.values["serviceaccount"] = append(s.values["serviceaccount"], values...)
	}
	var names []string
	for _, v := range s.values["serviceaccount"] {
		if ns, name, ok := strings.Cut(strings.ReplaceAll(v, "/", ":"), ":"); ok {
			s.values["namespace"], v = []string{ns}, name
		}
		names = append(names, v)
	}
	s.values["serviceaccount"] = names
}

// spokenBranch reads "on main", "from the main", "refs/heads/x" and "ref:refs/heads/x".
func (s *slots) spokenBranch() {
	rd := s.rd
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken || !rd.ChunkStart(i) {
			continue
		}
		text, to := rd.Chunk(i)
		ref := strings.TrimPrefix(text, "ref:")
		if b, ok := strings.CutPrefix(ref, "refs/heads/"); ok {
			s.values["branch"] = append(s.values["branch"], b)
			rd.Take("branch of the token", i, to)
		} else if t, ok := strings.CutPrefix(ref, "refs/tags/"); ok {
			s.values["tag"] = append(s.values["tag"], t)
			rd.Take("tag of the token", i, to)
		}
		if len(s.values["branch"]) == 0 && rd.Word(i, "main", "master", "develop", "trunk") && (rd.Word(i-1, "on", "from", "to", "of", "for", "only", "@", "the") || rd.Word(i+1, "only") || rd.Punct(i-1, "(,+")) {
			s.values["branch"] = append(s.values["branch"], rd.Tokens[i].Text)
			rd.Take("branch of the token", i, i+1)
		}
	}
}

// podIdentity reads the namespace and the service account that pods must run with.
func (rd *Reading) podIdentity() {
	for n := range rd.Parties {
		p := &rd.Parties[n]
		if p.Service != "pods.eks" {
			continue
		}
		s := slots{rd: rd, values: map[string][]string{}}
		s.serviceAccounts()
		namespaces := s.beside("namespace")
		if len(namespaces) == 0 {
			namespaces = s.values["namespace"]
		}
		for key, values := range map[string][]string{"kubernetes-namespace": namespaces, "kubernetes-service-account": s.values["serviceaccount"]} {
			if len(values) > 0 && values[0] != "*" {
				p.Where = append(p.Where, intent.Constraint{Key: "aws:RequestTag/" + key, Values: values, Span: p.Span})
			}
		}
	}
}
