package origin

import (
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// ScanMFA reads that a session must be authenticated with MFA, and how long ago.
func (rd *Reading) ScanMFA() {
	for i := 0; i < len(rd.Tokens); i++ {
		end := rd.mfaAt(i)
		if end == 0 || !rd.Free(i) {
			continue
		}
		m := rd.Mood(i)
		to := rd.afterMFA(end, &m)
		if !m.Lead && to == end && !rd.aloneInClause(i, end) {
			continue
		}
		if m.Negated && !m.Unless && !rd.deniesAt(i) && !rd.ClauseNegative(m.From) {
			rd.Take("needs no MFA", m.From, to)
			continue
		}
		age, test, to := rd.Age(to)
		if age == 0 {
			var from int
			if age, test, from = rd.ageBefore(m.From); age != 0 {
				m.From = from
			}
		}
		m.Strict = m.Strict || !m.Negated
		if age > 0 {
			rd.Condition(m, to, "age of MFA", intent.Constraint{Key: "aws:MultiFactorAuthAge", Test: test, Values: []string{strconv.Itoa(age)}})
		}
		rd.Condition(m, to, "MFA", intent.Constraint{Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}})
		i = to - 1
	}
}

// mfaAt returns the end of the words at i that mean MFA as a way to sign in, or 0.
func (rd *Reading) mfaAt(i int) int {
	end := 0
	switch {
	case rd.Word(i, "mfa", "2fa", "multi-factor", "multifactor", "two-factor", "mfad", "mfa-authenticated"):
		end = rd.Pass(i+1, "authentication", "auth", "authenticated", "login", "session", "sessions", "sign-in", "code")
	case rd.Word(i, "multi", "two", "second") && rd.Word(i+1, "factor"):
		end = rd.Pass(i+2, "authentication", "auth", "authenticated")
	}
	if end > 0 && rd.Word(end, "device", "devices", "serial", "settings", "secret", "config", "configuration", "qr", "token", "tokens", "key", "keys", "hardware") {
		return 0
	}
	if end > 0 && rd.Word(i-1, "virtual", "hardware", "own") {
		return 0
	}
	return end
}

// afterMFA passes "is present", "was used", "required".
func (rd *Reading) afterMFA(i int, m *Mood) int {
	j := i
	for j < len(rd.Tokens) && rd.Free(j) && (rd.Is("strict", j) || rd.Is("after-mfa", j)) {
		m.Strict = m.Strict || rd.Is("strict", j)
		j++
	}
	for j > i && rd.Word(j-1, "and", "for", "was", "is", "they", "must", "be", "in", "within", "on", "has", "nothing") {
		j--
	}
	return j
}

// aloneInClause says that nothing else of weight stands in the clause.
func (rd *Reading) aloneInClause(from, to int) bool {
	n := rd.ClauseOf(from)
	if n < 0 {
		return false
	}
	for i := rd.Clauses[n].From; i < rd.Clauses[n].To; i++ {
		if (i < from || i >= to) && rd.Tokens[i].Kind != token.Punct && !rd.Is("stop", i) && !rd.Is("lead", i) && !rd.Is("after-mfa", i) {
			return false
		}
	}
	return true
}

// Age reads "less than 30 minutes ago" within a few tokens from i: seconds, the test and the
// end of the words.
func (rd *Reading) Age(i int) (int, intent.Test, int) {
	test := intent.LessOrEqual
	for j := i; j < len(rd.Tokens) && j < i+9; j++ {
		switch {
		case rd.Punct(j, ".\n"):
			return 0, "", i
		case rd.Word(j, "less", "younger", "under", "below") || rd.Punct(j, "<") || rd.Word(j, "<"):
			test = intent.Less
		}
		seconds, end, ok := rd.duration(j)
		if !ok {
			continue
		}
		end = rd.Pass(end, "ago", "old", "before", "earlier", "max", "maximum", "at", "most")
		if again, to, ok := rd.duration(end + 1); ok && again == seconds && rd.Punct(end, "(") && rd.Punct(to, ")") {
			end = to + 1 // "an hour (3600 seconds)"
		}
		return seconds, test, end
	}
	return 0, "", i
}

// ageBefore reads an age that stands before the words for MFA: "max 15 minutes old MFA".
func (rd *Reading) ageBefore(i int) (int, intent.Test, int) {
	for j := max(0, i-4); j < i; j++ {
		if seconds, end, ok := rd.duration(j); ok && rd.Pass(end, "old", "fresh") == i && end < i {
			from := j
			for from > 0 && rd.Word(from-1, "max", "maximum", "most", "at", "with", "a", "than", "older", "not") {
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
func (rd *Reading) duration(i int) (seconds, end int, ok bool) {
	if i >= len(rd.Tokens) || rd.Tokens[i].Taken {
		return 0, 0, false
	}
	t := rd.Tokens[i].Lower
	digits := strings.TrimRight(t, "abcdefghijklmnopqrstuvwxyz")
	if n, err := strconv.Atoi(digits); err == nil && digits != t {
		if u := unitSeconds[strings.TrimPrefix(t, digits)]; u > 0 {
			return n * u, i + 1, true
		}
	}
	n, err := strconv.Atoi(strings.TrimPrefix(t, "<"))
	if err != nil {
		word, known := numberWords[t]
		if !known || i+1 >= len(rd.Tokens) {
			return 0, 0, false
		}
		if n = word; t == "half" && rd.Word(i+1, "an", "a") && rd.Word(i+2, "hour") {
			return 1800, i + 3, true
		}
	}
	if i+1 < len(rd.Tokens) && n > 0 {
		if u := unitSeconds[rd.Tokens[i+1].Lower]; u > 0 && len(rd.Tokens[i+1].Lower) > 0 {
			return n * u, i + 2, true
		}
	}
	return 0, 0, false
}

// ScanTLS reads that requests must be encrypted on their way, and the least version.
func (rd *Reading) ScanTLS() {
	for i := 0; i < len(rd.Tokens); i++ {
		end, plain := rd.tlsAt(i)
		if end == 0 || !rd.Free(i) {
			continue
		}
		m := rd.Mood(i)
		if rd.Word(i, "tls", "ssl") {
			if to, ok := rd.tlsVersion(i, m); ok {
				i = to - 1
				continue
			}
		}
		to := rd.After(end, &m)
		if !m.Strict && !m.Unless && !m.Negated && !plain && !rd.Within(m.From, i, "over", "via", "through", "using", "with", "use", "uses") && !rd.aloneInClause(i, end) {
			continue
		}
		if plain {
			m.Negated = !m.Negated
		}
		if rd.Punct(m.From-1, "(") && rd.Punct(to, ")") {
			m.From, to = m.From-1, to+1
		}
		rd.Condition(m, to, "TLS", intent.Constraint{Key: "aws:SecureTransport", Values: []string{"true"}})
		i = to - 1
	}
}

// tlsAt returns the end of words that mean encryption on the way, and whether they mean the
// lack of it.
func (rd *Reading) tlsAt(i int) (end int, plain bool) {
	switch {
	case rd.Word(i, "tls", "https", "ssl"):
		end = rd.Pass(i+1, "connection", "connections", "transport", "encryption", "requests", "calls")
	case rd.Word(i, "encrypted", "encryption") && rd.Word(i+1, "in") && rd.Word(i+2, "transit", "flight", "transport"):
		end = i + 3
	case rd.Word(i, "in-transit", "transport") && rd.Word(i+1, "encryption"):
		end = i + 2
	case rd.Word(i, "secure") && rd.Word(i+1, "transport", "connection", "connections", "channel"):
		end = i + 2
	case rd.Word(i, "plain", "unencrypted", "insecure") && i+1 < len(rd.Tokens) && !rd.Tokens[i+1].Taken && rd.Word(i+1, "http", "transport", "connection", "connections", "requests", "traffic", "calls"):
		end, plain = i+2, true
	case rd.Word(i, "plaintext", "cleartext", "http") && (rd.Word(i-1, "over", "via", "using", "through") || rd.Word(i+1, "requests", "connections", "calls")):
		end, plain = rd.Pass(i+1, "http", "requests", "connections", "calls"), true
	}
	if end > 0 && rd.Is("not-transport", end) {
		return 0, false
	}
	return end, plain
}

// tlsVersion reads "TLS 1.2 or higher".
func (rd *Reading) tlsVersion(i int, m Mood) (int, bool) {
	j := rd.Pass(i+1, "version", "versions", "at", "least", "v", "of", "minimum")
	if j >= len(rd.Tokens) {
		return 0, false
	}
	version := strings.TrimPrefix(rd.Tokens[j].Lower, "v")
	if version != "1.0" && version != "1.1" && version != "1.2" && version != "1.3" {
		return 0, false
	}
	to := j + 1
	if rd.Word(to, "or", "and") && rd.Word(to+1, "higher", "newer", "above", "later", "better", "up", "greater") {
		to += 2
	}
	to = rd.After(to, &m)
	for m.From > 0 && rd.Word(m.From-1, "minimum", "min", "least", "at") {
		m.From--
	}
	rd.Condition(m, to, "TLS version", intent.Constraint{Key: "s3:TlsVersion", Test: intent.GreaterOrEqual, Values: []string{version}})
	return to, true
}
