package command

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/store"
)

// May reports whether the person holds one of some roles; none named is everybody.
func (r *Request) May(roles []person.Role) bool { return len(roles) == 0 || r.Who.Is(roles...) }

// SeesPeople reports whether the person may read who is who at an account: an analyst reads
// figures and rows without them, but for what another role of theirs owns, serves or leads
// (domain.md §1). Whom somebody else sees is the gates' to say.
func (r *Request) SeesPeople(accountID string) bool {
	if !r.Who.Is(person.Analyst) {
		return true
	}
	_, sees, err := accountstore.Accounts.In(access.Of(r.Who).As(person.Owners...)).ByID(r.Tx, accountID)
	if err != nil {
		r.Tx.Fail(err)
	}
	return sees
}

// Enter lets a verb begin, or a form of it go on. What follows sees with the eyes of
// the verb's roles alone: a right counts only over what the same role shows
// (domain.md §1). The fault is that of a role that the person does not hold, or holds
// no more.
func (r *Request) Enter(v Verb) error { return r.enter(v.Roles, v.Read != nil) }

// Enter is the same for a button.
func (b Button) Enter(r *Request) error { return r.enter(b.Roles, b.Read) }

// Guard is the refusal of a row that a scope may not change.
func Guard[T store.Row](r *Request, noun *store.Noun[T], s access.Scope, id string, refusal *fault.Fault) error {
	may, err := noun.MayChange(r.Tx, s, id)
	if err == nil && !may {
		return refusal
	}
	return err
}

func (r *Request) enter(roles []person.Role, reads bool) error {
	if !r.May(roles) {
		return fault.New(fault.Denied, "role")
	}
	r.Scope = access.Of(r.Who)
	if len(roles) > 0 {
		r.Scope = r.Scope.As(roles...)
	}
	if !reads {
		r.Scope = r.Scope.Acting(r.Scope.Roles...)
	}
	return nil
}
