package approvaltalk

import (
	"strings"

	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

var whyForm = form.Form{Name: "approve.why", Fields: []field.Field{{Key: "reason", Kind: field.Text, Required: true, Max: 300}}}

// refused returns a question that the person said no to.
func refused(r *command.Request, id string) (approval.Approval, error) {
	a, ok, err := approvalstore.ByID(r.Tx, id)
	switch {
	case err != nil || !ok || a.DecidedBy != r.Who.ID:
		return a, command.OrGone(err)
	case a.Status != approval.Rejected:
		return a, fault.New(fault.Conflict, "approve_decided", "status", r.Words.Choice("approval", a.Status))
	}
	return a, nil
}

// openWhy asks for the reason of a no that was just said.
func openWhy(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), whyForm.Name, nil)
	x, err := refused(r, strings.TrimPrefix(a.Object, "approval:"))
	d.Subject = x.ID
	return d, nil, err
}

// saveWhy keeps the reason, and tells it to who asked.
func saveWhy(r *command.Request, d form.Draft) (command.Saved, error) {
	before, err := refused(r, d.Subject)
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	after.Reason = d.Values["reason"]
	if err := approvalstore.Approvals.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	err = r.Tell(after.AskedBy, func(as *command.Request) chat.Reply {
		return chat.Reply{Text: as.Say("approve.why_told", "who", r.Who.Name, "reason", after.Reason)}
	})
	return command.Saved{ID: after.ID, Reply: chat.Reply{Text: r.Say("approve.why_done"), Keep: true}}, err
}
