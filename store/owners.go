package store

import (
	"reflect"
	"strings"

	"fieldbot/bot/kit/access"
)

// HandOver gives what one person answers for to another.
type HandOver struct {
	Scope    access.Scope // of who hands over: what it may not change stays
	From, To string
	Account  string // and all below it; "" is everything
	Store    string // that store alone
	Today    string
}

// Handed is what a hand-over moved of one noun, as it was before.
type Handed struct {
	Noun AnyNoun
	Rows []Row
}

// Do hands over, noun by noun.
func (h HandOver) Do(tx *Tx) ([]Handed, error) {
	var out []Handed
	for _, n := range Nouns() {
		rows, err := n.handOver(tx, h)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			out = append(out, Handed{n, rows})
		}
	}
	return out, nil
}

// Owned is how many rows of a noun a person answers for.
type Owned struct {
	Noun AnyNoun
	N    int64
}

// Owns counts what a person answers for, in sight of nobody in particular.
func Owns(tx *Tx, person, today string) ([]Owned, error) {
	var out []Owned
	for _, n := range Nouns() {
		count, err := n.owned(tx, person, today)
		if err != nil {
			return nil, err
		}
		if count > 0 {
			out = append(out, Owned{n, count})
		}
	}
	return out, nil
}

// held is the SQL of the rows that a person answers for.
func (n *Noun[T]) held(a *Args, person, today string) string {
	var or []string
	for _, o := range n.Owners {
		held := o.Held
		if strings.Contains(held, "{today}") {
			held = strings.ReplaceAll(held, "{today}", a.Add(today))
		}
		or = append(or, n.Alias+"."+o.Column+" = "+a.Add(person)+" AND "+held)
	}
	return "(" + strings.Join(or, " OR ") + ")"
}

func (n *Noun[T]) owned(tx *Tx, person, today string) (int64, error) {
	if len(n.Owners) == 0 {
		return 0, nil
	}
	var a Args
	count, _, err := One[int64](tx, "SELECT count(*)"+n.from()+" WHERE "+n.held(&a, person, today), a.List...)
	return count, err
}

func (n *Noun[T]) handOver(tx *Tx, h HandOver) ([]Row, error) {
	if len(n.Owners) == 0 || h.Account != "" && n.Account == "" || h.Store != "" && n.Store == "" {
		return nil, nil
	}
	q := n.In(h.Scope).Mine()
	q.where = append(q.where, n.held(&q.args, h.From, h.Today))
	if h.Store != "" {
		q.And(n.Alias+"."+n.Store+" = ?", h.Store)
	}
	rows, err := q.Below(h.Account).Rows(tx)
	var out []Row
	for _, before := range rows {
		after := before
		v := reflect.ValueOf(&after).Elem()
		for _, o := range n.Owners {
			if columnIn(v, o.Column).String() == h.From {
				columnIn(v, o.Column).SetString(h.To)
			}
		}
		if err := n.Change(tx, before, after); err != nil {
			return nil, err
		}
		if n.Handed != nil {
			if err := n.Handed(tx, after); err != nil {
				return nil, err
			}
		}
		out = append(out, before)
	}
	return out, err
}

// columnIn is a column of a row.
func columnIn(row reflect.Value, name string) reflect.Value {
	for _, c := range columnsOf(row.Type()) {
		if c.name == name {
			return row.Field(c.index)
		}
	}
	panic("store: " + row.Type().String() + " has no column " + name)
}

// Merge moves every row that belongs to one account, or to one of its stores, to
// another, each with its line in the trail.
type Merge struct {
	Store      bool   // else an account
	From, Into string // ids
	// Account is that of the store Into; Within, that the other store is its, too.
	Account string
	Within  bool
}

// Do moves the rows.
func (m Merge) Do(tx *Tx) error {
	for _, n := range Nouns() {
		about := n.Describe()
		by, to := about.Account, map[string]string{about.Account: m.Into}
		if m.Store {
			by, to = about.Store, map[string]string{about.Store: m.Into, about.Account: m.Account}
		}
		if by == "" || by == "id" { // the account or the store itself stays behind
			continue
		}
		if err := n.move(tx, by, m.From, to, m.Within); err != nil {
			return err
		}
	}
	return nil
}

func (n *Noun[T]) move(tx *Tx, by, from string, to map[string]string, all bool) error {
	q := n.In(access.System("a merge moves what nobody may see, too")).Every().And(n.Alias+"."+by+" = ?", from)
	if n.Stays != "" && !all {
		q.And("NOT "+n.Stays, to[n.Account])
	}
	rows, err := q.Order(n.Alias + ".id").Rows(tx)
	for _, before := range rows {
		after := before
		v := reflect.ValueOf(&after).Elem()
		for name, value := range to {
			if name != "" {
				columnIn(v, name).SetString(value)
			}
		}
		if err := n.Change(tx, before, after); err != nil {
			return err
		}
	}
	return err
}
