package constrain

import (
	"regexp"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/origin"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

var instanceType = regexp.MustCompile(`^[a-z][a-z0-9-]{0,12}\.(nano|micro|small|medium|large|[0-9]*xlarge|metal[a-z0-9-]*|\*)$`)

// keyAlias reads that a KMS key must be called by its alias.
func (rd *Reading) keyAlias() {
	var aliases []string
	for _, t := range rd.Tokens {
		if strings.HasPrefix(t.Text, "alias/") {
			aliases = append(aliases, t.Text)
		}
	}
	for i := range rd.Tokens {
		if !rd.Word(i, "alias", "aliases") || !rd.Free(i) || len(aliases) == 0 {
			continue
		}
		m := rd.Mood(i)
		if rd.Within(m.From, i, "through", "via", "by", "using") && (m.Strict || rd.Word(m.From-1, "go")) {
			m.Strict = true
			for m.From > 0 && rd.Word(m.From-1, "go", "must", "request", "requests", "calls", "only") {
				m.From--
			}
			rd.Condition(m, i+1, "key alias", intent.Constraint{Key: "kms:RequestAlias", Values: aliases})
			return
		}
	}
}

// mailSender reads "send as x@y" as the address that mail is sent from.
func (rd *Reading) mailSender() {
	if rd.Named["ses"] < 2 {
		return
	}
	for i := range rd.Tokens {
		v, ok := rd.Literal(i, token.MailLiteral)
		if !ok || !rd.Free(i) || !rd.Word(i-1, "as", "from") {
			continue
		}
		m := origin.Mood{From: i - 1, Strict: true}
		end := i + 1
		if rd.Punct(end, "(") && rd.Word(end+1, "from", "sender") {
			for end < len(rd.Tokens) && !rd.Punct(end, ")") {
				end++
			}
			end = min(end+1, len(rd.Tokens))
		}
		rd.Condition(m, end, "sender", intent.Constraint{Key: "ses:FromAddress", Values: []string{v}})
	}
}

// managedPolicies reads which policies may be attached: "attach only the policy X".
func (rd *Reading) managedPolicies() {
	key, ok := rd.Catalog.Key("iam:PolicyARN")
	if !ok {
		return
	}
	for i := range rd.Tokens {
		if !rd.Word(i, "policy", "policies") || !rd.Free(i) || !rd.InSentence(i, "attach", "attaches", "attaching", "detach", "detaches", "detaching") {
			continue
		}
		values, end, not := rd.keyValues(i+1, key)
		if len(values) == 0 || rd.Tokens[end-1].Kind == token.Word && !rd.ProperCase(end-1) {
			continue
		}
		m := rd.Mood(rd.BackTo(i, "managed", "aws", "aws-managed", "customer", "the", "iam"))
		m.Negated = m.Negated != not
		rd.Condition(m, end, "policy", intent.Constraint{Key: "iam:PolicyARN", Values: values})
	}
}

// metadataTokens reads that instances must use the second version of their metadata service.
func (rd *Reading) metadataTokens() {
	for i := range rd.Tokens {
		if !rd.Word(i, "imdsv2", "imds-v2") || !rd.Free(i) {
			continue
		}
		m := rd.Mood(i)
		end := rd.After(i+1, &m)
		if rd.Punct(end, "(") && rd.Word(end+1, "http", "metadata") {
			for end < len(rd.Tokens) && !rd.Punct(end, ")") {
				end++
			}
			end = min(end+1, len(rd.Tokens))
		}
		rd.Condition(m, end, "metadata service", intent.Constraint{Key: "ec2:MetadataHttpTokens", Values: []string{"required"}})
	}
}

// scanInstanceTypes reads instance types, which are told by their shape.
func (rd *Reading) scanInstanceTypes() {
	for i := 0; i < len(rd.Tokens); i++ {
		t := rd.Tokens[i]
		if !rd.Free(i) || t.Kind != token.Name {
			continue
		}
		if values, end := rd.instanceFamilies(i); len(values) > 0 {
			m := rd.Mood(rd.BackTo(i, "instance", "instances", "type", "types", "family", "families"))
			to := rd.After(end, &m)
			rd.Condition(m, to, "instance type", intent.Constraint{Key: "ec2:InstanceType", Values: values})
			i = to - 1
			continue
		}
		class := strings.HasPrefix(t.Lower, "db.") && instanceType.MatchString(t.Lower[3:])
		if !class && !instanceType.MatchString(t.Lower) || !class && rd.Named["ec2"] == 0 {
			continue
		}
		var values []string
		end := i
		for j := i; j < len(rd.Tokens) && rd.Tokens[j].Kind == token.Name && (instanceType.MatchString(strings.TrimPrefix(rd.Tokens[j].Lower, "db."))); {
			values, end = append(values, rd.Tokens[j].Lower), j+1
			j = end
			for rd.Punct(j, ",+") || rd.Word(j, "or", "and", "/") {
				j++
			}
		}
		m := rd.Mood(rd.BackTo(i, "instance", "instances", "type", "types", "size", "sizes", "class", "machine"))
		to := rd.After(rd.Pass(end, "type", "types", "size", "sizes"), &m)
		rd.Condition(m, to, "instance type", intent.Constraint{Key: origin.Choose(class, "rds:DatabaseClass", "ec2:InstanceType"), Values: values})
		i = to - 1
	}
}

// instanceFamily is the shape of the first part of an instance type.
var instanceFamily = regexp.MustCompile(`^[a-z]{1,3}[0-9][a-z]*(\.\*)?$`)

// instanceFamilies reads whole families of instance types: "the t3 and t4g families".
func (rd *Reading) instanceFamilies(i int) ([]string, int) {
	if rd.Named["ec2"] == 0 && !rd.Out.Kind.OfOrganization() {
		return nil, 0
	}
	var values []string
	j := i
	for j < len(rd.Tokens) && rd.Free(j) && instanceFamily.MatchString(rd.Tokens[j].Lower) {
		values = append(values, strings.TrimSuffix(rd.Tokens[j].Lower, ".*")+".*")
		j++
		for rd.Punct(j, ",+") || rd.Word(j, "or", "and") {
			j++
		}
	}
	end := rd.Pass(j, "instance", "instances", "family", "families", "series", "class", "classes")
	if !rd.Within(j, end, "family", "families", "series", "class", "classes") && !rd.Word(rd.BackTo(i, "family", "families", "series"), "family", "families", "series") {
		return nil, 0
	}
	return values, end
}
