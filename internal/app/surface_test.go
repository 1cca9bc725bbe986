package app

import "strings"

// letterCases changes the case of the words that are not names.
func letterCases(marked string) []string {
	return []string{
		outsideNames(marked, strings.ToUpper),
		outsideNames(marked, strings.ToLower),
		outsideNames(marked, func(s string) string {
			words := strings.Split(s, " ")
			for i, w := range words {
				if w != "" {
					words[i] = strings.ToUpper(w[:1]) + w[1:]
				}
			}
			return strings.Join(words, " ")
		}),
		strings.ToUpper(marked[:1]) + marked[1:],
	}
}

// outsideNames changes what is not marked.
func outsideNames(marked string, change func(string) string) string {
	var b strings.Builder
	for marked != "" {
		before, rest, found := strings.Cut(marked, "{")
		b.WriteString(change(before))
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString("{" + name + "}")
		marked = after
	}
	return b.String()
}

// punctuations changes marks and space that have no meaning.
func punctuations(marked string) []string {
	return []string{
		marked + ".",
		marked + "!",
		"  " + marked + " \n",
		strings.ReplaceAll(marked, " ", "  "),
		"- " + marked,
		strings.ReplaceAll(strings.ReplaceAll(marked, "{", "'{"), "}", "}'"),
	}
}

// polite wraps a request in words that ask for nothing.
func polite(marked string) []string {
	return []string{
		"please " + marked,
		marked + ", please",
		marked + ". Thanks!",
		"hi team, " + marked,
		"Hi team,\n\n" + marked + ".\n\nThank you",
		"hello! I need a policy: " + marked,
	}
}

// misspelt are words of the requests with two letters swapped, one lost, or one twice.
var misspelt = [][2]string{
	{"bucket", "bukcet"}, {"bucket", "buckt"}, {"objects", "objcets"}, {"messages", "mesages"}, {"queue", "qeueue"},
	{"topic", "topc"}, {"publish", "pubilsh"}, {"function", "funtion"}, {"invoke", "invokee"}, {"table", "tabel"},
	{"secret", "secrt"}, {"decrypt", "decrpyt"}, {"instances", "instnaces"}, {"terminate", "termiante"},
	{"repository", "repositry"}, {"images", "imagse"}, {"stream", "straem"}, {"parameters", "paramters"},
	{"upload", "uplaod"}, {"delete", "delte"}, {"describe", "descirbe"}, {"executions", "exectuions"},
	{"organization", "orgnaization"}, {"cloudtrail", "cloudtrial"}, {"dynamodb", "dynmodb"}, {"snapshots", "snapshtos"},
	{"receive", "recieve"}, {"items", "itmes"}, {"stacks", "stakcs"}, {"boundary", "boundray"},
	{"everything", "everthing"}, {"deleting", "deleteing"}, {"account", "acount"}, {"assume", "asume"},
}

// typos misspells one known word of a request at a time, at most two of them.
func typos(marked string) []string {
	var out []string
	for _, m := range misspelt {
		changed := false
		text := outsideNames(marked, func(s string) string {
			words := strings.Split(s, " ")
			for i, w := range words {
				if w == m[0] && !changed {
					words[i], changed = m[1], true
				}
			}
			return strings.Join(words, " ")
		})
		if changed && len(out) < 2 {
			out = append(out, text)
		}
	}
	return out
}
