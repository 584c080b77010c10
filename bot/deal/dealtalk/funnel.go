package dealtalk

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/picture"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// funnel is /funnel: the four measures, the picture, and the deals behind each
// figure.
var funnel = command.Family{
	Name:    "funnel",
	Default: "show",
	Verbs:   []command.Verb{{Name: "show", Roles: append([]person.Role{person.Analyst}, sellers...), Takes: funnelFields, Read: measures}},
	Buttons: []command.Button{
		{Name: "funnel.open", Read: true, Run: openFigure},
		{Name: "funnel.rules", Read: true, Run: func(r *command.Request, _ []string) (chat.Reply, error) {
			return chat.Reply{Title: r.Say("funnel.rules_title"), Text: r.Say("funnel.rules")}, nil
		}},
	},
}

var funnelFields = append([]field.Field{{Key: "period", Kind: field.Text}, {Key: "products", Kind: field.Text}}, pick("buying_situation")...)

// about is what the figures are about; it travels in buttons as text.
type about struct {
	span  calendar.Span
	among dealstore.Among
	title string
}

// args are what buttons and pictures carry; the situation stands behind the others: buttons
// of a program that knew none do without.
func (q about) args(more ...string) []string {
	args := append([]string{string(q.span.From), string(q.span.To), q.among.Person, q.among.Team, q.among.Territory, q.among.Account, q.among.Product, q.title}, more...)
	return append(args, q.among.Situation)
}

const aboutArgs = 8

func aboutOf(args []string, more int) about {
	q := about{span: calendar.Span{From: calendar.Day(args[0]), To: calendar.Day(args[1])}, title: args[7],
		among: dealstore.Among{Person: args[2], Team: args[3], Territory: args[4], Account: args[5], Product: args[6]}}
	if len(args) > aboutArgs+more {
		q.among.Situation = args[aboutArgs+more]
	}
	return q
}

// understand reads whose funnel is asked for, and of which time: a manager's
// territory unless told, anybody else's own.
func understand(r *command.Request, a command.Args) (about, *chat.Reply, error) {
	q := about{title: r.Who.Name, among: dealstore.Among{Product: a.Values["products"]}}
	var named bool
	var err error
	if q.among.Situation, err = r.Option(a, pick("buying_situation")[0], ""); err != nil {
		return q, nil, err
	}
	if q.span, named, err = r.Span(a.Values, &a); err != nil {
		return q, nil, err
	}
	if !named { // a year: slopes and medians need enough deals
		today := r.Words.Today(r.Said)
		q.span = calendar.Span{From: today.Add(-364), To: today}
	}
	var choose *chat.Reply
	switch word := strings.ToLower(a.Object); {
	case a.Object == "" && r.Who.Is(person.Manager):
		q.among.Territory, q.title = r.Who.Territory, sightOf(r)
	case a.Object == "" && r.Who.Is(person.Analyst):
		q.title = r.Say("funnel.company")
	case a.Object == "":
		q.among.Person = r.Who.ID
	case slices.Contains(teamWords, word):
		q.among.Team, q.title = r.Who.ID, r.Say("funnel.team", "who", r.Who.Name)
	default:
		var w command.Whose
		w, choose, err = r.WhoseOf("funnel", "show", a)
		q.among.Person, q.among.Territory, q.among.Account, q.title = w.Person, w.Territory, w.Account, w.Title
	}
	if q.among.Product != "" {
		q.title += " · " + q.among.Product
	}
	if q.among.Situation != "" {
		q.title += " · " + r.Words.Choice("buying_situation", q.among.Situation)
	}
	return q, choose, err
}

// sightOf is what a manager leads.
func sightOf(r *command.Request) string {
	if r.Who.Territory == "" {
		return r.Say("funnel.company")
	}
	return r.Who.Territory
}

// figures are what the store is asked.
func figures(r *command.Request, q about) (dealstore.Asked, error) {
	f := funnelOf(r)
	pace, err := dealstore.Paces(r.Tx, f)
	return dealstore.Asked{Among: q.among, Funnel: f, From: q.span.From.At(0, r.Words.Zone), Until: q.span.To.Add(1).At(0, r.Words.Zone), Today: r.Words.Today(r.Tx.Now), Now: r.Tx.Now, Zone: r.Config.Company.Zone(), Pace: pace}, err
}

func compute(r *command.Request, q about) (deal.Measures, deal.Funnel, error) {
	ask, err := figures(r, q)
	if err != nil {
		return deal.Measures{}, nil, err
	}
	rows, err := dealstore.Figures(r.Tx, r.Scope, ask)
	return deal.Measure(ask.Funnel, rows), ask.Funnel, err
}

// measures is /funnel: ten lines, what is wrong first, and the picture.
func measures(r *command.Request, a command.Args) (chat.Reply, error) {
	q, choose, err := understand(r, a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	n, f, err := compute(r, q)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("funnel.title", "who", q.title, "from", q.span.From, "to", q.span.To)}
	if n.Deals+n.Won+n.Lost == 0 {
		reply.Text = r.Say("funnel.none")
		return reply, nil
	}
	text := []string{r.Say("funnel.wrong", "stuck", n.Stuck, "slipped", n.Slipped, "single", n.Single, "no_step", n.NoStep)}
	text = append(text, r.Say("funnel.capacity", "n", int(n.Deals), "value", r.Money(n.Value), "weighted", r.Money(n.Weighted)))
	text = append(text, r.Say("funnel.slope", "steps", slopes(r, f, n)))
	if n.EvenKnown {
		text = append(text, r.Say("funnel.evenness", "even", fmt.Sprintf("%.2f", n.Even), "spread", fullest(r, f, n)))
	}
	text = append(text, r.Say("funnel.pace", "steps", stays(r, f, n)))
	if rate, known := n.WinRate(); known {
		text = append(text, r.Say("funnel.velocity", "won", n.Won, "value", r.Money(n.WonValue), "lost", n.Lost, "rate", rate, "cycle", n.Cycle, "cycle_known", n.CycleKnown, "perday", r.Money(n.PerDay), "perday_known", n.PerDayKnown))
	}
	if len(n.Forecast) > 0 {
		text = append(text, r.Say("funnel.forecast", "months", months(r, n)))
	}
	if len(n.WonFor) > 0 {
		text = append(text, r.Say("funnel.won_for", "reasons", reasons(r, "won_why", n.WonFor)))
	}
	if len(n.LostFor) > 0 {
		text = append(text, r.Say("funnel.lost_for", "reasons", reasons(r, "lost_why", n.LostFor)))
	}
	if len(n.LostTo) > 0 {
		var rivals []string
		for _, e := range n.LostTo[:min(mostReasons, len(n.LostTo))] {
			rivals = append(rivals, fmt.Sprintf("%s %d", e.LostTo, e.N))
		}
		text = append(text, r.Say("funnel.lost_to", "rivals", r.Words.List(rivals)))
	}
	reply.Text = strings.Join(text, "\n")
	reply.Buttons = figureButtons(r, q, f, n)
	reply.File = &chat.File{Name: "funnel.png", Make: "funnel", Args: q.args()}
	return reply, nil
}

// How much one line of the answer names.
const (
	mostReasons = 3
	mostMonths  = 4
)

// slopes are the conversions, those that too few deals prove with a mark.
func slopes(r *command.Request, f deal.Funnel, n deal.Measures) string {
	var out []string
	for i, s := range n.Stages {
		mark := ""
		if !s.Measured {
			mark = "≈"
		}
		to := r.Words.Choice("status", deal.Won)
		if i+1 < len(f) {
			to = stageName(r, f, f[i+1].Code)
		}
		out = append(out, fmt.Sprintf("→%s %s%d%%", to, mark, int(s.Conversion*100+0.5)))
	}
	return strings.Join(out, " ")
}

// fullest names the stages that hold most more, and most less, than an even
// funnel would.
func fullest(r *command.Request, f deal.Funnel, n deal.Measures) string {
	over, under, most, fewest := "", "", 0.0, 0.0
	for _, s := range n.Stages {
		diff := float64(s.Value)/float64(max(1, n.Value)) - s.Healthy
		if diff > most {
			over, most = stageName(r, f, s.Code), diff
		}
		if diff < fewest {
			under, fewest = stageName(r, f, s.Code), diff
		}
	}
	if over == "" || under == "" {
		return ""
	}
	return r.Say("funnel.spread", "over", over, "under", under)
}

func stays(r *command.Request, f deal.Funnel, n deal.Measures) string {
	var out []string
	for _, s := range n.Stages {
		days := "–"
		if s.DaysKnown {
			days = fmt.Sprint(s.Days)
		}
		out = append(out, stageName(r, f, s.Code)+" "+days)
	}
	return strings.Join(out, " · ")
}

// months is the forecast in a line: the next months, what comes later, and what
// has no date.
func months(r *command.Request, n deal.Measures) string {
	var out []string
	later, some := int64(0), false
	for i, m := range n.Forecast {
		switch {
		case m.Month == "":
			if some {
				out, some = append(out, r.Say("funnel.later", "value", r.Money(later))), false
			}
			out = append(out, r.Say("funnel.no_month")+" "+r.Money(m.Weighted))
		case i >= mostMonths:
			later, some = later+m.Weighted, true
		default:
			out = append(out, m.Month+" "+r.Money(m.Weighted))
		}
	}
	if some {
		out = append(out, r.Say("funnel.later", "value", r.Money(later)))
	}
	return strings.Join(out, " · ")
}

func reasons(r *command.Request, key string, ends []deal.Ended) string {
	var out []string
	for _, e := range ends[:min(mostReasons, len(ends))] {
		name := r.Words.Choice(key, e.Reason)
		if name == "" {
			name = r.Say("funnel.no_reason")
		}
		out = append(out, fmt.Sprintf("%s %d", name, e.N))
	}
	return r.Words.List(out)
}

// figureButtons open figures to the deals behind them.
func figureButtons(r *command.Request, q about, f deal.Funnel, n deal.Measures) [][]chat.Button {
	open := func(label, what, value string) chat.Button {
		return chat.Button{Label: chat.Cut(label, 60), Do: &chat.Do{Action: "funnel.open", Args: q.args(what, value)}}
	}
	var out [][]chat.Button
	var row []chat.Button
	flush := func(most int) {
		if len(row) > most {
			out, row = append(out, row), nil
		}
	}
	for _, w := range []struct {
		key string
		n   int64
	}{{"stuck", n.Stuck}, {"slipped", n.Slipped}, {"single", n.Single}, {"no_step", n.NoStep}} {
		if w.n > 0 {
			row = append(row, open(r.Say("funnel.open_"+w.key, "n", int(w.n)), "wrong", w.key))
			flush(1)
		}
	}
	flush(0)
	for _, s := range n.Stages {
		if s.Deals > 0 {
			row = append(row, open(fmt.Sprintf("%s %d", stageName(r, f, s.Code), s.Deals), "stage", s.Code))
			flush(2)
		}
	}
	flush(0)
	for _, m := range n.Forecast[:min(mostMonths, len(n.Forecast))] {
		name, value := m.Month, m.Month
		if value == "" {
			name, value = r.Say("funnel.no_month"), "none"
		}
		row = append(row, open("📅 "+name, "month", value))
		flush(3)
	}
	flush(0)
	for _, end := range []struct {
		status string
		n      int64
	}{{deal.Won, n.Won}, {deal.Lost, n.Lost}} {
		if end.n > 0 {
			row = append(row, open(fmt.Sprintf("%s %d", r.Words.Choice("status", end.status), end.n), "status", end.status))
		}
	}
	row = append(row, chat.Button{Label: r.Say("report.how"), Do: &chat.Do{Action: "funnel.rules"}})
	flush(0)
	return out
}

// openFigure lists the deals behind a figure.
func openFigure(r *command.Request, args []string) (chat.Reply, error) {
	q := aboutOf(args, 2)
	what, value := args[aboutArgs], args[aboutArgs+1]
	ask, err := figures(r, q)
	if err != nil {
		return chat.Reply{}, err
	}
	var which dealstore.Which
	name := value
	switch what {
	case "wrong":
		which.Wrong, name = value, r.Say("funnel.name_"+value)
	case "stage":
		which.Stage, name = value, stageName(r, ask.Funnel, value)
	case "month":
		if which.Month = value; value == "none" {
			name = r.Say("funnel.no_month")
		}
	case "status":
		which.Status, name = value, r.Words.Choice("status", value)
	}
	found, all, err := dealstore.Behind(r.Tx, r.Scope, ask, which, listed)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(found) == 0 {
		return chat.Reply{Text: r.Say("funnel.none")}, nil
	}
	return cards(r, r.Say("funnel.behind", "who", q.title, "what", name, "n", int(all)), found, all)
}

// drawFunnel makes the picture of a funnel with the sight of its reader.
func drawFunnel(r *command.Request, args []string) ([]byte, error) {
	q := aboutOf(args, 0)
	ask, err := figures(r, q)
	if err != nil {
		return nil, err
	}
	rows, err := dealstore.Shape(r.Tx, r.Scope, ask)
	if err != nil {
		return nil, err
	}
	f, n := ask.Funnel, deal.Measure(ask.Funnel, rows)
	whole := func(minor int64) string { return strings.TrimSuffix(r.Money(minor), ".00") }
	p := picture.Funnel{Title: r.Say("funnel.picture_title", "who", q.title), Note: r.Say("funnel.picture_note", "value", whole(n.Value), "weighted", whole(n.Weighted)), Open: r.Say("funnel.picture_open"), Healthy: r.Say("funnel.picture_healthy"), Forecast: r.Say("funnel.picture_forecast"), Print: func(v float64) string { return whole(int64(v)) }}
	for _, s := range n.Stages {
		p.Stages = append(p.Stages, picture.Bar{Name: r.Say("funnel.picture_bar", "stage", stageName(r, f, s.Code), "n", int(s.Deals)), Value: float64(s.Value), Aim: s.Healthy * float64(n.Value)})
	}
	for _, m := range n.Forecast[:min(6, len(n.Forecast))] {
		name := m.Month
		if name == "" {
			name = r.Say("funnel.no_month")
		}
		p.Months = append(p.Months, picture.Bar{Name: name, Value: float64(m.Weighted)})
	}
	return p.PNG()
}
