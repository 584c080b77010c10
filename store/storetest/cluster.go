package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// cluster is a PostgreSQL server on a socket in a temporary folder.
type cluster struct {
	dir    string
	bin    string
	as     *syscall.Credential
	server *exec.Cmd
	// commits: "off" is faster and enough for a server that does not crash
	commits string

	opening sync.Once
	own     *sql.DB // to make and drop databases: a connection is a process
	failed  error   // why there is none
}

func (c *cluster) url(database string) string {
	return fmt.Sprintf("postgres://app@/%s?host=%s", database, c.dir)
}

// nameIn is the database that an address of a cluster names.
func nameIn(url string) string {
	_, rest, _ := strings.Cut(url, "@/")
	name, _, _ := strings.Cut(rest, "?")
	return name
}

// create makes a database like another one, and returns its address. Its files are copied,
// which costs a tenth of writing each page to the log, as PostgreSQL does by itself from
// version 15 on; an older one knows no other way.
func (c *cluster) create(like string) (url string, err error) {
	name := fmt.Sprintf("t%d_%d", os.Getpid(), created.Add(1))
	statement := "CREATE DATABASE " + name + " TEMPLATE " + like
	if err = c.exec(statement + " STRATEGY FILE_COPY"); err != nil {
		err = c.exec(statement)
	}
	return c.url(name), err
}

// fresh makes a database for a test, which ends with it.
func (c *cluster) fresh(t testing.TB, like string) (url string) {
	t.Helper()
	url, err := c.create(like)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.exec("DROP DATABASE " + nameIn(url) + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return url
}

var created atomic.Int64

func (c *cluster) exec(query string) error {
	c.opening.Do(func() { c.own, c.failed = sql.Open("pgx", c.url("postgres")) })
	if c.failed != nil {
		return c.failed
	}
	_, err := c.own.ExecContext(context.Background(), query)
	return err
}

func (c *cluster) stop() {
	c.down()
	_ = os.RemoveAll(c.dir) // a temporary one
}

// down ends the server at once, as a crash does.
func (c *cluster) down() {
	_ = c.server.Process.Signal(syscall.SIGQUIT) // gone is gone
	_ = c.server.Wait()                          // killed, as asked
}

// ClusterDir names the folder of a cluster that several packages share; see
// Share. Without it a package starts one of its own.
const ClusterDir = "TEST_CLUSTER"

var (
	stopShared func()
	shared     = sync.OnceValues(func() (*cluster, error) {
		if dir := os.Getenv(ClusterDir); dir != "" {
			return &cluster{dir: dir}, nil
		}
		c, err := startCluster("off")
		if err == nil {
			stopShared = c.stop
		}
		return c, err
	})
)

// Share starts a cluster for the packages of a run: its folder, and what stops it.
func Share() (dir string, stop func(), err error) {
	c, err := startCluster("off")
	if err != nil {
		return "", nil, err
	}
	return c.dir, c.stop, nil
}

// running is the cluster of the package. Where no PostgreSQL is installed the
// test is skipped, loudly; TEST_POSTGRES set to "required" makes that a failure.
func running(t testing.TB) *cluster {
	t.Helper()
	c, err := shared()
	if err != nil {
		if os.Getenv("TEST_POSTGRES") == "required" {
			t.Fatal(err)
		}
		t.Skipf("PostgreSQL half skipped: %v. Install it (Debian: apt-get install postgresql) and run the tests again.", err)
	}
	return c
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
	running(t) // skips where there is none
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

// startCluster makes and starts a server. Its path is short, since a socket's is limited to
// 107 bytes; as root the server runs as the user postgres, since initdb refuses root.
// Durability is off: the tests kill our own program, not the server.
func startCluster(commits string) (*cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(room(), "fieldbot-pg-")
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

// room is where a cluster lies: in memory, where there is enough, since each of some hundred
// databases is a thousand small files.
func room() string {
	const memory, enough = "/dev/shm", 4 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) >= enough { //nolint:gosec // a block has a size
		return memory
	}
	return "/tmp"
}

// launch starts the server and waits until it answers. It cleans up nothing behind the tests:
// that would ask each of the databases once a minute. It plans a statement once a connection,
// not five times: connections of tests do not live for more.
func (c *cluster) launch() (err error) {
	c.server = exec.Command(filepath.Join(c.bin, "postgres"), "-D", filepath.Join(c.dir, "data"), "-k", c.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit="+c.commits, "-c", "full_page_writes=off", "-c", "max_connections=600", "-c", "autovacuum=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "plan_cache_mode=force_generic_plan")
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
