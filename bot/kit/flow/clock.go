package flow

import (
	"slices"
	"time"
)

// Stay is the time that a paper was, or is, in a state.
type Stay struct {
	State string
	From  time.Time
	Until time.Time // zero: still
}

// Clock limits how long a paper may take. It runs in some states and stands still
// in others, such as while the customer is waited for; it ends where the paper
// comes into any other state.
type Clock struct {
	Runs   []string
	Pauses []string
	Within time.Duration
}

// Left is how much of the time is left at an instant, negative past it; running
// is false where the clock has not started, stands still or has ended.
func (c Clock) Left(stays []Stay, now time.Time) (left time.Duration, running bool) {
	left = c.Within
	started := false
	for _, s := range stays {
		if s.From.After(now) {
			break
		}
		until := s.Until
		if until.IsZero() || until.After(now) {
			until = now
		}
		switch {
		case slices.Contains(c.Runs, s.State):
			started, running = true, true
			left -= until.Sub(s.From)
		case slices.Contains(c.Pauses, s.State):
			running = false
		case started:
			return left, false
		}
	}
	return left, running
}
