package accounttalk

import (
	"maps"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// profile are the things to know of an account.
var profile = account.ProfileCatalogue.Fields

func fillProfile(_ *command.Request, a account.Account, _ command.Args, d *form.Draft) error {
	maps.Copy(d.Values, a.Profile)
	return nil
}

func saveProfile(r *command.Request, before account.Account, d form.Draft) (command.Saved, error) {
	after := before
	after.Profile = map[string]string{}
	for _, f := range profile {
		if v := d.Values[f.Key]; v != "" {
			after.Profile[f.Key] = v
		}
	}
	return keepProfile(r, before, after)
}

func keepProfile(r *command.Request, before, after account.Account) (command.Saved, error) {
	if err := accountstore.Accounts.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	saved := made(r, "account.profiled", account.KindAccount, after.ID, after.Name, after.Code)
	saved.Reply.Text = r.Say("account.profiled", "name", after.Name, "percent", after.Percent())
	return saved, nil
}

// askOne asks for one thing that is not known of an account.
func askOne(_ *command.Request, _ account.Account, key string, _ command.Args, d *form.Draft) error {
	d.Asking, d.Express = key, true
	return nil
}

// saveFill adds to an account's profile what was not known. Whoever visits may:
// what is known is for its owner to change.
func saveFill(r *command.Request, before account.Account, d form.Draft) (command.Saved, error) {
	after := before
	after.Profile = maps.Clone(before.Profile)
	if after.Profile == nil {
		after.Profile = map[string]string{}
	}
	added := 0
	for _, f := range profile {
		if v := d.Values[f.Key]; v != "" && after.Profile[f.Key] == "" {
			after.Profile[f.Key] = v
			added++
		}
	}
	if added == 0 {
		return command.Saved{}, fault.New(fault.Conflict, "profile_known")
	}
	return keepProfile(r, before, after)
}
