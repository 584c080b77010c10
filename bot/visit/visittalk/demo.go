package visittalk

import (
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

var outcomes = map[string][]visit.Visit{
	"zh": {
		{Met: "张课长", Intent: "clear", Needs: "中秋档想要端架", NextStep: "报端架方案", Satisfaction: 4},
		{Met: "店长", Problems: "原味500g断货两天", Intent: "weak", NextStep: "催总仓补货"},
		{Met: "采购", Intent: "strong", CompetitorNews: "竞品买一送一", Satisfaction: 3},
	},
	"en": {
		{Met: "Petra Lange", Intent: "clear", Needs: "wants a second display for Christmas", NextStep: "send the display offer", Satisfaction: 4},
		{Met: "Store manager", Problems: "two facings lost to a rival", Intent: "weak", NextStep: "show the sales per facing"},
		{Met: "Uwe Kern", Intent: "strong", CompetitorNews: "rival at 0.99", Satisfaction: 5},
	},
}

// fillDemo makes some visits of the last weeks; some stores fall behind
// their cadence and one in five was never visited.
func fillDemo(demo *command.Demo) error {
	of := map[string]int{} // stores of an account so far
	for i, s := range demo.Stores {
		n := of[s.AccountID]
		of[s.AccountID]++
		if (i+1)%5 == 0 {
			continue
		}
		if err := fillStore(demo, s, i+1, n); err != nil {
			return err
		}
	}
	return fillActivities(demo)
}

// spoken is what was last said with two head offices, some days ago.
var spoken = []struct {
	account string
	days    int
	visit.Activity
}{
	{"K001", 4, visit.Activity{Kind: "call", Met: "刘洋", Note: "端架方案收到了，下周给答复"}},
	{"K010", 5, visit.Activity{Kind: "meeting", Met: "Petra Lange", Note: "went through the annual contract"}},
}

func fillActivities(demo *command.Demo) error {
	for _, s := range spoken {
		of := demo.Accounts[s.account]
		a := s.Activity
		a.AccountID, a.PersonID, a.Status = of.ID, of.OwnerID, visit.Made
		a.OnDay = command.WordsFor(demo.Person(of.OwnerID), demo.Config).Today(demo.Tx.Now).Add(-s.days)
		if err := visitstore.Activities.Add(demo.Tx, &a); err != nil {
			return err
		}
	}
	return nil
}

func fillStore(demo *command.Demo, s account.Store, nth, n int) error {
	rep := demo.Person(s.RepID)
	w := command.WordsFor(rep, demo.Config)
	cadence := demo.Config.Visits.Cadence.OfStore(s, 0)
	last := cadence/2 + n*cadence/3 // days ago: behind for some, in time for others
	for i := 2; i >= 0; i-- {
		day := w.Today(demo.Tx.Now).Add(-last - i*cadence)
		at := day.At(calendar.Clock(10*60+25*n), w.Zone)
		if at.After(demo.Tx.Now) {
			continue
		}
		v := outcomes[rep.Language][(nth+i)%3]
		v.StoreID, v.AccountID, v.PersonID = s.ID, s.AccountID, rep.ID
		v.Status, v.Presence, v.Source = visit.Done, "claimed", "telegram"
		v.VisitedOn, v.StartedAt, v.FinishedAt, v.RecordedAt = day, at, at.Add(25*time.Minute), at.Add(26*time.Minute)
		if err := visitstore.Visits.Add(demo.Tx, &v); err != nil {
			return err
		}
	}
	return nil
}
