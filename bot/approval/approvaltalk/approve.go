// Package approvaltalk is what waits for a person's yes or no: asking, answering,
// and what the clock does with what nobody answers.
package approvaltalk

import (
	"cmp"
	"errors"
	"fmt"

	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/store"
)

// Module is /approve.
var Module = command.Module{Name: "approval", Words: words, Families: []command.Family{family}, Digest: waits, Jobs: []func(*command.Request) error{chase}}

var family = command.Family{
	Name:  "approve",
	Verbs: []command.Verb{{Read: list, Bare: true}, {Name: "why", Form: whyForm, Open: openWhy, Save: saveWhy}},
	Buttons: []command.Button{
		{Name: "approve.yes", Run: func(r *command.Request, args []string) (chat.Reply, error) { return decide(r, args[0], true) }},
		{Name: "approve.no", Run: func(r *command.Request, args []string) (chat.Reply, error) { return decide(r, args[0], false) }},
	},
}

// Propose asks an approver; whoever is asked hears of it at once, if the day's
// urgent messages allow, else with the next digest.
func Propose(r *command.Request, a approval.Approval, approver person.Person) error {
	a.FirstBy = cmp.Or(a.FirstBy, r.Who.ID)
	if a.Asks(approver.ID) {
		return fault.New(fault.Denied, "approve_own")
	}
	a.AskedBy, a.ApproverID = r.Who.ID, approver.ID
	if err := approvalstore.Add(r.Tx, &a); err != nil {
		return err
	}
	return send(r, a, approver)
}

// Above returns the first in the line above a person who may answer a question:
// nobody approves their own, as a deputy either.
func Above(r *command.Request, p person.Person, a approval.Approval) (person.Person, bool, error) {
	for range command.MostLevels {
		next, ok, err := r.Boss(p)
		if err != nil || !ok || !a.Asks(next.ID) {
			return next, ok, err
		}
		p = next
	}
	return person.Person{}, false, nil
}

// send asks at once, while the approver may be disturbed and has urgent
// messages left today.
func send(r *command.Request, a approval.Approval, approver person.Person) error {
	as := r.As(approver)
	hours, err := command.Hours(as)
	if err != nil || !hours.Reachable(r.Tx.Now) {
		return err // the morning digest brings it
	}
	urgent, err := Urgent(as)
	if err != nil || !urgent {
		return err
	}
	text, err := describe(as, a)
	if err != nil {
		return err
	}
	_, err = command.Send(r.Tx, approver, chat.Reply{Title: as.Say("approve.title"), Text: text, Buttons: [][]chat.Button{buttons(as, a)}})
	return err
}

// Urgent uses up one of the urgent messages that the person of a request gets
// in a day. It is false when there is none left.
func Urgent(r *command.Request) (bool, error) {
	return r.Spend("urgent", r.Config.Reminders.UrgentPerDay)
}

func ask(r *command.Request, kind string) (command.Ask, error) {
	for _, m := range r.Modules {
		if x, ok := m.Asks[kind]; ok {
			return x, nil
		}
	}
	return command.Ask{}, fmt.Errorf("approve: nobody asks for %q", kind)
}

// describe is what is asked, and who asks.
func describe(r *command.Request, a approval.Approval) (string, error) {
	x, err := ask(r, a.Kind)
	if err != nil {
		return "", err
	}
	text, err := x.Describe(r, a)
	if err != nil {
		return "", err
	}
	return r.Say("approve.asks", "who", r.Name(a.AskedBy), "what", text), nil
}

func buttons(r *command.Request, a approval.Approval) []chat.Button {
	press := func(key, action string, style chat.Style) chat.Button {
		return chat.Button{Label: r.Say(key), Style: style, Do: &chat.Do{Action: action, Args: []string{a.ID}, Acts: true, Subject: a.Ref(), Version: a.Version}}
	}
	return []chat.Button{press("button.approve", "approve.yes", chat.Primary), press("button.reject", "approve.no", "")}
}

// decide answers an approval, once. Only who is asked now may.
func decide(r *command.Request, id string, yes bool) (chat.Reply, error) {
	before, ok, err := approvalstore.ByID(r.Tx, id)
	switch {
	case err != nil || !ok:
		return chat.Reply{}, command.OrGone(err)
	case before.Status != approval.Waiting:
		return chat.Reply{}, fault.New(fault.Conflict, "approve_decided", "status", r.Words.Choice("approval", before.Status))
	case before.ApproverID != r.Who.ID:
		return chat.Reply{}, fault.New(fault.Denied, "approve_moved")
	case before.Asks(r.Who.ID):
		return chat.Reply{}, fault.New(fault.Denied, "approve_own")
	}
	x, err := ask(r, before.Kind)
	if err != nil {
		return chat.Reply{}, err
	}
	if !r.May(x.Roles) {
		return chat.Reply{}, fault.New(fault.Denied, "role")
	}
	after := before
	after.Status, after.DecidedBy, after.DecidedAt = approval.Approved, r.Who.ID, r.Tx.Now
	verdict := "approve.yes"
	if !yes {
		after.Status, verdict = approval.Rejected, "approve.no"
	}
	if err := approvalstore.Approvals.Change(r.Tx, before, after); err != nil {
		return chat.Reply{}, err
	}
	what, err := x.Describe(r, after)
	if err != nil {
		return chat.Reply{}, err
	}
	if err := x.Decide(r, after, yes); err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Text: r.Say(verdict+".done", "what", what), Replace: true, Keep: true}
	if !yes {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.say_why"), "approve", "why "+after.Ref())}}
	}
	return reply, tell(r, after, verdict)
}

// tell brings the answer to who asked.
func tell(r *command.Request, a approval.Approval, verdict string) error {
	x, err := ask(r, a.Kind)
	if err != nil {
		return err
	}
	var failed error
	err = r.Tell(a.AskedBy, func(as *command.Request) chat.Reply {
		what, err := x.Describe(as, a)
		failed = err
		return chat.Reply{Text: as.Say(verdict+".told", "who", r.Who.Name, "what", what)}
	})
	if failed != nil {
		return failed
	}
	return err
}

func list(r *command.Request, _ command.Args) (chat.Reply, error) {
	own, err := toAnswer(r)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(own.Items) == 0 {
		return chat.Reply{Text: r.Say("approve.none")}, nil
	}
	reply := chat.Reply{Title: own.Title}
	for i, item := range own.Items {
		if i == most {
			reply.Text += "\n" + r.Say("list.more_things", "n", len(own.Items)-most)
			break
		}
		reply.Fields = append(reply.Fields, chat.Line{Label: fmt.Sprint(i + 1), Value: item.Line})
		row := item.Act
		for j := range row {
			row[j].Label = fmt.Sprintf("%d · %s", i+1, row[j].Label)
		}
		reply.Buttons = append(reply.Buttons, row)
	}
	return reply, nil
}

// most is how many approvals one list shows.
const most = 10

// waits: what is to be answered comes with every morning digest until it is, and to a
// manager what their dotted people asked and others left lying.
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning {
		return nil, nil
	}
	own, err := toAnswer(r)
	if err != nil || !r.Who.Is(person.Manager) {
		return []command.Section{own}, err
	}
	copies, err := movedUp(r)
	return []command.Section{own, copies}, err
}

// toAnswer is what the person is to answer.
func toAnswer(r *command.Request) (command.Section, error) {
	waiting, err := approvalstore.Waiting(r.Tx, r.Who.ID)
	if err != nil {
		return command.Section{}, err
	}
	var may []approval.Approval
	for _, a := range waiting {
		x, err := ask(r, a.Kind)
		if err != nil {
			return command.Section{}, err
		}
		if !r.PutOff[a.Ref()] && r.May(x.Roles) { // what they may not answer is passed on
			may = append(may, a)
		}
	}
	items, err := lines(r, may, buttons)
	return command.Section{Title: r.Say("approve.waiting", "n", len(items)), Items: items, More: command.SayButton(r.Say("button.approvals"), "approve", "")}, err
}

// movedUp is what people with a dotted line to the person asked and wait for: to know, not
// to answer.
func movedUp(r *command.Request) (command.Section, error) {
	waiting, err := approvalstore.MovedUp(r.Tx, r.Who.ID)
	if err != nil {
		return command.Section{}, err
	}
	items, err := lines(r, waiting, nil)
	return command.Section{Title: r.Say("approve.moved_up", "n", len(items)), Items: items}, err
}

// lines are approvals as a digest lists them, each with its own buttons.
func lines(r *command.Request, waiting []approval.Approval, act func(*command.Request, approval.Approval) []chat.Button) (out []command.Item, err error) {
	for _, a := range waiting {
		text, err := describe(r, a)
		if fault.Is(err, fault.NotFound) {
			continue // what it was about is no more; nobody else's has to wait for that
		}
		if err != nil {
			return nil, err
		}
		if days := calendar.On(r.Tx.Now.In(r.Words.Zone)).Sub(calendar.On(a.AskedAt.In(r.Words.Zone))); days > 0 {
			text += " " + r.Say("approve.since", "n", days)
		}
		item := command.Item{Subject: a.Ref(), Label: chat.Cut(text, 30), Line: "· " + text}
		if act != nil {
			item.Act = act(r, a)
		}
		out = append(out, item)
	}
	return out, nil
}

// chase does what time asks for: an approval that its approver left lying, or may
// answer no more, goes to the next up, and one that nobody answers goes back to who
// asked. The request is the system's.
func chase(r *command.Request) error {
	waiting, err := approvalstore.Old(r.Tx, r.Tx.Now)
	if err != nil {
		return err
	}
	for _, a := range waiting {
		if err := r.Tx.Try(func() error {
			switch a.Next(r.Tx.Now) {
			case approval.Move:
				return move(r, a)
			case approval.Back:
				return giveBack(r, a)
			}
			return pass(r, a)
		}); store.Unavailable(err) {
			return err
		} else if err != nil {
			r.Log.Error("an approval could not be moved on; it is tried again", "id", a.ID, "err", err)
		}
	}
	return nil
}

// PassOn passes on what waits for a person who may answer it no more. The request is
// the system's.
func PassOn(r *command.Request, approver string) error {
	waiting, err := approvalstore.Waiting(r.Tx, approver)
	for _, a := range waiting {
		if err == nil {
			err = pass(r, a)
		}
	}
	return err
}

// Waiting says what waits for a person's answer, a line each, in the company's words.
// The request is the system's.
func Waiting(r *command.Request, approver string) ([]string, error) {
	waiting, err := approvalstore.Waiting(r.Tx, approver)
	var out []string
	for _, a := range waiting {
		text, failed := describe(r, a)
		if err = errors.Join(err, failed); failed == nil {
			out = append(out, text)
		}
	}
	return out, err
}

func pass(r *command.Request, a approval.Approval) error {
	x, err := ask(r, a.Kind)
	if err != nil {
		return err
	}
	approver, ok, err := personstore.ByID(r.Tx, a.ApproverID)
	if err != nil || ok && approver.Active() && r.As(approver).May(x.Roles) {
		return err
	}
	return move(r, a)
}

func move(r *command.Request, before approval.Approval) error {
	approver, ok, err := personstore.ByID(r.Tx, before.ApproverID)
	if err != nil || !ok {
		return err
	}
	next, above, err := Above(r, approver, before)
	if err != nil {
		return err
	}
	after := before
	after.MovedAt = r.Tx.Now // at the top it waits on, and is asked for again
	if above {
		after.ApproverID = next.ID
	} else {
		next = approver
	}
	if err := approvalstore.Approvals.Change(r.Tx, before, after); err != nil {
		return err
	}
	after.Version++
	return send(r, after, next)
}

func giveBack(r *command.Request, before approval.Approval) error {
	asker, ok, err := personstore.ByID(r.Tx, before.AskedBy)
	if err != nil || !ok {
		return err
	}
	if hours, err := command.Hours(r.As(asker)); err != nil || !hours.Reachable(r.Tx.Now) {
		return err // nobody hears of it at night
	}
	after := before
	after.Status, after.DecidedAt = approval.Expired, r.Tx.Now
	if err := approvalstore.Approvals.Change(r.Tx, before, after); err != nil {
		return err
	}
	if x, err := ask(r, after.Kind); err != nil {
		return err
	} else if x.Silent != nil {
		if err := x.Silent(r, after); err != nil {
			return err
		}
	}
	return tell(r, after, "approve.expired")
}
