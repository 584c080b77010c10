package invoicetalk

import (
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// weeksAhead is how far the forecast looks.
const weeksAhead = 8

// forecast is what is expected to come in by week (回款预测), of all in sight or whom words
// name, with how it was computed.
func forecast(r *command.Request, a command.Args) (chat.Reply, error) {
	title, among := r.Say("ageing.all"), invoicestore.Among{}
	if a.Object != "" {
		w, choose, err := r.WhoseOf("ageing", "forecast", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		title, among = w.Title, invoicestore.Among{Account: w.Account, Territory: w.Territory, Person: w.Person}
	}
	today := r.Words.Today(r.Said)
	payers, err := invoicestore.Payers(r.Tx, r.Scope, among, today)
	if err != nil {
		return chat.Reply{}, err
	}
	weeks, overdue := invoice.Forecast(payers, today, weeksAhead)
	reply := chat.Reply{Title: r.Say("forecast.title", "who", title)}
	var lines []string
	total := int64(0)
	for _, w := range weeks {
		total += w.Expected
		if w.Due+w.Promised > 0 {
			lines = append(lines, r.Say("forecast.week", "from", w.From, "to", w.From.Add(6), "expected", r.Money(w.Expected), "due", r.MoneyIfAny(w.Due), "promised", r.MoneyIfAny(w.Promised)))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, r.Say("forecast.nothing", "weeks", weeksAhead))
	} else {
		lines = append([]string{r.Say("forecast.sum", "weeks", weeksAhead, "expected", r.Money(total))}, lines...)
	}
	if overdue > 0 {
		lines = append(lines, r.Say("forecast.overdue", "amount", r.Money(overdue)))
	}
	reply.Text = strings.Join(append(lines, r.Say("forecast.method")), "\n")
	return reply, nil
}
