package command

import (
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// Record is how people speak of one row: found by words or by its ref, asked for
// right and state when a form opens and again when it is saved.
type Record[T store.Row] struct {
	Family string // whose verbs these are
	Ref    string // a row is "REF:ID" in buttons
	// Load returns a row in sight, else the fault of something that is gone.
	Load func(r *Request, id string) (T, error)
	// Find returns the rows that words name, the likely first; no words name the
	// person's own.
	Find func(r *Request, words string) ([]T, error)
	// Name is a short name of a row.
	Name func(r *Request, row T) string
	// None is the key of the fault of words that name no row.
	None string
	// Named is in place of Find where words go on behind the name of a row, which On's
	// Behind takes. Where they name several rows, the reply offers them.
	Named func(r *Request, verb string, a Args) (row T, behind string, choose *chat.Reply, err error)
	// Changed tells what became of a row that was written since its form was opened;
	// without it the row's state is told first, if that is no longer Ready.
	Changed func(r *Request, row T) error
}

// InSight loads the rows of a noun that the person may see, for Record.Load.
func InSight[T store.Row](noun *store.Noun[T]) func(r *Request, id string) (T, error) {
	return func(r *Request, id string) (T, error) {
		row, ok, err := noun.In(r.Scope).ByID(r.Tx, id)
		if err != nil || !ok {
			err = OrGone(err)
		}
		return row, err
	}
}

// On is a verb on one row.
type On[T store.Row] struct {
	Name  string
	Roles []person.Role
	// Ready is the fault of a row that the person may not change so, or whose state
	// does not let it.
	Ready func(r *Request, row T) error
	Ask   []field.Field
	Grid  []string // see form.Form
	// Fill puts what the row holds into its form.
	Fill func(r *Request, row T, a Args, d *form.Draft) error
	// Behind takes the words behind the name of the row.
	Behind func(r *Request, row T, words string, a Args, d *form.Draft) error
	Do     func(r *Request, row T, d form.Draft) (Saved, error)
	// Quick saves at once when nothing is missing; a verb that asks nothing does.
	Quick bool
	// Loose writes beside the row: what became of it meanwhile does not matter.
	Loose bool
}

// RefOf is a row as buttons name it.
func (c *Record[T]) RefOf(row T) string { id, _ := row.Key(); return c.Ref + ":" + id }

// One returns the row that words name; where they name several, the reply offers
// them, each saying the verb again.
func (c *Record[T]) One(r *Request, verb string, a Args) (row T, choose *chat.Reply, err error) {
	if id, isRef := strings.CutPrefix(a.Object, c.Ref+":"); isRef {
		row, err = c.Load(r, id)
		return row, nil, err
	}
	found, err := c.Find(r, a.Object)
	switch {
	case err != nil:
		return row, nil, err
	case len(found) == 0:
		return row, nil, fault.New(fault.NotFound, c.None, "query", chat.Cut(a.Object, 60))
	case len(found) == 1:
		return found[0], nil, nil
	}
	reply := chat.Reply{Text: r.Say("ask.which", "query", chat.Cut(a.Object, 60))}
	for _, x := range found[:min(likely, len(found))] {
		reply.Buttons = append(reply.Buttons, []chat.Button{SayButton(c.Name(r, x), c.Family, strings.TrimSpace(verb+" "+c.RefOf(x)+a.Words()))})
	}
	return row, &reply, nil
}

// buttoned is how many of the rows of a list have a button of their own.
const buttoned = 4

// List is rows, a line each, at most so many, of which the first open by a button; none is
// what is said where there are none.
func (c *Record[T]) List(r *Request, title, none string, rows []T, most int, line func(T) string) chat.Reply {
	reply := chat.Reply{Title: title, Text: none}
	if len(rows) > 0 {
		reply.Text = strings.Join(Listed(r, rows, most, len(rows), line), "\n")
	}
	for _, row := range rows[:min(buttoned, len(rows))] {
		reply.Buttons = append(reply.Buttons, []chat.Button{SayButton(c.Name(r, row), c.Family, "show "+c.RefOf(row))})
	}
	return reply
}

// Verb makes a verb of the family.
func (c *Record[T]) Verb(o On[T]) Verb {
	f := form.Form{Name: c.Family + "." + o.Name, Fields: o.Ask, Grid: o.Grid}
	return Verb{
		Name: o.Name, Roles: o.Roles, Form: f, Quick: o.Quick || len(o.Ask) == 0,
		Open: func(r *Request, a Args) (form.Draft, *chat.Reply, error) {
			d := form.NewDraft(store.NewID(), f.Name, nil)
			row, behind, choose, err := c.named(r, o.Name, a)
			if err != nil || choose != nil {
				return d, choose, err
			}
			if err := o.ready(r, row); err != nil {
				return d, nil, err
			}
			d.Subject, d.Version = row.Key()
			d.About, d.Express = c.Name(r, row), len(o.Ask) == 0
			if o.Fill != nil {
				err = o.Fill(r, row, a, &d)
			}
			if err == nil && behind != "" {
				err = o.Behind(r, row, behind, a, &d)
			}
			return d, nil, err
		},
		Save: func(r *Request, d form.Draft) (Saved, error) {
			row, err := c.Load(r, d.Subject)
			if err != nil {
				return Saved{}, err
			}
			_, version := row.Key()
			written := version != d.Version && !o.Loose
			if written && c.Changed != nil {
				return Saved{}, c.Changed(r, row)
			}
			if err := o.ready(r, row); err != nil {
				return Saved{}, err
			}
			if written {
				return Saved{}, fault.New(fault.Conflict, "changed")
			}
			return o.Do(r, row, d)
		},
	}
}

func (c *Record[T]) named(r *Request, verb string, a Args) (row T, behind string, choose *chat.Reply, err error) {
	if c.Named != nil {
		return c.Named(r, verb, a)
	}
	row, choose, err = c.One(r, verb, a)
	return row, "", choose, err
}

func (o On[T]) ready(r *Request, row T) error {
	if o.Ready == nil {
		return nil
	}
	return o.Ready(r, row)
}

// Show makes a verb that shows a row; without words, all shows the person's own.
func (c *Record[T]) Show(name string, one func(r *Request, row T) (chat.Reply, error), all func(r *Request, a Args) (chat.Reply, error)) Verb {
	return Verb{Name: name, Read: func(r *Request, a Args) (chat.Reply, error) {
		if a.Object == "" && all != nil {
			return all(r, a)
		}
		row, behind, choose, err := c.named(r, name, a)
		if err == nil && choose == nil && behind != "" {
			err = fault.Wrong("left_over", "words", chat.Cut(behind, 60))
		}
		if err != nil || choose != nil {
			return OrEmpty(choose), err
		}
		reply, err := one(r, row)
		if err == nil {
			id, _ := row.Key()
			reply.Buttons = append(reply.Buttons, []chat.Button{r.ChangesButton(row.Table(), id)})
		}
		return reply, err
	}}
}

// Press makes a button of the family that acts on a row, whose id is its first
// argument; do gets the others.
func (c *Record[T]) Press(name string, roles []person.Role, ready func(r *Request, row T) error, do func(r *Request, row T, args []string) (chat.Reply, error)) Button {
	return Button{Name: name, Roles: roles, Run: func(r *Request, args []string) (chat.Reply, error) {
		row, err := c.Load(r, args[0])
		if err == nil && ready != nil {
			err = ready(r, row)
		}
		if err != nil {
			return chat.Reply{}, err
		}
		return do(r, row, args[1:])
	}}
}
