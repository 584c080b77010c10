// Package paper is how papers with a life are spoken of: a flow's moves as verbs,
// its questions as approvals, and what stands on a paper's card and waits for its
// owner. A capability gives its rules and words.
package paper

import (
	"slices"
	"strconv"
	"time"

	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/approval/approvaltalk"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// Paper is a kind of paper with its life.
type Paper[T store.Row] struct {
	*command.Record[T]
	Noun *store.Noun[T]
	Flow flow.Flow[T]
	// Owner is who answers for a paper.
	Owner func(T) string
	// Covers reports whether a person's limit covers a paper; nil where nobody has
	// one.
	Covers func(r *command.Request, p person.Person, row T) bool
	// Describe says in a sentence what an answer is asked for.
	Describe func(r *command.Request, row T) (string, error)
	// Enough are the roles whose word is the answer itself, over what they may change.
	Enough []person.Role
	// Made does what follows from a move, beside the row.
	Made func(r *command.Request, before, after T, move string) error
}

// kind is the kind of approval of an answer.
func (p *Paper[T]) kind(move string) string { return p.Ref + "." + move }

// State is a paper's state as its reader calls it.
func (p *Paper[T]) State(r *command.Request, row T) string {
	return r.Words.Option(field.Field{Key: "status", Kind: field.Choice, Noun: p.Noun.Table()}, *p.Flow.State(&row))
}

// Verbs are the moves that people make, each a verb on one paper.
func (p *Paper[T]) Verbs() []command.Verb {
	var out []command.Verb
	for _, m := range p.Flow.Moves {
		if m.Answer || slices.Contains(m.Who, flow.Nobody) {
			continue
		}
		out = append(out, p.Verb(command.On[T]{
			Name: m.Name, Roles: rolesOf(m.Who), Ask: m.Ask, Quick: !slices.ContainsFunc(m.Ask, func(f field.Field) bool { return f.Required }),
			Ready: func(r *command.Request, row T) error { return p.may(r, row, m) },
			Do: func(r *command.Request, row T, d form.Draft) (command.Saved, error) {
				return p.make(r, row, m, d.Values)
			},
		}))
	}
	return out
}

// rolesOf are the roles that a move is for whatever the paper; nil where it
// depends on whose paper it is.
func rolesOf(who []flow.Actor) []person.Role {
	if slices.Equal(who, []flow.Actor{flow.Finance}) {
		return []person.Role{person.Finance}
	}
	return nil
}

// may is the fault of a move that the person may not make, or that the paper's
// state does not let.
func (p *Paper[T]) may(r *command.Request, row T, m flow.Move[T]) error {
	for _, who := range m.Who {
		if is, err := p.is(r, row, who); err != nil || is {
			if err != nil {
				return err
			}
			return p.inWords(r, row, p.Flow.May(row, m, now(r)))
		}
	}
	return fault.New(fault.Denied, "not_yours")
}

// inWords puts the state of a fault into the reader's words.
func (p *Paper[T]) inWords(r *command.Request, row T, err error) error {
	if f, ok := fault.As(err); ok && f.Key == "paper_state" {
		return fault.New(fault.Conflict, "paper_state", "name", p.Name(r, row), "state", p.State(r, row))
	}
	return err
}

// is reports whether the person of a request is an actor of a paper.
func (p *Paper[T]) is(r *command.Request, row T, who flow.Actor) (bool, error) {
	switch who {
	case flow.Owner:
		return p.Owner(row) == r.Who.ID, nil
	case flow.Finance:
		return r.Who.Is(person.Finance), nil
	case flow.Nobody:
		return false, nil
	}
	owner, ok, err := personstore.ByID(r.Tx, p.Owner(row))
	if err != nil || !ok {
		return false, err
	}
	return r.Leads(owner)
}

// Propose asks for the answer that a paper waits for from its first state on.
func (p *Paper[T]) Propose(r *command.Request, row T) (command.Saved, error) {
	row, asked, err := p.ask(r, row)
	return p.saved(r, row, asked), err
}

// Begin makes the first move of a paper that was just kept; what keeps it from
// being made is said, and the paper stays as it is.
func (p *Paper[T]) Begin(r *command.Request, row T, first string) (command.Saved, error) {
	m, ok := p.Flow.Get(first)
	if !ok {
		return p.saved(r, row, ""), nil
	}
	var out command.Saved
	err := p.may(r, row, m)
	if err == nil {
		err = r.Tx.Try(func() (err error) { out, err = p.make(r, row, m, nil); return err })
	}
	if f, isFault := fault.As(err); isFault {
		out, err = p.saved(r, row, ""), nil
		out.Reply.Text = "⚠️ " + r.Words.Fault(f) + "\n" + out.Reply.Text
	}
	return out, err
}

// now is the instant in the zone of who makes a move: its day is theirs.
func now(r *command.Request) time.Time { return r.Tx.Now.In(r.Words.Zone) }

// make makes a move: what was asked before about the paper is asked no more, what
// it comes to wait for is.
func (p *Paper[T]) make(r *command.Request, before T, m flow.Move[T], values map[string]string) (command.Saved, error) {
	after, err := p.Flow.Make(before, m, values, r.Who.ID, now(r))
	if err != nil {
		return command.Saved{}, p.inWords(r, before, err)
	}
	if err := p.keep(r, before, &after, m.Name); err != nil {
		return command.Saved{}, err
	}
	after, asked, err := p.ask(r, after)
	if err != nil {
		return command.Saved{}, err
	}
	return p.saved(r, after, asked), nil
}

// keep writes a paper that has moved.
func (p *Paper[T]) keep(r *command.Request, before T, after *T, move string) error {
	if q, waits := p.Flow.Question(before); waits {
		if err := approvalstore.Withdraw(r.Tx, p.kind(q.Name), p.RefOf(before)); err != nil {
			return err
		}
	}
	if err := p.Noun.Change(r.Tx, before, *after); err != nil {
		return err
	}
	id, _ := before.Key()
	var err error
	if *after, err = p.Load(system(r), id); err != nil {
		return err
	}
	if p.Made == nil {
		return nil
	}
	if err := p.Made(r, before, *after, move); err != nil {
		return err
	}
	*after, err = p.Load(system(r), id)
	return err
}

// Advance makes the moves of a paper that nobody makes, as long as their guards hold,
// and returns the paper as it is then. The day is the owner's.
func (p *Paper[T]) Advance(r *command.Request, row T) (T, error) {
	for range p.Flow.Moves {
		m, due := p.Flow.Due(row, now(r))
		if !due {
			break
		}
		after, err := p.Flow.Make(row, m, nil, "", now(r))
		if err == nil {
			err = p.keep(r, row, &after, m.Name)
		}
		if err != nil {
			return row, err
		}
		row = after
	}
	return row, nil
}

func (p *Paper[T]) saved(r *command.Request, row T, asked string) command.Saved {
	id, _ := row.Key()
	text := r.Say("paper.moved", "name", p.Name(r, row), "state", p.State(r, row))
	if asked != "" {
		text += "\n" + r.Say("paper.asked", "who", asked)
	}
	return command.Saved{ID: id, Reply: r.Done(text, command.SayButton(r.Say("button.card"), p.Family, "show "+p.RefOf(row)))}
}

// ask asks for the answer that a paper waits for, and returns who is asked; where the
// person's own word is enough, it returns the paper as the answer made it.
func (p *Paper[T]) ask(r *command.Request, row T) (after T, who string, err error) {
	q, waits := p.Flow.Question(row)
	if !waits {
		return row, "", nil
	}
	enough, err := p.enough(r, row)
	if err == nil && !enough {
		who, err = p.askNext(r, row, q, 0, p.Owner(row))
	}
	if err != nil || !enough {
		return row, who, err
	}
	if after, err = p.Flow.Make(row, q, nil, r.Who.ID, now(r)); err == nil {
		err = p.keep(r, row, &after, q.Name)
	}
	return after, "", err
}

// enough reports whether the word of the request's person is the answer itself.
func (p *Paper[T]) enough(r *command.Request, row T) (bool, error) {
	if !r.Who.Is(p.Enough...) {
		return false, nil
	}
	id, _ := row.Key()
	return p.Noun.MayChange(r.Tx, r.Scope.Acting(p.Enough...), id)
}

// askNext asks the first of those whose yes is needed, from one on, who may answer.
func (p *Paper[T]) askNext(r *command.Request, row T, q flow.Move[T], from int, firstBy string) (string, error) {
	a := approval.Approval{Kind: p.kind(q.Name), Subject: p.RefOf(row), Args: []string{strconv.Itoa(from)}, FirstBy: firstBy}
	who, ok, err := p.approver(r, row, q.Need[from], a)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fault.Wrong("approve_nobody")
	}
	return who.Name, approvaltalk.Propose(r, a, who)
}

// approver finds who answers for an actor: nobody for a paper of their own.
func (p *Paper[T]) approver(r *command.Request, row T, who flow.Actor, a approval.Approval) (person.Person, bool, error) {
	owner, ok, err := personstore.ByID(r.Tx, p.Owner(row))
	if err != nil || !ok {
		return owner, false, err
	}
	if who == flow.Finance {
		return personstore.OfRole(r.Tx, person.Finance)
	}
	a.AskedBy = r.Who.ID
	for at := owner; ; {
		next, above, err := approvaltalk.Above(r, at, a)
		if err != nil || !above || next.ID == at.ID {
			return next, false, err
		}
		if who == flow.Leader || p.Covers == nil || p.Covers(r, next, row) {
			return next, true, nil
		}
		at = next
	}
}

// Asks are the kinds of approval of the flow's answers.
func (p *Paper[T]) Asks() map[string]command.Ask {
	out := map[string]command.Ask{}
	for _, m := range p.Flow.Moves {
		if m.Answer {
			out[p.kind(m.Name)] = command.Ask{
				Describe: func(r *command.Request, a approval.Approval) (string, error) {
					row, err := p.subject(r, a)
					if err != nil {
						return "", err
					}
					return p.Describe(r, row)
				},
				Decide: func(r *command.Request, a approval.Approval, yes bool) error { return p.decide(r, m, a, yes) },
				Silent: func(r *command.Request, a approval.Approval) error { return p.silent(r, m, a) },
			}
		}
	}
	return out
}

// system is the request as the house makes it: an approver may be asked before
// anything of a paper is in sight.
func system(r *command.Request) *command.Request {
	out := *r
	out.Scope = access.System("what an approver is asked")
	return &out
}

func (p *Paper[T]) subject(r *command.Request, a approval.Approval) (T, error) {
	return p.Load(system(r), a.Subject[len(p.Ref)+1:])
}

// decide goes on to the next whose yes is needed, or makes the move; a no leads
// where the move says.
func (p *Paper[T]) decide(r *command.Request, m flow.Move[T], a approval.Approval, yes bool) error {
	row, err := p.subject(r, a)
	if err != nil {
		return err
	}
	if err := p.inWords(r, row, p.Flow.May(row, m, now(r))); err != nil {
		return err
	}
	if !yes {
		after := p.Flow.Refuse(row, m, false)
		return p.keep(r, row, &after, m.Name)
	}
	n, err := strconv.Atoi(a.Args[0])
	if err != nil {
		return err
	}
	if n+1 < len(m.Need) {
		_, err := p.askNext(r, row, m, n+1, a.FirstBy)
		return err
	}
	after, err := p.Flow.Make(row, m, nil, r.Who.ID, now(r))
	if err != nil {
		return err
	}
	if err := p.keep(r, row, &after, m.Name); err != nil {
		return err
	}
	_, _, err = p.ask(r, after)
	return err
}

// silent does what a question that nobody answered leads to.
func (p *Paper[T]) silent(r *command.Request, m flow.Move[T], a approval.Approval) error {
	row, err := p.subject(r, a)
	if err != nil || p.Flow.May(row, m, now(r)) != nil {
		return err
	}
	after := p.Flow.Refuse(row, m, true)
	return p.keep(r, row, &after, m.Name)
}
