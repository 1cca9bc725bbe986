package app

import (
	"context"
	"fmt"

	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/reader"
)

// A Talk is a conversation so far. The zero Talk is one that has not begun.
type Talk struct {
	Talk   reader.Talk
	Answer *generate.Answer // to the last turn; nil before the first
}

// Chat answers one more turn of a conversation: the words are r.Words, and the rest of r is what
// was known when the conversation began. The talk that is given stays as it is. The errors are
// those of Generate.
func (a *App) Chat(ctx context.Context, talk Talk, r generate.Request) (Talk, error) {
	if err := generate.Check(r.Words); err != nil {
		return talk, err
	}
	next, err := a.reader.Follow(ctx, talk.Talk, r.Words, options(r))
	if err != nil {
		return talk, fmt.Errorf("read turn: %w", err)
	}
	answered := a.answered(next, talk.Answer, r)
	gained := widened(answered)
	if len(gained) == 0 {
		return answered, nil
	}
	question := fmt.Sprintf("A restriction must not allow more, and this one would: %s. Nothing has changed; if it is meant, say what shall be added.", generate.Example(gained[0]))
	refused := a.answered(a.reader.Refuse(next, "refused: a restriction that would allow more", question), talk.Answer, r)
	refused.Answer.Refused = gained
	return refused, nil
}

// widened returns what the last turn of a conversation gains although its words only ask for less.
// What a denial leaves when it is limited is no gain that one could not have meant.
func widened(talk Talk) []generate.Access {
	last := talk.Talk.Turns[len(talk.Talk.Turns)-1]
	if !last.Less || talk.Answer.Changes == nil || talk.Answer.Kind.OfOrganization() {
		return nil
	}
	return talk.Answer.Changes.Gained
}

// Resume returns the conversation of turns that were read before, such as saved ones. All but
// the last of them are taken as they are. The ceilings are those of Chat's request.
func (a *App) Resume(talk reader.Talk, within []generate.Ceiling) Talk {
	if len(talk.Turns) == 0 {
		return Talk{}
	}
	before := Talk{}
	if n := len(talk.Turns); n > 1 {
		before = a.answered(reader.Talk{Turns: talk.Turns[:n-1]}, nil, generate.Request{Brief: true})
	}
	return a.answered(talk, before.Answer, generate.Request{Within: within})
}

// Back returns the conversation without its last turn.
func (a *App) Back(talk Talk, within []generate.Ceiling) Talk {
	if len(talk.Talk.Turns) == 0 {
		return talk
	}
	return a.Resume(reader.Talk{Turns: talk.Talk.Turns[:len(talk.Talk.Turns)-1]}, within)
}

// Changes says what is different between two answers of a conversation.
func (a *App) Changes(before, after *generate.Answer) *generate.Changes {
	return a.generator.Compare(before, after)
}

func (a *App) answered(talk reader.Talk, before *generate.Answer, r generate.Request) Talk {
	words := make([]string, len(talk.Turns))
	for i, t := range talk.Turns {
		words[i] = t.Words
	}
	answer := a.generator.Answer(talk.Intent(), generate.Turn{Words: words, Within: r.Within, Brief: r.Brief, Before: before})
	return Talk{Talk: talk, Answer: &answer}
}
