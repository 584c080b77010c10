package store

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/form"
)

// DraftRow is a form while it is filled, and where. A person has one open
// draft in a place.
type DraftRow struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	PersonID  string    `db:"person_id"`
	Platform  string    `db:"platform"`
	Room      string    `db:"room"`
	Form      string    `db:"form"`
	State     string    `db:"state"` // open, parked, saved, cancelled
	Body      string    `db:"body"`
	Result    string    `db:"result"` // id of the row it was saved as
	UpdatedAt time.Time `db:"updated_at"`
}

// The states of a draft.
const (
	DraftOpen      = "open"
	DraftParked    = "parked"
	DraftSaved     = "saved"
	DraftCancelled = "cancelled"
)

// ParkedFor is how long a draft waits, open or parked; then words said in its
// place are no answer to it any more.
const ParkedFor = 24 * time.Hour

// Draft returns the form inside the row.
func (r DraftRow) Draft() (form.Draft, error) {
	d := form.NewDraft(r.ID, r.Form, nil)
	err := json.Unmarshal([]byte(r.Body), &d)
	return d, err
}

// Fresh reports whether the draft can still be gone on with.
func (r DraftRow) Fresh(now time.Time) bool { return now.Sub(r.UpdatedAt) <= ParkedFor }

const selectDraft = `SELECT id, version, person_id, platform, room, form, state, body, result, updated_at FROM drafts `

// OpenDraft returns the person's open draft in a place.
func (tx *Tx) OpenDraft(person string, place chat.Place) (DraftRow, bool, error) {
	return One[DraftRow](tx, selectDraft+`WHERE person_id = $1 AND platform = $2 AND room = $3 AND state = 'open'`, person, string(place.Platform), place.Room)
}

// DraftByID returns a draft of a person.
func (tx *Tx) DraftByID(person, id string) (DraftRow, bool, error) {
	return One[DraftRow](tx, selectDraft+`WHERE id = $1 AND person_id = $2`, id, person)
}

// ParkedDraft returns the newest draft that was parked in a place lately.
func (tx *Tx) ParkedDraft(person string, place chat.Place) (DraftRow, bool, error) {
	return One[DraftRow](tx, selectDraft+`WHERE person_id = $1 AND updated_at > $2 AND platform = $3 AND room = $4 AND state = 'parked' ORDER BY updated_at DESC LIMIT 1`,
		person, tx.Now.Add(-ParkedFor), string(place.Platform), place.Room)
}

// OtherDraft returns the person's newest unfinished draft of a form that was
// touched lately and is not the one named.
func (tx *Tx) OtherDraft(person, formName, but string) (DraftRow, bool, error) {
	return One[DraftRow](tx, selectDraft+`WHERE person_id = $1 AND updated_at > $2 AND form = $3 AND id <> $4 AND state IN ('open', 'parked') ORDER BY updated_at DESC LIMIT 1`,
		person, tx.Now.Add(-ParkedFor), formName, but)
}

// AddDraft keeps a new open draft. The place must have none.
func (tx *Tx) AddDraft(person string, place chat.Place, d form.Draft) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return tx.Do(`INSERT INTO drafts (id, person_id, platform, room, form, state, body, updated_at) VALUES ($1, $2, $3, $4, $5, 'open', $6, $7)`,
		d.ID, person, string(place.Platform), place.Room, d.Form, string(body), tx.Now)
}

// SaveDraft keeps what was filled, guarded by the row's version.
func (tx *Tx) SaveDraft(r DraftRow, d form.Draft, state, result string) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE drafts SET body = $1, state = $2, result = $3, platform = $4, room = $5, version = version + 1, updated_at = $6 WHERE id = $7 AND version = $8`,
		string(body), state, result, r.Platform, r.Room, tx.Now, r.ID, r.Version)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "changed")
	}
	return err
}

// Keyboard is the buttons of one message that end together, in one row.
type Keyboard struct {
	ID       string
	PersonID string
	Buttons  []chat.Do
	Until    time.Time
}

// KeyboardSize is how many buttons a keyboard has at most: used holds a bit for each.
const KeyboardSize = 60

// ButtonID names a button of a keyboard.
func (k Keyboard) ButtonID(n int) string { return k.ID + "." + strconv.Itoa(n) }

// AddKeyboards keeps buttons.
func (tx *Tx) AddKeyboards(keyboards []Keyboard) error {
	for _, k := range keyboards {
		body, err := json.Marshal(k.Buttons)
		if err != nil {
			return err
		}
		if err := tx.Do(`INSERT INTO callbacks (id, person_id, body, until) VALUES ($1, $2, $3, $4)`, k.ID, k.PersonID, string(body), k.Until); err != nil {
			return err
		}
	}
	return nil
}

// Callback is a button that was handed out.
type Callback struct {
	ID       string
	PersonID string
	Do       chat.Do
	Until    time.Time
}

// place is the keyboard of a button and its place there. Buttons from before there were
// keyboards are their own, and the first of it.
func place(button string) (keyboard string, n int) {
	keyboard, number, _ := strings.Cut(button, ".")
	n, _ = strconv.Atoi(number)
	return keyboard, n
}

// CallbackByID returns a button.
func (tx *Tx) CallbackByID(id string) (Callback, bool, error) {
	type row struct {
		PersonID string    `db:"person_id"`
		Body     string    `db:"body"`
		Until    time.Time `db:"until"`
	}
	keyboard, n := place(id)
	r, ok, err := One[row](tx, `SELECT person_id, body, until FROM callbacks WHERE id = $1`, keyboard)
	if err != nil || !ok {
		return Callback{}, false, err
	}
	var buttons []chat.Do
	if err := json.Unmarshal([]byte(r.Body), &buttons); err != nil || n < 0 || n >= len(buttons) {
		return Callback{}, false, err
	}
	return Callback{ID: id, PersonID: r.PersonID, Do: buttons[n], Until: r.Until}, true, nil
}

// UseCallback uses a button up. It is false if it was used before.
func (tx *Tx) UseCallback(id string) (bool, error) {
	keyboard, n := place(id)
	touched, err := tx.Exec(`UPDATE callbacks SET used = used | $1 WHERE id = $2 AND (used & $1) = 0`, int64(1)<<n, keyboard)
	return touched == 1, err
}
