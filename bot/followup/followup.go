// Package followup knows follow-ups (跟进事项): something a person has to see
// to by a day, and our commitments to a customer (domain.md §3).
package followup

import (
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// FollowUp is one thing to see to.
type FollowUp struct {
	ID         string       `db:"id"`
	Version    int64        `db:"version"`
	Kind       string       `db:"kind"`
	StoreID    string       `db:"store_id"`
	AccountID  string       `db:"account_id"` // empty: about no customer
	Text       string       `db:"text"`
	Department string       `db:"department"`
	OwnerID    string       `db:"owner_id"`
	DueOn      calendar.Day `db:"due_on"`
	Status     string       `db:"status"`
	FromVisit  string       `db:"from_visit"`
	About      string       `db:"about"`    // what it ends with, as whoever opened it names it; "" is nothing
	Comments   string       `db:"comments"` // a line each, the first first
	OpenedBy   string       `db:"opened_by"`
	OpenedAt   time.Time    `db:"opened_at"`
	ClosedBy   string       `db:"closed_by"`
	ClosedAt   time.Time    `db:"closed_at"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (f FollowUp) Table() string { return "follow_ups" }

// Key implements store.Row.
func (f FollowUp) Key() (string, int64) { return f.ID, f.Version }

// Ref is the follow-up as buttons and snoozes name it.
func (f FollowUp) Ref() string { return "follow:" + f.ID }

// Place is the ref of where it belongs, or "" for nowhere.
func (f FollowUp) Place() string {
	switch {
	case f.StoreID != "":
		return "store:" + f.StoreID
	case f.AccountID != "":
		return "account:" + f.AccountID
	}
	return ""
}

// The kinds of follow-up.
const (
	Task       = "task"
	Step       = "step"       // a visit's next step
	Need       = "need"       // what the customer needs
	Problem    = "problem"    // what went wrong
	Commitment = "commitment" // 我方承诺: what we promised the customer
)

// The states of a follow-up.
const (
	Open      = "open"
	Done      = "done"
	Cancelled = "cancelled"
)

// Logistics is the department that sees to goods that are missing.
const Logistics = "logistics"

// Departments are those a problem is routed to.
var Departments = []string{Logistics, "marketing", "finance", "quality", "product"}

// Catalogue is what is known of follow-ups.
var Catalogue = field.Catalogue{Noun: "follow_ups", Fields: []field.Field{
	{Key: "id", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "text", Kind: field.Long, Use: field.All, Required: true, Max: 1000},
	{Key: "place", Kind: field.Place, Use: field.Ask},
	{Key: "kind", Kind: field.Choice, Use: field.All, Options: []string{Task, Problem, Need, Commitment, Step}},
	{Key: "store_code", Kind: field.Place, Use: field.File, Column: "store_id"},
	{Key: "account_code", Kind: field.Account, Use: field.File, Column: "account_id"},
	{Key: "department", Kind: field.Choice, Use: field.All, Options: Departments},
	{Key: "owner", Kind: field.Person, Use: field.All, Column: "owner_id"},
	{Key: "due_on", Kind: field.Date, Ahead: true, Use: field.All},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: []string{Open, Done, Cancelled}},
	{Key: "from_visit", Kind: field.Text, Use: field.Export, Max: 40},
	{Key: "opened_by", Kind: field.Person, Use: field.File},
	{Key: "opened_at", Kind: field.Text, Use: field.File},
	{Key: "closed_at", Kind: field.Text, Use: field.File},
	{Key: "comments", Kind: field.Long, Use: field.File},
}}

// DueAfter is the days a follow-up is given when nobody names a day.
const DueAfter = 3

// LateForManager is the days after which the owner's manager hears of it
// (domain.md §11).
const LateForManager = 3

// Late is how many days a follow-up is past its day; negative before it.
func (f FollowUp) Late(today calendar.Day) int {
	if f.DueOn == "" {
		return 0
	}
	return today.Sub(f.DueOn)
}

// Due reports whether the owner is reminded on a day: the day before, the day,
// and daily after it.
func (f FollowUp) Due(today calendar.Day) bool {
	return f.Status == Open && f.DueOn != "" && f.Late(today) >= -1
}

// Comment adds a line to what was said.
func (f *FollowUp) Comment(day calendar.Day, who, text string) {
	line := string(day) + " " + who + ": " + strings.ReplaceAll(text, "\n", " ")
	f.Comments = strings.TrimSpace(f.Comments + "\n" + line)
}

// LastComment is what was said last, or "".
func (f FollowUp) LastComment() string {
	lines := strings.Split(f.Comments, "\n")
	return lines[len(lines)-1]
}
