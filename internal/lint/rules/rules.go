// Package rules holds the lint rules: one file each, and the list.
package rules

import (
	_ "embed" // the codes without a rule
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/tsv"
)

// list has the rules in the order of their IDs.
var list = []lint.Rule{
	actionAll,
	actionEmpty,
	actionMissing,
	actionNegated,
	actionRedundant,
	actionResourceMismatched,
	actionServiceAll,
	actionServiceUnknown,
	actionUnknown,
	arnAccountInvalid,
	arnAccountMissing,
	arnAccountUnexpected,
	arnFieldMissing,
	arnPartitionUnknown,
	arnPrefixInvalid,
	arnRegionInvalid,
	arnRegionMissing,
	arnRegionUnexpected,
	arnResourceUnknown,
	arnServiceUnknown,
	conditionAbsentOpen,
	conditionAddressAny,
	conditionAddressImprecise,
	conditionAddressMalformed,
	conditionAddressPrivate,
	conditionArnStringlike,
	conditionBoolMultiple,
	conditionConstant,
	conditionEmpty,
	conditionForallvaluesOpen,
	conditionKeyDuplicated,
	conditionKeyIrrelevant,
	conditionKeyMalformed,
	conditionKeyRemoved,
	conditionKeyScoped,
	conditionKeySpoofable,
	conditionKeyUnknown,
	conditionKeyUnpaired,
	conditionKeyUnsupported,
	conditionKmsKeyMalformed,
	conditionMfaIneffective,
	conditionNullIfexists,
	conditionOperatorMismatched,
	conditionOperatorUnknown,
	conditionRegionUnknown,
	conditionServicePrincipal,
	conditionSetMissing,
	conditionSetNeedless,
	conditionTagKeyMissing,
	conditionTagUnsupported,
	conditionValueBroad,
	conditionValueMistyped,
	conditionValueRedundant,
	conditionValuesMixed,
	conditionVpcMalformed,
	conditionWildcardLiteral,
	confusedDeputy,
	credentialsExposed,
	dataExfiltration,
	effectInvalid,
	effectMissing,
	elementConflicting,
	elementDuplicated,
	elementMistyped,
	elementUnknown,
	jsonInvalid,
	oidcAudienceOpen,
	oidcSubjectOpen,
	passroleBroad,
	principalCrossAccount,
	principalEmpty,
	principalFederatedMalformed,
	principalFederatedUnsupported,
	principalIDUnique,
	principalMalformed,
	principalMissing,
	principalNegated,
	principalPublic,
	principalRedundant,
	principalServiceMalformed,
	principalTypeUnknown,
	principalUnsupported,
	principalWildcardUnsupported,
	privilegeEscalation,
	rcpGuardMissing,
	rcpStatementUnsupported,
	resourceBroad,
	resourceEmpty,
	resourceExposure,
	resourceMissing,
	resourceNegated,
	resourceRedundant,
	resourceUnsupported,
	serviceLinkedRoleBroad,
	serviceWildcard,
	sidDuplicated,
	sidEmpty,
	sidInvalid,
	sizeExceeded,
	statementIdle,
	statementMissing,
	statementRedundant,
	trustActionMismatched,
	trustPublic,
	trustRolesanywhereIncomplete,
	variableMalformed,
	variableMisplaced,
	variableOperatorUnsupported,
	variableUnsupported,
	versionInvalid,
	versionMissing,
}

// All returns the rules in the order of their IDs. The result is the caller's own.
func All() []lint.Rule { return slices.Clone(list) }

// Named returns the rules that are called by their IDs or by codes of IAM Access Analyzer, whose
// case does not count. The error names what is near.
func Named(names []string) ([]lint.Rule, error) { return Called(All(), names) }

// Called is Named among the rules of a list.
func Called(all []lint.Rule, names []string) ([]lint.Rule, error) {
	var out []lint.Rule
	for _, name := range names {
		i := slices.IndexFunc(all, func(r lint.Rule) bool { return isCalled(&r, name) })
		if i < 0 {
			return nil, unknown(all, name)
		}
		out = append(out, all[i])
	}
	return out, nil
}

func isCalled(r *lint.Rule, name string) bool {
	return strings.EqualFold(r.ID, name) ||
		slices.ContainsFunc(r.Aliases, func(alias string) bool { return strings.EqualFold(alias, name) })
}

func unknown(all []lint.Rule, name string) error {
	var known []string
	for _, r := range all {
		known = append(append(known, r.ID), r.Aliases...)
	}
	if near := facts.Nearest(name, known); near != "" {
		return fmt.Errorf("no rule is called %q; did you mean %s?", name, near)
	}
	return fmt.Errorf("no rule is called %q", name)
}

//go:embed retired.tsv
var retired string

// A Code is a code of IAM Access Analyzer for which there is no rule, and why.
type Code struct{ Code, Reason string }

// Retired returns the codes of IAM Access Analyzer for which there is no rule: what AWS has since
// allowed, and what neither a document nor the catalog decides.
func Retired() []Code {
	var out []Code
	for _, row := range tsv.Rows(retired, 2) {
		out = append(out, Code{row[0], row[1]})
	}
	return out
}
