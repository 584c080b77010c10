// Package ask knows calls for help (求援): a question to colleagues that
// is kept with its answers as a case (案例库, domain.md §3).
package ask

import (
	"strings"
	"time"
)

// Case is a question with its answers.
type Case struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	StoreID   string    `db:"store_id"`
	AccountID string    `db:"account_id"`
	Text      string    `db:"text"`
	Answers   string    `db:"answers"` // a line each
	AskedBy   string    `db:"asked_by"`
	Status    string    `db:"status"` // open, solved, cancelled
	Search    string    `db:"search,derived"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (c Case) Table() string { return "cases" }

// Key implements store.Row.
func (c Case) Key() (string, int64) { return c.ID, c.Version }

// Answer adds what somebody said.
func (c *Case) Answer(who, text string) {
	c.Answers = strings.TrimSpace(c.Answers + "\n" + who + ": " + strings.ReplaceAll(text, "\n", " "))
}
