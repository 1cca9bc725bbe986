// Package catalog knows what AWS offers: services, actions, access levels,
// resource types with their ARN formats, and condition keys with their types.
package catalog

import (
	"slices"
	"strings"
)

// An AccessLevel says what an action does, in the words of the Service
// Authorization Reference.
type AccessLevel string

// The access levels of the Service Authorization Reference.
const (
	List                  AccessLevel = "List"
	Read                  AccessLevel = "Read"
	Write                 AccessLevel = "Write"
	Tagging               AccessLevel = "Tagging"
	PermissionsManagement AccessLevel = "Permissions management"
)

// A Service is one service prefix with all that the catalog knows about it.
// Its lists are sorted by name and shared: callers must not change them.
type Service struct {
	Prefix    string // "sqs"
	Name      string // "Amazon Simple Queue Service"
	RCP       bool   // resource control policies apply to the service
	Actions   []*Action
	Resources []*ResourceType
	Keys      []*Key
}

// Action returns the action of that name, folding case: "GetObject" or "s3:GetObject".
func (s *Service) Action(name string) (*Action, bool) {
	if prefix, local, found := strings.Cut(name, ":"); found {
		if !strings.EqualFold(prefix, s.Prefix) {
			return nil, false
		}
		name = local
	}
	i, found := slices.BinarySearchFunc(s.Actions, name, func(a *Action, name string) int {
		return compareFold(a.Name, name)
	})
	if !found {
		return nil, false
	}
	return s.Actions[i], true
}

// Resource returns the resource type of that name, folding case.
func (s *Service) Resource(name string) (*ResourceType, bool) {
	for _, r := range s.Resources {
		if strings.EqualFold(r.Name, name) {
			return r, true
		}
	}
	return nil, false
}

// An Action is one action of one service.
type Action struct {
	Service   string // the service prefix
	Name      string // "GetObject"
	Level     AccessLevel
	Resources []ActionResource // empty: the action has no resource-level permissions
	Keys      []string         // condition keys the action itself honours, global keys left out
	Terms     []string         // stemmed search terms of the description that the name does not hold

	index int
}

// Index returns the action's place in the catalog it came from: a number from
// 0 to Counts().Actions-1, unique within that catalog and fit for bit sets.
func (a *Action) Index() int { return a.index }

// Honours reports whether a request for the action can carry the condition key:
// a key of the action, of a resource type it acts on, or a global key that does
// not depend on the action. The tag keys are honoured only where the catalog lists
// them: aws:ResourceTag for the action or its resource types, aws:RequestTag and
// aws:TagKeys for the action alone, because the lists of resource types name them
// for the sake of the actions that create such resources.
func (a *Action) Honours(key string) bool {
	if hasKey(a.Keys, key) {
		return true
	}
	g, global := globalKey(key)
	requestTag := global && (g.Name == "aws:RequestTag/${TagKey}" || g.Name == "aws:TagKeys")
	for _, r := range a.Resources {
		if hasKey(r.Keys, key) || !requestTag && hasKey(r.Type.Keys, key) {
			return true
		}
	}
	return global && !requestTag && g.Name != "aws:ResourceTag/${TagKey}"
}

func hasKey(templates []string, name string) bool {
	return slices.ContainsFunc(templates, func(t string) bool { return matchTemplate(t, name) })
}

// String returns the action as a policy writes it: "s3:GetObject".
func (a *Action) String() string { return a.Service + ":" + a.Name }

// An ActionResource is a resource type that an action can be limited to.
type ActionResource struct {
	Type     *ResourceType
	Required bool     // the action always names a resource of this type
	Keys     []string // condition keys honoured only in statements about this resource type
}

// A ResourceType is a kind of resource with the formats of its ARN.
type ResourceType struct {
	Service string   // the service prefix under which the type is listed
	Name    string   // "bucket"
	ARNs    []string // formats: "arn:${Partition}:s3:::${BucketName}"
	Keys    []string // condition keys of the resource itself, such as aws:ResourceTag/${TagKey}
}

// A Key is a condition key.
type Key struct {
	Name   string // "aws:ResourceTag/${TagKey}"
	Type   KeyType
	Global bool // requests to more than one service can carry it
}

// Matches reports whether name is the key or, where the key's name has a
// variable, an instance of it; case is folded as IAM folds it.
func (k *Key) Matches(name string) bool { return matchTemplate(k.Name, name) }

// A KeyType is the type of a condition key's values.
type KeyType struct {
	Base  KeyBase
	Multi bool // the key may hold several values in one request: ArrayOfString and the like
}

// String returns the type as the Service Authorization Reference writes it.
func (t KeyType) String() string {
	if t.Multi {
		return "ArrayOf" + string(t.Base)
	}
	return string(t.Base)
}

// A KeyBase is the type of one value of a condition key.
type KeyBase string

// The types of the values of condition keys.
const (
	String    KeyBase = "String"
	ARN       KeyBase = "ARN"
	Numeric   KeyBase = "Numeric"
	Date      KeyBase = "Date"
	Bool      KeyBase = "Bool"
	IPAddress KeyBase = "IPAddress"
	Binary    KeyBase = "Binary"
)

// Counts says how much a catalog holds.
type Counts struct {
	Services  int `json:"services"`
	Actions   int `json:"actions"`
	Resources int `json:"resources"`
	Keys      int `json:"keys"`
}
