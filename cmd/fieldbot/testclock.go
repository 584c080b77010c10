//go:build testclock

package main

import (
	"os"

	"fieldbot/store/storetest"
)

// In builds for tests FIELDBOT_TEST_NOW sets the program's clock; the config
// must not see it.
func init() {
	now = storetest.Now
	if err := os.Unsetenv("FIELDBOT_TEST_NOW"); err != nil {
		panic(err)
	}
}
