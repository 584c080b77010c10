package dealtalk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/files"
	"fieldbot/store"
)

func exportHistory(e *files.Exporter) error {
	numbers := map[string]string{}
	if err := dealstore.Since(e.Tx, byFile, time.Time{}, time.Time{}, func(d deal.Deal) error { numbers[d.ID] = d.Number; return nil }); err != nil {
		return err
	}
	return files.Table(e, deal.HistoryCatalogue, func(add func(deal.Entry) error) error {
		return dealstore.HistorySince(e.Tx, byFile, e.Span.Since, e.Span.Until, add)
	}, func(x deal.Entry, v map[string]string) {
		v["number"], v["at"], v["from_stage"], v["to_stage"], v["how"] = numbers[x.DealID], e.Moment(x.At), x.From, x.To, string(x.How)
	})
}

// importHistory imports the lines of deals that are known. The last line of a deal
// must lead to where it stands.
func importHistory(job *files.Job) files.Rows[deal.Entry] {
	j, deals := importing(job), map[string]deal.Deal{}
	of := func(v map[string]string) (d deal.Deal, at time.Time) {
		number := v["number"]
		if _, known := deals[number]; !known {
			j.Look(func(tx *store.Tx) (err error) {
				deals[number], _, err = dealstore.ByNumber(tx, byFile, number)
				return err
			})
		}
		at, _ = j.Instant(v["at"])
		return deals[number], at
	}
	return files.Rows[deal.Entry]{
		Key: func(v map[string]string) string {
			d, at := of(v)
			return d.Number + " " + strconv.FormatInt(at.UnixMilli(), 10)
		},
		Find: func(tx *store.Tx, v map[string]string) (deal.Entry, bool, error) {
			d, at := of(v)
			return dealstore.EntryAt(tx, byFile, d.ID, at)
		},
		ID: func(e *deal.Entry) *string { return &e.ID },
		Fill: func(e *deal.Entry, r *files.Record) bool {
			known := *e
			d, _ := of(r.Fields)
			by, ok := j.Person(r, "by")
			if !ok {
				return false
			}
			e.ByID = by
			if column, reason := j.fillEntry(e, d, r); reason != "" {
				j.Refuse(r, column, reason)
				return false
			}
			if known.DealID != "" && known.How != deal.ByImport && !sameEntry(known, *e) {
				j.Refuse(r, "at", "stands in the history already, otherwise; history is never rewritten")
				return false
			}
			return true
		},
		Same:   sameEntry,
		Add:    func(tx *store.Tx, e *deal.Entry) error { return dealstore.Import(tx, *e) },
		Change: func(tx *store.Tx, _, after deal.Entry) error { return dealstore.Import(tx, after) },
		Order: func(plan []*files.Planned[deal.Entry]) []*files.Planned[deal.Entry] {
			slices.SortStableFunc(plan, func(a, b *files.Planned[deal.Entry]) int { return a.After.At.Compare(b.After.At) })
			return plan
		},
	}
}

func sameEntry(a, b deal.Entry) bool {
	return a.At.Equal(b.At) && a.From == b.From && a.To == b.To && a.How == b.How && a.ByID == b.ByID && a.Reason == b.Reason && a.Undone == b.Undone
}

func (j dealImport) fillEntry(e *deal.Entry, d deal.Deal, r *files.Record) (column, reason string) {
	at, ok := j.Instant(r.Fields["at"])
	switch {
	case d.ID == "":
		return "number", fmt.Sprintf("there is no deal %q; import deals first", r.Fields["number"])
	case !ok:
		return "at", "write a time such as 2026-11-21T10:02:00+08:00 or 2026-11-21 10:02"
	case at.After(d.EnteredStageAt):
		return "at", "is later than the deal came to where it stands; import the deal as it is now first"
	}
	e.DealID, e.At, e.Reason, e.Undone = d.ID, at.UTC(), r.Fields["reason"], r.Fields["undone"] == "yes"
	e.From, e.To, e.How = r.Fields["from_stage"], r.Fields["to_stage"], deal.How(cmp.Or(r.Fields["how"], string(deal.ByImport)))
	for key, code := range map[string]*string{"from_stage": &e.From, "to_stage": &e.To} {
		i, stage := j.funnel.Index(*code)
		switch {
		case stage:
			*code = j.funnel[i].Code
		case key == "from_stage" && *code == "" || slices.Contains(deal.Ends, *code):
		default:
			return key, fmt.Sprintf("there is no stage %q; write one of %s", *code, strings.Join(append(j.funnel.Codes(), deal.Ends...), ", "))
		}
	}
	if at.Equal(d.EnteredStageAt) && e.To != d.Standing() {
		return "to_stage", fmt.Sprintf("is %s, and the deal stands at %s since then", e.To, d.Standing())
	}
	return "", ""
}
