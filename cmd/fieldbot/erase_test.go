package main

import (
	"strings"
	"testing"

	"fieldbot/store/storetest"
)

// TestErase: what would go is shown first; then nothing that the program exports names the
// person or the contact, and what they did is counted as before.
func TestErase(t *testing.T) {
	storetest.Walk(t)
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, engine)
			program(t, "/visit log Wedding met=\"Uwe Kern\" intent=strong\n/visit call Wedding met=\"Uwe Kern\" note=\"Uwe Kern is away\"\n", "--db", url, "demo").has(t, exitDone, "Visit logged")
			visits := strings.Count(exported(t, url)["visits"], "\n")
			program(t, "", "--db", url, "erase", "K010:Uwe Kern").has(t, exitDone, "visits that name them", "nothing was changed")
			program(t, "", "--db", url, "erase", "K010:Nobody").has(t, exitFailed, "there is no contact")
			program(t, "", "--db", url, "erase", "K010:Uwe Kern", "--yes").has(t, exitDone, "overwritten")
			program(t, "", "--db", url, "erase", "anna", "--yes").has(t, exitFailed, "switch them off first")
			program(t, "", "--db", url, "user", "off", "anna", "--to", "tom").has(t, exitDone, "switched off")
			program(t, "", "--db", url, "erase", "anna").has(t, exitDone, "1  person", "nothing was changed")
			program(t, "", "--db", url, "erase", "anna", "--yes").has(t, exitDone, "overwritten")
			program(t, "", "--db", url, "erase", "anna", "--yes").has(t, exitFailed, "no person")
			for kind, rows := range exported(t, url) {
				for _, row := range strings.Split(rows, "\n") {
					other := kind == "visits" && !strings.Contains(row, ",K010,") // somebody of that name at another customer
					if strings.Contains(row, "Anna Schmidt") || strings.Contains(row, "Uwe Kern") && !other {
						t.Errorf("%s still names them: %s", kind, row)
					}
				}
			}
			if now := strings.Count(exported(t, url)["visits"], "\n"); now != visits {
				t.Errorf("%d visits, before %d", now, visits)
			}
		})
	}
}
