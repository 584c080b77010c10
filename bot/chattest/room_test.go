package chattest_test

import (
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestStoreGroup: a rep binds a group to a store; its people answer there what was accepted.
// A stranger's first answer waits for the rep's yes, the next ones count at once; who is
// refused is not heard. The group reads no price, and nothing of it works anywhere else.
func TestStoreGroup(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{Telegram: "polling"}, func(t *testing.T, w *chattest.World) {
		const group, other = -500, -600
		user := func(id int64) *chattest.TelegramUser {
			u := w.Telegram.User(id)
			u.At = w.Now
			return u
		}
		anna, clerk, thief := user(chattest.AnnaTelegram), user(9001).In(group, 0), user(9002).In(group, 0)
		// read reads what comes to the group as somebody in it, when it can be answered.
		read := func(u *chattest.TelegramUser, want ...string) chattest.Message {
			t.Helper()
			m := has(t, u.Read(), want...)
			waitFor(t, func() bool {
				return w.Count(`SELECT count(*) FROM outbox WHERE external_id = '' AND state = 'queued'`) == 0
			})
			if strings.Contains(m.Text, "€") {
				t.Errorf("the group reads an amount: %s", m.Text)
			}
			return m
		}
		receipts := func(want int64) {
			t.Helper()
			if n := w.Count(`SELECT count(*) FROM receipts WHERE received_by <> ''`); n != want {
				t.Errorf("%d receipts of the group, want %d", n, want)
			}
		}
		anna.Say("/link store Wedding")
		has(t, anna.Read(), "in the store's Telegram group")
		anna.In(group, 0).Say("/link store Wedding")
		read(clerk, "This group answers for Nordmarkt Wedding")
		card := read(clerk, "DN-1002 Nordmarkt Wedding", "what came?", "P201")

		for _, said := range []string{"hello", "P201"} {
			clerk.Reply(said, nil)
			read(clerk, "Reply to this message")
		}
		for said, want := range map[string]string{"P201 999": "not more can be missing", "5": "Which product?", "P201 0": "P201"} {
			clerk.Reply(said, nil)
			read(clerk, "⚠️", want)
		}
		receipts(0)

		clerk.Reply("P201 5件，破损", nil)
		read(clerk, "Thank you. Anna")
		clerk.Reply("P201 5件，破损", nil) // the same again is asked about once
		waitFor(t, func() bool { return w.Telegram.Unconfirmed() == 0 })
		asked := has(t, anna.Read(), "Nordmarkt Wedding", "P201=5", "damaged", "first answer")
		receipts(0)
		anna.Press("Yes, it counts")
		has(t, anna.Read(), "355 of 360")
		read(clerk, "DN-1002: 355 of 360 accepted", "damaged")
		receipts(1)
		anna.PressID(asked.Buttons[0].ID, asked.ID)
		has(t, anna.Read(), "already")

		// Known now: a photo of the note counts at once; everything else was said before.
		pressed, _ := card.Button("All there")
		clerk.PressID(pressed.ID, card.ID)
		read(clerk, "confirmed already")
		clerk.Reply("signed by hand", map[string]any{"text": nil, "caption": "signed by hand", "photo": []any{map[string]any{"file_id": "note", "width": 100, "height": 100, "file_unique_id": "n"}}})
		has(t, anna.Read(), "is signed")
		if s := column(t, w, `SELECT difference_note || ' ' || photos FROM receipts WHERE number = 'RC-1002'`); !strings.Contains(s, "signed by hand") || !strings.Contains(s, "telegram:note") {
			t.Errorf("the note: %s", s)
		}

		// The next delivery: who is refused is not heard, whoever else may answer is.
		dialogue{
			{"anna", "/order new Wedding goods=P202=24", "OR-1004"},
			{"zhao.lei", "/送货 新建 OR-1004", "DN-1003"},
		}.play(t, w)
		until(t, anna, "DN-1003")
		card = read(thief, "DN-1003")
		thief.Press("All there")
		read(thief, "Thank you")
		has(t, anna.Read(), "everything is there")
		anna.Press("Not of the store")
		has(t, anna.Read(), "not heard")
		pressed, _ = card.Button("All there")
		thief.PressID(pressed.ID, card.ID)
		outside := clerk.In(other, 0)
		outside.PressID(pressed.ID, card.ID)
		clerk.PressID("forged", card.ID)
		receipts(1)
		clerk.PressID(pressed.ID, card.ID)
		has(t, anna.Read(), "24 of 24")
		read(clerk, "✅ DN-1003: 24 of 24 accepted")
		receipts(2)
		dialogue{
			{"anna", "/order new Wedding goods=P201=24", "OR-1005"},
			{"zhao.lei", "/送货 新建 OR-1005", "DN-1004"},
		}.play(t, w)
		until(t, anna, "DN-1004")
		read(clerk, "DN-1004")
		here := anna.In(group, 0)
		clerk.Press("Refused")
		read(here, "which product, how many (damaged)")
		here.Reply("Nordkorn 24 pcs", nil)
		read(clerk, "0 of 24 accepted")
		has(t, anna.Read(), "24 refused")

		// Who does not serve the store unbinds nothing.
		stranger := user(chattest.LiWeiTelegram).In(group, 0)
		stranger.Say("/unlink store")
		has(t, user(chattest.LiWeiTelegram).Read(), "⚠️")
		read(clerk, "私聊")

		// Unbound, the group is nobody's.
		anna.In(group, 0).Say("/unlink store")
		until(t, anna, "No group answers")
		read(clerk, "private chat")
		if n := w.Count(`SELECT count(*) FROM store_rooms WHERE status = 'bound'`); n != 0 {
			t.Errorf("%d groups are bound", n)
		}
	})
}
