package slack

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// TestUnescape: what reaches the bot is what was typed, whatever Slack made of it.
func TestUnescape(t *testing.T) {
	for text, want := range map[string]string{
		"visit log <http://JD.com|JD.com> x":                  "visit log JD.com x",
		"see <https://example.org/a?b=1&amp;c=2>":             "see https://example.org/a?b=1&c=2",
		"<https://example.org/a|the list>":                    "https://example.org/a",
		"<mailto:max@example.org|max@example.org>":            "max@example.org",
		"<tel:+4930123|+49 30 123>":                           "+49 30 123",
		"ask <@U2> in <#C9|shelf>, <!here> <!subteam^S1|@ka>": "ask @U2 in #shelf, @here @ka",
		"a &lt; b &amp;&amp; c &gt; d":                        "a < b && c > d",
	} {
		if got, _ := unescape(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if _, people := unescape("<@U2> and <@U3>"); strings.Join(people, " ") != "@U2 @U3" {
		t.Errorf("people %v", people)
	}
	for text, want := range map[string]string{"<@UBOT> today": "today", "<@UBOT>: today": "today", "<@UBOT>, today": "today", "<@UBOT>，今天": "今天"} {
		if got := reMention.ReplaceAllString(text, ""); got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}

// TestOtherTeam: what another workspace sends is nobody's, once Slack has told whose
// the token is.
func TestOtherTeam(t *testing.T) {
	s := New(Options{})
	said := slack.SlashCommand{UserID: "U1", TriggerID: "t", Command: "/visit", TeamID: "TEVIL"}
	if _, err := s.decodeCommand(said); err != nil {
		t.Errorf("before it is known: %v", err)
	}
	mine := "TOURS"
	s.team.Store(&mine)
	if _, err := s.decodeCommand(said); !errors.Is(err, errOtherTeam) {
		t.Errorf("a command: %v", err)
	}
	if _, err := s.decodeInteraction([]byte(`{"type":"block_actions","team":{"id":"TEVIL"},"user":{"id":"U1"},"actions":[{"value":"x"}]}`)); !errors.Is(err, errOtherTeam) {
		t.Errorf("a press: %v", err)
	}
	if _, err := s.decodeEvent(outer{TeamID: "TEVIL", EventID: "E1", Event: []byte(`{"type":"message","channel_type":"im","user":"U1","text":"x"}`)}); !errors.Is(err, errOtherTeam) {
		t.Errorf("an event: %v", err)
	}
}

// TestEmptyOptions: Slack takes a missing list for a fault.
func TestEmptyOptions(t *testing.T) {
	if o := optionsBody(nil); o.Options == nil {
		t.Error("no list")
	}
}

// counted answers every request the same, and counts them.
type counted struct {
	n      int
	status int
	header http.Header
	body   string
}

// RoundTrip implements http.RoundTripper.
func (c *counted) RoundTrip(*http.Request) (*http.Response, error) {
	c.n++
	return &http.Response{StatusCode: c.status, Status: http.StatusText(c.status), Header: c.header, Body: io.NopCloser(strings.NewReader(c.body))}, nil
}

// TestOpening: the wait that Slack orders is obeyed by whoever asks next; a wait grows
// until a connection stands; the log has one line a change of state.
func TestOpening(t *testing.T) {
	var lines strings.Builder
	log := slog.New(slog.NewTextHandler(&lines, nil))
	wire := &counted{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"99999999999"}}}
	o := newOpening(log, wire)
	ask := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://slack.com/api/apps.connections.open", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := o.RoundTrip(r)
		if err == nil {
			_ = response.Body.Close()
		}
		return err
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	if err := ask(); !errors.Is(err, context.DeadlineExceeded) || wire.n != 1 {
		t.Errorf("asked %d times, %v", wire.n, err)
	}
	o.stands()
	wire.status, wire.header, wire.body = http.StatusOK, nil, `{"ok":false,"error":"invalid_auth"}`
	waits := []time.Duration{}
	for range 12 {
		o.after = time.Time{}
		if err := ask(); err != nil {
			t.Fatal(err)
		}
		waits = append(waits, time.Until(o.after).Round(time.Second))
	}
	if waits[0] != firstTry || waits[1] != 2*firstTry || waits[11] != lastTry {
		t.Errorf("waits %v", waits)
	}
	if n := strings.Count(lines.String(), "slack.app_token"); n != 1 {
		t.Errorf("%d lines:\n%s", n, lines.String())
	}
}
