package promotalk

import (
	"slices"
	"strings"

	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// What a report asks: what was missed, on one keyboard of the points, why, and photos.
var (
	missed        = []field.Field{{Key: "missed", Kind: field.Some, Noun: "promo_executions"}}
	reportFields  = slices.Concat(missed, promo.ExecutionCatalogue.Pick("reason", "photos"))
	recheckFields = slices.Concat(missed, promo.ExecutionCatalogue.Pick("reason"))
	onPoints      = []string{"missed"}
)

// mayReportNow: a promo is reported while it runs, and after its end until it is verified.
func mayReportNow(r *command.Request, e promo.Execution) error {
	if p := promoOf(r, e); p.Status != promo.Running {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, p), "state", papers.State(r, p))
	}
	return mayReport(r, e)
}

// report keeps what a store did, with its proof.
func report(r *command.Request, before promo.Execution, d form.Draft) (command.Saved, error) {
	p := promoOf(r, before)
	left := form.Codes(d.Values["missed"])
	photos := strings.Fields(d.Values["photos"])
	if len(photos) == 0 && len(left) < len(p.Points()) {
		return command.Saved{}, fault.At("photos", "promo_photo")
	}
	after, err := before.Report(p, left, d.Values["reason"], photos, r.Who.ID, r.Words.Today(r.Said), r.Tx.Now)
	if err != nil {
		return command.Saved{}, err
	}
	if err := promostore.Executions.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	after.Version++
	if err := command.KeepPhotos(r, promostore.Subject(after), photos); err != nil {
		return command.Saved{}, err
	}
	if after, err = stores.Load(r, after.ID); err != nil {
		return command.Saved{}, err
	}
	text := []string{outcome(r, p, after)}
	if after.Late {
		text = append(text, r.Say("promo.late", "day", p.EndsOn))
	}
	if after.Again {
		text = append(text, r.Say("promo.photo_again_short"))
	}
	if err := unchase(r, after); err != nil {
		return command.Saved{}, err
	}
	if len(after.Missed) > 0 {
		said, err := chase(r, p, after)
		if err != nil {
			return command.Saved{}, err
		}
		text = append(text, said)
	}
	if _, err := papers.Advance(r, promoOf(r, after)); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(strings.Join(text, "\n"))}, nil
}

// outcome says what was done and what was not.
func outcome(r *command.Request, p promo.Promo, e promo.Execution) string {
	var marks []string
	for i, name := range pointNames(r, p.Points()) {
		mark := " ✓"
		if slices.Contains(e.Missed, p.Points()[i]) {
			mark = " ✗"
		}
		marks = append(marks, name+mark)
	}
	return r.Say("promo.reported", "promo", p.Name, "store", r.StoreOf(e.StoreID).Name, "points", strings.Join(marks, " "), "status", status(r, e))
}

func status(r *command.Request, e promo.Execution) string {
	x, _ := promo.ExecutionCatalogue.Get("status")
	return r.Words.Option(x, e.Status)
}

// about is what a follow-up of a store's promo ends with.
func about(e promo.Execution) string { return "promo_store:" + e.ID }

// chase gives what was missed to the owner, who asks the head office, and says by when
// what may still save the fee.
func chase(r *command.Request, p promo.Promo, e promo.Execution) (string, error) {
	today := r.Words.Today(r.Said)
	missed := r.Words.List(pointNames(r, e.Missed))
	f := followup.FollowUp{Kind: followup.Problem, StoreID: e.StoreID, AccountID: e.AccountID, Text: r.Say("promo.missed_at", "promo", p.Name, "points", missed, "reason", e.Reason),
		OwnerID: p.OwnerID, DueOn: today, OpenedBy: r.Who.ID, About: about(e)}
	if f.OwnerID != r.Who.ID {
		if err := followupstore.Add(r.Tx, &f); err != nil {
			return "", err
		}
		if err := r.Tell(p.OwnerID, func(as *command.Request) chat.Reply {
			return chat.Reply{Title: as.Say("promo.missed_title", "store", as.StoreOf(e.StoreID).Name), Text: outcome(as, p, e) + "\n" + e.Reason, Buttons: [][]chat.Button{{command.SayButton(as.Say("button.card"), "promo", "show "+record.RefOf(p))}}}
		}); err != nil {
			return "", err
		}
	}
	return r.Say("promo.chase", "who", r.Name(p.OwnerID), "mine", p.OwnerID == r.Who.ID, "until", min(today.Add(1), p.EndsOn), "over", today >= p.EndsOn, "amount", r.MoneyIfAny(e.ClawBack())), nil
}

// unchase ends what was asked of the owner about a store: another report stands now.
func unchase(r *command.Request, e promo.Execution) error {
	open, err := followupstore.About(r.Tx, accessSystem, e.StoreID)
	for _, f := range open {
		if f.About != about(e) || err != nil {
			continue
		}
		after := f
		after.Status, after.ClosedBy, after.ClosedAt = followup.Done, r.Who.ID, r.Tx.Now
		err = followupstore.FollowUps.Change(r.Tx, f, after)
	}
	return err
}

// mayRecheck: who leads looks again at what nobody reported, or at a photo that was used
// before.
func mayRecheck(r *command.Request, e promo.Execution) error {
	if p := promoOf(r, e); p.Status != promo.Running && p.Status != promo.Verified {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, p), "state", papers.State(r, p))
	}
	return mayReport(r, e)
}

// recheck decides what a store did: the manager's word stands for a photo.
func recheck(r *command.Request, before promo.Execution, d form.Draft) (command.Saved, error) {
	p := promoOf(r, before)
	after, err := before.Report(p, form.Codes(d.Values["missed"]), d.Values["reason"], before.Photos, before.ReportedBy, before.ReportedOn, before.ReportedAt)
	if err != nil {
		return command.Saved{}, err
	}
	after.Late, after.CheckedBy, after.Again = before.Late, r.Who.ID, before.Again
	if err := promostore.Executions.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	if _, err := papers.Advance(r, promoOf(r, after)); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(outcome(r, p, after))}, nil
}

// photoSeen tells the reporter of a picture that was used before.
func photoSeen(r *command.Request, e command.PhotoSeen) error {
	x, other, err := promostore.PhotoSeen(r.Tx, e.Subject, e.Others)
	if err != nil || x.ID == "" {
		return err
	}
	return r.Tell(x.ReportedBy, func(as *command.Request) chat.Reply {
		return chat.Reply{Text: as.Say("promo.photo_again", "store", as.StoreOf(x.StoreID).Name, "where", usedAt(as, other)), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.promo_report"), "promo", "report "+stores.RefOf(x))}}}
	})
}

// usedAt is where a picture was used before, as far as it can be told: the store of another
// promo's report, else that it was with something else.
func usedAt(r *command.Request, subject string) string {
	if id, is := promostore.OfSubject(subject); is {
		e, ok, err := promostore.Executions.In(r.Scope).ByID(r.Tx, id)
		if err != nil {
			r.Tx.Fail(err)
		}
		if ok {
			return stores.Name(r, e)
		}
	}
	return r.Say("promo.elsewhere")
}

// demanded tells an audit what promos ask of its store that day.
func demanded(r *command.Request, d *shelf.Demands) error {
	running, err := promostore.At(r.Tx, accessSystem, d.Store.ID, d.On, d.On)
	if err != nil {
		return err
	}
	for _, p := range running {
		if !p.On(d.On) {
			continue
		}
		ids, err := productIDs(r, p)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if p.PromoPrice > 0 {
				d.Prices[id] = p.PromoPrice
			}
		}
		d.Displays = append(d.Displays, p.Display...)
		e, ok, err := promostore.OfStore(r.Tx, accessSystem, p.ID, d.Store.ID)
		if err != nil {
			return err
		}
		if ok && e.ReportedBy != "" {
			d.Points += int64(len(e.Met) + len(e.Missed))
			d.Met += int64(len(e.Met))
		}
	}
	return nil
}
