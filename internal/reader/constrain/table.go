package constrain

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/origin"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// scanLeadingKeys reads which items of a DynamoDB table a caller may reach: "only rows whose
// partition key equals their user id".
func (rd *Reading) scanLeadingKeys() {
	for i := range rd.Tokens {
		if !rd.Word(i, "partition", "hash", "primary", "leading") || !rd.Word(i+1, "key", "keys") || !rd.Free(i) {
			continue
		}
		values, end := rd.leadingKeys(i + 2)
		if len(values) == 0 {
			continue
		}
		from := i
		for from > 0 && rd.Free(from-1) && (rd.Is("row", from-1) || rd.Is("lead", from-1) || rd.Is("strict", from-1) || rd.Is("tag-lead", from-1)) {
			from--
		}
		rd.Condition(origin.Mood{From: from, Strict: true}, end, "leading keys", intent.Constraint{Key: "dynamodb:LeadingKeys", Set: intent.All, Values: values})
	}
}

func (rd *Reading) leadingKeys(i int) ([]string, int) {
	j, tail := i, ""
	for j < len(rd.Tokens) && rd.Free(j) && (rd.Punct(j, "=") || rd.Is("equals", j) || rd.Word(j, "starts", "starting", "begins", "beginning", "with")) {
		if rd.Word(j, "starts", "starting", "begins", "beginning") {
			tail = "*"
		}
		j++
	}
	if j == i {
		return nil, i
	}
	for k := i; k <= j; k++ { // "equals the tag" is told by the tag of the principal named before
		if name := rd.principalTagNamed(); name != "" && (rd.Word(k, "tag") || rd.Word(k, "the") && rd.Word(k+1, "tag")) && !rd.TagName(k+2) {
			return []string{"${aws:PrincipalTag/" + name + "}" + tail}, rd.Pass(k, "the", "tag")
		}
	}
	for k := max(i, j-2); k <= j; k++ {
		if v, end, ok := rd.Variable(k, ""); ok {
			if rd.Punct(end, "(") && rd.Punct(end+2, ")") {
				end += 3
			}
			return []string{v + tail}, end
		}
	}
	if rd.valueAt(j) {
		t := rd.moreValues(tag{values: []string{rd.Tokens[j].Text}, end: j + 1})
		for k := range t.values {
			t.values[k] += tail
		}
		return t.values, t.end
	}
	return nil, i
}

// principalTagNamed returns the key of the principal tag that the request introduces in
// brackets: "each tenant (principal tag tenant)".
func (rd *Reading) principalTagNamed() string {
	for i := range rd.Tokens {
		if rd.Word(i, "principal", "session") && rd.Word(i+1, "tag") && i+2 < len(rd.Tokens) && rd.Tokens[i+2].Kind != token.Punct {
			if rd.Punct(i-1, "(") && rd.Punct(i+3, ")") {
				rd.Take("principal tag", i-1, i+4)
			}
			return rd.Tokens[i+2].Text
		}
	}
	return ""
}

// recordTypes are the types of DNS records.
var recordTypes = map[string]bool{"A": true, "AAAA": true, "CNAME": true, "TXT": true, "MX": true, "NS": true, "SRV": true, "PTR": true, "CAA": true, "SOA": true, "SPF": true, "DS": true}

// records reads which DNS records may be changed: their types, their names and how.
func (rd *Reading) records() {
	if rd.Named["route53"] < 1 {
		return
	}
	for i := 0; i < len(rd.Tokens); i++ {
		if !rd.Free(i) || !recordTypes[rd.Tokens[i].Text] {
			continue
		}
		var types []string
		end := i
		for j := i; j < len(rd.Tokens) && recordTypes[rd.Tokens[j].Text]; {
			types, end = append(types, rd.Tokens[j].Text), j+1
			for j = end; rd.Punct(j, ",+") || rd.Word(j, "and", "or", "/"); {
				j++
			}
		}
		if !rd.Word(end, "record", "records", "entries", "recordsets") && !rd.Word(i-1, "type", "types") {
			continue
		}
		m := rd.Mood(i)
		rd.recordCondition(m, i, end, "RecordTypes", types)
		if rd.Word(m.From-1, "upsert", "upserts") || rd.Word(i-1, "upsert", "upserts") {
			rd.recordCondition(origin.Mood{From: i, Strict: true}, i, i, "Actions", []string{"UPSERT"})
		}
		i = end - 1
	}
	rd.recordNames()
}

func (rd *Reading) recordCondition(m origin.Mood, from, to int, what string, values []string) {
	rd.Condition(origin.Mood{From: from, Strict: true, Negated: m.Negated}, to, "DNS records", intent.Constraint{Key: "route53:ChangeResourceRecordSets" + what, Set: intent.All, Values: values})
}

// recordNames reads "for names starting _acme-challenge.".
func (rd *Reading) recordNames() {
	for i := range rd.Tokens {
		if !rd.Word(i, "name", "names", "record", "records") || !rd.Word(i+1, "starting", "beginning", "ending", "named", "called", "like", "under", "below") {
			continue
		}
		j := rd.Pass(i+2, "with", "in", "by")
		if !rd.valueAt(j) || rd.Tokens[j].Kind == token.Word {
			continue
		}
		name, end := strings.ToLower(rd.Tokens[j].Text), j+1
		switch {
		case rd.Word(i+1, "starting", "beginning"):
			if rd.Punct(end, ".") && rd.Tokens[end].Start == rd.Tokens[j].End {
				name += "."
			}
			name += "*"
		case rd.Word(i+1, "ending", "under", "below"):
			name = "*" + strings.TrimPrefix(name, "*")
		}
		rd.recordCondition(origin.Mood{}, i, end, "NormalizedRecordNames", []string{name})
	}
}

// scanAttributes reads "only the attributes a, b and c" of a DynamoDB table.
func (rd *Reading) scanAttributes() {
	if rd.Named["dynamodb"] < 1 {
		return
	}
	for i := range rd.Tokens {
		if !rd.Word(i, "attribute", "attributes", "columns", "fields", "column", "field") || !rd.Free(i) {
			continue
		}
		m := rd.Mood(i)
		names, end := rd.keyList(rd.Pass(i+1, "named", "called", "are", "is"))
		if !m.Strict || len(names) == 0 {
			continue
		}
		for j := end; j < len(rd.Tokens) && j < end+12; j++ {
			if strings.EqualFold(rd.Tokens[j].Text, "specific_attributes") {
				rd.Take("attributes", end, j+1)
				break
			}
		}
		rd.Condition(m, end, "attributes", intent.Constraint{Key: "dynamodb:Attributes", Set: intent.All, Values: names})
		rd.Condition(m, end, "attributes", intent.Constraint{Key: "dynamodb:Select", Values: []string{"SPECIFIC_ATTRIBUTES"}, Optional: true})
	}
}
