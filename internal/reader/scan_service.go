package reader

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// serviceAt reads the name of a service at token i: its prefix, its principal and the end of
// the words.
func (rd *reading) serviceAt(i int) (prefix, principal string, end int) {
	i = rd.pass(i, "the", "a", "an")
	if rd.word(i, "aws", "amazon") && (rd.linkAt[i] < 0 || rd.links[rd.linkAt[i]].to == i+1) {
		i++
	}
	if i >= len(rd.tokens) {
		return "", "", 0
	}
	if v, ok := rd.literal(i, serviceLiteral); ok {
		return strings.TrimSuffix(v, ".amazonaws.com"), v, i + 1
	}
	n := rd.linkAt[i]
	if n < 0 || rd.links[n].from != i {
		return "", "", 0
	}
	l := rd.links[n]
	best := 0.0
	for _, e := range l.entries {
		if e.Kind == lexicon.Key || e.Kind == lexicon.Hint {
			continue
		}
		score := rd.fame(e.Service) + min(rd.named[e.Service], 5)
		if e.Kind == lexicon.Name {
			score += 20
		}
		if e.Service == rd.tokens[i].lower {
			score += 10
		}
		if score > best || score == best && e.Service < prefix {
			best, prefix = score, e.Service
		}
	}
	if own := rd.tokens[i].lower; best < 20 && l.to == i+1 {
		if _, ok := rd.Catalog.Service(own); ok {
			prefix = own
		}
	}
	end = rd.pass(l.to, "service", "services", "itself")
	if rd.word(end, "tasks", "task", "instances", "instance", "jobs", "functions", "function") {
		end++
	}
	return prefix, rd.principalOf(prefix), end
}

// principalOf returns the service principal that takes roles for a service.
func (rd *reading) principalOf(prefix string) string {
	if prefix == "ecs" {
		return "ecs-tasks.amazonaws.com" // the service itself takes only its linked role
	}
	if s, ok := rd.Lexicon.Service(prefix); ok && s.Principal != "" {
		return s.Principal
	}
	return prefix + ".amazonaws.com"
}

// scanPassedTo reads to which service a role may be passed: "pass role x to ecs tasks only".
func (rd *reading) scanPassedTo() {
	for i := range rd.tokens {
		if !rd.word(i, "pass", "passes", "passing", "passed", "hand", "hands", "handing", "passrole", "iam:passrole") {
			continue
		}
		from, to, values := rd.passedTo(i)
		if len(values) > 0 {
			rd.require(from, to, "passed to", intent.Constraint{Key: "iam:PassedToService", Values: values, Actions: []string{"iam:PassRole"}})
		}
	}
}

// passedTo finds "to SERVICE" behind the verb at token i; other verbs end the search.
func (rd *reading) passedTo(i int) (from, to int, values []string) {
	for j := i + 1; j < len(rd.tokens) && j < i+14; j++ {
		if rd.punct(j, ".\n") {
			break
		}
		if !rd.word(j, "to", "for") {
			continue
		}
		_, principal, end := rd.serviceAt(j + 1)
		if principal == "" || !rd.free(j) {
			continue
		}
		from, to, values = j, end, []string{principal}
		for {
			k := to
			for rd.punct(k, ",+") || rd.word(k, "and", "or", "to") {
				k++
			}
			if k == to {
				break
			}
			next, p, e := rd.serviceAt(k)
			if p == "" || next == "iam" || rd.isVerbHere(k) {
				break
			}
			values, to = append(values, p), e
		}
		if rd.word(from-1, "only", "just", "solely") {
			from--
		}
		m := mood{}
		return from, rd.after(to, &m), values
	}
	return 0, 0, nil
}

// scanCalledVia reads that a call must be made by a service for the caller.
func (rd *reading) scanCalledVia() {
	for i := 0; i < len(rd.tokens); i++ {
		if !rd.word(i, "via", "through", "calledvia", "using", "by") || !rd.free(i) {
			continue
		}
		prefix, principal, end := rd.serviceAt(i + 1)
		if prefix == "" {
			continue
		}
		m := rd.mood(i)
		for m.from > 0 && rd.word(m.from-1, "made", "called", "done", "when", "only", "the", "call") && rd.free(m.from-1) {
			m.strict = m.strict || rd.word(m.from-1, "only")
			m.from--
		}
		region, end := rd.viaRegion(end)
		to := rd.after(end, &m)
		if rd.punct(to, "(") && rd.word(to+1, "calledvia", "aws:calledvia", "viaservice", "kms:viaservice") {
			m.strict = true
			for to < len(rd.tokens) && !rd.punct(to, ")") {
				to++
			}
			to = min(to+1, len(rd.tokens))
		}
		rest := rd.neverElse(to)
		m.strict = m.strict || rest > to
		switch {
		case !m.strict && !m.unless && !m.negated || rd.word(i, "by", "using") && !m.strict:
			continue
		case rd.speaksOfKeys(i) && prefix != "kms":
			rd.condition(m, rest, "KMS via service", intent.Constraint{Key: "kms:ViaService", Values: []string{rd.viaService(prefix, principal, region)}})
		case rd.Lexicon.Is("calls-on-behalf", prefix):
			rd.condition(m, rest, "called via", intent.Constraint{Key: "aws:CalledVia", Set: intent.Any, Values: []string{principal}})
		default:
			continue
		}
		i = rest - 1
	}
}

// speaksOfKeys says that the sentence of token i uses KMS keys.
func (rd *reading) speaksOfKeys(i int) bool {
	return rd.inSentence(i, "kms", "decrypt", "decrypts", "encrypt", "encrypts", "cmk", "decryption", "encryption", "decrypting", "encrypting")
}

// viaRegion reads "in eu-west-1" behind the service.
func (rd *reading) viaRegion(i int) (string, int) {
	if rd.word(i, "in") {
		if v, ok := rd.literal(i+1, regionLiteral); ok {
			return v, i + 2
		}
	}
	return rd.out.Region, i
}

func (rd *reading) viaService(prefix, principal, region string) string {
	name := strings.TrimSuffix(principal, ".amazonaws.com")
	if prefix == "ecs" {
		name = prefix
	}
	return name + "." + cmp.Or(region, "*") + ".amazonaws.com"
}

// scanEncryption reads that what is created must be encrypted.
func (rd *reading) scanEncryption() {
	for i := 0; i < len(rd.tokens); i++ {
		start, end, sse := rd.encryptionAt(i)
		if end == 0 || !rd.free(i) {
			continue
		}
		m := rd.mood(start)
		unencrypted := rd.word(i, "unencrypted", "non-encrypted")
		to := rd.after(end, &m)
		if rd.punct(to, ",") && rd.word(to+1, "otherwise", "else", "or") {
			m.strict, to = true, rd.pass(to+1, "otherwise", "else", "or", "refuse", "deny", "reject", "denied", "refused")
		}
		if unencrypted {
			m.negated = !m.negated
		}
		if !m.strict && !m.unless && !m.negated && !rd.within(m.from, start, "if", "when", "provided") && !rd.clauseNegative(i) && (sse == "" || !rd.inSentence(i, "only", "solely", "when", "if", "must", "unless", "long", "require", "requires", "required")) {
			continue
		}
		to = rd.encryptionOf(i, to, m, sse)
		i = max(to, i+1) - 1
	}
}

// scanGrants reads that KMS grants may be made only for AWS services, and encryption contexts.
func (rd *reading) scanGrants() {
	for i := range rd.tokens {
		switch {
		case rd.word(i, "grants", "grant") && rd.speaksOfKMS():
			j := rd.pass(i+1, "only", "just", "solely", "if", "they", "are", "the", "for", "is")
			end := rd.pass(j, "aws", "integrated", "services", "service", "resources", "resource")
			if end-j > 1 && rd.within(i+1, j, "only", "just", "solely", "if") {
				rd.condition(mood{from: i + 1, strict: true}, end, "grants", intent.Constraint{Key: "kms:GrantIsForAWSResource", Values: []string{"true"}, Actions: []string{"kms:CreateGrant"}})
			}
		case rd.word(i, "encryption") && rd.word(i+1, "context"):
			t, ok := rd.tagPair(rd.pass(i+2, "key", "of", "the", "with", "pair"), true)
			if ok && len(t.values) > 0 {
				rd.condition(rd.mood(i), t.end, "encryption context", intent.Constraint{Key: "kms:EncryptionContext:" + t.key, Values: t.values})
			}
		}
	}
}

func (rd *reading) speaksOfKMS() bool { return rd.named["kms"] >= 1 }

// encryptionAt returns the words at i that mean encryption at rest, and the S3 algorithm.
func (rd *reading) encryptionAt(i int) (start, end int, sse string) {
	switch {
	case rd.word(i, "encrypted", "encryption", "encrypt") && !rd.word(i+1, "in", "context", "key", "algorithm", "with", "and"), rd.word(i, "unencrypted", "non-encrypted"):
		return rd.backTo(i, "storage", "gets", "get", "object", "objects", "volume", "server-side", "they", "at-rest", "volumes"), rd.pass(i+1, "at", "rest", "volumes", "storage"), ""
	case rd.word(i, "encrypted", "encryption") && rd.word(i+1, "with"):
		if sse := sseOf(rd.at(i + 2)); sse != "" {
			return rd.backTo(i, "gets", "get", "object", "objects", "are", "is", "they"), rd.sseEnd(i + 3), sse
		}
	case sseOf(rd.at(i)) != "":
		return i, rd.sseEnd(i + 1), sseOf(rd.at(i))
	}
	return 0, 0, ""
}

func sseOf(text string) string {
	switch strings.ToLower(text) {
	case "sse-kms", "aws:kms":
		return "aws:kms"
	case "aes256", "aes-256", "sse-s3":
		return "AES256"
	case "aws:kms:dsse", "dsse-kms":
		return "aws:kms:dsse"
	}
	return ""
}

// sseEnd passes "(sse header)" and "encryption".
func (rd *reading) sseEnd(i int) int {
	i = rd.pass(i, "encryption", "encrypted", "header")
	if rd.punct(i, "(") && rd.word(i+1, "sse", "server-side") {
		for i < len(rd.tokens) && !rd.punct(i, ")") {
			i++
		}
		i = min(i+1, len(rd.tokens))
	}
	return i
}

// encryptionOf records the condition for the service that the sentence speaks about.
func (rd *reading) encryptionOf(i, to int, m mood, sse string) int {
	yes := []string{"true"}
	switch {
	case sse == "" && rd.inSentence(i, "volume", "volumes", "ebs", "disk", "disks", "snapshot", "snapshots") && rd.named["rds"] < 3:
		rd.condition(m, to, "encryption", intent.Constraint{Key: "ec2:Encrypted", Values: yes})
	case sse == "" && rd.inSentence(i, "rds", "database", "databases", "db", "aurora"):
		rd.condition(m, to, "encryption", intent.Constraint{Key: "rds:StorageEncrypted", Values: yes})
	case sse == "" && rd.inSentence(i, "efs", "filesystem", "filesystems", "system", "systems"):
		rd.condition(m, to, "encryption", intent.Constraint{Key: "elasticfilesystem:Encrypted", Values: yes})
	case sse == "" && !rd.inSentence(i, "object", "objects", "s3", "bucket", "upload", "uploads", "files"):
		return to
	default:
		values := []string{sse}
		if sse == "" {
			values = []string{"AES256", "aws:kms", "aws:kms:dsse"}
		}
		rd.condition(m, to, "encryption", intent.Constraint{Key: "s3:x-amz-server-side-encryption", Values: values})
		to = rd.encryptionKey(to, m)
	}
	return to
}

// encryptionKey reads "and exactly the key arn:…"; the key itself stays a target.
func (rd *reading) encryptionKey(i int, m mood) int {
	j := rd.pass(i, "and", "with", "exactly", "the", "key", "kms", "only", "under", "using", "cmk", "by")
	v, ok := rd.literal(j, arnLiteral)
	if !ok || !strings.Contains(v, ":kms:") || j == i {
		return i
	}
	rd.condition(mood{from: i, strict: true, negated: m.negated, unless: m.unless}, j, "encryption key", intent.Constraint{Key: "s3:x-amz-server-side-encryption-aws-kms-key-id", Values: []string{v}})
	return j + 1
}
