package persontalk

import (
	"errors"
	"strings"

	"fieldbot/bot/clock/remind"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// reviewed is a review that people speak of: by its button.
var reviewed = &command.Record[person.Review]{
	Family: "access", Ref: "review", Load: command.InSight(personstore.Reviews), None: "review_none",
	Name: func(r *command.Request, x person.Review) string { return r.Name(x.PersonID) },
	Find: func(r *command.Request, words string) (out []person.Review, err error) {
		waiting, err := personstore.ReviewsOf(r.Tx, r.Scope, r.Who.ID)
		if words == "" {
			return waiting, err
		}
		p, ok, wrong := r.OneColleague(words)
		for _, x := range waiting {
			if ok && x.PersonID == p.ID {
				out = append(out, x)
			}
		}
		return out, errors.Join(err, wrong)
	},
}

var accessFamily = command.Family{
	Name: "access", Default: "review",
	Verbs: []command.Verb{
		{Name: "review", Read: reviews, Bare: true},
		reviewed.Verb(command.On[person.Review]{Name: "keep", Ready: mayAnswer, Do: func(r *command.Request, x person.Review, _ form.Draft) (command.Saved, error) {
			return answer(r, x, person.ReviewKeep, "")
		}}),
		reviewed.Verb(command.On[person.Review]{Name: "adjust", Ready: mayAnswer, Ask: person.ReviewCatalogue.Pick("review_note"), Quick: true, Do: func(r *command.Request, x person.Review, d form.Draft) (command.Saved, error) {
			return answer(r, x, person.ReviewChange, d.Values["review_note"])
		}}),
	},
}

// mayAnswer: who is asked, once.
func mayAnswer(r *command.Request, x person.Review) error {
	switch {
	case x.ReviewerID != r.Who.ID:
		return fault.New(fault.Denied, "review_not_yours", "who", r.Name(x.ReviewerID), "person", r.Name(x.PersonID))
	case x.Answer != person.ReviewOpen:
		return fault.New(fault.Conflict, "review_answered", "person", r.Name(x.PersonID), "day", calendar.On(x.AnsweredAt.In(r.Words.Zone)))
	}
	return nil
}

// reviewsShown is how many people one message asks about: two buttons each.
const reviewsShown = 4

// reviews are the people whom the person is asked about; an admin sees with whom the others
// wait, too.
func reviews(r *command.Request, _ command.Args) (chat.Reply, error) {
	waiting, err := personstore.ReviewsOf(r.Tx, r.Scope, r.Who.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	quarter := person.QuarterOf(r.Words.Today(r.Tx.Now))
	all, done, err := personstore.ReviewsIn(r.Tx, r.Scope, quarter, r.Who.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("review.title", "quarter", quarter, "done", done, "all", all)}
	var lines []string
	for _, x := range waiting[:min(reviewsShown, len(waiting))] {
		p, _, err := personstore.ByID(r.Tx, x.PersonID)
		if err != nil {
			return chat.Reply{}, err
		}
		line, err := reviewLine(r, p)
		if err != nil {
			return chat.Reply{}, err
		}
		lines = append(lines, line)
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton("✓ "+p.Name, "access", "keep "+reviewed.RefOf(x)), command.SayButton("✎ "+p.Name, "access", "adjust "+reviewed.RefOf(x))})
	}
	if more := len(waiting) - reviewsShown; more > 0 {
		lines = append(lines, r.Say("list.more_things", "n", more))
	}
	if r.Who.Is(person.Admin) {
		others, err := elsewhere(r)
		if err != nil {
			return chat.Reply{}, err
		}
		lines = append(lines, others...)
	}
	if reply.Text = strings.Join(lines, "\n"); reply.Text == "" {
		reply.Text = r.Say("review.none")
	}
	return reply, nil
}

// reviewLine is somebody with what they may do and see, and when they were last here.
func reviewLine(r *command.Request, p person.Person) (string, error) {
	parts := []string{p.Name, roleNames(r, p)}
	if p.Territory != "" {
		parts = append(parts, p.Territory)
	}
	identities, err := personstore.Identities(r.Tx, p.ID)
	if len(identities) > 0 && !identities[0].SeenAt.IsZero() {
		parts = append(parts, r.Say("review.seen", "day", calendar.On(identities[0].SeenAt.In(r.Words.Zone))))
	} else {
		parts = append(parts, r.Say("review.never_seen"))
	}
	return "· " + strings.Join(parts, " · "), err
}

// elsewhere says with whom reviews wait.
func elsewhere(r *command.Request) (lines []string, err error) {
	waiting, err := personstore.ReviewsOf(r.Tx, access.System("with whom reviews wait, for an admin"), "")
	count := map[string]int{}
	var order []string
	for _, x := range waiting {
		if x.ReviewerID != r.Who.ID {
			if count[x.ReviewerID] == 0 {
				order = append(order, x.ReviewerID)
			}
			count[x.ReviewerID]++
		}
	}
	return command.Listed(r, order, reviewsShown, len(order), func(id string) string {
		return r.Say("review.waits_with", "who", r.Name(id), "n", count[id])
	}), err
}

// answer keeps an answer and shows who is left; what should change is told the admins, who
// change people in the shell.
func answer(r *command.Request, before person.Review, said, note string) (command.Saved, error) {
	after := before
	after.Answer, after.Note, after.AnsweredBy, after.AnsweredAt = said, note, r.Who.ID, r.Tx.Now
	if err := personstore.Reviews.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	if said == person.ReviewChange {
		if err := tellAdmins(r, before.PersonID, note); err != nil {
			return command.Saved{}, err
		}
	}
	reply, err := reviews(r, command.Args{})
	reply.Title = r.Say("review."+said, "person", r.Name(before.PersonID)) + "\n" + reply.Title
	reply.Keep = true
	reply.Buttons = append(reply.Buttons, []chat.Button{r.UndoButton()})
	return command.Saved{Reply: reply, ID: before.ID}, err
}

func tellAdmins(r *command.Request, personID, note string) error {
	people, err := personstore.Active(r.Tx)
	if err != nil {
		return err
	}
	of, _, err := personstore.ByID(r.Tx, personID)
	for _, p := range people {
		if p.Is(person.Admin) {
			err = errors.Join(err, r.Tell(p.ID, func(as *command.Request) chat.Reply {
				return chat.Reply{Text: as.Say("review.to_change", "who", r.Who.Name, "person", of.Name, "handle", of.Handle, "note", note)}
			}))
		}
	}
	return err
}

// waits: people to be asked about come with every morning digest until they are answered.
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning {
		return nil, nil
	}
	waiting, err := personstore.ReviewsOf(r.Tx, r.Scope, r.Who.ID)
	if err != nil || len(waiting) == 0 || r.PutOff["review"] {
		return nil, err
	}
	item := command.Item{Subject: "review", Label: r.Say("review.button"), Line: "· " + r.Say("review.waiting", "n", len(waiting), "first", r.Name(waiting[0].PersonID)), Act: []chat.Button{command.SayButton(r.Say("review.button"), "access", "review")}}
	return []command.Section{{Title: r.Say("review.section"), Items: []command.Item{item}}}, nil
}

// askWithin is for how many days of a quarter its reviews are begun: a company that starts
// with the bot later has just said who may do what.
const askWithin = 30

// askReviews asks for everybody once a quarter, from its first working day on, and passes on
// what its reviewer left lying. The request is the system's.
func askReviews(r *command.Request) error {
	today := r.Words.Today(r.Tx.Now)
	if !r.Config.Company.Calendar().Working(today) {
		return nil
	}
	if began, _ := today.Quarter(0); today.Sub(began) < askWithin {
		quarter := person.QuarterOf(today)
		if first, err := r.Tx.MarkOnce("access review", "", quarter); err != nil || first {
			if err == nil {
				err = askAll(r, quarter)
			}
			return err
		}
	}
	late, err := personstore.LateReviews(r.Tx, r.Scope, r.Tx.Now.Add(-person.ReviewLate))
	for _, x := range late {
		err = errors.Join(err, r.Tx.Try(func() error { return passUp(r, x) }))
	}
	return err
}

// askAll asks about everybody: who leads them, or, at the top, an admin. What is open of the
// quarter before lapses.
func askAll(r *command.Request, quarter string) error {
	people, err := personstore.Active(r.Tx)
	if err != nil {
		return err
	}
	admin, some, err := personstore.OfRole(r.Tx, person.Admin)
	if err != nil {
		return err
	}
	left, err := personstore.ReviewsOf(r.Tx, r.Scope, "")
	for _, x := range left {
		after := x
		after.Answer = person.ReviewLapsed
		err = errors.Join(err, personstore.Reviews.Change(r.Tx, x, after))
	}
	if err != nil {
		return err
	}
	for _, p := range people {
		reviewer, led, err := r.Boss(p)
		if err != nil {
			return err
		}
		if !led && some && admin.ID != p.ID {
			reviewer, led = admin, true
		}
		if !led {
			continue
		}
		if err := personstore.Reviews.Add(r.Tx, &person.Review{Quarter: quarter, PersonID: p.ID, ReviewerID: reviewer.ID, Roles: p.Roles, Territory: p.Territory, Answer: person.ReviewOpen, MovedAt: r.Tx.Now}); err != nil {
			return err
		}
	}
	return nil
}

// passUp gives a review to the next up, at the top to an admin.
func passUp(r *command.Request, before person.Review) error {
	reviewer, ok, err := personstore.ByID(r.Tx, before.ReviewerID)
	if err != nil || !ok {
		return err
	}
	next, above, err := r.Boss(reviewer)
	if err != nil {
		return err
	}
	if !above {
		if next, above, err = personstore.OfRole(r.Tx, person.Admin); err != nil {
			return err
		}
	}
	after := before
	if after.MovedAt = r.Tx.Now; above && next.ID != before.PersonID {
		after.ReviewerID = next.ID
	}
	return personstore.Reviews.Change(r.Tx, before, after)
}

var byFile = access.System("files of people")

var fileKinds = []files.Kind{{Name: "access_reviews", Catalogue: person.ReviewCatalogue, Export: func(e *files.Exporter) error {
	return files.Table(e, person.ReviewCatalogue, func(add func(person.Review) error) error {
		return personstore.Reviews.In(byFile).Since("ar.created_at", e.Span.Since, e.Span.Until).Order("ar.created_at, ar.id").Each(e.Tx, add)
	}, nil)
}}}
