package dealtalk

import (
	"slices"
	"strings"

	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/approval/approvaltalk"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// withdraw ends questions about a deal: the answer would be to something else.
func withdraw(r *command.Request, x subject, kinds ...string) error {
	for _, kind := range kinds {
		if err := approvalstore.Withdraw(r.Tx, kind, x.Ref()); err != nil {
			return err
		}
	}
	return nil
}

// subjectOf is the deal that an approval is about, seen by who asked: the approver
// may be asked before anything of it is in sight.
func subjectOf(r *command.Request, a approval.Approval) (subject, error) {
	return byID(asSystem(r), strings.TrimPrefix(a.Subject, "deal:"))
}

// approver returns whose yes a stage on the way needs; ask is false where none
// does, or the person's own is enough.
func approver(r *command.Request, x subject, to string) (boss person.Person, ask bool, err error) {
	i, _ := x.funnel.Index(x.Stage)
	j, _ := x.funnel.Index(to)
	if !slices.ContainsFunc(x.funnel[i+1:j+1], func(s deal.Stage) bool { return s.Approval }) {
		return boss, false, nil
	}
	return superior(r, x)
}

// superior returns who is to agree for the owner of a deal; ask is false if the
// person's own word is enough: whoever leads the owner, and a manager whom
// nobody leads.
func superior(r *command.Request, x subject) (boss person.Person, ask bool, err error) {
	if above, err := leads(r, x); err != nil || above {
		return boss, false, err
	}
	boss, ask, err = bossOf(r, x)
	if top := x.OwnerID == r.Who.ID && r.Who.Is(person.Manager); err == nil && !ask && !top {
		err = fault.New(fault.Denied, "deal_no_boss", "number", x.Number)
	}
	return boss, ask, err
}

// propose asks about a deal, in place of what was asked before; the very same
// question is not asked twice.
func propose(r *command.Request, x subject, a approval.Approval, to person.Person) error {
	a.Subject = x.Ref()
	waiting, some, err := approvalstore.Of(r.Tx, a.Kind, a.Subject)
	if err != nil {
		return err
	}
	if some && waiting.ApproverID == to.ID && slices.Equal(waiting.Args, a.Args) {
		return fault.New(fault.Conflict, "deal_asked_before", "who", to.Name, "day", calendar.On(waiting.AskedAt.In(r.Words.Zone)))
	}
	if err := withdraw(r, x, a.Kind); err != nil {
		return err
	}
	return approvaltalk.Propose(r, a, to)
}

func waitsFor(r *command.Request, x subject, text string) chat.Reply {
	return r.Done(text, cardButton(r, x))
}

func askStage(r *command.Request, x subject, to string, boss person.Person) (chat.Reply, error) {
	err := propose(r, x, approval.Approval{Kind: deal.AskStage, Args: []string{x.Stage, to}}, boss)
	return waitsFor(r, x, r.Say("deal.stage_asked", "who", boss.Name, "deal", x.name(), "stage", stageName(r, x.funnel, to))), err
}

func askWon(r *command.Request, x subject, why string, boss person.Person) (chat.Reply, error) {
	err := propose(r, x, approval.Approval{Kind: deal.AskWon, Note: why}, boss)
	return waitsFor(r, x, r.Say("deal.won_asked", "who", boss.Name, "deal", x.name())), err
}

func describeStage(r *command.Request, a approval.Approval) (string, error) {
	x, err := subjectOf(r, a)
	if err != nil {
		return "", err
	}
	g := x.funnel.Gate(a.Args[1], x.size(), x.met())
	var met []string
	for _, c := range g.Met {
		met = append(met, criterionName(r, c))
	}
	return r.Say("deal.ask_stage", "deal", x.name(), "account", x.account.Name, "value", r.Money(x.Value), "from", stageName(r, x.funnel, a.Args[0]), "to", stageName(r, x.funnel, a.Args[1]), "met", r.Words.List(met)), nil
}

// decideStage moves the deal if it still stands where it did and its gates are
// still open; the line of history is the asker's step.
func decideStage(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	x, err := subjectOf(r, a)
	if err != nil {
		return err
	}
	if x.Stage != a.Args[0] || x.Status != deal.Open {
		return changed(asSystem(r), x)
	}
	after, entry, err := x.funnel.Advance(x.Deal, a.Args[1], x.size(), x.met(), a.AskedBy, r.Tx.Now)
	if err != nil {
		return stagesNamed(r, x.funnel, err)
	}
	_, err = keep(r, x, &after, entry)
	return err
}

// asSystem is the request with sight of what an approval is about.
func asSystem(r *command.Request) *command.Request {
	out := *r
	out.Scope = access.System("what an approver is asked")
	return &out
}

func describeWon(r *command.Request, a approval.Approval) (string, error) {
	x, err := subjectOf(r, a)
	return r.Say("deal.ask_won", "deal", x.name(), "account", x.account.Name, "value", r.Money(x.Value), "reason", r.Words.Choice("won_why", a.Note)), err
}

func decideWon(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	x, err := subjectOf(r, a)
	if err != nil {
		return err
	}
	after, entry, err := x.funnel.Win(x.Deal, a.Note, a.AskedBy, r.Tx.Now)
	if err != nil {
		return stagesNamed(r, x.funnel, err)
	}
	_, err = keep(r, x, &after, entry)
	return err
}

// holders are who holds a deal in a stage, the lead first.
func holders(r *command.Request, x subject, stage string) ([]string, error) {
	var out []string
	for _, h := range x.funnel.Stage(stage).Holders {
		id := x.OwnerID
		switch h {
		case deal.AccountOwner:
			id = x.account.OwnerID
		case deal.OwnersBoss:
			boss, ok, err := bossOf(r, x)
			if err != nil {
				return nil, err
			}
			if id = boss.ID; !ok {
				id = ""
			}
		case deal.Finance:
			p, ok, err := personstore.OfRole(r.Tx, person.Finance)
			if err != nil {
				return nil, err
			}
			if id = p.ID; !ok {
				id = ""
			}
		}
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// handOn gives a deal to who holds it in the stage that it enters, and returns
// who is new there and to be asked. Until a new lead takes it, the one before
// holds it; whoever moves it there takes it by that.
func handOn(r *command.Request, x subject, after *deal.Deal) (ask []person.Person, joins bool, err error) {
	was, err := holders(r, x, x.Stage)
	if err != nil {
		return nil, false, err
	}
	then := x
	then.OwnerID = after.OwnerID // a deal that is opened again may have another
	now, err := holders(r, then, after.Stage)
	if err != nil {
		return nil, false, err
	}
	team, err := dealstore.TeamOf(r.Tx, access.System("who holds a deal"), x.ID)
	if err != nil {
		return nil, false, err
	}
	for i, id := range now {
		lead := i == 0
		ours := slices.Contains(was, id) || slices.ContainsFunc(team, func(m deal.Member) bool { return m.PersonID == id })
		if id == r.Who.ID || id == after.HolderID || !lead && ours {
			joins = joins || id == r.Who.ID && id != after.OwnerID
			if lead {
				after.HolderID = id
			}
			continue
		}
		p, ok, err := personstore.ByID(r.Tx, id)
		if err != nil {
			return nil, false, err
		}
		if ok && p.Active() {
			ask = append(ask, p)
		}
	}
	return ask, joins, nil
}

func describeHold(r *command.Request, a approval.Approval) (string, error) {
	x, err := subjectOf(r, a)
	return r.Say("deal.ask_hold", "deal", x.name(), "account", x.account.Name, "value", r.Money(x.Value), "stage", stageName(r, x.funnel, a.Args[0])), err
}

// decideHold takes whoever says yes onto the team; the stage's lead holds the
// deal from now on, if it is still there.
func decideHold(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	x, err := subjectOf(r, a)
	if err != nil {
		return err
	}
	if x.OwnerID != r.Who.ID {
		if err := dealstore.Join(r.Tx, x.ID, r.Who.ID); err != nil {
			return err
		}
	}
	now, err := holders(r, x, x.Stage)
	if err != nil || x.Stage != a.Args[0] || len(now) == 0 || now[0] != r.Who.ID {
		return err
	}
	after := x.Deal
	after.HolderID = r.Who.ID
	return dealstore.Change(r.Tx, x.Deal, after)
}

// mayGive: a deal is its owner's to give, and that of whoever leads the owner.
func mayGive(r *command.Request, x subject) error {
	if x.OwnerID == r.Who.ID {
		return nil
	}
	above, err := leads(r, x)
	if err == nil && !above {
		return fault.New(fault.Denied, "deal_not_given", "number", x.Number, "who", r.Name(x.OwnerID))
	}
	return err
}

// saveHandover asks a colleague to take a deal over.
func saveHandover(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	to, ok, err := personstore.ByID(r.Tx, d.Values["handover_to"])
	switch {
	case err != nil || !ok:
		return command.Saved{}, command.OrGone(err)
	case to.ID == x.OwnerID || !to.Active():
		return command.Saved{}, fault.At("handover_to", "handover_self")
	case !to.Is(sellers...):
		return command.Saved{}, fault.At("handover_to", "deal_owner_role", "who", to.Name)
	case to.ID == r.Who.ID: // a manager takes it
		err := takeOver(r, x, to.ID)
		if err == nil {
			err = tellOwner(r, x, "deal.taken_from_you")
		}
		return command.Saved{ID: x.ID, Reply: waitsFor(r, x, r.Say("deal.taken", "deal", x.name()))}, err
	}
	err = propose(r, x, approval.Approval{Kind: deal.AskOwner, Note: chat.Cut(chat.OneLine(d.Values["note"]), 300)}, to)
	return command.Saved{ID: x.ID, Reply: waitsFor(r, x, r.Say("deal.owner_asked", "who", to.Name, "deal", x.name()))}, err
}

func describeOwner(r *command.Request, a approval.Approval) (string, error) {
	x, err := subjectOf(r, a)
	return r.Say("deal.ask_owner", "deal", x.name(), "account", x.account.Name, "value", r.Money(x.Value), "stage", stageName(r, x.funnel, x.Stage), "note", a.Note), err
}

func decideOwner(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	x, err := subjectOf(r, a)
	if err != nil {
		return err
	}
	if x.Status != deal.Stalled {
		if err := x.Opened(); err != nil {
			return stagesNamed(r, x.funnel, err)
		}
	}
	return takeOver(r, x, r.Who.ID)
}

// takeOver gives a deal to a new owner; the one before stays on the team.
func takeOver(r *command.Request, x subject, to string) error {
	if x.OwnerID != "" {
		if err := dealstore.Join(r.Tx, x.ID, x.OwnerID); err != nil {
			return err
		}
	}
	after := x.Deal
	if after.HolderID == after.OwnerID {
		after.HolderID = to
	}
	after.OwnerID = to
	if err := withdraw(r, x, deal.AskStage, deal.AskWon, deal.AskOwner); err != nil { // they were the owner's before
		return err
	}
	return dealstore.Change(r.Tx, x.Deal, after)
}
