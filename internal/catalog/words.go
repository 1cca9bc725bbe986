package catalog

import (
	"iter"
	"strings"
)

// Spellings whose capitals do not mark the beginning of a word.
var oneWord = []string{"IoT", "OAuth", "IdP", "SaaS", "DynamoDB", "GraphQL", "DocDB", "MySQL", "NoSQL", "vCpu", "vCPU"}

// Words splits a name as AWS writes names into lower-case words: at capitals, at
// a digit before a capital, and at everything that is neither letter nor digit.
// "DBInstance" is db and instance, "VPCEndpoints" is vpc and endpoints,
// "IPv6CIDR" is ipv6 and cidr.
func Words(name string) []string {
	var words []string
	for word := range rawWords(name) {
		words = append(words, strings.ToLower(word))
	}
	return words
}

// Verb returns the first word of an action's name as it is spelled: "Get" of "GetObject".
func Verb(action string) string {
	for i := 1; i < len(action); i++ {
		if action[i] >= 'A' && action[i] <= 'Z' {
			return action[:i]
		}
	}
	return action
}

// rawWords yields the words as they are spelled.
func rawWords(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(name); {
			if !alphanumeric(name[i]) {
				i++
				continue
			}
			n := wordLen(name[i:])
			if !yield(name[i : i+n]) {
				return
			}
			i += n
		}
	}
}

// wordLen returns the length of the word at the start of s, which begins with a
// letter or a digit.
func wordLen(s string) int {
	for _, w := range oneWord {
		if strings.HasPrefix(s, w) && !lowerAt(s, len(w)) {
			return len(w)
		}
	}
	n := 0
	for n < len(s) && upperAt(s, n) {
		n++
	}
	switch {
	case n > 1 && pluralEnd(s, n):
		return n + 1 // "VPCs"
	case n > 1 && strings.HasPrefix(s[n:], "v") && digitAt(s, n+1):
		n++ // "IPv6"
	case n > 1 && lowerAt(s, n):
		return n - 1 // "DBInstance": the last capital belongs to the next word
	}
	for n < len(s) && alphanumeric(s[n]) && !upperAt(s, n) {
		n++
	}
	return n
}

// pluralEnd reports whether the capitals s[:n] are followed by an s that ends the word.
func pluralEnd(s string, n int) bool {
	return n < len(s) && s[n] == 's' && !lowerAt(s, n+1) && !digitAt(s, n+1)
}

func alphanumeric(b byte) bool {
	return 'a' <= lower(b) && lower(b) <= 'z' || '0' <= b && b <= '9' || b >= 0x80
}

func upperAt(s string, i int) bool { return i < len(s) && 'A' <= s[i] && s[i] <= 'Z' }

func lowerAt(s string, i int) bool { return i < len(s) && 'a' <= s[i] && s[i] <= 'z' }

func digitAt(s string, i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }
