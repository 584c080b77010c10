// Package fault holds the errors that people are told about.
//
// A Fault says what is wrong as a key of bot/talk/lang and arguments, never as a
// sentence: the same fault is read in Chinese by one person and in English by
// the next. Any other error is for operators: it is logged with a reference
// and the person sees the reference alone.
package fault

import (
	"errors"
	"sort"
	"strings"
)

// Kind tells what the fault means for the shell around it.
type Kind string

// The kinds of fault.
const (
	Invalid  Kind = "invalid"   // the input is wrong; saying it again differently helps
	Denied   Kind = "denied"    // the person may not do this
	NotFound Kind = "not_found" // nothing there, or nothing this person may see
	Conflict Kind = "conflict"  // the subject has changed since it was shown
	Busy     Kind = "busy"      // not saved; saying it again later helps
)

// Fault is one thing that is wrong.
type Fault struct {
	Kind  Kind
	Field string // key of the form field it stands beside, if any
	Key   string // key of the sentence in bot/talk/lang
	Args  []any  // pairs name, value for the sentence
}

// Error names the fault for logs.
func (f *Fault) Error() string {
	if f.Field != "" {
		return string(f.Kind) + " " + f.Field + ": " + f.Key
	}
	return string(f.Kind) + ": " + f.Key
}

// New makes a fault of a kind.
func New(kind Kind, key string, args ...any) *Fault {
	return &Fault{Kind: kind, Key: key, Args: args}
}

// Wrong is an Invalid fault.
func Wrong(key string, args ...any) *Fault { return New(Invalid, key, args...) }

// At is an Invalid fault that stands beside a field.
func At(field, key string, args ...any) *Fault {
	return &Fault{Kind: Invalid, Field: field, Key: key, Args: args}
}

// As returns the Fault inside err, if there is one.
func As(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

// Is reports whether err is a fault of that kind.
func Is(err error, kind Kind) bool {
	f, ok := As(err)
	return ok && f.Kind == kind
}

// Fields are the faults of a form, by field key.
type Fields map[string]*Fault

// Error names every faulty field for logs.
func (f Fields) Error() string {
	keys := make([]string, 0, len(f))
	for k := range f {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return "invalid fields: " + strings.Join(keys, ", ")
}
