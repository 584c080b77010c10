// Package persontalk is what people say about themselves: language, time zone,
// quiet hours, days away, where reminders go, and their handles.
package persontalk

import (
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
)

func single(name string, v command.Verb) command.Family {
	return command.Family{Name: name, Verbs: []command.Verb{v}}
}

// Module is what people set of themselves, and whether they still need what they may do.
var Module = command.Module{Name: "person", Words: words, Files: fileKinds, Digest: waits, Jobs: []func(*command.Request) error{askReviews}, Families: []command.Family{
	accessFamily,
	single("lang", command.Verb{Do: setLanguage}),
	single("tz", command.Verb{Do: setZone}),
	single("quiet", command.Verb{Do: setQuiet}),
	single("away", command.Verb{Do: setAway}),
	single("notify", command.Verb{Do: setNotify}),
	single("link", command.Verb{Do: link}),
	single("unlink", command.Verb{Do: unlink}),
	single("whoami", command.Verb{Read: whoami, Bare: true}),
}}

// change writes a change of the person of the request.
func change(r *command.Request, edit func(p *person.Person)) error {
	after := r.Who
	edit(&after)
	if err := personstore.People.Change(r.Tx, r.Who, after); err != nil {
		return err
	}
	r.Who = after
	r.Who.Version++
	r.Words = command.WordsFor(after, r.Config)
	return nil
}

// choose offers words to say behind a family.
func choose(text, family string, options map[string]string, order []string) chat.Reply {
	reply := chat.Reply{Text: text}
	for _, o := range order {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(options[o], family, o)})
	}
	return reply
}

func setLanguage(r *command.Request, a command.Args) (chat.Reply, error) {
	names := map[string]string{"zh": "中文", "en": "English"}
	code, ok := command.Named("choice.language", a.Object, lang.Codes)
	if !ok && a.Object != "" {
		return chat.Reply{}, fault.Wrong("choice", "options", "中文, English")
	}
	if !ok {
		return choose(r.Say("lang.ask"), "lang", names, []string{"zh", "en"}), nil
	}
	if err := change(r, func(p *person.Person) { p.Language = code }); err != nil {
		return chat.Reply{}, err
	}
	return chat.Reply{Text: r.Say("lang.done")}, nil
}

// Zones that are offered before one is typed.
var zones = []string{"Asia/Shanghai", "Asia/Singapore", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles"}

// ZoneQuestion asks for the time zone; it is asked once after linking where
// the platform does not tell it.
func ZoneQuestion(r *command.Request) chat.Reply {
	names := map[string]string{}
	for _, z := range zones {
		loc, _ := calendar.Zone(z)
		names[z] = z + " · " + r.Tx.Now.In(loc).Format("15:04")
	}
	return choose(r.Say("tz.ask"), "tz", names, zones)
}

func setZone(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object == "" {
		return ZoneQuestion(r), nil
	}
	loc, ok := calendar.Zone(a.Object)
	if !ok {
		return chat.Reply{}, fault.Wrong("zone", "zone", chat.Cut(a.Object, 60))
	}
	if err := change(r, func(p *person.Person) { p.Timezone, p.ZoneKnown = loc.String(), true }); err != nil {
		return chat.Reply{}, err
	}
	return chat.Reply{Text: r.Say("tz.done", "zone", loc.String(), "time", r.Words.Clock(r.Tx.Now))}, nil
}

func setQuiet(r *command.Request, a command.Args) (chat.Reply, error) {
	quiet := ""
	if off, _ := command.Named("word", a.Object, []string{"off"}); off == "" {
		w, ok := calendar.ParseWindow(a.Object)
		if !ok {
			return chat.Reply{}, fault.Wrong("quiet", "now", command.QuietOf(r).String())
		}
		quiet = w.String()
	}
	if err := change(r, func(p *person.Person) { p.Quiet = quiet }); err != nil {
		return chat.Reply{}, err
	}
	if quiet == "" {
		return chat.Reply{Text: r.Say("quiet.company", "window", command.QuietOf(r).String())}, nil
	}
	return chat.Reply{Text: r.Say("quiet.done", "window", quiet)}, nil
}

// spans between two days; the minus of a date has no spaces around it.
var spans = strings.NewReplacer("到", " ", "至", " ", "～", " ", "~", " ", "–", " ", "—", " ", " - ", " ")

// setAway notes days away: FROM [TO] [deputy], or "off" to come back.
func setAway(r *command.Request, a command.Args) (chat.Reply, error) {
	today := r.Words.Today(r.Said)
	if off, _ := command.Named("word", a.Object, []string{"off"}); off != "" {
		n, err := personstore.EndAway(r.Tx, r.Who.ID, today)
		if err == nil && n == 0 {
			err = fault.Wrong("away_none")
		}
		return chat.Reply{Text: r.Say("away.back")}, err
	}
	words := strings.Fields(spans.Replace(a.Object))
	var days []calendar.Day
	for len(words) > 0 && len(days) < 2 {
		d, ok := calendar.Parse(words[0], today, r.Words.Order())
		if !ok {
			break
		}
		days, words = append(days, d), words[1:]
	}
	if len(days) == 0 {
		return chat.Reply{}, fault.Wrong("away")
	}
	absence := person.Absence{PersonID: r.Who.ID, From: days[0], To: days[len(days)-1]}
	if absence.To < absence.From || absence.To < today {
		return chat.Reply{}, fault.Wrong("away_order")
	}
	text := r.Say("away.done", "from", absence.From, "to", absence.To)
	if len(words) > 0 {
		name := strings.Join(words, " ")
		deputy, ok, err := r.OneColleague(name)
		if err != nil {
			return chat.Reply{}, err
		}
		if !ok || deputy.ID == r.Who.ID {
			return chat.Reply{}, fault.New(fault.NotFound, "deputy", "query", chat.Cut(name, 60))
		}
		absence.Deputy = deputy.ID
		text = r.Say("away.done_deputy", "from", absence.From, "to", absence.To, "deputy", deputy.Name)
	}
	return chat.Reply{Text: text}, personstore.SetAway(r.Tx, absence)
}

var platforms = []string{"slack", "telegram"}

func setNotify(r *command.Request, a command.Args) (chat.Reply, error) {
	identities, err := personstore.Identities(r.Tx, r.Who.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	want, ok := command.Named("choice.platform", a.Object, append([]string{"auto"}, platforms...))
	if !ok && a.Object != "" {
		return chat.Reply{}, fault.Wrong("choice", "options", "auto, slack, telegram")
	}
	if !ok {
		names, order := map[string]string{"auto": r.Words.Choice("platform", "auto")}, []string{"auto"}
		for _, i := range identities {
			names[i.Platform] = r.Words.Choice("platform", i.Platform)
			order = append(order, i.Platform)
		}
		return choose(r.Say("notify.ask"), "notify", names, order), nil
	}
	linked := want == "auto"
	for _, i := range identities {
		linked = linked || i.Platform == want
	}
	if !linked {
		return chat.Reply{}, fault.Wrong("not_linked", "platform", r.Words.Choice("platform", want))
	}
	if want == "auto" {
		want = ""
	}
	if err := change(r, func(p *person.Person) { p.Notify = want }); err != nil {
		return chat.Reply{}, err
	}
	if want == "" {
		return chat.Reply{Text: r.Say("notify.auto")}, nil
	}
	return chat.Reply{Text: r.Say("notify.done", "platform", r.Words.Choice("platform", want))}, nil
}

// link makes a code that joins another handle to this person. The code itself
// is said by the stranger, on the other platform.
func link(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object != "" {
		return chat.Reply{}, fault.Wrong("code_unknown")
	}
	code, err := personstore.NewCode(r.Tx, r.Who.ID, personstore.LinkCodeLife)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Text: r.Say("link.code", "code", code, "minutes", int(personstore.LinkCodeLife/time.Minute))}
	if url := r.Links.Link(chat.Telegram, code); url != "" && r.Place.Platform != chat.Telegram {
		reply.Buttons = [][]chat.Button{{{Label: r.Say("button.open_telegram"), URL: url}}}
	}
	return reply, nil
}

func unlink(r *command.Request, a command.Args) (chat.Reply, error) {
	platform, ok := command.Named("choice.platform", a.Object, platforms)
	if !ok {
		return chat.Reply{}, fault.Wrong("unlink")
	}
	name := r.Words.Choice("platform", platform)
	n, err := personstore.Unlink(r.Tx, r.Who.ID, platform)
	if err == nil && n == 0 {
		err = fault.Wrong("not_linked", "platform", name)
	}
	return chat.Reply{Text: r.Say("unlink.done", "platform", name)}, err
}

// roleNames are somebody's roles as the reader calls them.
func roleNames(r *command.Request, p person.Person) string {
	var names []string
	for _, role := range p.Roles {
		names = append(names, r.Words.Choice("roles", string(role)))
	}
	return r.Words.List(names)
}

func whoami(r *command.Request, _ command.Args) (chat.Reply, error) {
	identities, err := personstore.Identities(r.Tx, r.Who.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	var linked []string
	for _, i := range identities {
		linked = append(linked, r.Words.Choice("platform", i.Platform))
	}
	reply := chat.Reply{Title: r.Who.Name, Fields: []chat.Line{
		{Label: r.Words.Label("handle"), Value: r.Who.Handle},
		{Label: r.Words.Label("roles"), Value: roleNames(r, r.Who)},
		{Label: r.Words.Label("timezone"), Value: r.Words.Zone.String() + " · " + r.Words.Clock(r.Tx.Now)},
		{Label: r.Say("whoami.quiet"), Value: command.QuietOf(r).String()},
	}}
	add := func(label, value string) {
		if value != "" {
			reply.Fields = append(reply.Fields, chat.Line{Label: label, Value: value})
		}
	}
	add(r.Words.Label("territory"), r.Who.Territory)
	add(r.Say("whoami.linked"), r.Words.List(linked))
	if r.Who.ReportsTo != "" {
		add(r.Words.Label("reports_to"), r.Name(r.Who.ReportsTo))
	}
	away, err := personstore.Away(r.Tx, r.Who.ID, r.Words.Today(r.Tx.Now))
	for _, x := range away {
		add(r.Say("whoami.away"), r.Words.Day(x.From)+" – "+r.Words.Day(x.To))
	}
	return reply, err
}
