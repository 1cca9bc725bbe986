package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/aegis-iam/aegis/docs"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/report"
)

// lintKind reads a kind: one that words can ask for, or session.
func lintKind(name string) (policy.Kind, error) {
	if policy.Kind(strings.ToLower(name)) == policy.SessionPolicy {
		return policy.SessionPolicy, nil
	}
	return generate.ParseKind(name)
}

func ruleInfos(list []lint.Rule) []report.RuleInfo {
	out := make([]report.RuleInfo, len(list))
	for i, r := range list {
		out[i] = report.RuleInfo{ID: r.ID, Summary: r.Summary, Severity: r.Severity, Aliases: r.Aliases}
	}
	return out
}

// listRules prints every rule with its aliases, and the codes for which there is no rule.
func listRules(s Streams) error {
	w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SEVERITY\tRULE\tALIASES AND SUMMARY")
	for _, r := range rules.All() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.Severity, r.ID, r.Summary)
		for _, alias := range r.Aliases {
			fmt.Fprintf(w, "\t\t  %s\n", alias)
		}
	}
	fmt.Fprintln(w, "\nCodes of IAM Access Analyzer without a rule:")
	for _, c := range rules.Retired() {
		fmt.Fprintf(w, "\t%s\t%s\n", c.Code, c.Reason)
	}
	return w.Flush()
}

// explainRule prints the page of a rule that is named by its ID or an alias.
func explainRule(s Streams, name string) error {
	for _, c := range rules.Retired() {
		if strings.EqualFold(c.Code, name) {
			_, err := fmt.Fprintf(s.Out, "%s has no rule: %s.\n", c.Code, c.Reason)
			return err
		}
	}
	list, err := rules.Named([]string{name})
	if err != nil {
		return err
	}
	r := list[0]
	page, ok := docs.Rule(r.ID)
	if !ok {
		return fmt.Errorf("no page for %s", r.ID)
	}
	fmt.Fprintf(s.Out, "%s\nSeverity: %s", page, r.Severity)
	if len(r.Kinds) > 0 {
		fmt.Fprintf(s.Out, ". Policies: %s", strings.Trim(fmt.Sprint(r.Kinds), "[]"))
	}
	if len(r.Aliases) > 0 {
		fmt.Fprintf(s.Out, ".\nIAM Access Analyzer: %s", strings.Join(r.Aliases, ", "))
	}
	_, err = fmt.Fprintln(s.Out)
	return err
}
