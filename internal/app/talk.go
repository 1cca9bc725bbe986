package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader"
)

// talkFormat is the number of the format in which conversations are saved.
const talkFormat = 1

// ErrTalk: a text is no saved conversation.
var ErrTalk = errors.New("not a saved conversation")

// A savedTalk is a conversation as it is saved.
type savedTalk struct {
	Format    int         `json:"format"`
	Kind      policy.Kind `json:"kind,omitempty"`
	Partition string      `json:"partition,omitempty"`
	Account   string      `json:"account,omitempty"`
	Region    string      `json:"region,omitempty"`
	Talk      reader.Talk `json:"talk"`
}

// SaveTalk writes a conversation and what was known when it began as JSON that LoadTalk reads.
func (a *App) SaveTalk(w io.Writer, talk Talk, r generate.Request) error {
	err := plainjson.WriteIndented(w, savedTalk{
		Format: talkFormat, Kind: r.Kind, Partition: r.Partition, Account: r.Account, Region: r.Region, Talk: talk.Talk,
	})
	if err != nil {
		return fmt.Errorf("save conversation: %w", err)
	}
	return nil
}

// LoadTalk reads a conversation that SaveTalk wrote, and answers its last turn anew, within ceilings
// of now. The error wraps ErrTalk.
func (a *App) LoadTalk(data []byte, within []generate.Ceiling) (Talk, generate.Request, error) {
	var saved savedTalk
	if err := json.Unmarshal(data, &saved); err != nil {
		return Talk{}, generate.Request{}, fmt.Errorf("%w: %v", ErrTalk, err)
	}
	if saved.Format != talkFormat {
		return Talk{}, generate.Request{}, fmt.Errorf("%w: format %d is not known, want %d", ErrTalk, saved.Format, talkFormat)
	}
	for i, t := range saved.Talk.Turns {
		if t.State < 0 || t.State > i || t.From < -1 || t.From >= i && i > 0 || t.From > 0 && i == 0 {
			return Talk{}, generate.Request{}, fmt.Errorf("%w: turn %d refers to a turn that is not there", ErrTalk, i+1)
		}
	}
	r := generate.Request{Kind: saved.Kind, Partition: saved.Partition, Account: saved.Account, Region: saved.Region, Within: within}
	if err := r.Check(); err != nil {
		return Talk{}, generate.Request{}, fmt.Errorf("%w: %v", ErrTalk, err)
	}
	return a.Resume(saved.Talk, within), r, nil
}
