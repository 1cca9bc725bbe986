package condition

import "github.com/aegis-iam/aegis/internal/policy"

// splitVariables takes a text apart into plain runs and variables. A ${ that is never closed
// is plain text; any other defect makes a variable that no request has a value for.
func splitVariables(text string) []piece {
	var pieces []piece
	start := 0
	for _, v := range policy.Variables(text) {
		if v.Defect == policy.VariableMissingBrace {
			continue
		}
		if v.Start > start {
			pieces = append(pieces, piece{text: text[start:v.Start]})
		}
		start = v.End
		if v.Literal != 0 {
			pieces = append(pieces, piece{text: string(rune(v.Literal)), escaped: true})
			continue
		}
		pieces = append(pieces, piece{
			variable:   true,
			broken:     v.Defect != "",
			key:        v.Key,
			fallback:   v.Default,
			hasDefault: v.HasDefault && v.Defect == "",
		})
	}
	if start < len(text) {
		pieces = append(pieces, piece{text: text[start:]})
	}
	return pieces
}
