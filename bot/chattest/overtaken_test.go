package chattest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/sheet"
	"fieldbot/store"
)

// TestOvertaken: a row that somebody changes while an import is on its way to it is written
// over as it is then: nothing of theirs is lost that the file does not speak of.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		const rows = 1200 // of more than two batches
		take := func(text string, progress func(step string, done, all int)) files.Result {
			t.Helper()
			var b strings.Builder
			b.WriteString("id,text,owner,account_code\n")
			for i := range rows {
				fmt.Fprintf(&b, "f%04d,%s %d,tom,K010\n", i, text, i)
			}
			path := filepath.Join(t.TempDir(), "f.csv")
			if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			source, err := sheet.Open(path, sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			result, err := files.Import(context.Background(), w.DB, w.Config, "follow_ups", source, files.Options{Progress: progress})
			if err != nil || len(result.Bad) > 0 {
				t.Fatal(err, result.Bad)
			}
			return result
		}
		take("first", nil)
		var once sync.Once
		result := take("second", func(step string, _, _ int) {
			if step != files.Writing {
				return
			}
			once.Do(func() {
				if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
					tx.By(store.Origin{Source: "system"})
					for _, id := range []string{"f0700", "f1199"} {
						before, _, err := followupstore.FollowUps.In(access.System("test")).ByID(tx, id)
						if err != nil {
							return err
						}
						after := before
						after.DueOn = "2026-12-24"
						if err := followupstore.FollowUps.Change(tx, before, after); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		})
		if result.Changed != rows {
			t.Errorf("%+v", result)
		}
		if n := w.Count(`SELECT count(*) FROM follow_ups WHERE text LIKE 'second %' AND kind = '` + followup.Task + `'`); n != rows {
			t.Errorf("%d of %d rows are as the file says", n, rows)
		}
		if n := w.Count(`SELECT count(*) FROM follow_ups WHERE id IN ('f0700', 'f1199') AND due_on = '2026-12-24'`); n != 2 {
			t.Errorf("a change of somebody else was lost: %d of 2", n)
		}
	})
}
