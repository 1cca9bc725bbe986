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

// SamePlace says whether a variable stands for the same thing in two ARN formats: its name says of
// what it is the name, as in ContactAlias, or the same text stands before it.
func SamePlace(a, b, variable string) bool {
	if !Named(a, variable) || !Named(b, variable) {
		return false
	}
	for _, w := range Words(variable) {
		if !anyName[w] {
			return true
		}
	}
	return before(a, variable) == before(b, variable)
}

// Leads says whether a format has the first of the variables of another that are bound: what leads to
// the rest. The format of an access point's objects has the name of an object, but not of its bucket.
func Leads(own, format string, bound map[string]string) bool {
	for _, v := range ARNVariables(own) {
		if bound[v] != "" {
			return Named(format, v)
		}
	}
	return true
}

// anyName are the words of variables that could be of any resource: Id, ResourceName.
var anyName = map[string]bool{"id": true, "name": true, "resource": true, "uuid": true, "unique": true, "identifier": true, "arn": true}

func before(format, variable string) string {
	text, _, _ := strings.Cut(format, "${"+variable+"}")
	return text
}

// Parent returns the variable of a type's format that stands where the given variable of another
// type's does, if the same text stands before both: a control panel above its routing controls.
func Parent(own, format, variable string) (string, bool) {
	text := before(own, variable)
	if !Named(own, variable) || len(ARNVariables(text)) > 0 || !strings.HasPrefix(format, text) {
		return "", false
	}
	vars := ARNVariables(format[len(text):])
	if len(vars) == 0 || before(format, vars[0]) != text {
		return "", false
	}
	return vars[0], true
}
