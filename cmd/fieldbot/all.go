package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fieldbot/bot/config"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/sheet"
	"fieldbot/store"
)

// everyKind stands for each kind that goes out and comes in again.
const everyKind = "all"

// exportAll writes a file of each kind into a folder, all of one instant.
func (v *exportVerb) exportAll(e *env, db *store.DB, c *config.Config, span files.Span) error {
	if err := os.MkdirAll(v.Out, 0o777); err != nil {
		return err
	}
	return files.ExportAll(e.ctx, db, c, files.Imports(), v.Format, span, func(kind string, write func(io.Writer) error) error {
		return e.writeTo(filepath.Join(v.Out, kind+"."+v.Format), 0o666, write)
	})
}

// importAll takes the files of such a folder, each behind those that it names rows of; one
// without rows is passed by.
func (v *importVerb) importAll(e *env, db *store.DB, c *config.Config, o files.Options) error {
	if len(v.Files) != 1 || len(v.Map)+len(v.Set)+len(v.Value)+len(v.With) > 0 {
		return usageError{fmt.Errorf("import all takes the folder of an export all, and no --map, --set, --value or --with")}
	}
	if v.DryRun {
		return usageError{fmt.Errorf("import all has no --dry-run: its files name rows of one another; try it on an empty database with --db")}
	}
	var found, kinds []string
	for _, kind := range files.Imports() {
		for _, format := range []string{"csv", "xlsx", "json"} {
			file := filepath.Join(v.Files[0], kind+"."+format)
			if _, err := os.Stat(file); err == nil {
				found, kinds = append(found, file), append(kinds, kind)
			}
		}
	}
	if len(found) == 0 {
		return usageError{fmt.Errorf("%s: there is no file such as accounts.csv", v.Files[0])}
	}
	if err := e.printf("%s: %s\n", v.Files[0], strings.Join(kinds, ", ")); err != nil {
		return err
	}
	if err := v.goOn(e); err != nil {
		return err
	}
	for i, file := range found {
		source, err := sheet.Open(file, sheet.Options{Encoding: v.Encoding})
		if err != nil {
			return err
		}
		o.Progress = e.progress(file)
		result, err := files.Import(e.ctx, db, c, kinds[i], source, o)
		if err != nil {
			return err
		}
		if result.Rows == 0 {
			continue
		}
		if err := v.report(e, kinds[i], source, result); err != nil {
			return err
		}
	}
	return nil
}
