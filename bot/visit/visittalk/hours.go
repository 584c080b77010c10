package visittalk

import (
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

// monthsSummed is how many months that are over the night sums up anew: what is entered
// late or taken back is found then.
const monthsSummed = 12

// sumAt is from when on, by the company's clock.
const sumAt = calendar.Clock(3 * 60)

// sumHours sums up the months that are over, one a tick, each once a night. The request is
// the system's.
func sumHours(r *command.Request) error {
	if calendar.ClockOf(r.Tx.Now.In(r.Words.Zone)) < sumAt {
		return nil
	}
	today := r.Words.Today(r.Tx.Now)
	const job = "visit hours"
	if over, err := r.Tx.Marked(job, "", string(today)); err != nil || over {
		return err
	}
	for n := 1; n <= monthsSummed; n++ {
		first, _ := today.Month(-n)
		if fresh, err := r.Tx.MarkOnce(job+" "+string(first), "", string(today)); err != nil || fresh {
			if err == nil {
				err = visitstore.SumMonth(r.Tx, first, capacity(r))
			}
			return err
		}
	}
	_, err := r.Tx.MarkOnce(job, "", string(today))
	return err
}
