package chattest_test

import (
	"context"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/store"
)

// TestMet: whom one met is picked from the customer's contacts, several at
// once, or typed; a modal names them beside the field.
func TestMet(t *testing.T) {
	t.Parallel()
	_, anna := telegram(t, "polling")
	anna.Say("/visit Nordmarkt Wedding")
	anna.Read()
	anna.Press("Met")
	has(t, anna.Read(), "Whom did you meet?")
	anna.Press("Uwe Kern")
	has(t, anna.Read(), "Whom did you meet?")
	anna.Press("Petra Lange")
	anna.Read()
	anna.Press("✓ Uwe Kern") // not him after all
	anna.Read()
	anna.Press("Uwe Kern")
	anna.Read()
	anna.Press("Done")
	has(t, anna.Read(), "Met: Petra Lange, Uwe Kern")
	anna.Press("More")
	anna.Read()
	anna.Press("Met")
	anna.Read()
	anna.Say("somebody new")
	has(t, anna.Read(), "Met: somebody new")
	anna.Press("Save")
	has(t, anna.Read(), "Visit logged", "Met: somebody new")
}

// TestGrown: an ordinary account that sells more than the smallest B is told
// to its KAM in the morning.
func TestGrown(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Telegram: "polling", Now: sunday})
	w.Link("tom", "", "1005")
	w.Telegram.IgnoreUnread()
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE accounts SET revenue = 900000000 WHERE code = 'K011'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	tom := w.Telegram.User(1005)
	tom.At = w.Now
	w.Set(at(t, "Europe/Berlin", "2026-11-23 08:10"))
	w.Daemon.App.Clock.Tick(context.Background())
	has(t, tom.Read(), "Good morning, Mon 23 Nov", "Ordinary accounts that sell more than the smallest B:", "Spree Kiosk")
	tom.Press("Tier of Spree Kiosk")
	has(t, tom.Read(), "Spree Kiosk: now no tier, proposed tier")
}
