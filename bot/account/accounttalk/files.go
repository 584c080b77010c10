package accounttalk

import (
	"maps"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
	"fieldbot/store"
)

var byFile = access.System("files of customers")

// profiles is a profile's file: the account, and what is known of it.
var profiles = field.Catalogue{Noun: "profiles", Fields: append([]field.Field{{Key: "account_code", Kind: field.Account, Use: field.File, Required: true, Column: "id"}}, profile...)}

var fileKinds = []files.Kind{
	{Name: "profiles", Catalogue: profiles, Export: exportProfiles, Import: files.Importing(importProfile)},
	{Name: "verifications", Catalogue: account.VerificationCatalogue, Export: exportVerified, Import: files.Importing(importVerified)},
}

// exportProfiles writes what is known of each account of which something is.
func exportProfiles(e *files.Exporter) error {
	return files.Table(e, profiles, func(add func(account.Account) error) error {
		return accountstore.Accounts.In(byFile).Since("a.created_at", e.Span.Since, e.Span.Until).Order("a.code").Each(e.Tx, func(a account.Account) error {
			if a.Status == account.Merged || len(a.Profile) == 0 {
				return nil
			}
			return add(a)
		})
	}, func(a account.Account, values map[string]string) { maps.Copy(values, a.Profile) })
}

// importProfile fills the profile of an account that is there; what a file does not name
// stays.
func importProfile(j *files.Job) files.Rows[account.Account] {
	return files.Rows[account.Account]{
		Key: func(v map[string]string) string { return v["account_code"] },
		Find: func(tx *store.Tx, v map[string]string) (account.Account, bool, error) {
			return accountstore.Accounts.In(byFile).ByID(tx, j.AccountByCode(v["account_code"]).ID)
		},
		ID: func(a *account.Account) *string { return &a.ID },
		Fill: func(a *account.Account, r *files.Record) bool {
			if _, known := j.AccountOf(r, "account_code"); !known {
				return false
			}
			known := maps.Clone(a.Profile)
			if known == nil {
				known = map[string]string{}
			}
			for _, f := range profile {
				v, given := r.Fields[f.Key]
				switch {
				case v != "":
					known[f.Key] = v
				case given:
					delete(known, f.Key)
				}
			}
			a.Profile = known
			return true
		},
		Same:   func(a, b account.Account) bool { return maps.Equal(a.Profile, b.Profile) },
		Change: accountstore.Accounts.Change,
	}
}
