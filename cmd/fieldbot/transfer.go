package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/files"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/sheet"
)

type importVerb struct {
	Kind       string   `arg:"" help:"${imports}; rows are found again by handle, code, ref or number."`
	Files      []string `arg:"" optional:"" name:"file" help:"CSV or XLSX files." type:"existingfile"`
	Template   bool     `help:"Print the header of a file of this kind, to fill."`
	Map        []string `help:"ours=theirs, or a template: name={First} {Last} (repeatable)." sep:"none" placeholder:"OURS=THEIRS"`
	Set        []string `help:"A value for every row (repeatable)." sep:"none" placeholder:"OURS=VALUE"`
	Value      []string `help:"What a word of theirs means: stage:Won=won (repeatable)." sep:"none" placeholder:"OURS:WORD=VALUE"`
	None       []string `help:"One more word for nothing, beside empty, NULL, N/A (repeatable)." sep:"none" placeholder:"WORD"`
	DateFormat string   `help:"A layout such as 02.01.2006, or mdy, dmy, ymd." placeholder:"LAYOUT"`
	DryRun     bool     `help:"Check everything and write nothing."`
	SkipBad    bool     `help:"Take the good rows even if there are bad ones."`
}

// Help implements kong's detailed help.
func (importVerb) Help() string {
	return "Example:\n  fieldbot import stores stores.csv --map code=ShopNo --set format=supermarket\n  fieldbot import people staff.xlsx --map \"name={FirstName} {LastName}\" --set roles=rep --none 0"
}

func pairs(flag string, list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range list {
		k, v, ok := strings.Cut(p, "=")
		if !ok || k == "" {
			return nil, usageError{fmt.Errorf("%s %q: write %s ours=…", flag, p, flag)}
		}
		out[strings.TrimSpace(k)] = v
	}
	return out, nil
}

// meanings reads what words of theirs mean, by field.
func meanings(list []string) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	for _, p := range list {
		field, rest, ok := strings.Cut(p, ":")
		theirs, ours, is := strings.Cut(rest, "=")
		if !ok || !is || field == "" {
			return nil, usageError{fmt.Errorf("--value %q: write --value ours:WORD=VALUE", p)}
		}
		if out[field] == nil {
			out[field] = map[string]string{}
		}
		out[field][theirs] = ours
	}
	return out, nil
}

// Run imports the files, one after another.
func (v *importVerb) Run(e *env) error {
	if v.Template {
		header, err := files.Template(v.Kind)
		if err != nil {
			return err
		}
		return e.printf("%s\n", strings.Join(header, ","))
	}
	if len(v.Files) == 0 {
		return usageError{fmt.Errorf("name a file to import, or --template for a header to fill")}
	}
	o := files.Options{None: v.None, DateFormat: v.DateFormat, DryRun: v.DryRun, SkipBad: v.SkipBad}
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
	db, c, err := e.open()
	if err != nil {
		return err
	}
	for _, file := range v.Files {
		t, err := sheet.Read(file)
		if err != nil {
			return err
		}
		o.Progress = e.progress(file)
		result, err := files.Import(e.ctx, db, c, v.Kind, t, o)
		if err != nil {
			return err
		}
		if err := v.report(e, file, t, result); err != nil {
			return err
		}
	}
	return nil
}

// progress prints how far a long import is: over one line on a terminal, a
// line each few seconds elsewhere.
func (e *env) progress(file string) func(done, all int) {
	every := 5 * time.Second
	end := "\n"
	if f, ok := e.err.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			every, end = 200*time.Millisecond, "\r"
		}
	}
	last := time.Now()
	return func(done, all int) {
		if time.Since(last) < every {
			return
		}
		last = time.Now()
		bar := strings.Repeat("#", 20*done/max(1, all))
		_, _ = fmt.Fprintf(e.err, "%s [%-20s] %d of %d%s", file, bar, done, all, end) // only for the eye
	}
}

func (v *importVerb) report(e *env, file string, t sheet.Table, r files.Result) error {
	if len(r.Ignored) > 0 {
		if err := e.printf("%s: no field takes %s (use --map)\n", file, strings.Join(r.Ignored, ", ")); err != nil {
			return err
		}
	}
	if len(r.Bad) > 0 {
		if err := v.reportBad(e, file, t, r); err != nil {
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
	done := "imported"
	if v.DryRun {
		done = "would import"
	}
	return e.printf("%s: %s %d new, %d changed, %d unchanged, %d bad\n", file, done, r.New, r.Changed, r.Same, r.BadRows)
}

const shownBad = 10

func (v *importVerb) reportBad(e *env, file string, t sheet.Table, r files.Result) error {
	for _, b := range r.Bad[:min(shownBad, len(r.Bad))] {
		if err := e.printf("%s\n", b); err != nil {
			return err
		}
	}
	if v.DryRun {
		return nil
	}
	f, err := os.Create(file + ".errors.csv")
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.Write(append([]string{"line", "column", "reason"}, t.Header...)); err != nil {
		return err
	}
	for _, b := range r.Bad {
		row := []string{strconv.Itoa(b.Line), b.Column, b.Reason}
		for _, c := range b.Cells {
			row = append(row, sheet.Defuse(c))
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return f.Close()
}

type exportVerb struct {
	Kind    string `arg:"" help:"${exports}."`
	Format  string `help:"csv, json (an object a line) or xlsx." default:"csv"`
	Since   string `help:"From this day or time on." placeholder:"TIME"`
	Until   string `help:"Before this day or time." placeholder:"TIME"`
	At      string `help:"Figures as of the end of this day: ageing." placeholder:"DAY"`
	Account string `help:"Papers of this account: statements." placeholder:"CODE"`
	Month   string `help:"A month in place of --since and --until." placeholder:"2026-11"`
	Out     string `help:"File to write; standard output if left out." placeholder:"FILE"`
}

// Help implements kong's detailed help.
func (exportVerb) Help() string {
	return "Example:\n  fieldbot export visits --since 2026-11-01 --format xlsx --out visits.xlsx"
}

// Run exports one kind.
func (v *exportVerb) Run(e *env) (err error) {
	db, c, err := e.openExisting()
	if err != nil {
		return err
	}
	if !slices.Contains(files.Kinds(), v.Kind) {
		return usageError{fmt.Errorf("cannot export %q; write one of %s", v.Kind, strings.Join(files.Kinds(), ", "))}
	}
	var span files.Span
	for flag, to := range map[string]*time.Time{"--since " + v.Since: &span.Since, "--until " + v.Until: &span.Until} {
		_, text, _ := strings.Cut(flag, " ")
		if text == "" {
			continue
		}
		t, err := time.ParseInLocation("2006-01-02", text, c.Company.Zone())
		if err != nil {
			t, err = time.Parse(time.RFC3339, text)
		}
		if err != nil {
			return usageError{fmt.Errorf("%s: write a day 2006-01-02 or a time 2006-01-02T15:04:05+08:00", flag)}
		}
		*to = t
	}
	if v.At != "" {
		day, ok := calendar.ParseISO(v.At)
		if !ok {
			return usageError{fmt.Errorf("--at %s: write a day 2006-01-02", v.At)}
		}
		span.At = day
	}
	span.Account = v.Account
	if v.Month != "" {
		first, err := time.ParseInLocation("2006-01", v.Month, c.Company.Zone())
		if err != nil {
			return usageError{fmt.Errorf("--month %s: write a month such as 2026-11", v.Month)}
		}
		span.Since, span.Until = first, first.AddDate(0, 1, 0)
	}
	out := e.out
	if v.Out != "" {
		f, err := os.Create(v.Out)
		if err != nil {
			return err
		}
		defer func() {
			if closed := f.Close(); err == nil {
				err = closed
			}
		}()
		out = f
	}
	return files.Export(e.ctx, db, c, v.Kind, v.Format, span, out)
}
