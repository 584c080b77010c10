// Package slack speaks with Slack: it proves and decodes what Slack sends, by
// signed HTTP or Socket Mode, and renders and sends what the bot says.
package slack

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"fieldbot/bot/talk/chat"
)

// Deliver hands an update to the bot and returns the answer.
type Deliver func(context.Context, chat.Update) (chat.Reply, error)

// Options are what connects to one workspace.
type Options struct {
	BotToken      string
	AppToken      string
	SigningSecret string
	APIURL        string // ends with /
	Prefix        string // of the commands with their own names
	Log           *slog.Logger
}

// Slack is the connection to one workspace.
type Slack struct {
	Options
	// Opens is for how long after a press a modal may still be opened: a little less than
	// the 3 s for which its trigger lives.
	Opens time.Duration

	api     *slack.Client
	client  *http.Client
	deliver Deliver
	team    atomic.Pointer[string] // whose the token is, once Slack has told
}

var _ chat.Sender = (*Slack)(nil)

// New makes a connection; it calls nothing yet. SetDeliver comes before the
// first request.
func New(o Options) *Slack {
	if !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	client := &http.Client{Timeout: 20 * time.Second}
	return &Slack{Options: o, Opens: 2800 * time.Millisecond, client: client,
		api: slack.New(o.BotToken, slack.OptionAPIURL(o.APIURL), slack.OptionHTTPClient(client), slack.OptionAppLevelToken(o.AppToken))}
}

// SetDeliver sets where updates go.
func (s *Slack) SetDeliver(d Deliver) { s.deliver = d }

// Platform implements chat.Sender.
func (s *Slack) Platform() chat.Platform { return chat.Slack }

// Caps implements chat.Sender: one message a second and channel with short
// bursts, several hundred a minute in all (docs: chat.postMessage).
func (s *Slack) Caps() chat.Caps {
	return chat.Caps{PerRoom: time.Second, RoomBurst: 5, PerSecond: 5}
}

// Link implements chat.Sender: Slack has no deep link into a DM with a token.
func (s *Slack) Link(string) string { return "" }

// Send implements chat.Sender.
func (s *Slack) Send(ctx context.Context, out chat.Outgoing) (string, error) {
	if out.Reply.File != nil {
		return s.sendFile(ctx, out)
	}
	options := []slack.MsgOption{
		slack.MsgOptionText(fallback(out.Reply), false),
		slack.MsgOptionBlocks(blocks(out.Reply)...),
	}
	if channel, ts, ok := strings.Cut(out.Replace, ":"); ok {
		_, _, _, err := s.api.UpdateMessageContext(ctx, channel, ts, options...)
		return out.Replace, failure(err)
	}
	if out.Place.Thread != "" {
		options = append(options, slack.MsgOptionTS(out.Place.Thread))
	}
	channel, ts, err := s.api.PostMessageContext(ctx, out.Place.Room, append(options, slack.MsgOptionDisableLinkUnfurl())...)
	return channel + ":" + ts, failure(err)
}

// Errors of Slack that no later try can mend: they are about the message itself (docs:
// chat.postMessage). Any other is tried again for as long as messages are.
var final = map[string]bool{
	"msg_too_long": true, "no_text": true, "invalid_blocks": true, "invalid_blocks_format": true, "msg_blocks_too_long": true, "invalid_arguments": true, "invalid_arg_name": true, "invalid_array_arg": true,
	"too_many_attachments": true, "metadata_too_large": true, "cannot_reply_to_message": true, "invalid_ts_format": true, "duplicate_message_not_found": true, "file_not_found": true, "file_deleted": true,
	"restricted_action": true, "restricted_action_thread_only_channel": true, "not_in_channel": true, "is_inactive": true, "as_user_not_supported": true, "ekm_access_denied": true, "storage_limit_reached": true,
}

// Errors of Slack that mean the person, not the message.
var unreachable = map[string]bool{"channel_not_found": true, "is_archived": true, "user_disabled": true, "user_not_found": true, "account_inactive": true, "cannot_dm_bot": true, "messages_tab_disabled": true}

// failure tells temporary from permanent errors. A refused token is
// temporary: the admin will mend it, and what waits is still wanted.
func failure(err error) error {
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var away *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return &chat.Failure{Reason: "ratelimited", After: max(time.Second, limited.RetryAfter)}
	case errors.As(err, &refused):
		gone := refused.Err == "message_not_found" || refused.Err == "cant_update_message" || refused.Err == "edit_window_closed"
		return &chat.Failure{Reason: refused.Err, Gone: gone, Permanent: !gone && (final[refused.Err] || unreachable[refused.Err]), Unreachable: unreachable[refused.Err]}
	case errors.As(err, &away):
		return &chat.Failure{Reason: away.Err.Error()}
	}
	return &chat.Failure{Reason: err.Error()}
}

// maxPhoto bounds a photo that is fetched; Telegram's own bound is 20 MB.
const maxPhoto = 20 << 20

// Fetch implements chat.Sender.
func (s *Slack) Fetch(ctx context.Context, id string, into io.Writer) error {
	file, _, _, err := s.api.GetFileInfoContext(ctx, id, 0, 0)
	if err != nil {
		return failure(err)
	}
	if file.Size > maxPhoto {
		return &chat.Failure{Reason: "the photo is larger than 20 MB", Permanent: true}
	}
	if err := s.api.GetFileContext(ctx, file.URLPrivateDownload, &limitedWriter{into, maxPhoto}); err != nil {
		return failure(err)
	}
	return nil
}

// limitedWriter refuses more than it has room for.
type limitedWriter struct {
	w    io.Writer
	left int
}

// Write implements io.Writer.
func (l *limitedWriter) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, &chat.Failure{Reason: "the photo is larger than 20 MB", Permanent: true}
	}
	return l.w.Write(p)
}

// Zone implements chat.Sender.
func (s *Slack) Zone(ctx context.Context, user string) (string, error) {
	u, err := s.api.GetUserInfoContext(ctx, user)
	if err != nil {
		return "", failure(err)
	}
	return u.TZ, nil
}

// Check asks Slack whether the token works and was given every scope.
func (s *Slack) Check(ctx context.Context) (team string, err error) {
	r, err := s.api.AuthTestContext(ctx)
	if err != nil {
		return "", failure(err)
	}
	given := strings.Split(r.Header.Get("X-OAuth-Scopes"), ",")
	s.team.Store(&r.TeamID)
	missing := slices.DeleteFunc(slices.Clone(scopes), func(want string) bool { return slices.Contains(given, want) })
	if len(missing) > 0 {
		return r.Team, errors.New("the app lacks the scopes " + strings.Join(missing, ", "))
	}
	return r.Team, nil
}

// turn is one update with what its answer needs.
type turn struct {
	update      chat.Update
	came        time.Time // when Slack sent it, for the 3 seconds
	trigger     string    // opens a modal, once, within 3 s of the press
	responseURL string
	home        bool // pressed on the home tab
}

// handle delivers an update, does at once what cannot wait, and returns the
// body that answers the request, or nil for none. An error means that Slack
// should send it again.
func (s *Slack) handle(ctx context.Context, t turn) (any, error) {
	reply, err := s.deliver(ctx, t.update)
	if err != nil && !t.update.Answered {
		return nil, err
	}
	switch {
	case t.update.Kind == chat.Options:
		return optionsBody(reply.Options), nil
	case t.update.Kind == chat.Submit:
		return submitBody(t.update, reply), nil
	case reply.Home:
		return nil, s.publish(ctx, t.update.Actor.ID, reply)
	case reply.Modal != nil:
		instead, err := s.open(ctx, t, *reply.Modal)
		if err == nil {
			return nil, nil
		}
		s.Log.Warn("slack: a modal could not be opened; a button is sent instead", "err", failure(err))
		reply = instead
	}
	if t.home {
		go s.redraw(context.WithoutCancel(ctx), t.update)
	}
	if reply.Title == "" && reply.Text == "" && len(reply.Buttons) == 0 {
		return nil, nil
	}
	if t.update.Kind == chat.Command {
		return message(reply), nil
	}
	if t.update.Kind == chat.Press && s.ours(t.responseURL) {
		// It lives for 30 minutes; the acknowledgement does not wait for it.
		go s.respond(context.WithoutCancel(ctx), t.responseURL, reply)
	}
	return nil, nil
}

// open opens a modal at once, while its trigger lives.
func (s *Slack) open(ctx context.Context, t turn, m chat.Modal) (instead chat.Reply, err error) {
	ctx, cancel := context.WithDeadline(ctx, t.came.Add(s.Opens))
	defer cancel()
	_, err = s.api.OpenViewContext(ctx, t.trigger, modalView(m))
	if m.Instead != nil {
		instead = *m.Instead
	}
	return instead, err
}

// redraw shows on the home what a press there has changed.
func (s *Slack) redraw(ctx context.Context, u chat.Update) {
	reply, err := s.deliver(ctx, chat.Update{ID: u.ID + ":home", Place: u.Place, Actor: u.Actor, Kind: chat.Home})
	if err == nil {
		err = s.publish(ctx, u.Actor.ID, reply)
	}
	if err != nil {
		s.Log.Warn("slack: the home was not drawn again", "err", err)
	}
}

// Team learns whose the token is, trying until Slack answers: requests of another
// workspace are nobody's.
func (s *Slack) Team(ctx context.Context) {
	for wait := firstTry; s.team.Load() == nil && ctx.Err() == nil; wait = min(lastTry, 2*wait) {
		r, err := s.api.AuthTestContext(ctx)
		if err == nil && r.TeamID != "" {
			s.team.Store(&r.TeamID)
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func (s *Slack) publish(ctx context.Context, user string, r chat.Reply) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, err := s.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks(r)}}})
	if err != nil {
		s.Log.Warn("slack: the home could not be published", "err", failure(err))
	}
	return nil
}

// ours reports whether a response URL is Slack's, or on the host of the
// configured API (an emulator).
func (s *Slack) ours(raw string) bool {
	u, err := url.Parse(raw)
	api, err2 := url.Parse(s.APIURL)
	return err == nil && err2 == nil && (u.Scheme == "https" && strings.HasSuffix(u.Hostname(), ".slack.com") || u.Host == api.Host)
}

func (s *Slack) respond(ctx context.Context, to string, r chat.Reply) {
	m := message(r)
	err := slack.PostWebhookCustomHTTPContext(ctx, to, s.client, &slack.WebhookMessage{Text: m.Text, Blocks: &m.Blocks, ResponseType: m.ResponseType, ReplaceOriginal: r.Replace})
	if err != nil {
		s.Log.Warn("slack: an answer to a press was lost", "err", failure(err))
	}
}
