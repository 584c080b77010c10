package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/sheet"
	"fieldbot/store"
)

type importVerb struct {
	Kind       string   `arg:"" optional:"" help:"all, ${imports}; rows are found again by handle, code, ref or number."`
	Files      []string `arg:"" optional:"" name:"file" help:"CSV, XLSX or JSON-lines files; behind all, the folder of export all." type:"path"`
	Template   bool     `help:"Print the header of a file of this kind, to fill, and what else its columns may be called."`
	With       []string `help:"Kinds that the same file holds too: --with accounts,contacts. Their columns are accounts.name, account_name or Account Name." placeholder:"KIND"`
	Map        []string `help:"ours=theirs, or a template: name={First} {Last} (repeatable)." sep:"none" placeholder:"OURS=THEIRS"`
	MapFile    string   `help:"Read --map, --set, --value and how the file is written from a file of --save-map." type:"existingfile" placeholder:"FILE"`
	SaveMap    string   `help:"Keep these flags in a file for --map-file." placeholder:"FILE"`
	Set        []string `help:"A value for every row (repeatable)." sep:"none" placeholder:"OURS=VALUE"`
	Value      []string `help:"What a word of theirs means: stage:Won=won (repeatable)." sep:"none" placeholder:"OURS:WORD=VALUE"`
	None       []string `help:"One more word for nothing, beside empty, NULL, N/A (repeatable)." sep:"none" placeholder:"WORD"`
	DateFormat string   `help:"mdy, dmy, ymd, or a layout such as dd.mm.yyyy or 02.01.2006." placeholder:"LAYOUT"`
	Decimal    string   `help:"comma: 1.234,50 is 1234.50." enum:"point,comma" default:"point"`
	Encoding   string   `help:"How text is written, where it is told wrong: windows-1252, gb18030 …" placeholder:"NAME"`
	Sheet      string   `help:"The sheet of a workbook; the one that is seen when it is opened, if left out." placeholder:"NAME"`
	NoHeader   bool     `help:"The first row is data; columns are A, B, C …"`
	SkipRows   int      `help:"Rows above the header." placeholder:"N"`
	DryRun     bool     `help:"Check everything and write nothing."`
	SkipBad    bool     `help:"Take the good rows even if there are bad ones."`
	Yes        bool     `help:"Do not ask, on a terminal."`
	Undo       string   `help:"Take an import back, by the reference that it printed." placeholder:"REF"`
}

// Help implements kong's detailed help.
func (importVerb) Help() string {
	return "Example:\n  fieldbot import stores stores.csv --map code=ShopNo --set format=supermarket\n  fieldbot import people staff.xlsx --map \"name={FirstName} {LastName}\" --set roles=rep --none 0"
}

// Run imports the files, one after another.
func (v *importVerb) Run(e *env) error {
	switch {
	case v.Undo != "":
		return v.takeBack(e)
	case v.Kind == "":
		return usageError{fmt.Errorf("name a kind to import: one of %s", strings.Join(files.Imports(), ", "))}
	case v.Template:
		return v.template(e)
	case len(v.Files) == 0:
		return usageError{fmt.Errorf("name a file to import, or --template for a header to fill")}
	}
	if err := v.mapped(); err != nil {
		return err
	}
	o := files.Options{None: v.None, DateFormat: v.DateFormat, DecimalComma: v.Decimal == "comma", DryRun: v.DryRun, SkipBad: v.SkipBad}
	var err error
	if o.Value, err = meanings(v.Value); err != nil {
		return err
	}
	if o.Map, err = pairs("--map", v.Map); err != nil {
		return err
	}
	if o.Set, err = pairs("--set", v.Set); err != nil {
		return err
	}
	for _, file := range v.Files {
		if _, err := os.Stat(file); err != nil {
			return usageError{err}
		}
	}
	debug.SetMemoryLimit(importMemory)
	debug.SetGCPercent(importGarbage)
	db, c, err := e.open()
	if err != nil {
		return err
	}
	if v.Kind == everyKind {
		return v.importAll(e, db, c, o)
	}
	for _, file := range v.Files {
		source, err := sheet.Open(file, sheet.Options{Encoding: v.Encoding, Sheet: v.Sheet, Skip: v.SkipRows, NoHeader: v.NoHeader})
		if err != nil {
			return err
		}
		if err := v.importFile(e, db, c, source, o); err != nil {
			return err
		}
	}
	return nil
}

// What an import keeps to, as far as it can: beside a daemon it should not be the larger one.
// Up to there its garbage, in percent of what lives, costs more to look for than to keep.
const (
	importMemory  = 84 << 20
	importGarbage = 300
)

// importFile imports a file into its kind, behind the others that it holds: deals stand
// with accounts, and those have to be there first.
func (v *importVerb) importFile(e *env, db *store.DB, c *config.Config, source *sheet.Source, o files.Options) error {
	o.Progress = e.progress(source.File)
	o.Understood = func(h files.Head) error { return v.understood(e, h) }
	for _, kind := range inOrder(v.With) {
		part, err := files.Part(source, v.Kind, kind)
		if err != nil {
			return err
		}
		other := o
		other.Map, other.Set, other.Value = nil, nil, nil
		result, err := files.Import(e.ctx, db, c, kind, part, other)
		if err == nil {
			err = v.report(e, kind, part, result)
		}
		if err != nil {
			return err
		}
	}
	result, err := files.Import(e.ctx, db, c, v.Kind, source, o)
	if err != nil {
		return err
	}
	return v.report(e, v.Kind, source, result)
}

// inOrder puts kinds in the order in which they name one another.
func inOrder(kinds []string) []string {
	known := files.Imports()
	out := slices.Clone(kinds)
	slices.SortStableFunc(out, func(a, b string) int { return slices.Index(known, a) - slices.Index(known, b) })
	return out
}

func (v *importVerb) template(e *env) error {
	fields, names, err := files.Template(v.Kind)
	if err != nil {
		return err
	}
	if err := e.printf("%s\n", strings.Join(fields, ",")); err != nil {
		return err
	}
	for i, f := range fields {
		if len(names[i]) > 0 {
			if err := e.printf("# %s: %s\n", f, strings.Join(names[i], ", ")); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *importVerb) takeBack(e *env) error {
	db, c, err := e.open()
	if err != nil {
		return err
	}
	n, err := files.TakeBack(e.ctx, db, c, v.Undo)
	if err != nil {
		return err
	}
	return e.printf("%s: %d changes were taken back\n", v.Undo, n)
}

// understood says how a file is read, before anything is written; on a terminal it asks
// whether that is right.
func (v *importVerb) understood(e *env, h files.Head) error {
	out := []string{h.Source.File + ": " + h.Source.Describe()}
	for _, c := range h.Columns {
		out = append(out, "  "+c.Theirs+" → "+c.Ours)
	}
	if len(h.Left) > 0 {
		out = append(out, "  no field takes "+strings.Join(h.Left, ", ")+" (use --map)")
	}
	if err := e.printf("%s\n", strings.Join(out, "\n")); err != nil {
		return err
	}
	return v.goOn(e)
}

// goOn asks once, on a terminal.
func (v *importVerb) goOn(e *env) error {
	if v.Yes || v.DryRun || !e.interactive() || !isTerminal(e.out) {
		return nil
	}
	if err := e.printf("Go on? [y/N] "); err != nil {
		return err
	}
	answer, err := bufio.NewReader(e.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return errors.New("nothing was written")
	}
	v.Yes = true
	return nil
}

// progress prints how far a long import is, from the first second on: over one line on a
// terminal, a line each few seconds elsewhere.
func (e *env) progress(file string) func(step string, done, all int) {
	every, end := 5*time.Second, "\n"
	if isTerminal(e.err) {
		every, end = 200*time.Millisecond, "\r"
	}
	last := time.Now().Add(time.Second - every)
	return func(step string, done, all int) {
		if time.Since(last) < every {
			return
		}
		last = time.Now()
		if step == files.Checking {
			_, _ = fmt.Fprintf(e.err, "%s: %s, %d rows%s", file, step, done, end) // only for the eye
			return
		}
		bar := strings.Repeat("#", 20*done/max(1, all))
		_, _ = fmt.Fprintf(e.err, "%s: %s [%-20s] %d of %d%s", file, step, bar, done, all, end) // only for the eye
	}
}

func (v *importVerb) report(e *env, kind string, source *sheet.Source, r files.Result) error {
	file := source.File
	if len(r.Bad) > 0 {
		if err := v.reportBad(e, source, r); err != nil {
			return err
		}
		where := ""
		if !v.DryRun {
			where = fmt.Sprintf(" (see %s.errors.csv)", file)
		}
		if !v.SkipBad {
			return fmt.Errorf("%s: %d bad rows, nothing was written; mend them%s or add --skip-bad", file, r.BadRows, where)
		}
	}
	taken := r.New + r.Changed + r.Same
	if taken == 0 {
		why := "it has no row behind its header"
		if r.Rows > 0 {
			why = "no row of it is good"
		}
		return fmt.Errorf("%s: nothing was imported: %s", file, why)
	}
	done := "imported"
	if v.DryRun {
		done = "would import"
	}
	if err := e.printf("%s: %s %s: %d new, %d changed, %d unchanged, %d bad\n", file, done, kind, r.New, r.Changed, r.Same, r.BadRows); err != nil {
		return err
	}
	for _, w := range r.Warnings {
		if err := e.printf("⚠️ %s\n", w); err != nil {
			return err
		}
	}
	if r.Ref == "" {
		return nil
	}
	return e.printf("To take it back: fieldbot import --undo %s\n", r.Ref)
}

const shownBad = 10

func (v *importVerb) reportBad(e *env, source *sheet.Source, r files.Result) error {
	for _, b := range r.Bad[:min(shownBad, len(r.Bad))] {
		if err := e.printf("%s\n", b); err != nil {
			return err
		}
	}
	if v.DryRun {
		return nil
	}
	return e.writeTo(source.File+".errors.csv", 0o666, func(out io.Writer) error { return writeBad(out, source.Header, r.Bad) })
}

func writeBad(out io.Writer, columns []string, bad []files.Bad) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil { // else spreadsheets take it for another encoding
		return err
	}
	w := csv.NewWriter(out)
	own := ownColumns(columns)
	header := slices.Clone(files.ErrorColumns)
	for _, i := range own {
		header = append(header, columns[i])
	}
	if err := w.Write(header); err != nil {
		return err
	}
	for _, b := range oneEach(bad) {
		row := []string{strconv.Itoa(b.Line), b.Column, b.Reason}
		for _, i := range own {
			cell := ""
			if i < len(b.Cells) {
				cell = b.Cells[i]
			}
			row = append(row, sheet.Defuse(cell))
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// ownColumns are the columns of a file but for those that an earlier file of bad rows has
// added.
func ownColumns(header []string) (out []int) {
	for i, h := range header {
		if !slices.Contains(files.ErrorColumns, strings.TrimSpace(h)) {
			out = append(out, i)
		}
	}
	return out
}

// oneEach are the faults, a line of the file once: all of what is wrong with it.
func oneEach(all []files.Bad) []files.Bad {
	var out []files.Bad
	for _, b := range all {
		if n := len(out); n > 0 && out[n-1].Line == b.Line {
			out[n-1].Column += "; " + b.Column
			out[n-1].Reason += "; " + b.Reason
			continue
		}
		out = append(out, b)
	}
	return out
}
