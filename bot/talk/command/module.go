package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/approval"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/config"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/store"
)

// Module is one capability as a value: what can be said of it, and its part in
// what the house shows of a customer or a day. A slot that is nil has no part.
type Module struct {
	Name     string
	Families []Family
	// Words are words/en.yaml and words/zh.yaml, everything it says, and
	// sentences/NAME.LANGUAGE.yaml, what people say of it in their own words.
	Words fs.FS

	Config config.Section // what a company can set of it
	// Fits is an error if what is kept does not fit the settings, with the key and
	// what to write instead: the daemon does not start then.
	Fits func(tx *store.Tx, c *config.Config) error

	// Files are kinds of file that need more than a noun of the module.
	Files []files.Kind

	// Demo puts rows of the module into the demo's company.
	Demo func(d *Demo) error

	// Finds answers what fields of a kind ask for: what a query or an id means, or,
	// with none, the likely ones. People and places the house finds itself.
	Finds map[field.Kind]func(r *Request, query string) ([]chat.Option, error)

	// Card adds to the card of a place, Brief to what is worth knowing before its
	// door, Effect to what changed after a visit.
	Card   func(r *Request, p account.Place) ([]Part, error)
	Brief  func(r *Request, p account.Place) ([]Point, error)
	Effect func(r *Request, p Past) ([]string, error)
	// AtPlace are buttons of what can be done at a place by who has just come in.
	AtPlace func(r *Request, p account.Place) ([]chat.Button, error)

	// Efforts are what was spent on customers in some days, by account: time, money.
	Efforts func(r *Request, span calendar.Span) ([]account.Effort, error)

	// Done is what the person got done today, in a line; Origin is what something
	// new comes from, of a ref such as visit:ID.
	Done   func(r *Request) (string, error)
	Origin func(r *Request, ref string) (Origin, bool, error)

	// Digest lists what waits for the person of the request.
	Digest func(r *Request, d remind.Digest) ([]Section, error)
	// Reports are figures that /report knows by name.
	Reports []Report
	// Jobs are what time alone calls for. The request is the system's.
	Jobs []func(r *Request) error
	// Asks are the kinds of approval that the module asks for.
	Asks map[string]Ask
	// Makes makes the files that hang on messages, by the maker's name, when a
	// message leaves, with its reader's own request.
	Makes map[string]func(r *Request, args []string) ([]byte, error)

	// Heard takes photos and a point that came without a command, with what was
	// written beside them; it is false if it has no use for them. Of those that
	// nobody takes, Offers is the family whose form opens with them.
	Heard  func(r *Request, u chat.Update) (chat.Reply, bool, error)
	Offers string
	// Remark takes words that mean nothing, and asks what to do with them; it is false if it
	// has no use for them.
	Remark func(r *Request, words string) (chat.Reply, bool, error)
	// Room takes what somebody in a shared room says to a message that was written for
	// that room: a press on a button, or a reply with words and photos. Somebody the bot does not know is heard there, too: the
	// request is nobody's then. It speaks to the room itself, and is false for what is none of
	// the module's.
	Room func(r *Request, u chat.Update, do chat.Do) (bool, error)
	// Follows takes the points of a phone that tells where it is.
	Follows *Follows
	// Starts tells the words of a deep link's token: of a store's code, say.
	Starts func(token string) (family, words string, ok bool)
	// Hears are the events that the module reacts to.
	Hears []Listener
}

// Follows takes a moving point; it says nothing.
type Follows struct {
	Wanted func(r *Request) (bool, error) // whether a point matters now
	Take   func(r *Request, point chat.Location) error
}

// Ask is a kind of approval.
type Ask struct {
	// Roles may answer; nil is everybody who is asked.
	Roles []person.Role
	// Describe says in a sentence what is asked, to whoever reads it.
	Describe func(r *Request, a approval.Approval) (string, error)
	// Decide does what follows from the answer. The request is the approver's.
	Decide func(r *Request, a approval.Approval, yes bool) error
	// Silent does what follows when nobody answered; nil is nothing. The request is
	// the system's.
	Silent func(r *Request, a approval.Approval) error
}

// Report is figures with a name.
type Report struct {
	Name  string // its names stand under verb.NAME
	Roles []person.Role
	Takes []field.Field
	Read  func(r *Request, a Args) (chat.Reply, error)
}

// Part is a line of a place's card.
type Part struct {
	Rank int // lines of a lower rank stand first
	Line chat.Line
}

// Point is a line of a brief.
type Point struct {
	Rank int // what burns more stands first
	Text string
	// Says is what the line tells in somebody's own words: said by a line before,
	// it is not said again.
	Says string
}

// The ranks of points and parts: ours to keep first, then what is open, what was,
// what is sold, who they are, what is not known.
const (
	RankPlan = 10 * (iota + 1)
	RankOpen
	RankPast
	RankDeals
	RankPeople
	RankUnknown
)

// Origin is a row that something new comes from.
type Origin struct {
	ID       string
	Place    account.Place
	Problems string // what went wrong, in somebody's words
	Needs    string // what the customer needs
	NextStep string
}

// Fits is an error if what modules keep does not fit the settings.
func Fits(ctx context.Context, modules []Module, db *store.DB, c *config.Config) error {
	return db.Read(ctx, func(tx *store.Tx) (err error) {
		for _, m := range modules {
			if m.Fits != nil {
				err = errors.Join(err, m.Fits(tx, c))
			}
		}
		return err
	})
}

// OriginOf returns what something new comes from; it is false for a ref that is
// nobody's.
func (r *Request) OriginOf(ref string) (Origin, bool, error) {
	for _, m := range r.Modules {
		if m.Origin == nil {
			continue
		}
		if o, ok, err := m.Origin(r, ref); err != nil || ok {
			return o, ok, err
		}
	}
	return Origin{}, false, nil
}

// DoneToday are the lines of what the person got done.
func (r *Request) DoneToday() (out []string, err error) {
	for _, m := range r.Modules {
		if m.Done == nil {
			continue
		}
		line, err := m.Done(r)
		if err != nil {
			return nil, err
		}
		if line != "" {
			out = append(out, line)
		}
	}
	return out, nil
}

// Past is a visit to look back at: what changed at its place until a day.
type Past struct {
	Place     account.Place
	Visit     string // id
	On, Until calendar.Day
}

// mostPoints is how many lines a brief has (domain.md §3).
const mostPoints = 10

// Brief is what the person should know before the door (拜访前简报), a line each.
func (r *Request) Brief(p account.Place) ([]string, error) {
	var points []Point
	for _, m := range r.Modules {
		if m.Brief == nil {
			continue
		}
		some, err := m.Brief(r, p)
		if err != nil {
			return nil, err
		}
		points = append(points, some...)
	}
	return texts(points), nil
}

// texts are the points worth a line, numbered, what burns first.
func texts(points []Point) []string {
	slices.SortStableFunc(points, func(a, b Point) int { return cmp.Compare(a.Rank, b.Rank) })
	var out []string
	said := map[string]bool{}
	for _, p := range points {
		if len(out) == mostPoints {
			break
		}
		if p.Says != "" && said[p.Says] {
			continue
		}
		said[p.Says] = true
		out = append(out, fmt.Sprintf("%d. %s", len(out)+1, p.Text))
	}
	return out
}

// Parts are what the modules add to the card of a place.
func (r *Request) Parts(p account.Place) ([]chat.Line, error) {
	var parts []Part
	for _, m := range r.Modules {
		if m.Card == nil {
			continue
		}
		some, err := m.Card(r, p)
		if err != nil {
			return nil, err
		}
		parts = append(parts, some...)
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return cmp.Compare(a.Rank, b.Rank) })
	var out []chat.Line
	for _, x := range parts {
		if x.Line.Value != "" {
			out = append(out, x.Line)
		}
	}
	return out, nil
}

// ToDo are the buttons of what can be done at a place.
func (r *Request) ToDo(p account.Place) (out []chat.Button, err error) {
	for _, m := range r.Modules {
		if m.AtPlace == nil {
			continue
		}
		some, err := m.AtPlace(r, p)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Efforts are what was spent on customers in some days, as the modules know it.
func (r *Request) Efforts(span calendar.Span) (out []account.Effort, err error) {
	for _, m := range r.Modules {
		if m.Efforts == nil {
			continue
		}
		some, err := m.Efforts(r, span)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Effects are what changed after a visit, as the modules see it.
func (r *Request) Effects(p Past) ([]string, error) {
	var out []string
	for _, m := range r.Modules {
		if m.Effect == nil {
			continue
		}
		some, err := m.Effect(r, p)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Families are the words of all modules, those used most first. Of a family that two
// modules name, the second has the verbs that concern it alone.
func Families(modules []Module) []Family {
	var out []Family
	for _, m := range modules {
		for _, f := range m.Families {
			if i := slices.IndexFunc(out, func(known Family) bool { return known.Name == f.Name }); i >= 0 {
				out[i].Verbs = slices.Concat(out[i].Verbs, f.Verbs)
				continue
			}
			out = append(out, f)
		}
	}
	return out
}

// familyOf is the family that a form belongs to.
func familyOf(formName string) string {
	family, _, _ := strings.Cut(formName, ".")
	return family
}
