package telegram

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"fieldbot/bot/talk/chat"
)

// heard are the kinds of update that are asked for.
const heard = `["message","edited_message","callback_query","my_chat_member"]`

// Poll takes updates by long polling until ctx ends. The offset moves past an
// update only after the bot has taken it: what is not taken comes again.
//
// Telegram refuses two pollers of one bot. Leads says whether this daemon may
// poll now; it is asked before each call, which therefore stays shorter than
// the turn it was given.
func (t *Telegram) Poll(ctx context.Context, leads func(context.Context) bool) {
	t.Name(ctx)
	for !leads(ctx) {
		if !pause(ctx, idle) {
			return
		}
	}
	t.until(ctx, "leaving the webhook", func() error { return t.call(ctx, "deleteWebhook", nil, nil) })
	offset := int64(0)
	for ctx.Err() == nil {
		if !leads(ctx) {
			pause(ctx, idle)
			continue
		}
		batch := t.poll(ctx, offset, pollTime)
		if albums(batch) {
			// The other photos of an album may be on their way: nothing was confirmed,
			// so that the next call brings all of them.
			pause(ctx, albumTime)
			batch = t.poll(ctx, offset, 0)
		}
		next := t.take(ctx, batch, offset)
		if len(batch) > 0 && next == offset {
			// Nothing was taken: the database is away. Asking again at once
			// would only be a louder failure.
			pause(ctx, time.Second)
		}
		offset = next
	}
}

// poll asks for updates until Telegram answers.
func (t *Telegram) poll(ctx context.Context, offset int64, wait time.Duration) (batch []json.RawMessage) {
	ask := func() error {
		return t.call(ctx, "getUpdates", tg.Params{"offset": fmt.Sprint(offset), "limit": "100", "timeout": fmt.Sprint(int(wait.Seconds())), "allowed_updates": heard}, &batch)
	}
	t.until(ctx, "polling", func() error {
		err := ask()
		if err == nil || !strings.Contains(err.Error(), "409") {
			return err
		}
		if strings.Contains(err.Error(), "webhook") {
			t.Log.Warn("telegram: somebody set a webhook meanwhile; it is removed", "err", err)
			if err := t.call(ctx, "deleteWebhook", nil, nil); err != nil {
				return err
			}
			return ask()
		}
		return fmt.Errorf("another program polls with the same token; stop one of them: %w", err)
	})
	return batch
}

// idle is how often a daemon that may not poll looks whether it may.
const idle = 2 * time.Second

// pause waits; it is false if ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// take delivers a batch, one after another within a chat, chats side by side,
// and returns the offset behind everything that was taken.
func (t *Telegram) take(ctx context.Context, batch []json.RawMessage, offset int64) int64 {
	type item struct {
		id   int64
		done bool
	}
	items := make([]item, len(batch))
	updates := make([]update, len(batch))
	heard := make([]chat.Update, len(batch))
	parts, meant := map[string][]chat.Update{}, map[string]bool{} // of albums
	for i, raw := range batch {
		in, err := parse(raw)
		if err != nil {
			t.Log.Warn("telegram: an update could not be read", "err", err)
			var id struct {
				ID int64 `json:"update_id"`
			}
			_ = json.Unmarshal(raw, &id) // without an id it is passed by with its neighbour
			items[i] = item{id.ID, true}
			continue
		}
		u, ok := t.decode(in)
		items[i] = item{int64(in.UpdateID), !ok}
		updates[i], heard[i] = in, u
		if album := albumOf(u); album != "" {
			parts[album] = append(parts[album], u)
			if len(parts[album]) > 1 {
				items[i].done = true // goes with the first
			}
			if ok {
				meant[album] = true
			}
		}
	}
	lanes := map[string][]func() bool{}
	for i, u := range heard {
		album := albumOf(u)
		if first := album != "" && parts[album][0].ID == u.ID; first && meant[album] {
			items[i].done, u = false, joined(parts[album])
		}
		if items[i].done {
			continue
		}
		lanes[u.Place.Room] = append(lanes[u.Place.Room], func() bool {
			items[i].done = t.hear(ctx, u, updates[i]) == nil
			return items[i].done
		})
	}
	var all sync.WaitGroup
	for _, lane := range lanes {
		all.Go(func() {
			for _, do := range lane {
				if !do() {
					return // what follows must not overtake what comes again
				}
			}
		})
	}
	all.Wait()
	for _, x := range items {
		if !x.done {
			break
		}
		offset = x.id + 1 // after a week of silence ids may begin anew, lower
	}
	return offset
}

// hear delivers one update and answers its press.
func (t *Telegram) hear(ctx context.Context, u chat.Update, in update) error {
	_, err := t.deliver(context.WithoutCancel(ctx), u)
	if q := in.CallbackQuery; q != nil && err == nil {
		// The client shows a spinner until this comes; late answers are refused.
		answer, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := t.call(answer, "answerCallbackQuery", tg.Params{"callback_query_id": q.ID}, nil); err != nil {
			t.Log.Debug("telegram: a press was not answered", "err", err)
		}
	}
	return err
}

// maxBody bounds a request of Telegram.
const maxBody = 1 << 20

// Register puts the webhook's path on a mux.
func (t *Telegram) Register(mux *http.ServeMux) {
	mux.HandleFunc("POST /telegram/webhook", t.serveWebhook)
}

// SetWebhook tells Telegram where to call, trying until it answers.
func (t *Telegram) SetWebhook(ctx context.Context) {
	t.Name(ctx)
	t.until(ctx, "setting the webhook", func() error {
		return t.call(ctx, "setWebhook", tg.Params{"url": t.PublicURL + "/telegram/webhook", "secret_token": t.WebhookSecret, "allowed_updates": heard}, nil)
	})
}

func (t *Telegram) serveWebhook(w http.ResponseWriter, r *http.Request) {
	secret := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	if subtle.ConstantTimeCompare([]byte(secret), []byte(t.WebhookSecret)) != 1 {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	in, err2 := parse(body)
	if err != nil || err2 != nil || in.UpdateID == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	u, ok := t.decode(in)
	hear := t.hear
	if u.Album != "" {
		hear = func(ctx context.Context, u chat.Update, in update) error { return t.gather(ctx, u, ok, in) }
	} else if !ok {
		return
	}
	if err := hear(r.Context(), u, in); err != nil {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}
