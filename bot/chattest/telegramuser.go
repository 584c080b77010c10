package chattest

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// TelegramUser is somebody with Telegram.
type TelegramUser struct {
	g        *Telegram
	ID       int64
	Language string
	Room     int64 // the private chat, or a group
	Topic    int64
	At       func() time.Time // when messages are said
	last     Message
}

// User returns somebody with Telegram, in the private chat with the bot.
func (g *Telegram) User(id int64) *TelegramUser {
	return &TelegramUser{g: g, ID: id, Language: "en", Room: id, At: time.Now}
}

// In returns the same person in a group.
func (u *TelegramUser) In(group, topic int64) *TelegramUser {
	other := *u
	other.Room, other.Topic = group, topic
	return &other
}

func (u *TelegramUser) chat() map[string]any {
	if u.Room < 0 {
		return map[string]any{"id": u.Room, "type": "supergroup", "title": "Team"}
	}
	return map[string]any{"id": u.Room, "type": "private"}
}

func (u *TelegramUser) from() map[string]any {
	return map[string]any{"id": u.ID, "is_bot": false, "first_name": "X", "language_code": u.Language}
}

// message is a message of the user with some more fields.
func (u *TelegramUser) message(more map[string]any) map[string]any {
	u.g.mu.Lock()
	u.g.message++
	m := map[string]any{"message_id": u.g.message, "date": u.At().Unix(), "chat": u.chat(), "from": u.from()}
	u.g.mu.Unlock()
	if u.Topic != 0 {
		m["message_thread_id"], m["is_topic_message"] = u.Topic, true
	}
	for k, v := range more {
		m[k] = v
	}
	return m
}

// botCommand is what Telegram marks as a command: others it sends as plain text.
var botCommand = regexp.MustCompile(`^/[A-Za-z0-9_]{1,64}(@[A-Za-z0-9_]+)?(\s|$)`)

// Say sends a text; a command carries its entity.
func (u *TelegramUser) Say(s string) {
	more := map[string]any{"text": s}
	if command := strings.TrimSpace(botCommand.FindString(s)); command != "" {
		more["entities"] = []any{map[string]any{"type": "bot_command", "offset": 0, "length": len(command)}}
	}
	u.g.Push(map[string]any{"message": u.message(more)})
}

// Send sends a message with any content.
func (u *TelegramUser) Send(more map[string]any) {
	u.g.Push(map[string]any{"message": u.message(more)})
}

// Reply says something in reply to the message read last, with more beside it.
func (u *TelegramUser) Reply(s string, more map[string]any) {
	var id int64
	_, _ = fmt.Sscan(u.last.ID, &id) // of a message that was read
	out := map[string]any{"text": s, "reply_to_message": map[string]any{"message_id": id, "date": u.At().Unix(), "chat": u.chat(), "from": map[string]any{"id": telegramBotID, "is_bot": true, "first_name": "B"}}}
	for k, v := range more {
		out[k] = v
	}
	u.Send(out)
}

// Moves sends the next point of a live location: an edit of its message.
func (u *TelegramUser) Moves(lat, lon float64) {
	u.g.Push(map[string]any{"edited_message": u.message(map[string]any{"edit_date": u.At().Unix(), "location": map[string]any{"latitude": lat, "longitude": lon, "live_period": 900}})})
}

// Press presses a button of the message read last.
func (u *TelegramUser) Press(label string) {
	b, ok := u.last.Button(label)
	if !ok {
		u.g.t.Fatalf("telegram: no button %q in %+v", label, u.last)
	}
	u.PressID(b.ID, u.last.ID)
}

// PressID presses a button by what it carries.
func (u *TelegramUser) PressID(data, messageID string) {
	var id int64
	_, _ = fmt.Sscan(messageID, &id) // 0 is as good as any
	message := u.message(nil)
	message["message_id"] = id
	u.g.Push(map[string]any{"callback_query": map[string]any{"id": fmt.Sprint(time.Now().UnixNano()), "from": u.from(), "message": message, "chat_instance": "1", "data": data}})
}

// Read takes the next message in the user's room.
func (u *TelegramUser) Read() Message {
	m, ok := u.g.in.next(fmt.Sprint(u.Room))
	if !ok {
		u.g.t.Fatalf("telegram: no message came to %d after %q", u.Room, u.last.Text)
	}
	u.last = m
	return m
}
