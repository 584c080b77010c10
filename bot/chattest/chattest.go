// Package chattest is Slack and Telegram on loopback: servers that follow the
// platforms' documented limits and refuse what the platforms refuse, users
// that say, press and fill forms there, and transcripts that run the same
// dialogue on every surface. A message that nobody read fails the test, and
// so does a request that the platform's schema refuses.
package chattest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/time/rate"
)

// Patience is how long a test waits for what must happen: only where it does not does
// anybody notice how long that is, so that no test depends on the speed of the machine.
const Patience = 3 * time.Minute

// tap lets a test overhear what the app says to a platform.
type tap struct {
	overhear atomic.Pointer[func(what string, body any)]
}

// Overhear sees every call and answer of the app from now on, after its schema was
// checked. The app may be calling already: it looks about when it starts.
func (t *tap) Overhear(fn func(what string, body any)) { t.overhear.Store(&fn) }

func (t *tap) tell(what string, body any) {
	if fn := t.overhear.Load(); fn != nil {
		(*fn)(what, body)
	}
}

// Button is a button that a user sees.
type Button struct {
	Label string
	ID    string
	URL   string
}

// Message is a message that a user sees.
type Message struct {
	ID       string
	Room     string
	Thread   string
	Text     string
	Buttons  []Button
	Keyboard []string // words of a keyboard in place of the letters
	Modal    *Modal
	File     *File
	Edited   bool
}

// Button returns the button whose label holds a text.
func (m Message) Button(text string) (Button, bool) {
	for _, exact := range []bool{true, false} {
		for _, b := range m.Buttons {
			if b.Label == text || !exact && strings.Contains(b.Label, text) {
				return b, true
			}
		}
	}
	return Button{}, false
}

// inbox keeps the messages of each room and wakes who waits for one.
type inbox struct {
	mu       sync.Mutex
	wake     *sync.Cond
	messages map[string][]Message // unread, by room
}

func newInbox() *inbox {
	i := &inbox{messages: map[string][]Message{}}
	i.wake = sync.NewCond(&i.mu)
	return i
}

func (i *inbox) put(m Message) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.messages[m.Room] = append(i.messages[m.Room], m)
	i.wake.Broadcast()
}

// await waits under a lock until something is ready, or for as long as a test
// is patient. The lock is held when it returns.
func await(wake *sync.Cond, ready func() bool) bool {
	deadline := time.Now().Add(Patience)
	timer := time.AfterFunc(Patience, func() { wake.L.Lock(); wake.Broadcast(); wake.L.Unlock() })
	defer timer.Stop()
	wake.L.Lock()
	for !ready() {
		if !time.Now().Before(deadline) {
			return false
		}
		wake.Wait()
	}
	return true
}

// next takes the oldest unread message of a room.
func (i *inbox) next(room string) (Message, bool) {
	came := await(i.wake, func() bool { return len(i.messages[room]) > 0 })
	defer i.mu.Unlock()
	if !came {
		return Message{}, false
	}
	m := i.messages[room][0]
	i.messages[room] = i.messages[room][1:]
	return m, true
}

// unread returns every message that nobody read.
func (i *inbox) unread() []Message {
	i.mu.Lock()
	defer i.mu.Unlock()
	var out []Message
	for _, list := range i.messages {
		out = append(out, list...)
	}
	return out
}

// Trouble makes a platform misbehave: it is asked before each call, with the room that
// the call is for.
type Trouble func(method, room string) Answer

// Answer is what a platform answers instead; the zero one is its own answer.
type Answer struct {
	Status     int    // HangUp closes the connection without an answer
	RetryAfter int    // seconds
	Error      string // the error of Slack, the description of Telegram
}

// HangUp is a status that is no answer.
const HangUp = -1

// hangUp closes the connection of a request in the middle.
func hangUp(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close() // that is the point
		}
	}
}

// schemas checks requests against a file of JSON Schemas, if it is there.
type schemas struct {
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	name     string
	compiled map[string]*jsonschema.Schema
}

// sharedSchemas finds the folder of third-party schemas beside the project.
func sharedSchemas() string {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared", "schemas")
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

var (
	loading sync.Mutex
	loaded  = map[string]*schemas{}
)

// loadSchemas reads a file of schemas, once for all tests, and compiles those
// of the methods that are called: it takes seconds, which no request has.
func loadSchemas(t testing.TB, name string, methods ...string) *schemas {
	loading.Lock()
	defer loading.Unlock()
	if s, done := loaded[name]; done {
		return s
	}
	s := readSchemas(t, name)
	for _, m := range methods {
		_ = s.check(m, nil) // only compiles it
	}
	loaded[name] = s
	return s
}

func readSchemas(t testing.TB, name string) *schemas {
	path := filepath.Join(sharedSchemas(), name)
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // only read
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return &schemas{compiler: c, name: name, compiled: map[string]*jsonschema.Schema{}}
}

// check returns what the schema of a method refuses in its arguments.
func (s *schemas) check(method string, args map[string]any) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	schema := s.compiled[method]
	if schema == nil {
		var err error
		if schema, err = s.compiler.Compile(s.name + "#/definitions/Methods/properties/" + method); err != nil {
			if len(args) == 0 {
				return nil // the file lists no methods without arguments
			}
			return fmt.Errorf("no schema for %s: %w", method, err)
		}
		s.compiled[method] = schema
	}
	data, err := json.Marshal(args)
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

// rates refuses more than the platform's speed: a burst in a room, then one
// message an interval.
type rates struct {
	mu    sync.Mutex
	every time.Duration
	burst int
	rooms map[string]*rate.Limiter
}

// over notes a message to a room and reports whether it is one too many.
func (r *rates) over(room string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rooms[room] == nil {
		r.rooms[room] = rate.NewLimiter(rate.Every(r.every), r.burst)
	}
	return !r.rooms[room].Allow()
}
