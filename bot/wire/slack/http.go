package slack

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/slack-go/slack"
)

// maxBody bounds a request of Slack.
const maxBody = 1 << 20

// Register puts the paths that Slack calls on a mux.
func (s *Slack) Register(mux *http.ServeMux) {
	mux.HandleFunc("POST /slack/commands", s.verified(s.serveCommand))
	mux.HandleFunc("POST /slack/interactions", s.verified(s.serveInteraction))
	mux.HandleFunc("POST /slack/options", s.verified(s.serveInteraction))
	mux.HandleFunc("POST /slack/events", s.verified(s.serveEvent))
}

// verified lets through what carries Slack's signature over the raw body, not
// older or newer than five minutes. To anybody else it says nothing but the
// status.
func (s *Slack) verified(next func(w http.ResponseWriter, r *http.Request, body []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		v, err := slack.NewSecretsVerifier(r.Header, s.SigningSecret)
		if err == nil {
			_, _ = v.Write(body) // a hash never fails
			err = v.Ensure()
		}
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next(w, r, body)
	}
}

func (s *Slack) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if form.Get("ssl_check") == "1" {
		return
	}
	t, err := s.decodeCommand(slack.SlashCommand{UserID: form.Get("user_id"), ChannelID: form.Get("channel_id"), Command: form.Get("command"),
		Text: form.Get("text"), TriggerID: form.Get("trigger_id"), TeamID: form.Get("team_id"), ResponseURL: form.Get("response_url")})
	s.serve(w, r, t, err)
}

func (s *Slack) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	t, err := s.decodeInteraction([]byte(form.Get("payload")))
	if errors.Is(err, errUnknown) && t.update.Actor.ID != "" {
		return // nothing that the bot has a use for
	}
	s.serve(w, r, t, err)
}

func (s *Slack) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	var o outer
	if err := json.Unmarshal(body, &o); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if o.Type == "url_verification" {
		_, _ = io.WriteString(w, o.Challenge) // Slack asks again if it does not arrive
		return
	}
	if o.Type == "app_rate_limited" {
		s.Log.Warn("slack: events are rate limited; Slack holds some back", "minute", o.Limited)
		return
	}
	t, err := s.decodeEvent(o)
	if errors.Is(err, errUnknown) {
		return // an event that the bot has no use for is taken
	}
	s.serve(w, r, t, err)
}

// serve answers a request: nothing for another workspace, 400 for what cannot be read, 503 for what should
// be sent again, else 200 with the answer.
func (s *Slack) serve(w http.ResponseWriter, r *http.Request, t turn, err error) {
	if errors.Is(err, errOtherTeam) {
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	body, err := s.handle(r.Context(), t)
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if body == nil {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.Log.Warn("slack: an answer was lost", "err", err)
	}
}
