package visittalk

import (
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

func capacity(r *command.Request) visit.Capacity {
	return visit.Capacity{Day: r.Config.Visits.DayMinutes, Minutes: r.Config.Visits.Minutes}
}

// hours is the time that visits took, for the effort report.
func hours(r *command.Request, span calendar.Span) ([]account.Effort, error) {
	return visitstore.HoursIn(r.Tx, span, capacity(r))
}

// How many months the night sums up anew, this one among them, and on Mondays, or where that
// was never done: what is entered late or taken back is found then.
const (
	monthsSummed  = 3
	monthsOfAYear = 13
)

// sumAt is from when on, by the company's clock.
const sumAt = calendar.Clock(3 * 60)

// sumHours sums up the hours of visits up to yesterday, a month a tick, each once a night.
// The request is the system's.
func sumHours(r *command.Request) error {
	if calendar.ClockOf(r.Tx.Now.In(r.Words.Zone)) < sumAt {
		return nil
	}
	today := r.Words.Today(r.Tx.Now)
	const job = "visit hours"
	if over, err := r.Tx.Marked(job, "", string(today)); err != nil || over {
		return err
	}
	summed, err := visitstore.Summed(r.Tx)
	if err != nil {
		return err
	}
	for n := range monthsOfAYear {
		first, _ := today.Add(-1).Month(-n)
		if n >= monthsSummed && today.Weekday() != time.Monday && summed[first] != "" {
			continue
		}
		if fresh, err := r.Tx.MarkOnce(job+" "+string(first), "", string(today)); err != nil || fresh {
			if err == nil {
				err = visitstore.SumMonth(r.Tx, first, today.Add(-1), capacity(r))
			}
			return err
		}
	}
	_, err = r.Tx.MarkOnce(job, "", string(today))
	return err
}
