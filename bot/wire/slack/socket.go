package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"sync"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// connections are open at once: commands that are sent while the only one
// reconnects would be lost for the user.
const connections = 2

// Listen keeps the socket connections open until ctx ends. When each may ask for an
// address is opening's to say.
func (s *Slack) Listen(ctx context.Context) {
	turns := newOpening(s.Log, http.DefaultTransport)
	api := slack.New(s.BotToken, slack.OptionAPIURL(s.APIURL), slack.OptionAppLevelToken(s.AppToken), slack.OptionHTTPClient(&http.Client{Transport: turns}))
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil {
				err := s.connect(ctx, api, turns)
				s.Log.Debug("slack: a socket was closed", "err", failure(err))
			}
		})
	}
	all.Wait()
}

func (s *Slack) connect(ctx context.Context, api *slack.Client, turns *opening) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := socketmode.New(api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	var working sync.WaitGroup
	defer working.Wait()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				switch {
				case e.Type == socketmode.EventTypeConnected:
					turns.stands()
				case e.Type == socketmode.EventTypeConnectionError:
					cancel() // the library would wait on its own
				case e.Request != nil:
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
	if errors.Is(err, errOtherTeam) || errors.Is(err, errUnknown) && r.Type == socketmode.RequestTypeEventsAPI {
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
		return s.decodeInteraction(r.Payload)
	case socketmode.RequestTypeEventsAPI:
		var o outer
		if err := json.Unmarshal(r.Payload, &o); err != nil {
			return turn{}, err
		}
		return s.decodeEvent(o)
	}
	return turn{}, errUnknown
}
