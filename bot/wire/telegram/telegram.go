// Package telegram speaks with Telegram: it polls or is called, decodes
// updates, and renders and sends what the bot says. Requests go out by the
// library's MakeRequest alone, which reaches methods and fields newer than
// the library.
package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"fieldbot/bot/talk/chat"
)

// Deliver hands an update to the bot and returns the answer, which is empty:
// everything goes by outbox.
type Deliver func(context.Context, chat.Update) (chat.Reply, error)

// Options are what connects to one bot.
type Options struct {
	Token         string
	WebhookSecret string
	PublicURL     string // of the daemon, for the webhook
	APIURL        string
	Log           *slog.Logger
}

// Telegram is the connection of one bot.
type Telegram struct {
	Options
	client  *http.Client
	deliver Deliver
	me      atomic.Pointer[self]

	mu      sync.Mutex
	albums  map[string]*gathering
	wishing map[string]bool // rooms where a keyboard stands in place of the letters
}

// self is the bot's own user.
type self struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

var _ chat.Sender = (*Telegram)(nil)

// pollTime is how long one getUpdates waits; Telegram allows 50 s. It is
// shorter than the lease that lets one daemon of several poll.
const pollTime = 15 * time.Second

// New makes a connection; it calls nothing yet. SetDeliver comes before the
// first update.
func New(o Options) *Telegram {
	o.APIURL = strings.TrimSuffix(o.APIURL, "/")
	return &Telegram{Options: o, albums: map[string]*gathering{}, wishing: map[string]bool{}, client: &http.Client{Timeout: pollTime + 20*time.Second}}
}

// SetDeliver sets where updates go.
func (t *Telegram) SetDeliver(d Deliver) { t.deliver = d }

// Platform implements chat.Sender.
func (t *Telegram) Platform() chat.Platform { return chat.Telegram }

// Caps implements chat.Sender: a message a second in a chat with short
// bursts, 20 a minute in a group, 30 a second over all (docs: bots/faq).
func (t *Telegram) Caps() chat.Caps {
	return chat.Caps{Grid: true, PerRoom: time.Second, PerGroup: 3 * time.Second, RoomBurst: 5, PerSecond: 25}
}

// Link implements chat.Sender. It is empty until the bot's name is known.
func (t *Telegram) Link(token string) string {
	me := t.me.Load()
	if me == nil {
		return ""
	}
	return "https://t.me/" + me.Username + "?start=" + url.QueryEscape(token)
}

// withContext gives the library's requests a context.
type withContext struct {
	ctx    context.Context
	client *http.Client
}

// Do implements the library's HTTPClient.
func (c withContext) Do(r *http.Request) (*http.Response, error) {
	return c.client.Do(r.WithContext(c.ctx))
}

// api is the library's client. Its constructor is not used: it calls getMe and
// fails while Telegram is away.
func (t *Telegram) api(ctx context.Context) *tg.BotAPI {
	api := &tg.BotAPI{Token: t.Token, Client: withContext{ctx, t.client}}
	api.SetAPIEndpoint(t.APIURL + "/bot%s/%s")
	return api
}

// call calls a method.
func (t *Telegram) call(ctx context.Context, method string, params tg.Params, result any) error {
	response, err := t.api(ctx).MakeRequest(method, params)
	if err != nil {
		return failure(method, err)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(response.Result, result)
}

// roomGone are what Telegram says of a room that takes nothing, whatever is sent.
var roomGone = []string{"chat not found", "thread not found", "TOPIC_", "not enough rights", "CHAT_WRITE_FORBIDDEN", "group chat was deactivated", "PEER_ID_INVALID", "user is deactivated"}

// failure tells temporary from permanent errors, by code and parameters:
// descriptions change. It never holds the token, which is in every URL.
func failure(method string, err error) error {
	var refused *tg.Error
	var network *url.Error
	switch {
	case errors.As(err, &refused):
		f := &chat.Failure{Reason: fmt.Sprintf("%s: %d %s", method, refused.Code, refused.Message)}
		switch {
		case refused.MigrateToChatID != 0:
			f.MovedTo = fmt.Sprint(refused.MigrateToChatID)
		case refused.Code == http.StatusTooManyRequests:
			f.After = time.Duration(min(1<<30, max(1, refused.RetryAfter))) * time.Second // an hour or a year: the outbox bounds it
		case refused.Code == http.StatusRequestEntityTooLarge:
			f.Permanent = true
		case refused.Code == http.StatusForbidden:
			f.Permanent, f.Unreachable = true, true
		case refused.Code == http.StatusBadRequest:
			// The descriptions that matter; others are about the message.
			f.Permanent = true
			f.Unreachable = slices.ContainsFunc(roomGone, func(why string) bool { return strings.Contains(refused.Message, why) })
		}
		return f
	case errors.As(err, &network):
		return &chat.Failure{Reason: method + ": " + network.Err.Error()}
	}
	return &chat.Failure{Reason: method + ": the answer was not Telegram's"}
}

// Send implements chat.Sender.
func (t *Telegram) Send(ctx context.Context, out chat.Outgoing) (string, error) {
	params := tg.Params{"chat_id": out.Place.Room, "text": text(out.Reply), "parse_mode": "HTML", "link_preview_options": `{"is_disabled":true}`}
	markup, inline := keyboard(out.Reply, out.Place.Private)
	if markup != "" {
		params["reply_markup"] = markup
	}
	if out.Replace != "" && inline && out.Reply.File == nil {
		params["message_id"] = out.Replace
		return out.Replace, edited(t.call(ctx, "editMessageText", params, nil))
	}
	if out.Place.Thread != "" {
		params["message_thread_id"] = out.Place.Thread
	}
	if out.Reply.File != nil {
		return t.sendFile(ctx, params, out.Reply)
	}
	// A keyboard goes with the first message after its question; one message carries
	// one markup, so that buttons are put on behind it.
	over := out.Reply.Ask == nil && t.wished(out.Place.Room)
	if over {
		params["reply_markup"] = `{"remove_keyboard":true}`
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	err := t.call(ctx, "sendMessage", params, &sent)
	if err == nil && out.Place.Private {
		t.wish(out.Place.Room, out.Reply.Ask != nil)
	}
	if err == nil && over && markup != "" {
		err = edited(t.call(ctx, "editMessageReplyMarkup", tg.Params{"chat_id": out.Place.Room, "message_id": fmt.Sprint(sent.ID), "reply_markup": markup}, nil))
	}
	return fmt.Sprint(sent.ID), err
}

// mostWishes bounds the rooms whose keyboard is remembered.
const mostWishes = 10_000

// wish notes whether a keyboard stands in a room.
func (t *Telegram) wish(room string, stands bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if delete(t.wishing, room); stands && len(t.wishing) < mostWishes {
		t.wishing[room] = true
	}
}

func (t *Telegram) wished(room string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wishing[room]
}

// edited: the same text again is done, any other refusal means that the
// message is no more or too old: the reply is sent anew.
func edited(err error) error {
	var f *chat.Failure
	if !errors.As(err, &f) || !f.Permanent {
		return err
	}
	if strings.Contains(f.Reason, "not modified") {
		return nil
	}
	return &chat.Failure{Reason: f.Reason, Gone: true}
}

// maxFile is the largest file that a bot may fetch (docs: getFile).
const maxFile = 20 << 20

// Fetch implements chat.Sender. The file's address holds the token and goes
// nowhere else.
func (t *Telegram) Fetch(ctx context.Context, id string, into io.Writer) error {
	var file struct {
		Path string `json:"file_path"`
	}
	if err := t.call(ctx, "getFile", tg.Params{"file_id": id}, &file); err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, t.APIURL+"/file/bot"+t.Token+"/"+file.Path, http.NoBody)
	if err != nil {
		return &chat.Failure{Reason: "getFile: no usable path", Permanent: true}
	}
	response, err := t.client.Do(request)
	if err != nil {
		return failure("file", err)
	}
	defer func() { _ = response.Body.Close() }() // only read
	if response.StatusCode != http.StatusOK {
		return &chat.Failure{Reason: "file: " + response.Status, Permanent: response.StatusCode == http.StatusNotFound}
	}
	n, err := io.Copy(into, io.LimitReader(response.Body, maxFile+1))
	if err == nil && n > maxFile {
		return &chat.Failure{Reason: "the photo is larger than 20 MB", Permanent: true}
	}
	return err
}

// Zone implements chat.Sender: Telegram does not know it.
func (t *Telegram) Zone(context.Context, string) (string, error) { return "", nil }

// Webhook returns where Telegram brings updates, or "" while they are polled.
func (t *Telegram) Webhook(ctx context.Context) (string, error) {
	var info struct {
		URL string `json:"url"`
	}
	err := t.call(ctx, "getWebhookInfo", nil, &info)
	return info.URL, err
}

// Check asks Telegram who the bot is, which proves the token.
func (t *Telegram) Check(ctx context.Context) (name string, err error) {
	var me self
	if err := t.call(ctx, "getMe", nil, &me); err != nil {
		return "", err
	}
	t.me.Store(&me)
	return me.Username, nil
}

// Name learns the bot's own name, trying until Telegram answers.
func (t *Telegram) Name(ctx context.Context) {
	t.until(ctx, "learning the bot's name", func() error { _, err := t.Check(ctx); return err })
}

// until tries until it works or ctx ends; Telegram being away is a log line.
func (t *Telegram) until(ctx context.Context, what string, try func() error) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := try()
		if err == nil || ctx.Err() != nil {
			return
		}
		t.Log.Warn("telegram: "+what+" failed; trying again", "in", wait, "err", err)
		if !pause(ctx, wait) {
			return
		}
	}
}

// Commands is the command list of one language and scope.
type Commands struct {
	Language string    `json:"language_code,omitempty"`
	Scope    string    `json:"-"`
	Commands []Command `json:"commands"`
}

// Command is a command with its description.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// SetCommands sets a command list.
func (t *Telegram) SetCommands(ctx context.Context, c Commands) error {
	params := tg.Params{}
	if err := params.AddInterface("commands", c.Commands); err != nil {
		return err
	}
	if err := params.AddInterface("scope", map[string]string{"type": c.Scope}); err != nil {
		return err
	}
	params.AddNonEmpty("language_code", c.Language)
	return t.call(ctx, "setMyCommands", params, nil)
}
