package followuptalk

import (
	"strconv"

	"fieldbot/bot/account"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/command"
)

// made are the follow-ups of the demo, by language.
var made = map[string][]followup.FollowUp{
	"zh": {{Kind: followup.Commitment, Text: "端架陈列费月底前到账", DueOn: "-1"}, {Kind: followup.Problem, Text: "原味500g断货，催总仓补货", Department: "logistics", DueOn: "1"}},
	"en": {{Kind: followup.Commitment, Text: "bring two coolers", DueOn: "-1"}, {Kind: followup.Problem, Text: "broken seals in the last delivery", Department: "quality", DueOn: "1"}},
}

// fillDemo gives each rep of the demo's company what is to be seen to, at the first
// store; DueOn above is days from today.
func fillDemo(demo *command.Demo) error {
	busy := map[string]bool{}
	for _, s := range demo.Stores {
		if busy[s.RepID] {
			continue
		}
		busy[s.RepID] = true
		if err := fillStore(demo, s, demo.Person(s.RepID)); err != nil {
			return err
		}
	}
	return nil
}

func fillStore(demo *command.Demo, s account.Store, rep person.Person) error {
	for _, x := range made[rep.Language] {
		days, err := strconv.Atoi(string(x.DueOn))
		if err != nil {
			return err
		}
		x.StoreID, x.AccountID, x.OwnerID, x.OpenedBy = s.ID, s.AccountID, rep.ID, rep.ID
		x.DueOn = command.WordsFor(rep, demo.Config).Today(demo.Tx.Now).Add(days)
		if err := followupstore.Add(demo.Tx, &x); err != nil {
			return err
		}
	}
	return nil
}
