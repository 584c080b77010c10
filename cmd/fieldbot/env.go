package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"

	"fieldbot/bot/config"
	"fieldbot/store"
)

// now is the program's clock; builds for tests set it, see testclock.go.
var now = time.Now

// env is what a verb works with: the flags, the streams, and, opened when
// asked for, the config and the database.
type env struct {
	streams
	ctx     context.Context
	cli     *cli
	environ []string

	loaded *config.Config
	db     *store.DB
	undo   []func() error
}

// config loads the config: flag, environment, file, default.
func (e *env) config() (*config.Config, error) {
	if e.loaded != nil {
		return e.loaded, nil
	}
	file := e.cli.Config
	if file == "" {
		if _, err := os.Stat("config.yaml"); err == nil {
			file = "config.yaml"
		}
	}
	environ := e.environ
	if e.cli.DB != "" {
		environ = append([]string{"FIELDBOT_DATABASE_URL=" + e.cli.DB}, environ...)
	}
	c, err := config.Load(file, environ)
	if err != nil {
		return nil, err
	}
	e.loaded = &c
	return e.loaded, nil
}

// openRaw opens the configured database as it is.
func (e *env) openRaw() (*store.DB, *config.Config, error) {
	c, err := e.config()
	if err != nil {
		return nil, nil, err
	}
	if e.db == nil {
		if e.db, err = store.Open(e.ctx, c.Database.URL.Reveal()); err != nil {
			return nil, nil, err
		}
		e.db.Now = now
		e.undo = append(e.undo, e.db.Close)
	}
	return e.db, c, nil
}

// open opens the configured database with a current schema. A new SQLite file
// is brought up at once.
func (e *env) open() (*store.DB, *config.Config, error) {
	db, c, err := e.openRaw()
	if err != nil {
		return nil, nil, err
	}
	if _, err := db.Migrate(e.ctx); err != nil {
		return nil, nil, err
	}
	return db, c, nil
}

// openExisting is open for verbs that only make sense on a database that is
// there: a mistyped path must not become an empty one.
func (e *env) openExisting() (*store.DB, *config.Config, error) {
	if err := e.exists(); err != nil {
		return nil, nil, err
	}
	return e.open()
}

// exists reports that a SQLite file is missing.
func (e *env) exists() error {
	c, err := e.config()
	if err != nil {
		return err
	}
	if path, lite := strings.CutPrefix(c.Database.URL.Reveal(), "sqlite:"); lite {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("there is no database at %s; \"fieldbot migrate\" makes one, --db names another", path)
		}
	}
	return nil
}

func (e *env) close() {
	for i := len(e.undo) - 1; i >= 0; i-- {
		if err := e.undo[i](); err != nil {
			slog.Error("closing", "err", err)
		}
	}
}

// logger logs to standard error as the config says.
func (e *env) logger(c *config.Config) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Log.Level)) // checked with the config
	options := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(e.err, options))
	}
	return slog.New(slog.NewTextHandler(e.err, options))
}

func (e *env) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(e.out, format, args...)
	return err
}

// writeTo writes a new file, or standard output if none is named.
func (e *env) writeTo(file string, mode os.FileMode, write func(io.Writer) error) (err error) {
	if file == "" {
		return write(e.out)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return write(f)
}

// tempDB makes a database in a temporary folder that goes with the program.
func (e *env) tempDB() (string, error) {
	dir, err := os.MkdirTemp("", "fieldbot-demo-")
	if err != nil {
		return "", err
	}
	e.undo = append(e.undo, func() error { return os.RemoveAll(dir) })
	return "sqlite:" + dir + "/demo.db", nil
}

// interactive reports whether a person types.
func (e *env) interactive() bool {
	return isTerminal(e.in)
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

var errNotEmpty = errors.New("this database is in use already; a demo needs a new or empty one (leave out --db for a temporary one)")
