package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// scanLeadingKeys reads which items of a DynamoDB table a caller may reach: "only rows whose
// partition key equals their user id".
func (rd *reading) scanLeadingKeys() {
	for i := range rd.tokens {
		if !rd.word(i, "partition", "hash", "primary", "leading") || !rd.word(i+1, "key", "keys") || !rd.free(i) {
			continue
		}
		values, end := rd.leadingKeys(i + 2)
		if len(values) == 0 {
			continue
		}
		from := i
		for from > 0 && rd.free(from-1) && (rd.is("row", from-1) || rd.is("lead", from-1) || rd.is("strict", from-1) || rd.is("tag-lead", from-1)) {
			from--
		}
		rd.condition(mood{from: from, strict: true}, end, "leading keys", intent.Constraint{Key: "dynamodb:LeadingKeys", Set: intent.All, Values: values})
	}
}

func (rd *reading) leadingKeys(i int) ([]string, int) {
	j, tail := i, ""
	for j < len(rd.tokens) && rd.free(j) && (rd.punct(j, "=") || rd.is("equals", j) || rd.word(j, "starts", "starting", "begins", "beginning", "with")) {
		if rd.word(j, "starts", "starting", "begins", "beginning") {
			tail = "*"
		}
		j++
	}
	if j == i {
		return nil, i
	}
	for k := i; k <= j; k++ { // "equals the tag" is told by the tag of the principal named before
		if name := rd.principalTagNamed(); name != "" && (rd.word(k, "tag") || rd.word(k, "the") && rd.word(k+1, "tag")) && !rd.tagName(k+2) {
			return []string{"${aws:PrincipalTag/" + name + "}" + tail}, rd.pass(k, "the", "tag")
		}
	}
	for k := max(i, j-2); k <= j; k++ {
		if v, end, ok := rd.variable(k, ""); ok {
			if rd.punct(end, "(") && rd.punct(end+2, ")") {
				end += 3
			}
			return []string{v + tail}, end
		}
	}
	if rd.valueAt(j) {
		t := rd.moreValues(tag{values: []string{rd.tokens[j].text}, end: j + 1})
		for k := range t.values {
			t.values[k] += tail
		}
		return t.values, t.end
	}
	return nil, i
}

// principalTagNamed returns the key of the principal tag that the request introduces in
// brackets: "each tenant (principal tag tenant)".
func (rd *reading) principalTagNamed() string {
	for i := range rd.tokens {
		if rd.word(i, "principal", "session") && rd.word(i+1, "tag") && i+2 < len(rd.tokens) && rd.tokens[i+2].kind != punctToken {
			if rd.punct(i-1, "(") && rd.punct(i+3, ")") {
				rd.take("principal tag", i-1, i+4)
			}
			return rd.tokens[i+2].text
		}
	}
	return ""
}

// recordTypes are the types of DNS records.
var recordTypes = map[string]bool{"A": true, "AAAA": true, "CNAME": true, "TXT": true, "MX": true, "NS": true, "SRV": true, "PTR": true, "CAA": true, "SOA": true, "SPF": true, "DS": true}

// records reads which DNS records may be changed: their types, their names and how.
func (rd *reading) records() {
	if rd.named["route53"] < 1 {
		return
	}
	for i := 0; i < len(rd.tokens); i++ {
		if !rd.free(i) || !recordTypes[rd.tokens[i].text] {
			continue
		}
		var types []string
		end := i
		for j := i; j < len(rd.tokens) && recordTypes[rd.tokens[j].text]; {
			types, end = append(types, rd.tokens[j].text), j+1
			for j = end; rd.punct(j, ",+") || rd.word(j, "and", "or", "/"); {
				j++
			}
		}
		if !rd.word(end, "record", "records", "entries", "recordsets") && !rd.word(i-1, "type", "types") {
			continue
		}
		m := rd.mood(i)
		rd.recordCondition(m, i, end, "RecordTypes", types)
		if rd.word(m.from-1, "upsert", "upserts") || rd.word(i-1, "upsert", "upserts") {
			rd.recordCondition(mood{from: i, strict: true}, i, i, "Actions", []string{"UPSERT"})
		}
		i = end - 1
	}
	rd.recordNames()
}

func (rd *reading) recordCondition(m mood, from, to int, what string, values []string) {
	rd.condition(mood{from: from, strict: true, negated: m.negated}, to, "DNS records", intent.Constraint{Key: "route53:ChangeResourceRecordSets" + what, Set: intent.All, Values: values})
}

// recordNames reads "for names starting _acme-challenge.".
func (rd *reading) recordNames() {
	for i := range rd.tokens {
		if !rd.word(i, "name", "names", "record", "records") || !rd.word(i+1, "starting", "beginning", "ending", "named", "called", "like", "under", "below") {
			continue
		}
		j := rd.pass(i+2, "with", "in", "by")
		if !rd.valueAt(j) || rd.tokens[j].kind == wordToken {
			continue
		}
		name, end := strings.ToLower(rd.tokens[j].text), j+1
		switch {
		case rd.word(i+1, "starting", "beginning"):
			if rd.punct(end, ".") && rd.tokens[end].start == rd.tokens[j].end {
				name += "."
			}
			name += "*"
		case rd.word(i+1, "ending", "under", "below"):
			name = "*" + strings.TrimPrefix(name, "*")
		}
		rd.recordCondition(mood{}, i, end, "NormalizedRecordNames", []string{name})
	}
}

// scanAttributes reads "only the attributes a, b and c" of a DynamoDB table.
func (rd *reading) scanAttributes() {
	if rd.named["dynamodb"] < 1 {
		return
	}
	for i := range rd.tokens {
		if !rd.word(i, "attribute", "attributes", "columns", "fields", "column", "field") || !rd.free(i) {
			continue
		}
		m := rd.mood(i)
		names, end := rd.keyList(rd.pass(i+1, "named", "called", "are", "is"))
		if !m.strict || len(names) == 0 {
			continue
		}
		for j := end; j < len(rd.tokens) && j < end+12; j++ {
			if strings.EqualFold(rd.tokens[j].text, "specific_attributes") {
				rd.take("attributes", end, j+1)
				break
			}
		}
		rd.condition(m, end, "attributes", intent.Constraint{Key: "dynamodb:Attributes", Set: intent.All, Values: names})
		rd.condition(m, end, "attributes", intent.Constraint{Key: "dynamodb:Select", Values: []string{"SPECIFIC_ATTRIBUTES"}, Optional: true})
	}
}
