// Package command is what people can say and press: families of verbs, each with
// its form or its answer. A capability's talk exports one Module of them; its line
// in bot.Modules is the only one elsewhere.
package command

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/config"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// Family is a group of verbs on one noun: /visit, /account. Its names stand
// in bot/talk/lang under cmd.NAME.
type Family struct {
	Name    string
	Verbs   []Verb
	Default string // the verb when none is said
	Buttons []Button
	// Means tells words that name one of the family's things by themselves, such
	// as a number: they say its default verb. Nil tells none.
	Means func(words string) bool
	// Choices lists what a field of kind Named can be, the likely first; with a
	// query, those that it may mean.
	Choices func(r *Request, d form.Draft, f field.Field, query string) ([]chat.Option, error)
}

// Verb is one thing to do. Exactly one of Read, Do and Form is set.
type Verb struct {
	Name  string        // its other names stand in the words under alias.verb.NAME, what it does under verb.FAMILY.NAME
	Roles []person.Role // who may; nil is everybody
	// Read answers without changing anything.
	Read func(r *Request, a Args) (chat.Reply, error)
	// Do changes something that needs no form.
	Do func(r *Request, a Args) (chat.Reply, error)
	// Takes are the keys of a verb without a form; what is behind them is in the
	// Values of its Args.
	Takes []field.Field
	// Form is filled; Save is called when it is complete and right. A fault
	// beside a field sends the person back to it.
	Form form.Form
	Save func(r *Request, d form.Draft) (Saved, error)
	// Bare is a verb without a form that takes no words: those behind it were meant for
	// something else, and are named.
	Bare bool
	// Object is the field that the words without a key fill.
	Object string
	// Behind are fields, in order, that words behind the object fill without a key: an
	// amount, a day. They are looked at where the words as a whole name nothing.
	Behind []string
	// Open makes the draft of a row that is edited, found by the object; its
	// reply, if there is one, is shown instead. Nil opens an empty form.
	Open func(r *Request, a Args) (form.Draft, *chat.Reply, error)
	// Quick saves at once when the verb is said and nothing is missing.
	Quick bool
}

// For is the verb for some roles alone.
func (v Verb) For(roles ...person.Role) Verb {
	v.Roles = roles
	return v
}

// Answer is what a verb without a form says. A key that it does not take is refused,
// so that nothing is lost on it.
func (v Verb) Answer(r *Request, a Args) (chat.Reply, error) {
	err := r.Enter(v)
	if err != nil {
		return chat.Reply{}, err
	}
	if a.Values, err = a.Fields(v.Takes); err != nil {
		return chat.Reply{}, err
	}
	if v.Bare && a.Object != "" && v.Do != nil {
		return chat.Reply{}, fault.Wrong("left_over", "words", chat.Cut(a.Object, 60))
	}
	if v.Read == nil {
		return v.Do(r, a)
	}
	reply, err := v.Read(r, a)
	if v.Bare && a.Object != "" && err == nil {
		reply.Text = strings.TrimSpace(r.Say("left_over", "words", chat.Cut(a.Object, 60)) + "\n" + reply.Text)
	}
	return reply, err
}

// Saved is what became of a form.
type Saved struct {
	Reply chat.Reply
	ID    string // of the row
}

// Confirm is a likely mistake that Save found: it is shown, and saving once more
// means it.
type Confirm struct {
	Field   string // it stands beside, in a modal
	Text    string
	Yes     string // the button that means it; empty is "make it anyway"
	Buttons [][]chat.Button
	Kept    func() error // what is written although nothing is saved; may be nil
}

// Error names it for logs.
func (d *Confirm) Error() string { return "to be confirmed beside " + d.Field }

// Button is what a button of the family does. Its name is the button's.
type Button struct {
	Name  string
	Roles []person.Role // who may; nil is everybody whom it is shown
	Read  bool          // changes nothing: needs no unit of work
	Run   func(r *Request, args []string) (chat.Reply, error)
}

// Request is one thing that a person said, with everything an answer depends
// on. All times are the transaction's.
type Request struct {
	Tx     *store.Tx
	Who    person.Person
	Scope  access.Scope
	Words  lang.Words
	Place  chat.Place
	Caps   chat.Caps
	Said   time.Time // when the person said it; Tx.Now unless the message was late
	Config *config.Config
	Links  Links
	found  account.Place // what a look-up of this request named
	// TakesBack is set where a refusal has to take back what was written and the
	// unit goes on; else the whole unit is tried again with it.
	TakesBack bool
	// PutOff is what the person has put off, while a digest is made.
	PutOff map[string]bool
	Log    *slog.Logger
	// Modules are everything that can be said and asked.
	Modules []Module
}

// Links makes links that open the bot's private chat.
type Links interface {
	// Link returns a link that starts the private chat on a platform with a
	// token, or "" if the platform has none.
	Link(platform chat.Platform, token string) string
}

// Say makes a sentence in the person's language.
func (r *Request) Say(key string, args ...any) string { return r.Words.Say(key, args...) }

// Money is an amount of the company's currency, in minor units, as the person reads it.
func (r *Request) Money(minor int64) string {
	return r.Words.Money(money.Amount{Minor: minor, Currency: r.Config.Company.Currency})
}

// MoneyIfAny is the same, and "" of nothing.
func (r *Request) MoneyIfAny(minor int64) string {
	if minor == 0 {
		return ""
	}
	return r.Money(minor)
}

// Env is what the checks of forms depend on.
func (r *Request) Env() form.Env {
	return form.Env{Words: r.Words, Today: r.Words.Today(r.Said), Company: r.Config.Company.Calendar, Currency: r.Config.Company.Currency, Caps: r.Caps}
}

// WordsFor is how a person is spoken to.
func WordsFor(p person.Person, c *config.Config) lang.Words {
	code, zone := p.Language, p.Timezone
	if code == "" {
		code = c.Company.Language
	}
	if zone == "" {
		zone = c.Company.Timezone
	}
	loc, ok := calendar.Zone(zone)
	if !ok {
		loc = c.Company.Zone()
	}
	return lang.In(code, loc)
}

// CallbackLife is how long buttons live; those of reminders carry their own.
const CallbackLife = config.ButtonDays * 24 * time.Hour

// NameButtons gives the buttons of a reply their ids and returns what has to
// be kept for them to work.
func NameButtons(now time.Time, person string, reply *chat.Reply) []store.Keyboard {
	var out []store.Keyboard
	for i := range reply.Buttons {
		for j := range reply.Buttons[i] {
			b := &reply.Buttons[i][j]
			if b.Do == nil || b.ID != "" {
				continue
			}
			until := now.Add(cmp.Or(b.Do.For, CallbackLife))
			at := slices.IndexFunc(out, func(k store.Keyboard) bool { return k.Until.Equal(until) && len(k.Buttons) < store.KeyboardSize })
			if at < 0 {
				at = len(out)
				out = append(out, store.Keyboard{ID: rand.Text()[:20], PersonID: person, Until: until}) // 100 bits: not to be guessed
			}
			k := &out[at]
			b.ID = k.ButtonID(len(k.Buttons))
			k.Buttons = append(k.Buttons, *b.Do)
		}
	}
	return out
}

// KeepButtons names the buttons of a reply and keeps them.
func KeepButtons(tx *store.Tx, person string, reply *chat.Reply) error {
	return tx.AddKeyboards(NameButtons(tx.Now, person, reply))
}

// Send puts a message to a person into the outbox: to the private chat that
// /notify names or that was used last. Without any reachable chat nothing is
// sent, and sent is false.
func Send(tx *store.Tx, p person.Person, reply chat.Reply) (sent bool, err error) {
	identities, err := personstore.Identities(tx, p.ID)
	if err != nil {
		return false, err
	}
	var best *person.Identity
	for i := range identities {
		if x := &identities[i]; x.Room != "" && !x.Blocked && (best == nil || x.Platform == p.Notify && best.Platform != p.Notify) {
			best = x
		}
	}
	if best == nil {
		return false, nil
	}
	return true, SendTo(tx, p.ID, chat.Place{Platform: chat.Platform(best.Platform), Room: best.Room, Private: true}, reply, "")
}

// SendTo puts a message to a place into the outbox. Replace is the message it
// should stand in place of.
func SendTo(tx *store.Tx, personID string, place chat.Place, reply chat.Reply, replace string) error {
	if err := KeepButtons(tx, personID, &reply); err != nil {
		return err
	}
	body, err := json.Marshal(chat.Outgoing{Place: place, Reply: reply, Replace: replace})
	if err != nil {
		return err
	}
	return tx.Put(store.Out{Kind: store.OutMessage, Lane: Lane(place), Platform: string(place.Platform), PersonID: personID, Edits: replace, Body: string(body)})
}

// Written returns what a message that was written for a room says, and whether there is
// one, by the platform's id.
func Written(tx *store.Tx, place chat.Place, id string) (chat.Reply, bool, error) {
	body, ok, err := tx.Written(Lane(place), id)
	if err != nil || !ok {
		return chat.Reply{}, false, err
	}
	var out chat.Outgoing
	err = json.Unmarshal([]byte(body), &out)
	return out.Reply, err == nil, err
}

// Lane keeps the messages of one room in order.
func Lane(p chat.Place) string { return string(p.Platform) + ":" + p.Room }

// UndoButton undoes the unit of work that is running.
func (r *Request) UndoButton() chat.Button {
	return chat.Button{Label: r.Say("button.undo"), Style: chat.Danger, Do: &chat.Do{Action: "undo", Args: []string{r.Tx.Origin().Unit}, Acts: true}}
}

// ChangesButton shows who changed a row, when, and what.
func (r *Request) ChangesButton(table, id string) chat.Button {
	return chat.Button{Label: r.Say("button.changes"), Do: &chat.Do{Action: "changes", Args: []string{table, id}}}
}

// SayButton says a command for the person.
func SayButton(label, family, words string) chat.Button {
	return chat.Button{Label: chat.Cut(label, 60), Do: &chat.Do{Action: "say", Args: []string{family, words}}}
}
