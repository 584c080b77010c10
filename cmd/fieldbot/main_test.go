package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestMain lets the test binary be the program: tests start it as a process
// of its own, and kill it.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_MAIN") == "1" {
		if err := os.Unsetenv("TEST_MAIN"); err != nil {
			panic(err)
		}
		main()
	}
	storetest.Main(m)
}

// result is what a run of the program gave.
type result struct {
	code     int
	out, err string
}

// program runs the program in this process.
func program(t *testing.T, in string, args ...string) result {
	t.Helper()
	return programWith(t, nil, in, args...)
}

// programWith runs the program with more settings.
func programWith(t *testing.T, settings []string, in string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	environ := append([]string{"FIELDBOT_COMPANY_LANGUAGE=en", "FIELDBOT_COMPANY_TIMEZONE=Europe/Berlin"}, settings...)
	code := run(context.Background(), args, streams{strings.NewReader(in), &out, &errs}, environ)
	return result{code, out.String(), errs.String()}
}

func (r result) has(t *testing.T, code int, want ...string) result {
	t.Helper()
	if r.code != code {
		t.Fatalf("exit %d, want %d\n%s\n%s", r.code, code, r.out, r.err)
	}
	for _, w := range want {
		if !strings.Contains(r.out+r.err, w) {
			t.Fatalf("no %q in:\n%s\n%s", w, r.out, r.err)
		}
	}
	return r
}

func tempDB(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") }

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// process is the program as a process, serving. Its clock is set: it starts on
// a Sunday at noon, when no digest is due, and runs on over kills.
type process struct {
	t     *testing.T
	env   []string
	url   string
	cmd   *exec.Cmd
	logs  watched
	clock func() time.Time
}

// sundayNoon is a day that nobody works on.
var sundayNoon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// watched keeps what is written and lets a test wait for words in it.
type watched struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed with the next words
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.more != nil {
		close(w.more)
		w.more = nil
	}
	return w.text.Write(p)
}

// String returns what was written so far.
func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// await waits for words.
func (w *watched) await(t *testing.T, words string) {
	t.Helper()
	patience := time.After(chattest.Patience)
	for {
		w.mu.Lock()
		if strings.Contains(w.text.String(), words) {
			w.mu.Unlock()
			return
		}
		if w.more == nil {
			w.more = make(chan struct{})
		}
		more := w.more
		w.mu.Unlock()
		select {
		case <-more:
		case <-patience:
			t.Fatalf("no %q in:\n%s", words, w.String())
		}
	}
}

// serveProcess starts the daemon with settings and waits until it is ready.
func serveProcess(t *testing.T, settings ...string) *process {
	t.Helper()
	d := newProcess(t, settings...)
	d.start()
	return d
}

// freeAddress is where a process can listen, also when it starts again: below the ports
// that systems give to connections (32768 on Linux), any of which takes a port between two
// starts.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 12_000+rand.IntN(18_000)) // #nosec G404 -- any will do
		if l, err := net.Listen("tcp", address); err == nil {
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

func newProcess(t *testing.T, settings ...string) *process {
	t.Helper()
	if os.Getenv("TEST_PROCESSES") == "no" {
		t.Skip("a process is started at an hour of its own, whatever the test's is")
	}
	if !clockCanBeSet {
		t.Skip("the clock of a daemon cannot be set in this build: run .ci/test, or go test -tags testclock")
	}
	address := freeAddress(t)
	began := time.Now()
	d := &process{t: t, url: "http://" + address, clock: func() time.Time { return sundayNoon.Add(time.Since(began)) }}
	d.env = append(os.Environ(), "TEST_MAIN=1", "FIELDBOT_HTTP_LISTEN="+address, "FIELDBOT_HTTP_PUBLIC_URL="+d.url, "FIELDBOT_MEDIA_DIR="+t.TempDir(), "FIELDBOT_COMPANY_LANGUAGE=en", "FIELDBOT_LOG_LEVEL=warn")
	d.env = append(d.env, settings...)
	t.Cleanup(func() {
		d.kill()
		if t.Failed() {
			_, _ = io.WriteString(os.Stderr, d.logs.String()) // only for the eye
		}
	})
	return d
}

func (d *process) start() { d.t.Helper(); d.startUntil("/readyz") }

// startUntil starts the process and waits until a path is answered with 200.
func (d *process) startUntil(path string) {
	d.t.Helper()
	d.cmd = exec.Command(os.Args[0], "serve")
	d.cmd.Env, d.cmd.Stderr = append(slices.Clone(d.env), "FIELDBOT_TEST_NOW="+d.clock().Format(time.RFC3339Nano)), &d.logs
	d.cmd.Dir = d.t.TempDir()
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	for deadline := time.Now().Add(chattest.Patience); ; {
		response, err := http.Get(d.url + path)
		if err == nil {
			_ = response.Body.Close() // only the status counts
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("the daemon is not ready: %v\n%s", err, d.logs.String())
		}
		<-time.After(5 * time.Millisecond)
	}
}

// kill kills the process as a pulled plug does.
func (d *process) kill() {
	if d.cmd == nil {
		return
	}
	_ = d.cmd.Process.Kill() // gone is gone
	_ = d.cmd.Wait()         // killed, as asked
}
