package permission

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// companions adds what AWS also requires and no word names.
func (rd *Reading) companions() {
	rd.encryptedData()
}

// encryptedData: data that is encrypted with a named KMS key is read with kms:Decrypt and
// written with kms:GenerateDataKey. Multipart uploads need kms:Decrypt as well.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
func (rd *Reading) encryptedData() {
	key, ok := rd.encryptingKey()
	if !ok {
		return
	}
	reads, writes := false, false
	for _, g := range rd.Out.Grants {
		if g.Effect == policy.Deny {
			continue
		}
		for _, a := range g.Actions {
			ca, ok := rd.Catalog.Action(a.Name)
			if !ok || ca.Service == "kms" || ca.Service == "iam" {
				continue
			}
			d := sentence.Derive(ca)
			reads = reads || d.Verb == "get" || d.Verb == "receive" || d.Verb == "query" || d.Verb == "scan"
			writes = writes || d.Verb == "put" || d.Verb == "send" || d.Verb == "publish" || d.Verb == "create"
		}
	}
	g := intent.Grant{Effect: policy.Allow, Targets: []intent.Target{key}, Span: key.Span}
	add := func(name, why string) {
		if rd.grantsOn(name, key) {
			return // the words say under which conditions
		}
		g.Actions = append(g.Actions, intent.Action{Name: name, Because: "because of the encryption: " + why})
	}
	if reads || writes {
		add("kms:Decrypt", "reading needs the data key decrypted, and so do uploads in parts")
	}
	if writes {
		add("kms:GenerateDataKey", "writing needs a new data key")
	}
	if len(g.Actions) > 0 {
		rd.Out.Grants = append(rd.Out.Grants, g)
	}
}

// grantsOn says that the words ask for an action on a target themselves.
func (rd *Reading) grantsOn(name string, t intent.Target) bool {
	return slices.ContainsFunc(rd.Out.Grants, func(g intent.Grant) bool {
		return g.Effect != policy.Deny && allowedIn([]intent.Grant{g}, name) && slices.ContainsFunc(g.Targets, func(o intent.Target) bool { return sameTarget(o, t) })
	})
}

// encryptingKey returns the KMS key that the words say data is encrypted with.
func (rd *Reading) encryptingKey() (intent.Target, bool) {
	encrypted := false
	for i, t := range rd.Tokens {
		encrypted = encrypted || strings.HasPrefix(t.Lower, "encrypt") || strings.Contains(t.Lower, "sse-kms") || rd.Word(i, "cmk", "sse")
	}
	if !encrypted {
		return intent.Target{}, false
	}
	for i := range rd.Tokens {
		t, ok := rd.TargetAt(i)
		if ok && t.Service == "kms" && (t.Type == "key" || strings.Contains(t.ARN, ":key/")) {
			rd.Tokens[i].Used = true
			return t, true
		}
	}
	return intent.Target{}, false
}
