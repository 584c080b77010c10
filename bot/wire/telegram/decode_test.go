package telegram

import (
	"testing"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"fieldbot/bot/talk/chat"
)

func known() *Telegram {
	t := New(Options{})
	t.me.Store(&self{ID: 1, Username: "FieldTestBot"})
	return t
}

func said(text string, private bool) *tg.Message {
	m := &tg.Message{Text: text, From: &tg.User{ID: 7}, Chat: &tg.Chat{ID: -5, Type: "supergroup"}}
	if private {
		m.Chat = &tg.Chat{ID: 7, Type: "private"}
	}
	return m
}

// TestAddressed: in a group the bot hears what is said to it, and not what is said to a
// bot whose name begins with its own.
func TestAddressed(t *testing.T) {
	for text, want := range map[string]string{
		"@FieldTestBot today": "today", "@fieldtestbot today": "today", "@FIELDTESTBOT, today": "today", "@FieldTestBot：今天": "今天", "@FieldTestBot今天": "今天",
		"@FieldTestBot2 today": "", "@FieldTestBot_old today": "", "@FieldTestBots today": "", "mail me@FieldTestBot.example": "", "today": "",
	} {
		u, ok := known().decodeMessage(chat.Update{}, said(text, false), nil)
		if ok != (want != "") || ok && u.Text != want {
			t.Errorf("%q: %v, %q", text, ok, u.Text)
		}
	}
}

// TestCommandWords: a command ends at any white space, in a caption too.
func TestCommandWords(t *testing.T) {
	for text, want := range map[string][2]string{
		"/visit log Kiosk 14": {"visit", "log Kiosk 14"}, "/visit\nlog Kiosk 14": {"visit", "log Kiosk 14"}, "/visit@fieldtestbot\nlog x": {"visit", "log x"}, "/today": {"today", ""},
	} {
		m := said("", true)
		m.Caption, m.Photo = text, []tg.PhotoSize{{FileID: "f", Width: 1, Height: 1}}
		u, ok := known().decodeMessage(chat.Update{}, m, nil)
		if !ok || u.Kind != chat.Command || u.Name != want[0] || u.Text != want[1] || len(u.Photos) != 1 {
			t.Errorf("%q: %+v", text, u)
		}
	}
}

// TestUnread: what the bot cannot read is named, so that the answer fits.
func TestUnread(t *testing.T) {
	for want, m := range map[string]*tg.Message{"": {Voice: &tg.Voice{}}, "file": {Document: &tg.Document{MimeType: "application/pdf"}}, "contact": {Contact: &tg.Contact{}}} {
		m.From, m.Chat = &tg.User{ID: 7}, &tg.Chat{ID: 7, Type: "private"}
		if u, ok := known().decodeMessage(chat.Update{}, m, nil); !ok || u.Kind != chat.Unread || u.Name != want {
			t.Errorf("%q: %+v", want, u)
		}
	}
}

// TestJoined: an album is one update, wherever its caption stands.
func TestJoined(t *testing.T) {
	photo := func(ref, id, words string) chat.Update {
		return chat.Update{ID: id, Kind: chat.Text, Text: words, Album: "G", Photos: []chat.Photo{{Ref: ref}}}
	}
	for at := range 3 {
		parts := []chat.Update{photo("a", "1", ""), photo("b", "2", ""), photo("c", "3", "")}
		parts[at].Kind, parts[at].Name, parts[at].Text = chat.Command, "visit", "log Kiosk 14"
		u := joined(parts)
		if u.ID != "1" || u.Kind != chat.Command || u.Text != "log Kiosk 14" || len(u.Photos) != 3 || u.Photos[0].Ref != "a" {
			t.Errorf("caption at %d: %+v", at, u)
		}
	}
}
