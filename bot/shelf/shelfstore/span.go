package shelfstore

import (
	"time"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/shelf"
	"fieldbot/store"
)

// Among narrows figures: to a person, an account and all below it, or a territory and
// all below it. Empty fields narrow nothing.
type Among struct{ Person, Account, Territory string }

// Place is where an audit was made.
type Place struct {
	AuditID   string `db:"audit_id"`
	Store     string `db:"store_name"`
	Chain     string `db:"account_name"`
	Territory string `db:"in_territory"`
}

func (m Among) where(a *store.Args, span calendar.Span) string {
	where := `u.audited_on BETWEEN ` + a.Add(span.From) + ` AND ` + a.Add(span.To) + ` AND u.status = 'made'`
	if m.Person != "" {
		where += ` AND u.person_id = ` + a.Add(m.Person)
	}
	if m.Account != "" {
		where += ` AND u.account_id IN (` + a.Below(m.Account) + `)`
	}
	if m.Territory != "" {
		where += ` AND s.in_territory IN (` + a.Territory(m.Territory) + `)`
	}
	return where
}

// InSpan calls fn with each audit of a span, where it was made and what it says.
func InSpan(tx *store.Tx, scope access.Scope, m Among, span calendar.Span, fn func(shelf.Audit, Place, []shelf.Line)) error {
	var a store.Args
	from := ` FROM audits u JOIN stores s ON s.id = u.store_id JOIN accounts c ON c.id = u.account_id `
	where := ` WHERE ` + m.where(&a, span) + ` AND ` + Audits.Gate(&a, scope)
	audits, err := store.Rows[shelf.Audit](tx, `SELECT `+store.Columns[shelf.Audit]("u")+from+where, a.List...)
	if err != nil {
		return err
	}
	places, of := map[string]Place{}, map[string][]shelf.Line{}
	if err := store.Each(tx, func(p Place) error {
		places[p.AuditID] = p
		return nil
	}, `SELECT u.id AS audit_id, s.name AS store_name, c.name AS account_name, s.in_territory`+from+where, a.List...); err != nil {
		return err
	}
	err = store.Each(tx, func(l shelf.Line) error {
		of[l.AuditID] = append(of[l.AuditID], l)
		return nil
	}, `SELECT `+store.Columns[shelf.Line]("n")+from+`JOIN audit_lines n ON n.audit_id = u.id`+where, a.List...)
	for _, x := range audits {
		fn(x, places[x.ID], of[x.ID])
	}
	return err
}

// Each calls fn with each audit of a span of instants and what it says.
func Each(tx *store.Tx, scope access.Scope, since, until time.Time, fn func(shelf.Audit, []shelf.Line)) error {
	audits := map[string]shelf.Audit{}
	err := Audits.In(scope).Since("u.audited_at", since, until).Order("u.id").Each(tx, func(a shelf.Audit) error {
		audits[a.ID] = shelf.Audit{ID: a.ID, CategoryFacings: a.CategoryFacings, DisplaysAgreed: a.DisplaysAgreed, DisplaysStanding: a.DisplaysStanding, PromoDemanded: a.PromoDemanded, PromoMet: a.PromoMet}
		return nil
	})
	if err != nil {
		return err
	}
	var lines []shelf.Line
	done := func() {
		if len(lines) > 0 {
			fn(audits[lines[0].AuditID], lines)
		}
		lines = nil
	}
	err = Lines.In(scope).Since("u.audited_at", since, until).Order("n.audit_id").Each(tx, func(l shelf.Line) error {
		if len(lines) > 0 && lines[0].AuditID != l.AuditID {
			done()
		}
		lines = append(lines, l)
		return nil
	})
	done()
	return err
}
