package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store"
)

// TestModalNotSaved: a modal whose values could not be saved stays open and
// says so.
func TestModalNotSaved(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Slack: "http", Prompt: true})
	anna := w.Slack.User(chattest.AnnaSlack)
	anna.Command("/visit", "Kiosk 14")
	anna.Modal()
	begun, end := make(chan struct{}), make(chan struct{})
	go func() {
		_ = w.DB.Write(context.Background(), func(*store.Tx) error { close(begun); <-end; return nil }) // only holds the writer
	}()
	<-begun
	timer := time.AfterFunc(2300*time.Millisecond, func() { close(end) })
	defer timer.Stop()
	errs := anna.Submit(map[string]string{"intent": "weak"})
	if len(errs) != 1 || !strings.Contains(strings.Join(values(errs), ""), "was not saved") {
		t.Fatalf("errors %v", errs)
	}
	if errs := anna.Submit(map[string]string{"intent": "weak"}); len(errs) > 0 {
		t.Fatalf("errors %v", errs)
	}
	has(t, anna.Read(), "Visit logged: Kiosk 14")
}

// TestBrokenIsTold: an error that is nobody's fault is told on Telegram too,
// with a reference, and the update does not come again.
func TestBrokenIsTold(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`ALTER TABLE visits RENAME TO visits_gone`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	anna.Say("/visit log Kiosk 14 intent=weak")
	has(t, anna.Read(), "Something went wrong", "reference")
	waitFor(t, func() bool { return w.Telegram.Unconfirmed() == 0 })
}

// TestPhotoWithCommand: what comes with a command is kept; a typed point
// proves no presence.
func TestPhotoWithCommand(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	w.Telegram.AddFile("p1", []byte("jpeg"))
	photo := func(caption, id string) {
		anna.Send(map[string]any{"caption": caption, "photo": []any{map[string]any{"file_id": id, "width": 9, "height": 9}}})
	}
	anna.Say("/visit log Kiosk 14 intent=weak location=52.50040,13.43370,live")
	has(t, anna.Read(), "claimed")
	photo("/visit log Kiosk 14 intent=weak", "p1") // the same entry, with a photo
	has(t, anna.Read(), "Visit logged: Kiosk 14")
	if n := w.Count(`SELECT count(*) FROM visits WHERE photos = 'telegram:p1'`); n != 1 {
		t.Errorf("%d visits with the photo", n)
	}
	if n := w.Count(`SELECT count(*) FROM visits WHERE presence = 'verified'`); n != 0 {
		t.Errorf("%d verified by typing", n)
	}
	photo("visit Kiosk 22", "p1")
	has(t, anna.Read(), "Kiosk 22", "Photos: 1 photo")
	anna.Press("Cancel")
	has(t, anna.Read(), "Cancelled")
}

// TestGroupForm: any form begun in a group goes on in the private chat.
func TestGroupForm(t *testing.T) {
	t.Parallel()
	_, anna := telegram(t, "polling")
	group := anna.In(-77, 0)
	group.Say("/account@" + chattest.TelegramBot + " contact K011")
	m := has(t, group.Read(), "please fill it in our private chat")
	_, token, _ := strings.Cut(m.Buttons[0].URL, "?start=")
	anna.Say("/start " + token)
	has(t, anna.Read(), "Name?")
	anna.Say("Jo Lang")
	has(t, anna.Read(), "Name: Jo Lang")
	anna.Press("Save")
	has(t, anna.Read(), "Contact saved: Jo Lang")
}

// TestOldForm: a question of yesterday is not answered by today's words.
func TestOldForm(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	anna := w.Speaker("terminal", "anna")
	for _, x := range []struct{ say, want string }{
		{"/visit Kiosk 14", "Save it as it is"},
		{"#5", "What does the customer need?"},
	} {
		anna.Say(x.say)
		has(t, anna.Read(), x.want)
	}
	w.Pass(25 * time.Hour)
	for said, want := range map[string]string{"good morning": "I did not understand", "save": "No form is open"} {
		anna.Say(said)
		has(t, anna.Read(), want)
	}
	anna.Say("visit Kiosk 22")
	has(t, anna.Read(), "Log visit · Kiosk 22")
}
