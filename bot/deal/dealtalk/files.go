package dealtalk

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/config"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

var fileKinds = []files.Kind{
	{Name: "deals", Catalogue: deal.Catalogue, Export: exportDeals, Import: files.Importing(importDeals)},
	{Name: "deal_history", Catalogue: deal.HistoryCatalogue, Export: exportHistory, Import: files.Importing(importHistory)},
	{Name: "deal_ticks", Catalogue: deal.TickCatalogue, Export: exportTicks, Import: files.Importing(importTicks)},
	{Name: "competitors", Catalogue: deal.CompetitorCatalogue, Export: exportCompetitors, Import: files.Importing(importCompetitors)},
	{Name: "funnel", Export: exportFunnel},
}

var byFile = access.System("files of deals")

// dealsIn are the deals of an export's span.
func dealsIn(e *files.Exporter) (all []deal.Deal, err error) {
	err = dealstore.Since(e.Tx, byFile, e.Span.Since, e.Span.Until, func(d deal.Deal) error { all = append(all, d); return nil })
	return all, err
}

// exportDeals writes deals with what their stage, team and gate say.
func exportDeals(e *files.Exporter) error {
	all, err := dealsIn(e)
	if err != nil {
		return err
	}
	f, more := config.Of[deal.Settings](e.Config).Funnel(), map[string]map[string]string{}
	for _, d := range all {
		v, err := beside(e, f, d)
		if err != nil {
			return err
		}
		more[d.ID] = v
	}
	return files.Table(e, deal.Catalogue, func(add func(deal.Deal) error) error {
		for _, d := range all {
			if err := add(d); err != nil {
				return err
			}
		}
		return nil
	}, func(d deal.Deal, v map[string]string) { maps.Copy(v, more[d.ID]) })
}

// beside is what a deal's own row does not hold.
func beside(e *files.Exporter, f deal.Funnel, d deal.Deal) (map[string]string, error) {
	stage, weight := f.Stage(d.Stage), f.WeightOf(d)
	team, err := dealstore.TeamOf(e.Tx, byFile, d.ID)
	if err != nil {
		return nil, err
	}
	var handles, met, missing []string
	for _, m := range team {
		handles = append(handles, e.Name(m.PersonID))
	}
	ticks, err := dealstore.TicksOf(e.Tx, byFile, d.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range ticks {
		if _, _, known := f.Owner(k.Criterion); known {
			met = append(met, k.Criterion)
		}
	}
	if next, ok := f.Next(d.Stage); ok && d.Status == deal.Open {
		size := e.AccountOf(e.Name(d.AccountID)).Size
		for _, c := range f.Gate(next.Code, d.CustomerSize(size), deal.Met(ticks)).Missing {
			missing = append(missing, c.Code)
		}
	}
	people, err := dealstore.PartiesOf(e.Tx, byFile, d.ID)
	if err != nil {
		return nil, err
	}
	var contacts []string
	for _, q := range people {
		contacts = append(contacts, strings.Join([]string{q.Name, q.BuyingRole, q.Attitude, strconv.FormatInt(q.Weight, 10)}, "|"))
	}
	out := map[string]string{
		"parties": strings.Join(contacts, ";"), "stage": stage.Code, "currency": e.Config.Company.Currency, "weight": strconv.FormatInt(weight, 10), "weighted_value": strconv.FormatInt(deal.Weighted(d.Value, weight), 10), "source": d.Source,
		"team": strings.Join(handles, ";"), "criteria_met": strings.Join(met, ";"), "criteria_missing": strings.Join(missing, ";"),
		"entered_stage_at": e.Moment(d.EnteredStageAt), "created_at": e.Moment(d.CreatedAt), "closed_at": e.Moment(d.ClosedAt),
	}
	if e.Name(d.AccountID) == accountstore.NoAccount {
		out["account_code"] = ""
	}
	if d.ValueKnown && d.Value == 0 {
		out["value"] = "0"
	}
	return out, nil
}

// dealImport is one import of deals, or of their history.
type dealImport struct {
	*files.Job
	funnel deal.Funnel
}

func importing(j *files.Job) dealImport {
	return dealImport{j, config.Of[deal.Settings](j.Config).Funnel()}
}

// importDeals imports deals. A file says where a deal stands; how it came there is
// history's to say, and until it is imported one line says import.
func importDeals(job *files.Job) files.Rows[deal.Deal] {
	j := importing(job)
	return files.Rows[deal.Deal]{
		Key: func(v map[string]string) string { return v["number"] },
		Find: func(tx *store.Tx, v map[string]string) (deal.Deal, bool, error) {
			return dealstore.ByNumber(tx, byFile, v["number"])
		},
		ID:   func(d *deal.Deal) *string { return &d.ID },
		Fill: j.fill,
		Same: func(a, b deal.Deal) bool {
			return files.Equal[deal.Deal](deal.Catalogue)(a, b) && a.EnteredStageAt.Equal(b.EnteredStageAt) && a.CreatedAt.Equal(b.CreatedAt) && a.ClosedAt.Equal(b.ClosedAt)
		},
		Add: func(tx *store.Tx, d *deal.Deal) error {
			if d.AccountID == "" {
				nowhere, err := accountstore.Nowhere(tx)
				if err != nil {
					return err
				}
				d.AccountID = nowhere
			}
			lines := deal.Deal{ID: d.ID}.Import(*d, d.OwnerID, d.EnteredStageAt)
			d.EnteredStageAt = lines[len(lines)-1].At
			if err := dealstore.Add(tx, d, lines[0]); err != nil {
				return err
			}
			for _, e := range lines[1:] {
				if err := dealstore.Note(tx, e); err != nil {
					return err
				}
			}
			return nil
		},
		Change: func(tx *store.Tx, before, after deal.Deal) error {
			lines := before.Import(after, after.OwnerID, tx.Now)
			if len(lines) > 0 {
				after.EnteredStageAt = lines[len(lines)-1].At
			}
			return dealstore.Change(tx, before, after, lines...)
		},
		After: j.after,
	}
}

func (j dealImport) fill(d *deal.Deal, r *files.Record) bool {
	was := *d
	currency := r.Fields["currency"]
	if currency != "" && !strings.EqualFold(currency, j.Config.Company.Currency) {
		j.Refuse(r, "currency", fmt.Sprintf("is %s; amounts are in %s here", currency, j.Config.Company.Currency))
		return false
	}
	if !j.Set(deal.Catalogue, d, r) || !j.Answers(r, "owner", d.OwnerID) {
		return false
	}
	if d.AccountID == "" { // a file need not know whose it is; Add finds a place for it
		d.AccountID = cmp.Or(was.AccountID, j.AccountByCode(accountstore.NoAccount).ID)
	}
	d.ValueKnown = d.ValueKnown || r.Fields["value"] != ""
	if ended := closed[strings.ToLower(d.Stage)]; ended != "" {
		d.Stage = j.funnel[len(j.funnel)-1].Code
		if r.Fields["status"] == "" {
			d.Status = ended
		}
	}
	if d.Stage == "" {
		d.Stage = j.funnel[0].Code
	}
	if d.Status == "" {
		d.Status = deal.Open
	}
	if d.HolderID == "" || d.HolderID == was.OwnerID {
		d.HolderID = d.OwnerID
	}
	d.Overridden = d.Overridden || was.Overridden // shown for ever
	if d.Status == deal.Open {
		d.EndReason, d.LostTo, d.EndNote, d.WakeOn = "", "", "", ""
	}
	for _, check := range []func() (column, reason string){
		func() (string, string) {
			if d.Value < 0 {
				return "value", "is below 0"
			}
			return "", ""
		},
		func() (string, string) { return j.stage(d, r) },
		func() (string, string) { return j.times(d, was, r) },
		func() (string, string) { return j.codes(d, r) },
	} {
		if column, reason := check(); reason != "" {
			j.Refuse(r, column, reason)
			return false
		}
	}
	return true
}

// closed is how CRMs call a stage in which a deal has ended.
var closed = map[string]string{"closed won": deal.Won, "won": deal.Won, "赢单": deal.Won, "已成交": deal.Won, "closed lost": deal.Lost, "lost": deal.Lost, "丢单": deal.Lost, "输单": deal.Lost}

func (j dealImport) stage(d *deal.Deal, r *files.Record) (column, reason string) {
	i, ok := j.funnel.Named(d.Stage, func(code string) []string { return lang.Names("choice.stage", code) })
	if !ok && d.Status != deal.Open && d.Status != deal.Stalled && d.Stage == r.Fields["stage"] {
		return "", "" // what has ended may have ended in a stage of its time
	}
	if !ok {
		return "stage", fmt.Sprintf("there is no stage %q; write one of %s, or name it under was: of a stage in deals.stages", d.Stage, strings.Join(j.funnel.Codes(), ", "))
	}
	d.Stage = j.funnel[i].Code
	return "", ""
}

// times reads the instants of a deal; what a file leaves out stays as it
// is known, or is now.
func (j dealImport) times(d *deal.Deal, was deal.Deal, r *files.Record) (column, reason string) {
	now := j.DB.Now().UTC().Truncate(time.Millisecond)
	for _, x := range []struct {
		key string
		at  *time.Time
	}{{"created_at", &d.CreatedAt}, {"entered_stage_at", &d.EnteredStageAt}, {"closed_at", &d.ClosedAt}} {
		raw := r.Fields[x.key]
		if raw == "" {
			continue
		}
		t, ok := j.Instant(raw)
		switch {
		case !ok:
			return x.key, "write a time such as 2026-11-21T10:02:00+08:00 or 2026-11-21 10:02"
		case t.After(now.Add(time.Minute)):
			return x.key, "is still to come"
		}
		*x.at = t.UTC()
	}
	ended := d.Status == deal.Won || d.Status == deal.Lost
	if !ended {
		d.ClosedAt = time.Time{}
	}
	if was.Version > 0 && was.Standing() == d.Standing() {
		d.EnteredStageAt, d.ClosedAt = was.EnteredStageAt, was.ClosedAt // history's to say
	}
	d.CreatedAt = cmp.Or(d.CreatedAt, d.EnteredStageAt, d.ClosedAt, now)
	if ended {
		d.ClosedAt = cmp.Or(d.ClosedAt, d.EnteredStageAt, now)
	}
	d.EnteredStageAt = cmp.Or(d.EnteredStageAt, d.ClosedAt, d.CreatedAt)
	if d.EnteredStageAt.Before(d.CreatedAt) {
		return "entered_stage_at", "is before created_at"
	}
	return "", ""
}

// codes checks the criteria and the team that a file names.
func (j dealImport) codes(d *deal.Deal, r *files.Record) (column, reason string) {
	for _, code := range split(r.Fields["criteria_met"]) {
		if _, _, ok := j.funnel.Owner(code); !ok {
			return "criteria_met", fmt.Sprintf("there is no criterion %q in deals.stages", code)
		}
	}
	for _, handle := range split(r.Fields["team"]) {
		if j.PersonID(handle) == "" {
			return "team", fmt.Sprintf("there is no person with the handle %q", handle)
		}
	}
	if v := r.Fields["lost_reason"]; v != "" && d.Status == deal.Lost && !slices.Contains(deal.LostReasons, v) {
		return "lost_reason", "write one of " + strings.Join(deal.LostReasons, ", ")
	}
	return "", ""
}

func split(names string) []string {
	return slices.DeleteFunc(strings.Split(names, ";"), func(s string) bool { return s == "" })
}

// after puts the team together and ticks what the file says is met.
func (j dealImport) after(tx *store.Tx, d deal.Deal, r *files.Record) error {
	for _, handle := range split(r.Fields["team"]) {
		if err := dealstore.Join(tx, d.ID, j.PersonID(handle)); err != nil {
			return err
		}
	}
	if err := j.parties(tx, d, r); err != nil {
		return err
	}
	ticks, err := dealstore.TicksOf(tx, byFile, d.ID)
	if err != nil {
		return err
	}
	met := deal.Met(ticks)
	for _, code := range split(r.Fields["criteria_met"]) {
		if met(code) {
			continue
		}
		k := deal.Tick{DealID: d.ID, Criterion: code, Note: "import", On: j.Today, ByID: d.OwnerID}
		if err := dealstore.AddTick(tx, &k); err != nil {
			return err
		}
	}
	return nil
}

// parties puts the customer's people into a deal, each a name, or name|role|attitude|weight
// as an export writes them. Who is no contact of the account is passed by: contacts may
// come later, and the file again.
func (j dealImport) parties(tx *store.Tx, d deal.Deal, r *files.Record) error {
	for _, said := range split(r.Fields["parties"]) {
		parts := append(strings.Split(said, "|"), "", "", "")
		c, ok, err := accountstore.ContactNamed(tx, byFile, d.AccountID, parts[0])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		before, _, err := dealstore.PartyOf(tx, byFile, d.ID, c.ID)
		if err != nil {
			return err
		}
		after := before
		weight, _ := strconv.ParseInt(parts[3], 10, 64) // none is none
		after.DealID, after.ContactID, after.Name, after.BuyingRole, after.Attitude, after.Weight, after.Status = d.ID, c.ID, c.Name, parts[1], parts[2], min(100, max(0, weight)), deal.Active
		if before == after {
			continue
		}
		if err := dealstore.SetParty(tx, before, after); err != nil {
			return err
		}
	}
	return nil
}
