package storetest

import (
	"os"
	"time"
)

// Now is the clock of tests: it starts at FIELDBOT_TEST_NOW (RFC 3339) where
// that is set, else it is the machine's, and it runs on. CI runs the tests as of
// days on which they might differ.
var Now = clock(os.Getenv("FIELDBOT_TEST_NOW"))

func clock(text string) func() time.Time {
	if text == "" {
		return time.Now
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic("FIELDBOT_TEST_NOW: " + err.Error())
	}
	start := time.Now()
	return func() time.Time { return at.Add(time.Since(start)) }
}
