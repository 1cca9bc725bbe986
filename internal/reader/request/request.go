// Package request reads a request as a whole: it tells which kind of document is wanted, runs the
// steps that read it, and accounts for every word.
package request

import (
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Read runs the steps of the reader; each takes what the ones before have left.
func (rd *Reading) Read() {
	rd.Link()
	rd.ReadAPINames()
	rd.CorrectTypos()
	rd.SplitClauses()
	rd.ReadForm()
	if rd.Recall != nil {
		rd.Recall()
		rd.ReadAPINames()
	}
	if rd.Out.Kind == "" {
		rd.Out.Kind = rd.tellKind()
	}
	rd.TakeKindWords()
	if rd.OutOfScope() {
		return
	}
	if rd.Out.Kind == policy.IdentityBased {
		rd.MarkElsewhere()
	}
	if rd.readApart() {
		return
	}
	rd.ScanInvalid()
	rd.ReadParties()
	rd.ReadSettings()
	rd.ReadConstraints()
	if rd.Out.Kind == policy.IdentityBased {
		rd.DropAgents()
	}
	rd.NameTypes()
	switch rd.Out.Kind {
	case policy.Trust:
		rd.ReadTrust()
	case policy.ResourceBased:
		rd.ReadResourceBased()
	case policy.ServiceControl:
		rd.ReadDenials()
	case policy.ResourceControl:
		rd.ReadResourceControl()
	case policy.PermissionsBoundary:
		rd.ReadBoundary()
	default:
		rd.readPermissions()
	}
}

// Finish writes the ledger of the words, unless its sentences have one, and returns what is wanted.
func (rd *Reading) Finish() intent.Intent {
	if !rd.finished {
		rd.Ledger()
	}
	return rd.Out
}
