package catalog

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/wildcard"
)

// Expand returns the actions that an Action pattern matches, sorted by service
// and name; nil if it matches nothing or is no action pattern at all. "*" is
// every action; otherwise the pattern has a service prefix and a colon.
func (c *Catalog) Expand(pattern string) []*Action {
	service, name, found := strings.Cut(pattern, ":")
	if !found {
		if pattern == "" || strings.Trim(pattern, "*") != "" {
			return nil
		}
		service, name = "*", "*"
	}
	if !wildcard.Contains(service) {
		s, ok := c.Service(service)
		if !ok {
			return nil
		}
		return s.appendMatches(nil, name)
	}
	var actions []*Action
	for _, e := range c.entries {
		if wildcard.MatchFold(service, e.prefix) {
			if s := e.load(c); s != nil {
				actions = s.appendMatches(actions, name)
			}
		}
	}
	return actions
}

func (s *Service) appendMatches(to []*Action, pattern string) []*Action {
	if strings.Trim(pattern, "*") == "" && pattern != "" {
		return append(to, s.Actions...)
	}
	wild := strings.IndexAny(pattern, "*?")
	if wild < 0 {
		if a, ok := s.Action(s.Prefix + ":" + pattern); ok {
			to = append(to, a)
		}
		return to
	}
	// The actions that begin as the pattern does stand together.
	literal := pattern[:wild]
	first, _ := slices.BinarySearchFunc(s.Actions, literal, func(a *Action, want string) int {
		return compareFold(a.Name, want)
	})
	for _, a := range s.Actions[first:] {
		if len(a.Name) < len(literal) || !strings.EqualFold(a.Name[:len(literal)], literal) {
			break
		}
		if wildcard.MatchFold(pattern[wild:], a.Name[wild:]) {
			to = append(to, a)
		}
	}
	return to
}
