package storetest

import (
	"context"
	"testing"

	"fieldbot/store"
)

// Verified is what a look through the audit trail of a database finds.
func Verified(t testing.TB, db *store.DB) (found store.Chains) {
	t.Helper()
	if err := db.Read(context.Background(), func(tx *store.Tx) (err error) { found, err = store.VerifyTrail(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return found
}

// Trail is Verified of a trail that must be whole.
func Trail(t testing.TB, db *store.DB) store.Chains {
	t.Helper()
	found := Verified(t, db)
	for _, b := range found.Broken {
		t.Errorf("the trail of %s %s: %s", b.Kind, b.ID, b.Why)
	}
	return found
}
