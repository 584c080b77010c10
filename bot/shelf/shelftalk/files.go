package shelftalk

import (
	"strconv"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/command"
	"fieldbot/store"
)

var fileKinds = []files.Kind{
	{Name: "audits", Catalogue: shelf.Catalogue, Export: exportAudits, Import: files.Importing(importAudits)},
	{Name: "audit_lines", Catalogue: shelf.LineCatalogue, Export: exportLines, Import: files.Importing(importLines)},
	{Name: "launches", Catalogue: shelf.LaunchCatalogue, Export: exportLaunches, Import: files.Importing(importLaunches)},
	{Name: "diversions", Catalogue: shelf.DiversionCatalogue, Export: exportDiversions, Import: files.Importing(importDiversions)},
	{Name: "sellout", Catalogue: shelf.SelloutCatalogue, Export: exportSellout, Import: files.Importing(importSellout)},
}

var byFile = access.System("files of the shelf")

// exportAudits writes audits with the measures that follow from their lines.
func exportAudits(e *files.Exporter) error {
	s := config.Of[shelf.Settings](e.Config)
	measures := map[string]shelf.Measures{}
	err := shelfstore.Each(e.Tx, byFile, e.Span.Since, e.Span.Until, func(a shelf.Audit, lines []shelf.Line) { measures[a.ID] = a.Measure(lines, s) })
	if err != nil {
		return err
	}
	return files.Table(e, shelf.Catalogue, func(add func(shelf.Audit) error) error {
		return shelfstore.Audits.In(byFile).Since("u.audited_at", e.Span.Since, e.Span.Until).Order("u.audited_at, u.id").Each(e.Tx, add)
	}, func(a shelf.Audit, v map[string]string) {
		m := measures[a.ID]
		v["audited_at"] = e.Time(a.AuditedAt)
		if score, measured := m.Score(s.Score); measured {
			v["score"] = strconv.Itoa(score)
		}
		for _, p := range m.Parts(s.Score) {
			key := p.Name
			if key == "price" {
				key = "price_compliance"
			}
			v[key] = strconv.Itoa(int(p.Percent + 0.5))
		}
	})
}

func importAudits(j *files.Job) files.Rows[shelf.Audit] {
	natural := func(v map[string]string) shelf.Audit {
		at, _ := j.Instant(v["audited_at"])
		a := shelf.Audit{StoreID: j.StoreByCode(v["store_code"]).ID, PersonID: j.PersonID(v["person"]), AuditedAt: at}
		a.AuditedOn = command.WordsFor(j.PersonByID(a.PersonID), j.Config).Today(at)
		return a
	}
	return files.Rows[shelf.Audit]{
		Key: func(v map[string]string) string {
			if v["ref"] != "" {
				return v["ref"]
			}
			a := natural(v)
			return a.StoreID + " " + string(a.AuditedOn) + " " + a.PersonID
		},
		Find: func(tx *store.Tx, v map[string]string) (shelf.Audit, bool, error) {
			if v["ref"] != "" {
				return shelfstore.ByRef(tx, byFile, v["ref"])
			}
			a := natural(v)
			return shelfstore.OnDay(tx, byFile, a.StoreID, a.PersonID, a.AuditedOn)
		},
		ID: func(a *shelf.Audit) *string { return &a.ID },
		Fill: func(a *shelf.Audit, r *files.Record) bool {
			if !j.Set(shelf.Catalogue, a, r) {
				return false
			}
			at, ok := j.Instant(r.Fields["audited_at"])
			if !ok || at.After(j.DB.Now()) {
				j.Refuse(r, "audited_at", "write a time that has been, such as 2026-11-21T10:02:00+08:00")
				return false
			}
			a.AuditedAt, a.AccountID = at.Truncate(time.Second), j.StoreByCode(r.Fields["store_code"]).AccountID
			a.AuditedOn = command.WordsFor(j.PersonByID(a.PersonID), j.Config).Today(at)
			if a.Mode == "" {
				a.Mode = shelf.Full
			}
			if a.Ref == "" {
				a.Ref = a.ID
			}
			if a.Source == "" {
				a.Source = "import"
			}
			a.Status = shelf.Made
			return true
		},
		Same: func(a, b shelf.Audit) bool {
			return files.Equal[shelf.Audit](shelf.Catalogue)(a, b) && a.AuditedAt.Equal(b.AuditedAt)
		},
		Add:    shelfstore.Audits.Add,
		Change: shelfstore.Audits.Change,
	}
}

func exportLines(e *files.Exporter) error {
	refs := map[string]string{}
	if err := shelfstore.Audits.In(byFile).Order("u.id").Each(e.Tx, func(a shelf.Audit) error { refs[a.ID] = a.Ref; return nil }); err != nil {
		return err
	}
	return files.Table(e, shelf.LineCatalogue, func(add func(shelf.Line) error) error {
		return shelfstore.Lines.In(byFile).Since("u.audited_at", e.Span.Since, e.Span.Until).Order("u.audited_at, u.id, n.id").Each(e.Tx, add)
	}, func(l shelf.Line, v map[string]string) { v["ref"] = refs[l.AuditID] })
}

func importLines(j *files.Job) files.Rows[shelf.Line] {
	audits := map[string]shelf.Audit{}
	audit := func(tx *store.Tx, ref string) (shelf.Audit, bool, error) {
		if a, known := audits[ref]; known {
			return a, a.ID != "", nil
		}
		a, ok, err := shelfstore.ByRef(tx, byFile, ref)
		audits[ref] = a
		return a, ok, err
	}
	return files.Rows[shelf.Line]{
		Key: func(v map[string]string) string { return v["ref"] + " " + v["product_code"] },
		Find: func(tx *store.Tx, v map[string]string) (shelf.Line, bool, error) {
			a, ok, err := audit(tx, v["ref"])
			if err != nil || !ok {
				return shelf.Line{}, false, err
			}
			return shelfstore.Lines.In(byFile).And("n.audit_id = ? AND n.product_id = ?", a.ID, j.ByCode(field.Product, v["product_code"])).One(tx)
		},
		ID: func(l *shelf.Line) *string { return &l.ID },
		Fill: func(l *shelf.Line, r *files.Record) bool {
			a := audits[r.Fields["ref"]]
			if a.ID == "" {
				j.Refuse(r, "ref", "there is no audit with this ref; import audits first")
				return false
			}
			if !j.Set(shelf.LineCatalogue, l, r) {
				return false
			}
			l.AuditID = a.ID
			if l.OnShelf == "" {
				l.OnShelf = shelf.Yes // it stands in the list of what was seen
			}
			if l.DuePrice == 0 {
				j.Look(func(tx *store.Tx) error {
					x, _, err := productstore.Of(tx, byFile, a.AccountID, l.ProductID)
					l.DuePrice = x.SuggestedPrice
					return err
				})
			}
			return j.Accepts(r, l.Check())
		},
		Same:   files.Equal[shelf.Line](shelf.LineCatalogue),
		Add:    shelfstore.Lines.Add,
		Change: shelfstore.Lines.Change,
	}
}

func exportSellout(e *files.Exporter) error {
	return files.Table(e, shelf.SelloutCatalogue, func(add func(shelf.Sellout) error) error {
		until := e.Span.Until
		return shelfstore.Sellout.In(byFile).Since("q.created_at", e.Span.Since, until).Order("q.account_id, q.week_on, q.store_id, q.product_id").Each(e.Tx, add)
	}, func(s shelf.Sellout, v map[string]string) {
		if s.Stock == shelf.NoStock {
			v["stock"] = ""
		} else {
			v["stock"] = strconv.FormatInt(s.Stock, 10)
		}
		v["units"] = strconv.FormatInt(s.Units, 10)
	})
}

// importSellout takes a chain's figures: its products by our code, or by the chain's own.
func importSellout(j *files.Job) files.Rows[shelf.Sellout] {
	var chain map[string]string
	j.Look(func(tx *store.Tx) (err error) { chain, err = productstore.ChainCodes(tx); return err })
	productOf := func(v map[string]string) string {
		if id := j.ByCode(field.Product, v["product_code"]); id != "" || v["chain_code"] == "" {
			return id
		}
		return chain[j.StoreByCode(v["store_code"]).AccountID+" "+v["chain_code"]]
	}
	at := func(v map[string]string) []any {
		return []any{j.StoreByCode(v["store_code"]).ID, productOf(v), calendar.Day(v["week_on"]).Monday()}
	}
	key := func(v map[string]string) string { // any day of a week names the week
		return v["store_code"] + " " + productOf(v) + " " + v["chain_code"] + " " + string(calendar.Day(v["week_on"]).Monday())
	}
	return files.Rows[shelf.Sellout]{
		Key: key,
		Find: func(tx *store.Tx, v map[string]string) (shelf.Sellout, bool, error) {
			return shelfstore.Sellout.In(byFile).And("q.store_id = ? AND q.product_id = ? AND q.week_on = ?", at(v)...).One(tx)
		},
		FindAll: func(tx *store.Tx, all []map[string]string) (map[string]shelf.Sellout, error) {
			return files.FindAll(tx, shelfstore.Sellout.In(byFile), "q.store_id, q.product_id, q.week_on", all, key, at, func(s shelf.Sellout) []any { return []any{s.StoreID, s.ProductID, s.WeekOn} })
		},
		ID: func(s *shelf.Sellout) *string { return &s.ID },
		Fill: func(s *shelf.Sellout, r *files.Record) bool {
			id := productOf(r.Fields)
			switch {
			case r.Fields["product_code"] == "" && r.Fields["chain_code"] == "":
				j.Refuse(r, "product_code", "give a product_code, or the chain's own chain_code")
				return false
			case id == "" && r.Fields["product_code"] == "":
				j.Refuse(r, "chain_code", "no listing of this account has this item code; give it to the listing first")
				return false
			}
			told := r.Fields["stock"] != ""
			if !j.Set(shelf.SelloutCatalogue, s, r) {
				return false
			}
			s.ProductID, s.AccountID, s.WeekOn = id, j.StoreByCode(r.Fields["store_code"]).AccountID, s.WeekOn.Monday()
			if !told {
				s.Stock = shelf.NoStock
			}
			return j.Accepts(r, s.Check())
		},
		Same:   files.Equal[shelf.Sellout](shelf.SelloutCatalogue),
		Add:    shelfstore.Sellout.Add,
		Change: shelfstore.Sellout.Change,
	}
}

func exportLaunches(e *files.Exporter) error {
	return files.Table(e, shelf.LaunchCatalogue, func(add func(shelf.Launch) error) error {
		return shelfstore.Launches.In(byFile).Since("z.created_at", e.Span.Since, e.Span.Until).Order("z.listed_on, z.code").Each(e.Tx, add)
	}, nil)
}

func importLaunches(j *files.Job) files.Rows[shelf.Launch] {
	return files.Rows[shelf.Launch]{
		Key: func(v map[string]string) string { return v["code"] },
		Find: func(tx *store.Tx, v map[string]string) (shelf.Launch, bool, error) {
			return shelfstore.LaunchByCode(tx, byFile, v["code"])
		},
		ID: func(l *shelf.Launch) *string { return &l.ID },
		Fill: func(l *shelf.Launch, r *files.Record) bool {
			if !j.Set(shelf.LaunchCatalogue, l, r) {
				return false
			}
			if l.OwnerID == "" {
				l.OwnerID = j.AccountByCode(r.Fields["account_codes"]).OwnerID
			}
			l.Status = shelf.Made
			return true
		},
		Same:   files.Equal[shelf.Launch](shelf.LaunchCatalogue),
		Add:    shelfstore.Launches.Add,
		Change: shelfstore.Launches.Change,
	}
}
