package accounttalk

import (
	"fmt"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/picture"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// weighers look at what customers take and give; finance sees nothing of visits.
var weighers = []person.Role{person.KAM, person.Manager}

var effortReport = command.Report{Name: "effort", Roles: weighers, Takes: []field.Field{{Key: "period", Kind: field.Text}}, Read: effort}

// askedEffort is what the report is about; it travels with its picture as text.
type askedEffort struct {
	span   calendar.Span
	among  accountstore.Narrowed
	person string // whose time
	title  string
}

func (q askedEffort) args() []string {
	return []string{string(q.span.From), string(q.span.To), q.person, q.among.Account, q.among.Territory}
}

// whoseEffort reads what the report is asked about: everything in sight, where nobody and
// nothing is named, and twelve months with this one, since sales are those of twelve months.
func whoseEffort(r *command.Request, a command.Args) (askedEffort, *chat.Reply, error) {
	q := askedEffort{title: r.Say("effort.everything")}
	span, named, err := r.Span(a.Values, &a)
	if err != nil {
		return q, nil, err
	}
	if q.span = span; !named {
		today := r.Words.Today(r.Said)
		first, _ := today.Month(-11)
		q.span = calendar.Span{From: first, To: today}
	}
	if a.Object == "" {
		return q, nil, nil
	}
	w, choose, err := r.WhoseOf("report", "effort", a)
	q.among, q.person, q.title = accountstore.Narrowed{Account: w.Account, Territory: w.Territory}, w.Person, w.Title
	return q, choose, err
}

// beyondShown is how many accounts the report names.
const beyondShown = 5

// effort is /report effort: by tier, what customers take beside what they give, and who
// takes most beyond their share.
func effort(r *command.Request, a command.Args) (chat.Reply, error) {
	q, choose, err := whoseEffort(r, a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	e, err := weigh(r, q)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("effort.title", "who", q.title, "from", q.span.From, "to", q.span.To)}
	if e.All.Minutes+e.All.Fees == 0 {
		reply.Text = r.Say("effort.none")
		return reply, nil
	}
	lines := []string{r.Say("effort.all", "hours", int(e.All.Minutes/60), "fees", r.MoneyIfAny(e.All.Fees), "people", int(e.All.People), "sales", r.Money(e.All.Sales))}
	for _, t := range e.Tiers {
		hours, fees, people, sales := t.Of(e.All)
		lines = append(lines, r.Say("effort.line", "tier", tierName(r, t.Tier), "n", t.Accounts, "hours", percent(hours), "fees", percent(fees), "any_fees", e.All.Fees > 0, "people", fmt.Sprintf("%.1f", t.People), "share", percent(people), "sales", percent(sales)))
	}
	if len(e.Beyond) > 0 {
		lines = append(lines, r.Say("effort.beyond"))
	}
	for _, b := range e.Beyond[:min(beyondShown, len(e.Beyond))] {
		lines = append(lines, r.Say("effort.beyond_line", "name", b.Name, "hours", percent(b.Hours), "sales", percent(b.Sold)))
		if len(reply.Buttons) < 3 {
			reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(b.Name, "account", "account:"+b.ID)})
		}
	}
	reply.Text = strings.Join(lines, "\n")
	reply.Buttons = append(reply.Buttons, []chat.Button{{Label: r.Say("effort.how"), Do: &chat.Do{Action: "effort.rules"}}})
	reply.File = &chat.File{Name: "effort.png", Make: "effort", Args: q.args()}
	return reply, nil
}

// weigh is the report of the accounts in sight.
func weigh(r *command.Request, q askedEffort) (account.EffortReport, error) {
	accounts, err := accountstore.Shares(r.Tx, r.Scope, q.among)
	if err != nil {
		return account.EffortReport{}, err
	}
	spent, err := r.Efforts(q.span)
	if q.person != "" {
		accounts, spent = account.Of(q.person, accounts, spent)
	}
	return account.MeasureEffort(accounts, spent), err
}

func tierName(r *command.Request, tier string) string {
	if tier == "" {
		return r.Say("effort.no_tier")
	}
	return r.Say("grade.account", "grade", tier)
}

// percent is a share as people read it; a small one with a decimal.
func percent(share float64) string {
	if share > 0 && share < 0.1 {
		return fmt.Sprintf("%.1f%%", share*100)
	}
	return fmt.Sprintf("%.0f%%", share*100)
}

// drawEffort draws, for each tier, its shares of what is spent and sold.
func drawEffort(r *command.Request, args []string) ([]byte, error) {
	e, err := weigh(r, askedEffort{span: calendar.Span{From: calendar.Day(args[0]), To: calendar.Day(args[1])}, person: args[2], among: accountstore.Narrowed{Account: args[3], Territory: args[4]}})
	if err != nil {
		return nil, err
	}
	var charts []picture.Chart
	for i, key := range []string{"hours", "fees", "people", "sales"} {
		c := picture.Chart{Title: r.Say("effort.picture_" + key), Most: 100, Print: func(v float64) string { return fmt.Sprintf("%.0f%%", v) }}
		for _, t := range e.Tiers {
			hours, fees, people, sales := t.Of(e.All)
			c.Add(tierName(r, t.Tier), []float64{hours, fees, people, sales}[i]*100)
		}
		if key != "fees" || e.All.Fees > 0 {
			charts = append(charts, c)
		}
	}
	return picture.Charts(charts...)
}

var effortRules = command.Button{Name: "effort.rules", Read: true, Run: func(r *command.Request, _ []string) (chat.Reply, error) {
	return chat.Reply{Title: r.Say("effort.how"), Text: r.Say("effort.rules")}, nil
}}
