package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/account/accounttalk"
	"fieldbot/bot/approval/approvaltalk"
	"fieldbot/bot/config"
	"fieldbot/bot/daemon"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/lang"
	"fieldbot/bot/wire/telegram"
	"fieldbot/store"
)

type userVerb struct {
	Add    userAdd    `cmd:"" help:"Add a person; prints a link code when no chat handle is given."`
	List   userList   `cmd:"" help:"List people."`
	Role   userRole   `cmd:"" help:"Set a person's roles."`
	Link   userLink   `cmd:"" help:"Link a chat handle to a person, or print a code for it."`
	Invite userInvite `cmd:"" help:"Print an invitation that works once, for 7 days."`
	Off    userOff    `cmd:"" help:"Switch a person off, after handing over what they own."`
}

// change runs a change as the shell's.
func (e *env) change(fn func(tx *store.Tx) error) error {
	db, _, err := e.open()
	if err != nil {
		return err
	}
	return db.Write(e.ctx, func(tx *store.Tx) error {
		tx.By(store.Origin{Source: "terminal"})
		return fn(tx)
	})
}

func byHandle(tx *store.Tx, handle string) (person.Person, error) {
	p, ok, err := personstore.ByHandle(tx, handle)
	if err == nil && !ok {
		err = fmt.Errorf("there is no person with the handle %q; see fieldbot user list", handle)
	}
	return p, err
}

func roles(names []string) ([]person.Role, error) {
	var out []person.Role
	for _, n := range names {
		if !slices.Contains(person.Roles, n) {
			return nil, usageError{fmt.Errorf("--role %q: write one or some of %s", n, strings.Join(person.Roles, ", "))}
		}
		out = append(out, person.Role(n))
	}
	return out, nil
}

type userAdd struct {
	Name      string   `required:"" help:"Full name."`
	Handle    string   `required:"" help:"Short unique name: small letters, digits, . _ -"`
	Role      []string `required:"" help:"rep, promoter, kam, manager, finance, admin, analyst; several by commas."`
	Territory string   `help:"Path such as East/Shanghai."`
	ReportsTo string   `help:"Handle of the line manager." placeholder:"HANDLE"`
	Lang      string   `help:"zh or en; the company's if left out."`
	TZ        string   `name:"tz" help:"IANA time zone; the company's if left out."`
	Slack     string   `help:"Slack member id." placeholder:"U…"`
	Telegram  string   `help:"Telegram user id." placeholder:"123"`
}

// Help implements kong's detailed help.
func (userAdd) Help() string {
	return "Example:\n  fieldbot user add --name \"Li Wei\" --handle li.wei --role rep --territory East/Shanghai --lang zh --tz Asia/Shanghai"
}

// Run adds a person.
func (v *userAdd) Run(e *env) error {
	p := person.Person{Name: v.Name, Handle: strings.ToLower(v.Handle), Territory: store.CleanTerritory(v.Territory), Language: v.Lang, Timezone: v.TZ, Status: "active"}
	var err error
	if p.Roles, err = roles(v.Role); err != nil {
		return err
	}
	switch _, zone := calendar.Zone(v.TZ); {
	case strings.TrimSpace(v.Name) == "":
		return usageError{fmt.Errorf("--name: write the full name")}
	case !person.HandleShape.MatchString(p.Handle):
		return usageError{fmt.Errorf("--handle %q: write 1 to 32 small letters, digits, dots, - or _", v.Handle)}
	case v.Lang != "" && !lang.Known(v.Lang):
		return usageError{fmt.Errorf("--lang %q: write zh or en", v.Lang)}
	case v.TZ != "" && !zone:
		return usageError{fmt.Errorf("--tz %q: write an IANA name such as Asia/Shanghai", v.TZ)}
	}
	p.ZoneKnown = v.TZ != ""
	code := ""
	err = e.change(func(tx *store.Tx) error {
		if _, taken, err := personstore.ByHandle(tx, p.Handle); err != nil || taken {
			return orTaken(err, p.Handle)
		}
		if strings.EqualFold(v.ReportsTo, p.Handle) {
			return usageError{errors.New("--reports-to: nobody reports to themselves")}
		}
		if v.ReportsTo != "" {
			boss, err := byHandle(tx, v.ReportsTo)
			if err != nil {
				return err
			}
			p.ReportsTo = boss.ID
		}
		p.ID = ""
		if err := personstore.People.Add(tx, &p); err != nil {
			return err
		}
		code, err = linkOrCode(tx, p, v.Slack, v.Telegram)
		return err
	})
	if err != nil {
		return err
	}
	if code != "" {
		return e.printf("%s added. To link a chat, send the bot within 10 minutes: /link %s\n(or: fieldbot user invite %s)\n", p.Handle, code, p.Handle)
	}
	return e.printf("%s added\n", p.Handle)
}

func orTaken(err error, handle string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("the handle %q is taken; choose another", handle)
}

// linkOrCode links the handles given; with none it makes a code that links one.
func linkOrCode(tx *store.Tx, p person.Person, slack, telegram string) (code string, err error) {
	if slack == "" && telegram == "" {
		return personstore.NewCode(tx, p.ID, personstore.LinkCodeLife)
	}
	return "", linkHandles(tx, p, slack, telegram)
}

func linkHandles(tx *store.Tx, p person.Person, slack, telegram string) error {
	if strings.Trim(telegram, "0123456789") != "" {
		return usageError{fmt.Errorf("--telegram %q: write the user's number; the bot tells it to strangers", telegram)}
	}
	for platform, id := range map[string]string{"slack": slack, "telegram": telegram} {
		if id == "" {
			continue
		}
		// On both platforms the private chat has the user's own id.
		if err := personstore.Link(tx, person.Identity{Platform: platform, ExternalID: id, PersonID: p.ID, Room: id}); err != nil {
			return fmt.Errorf("%s %s belongs to another person; unlink it there first", platform, id)
		}
	}
	return nil
}

type userList struct{}

// Help implements kong's detailed help.
func (userList) Help() string { return "Example:\n  fieldbot user list" }

// Run lists people.
func (userList) Run(e *env) error {
	db, _, err := e.open()
	if err != nil {
		return err
	}
	return db.Read(e.ctx, func(tx *store.Tx) error {
		all, err := personstore.All(tx)
		if err != nil {
			return err
		}
		for _, p := range all {
			identities, err := personstore.Identities(tx, p.ID)
			if err != nil {
				return err
			}
			var linked []string
			for _, i := range identities {
				linked = append(linked, i.Platform)
			}
			var names []string
			for _, r := range p.Roles {
				names = append(names, string(r))
			}
			if err := e.printf("%-16s %-20s %-16s %-20s %-6s %s\n", p.Handle, p.Name, strings.Join(names, ","), p.Territory, p.Status, strings.Join(linked, ",")); err != nil {
				return err
			}
		}
		return nil
	})
}

type userRole struct {
	Handle string   `arg:"" help:"Whose."`
	Roles  []string `arg:"" help:"All roles from now on."`
}

// Help implements kong's detailed help.
func (userRole) Help() string { return "Example:\n  fieldbot user role li.wei rep kam" }

// Run sets roles.
func (v *userRole) Run(e *env) error {
	list, err := roles(v.Roles)
	if err != nil {
		return err
	}
	db, c, err := e.open()
	if err != nil {
		return err
	}
	if err := e.change(func(tx *store.Tx) error {
		p, err := byHandle(tx, v.Handle)
		if err != nil {
			return err
		}
		after := p
		after.Roles = list
		if err := personstore.People.Change(tx, p, after); err != nil {
			return err
		}
		return approvaltalk.PassOn(newApp(e, db, c).System(tx), p.ID)
	}); err != nil {
		return err
	}
	return e.printf("%s is now %s\n", v.Handle, strings.Join(v.Roles, ", "))
}

type userLink struct {
	Handle   string `arg:"" help:"Whose."`
	Slack    string `help:"Slack member id." placeholder:"U…"`
	Telegram string `help:"Telegram user id." placeholder:"123"`
}

// Help implements kong's detailed help.
func (userLink) Help() string {
	return "Example:\n  fieldbot user link li.wei --telegram 123456\n  fieldbot user link li.wei"
}

// Run links a handle or prints a code.
func (v *userLink) Run(e *env) error {
	code := ""
	if err := e.change(func(tx *store.Tx) error {
		p, err := byHandle(tx, v.Handle)
		if err != nil {
			return err
		}
		code, err = linkOrCode(tx, p, v.Slack, v.Telegram)
		return err
	}); err != nil {
		return err
	}
	if code != "" {
		return e.printf("send the bot within 10 minutes: /link %s\n", code)
	}
	return e.printf("linked\n")
}

type userOff struct {
	Handle string `arg:"" help:"Who leaves."`
	To     string `help:"Who takes over what they own." placeholder:"HANDLE"`
}

// Help implements kong's detailed help.
func (userOff) Help() string { return "Example:\n  fieldbot user off li.wei --to zhou.min" }

// Run hands over and switches off.
func (v *userOff) Run(e *env) error {
	db, c, err := e.open()
	if err != nil {
		return err
	}
	if err := e.change(func(tx *store.Tx) error {
		p, err := byHandle(tx, v.Handle)
		if err != nil {
			return err
		}
		today := string(calendar.On(tx.Now.In(c.Company.Zone())))
		owned, err := store.Owns(tx, p.ID, today)
		if err != nil {
			return err
		}
		if len(owned) > 0 {
			if v.To == "" {
				asked, err := approvaltalk.Waiting(newApp(e, db, c).System(tx), p.ID)
				if err != nil {
					return err
				}
				return errors.New(strings.Join(append([]string{fmt.Sprintf("%s still answers for %s; hand them over with --to HANDLE", v.Handle, counted(owned))}, asked...), "\n  "))
			}
			next, err := byHandle(tx, v.To)
			if err != nil {
				return err
			}
			if !next.Active() || next.ID == p.ID {
				return fmt.Errorf("--to %s: name somebody else who works here", v.To)
			}
			if noun, ok := mayTake(next, owned); !ok {
				return fmt.Errorf("--to %s: has no role that answers for %s; name somebody who has", v.To, noun)
			}
			if err := accounttalk.HandOver(newApp(e, db, c).System(tx), p, next); err != nil {
				return err
			}
			if owned, err = store.Owns(tx, p.ID, today); err != nil || len(owned) > 0 {
				return errors.Join(err, fmt.Errorf("%s still answers for %s after the hand-over; nothing was changed", v.Handle, counted(owned)))
			}
		}
		after := p
		after.Status = "off"
		if err := personstore.People.Change(tx, p, after); err != nil {
			return err
		}
		return personstore.SwitchOff(tx, p.ID)
	}); err != nil {
		return err
	}
	return e.printf("%s is switched off\n", v.Handle)
}

// mayTake reports whether a person has the roles to answer for all that somebody owned;
// else for what the person has none.
func mayTake(p person.Person, owned []store.Owned) (string, bool) {
	for _, o := range owned {
		for _, owner := range o.Noun.Describe().Owners {
			if len(owner.Roles) > 0 && !p.Is(owner.Roles...) {
				return o.Noun.Table(), false
			}
		}
	}
	return "", true
}

// counted says what somebody answers for: 2 accounts, 3 stores.
func counted(owned []store.Owned) string {
	var parts []string
	for _, o := range slices.Backward(owned) { // what the others belong to first
		parts = append(parts, fmt.Sprintf("%d %s", o.N, strings.ReplaceAll(o.Noun.Table(), "_", "-")))
	}
	return strings.Join(parts, ", ")
}

func newTelegram(e *env, c *config.Config) (*telegram.Telegram, bool) {
	if c.Telegram.Mode == "off" {
		return nil, false
	}
	return daemon.NewTelegram(c, e.logger(c)), true
}
