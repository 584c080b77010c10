package promotalk

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/store"
)

var fileKinds = []files.Kind{
	{Name: "promos", Catalogue: promo.Catalogue, Export: exportPromos, Import: files.Importing(importPromos)},
	{Name: "promo_executions", Catalogue: promo.ExecutionCatalogue, Export: exportExecutions, Import: files.Importing(importExecutions)},
}

var byFile = access.System("files of promos")

func exportPromos(e *files.Exporter) error {
	codes := map[string][]string{}
	if err := promostore.Executions.In(byFile).Order("x.promo_id, x.id").Each(e.Tx, func(x promo.Execution) error {
		codes[x.PromoID] = append(codes[x.PromoID], e.Name(x.StoreID))
		return nil
	}); err != nil {
		return err
	}
	return files.Table(e, promo.Catalogue, func(add func(promo.Promo) error) error {
		return promostore.Promos.In(byFile).Since("o.created_at", e.Span.Since, e.Span.Until).Order("o.code").Each(e.Tx, add)
	}, func(p promo.Promo, v map[string]string) { v["store_codes"] = strings.Join(codes[p.ID], ";") })
}

func importPromos(j *files.Job) files.Rows[promo.Promo] {
	var stores sync.Map // []account.Store of a promo, by its id: records are filled in while others are written
	return files.Rows[promo.Promo]{
		Key: func(v map[string]string) string { return v["code"] },
		Find: func(tx *store.Tx, v map[string]string) (promo.Promo, bool, error) {
			return promostore.ByCode(tx, byFile, v["code"])
		},
		ID: func(p *promo.Promo) *string { return &p.ID },
		Fill: func(p *promo.Promo, r *files.Record) bool {
			if !j.Set(promo.Catalogue, p, r) {
				return false
			}
			if p.OwnerID == "" {
				p.OwnerID = j.AccountByCode(r.Fields["account_codes"]).OwnerID
			}
			if p.OwnerID == "" {
				j.Refuse(r, "kam", "name who answers for the promo: the account has no owner")
				return false
			}
			if p.Status == "" {
				p.Status = promo.Draft
			}
			var of []account.Store
			for _, code := range strings.Split(r.Fields["store_codes"], ";") {
				s := j.StoreByCode(code)
				if code != "" && s.ID == "" {
					j.Refuse(r, "store_codes", "there is no store with the code \""+code+"\"; import stores first")
					return false
				}
				if code != "" {
					of = append(of, account.Store{ID: s.ID, Code: code, Name: s.Name, AccountID: s.AccountID})
				}
			}
			stores.Store(p.ID, of)
			return j.Accepts(r, p.Check())
		},
		Same: files.Equal[promo.Promo](promo.Catalogue),
		Add: func(tx *store.Tx, p *promo.Promo) error {
			named, _ := stores.Load(p.ID)
			of, _ := named.([]account.Store)
			if len(of) == 0 {
				all, err := promostore.StoresFor(tx, byFile, p.AccountID)
				if err != nil {
					return err
				}
				of = all
			}
			return promostore.Add(tx, p, of)
		},
		Change: promostore.Promos.Change,
	}
}

func exportExecutions(e *files.Exporter) error {
	codes := map[string]string{}
	if err := promostore.Promos.In(byFile).Order("o.id").Each(e.Tx, func(p promo.Promo) error { codes[p.ID] = p.Code; return nil }); err != nil {
		return err
	}
	return files.Table(e, promo.ExecutionCatalogue, func(add func(promo.Execution) error) error {
		return promostore.Executions.In(byFile).Since("x.created_at", e.Span.Since, e.Span.Until).Order("o.code, (SELECT code FROM stores WHERE id = x.store_id)").Each(e.Tx, add)
	}, func(x promo.Execution, v map[string]string) {
		v["promo"], v["reported_at"] = codes[x.PromoID], e.Time(x.ReportedAt)
		if back := x.ClawBack(); back > 0 {
			v["claw_back"] = strconv.FormatInt(back, 10)
		}
	})
}

// importExecutions writes what stores did into promos that are kept.
func importExecutions(j *files.Job) files.Rows[promo.Execution] {
	return files.Rows[promo.Execution]{
		Key: func(v map[string]string) string { return v["promo"] + " " + v["store_code"] },
		Find: func(tx *store.Tx, v map[string]string) (promo.Execution, bool, error) {
			p, ok, err := promostore.ByCode(tx, byFile, v["promo"])
			if err != nil || !ok {
				return promo.Execution{}, false, err
			}
			return promostore.OfStore(tx, byFile, p.ID, j.StoreByCode(v["store_code"]).ID)
		},
		ID: func(e *promo.Execution) *string { return &e.ID },
		Fill: func(e *promo.Execution, r *files.Record) bool {
			if e.PromoID == "" {
				j.Refuse(r, "store_code", "this promo does not have this store; import promos first")
				return false
			}
			if !j.Set(promo.ExecutionCatalogue, e, r) {
				return false
			}
			if at, ok := j.Instant(r.Fields["reported_at"]); ok {
				e.ReportedAt = at.Truncate(time.Second)
			}
			if e.Status == "" {
				e.Status = promo.Planned
			}
			return true
		},
		Same: func(a, b promo.Execution) bool {
			return files.Equal[promo.Execution](promo.ExecutionCatalogue)(a, b) && a.ReportedAt.Equal(b.ReportedAt)
		},
		Add:    promostore.Executions.Add,
		Change: promostore.Executions.Change,
	}
}
