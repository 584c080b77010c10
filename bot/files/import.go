// Package files moves whole kinds of rows in and out of files: every
// export is a valid import of its kind.
//
// An import reads its file several times, row by row, so that its size does not
// matter: first every row is checked, with references resolved over the whole file,
// and only then it is written, in units short enough that the daemon's users do not
// notice. Doing it again changes nothing and completes what was interrupted.
package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// Options say how a file is read.
type Options struct {
	Map          map[string]string            // our field → their column, or a template {A} {B}
	Set          map[string]string            // our field → value for every row
	Value        map[string]map[string]string // our field → their word → our value
	None         []string                     // words for nothing, beside empty, NULL, N/A
	DateFormat   string                       // a Go layout, mdy, dmy, ymd, or dd/mm/yyyy and the like
	DecimalComma bool                         // 1.234,50 is one thousand two hundred …
	DryRun       bool
	SkipBad      bool
	// Understood is told how the file was understood, before anything is written; its
	// error ends the import.
	Understood func(Head) error
	// Progress is told how many rows are done, of how many, while they are checked and
	// while they are written.
	Progress func(step string, done, all int)
}

// Steps of an import.
const (
	Checking = "checking"
	Writing  = "writing"
)

// Bad is a row that cannot be taken.
type Bad struct {
	File   string
	Line   int
	Column string
	Reason string
	Cells  []string
}

// String is the fault in one line: file, line, column, reason.
func (b Bad) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", b.File, b.Line, b.Column, b.Reason)
}

// Result is what an import did, or would do.
type Result struct {
	Ref                string // takes it back; empty where nothing was written
	Rows               int    // of the file
	New, Changed, Same int
	Bad                []Bad     // faults, by line; the first of very many
	BadRows            int       // rows with a fault
	Ignored            []string  // columns that no field takes
	Warnings           []string  // what is right, and probably not meant
	again              []*Record // whose rows were changed by somebody else meanwhile
}

// maxBad is how many faults are kept.
const maxBad = 10_000

// Job is one import. It sees with the system's eyes.
type Job struct {
	DB     *store.DB
	Config *config.Config
	Today  calendar.Day // the company's

	ctx     context.Context
	kind    Kind
	source  *sheet.Source
	head    Head
	fields  []field.Field // that an import takes
	codes   sync.Map      // of choices, by field and word
	options Options
	env     form.Env
	refs    refs
	result  Result
	ref     string       // of what is written
	refused map[int]bool // lines with a fault
	settled bool         // all faults are known: what is said again is not counted
	failed  error        // a look-up
	tx      *store.Tx    // that rows are looked up in, while there is one
}

// Look looks something up before anything is written; the import ends if it fails.
func (j *Job) Look(up func(tx *store.Tx) error) {
	if j.tx != nil {
		j.failed = errors.Join(j.failed, up(j.tx))
		return
	}
	j.failed = errors.Join(j.failed, j.DB.Read(j.ctx, up))
}

// lookAll is Look for many: what is looked up meanwhile is looked up with it.
func (j *Job) lookAll(up func(tx *store.Tx) error) {
	j.Look(func(tx *store.Tx) error {
		j.tx = tx
		defer func() { j.tx = nil }()
		return up(tx)
	})
}

// Import takes a file into a kind. The error is for what concerns the whole
// file; bad rows are in the result, and nothing is written if there are any,
// unless SkipBad.
func Import(ctx context.Context, db *store.DB, c *config.Config, kind string, source *sheet.Source, o Options) (Result, error) {
	k, ok := kindNamed(kind)
	if !ok || k.Import == nil {
		return Result{}, fmt.Errorf("cannot import %q; write one of %s", kind, joined(Imports()))
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	db.SetRules(c.Rules())
	words := lang.In("en", c.Company.Zone())
	j := &Job{ctx: ctx, DB: db, Config: c, Today: words.Today(db.Now()), kind: k, source: source, options: o, refused: map[int]bool{}, ref: db.Now().UTC().Format("20060102-150405-") + strings.ToLower(rand.Text()[:4])}
	j.env = form.Env{Words: words, Today: j.Today, Company: c.Company.Calendar, Currency: c.Company.Currency}
	j.fields = k.Catalogue.For(field.Import)
	var err error
	if j.head, err = j.readHead(); err != nil {
		return Result{}, err
	}
	j.result.Ignored = j.head.Left
	if o.Understood != nil {
		if err := o.Understood(j.head); err != nil {
			return Result{}, err
		}
	}
	if err := db.Read(ctx, j.refs.load); err != nil {
		return Result{}, err
	}
	err = k.Import(j)
	sort.SliceStable(j.result.Bad, func(a, b int) bool { return j.result.Bad[a].Line < j.result.Bad[b].Line })
	j.result.BadRows = len(j.refused)
	if err == nil {
		err = db.Read(ctx, func(tx *store.Tx) (err error) {
			j.result.Warnings, err = unseenBy(tx, kind)
			return err
		})
	}
	if j.result.New+j.result.Changed > 0 && !o.DryRun {
		j.result.Ref = j.ref
	}
	return j.result, err
}

func joined(names []string) string { return strings.Join(names, ", ") }

// Refuse says why a record cannot be taken, by the key of the field.
func (j *Job) Refuse(r *Record, key, reason string) {
	bad := Bad{File: r.File, Line: r.Line, Column: j.head.column(key), Reason: reason, Cells: r.cells}
	if r.ahead {
		r.faults = append(r.faults, bad)
		return
	}
	j.refuse(bad)
}

func (j *Job) refuse(bad Bad) {
	if j.settled {
		return
	}
	j.refused[bad.Line] = true
	if len(j.result.Bad) < maxBad {
		j.result.Bad = append(j.result.Bad, bad)
	}
}

// arrived takes over a record that was read, with what was wrong in it.
func (j *Job) arrived(r *Record) {
	r.ahead = false
	for _, bad := range r.faults {
		j.refuse(bad)
	}
}

func (j *Job) sentence(f *fault.Fault) string {
	return strings.TrimSuffix(j.env.Words.Fault(f), ".")
}
