// Package flow knows the life of papers: the states of an order, an expense or a
// complaint, and the moves between them. It is pure: who somebody is, what is kept
// and what is said is bot/talk/paper's.
package flow

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
)

// Undone is the state of a paper whose making was undone. No flow has a move to
// or from it.
const Undone = "undone"

// Actor is who makes or answers a move, as seen from the paper.
type Actor string

// The actors.
const (
	Owner   Actor = "owner"   // who answers for the paper
	Leader  Actor = "leader"  // who leads the owner
	Limit   Actor = "limit"   // the first up the owner's line whose limit covers the amount
	Finance Actor = "finance" // whoever has the role
	Nobody  Actor = "nobody"  // it is made as soon as its guard holds
)

// Move leads a paper from one state to another.
type Move[T any] struct {
	Name string   // of the verb; its words stand under verb.NAME
	From []string // states
	To   string
	Who  []Actor       // who may make it, any of them
	Ask  []field.Field // what it asks for
	// Guard is what must be true of the paper; its fault says what is missing.
	Guard func(row T, now time.Time) error
	// Set writes what was asked into the paper.
	Set func(row *T, values map[string]string, by string, now time.Time) error

	// An answer is made by the yes of all that Need names, one after the other. It
	// is asked for as soon as a paper comes into a state that it starts from. A no
	// leads to Else, a question that nobody answers to Silence.
	Answer        bool
	Need          []Actor
	Else, Silence string
}

// Flow is the life of a kind of paper.
type Flow[T any] struct {
	First string   // the state of a new paper
	Also  []string // states that one can be made in, too
	Last  []string
	Moves []Move[T]
	State func(row *T) *string
}

// Get returns the move of a name.
func (f Flow[T]) Get(name string) (Move[T], bool) {
	i := slices.IndexFunc(f.Moves, func(m Move[T]) bool { return m.Name == name })
	if i < 0 {
		return Move[T]{}, false
	}
	return f.Moves[i], true
}

// From lists the moves that start from the state of a paper.
func (f Flow[T]) From(row T) []Move[T] {
	state := *f.State(&row)
	return slices.DeleteFunc(slices.Clone(f.Moves), func(m Move[T]) bool { return !slices.Contains(m.From, state) })
}

// Question returns the answer that a paper waits for in its state.
func (f Flow[T]) Question(row T) (Move[T], bool) {
	for _, m := range f.From(row) {
		if m.Answer {
			return m, true
		}
	}
	return Move[T]{}, false
}

// Due returns the move that nobody makes and whose guard holds now.
func (f Flow[T]) Due(row T, now time.Time) (Move[T], bool) {
	for _, m := range f.From(row) {
		if slices.Contains(m.Who, Nobody) && f.May(row, m, now) == nil {
			return m, true
		}
	}
	return Move[T]{}, false
}

// May is the fault of a move that a paper's state does not let, or that its guard
// refuses.
func (f Flow[T]) May(row T, m Move[T], now time.Time) error {
	if state := *f.State(&row); !slices.Contains(m.From, state) {
		return fault.New(fault.Conflict, "paper_state", "state", state)
	}
	if m.Guard == nil {
		return nil
	}
	return m.Guard(row, now)
}

// Make returns the paper after a move.
func (f Flow[T]) Make(row T, m Move[T], values map[string]string, by string, now time.Time) (T, error) {
	if err := f.May(row, m, now); err != nil {
		return row, err
	}
	if m.Set != nil {
		if err := m.Set(&row, values, by, now); err != nil {
			return row, err
		}
	}
	*f.State(&row) = m.To
	return row, nil
}

// Refuse returns the paper after a no, or after no answer at all.
func (f Flow[T]) Refuse(row T, m Move[T], silent bool) T {
	to := m.Else
	if silent {
		to = m.Silence
	}
	if to != "" {
		*f.State(&row) = to
	}
	return row
}

// Check finds mistakes of a flow: states that nothing leads to or out of, answers
// that nobody gives, moves that nobody makes, and the reserved state.
func (f Flow[T]) Check() error {
	var wrong []error
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	reached := map[string]bool{f.First: true}
	for _, state := range f.Also {
		reached[state] = true
	}
	left := map[string]bool{}
	for _, m := range f.Moves {
		for _, to := range []string{m.To, m.Else, m.Silence} {
			reached[to] = true
		}
		for _, from := range m.From {
			left[from] = true
		}
		switch {
		case m.Answer && (len(m.Need) == 0 || m.Else == "" || m.Silence == ""):
			bad("%s: an answer needs somebody, a state for a no and one for silence", m.Name)
		case !m.Answer && (len(m.Who) == 0 || len(m.Need) > 0):
			bad("%s: somebody makes it, or it is an answer", m.Name)
		}
	}
	for state := range reached {
		if state != "" && !left[state] && !slices.Contains(f.Last, state) {
			bad("nothing leads out of %s, which is no end", state)
		}
	}
	for state := range left {
		if !reached[state] {
			bad("nothing leads to %s", state)
		}
	}
	if reached[Undone] || left[Undone] {
		bad("%s is the state of what was undone", Undone)
	}
	return errors.Join(wrong...)
}

// States are all states of a flow, the first first.
func (f Flow[T]) States() []string {
	out := []string{f.First}
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, m := range f.Moves {
		for _, from := range m.From {
			add(from)
		}
		add(m.To)
		add(m.Else)
		add(m.Silence)
	}
	return out
}
