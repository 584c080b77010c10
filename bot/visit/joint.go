package visit

import (
	"slices"
	"time"

	"fieldbot/bot/kit/field"
)

// Joint (协访) is that somebody of ours was at a colleague's visit, or what they told the
// colleague afterwards: for the two of them alone (domain.md §3).
type Joint struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	VisitID   string    `db:"visit_id"`
	PersonID  string    `db:"person_id"` // whose visit it is
	WithID    string    `db:"with_id"`   // who was there, too
	Coaching  string    `db:"coaching"`
	Status    string    `db:"status"` // made, undone
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (j Joint) Table() string { return "joint_visits" }

// Key implements store.Row.
func (j Joint) Key() (string, int64) { return j.ID, j.Version }

// JointCatalogue is what is known of joint visits.
var JointCatalogue = field.Catalogue{Noun: "joint_visits", Fields: append(slices.Clone(naming),
	field.Field{Key: "joint_with", Kind: field.Person, Use: field.File, Required: true, Column: "with_id"},
	field.Field{Key: "coaching", Kind: field.Long, Use: field.Ask, Required: true, Max: 1000}, // for the two of them: in no file
)}
