package constrain

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/origin"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// serviceAt reads the name of a service at token i: its prefix, its principal and the end of
// the words.
func (rd *Reading) serviceAt(i int) (prefix, principal string, end int) {
	i = rd.Pass(i, "the", "a", "an")
	if rd.Word(i, "aws", "amazon") && (rd.LinkAt[i] < 0 || rd.Links[rd.LinkAt[i]].To == i+1) {
		i++
	}
	if i >= len(rd.Tokens) {
		return "", "", 0
	}
	if v, ok := rd.Literal(i, token.ServiceLiteral); ok {
		return strings.TrimSuffix(v, ".amazonaws.com"), v, i + 1
	}
	n := rd.LinkAt[i]
	if n < 0 || rd.Links[n].From != i {
		return "", "", 0
	}
	l := rd.Links[n]
	best := 0.0
	for _, e := range l.Entries {
		if e.Kind == lexicon.Key || e.Kind == lexicon.Hint {
			continue
		}
		score := rd.Fame(e.Service) + min(rd.Named[e.Service], 5)
		if e.Kind == lexicon.Name {
			score += 20
		}
		if e.Service == rd.Tokens[i].Lower {
			score += 10
		}
		if score > best || score == best && e.Service < prefix {
			best, prefix = score, e.Service
		}
	}
	if own := rd.Tokens[i].Lower; best < 20 && l.To == i+1 {
		if _, ok := rd.Catalog.Service(own); ok {
			prefix = own
		}
	}
	end = rd.Pass(l.To, "service", "services", "itself")
	if rd.Word(end, "tasks", "task", "instances", "instance", "jobs", "functions", "function") {
		end++
	}
	return prefix, rd.PrincipalOf(prefix), end
}

// PrincipalOf returns the service principal that takes roles for a service.
func (rd *Reading) PrincipalOf(prefix string) string {
	if prefix == "ecs" {
		return "ecs-tasks.amazonaws.com" // the service itself takes only its linked role
	}
	if s, ok := rd.Lexicon.Service(prefix); ok && s.Principal != "" {
		return s.Principal
	}
	return prefix + ".amazonaws.com"
}

// scanPassedTo reads to which service a role may be passed: "pass role x to ecs tasks only".
func (rd *Reading) scanPassedTo() {
	for i := range rd.Tokens {
		if !rd.Word(i, "pass", "passes", "passing", "passed", "passable", "hand", "hands", "handing", "passrole", "iam:passrole") {
			continue
		}
		from, to, values := rd.passedTo(i)
		if len(values) > 0 {
			rd.Require(from, to, "passed to", intent.Constraint{Key: "iam:PassedToService", Values: values, Actions: []string{"iam:PassRole"}})
		}
	}
}

// passedTo finds "to SERVICE" behind the verb at token i; other verbs end the search.
func (rd *Reading) passedTo(i int) (from, to int, values []string) {
	for j := i + 1; j < len(rd.Tokens) && j < i+14; j++ {
		if rd.Punct(j, ".\n") {
			break
		}
		if !rd.Word(j, "to", "for") {
			continue
		}
		_, principal, end := rd.serviceAt(j + 1)
		if principal == "" || !rd.Free(j) {
			continue
		}
		from, to, values = j, end, []string{principal}
		for {
			k := to
			for rd.Punct(k, ",+") || rd.Word(k, "and", "or", "to") {
				k++
			}
			if k == to {
				break
			}
			next, p, e := rd.serviceAt(k)
			if p == "" || next == "iam" || rd.IsVerbHere(k) {
				break
			}
			values, to = append(values, p), e
		}
		if rd.Word(from-1, "only", "just", "solely") {
			from--
		}
		m := origin.Mood{}
		return from, rd.After(to, &m), values
	}
	return 0, 0, nil
}

// scanCalledVia reads that a call must be made by a service for the caller.
func (rd *Reading) scanCalledVia() {
	for i := 0; i < len(rd.Tokens); i++ {
		if !rd.Word(i, "via", "through", "calledvia", "using", "by") || !rd.Free(i) {
			continue
		}
		prefix, principal, end := rd.serviceAt(i + 1)
		if prefix == "" {
			continue
		}
		m := rd.Mood(i)
		for m.From > 0 && rd.Word(m.From-1, "made", "called", "done", "when", "only", "the", "call") && rd.Free(m.From-1) {
			m.Strict = m.Strict || rd.Word(m.From-1, "only")
			m.From--
		}
		region, end := rd.viaRegion(end)
		to := rd.After(end, &m)
		if rd.Punct(to, "(") && rd.Word(to+1, "calledvia", "aws:calledvia", "viaservice", "kms:viaservice") {
			m.Strict = true
			for to < len(rd.Tokens) && !rd.Punct(to, ")") {
				to++
			}
			to = min(to+1, len(rd.Tokens))
		}
		rest := rd.NeverElse(to)
		m.Strict = m.Strict || rest > to
		switch {
		case !m.Strict && !m.Unless && !m.Negated || rd.Word(i, "by", "using") && !m.Strict:
			continue
		case rd.speaksOfKeys(i) && prefix != "kms":
			rd.Condition(m, rest, "KMS via service", intent.Constraint{Key: "kms:ViaService", Values: []string{rd.viaService(prefix, principal, region)}})
		case rd.Lexicon.Is("calls-on-behalf", prefix):
			rd.Condition(m, rest, "called via", intent.Constraint{Key: "aws:CalledVia", Set: intent.Any, Values: []string{principal}})
		default:
			continue
		}
		i = rest - 1
	}
}

// speaksOfKeys says that the sentence of token i uses KMS keys.
func (rd *Reading) speaksOfKeys(i int) bool {
	return rd.InSentence(i, "kms", "decrypt", "decrypts", "encrypt", "encrypts", "cmk", "decryption", "encryption", "decrypting", "encrypting")
}

// viaRegion reads "in eu-west-1" behind the service.
func (rd *Reading) viaRegion(i int) (string, int) {
	if rd.Word(i, "in") {
		if v, ok := rd.Literal(i+1, token.RegionLiteral); ok {
			return v, i + 2
		}
	}
	return rd.Out.Region, i
}

func (rd *Reading) viaService(prefix, principal, region string) string {
	name := strings.TrimSuffix(principal, ".amazonaws.com")
	if prefix == "ecs" {
		name = prefix
	}
	return name + "." + cmp.Or(region, "*") + ".amazonaws.com"
}

// scanEncryption reads that what is created must be encrypted.
func (rd *Reading) scanEncryption() {
	for i := 0; i < len(rd.Tokens); i++ {
		start, end, sse := rd.encryptionAt(i)
		if end == 0 || !rd.Free(i) {
			continue
		}
		start = rd.backToAsking(start, sse)
		m := rd.Mood(start)
		unencrypted := rd.Word(i, "unencrypted", "non-encrypted")
		to := rd.After(end, &m)
		if rd.Punct(to, ",") && rd.Word(to+1, "otherwise", "else", "or") {
			m.Strict, to = true, rd.Pass(to+1, "otherwise", "else", "or", "refuse", "deny", "reject", "denied", "refused")
		}
		if unencrypted {
			m.Negated = !m.Negated
		}
		if sse != "" && !m.Strict && rd.Word(start-1, "is", "are") && !rd.Within(rd.Clauses[max(rd.ClauseOf(i), 0)].From, start, "if", "when", "only", "must", "provided", "unless") {
			rd.Take("how things are", start, end) // "the objects are SSE-KMS"
			continue
		}
		if !m.Strict && !m.Unless && !m.Negated && !rd.Within(m.From, start, "if", "when", "provided") && !rd.ClauseNegative(i) && (sse == "" || !rd.InSentence(i, "only", "solely", "when", "if", "must", "unless", "long", "require", "requires", "required")) {
			continue
		}
		to = rd.encryptionOf(i, to, m, sse)
		i = max(to, i+1) - 1
	}
}

// backToAsking passes "the request asks for server-side encryption" in front of an algorithm.
func (rd *Reading) backToAsking(start int, sse string) int {
	if sse == "" {
		return start
	}
	j := rd.BackTo(start, "server-side", "server", "side", "encryption", "header", "algorithm", "sse", "for", "with", "the", "a")
	if !rd.Word(j-1, "asks", "ask", "asking", "specifies", "specify", "sets", "set", "carries", "carry", "demands", "uses", "names", "states", "declares", "requests") {
		return start
	}
	return rd.BackTo(j-1, "request", "put", "upload", "uploads", "call", "it", "they", "itself", "the", "an", "each", "every")
}

// scanGrants reads that KMS grants may be made only for AWS services, and encryption contexts.
func (rd *Reading) scanGrants() {
	for i := range rd.Tokens {
		switch {
		case rd.Word(i, "grants", "grant") && rd.speaksOfKMS():
			j := rd.Pass(i+1, "only", "just", "solely", "if", "they", "are", "the", "for", "is", "a", "an")
			end := rd.Pass(j, "aws", "integrated", "services", "service", "resources", "resource")
			from, m := i+1, rd.Mood(i)
			if m.Strict && rd.Within(m.From, i, "if", "when", "where", "provided") {
				from = m.From
			}
			if end-j > 1 && (from < i || rd.Within(i+1, j, "only", "just", "solely", "if") || rd.Word(end, "only", "solely", "exclusively")) {
				rd.Condition(origin.Mood{From: from, Strict: true}, end, "grants", intent.Constraint{Key: "kms:GrantIsForAWSResource", Values: []string{"true"}, Actions: []string{"kms:CreateGrant"}})
			}
		case rd.Word(i, "encryption") && rd.Word(i+1, "context"):
			t, ok := rd.tagPair(rd.Pass(i+2, "key", "of", "the", "with", "pair"), true)
			if ok && len(t.values) > 0 {
				rd.Condition(rd.Mood(i), t.end, "encryption context", intent.Constraint{Key: "kms:EncryptionContext:" + t.key, Values: t.values})
			}
		}
	}
}

func (rd *Reading) speaksOfKMS() bool { return rd.Named["kms"] >= 1 }

// encryptionAt returns the words at i that mean encryption at rest, and the S3 algorithm.
func (rd *Reading) encryptionAt(i int) (start, end int, sse string) {
	switch {
	case rd.Word(i, "encrypted", "encryption", "encrypt") && !rd.Word(i+1, "in", "context", "key", "algorithm", "with", "and"), rd.Word(i, "unencrypted", "non-encrypted"):
		return rd.BackTo(i, "storage", "gets", "get", "object", "objects", "volume", "server-side", "they", "at-rest", "volumes"), rd.Pass(i+1, "at", "rest", "volumes", "storage"), ""
	case rd.Word(i, "encrypted", "encryption") && rd.Word(i+1, "with"):
		if sse := sseOf(rd.at(i + 2)); sse != "" {
			return rd.BackTo(i, "gets", "get", "object", "objects", "are", "is", "they"), rd.sseEnd(i + 3), sse
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
func (rd *Reading) sseEnd(i int) int {
	i = rd.Pass(i, "encryption", "encrypted", "header")
	if rd.Punct(i, "(") && rd.Word(i+1, "sse", "server-side") {
		for i < len(rd.Tokens) && !rd.Punct(i, ")") {
			i++
		}
		i = min(i+1, len(rd.Tokens))
	}
	return i
}

// encryptionOf records the condition for the service that the sentence speaks about.
func (rd *Reading) encryptionOf(i, to int, m origin.Mood, sse string) int {
	yes := []string{"true"}
	switch {
	case sse == "" && rd.InSentence(i, "volume", "volumes", "ebs", "disk", "disks", "snapshot", "snapshots") && rd.Named["rds"] < 3:
		rd.Condition(m, to, "encryption", intent.Constraint{Key: "ec2:Encrypted", Values: yes})
	case sse == "" && rd.InSentence(i, "rds", "database", "databases", "db", "aurora"):
		rd.Condition(m, to, "encryption", intent.Constraint{Key: "rds:StorageEncrypted", Values: yes})
	case sse == "" && rd.InSentence(i, "efs", "filesystem", "filesystems", "system", "systems"):
		rd.Condition(m, to, "encryption", intent.Constraint{Key: "elasticfilesystem:Encrypted", Values: yes})
	case sse == "" && !rd.InSentence(i, "object", "objects", "s3", "bucket", "upload", "uploads", "files"):
		return to
	default:
		values := []string{sse}
		if sse == "" {
			values = []string{"AES256", "aws:kms", "aws:kms:dsse"}
		}
		rd.Condition(m, to, "encryption", intent.Constraint{Key: "s3:x-amz-server-side-encryption", Values: values})
		to = rd.encryptionKey(to, m)
	}
	return to
}

// encryptionKey reads "and exactly the key arn:…"; the key itself stays a target.
func (rd *Reading) encryptionKey(i int, m origin.Mood) int {
	j := rd.Pass(i, "and", "with", "exactly", "the", "key", "kms", "only", "under", "using", "cmk", "by")
	v, ok := rd.Literal(j, token.ARNLiteral)
	if !ok || !strings.Contains(v, ":kms:") || j == i {
		return i
	}
	rd.Condition(origin.Mood{From: i, Strict: true, Negated: m.Negated, Unless: m.Unless}, j, "encryption key", intent.Constraint{Key: "s3:x-amz-server-side-encryption-aws-kms-key-id", Values: []string{v}})
	return j + 1
}
