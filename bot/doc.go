// Package bot is the one way in: Deliver takes what a platform heard, finds who
// said it and what it means, lets the capabilities decide and keeps what they
// decided, and answers. It only wires: it knows no noun.
//
// # One message
//
// deliver.go takes the update; bot/talk/hear finds out once what it means. What
// changes nothing is answered on a reader (read.go). Everything else is one unit
// of work: the delivery id goes into the inbox, who.go finds the person, route.go
// the command or the open form, bot/talk/dialog moves the form on, the capability
// decides and writes, and answer.go puts the reply where it belongs: back on the
// request, or into the outbox of the same transaction. A fault takes the unit back
// and is answered in one of its own. files.go makes what hangs on a message when it
// leaves. bot/clock is the same for what the hour calls for.
//
// # A capability
//
// It is one folder, one migration, and one line in Modules: bot/X holds its rules
// (pure), bot/X/Xstore its nouns and SQL, bot/X/Xtalk its Module and words. The
// smallest one that there can be stands in bot/example, as a test that keeps this
// walk true.
//
// To add a reminder: the module's Digest, a line in somebody's digest; or Jobs,
// with a clock of its own.
//
// To add a field: in the catalogue of bot/X, a column in a migration and in the row,
// its name under field.KEY in both files of words. Form, one-line key, file and
// trail follow. TestTables and TestCatalogues compare catalogue, row and table.
//
// To add a report: Module.Reports. It is /report NAME.
//
// To add a button that acts on a row: Record.Press, in the family's Buttons; it asks
// for right and state. Buttons that say a command are command.SayButton.
//
// To add a kind of file: the noun's Catalogue, with field.Export; more than its own
// columns, or an import, is a files.Kind in Module.Files. Rows that other files name by
// code say so with Names and Codes.
//
// A paper of several lines is one row (goods.Lines); in a file each line has its own row:
// files.Rows.Line says which fields are a line's. bot/order is the model.
//
// To say how a verb takes words without keys behind its object, an amount or a day:
// Verb.Behind, as in /pay Nordmarkt 8000.
//
// To let people say it in their own words: a file sentences/NAME.LANGUAGE.yaml beside the
// words, with the command that it means, the ways to say it and examples. Package hear
// tells the notation; its tests draw sayings of each and want them heard as no other.
//
// To let fields name rows of yours: a field.Kind, and Module.Finds.
//
// To add a paper with a life: a flow.Flow in the rules and a paper.Paper in the talk;
// bot/expense is the model.
//
// To fill figures of many things on one keyboard: fields of the kinds Some and Each, and
// form.Grid; the family's Choices name the things. bot/shelf is the model.
//
// To offer something to who has just come into a store: Module.AtPlace.
//
// To react to what another capability does: Module.Hears, with an event that the other
// tells through Request.Happened.
//
// To let a company set a number: Module.Config, and config.example.yaml.
//
// # Rules of the house
//
// Every table is declared beside its SQL as a noun, or named as machinery with a
// reason. Business rows are read through Noun.In; SQL by hand calls the noun's gate,
// or says why not (Ungated: …). A talk shows through a slot of its Module and imports
// no other talk but the services: approval, followup, files. What follows from a row
// stands in the noun's Fill and Kept, so that undo, import and hand-over repeat it.
// Names of tables live in the trail: they are never changed.
//
// The tests of this package walk the registries: arrows_test.go keeps who may import
// whom, guard_test.go the nouns, names_test.go words, forms and buttons.
//
// # Rooms that the plan of the house did not have, and why
//
// bot/clock/remind decides when a digest is due. It stands below talk and config,
// which name digests, so it cannot be in bot/clock, which uses talk.
//
// bot/clock/today is /today and the digests' messages: what waits is each module's
// to say.
//
// A talk may use the stores below its own (person, account): a look-up of a colleague
// or a place is nobody's capability. command.Request has the common ones.
//
// command.House stands for what the root, the dialog and the clock have in common.
//
// Derived columns carry a tag: db:"…,derived" is computed by Fill, db:"…,elsewhere" is
// written by what it follows from, and no update of the row touches it.
package bot
