package shelftalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

var diversionForm = form.Form{Name: "shelf.diversion", Fields: shelf.DiversionCatalogue.Pick("store_code", "product_code", "lot", "sold_to", "photos", "note")}

// saveDiversion keeps goods found where they were not sold to (窜货), and tells who answers
// for the store's account and for the account they were sold to, with those who lead them.
func saveDiversion(r *command.Request, d form.Draft) (command.Saved, error) {
	s := r.Store(strings.TrimPrefix(d.Values["store_code"], account.KindStore+":"))
	if s.ID == "" {
		return command.Saved{}, fault.At("store_code", "no_store")
	}
	x := shelf.Diversion{StoreID: s.ID, PersonID: r.Who.ID, FoundOn: r.Words.Today(r.Said), Status: shelf.Made}
	if err := shelf.DiversionCatalogue.Without("store_code").Set(&x, d.Values); err != nil {
		return command.Saved{}, err
	}
	if before, again, err := shelfstore.SameLot(r.Tx, r.Scope, x.StoreID, x.ProductID, x.Lot); err != nil || again {
		if err == nil {
			err = fault.New(fault.Conflict, "diversion_again", "who", r.Name(before.PersonID), "day", before.FoundOn)
		}
		return command.Saved{}, err
	}
	if err := shelfstore.Diversions.Add(r.Tx, &x); err != nil {
		return command.Saved{}, err
	}
	if err := command.KeepPhotos(r, "diversions:"+x.ID, x.Photos); err != nil {
		return command.Saved{}, err
	}
	told, err := tellDiverted(r, x, s)
	return command.Saved{ID: x.ID, Reply: r.Done(r.Say("diversion.saved", "line", diversionLine(r, x), "told", r.Words.List(told)))}, err
}

func tellDiverted(r *command.Request, x shelf.Diversion, s account.Store) (told []string, err error) {
	var to []string
	for _, id := range []string{s.AccountID, x.SoldTo} {
		if id == "" {
			continue
		}
		owner, ok, err := personstore.ByID(r.Tx, r.AccountOf(id).OwnerID)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		to = append(to, owner.ID)
		if boss, ok, err := r.Boss(owner); err != nil {
			return nil, err
		} else if ok {
			to = append(to, boss.ID)
		}
	}
	for i, id := range to {
		if id == r.Who.ID || slices.Contains(to[:i], id) {
			continue
		}
		told = append(told, r.Name(id))
		if err := r.Tell(id, func(as *command.Request) chat.Reply {
			return chat.Reply{Title: as.Say("diversion.title"), Text: diversionLine(as, x) + "\n" + as.Say("diversion.by", "who", as.Name(x.PersonID), "photos", len(x.Photos), "note", x.Note),
				Buttons: [][]chat.Button{{command.SayButton(as.Say("button.card"), "shelf", "history "+account.KindStore+":"+s.ID)}}}
		}); err != nil {
			return nil, err
		}
	}
	return told, nil
}

func diversionLine(r *command.Request, x shelf.Diversion) string {
	soldTo := ""
	if x.SoldTo != "" {
		soldTo = r.AccountOf(x.SoldTo).Name
	}
	return r.Say("diversion.line", "product", productOf(r, x.ProductID).Label(), "lot", x.Lot, "store", r.StoreOf(x.StoreID).Name, "day", x.FoundOn, "to", soldTo)
}

// diversions lists what was found lately, in sight or in a store that words name.
func diversions(r *command.Request, a command.Args) (chat.Reply, error) {
	storeID := ""
	if a.Object != "" {
		s, choose, err := r.OneStore("shelf", "diversions", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		storeID = s.ID
	}
	found, err := shelfstore.LastDiversions(r.Tx, r.Scope, storeID, shown+1)
	reply := chat.Reply{Title: r.Say("diversion.title"), Text: r.Say("diversion.none")}
	if len(found) > 0 {
		reply.Text = strings.Join(command.Listed(r, found, shown, len(found), func(x shelf.Diversion) string { return diversionLine(r, x) }), "\n")
	}
	return reply, err
}

func exportDiversions(e *files.Exporter) error {
	return files.Table(e, shelf.DiversionCatalogue, func(add func(shelf.Diversion) error) error {
		return shelfstore.Diversions.In(byFile).Since("dx.created_at", e.Span.Since, e.Span.Until).Order("dx.found_on, dx.id").Each(e.Tx, add)
	}, nil)
}

func importDiversions(j *files.Job) files.Rows[shelf.Diversion] {
	return files.Rows[shelf.Diversion]{
		Key: func(v map[string]string) string { return v["store_code"] + " " + v["product_code"] + " " + v["lot"] },
		Find: func(tx *store.Tx, v map[string]string) (shelf.Diversion, bool, error) {
			return shelfstore.SameLot(tx, byFile, j.StoreByCode(v["store_code"]).ID, j.ByCode(field.Product, v["product_code"]), v["lot"])
		},
		ID: func(d *shelf.Diversion) *string { return &d.ID },
		Fill: func(d *shelf.Diversion, r *files.Record) bool {
			if !j.Set(shelf.DiversionCatalogue, d, r) {
				return false
			}
			d.Status = shelf.Made
			return true
		},
		Same:   files.Equal[shelf.Diversion](shelf.DiversionCatalogue),
		Add:    shelfstore.Diversions.Add,
		Change: shelfstore.Diversions.Change,
	}
}
