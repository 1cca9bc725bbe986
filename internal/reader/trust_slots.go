package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// slots are the parts of a token's subject that the words name: repository, branch, …
type slots struct {
	rd       *reading
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
	stems := s.rd.flatten()
	for k := range stems {
		for _, name := range s.provider.Names {
			if phraseAt(stems, k, name) {
				s.rd.take("identity provider", stems[k].token, stems[k+len(name)-1].token+1)
			}
		}
	}
	for i := range s.rd.tokens {
		if s.rd.word(i, "oidc", "irsa", "eks", "k8s", "kubernetes", "cluster", "provider", "idp", "ci", "runner", "runners", "workflow", "workflows", "openid", "actions") && s.rd.tokens[i].kind == wordToken {
			s.rd.take("identity provider", i, i+1)
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
	for i := range rd.tokens {
		if !rd.word(i, slotNouns[slot]...) || rd.tokens[i].taken || slot == "environment" && rd.word(i+1, "variable", "variables") {
			continue
		}
		if rd.word(i-1, "any", "all", "every", "each", "whichever", "whatever") && !s.named(i+1) {
			rd.take(slot+" of the token", i-1, i+1)
			out = append(out, "*")
			continue
		}
		j := rd.pass(i+1, "named", "called", "is", "=", "named:", "either", "matching", "like", "name", "names", "id")
		if rd.punct(j, ":=\"(") && s.named(j+1) {
			j++
		}
		values, to := s.list(j, 1)
		if len(values) == 0 {
			var from int
			if values, from = s.listBefore(i - 1); len(values) > 0 {
				rd.take(slot+" of the token", from, i+1)
			} else if (slot == "tag" || slot == "branch") && strings.HasSuffix(rd.tokens[i].lower, "s") {
				values = []string{"*"}
				rd.take(slot+" of the token", i, i+1)
			}
		} else {
			rd.take(slot+" of the token", i, to)
		}
		out = append(out, values...)
	}
	for n := range out {
		out[n] = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(out[n], "refs/heads/"), "refs/tags/"), "origin/")
	}
	return out
}

// named says whether token i can be the value of a slot.
func (s *slots) named(i int) bool {
	rd := s.rd
	if i < 0 || i >= len(rd.tokens) || rd.tokens[i].taken || rd.tokens[i].kind == punctToken {
		return false
	}
	t := rd.tokens[i]
	switch t.kind {
	case wordToken:
		return !rd.Lexicon.Is("stop", t.lower) && !rd.is("auxiliary", i) && !rd.Lexicon.Is("chat", t.lower) && !isSlotNoun(t.lower) && !rd.word(i, "assume", "assumes", "use", "uses", "run", "runs", "running", "assumed", "named", "called", "only", "name", "id", "provider", "protected", "trust", "repo", "jobs", "job", "builds", "workflows", "level", "based", "policy", "access", "gets", "get", "triggers")
	case nameToken:
		return !strings.Contains(t.text, "://") || strings.HasPrefix(t.text, "refs/")
	}
	return t.lit.kind == numberLiteral || t.lit.kind == uuidLiteral || t.lit.kind == dateLiteral || t.lit.kind == ouLiteral || t.lit.kind == regionLiteral || t.lit.kind == orgLiteral
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
		text, end := s.rd.chunk(i)
		if s.rd.tokens[i].kind == wordToken && s.rd.nounFollows(end) && len(out) > 0 {
			break
		}
		out = append(out, text)
		to, i = end, end
		for s.rd.punct(i, ",+") || s.rd.word(i, "and", "or", "plus") {
			i++
		}
		if i == to {
			break
		}
	}
	return out, to
}

// nounFollows says that the next word is the noun of another slot.
func (rd *reading) nounFollows(i int) bool {
	return i < len(rd.tokens) && isSlotNoun(rd.tokens[i].lower)
}

// listBefore reads "a and b" that ends at token i.
func (s *slots) listBefore(i int) ([]string, int) {
	var out []string
	from := i + 1
	for s.named(i) {
		start := i
		for start > 0 && !s.rd.chunkStart(start) {
			start--
		}
		if s.rd.tokens[i].kind == wordToken && s.rd.Lexicon.Is("adjective", s.rd.tokens[i].lower) && !s.rd.word(i, "main", "prod", "production", "dev", "development", "staging", "stage", "test", "testing", "qa", "sandbox", "demo", "master", "live", "default") {
			break
		}
		text, _ := s.rd.chunk(start)
		out = append([]string{text}, out...)
		from, i = start, start-1
		for s.rd.punct(i, "+") || s.rd.word(i, "and", "or") || s.rd.punct(i, ",") && len(out) > 1 {
			i--
		}
		if i == start-1 || isSlotNoun(s.rd.tokens[max(i-1, 0)].lower) {
			break
		}
	}
	return out, from
}

// pulls reads that pull requests may assume the role.
func (s *slots) pulls() {
	rd := s.rd
	for i := range rd.tokens {
		n := rd.clauseOf(i)
		if n >= 0 && rd.clause[n].negative {
			continue
		}
		end := 0
		switch {
		case rd.word(i, "pull", "merge") && rd.word(i+1, "request", "requests"):
			end = i + 2
		case rd.word(i, "pr", "prs", "pull-request", "pull-requests", "pull_request"):
			end = i + 1
		}
		if end > 0 {
			rd.take("pull requests", i, end)
			s.values["pull"] = []string{"pull_request"}
		}
	}
}

// serviceAccounts reads Kubernetes service accounts, also written namespace:name.
func (s *slots) serviceAccounts() {
	rd := s.rd
	for i := range rd.tokens {
		if !rd.word(i, "service") || !rd.word(i+1, "account", "accounts") {
			continue
		}
		rd.take("service account", i, i+2)
		if rd.word(i-1, "any", "all", "every") {
			s.values["serviceaccount"] = append(s.values["serviceaccount"], "*")
			continue
		}
		values, to := s.list(rd.pass(i+2, "named", "called", "is"), 1)
		if len(values) == 0 {
			var from int
			values, from = s.listBefore(i - 1)
			rd.take("service account", from, i)
			to = i + 2
		} else {
			rd.take("service account", i, to)
		}
		if j := rd.pass(to, "in", "from", "of", "the", "namespace"); j > to && s.named(j) && len(s.values["namespace"]) == 0 {
			s.values["namespace"] = []string{rd.tokens[j].text}
			rd.take("namespace of the token", to, j+1)
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
	for i := range rd.tokens {
		if rd.tokens[i].taken || !rd.chunkStart(i) {
			continue
		}
		text, to := rd.chunk(i)
		ref := strings.TrimPrefix(text, "ref:")
		if b, ok := strings.CutPrefix(ref, "refs/heads/"); ok {
			s.values["branch"] = append(s.values["branch"], b)
			rd.take("branch of the token", i, to)
		} else if t, ok := strings.CutPrefix(ref, "refs/tags/"); ok {
			s.values["tag"] = append(s.values["tag"], t)
			rd.take("tag of the token", i, to)
		}
		if len(s.values["branch"]) == 0 && rd.word(i, "main", "master", "develop", "trunk") && (rd.word(i-1, "on", "from", "to", "of", "for", "only", "@", "the") || rd.word(i+1, "only") || rd.punct(i-1, "(,+")) {
			s.values["branch"] = append(s.values["branch"], rd.tokens[i].text)
			rd.take("branch of the token", i, i+1)
		}
	}
}
