package accounttalk

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvaltalk"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// hiddenDoubts is how many likely twins out of sight a person is told of in a day.
// Then every new place of the day waits for the manager's yes: what is hidden is not
// to be found by trying.
const (
	hiddenDoubts = 20
	hiddenTwin   = "hidden twin"
)

// newPlace is a place that is about to be made.
type newPlace struct {
	kind, name, phone   string
	latitude, longitude float64
}

// unlessTwin makes a new place, doubts it, or lets it wait for the manager's yes.
func unlessTwin(r *command.Request, d form.Draft, p newPlace, made func(*command.Request, form.Draft) (command.Saved, error)) (command.Saved, error) {
	waits, err := doubt(r, d, p)
	switch {
	case err != nil:
		return command.Saved{}, err
	case waits:
		return wait(r, d, p.name)
	}
	return made(r, d)
}

// doubt shows likely duplicates before a new place is made. Twins are looked for in
// the whole company; of those out of sight nothing is said but whom to ask. It is
// true if the place waits for a yes.
func doubt(r *command.Request, d form.Draft, p newPlace) (waits bool, err error) {
	if over, err := r.Spent(hiddenTwin, hiddenDoubts); err != nil || over {
		return over, err
	}
	if d.Doubted {
		return false, nil
	}
	twins, err := accountstore.Like(r.Tx, p.name, p.phone, p.latitude, p.longitude, p.kind)
	if err != nil || len(twins) == 0 {
		return false, err
	}
	out := &command.Confirm{Field: "name"}
	var names, ask []string
	for _, t := range twins {
		_, visible, err := accountstore.PlaceByRef(r.Tx, access.Of(r.Who), t.Ref())
		if err != nil {
			return false, err
		}
		if !visible {
			who, err := managerOf(r, t)
			if err != nil {
				return false, err
			}
			if !slices.Contains(ask, who) {
				ask = append(ask, who)
			}
			continue
		}
		names = append(names, t.Name+" ("+t.Code+")")
		out.Buttons = append(out.Buttons, []chat.Button{command.SayButton(t.Name, "account", t.Ref())})
	}
	var text []string
	if len(names) > 0 {
		text = append(text, r.Say("account.twins", "names", r.Words.List(names)))
	}
	if len(ask) > 0 {
		text = append(text, r.Say("account.twins_hidden", "who", ask[0]))
		out.Kept = func() error { _, err := r.Spend(hiddenTwin, hiddenDoubts); return err }
	}
	out.Text = strings.Join(text, "\n")
	return false, out
}

// managerOf is the name of who can tell about a place out of sight.
func managerOf(r *command.Request, p account.Place) (string, error) {
	owner, ok, err := personstore.ByID(r.Tx, p.OwnerID)
	if err != nil {
		return "", err
	}
	if ok {
		if boss, above, err := r.Boss(owner); err != nil || above {
			return boss.Name, err
		}
		if owner.Is(person.Manager) {
			return owner.Name, nil
		}
	}
	return r.Say("account.its_manager"), nil
}

// askPlace is the approval of a new place.
const askPlace = "new_place"

var placeAsk = command.Ask{Roles: []person.Role{person.Manager}, Describe: describePlace, Decide: decidePlace}

// wait asks whoever leads the person for a new place.
func wait(r *command.Request, d form.Draft, name string) (command.Saved, error) {
	boss, ok, err := r.Boss(r.Who)
	if err == nil && !ok {
		err = fault.Wrong("approve_nobody")
	}
	if err != nil {
		return command.Saved{}, err
	}
	var args []string
	for key, value := range d.Values {
		args = append(args, key+"="+value)
	}
	slices.Sort(args)
	id := store.NewID()
	if err := approvaltalk.Propose(r, approval.Approval{Kind: askPlace, Subject: d.Form + ":" + id, Args: append([]string{name}, args...)}, boss); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: id, Reply: chat.Reply{Text: r.Say("account.waits", "name", name, "who", boss.Name), Keep: true}}, nil
}

func describePlace(r *command.Request, a approval.Approval) (string, error) {
	return r.Say("account.ask_new", "name", a.Args[0]), nil
}

// decidePlace makes the place, as who asked would have.
func decidePlace(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	asker, ok, err := personstore.ByID(r.Tx, a.AskedBy)
	if err != nil || !ok {
		return command.OrGone(err)
	}
	formName, _, _ := strings.Cut(a.Subject, ":")
	d := form.NewDraft(store.NewID(), formName, map[string]string{})
	for _, pair := range a.Args[1:] {
		key, value, _ := strings.Cut(pair, "=")
		d.Values[key] = value
	}
	as := r.As(asker)
	switch formName {
	case accountForm.Name:
		_, err = makeAccount(as, d)
	case storeForm.Name:
		_, err = makeStore(as, d)
	default:
		err = fmt.Errorf("account: nobody makes %q", formName)
	}
	return err
}
