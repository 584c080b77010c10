// Package followuptalk is what people say and press about follow-ups and our
// commitments to customers.
package followuptalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

var (
	addForm    = form.Form{Name: "follow.add", Fields: addFields()}
	commitForm = form.Form{Name: "follow.commit", Fields: commitFields()}
)

var note = field.Field{Key: "comment", Kind: field.Text, Max: 300}

// addFields: steps come from visits alone.
func addFields() []field.Field {
	fields := followup.Catalogue.Pick("text", "place", "kind", "department", "owner", "due_on")
	fields[2].Options = slices.DeleteFunc(slices.Clone(fields[2].Options), func(k string) bool { return k == followup.Step })
	return fields
}

func departmentName(r *command.Request, f followup.FollowUp) string {
	x, _ := followup.Catalogue.Get("department")
	return r.Words.Option(x, f.Department)
}

// commitFields: a commitment is made to somebody.
func commitFields() []field.Field {
	fields := followup.Catalogue.Pick("text", "place", "owner", "due_on")
	fields[1].Required = true
	return fields
}

// Module is /follow, and what stands open on cards and in briefs.
var Module = command.Module{Name: "followup", Words: words, Families: []command.Family{family}, Files: fileKinds, Demo: fillDemo, Digest: waits, Card: card, Brief: brief, Effect: effect}

// openers see to stores and customers; closers are everybody whom something can be
// passed on to: finance answers for what is owed.
var (
	openers = []person.Role{person.Rep, person.Promoter, person.KAM, person.Manager}
	closers = append([]person.Role{person.Finance, person.Admin}, openers...)
)

var family = command.Family{
	Name:    "follow",
	Default: "list",
	Verbs: []command.Verb{
		{Name: "list", Read: list},
		{Name: "add", Roles: openers, Form: addForm, Object: "text", Open: openAdd(addForm), Save: add},
		{Name: "commit", Roles: openers, Form: commitForm, Object: "text", Open: openAdd(commitForm), Save: add},
		record.Verb(command.On[followup.FollowUp]{Name: "done", Roles: closers, Ready: mayEnd, Ask: []field.Field{note}, Quick: true,
			Do: func(r *command.Request, f followup.FollowUp, d form.Draft) (command.Saved, error) {
				reply, err := end(r, f, d.Values["comment"])
				return command.Saved{Reply: reply, ID: f.ID}, err
			}}),
		record.Verb(command.On[followup.FollowUp]{Name: "pass", Roles: closers, Ready: mayEnd, Ask: []field.Field{{Key: "pass_to", Kind: field.Person, Required: true}, note}, Do: pass}),
		record.Verb(command.On[followup.FollowUp]{Name: "comment", Roles: closers, Ready: stillOpen, Ask: []field.Field{{Key: "comment", Kind: field.Text, Required: true, Max: 300}}, Do: comment}),
	},
	Buttons: []command.Button{record.Press("follow.done", closers, mayEnd, func(r *command.Request, f followup.FollowUp, _ []string) (chat.Reply, error) { return end(r, f, "") })},
}

// openAdd opens a new follow-up; behind a ref such as visit:ID it takes the place
// and what was noted there.
func openAdd(f form.Form) func(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	return func(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
		d := form.NewDraft(store.NewID(), f.Name, nil)
		o, comes, err := r.OriginOf(a.Object)
		if err != nil || !comes {
			return d, nil, err
		}
		d.Subject, d.About = o.ID, o.Place.Name
		d.Values["place"], d.Shown["place"] = o.Place.Ref(), o.Place.Name
		if f.Name == addForm.Name {
			kind, text := noted(o)
			d.Values["text"], d.Values["kind"] = text, kind
		}
		return d, nil, nil
	}
}

// noted is the first thing that somebody should see to.
func noted(o command.Origin) (kind, text string) {
	switch {
	case o.Problems != "":
		return followup.Problem, o.Problems
	case o.Needs != "":
		return followup.Need, o.Needs
	}
	return followup.Task, o.NextStep
}

// add opens a follow-up: its maker owns it unless somebody else is named, and
// it is due in three days unless a day is.
func add(r *command.Request, d form.Draft) (command.Saved, error) {
	f := followup.FollowUp{Kind: d.Values["kind"], Text: d.Values["text"], Department: d.Values["department"], OwnerID: d.Values["owner"], DueOn: calendar.Day(d.Values["due_on"]), FromVisit: d.Subject, OpenedBy: r.Who.ID}
	today := r.Words.Today(r.Said)
	switch {
	case d.Form == commitForm.Name:
		f.Kind = followup.Commitment
	case f.Kind == "":
		f.Kind = followup.Task
	}
	if f.OwnerID == "" {
		f.OwnerID = r.Who.ID
	}
	if f.DueOn == "" {
		f.DueOn = today.Add(followup.DueAfter)
	}
	if f.DueOn < today {
		return command.Saved{}, fault.At("due_on", "due_past", "day", f.DueOn)
	}
	if ref := d.Values["place"]; ref != "" {
		place, ok, err := accountstore.PlaceByRef(r.Tx, r.Scope, ref)
		if err != nil {
			return command.Saved{}, err
		}
		if !ok {
			return command.Saved{}, fault.At("place", "none_found", "query", d.Shown["place"])
		}
		f.AccountID, f.StoreID = place.AccountID, place.StoreID()
	}
	if err := followupstore.Add(r.Tx, &f); err != nil {
		return command.Saved{}, err
	}
	if err := Hand(r, f, "follow.for_you"); err != nil {
		return command.Saved{}, err
	}
	line, err := Line(r, f)
	if err != nil {
		return command.Saved{}, err
	}
	if f.Department != "" && f.OwnerID == r.Who.ID {
		line += "\n" + r.Say("follow.no_owner", "department", departmentName(r, f))
	}
	return command.Saved{ID: f.ID, Reply: chat.Reply{Title: r.Say("follow.added"), Text: line, Keep: true, Buttons: [][]chat.Button{{r.UndoButton()}}}}, nil
}

// Hand tells the owner of a follow-up, with its buttons, if somebody else
// made or passed it.
func Hand(r *command.Request, f followup.FollowUp, key string) error {
	if f.OwnerID == r.Who.ID {
		return nil
	}
	var failed error
	err := r.Tell(f.OwnerID, func(as *command.Request) chat.Reply {
		line, err := Line(as, f)
		failed = err
		return chat.Reply{Title: as.Say(key, "who", r.Who.Name), Text: line, Buttons: [][]chat.Button{Buttons(as, f)}}
	})
	if failed != nil {
		return failed
	}
	return err
}

// Line is a follow-up in a line: what, where, by when, and whose it is.
func Line(r *command.Request, f followup.FollowUp) (string, error) {
	parts := []string{chat.Cut(chat.OneLine(f.Text), 120)}
	if f.Kind == followup.Commitment {
		parts[0] = r.Say("follow.commitment", "text", parts[0])
	}
	if ref := f.Place(); ref != "" {
		place, _, err := accountstore.PlaceByRef(r.Tx, r.Scope, ref)
		if err != nil {
			return "", err
		}
		if place.Name != "" {
			parts = append(parts, place.Name)
		}
	}
	if f.Department != "" {
		parts = append(parts, departmentName(r, f))
	}
	if f.OwnerID != r.Who.ID {
		parts = append(parts, r.Name(f.OwnerID))
	}
	if f.DueOn != "" {
		late := f.Late(r.Words.Today(r.Tx.Now))
		key := "follow.by"
		if late > 0 {
			key = "follow.late"
		}
		parts = append(parts, r.Say(key, "day", f.DueOn, "n", max(1, late)))
	}
	if last := f.LastComment(); last != "" {
		parts = append(parts, "💬 "+chat.Cut(last, 80))
	}
	return strings.Join(parts, " · "), nil
}

// Buttons are what can be done with a follow-up.
func Buttons(r *command.Request, f followup.FollowUp) []chat.Button {
	return []chat.Button{
		{Label: r.Say("button.follow_done"), Style: chat.Primary, Do: &chat.Do{Action: "follow.done", Args: []string{f.ID}, Acts: true, Subject: f.Ref(), Version: f.Version}},
		command.SayButton(r.Say("button.pass"), "follow", "pass "+f.Ref()),
		command.SayButton(r.Say("button.comment"), "follow", "comment "+f.Ref()),
	}
}

const shown = 10

// list shows the person's own follow-ups, those handed to others, and those of
// a place or a colleague.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	open, title, err := chosen(r, a)
	if err != nil {
		return chat.Reply{}, err
	}
	if title.Text != "" {
		return title, nil
	}
	if len(open) == 0 {
		return chat.Reply{Text: r.Say("follow.none"), Buttons: [][]chat.Button{{command.SayButton(r.Say("button.follow_add"), "follow", "add")}}}, nil
	}
	reply := title
	for i, f := range open[:min(shown, len(open))] {
		line, err := Line(r, f)
		if err != nil {
			return chat.Reply{}, err
		}
		reply.Text += "· " + line + "\n"
		if f.OwnerID == r.Who.ID && i < 5 {
			row := Buttons(r, f)
			row[0].Label = chat.Cut(row[0].Label+" "+chat.OneLine(f.Text), 40)
			reply.Buttons = append(reply.Buttons, row)
		}
	}
	if more := len(open) - shown; more > 0 {
		reply.Text += r.Say("list.more_things", "n", more)
	}
	reply.Text = strings.TrimSpace(reply.Text)
	return reply, nil
}

// chosen returns the follow-ups that the words name, and the title of the
// list; a title with a text is the answer itself.
func chosen(r *command.Request, a command.Args) ([]followup.FollowUp, chat.Reply, error) {
	if a.Object == "" {
		mine, err := followupstore.Owned(r.Tx, r.Scope, r.Who.ID)
		if err != nil {
			return nil, chat.Reply{}, err
		}
		handed, err := followupstore.Handed(r.Tx, r.Scope, r.Who.ID)
		title := r.Say("follow.title", "n", len(mine))
		if len(handed) > 0 {
			title += r.Say("follow.handed", "n", len(handed))
		}
		return append(mine, handed...), chat.Reply{Title: title}, err
	}
	if r.Who.Is(person.Manager) {
		p, ok, err := r.OneColleague(a.Object)
		if err != nil {
			return nil, chat.Reply{}, err
		}
		if ok {
			theirs, err := followupstore.Owned(r.Tx, r.Scope, p.ID)
			return theirs, chat.Reply{Title: r.Say("follow.title_of", "who", p.Name, "n", len(theirs))}, err
		}
	}
	place, choose, err := r.OnePlace("follow", "list", a)
	if err != nil || choose != nil {
		return nil, command.OrEmpty(choose), err
	}
	open, err := followupstore.OfPlace(r.Tx, r.Scope, place.AccountID, place.StoreID())
	return open, chat.Reply{Title: r.Say("follow.title_of", "who", place.Name, "n", len(open))}, err
}
