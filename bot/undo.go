package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// undo is /undo and the undo buttons: the author for a while, a manager later.
var undo = command.Family{Name: "undo", Verbs: []command.Verb{{Do: undoLast}}, Buttons: []command.Button{{Name: "undo", Run: undoUnit}, {Name: "changes", Read: true, Run: changes}}}

// How many entries an undo with words looks at, and offers.
const (
	undoable = 10
	offered  = 4
)

// undoLast takes back the last entry of the person, or, with words, the one that they
// name; where they name none or several, it asks.
func undoLast(r *command.Request, a command.Args) (chat.Reply, error) {
	units, err := store.LastUnits(r.Tx, r.Who.ID, r.Tx.Now.Add(-r.Config.Visits.Undo), undoable)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(units) == 0 {
		return chat.Reply{}, fault.Wrong("undo_nothing")
	}
	if a.Object == "" {
		return undoUnit(r, units[:1])
	}
	var entries, meant []entry
	for _, unit := range units {
		lines, err := store.UnitLines(r.Tx, unit)
		if err != nil {
			return chat.Reply{}, err
		}
		e, err := entryOf(r, lines)
		if err != nil {
			return chat.Reply{}, err
		}
		entries = append(entries, e)
		if e.named(a.Object) {
			meant = append(meant, e)
		}
	}
	if len(meant) == 1 {
		return undoUnit(r, []string{meant[0].unit})
	}
	if len(meant) == 0 {
		meant = entries
	}
	reply := chat.Reply{Text: r.Say("undo.which", "query", chat.Cut(a.Object, 60))}
	for _, e := range meant[:min(offered, len(meant))] {
		reply.Buttons = append(reply.Buttons, []chat.Button{{Label: e.text, Do: &chat.Do{Action: "undo", Args: []string{e.unit}, Acts: true}}})
	}
	return reply, nil
}

// entry is one unit of work as its author knows it.
type entry struct {
	unit, text string
	names      string // what it may be called by, to be searched
}

// named reports whether words name the entry: its kind, its place or what it is about.
// A Latin word names it as a whole, so that "it" is no visit.
func (e entry) named(words string) bool {
	tokens := strings.Fields(e.names)
	for _, w := range search.Words(words) {
		if w[0] < 0x80 && !slices.Contains(tokens, w) || w[0] >= 0x80 && search.Score(w, e.names) == 0 {
			return false
		}
	}
	return true
}

// entryOf is the entry that the lines of a unit are.
func entryOf(r *command.Request, lines []store.AuditLine) (entry, error) {
	first := lines[len(lines)-1] // the change that the others follow from
	about, err := about(r, first)
	parts := slices.DeleteFunc([]string{r.Say("kind." + first.Kind), about, r.Words.Clock(first.At)}, func(s string) bool { return s == "" })
	names := []string{about}
	for _, code := range lang.Codes {
		names = append(names, lang.In(code, nil).Say("kind."+first.Kind))
	}
	return entry{unit: first.Unit, text: strings.Join(parts, " · "), names: search.Text(append(names, strings.Join(names, " "))...)}, err
}

// about is the place that a row belongs to, else its own name.
func about(r *command.Request, l store.AuditLine) (string, error) {
	if l.SubjectID == r.Who.ID {
		return "", nil // their own settings
	}
	row, err := l.Row()
	if err != nil {
		return "", err
	}
	if p, ok, err := r.PlaceAt(row["store_id"], row["account_id"]); err != nil || ok {
		return p.Name, err
	}
	return chat.Cut(cmp.Or(row["name"], row["title"], row["text"], row["number"], row["code"]), 60), nil
}

// undoUnit puts back what one unit of work changed, and says what it was.
func undoUnit(r *command.Request, args []string) (chat.Reply, error) {
	lines, err := store.UnitLines(r.Tx, args[0])
	if err != nil {
		return chat.Reply{}, err
	}
	if len(lines) == 0 {
		return chat.Reply{}, fault.Wrong("undo_nothing")
	}
	for _, l := range lines {
		switch {
		case l.Action == "undo" || !l.UndoneAt.IsZero():
			return chat.Reply{}, fault.New(fault.Conflict, "undone_before")
		case l.Person != r.Who.ID && !r.Who.Is(person.Manager):
			return chat.Reply{}, fault.New(fault.Denied, "not_yours")
		case l.Person == r.Who.ID && r.Tx.Now.Sub(l.At) > r.Config.Visits.Undo && !r.Who.Is(person.Manager):
			return chat.Reply{}, fault.New(fault.Denied, "too_late", "minutes", int(r.Config.Visits.Undo/time.Minute))
		}
		if err := store.Undo(r.Tx, l); err != nil {
			return chat.Reply{}, err
		}
	}
	e, err := entryOf(r, lines)
	return chat.Reply{Text: r.Say("undo."+lines[len(lines)-1].Action, "entry", e.text), Replace: true, Keep: true}, err
}
