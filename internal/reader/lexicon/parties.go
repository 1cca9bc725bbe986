package lexicon

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed principals.txt providers.txt owners.txt
var partyFiles embed.FS

// Parties is what the lexicon knows about those whom trust and resource-based documents speak
// about: service principals, identity providers, and resources with a policy of their own.
type Parties struct {
	Providers []*Provider
	Owners    []*Owner
	names     map[string][]PrincipalName // by the first stem
}

// A PrincipalName is an everyday name of a service principal.
type PrincipalName struct {
	Words []string // stems
	ID    string   // such as ecs-tasks.amazonaws.com
}

// A Provider is an identity provider whose tokens STS takes.
type Provider struct {
	Name        string
	Host        string // with {slot} for what differs between customers
	Names       [][]string
	Audience    string // usual audience; empty if there is none
	AudienceKey string // the claim that holds the audience: aud, or app_id
	Builtin     bool   // the principal is the host itself
	Project     string // the slot that a name with a slash fills
	Claims      []string
	Subjects    []Subject
}

// A Subject says how the subject of a token is written when the slots are known.
type Subject struct {
	Slots    []string
	Template string
}

// An Owner is a type of resource that has a policy, with what its words grant.
type Owner struct {
	Service, Type string
	Nouns         [][]string
	Says          map[string][]string // stem -> actions
	Gives         map[string][]string // principal without .amazonaws.com -> actions
	Any           []string
}

var loadParties = sync.OnceValues(func() (*Parties, error) { return parseParties(partyFiles) })

// DefaultParties returns the embedded data.
func DefaultParties() *Parties {
	p, err := loadParties()
	if err != nil {
		panic("lexicon: " + err.Error()) // the embedded files are checked by a test
	}
	return p
}

// Principals returns the names of service principals that begin with the stem.
func (p *Parties) Principals(stem string) []PrincipalName { return p.names[stem] }

func parseParties(fsys fs.FS) (*Parties, error) {
	p := &Parties{names: map[string][]PrincipalName{}}
	for name, parse := range map[string]func(word, rest string) error{
		"principals.txt": p.principalLine, "providers.txt": p.providerLine, "owners.txt": p.ownerLine,
	} {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		for n, line := range strings.Split(string(text), "\n") {
			word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			if word == "" || strings.HasPrefix(word, "#") {
				continue
			}
			if err := parse(word, strings.TrimSpace(rest)); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
			}
		}
	}
	return p, nil
}

func (p *Parties) principalLine(word, rest string) error {
	id, ok := strings.CutSuffix(word, ":")
	if !ok {
		return fmt.Errorf("want 'PRINCIPAL: names'")
	}
	for _, phrase := range splitAlternatives(rest) {
		words := stems(phrase)
		p.names[words[0]] = append(p.names[words[0]], PrincipalName{Words: words, ID: id + ".amazonaws.com"})
	}
	return nil
}

func (p *Parties) providerLine(word, rest string) error {
	if word == "provider" {
		p.Providers = append(p.Providers, &Provider{Name: rest, AudienceKey: "aud"})
		return nil
	}
	if len(p.Providers) == 0 {
		return fmt.Errorf("%q before the first provider", word)
	}
	v := p.Providers[len(p.Providers)-1]
	switch word {
	case "host":
		v.Host = rest
	case "name":
		for _, phrase := range splitAlternatives(rest) {
			v.Names = append(v.Names, stems(phrase))
		}
	case "audience":
		v.Audience = rest
	case "audience-key":
		v.AudienceKey = rest
	case "builtin":
		v.Builtin = true
	case "project":
		v.Project = rest
	case "claims":
		v.Claims = strings.Fields(rest)
	case "subject":
		slots, template, ok := strings.Cut(rest, ": ")
		if !ok {
			return fmt.Errorf("want 'subject SLOTS: TEMPLATE'")
		}
		v.Subjects = append(v.Subjects, Subject{Slots: strings.Fields(slots), Template: template})
	case "page":
	default:
		return fmt.Errorf("unknown line %q", word)
	}
	return nil
}

func (p *Parties) ownerLine(word, rest string) error {
	head, tail, ok := strings.Cut(rest, ":")
	if word != "any:" && !ok {
		return fmt.Errorf("want '%s …: …'", word)
	}
	if word == "owner" {
		service, typ, _ := strings.Cut(head, " ")
		o := &Owner{Service: service, Type: typ, Says: map[string][]string{}, Gives: map[string][]string{}}
		for _, phrase := range splitAlternatives(tail) {
			o.Nouns = append(o.Nouns, stems(phrase))
		}
		p.Owners = append(p.Owners, o)
		return nil
	}
	if len(p.Owners) == 0 {
		return fmt.Errorf("%q before the first owner", word)
	}
	o := p.Owners[len(p.Owners)-1]
	switch word {
	case "say":
		for _, w := range strings.Fields(head) {
			o.Says[strings.Join(stems(w), "-")] = o.actions(tail)
		}
	case "give":
		for _, w := range strings.Fields(head) {
			o.Gives[w] = o.actions(tail)
		}
	case "any:":
		o.Any = o.actions(rest)
	default:
		return fmt.Errorf("unknown line %q", word)
	}
	return nil
}

func (o *Owner) actions(names string) []string {
	var out []string
	for _, a := range strings.Fields(names) {
		out = append(out, o.Service+":"+a)
	}
	return out
}
