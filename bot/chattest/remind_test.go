package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/config"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

var sunday = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func at(t testing.TB, zone, clock string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	out, err := time.ParseInLocation("2006-01-02 15:04", clock, loc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestMorning: the digest comes at 08:10 of the person's own zone, once, on
// workdays, and is caught up with once after downtime.
func TestMorning(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := chattest.Start(t, chattest.Options{Engine: engine, Telegram: "polling", Now: sunday})
			tick := func(clock time.Time) { w.Set(clock); w.Daemon.App.Clock.Tick(context.Background()) }
			liwei, anna := w.Telegram.User(chattest.LiWeiTelegram), w.Telegram.User(chattest.AnnaTelegram)
			liwei.At, anna.At = w.Now, w.Now
			tick(at(t, "Asia/Shanghai", "2026-11-22 08:10")) // a Sunday
			tick(at(t, "Asia/Shanghai", "2026-11-23 08:09"))
			tick(at(t, "Asia/Shanghai", "2026-11-23 08:10"))
			m := has(t, liwei.Read(), "早上好，11月23日 周一", "待拜访")
			if strings.Contains(m.Text, "迟到") {
				t.Error("late in time")
			}
			tick(at(t, "Asia/Shanghai", "2026-11-23 08:11"))
			// The daemon was down in the morning: Anna gets hers late, once.
			tick(at(t, "Europe/Berlin", "2026-11-23 11:00"))
			has(t, anna.Read(), "Good morning, Mon 23 Nov", "Late: this could not be sent")
			tick(at(t, "Europe/Berlin", "2026-11-23 11:01"))
			// Log from the reminder, put the next one off.
			anna.Press("Log Nordmarkt Pankow")
			has(t, anna.Read(), "Nordmarkt Pankow")
			anna.Press("Save")
			has(t, anna.Read(), "Visit logged")
			anna.Say("/today")
			has(t, anna.Read(), "Nordmarkt Spandau")
			anna.Press("💤 Later")
			has(t, anna.Read(), "When shall I remind you of")
			anna.Press("Tomorrow")
			has(t, anna.Read(), "I remind you Tue 24 Nov 08:10")
			anna.Say("/today")
			if m := anna.Read(); strings.Contains(m.Text, "Nordmarkt Spandau") {
				t.Errorf("put off and shown:\n%s", m.Text)
			}
			tick(at(t, "Europe/Berlin", "2026-11-24 08:10"))
			has(t, liwei.Read(), "早上好，11月24日") // 15:10 in Shanghai: late
			has(t, anna.Read(), "Good morning, Tue 24 Nov", "Nordmarkt Spandau")
		})
	}
}

// TestSnoozeHour: what is put off for an hour comes back by itself, if it is
// still due.
func TestSnoozeHour(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Telegram: "polling", Now: at(t, "Europe/Berlin", "2026-11-23 10:00")})
	anna := w.Telegram.User(chattest.AnnaTelegram)
	anna.At = w.Now
	anna.Say("/today")
	anna.Read()
	anna.Press("💤 Later")
	anna.Read()
	anna.Press("In 1 hour")
	has(t, anna.Read(), "I remind you Mon 23 Nov 11:00")
	w.Daemon.App.Clock.Tick(context.Background())
	w.Pass(61 * time.Minute)
	w.Daemon.App.Clock.Tick(context.Background())
	w.Daemon.App.Clock.Tick(context.Background())
	has(t, anna.Read(), "Nordmarkt Pankow")
}

// TestWhen: clock changes, far zones, holidays, extra workdays, own quiet
// hours and days away decide when a digest is due.
func TestWhen(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Now: sunday, Config: func(c *config.Config) {
		c.Company.Holidays, c.Company.ExtraWorkdays = []string{"2026-10-01", "2026-10-02"}, []string{"2026-10-10", "2026-03-29", "2026-11-01"}
	}})
	edit := func(change func(p *person.Person)) {
		if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "test"})
			p, _, err := personstore.ByHandle(tx, "anna")
			if err != nil {
				return err
			}
			after := p
			change(&after)
			return personstore.People.Change(tx, p, after)
		}); err != nil {
			t.Fatal(err)
		}
	}
	due := func(clock time.Time) bool {
		w.Set(clock)
		list, err := w.Daemon.App.Clock.Due(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.Person.Handle == "anna" {
				return true
			}
		}
		return false
	}
	for _, c := range []struct {
		zone, quiet, clock string
		want               bool
	}{
		{"Europe/Berlin", "", "2026-03-29 08:09", false}, // the night skipped an hour
		{"Europe/Berlin", "", "2026-03-29 08:10", true},
		{"America/New_York", "", "2026-11-01 08:10", true}, // the night repeated one
		{"America/New_York", "", "2026-11-01 08:09", false},
		{"Pacific/Kiritimati", "", "2026-11-24 08:10", true}, // +14
		{"Pacific/Pago_Pago", "", "2026-11-24 08:10", true},  // −11
		{"Asia/Shanghai", "", "2026-10-01 08:10", false},     // National Day
		{"Asia/Shanghai", "", "2026-10-10 08:10", true},      // 调休
		{"Asia/Shanghai", "", "2026-10-11 08:10", false},     // Sunday
		{"Asia/Shanghai", "", "2026-11-24 20:00", false},     // quiet
		{"Asia/Shanghai", "22:00-09:30", "2026-11-24 08:10", false},
		{"Asia/Shanghai", "22:00-09:30", "2026-11-24 09:30", true},
	} {
		edit(func(p *person.Person) { p.Timezone, p.Quiet = c.zone, c.quiet })
		if got := due(at(t, c.zone, c.clock)); got != c.want {
			t.Errorf("%s %s quiet %q: %v", c.zone, c.clock, c.quiet, got)
		}
	}
	edit(func(p *person.Person) { p.Timezone, p.Quiet = "Asia/Shanghai", "" })
	w.Set(at(t, "Asia/Shanghai", "2026-11-24 07:00"))
	anna := w.Speaker("terminal", "anna")
	anna.Say("/away 11-24 11-25 tom")
	has(t, anna.Read(), "Away from Tue 24 Nov to Wed 25 Nov; Tom Becker stands in")
	if due(at(t, "Asia/Shanghai", "2026-11-25 08:10")) || !due(at(t, "Asia/Shanghai", "2026-11-26 08:10")) {
		t.Error("days away are not kept")
	}
}

// TestOneBadRow: what one person's digest cannot be made of keeps nobody else's
// from leaving.
func TestOneBadRow(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Telegram: "polling", Now: sunday})
	w.Link("martin", "", "1003")
	w.Telegram.IgnoreUnread()
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO approvals (id, kind, subject, asked_by, approver_id, asked_at, moved_at) SELECT 'x', 'nobody asks this', 'store:x', id, id, $1, $1 FROM people WHERE handle = 'martin'`, tx.Now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	anna := w.Telegram.User(chattest.AnnaTelegram)
	anna.At = w.Now
	w.Set(at(t, "Europe/Berlin", "2026-11-23 08:10"))
	w.Daemon.App.Clock.Tick(context.Background())
	has(t, anna.Read(), "Good morning, Mon 23 Nov")
}

// TestDateLine: who crosses the date line to the west lives a day twice, and has its
// digest twice; who moves an hour west has it once.
func TestDateLine(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		from, to    string
		first, then string // instants
		again       bool
	}{
		{"Pacific/Auckland", "Pacific/Honolulu", "2026-11-24T19:10:00Z", "2026-11-25T18:10:00Z", true},
		{"Pacific/Honolulu", "Pacific/Auckland", "2026-11-24T18:10:00Z", "2026-11-25T19:10:00Z", true},
		{"Europe/Berlin", "Europe/London", "2026-11-24T07:10:00Z", "2026-11-24T08:10:00Z", false},
	} {
		t.Run(x.from+" to "+x.to, func(t *testing.T) {
			t.Parallel()
			w := chattest.Start(t, chattest.Options{Slack: "http", Now: instant(t, x.first).Add(-24 * time.Hour)})
			w.Slack.IgnoreUnread()
			had := func(when string) int64 {
				w.Set(instant(t, when))
				w.Daemon.App.Clock.Tick(context.Background())
				return w.Count(`SELECT count(*) FROM outbox o JOIN people p ON p.id = o.person_id WHERE p.handle = 'anna'`)
			}
			write(t, w, `UPDATE people SET timezone = '`+x.from+`' WHERE handle = 'anna'`)
			first := had(x.first)
			write(t, w, `UPDATE people SET timezone = '`+x.to+`' WHERE handle = 'anna'`)
			if then := had(x.then); first == 0 || (then > first) != x.again {
				t.Errorf("%d messages, then %d", first, then)
			}
		})
	}
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	out, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
