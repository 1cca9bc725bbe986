package reader

import (
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// scanMFA reads that a session must be authenticated with MFA, and how long ago.
func (rd *reading) scanMFA() {
	for i := 0; i < len(rd.tokens); i++ {
		end := rd.mfaAt(i)
		if end == 0 || !rd.free(i) {
			continue
		}
		m := rd.mood(i)
		to := rd.afterMFA(end, &m)
		if !m.lead && to == end && !rd.aloneInClause(i, end) {
			continue
		}
		if m.negated && !m.unless && !rd.deniesAt(i) && !rd.clauseNegative(m.from) {
			rd.take("needs no MFA", m.from, to)
			continue
		}
		age, test, to := rd.age(to)
		if age == 0 {
			var from int
			if age, test, from = rd.ageBefore(m.from); age != 0 {
				m.from = from
			}
		}
		m.strict = m.strict || !m.negated
		if age > 0 {
			rd.condition(m, to, "age of MFA", intent.Constraint{Key: "aws:MultiFactorAuthAge", Test: test, Values: []string{strconv.Itoa(age)}})
		}
		rd.condition(m, to, "MFA", intent.Constraint{Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}})
		i = to - 1
	}
}

// mfaAt returns the end of the words at i that mean MFA as a way to sign in, or 0.
func (rd *reading) mfaAt(i int) int {
	end := 0
	switch {
	case rd.word(i, "mfa", "2fa", "multi-factor", "multifactor", "two-factor", "mfad", "mfa-authenticated"):
		end = rd.pass(i+1, "authentication", "auth", "authenticated", "login", "session", "sessions", "sign-in", "code")
	case rd.word(i, "multi", "two", "second") && rd.word(i+1, "factor"):
		end = rd.pass(i+2, "authentication", "auth", "authenticated")
	}
	if end > 0 && rd.word(end, "device", "devices", "serial", "settings", "secret", "config", "configuration", "qr", "token", "tokens", "key", "keys", "hardware") {
		return 0
	}
	if end > 0 && rd.word(i-1, "virtual", "hardware", "own") {
		return 0
	}
	return end
}

// afterMFA passes "is present", "was used", "required".
func (rd *reading) afterMFA(i int, m *mood) int {
	j := i
	for j < len(rd.tokens) && rd.free(j) && (rd.is("strict", j) || rd.is("after-mfa", j)) {
		m.strict = m.strict || rd.is("strict", j)
		j++
	}
	for j > i && rd.word(j-1, "and", "for", "was", "is", "they", "must", "be", "in", "within", "on", "has", "nothing") {
		j--
	}
	return j
}

// aloneInClause says that nothing else of weight stands in the clause.
func (rd *reading) aloneInClause(from, to int) bool {
	n := rd.clauseOf(from)
	if n < 0 {
		return false
	}
	for i := rd.clause[n].from; i < rd.clause[n].to; i++ {
		if (i < from || i >= to) && rd.tokens[i].kind != punctToken && !rd.is("stop", i) && !rd.is("lead", i) && !rd.is("after-mfa", i) {
			return false
		}
	}
	return true
}

// age reads "less than 30 minutes ago" within a few tokens from i: seconds, the test and the
// end of the words.
func (rd *reading) age(i int) (int, intent.Test, int) {
	test := intent.LessOrEqual
	for j := i; j < len(rd.tokens) && j < i+9; j++ {
		switch {
		case rd.punct(j, ".\n"):
			return 0, "", i
		case rd.word(j, "less", "younger", "under", "below") || rd.punct(j, "<") || rd.word(j, "<"):
			test = intent.Less
		}
		seconds, end, ok := rd.duration(j)
		if !ok {
			continue
		}
		return seconds, test, rd.pass(end, "ago", "old", "before", "earlier", "max", "maximum", "at", "most")
	}
	return 0, "", i
}

// ageBefore reads an age that stands before the words for MFA: "max 15 minutes old MFA".
func (rd *reading) ageBefore(i int) (int, intent.Test, int) {
	for j := max(0, i-4); j < i; j++ {
		if seconds, end, ok := rd.duration(j); ok && rd.pass(end, "old", "fresh") == i && end < i {
			from := j
			for from > 0 && rd.word(from-1, "max", "maximum", "most", "at", "with", "a", "than", "older", "not") {
				from--
			}
			return seconds, intent.LessOrEqual, from
		}
	}
	return 0, "", i
}

var unitSeconds = map[string]int{
	"s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
	"h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "d": 86400, "day": 86400, "days": 86400,
}

var numberWords = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12,
	"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60, "half": 0, "last": 1, "past": 1, "same": 1,
}

// duration reads "15 minutes", "15m", "an hour", "the last hour".
func (rd *reading) duration(i int) (seconds, end int, ok bool) {
	if i >= len(rd.tokens) || rd.tokens[i].taken {
		return 0, 0, false
	}
	t := rd.tokens[i].lower
	digits := strings.TrimRight(t, "abcdefghijklmnopqrstuvwxyz")
	if n, err := strconv.Atoi(digits); err == nil && digits != t {
		if u := unitSeconds[strings.TrimPrefix(t, digits)]; u > 0 {
			return n * u, i + 1, true
		}
	}
	n, err := strconv.Atoi(strings.TrimPrefix(t, "<"))
	if err != nil {
		word, known := numberWords[t]
		if !known || i+1 >= len(rd.tokens) {
			return 0, 0, false
		}
		if n = word; t == "half" && rd.word(i+1, "an", "a") && rd.word(i+2, "hour") {
			return 1800, i + 3, true
		}
	}
	if i+1 < len(rd.tokens) && n > 0 {
		if u := unitSeconds[rd.tokens[i+1].lower]; u > 0 && len(rd.tokens[i+1].lower) > 0 {
			return n * u, i + 2, true
		}
	}
	return 0, 0, false
}

// scanTLS reads that requests must be encrypted on their way, and the least version.
func (rd *reading) scanTLS() {
	for i := 0; i < len(rd.tokens); i++ {
		end, plain := rd.tlsAt(i)
		if end == 0 || !rd.free(i) {
			continue
		}
		m := rd.mood(i)
		if rd.word(i, "tls", "ssl") {
			if to, ok := rd.tlsVersion(i, m); ok {
				i = to - 1
				continue
			}
		}
		to := rd.after(end, &m)
		if !m.strict && !m.unless && !m.negated && !plain && !rd.within(m.from, i, "over", "via", "through", "using", "with", "use", "uses") && !rd.aloneInClause(i, end) {
			continue
		}
		if plain {
			m.negated = !m.negated
		}
		if rd.punct(m.from-1, "(") && rd.punct(to, ")") {
			m.from, to = m.from-1, to+1
		}
		rd.condition(m, to, "TLS", intent.Constraint{Key: "aws:SecureTransport", Values: []string{"true"}})
		i = to - 1
	}
}

// tlsAt returns the end of words that mean encryption on the way, and whether they mean the
// lack of it.
func (rd *reading) tlsAt(i int) (end int, plain bool) {
	switch {
	case rd.word(i, "tls", "https", "ssl"):
		end = rd.pass(i+1, "connection", "connections", "transport", "encryption", "requests", "calls")
	case rd.word(i, "encrypted", "encryption") && rd.word(i+1, "in") && rd.word(i+2, "transit", "flight", "transport"):
		end = i + 3
	case rd.word(i, "in-transit", "transport") && rd.word(i+1, "encryption"):
		end = i + 2
	case rd.word(i, "secure") && rd.word(i+1, "transport", "connection", "connections", "channel"):
		end = i + 2
	case rd.word(i, "plain", "unencrypted", "insecure") && rd.word(i+1, "http", "transport", "connection", "connections", "requests", "traffic", "calls"):
		end, plain = i+2, true
	case rd.word(i, "plaintext", "cleartext", "http") && (rd.word(i-1, "over", "via", "using", "through") || rd.word(i+1, "requests", "connections", "calls")):
		end, plain = rd.pass(i+1, "http", "requests", "connections", "calls"), true
	}
	if end > 0 && rd.is("not-transport", end) {
		return 0, false
	}
	return end, plain
}

// tlsVersion reads "TLS 1.2 or higher".
func (rd *reading) tlsVersion(i int, m mood) (int, bool) {
	j := rd.pass(i+1, "version", "versions", "at", "least", "v", "of", "minimum")
	if j >= len(rd.tokens) {
		return 0, false
	}
	version := strings.TrimPrefix(rd.tokens[j].lower, "v")
	if version != "1.0" && version != "1.1" && version != "1.2" && version != "1.3" {
		return 0, false
	}
	to := j + 1
	if rd.word(to, "or", "and") && rd.word(to+1, "higher", "newer", "above", "later", "better", "up", "greater") {
		to += 2
	}
	to = rd.after(to, &m)
	for m.from > 0 && rd.word(m.from-1, "minimum", "min", "least", "at") {
		m.from--
	}
	rd.condition(m, to, "TLS version", intent.Constraint{Key: "s3:TlsVersion", Test: intent.GreaterOrEqual, Values: []string{version}})
	return to, true
}
