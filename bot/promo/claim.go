package promo

import (
	"time"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
)

// Claim (跟价、补损) is what a customer asks for because of a promo: a price matched, or a loss
// made good. What is agreed counts in the promo's evaluation.
type Claim struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	PromoID   string    `db:"promo_id"`
	AccountID string    `db:"account_id"`
	OwnerID   string    `db:"owner_id"` // who brought it, and whose leader decides
	Kind      string    `db:"claim_kind"`
	Amount    int64     `db:"amount"`
	Reason    string    `db:"reason"`
	Status    string    `db:"status"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (c Claim) Table() string { return "promo_claims" }

// Key implements store.Row.
func (c Claim) Key() (string, int64) { return c.ID, c.Version }

// The states of a claim.
const (
	Asked   = "asked"
	Agreed  = "agreed"
	Refused = "refused"
)

// ClaimLife is what becomes of a claim.
var ClaimLife = flow.Flow[Claim]{
	First: Asked, Last: []string{Agreed, Refused},
	State: func(c *Claim) *string { return &c.Status },
	Moves: []flow.Move[Claim]{{Name: "grant", From: []string{Asked}, To: Agreed, Answer: true, Need: []flow.Actor{flow.Leader}, Else: Refused, Silence: Refused}},
}

// ClaimCatalogue is what is known of claims.
var ClaimCatalogue = field.Catalogue{Noun: "promo_claims", Fields: []field.Field{
	{Key: "claim_kind", Kind: field.Choice, Use: field.Ask | field.Export, Required: true, Options: []string{"price_match", "compensation"}},
	{Key: "amount", Kind: field.Money, Use: field.Ask | field.Export, Required: true},
	{Key: "reason", Kind: field.Text, Use: field.Ask | field.Export, Required: true, Max: 200},
	{Key: "account_code", Kind: field.Account, Use: field.Export, Column: "account_id"},
	{Key: "status", Kind: field.Choice, Use: field.Export, Options: ClaimLife.States()},
	{Key: "owner", Kind: field.Person, Use: field.Export, Column: "owner_id"},
}}

// Check is the fault of a claim for nothing.
func (c Claim) Check() error {
	if c.Amount <= 0 {
		return fault.At("amount", "claim_amount")
	}
	return nil
}
