package universe

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/automaton"
)

// nameVariables are the variables of ARN formats whose values are names without slashes and
// colons; any other variable may hold every character.
var nameVariables = map[string]bool{
	"BucketName": true, "FunctionName": true, "InstanceId": true, "QueueName": true, "TableName": true,
	"TopicName": true, "VolumeId": true,
}

// ReadFormat returns the patterns of what an ARN format of the catalog stands for. The format *
// stands for the text *, in others it stands for any text.
func ReadFormat(format string) []automaton.Pattern {
	if format == "*" {
		return []automaton.Pattern{automaton.Pattern{}.Text("*")}
	}
	patterns := []automaton.Pattern{nil}
	each := func(change func(automaton.Pattern) automaton.Pattern) {
		for i := range patterns {
			patterns[i] = change(patterns[i])
		}
	}
	colons := 0
	for rest := format; rest != ""; {
		text, after, found := strings.Cut(rest, "${")
		colons += strings.Count(text, ":")
		each(func(p automaton.Pattern) automaton.Pattern { return p.Wild(text) })
		name, tail, closed := strings.Cut(after, "}")
		if !found || !closed {
			break
		}
		rest = tail
		m := automaton.Any
		switch {
		case name == "Partition":
			each(func(p automaton.Pattern) automaton.Pattern { return p.Text("aws").Run(automaton.Letters, 0) })
			continue
		case name == "Account":
			patterns = withAccount(patterns)
			continue
		case name == "Region":
			m = automaton.Alphabet
		case nameVariables[name]:
			m = automaton.NoSlash
		case colons < 5: // before the last field
			m = automaton.NoColon
		}
		each(func(p automaton.Pattern) automaton.Pattern { return p.Run(m, 1) })
	}
	return patterns
}

// withAccount puts an account at the end of each pattern: twelve digits, or aws for what AWS
// owns, such as its managed policies.
func withAccount(patterns []automaton.Pattern) []automaton.Pattern {
	var out []automaton.Pattern
	for _, p := range patterns {
		out = append(out, p.Repeat(automaton.Digits, 12), p.Text("aws"))
	}
	return out
}
