package chattest_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/sheet"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// TestModalNotSaved: a modal whose values could not be saved stays open and
// says so.
func TestModalNotSaved(t *testing.T) {
	t.Parallel()
	w, anna := slack(t, "http")
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

func values(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
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

// TestUndoChain: undo goes back step by step; what follows from a row follows.
func TestUndoChain(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := chattest.Start(t, chattest.Options{Engine: engine})
			anna, tom := w.Speaker("terminal", "anna"), w.Speaker("terminal", "tom")
			for _, x := range []struct {
				who       chattest.Speaker
				say, want string
			}{
				{anna, "/visit log Kiosk 14 intent=weak", "Visit logged"},
				{anna, "/visit edit intent=strong", "Corrected"},
				{anna, "/undo", "as it was before"},
				{anna, "/visit list Kiosk 14", "Intent weak"},
				{anna, "/undo", "the new visit is taken back"},
				{anna, "/visit list Kiosk 14", "No visits yet"},
				{anna, "/account edit Kiosk 14 name=\"Zebra shop\"", "Updated"},
				{anna, "/undo", "as it was before"},
				{anna, "/account zebra", "found nothing"},
				{anna, "/account Kiosk 14", "Kiosk 14"},
				{tom, "/account edit K011 territory=Europe/Asia", "Updated"},
				{tom, "/undo", "as it was before"},
			} {
				x.who.Say(x.say)
				has(t, x.who.Read(), x.want)
			}
			if n := w.Count(`SELECT count(*) FROM stores WHERE in_territory = 'Europe/Asia'`); n != 0 {
				t.Errorf("%d stores stayed in the undone territory", n)
			}
		})
	}
}

// TestSlipsAndClosed: figures are no slips, back saves nothing, a closed store
// takes no visit, a command is one while a question is open.
func TestSlipsAndClosed(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	anna, tom := w.Speaker("terminal", "anna"), w.Speaker("terminal", "tom")
	for _, x := range []struct {
		who       chattest.Speaker
		say, want string
	}{
		{anna, "/visit log Kiosk 15 intent=weak", `found nothing for "Kiosk 15"`},
		{anna, "visit log Kiosk 14 satisfaction=9", "from 1 to 5"},
		{anna, "back", "Save it as it is"},
		{anna, "save", "Visit logged: Kiosk 14"},
		{anna, "visit Kiosk 22", "Save it as it is"},
		{anna, "#6", "What does the customer need?"},
		{anna, "visit log Kiosk 14 intent=clear", "Visit logged: Kiosk 14"},
		{anna, "account contact Mr Li asked for it", "Needs: account contact Mr Li asked for it"},
		{anna, "cancel", "Cancelled"},
		{tom, "/account close M0015", "Close an account or store · Kiosk 14"},
		{tom, "save", "Closed: Kiosk 14"},
		{anna, "/visit log M0015 intent=weak", "Kiosk 14 is closed or merged"},
		{anna, "/cancel", "Cancelled"},
		{tom, "/account merge M0015 merge_into=M0016", "Both must be active"},
		{tom, "/account edit K010 owner=li.wei", "found nothing"},
		{tom, "/cancel", "Cancelled"},
		{tom, "/account edit K010 territory=/华东", "outside your territory"},
		{tom, "/cancel", "Cancelled"},
		{tom, "/account edit M0016", "Edit store · Kiosk 22"},
		{tom, "#6", "Store class?"},
		{tom, "C", "Store class: C"},
		{tom, "/cancel", "Cancelled"},
		{anna, "/link ABCDEFGHIJ", "linked already"},
	} {
		x.who.Say(x.say)
		if m := x.who.Read(); !strings.Contains(m.Text, x.want) {
			t.Errorf("%s: no %q in:\n%s", x.say, x.want, m.Text)
		}
	}
}

// TestExportIsImport: with the real clock's fractions too, an export of visits
// imported again changes nothing.
func TestExportIsImport(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Now: chattest.Monday.Add(123456789)})
	anna := w.Speaker("terminal", "anna")
	anna.Say("/visit log Kiosk 14 intent=weak")
	has(t, anna.Read(), "Visit logged")
	path := t.TempDir() + "/visits.csv"
	var out strings.Builder
	if err := files.Export(context.Background(), w.DB, w.Config, "visits", "csv", files.Span{}, &out); err != nil {
		t.Fatal(err)
	}
	table := readTable(t, path, out.String())
	r, err := files.Import(context.Background(), w.DB, w.Config, "visits", table, files.Options{})
	if err != nil || r.New != 0 || r.Changed != 0 || len(r.Bad) > 0 {
		t.Errorf("%+v %v", r, err)
	}
}

func readTable(t *testing.T, path, text string) sheet.Table {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestUnitThatBegan: on PostgreSQL too the deadline is for being taken up;
// what has begun is finished.
func TestUnitThatBegan(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "postgres")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := db.Write(ctx, func(tx *store.Tx) error {
		<-ctx.Done()
		_, err := tx.Receive("late")
		return err
	})
	if err != nil {
		t.Errorf("a unit that had begun: %v", err)
	}
	if errors.Is(err, store.ErrBusy) {
		t.Error("it was withdrawn")
	}
}

// TestHomePress: a press on the Home tab has no response address; the answer
// comes as a message.
func TestHomePress(t *testing.T) {
	t.Parallel()
	_, anna := slack(t, "http")
	anna.Home()
	anna.PressOnHome("💤 Later")
	has(t, anna.Read(), "When shall I remind you of")
}

// TestOldForm: a question of yesterday is not answered by today's words.
func TestOldForm(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	anna := w.Speaker("terminal", "anna")
	for _, x := range []struct{ say, want string }{
		{"/visit Kiosk 14", "Save it as it is"},
		{"#6", "What does the customer need?"},
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
