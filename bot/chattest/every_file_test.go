package chattest_test

import (
	"slices"
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/store/storetest"
)

// TestEveryFile: what a company's files hold, another's are the same after an import, across
// the engines; a kind that is imported is in the walk by itself.
func TestEveryFile(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	for i, engine := range storetest.Engines {
		t.Run("from "+engine, func(t *testing.T) {
			t.Parallel()
			from, into := chattest.Start(t, chattest.Options{Engine: engine}), chattest.Start(t, chattest.Options{Engine: storetest.Engines[1-i], Empty: true})
			dialogue{
				{"tom", `/deal criteria D-1012 criterion=tender note="won, at last" proof_link=https://nordmarkt.example/t`, "won, at last"},
				{"tom", `/account profile K010 budgets="in May" rival_ties="a cousin at Funny Chips"`, "Nordmarkt"},
				{"anna", "/visit log Nordmarkt Wedding intent=clear met=Petra next_step=\"call Petra\"", "Visit logged"},
				{"anna", "/shelf Wedding oos=P202", "Out: P202"},
				{"anna", "/expense spend EX-1002", "EX-1002"},
				{"anna", "/expense voucher EX-1002 voucher_number=V-7 amount=200.50", "V-7"},
			}.play(t, from)
			// Pictures are fetched once; what names them is in the files.
			write(t, from, `UPDATE visits SET photos = 'telegram:one;slack:two' WHERE status = 'done' AND person_id = (SELECT id FROM people WHERE handle = 'anna')`)
			write(t, from, `UPDATE deal_ticks SET photos = 'telegram:three' WHERE proof <> ''`)
			write(t, from, `UPDATE receipts SET photos = 'telegram:four'`)
			carry(t, from, into, files.Imports()...)
			for _, kind := range files.Imports() {
				was, is := lines(t, from, kind), lines(t, into, kind)
				for i := range max(len(was), len(is)) {
					if i >= len(was) || i >= len(is) || was[i] != is[i] {
						t.Errorf("%s changed on the way:\n%s\n%s", kind, was[min(i, len(was)):min(i+1, len(was))], is[min(i, len(is)):min(i+1, len(is))])
						break
					}
				}
			}
			for kind, holds := range map[string]string{"profiles": "a cousin at Funny Chips", "visits": "telegram:one;slack:two", "deal_ticks": "https://nordmarkt.example/t", "receipts": "telegram:four", "vouchers": "EX-1002,V-7,200.50", "expenses": "2026/tasting/K010=100"} {
				if is, _ := exported(t, into, kind); !strings.Contains(is, holds) {
					t.Errorf("%s without %q", kind, holds)
				}
			}
			refused(t, into,
				[3]string{"profiles", "account_code,budgets\nK999,May\n", "account_code: there is no account"},
				[3]string{"deal_ticks", "number,criterion\nD-9,tender\n", "number: there is no deal"},
				[3]string{"deal_ticks", "number,criterion\nD-1012,moon\n", "criterion: there is no criterion"},
				[3]string{"budgets", "period,category,amount\n2026,moon,5\n", "account_code: Name one of account"},
				[3]string{"expenses", "number,person,purpose,amount,category,shares\nEX-9,tom,x,5,y,2026/moon/K010=100\n", "shares: there is no budget"},
				[3]string{"expenses", "number,person,purpose,amount,category\nEX-9,tom,x,-5,y\n", "amount: is to be above 0"},
				[3]string{"vouchers", "expense_number,number,amount\nEX-9,V-8,5\n", "expense_number: there is no expense"},
			)
		})
	}
}

// lines are the rows of a kind's file, in an order of their own: what of them is imported, but
// for refs, which are each company's own.
func lines(t *testing.T, w *chattest.World, kind string) []string {
	t.Helper()
	_, rows := exported(t, w, kind)
	kept, _, err := files.Template(kind)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range rowsOf(t, rows) {
		line := ""
		for i, name := range rows.Header {
			if slices.Contains(kept, name) && !slices.Contains([]string{"id", "ref", "from_visit"}, name) && row.Cells[i] != "" {
				line += name + "=" + row.Cells[i] + " "
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}
