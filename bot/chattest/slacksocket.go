package chattest

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

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
	closed := make(chan struct{})
	go ping(conn, closed)
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
	close(closed)
	s.mu.Lock()
	for i, x := range s.sockets {
		if x == c {
			s.sockets = append(s.sockets[:i], s.sockets[i+1:]...)
		}
	}
	s.mu.Unlock()
}

// ping keeps a connection alive, as Slack does: the client gives one up that it has heard
// no ping of for 30 s, and what is sent to it just then is lost.
func ping(conn *websocket.Conn, closed <-chan struct{}) {
	for {
		select {
		case <-closed:
			return
		case <-time.After(5 * time.Second):
			if err := conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second)); err != nil {
				return // a broken connection shows when read
			}
		}
	}
}

// WaitSockets waits until the app holds so many connections.
func (s *Slack) WaitSockets(n int) {
	came := await(s.joined, func() bool { return len(s.sockets) >= n })
	defer s.mu.Unlock()
	if !came {
		s.t.Fatalf("slack: the app has %d of %d connections", len(s.sockets), n)
	}
}

// envelope sends a payload over any one connection and waits for its ack, as long as
// Slack does.
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
	case <-time.After(s.patience()):
		s.t.Errorf("slack: %s was not acknowledged in time", kind)
		return nil
	}
}
