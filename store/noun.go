package store

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
)

// About is what the house knows of a noun without knowing its rows: generic
// code (look-ups, undo, hand-over, merge) and the tests loop over it. What a noun
// leaves out it gives a reason for.
type About struct {
	Alias string // of the table in statements
	Join  string // of a part: joins what it is a part of, whose gate it passes
	Lives string // SQL of the rows that are there; empty: all

	// Gate is the SQL of the rows that a scope may see, May of those it may
	// change; without May they are the same. Nobody is kept out where Gate is nil.
	Gate, May func(a *Args, s access.Scope) string
	NoGate    string

	NoUndo string // why the making of a row is not undone, where Unmake is nil

	// Owners are the columns that name who answers for a row. A hand-over moves
	// nouns by Rank, so that what is seen through another is moved while it is.
	Owners  []Owner
	Rank    int
	NoOwner string

	// Account and Store are the columns by which a row belongs to a customer: a
	// merge moves it along, but for those rows that Stays names.
	Account, Store, Stays string
	NoMove                string

	// Words are columns of what people wrote that no long field of the catalogue fills: an
	// erasure looks for names there, too.
	Words []string

	// Catalogue names the fields of the noun, Inner the columns that are no field:
	// nobody fills them in a form or a file. NoFile says why no file holds the noun.
	Catalogue field.Catalogue
	Inner     []string
	NoFile    string
}

// Owner is a column that names who answers for a row.
type Owner struct {
	Column string
	Held   string        // SQL of the rows that have to be handed over; {today} is the day
	Roles  []person.Role // that answer for such rows; nil is any
}

// Noun is a table of business rows as a value. It is declared once, beside its
// SQL; business rows are read through In and written by Add and Change alone.
type Noun[T Row] struct {
	About
	// Unmake makes of a row what remains of it when its making is undone.
	Unmake func(*T)
	// Fill computes the columns that follow from others, tagged
	// db:"…,derived". It runs before each write, undo included: no defaults.
	Fill func(*Tx, *T) error
	// Handed ends what a hand-over of a row ends, such as questions to its owner.
	Handed func(tx *Tx, row T) error
	// Kept writes what follows from a row elsewhere, after each write. Before
	// is the zero row for a new one.
	Kept func(tx *Tx, before, after T) error

	columns string // as a SELECT lists them
}

// AnyNoun is a noun whose rows' type is not known.
type AnyNoun interface {
	Table() string
	Describe() About
	Columns() []string // of the row, derived ones too
	Given() []string   // of these, those that are neither derived nor the house's own
	Undoable() bool
	Gated(s access.Scope) (condition string, args []any) // the gate, on its own
	Each(tx *Tx, s access.Scope, fn func(Row) error) error

	Texts() []string // columns of texts, but for ids
	Words() []string // columns of what people wrote, in which a name may stand
	strike(tx *Tx, account string, without func(string) string, really bool) (int64, error)
	refill(tx *Tx, column, after string) (last string, err error)
	rights(tx *Tx, s access.Scope, id string) (see, change bool, err error)
	undo(tx *Tx, l AuditLine) error
	handOver(tx *Tx, h HandOver) ([]Row, error)
	owned(tx *Tx, person, today string) (int64, error)
	move(tx *Tx, by, from string, to map[string]string, all bool) error
}

var (
	nouns     []AnyNoun
	machinery = map[string]string{}
)

// Declare puts a noun into the registry. It is called once for a table, when
// the program starts.
func Declare[T Row](n Noun[T]) *Noun[T] {
	if _, known := nounOf(n.Table()); known {
		panic("store: " + n.Table() + " is declared twice")
	}
	out := &n
	out.columns = Columns[T](n.Alias)
	nouns = append(nouns, out)
	return out
}

// Machinery names tables that hold no business rows of their own, and why.
func Machinery(reason string, tables ...string) bool {
	for _, t := range tables {
		machinery[t] = reason
	}
	return true
}

// Nouns are all nouns, by rank and table.
func Nouns() []AnyNoun {
	return slices.SortedFunc(slices.Values(nouns), func(a, b AnyNoun) int {
		x, y := a.Describe(), b.Describe()
		if x.Rank != y.Rank {
			return x.Rank - y.Rank
		}
		return strings.Compare(a.Table(), b.Table())
	})
}

// Machines are the tables that are no nouns, with the reason.
func Machines() map[string]string { return machinery }

func nounOf(table string) (AnyNoun, bool) {
	i := slices.IndexFunc(nouns, func(n AnyNoun) bool { return n.Table() == table })
	if i < 0 {
		return nil, false
	}
	return nouns[i], true
}

// Table is the name of the table; it is also the kind in the audit trail.
func (n *Noun[T]) Table() string { var zero T; return zero.Table() }

// Describe is what generic code knows of the noun.
func (n *Noun[T]) Describe() About { return n.About }

// Columns are those of the row.
func (n *Noun[T]) Columns() []string {
	var out []string
	for _, c := range columnsOf(reflect.TypeFor[T]()) {
		out = append(out, c.name)
	}
	return out
}

// Given implements AnyNoun.
func (n *Noun[T]) Given() []string {
	var out []string
	for _, c := range columnsOf(reflect.TypeFor[T]()) {
		if !c.derived && !slices.Contains([]string{"id", "version", "created_at", "updated_at"}, c.name) {
			out = append(out, c.name)
		}
	}
	return out
}

// Texts implements AnyNoun.
func (n *Noun[T]) Texts() (out []string) {
	row := reflect.TypeFor[T]()
	for _, c := range columnsOf(row) {
		of := row.Field(c.index).Type
		if of == reflect.TypeFor[calendar.Day]() || c.name == "id" || strings.HasSuffix(c.name, "_id") || strings.HasSuffix(c.name, "_by") {
			continue
		}
		if of.Kind() == reflect.String || of.Kind() == reflect.Map || of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.String {
			out = append(out, c.name)
		}
	}
	return out
}

// Undoable reports whether the making of a row can be undone.
func (n *Noun[T]) Undoable() bool { return n.Unmake != nil }

// Gated implements AnyNoun.
func (n *Noun[T]) Gated(s access.Scope) (string, []any) {
	var a Args
	return n.gate(&a, s, n.Gate), a.List
}

// Each implements AnyNoun: it calls fn with each row that a scope may see.
func (n *Noun[T]) Each(tx *Tx, s access.Scope, fn func(Row) error) error {
	return n.In(s).Order(n.Alias+".id").Each(tx, func(row T) error { return fn(row) })
}

func (n *Noun[T]) gate(a *Args, s access.Scope, gate func(*Args, access.Scope) string) string {
	if gate == nil {
		return "TRUE"
	}
	return gate(a, s)
}

// Add keeps a new row: it gets an id where it has none, its version and times,
// and what follows from it.
func (n *Noun[T]) Add(tx *Tx, row *T) error {
	v := reflect.ValueOf(row).Elem()
	set(v, "id", NewID(), true)
	set(v, "version", int64(1), false)
	set(v, "created_at", tx.Now, true)
	if err := n.fill(tx, row); err != nil {
		return err
	}
	if err := insert(tx, *row); err != nil {
		return err
	}
	if err := tx.audit("create", *row, nil, *row); err != nil {
		return err
	}
	var none T
	return n.kept(tx, none, *row)
}

// Change writes a row over the one that was read. If somebody else has changed
// it since, the fault changed (Conflict) comes back and nothing is written.
func (n *Noun[T]) Change(tx *Tx, before, after T) error {
	return n.write(tx, "update", before, after, AuditLine{})
}

// write is Change, or an undo, which says in the trail what it took back.
func (n *Noun[T]) write(tx *Tx, action string, before, after T, undone AuditLine) error {
	if err := n.fill(tx, &after); err != nil {
		return err
	}
	if err := update(tx, after); err != nil {
		return err
	}
	if err := tx.audit(action, after, before, after); err != nil {
		return err
	}
	tx.undoing = undone.ID != ""
	defer func() { tx.undoing = false }()
	return n.kept(tx, before, after)
}

func (n *Noun[T]) fill(tx *Tx, row *T) error {
	set(reflect.ValueOf(row).Elem(), "updated_at", tx.Now, false)
	if n.Fill == nil {
		return nil
	}
	return n.Fill(tx, row)
}

func (n *Noun[T]) kept(tx *Tx, before, after T) error {
	if n.Kept == nil {
		return nil
	}
	return n.Kept(tx, before, after)
}

// set sets a column of a row that has it; onlyEmpty leaves a value that is
// there.
func set(v reflect.Value, name string, value any, onlyEmpty bool) {
	for _, c := range columnsOf(v.Type()) {
		if f := v.Field(c.index); c.name == name && (!onlyEmpty || f.IsZero()) {
			f.Set(reflect.ValueOf(value).Convert(f.Type()))
		}
	}
}

// MayChange reports whether a scope may change the row of an id.
func (n *Noun[T]) MayChange(tx *Tx, s access.Scope, id string) (bool, error) {
	count, err := n.In(s).Mine().And(n.Alias+".id = ?", id).Count(tx)
	return count > 0, err
}

func (n *Noun[T]) rights(tx *Tx, s access.Scope, id string) (see, change bool, err error) {
	seen, err := n.In(s).Every().And(n.Alias+".id = ?", id).Count(tx)
	if err != nil || seen == 0 {
		return false, false, err
	}
	mine, err := n.In(s).Every().Mine().And(n.Alias+".id = ?", id).Count(tx)
	return true, mine > 0, err
}

// Known returns the row of an id, whoever asks: for what follows from rows, in
// Fill and Kept, and for undo.
func Known[T Row](tx *Tx, id string) (T, bool, error) {
	var zero T
	return One[T](tx, `SELECT `+Columns[T]("x")+` FROM `+zero.Table()+` x WHERE x.id = $1`, id)
}

// Same reports whether a change of a row would change nothing.
func Same[T Row](before, after T) bool { return same(reflect.ValueOf(before), reflect.ValueOf(after)) }

// same reports whether two rows hold the same but for what is derived and
// noted by itself.
func same(before, after reflect.Value) bool {
	for _, c := range columnsOf(before.Type()) {
		if c.derived || c.name == "version" || c.name == "updated_at" {
			continue
		}
		if fmt.Sprint(encode(before.Field(c.index))) != fmt.Sprint(encode(after.Field(c.index))) {
			return false
		}
	}
	return true
}
