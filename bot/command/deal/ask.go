package deal

import (
	"slices"
	"strings"

	"fieldbot/bot/access"
	"fieldbot/bot/approval"
	"fieldbot/bot/calendar"
	"fieldbot/bot/chat"
	"fieldbot/bot/command"
	"fieldbot/bot/command/approve"
	"fieldbot/bot/deal"
	"fieldbot/bot/fault"
	"fieldbot/bot/form"
	"fieldbot/bot/person"
	storeapproval "fieldbot/store/approval"
	storedeal "fieldbot/store/deal"
	storeperson "fieldbot/store/person"
)

// What people are asked about a deal. An answer is given on what the deal is
// then, not on what it was.
const (
	stageKind = "deal_stage" // may it enter a stage; args: from, to
	wonKind   = "deal_won"   // is it won; args: why
	holdKind  = "deal_hold"  // do you hold it in a stage; args: stage
	ownerKind = "deal_owner" // do you take it over
)

// asked is the deal that an approval is about, seen by who asked: the approver
// may be asked before anything of it is in sight.
func asked(r *command.Request, a approval.Approval) (subject, error) {
	asked := *r
	asked.Scope = access.System("what an approver is asked")
	return byID(&asked, strings.TrimPrefix(a.Subject, "deal:"))
}

// approver returns whose yes a stage on the way needs; ask is false where none
// does, or the person's own is enough.
func approver(r *command.Request, x subject, to string) (boss person.Person, ask bool, err error) {
	i, _ := x.funnel.Index(x.Stage)
	j, _ := x.funnel.Index(to)
	if !slices.ContainsFunc(x.funnel[i+1:j+1], func(s deal.Stage) bool { return s.Approval }) || leads(r, x) {
		return boss, false, nil
	}
	return bossOf(r, x)
}

// propose asks about a deal once; who waits for it already is told.
func propose(r *command.Request, x subject, kind string, args []string, to person.Person) error {
	waiting, some, err := storeapproval.Of(r.Tx, kind, x.Ref())
	if err != nil {
		return err
	}
	if some && slices.Equal(waiting.Args, args) {
		who, _, err := storeperson.ByID(r.Tx, waiting.ApproverID)
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, "deal_asked_before", "who", who.Name, "day", calendar.On(waiting.AskedAt.In(r.Words.Zone)))
	}
	return approve.Propose(r, approval.Approval{Kind: kind, Subject: x.Ref(), Args: args}, to)
}

func waitsFor(r *command.Request, x subject, text string) chat.Reply {
	return chat.Reply{Text: text, Keep: true, Buttons: [][]chat.Button{{cardButton(r, x), r.UndoButton()}}}
}

func askStage(r *command.Request, x subject, to string, boss person.Person) (chat.Reply, error) {
	err := propose(r, x, stageKind, []string{x.Stage, to}, boss)
	return waitsFor(r, x, r.Say("deal.stage_asked", "who", boss.Name, "deal", x.name(), "stage", stageName(r, x.funnel, to))), err
}

func askWon(r *command.Request, x subject, why string, boss person.Person) (chat.Reply, error) {
	err := propose(r, x, wonKind, []string{why}, boss)
	return waitsFor(r, x, r.Say("deal.won_asked", "who", boss.Name, "deal", x.name())), err
}

func describeStage(r *command.Request, a approval.Approval) (string, error) {
	x, err := asked(r, a)
	if err != nil {
		return "", err
	}
	g := x.funnel.Gate(a.Args[1], x.size(), x.met())
	var met []string
	for _, c := range g.Met {
		met = append(met, criterionName(r, c))
	}
	return r.Say("deal.ask_stage", "deal", x.name(), "account", x.account.Name, "value", amount(r, x.Value), "from", stageName(r, x.funnel, a.Args[0]), "to", stageName(r, x.funnel, a.Args[1]), "met", r.Words.List(met)), nil
}

// decideStage moves the deal if it still stands where it did and its gates are
// still open; the line of history is the asker's step.
func decideStage(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	x, err := asked(r, a)
	if err != nil {
		return err
	}
	if x.Stage != a.Args[0] || x.Status != deal.Open {
		return changed(asSystem(r), x)
	}
	after, entry, err := x.funnel.Advance(x.Deal, a.Args[1], x.size(), x.met(), a.AskedBy, r.Tx.Now)
	if err != nil {
		return told(r, x.funnel, err)
	}
	if _, err := handOn(r, x, &after); err != nil {
		return err
	}
	return storedeal.Change(r.Tx, x.Deal, after, entry)
}

// asSystem is the request with sight of what an approval is about.
func asSystem(r *command.Request) *command.Request {
	out := *r
	out.Scope = access.System("what an approver is asked")
	return &out
}

func describeWon(r *command.Request, a approval.Approval) (string, error) {
	x, err := asked(r, a)
	return r.Say("deal.ask_won", "deal", x.name(), "account", x.account.Name, "value", amount(r, x.Value), "reason", r.Words.Choice("won_why", a.Args[0])), err
}

func decideWon(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	x, err := asked(r, a)
	if err != nil {
		return err
	}
	after, entry, err := x.funnel.Win(x.Deal, a.Args[0], a.AskedBy, r.Tx.Now)
	if err != nil {
		return told(r, x.funnel, err)
	}
	return storedeal.Change(r.Tx, x.Deal, after, entry)
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
			p, ok, err := storeperson.OfRole(r.Tx, person.Finance)
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

// handOn gives a deal to who holds it in the stage that it enters. Whoever is
// new there is asked to take it; until the lead does, the one before holds it.
// It returns the names of those asked.
func handOn(r *command.Request, x subject, after *deal.Deal) ([]string, error) {
	was, err := holders(r, x, x.Stage)
	if err != nil {
		return nil, err
	}
	now, err := holders(r, x, after.Stage)
	if err != nil {
		return nil, err
	}
	team, err := storedeal.Team(r.Tx, access.System("who holds a deal"), x.ID)
	if err != nil {
		return nil, err
	}
	var names []string
	for i, id := range now {
		lead := i == 0
		ours := slices.Contains(was, id) || slices.ContainsFunc(team, func(m deal.Member) bool { return m.PersonID == id })
		if id == r.Who.ID || id == x.HolderID || !lead && ours {
			if lead {
				after.HolderID = id
			}
			continue
		}
		p, ok, err := storeperson.ByID(r.Tx, id)
		if err != nil || !ok || !p.Active() {
			return nil, err
		}
		if err := approve.Propose(r, approval.Approval{Kind: holdKind, Subject: x.Ref(), Args: []string{after.Stage}}, p); err != nil {
			return nil, err
		}
		names = append(names, p.Name)
	}
	return names, nil
}

func describeHold(r *command.Request, a approval.Approval) (string, error) {
	x, err := asked(r, a)
	return r.Say("deal.ask_hold", "deal", x.name(), "account", x.account.Name, "value", amount(r, x.Value), "stage", stageName(r, x.funnel, a.Args[0])), err
}

// decideHold takes whoever says yes onto the team; the stage's lead holds the
// deal from now on, if it is still there.
func decideHold(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	x, err := asked(r, a)
	if err != nil {
		return err
	}
	if x.OwnerID != r.Who.ID {
		if err := storedeal.Join(r.Tx, x.ID, r.Who.ID); err != nil {
			return err
		}
	}
	now, err := holders(r, x, x.Stage)
	if err != nil || x.Stage != a.Args[0] || len(now) == 0 || now[0] != r.Who.ID {
		return err
	}
	after := x.Deal
	after.HolderID = r.Who.ID
	return storedeal.Change(r.Tx, x.Deal, after)
}

// saveHandover asks a colleague to take a deal over.
func saveHandover(r *command.Request, d form.Draft) (command.Saved, error) {
	x, err := opened(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	to, ok, err := storeperson.ByID(r.Tx, d.Values["handover_to"])
	switch {
	case err != nil || !ok:
		return command.Saved{}, command.OrGone(err)
	case to.ID == x.OwnerID || !to.Active():
		return command.Saved{}, fault.At("handover_to", "handover_self")
	case !to.Is(sellers...):
		return command.Saved{}, fault.At("handover_to", "deal_owner_role", "who", to.Name)
	case to.ID == r.Who.ID: // a manager takes it
		err := takeOver(r, x, to.ID)
		return command.Saved{ID: x.ID, Reply: waitsFor(r, x, r.Say("deal.taken", "deal", x.name()))}, err
	}
	err = propose(r, x, ownerKind, []string{chat.Cut(chat.OneLine(strings.ReplaceAll(d.Values["note"], ";", ",")), 300)}, to)
	return command.Saved{ID: x.ID, Reply: waitsFor(r, x, r.Say("deal.owner_asked", "who", to.Name, "deal", x.name()))}, err
}

func describeOwner(r *command.Request, a approval.Approval) (string, error) {
	x, err := asked(r, a)
	note := ""
	if len(a.Args) > 0 {
		note = a.Args[0]
	}
	return r.Say("deal.ask_owner", "deal", x.name(), "account", x.account.Name, "value", amount(r, x.Value), "stage", stageName(r, x.funnel, x.Stage), "note", note), err
}

func decideOwner(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	x, err := asked(r, a)
	if err != nil {
		return err
	}
	return takeOver(r, x, r.Who.ID)
}

// takeOver gives a deal to a new owner; the one before stays on the team.
func takeOver(r *command.Request, x subject, to string) error {
	if x.OwnerID != "" {
		if err := storedeal.Join(r.Tx, x.ID, x.OwnerID); err != nil {
			return err
		}
	}
	after := x.Deal
	if after.HolderID == after.OwnerID {
		after.HolderID = to
	}
	after.OwnerID = to
	return storedeal.Change(r.Tx, x.Deal, after)
}
