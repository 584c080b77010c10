package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// How many changes of a row a message shows, and how much of a value.
const (
	changesShown = 8
	valueShown   = 60
)

// changes shows the last changes of a row in sight: when, who, and each field before and
// after. What the program notes for itself is left out.
func changes(r *command.Request, args []string) (chat.Reply, error) {
	subject := store.Subject{Kind: args[0], ID: args[1]}
	sight, err := store.InSight(r.Tx, r.Scope, subject)
	if err != nil {
		return chat.Reply{}, err
	}
	if !sight.See {
		return chat.Reply{}, fault.New(fault.NotFound, "gone")
	}
	lines, err := store.Latest(r.Tx, subject, changesShown)
	if err != nil {
		return chat.Reply{}, err
	}
	var text []string
	for _, l := range lines {
		line, err := changed(r, fieldsFor(r, sight), l)
		if err != nil {
			return chat.Reply{}, err
		}
		text = append(text, line)
	}
	if len(text) == 0 {
		return chat.Reply{Text: r.Say("changes.none")}, nil
	}
	return chat.Reply{Title: r.Say("changes.title", "kind", r.Say("kind."+subject.Kind)), Text: strings.Join(text, "\n")}, nil
}

// fieldsFor are the fields of which somebody reads what was changed: all for who may change
// them, none for others, who read who and when. What everybody sees in part, such as a
// product with its cost, is for those who lead or pay.
func fieldsFor(r *command.Request, sight store.Sight) field.Catalogue {
	if sight.Change && (!sight.Everybody || r.Who.Is(person.Manager, person.KAM, person.Finance, person.Admin)) {
		return sight.Fields
	}
	return field.Catalogue{}
}

// changed is one line of the trail: when, who, what.
func changed(r *command.Request, catalogue field.Catalogue, l store.AuditLine) (string, error) {
	who := r.Name(l.Person)
	if who == "" {
		who = r.Say("changes.by_itself")
	}
	parts := []string{r.Words.Time(l.At), who}
	switch {
	case !l.ErasedAt.IsZero():
		parts = append(parts, r.Say("changes.erased"))
	case l.Action == "create":
		parts = append(parts, r.Say("changes.made"))
	default:
		all, err := l.Changes()
		if err != nil {
			return "", err
		}
		for _, c := range all {
			i := slices.IndexFunc(catalogue.Fields, func(f field.Field) bool { return f.Key == c.Column || f.Column == c.Column })
			if i < 0 {
				continue
			}
			f, _ := catalogue.Get(catalogue.Fields[i].Key)
			parts = append(parts, r.Say("changes.field", "field", r.Words.Field(f), "before", shownValue(r, f, c.Before), "after", shownValue(r, f, c.After)))
		}
		if l.Action == "undo" {
			parts = append(parts, r.Say("changes.undone"))
		}
	}
	if !l.UndoneAt.IsZero() {
		parts = append(parts, r.Say("changes.taken_back"))
	}
	return "· " + strings.Join(parts, " · "), nil
}

// instant reads a time as rows keep it, in milliseconds of this century.
func instant(value string) (time.Time, bool) {
	n, err := strconv.ParseInt(value, 10, 64)
	return time.UnixMilli(n), err == nil && len(value) == len("1795423200000")
}

// shownValue is what a column held, as people read it. Other rows than people are not named.
func shownValue(r *command.Request, f field.Field, value string) string {
	if value == "" || f.Kind == field.YesNo && value == "false" {
		return "–"
	}
	if at, ok := instant(value); ok && f.Kind == field.Text {
		return r.Words.Time(at)
	}
	switch f.Kind {
	case field.Person:
		return r.Name(value)
	case field.YesNo:
		value = map[string]string{"true": "yes"}[value]
	case field.Each, field.Some, field.Location:
		return chat.Cut(chat.OneLine(value), valueShown)
	}
	if f.Kind.LookUp() {
		return "…"
	}
	return chat.Cut(chat.OneLine(form.Print(f, value, value, r.Env())), valueShown)
}
