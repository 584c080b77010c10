package chattest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"
)

// Tokens of the fake workspace.
const (
	SlackBotToken = "xoxb-1-fake"
	SlackAppToken = "xapp-1-fake"
	SlackSecret   = "8f742231b10e8888abcd99yyyzzz85a5"
)

// Slack is a workspace on loopback. Its users speak to the app over signed
// HTTP, or over Socket Mode once the app has connected.
type Slack struct {
	tap
	t       testing.TB
	server  *httptest.Server
	in      *inbox
	schemas *schemas
	rates   rates
	wsURL   string

	mu       sync.Mutex
	app      string // base address of the app; empty for Socket Mode
	sockets  []*socket
	joined   *sync.Cond
	triggers map[string]*trigger
	modals   map[string]*Modal // open, by user
	respond  map[string]string // id of a response URL → user
	messages int
	n        int
	trouble  Trouble
	ignore   bool
	prompt   bool   // an answer after Slack's 3 s fails the test
	scopes   string // of the app, by commas
	files    map[string][]byte
	uploads  map[string]*upload
	homes    map[string]Message
	calls    map[string]int
}

type trigger struct {
	made time.Time
	used bool
}

// Modal is a modal that a user has open.
type Modal struct {
	ID     string
	Hash   string
	Title  string
	Draft  string // private_metadata
	Blocks []Block
}

// NewSlack starts a workspace.
func NewSlack(t testing.TB) *Slack {
	s := &Slack{t: t, in: newInbox(), schemas: loadSchemas(t, "slack.methods.schema.json", "auth.test", "apps.connections.open", "chat.postMessage", "chat.update", "views.open", "views.publish", "users.info", "files.info", "conversations.open", "files.getUploadURLExternal", "files.completeUploadExternal"), triggers: map[string]*trigger{}, modals: map[string]*Modal{}, respond: map[string]string{},
		rates: rates{every: time.Second, burst: 6, rooms: map[string]*rate.Limiter{}}, files: map[string][]byte{}, uploads: map[string]*upload{}, homes: map[string]Message{}, calls: map[string]int{}}
	s.joined = sync.NewCond(&s.mu)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/{method}", s.serveAPI)
	mux.HandleFunc("POST /respond/{id}", s.serveRespond)
	mux.HandleFunc("GET /files/{id}", s.serveFile)
	mux.HandleFunc("POST /upload/{id}", s.serveUpload)
	mux.HandleFunc("GET /socket", s.serveSocket)
	s.server = httptest.NewServer(mux)
	s.wsURL = "ws" + strings.TrimPrefix(s.server.URL, "http") + "/socket"
	t.Cleanup(s.close)
	return s
}

func (s *Slack) close() {
	s.mu.Lock()
	for _, c := range s.sockets {
		_ = c.conn.Close()
	}
	s.mu.Unlock()
	s.server.Close()
	for _, m := range s.in.unread() {
		if !s.t.Failed() && !s.ignore {
			s.t.Errorf("slack: nobody read in %s: %s", m.Room, m.Text)
		}
	}
}

// APIURL is the address for slack.api_url.
func (s *Slack) APIURL() string { return s.server.URL + "/api/" }

// Calls lets the workspace call the app over HTTP at an address.
func (s *Slack) Calls(app string) { s.mu.Lock(); s.app = app; s.mu.Unlock() }

// Called says how often the app has called a method.
func (s *Slack) Called(method string) int { s.mu.Lock(); defer s.mu.Unlock(); return s.calls[method] }

// IgnoreUnread lets messages stay unread: a test of load reads none.
func (s *Slack) IgnoreUnread() { s.ignore = true }

// Sent returns every message that nobody has read.
func (s *Slack) Sent() []Message { return s.in.unread() }

// Grant gives the app scopes, by commas.
func (s *Slack) Grant(scopes string) { s.scopes = scopes }

// SetTrouble makes the platform misbehave; nil ends it.
func (s *Slack) SetTrouble(t Trouble) { s.mu.Lock(); s.trouble = t; s.mu.Unlock() }

// AddFile puts a photo into the workspace.
func (s *Slack) AddFile(id string, data []byte) { s.mu.Lock(); s.files[id] = data; s.mu.Unlock() }

func (s *Slack) id(prefix string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return fmt.Sprintf("%s%d", prefix, s.n)
}

func (s *Slack) newTrigger() string {
	id := s.id("trigger.")
	s.mu.Lock()
	s.triggers[id] = &trigger{made: time.Now()}
	s.mu.Unlock()
	return id
}

// patience is how long Slack waits for the app: 3 s, where the world asks for promptness.
// Else the speed of the machine would be what is tested.
func (s *Slack) patience() time.Duration {
	if s.prompt {
		return 3 * time.Second
	}
	return Patience
}

// useTrigger: a trigger opens one modal while Slack has patience.
func (s *Slack) useTrigger(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.triggers[id]
	switch {
	case t == nil:
		return "invalid_trigger_id"
	case t.used:
		return "exchanged_trigger_id"
	case time.Since(t.made) > s.patience():
		return "expired_trigger_id"
	}
	t.used = true
	return ""
}

// arguments reads a call's arguments, JSON or form with JSON inside.
func arguments(r *http.Request) (map[string]any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	args := map[string]any{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if len(body) == 0 || string(body) == "null" {
			return args, nil
		}
		return args, json.Unmarshal(body, &args)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	for k, v := range form {
		args[k] = loose(k, v[0])
	}
	return args, nil
}

// loose decodes a form value: numbers, booleans and JSON arrive as text.
func loose(key, v string) any {
	switch key {
	case "text", "channel", "channel_id", "initial_comment", "filename", "users", "caption", "ts", "thread_ts", "user", "file", "chat_id", "secret_token", "url", "callback_query_id", "file_id":
		return v
	}
	var x any
	if json.Unmarshal([]byte(v), &x) == nil {
		return x
	}
	return v
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the app has gone
}

func refuse(w http.ResponseWriter, reason string) {
	answer(w, map[string]any{"ok": false, "error": reason})
}

func (s *Slack) serveAPI(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	s.mu.Lock()
	trouble := s.trouble
	s.calls[method]++
	s.mu.Unlock()
	args, err := arguments(r)
	if err != nil {
		refuse(w, "invalid_arguments")
		return
	}
	if trouble != nil {
		room, _ := args["channel"].(string)
		switch a := trouble(method, room); {
		case a.Status == HangUp:
			hangUp(w)
			return
		case a.Error != "":
			refuse(w, a.Error)
			return
		case a.Status != 0:
			if a.RetryAfter > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(a.RetryAfter))
			}
			w.WriteHeader(a.Status)
			return
		}
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		token, _ = args["token"].(string)
	}
	delete(args, "token")
	want := SlackBotToken
	if method == "apps.connections.open" {
		want = SlackAppToken
	}
	if token != want {
		refuse(w, "invalid_auth")
		return
	}
	if err := s.schemas.check(method, args); err != nil {
		s.t.Errorf("slack: the schema refuses %s: %v\n%v", method, err, args)
	}
	s.tell(method, args)
	s.method(w, method, args)
}

func (s *Slack) method(w http.ResponseWriter, method string, args map[string]any) {
	switch method {
	case "auth.test":
		w.Header().Set("X-OAuth-Scopes", s.scopes)
		answer(w, map[string]any{"ok": true, "team": "Northmarket", "user": "fieldbot", "user_id": "UBOT", "team_id": "T1"})
	case "apps.connections.open":
		answer(w, map[string]any{"ok": true, "url": s.wsURL})
	case "chat.postMessage", "chat.update":
		s.post(w, method, args)
	case "views.open":
		if problem := s.useTrigger(text(args["trigger_id"])); problem != "" {
			refuse(w, problem)
			return
		}
		s.openView(w, args)
	case "views.publish":
		view, _ := args["view"].(map[string]any)
		blocks := decodeBlocks(view["blocks"])
		s.limits(blocks, 100)
		s.mu.Lock()
		s.homes[text(args["user_id"])] = Message{Text: blocksText(blocks), Buttons: blocksButtons(blocks)}
		s.joined.Broadcast()
		s.mu.Unlock()
		answer(w, map[string]any{"ok": true, "view": map[string]any{"id": s.id("V")}})
	case "users.info":
		answer(w, map[string]any{"ok": true, "user": map[string]any{"id": args["user"], "tz": "Europe/Berlin"}})
	case "files.info":
		id := text(args["file"])
		s.mu.Lock()
		data, ok := s.files[id]
		s.mu.Unlock()
		if !ok {
			refuse(w, "file_not_found")
			return
		}
		answer(w, map[string]any{"ok": true, "file": map[string]any{"id": id, "size": len(data), "url_private_download": s.server.URL + "/files/" + id}})
	default:
		if s.uploadMethod(w, method, args) {
			return
		}
		s.t.Errorf("slack: unknown method %s", method)
		refuse(w, "unknown_method")
	}
}

func (s *Slack) serveFile(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+SlackBotToken {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	s.mu.Lock()
	data := s.files[r.PathValue("id")]
	s.mu.Unlock()
	_, _ = w.Write(data) // the app has gone
}

func text(v any) string {
	t, _ := v.(string)
	return t
}

func (s *Slack) post(w http.ResponseWriter, method string, args map[string]any) {
	channel := text(args["channel"])
	body := text(args["text"])
	blocks := decodeBlocks(args["blocks"])
	switch {
	case s.rates.over(channel):
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		if !s.ignore { // a daemon that was killed has forgotten how fast it was
			s.t.Errorf("slack: too fast in %s", channel)
		}
		return
	case body == "" && len(blocks) == 0:
		refuse(w, "no_text")
		return
	case len([]rune(body)) > 4000:
		refuse(w, "msg_too_long")
		return
	case channel == "UGONE":
		refuse(w, "channel_not_found")
		return
	}
	s.limits(blocks, 50)
	if body == "" {
		s.t.Errorf("slack: a message without text has no notification")
	}
	ts := text(args["ts"])
	if method == "chat.postMessage" {
		s.mu.Lock()
		s.messages++
		ts = fmt.Sprintf("17000000%02d.%06d", s.messages/1000000, s.messages)
		s.mu.Unlock()
	}
	shown := blocksText(blocks)
	if shown == "" {
		shown = body
	}
	s.in.put(Message{ID: ts, Room: channel, Thread: text(args["thread_ts"]), Text: shown, Buttons: blocksButtons(blocks), Edited: method == "chat.update"})
	answer(w, map[string]any{"ok": true, "channel": "D" + strings.TrimPrefix(channel, "U"), "ts": ts})
}

func (s *Slack) openView(w http.ResponseWriter, args map[string]any) {
	view, _ := args["view"].(map[string]any)
	blocks := decodeBlocks(view["blocks"])
	s.limits(blocks, 100)
	title, _ := view["title"].(map[string]any)
	for name, most := range map[string]int{"title": 24, "submit": 24, "close": 24} {
		part, _ := view[name].(map[string]any)
		if n := len([]rune(text(part["text"]))); n == 0 || n > most {
			s.t.Errorf("slack: view %s has %d characters", name, n)
		}
	}
	if len(text(view["private_metadata"])) > 3000 {
		refuse(w, "view_too_large")
		return
	}
	m := &Modal{ID: s.id("V"), Hash: s.id("hash"), Title: text(title["text"]), Draft: text(view["private_metadata"]), Blocks: blocks}
	// The trigger belongs to whoever spoke; one user speaks at a time in tests.
	s.mu.Lock()
	s.modals["open"] = m
	s.joined.Broadcast()
	s.mu.Unlock()
	answer(w, map[string]any{"ok": true, "view": map[string]any{"id": m.ID, "hash": m.Hash}})
}

const formType = "application/x-www-form-urlencoded"
