package salestalk

import (
	"errors"
	"strings"

	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/sales"
	"fieldbot/bot/sales/salesstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

const shown = 12

// sheet is what was sold in a span up to today, or in a period that is named: of a store that words name, else the
// promoter's own, else everything in sight.
func sheet(span func(today calendar.Day) calendar.Span) func(r *command.Request, a command.Args) (chat.Reply, error) {
	return func(r *command.Request, a command.Args) (chat.Reply, error) {
		days, named, err := r.Span(a.Values, &a)
		if err != nil {
			return chat.Reply{}, err
		}
		if !named {
			days = span(r.Words.Today(r.Said))
		}
		who, storeID, title := "", "", r.Say("sales.all")
		switch {
		case a.Object != "":
			s, choose, err := r.OneStore("sales", "week", a)
			if err != nil || choose != nil {
				return command.OrEmpty(choose), err
			}
			storeID, title = s.ID, s.Name
		case r.Who.Is(person.Promoter):
			who, title = r.Who.ID, r.Who.Name
		}
		sums, err := salesstore.Sums(r.Tx, r.Scope, who, storeID, days)
		if err != nil {
			return chat.Reply{}, err
		}
		reply := chat.Reply{Title: r.Say("sales.sheet", "who", title, "from", days.From, "to", days.To, "one", days.From == days.To)}
		if len(sums) == 0 {
			reply.Text = r.Say("sales.none", "from", days.From, "to", days.To, "one", days.From == days.To)
			return reply, nil
		}
		names := map[string]string{}
		for _, x := range sums {
			p, _, err := productstore.ByID(r.Tx, x.ProductID)
			if err != nil {
				return reply, err
			}
			names[x.ProductID] = p.Label()
		}
		lines := command.Listed(r, sums, shown, len(sums), func(x sales.Sum) string {
			return r.Say("sales.sum", "product", names[x.ProductID], "units", x.Units, "gifts", x.Gifts, "days", x.Days)
		})
		said, err := salesstore.Said(r.Tx, r.Scope, days, 5)
		for _, x := range said {
			if who != "" && x.PersonID != who || storeID != "" && x.StoreID != storeID {
				continue
			}
			for key, words := range map[string]string{"sales.remark": x.Remarks, "sales.rival": x.Rival} {
				if words != "" {
					lines = append(lines, r.Say(key, "words", chat.Cut(chat.OneLine(words), 120), "day", x.On))
				}
			}
		}
		reply.Text = strings.Join(lines, "\n")
		return reply, err
	}
}

// doneToday counts the person's units of the day.
func doneToday(r *command.Request) (string, error) {
	today := r.Words.Today(r.Tx.Now)
	sums, err := salesstore.Sums(r.Tx, r.Scope, r.Who.ID, "", calendar.Span{From: today, To: today})
	units := int64(0)
	for _, x := range sums {
		units += x.Units
	}
	if err != nil || units == 0 {
		return "", err
	}
	return r.Say("sales.done_today", "n", units), nil
}

// The time from which a promoter is reminded of a missing report, local, and until when:
// quiet hours begin (domain.md §11).
const (
	remindAt    calendar.Clock = 21*60 + 30
	remindUntil calendar.Clock = 22*60 + 30
)

// remindMissing reminds promoters in the evening whose report is missing, once a day.
func remindMissing(r *command.Request) error {
	all, err := personstore.Active(r.Tx)
	for _, p := range all {
		if p.Is(person.Promoter) {
			err = errors.Join(err, r.Tx.Try(func() error { return remindOne(r.As(p)) }))
		}
	}
	return err
}

func remindOne(r *command.Request) error {
	now := calendar.ClockOf(r.Tx.Now.In(r.Words.Zone))
	today := r.Words.Today(r.Tx.Now)
	if now < remindAt || now >= remindUntil {
		return nil
	}
	hours, err := command.Hours(r)
	if err != nil || !hours.Free(today) {
		return err
	}
	done, err := salesstore.Reported(r.Tx, r.Who.ID, today)
	if err != nil || done {
		return err
	}
	if first, err := r.Tx.MarkOnce("sales missing", r.Who.ID, string(today)); err != nil || !first {
		return err
	}
	_, err = command.Send(r.Tx, r.Who, chat.Reply{Text: r.Say("sales.missing"), Buttons: [][]chat.Button{{command.SayButton(r.Say("button.sales"), "sales", "log")}}})
	return err
}

// waits tells who serves a store in the morning which promoters did not report yesterday.
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning {
		return nil, nil
	}
	yesterday := r.Words.Today(r.Tx.Now).Add(-1)
	if !r.Config.Company.Calendar().Working(yesterday) {
		return nil, nil
	}
	silent, err := salesstore.Silent(r.Tx, r.Who.ID, yesterday)
	if err != nil || len(silent) == 0 {
		return nil, err
	}
	out := command.Section{Title: r.Say("sales.silent", "n", len(silent), "day", yesterday)}
	for _, p := range silent {
		out.Items = append(out.Items, command.Item{Label: p.Name, Line: "· " + p.Name})
	}
	return []command.Section{out}, nil
}
