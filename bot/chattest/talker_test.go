package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store"
)

// dialogue is who says what, and what the answer holds.
type dialogue []struct{ who, line, want string }

func (d dialogue) play(t *testing.T, w *chattest.World) {
	t.Helper()
	for _, x := range d {
		if m := talk(w, x.who, x.line); !strings.Contains(m.Text, x.want) {
			t.Errorf("%s %s: %s", x.who, x.line, m.Text)
		}
	}
}

// write changes rows behind the bot's back.
func write(t *testing.T, w *chattest.World, statement string) {
	t.Helper()
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec(statement); return err }); err != nil {
		t.Fatal(err)
	}
}

// talker says words, presses buttons and reads what comes.
type talker interface {
	Say(words string)
	Press(label string)
	Read() chattest.Message
}

// say says lines one after the other; each answer must hold its text.
func say(t *testing.T, u talker, lines ...string) {
	t.Helper()
	for i := 0; i+1 < len(lines); i += 2 {
		if press, ok := strings.CutPrefix(lines[i], "#"); ok {
			u.Press(press)
		} else {
			u.Say(lines[i])
		}
		has(t, u.Read(), lines[i+1])
	}
}

// talk says lines at the terminal and returns the last answer.
func talk(w *chattest.World, handle string, lines ...string) chattest.Message {
	s := w.Speaker("terminal", handle)
	var m chattest.Message
	for _, line := range lines {
		s.Say(line)
		m = s.Read()
	}
	return m
}

// until reads what comes to a person up to the message that holds some words.
func until(t *testing.T, u *chattest.TelegramUser, words string) {
	t.Helper()
	for !strings.Contains(u.Read().Text, words) {
		continue
	}
}

func has(t *testing.T, m chattest.Message, want ...string) chattest.Message {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(m.Text, w) {
			t.Fatalf("no %q in:\n%s", w, m.Text)
		}
	}
	return m
}

func telegram(t *testing.T, mode string) (*chattest.World, *chattest.TelegramUser) {
	t.Helper()
	w := chattest.Start(t, chattest.Options{Telegram: mode})
	u := w.Telegram.User(chattest.AnnaTelegram)
	u.At = w.Now
	return w, u
}

// waitFor waits for what happens after an answer.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(chattest.Patience); !done(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen")
		}
		<-time.After(10 * time.Millisecond)
	}
}
