package ordertalk

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/room"
	"fieldbot/bot/room/roomstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// asksFor is how long a store may answer in its group.
const asksFor = config.AskDays * 24 * time.Hour

// inRoom is what a button of a store's group does: Args are the delivery, what a press on
// it answers, what is meant by a reply to its message, and photos that came before.
const inRoom = "receipt.room"

// The answers of a group beside the reasons why goods are not accepted.
const (
	allThere = "all"
	signed   = "signed"
	notAll   = "" // asks what is missing
)

// roomCard asks a group what of a delivery the store accepted.
func roomCard(r *command.Request, d order.Delivery, text, reason string, photos []string) chat.Reply {
	button := func(label, press, reason string) chat.Button {
		return chat.Button{Label: r.Say(label), Do: about(d, press, reason, photos)}
	}
	row := []chat.Button{button("button.all_there", allThere, reason)}
	if text == "" {
		row = append(row, button("button.short", notAll, "short"), button("button.refused", notAll, "damaged"))
		text = goodsText(r, d.Lines.Priced(nil)) + "\n" + r.Say("room.how") // no prices
	}
	return chat.Reply{Title: r.Say("room.card", "delivery", sent.Name(r, d), "on", d.DeliveredOn), Text: text, Buttons: [][]chat.Button{row}, About: about(d, notAll, reason, photos)}
}

func about(d order.Delivery, press, reason string, photos []string) *chat.Do {
	return &chat.Do{Action: inRoom, Args: append([]string{d.ID, press, reason}, photos...), For: asksFor}
}

// speaking is who serves the store of a room, in whose words the group is spoken to; it is
// false where nobody does.
func speaking(r *command.Request, x room.Room) (*command.Request, bool, error) {
	p, ok, err := personstore.ByID(r.Tx, r.StoreOf(x.StoreID).RepID)
	if err != nil || !ok || !p.Active() {
		return nil, false, err
	}
	as := r.As(p)
	as.Place = roomPlace(x)
	return as, true, nil
}

func roomPlace(x room.Room) chat.Place {
	return chat.Place{Platform: chat.Platform(x.Platform), Room: x.Room, Thread: x.Thread}
}

// toRoom says something in the groups of a store.
func toRoom(r *command.Request, storeID string, say func(as *command.Request) chat.Reply) error {
	if storeID == "" {
		return nil
	}
	all, err := roomstore.OfStore(r.Tx, storeID)
	for _, x := range all {
		as, ok, e := speaking(r, x)
		if e == nil && ok {
			e = command.SendTo(r.Tx, "", as.Place, say(as), "")
		}
		err = errors.Join(err, e)
	}
	return err
}

// askRoom asks the store's group about a delivery.
func askRoom(r *command.Request, d order.Delivery) error {
	return toRoom(r, d.StoreID, func(as *command.Request) chat.Reply { return roomCard(as, d, "", "short", nil) })
}

// askAll asks a group that was just bound about everything that waits.
func askAll(r *command.Request, e room.Opened) error {
	open, err := orderstore.Unconfirmed(r.Tx, access.System("what waits at a store"), r.StoreOf(e.Room.StoreID).RepID, 100)
	for _, d := range open {
		if d.StoreID == e.Room.StoreID && err == nil {
			err = askRoom(r, d)
		}
	}
	return err
}

// tellRoom tells the store's group what was noted, without amounts.
func tellRoom(r *command.Request, d order.Delivery, x order.Receipt) error {
	return toRoom(r, d.StoreID, func(as *command.Request) chat.Reply {
		return chat.Reply{About: about(d, notAll, "short", nil), Text: as.Say("room.noted", "receipt", x.Number, "delivery", d.Number, "accepted", x.Lines.Count(), "of", d.Lines.Count(), "goods", goodsText(as, missed(x).Priced(nil)))}
	})
}

// answered takes what a group says of a delivery: a press, or a reply with quantities or a
// photo. What a colleague says counts at once; a stranger's first answer waits for the yes
// of who serves the store.
func answered(r *command.Request, u chat.Update, do chat.Do) (bool, error) {
	if do.Action != inRoom {
		return false, nil
	}
	here, ok, err := roomstore.Here(r.Tx, string(u.Place.Platform), u.Place.Room)
	if err != nil || !ok {
		return true, err
	}
	as, ok, err := speaking(r, here)
	if err != nil || !ok {
		return true, err
	}
	d, err := sent.Load(as, do.Args[0])
	if err != nil || d.StoreID != here.StoreID {
		return true, err
	}
	a := answer{delivery: d, reason: do.Args[2], photos: slices.Clone(do.Args[3:])}
	var reply chat.Reply
	err = r.Tx.Try(func() (err error) {
		if reply, err = a.hear(as, u, do.Args[1]); err != nil || !reply.Empty() {
			return err
		}
		if r.Who.ID == "" {
			reply, err = a.ofStranger(as, here, u.Actor)
			return err
		}
		a.by = r.Who.Name
		return a.keepFor(r)
	})
	if f, refused := fault.As(err); refused {
		reply, err = chat.Reply{Text: "⚠️ " + as.Words.Fault(f)}, nil
		if !d.Confirmed {
			reply = roomCard(as, d, reply.Text, a.reason, a.photos)
		}
	}
	if err != nil || reply.Empty() {
		return true, err
	}
	reply.About = about(d, notAll, do.Args[2], a.photos)
	return true, command.SendTo(r.Tx, "", as.Place, reply, "")
}

// answer is what a group says of a delivery.
type answer struct {
	delivery order.Delivery
	missing  string // as a form keeps it: P201=5; empty is nothing
	reason   string // allThere, signed, or why not everything was accepted
	by       string
	photos   []string
}

// hear reads what was pressed or written; its reply asks on.
func (a *answer) hear(r *command.Request, u chat.Update, pressed string) (chat.Reply, error) {
	for _, p := range u.Photos {
		a.photos = append(a.photos, p.Ref)
	}
	if u.Kind == chat.Press {
		if pressed != allThere {
			return roomCard(r, a.delivery, r.Say("room.missing", "reason", refusal(r, a.reason)), a.reason, a.photos), mayReceive(r, a.delivery)
		}
		a.reason = allThere
		return chat.Reply{}, mayReceive(r, a.delivery)
	}
	if a.delivery.Confirmed && len(u.Photos) > 0 {
		a.reason, a.missing = signed, cmp.Or(chat.Cut(chat.OneLine(u.Text), 200), r.Say("room.photo"))
		return chat.Reply{}, maySign(r, a.delivery)
	}
	if err := mayReceive(r, a.delivery); err != nil {
		return chat.Reply{}, err
	}
	said, err := counted(r, a.delivery.Lines, u.Text)
	if err != nil {
		return chat.Reply{}, err
	}
	a.missing, a.reason = said.missing, cmp.Or(said.reason, a.reason)
	_, missing, err := quantities(a.missing)
	if err == nil {
		_, err = order.Accept(a.delivery.Lines, missing, a.reason)
	}
	if err != nil {
		return chat.Reply{}, err
	}
	if a.missing == "" && a.reason != allThere {
		return roomCard(r, a.delivery, r.Say("room.photo_kept", "n", len(a.photos)), a.reason, a.photos), nil
	}
	return chat.Reply{}, nil
}

// keep writes the answer by the hand of the request's person.
func (a answer) keep(r *command.Request) (chat.Reply, error) {
	f := form.Draft{Values: map[string]string{"missing": a.missing, "received_by": a.by, "photos": strings.Join(a.photos, " ")}}
	ready, do := mayReceive, receive(strings.TrimPrefix(a.reason, allThere))
	if a.reason == signed {
		ready, do = maySign, sign
		f.Values["difference_note"] = a.missing
	}
	if err := ready(r, a.delivery); err != nil {
		return chat.Reply{}, err
	}
	saved, err := do(r, a.delivery, f)
	return saved.Reply, err
}

// keepFor does the same and tells the person alone, who can take it back.
func (a answer) keepFor(r *command.Request) error {
	reply, err := a.keep(r)
	if err != nil {
		return err
	}
	_, err = command.Send(r.Tx, r.Who, reply)
	return err
}

// ofStranger keeps the answer of somebody who answers for the store by the hand of who
// serves it. The first one is asked about; somebody who was refused is not heard.
func (a answer) ofStranger(r *command.Request, here room.Room, who chat.Actor) (chat.Reply, error) {
	args := append([]string{a.delivery.ID, a.reason, a.missing}, a.photos...)
	var g room.Guest
	var fresh bool
	err := r.Tx.Unasked(func() (err error) {
		g, fresh, err = roomstore.Heard(r.Tx, here, who.ID, who.Name, strings.Join(args, " "))
		return err
	})
	switch {
	case err != nil || g.Status == room.Refused || g.Status == room.Asked && !fresh:
		return chat.Reply{}, err
	case g.Status == room.Known:
		r.Tx.By(store.Origin{Person: r.Who.ID, Source: string(who.Platform)})
		a.by = g.Name
		return chat.Reply{}, a.keepFor(r)
	}
	button := func(label, yes string) chat.Button {
		return chat.Button{Label: r.Say(label), Do: &chat.Do{Action: "receipt.guest", Args: append([]string{g.ID, yes}, args...), Acts: true, For: asksFor}}
	}
	text := r.Say("room.asks", "name", g.Name, "store", r.StoreOf(here.StoreID).Name, "delivery", a.delivery.Number, "all", a.reason == allThere,
		"reason", refusal(r, strings.TrimSuffix(strings.TrimPrefix(a.reason, allThere), signed)), "missing", strings.ReplaceAll(a.missing, ";", ", "), "photos", len(a.photos))
	if _, err := command.Send(r.Tx, r.Who, chat.Reply{Text: text, Buttons: [][]chat.Button{{button("button.guest_yes", "yes"), button("button.guest_no", "no")}}}); err != nil {
		return chat.Reply{}, err
	}
	return chat.Reply{Text: r.Say("room.waits", "rep", r.Who.Name)}, nil
}

// guest is the rep's word about somebody's first answer: it counts from now on, or is not
// heard.
func guest(r *command.Request, args []string) (chat.Reply, error) {
	yes := args[1] == "yes"
	g, err := roomstore.Answer(r.Tx, args[0], yes)
	if err != nil || !yes {
		return chat.Reply{Text: r.Say("room.not_heard", "name", g.Name)}, err
	}
	var reply chat.Reply
	err = r.Tx.Try(func() error {
		d, err := sent.Load(r, args[2])
		if err != nil {
			return err
		}
		reply, err = answer{delivery: d, reason: args[3], missing: args[4], by: g.Name, photos: args[5:]}.keep(r)
		return err
	})
	if f, refused := fault.As(err); refused {
		reply, err = chat.Reply{Text: "⚠️ " + r.Words.Fault(f) + "\n" + r.Say("room.heard", "name", g.Name)}, nil
	}
	return reply, err
}
