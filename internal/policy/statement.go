package policy

var statementElements = []string{
	"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
}

// readStatements reads one statement or a list of them.
func (p *parser) readStatements() bool {
	if p.next() == objectType {
		return p.readStatement()
	}
	return p.list(func() bool { return p.typed("a statement", p.readStatement, objectType) })
}

func (p *parser) readStatement() bool {
	s := Statement{Position: p.here()}
	effect, action := false, false
	ok := p.members(func(name Text) bool {
		effect = effect || resembles(name.Text, "Effect")
		action = action || resembles(name.Text, "Action") || resembles(name.Text, "NotAction")
		return p.readElement(&s, name)
	})
	p.document.Statements = append(p.document.Statements, s)
	if ok && !effect {
		ok = p.report(CodeMissingEffect, s.Position, "the statement has no Effect")
	}
	if ok && !action {
		ok = p.report(CodeMissingAction, s.Position, "the statement has neither Action nor NotAction")
	}
	return ok
}

func (p *parser) readElement(s *Statement, name Text) bool {
	p.peek()
	switch at := p.here(); name.Text {
	case "Sid":
		return p.readString(name.Text, func(t Text) bool {
			s.Sid, s.SidPosition = t.Text, t.Position
			return true
		})
	case "Effect":
		s.EffectPosition = at
		return p.readString(name.Text, func(t Text) bool {
			s.Effect = Effect(t.Text)
			if s.Effect == Allow || s.Effect == Deny {
				return true
			}
			return p.report(CodeInvalidEffect, t.Position, "Effect must be %q or %q, not %q", Allow, Deny, t.Text)
		})
	case "Principal":
		return p.alone(name, s.NotPrincipal != nil, "NotPrincipal") && p.readPrincipal(name.Text, &s.Principal)
	case "NotPrincipal":
		return p.alone(name, s.Principal != nil, "Principal") && p.readPrincipal(name.Text, &s.NotPrincipal)
	case "Action":
		s.ActionPosition = at
		return p.alone(name, s.NotActions != nil, "NotAction") && p.readStrings(name.Text, &s.Actions)
	case "NotAction":
		s.ActionPosition = at
		return p.alone(name, s.Actions != nil, "Action") && p.readStrings(name.Text, &s.NotActions)
	case "Resource":
		s.ResourcePosition = at
		return p.alone(name, s.NotResources != nil, "NotResource") && p.readStrings(name.Text, &s.Resources)
	case "NotResource":
		s.ResourcePosition = at
		return p.alone(name, s.Resources != nil, "Resource") && p.readStrings(name.Text, &s.NotResources)
	case "Condition":
		s.Conditions, s.ConditionPosition = []Condition{}, at
		return p.typed(name.Text, func() bool { return p.readConditions(s) }, objectType)
	}
	return p.unknown(name, "a statement", statementElements)
}

// alone reports an element beside its negation.
func (p *parser) alone(name Text, both bool, other string) bool {
	if !both {
		return true
	}
	return p.report(CodeElementCombination, name.Position, "a statement cannot have both %s and %s", other, name.Text)
}

var principalTypes = []string{"AWS", "Service", "Federated", "CanonicalUser"}

// readPrincipal reads "*" or an object of principals by type.
func (p *parser) readPrincipal(element string, to **Principal) bool {
	t := p.next()
	principal := &Principal{Position: p.here()}
	*to = principal
	switch t {
	case noValue:
		return false
	case stringType:
		text, ok := p.text()
		principal.Any = text.Text == "*"
		if !ok || principal.Any {
			return ok
		}
		return p.report(CodePrincipalFormat, text.Position,
			"%s must be \"*\" or an object such as {\"AWS\": ...}, not %q", element, text.Text)
	case objectType:
		return p.members(func(name Text) bool {
			switch name.Text {
			case "AWS":
				return p.readStrings(name.Text, &principal.AWS)
			case "Service":
				return p.readStrings(name.Text, &principal.Service)
			case "Federated":
				return p.readStrings(name.Text, &principal.Federated)
			case "CanonicalUser":
				return p.readStrings(name.Text, &principal.CanonicalUser)
			}
			return p.report(CodePrincipalType, name.Position, "%q is no type of principal; there are %q",
				name.Text, principalTypes) && p.skip(1)
		})
	}
	return p.report(CodePrincipalFormat, p.here(), "%s must be \"*\" or an object, not %s", element, t) && p.skip(1)
}

// readConditions reads the operators of a Condition element. An operator without keys says
// nothing and leaves nothing.
func (p *parser) readConditions(s *Statement) bool {
	return p.members(func(operator Text) bool {
		return p.typed(operator.Text, func() bool {
			return p.members(func(key Text) bool {
				c := Condition{
					Operator: operator.Text, Key: key.Text, Values: []Text{},
					Position: key.Position, OperatorPosition: operator.Position,
				}
				ok := p.readValues(&c)
				s.Conditions = append(s.Conditions, c)
				return ok
			})
		}, objectType)
	})
}

// readValues reads one value or a list of them.
func (p *parser) readValues(c *Condition) bool {
	value := func() bool {
		return p.typed(c.Key, func() bool {
			t, ok := p.scalar()
			c.Values = append(c.Values, t)
			return ok
		}, stringType, numberType, booleanType)
	}
	if p.next() == listType {
		return p.list(value)
	}
	return value()
}
