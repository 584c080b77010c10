package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// connections are open at once: commands that are sent while the only one
// reconnects would be lost for the user.
const connections = 2

// maxWait is the longest wait between two tries to connect.
const maxWait = 5 * time.Second

// Listen keeps the socket connections open until ctx ends. Slack being away
// is a log line and another try.
func (s *Slack) Listen(ctx context.Context) {
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil {
				err := s.connect(ctx)
				if ctx.Err() != nil {
					return
				}
				s.Log.Warn("slack: the socket was closed; connecting again", "err", failure(err))
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
			}
		})
	}
	all.Wait()
}

func (s *Slack) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := socketmode.New(s.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	var working sync.WaitGroup
	defer working.Wait()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
					s.Log.Warn("slack: the socket cannot be opened; trying again", "in", failed.Backoff, "err", failure(failed.ErrorObj))
					if failed.Backoff > maxWait {
						cancel() // the library's waits grow to five minutes
					}
				}
				if e.Request != nil {
					working.Go(func() { s.envelope(context.WithoutCancel(ctx), client, *e.Request) })
				}
			}
		}
	}()
	return client.RunContext(ctx)
}

// envelope answers one envelope. One that was not taken is not acknowledged:
// Slack sends events again.
func (s *Slack) envelope(ctx context.Context, client *socketmode.Client, r socketmode.Request) {
	t, err := s.decodeEnvelope(r)
	if errors.Is(err, errUnknown) && r.Type == socketmode.RequestTypeEventsAPI {
		_ = client.Ack(r) // an event that the bot has no use for
		return
	}
	if err != nil {
		if r.EnvelopeID != "" {
			s.Log.Warn("slack: an envelope could not be read", "type", r.Type, "err", err)
			_ = client.Ack(r) // the same bytes would come again
		}
		return
	}
	body, err := s.handle(ctx, t)
	if err != nil {
		return
	}
	if body == nil {
		err = client.Ack(r)
	} else {
		err = client.Ack(r, body)
	}
	if err != nil {
		s.Log.Warn("slack: an answer was lost", "err", err)
	}
}

func (s *Slack) decodeEnvelope(r socketmode.Request) (turn, error) {
	switch r.Type {
	case socketmode.RequestTypeSlashCommands:
		var c slack.SlashCommand
		if err := json.Unmarshal(r.Payload, &c); err != nil {
			return turn{}, err
		}
		return s.decodeCommand(c)
	case socketmode.RequestTypeInteractive:
		return decodeInteraction(r.Payload)
	case socketmode.RequestTypeEventsAPI:
		var o outer
		if err := json.Unmarshal(r.Payload, &o); err != nil {
			return turn{}, err
		}
		return decodeEvent(o)
	}
	return turn{}, errUnknown
}
