// Package token splits a request into words, names, marks and typed literals, each with its place
// in the text.
package token

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A Kind says what a token is before its context is known.
type Kind int

// The kinds of tokens.
const (
	Word   Kind = iota // a lower-case word that may mean something
	Name               // looks like a name somebody gave: digits, hyphens, capitals, quotes
	Entity             // a typed literal: ARN, account, region, address …
	Punct              // a mark that separates
)

// A Token is a piece of the request with its place in the text.
type Token struct {
	Text  string
	Lower string
	Stem  string
	Kind  Kind
	Start int
	End   int
	Lit   Literal // set for entities
	Quote bool    // stood in quotes or backquotes
	Flat  bool    // its capitals say nothing: Cased
	Used  bool    // something was read from it
	Taken bool    // a constraint or a setting owns it: it is no object of a verb
	Role  string  // why it was taken, for the ledger
	Typed *Typing // the resource type of a name, once known
}

// marks end a chunk on either side; inside a chunk they are kept.
const (
	leftMarks  = "([{<\"'`“”‘’«*_~"
	rightMarks = ")]}>\"'`“”‘’»,.;:!?~_"
)

// A scanner splits a request into tokens.
type scanner struct {
	text string
	lex  *lexicon.Lexicon
	out  []Token

	flats [][2]int // parts of the text whose capitals say nothing, those behind the place of work
}

// Split returns the tokens of a text in their order.
func Split(text string, lex *lexicon.Lexicon) []Token {
	s := scanner{text: text, lex: lex}
	s.flats = s.flatRuns()
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			s.punct("\n", i, i+1)
			i += size
		case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			i += size
		case r == '`' || r == '"' || r == '“' || (r == '\'' || r == '‘') && s.quotes(i+size):
			i = s.quoted(i, r, size)
		default:
			end := s.chunkEnd(i)
			s.chunk(i, end)
			i = end
		}
	}
	return s.out
}

// chunkEnd returns where the run of non-blank characters ends; ${…} and <…> may hold blanks.
func (s *scanner) chunkEnd(i int) int {
	for i < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if strings.HasPrefix(s.text[i:], "${") {
			if j := strings.IndexByte(s.text[i:], '}'); j > 0 && j < 80 {
				i += j + 1
				continue
			}
		}
		if unicode.IsSpace(r) || r == '`' || r == '"' || r == '“' || r == '”' || unicode.IsControl(r) {
			return i
		}
		i += size
	}
	return i
}

// quoted reads a quotation; one that is not closed on its line is an ordinary mark.
func (s *scanner) quoted(i int, open rune, size int) int {
	closing := map[rune]string{'`': "`", '"': "\"", '“': "”", '\'': "'", '‘': "’"}[open]
	rest := s.text[i+size:]
	j := strings.Index(rest, closing)
	if j <= 0 || strings.ContainsAny(rest[:j], "\n") || j > 200 {
		return i + size
	}
	inner := rest[:j]
	start, end := i+size, i+size+j
	if strings.Count(inner, " ") > 3 || strings.HasPrefix(inner, "aws ") || strings.TrimSpace(inner) != inner {
		s.out = append(s.out, tokenizeAt(inner, start, s.lex)...)
	} else {
		s.add(inner, start, end, true)
	}
	return end + len(closing)
}

// quotes says that the single quote before i is the first of a pair around one word or name.
func (s *scanner) quotes(i int) bool {
	rest := s.text[i:]
	j := strings.IndexAny(rest, "'’ \t\n")
	if j <= 0 {
		return false
	}
	r, size := utf8.DecodeRuneInString(rest[j:])
	next, _ := utf8.DecodeRuneInString(rest[j+size:])
	return (r == '\'' || r == '’') && (j+size == len(rest) || unicode.IsSpace(next) || strings.ContainsRune(rightMarks, next))
}

func tokenizeAt(text string, offset int, lex *lexicon.Lexicon) []Token {
	tokens := Split(text, lex)
	for i := range tokens {
		tokens[i].Start += offset
		tokens[i].End += offset
	}
	return tokens
}

// chunk reads one run of characters: marks are peeled off both ends, the rest is a word, a
// name, an entity, or several words joined by slashes.
func (s *scanner) chunk(start, end int) {
	text := s.text
	if text[start:end] == "/" {
		s.punct("+", start, end)
		return
	}
	if text[start:end] == "*" && strings.TrimLeft(text[strings.LastIndexByte(text[:start], '\n')+1:start], " \t") == "" {
		s.punct("-", start, end) // a bullet
		return
	}
	if isArrow(text[start:end]) {
		s.punct(",", start, end)
		return
	}
	for start < end && !s.whole(text[start:end]) {
		r, size := utf8.DecodeRuneInString(text[start:end])
		if !strings.ContainsRune(leftMarks, r) && r != '•' && r != '-' && r != '–' && r != '—' && r != '+' && r != '&' && r != '=' && r != '#' && r != '@' {
			break
		}
		if (r == '*' || r == '_') && end-start > size && isNameByte(text[start+size]) || r == '-' && end-start > 1 && text[start+1] != '-' && start > 0 {
			break
		}
		if r == '<' && strings.IndexByte(text[start:end], '>') > 0 {
			break
		}
		s.punct(normalMark(r), start, start+size)
		start += size
	}
	var after []Token
	for start < end && !s.whole(text[start:end]) {
		r, size := utf8.DecodeLastRuneInString(text[start:end])
		if !strings.ContainsRune(rightMarks, r) && r != '…' && r != '—' {
			break
		}
		if r == '}' && strings.Contains(text[start:end], "${") || r == '>' && strings.Contains(text[start:end], "<") || r == ')' && strings.HasSuffix(text[start:end], "(s)") {
			break
		}
		after = append(after, Token{Text: normalMark(r), Kind: Punct, Start: end - size, End: end})
		end -= size
	}
	if start < end {
		s.inner(start, end)
	}
	for i := len(after) - 1; i >= 0; i-- {
		s.out = append(s.out, after[i])
	}
}

// whole says that nothing may be peeled off: a bracketed variable, say.
func (s *scanner) whole(text string) bool {
	return strings.HasPrefix(text, "${") && strings.HasSuffix(text, "}") || text == "*"
}

func isArrow(text string) bool {
	return text == "->" || text == "=>" || text == "→" || text == "--" || text == "|"
}

func normalMark(r rune) string {
	switch r {
	case '(', '[', '{':
		return "("
	case ')', ']', '}':
		return ")"
	case '.', '!', '?', ';', '…':
		return "."
	case '•', '*', '-', '–', '—', '#':
		return "-"
	case '+', '&':
		return "+"
	}
	return string(r)
}

func (s *scanner) punct(mark string, start, end int) {
	s.out = append(s.out, Token{Text: mark, Kind: Punct, Start: start, End: end})
}

// inner reads a chunk without its outer marks.
func (s *scanner) inner(start, end int) {
	text := s.text[start:end]
	if _, ok := ParseLiteral(text, s.lex); ok {
		s.add(text, start, end, false)
		return
	}
	for _, sep := range []string{"/", "+", ",", "&", "|", "(", ")", ":", "->", "="} {
		if i := strings.Index(text, sep); i > 0 && i+len(sep) < len(text) && s.splits(text, sep) {
			s.chunk(start, start+i)
			if sep == "/" || sep == "&" || sep == "|" {
				s.punct("+", start+i, start+i+1)
			} else if sep != "=" {
				s.punct(normalMark(rune(sep[0])), start+i, start+i+len(sep))
			}
			s.chunk(start+i+len(sep), end)
			return
		}
	}
	if base, ok := strings.CutSuffix(text, "(s)"); ok {
		s.add(base+"s", start, end, false)
		return
	}
	if base := strings.TrimRight(text, "/-"); base != text && s.verb(base) {
		s.add(base, start, start+len(base), false) // "read/ write", "read- and write-access"
		if text[len(base)] == '/' {
			s.punct("+", start+len(base), end)
		}
		return
	}
	if i := strings.LastIndexByte(text, '-'); i > 0 && s.lex.Is("level-noun", strings.ToLower(text[i+1:])) && s.verb(text[:i]) {
		s.add(text[:i], start, start+i, false) // "write-access"
		s.add(text[i+1:], start+i+1, end, false)
		return
	}
	s.add(text, start, end, false)
}

// splits says whether a separator inside a chunk stands between words rather than inside a name.
func (s *scanner) splits(text, sep string) bool {
	switch sep {
	case ",", "->", "|":
		return true
	case "(":
		return !strings.HasSuffix(text, "(s)")
	case ")":
		return true
	case "=":
		return false
	case ":":
		i := strings.Index(text, ":")
		_, literalAfter := ParseLiteral(text[i+1:], s.lex)
		return strings.Count(text, ":") == 1 && IsLetters(text[:i]) && (literalAfter && !IsLetters(text[i+1:])) && !strings.HasPrefix(text[i+1:], "/")
	}
	parts := strings.Split(text, sep)
	if sep == "/" && strings.Contains(text, "Tag/") && strings.Contains(text, ":") {
		return false // aws:ResourceTag/team
	}
	if sep == "/" && s.nounBefore() && !s.anyVerb(parts) {
		return false // "secret app/db"
	}
	for _, p := range parts {
		p = strings.Trim(p, "().,;:")
		if p == "" {
			return false
		}
		if _, ok := ParseLiteral(p, s.lex); !ok && !s.known(p) {
			return false
		}
	}
	return true
}

// known says whether the word is one of the language rather than a name.
func (s *scanner) known(word string) bool {
	w := strings.ToLower(word)
	stem := catalog.Stem(w)
	for _, prefix := range []string{"un", "re", "de", "dis"} {
		if base, ok := strings.CutPrefix(stem, prefix); ok && len(base) > 2 && len(s.lex.Classes(catalog.Stem(base))) > 0 {
			return true
		}
	}
	return s.lex.Is("stop", w) || len(s.lex.Classes(stem)) > 0 || len(s.lex.Phrases(stem)) > 0 && IsLetters(w) && len(w) > 1 || s.lex.Is("common", w)
}

func (s *scanner) add(text string, start, end int, quoted bool) {
	t := Token{Text: text, Lower: strings.ToLower(text), Start: start, End: end, Quote: quoted}
	t.Flat = !quoted && IsLetters(text) && s.inFlat(start) && (s.known(text) || s.lex.Listed(t.Lower))
	if lit, ok := ParseLiteral(text, s.lex); ok {
		t.Kind, t.Lit = Entity, lit
		s.out = append(s.out, t)
		return
	}
	t.Lower = strings.TrimSuffix(strings.TrimSuffix(strings.ReplaceAll(t.Lower, "’", "'"), "'s"), "'")
	if !quoted && strings.ContainsRune(t.Lower, '\'') {
		t.Lower = strings.ReplaceAll(t.Lower, "'", "")
	}
	if mail, ok := strings.CutPrefix(t.Lower, "e-mail"); ok && !quoted {
		t.Lower = "email" + mail
		text = t.Lower // no name
	}
	t.Stem = catalog.Stem(t.Lower)
	if caps := strings.TrimSuffix(text, "s"); len(caps) > 1 && caps != text && strings.ToUpper(caps) == caps && strings.ToLower(caps) != caps {
		t.Stem = strings.ToLower(caps)
	}
	if quoted || s.opensPath(text, end) || LooksLikeName(text) && !s.lexical(t.Lower) && !compound(t.Lower) {
		t.Kind = Name
	}
	s.out = append(s.out, t)
}
