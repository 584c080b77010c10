package visittalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// activityVerb notes a call, messages or a meeting elsewhere.
func activityVerb(kind string) command.Verb {
	f := form.Form{Name: "visit." + kind, Fields: visit.ActivityCatalogue.Pick("place", "note", "met", "on")}
	return command.Verb{Name: kind, Roles: callers, Form: f, Object: "place", Save: func(r *command.Request, d form.Draft) (command.Saved, error) { return saveActivity(r, d, kind) }, Quick: true}
}

func saveActivity(r *command.Request, d form.Draft, kind string) (command.Saved, error) {
	place, err := placeIn(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	day, err := dayOf(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	a := visit.Activity{Kind: kind, AccountID: place.AccountID, StoreID: place.StoreID(), PersonID: r.Who.ID, Met: d.Values["met"], Note: d.Values["note"], OnDay: day, Status: visit.Made}
	if twin, again, err := visitstore.SameActivity(r.Tx, r.Scope, a); err != nil || again {
		return command.Saved{Reply: chat.Reply{Text: r.Say("visit.activity_again", "line", activityLine(r, twin))}, ID: twin.ID}, err
	}
	err = visitstore.Activities.Add(r.Tx, &a)
	return command.Saved{ID: a.ID, Reply: r.Done(r.Say("visit.activity_saved", "place", place.Name, "line", activityLine(r, a)))}, err
}

// activityLine is an activity as cards show it: day, who, what it was.
func activityLine(r *command.Request, a visit.Activity) string {
	parts := []string{r.Words.Day(a.OnDay), r.Name(a.PersonID), r.Words.Choice("activity", a.Kind)}
	if !r.SeesPeople(a.AccountID) {
		return strings.Join(parts, " · ")
	}
	for _, text := range []string{a.Met, a.Note} {
		if text != "" {
			parts = append(parts, chat.Cut(chat.OneLine(text), 120))
		}
	}
	return strings.Join(parts, " · ")
}

// lastActivity is the line of it on a card, if there was one.
func lastActivity(r *command.Request, p account.Place) ([]command.Part, error) {
	a, some, err := visitstore.LastActivity(r.Tx, r.Scope, p.AccountID, p.StoreID())
	if err != nil || !some {
		return nil, err
	}
	return []command.Part{{Rank: command.RankUnknown, Line: chat.Line{Label: r.Say("account.last_activity"), Value: activityLine(r, a)}}}, nil
}

func exportActivities(e *files.Exporter) error {
	return files.Table(e, visit.ActivityCatalogue, func(add func(visit.Activity) error) error {
		return visitstore.Activities.In(byFile).Since("ac.created_at", e.Span.Since, e.Span.Until).Order("ac.on_day, ac.id").Each(e.Tx, add)
	}, nil)
}

func importActivities(j *files.Job) files.Rows[visit.Activity] {
	read := func(v map[string]string) visit.Activity {
		at := natural(j, v)
		return visit.Activity{Kind: v["activity"], AccountID: at.AccountID, StoreID: at.StoreID, PersonID: at.PersonID, Note: v["note"], Met: v["met"], OnDay: calendar.Day(v["on"])}
	}
	return files.Rows[visit.Activity]{
		Key: func(v map[string]string) string {
			return strings.Join([]string{v["activity"], v["account_code"], v["store_code"], v["person"], v["on"], v["note"]}, "\x00")
		},
		Find: func(tx *store.Tx, v map[string]string) (visit.Activity, bool, error) {
			return visitstore.SameActivity(tx, byFile, read(v))
		},
		ID: func(a *visit.Activity) *string { return &a.ID },
		Fill: func(a *visit.Activity, r *files.Record) bool {
			if !j.Set(visit.ActivityCatalogue, a, r) {
				return false
			}
			at := read(r.Fields)
			a.AccountID, a.StoreID, a.Status = at.AccountID, at.StoreID, visit.Made
			switch {
			case a.AccountID == "":
				j.Refuse(r, "account_code", "give a store_code or an account_code")
			case a.PersonID == "":
				j.Refuse(r, "person", "say who it was")
			case a.OnDay == "" || a.OnDay > j.Today:
				j.Refuse(r, "on", "give the day, today or before")
			default:
				return true
			}
			return false
		},
		Same:   files.Equal[visit.Activity](visit.ActivityCatalogue),
		Add:    visitstore.Activities.Add,
		Change: visitstore.Activities.Change,
	}
}
