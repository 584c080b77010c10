package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"fieldbot/bot/talk/chat"
)

// albumTime is how long the photos of an album take to arrive: each is a message of its
// own, and its caption stands beside any of them.
const albumTime = 700 * time.Millisecond

// albums reports whether a batch holds a part of an album.
func albums(batch []json.RawMessage) bool {
	for _, raw := range batch {
		if bytes.Contains(raw, []byte(`"media_group_id"`)) {
			return true
		}
	}
	return false
}

// joined is an album as one update: the words of whichever photo has some, all photos,
// the id of the first.
func joined(parts []chat.Update) chat.Update {
	out := parts[0]
	for _, p := range parts {
		if p.Kind == chat.Command || p.Text != "" {
			out = p
			break
		}
	}
	out.ID, out.At, out.Photos = parts[0].ID, parts[0].At, nil
	for _, p := range parts {
		out.Photos = append(out.Photos, p.Photos...)
	}
	return out
}

// albumOf is what the photos of an album have in common; "" for what is none.
func albumOf(u chat.Update) string {
	if u.Album == "" {
		return ""
	}
	return strings.Join([]string{u.Place.Room, u.Album}, " ")
}

// gathering is an album that a webhook brings, a request a photo.
type gathering struct {
	parts []chat.Update
	ok    bool // some part is meant for the bot
	done  chan struct{}
	err   error
}

// gather waits for the photos of an album and delivers them as one; each request gets
// the result of all.
func (t *Telegram) gather(ctx context.Context, u chat.Update, ok bool, in update) error {
	key := albumOf(u)
	t.mu.Lock()
	g, going := t.albums[key]
	if !going {
		g = &gathering{done: make(chan struct{})}
		t.albums[key] = g
	}
	g.parts, g.ok = append(g.parts, u), g.ok || ok
	t.mu.Unlock()
	if going {
		<-g.done // the first one takes no longer than any update
		return g.err
	}
	<-time.After(albumTime)
	t.mu.Lock()
	delete(t.albums, key)
	t.mu.Unlock()
	if g.ok {
		g.err = t.hear(ctx, joined(g.parts), in)
	}
	close(g.done)
	return g.err
}
