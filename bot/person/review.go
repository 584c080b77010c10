package person

import (
	"fmt"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// Review (权限复核) is the question, each quarter, whether somebody still needs what they may
// do and see (domain.md §1).
type Review struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	Quarter    string    `db:"quarter"` // 2026Q4
	PersonID   string    `db:"person_id"`
	ReviewerID string    `db:"reviewer_id"` // who is to answer now
	Roles      []Role    `db:"roles"`       // those asked about
	Territory  string    `db:"territory"`
	Answer     string    `db:"answer"`
	Note       string    `db:"note"` // what should change
	MovedAt    time.Time `db:"moved_at"`
	AnsweredAt time.Time `db:"answered_at"`
	AnsweredBy string    `db:"answered_by"`
	CreatedAt  time.Time `db:"created_at"`
	UpdatedAt  time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (r Review) Table() string { return "access_reviews" }

// Key implements store.Row.
func (r Review) Key() (string, int64) { return r.ID, r.Version }

// The answers of a review.
const (
	ReviewOpen   = "open"
	ReviewKeep   = "keep"
	ReviewChange = "change"
	ReviewLapsed = "lapsed" // nobody answered until the next one
)

// ReviewLate is how long a review waits for one before it goes to the next up.
const ReviewLate = 14 * 24 * time.Hour

// QuarterOf is the quarter of a day as people write it.
func QuarterOf(d calendar.Day) string {
	year, month, _ := d.Parts()
	return fmt.Sprintf("%dQ%d", year, (month+2)/3)
}

// ReviewCatalogue is what is known of reviews.
var ReviewCatalogue = field.Catalogue{Noun: "access_reviews", Fields: []field.Field{
	{Key: "quarter", Kind: field.Text, Use: field.Export},
	{Key: "person", Kind: field.Person, Use: field.Export, Column: "person_id"},
	{Key: "roles", Kind: field.Choices, Use: field.Export, Options: Roles},
	{Key: "territory", Kind: field.Text, Use: field.Export},
	{Key: "reviewer", Kind: field.Person, Use: field.Export, Column: "reviewer_id"},
	{Key: "review_answer", Kind: field.Choice, Use: field.Export, Options: []string{ReviewOpen, ReviewKeep, ReviewChange, ReviewLapsed}, Column: "answer"},
	{Key: "review_note", Kind: field.Text, Use: field.Ask | field.Export, Required: true, Max: 300, Column: "note"},
	{Key: "answered_by", Kind: field.Person, Use: field.Export},
}}
