package salestalk

import (
	"strconv"

	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/sales"
	"fieldbot/bot/sales/salesstore"
	"fieldbot/store"
)

var fileKinds = []files.Kind{{Name: "promoter_days", Catalogue: sales.Catalogue, Export: export, Import: files.Importing(imported)}}

var byFile = access.System("files of promoters' days")

func export(e *files.Exporter) error {
	return files.Table(e, sales.Catalogue, func(add func(sales.Day) error) error {
		return salesstore.Days.In(byFile).Since("y.created_at", e.Span.Since, e.Span.Until).Order("y.on_day, y.id").Each(e.Tx, add)
	}, func(d sales.Day, v map[string]string) {
		v["units"], v["stock"] = strconv.FormatInt(d.Units, 10), ""
		if d.Stock != sales.NoStock {
			v["stock"] = strconv.FormatInt(d.Stock, 10)
		}
	})
}

func imported(j *files.Job) files.Rows[sales.Day] {
	return files.Rows[sales.Day]{
		Key: func(v map[string]string) string {
			return v["person"] + " " + v["store_code"] + " " + v["on"] + " " + v["product_code"]
		},
		Find: func(tx *store.Tx, v map[string]string) (sales.Day, bool, error) {
			return salesstore.Of(tx, byFile, j.PersonID(v["person"]), j.StoreByCode(v["store_code"]).ID, calendar.Day(v["on"]), j.ByCode(field.Product, v["product_code"]))
		},
		ID: func(d *sales.Day) *string { return &d.ID },
		Fill: func(d *sales.Day, r *files.Record) bool {
			told := r.Fields["stock"] != ""
			if !j.Set(sales.Catalogue, d, r) {
				return false
			}
			if !told {
				d.Stock = sales.NoStock
			}
			d.AccountID, d.Status = j.StoreByCode(r.Fields["store_code"]).AccountID, sales.Made
			return j.Accepts(r, d.Check())
		},
		Same:   files.Equal[sales.Day](sales.Catalogue),
		Add:    salesstore.Days.Add,
		Change: salesstore.Days.Change,
	}
}
