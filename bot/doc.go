// Package bot is the one way in: Deliver takes what a platform heard, finds
// who said it and what it means, lets the commands decide and keeps what they
// decided, and answers.
//
// # One message
//
// deliver.go takes the update. What changes nothing is answered on a reader
// (read.go). Everything else is one unit of work: the delivery id goes into
// the inbox, who.go finds the person, route.go the command or the open form,
// forms.go and press.go move the form on, the command's package decides and
// writes, and answer.go puts the reply where it belongs: back on the request,
// or into the outbox of the same transaction. A fault takes the unit back and
// is answered in one of its own. files.go makes what hangs on a message when it
// leaves. schedule.go is the same for what the clock calls for; turn.go lets one
// daemon of several do what only one may.
//
// A digest is nobody's text: each family says what waits for a person
// (command.Family.Waits), bot/clock/today makes one message of it. Approvals
// are the same: a family says what is asked and what follows (Asks),
// bot/approval/approvaltalk asks, chases and answers.
//
// # Rooms that the plan of the house did not have, and why
//
// bot/kit/field holds the field catalogues' types. Rules own a catalogue and may
// know neither chat nor language, so the types stand below both; chat names a
// field's kind by them.
//
// bot/daemon puts the parts together, so that the program and the tests start
// the same thing.
//
// bot/config makes rules' values of what a company sets: cadences, tiers, its
// funnel of deals.
//
// bot/ask is the case library of calls for help; its command is bot/ask/asktalk,
// since /help is taken.
//
// bot/visit/visitstore returns the rows of bot/report as values, as it returns those of
// other rules.
//
// bot/wire/outbox and bot/demo use the store: the outbox is the shell around its
// rows. Its ticks and those of the schedule need no room of their own.
//
// store.Insert and store.Update write rows by their db tags, with the audit
// line, so that no write can forget it and undo needs nothing by hand; every
// SELECT is written by hand.
package bot
