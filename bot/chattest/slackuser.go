package chattest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// SlackUser is somebody in the workspace.
type SlackUser struct {
	s    *Slack
	ID   string
	last Message // the message whose buttons are pressed
}

// User returns somebody in the workspace.
func (s *Slack) User(id string) *SlackUser { return &SlackUser{s: s, ID: id} }

// dm is the channel of the user's direct messages with the app.
func (u *SlackUser) dm() string { return "D" + strings.TrimPrefix(u.ID, "U") }

// Command says a slash command in the direct message. The app's own answer is
// a message that only the user sees.
func (u *SlackUser) Command(command, text string) { u.CommandIn(u.dm(), command, text) }

// CommandIn says a slash command in a channel.
func (u *SlackUser) CommandIn(channel, command, text string) {
	trigger := u.s.newTrigger()
	form := url.Values{"command": {command}, "text": {text}, "user_id": {u.ID}, "channel_id": {channel}, "team_id": {"T1"}, "trigger_id": {trigger}, "response_url": {u.responseURL()}}
	body := u.send("/slack/commands", "slash_commands", form.Encode(), flat(form))
	u.show(body)
}

func flat(form url.Values) map[string]string {
	out := map[string]string{}
	for k := range form {
		out[k] = form.Get(k)
	}
	return out
}

func (u *SlackUser) responseURL() string {
	id := u.s.id("r")
	u.s.mu.Lock()
	u.s.respond[id] = u.ID
	u.s.mu.Unlock()
	return u.s.server.URL + "/respond/" + id
}

// send delivers over HTTP, or over a socket if the app has no address.
func (u *SlackUser) send(path, kind, body string, payload any) []byte {
	u.s.mu.Lock()
	app := u.s.app
	u.s.mu.Unlock()
	if app == "" {
		return u.s.envelope(kind, payload)
	}
	start := time.Now()
	status, answer := u.s.Post(path, body, formType)
	if status != http.StatusOK {
		u.s.t.Errorf("slack: %s was answered %d", path, status)
	}
	if took := time.Since(start); took > u.s.patience() {
		u.s.t.Errorf("slack: %s took %v; the user sees operation_timeout", path, took)
	}
	return answer
}

// show puts an answer that only the user sees into the user's inbox.
func (u *SlackUser) show(body []byte) {
	if len(body) == 0 || string(body) == "null" {
		return
	}
	u.s.tell("answer", json.RawMessage(body))
	var m struct {
		Text   string  `json:"text"`
		Blocks []Block `json:"blocks"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		u.s.t.Errorf("slack: an answer that is no message: %s", body)
		return
	}
	u.s.limits(m.Blocks, 50)
	u.s.in.put(Message{Room: u.ID, Text: blocksText(m.Blocks), Buttons: blocksButtons(m.Blocks)})
}

// Read takes the next message to the user.
func (u *SlackUser) Read() Message {
	m, ok := u.s.in.next(u.ID)
	if !ok {
		u.s.t.Fatalf("slack: no message came to %s", u.ID)
	}
	u.last = m
	return m
}

func (s *Slack) serveRespond(w http.ResponseWriter, r *http.Request) {
	var m struct {
		Text    string  `json:"text"`
		Blocks  []Block `json:"blocks"`
		Replace bool    `json:"replace_original"`
	}
	body, err := io.ReadAll(r.Body)
	if err := errors.Join(err, json.Unmarshal(body, &m)); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.tell("respond", json.RawMessage(body))
	s.mu.Lock()
	user, ok := s.respond[r.PathValue("id")]
	s.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	s.limits(m.Blocks, 50)
	s.in.put(Message{Room: user, Text: blocksText(m.Blocks), Buttons: blocksButtons(m.Blocks), Edited: m.Replace})
	_, _ = w.Write([]byte("ok")) // the app has gone
}

// Press presses a button of the message read last.
func (u *SlackUser) Press(label string) {
	b, ok := u.last.Button(label)
	if !ok {
		u.s.t.Fatalf("slack: no button %q in %+v", label, u.last)
	}
	u.PressID(b.ID)
}

// PressID presses a button by what it carries.
func (u *SlackUser) PressID(id string) {
	payload := u.interaction("block_actions")
	payload["actions"] = []any{map[string]any{"type": "button", "block_id": "b", "action_id": id, "value": id}}
	payload["channel"] = map[string]any{"id": u.dm()}
	payload["message"] = map[string]any{"ts": "1700000000.000001"}
	u.interact(payload)
}

// PressOnHome presses a button of the Home tab, which has no channel, message
// or response address.
func (u *SlackUser) PressOnHome(label string) {
	b, ok := u.last.Button(label)
	if !ok {
		u.s.t.Fatalf("slack: no button %q in %+v", label, u.last)
	}
	payload := u.interaction("block_actions")
	delete(payload, "response_url")
	payload["actions"] = []any{map[string]any{"type": "button", "block_id": "b", "action_id": b.ID, "value": b.ID}}
	payload["view"] = map[string]any{"id": "V0", "type": "home"}
	u.interact(payload)
}

func (u *SlackUser) interaction(kind string) map[string]any {
	return map[string]any{"type": kind, "user": map[string]any{"id": u.ID}, "team": map[string]any{"id": "T1"}, "trigger_id": u.s.newTrigger(), "response_url": u.responseURL()}
}

func (u *SlackUser) interact(payload map[string]any) []byte {
	data, err := json.Marshal(payload)
	if err != nil {
		u.s.t.Fatal(err)
	}
	path := "/slack/interactions"
	if payload["type"] == "block_suggestion" {
		path = "/slack/options"
	}
	return u.send(path, "interactive", url.Values{"payload": {string(data)}}.Encode(), payload)
}

// DM sends the app a direct message, as an event; the id makes a retry.
func (u *SlackUser) DM(text, eventID string, files ...string) int {
	event := map[string]any{"type": "message", "user": u.ID, "channel": u.dm(), "channel_type": "im", "text": text, "ts": "1700000001.000100"}
	if len(files) > 0 {
		var list []any
		for _, f := range files {
			list = append(list, map[string]any{"id": f, "mimetype": "image/jpeg"})
		}
		event["files"], event["subtype"] = list, "file_share"
	}
	return u.Event(event, eventID)
}

// Event delivers an event and returns the status.
func (u *SlackUser) Event(event map[string]any, eventID string) int {
	if eventID == "" {
		eventID = u.s.id("Ev")
	}
	outer := map[string]any{"type": "event_callback", "event_id": eventID, "team_id": "T1", "event": event}
	u.s.mu.Lock()
	app := u.s.app
	u.s.mu.Unlock()
	if app == "" {
		u.s.envelope("events_api", outer)
		return http.StatusOK
	}
	data, err := json.Marshal(outer)
	if err != nil {
		u.s.t.Fatal(err)
	}
	status, _ := u.s.Post("/slack/events", string(data), "application/json")
	return status
}

// Home opens the app's home and returns what it shows.
func (u *SlackUser) Home() Message {
	u.Event(map[string]any{"type": "app_home_opened", "user": u.ID, "channel": u.dm(), "tab": "home"}, "")
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	m, ok := u.s.homes[u.ID]
	if !ok {
		u.s.t.Fatalf("slack: no home was published for %s", u.ID)
	}
	u.last = m
	return m
}

// String names the user in failures.
func (u *SlackUser) String() string { return fmt.Sprintf("slack user %s", u.ID) }

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
