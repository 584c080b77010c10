package personstore

import (
	"time"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
	"fieldbot/store"
)

// Reviews are the quarterly questions whether people still need what they may do, for who
// is to answer.
var Reviews = store.Declare(store.Noun[person.Review]{
	About: store.About{Alias: "ar", Gate: toAnswer, Catalogue: person.ReviewCatalogue, Inner: []string{"moved_at", "answered_at"},
		NoUndo: "the clock asks, nobody makes one", NoOwner: "goes up the line by itself", NoMove: "belongs to no customer"},
})

func toAnswer(a *store.Args, s access.Scope) string {
	if s.All() {
		return "TRUE"
	}
	return "ar.reviewer_id = " + a.Add(s.Person)
}

// ReviewsOf lists the reviews of people who work here that wait for somebody; "" is anybody.
func ReviewsOf(tx *store.Tx, scope access.Scope, reviewer string) ([]person.Review, error) {
	q := Reviews.In(scope).And("ar.answer = 'open' AND ar.person_id IN (SELECT id FROM people WHERE status = 'active')").Order("ar.created_at, ar.id").Limit(mostReviews)
	if reviewer != "" {
		q.And("ar.reviewer_id = ?", reviewer)
	}
	return q.Rows(tx)
}

// mostReviews bounds a list of reviews.
const mostReviews = 2000

// ReviewsIn counts the reviews of a quarter that a reviewer has, and those answered.
func ReviewsIn(tx *store.Tx, scope access.Scope, quarter, reviewer string) (all, answered int64, err error) {
	of := func() *store.Query[person.Review] {
		return Reviews.In(scope).And("ar.quarter = ? AND ar.reviewer_id = ?", quarter, reviewer)
	}
	if all, err = of().Count(tx); err != nil {
		return 0, 0, err
	}
	answered, err = of().And("ar.answer <> 'open'").Count(tx)
	return all, answered, err
}

// LateReviews lists those that wait for the same person since an instant.
func LateReviews(tx *store.Tx, scope access.Scope, since time.Time) ([]person.Review, error) {
	return Reviews.In(scope).And("ar.answer = 'open' AND ar.moved_at <= ?", since).Order("ar.moved_at, ar.id").Limit(100).Rows(tx)
}
