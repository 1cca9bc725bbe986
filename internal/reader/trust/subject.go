package trust

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// projects reads the repositories: "acme/infra", "repo infra of org acme", "any repo of acme".
func (s *slots) projects() {
	rd, slot := s.rd, s.provider.Project
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken || !rd.ChunkStart(i) {
			continue
		}
		text, to := rd.Chunk(i)
		if i > 0 && rd.Word(i-1, "workflow") || strings.Contains(text, ".github/") {
			continue
		}
		text = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "github.com/"), "repo:")
		repo, claim, _ := strings.Cut(text, ":")
		if !s.projectName(repo) {
			continue
		}
		if b, ok := strings.CutPrefix(claim, "ref:refs/heads/"); ok {
			s.values["branch"] = append(s.values["branch"], b)
		}
		if e, ok := strings.CutPrefix(claim, "environment:"); ok {
			s.values["environment"] = append(s.values["environment"], e)
		}
		s.values[slot] = append(s.values[slot], strings.TrimSuffix(repo, ".git"))
		rd.Take("repository", i, to)
	}
	if len(s.values[slot]) > 0 {
		return
	}
	orgs, repos := s.beside("organization"), s.beside("repo")
	if len(orgs) == 0 && len(repos) == 1 && repos[0] == "*" {
		orgs = s.ownerOf()
	}
	if len(repos) == 0 {
		repos = []string{"*"}
	}
	for _, o := range orgs {
		o = strings.TrimSuffix(o, "/*")
		for _, r := range repos {
			s.values[slot] = append(s.values[slot], o+"/"+r)
		}
	}
}

// ownerOf reads "any repo in acme", "all repositories of acme".
func (s *slots) ownerOf() []string {
	rd := s.rd
	for i := range rd.Tokens {
		if rd.Word(i, slotNouns["repo"]...) && rd.Word(i+1, "in", "of", "under", "from", "owned") {
			j := rd.Pass(i+2, "the", "our", "github", "org", "organization", "by", "group", "user")
			if values, to := s.list(j, 1); len(values) > 0 {
				rd.Take("organization of the repositories", i, to)
				return values
			}
		}
	}
	return nil
}

// projectName says whether a text looks like owner/name.
func (s *slots) projectName(text string) bool {
	n := strings.Count(text, "/")
	if n == 0 || s.provider.Project == "" || s.provider.Name == "github" && n != 1 {
		return false
	}
	owner, _, _ := strings.Cut(text, "/")
	if owner == "" || strings.Contains(owner, ".") || strings.ContainsAny(text, ":=@ ") || strings.HasSuffix(text, "/") || owner == "refs" {
		return false
	}
	if !strings.ContainsAny(text, "-_0123456789*.") && s.rd.Lexicon.Is("stop", strings.ToLower(owner)) {
		return false
	}
	for _, v := range append(s.values["branch"], s.values["tag"]...) {
		if v == text {
			return false
		}
	}
	return !strings.EqualFold(text, "and/or") && !strings.EqualFold(text, "ci/cd") && !strings.EqualFold(text, "users/roles")
}

// subjects writes the subjects for what the slots hold: for each kind of event its own template.
func (s *slots) subjects() []string {
	var out []string
	used := map[string]bool{}
	for _, sub := range s.provider.Subjects {
		kind := sub.Slots[len(sub.Slots)-1]
		if !s.known(sub.Slots) || used[strings.Join(sub.Slots[:len(sub.Slots)-1], " ")] && len(out) > 0 && !alternative(kind) || len(out) > 0 && !alternative(kind) {
			continue
		}
		if kind == "branch" && used["environment"] && !s.rd.PhraseAny("or") {
			s.both = true // one subject cannot hold both: the branch is a claim of its own
			continue
		}
		used[kind] = true
		out = append(out, s.expand(sub.Template)...)
	}
	return slices.Compact(out)
}

// alternative says that subjects of several kinds stand side by side: a branch or a tag.
func alternative(kind string) bool {
	return kind == "branch" || kind == "tag" || kind == "pull" || kind == "environment"
}

func (s *slots) known(slots []string) bool {
	for _, slot := range slots {
		if len(s.values[slot]) == 0 {
			return false
		}
	}
	return true
}

// expand fills a template with every combination of values.
func (s *slots) expand(template string) []string {
	out := []string{template}
	for {
		_, rest, ok := strings.Cut(out[0], "{")
		if !ok {
			return out
		}
		name, _, _ := strings.Cut(rest, "}")
		values := s.values[name]
		if len(values) == 0 {
			values = []string{"*"}
		}
		var next []string
		for _, t := range out {
			for _, v := range values {
				next = append(next, strings.Replace(t, "{"+name+"}", v, 1))
			}
		}
		out = next
	}
}

// fill fills a host or audience with the first values; an unknown slot stays.
func (s *slots) fill(template string) string {
	for name, values := range s.values {
		if len(values) > 0 {
			template = strings.ReplaceAll(template, "{"+name+"}", values[0])
		}
	}
	return template
}

// claims reads the other claims that AWS compares: the reusable workflow, the actor, a branch
// beside an environment.
func (s *slots) claims(host string) []intent.Constraint {
	rd := s.rd
	var out []intent.Constraint
	add := func(claim, value string, from, to int) {
		out = append(out, intent.Constraint{Key: host + ":" + claim, Values: []string{value}, Span: rd.Span(from, to)})
		rd.Take("claim of the token", from, to)
	}
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken || !rd.ChunkStart(i) {
			continue
		}
		text, to := rd.Chunk(i)
		if slices.Contains(s.provider.Claims, "job_workflow_ref") && strings.Contains(text, ".github/workflows/") {
			if !strings.Contains(text, "@") {
				text += "@*"
			}
			text = strings.TrimPrefix(text, "job_workflow_ref:")
			if strings.HasPrefix(text, ".github/") && len(s.values["repo"]) > 0 {
				text = s.values["repo"][0] + "/" + text
			}
			add("job_workflow_ref", text, i, to)
			continue
		}
		if t := rd.Tokens[i]; t.Lit.Kind == token.TagLiteral && slices.Contains(s.provider.Claims, t.Lit.Key) {
			add(t.Lit.Key, t.Lit.Value, i, i+1)
		} else if slices.Contains(s.provider.Claims, t.Lower) && rd.Word(i+1, "is", "=") && s.named(i+2) {
			value, end := rd.Chunk(i + 2)
			add(t.Lower, value, i, end)
		} else if rd.Word(i, "actor") && s.named(i+1) && slices.Contains(s.provider.Claims, "actor") {
			value, end := rd.Chunk(i + 1)
			add("actor", value, i, end)
		}
	}
	if s.both {
		for n, b := range s.values["branch"] {
			if n == 0 {
				out = append(out, intent.Constraint{Key: host + ":ref", Values: []string{"refs/heads/" + b}})
			} else {
				out[len(out)-1].Values = append(out[len(out)-1].Values, "refs/heads/"+b)
			}
		}
	}
	return out
}
