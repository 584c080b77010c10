// Command fieldbot is a chat-ops bot for field sales teams of consumer-goods
// makers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // zones by name on machines without a zone database

	"github.com/alecthomas/kong"

	"fieldbot/bot/config"
	"fieldbot/bot/files"
)

// Exit codes of the contract.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}, os.Environ())
	stop()
	os.Exit(code)
}

// streams are the program's input and output.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// cli is every verb with its flags; its help is the program's.
type cli struct {
	Config string `help:"Config file; config.yaml is read if it exists." placeholder:"FILE"`
	DB     string `name:"db" help:"Database: sqlite:FILE or postgres://…" placeholder:"URL"`

	Demo     demoVerb     `cmd:"" help:"Try the bot: a made-up company in a temporary database, and the chat as one of its reps."`
	Chat     chatVerb     `cmd:"" help:"Talk to the bot in the terminal, on the configured database."`
	Serve    serveVerb    `cmd:"" help:"Run the daemon: Slack, Telegram, schedule, outbox, HTTP."`
	Import   importVerb   `cmd:"" help:"Import people, accounts, stores, contacts or visits from CSV or XLSX."`
	Export   exportVerb   `cmd:"" help:"Export a kind of row as CSV, JSON or XLSX."`
	Backup   backupVerb   `cmd:"" help:"Copy the database into one file, while the daemon runs."`
	Restore  restoreVerb  `cmd:"" help:"Put a backup in the place of the database."`
	Move     moveVerb     `cmd:"" help:"Move everything to an empty database of the other engine."`
	Erase    eraseVerb    `cmd:"" help:"Overwrite the personal data of one person or contact, on request."`
	History  historyVerb  `cmd:"" help:"Who changed a thing, when, from where, and what."`
	Remind   remindVerb   `cmd:"" help:"Queue the reminders that are due, or show who would get what."`
	Migrate  migrateVerb  `cmd:"" help:"Bring the database's schema up."`
	Check    checkVerb    `cmd:"" help:"Check config, database, tokens, clock, dead messages, media: a line each, with the cure."`
	Manifest manifestVerb `cmd:"" help:"Print the Slack app manifest or the Telegram command lists."`
	User     userVerb     `cmd:"" help:"Add, list, link, invite and switch off people."`
	Version  versionVerb  `cmd:"" help:"Print version, commit and engine versions."`
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, std streams, environ []string) int {
	var c cli
	usage := exitDone
	parser, err := kong.New(&c, kong.Name("fieldbot"),
		kong.Description("A chat-ops bot for field sales teams. Start with: fieldbot demo"),
		kong.Writers(std.out, std.err), kong.Exit(func(code int) { usage = code; panic(exitEarly{}) }),
		kong.Vars{"exports": strings.Join(files.Kinds(), ", "), "imports": strings.Join(files.Imports(), ", ")},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.UsageOnError())
	if err != nil {
		return fail(std, err)
	}
	k, code := parse(parser, args, std, &usage)
	if k == nil {
		return code
	}
	e := &env{ctx: ctx, cli: &c, streams: std, environ: environ}
	defer e.close()
	if err := k.Run(e); err != nil {
		return fail(std, err)
	}
	return exitDone
}

// exitEarly stops parsing after --help was printed.
type exitEarly struct{}

func parse(parser *kong.Kong, args []string, std streams, usage *int) (k *kong.Context, code int) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(exitEarly); !ok {
				panic(p)
			}
			k, code = nil, *usage
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if err != nil {
		_, _ = fmt.Fprintf(std.err, "fieldbot: %v (see fieldbot --help)\n", err) // nowhere else to say it
		return nil, exitUsage
	}
	return k, exitDone
}

func fail(std streams, err error) int {
	var faults config.Faults
	if errors.As(err, &faults) {
		_, _ = fmt.Fprintln(std.err, "fieldbot: the config cannot be used:") // nowhere else to say it
	} else {
		_, _ = fmt.Fprint(std.err, "fieldbot: ") // nowhere else to say it
	}
	_, _ = fmt.Fprintln(std.err, err) // nowhere else to say it
	var wrong usageError
	if errors.As(err, &wrong) {
		return exitUsage
	}
	return exitFailed
}

// usageError is wrong use that only the verb can see.
type usageError struct{ error }
