package target

import (
	"github.com/aegis-iam/aegis/internal/catalog"
)

// An AccessWord is what a request says about access as such, rather than about an operation.
type AccessWord int

// What requests say about access.
const (
	NoAccess AccessWord = iota
	ReadAccess
	ListAccess
	WriteAccess
	FullAccess
)

// LevelHolds says whether an access level of the catalog belongs to one that the words name.
func LevelHolds(l catalog.AccessLevel, level AccessWord) bool {
	switch level {
	case ReadAccess:
		return l == catalog.Read || l == catalog.List
	case ListAccess:
		return l == catalog.List
	case WriteAccess:
		return l == catalog.Write
	}
	return true
}
