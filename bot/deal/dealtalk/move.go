package dealtalk

import (
	"cmp"
	"strings"

	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvaltalk"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

var advanceFields = []field.Field{stageField(false)}

// advance moves a deal forward: to the next stage, or to the one named.
func advance(r *command.Request, a command.Args) (chat.Reply, error) {
	x, rest, choose, err := oneAnd(r, "advance", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	if by, err := justMoved(r, x); err != nil || by != "" {
		return movedBefore(r, x, by, err)
	}
	to := ""
	if next, ok := x.funnel.Next(x.Stage); ok {
		to = next.Code
	}
	if name := cmp.Or(a.Values["to_stage"], rest); name != "" {
		all := make([]chat.Option, len(x.funnel))
		for i, s := range x.funnel {
			all[i] = chat.Option{Value: s.Code, Label: stageName(r, x.funnel, s.Code)}
		}
		found := command.Fitting(all, name)
		if len(found) != 1 || found[0].Guess {
			return chat.Reply{}, fault.Wrong("deal_stage_none", "query", chat.Cut(name, 40), "stages", stageNames(r, x.funnel))
		}
		to = found[0].Value
	}
	return forward(r, x, to)
}

func stageNames(r *command.Request, f deal.Funnel) string {
	var names []string
	for _, s := range f {
		names = append(names, stageName(r, f, s.Code))
	}
	return r.Words.List(names)
}

// justMoved keeps two people who say the same from moving a deal twice: it names
// the colleague who moved it a moment ago.
func justMoved(r *command.Request, x subject) (by string, err error) {
	if r.Tx.Now.Sub(x.EnteredStageAt) > r.Config.Visits.DoubleEntry {
		return "", nil
	}
	lines, err := dealstore.History(r.Tx, r.Scope, x.ID)
	if err != nil || len(lines) == 0 {
		return "", err
	}
	last := lines[len(lines)-1]
	if last.ByID == r.Who.ID || last.From == "" {
		return "", nil
	}
	return r.Name(last.ByID), nil
}

// movedBefore tells that a colleague moved the deal just now, and what comes
// next; a button moves it on.
func movedBefore(r *command.Request, x subject, by string, err error) (chat.Reply, error) {
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("deal.just_moved", "who", by, "deal", x.name(), "stage", stageName(r, x.funnel, x.Stage), "time", r.Words.Clock(x.EnteredStageAt))}
	if err := addGate(r, x, &reply); err != nil {
		return reply, err
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{cardButton(r, x)})
	return reply, nil
}

// pressAdvance is the button of an open gate: it moves from the stage that it
// was shown in, and from no other.
func pressAdvance(r *command.Request, x subject, args []string) (chat.Reply, error) {
	if x.Stage != args[0] || x.Status != deal.Open {
		return chat.Reply{}, changed(r, x)
	}
	return forward(r, x, args[1])
}

// forward goes through open gates, asks where a stage needs a yes, or says what
// is missing.
func forward(r *command.Request, x subject, to string) (chat.Reply, error) {
	if err := mayWork(r, x); err != nil {
		return chat.Reply{}, err
	}
	after, entry, err := x.funnel.Advance(x.Deal, to, x.size(), x.met(), r.Who.ID, r.Tx.Now)
	if f, ok := fault.As(err); ok && f.Key == "deal_gate" {
		return closedGate(r, x, to)
	}
	if err != nil {
		return chat.Reply{}, stagesNamed(r, x.funnel, err)
	}
	boss, ask, err := approver(r, x, to)
	if err != nil {
		return chat.Reply{}, err
	}
	if ask {
		return askStage(r, x, to, boss)
	}
	return enter(r, x, after, entry)
}

// closedGate says which gate on the way is closed and what it asks for.
func closedGate(r *command.Request, x subject, to string) (chat.Reply, error) {
	gates, _ := x.funnel.Way(x.Stage, to, x.size(), x.met())
	reply := chat.Reply{Title: r.Say("deal.gate_closed", "deal", x.name())}
	closed := gates[len(gates)-1].Stage.Code
	if err := addGateOf(r, x, closed, &reply); err != nil {
		return reply, err
	}
	row := []chat.Button{cardButton(r, x)}
	if above, err := leads(r, x); err != nil {
		return reply, err
	} else if above && r.Who.Is(person.Manager) {
		row = append(row, command.SayButton(r.Say("button.override"), "deal", "override "+x.Ref()+" to_stage="+closed))
	}
	reply.Buttons = append(reply.Buttons, row)
	return reply, nil
}

// keep writes a move: what was asked about the deal as it stood is asked no
// more, and in a new stage it goes to who holds it there. It returns the names
// of those who are asked to take it.
func keep(r *command.Request, x subject, after *deal.Deal, entry deal.Entry) ([]string, error) {
	var ask []person.Person
	var joins bool
	if after.Status == deal.Open {
		var err error
		if ask, joins, err = handOn(r, x, after); err != nil {
			return nil, err
		}
	}
	if err := dealstore.Change(r.Tx, x.Deal, *after, entry); err != nil {
		return nil, err
	}
	ends := []string{deal.AskStage, deal.AskWon, deal.AskHold}
	if after.Status != deal.Open {
		ends = append(ends, deal.AskOwner)
	}
	if err := withdraw(r, x, ends...); err != nil {
		return nil, err
	}
	if joins {
		if err := dealstore.Join(r.Tx, x.ID, r.Who.ID); err != nil {
			return nil, err
		}
	}
	var names []string
	for _, p := range ask {
		if err := approvaltalk.Propose(r, approval.Approval{Kind: deal.AskHold, Subject: x.Ref(), Args: []string{after.Stage}}, p); err != nil {
			return nil, err
		}
		names = append(names, p.Name)
	}
	return names, nil
}

// enter writes a step into a stage, hands the deal to who holds it there, and
// answers.
func enter(r *command.Request, x subject, after deal.Deal, entry deal.Entry) (chat.Reply, error) {
	asked, err := keep(r, x, &after, entry)
	if err != nil {
		return chat.Reply{}, err
	}
	from := stageName(r, x.funnel, entry.From)
	x.Deal = after
	reply := chat.Reply{Title: r.Say("deal.entered", "deal", x.name(), "from", from, "to", stageName(r, x.funnel, after.Stage), "weight", x.funnel.Stage(after.Stage).Weight), Keep: true}
	if entry.How == deal.ByOverride {
		reply.Text = r.Say("deal.overridden", "reason", entry.Reason) + "\n"
	}
	if len(asked) > 0 {
		reply.Text += r.Say("deal.hold_asked", "who", r.Words.List(asked))
	}
	reply.Text = strings.TrimSpace(reply.Text)
	if err := addGate(r, x, &reply); err != nil {
		return reply, err
	}
	if x.funnel.MayWin(x.Deal) == nil {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.won"), "deal", "won "+x.Ref())})
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{cardButton(r, x), r.UndoButton()})
	return reply, tellOwner(r, x, "deal.moved_you", "from", from, "to", stageName(r, x.funnel, after.Stage), "reason", entry.Reason)
}

// tellOwner brings what happened to a deal to its owner, unless the owner did
// it.
func tellOwner(r *command.Request, x subject, key string, args ...any) error {
	if x.OwnerID == r.Who.ID {
		return nil
	}
	return r.Tell(x.OwnerID, func(as *command.Request) chat.Reply {
		return chat.Reply{Text: as.Say(key, append([]any{"who", r.Who.Name, "deal", x.name(), "account", x.account.Name}, args...)...), Buttons: [][]chat.Button{{cardButton(as, x)}}}
	})
}

// mayOverride: only who leads the deal's owner.
func mayOverride(r *command.Request, x subject) error {
	if err := x.Opened(); err != nil {
		return err
	}
	above, err := leads(r, x)
	if err == nil && !above {
		err = fault.New(fault.Denied, "deal_override_own")
	}
	return err
}

// saveOverride moves a deal against a closed gate; the reason is shown for
// ever.
func saveOverride(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	after, entry, err := x.funnel.Override(x.Deal, d.Values["to_stage"], r.Who.ID, d.Values["reason"], r.Tx.Now)
	return moved(r, x, after, entry, err)
}

func saveBack(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	after, entry, err := x.funnel.Back(x.Deal, d.Values["to_stage"], r.Who.ID, d.Values["reason"], r.Tx.Now)
	return moved(r, x, after, entry, err)
}

func saveRestore(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	lines, err := dealstore.History(r.Tx, r.Scope, x.ID)
	if err != nil {
		return command.Saved{}, err
	}
	after, entry, err := x.funnel.Restore(x.Deal, lines, d.Values["to_stage"], r.Who.ID, d.Values["reason"], r.Tx.Now)
	if err == nil {
		if after.OwnerID, err = worksHere(r, x); after.OwnerID != x.OwnerID {
			after.HolderID = after.OwnerID
		}
	}
	return moved(r, x, after, entry, err)
}

func moved(r *command.Request, x subject, after deal.Deal, entry deal.Entry, err error) (command.Saved, error) {
	if err != nil {
		return command.Saved{}, stagesNamed(r, x.funnel, err)
	}
	reply, err := enter(r, x, after, entry)
	return command.Saved{Reply: reply, ID: x.ID}, err
}

// bossOf returns who leads the owner of a deal.
func bossOf(r *command.Request, x subject) (person.Person, bool, error) {
	owner, ok, err := personstore.ByID(r.Tx, x.OwnerID)
	if err != nil || !ok {
		return owner, false, err
	}
	return r.Boss(owner)
}

// leads reports whether the person leads the owner of a deal; an owner who is
// gone, any manager in sight of the deal.
func leads(r *command.Request, x subject) (bool, error) {
	owner, ok, err := personstore.ByID(r.Tx, x.OwnerID)
	if err != nil || !ok {
		return r.Who.Is(person.Manager), err
	}
	return r.Leads(owner)
}

// mayRestore: what was put aside or lost is opened again.
func mayRestore(_ *command.Request, x subject) error {
	switch x.Status {
	case deal.Stalled, deal.Lost:
		return nil
	case deal.Open:
		return fault.New(fault.Conflict, "deal_open", "number", x.Number)
	}
	return x.Opened()
}

// fillRestore wakes a stalled deal where it was put aside.
func fillRestore(r *command.Request, x subject, _ command.Args, d *form.Draft) error {
	if x.Status == deal.Stalled {
		code := x.funnel.Stage(x.Stage).Code
		d.Values["to_stage"], d.Shown["to_stage"] = code, stageName(r, x.funnel, code)
	}
	return nil
}
