package visittalk

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/money"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

var readers = []person.Role{person.Rep, person.KAM, person.Manager, person.Promoter}

var reportOptions = []field.Field{{Key: "period", Kind: field.Text}, {Key: "by", Kind: field.Choice, Options: visit.Groups}}

// asked is what a report is about; it travels in buttons as text.
type asked struct {
	span  calendar.Span
	among visitstore.Among
	by    visit.Group
	title string
}

func (q asked) args(more ...string) []string {
	return append([]string{string(q.span.From), string(q.span.To), q.among.Person, q.among.Account, q.among.Territory}, more...)
}

func askedOf(args []string) asked {
	return asked{span: calendar.Span{From: calendar.Day(args[0]), To: calendar.Day(args[1])}, among: visitstore.Among{Person: args[2], Account: args[3], Territory: args[4]}, by: visit.ByPerson}
}

// understand reads what a report is asked about: period, break-down, and
// whose: a colleague, an account or a territory; a manager's own team unless
// told, anybody else's own places.
func understand(r *command.Request, a command.Args) (asked, *chat.Reply, error) {
	q := asked{title: r.Say("report.mine")}
	var err error
	if q.span, _, err = r.Span(a.Values, &a); err != nil {
		return q, nil, err
	}
	by, err := r.Option(a, reportOptions[1], string(visit.ByPerson))
	if err != nil {
		return q, nil, err
	}
	q.by = visit.Group(by)
	switch {
	case a.Object != "":
		w, choose, err := r.WhoseOf("report", "visits", a)
		q.among, q.title = visitstore.Among{Person: w.Person, Account: w.Account, Territory: w.Territory}, w.Title
		return q, choose, err
	case r.Who.Is(person.Manager):
		q.among.Territory, q.title = r.Who.Territory, r.Say("report.team")
	case r.Who.Is(person.Analyst):
		q.title = r.Say("report.company")
	default:
		q.among.Person = r.Who.ID
	}
	return q, nil, nil
}

func compute(r *command.Request, q asked) (visit.Result, []visit.Rhythm, error) {
	places, err := visitstore.Rhythm(r.Tx, r.Scope, q.among, r.Config.Visits.Cadence, q.span)
	if err != nil {
		return visit.Result{}, nil, err
	}
	done, err := visitstore.Done(r.Tx, r.Scope, q.among, q.span)
	if err != nil {
		return visit.Result{}, nil, err
	}
	err = visitstore.CountSteps(r.Tx, config.Of[visit.StepSettings](r.Config), q.span, done)
	return visit.Count(places, done, q.span, r.Words.Today(r.Said), q.by, q.among.Person), places, err
}

const mostGroups = 8

// numbers is /report visits: numbers first as a short text that says what is wrong,
// then the rows behind each, then the file.
func numbers(r *command.Request, a command.Args) (chat.Reply, error) {
	q, choose, err := understand(r, a)
	if err != nil {
		return chat.Reply{}, err
	}
	if choose != nil {
		return *choose, nil
	}
	result, _, err := compute(r, q)
	if err != nil {
		return chat.Reply{}, err
	}
	all := result.All
	reply := chat.Reply{Title: r.Say("report.visits_title", "who", q.title, "from", q.span.From, "to", q.span.To)}
	if all.Owned+all.Visits == 0 {
		reply.Text = nothingHere(r)
		return reply, nil
	}
	lines := []string{r.Say("report.wrong", "late", len(all.Late), "uncovered", len(all.Uncover), "flagged", all.Flagged, "done", all.InTime), groupLine(r, r.Say("report.all"), all)}
	if len(result.Keys) > 1 {
		lines = append(lines, command.Listed(r, result.Keys, mostGroups, len(result.Keys), func(key string) string {
			return groupLine(r, groupName(r, q.by, key), *result.Groups[key])
		})...)
	}
	reply.Text = strings.Join(lines, "\n")
	button := func(key, what string, n int) chat.Button {
		return chat.Button{Label: r.Say(key, "n", n), Do: &chat.Do{Action: "report.rows", Args: q.args(what)}}
	}
	var open []chat.Button
	if len(all.Late) > 0 {
		open = append(open, button("report.open_late", "late", len(all.Late)))
	}
	if len(all.Uncover) > 0 {
		open = append(open, button("report.open_uncovered", "uncovered", len(all.Uncover)))
	}
	if all.Flagged > 0 {
		open = append(open, button("report.open_flagged", "flagged", all.Flagged))
	}
	if len(open) > 0 {
		reply.Buttons = append(reply.Buttons, open)
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{button("report.open_visits", "visits", all.Visits),
		{Label: r.Say("report.file"), Do: &chat.Do{Action: "report.file", Args: q.args()}}, {Label: r.Say("report.how"), Do: &chat.Do{Action: "report.rules"}}})
	return reply, nil
}

// nothingHere says that there are no stores to look at, and what to do about it.
func nothingHere(r *command.Request) string {
	return r.Say("visit.no_places", "leads", r.Who.Is(person.Manager), "territory", r.Who.Territory)
}

// groupLine is the numbers of one group.
func groupLine(r *command.Request, name string, n visit.Numbers) string {
	percent := func(part, all int) string {
		p, ok := money.Percent(part, all)
		if !ok {
			return "–"
		}
		return fmt.Sprintf("%d%%", p)
	}
	stay := "–"
	if m := n.MedianStay(); m > 0 {
		stay = fmt.Sprint(int(m.Round(time.Minute) / time.Minute))
	}
	return r.Say("report.line", "name", name, "visits", n.Visits, "compliance", percent(n.InTime, n.Due), "intime", n.InTime, "due", n.Due, "coverage", percent(n.Visited, n.Owned),
		"strike", percent(n.Orders, n.Visits), "stay", stay, "verified", percent(n.Verified, n.ToStores), "has_steps", n.Steps > 0, "steps", percent(n.Stepped, n.Steps))
}

func groupName(r *command.Request, by visit.Group, key string) string {
	kind, grade, graded := strings.Cut(key, ":")
	if by == visit.ByTier && graded && grade != "" {
		return r.Say("grade."+kind, "grade", grade)
	}
	if key == "" || by == visit.ByTier {
		return r.Say("report.none")
	}
	if by != visit.ByPerson {
		return key
	}
	return r.Name(key)
}

const mostRows = 20

// openNumbers opens a number: what was late, what nobody visited, what is flagged.
func openNumbers(r *command.Request, args []string) (chat.Reply, error) {
	q := askedOf(args)
	what := args[5]
	if what == "flagged" || what == "visits" {
		found, err := visitstore.In(r.Tx, r.Scope, q.among, q.span, what == "flagged", mostRows)
		if err != nil {
			return chat.Reply{}, err
		}
		return listedVisits(r, r.Say("report.rows_"+what), found), nil
	}
	result, places, err := compute(r, q)
	if err != nil {
		return chat.Reply{}, err
	}
	named := map[string]visit.Rhythm{}
	for _, p := range places {
		named[p.Ref] = p
	}
	var lines []string
	reply := chat.Reply{Title: r.Say("report.rows_" + what)}
	add := func(ref, text string) {
		if len(lines) < mostRows {
			lines = append(lines, "· "+text)
		}
		if len(reply.Buttons) < 5 {
			reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(named[ref].Name, "account", ref)})
		}
	}
	n := len(result.All.Late)
	if what == "late" {
		for _, m := range result.All.Late {
			add(m.Place, r.Say("report.late_line", "place", named[m.Place].Name, "due", m.Due, "came", m.Came))
		}
	} else {
		n = len(result.All.Uncover)
		for _, ref := range result.All.Uncover {
			add(ref, named[ref].Name)
		}
	}
	if more := n - mostRows; more > 0 {
		lines = append(lines, r.Say("list.more_things", "n", more))
	}
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}

// file hangs the visits of a report on a message as a workbook.
func file(r *command.Request, args []string) (chat.Reply, error) {
	q := askedOf(args)
	name := fmt.Sprintf("visits_%s_%s.xlsx", q.span.From, q.span.To)
	return chat.Reply{Text: r.Say("report.file_here"), File: &chat.File{Name: name, Make: "visit_rows", Args: args[:5]}}, nil
}

// mostFile bounds the rows of a file that is sent in chat; more than that is
// for the shell's export.
const mostFile = 20_000

var fileColumns = []string{"on", "place", "person", "started_at", "finished_at", "presence", "distance_m", "met", "intent", "needs", "problems", "next_step", "ordered", "satisfaction", "flags", "rating"}

// makeFile writes the visits of a report, with headers in the reader's
// language.
func makeFile(r *command.Request, args []string) ([]byte, error) {
	q := askedOf(args)
	found, err := visitstore.In(r.Tx, r.Scope, q.among, q.span, false, mostFile)
	if err != nil {
		return nil, err
	}
	header := make([]string, len(fileColumns))
	for i, key := range fileColumns {
		header[i] = r.Words.Label(key)
	}
	var out bytes.Buffer
	w, err := sheet.NewWriter(&out, "xlsx", "visits", header)
	if err != nil {
		return nil, err
	}
	places := map[string]string{}
	for _, v := range found {
		values, err := cells(r, v, places)
		if err == nil {
			err = w.Write(values)
		}
		if err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}

// cells are a visit as the fileColumns of the file.
func cells(r *command.Request, v visit.Visit, places map[string]string) ([]any, error) {
	place, found := places[v.Place()]
	if !found {
		p, _, err := accountstore.PlaceByRef(r.Tx, r.Scope, v.Place())
		if err != nil {
			return nil, err
		}
		place, places[v.Place()] = p.Name, p.Name
	}
	values := visit.Catalogue.Values(v)
	out := make([]any, len(fileColumns))
	for i, key := range fileColumns {
		f, _ := visit.Catalogue.Get(key)
		switch key {
		case "on":
			out[i] = string(v.VisitedOn)
		case "place":
			out[i] = place
		case "person":
			out[i] = r.Name(v.PersonID)
		case "started_at":
			out[i] = r.Words.Clock(v.StartedAt)
		case "finished_at":
			out[i] = r.Words.Clock(v.FinishedAt)
		case "met":
			if r.SeesPeople(v.AccountID) {
				out[i] = v.Met
			}
		default:
			out[i] = form.Print(f, values[key], "", r.Env())
		}
	}
	return out, nil
}
