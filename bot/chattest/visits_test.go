package chattest_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/config"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// column reads one text of one row.
func column(t *testing.T, w *chattest.World, query string, args ...any) string {
	t.Helper()
	var out string
	if err := w.DB.Read(context.Background(), func(tx *store.Tx) (err error) {
		out, _, err = store.One[string](tx, query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

const lastVisit = ` FROM visits WHERE source = 'telegram' AND recorded_at > 0 ORDER BY id DESC LIMIT 1`

// office is a Monday at ten in Berlin with a rep, her KAM and their manager on
// Telegram.
func office(t *testing.T) (w *chattest.World, anna, tom, martin *chattest.TelegramUser) {
	t.Helper()
	w = chattest.Start(t, chattest.Options{Telegram: "polling", Now: at(t, "Europe/Berlin", "2026-11-23 10:00")})
	w.Link("tom", "", "1005")
	w.Link("martin", "", "1003")
	anna, tom, martin = w.Telegram.User(chattest.AnnaTelegram), w.Telegram.User(1005), w.Telegram.User(1003)
	anna.At, tom.At, martin.At = w.Now, w.Now, w.Now
	return w, anna, tom, martin
}

func live(lat, lon float64) map[string]any {
	return map[string]any{"location": map[string]any{"latitude": lat, "longitude": lon, "live_period": 900}}
}

// TestCheckIn: a live location that comes after the check-in verifies it,
// photos go to the visit that is open, and a forgotten check-out closes by
// itself, marked, and blocks nothing.
func TestCheckIn(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := chattest.Start(t, chattest.Options{Engine: engine, Telegram: "polling"})
			anna := w.Telegram.User(chattest.AnnaTelegram)
			anna.At = w.Now
			anna.Say("/visit start Nordmarkt Wedding")
			has(t, anna.Read(), "Checked in", "We promised: bring two coolers", "Send a live location")
			anna.Moves(52.60, 13.60) // on the way: nothing is said
			anna.Moves(52.54885, 13.35915)
			waitFor(t, func() bool { return column(t, w, `SELECT presence`+lastVisit) == "verified" })
			w.Telegram.AddFile("front", []byte("jpeg front"))
			anna.Send(map[string]any{"photo": []any{map[string]any{"file_id": "front", "width": 100, "height": 100, "file_unique_id": "u"}}})
			has(t, anna.Read(), "Added to your visit at Nordmarkt Wedding: 1 photos", "verified")
			w.Pass(3 * time.Hour)
			w.Daemon.App.Clock.Tick(context.Background())
			if s := column(t, w, `SELECT status`+lastVisit); s != "checked_in" {
				t.Errorf("closed too early: %s", s)
			}
			w.Pass(70 * time.Minute)
			w.Daemon.App.Clock.Tick(context.Background())
			if s := column(t, w, `SELECT status || ' ' || flags`+lastVisit); s != "done forgotten" {
				t.Errorf("after four hours: %s", s)
			}
			w.Pass(20 * time.Hour) // the next day
			anna.Say("/visit start Kiosk 14")
			has(t, anna.Read(), "Checked in", "Kiosk 14")
			anna.Say("/visit done intent=weak")
			has(t, anna.Read(), "Visit logged: Kiosk 14")
			anna.Say("/visit done")
			has(t, anna.Read(), "Which store or customer?") // in none: logs one
			anna.Say("cancel")
			has(t, anna.Read(), "Cancelled")
		})
	}
}

// TestTravel: two points that nobody travels between in time are flagged, and
// kept.
func TestTravel(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	anna.Say("/visit log Nordmarkt Wedding location=52.5488,13.3591")
	has(t, anna.Read(), "Visit logged")
	w.Pass(5 * time.Minute)
	anna.Say("/visit log Hafen Großhandel location=53.5436,9.9657") // 255 km
	has(t, anna.Read(), "Visit logged")
	if f := column(t, w, `SELECT flags`+lastVisit); f != "travel" {
		t.Errorf("flags %q", f)
	}
	w.Pass(3 * time.Hour)
	anna.Say("/visit log Nordmarkt Mitte location=52.5281,13.4029")
	has(t, anna.Read(), "Visit logged")
	if f := column(t, w, `SELECT flags`+lastVisit); f != "" {
		t.Errorf("three hours are enough: %q", f)
	}
}

// TestLearnPoint: a store without coordinates takes those of a live location,
// after a manager's yes, and the visit is graded anew.
func TestLearnPoint(t *testing.T) {
	t.Parallel()
	w, anna, _, martin := office(t)
	anna.Say("/account store name=Kiosk 99 account_code=K011 store_class=C")
	has(t, anna.Read(), "Store added: Kiosk 99")
	anna.Send(live(52.51, 13.41))
	has(t, anna.Read(), "Which store or customer?")
	anna.Say("Kiosk 99")
	anna.Read()
	anna.Press("Save")
	has(t, anna.Read(), "Visit logged: Kiosk 99")
	m := has(t, martin.Read(), "Your answer is needed", "Anna Schmidt: Kiosk 99 has no coordinates", "52.51")
	approve, _ := m.Button("Approve")
	martin.Press("Approve")
	has(t, martin.Read(), "Approved: Kiosk 99")
	has(t, anna.Read(), "Martin Vogel approved: Kiosk 99")
	if p := column(t, w, `SELECT presence`+lastVisit); p != "verified" {
		t.Errorf("presence %s", p)
	}
	martin.PressID(approve.ID, m.ID)
	has(t, martin.Read(), "pressed this already")
	// Now the store is known: another place is outside.
	w.Pass(3 * time.Hour)
	anna.Say("/visit log Kiosk 99 location=52.60,13.41")
	has(t, anna.Read(), "outside (10008 m from the store)")
}

// picture is a JPEG of a pattern.
func picture(t *testing.T, quality, size int, at func(x, y int) color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.Set(x, y, at(x*256/size, y*256/size))
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestPhotoAgain: the same photo with another visit is flagged, also when it
// was saved anew and smaller; another photo is not.
func TestPhotoAgain(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := chattest.Start(t, chattest.Options{Engine: engine, Telegram: "polling"})
			anna := w.Telegram.User(chattest.AnnaTelegram)
			anna.At = w.Now
			shelf := func(x, y int) color.Color { return color.Gray{Y: uint8((x*x/97 + y*3) % 251)} }
			other := func(x, y int) color.Color { return color.Gray{Y: uint8((y*y/61 ^ x*5) % 241)} }
			w.Telegram.AddFile("first", picture(t, 95, 400, shelf))
			w.Telegram.AddFile("again", picture(t, 60, 250, shelf))
			w.Telegram.AddFile("other", picture(t, 90, 400, other))
			for _, c := range []struct{ place, photo, flags string }{{"Kiosk 14", "first", ""}, {"Kiosk 22", "again", "photo_again"}, {"Nordmarkt Mitte", "other", ""}} {
				anna.Send(map[string]any{"caption": "visit log " + c.place, "photo": []any{map[string]any{"file_id": c.photo, "width": 100, "height": 100, "file_unique_id": "u"}}})
				has(t, anna.Read(), "Visit logged: "+c.place)
				waitFor(t, func() bool {
					return w.Count(`SELECT count(*) FROM photos WHERE ref = $1 AND state = 'stored'`, "telegram:"+c.photo) == 1
				})
				if f := column(t, w, `SELECT flags`+lastVisit); f != c.flags {
					t.Errorf("%s: flags %q", c.photo, f)
				}
			}
		})
	}
}

// TestLabels: the code of a store comes as a picture, a sheet of labels as a
// PDF, on both platforms; scanning opens the visit of that store.
func TestLabels(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Slack: "http", Telegram: "polling", Running: true})
	anna := w.Telegram.User(chattest.AnnaTelegram)
	anna.At = w.Now
	anna.Say("/account qr Kiosk 14")
	has(t, anna.Read(), "Kiosk 14", "It proves no presence")
	m := anna.Read()
	if m.File == nil || !strings.HasSuffix(m.File.Name, ".png") {
		t.Fatalf("no picture: %+v", m.File)
	}
	if img, err := png.Decode(bytes.NewReader(m.File.Data)); err != nil || img.Bounds().Dx() > 1200 {
		t.Error(err)
	}
	slack := w.Slack.User(chattest.AnnaSlack)
	slack.Command("/account", "qr Nordmarkt")
	m = has(t, slack.Read(), "Labels of 4 stores")
	for m.File == nil {
		m = slack.Read()
	}
	if m.File == nil || !bytes.HasPrefix(m.File.Data, []byte("%PDF")) {
		t.Errorf("no PDF: %+v", m.File)
	}
	id := column(t, w, `SELECT id FROM stores WHERE name = 'Kiosk 14'`)
	anna.Say("/start v-" + id)
	has(t, anna.Read(), "Check in · Kiosk 14", "Save it as it is")
	anna.Press("Save")
	has(t, anna.Read(), "Checked in", "Kiosk 14")
	if p := column(t, w, `SELECT presence`+lastVisit); p != "unknown" {
		t.Errorf("a scan proved presence: %s", p)
	}
}

// TestTierWay: anybody proposes, the KAM reviews, a manager confirms; the
// cadence follows, and the trail stays.
func TestTierWay(t *testing.T) {
	t.Parallel()
	w, anna, tom, martin := office(t)
	anna.Say("/account tier Spree Kiosk")
	has(t, anna.Read(), "Spree Kiosk: now no tier, proposed tier C", "Potential 25%")
	anna.Press("Propose B")
	has(t, anna.Read(), "is proposed as tier B; Tom Becker is asked")
	has(t, tom.Read(), "Anna Schmidt: Spree Kiosk: from no tier to tier B")
	tom.Press("Approve")
	has(t, tom.Read(), "Approved")
	has(t, anna.Read(), "Tom Becker approved")
	has(t, martin.Read(), "Tom Becker: Spree Kiosk: from no tier to tier B")
	martin.Press("Approve")
	has(t, martin.Read(), "Approved")
	has(t, tom.Read(), "Martin Vogel approved")
	if tier := column(t, w, `SELECT tier || ' ' || next_due_on FROM accounts WHERE code = 'K011'`); !strings.HasPrefix(tier, "B 0001-01-01") {
		t.Errorf("tier and due day: %s", tier)
	}
	anna.Say("/account tier Spree Kiosk")
	has(t, anna.Read(), "Anna Schmidt proposed B, Tom Becker: approved", "Tom Becker proposed B, Martin Vogel: approved")
}

// TestEvening: what was begun and left empty waits in the evening and the
// next morning; its author may write it up then.
func TestEvening(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Telegram: "polling", Now: at(t, "Europe/Berlin", "2026-11-23 09:00"), Config: func(c *config.Config) { c.Visits.ForgottenCheckout = 2 * time.Hour }})
	w.Link("martin", "", "1003")
	anna, martin := w.Telegram.User(chattest.AnnaTelegram), w.Telegram.User(1003)
	anna.At, martin.At = w.Now, w.Now
	tick := func(clock string) {
		w.Set(at(t, "Europe/Berlin", clock))
		w.Daemon.App.Clock.Tick(context.Background())
	}
	unfire := func(digest string) { // of the day that the world begins on
		if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Exec(`DELETE FROM fired WHERE job = $1`, digest)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	anna.Say("/visit plan Nordmarkt Pankow planned_for=today objectives=order")
	has(t, anna.Read(), "Planned: Nordmarkt Pankow")
	anna.Say("/visit start Nordmarkt Mitte")
	has(t, anna.Read(), "Checked in")
	unfire("evening")
	unfire("team")
	tick("2026-11-23 18:29")
	tick("2026-11-23 18:30")
	has(t, anna.Read(), "Before you go home", "Nordmarkt Pankow: planned for Mon 23 Nov, no visit", "Nordmarkt Mitte (Mon 23 Nov 09:00): nothing written up")
	tick("2026-11-23 18:31")
	tick("2026-11-23 19:30")
	has(t, martin.Read(), "Your team's day", "Anna Schmidt: 1 done (0 written up), 1 planned not made")
	tick("2026-11-24 08:10")
	has(t, anna.Read(), "Good morning, Tue 24 Nov", "Left open:", "Nordmarkt Pankow: planned for Mon 23 Nov", "Nordmarkt Mitte (Mon 23 Nov 09:00)", "2 follow-ups to see to:", "bring two coolers")
	anna.Press("Write up Nordmarkt Mitte")
	anna.Read()
	anna.Say("intent=clear")
	has(t, anna.Read(), "Intent: clear")
	anna.Press("Save")
	has(t, anna.Read(), "Corrected: Nordmarkt Mitte")
	anna.Say("/visit miss Nordmarkt Pankow reason=closed")
	has(t, anna.Read(), "was not visited (closed)")
	// Three days late, a follow-up is in the manager's digest.
	w.Telegram.IgnoreUnread()
	digest := func(day string) (m chattest.Message) {
		for !strings.Contains(m.Text, "Your team's day, "+day) {
			m = martin.Read()
		}
		return m
	}
	tick("2026-11-24 19:30")
	if m := digest("Tue 24 Nov"); strings.Contains(m.Text, "Follow-ups 3 days late") {
		t.Error("two days late are not three")
	}
	tick("2026-11-25 19:30")
	m := digest("Wed 25 Nov")
	has(t, m, "Follow-ups 3 days late or more:", "Anna Schmidt: 1")
}

// TestApprovalTime: what nobody answers goes to the next up after two days and
// back to who asked after ten; nobody answers what is no longer theirs.
func TestApprovalTime(t *testing.T) {
	t.Parallel()
	w, anna, tom, martin := office(t)
	w.Telegram.IgnoreUnread()
	anna.Say("/account tier Spree Kiosk")
	anna.Read()
	anna.Press("Propose A")
	anna.Read()
	asked := has(t, tom.Read(), "from no tier to tier A")
	approve, _ := asked.Button("Approve")
	tick := func(clock string) {
		w.Set(at(t, "Europe/Berlin", clock))
		w.Daemon.App.Clock.Tick(context.Background())
	}
	tick("2026-11-24 08:10")
	has(t, tom.Read(), "Good morning", "1 approval waits for you", "(waiting 1 day)")
	tick("2026-11-25 10:01")
	readUntil(t, martin, "Your answer is needed")
	tom.PressID(approve.ID, asked.ID)
	readUntil(t, tom, "waits for somebody else")
	tick("2026-12-03 10:01")
	readUntil(t, anna, "Nobody answered in 10 days")
	if s := column(t, w, `SELECT status FROM approvals WHERE kind = 'tier_review'`); s != "expired" {
		t.Errorf("status %s", s)
	}
}

// TestPutOff: a day of one's own, and what is not one's own.
func TestPutOff(t *testing.T) {
	t.Parallel()
	_, anna, _, martin := office(t)
	anna.Say("/today")
	anna.Read()
	anna.Press("💤 Later")
	has(t, anna.Read(), "When shall I remind you of Nordmarkt Pankow?")
	anna.Press("A day…")
	anna.Read()
	anna.Press("Thu 26 Nov")
	has(t, anna.Read(), "I remind you Thu 26 Nov 08:10")
	anna.Say("/today")
	m := anna.Read()
	if strings.Contains(m.Text, "Nordmarkt Pankow") {
		t.Errorf("put off and shown:\n%s", m.Text)
	}
	anna.Press("💤 Later")
	anna.Read()
	anna.Press("Not mine")
	has(t, anna.Read(), "I will not remind you again. Martin Vogel knows.")
	has(t, martin.Read(), "Anna Schmidt says this is not theirs: Nordmarkt Spandau")
	anna.Say("/today")
	if m := anna.Read(); strings.Contains(m.Text, "Nordmarkt Spandau") {
		t.Errorf("not mine and shown:\n%s", m.Text)
	}
}

// TestAskForHelp: a call for help goes to the support group, the answer comes back
// and stays in the library.
func TestAskForHelp(t *testing.T) {
	t.Parallel()
	_, anna, _, martin := office(t)
	group := martin.In(-500, 0)
	group.Say("/ask@" + chattest.TelegramBot + " here")
	has(t, group.Read(), "come to this group")
	anna.Say("/ask can we credit broken seals? place=Kiosk 14")
	has(t, anna.Read(), "Sent to the support group")
	has(t, group.Read(), "Anna Schmidt asks (Kiosk 14)", "can we credit broken seals?")
	martin.Say("/ask list seals")
	has(t, martin.Read(), "can we credit broken seals?")
	martin.Press("Answer")
	has(t, martin.Read(), "What is your answer?")
	martin.Say("yes, up to 50 euros")
	has(t, martin.Read(), "yes, up to 50 euros")
	martin.Press("Save")
	has(t, martin.Read(), "on its way and kept")
	has(t, anna.Read(), "Martin Vogel answers", "yes, up to 50 euros")
	anna.Press("Solved")
	has(t, anna.Read(), "Solved")
	anna.Say("/ask list credit")
	has(t, anna.Read(), "yes, up to 50 euros")
}

// TestNoteInside: what is said of the store that one is in joins the visit, which goes on;
// of another store it is a visit of its own; outside of any store it needs one.
func TestNoteInside(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	anna := w.Speaker("terminal", "anna")
	say(t, anna, "they want a discount", "did not understand",
		"I'm at Kiosk 14", "Check in", "#Save", "Checked in",
		"Kiosk 14 wants two coolers", "Note of a visit", "#Save", "you are still in: Kiosk 14",
		"they want a discount", "a discount", "#Save", "you are still in: Kiosk 14",
		"/visit done needs=\"a shelf talker\" problems=late", "a shelf talker",
		"visited Kiosk 22 yesterday, the owner was away", "Kiosk 22", "#Save", "Visit logged: Kiosk 22")
	for query, want := range map[string]int64{
		`SELECT count(*) FROM visits v JOIN stores s ON s.id = v.store_id WHERE s.name = 'Kiosk 14' AND v.status = 'done' AND v.needs LIKE 'two coolers%a discount%a shelf talker'`: 1,
		`SELECT count(*) FROM visits v JOIN stores s ON s.id = v.store_id WHERE s.name = 'Kiosk 22' AND v.status = 'done' AND v.visited_on = '2026-11-22'`:                          1,
	} {
		if n := w.Count(query); n != want {
			t.Errorf("%s: %d", query, n)
		}
	}
}

// TestRemarkInside: words that mean nothing, said in a store, are noted with a press; once
// the visit is over they are not.
func TestRemarkInside(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	wei := w.Speaker("terminal", "li.wei")
	say(t, wei, "老板不在", "没听懂", "到大润发杨浦了", "签到", "#保存", "签到：大润发杨浦",
		"老板不在", "记到「大润发杨浦店」", "#📝 记下", "已补记",
		"明天送两台冰柜来", "记到「大润发杨浦店」")
	if n := w.Count(`SELECT count(*) FROM visits WHERE problems = '老板不在' AND status = 'checked_in'`); n != 1 {
		t.Errorf("%d visits have the remark", n)
	}
	say(t, wei, "/visit done intent=weak", "大润发杨浦")
	anna := w.Speaker("terminal", "anna")
	say(t, anna, "/visit start Kiosk 14", "Checked in", "the owner is on holiday", "Note it with the visit to Kiosk 14")
	has(t, talk(w, "anna", "/visit done intent=weak"), "Kiosk 14")
	say(t, anna, "#📝 Note it", "ended already")
}

// TestRemarkOfAPlace: words that mean nothing and begin with a place are noted as a visit
// there, with the card.
func TestRemarkOfAPlace(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	wei, anna := w.Speaker("terminal", "li.wei"), w.Speaker("terminal", "anna")
	say(t, wei, "大润发杨浦老板不在", "记成「大润发杨浦店」的拜访", "#📝 记下", "问题: 老板不在", "#保存", "已记")
	say(t, anna, `Kiosk 14: the owner said "later", needs=nothing`, "Note it as a visit to Kiosk 14", "#📝 Note it", "Problems: the owner said 'later', needs=nothing", "#Save", "Visit logged: Kiosk 14",
		"Kiosk 1499 the owner is away", "did not understand")
}

// TestTakenBackInWords: what people say when they have mistyped takes back the last entry.
func TestTakenBackInWords(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	anna, wei := w.Speaker("terminal", "anna"), w.Speaker("terminal", "li.wei")
	say(t, anna, "/visit log Kiosk 14 needs=x", "Visit logged", "take that back", "Undone: the new visit · Kiosk 14")
	say(t, wei, "/visit log 大润发杨浦 needs=x", "已记", "刚才记错了", "已撤销", "/visit log 大润发杨浦 needs=y", "已记", "撤回刚才的", "已撤销")
}

// TestSentenceInAQuestion: a sentence that names a place, said while a question takes any
// words, is asked about; both ways lose nothing.
func TestSentenceInAQuestion(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	anna := w.Speaker("terminal", "anna")
	say(t, anna, "visit Kiosk 14", "Log visit", "#Needs", "What does the customer need?",
		"I'm at Nordmarkt Mitte", "a command, or the answer", "#It is the answer", "Needs: I'm at Nordmarkt Mitte", "/cancel", "Cancelled",
		"visit Kiosk 14", "Log visit", "#Needs", "What does the customer need?", "I'm at Nordmarkt Mitte", "a command, or the answer", "#▶ I'm at", "Nordmarkt Mitte")
}

// TestSaidByTheWrong: what somebody's role may not is said to be so, and not "not understood".
func TestSaidByTheWrong(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	has(t, talk(w, "tom", "Nordmarkt paid 8000"), "role")
	has(t, talk(w, "li.wei", "大润发没有断货"), "没听懂")
	has(t, talk(w, "li.wei", "永辉徐汇要求退货"), "没听懂")
}

// TestChangesGate: who may only see a row reads who changed it, not what: a promoter no fee.
func TestChangesGate(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	has(t, talk(w, "chen.jing", "/promo edit P-1002 gifts_per_store=7"), "P-1002")
	mei, jing := w.Speaker("terminal", "lin.mei"), w.Speaker("terminal", "chen.jing")
	say(t, jing, "/promo show P-1002", "新春堆头", "#🕘 修改记录", "修改记录")
	mei.Say("/promo show P-1002")
	mei.Read()
	mei.Press("🕘 修改记录")
	if m := has(t, mei.Read(), "修改记录"); strings.Contains(m.Text, "→") {
		t.Errorf("a promoter reads what was changed: %s", m.Text)
	}
}
