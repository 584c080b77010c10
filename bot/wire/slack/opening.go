package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How long the socket waits between two tries to open, unless Slack orders longer.
const (
	firstTry = time.Second
	lastTry  = 5 * time.Minute
	peek     = 100 * time.Millisecond
)

// opening lets the socket connections ask for an address one at a time, after the wait
// that Slack orders, else after one that doubles until a connection stands. It is the
// transport below the library, whose own waits know nothing of the other connection.
type opening struct {
	log  *slog.Logger
	next http.RoundTripper
	turn chan struct{} // held while one asks

	mu    sync.Mutex
	tries int // since a connection stood
	after time.Time
	said  string // what was logged last
}

func newOpening(log *slog.Logger, next http.RoundTripper) *opening {
	return &opening{log: log, next: next, turn: make(chan struct{}, 1)}
}

// RoundTrip implements http.RoundTripper.
func (o *opening) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "apps.connections.open") {
		return o.next.RoundTrip(r)
	}
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if err := o.wait(r.Context()); err != nil {
		return nil, err
	}
	response, err := o.next.RoundTrip(r)
	why, ordered := verdict(response, err)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.after = time.Now().Add(max(ordered, min(lastTry, firstTry<<min(16, o.tries))))
	o.tries++
	if why != "" && why != o.said && r.Context().Err() == nil {
		o.said = why
		o.log.Warn("slack: the socket cannot be opened; it is tried again, at least every 5 minutes", "why", why, "next", time.Until(o.after).Round(time.Second))
	}
	return response, err
}

// wait waits for the next try, or until another connection stands.
func (o *opening) wait(ctx context.Context) error {
	for {
		o.mu.Lock()
		left := time.Until(o.after)
		o.mu.Unlock()
		if left <= 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(left, peek)):
		}
	}
}

// stands notes that a connection stands.
func (o *opening) stands() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tries, o.after = 0, time.Time{}
	if o.said != "" {
		o.said = ""
		o.log.Info("slack: the socket is open again")
	}
}

// verdict is why Slack gave no address, with the cure where there is one, and the wait
// that it orders.
func verdict(response *http.Response, err error) (why string, wait time.Duration) {
	if err != nil {
		return failure(err).Error(), 0
	}
	if seconds, bad := strconv.Atoi(response.Header.Get("Retry-After")); bad == nil {
		wait = time.Duration(min(24*60*60, max(0, seconds))) * time.Second
	}
	if response.StatusCode != http.StatusOK {
		return response.Status, wait
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	_ = response.Body.Close() // read
	response.Body = io.NopCloser(bytes.NewReader(body))
	var answer struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err == nil {
		err = json.Unmarshal(body, &answer)
	}
	switch {
	case err != nil:
		return "the answer was not Slack's", wait
	case answer.OK:
		return "", wait
	}
	return fmt.Sprintf("%s; is slack.app_token the app-level token (xapp-…) with connections:write?", answer.Error), wait
}
