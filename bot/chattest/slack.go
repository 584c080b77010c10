package chattest

import (
	"golang.org/x/time/rate"

	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
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

	"github.com/gorilla/websocket"
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
	files    map[string][]byte
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

// Block is a block of a modal or a message, as the app sent it.
type Block struct {
	Type     string         `json:"type"`
	BlockID  string         `json:"block_id"`
	Optional bool           `json:"optional"`
	Label    map[string]any `json:"label"`
	Element  map[string]any `json:"element"`
	Elements []any          `json:"elements"`
}

// NewSlack starts a workspace.
func NewSlack(t testing.TB) *Slack {
	s := &Slack{t: t, in: newInbox(), schemas: loadSchemas(t, "slack.methods.schema.json"), triggers: map[string]*trigger{}, modals: map[string]*Modal{}, respond: map[string]string{},
		rates: rates{every: time.Second, burst: 6, rooms: map[string]*rate.Limiter{}}, files: map[string][]byte{}, homes: map[string]Message{}, calls: map[string]int{}}
	s.joined = sync.NewCond(&s.mu)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/{method}", s.serveAPI)
	mux.HandleFunc("POST /respond/{id}", s.serveRespond)
	mux.HandleFunc("GET /files/{id}", s.serveFile)
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

// IgnoreUnread lets messages stay unread: a test of load reads none.
func (s *Slack) IgnoreUnread() { s.ignore = true }

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

// useTrigger: a trigger opens one modal within three seconds.
func (s *Slack) useTrigger(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.triggers[id]
	switch {
	case t == nil:
		return "invalid_trigger_id"
	case t.used:
		return "exchanged_trigger_id"
	case time.Since(t.made) > 3*time.Second:
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
	case "text", "channel", "ts", "thread_ts", "user", "file", "chat_id", "secret_token", "url", "callback_query_id", "file_id":
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
	if trouble != nil {
		if status, after := trouble(method); status != 0 {
			if after > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(after))
			}
			w.WriteHeader(status)
			return
		}
	}
	args, err := arguments(r)
	if err != nil {
		refuse(w, "invalid_arguments")
		return
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
	s.method(w, method, args)
}

func (s *Slack) method(w http.ResponseWriter, method string, args map[string]any) {
	switch method {
	case "auth.test":
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

func decodeBlocks(v any) []Block {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out []Block
	_ = json.Unmarshal(data, &out) // anything else is no list of blocks
	return out
}

// limits fails the test for what Slack refuses as invalid_blocks.
func (s *Slack) limits(blocks []Block, most int) {
	if len(blocks) > most {
		s.t.Errorf("slack: %d blocks, %d at most", len(blocks), most)
	}
	for _, b := range blocks {
		if b.Type == "actions" && (len(b.Elements) == 0 || len(b.Elements) > 25) {
			s.t.Errorf("slack: %d elements in an actions block", len(b.Elements))
		}
		ids := map[string]bool{}
		for _, e := range append(b.Elements, any(b.Element)) {
			m, _ := e.(map[string]any)
			if id := text(m["action_id"]); id != "" {
				if ids[id] || len(id) > 255 {
					s.t.Errorf("slack: action_id %q is too long or stands twice in a block", id)
				}
				ids[id] = true
			}
			if m["type"] == "button" {
				label, _ := m["text"].(map[string]any)
				if n := len([]rune(text(label["text"]))); n == 0 || n > 75 {
					s.t.Errorf("slack: a button label of %d characters", n)
				}
				if len(text(m["value"])) > 2000 {
					s.t.Errorf("slack: a button value is too long")
				}
			}
			s.optionLimits(m)
		}
	}
}

func (s *Slack) optionLimits(element map[string]any) {
	options, _ := element["options"].([]any)
	if len(options) > 100 {
		s.t.Errorf("slack: %d options", len(options))
	}
	if initial, ok := element["initial_option"]; ok {
		options = append(options, initial)
	}
	for _, o := range options {
		m, _ := o.(map[string]any)
		label, _ := m["text"].(map[string]any)
		if n := len([]rune(text(label["text"]))); n == 0 || n > 75 || len(text(m["value"])) > 150 {
			s.t.Errorf("slack: an option's text has %d characters, its value %d", n, len(text(m["value"])))
		}
	}
}

// blocksText is what a reader sees of blocks.
func blocksText(blocks []Block) string {
	var out strings.Builder
	var walk func(v any)
	walk = func(v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		if m["type"] == "text" {
			out.WriteString(text(m["text"]))
		}
		if m["type"] == "link" {
			out.WriteString(text(m["url"]))
		}
		list, _ := m["elements"].([]any)
		for _, e := range list {
			walk(e)
		}
	}
	for _, b := range blocks {
		if b.Type == "rich_text" {
			for _, e := range b.Elements {
				walk(e)
			}
		}
	}
	return out.String()
}

func blocksButtons(blocks []Block) []Button {
	var out []Button
	for _, b := range blocks {
		if b.Type != "actions" {
			continue
		}
		for _, e := range b.Elements {
			m, _ := e.(map[string]any)
			label, _ := m["text"].(map[string]any)
			out = append(out, Button{Label: text(label["text"]), ID: text(m["value"]), URL: text(m["url"])})
		}
	}
	return out
}

// Sign signs a body as Slack does, at a time.
func Sign(secret string, at time.Time, body string) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, "v0:"+stamp+":"+body) // a hash never fails
	h := http.Header{}
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return h
}

// Post sends a signed request to the app and returns its status and body.
func (s *Slack) Post(path, body, contentType string) (int, []byte) {
	request, err := http.NewRequest(http.MethodPost, s.app+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header = Sign(SlackSecret, time.Now(), body)
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = response.Body.Close() }() // only read
	data, _ := io.ReadAll(response.Body)         // a broken answer is an empty one
	return response.StatusCode, data
}

const formType = "application/x-www-form-urlencoded"

// socket is a connection of the app in Socket Mode.
type socket struct {
	mu   sync.Mutex
	conn *websocket.Conn
	acks map[string]chan json.RawMessage
}

func (s *Slack) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &socket{conn: conn, acks: map[string]chan json.RawMessage{}}
	_ = conn.WriteJSON(map[string]any{"type": "hello", "num_connections": 1}) // a broken connection shows when read
	s.mu.Lock()
	s.sockets = append(s.sockets, c)
	s.joined.Broadcast()
	s.mu.Unlock()
	for {
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := conn.ReadJSON(&ack); err != nil {
			break
		}
		c.mu.Lock()
		waiting := c.acks[ack.ID]
		c.mu.Unlock()
		if waiting != nil {
			waiting <- ack.Payload
		}
	}
	s.mu.Lock()
	for i, x := range s.sockets {
		if x == c {
			s.sockets = append(s.sockets[:i], s.sockets[i+1:]...)
		}
	}
	s.mu.Unlock()
}

// WaitSockets waits until the app holds so many connections.
func (s *Slack) WaitSockets(n int) {
	deadline := time.Now().Add(patience)
	timer := time.AfterFunc(patience, func() { s.mu.Lock(); s.joined.Broadcast(); s.mu.Unlock() })
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.sockets) < n {
		if !time.Now().Before(deadline) {
			s.t.Fatalf("slack: the app has %d of %d connections", len(s.sockets), n)
		}
		s.joined.Wait()
	}
}

// envelope sends a payload over any one connection and waits for its ack,
// three seconds as Slack does.
func (s *Slack) envelope(kind string, payload any) []byte {
	id := s.id("envelope-")
	s.mu.Lock()
	c := s.sockets[s.n%len(s.sockets)]
	s.mu.Unlock()
	waiting := make(chan json.RawMessage, 1)
	c.mu.Lock()
	c.acks[id] = waiting
	err := c.conn.WriteJSON(map[string]any{"type": kind, "envelope_id": id, "payload": payload, "accepts_response_payload": true})
	c.mu.Unlock()
	if err != nil {
		s.t.Fatalf("slack: %v", err)
	}
	select {
	case p := <-waiting:
		return p
	case <-time.After(3 * time.Second):
		s.t.Errorf("slack: %s was not acknowledged in 3 s", kind)
		return nil
	}
}
