package chattest_test

import (
	"fmt"
	"os"
	"testing"
)

// TestPhotosAndLocation: sent without a command they begin a visit; an album
// is answered once; a live location proves presence.
func TestPhotosAndLocation(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	for i := range 3 {
		id := fmt.Sprintf("photo%d", i)
		w.Telegram.AddFile(id, []byte("jpeg "+id))
		anna.Send(map[string]any{"media_group_id": "album", "photo": []any{map[string]any{"file_id": "small", "width": 10, "height": 10}, map[string]any{"file_id": id, "width": 1000, "height": 800}}})
	}
	has(t, anna.Read(), "Which store or customer?")
	anna.Say("kiosk 14")
	has(t, anna.Read(), "Photos: 3 photos")
	anna.Press("More")
	anna.Read()
	anna.Press("Location")
	if k := anna.Read().Keyboard; len(k) != 3 {
		t.Fatalf("keyboard %v", k)
	}
	anna.Send(map[string]any{"location": map[string]any{"latitude": 52.5005, "longitude": 13.4337, "live_period": 900}})
	has(t, anna.Read(), "Location: 52.50050,13.43370")
	anna.Press("Save")
	has(t, anna.Read(), "Visit logged: Kiosk 14", "verified (11 m from the store)")
	// The photos are fetched after the commit.
	waitFor(t, func() bool { return w.Count(`SELECT count(*) FROM photos WHERE state = 'stored'`) == 3 })
	var files int
	for _, dir := range list(t, w.Config.Media.Dir) {
		if dir.IsDir() {
			files += len(list(t, w.Config.Media.Dir+"/"+dir.Name()))
		}
	}
	if files != 3 {
		t.Errorf("%d files in the media folder", files)
	}
}

func list(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// TestSamePhoto: the very same photo with another visit is flagged.
func TestSamePhoto(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	w.Telegram.AddFile("one", []byte("jpeg one"))
	for _, place := range []string{"Kiosk 14", "Kiosk 22"} {
		anna.Send(map[string]any{"caption": "visit log " + place, "photo": []any{map[string]any{"file_id": "one", "width": 100, "height": 100, "file_unique_id": "u"}}})
		has(t, anna.Read(), "Visit logged: "+place)
	}
	waitFor(t, func() bool {
		return w.Count(`SELECT count(*) FROM visits v JOIN stores s ON s.id = v.store_id WHERE s.name = 'Kiosk 22' AND v.flags = 'photo_again'`) == 1
	})
}

// TestSameVoucher: the very same photo with another voucher is said at once, and
// clears nothing until it is taken back.
func TestSameVoucher(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	w.Telegram.AddFile("one", []byte("jpeg one"))
	anna.Say("/expense spend EX-1002")
	has(t, anna.Read(), "vouchers to come")
	for _, number := range []string{"A", "B"} {
		anna.Send(map[string]any{"caption": "expense voucher EX-1002 amount=5 voucher_number=" + number, "photo": []any{map[string]any{"file_id": "one", "width": 100, "height": 100, "file_unique_id": "u"}}})
		has(t, anna.Read(), "Voucher "+number)
	}
	if n := w.Count(`SELECT count(*) FROM vouchers WHERE again AND number = 'B'`); n != 1 {
		t.Errorf("%d vouchers are doubted", n)
	}
	anna.Say("/expense clear EX-1002")
	has(t, anna.Read(), "a picture that was seen before")
}
