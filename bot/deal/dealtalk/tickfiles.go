package dealtalk

import (
	"fmt"
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/files"
	"fieldbot/store"
)

// exportTicks writes what is ticked, with what shows it. A row that shows it is of this
// house, and its id means nothing elsewhere: what it says stands in the note.
func exportTicks(e *files.Exporter) error {
	all, err := dealsIn(e)
	if err != nil {
		return err
	}
	number := ""
	return files.Table(e, deal.TickCatalogue, func(add func(deal.Tick) error) error {
		for _, d := range all {
			number = d.Number
			ticks, err := dealstore.TicksOf(e.Tx, byFile, d.ID)
			if err != nil {
				return err
			}
			for _, k := range ticks {
				if !strings.Contains(k.Proof, "://") {
					k.Proof = ""
				}
				if err := add(k); err != nil {
					return err
				}
			}
		}
		return nil
	}, func(_ deal.Tick, values map[string]string) { values["number"] = number })
}

// importTicks says when, by whom and by what it was shown that a criterion of a known deal is
// met.
func importTicks(job *files.Job) files.Rows[deal.Tick] {
	j := importing(job)
	return files.Rows[deal.Tick]{
		Key: func(v map[string]string) string { return v["number"] + "\x00" + v["criterion"] },
		Find: func(tx *store.Tx, v map[string]string) (deal.Tick, bool, error) {
			d, ok, err := dealstore.ByNumber(tx, byFile, v["number"])
			if err != nil || !ok {
				return deal.Tick{}, false, err
			}
			return dealstore.TickOf(tx, byFile, d.ID, v["criterion"])
		},
		ID: func(k *deal.Tick) *string { return &k.ID },
		Fill: func(k *deal.Tick, r *files.Record) bool {
			proof := k.Proof
			if !j.Set(deal.TickCatalogue, k, r) {
				return false
			}
			if k.Proof == "" {
				k.Proof = proof
			}
			number := r.Fields["number"]
			var d deal.Deal
			j.Look(func(tx *store.Tx) (err error) { d, _, err = dealstore.ByNumber(tx, byFile, number); return err })
			if d.ID == "" {
				j.Refuse(r, "number", fmt.Sprintf("there is no deal %q; import deals first", number))
				return false
			}
			if _, _, known := j.funnel.Owner(k.Criterion); !known {
				j.Refuse(r, "criterion", fmt.Sprintf("there is no criterion %q in deals.stages", k.Criterion))
				return false
			}
			k.DealID = d.ID
			if k.On == "" {
				k.On = j.Today
			}
			if k.ByID == "" {
				k.ByID = d.OwnerID
			}
			return true
		},
		Same:   files.Equal[deal.Tick](deal.TickCatalogue),
		Add:    dealstore.AddTick,
		Change: dealstore.Ticks.Change,
	}
}
