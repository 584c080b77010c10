package dealtalk

import (
	"slices"
	"strconv"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// contacts are the customer's people, those in the deal first.
func contacts(r *command.Request, x subject) ([]chat.Option, error) {
	all, err := accountstore.ContactsOf(r.Tx, r.Scope, x.AccountID)
	var in, out []chat.Option
	for _, c := range all {
		o := chat.Option{Value: c.ID, Label: c.Name, Note: c.Title}
		if slices.ContainsFunc(x.people, func(p deal.Party) bool { return p.ContactID == c.ID }) {
			in = append(in, o)
		} else {
			out = append(out, o)
		}
	}
	return append(in, out...), err
}

func members(r *command.Request, x subject) ([]chat.Option, error) {
	team, err := dealstore.TeamOf(r.Tx, r.Scope, x.ID)
	var out []chat.Option
	for _, m := range team {
		p, _, err := personstore.ByID(r.Tx, m.PersonID)
		if err != nil {
			return nil, err
		}
		out = append(out, chat.Option{Value: m.PersonID, Label: p.Name, Note: p.Handle})
	}
	return out, err
}

// supportText is the weighted support of some people, with its sign.
func supportText(r *command.Request, people []deal.Party) string {
	percent, known := deal.Support(people)
	if !known {
		return r.Say("deal.support_none")
	}
	if percent > 0 {
		return "+" + strconv.Itoa(percent) + "%"
	}
	return strconv.Itoa(percent) + "%"
}

// saveParty keeps what one of the customer's people weighs and thinks in the
// deal; what is not said is taken from the contact.
func saveParty(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	all, err := accountstore.ContactsOf(r.Tx, r.Scope, x.AccountID)
	if err != nil {
		return command.Saved{}, err
	}
	i := slices.IndexFunc(all, func(c account.Contact) bool { return c.ID == d.Values["deal_contact"] })
	if i < 0 {
		return command.Saved{}, fault.At("deal_contact", "none_found", "query", d.Shown["deal_contact"])
	}
	before, _, err := dealstore.PartyOf(r.Tx, r.Scope, x.ID, all[i].ID)
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	if before.ID == "" {
		after = deal.Party{DealID: x.ID, ContactID: all[i].ID, BuyingRole: all[i].BuyingRole, Attitude: all[i].Attitude, Weight: all[i].Weight}
	}
	after.Name, after.Status = all[i].Name, deal.Active
	if err := account.ContactCatalogue.Set(&after, d.Values); err != nil {
		return command.Saved{}, err
	}
	if d.Values["leaves"] == "yes" {
		after.Status = deal.Withdrawn
	}
	if err := dealstore.SetParty(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	if x.people, err = dealstore.PartiesOf(r.Tx, r.Scope, x.ID); err != nil {
		return command.Saved{}, err
	}
	lines := peopleLines(r, x)
	reply := chat.Reply{Title: r.Say("deal.people_title", "deal", x.name()), Text: strings.Join(lines, "\n"), Keep: true, Buttons: [][]chat.Button{{cardButton(r, x), r.UndoButton()}}}
	return command.Saved{Reply: reply, ID: x.ID}, nil
}

// peopleLines are the customer's people in the deal, and whether it rests on
// too few.
func peopleLines(r *command.Request, x subject) []string {
	var lines []string
	named := x.people
	if !r.SeesPeople(x.AccountID) {
		named = nil
	}
	for _, p := range named {
		parts := []string{p.Name}
		if p.BuyingRole != "" {
			parts = append(parts, r.Words.Choice("buying_role", p.BuyingRole))
		}
		if p.Attitude != "" {
			parts = append(parts, r.Words.Choice("attitude", p.Attitude))
		}
		if p.Weight > 0 {
			parts = append(parts, r.Say("deal.weighs", "weight", p.Weight))
		}
		lines = append(lines, strings.Join(parts, " · "))
	}
	if len(x.people) > 0 {
		lines = append(lines, r.Say("deal.support", "percent", supportText(r, x.people)))
	}
	if deal.SingleThreaded(len(x.people)) {
		lines = append(lines, "⚠️ "+r.Say("deal.single", "n", len(x.people)))
	}
	return lines
}

// mayTeam: who is on the team reads the negotiation sheet, so only the team
// itself says who is on it.
func mayTeam(r *command.Request, x subject) error {
	ours, err := dealstore.OnTheTeam(r.Tx, r.Scope, x.ID)
	if err == nil && !ours {
		err = fault.New(fault.Denied, "deal_team_only", "number", x.Number)
	}
	return err
}

// saveTeam adds a person of ours to the deal's team, or takes one off it.
func saveTeam(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	add, drop := d.Values["team_add"], d.Values["team_drop"]
	if add == "" && drop == "" {
		return command.Saved{}, fault.At("team_add", "deal_team_nobody")
	}
	if add != "" {
		if err := dealstore.Join(r.Tx, x.ID, add); err != nil {
			return command.Saved{}, err
		}
		if add != r.Who.ID {
			if err := r.Tell(add, func(as *command.Request) chat.Reply {
				return chat.Reply{Text: as.Say("deal.joined_you", "who", r.Who.Name, "deal", x.name(), "account", x.account.Name), Buttons: [][]chat.Button{{cardButton(as, x)}}}
			}); err != nil {
				return command.Saved{}, err
			}
		}
	}
	team, err := dealstore.TeamOf(r.Tx, r.Scope, x.ID)
	if err != nil {
		return command.Saved{}, err
	}
	if i := slices.IndexFunc(team, func(m deal.Member) bool { return m.PersonID == drop }); i >= 0 {
		if err := dealstore.Leave(r.Tx, team[i]); err != nil {
			return command.Saved{}, err
		}
		team = slices.Delete(team, i, i+1)
	} else if drop != "" {
		return command.Saved{}, fault.At("team_drop", "deal_team_not", "who", d.Shown["team_drop"])
	}
	names, err := teamNames(r, x, team)
	reply := chat.Reply{Title: r.Say("deal.team_title", "deal", x.name()), Text: r.Words.List(names), Keep: true, Buttons: [][]chat.Button{{cardButton(r, x), r.UndoButton()}}}
	return command.Saved{Reply: reply, ID: x.ID}, err
}

// teamNames are the deal's owner and its team.
func teamNames(r *command.Request, x subject, team []deal.Member) ([]string, error) {
	ids := []string{x.OwnerID}
	for _, m := range team {
		if m.PersonID != x.OwnerID {
			ids = append(ids, m.PersonID)
		}
	}
	var out []string
	for _, id := range ids {
		p, ok, err := personstore.ByID(r.Tx, id)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, p.Name)
		}
	}
	return out, nil
}

// someContact: a customer's people must be known before one is put into a deal.
func someContact(r *command.Request, x subject) error {
	all, err := accountstore.ContactsOf(r.Tx, r.Scope, x.AccountID)
	if err == nil && len(all) == 0 {
		err = fault.Wrong("deal_no_contacts", "account", x.account.Name, "code", x.account.Code)
	}
	return err
}
