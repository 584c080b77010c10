// Package termstalk is what people say about terms of payment.
package termstalk

import (
	"cmp"
	"embed"

	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/terms"
	"fieldbot/bot/terms/termsstore"
	"fieldbot/store"
)

//go:embed words
var words embed.FS

// Module is /terms.
var Module = command.Module{
	Name:     "terms",
	Words:    words,
	Families: []command.Family{family},
	Files:    []files.Kind{{Name: "terms", Catalogue: terms.Catalogue, Export: exportTerms, Import: files.Importing(importTerms)}},
}

var keepers = []person.Role{person.KAM, person.Manager, person.Finance}

var (
	asked    = terms.Catalogue.For(field.Ask)
	editForm = form.Form{Name: "terms.set", Fields: asked}
)

var family = command.Family{
	Name:    "terms",
	Default: "show",
	Verbs: []command.Verb{
		{Name: "show", Roles: append([]person.Role{person.Rep, person.Analyst}, keepers...), Read: show},
		{Name: "set", Roles: keepers, Form: editForm, Open: open, Save: save},
	},
}

// show says what is agreed with an account.
func show(r *command.Request, a command.Args) (chat.Reply, error) {
	place, choose, err := r.OneAccount("terms", "show", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	t, err := termsstore.Of(r.Tx, place.AccountID)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("terms.title", "account", place.AccountName), Fields: r.Lines(terms.Catalogue, t, keysOf(asked)...)}
	if t.AccountID != place.AccountID {
		reply.Text = r.Say("terms.not_own", "from", t.AccountID != "", "days", t.Term())
	}
	if r.May(keepers) {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.terms_set"), "terms", "set "+place.Code)}}
	}
	return reply, nil
}

func keysOf(fields []field.Field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Key
	}
	return out
}

// open opens the form with what is agreed now.
func open(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), editForm.Name, nil)
	place, choose, err := r.OneAccount("terms", "set", a)
	if err != nil || choose != nil {
		return d, choose, err
	}
	t, own, err := termsstore.OfAccount(r.Tx, r.Scope, place.AccountID)
	if err != nil {
		return d, nil, err
	}
	if !own {
		t, err = termsstore.Of(r.Tx, place.AccountID)
	}
	d.Subject, d.About = place.AccountID, place.AccountName
	d.Hold(asked, terms.Catalogue.Values(t))
	return d, nil, err
}

// save keeps what is agreed with an account; a term above what the law lets is asked
// about once.
func save(r *command.Request, d form.Draft) (command.Saved, error) {
	before, own, err := termsstore.OfAccount(r.Tx, r.Scope, d.Subject)
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	if !own {
		after = terms.Default()
		after.AccountID = d.Subject
	}
	if err := terms.Catalogue.Set(&after, form.Whole(asked, d.Values)); err != nil {
		return command.Saved{}, err
	}
	after.Rule, after.InvoiceMode = cmp.Or(after.Rule, terms.DaysInvoice), cmp.Or(after.InvoiceMode, terms.AfterReceipt)
	if err := after.Check(); err != nil {
		return command.Saved{}, err
	}
	if after.Days > terms.LawDays && !d.Doubted {
		return command.Saved{}, &command.Confirm{Field: "days", Text: r.Say("terms.law", "days", after.Days, "most", terms.LawDays)}
	}
	if own {
		if err := command.Guard(r, termsstore.Terms, r.Scope, before.ID, fault.New(fault.Denied, "read_only")); err != nil {
			return command.Saved{}, err
		}
		err = termsstore.Terms.Change(r.Tx, before, after)
	} else if err = termsstore.Terms.Add(r.Tx, &after); err == nil {
		err = command.Guard(r, termsstore.Terms, r.Scope, after.ID, fault.New(fault.Denied, "read_only"))
	}
	if err != nil {
		return command.Saved{}, err
	}
	name := r.AccountOf(d.Subject)
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("terms.saved", "account", name.Name), command.SayButton(r.Say("button.card"), "terms", "show "+name.Code))}, nil
}

var byFile = access.System("files of terms")

func exportTerms(e *files.Exporter) error {
	return files.Table(e, terms.Catalogue, func(add func(terms.Terms) error) error {
		return termsstore.Terms.In(byFile).Since("te.created_at", e.Span.Since, e.Span.Until).Order("te.account_id").Each(e.Tx, add)
	}, nil)
}

func importTerms(j *files.Job) files.Rows[terms.Terms] {
	return files.Rows[terms.Terms]{
		Key: func(v map[string]string) string { return v["account_code"] },
		Find: func(tx *store.Tx, v map[string]string) (terms.Terms, bool, error) {
			return termsstore.OfAccount(tx, byFile, j.AccountByCode(v["account_code"]).ID)
		},
		ID: func(t *terms.Terms) *string { return &t.ID },
		Fill: func(t *terms.Terms, r *files.Record) bool {
			if t.Status == "" {
				id := t.ID
				*t = terms.Default()
				t.ID = id
			}
			if !j.Set(terms.Catalogue, t, r) {
				return false
			}
			t.Rule, t.InvoiceMode = cmp.Or(t.Rule, terms.DaysInvoice), cmp.Or(t.InvoiceMode, terms.AfterReceipt)
			return j.Accepts(r, t.Check())
		},
		Same:   files.Equal[terms.Terms](terms.Catalogue),
		Add:    termsstore.Terms.Add,
		Change: termsstore.Terms.Change,
	}
}
