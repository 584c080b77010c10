package chattest_test

import (
	"fmt"
	"strings"
	"testing"

	"fieldbot/bot/chattest"
)

// TestPhone holds how much a phone shows and asks: for each job what a person does, the
// presses it takes, and of every answer its lines and buttons. It is a golden file: a change
// that costs a thumb more is seen.
func TestPhone(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	var out strings.Builder
	for _, job := range []struct {
		name, who string
		does      []string
	}{
		{"a visit", "anna", []string{"visit Kiosk 22", "#Save"}},
		{"a visit said in a sentence", "anna", []string{"Kiosk 14 wants two coolers by 2026-12-04", "#Save"}},
		{"a visit with a photo and a next step", "anna", []string{"visit Spree Kiosk", "photos=terminal:p1 next_step=send the offer", "#Save"}},
		{"a check-in", "anna", []string{"I'm at Nordmarkt Wedding", "#Save"}},
		{"a criterion and a stage", "tom", []string{"D-1013", "#their contract draft", "signed by both", "#Move to Negotiation"}},
		{"what is overdue", "anna", []string{"what is overdue"}},
		{"what is overdue in the team", "martin", []string{"visit due"}},
	} {
		s := w.Speaker("terminal", job.who)
		presses := 0
		fmt.Fprintf(&out, "%s (%s)\n", job.name, job.who)
		for _, do := range job.does {
			if label, press := strings.CutPrefix(do, "#"); press {
				s.Press(label)
				presses++
			} else {
				s.Say(do)
			}
			m := s.Read()
			fmt.Fprintf(&out, "  %-50s %2d lines, %2d buttons\n", do, len(strings.Split(strings.TrimSpace(m.Text), "\n")), len(m.Buttons))
		}
		fmt.Fprintf(&out, "  %d presses\n", presses)
	}
	golden(t, "phone.txt", out.String())
}
