package compile

import (
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
)

// write fills a format and the account, region and partition of the intent.
func (w *compiler) write(format string, vars map[string]string, t intent.Target) string {
	if strings.HasSuffix(format, "-??????") {
		for _, v := range catalog.ARNVariables(format) {
			if value := vars[v]; strings.HasSuffix(value, "*") || hasSuffixID(value) || value == "" {
				format = strings.TrimSuffix(format, "-??????")
			}
		}
	}
	return w.account(catalogFill(format, vars), t)
}

// catalogFill fills the variables of a format but leaves partition, region and account.
func catalogFill(format string, vars map[string]string) string {
	values := map[string]string{"Partition": "${Partition}", "Region": "${Region}", "Account": "${Account}"}
	for _, v := range catalog.ARNVariables(format) {
		if strings.EqualFold(v, "AccountId") {
			values[v] = "${Account}"
		}
	}
	for k, v := range vars {
		values[k] = v
	}
	out := catalog.FillARN(format, values)
	for strings.Contains(out, "**") {
		out = strings.ReplaceAll(out, "**", "*")
	}
	return strings.TrimSuffix(out, ":*:*") + map[bool]string{true: ":*"}[strings.HasSuffix(out, ":*:*")]
}

// account fills partition, region and account.
func (w *compiler) account(format string, t intent.Target) string {
	pick := func(own, general, open string) string {
		if own != "" {
			return own
		}
		if general != "" {
			return general
		}
		return open
	}
	region := pick(t.Region, w.in.Region, "*")
	partition := w.in.Partition
	if partition == "" {
		partition = arn.PartitionOf(region)
	}
	return strings.NewReplacer("${Partition}", partition, "${Region}", region, "${Account}", pick(t.Account, w.in.Account, "*")).Replace(format)
}

// hasSuffixID says that a secret's name already ends in the six characters AWS adds.
func hasSuffixID(name string) bool {
	i := strings.LastIndexByte(name, '-')
	if i < 0 || len(name)-i-1 != 6 {
		return false
	}
	tail := name[i+1:]
	return strings.ToLower(tail) != tail || strings.ContainsAny(tail, "0123456789?")
}

// fitARN returns an ARN of the request if it can be of the type: as it stands, or, for types
// below it, with what lies below.
func (w *compiler) fitARN(a string, ca *catalog.Action, rt *catalog.ResourceType) []string {
	for _, format := range ca.ARNs(rt) {
		open := catalog.FillARN(format, nil)
		if strings.Count(a, ":") >= 5 && arn.MatchPattern(open, strings.ReplaceAll(a, "*", "x")) && sameShape(format, a) {
			return []string{a}
		}
	}
	for _, format := range ca.ARNs(rt) {
		if below, ok := belowARN(format, a); ok {
			return []string{below}
		}
	}
	return nil
}

// sameShape says whether an ARN has as many path segments as the format, or the format's last
// variable may hold slashes.
func sameShape(format, a string) bool {
	f, n := arn.Fields(format)
	r, m := arn.Fields(a)
	if n < len(f) || m < len(r) {
		return false
	}
	fixed, _, _ := strings.Cut(f[5], "${")
	if fixed == "" && f[2] != "s3" && f[2] != "sqs" && f[2] != "sns" {
		return strings.Count(f[5], "/") <= strings.Count(r[5], "/")
	}
	if f[2] == "s3" && fixed == "" {
		return strings.Contains(f[5], "/") == strings.Contains(r[5], "/")
	}
	if strings.Count(f[5], "/") > strings.Count(r[5], "/") || strings.Count(f[5], ":") > strings.Count(r[5], ":") {
		return false
	}
	return strings.HasPrefix(r[5], strings.TrimSuffix(fixed, "*")) // AWS writes task:* where an identifier stands
}

// belowARN writes the pattern of a type's resources below the resource that the ARN names.
func belowARN(format, a string) (string, bool) {
	f, n := arn.Fields(format)
	r, m := arn.Fields(a)
	if n < len(f) || m < len(r) || f[2] != r[2] {
		return "", false
	}
	fp, rp := strings.Split(f[5], "/"), strings.Split(r[5], "/")
	if len(fp) <= len(rp) {
		return "", false
	}
	for i, seg := range rp {
		if !strings.Contains(fp[i], "${") && fp[i] != seg {
			return "", false
		}
	}
	rest := catalog.FillARN(strings.Join(fp[len(rp):], "/"), nil)
	return a + "/" + rest, true
}

// arnsOf writes targets as they stand, each by its own type.
func (w *compiler) arnsOf(targets []intent.Target) []string {
	var out []string
	for _, t := range targets {
		if t.ARN != "" {
			out = append(out, t.ARN)
			continue
		}
		s, ok := w.catalog.Service(t.Service)
		if !ok {
			continue
		}
		if rt, ok := s.Resource(t.Type); ok {
			for _, format := range rt.ARNs {
				out = append(out, w.write(format, t.Vars, t))
			}
		}
	}
	sort.Strings(out)
	return out
}
