package catalog

import "strings"

// ARNVariables returns the variables of an ARN format beside partition, region and account, in
// their order: "arn:${Partition}:s3:::${BucketName}/${ObjectName}" has BucketName, ObjectName.
func ARNVariables(format string) []string {
	var out []string
	for rest := format; ; {
		i := strings.Index(rest, "${")
		if i < 0 {
			return out
		}
		j := strings.IndexByte(rest[i:], '}')
		if j < 0 {
			return out
		}
		switch name := rest[i+2 : i+j]; name {
		case "Partition", "Region", "Account":
		default:
			out = append(out, name)
		}
		rest = rest[i+j+1:]
	}
}

// FillARN puts values into an ARN format; a variable without a value becomes "*".
func FillARN(format string, values map[string]string) string {
	var b strings.Builder
	for rest := format; ; {
		i := strings.Index(rest, "${")
		j := -1
		if i >= 0 {
			j = strings.IndexByte(rest[i:], '}')
		}
		if j < 0 {
			b.WriteString(rest)
			return b.String()
		}
		b.WriteString(rest[:i])
		if v := values[rest[i+2:i+j]]; v != "" {
			b.WriteString(v)
		} else {
			b.WriteString("*")
		}
		rest = rest[i+j+1:]
	}
}

// Named says whether the format has a place for the variable.
func Named(format, variable string) bool {
	return strings.Contains(format, "${"+variable+"}")
}

// SameARN says whether two resource types name the same resources: they share an ARN format.
func SameARN(a, b *ResourceType) bool {
	for _, x := range a.ARNs {
		for _, y := range b.ARNs {
			if anonymous(x) == anonymous(y) {
				return true
			}
		}
	}
	return false
}

// anonymous replaces the names of a format's variables, which differ between services.
func anonymous(format string) string {
	names := ARNVariables(format)
	for _, v := range names {
		format = strings.ReplaceAll(format, "${"+v+"}", "*")
	}
	return format
}
