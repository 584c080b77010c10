package chattest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/time/rate"
)

// Tokens of the fake bot.
const (
	TelegramToken  = "12345:fake-token"
	TelegramSecret = "webhook-secret-0123456789"
	TelegramBot    = "fieldbot_test_bot"
	telegramBotID  = 12345
)

// Telegram is the Bot API on loopback, with long polling that keeps what is
// not confirmed, or a webhook that is called again until it answers 2xx.
type Telegram struct {
	tap
	t       testing.TB
	server  *httptest.Server
	in      *inbox
	schemas *schemas
	rates   rates

	mu      sync.Mutex
	wake    *sync.Cond
	updates []map[string]any // not confirmed yet
	next    int64
	webhook string
	message int64
	files   map[string][]byte
	blocked map[string]bool
	moved   map[string]string // room → new id
	closed  bool
	bare    map[string]Message // took a keyboard away, and may get buttons
	trouble Trouble
	ignore  bool
	pushing sync.WaitGroup

	polling, conflicts atomic.Int64
}

// NewTelegram starts a Bot API.
func NewTelegram(t testing.TB) *Telegram {
	g := &Telegram{t: t, in: newInbox(), schemas: loadSchemas(t, "telegram.methods.schema.json", "getUpdates", "sendMessage", "sendPhoto", "sendDocument", "editMessageText", "setWebhook", "deleteWebhook", "answerCallbackQuery", "setMyCommands", "getFile", "editMessageReplyMarkup", "getWebhookInfo"), bare: map[string]Message{}, next: 100, files: map[string][]byte{}, blocked: map[string]bool{}, moved: map[string]string{},
		rates: rates{every: time.Second, burst: 6, rooms: map[string]*rate.Limiter{}}}
	g.wake = sync.NewCond(&g.mu)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /bot"+TelegramToken+"/{method}", g.serve)
	mux.HandleFunc("GET /file/bot"+TelegramToken+"/{id}", g.serveFile)
	g.server = httptest.NewServer(mux)
	t.Cleanup(g.close)
	return g
}

func (g *Telegram) close() {
	g.mu.Lock()
	g.closed = true
	g.wake.Broadcast()
	g.mu.Unlock()
	g.pushing.Wait()
	g.server.CloseClientConnections()
	g.server.Close()
	for _, m := range g.in.unread() {
		if !g.t.Failed() && !g.ignore {
			g.t.Errorf("telegram: nobody read in %s: %s", m.Room, m.Text)
		}
	}
}

// APIURL is the address for telegram.api_url.
func (g *Telegram) APIURL() string { return g.server.URL }

// IgnoreUnread lets messages stay unread: a test of load reads none.
func (g *Telegram) IgnoreUnread() { g.ignore = true }

// SetTrouble makes the platform misbehave; nil ends it.
func (g *Telegram) SetTrouble(t Trouble) { g.mu.Lock(); g.trouble = t; g.mu.Unlock() }

// AddFile puts a photo on the server.
func (g *Telegram) AddFile(id string, data []byte) { g.mu.Lock(); g.files[id] = data; g.mu.Unlock() }

// Conflicts counts the polls that came beside another one.
func (g *Telegram) Conflicts() int64 { return g.conflicts.Load() }

// Sent returns every message that nobody has read.
func (g *Telegram) Sent() []Message { return g.in.unread() }

// Block lets the user of a room block the bot.
func (g *Telegram) Block(room string) { g.mu.Lock(); g.blocked[room] = true; g.mu.Unlock() }

// Move turns a group into a supergroup with a new id.
func (g *Telegram) Move(room, to string) { g.mu.Lock(); g.moved[room] = to; g.mu.Unlock() }

func telegramError(w http.ResponseWriter, code int, description string, parameters map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error_code": code, "description": description, "parameters": parameters}) // the app has gone
}

func (g *Telegram) serve(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	g.mu.Lock()
	trouble := g.trouble
	g.mu.Unlock()
	var file *File
	var args map[string]any
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		args, file, err = multipartArguments(r)
	} else {
		args, err = arguments(r)
	}
	if err != nil {
		telegramError(w, 400, "Bad Request", nil)
		return
	}
	if trouble != nil {
		switch a := trouble(method, fmt.Sprint(args["chat_id"])); {
		case a.Status == HangUp:
			hangUp(w)
			return
		case a.Status != 0:
			telegramError(w, a.Status, cmp.Or(a.Error, "trouble"), map[string]any{"retry_after": a.RetryAfter})
			return
		}
	}
	if err := g.schemas.check(method, args); err != nil {
		g.t.Errorf("telegram: the schema refuses %s: %v\n%v", method, err, args)
	}
	g.tell(method, args)
	result := func(v any) { answer(w, map[string]any{"ok": true, "result": v}) }
	switch method {
	case "getMe":
		result(map[string]any{"id": telegramBotID, "is_bot": true, "first_name": "Fieldbot", "username": TelegramBot})
	case "getUpdates":
		g.getUpdates(w, r, args)
	case "setWebhook":
		if text(args["secret_token"]) != TelegramSecret {
			g.t.Errorf("telegram: setWebhook with secret %q", args["secret_token"])
		}
		g.mu.Lock()
		g.webhook = text(args["url"])
		g.wake.Broadcast()
		g.mu.Unlock()
		result(true)
	case "deleteWebhook":
		g.mu.Lock()
		g.webhook = ""
		g.mu.Unlock()
		result(true)
	case "sendMessage", "editMessageText":
		g.send(w, method, args)
	case "editMessageReplyMarkup":
		g.dress(fmt.Sprint(args["message_id"]), args["reply_markup"])
		result(true)
	case "getWebhookInfo":
		g.mu.Lock()
		defer g.mu.Unlock()
		result(map[string]any{"url": g.webhook, "has_custom_certificate": false, "pending_update_count": 0})
	case "sendPhoto", "sendDocument":
		g.sendFile(w, method, args, file)
	case "answerCallbackQuery", "setMyCommands":
		result(true)
	case "getFile":
		id := text(args["file_id"])
		g.mu.Lock()
		_, ok := g.files[id]
		g.mu.Unlock()
		if !ok {
			telegramError(w, 400, "Bad Request: wrong file_id", nil)
			return
		}
		result(map[string]any{"file_id": id, "file_path": id})
	default:
		g.t.Errorf("telegram: unknown method %s", method)
		telegramError(w, 404, "Not Found: method not found", nil)
	}
}

func (g *Telegram) serveFile(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	data := g.files[r.PathValue("id")]
	g.mu.Unlock()
	_, _ = w.Write(data) // the app has gone
}

// getUpdates forgets what is below the offset and waits for something above.
func (g *Telegram) getUpdates(w http.ResponseWriter, r *http.Request, args map[string]any) {
	offset, _ := args["offset"].(float64)
	stop := time.AfterFunc(2*time.Second, func() { g.mu.Lock(); g.wake.Broadcast(); g.mu.Unlock() })
	defer stop.Stop()
	if g.polling.Add(1) > 1 && r.Context().Err() == nil {
		g.conflicts.Add(1)
		g.polling.Add(-1)
		telegramError(w, 409, "Conflict: terminated by other getUpdates request", nil)
		return
	}
	defer g.polling.Add(-1)
	context.AfterFunc(r.Context(), func() { g.mu.Lock(); g.wake.Broadcast(); g.mu.Unlock() })
	deadline := time.Now().Add(2 * time.Second)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.webhook != "" {
		telegramError(w, 409, "Conflict: can't use getUpdates method while webhook is active", nil)
		return
	}
	for {
		g.updates = slices.DeleteFunc(g.updates, func(u map[string]any) bool { return u["update_id"].(int64) < int64(offset) })
		if len(g.updates) > 0 || g.closed || r.Context().Err() != nil || !time.Now().Before(deadline) {
			break
		}
		g.wake.Wait()
	}
	answer(w, map[string]any{"ok": true, "result": g.updates[:min(100, len(g.updates))]})
}

// Unconfirmed is how many updates the bot has not confirmed.
func (g *Telegram) Unconfirmed() int { g.mu.Lock(); defer g.mu.Unlock(); return len(g.updates) }

func (g *Telegram) send(w http.ResponseWriter, method string, args map[string]any) {
	room := text(args["chat_id"])
	g.mu.Lock()
	blocked, moved := g.blocked[room], g.moved[room]
	g.mu.Unlock()
	body, err := visible(text(args["text"]))
	switch {
	case blocked:
		telegramError(w, 403, "Forbidden: bot was blocked by the user", nil)
		return
	case moved != "":
		var to int64
		_, _ = fmt.Sscan(moved, &to) // a test's own number
		telegramError(w, 400, "Bad Request: group chat was upgraded to a supergroup chat", map[string]any{"migrate_to_chat_id": to})
		return
	case g.rates.over(room):
		if !g.ignore { // a daemon that was killed has forgotten how fast it was
			g.t.Errorf("telegram: too fast in %s", room)
		}
		telegramError(w, 429, "Too Many Requests: retry after 1", map[string]any{"retry_after": 1})
		return
	case err != nil:
		g.t.Errorf("telegram: %v", err)
		telegramError(w, 400, "Bad Request: "+err.Error(), nil)
		return
	case body == "" || len([]rune(body)) > 4096:
		g.t.Errorf("telegram: a text of %d characters", len([]rune(body)))
		telegramError(w, 400, "Bad Request: message is too long", nil)
		return
	}
	m := Message{Room: room, Text: body, Edited: method == "editMessageText"}
	if thread, ok := args["message_thread_id"].(float64); ok {
		m.Thread = fmt.Sprint(int64(thread))
	}
	g.mu.Lock()
	g.message++
	id := g.message
	if n, ok := args["message_id"].(float64); ok {
		id = int64(n)
	}
	g.mu.Unlock()
	m.ID = fmt.Sprint(id)
	g.readKeyboard(&m, args["reply_markup"], strings.HasPrefix(room, "-"))
	if tree, _ := args["reply_markup"].(map[string]any); tree["remove_keyboard"] == true {
		// Its buttons are put on behind it: people see it whole.
		g.mu.Lock()
		g.bare[m.ID] = m
		g.mu.Unlock()
		time.AfterFunc(undressed, func() { g.dress(m.ID, nil) })
	} else {
		g.in.put(m)
	}
	answer(w, map[string]any{"ok": true, "result": map[string]any{"message_id": id, "date": time.Now().Unix(), "chat": map[string]any{"id": 1, "type": "private"}}})
}

// undressed is how long a message that took a keyboard away waits for buttons.
const undressed = 3 * time.Second

// Push puts an update before the bot: into the queue, or to the webhook until
// it is taken.
func (g *Telegram) Push(update map[string]any) {
	g.mu.Lock()
	if update["update_id"] == nil {
		g.next++
		update["update_id"] = g.next
	}
	webhook := g.webhook
	if webhook == "" {
		g.updates = append(g.updates, update)
		g.wake.Broadcast()
		g.mu.Unlock()
		return
	}
	g.pushing.Add(1)
	g.mu.Unlock()
	defer g.pushing.Done()
	data, err := json.Marshal(update)
	if err != nil {
		g.t.Fatal(err)
	}
	for try := 0; try < 5; try++ {
		if status := g.call(webhook, data, TelegramSecret); status/100 == 2 {
			return
		}
		<-time.After(time.Second)
	}
	g.t.Errorf("telegram: the webhook never took update %v", update["update_id"])
}

func (g *Telegram) call(address string, data []byte, secret string) int {
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(string(data)))
	if err != nil {
		g.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	_ = response.Body.Close() // only the status counts
	return response.StatusCode
}

// WaitWebhook waits until the bot has set its webhook.
func (g *Telegram) WaitWebhook() {
	came := await(g.wake, func() bool { return g.webhook != "" })
	defer g.mu.Unlock()
	if !came {
		g.t.Fatal("telegram: the bot set no webhook")
	}
}
