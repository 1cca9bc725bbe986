package token

// Guessed says that the type of a name is a guess: no noun stood beside it.
func (t Token) Guessed() bool { return t.Typed != nil && t.Typed.Guess }

// A Typing says what kind of resource a name belongs to.
type Typing struct {
	Service string // service prefix
	Type    string // resource type of the catalog; empty if only the service is known
	Noun    int    // token of the noun that said so, or -1
	Guess   bool   // no noun stood beside the name
	Main    bool   // only the service was named: its main resource type is meant
}
