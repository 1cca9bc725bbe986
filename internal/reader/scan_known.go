package reader

import (
	"regexp"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

var instanceType = regexp.MustCompile(`^[a-z][a-z0-9-]{0,12}\.(nano|micro|small|medium|large|[0-9]*xlarge|metal[a-z0-9-]*|\*)$`)

// keyAlias reads that a KMS key must be called by its alias.
func (rd *reading) keyAlias() {
	var aliases []string
	for _, t := range rd.tokens {
		if strings.HasPrefix(t.text, "alias/") {
			aliases = append(aliases, t.text)
		}
	}
	for i := range rd.tokens {
		if !rd.word(i, "alias", "aliases") || !rd.free(i) || len(aliases) == 0 {
			continue
		}
		m := rd.mood(i)
		if rd.within(m.from, i, "through", "via", "by", "using") && (m.strict || rd.word(m.from-1, "go")) {
			m.strict = true
			for m.from > 0 && rd.word(m.from-1, "go", "must", "request", "requests", "calls", "only") {
				m.from--
			}
			rd.condition(m, i+1, "key alias", intent.Constraint{Key: "kms:RequestAlias", Values: aliases})
			return
		}
	}
}

// mailSender reads "send as x@y" as the address that mail is sent from.
func (rd *reading) mailSender() {
	if rd.named["ses"] < 2 {
		return
	}
	for i := range rd.tokens {
		v, ok := rd.literal(i, mailLiteral)
		if !ok || !rd.free(i) || !rd.word(i-1, "as", "from") {
			continue
		}
		m := mood{from: i - 1, strict: true}
		end := i + 1
		if rd.punct(end, "(") && rd.word(end+1, "from", "sender") {
			for end < len(rd.tokens) && !rd.punct(end, ")") {
				end++
			}
			end = min(end+1, len(rd.tokens))
		}
		rd.condition(m, end, "sender", intent.Constraint{Key: "ses:FromAddress", Values: []string{v}})
	}
}

// managedPolicies reads which policies may be attached: "attach only the policy X".
func (rd *reading) managedPolicies() {
	key, ok := rd.Catalog.Key("iam:PolicyARN")
	if !ok {
		return
	}
	for i := range rd.tokens {
		if !rd.word(i, "policy", "policies") || !rd.free(i) || !rd.inSentence(i, "attach", "attaches", "attaching", "detach", "detaches", "detaching") {
			continue
		}
		values, end, not := rd.keyValues(i+1, key)
		if len(values) == 0 || rd.tokens[end-1].kind == wordToken && !rd.properCase(end-1) {
			continue
		}
		m := rd.mood(rd.backTo(i, "managed", "aws", "aws-managed", "customer", "the", "iam"))
		m.negated = m.negated != not
		rd.condition(m, end, "policy", intent.Constraint{Key: "iam:PolicyARN", Values: values})
	}
}

// metadataTokens reads that instances must use the second version of their metadata service.
func (rd *reading) metadataTokens() {
	for i := range rd.tokens {
		if !rd.word(i, "imdsv2", "imds-v2") || !rd.free(i) {
			continue
		}
		m := rd.mood(i)
		end := rd.after(i+1, &m)
		if rd.punct(end, "(") && rd.word(end+1, "http", "metadata") {
			for end < len(rd.tokens) && !rd.punct(end, ")") {
				end++
			}
			end = min(end+1, len(rd.tokens))
		}
		rd.condition(m, end, "metadata service", intent.Constraint{Key: "ec2:MetadataHttpTokens", Values: []string{"required"}})
	}
}

// scanInstanceTypes reads instance types, which are told by their shape.
func (rd *reading) scanInstanceTypes() {
	for i := 0; i < len(rd.tokens); i++ {
		t := rd.tokens[i]
		if !rd.free(i) || t.kind != nameToken {
			continue
		}
		class := strings.HasPrefix(t.lower, "db.") && instanceType.MatchString(t.lower[3:])
		if !class && !instanceType.MatchString(t.lower) || !class && rd.named["ec2"] == 0 {
			continue
		}
		var values []string
		end := i
		for j := i; j < len(rd.tokens) && rd.tokens[j].kind == nameToken && (instanceType.MatchString(strings.TrimPrefix(rd.tokens[j].lower, "db."))); {
			values, end = append(values, rd.tokens[j].lower), j+1
			j = end
			for rd.punct(j, ",+") || rd.word(j, "or", "and", "/") {
				j++
			}
		}
		m := rd.mood(rd.backTo(i, "instance", "instances", "type", "types", "size", "sizes", "class", "machine"))
		to := rd.after(rd.pass(end, "type", "types", "size", "sizes"), &m)
		rd.condition(m, to, "instance type", intent.Constraint{Key: choose(class, "rds:DatabaseClass", "ec2:InstanceType"), Values: values})
		i = to - 1
	}
}
