package telegram

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"fieldbot/bot/talk/chat"
)

// newer are the fields of a message that the library does not know.
type newer struct {
	Thread        int64           `json:"message_thread_id"`
	InTopic       bool            `json:"is_topic_message"`
	ForwardOrigin json.RawMessage `json:"forward_origin"`
}

// update is an update, decoded twice: by the library, and for newer fields.
type update struct {
	tg.Update
	more struct {
		Message  *newer `json:"message"`
		Edited   *newer `json:"edited_message"`
		Callback *struct {
			Message *newer `json:"message"`
		} `json:"callback_query"`
	}
}

func parse(raw []byte) (update, error) {
	var u update
	if err := json.Unmarshal(raw, &u.Update); err != nil {
		return u, err
	}
	return u, json.Unmarshal(raw, &u.more)
}

// decode turns an update into what the bot hears; ok is false for what is not
// meant for it.
func (t *Telegram) decode(in update) (u chat.Update, ok bool) {
	u.ID = fmt.Sprint(in.UpdateID)
	switch {
	case in.Message != nil:
		return t.decodeMessage(u, in.Message, in.more.Message)
	case in.EditedMessage != nil:
		return t.decodeMoved(u, in.EditedMessage, in.more.Edited)
	case in.CallbackQuery != nil:
		q := in.CallbackQuery
		if q.Message == nil || q.Message.Chat == nil || q.From == nil {
			return u, false
		}
		u.Kind, u.Name, u.Message = chat.Press, q.Data, fmt.Sprint(q.Message.MessageID)
		u.Actor = actor(q.From)
		var more *newer
		if in.more.Callback != nil {
			more = in.more.Callback.Message
		}
		u.Place = place(q.Message.Chat, more)
		return u, q.Data != ""
	case in.MyChatMember != nil:
		m := in.MyChatMember
		u.Kind, u.Actor, u.Place = chat.Left, actor(&m.From), place(&m.Chat, nil)
		return u, m.Chat.IsPrivate() && m.NewChatMember.Status == "kicked"
	}
	return u, false
}

func actor(from *tg.User) chat.Actor {
	return chat.Actor{Platform: chat.Telegram, ID: fmt.Sprint(from.ID), Name: chat.Cut(chat.OneLine(from.FirstName+" "+from.LastName), 60), Language: from.LanguageCode}
}

func place(c *tg.Chat, more *newer) chat.Place {
	p := chat.Place{Platform: chat.Telegram, Room: fmt.Sprint(c.ID), Private: c.IsPrivate()}
	if more != nil && more.InTopic {
		p.Thread = fmt.Sprint(more.Thread)
	}
	return p
}

func (t *Telegram) decodeMessage(u chat.Update, m *tg.Message, more *newer) (chat.Update, bool) {
	if m.Chat == nil {
		return u, false
	}
	u.Place = place(m.Chat, more)
	if m.MigrateToChatID != 0 {
		u.Kind, u.Text = chat.Moved, fmt.Sprint(m.MigrateToChatID)
		return u, true
	}
	if m.From == nil || m.From.IsBot {
		return u, false
	}
	u.Actor, u.At, u.Kind = actor(m.From), time.Unix(int64(m.Date), 0), chat.Text
	if u.Text = m.Text; m.Caption != "" {
		u.Text = m.Caption
	}
	u.Photos, u.Location, u.Album = photos(m), location(m, more), m.MediaGroupID
	t.addressed(&u, m)
	name, rest, mine := t.command(u.Text, m)
	switch {
	case !mine:
		return u, false
	case name != "":
		u.Kind, u.Name, u.Text = chat.Command, name, rest
	case u.Text == "" && len(u.Photos) == 0 && u.Location == nil:
		u.Kind, u.Name = chat.Unread, unread(m)
		if m.NewChatMembers != nil || m.LeftChatMember != nil || m.PinnedMessage != nil || m.GroupChatCreated || m.MigrateFromChatID != 0 {
			return u, false // a service message
		}
	}
	// In a group the bot hears what is said to it: commands, replies, mentions.
	return u, u.Place.Private || u.Mentioned || u.Kind == chat.Command
}

// unread names what a message holds that the bot cannot read; "" is a voice note or a
// sticker.
func unread(m *tg.Message) string {
	switch {
	case m.Contact != nil:
		return "contact"
	case m.Document != nil, m.Video != nil, m.Audio != nil, m.Animation != nil:
		return "file"
	}
	return ""
}

// decodeMoved reads the next point of a live location: it arrives as an edit
// of the message. Other edits are not heard.
func (t *Telegram) decodeMoved(u chat.Update, m *tg.Message, more *newer) (chat.Update, bool) {
	if m.Chat == nil || m.From == nil || !m.Chat.IsPrivate() {
		return u, false
	}
	u.Kind, u.Actor, u.Place, u.Location = chat.Track, actor(m.From), place(m.Chat, more), location(m, more)
	u.At = time.Unix(int64(max(m.Date, m.EditDate)), 0)
	return u, u.Location != nil && u.Location.Live
}

// addressed tells whether a message in a group speaks to the bot, and takes
// its name out of the text.
func (t *Telegram) addressed(u *chat.Update, m *tg.Message) {
	me := t.me.Load()
	if me == nil {
		return
	}
	if m.ReplyToMessage != nil && m.ReplyToMessage.From != nil && m.ReplyToMessage.From.ID == me.ID {
		u.Mentioned, u.Answers = true, fmt.Sprint(m.ReplyToMessage.MessageID)
	}
	name := "@" + me.Username
	if len(u.Text) < len(name) || !strings.EqualFold(u.Text[:len(name)], name) {
		return
	}
	rest := u.Text[len(name):]
	if next, _ := utf8.DecodeRuneInString(rest); next == '_' || unicode.IsLetter(next) && next < utf8.RuneSelf || unicode.IsDigit(next) {
		return // another bot's name begins with ours
	}
	u.Mentioned, u.Text = true, strings.TrimLeft(rest, " \t\n:,，：")
}

// command reads /name or /name@bot at the beginning of a text. mine is false
// if the command is for another bot.
func (t *Telegram) command(text string, m *tg.Message) (name, rest string, mine bool) {
	if !strings.HasPrefix(text, "/") {
		return "", "", true
	}
	head, rest := text, ""
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		head, rest = text[:i], text[i:]
	}
	for _, e := range append(m.Entities, m.CaptionEntities...) {
		// The entity says where the command ends; its unit is UTF-16.
		if e.Type == "bot_command" && e.Offset == 0 {
			units := utf16.Encode([]rune(text))
			if e.Length > 0 && e.Length <= len(units) {
				head = string(utf16.Decode(units[:e.Length]))
				rest = string(utf16.Decode(units[e.Length:]))
			}
		}
	}
	name, bot, other := strings.Cut(strings.TrimPrefix(head, "/"), "@")
	me := t.me.Load()
	if other && me != nil && !strings.EqualFold(bot, me.Username) {
		return "", "", false
	}
	return name, strings.TrimSpace(rest), true
}

// photos are the largest sizes of a photo, or an image sent as a file.
func photos(m *tg.Message) []chat.Photo {
	id, area := "", 0
	for _, p := range m.Photo {
		if p.Width*p.Height >= area {
			id, area = p.FileID, p.Width*p.Height
		}
	}
	if m.Document != nil && strings.HasPrefix(m.Document.MimeType, "image/") {
		id = m.Document.FileID
	}
	if id == "" {
		return nil
	}
	return []chat.Photo{{Ref: string(chat.Telegram) + ":" + id}}
}

// location is the point of a message. Only a live location that was not
// forwarded proves presence.
func location(m *tg.Message, more *newer) *chat.Location {
	l := m.Location
	if l == nil && m.Venue != nil {
		l = &m.Venue.Location
	}
	if l == nil {
		return nil
	}
	forwarded := m.ForwardDate != 0 || more != nil && len(more.ForwardOrigin) > 0
	return &chat.Location{Lat: l.Latitude, Lon: l.Longitude, Live: l.LivePeriod > 0 && !forwarded}
}
