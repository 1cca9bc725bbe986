package explain

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/aegis-iam/aegis/internal/policy"
)

// maxShown is the length in bytes of the longest text of a document that is repeated whole.
const maxShown = 300

// shown returns a text of the document fit to stand in a sentence: quoted unless it is one
// plain word, and cut if it is long.
func shown(s string) string {
	cut := ""
	if len(s) > maxShown {
		s, cut = strings.ToValidUTF8(s[:maxShown], ""), "…"
	}
	plain := func(r rune) bool { return unicode.IsPrint(r) && r != ' ' && r != '"' && r != unicode.ReplacementChar }
	for _, r := range s {
		if !plain(r) {
			return strconv.Quote(s) + cut
		}
	}
	if s == "" || strings.HasSuffix(s, ",") || strings.HasSuffix(s, ";") {
		return strconv.Quote(s) + cut
	}
	return s + cut
}

// join makes "a, b and c" of items with the word; of more than limit the last are counted.
func join(items []string, word string, limit int) string {
	if n := len(items); n > limit && n > 1 {
		items = append(items[:limit:limit], fmt.Sprintf("%d more", n-limit))
		if word == "or" {
			items[limit] = "one of " + items[limit]
		}
	}
	switch len(items) {
	case 0:
		return "nothing"
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + word + " " + items[last]
}

// count makes "1 action" and "2 actions".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + plural(noun)
}

func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "y") && len(noun) > 1 && !strings.ContainsRune("aeiou", rune(noun[len(noun)-2])):
		return noun[:len(noun)-1] + "ies"
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "ch"), strings.HasSuffix(noun, "sh"):
		return noun + "es"
	}
	return noun + "s"
}

// capital returns the sentence with a capital at its start.
func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// firstMask is the first of the characters of private use that stand for policy variables.
const firstMask, lastMask = '\uE000', '\uF8FF'

// A masked text has each policy variable replaced by one character, so that what a variable
// is made of is not taken for wildcards and separators.
type masked struct {
	text  string
	words []string // of the variables, in their order
}

func (w *writer) mask(s string) masked {
	if !w.variables || !strings.Contains(s, "${") {
		return masked{text: s}
	}
	var b strings.Builder
	var words []string
	end := 0
	for _, v := range policy.Variables(s) {
		if v.Defect != "" || len(words) > lastMask-firstMask {
			continue
		}
		b.WriteString(s[end:v.Start])
		b.WriteRune(firstMask + rune(len(words)))
		words = append(words, w.variable(v))
		end = v.End
	}
	b.WriteString(s[end:])
	return masked{b.String(), words}
}

// variable says what a policy variable stands for, in brackets.
func (w *writer) variable(v policy.Variable) string {
	if v.Literal != 0 {
		return string(v.Literal)
	}
	subject := w.key(v.Key).subject
	if v.HasDefault {
		return "[" + subject + ", or " + shown(v.Default) + "]"
	}
	return "[" + subject + "]"
}

// show returns a part of a masked text, fit to be read, with its variables in words.
func (m masked) show(part string) string {
	var b, bare strings.Builder
	for _, r := range part {
		if i := int(r - firstMask); i >= 0 && i < len(m.words) {
			b.WriteString(m.words[i])
			continue
		}
		b.WriteRune(r)
		bare.WriteRune(r)
	}
	if len(m.words) > 0 && (bare.Len() == 0 || shown(bare.String()) == bare.String()) {
		return b.String()
	}
	return shown(b.String())
}
