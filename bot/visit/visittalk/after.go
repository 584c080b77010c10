package visittalk

import (
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/followup/followuptalk"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// settle does what follows from a visit that is done now, and answers.
func settle(r *command.Request, place account.Place, v visit.Visit) (chat.Reply, error) {
	if err := fetchPhotos(r, v); err != nil {
		return chat.Reply{}, err
	}
	place.NextDueOn = accountstore.DueSince(r.Tx, place)
	if err := noteStep(r, v); err != nil {
		return chat.Reply{}, err
	}
	reply := logged(r, place, v)
	err := askProfile(r, place, &reply)
	return reply, err
}

// fetchPhotos notes the photos of a visit.
func fetchPhotos(r *command.Request, v visit.Visit) error {
	return command.KeepPhotos(r, "visits:"+v.ID, v.Photos)
}

// noteStep makes the next step of a visit a follow-up, so that its owner is
// reminded: a step without a day and for nobody else is a note only.
func noteStep(r *command.Request, v visit.Visit) error {
	if !reminded(v) {
		return nil
	}
	f := followup.FollowUp{Kind: followup.Step, Text: v.NextStep, StoreID: v.StoreID, AccountID: v.AccountID, OwnerID: stepOwner(v), DueOn: v.NextDue, FromVisit: v.ID, OpenedBy: v.PersonID}
	if err := followupstore.Add(r.Tx, &f); err != nil {
		return err
	}
	return followuptalk.Hand(r, f, "follow.for_you")
}

func reminded(v visit.Visit) bool {
	return v.NextStep != "" && (v.NextDue != "" || v.NextOwner != "" && v.NextOwner != v.PersonID)
}

func stepOwner(v visit.Visit) string {
	if v.NextOwner == "" {
		return v.PersonID
	}
	return v.NextOwner
}

// correctStep carries what a correction says of the next step into the
// follow-up that was made of it; one that was passed on or done meanwhile is
// touched only where the correction speaks of it.
func correctStep(r *command.Request, was, is visit.Visit) error {
	if was.NextStep == is.NextStep && was.NextDue == is.NextDue && was.NextOwner == is.NextOwner {
		return nil
	}
	made, err := followupstore.FromVisit(r.Tx, r.Scope, is.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(made, func(f followup.FollowUp) bool { return f.Kind == followup.Step && f.Status == followup.Open })
	if i < 0 {
		if slices.ContainsFunc(made, func(f followup.FollowUp) bool { return f.Kind == followup.Step && f.Text == is.NextStep }) {
			return nil // it is done
		}
		return noteStep(r, is)
	}
	before, after := made[i], made[i]
	after.Text, after.DueOn = is.NextStep, is.NextDue
	if was.NextOwner != is.NextOwner {
		after.OwnerID = stepOwner(is)
	}
	if is.NextStep == "" || !reminded(is) && after.OwnerID == is.PersonID {
		after.Text, after.Status = before.Text, followup.Cancelled
	}
	if err := followupstore.FollowUps.Change(r.Tx, before, after); err != nil || after.OwnerID == before.OwnerID {
		return err
	}
	after.Version++
	return followuptalk.Hand(r, after, "follow.for_you")
}

// askProfile asks for the one most useful thing that is not known of the
// account, once a day and account, with a button that answers and one that
// ends the question for good.
func askProfile(r *command.Request, place account.Place, reply *chat.Reply) error {
	today := string(r.Words.Today(r.Tx.Now))
	job := "profile:" + place.AccountID
	profile, stale, open, err := accountstore.ProfileUnasked(r.Tx, r.Scope, place.AccountID, job, r.Who.ID, today, calendar.Day(today).Add(-account.Fresh))
	if err != nil || !open {
		return err
	}
	if stale {
		if asked, err := askAgain(r, place, reply); err != nil || asked {
			if err == nil {
				_, err = r.Tx.MarkOnce(job, r.Who.ID, today)
			}
			return err
		}
	}
	snoozed, err := r.Tx.Snoozed(r.Who.ID)
	if err != nil {
		return err
	}
	subject := func(key string) string { return "profile:" + place.AccountID + ":" + key }
	key := account.Account{Profile: profile}.Missing(func(key string) bool { return snoozed[subject(key)] })
	if key == "" {
		return nil
	}
	if _, err := r.Tx.MarkOnce(job, r.Who.ID, today); err != nil {
		return err
	}
	reply.Text += "\n" + r.Say("visit.profile_ask", "field", r.Words.Label(key), "account", place.AccountName)
	reply.Buttons = append(reply.Buttons, []chat.Button{
		command.SayButton("💡 "+r.Words.Label(key), "account", "fill account:"+place.AccountID+" "+key),
		{Label: r.Say("button.dont_know"), Do: &chat.Do{Action: "snooze_never", Args: []string{subject(key)}, Acts: true}},
	})
	return nil
}

// locate grades presence by a point, or leaves the visit as it is without one.
// What travels faster than people do is flagged; a store whose place nobody
// knows learns it from a live location, once a manager agrees.
func locate(r *command.Request, location string, v *visit.Visit) error {
	if location == "" {
		return nil
	}
	v.Location = location
	l, ok := form.ParseLocation(location)
	if !ok {
		return nil
	}
	if before, some, err := visitstore.Before(r.Tx, r.Scope, *v); err != nil {
		return err
	} else if p, known := form.ParseLocation(before.Location); some && known && visit.TooFast(p.Lat, p.Lon, l.Lat, l.Lon, v.StartedAt.Sub(before.StartedAt), r.Config.Visits.MaxSpeedKmh) {
		v.Flag(visit.Travel)
	}
	if v.StoreID == "" {
		return nil
	}
	s, ok, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, v.StoreID)
	if err != nil || !ok {
		return err
	}
	if !s.Located() && l.Live {
		if v.ID == "" {
			v.ID = store.NewID() // the approval names the visit
		}
		return askPoint(r, s, *v, l)
	}
	g := visit.GradePresence(s, l.Lat, l.Lon, true, l.Live, r.Config.Visits.FenceMetres)
	v.Presence, v.DistanceM = g.Presence, g.Metres
	return nil
}
