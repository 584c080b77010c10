// Package storetest opens real databases for tests: a SQLite file in a
// temporary folder, and a database of a throw-away PostgreSQL cluster.
package storetest

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"fieldbot/store"
)

// Engines are the names of the engines that tests run on.
var Engines = []string{"sqlite", "postgres"}

// Each runs a test on every engine, on a new database with a current schema.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	for _, engine := range Engines {
		t.Run(engine, func(t *testing.T) { test(t, Open(t, engine)) })
	}
}

// Walk leaves out, under the race detector, a test in which nothing happens at once.
func Walk(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("a walk in which nothing happens at once")
	}
}

// Open opens a new database of an engine with a current schema: a copy of one
// that was brought up once for the package.
func Open(t testing.TB, engine string) *store.DB {
	t.Helper()
	return OpenFilled(t, engine, "", nil)
}

// OpenFilled is the same with rows in it: a copy of a database that was filled once for
// the package, under a name of what is in it.
func OpenFilled(t testing.TB, engine, name string, fill func(*store.DB) error) *store.DB {
	t.Helper()
	var url string
	if engine == "sqlite" {
		file, err := like(engine, name, fill)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "test.db")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		url = "sqlite:" + path
	} else {
		c := running(t)
		template, err := like(engine, name, fill)
		if err != nil {
			t.Fatal(err)
		}
		url = c.fresh(t, template)
	}
	return OpenAt(t, url)
}

// templates are what databases are copied from, by engine and name: the bytes of a file
// of SQLite, the name of a database of PostgreSQL.
var templates sync.Map

// like returns a template, which is made when it is asked for first.
func like(engine, name string, fill func(*store.DB) error) (string, error) {
	made := sync.OnceValues(func() (string, error) {
		if engine == "sqlite" {
			return fileLike(fill)
		}
		c, err := shared()
		if err != nil {
			return "", err
		}
		url, err := c.create("template1")
		if err != nil {
			return "", err
		}
		return nameIn(url), prepare(url, fill)
	})
	once, _ := templates.LoadOrStore(engine+" "+name, made)
	return once.(func() (string, error))()
}

func fileLike(fill func(*store.DB) error) (string, error) {
	dir, err := os.MkdirTemp("", "fieldbot-template-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }() // in the temporary folder
	path := filepath.Join(dir, "template.db")
	if err := prepare("sqlite:"+path, fill); err != nil {
		return "", err
	}
	file, err := os.ReadFile(path)
	return string(file), err
}

// prepare brings up the schema of a database and fills it.
func prepare(url string, fill func(*store.DB) error) error {
	db, err := store.Open(context.Background(), url)
	if err != nil {
		return err
	}
	db.Now = Now
	_, err = db.Migrate(context.Background())
	if err == nil && fill != nil {
		err = fill(db)
	}
	return errors.Join(err, db.Close())
}

// OpenAt opens the database of an address, and brings its schema up.
func OpenAt(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	db.Now = Now
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

// URL returns the address of a new, empty database of an engine.
func URL(t testing.TB, engine string) string {
	t.Helper()
	if engine == "sqlite" {
		return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	}
	return running(t).fresh(t, "template1")
}

// Main runs the tests of a package and stops the cluster after them.
// They wait for the platforms' speed limits most of the time, so many run at
// once; fewer with -short, which is for the race detector: there they compute.
func Main(m *testing.M) {
	flag.Parse()
	atOnce := "24"
	if testing.Short() {
		atOnce = "10"
	}
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err) // the flag is the testing package's own
	}
	code := m.Run()
	if stopShared != nil {
		stopShared()
	}
	os.Exit(code)
}
