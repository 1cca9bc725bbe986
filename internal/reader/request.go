package reader

import (
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// read runs the steps of the reader; each takes what the ones before have left.
func (rd *reading) read() {
	rd.link()
	rd.apiNames()
	rd.correctTypos()
	rd.splitClauses()
	if rd.recall != nil {
		rd.recall()
		rd.apiNames()
	}
	if rd.out.Kind == "" {
		rd.out.Kind = rd.tellKind()
	}
	rd.takeKindWords()
	if rd.outOfScope() {
		return
	}
	if rd.out.Kind == policy.IdentityBased {
		rd.markElsewhere()
	}
	rd.scanInvalid()
	rd.readParties()
	rd.readSettings()
	rd.readConstraints()
	if rd.out.Kind == policy.IdentityBased {
		rd.dropAgents()
	}
	rd.nameTypes()
	switch rd.out.Kind {
	case policy.Trust:
		rd.readTrust()
	case policy.ResourceBased:
		rd.readResourceBased()
	case policy.ServiceControl:
		rd.readDenials()
	case policy.ResourceControl:
		rd.readResourceControl()
	case policy.PermissionsBoundary:
		rd.readBoundary()
	default:
		rd.readPermissions()
	}
}

func (rd *reading) finish() intent.Intent {
	rd.ledger()
	return rd.out
}
