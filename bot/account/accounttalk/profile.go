package accounttalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

func openProfile(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	place, choose, err := r.OnePlace("account", "profile", a)
	if err != nil || choose != nil {
		return form.Draft{}, choose, err
	}
	row, err := editable(r, place.AccountID)
	if err != nil {
		return form.Draft{}, nil, err
	}
	d := form.NewDraft(store.NewID(), profileForm.Name, row.Profile)
	d.Subject, d.Version, d.About = row.ID, row.Version, row.Name
	return d, nil, nil
}

func saveProfile(r *command.Request, d form.Draft) (command.Saved, error) {
	before, err := opened(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	after.Profile = map[string]string{}
	for _, f := range profileForm.Fields {
		if v := d.Values[f.Key]; v != "" {
			after.Profile[f.Key] = v
		}
	}
	if err := accountstore.Accounts.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	saved := made(r, "account.profiled", account.KindAccount, after.ID, after.Name, after.Code)
	saved.Reply.Text = r.Say("account.profiled", "name", after.Name, "percent", after.Percent())
	return saved, nil
}

// openFill asks for one thing that is not known of an account, whose key
// stands behind it.
func openFill(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	key := ""
	if i := strings.LastIndex(a.Object, " "); i >= 0 {
		if _, known := fillForm.Field(a.Object[i+1:]); known {
			a.Object, key = a.Object[:i], a.Object[i+1:]
		}
	}
	place, choose, err := r.OnePlace("account", "fill", a)
	if err != nil || choose != nil {
		return form.Draft{}, choose, err
	}
	d := form.NewDraft(store.NewID(), fillForm.Name, nil)
	d.Subject, d.About, d.Asking, d.Express = place.AccountID, place.AccountName, key, true
	return d, nil, nil
}

// saveFill adds to an account's profile what was not known. Whoever visits may:
// what is known is for its owner to change.
func saveFill(r *command.Request, d form.Draft) (command.Saved, error) {
	before, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, d.Subject)
	if err != nil || !ok {
		return command.Saved{}, command.OrGone(err)
	}
	after := before
	after.Profile = map[string]string{}
	for key, value := range before.Profile {
		after.Profile[key] = value
	}
	added := 0
	for _, f := range fillForm.Fields {
		if v := d.Values[f.Key]; v != "" && after.Profile[f.Key] == "" {
			after.Profile[f.Key] = v
			added++
		}
	}
	if added == 0 {
		return command.Saved{}, fault.New(fault.Conflict, "profile_known")
	}
	if err := accountstore.Accounts.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	saved := made(r, "account.profiled", account.KindAccount, after.ID, after.Name, after.Code)
	saved.Reply.Text = r.Say("account.profiled", "name", after.Name, "percent", after.Percent())
	return saved, nil
}
