package account

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// Verification (线下验证) is that somebody made sure of one fact of a customer. It holds as
// long as the fact does: of what was changed since it says nothing.
type Verification struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	AccountID string       `db:"account_id"`
	StoreID   string       `db:"store_id"` // empty: of the account itself
	Fact      string       `db:"fact"`     // key of a field, or contact:ID
	Digest    string       `db:"digest"`   // of the value, see DigestOf
	OnDay     calendar.Day `db:"on_day"`
	PersonID  string       `db:"person_id"`
	How       string       `db:"how"`
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (v Verification) Table() string { return "verifications" }

// Key implements store.Row.
func (v Verification) Key() (string, int64) { return v.ID, v.Version }

// Fresh is for how many days a verification holds (domain.md §11: a profile is stale after
// 180 days).
const Fresh = 180

// Stale reports whether a fact should be made sure of again.
func (v Verification) Stale(today calendar.Day) bool { return v.OnDay.Add(Fresh) < today }

// VerificationCatalogue is what is known of verifications.
var VerificationCatalogue = field.Catalogue{Noun: "verifications", Fields: []field.Field{
	{Key: "place", Kind: field.Place, Use: field.Ask, Required: true},
	{Key: "account_code", Kind: field.Account, Use: field.File, Column: "account_id"},
	{Key: "store_code", Kind: field.Place, Use: field.File, Column: "store_id"},
	{Key: "fact", Kind: field.Named, Use: field.All, Required: true},
	{Key: "verified_how", Kind: field.Choice, Use: field.All, Options: []string{"on_site", "in_person", "by_phone", "document"}, Column: "how"},
	{Key: "verified_on", Kind: field.Date, Use: field.File, Required: true, Past: true, Column: "on_day"},
	{Key: "person", Kind: field.Person, Use: field.File, Required: true, Column: "person_id"},
}}

// DigestOf stands for a value: what was verified is not written down once more.
func DigestOf(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:8])
}

// The facts of accounts and stores that can be made sure of, beside the profile's.
var (
	accountFacts = []string{"phone", "address", "city", "settlement"}
	storeFacts   = []string{"phone", "address", "city", "format", "store_class", "delivery_mode"}
)

// Fact is something known that can be made sure of.
type Fact struct{ Key, Value string }

// Facts are what is known of an account itself.
func (a Account) Facts() []Fact {
	return append(known(Catalogue, a, accountFacts), profiled(a.Profile)...)
}

// Facts are what is known of a store itself.
func (s Store) Facts() []Fact { return known(StoreCatalogue, s, storeFacts) }

func known(c field.Catalogue, row any, keys []string) (out []Fact) {
	values := c.Values(row)
	for _, key := range keys {
		if values[key] != "" {
			out = append(out, Fact{key, values[key]})
		}
	}
	return out
}

func profiled(profile map[string]string) (out []Fact) {
	for _, f := range ProfileCatalogue.Fields {
		if profile[f.Key] != "" {
			out = append(out, Fact{f.Key, profile[f.Key]})
		}
	}
	return out
}

// KindContact is the kind of a fact that is a person of the customer: who they are, what
// they do and how they are reached.
const KindContact = "contact"

// ContactOf is the id of the contact that a fact is, if it is one.
func ContactOf(fact string) (id string, ok bool) { return strings.CutPrefix(fact, KindContact+":") }

// Fact is the contact as something to make sure of.
func (c Contact) Fact() Fact {
	return Fact{KindContact + ":" + c.ID, strings.Join([]string{c.Name, c.Title, c.Department, c.Phone, c.Email, c.BuyingRole}, "\n")}
}
