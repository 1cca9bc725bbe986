// Package reader turns the words of a request into an intent, offline and deterministically.
// It guesses nothing silently: what it read, assumed and could not read is in the intent. The
// packages beneath it do the reading, each one of its parts.
package reader

import (
	"context"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/followup"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/request"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// Options are what is known of a request beside its words.
type Options = sentence.Options

// A Talk is a conversation so far. The zero Talk is a conversation before its first turn.
type Talk = followup.Talk

// A TalkTurn is one turn of a conversation.
type TalkTurn = followup.TalkTurn

// A Reader reads requests. It is safe for concurrent use.
type Reader struct {
	library *sentence.Library
}

// New returns a reader over the embedded catalog and lexicon.
func New() *Reader {
	return Over(catalog.Default(), lexicon.Default())
}

// Over returns a reader over a catalog and a lexicon.
func Over(c *catalog.Catalog, l *lexicon.Lexicon) *Reader {
	return &Reader{library: sentence.NewLibrary(c, l)}
}

// Read returns what the words ask for. It reports an error only when the context ends; words
// that cannot be read become questions and ledger entries of the intent.
func (r *Reader) Read(ctx context.Context, words string, o Options) (intent.Intent, error) {
	if err := ctx.Err(); err != nil {
		return intent.Intent{}, err
	}
	rd := request.New(r.library, words, o)
	rd.Read()
	return rd.Finish(), nil
}

// Refuse takes back what the last turn of a conversation has changed and puts a question in its place;
// edit says so in English. The talk that is given stays as it is.
func (r *Reader) Refuse(talk Talk, edit, question string) Talk {
	return followup.Refuse(talk, edit, question)
}

// Follow reads one more turn of a conversation. The first turn is a request; the words of later
// turns are an edit of what is wanted so far. The talk that is returned has one turn more; the
// one that is given stays as it is. Words that cannot be read as an edit leave the intent as it
// is and put a question into it. An error is reported only when the context ends.
func (r *Reader) Follow(ctx context.Context, talk Talk, words string, o Options) (Talk, error) {
	if err := ctx.Err(); err != nil {
		return talk, err
	}
	return followup.Follow(r.library, talk, words, o), nil
}
