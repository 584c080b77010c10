package visittalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// How many of the stores around a person are offered, and how far away one may be: some
// have wider fences than the company's.
const (
	hereOffered = 4
	widest      = 2000 // m
)

// without takes what came without a command: into the visit that it belongs to, else a
// location checks in where the person stands.
func without(r *command.Request, u chat.Update) (chat.Reply, bool, error) {
	reply, taken, err := attach(r, u)
	if err != nil || taken || u.Location == nil || len(u.Photos) > 0 {
		return reply, taken, err
	}
	return here(r, *u.Location)
}

// here checks in at the only store in whose fence a live location lies; of several, and of
// a point that was only shared, each is one press away. It is false where there is none:
// the location opens a form, where the nearest stand first.
func here(r *command.Request, l chat.Location) (chat.Reply, bool, error) {
	near, err := inFence(r, l)
	switch {
	case err != nil || len(near) == 0:
		return chat.Reply{}, false, err
	case l.Live && len(near) == 1:
		reply, err := checkIn(r, []string{near[0].Ref(), form.FormatLocation(l)})
		return reply, true, err
	}
	reply := chat.Reply{Text: r.Say("visit.near")}
	for _, p := range near {
		label := r.Say("button.check_in_at", "place", p.Name, "metres", p.Metres(l.Lat, l.Lon))
		reply.Buttons = append(reply.Buttons, []chat.Button{{Label: label, Do: &chat.Do{Action: "visit.here", Args: []string{p.Ref(), form.FormatLocation(l)}, Acts: true, For: afterwards}}})
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.log_any"), "visit", "log location="+form.FormatLocation(chat.Location{Lat: l.Lat, Lon: l.Lon}))})
	return reply, true, nil
}

// inFence are the nearest stores in whose own fence a point lies.
func inFence(r *command.Request, l chat.Location) ([]account.Place, error) {
	near, err := accountstore.Near(r.Tx, r.Scope, l.Lat, l.Lon, widest, hereOffered)
	if err != nil {
		return nil, err
	}
	var out []account.Place
	for _, p := range near {
		s, ok, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, p.ID)
		if err != nil {
			return nil, err
		}
		if ok && visit.GradePresence(s, l.Lat, l.Lon, true, l.Live, r.Config.Visits.FenceMetres).Presence != "outside" {
			out = append(out, p)
		}
	}
	return out, nil
}

// checkIn checks in at a place from a location that the platform sent.
func checkIn(r *command.Request, args []string) (chat.Reply, error) {
	place, ok, err := r.PlaceOf(args[0])
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	d := form.NewDraft(store.NewID(), startForm.Name, nil)
	d.Values["place"], d.Shown["place"], d.Values["location"] = place.Ref(), place.Name, args[1]
	saved, err := start(r, d)
	return saved.Reply, err
}
