package visittalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// accompany notes who of ours was at a visit, too, and tells them: what they have to say
// of it is for the visitor alone.
func accompany(r *command.Request, v visit.Visit, d form.Draft) error {
	id := d.Values["joint_with"]
	if id == "" {
		return nil
	}
	if id == v.PersonID {
		return fault.At("joint_with", "joint_self")
	}
	with, ok, err := personstore.ByID(r.Tx, id)
	if err != nil || !ok {
		return command.OrGone(err)
	}
	if _, sees, err := visitstore.Visits.In(access.Of(with)).ByID(r.Tx, v.ID); err != nil || !sees {
		if err == nil {
			err = fault.At("joint_with", "joint_blind", "who", with.Name, "place", placeOf(r, v).Name)
		}
		return err
	}
	if added, err := together(r, v, id); err != nil || !added {
		return err
	}
	return r.Tell(id, func(as *command.Request) chat.Reply {
		return chat.Reply{Text: as.Say("visit.joint_you", "who", r.Who.Name, "place", placeOf(as, v).Name, "day", v.VisitedOn), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.coach"), "visit", "coach "+v.Subject())}}}
	})
}

// together writes that somebody was at a visit; it is false where that was known.
func together(r *command.Request, v visit.Visit, with string) (added bool, err error) {
	_, known, err := visitstore.JointWith(r.Tx, access.System("who is named twice was there once"), v.ID, with)
	if err != nil || known {
		return false, err
	}
	return true, visitstore.Joints.Add(r.Tx, &visit.Joint{VisitID: v.ID, PersonID: v.PersonID, WithID: with, Status: visit.Made})
}

// coached is a visit that a colleague made and the person was at: by its ref, by its place,
// or the last of which nothing was told yet.
var coached = &command.Record[visit.Visit]{Family: "visit", Ref: "visit", Load: load, Name: record.Name, Named: func(r *command.Request, verb string, a command.Args) (v visit.Visit, behind string, choose *chat.Reply, err error) {
	if id, isRef := strings.CutPrefix(a.Object, "visit:"); isRef {
		v, err = load(r, id)
		return v, "", nil, err
	}
	if a.Object == "" {
		j, some, err := visitstore.Untold(r.Tx, r.Scope)
		if err != nil || !some {
			v, err = orNone(v, false, err)
			return v, "", nil, err
		}
		v, err = load(r, j.VisitID)
		return v, "", nil, err
	}
	place, choose, err := r.OnePlace("visit", verb, a)
	if err != nil || choose != nil {
		return v, "", choose, err
	}
	found, err := visitstore.List(r.Tx, r.Scope, visitstore.Filter{Account: place.AccountID, StoreID: place.StoreID(), Office: place.Kind == account.KindAccount, Status: visit.Done, Others: r.Who.ID, Limit: shown})
	if err != nil || len(found) == 0 {
		v, err = orNone(v, false, err)
		return v, "", nil, err
	}
	for _, v := range found {
		if mayCoach(r, v) == nil {
			return v, "", nil, nil
		}
	}
	return found[0], "", nil, nil
}}

// mayCoach: who was there, because the visitor says so, or because both visited the place
// that day.
func mayCoach(r *command.Request, v visit.Visit) error {
	if v.PersonID == r.Who.ID {
		return fault.New(fault.Denied, "coach_own")
	}
	_, known, err := visitstore.JointWith(r.Tx, r.Scope, v.ID, r.Who.ID)
	if err != nil || known {
		return err
	}
	both, err := visitstore.BothThere(r.Tx, r.Scope, v, r.Who.ID)
	if err == nil && !both {
		err = fault.New(fault.Denied, "coach_not_there", "who", r.Name(v.PersonID), "place", placeOf(r, v).Name, "day", v.VisitedOn)
	}
	return err
}

// saveCoaching keeps what was told and tells the visitor.
func saveCoaching(r *command.Request, v visit.Visit, d form.Draft) (command.Saved, error) {
	if err := visitstore.Coach(r.Tx, r.Scope, visit.Joint{VisitID: v.ID, PersonID: v.PersonID, WithID: r.Who.ID, Coaching: d.Values["coaching"], Status: visit.Made}); err != nil {
		return command.Saved{}, err
	}
	err := r.Tell(v.PersonID, func(as *command.Request) chat.Reply {
		return chat.Reply{Title: as.Say("visit.coached_you", "who", r.Who.Name, "place", placeOf(as, v).Name, "day", v.VisitedOn), Text: d.Values["coaching"], Buttons: [][]chat.Button{{command.SayButton(as.Say("button.visit"), "visit", "show "+v.Subject())}}}
	})
	return command.Saved{ID: v.ID, Reply: r.Done(r.Say("visit.coached", "who", r.Name(v.PersonID), "text", d.Values["coaching"]))}, err
}

// jointLines are who was at a visit beside its visitor and what they told, for those two.
func jointLines(r *command.Request, v visit.Visit) (out []chat.Line, err error) {
	joints, err := visitstore.JointsOf(r.Tx, r.Scope, v.ID)
	at := map[string]int{}
	for _, j := range joints {
		if _, known := at[j.WithID]; !known {
			at[j.WithID] = len(out)
			out = append(out, chat.Line{Label: r.Words.Label("joint_with"), Value: r.Name(j.WithID)})
		}
		if j.Coaching != "" {
			out[at[j.WithID]].Value += "\n" + j.Coaching
		}
	}
	return out, err
}

// coachButton is for who was at a colleague's visit.
func coachButton(r *command.Request, v visit.Visit) []chat.Button {
	if mayCoach(r, v) != nil {
		return nil
	}
	return []chat.Button{command.SayButton(r.Say("button.coach"), "visit", "coach "+v.Subject())}
}

func exportJoints(e *files.Exporter) error {
	return exportBeside(e, visit.JointCatalogue, visitstore.Joints.In(byFile).And("j.coaching = ''"), "j.with_id")
}

func importJoints(j *files.Job) files.Rows[visit.Joint] {
	k := importBeside(j, visit.JointCatalogue, "joint_with", func(tx *store.Tx, v visit.Visit, fields map[string]string) (visit.Joint, bool, error) {
		return visitstore.JointWith(tx, byFile, v.ID, j.PersonID(fields["joint_with"]))
	}, func(x *visit.Joint, v visit.Visit, r *files.Record) bool {
		x.VisitID, x.PersonID, x.Status = v.ID, v.PersonID, visit.Made
		if x.WithID == x.PersonID {
			j.Refuse(r, "joint_with", "is the visitor; name the colleague who was there, too")
		}
		return x.WithID != x.PersonID
	})
	k.ID = func(x *visit.Joint) *string { return &x.ID }
	k.Add, k.Change = visitstore.Joints.Add, visitstore.Joints.Change
	return k
}
