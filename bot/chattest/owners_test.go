package chattest_test

import (
	"testing"

	"fieldbot/bot/chattest"
)

// TestDealGiven: a deal is its owner's to give, and its manager's to take; who
// reads its sheet is for its team to say.
func TestDealGiven(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"tom", "/deal team D-1013 add=anna", "Anna Schmidt"},
		{"anna", "/deal handover D-1013 to=anna", "for Tom Becker to hand over"},
		{"martin", "/deal sheet D-1013", "no negotiation sheet"},
		{"martin", "/deal team D-1013 add=martin", "Only the team of D-1013"},
		{"tom", "/deal handover D-1013 anna", "Anna Schmidt is asked to take over"},
		{"tom", "/deal handover D-1013 martin", "Martin Vogel is asked to take over"}, // in place of Anna
		{"anna", "/approve", "Nothing waits"},
		{"tom", "/deal lost D-1013 why=other", "Lost: D-1013"},
		{"martin", "/approve", "Nothing waits"}, // nobody takes over what has ended
		{"tom", "/deal restore D-1013 stage=endorsed reason=x", "lost → Endorsed"},
		{"martin", "/deal handover D-1013 to=martin", "yours now"},
		{"tom", "/deal handover D-1013 to=tom", "for Martin Vogel to hand over"},
	}.play(t, w)
}

// TestLeavers: what a leaver owned or held goes to somebody who works here, also
// when it is opened again later.
func TestLeavers(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	s := w.Speaker("terminal", "martin")
	s.Say("/account handover martin from=tom")
	m := s.Read()
	has(t, m, "5 deals")
	s.Press("Hand over")
	has(t, s.Read(), "From Tom Becker to Martin Vogel")
	if n := w.Count(`SELECT count(*) FROM deals d JOIN people p ON p.id IN (d.owner_id, d.holder_id) WHERE p.handle = 'tom' AND d.status IN ('open', 'stalled')`); n != 0 {
		t.Errorf("%d deals stayed", n)
	}
	write(t, w, `UPDATE people SET status = 'off' WHERE handle = 'tom'`)
	dialogue{
		{"martin", "/deal repeat D-1015 title=Again value=5", "New deal D-1017 Again"},
		{"martin", "/deal restore D-1016 stage=endorsed reason=x", "lost → Endorsed"},
	}.play(t, w)
	if n := w.Count(`SELECT count(*) FROM deals d JOIN people p ON p.id = d.owner_id AND p.id = d.holder_id WHERE p.handle = 'martin' AND d.number IN ('D-1016', 'D-1017')`); n != 2 {
		t.Errorf("opened for somebody who left")
	}
}
