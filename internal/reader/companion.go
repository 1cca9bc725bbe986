package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// companions adds what AWS also requires and no word names.
func (rd *reading) companions() {
	rd.encryptedData()
}

// encryptedData: data that is encrypted with a named KMS key is read with kms:Decrypt and
// written with kms:GenerateDataKey. Multipart uploads need kms:Decrypt as well.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
func (rd *reading) encryptedData() {
	key, ok := rd.encryptingKey()
	if !ok {
		return
	}
	reads, writes := false, false
	for _, g := range rd.out.Grants {
		if g.Effect == policy.Deny {
			continue
		}
		for _, a := range g.Actions {
			ca, ok := rd.Catalog.Action(a.Name)
			if !ok || ca.Service == "kms" || ca.Service == "iam" {
				continue
			}
			d := derive(ca)
			reads = reads || d.verb == "get" || d.verb == "receive" || d.verb == "query" || d.verb == "scan"
			writes = writes || d.verb == "put" || d.verb == "send" || d.verb == "publish" || d.verb == "create"
		}
	}
	g := intent.Grant{Effect: policy.Allow, Targets: []intent.Target{key}, Span: key.Span}
	add := func(name, why string) {
		g.Actions = append(g.Actions, intent.Action{Name: name, Because: "because of the encryption: " + why})
	}
	if reads || writes {
		add("kms:Decrypt", "reading needs the data key decrypted, and so do uploads in parts")
	}
	if writes {
		add("kms:GenerateDataKey", "writing needs a new data key")
	}
	if len(g.Actions) > 0 {
		rd.out.Grants = append(rd.out.Grants, g)
	}
}

// encryptingKey returns the KMS key that the words say data is encrypted with.
func (rd *reading) encryptingKey() (intent.Target, bool) {
	encrypted := false
	for i, t := range rd.tokens {
		encrypted = encrypted || strings.HasPrefix(t.lower, "encrypt") || strings.Contains(t.lower, "sse-kms") || rd.word(i, "cmk", "sse")
	}
	if !encrypted {
		return intent.Target{}, false
	}
	for i := range rd.tokens {
		t, ok := rd.targetAt(i)
		if ok && t.Service == "kms" && (t.Type == "key" || strings.Contains(t.ARN, ":key/")) {
			rd.tokens[i].used = true
			return t, true
		}
	}
	return intent.Target{}, false
}
