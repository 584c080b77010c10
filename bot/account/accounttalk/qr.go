package accounttalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/picture"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// makers draw what hangs on replies.
var makers = map[string]func(r *command.Request, args []string) ([]byte, error){
	"store_label": func(r *command.Request, args []string) ([]byte, error) {
		s, ok, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, args[0])
		if err != nil || !ok {
			return nil, command.OrGone(err)
		}
		return label(r, s.ID, s.Name, s.Code).PNG()
	},
	"coverage": drawCoverage,
	"effort":   drawEffort,
	"label_sheet": func(r *command.Request, args []string) ([]byte, error) {
		stores, _, err := sheetOf(r, args[0])
		if err != nil {
			return nil, err
		}
		var labels []picture.Label
		for _, s := range stores {
			labels = append(labels, label(r, s.ID, s.Name, s.Code))
		}
		return picture.Sheet(labels)
	},
}

// label is what hangs at a store. Where no chat can be opened by a link, the
// code says the store's own code, for typing.
func label(r *command.Request, id, name, code string) picture.Label {
	scan := r.Links.Link(chat.Telegram, account.StartToken(id))
	if scan == "" {
		scan = code
	}
	return picture.Label{Scan: scan, Name: name, Code: code}
}

// mostLabels bounds a sheet: 25 pages.
const mostLabels = 300

// sheetOf lists the stores of a sheet: those of an account, or the person's
// own.
func sheetOf(r *command.Request, accountID string) ([]account.Place, int64, error) {
	if accountID != "" {
		return accountstore.StoresOf(r.Tx, r.Scope, accountID, mostLabels)
	}
	owned, err := accountstore.Owned(r.Tx, r.Scope, r.Who.ID, mostLabels)
	var stores []account.Place
	for _, p := range owned {
		if p.Kind == account.KindStore {
			stores = append(stores, p)
		}
	}
	return stores, int64(len(stores)), err
}

// qrCode sends the code of a store as a picture, or a sheet of labels of an
// account's stores, or of the person's own.
func qrCode(r *command.Request, a command.Args) (chat.Reply, error) {
	accountID := ""
	if a.Object != "" {
		place, choose, err := r.OnePlace("account", "qr", a)
		if err != nil {
			return chat.Reply{}, err
		}
		if choose != nil {
			return *choose, nil
		}
		if place.Kind == account.KindStore {
			return chat.Reply{Title: r.Say("qr.store", "name", place.Name, "code", place.Code), Text: r.Say("qr.how"), File: &chat.File{Name: place.Code + ".png", Make: "store_label", Args: []string{place.ID}}}, nil
		}
		accountID = place.ID
	}
	stores, all, err := sheetOf(r, accountID)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(stores) == 0 {
		return chat.Reply{}, fault.Wrong("qr_no_stores")
	}
	reply := chat.Reply{Title: r.Say("qr.sheet", "n", len(stores)), Text: r.Say("qr.how"), File: &chat.File{Name: "labels.pdf", Make: "label_sheet", Args: []string{accountID}}}
	if all > int64(len(stores)) {
		reply.Text += "\n" + r.Say("list.more", "n", int(all)-len(stores))
	}
	return reply, nil
}
