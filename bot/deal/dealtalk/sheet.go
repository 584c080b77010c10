package dealtalk

import (
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// openSheet begins the negotiation sheet, or shows it where nothing was said of
// it. Who is not on the team finds nothing.
func openSheet(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), sheetForm.Name, nil)
	edit, rest := strings.CutPrefix(a.Object, "edit ")
	if rest {
		a.Object = edit
	}
	x, choose, err := onTeam(r, "sheet", a)
	if err != nil || choose != nil {
		return d, choose, err
	}
	sheet, _, err := dealstore.SheetOf(r.Tx, r.Scope, x.ID)
	if err != nil {
		return d, nil, err
	}
	if len(a.Order) == 0 && !rest {
		reply, err := sheetReply(r, x, sheet)
		return d, &reply, err
	}
	d.Subject, d.Version, d.About = x.ID, sheet.Version, x.name()
	for key, value := range map[string]string{"sheet_target": sheet.Target, "sheet_floor": sheet.Floor, "sheet_trades": sheet.Trades, "sheet_deadline": string(sheet.Deadline)} {
		if value != "" {
			d.Values[key] = value
		}
	}
	return d, nil, nil
}

// onTeam finds a deal that the person is on the team of.
func onTeam(r *command.Request, verb string, a command.Args) (subject, *chat.Reply, error) {
	x, choose, err := one(r, verb, a)
	if err != nil || choose != nil {
		return x, choose, err
	}
	ours, err := dealstore.OnTheTeam(r.Tx, r.Scope, x.ID)
	if err == nil && !ours {
		err = fault.New(fault.NotFound, "deal_sheet_none", "number", x.Number)
	}
	return x, nil, err
}

func saveSheet(r *command.Request, d form.Draft) (command.Saved, error) {
	x, _, err := onTeam(r, "sheet", command.Args{Object: "deal:" + d.Subject})
	if err != nil {
		return command.Saved{}, err
	}
	before, _, err := dealstore.SheetOf(r.Tx, r.Scope, x.ID)
	if err != nil {
		return command.Saved{}, err
	}
	if before.Version != d.Version {
		return command.Saved{}, fault.New(fault.Conflict, "changed")
	}
	after := before
	after.DealID, after.Target, after.Floor, after.Trades, after.Deadline = x.ID, d.Values["sheet_target"], d.Values["sheet_floor"], d.Values["sheet_trades"], calendar.Day(d.Values["sheet_deadline"])
	if after.Deadline != before.Deadline && after.Deadline != "" && after.Deadline < r.Words.Today(r.Said) {
		return command.Saved{}, fault.At("sheet_deadline", "due_past", "day", after.Deadline)
	}
	if err := dealstore.SetSheet(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	reply, err := sheetReply(r, x, after)
	reply.Keep = true
	reply.Buttons = append(reply.Buttons, []chat.Button{r.UndoButton()})
	return command.Saved{Reply: reply, ID: x.ID}, err
}

func openRound(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), roundForm.Name, nil)
	x, choose, err := onTeam(r, "round", a)
	d.Subject, d.About = x.ID, x.name()
	return d, choose, err
}

func saveRound(r *command.Request, d form.Draft) (command.Saved, error) {
	x, _, err := onTeam(r, "round", command.Args{Object: "deal:" + d.Subject})
	if err != nil {
		return command.Saved{}, err
	}
	n := deal.Round{DealID: x.ID, Ours: d.Values["round_ours"], Theirs: d.Values["round_theirs"], ByID: r.Who.ID}
	if err := dealstore.AddRound(r.Tx, &n); err != nil {
		return command.Saved{}, err
	}
	sheet, _, err := dealstore.SheetOf(r.Tx, r.Scope, x.ID)
	if err != nil {
		return command.Saved{}, err
	}
	reply, err := sheetReply(r, x, sheet)
	reply.Keep = true
	reply.Buttons = append(reply.Buttons, []chat.Button{r.UndoButton()})
	return command.Saved{Reply: reply, ID: x.ID}, err
}

// mostRounds is how many rounds a sheet shows.
const mostRounds = 8

// sheetReply is the negotiation sheet (谈判单) as its team reads it; it never
// goes to a shared room.
func sheetReply(r *command.Request, x subject, s deal.Sheet) (chat.Reply, error) {
	reply := chat.Reply{Title: r.Say("deal.sheet_title", "deal", x.name()), Text: r.Say("deal.sheet_private")}
	for _, line := range []chat.Line{{Label: r.Words.Label("sheet_target"), Value: s.Target}, {Label: r.Words.Label("sheet_floor"), Value: s.Floor}, {Label: r.Words.Label("sheet_trades"), Value: s.Trades}} {
		if line.Value != "" {
			reply.Fields = append(reply.Fields, line)
		}
	}
	if s.Deadline != "" {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Words.Label("sheet_deadline"), Value: r.Words.Day(s.Deadline)})
	}
	rounds, all, err := dealstore.RoundsOf(r.Tx, r.Scope, x.ID, mostRounds)
	if err != nil {
		return reply, err
	}
	for i, n := range rounds {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("deal.round_label", "n", int(all)-i, "time", r.Words.Time(n.At), "who", r.Name(n.ByID)), Value: r.Say("deal.round_text", "ours", n.Ours, "theirs", n.Theirs)})
	}
	reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.sheet_edit"), "deal", "sheet edit "+x.Ref()), command.SayButton(r.Say("button.round"), "deal", "round "+x.Ref()), cardButton(r, x)}}
	return reply, nil
}
