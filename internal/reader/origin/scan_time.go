package origin

import (
	"strconv"
	"strings"
	"time"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A period is the time that a date of the request covers: an instant, a day, a month, a year.
type period struct {
	start, last time.Time
	from, to    int
}

var months = map[string]time.Month{
	"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6,
	"july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10, "oct": 10,
	"november": 11, "nov": 11, "december": 12, "dec": 12,
}

// ScanTimes reads from when until when a grant holds. IAM knows absolute times only.
func (rd *Reading) ScanTimes() {
	for i := 0; i < len(rd.Tokens); i++ {
		if rd.recurring(i) {
			continue
		}
		p, ok := rd.period(i)
		if !ok {
			continue
		}
		i = rd.NeverElse(rd.window(p)) - 1
	}
}

// window reads the words around a period, and the second one of a pair.
func (rd *Reading) window(p period) int {
	from := p.from
	for from > 0 && rd.Word(from-1, "the", "day", "of", "end", "midnight", "on", "and", "only", "just", "including", "start", "date", "dates", "first", "last") && rd.Free(from-1) {
		from--
	}
	word := rd.Tokens[max(from-1, 0)].Lower
	if from == 0 || rd.Tokens[from-1].Taken || rd.Tokens[from-1].Kind != token.Word {
		word = ""
	}
	if second, ok := rd.period(rd.Pass(p.to, "and", "to", "until", "till", "through", "thru", "the", "end", "of", "-")); ok && second.from > p.to && word != "until" && word != "before" {
		if rd.Word(from-1, "between", "from", "during") {
			from--
		}
		return rd.between(from, rd.zone(second.to), p.start, second.last)
	}
	to := rd.zone(p.to)
	switch word {
	case "until", "till", "til", "through", "by", "expires", "ending", "ends", "up", "thru":
		return rd.before(from-1, to, intent.LessOrEqual, p.last)
	case "to":
		if rd.Word(from-2, "up") {
			from--
		}
		return rd.before(from-1, to, intent.LessOrEqual, p.last)
	case "before":
		return rd.before(from-1, to, Choose(rd.Within(from, p.from, "end"), intent.LessOrEqual, intent.Less), Choose(rd.Within(from, p.from, "end"), p.last, p.start))
	case "after":
		return rd.before(from-1, to, intent.Greater, Choose(rd.Within(from, p.from, "start"), p.start, p.last))
	case "from", "since", "starting", "beginning", "effective":
		return rd.before(from-1, to, intent.GreaterOrEqual, p.start)
	case "during", "in", "for", "throughout", "within", "on", "over":
		if p.start.Equal(p.last) {
			return p.to
		}
		return rd.between(from-1, to, p.start, p.last)
	}
	if from < p.from && rd.Within(from, p.from, "on", "only") && !p.start.Equal(p.last) {
		return rd.between(from, to, p.start, p.last)
	}
	return p.to
}

// Choose returns a where first holds, and b otherwise.
func Choose[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func (rd *Reading) between(from, to int, start, last time.Time) int {
	rd.before(from, to, intent.GreaterOrEqual, start)
	return rd.before(from, to, intent.LessOrEqual, last)
}

func (rd *Reading) before(from, to int, test intent.Test, t time.Time) int {
	for from > 0 && rd.Word(from-1, "only", "just", "valid", "but") && rd.Free(from-1) {
		from--
	}
	rd.Condition(Mood{From: from, Strict: true}, to, "time", intent.Constraint{Key: "aws:CurrentTime", Test: test, Values: []string{t.UTC().Format(time.RFC3339)}})
	return to
}

// zone passes "(UTC)" behind a date; another zone is asked about.
func (rd *Reading) zone(i int) int {
	j := i
	if rd.Punct(j, "(") {
		j++
	}
	switch {
	case rd.Word(j, "utc", "gmt", "z"):
		j++
	case rd.Word(j, "cet", "cest", "est", "edt", "pst", "pdt", "ist", "jst", "bst"):
		rd.Ask(rd.Span(j, j+1), "IAM compares times in UTC: what are the times in UTC?")
		j++
	default:
		return i
	}
	if j-i > 1 && rd.Punct(j, ")") {
		j++
	}
	return j
}

// period reads a date at token i: 2026-09-01, 2026-09-01T08:00:00Z, "1 March 2026",
// "March 1, 2026", "September 2026".
func (rd *Reading) period(i int) (period, bool) {
	if !rd.Free(i) {
		return period{}, false
	}
	if text, ok := rd.Literal(i, token.DateLiteral); ok {
		return rd.isoPeriod(i, text)
	}
	if n, m, year, end, ok := rd.spokenDate(i); ok {
		start := time.Date(year, m, max(n, 1), 0, 0, 0, 0, time.UTC)
		last := start.AddDate(0, 0, 1)
		if n == 0 {
			last = start.AddDate(0, 1, 0)
		}
		return period{start, last.Add(-time.Second), i, end}, true
	}
	return period{}, false
}

func (rd *Reading) isoPeriod(i int, text string) (period, bool) {
	if day, err := time.Parse("2006-01-02", text); err == nil {
		if i+1 < len(rd.Tokens) && rd.Free(i+1) {
			if clock, err := time.Parse("15:04", rd.Tokens[i+1].Text); err == nil {
				at := day.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
				return period{at, at, i, i + 2}, true
			}
		}
		return period{day, day.Add(24*time.Hour - time.Second), i, i + 1}, true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return period{at.UTC(), at.UTC(), i, i + 1}, true
		}
	}
	return period{}, false
}

// spokenDate reads a date with the name of a month; a month alone has day 0.
func (rd *Reading) spokenDate(i int) (day int, m time.Month, year, end int, ok bool) {
	j := i
	if d, is := rd.dayNumber(j); is {
		day, j = d, rd.Pass(j+1, "of")
	}
	if m = rd.month(j); m == 0 {
		return 0, 0, 0, 0, false
	}
	j++
	if d, is := rd.dayNumber(j); is && day == 0 {
		day = d
		j++
	}
	if rd.Punct(j, ",") {
		j++
	}
	if j >= len(rd.Tokens) || !token.IsDigits(rd.Tokens[j].Text) || len(rd.Tokens[j].Text) != 4 {
		return 0, 0, 0, 0, false
	}
	year, _ = strconv.Atoi(rd.Tokens[j].Text)
	return day, m, year, j + 1, true
}

func (rd *Reading) month(i int) time.Month {
	if i >= len(rd.Tokens) || rd.Tokens[i].Kind != token.Word {
		return 0
	}
	return months[rd.Tokens[i].Lower]
}

func (rd *Reading) dayNumber(i int) (int, bool) {
	if i >= len(rd.Tokens) {
		return 0, false
	}
	t := strings.TrimRight(rd.Tokens[i].Lower, "dhnrst")
	n, err := strconv.Atoi(t)
	return n, err == nil && n >= 1 && n <= 31
}

// recurring asks about hours and weekdays, which no condition key of IAM can say.
func (rd *Reading) recurring(i int) bool {
	end := 0
	switch {
	case rd.Word(i, "business", "office", "working", "work") && rd.Word(i+1, "hours", "days", "time"):
		end = i + 2
	case rd.Word(i, "weekdays", "weekends", "workdays") && rd.Word(i-1, "on", "during", "only", "at", "outside"):
		end = i + 1
	}
	if end == 0 || !rd.Free(i) {
		return false
	}
	m := rd.Mood(i)
	for m.From > 0 && rd.Word(m.From-1, "during", "on", "only", "outside") {
		m.From--
	}
	rd.Ask(rd.Span(m.From, end), "IAM has no condition for recurring hours or weekdays: between which absolute times (UTC) shall it hold, or without a limit in time?", "without a limit in time")
	rd.Take("recurring time", m.From, end)
	return true
}
