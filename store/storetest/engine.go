// Package storetest opens real databases for tests: a SQLite file in a
// temporary folder, and a schema of a throw-away PostgreSQL cluster.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

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

// Open opens a new database of an engine with a current schema.
func Open(t testing.TB, engine string) *store.DB {
	t.Helper()
	return OpenAt(t, URL(t, engine))
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

// URL returns the address of a new, empty database of an engine. Where no
// PostgreSQL is installed the test is skipped, loudly; TEST_POSTGRES
// set to "required" makes that a failure.
func URL(t testing.TB, engine string) string {
	t.Helper()
	if engine == "sqlite" {
		return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	}
	start.Do(func() { shared, errStart = startCluster("off") })
	if errStart != nil {
		if os.Getenv("TEST_POSTGRES") == "required" {
			t.Fatal(errStart)
		}
		t.Skipf("PostgreSQL half skipped: %v. Install it (Debian: apt-get install postgresql) and run the tests again.", errStart)
	}
	name := "t" + strconv.FormatInt(time.Now().UnixNano(), 36)
	if err := shared.exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return shared.url(name)
}

var (
	start    sync.Once
	shared   *cluster
	errStart error
)

// Main runs the tests of a package and stops the cluster after them.
// They wait for the platforms' speed limits most of the time, so many run at
// once.
func Main(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "10"); err != nil {
		panic(err) // the flag is the testing package's own
	}
	code := m.Run()
	if shared != nil {
		shared.stop()
	}
	os.Exit(code)
}

// cluster is a PostgreSQL server on a socket in a temporary folder.
type cluster struct {
	dir    string
	bin    string
	as     *syscall.Credential
	server *exec.Cmd
	// commits: "off" is faster and enough for a server that does not crash
	commits string
}

func (c *cluster) url(database string) string {
	return fmt.Sprintf("postgres://app@/%s?host=%s", database, c.dir)
}

func (c *cluster) exec(query string) error {
	db, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), query)
	return errors.Join(err, db.Close())
}

func (c *cluster) stop() {
	c.down()
	_ = os.RemoveAll(c.dir) // in the temporary folder
}

// down ends the server at once, as a crash does.
func (c *cluster) down() {
	_ = c.server.Process.Signal(syscall.SIGQUIT) // gone is gone
	_ = c.server.Wait()                          // killed, as asked
}

// Server is a PostgreSQL server of a test's own.
type Server struct {
	URL string // of an empty database
	c   *cluster
	t   testing.TB
}

// Own starts a PostgreSQL server for one test, which may stop it.
func Own(t testing.TB) *Server {
	t.Helper()
	URL(t, "postgres") // skips where there is none
	c, err := startCluster("on")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.stop)
	return &Server{URL: c.url("postgres"), c: c, t: t}
}

// Stop ends the server as a crash does.
func (s *Server) Stop() { s.c.down() }

// Start starts it again.
func (s *Server) Start() {
	s.t.Helper()
	if err := s.c.launch(); err != nil {
		s.t.Fatal(err)
	}
}

// binaries finds the newest installed server.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("no PostgreSQL server is installed")
	}
	sort.Slice(found, func(i, j int) bool { return len(found[i]) < len(found[j]) || found[i] < found[j] })
	return filepath.Dir(found[len(found)-1]), nil
}

// startCluster makes and starts a server. The folder lies directly in /tmp,
// since a socket's path is limited to 107 bytes; as root the server runs as
// the user postgres, since initdb refuses root. Durability is off: the tests
// kill our own program, not the server.
func startCluster(commits string) (*cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "fieldbot-pg-")
	if err != nil {
		return nil, err
	}
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() == 0 {
		if attr.Credential, err = postgresUser(dir); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(dir, "data")
	init := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	init.SysProcAttr, init.Dir = attr, dir
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	c := &cluster{dir: dir, bin: bin, as: attr.Credential, commits: commits}
	return c, c.launch()
}

// launch starts the server and waits until it answers.
func (c *cluster) launch() (err error) {
	c.server = exec.Command(filepath.Join(c.bin, "postgres"), "-D", filepath.Join(c.dir, "data"), "-k", c.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit="+c.commits, "-c", "full_page_writes=off", "-c", "max_connections=300")
	c.server.SysProcAttr, c.server.Dir = &syscall.SysProcAttr{Credential: c.as}, c.dir
	if err := c.server.Start(); err != nil {
		return err
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		if err = c.exec("SELECT 1"); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			c.stop()
			return err
		}
		<-time.After(20 * time.Millisecond)
	}
}

func postgresUser(dir string) (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2, os.Chown(dir, uid, gid), os.Chmod(dir, 0o755)); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil //nolint:gosec // ids of an existing user
}
