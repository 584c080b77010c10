// Package personstore keeps people, their handles on platforms, link codes and
// days away.
package personstore

import (
	"crypto/rand"
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/person"
	"fieldbot/store"
)

// People are everybody who works, or worked, for the company.
var People = store.Declare(store.Noun[person.Person]{
	About: store.About{Alias: "p", NoGate: "colleagues know each other by name; see person.Knows", NoUndo: "people are made in the shell",
		NoOwner: "nobody owns a person", NoMove: "belongs to no customer", Catalogue: person.Catalogue,
		Inner: []string{"zone_known", "quiet", "notify"}},
	Fill: func(tx *store.Tx, p *person.Person) error {
		p.Search = search.Text(p.Handle, p.Name, p.Code)
		return store.AddTerritory(tx, p.Territory)
	},
})

var (
	_ = store.Machinery("how a person is reached", "identities", "link_codes")
	_ = store.Machinery("when a person is away", "absences")
	_ = store.Machinery("how often a stranger tried", "strangers")
)

var columns = store.Columns[person.Person]("p")

func one(tx *store.Tx, where string, args ...any) (person.Person, bool, error) {
	return store.One[person.Person](tx, `SELECT `+columns+` FROM people p WHERE `+where, args...)
}

// ByID returns a person.
func ByID(tx *store.Tx, id string) (person.Person, bool, error) { return one(tx, `p.id = $1`, id) }

// ByHandle returns the person of a handle.
func ByHandle(tx *store.Tx, handle string) (person.Person, bool, error) {
	return one(tx, `p.handle = $1`, strings.ToLower(handle))
}

// ByActor returns the person behind a platform's user.
func ByActor(tx *store.Tx, platform, user string) (person.Person, person.Identity, bool, error) {
	i, ok, err := store.One[person.Identity](tx, `SELECT platform, external_id, person_id, room, begun, seen_at, blocked, linked_at FROM identities WHERE platform = $1 AND external_id = $2`, platform, user)
	if err != nil || !ok {
		return person.Person{}, i, false, err
	}
	p, ok, err := ByID(tx, i.PersonID)
	return p, i, ok, err
}

// Active lists the people who work here.
func Active(tx *store.Tx) ([]person.Person, error) {
	return store.Rows[person.Person](tx, `SELECT `+columns+` FROM people p WHERE p.status = 'active' ORDER BY p.handle`)
}

// All lists everybody, those who left too.
func All(tx *store.Tx) ([]person.Person, error) {
	return store.Rows[person.Person](tx, `SELECT `+columns+` FROM people p ORDER BY p.handle`)
}

// Identities lists a person's handles, the one used last first.
func Identities(tx *store.Tx, id string) ([]person.Identity, error) {
	return store.Rows[person.Identity](tx, `SELECT platform, external_id, person_id, room, begun, seen_at, blocked, linked_at FROM identities WHERE person_id = $1 ORDER BY seen_at DESC, linked_at DESC, platform`, id)
}

// AllIdentities lists every handle of everybody.
func AllIdentities(tx *store.Tx) ([]person.Identity, error) {
	return store.Rows[person.Identity](tx, `SELECT platform, external_id, person_id, room, begun, seen_at, blocked, linked_at FROM identities`)
}

// Link puts a platform's user on a person. A user linked to somebody else is
// refused with link_taken.
func Link(tx *store.Tx, i person.Identity) error {
	n, err := tx.Exec(`INSERT INTO identities (platform, external_id, person_id, room, begun, seen_at, linked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (platform, external_id) DO UPDATE SET room = excluded.room, blocked = FALSE WHERE identities.person_id = excluded.person_id`,
		i.Platform, i.ExternalID, i.PersonID, i.Room, !i.SeenAt.IsZero(), i.SeenAt, tx.Now)
	if err == nil && n == 0 {
		return fault.Wrong("link_taken")
	}
	return err
}

// Unlink takes a person's handles on a platform away and returns how many
// there were.
func Unlink(tx *store.Tx, id, platform string) (int64, error) {
	return tx.Exec(`DELETE FROM identities WHERE person_id = $1 AND platform = $2`, id, platform)
}

// Seen notes the private chat that a person used last. It writes only when
// something changed or an hour has passed, so that reading costs nothing.
func Seen(tx *store.Tx, i person.Identity, room string) error {
	begun := i.Begun || room != ""
	if (room == "" || room == i.Room) && begun == i.Begun && !i.Blocked && tx.Now.Sub(i.SeenAt) < time.Hour {
		return nil
	}
	if room == "" {
		room = i.Room
	}
	return tx.Do(`UPDATE identities SET room = $1, begun = $2, seen_at = $3, blocked = FALSE WHERE platform = $4 AND external_id = $5`, room, begun, tx.Now, i.Platform, i.ExternalID)
}

// Block notes that a person blocked the bot on a platform.
func Block(tx *store.Tx, platform, user string) error {
	return tx.Do(`UPDATE identities SET blocked = TRUE WHERE platform = $1 AND external_id = $2`, platform, user)
}

// The life of codes.
const (
	LinkCodeLife   = 10 * time.Minute
	InvitationLife = 7 * 24 * time.Hour
)

// NewCode makes a code that links the user who says it, once, to a person.
// Old unused codes of the person stop working.
func NewCode(tx *store.Tx, id string, life time.Duration) (string, error) {
	if err := tx.Do(`DELETE FROM link_codes WHERE person_id = $1 AND used_at = 0`, id); err != nil {
		return "", err
	}
	code := rand.Text()[:10] // base32: 50 bits, within 10 minutes and 5 tries a day
	err := tx.Do(`INSERT INTO link_codes (code, person_id, until) VALUES ($1, $2, $3)`, code, id, tx.Now.Add(life))
	return code, err
}

// UseCode uses a code up and returns whose it was.
func UseCode(tx *store.Tx, code string) (personID string, ok bool, err error) {
	return store.One[string](tx, `UPDATE link_codes SET used_at = $1 WHERE code = $2 AND used_at = 0 AND until > $1 RETURNING person_id`, tx.Now, strings.ToUpper(strings.TrimSpace(code)))
}

// Stranger notes that an unknown user said something today, and returns how
// many times that was, this one included.
func Stranger(tx *store.Tx, platform, user string) (int64, error) {
	n, _, err := store.One[int64](tx, `INSERT INTO strangers (platform, external_id, day, tries) VALUES ($1, $2, $3, 1)
		ON CONFLICT (day, platform, external_id) DO UPDATE SET tries = strangers.tries + 1 RETURNING tries`, platform, user, string(calendar.On(tx.Now)))
	return n, err
}

// Away lists the days away of a person that are not over.
func Away(tx *store.Tx, id string, today calendar.Day) ([]person.Absence, error) {
	return store.Rows[person.Absence](tx, `SELECT person_id, from_day, to_day, deputy_id FROM absences WHERE person_id = $1 AND to_day >= $2 ORDER BY from_day`, id, today)
}

// SetAway notes days away; the same first day is written over.
func SetAway(tx *store.Tx, a person.Absence) error {
	return tx.Do(`INSERT INTO absences (person_id, from_day, to_day, deputy_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, from_day) DO UPDATE SET to_day = excluded.to_day, deputy_id = excluded.deputy_id`, a.PersonID, a.From, a.To, a.Deputy)
}

// EndAway forgets the days away that are not over.
func EndAway(tx *store.Tx, id string, today calendar.Day) (int64, error) {
	return tx.Exec(`DELETE FROM absences WHERE person_id = $1 AND to_day >= $2`, id, today)
}

// SwitchOff ends a person's access: handles, codes, drafts and buttons.
// Messages that wait for the person are not sent any more.
func SwitchOff(tx *store.Tx, id string) error {
	for _, q := range []string{
		`DELETE FROM identities WHERE person_id = $1`,
		`DELETE FROM link_codes WHERE person_id = $1`,
		`UPDATE drafts SET state = 'cancelled' WHERE person_id = $1 AND state IN ('open', 'parked')`,
		`DELETE FROM callbacks WHERE person_id = $1`,
	} {
		if err := tx.Do(q, id); err != nil {
			return err
		}
	}
	return tx.Unsend(id, "the person was switched off")
}

// BlockRoom notes that a private chat of a person cannot be reached.
func BlockRoom(tx *store.Tx, id, platform, room string) error {
	return tx.Do(`UPDATE identities SET blocked = TRUE WHERE person_id = $1 AND platform = $2 AND room = $3`, id, platform, room)
}

// Fired lists who has had a job on a day.
func Fired(tx *store.Tx, job string, day calendar.Day) (map[string]time.Time, error) {
	type mark struct {
		Person string    `db:"person_id"`
		At     time.Time `db:"at"`
	}
	marks, err := store.Rows[mark](tx, `SELECT person_id, at FROM fired WHERE job = $1 AND day = $2`, job, day)
	out := make(map[string]time.Time, len(marks))
	for _, m := range marks {
		out[m.Person] = m.At
	}
	return out, err
}

// Reports lists the active people who report to one.
func Reports(tx *store.Tx, id string) ([]person.Person, error) {
	return store.Rows[person.Person](tx, `SELECT `+columns+` FROM people p WHERE p.reports_to = $1 AND p.status = 'active' ORDER BY p.name, p.handle`, id)
}

// Escalated lists the active people whose escalations somebody hears of: who reports to
// them, and those with a dotted line to them (domain.md §1).
func Escalated(tx *store.Tx, id string) ([]person.Person, error) {
	return store.Rows[person.Person](tx, `SELECT `+columns+` FROM people p WHERE (p.reports_to = $1 OR p.dotted_to = $1) AND p.status = 'active' ORDER BY p.name, p.handle`, id)
}

// OfRole returns the person who has held a role longest and still works here.
func OfRole(tx *store.Tx, role person.Role) (person.Person, bool, error) {
	return store.One[person.Person](tx, `SELECT `+columns+` FROM people p WHERE p.status = 'active' AND ';' || p.roles || ';' LIKE $1 ORDER BY p.created_at, p.id LIMIT 1`, "%;"+string(role)+";%")
}

// AllAway lists every absence that covers a day within a day of one: zones lie
// up to a day apart.
func AllAway(tx *store.Tx, around calendar.Day) (map[string][]person.Absence, error) {
	rows, err := store.Rows[person.Absence](tx, `SELECT person_id, from_day, to_day, deputy_id FROM absences WHERE to_day >= $1 ORDER BY person_id, from_day`, around.Add(-1))
	out := map[string][]person.Absence{}
	for _, a := range rows {
		out[a.PersonID] = append(out[a.PersonID], a)
	}
	return out, err
}

// Territories lists every territory.
func Territories(tx *store.Tx) ([]string, error) {
	return store.Rows[string](tx, `SELECT DISTINCT ancestor FROM territory_tree ORDER BY ancestor`)
}

// Territory returns the territory of a path, if there is one.
func Territory(tx *store.Tx, path string) (string, bool, error) {
	return store.One[string](tx, `SELECT ancestor FROM territory_tree WHERE ancestor = $1 LIMIT 1`, store.CleanTerritory(path))
}

// Led selects the ids of everybody below a person in the line, people who left
// too. A circle in the line ends.
func Led(a *store.Args, person string) string {
	return `WITH RECURSIVE led (id) AS (SELECT p.id FROM people p WHERE p.reports_to = ` + a.Add(person) + ` UNION SELECT p.id FROM people p JOIN led ON p.reports_to = led.id) SELECT id FROM led`
}

// Unlinked is how many active people no chat is linked to.
func Unlinked(tx *store.Tx) (int64, error) {
	n, _, err := store.One[int64](tx, `SELECT count(*) FROM people p WHERE p.status = 'active' AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.person_id = p.id)`)
	return n, err
}

// Erase overwrites the personal data of somebody who was switched off: the name, the handles,
// what they were told and began. What they did stays, by an id that names nobody. As a
// rehearsal it counts alone.
// Ungated: the shell erases on request.
func Erase(tx *store.Tx, p person.Person, really bool) ([]store.Erasure, error) {
	of := []any{p.ID}
	return store.Run(tx, append([]store.Overwrite{
		{What: "handles on chat platforms", Table: "identities", Where: `person_id = $1`, Args: of},
		{What: "codes to link a chat", Table: "link_codes", Where: `person_id = $1`, Args: of},
		{What: "days away", Table: "absences", Where: `person_id = $1`, Args: of},
		{What: "forms that were begun", Table: "drafts", Where: `person_id = $1`, Args: of},
		{What: "buttons", Table: "callbacks", Where: `person_id = $1`, Args: of},
		{What: "messages that they got", Table: "outbox", Where: `person_id = $1 AND state <> 'queued'`, Set: `body = '{}', lane = '` + store.Erased + `', external_id = ''`, Args: of},
		{What: "person", Table: "people", Where: `id = $1`, Set: `name = '` + store.Erased + `', handle = '` + store.Erased + `-' || substr(id, 25, 12), code = '', search = '', quiet = '', version = version + 1`, Args: of},
	}, store.Trail(tx, "people", p.ID, p.Name)...), really)
}
