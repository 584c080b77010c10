package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/files"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/lang"
)

type exportVerb struct {
	Kind    string `arg:"" help:"all, ${exports}."`
	Format  string `help:"csv, json (an object a line) or xlsx." default:"csv"`
	Since   string `help:"From this day or time on." placeholder:"TIME"`
	Until   string `help:"Before this day or time." placeholder:"TIME"`
	At      string `help:"Figures as of the end of this day: ageing." placeholder:"DAY"`
	Account string `help:"Papers of this account: statements." placeholder:"CODE"`
	Month   string `help:"A month in place of --since and --until." placeholder:"2026-11"`
	Lang    string `help:"zh names the columns in Chinese." placeholder:"zh"`
	Out     string `help:"File to write, standard output if left out; behind all, the folder." placeholder:"FILE"`
}

// Help implements kong's detailed help.
func (exportVerb) Help() string {
	return "Example:\n  fieldbot export visits --since 2026-11-01 --format xlsx --out visits.xlsx"
}

// Run exports one kind.
func (v *exportVerb) Run(e *env) error {
	db, c, err := e.openExisting()
	if err != nil {
		return err
	}
	if v.Kind == everyKind && v.Out == "" {
		return usageError{errors.New("export all writes a file of each kind: name the folder with --out DIR")}
	}
	if v.Kind != everyKind && !slices.Contains(files.Kinds(), v.Kind) {
		return usageError{fmt.Errorf("cannot export %q; write one of %s", v.Kind, strings.Join(files.Kinds(), ", "))}
	}
	if v.Lang != "" && !slices.Contains(lang.Codes, v.Lang) {
		return usageError{fmt.Errorf("--lang %s: write one of %s", v.Lang, strings.Join(lang.Codes, ", "))}
	}
	span := files.Span{Lang: v.Lang}
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
	if v.Kind == everyKind {
		return v.exportAll(e, db, c, span)
	}
	return e.writeTo(v.Out, 0o666, func(out io.Writer) error {
		return files.Export(e.ctx, db, c, v.Kind, v.Format, span, out)
	})
}
