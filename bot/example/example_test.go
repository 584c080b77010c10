// Package example_test is the smallest capability that there can be: notes. It
// keeps the walk of bot/doc.go true: a noun, a family and words are enough to be in
// help, behind a gate, undone, exported and in the morning's digest.
package example_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"fieldbot/bot"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/config"
	"fieldbot/bot/demo"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// The rules: bot/note.

type note struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	OwnerID   string    `db:"owner_id"`
	Text      string    `db:"text"`
	Status    string    `db:"status"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

func (note) Table() string          { return "notes" }
func (n note) Key() (string, int64) { return n.ID, n.Version }

var catalogue = field.Catalogue{Noun: "notes", Fields: []field.Field{
	{Key: "note_text", Kind: field.Text, Use: field.All, Required: true, Max: 200, Column: "text"},
	{Key: "owner", Kind: field.Person, Use: field.Export, Column: "owner_id"},
}}

// The store: bot/note/notestore, and its migration.

const migration = `CREATE TABLE notes (id TEXT PRIMARY KEY, version BIGINT NOT NULL, owner_id TEXT NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`

var notes = store.Declare(store.Noun[note]{
	About: store.About{Alias: "n", Lives: "n.status = 'open'", NoMove: "about no customer", Catalogue: catalogue,
		Owners: []store.Owner{{Column: "owner_id", Held: "n.status = 'open'"}},
		Gate: func(a *store.Args, s access.Scope) string {
			if s.All() {
				return "TRUE"
			}
			return "n.owner_id = " + a.Add(s.Person)
		}},
	Unmake: func(n *note) { n.Status = "undone" },
})

// The talk: bot/note/notetalk.

var record = &command.Record[note]{
	Family: "note", Ref: "note", None: "note_none",
	Load: command.InSight(notes),
	Find: func(r *command.Request, words string) ([]note, error) {
		return notes.In(r.Scope).And("n.text LIKE ?", "%"+words+"%").Rows(r.Tx)
	},
	Name: func(_ *command.Request, n note) string { return n.Text },
}

var module = command.Module{
	Name:  "note",
	Words: fstest.MapFS{"words/en.yaml": {Data: []byte(words)}, "words/zh.yaml": {Data: []byte(words)}},
	Families: []command.Family{{Name: "note", Default: "new", Verbs: []command.Verb{
		{Name: "new", Form: form.Form{Name: "note.new", Fields: catalogue.For(field.Ask)}, Object: "note_text", Quick: true, Save: func(r *command.Request, d form.Draft) (command.Saved, error) {
			n := note{OwnerID: r.Who.ID, Status: "open"}
			if err := catalogue.Set(&n, d.Values); err != nil {
				return command.Saved{}, err
			}
			err := notes.Add(r.Tx, &n)
			return command.Saved{ID: n.ID, Reply: chat.Reply{Text: "noted", Buttons: [][]chat.Button{{r.UndoButton()}}}}, err
		}},
		record.Show("show", func(_ *command.Request, n note) (chat.Reply, error) {
			return chat.Reply{Text: "it says " + n.Text}, nil
		}, nil),
		record.Verb(command.On[note]{Name: "done", Do: func(r *command.Request, before note, _ form.Draft) (command.Saved, error) {
			after := before
			after.Status = "done"
			return command.Saved{ID: before.ID, Reply: chat.Reply{Text: "done"}}, notes.Change(r.Tx, before, after)
		}}),
	}}},
	Digest: func(r *command.Request, _ remind.Digest) ([]command.Section, error) {
		all, err := notes.In(r.Scope).Rows(r.Tx)
		s := command.Section{Title: "notes to see to"}
		for _, n := range all {
			s.Items = append(s.Items, command.Item{Subject: record.RefOf(n), Label: n.Text, Line: "· " + n.Text})
		}
		return []command.Section{s}, err
	},
}

const words = `
cmd.note: "note"
fault.note_none: "no note is named so"
field.note_text: "What"
form.note.new: "Note"
form.note.done: "Done"
help.note: "keep a note"
kind.notes: "note"
owned.notes: "notes: {{.n}}"
`

// TestExample: what doc.go promises of a capability that is one value.
func TestExample(t *testing.T) {
	bot.Register(module)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := config.Default()
		c.Company.Language = "en"
		ctx := context.Background()
		db.Now = func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
		if err := db.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(migration); return err }); err != nil {
			t.Fatal(err)
		}
		if err := demo.Fill(ctx, db, &c); err != nil {
			t.Fatal(err)
		}
		app := bot.Assemble(append(bot.Modules(), module), db, &c, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
		var last chat.Reply
		n := 0
		deliver := func(who string, u chat.Update) {
			t.Helper()
			n++
			u.ID, u.Place, u.Actor, u.Answered = strings.Repeat("x", n), chat.Place{Platform: chat.Terminal, Room: who, Private: true}, chat.Actor{Platform: chat.Terminal, ID: who}, true
			var err error
			if last, err = app.Deliver(ctx, u); err != nil {
				t.Fatal(err)
			}
		}
		say := func(who, words, want string) {
			t.Helper()
			deliver(who, chat.Update{Kind: chat.Text, Text: words})
			if got := last.Title + "\n" + last.Text; !strings.Contains(got, want) {
				t.Fatalf("%q was answered %q, want %q", words, got, want)
			}
		}
		say("anna", "help", "/note")
		say("anna", "note new buy ice", "noted")
		undo := last.Buttons[0][0].ID
		say("anna", "note show ice", "it says buy ice")
		say("anna", "today", "notes to see to\n· buy ice")
		say("tom", "note show ice", "no note is named so")
		var file bytes.Buffer
		if err := files.Export(ctx, db, &c, "notes", "csv", files.Span{}, &file); err != nil || !strings.Contains(file.String(), "buy ice,anna") {
			t.Errorf("%v, the file holds %q", err, file.String())
		}
		deliver("anna", chat.Update{Kind: chat.Press, Name: undo})
		if !strings.Contains(last.Text, "the new note") {
			t.Error(last.Text)
		}
		say("anna", "note show ice", "no note is named so")
		say("anna", "note new call Petra", "noted")
		anna := owner(t, db, "anna")
		if owned := owns(t, db, anna); owned != 1 {
			t.Errorf("anna answers for %d notes", owned)
		}
		if err := db.Write(ctx, func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "test"})
			_, err := store.HandOver{Scope: access.System("test"), From: anna, To: owner(t, db, "tom")}.Do(tx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		say("tom", "note done Petra", "done")
	})
}

func owner(t *testing.T, db *store.DB, handle string) (id string) {
	t.Helper()
	if err := db.Read(context.Background(), func(tx *store.Tx) (err error) {
		id, _, err = store.One[string](tx, `SELECT id FROM people WHERE handle = $1`, handle)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id
}

func owns(t *testing.T, db *store.DB, person string) (n int64) {
	t.Helper()
	if err := db.Read(context.Background(), func(tx *store.Tx) error {
		owned, err := store.Owns(tx, person, "2026-11-23")
		for _, o := range owned {
			if o.Noun.Table() == "notes" {
				n = o.N
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}
