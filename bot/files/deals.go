package files

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/store"
)

// moment is an instant as files of deals carry it: two steps of a deal may lie
// within a second.
func (e *exporter) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(e.zone).Format("2006-01-02T15:04:05.999Z07:00")
}

// deals writes deals with what their stage, team and gate say.
func (e *exporter) deals() error {
	var all []deal.Deal
	if err := dealstore.Since(e.tx, system, e.span.Since, e.span.Until, func(d deal.Deal) error { all = append(all, d); return nil }); err != nil {
		return err
	}
	more := map[string]map[string]string{}
	for _, d := range all {
		v, err := e.beside(d)
		if err != nil {
			return err
		}
		more[d.ID] = v
	}
	return table(e, deal.Catalogue, func(add func(deal.Deal) error) error {
		for _, d := range all {
			if err := add(d); err != nil {
				return err
			}
		}
		return nil
	}, func(d deal.Deal, v map[string]string) {
		for key, value := range more[d.ID] {
			v[key] = value
		}
	})
}

// beside is what a deal's own row does not hold.
func (e *exporter) beside(d deal.Deal) (map[string]string, error) {
	stage, weight := e.funnel.Stage(d.Stage), e.funnel.WeightOf(d)
	team, err := dealstore.TeamOf(e.tx, system, d.ID)
	if err != nil {
		return nil, err
	}
	var handles, met, missing []string
	for _, m := range team {
		handles = append(handles, e.names[m.PersonID])
	}
	ticks, err := dealstore.TicksOf(e.tx, system, d.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range ticks {
		if _, _, known := e.funnel.Owner(k.Criterion); known {
			met = append(met, k.Criterion)
		}
	}
	if next, ok := e.funnel.Next(d.Stage); ok && d.Status == deal.Open {
		for _, c := range e.funnel.Gate(next.Code, d.CustomerSize(e.sizes[d.AccountID]), deal.Met(ticks)).Missing {
			missing = append(missing, c.Code)
		}
	}
	v := map[string]string{
		"stage": stage.Code, "currency": e.money, "weight": strconv.FormatInt(weight, 10), "weighted_value": strconv.FormatInt(deal.Weighted(d.Value, weight), 10), "source": d.Source,
		"team": strings.Join(handles, ";"), "criteria_met": strings.Join(met, ";"), "criteria_missing": strings.Join(missing, ";"),
		"entered_stage_at": e.moment(d.EnteredStageAt), "created_at": e.moment(d.CreatedAt), "closed_at": e.moment(d.ClosedAt),
	}
	return v, nil
}

func (e *exporter) dealHistory() error {
	numbers := map[string]string{}
	if err := dealstore.Since(e.tx, system, time.Time{}, time.Time{}, func(d deal.Deal) error { numbers[d.ID] = d.Number; return nil }); err != nil {
		return err
	}
	return table(e, deal.HistoryCatalogue, func(add func(deal.Entry) error) error {
		return dealstore.HistorySince(e.tx, system, e.span.Since, e.span.Until, add)
	}, func(x deal.Entry, v map[string]string) {
		v["number"], v["at"], v["from_stage"], v["to_stage"], v["how"] = numbers[x.DealID], e.moment(x.At), x.From, x.To, string(x.How)
	})
}

// dealsKind imports deals. A file says where a deal stands; how it came there
// is history's to say, and until it is imported one line says import.
func dealsKind(j *job) kind[deal.Deal] {
	k := kind[deal.Deal]{existing: map[string]deal.Deal{}, id: func(d *deal.Deal) *string { return &d.ID }}
	k.key = func(v map[string]string) string {
		if d, ok := j.findDeal(v["number"]); ok {
			k.existing[v["number"]] = d
		}
		return v["number"]
	}
	k.fill = j.fillDeal
	k.same = func(a, b deal.Deal) bool {
		return equal[deal.Deal](deal.Catalogue)(a, b) && a.EnteredStageAt.Equal(b.EnteredStageAt) && a.CreatedAt.Equal(b.CreatedAt) && a.ClosedAt.Equal(b.ClosedAt)
	}
	k.add = func(tx *store.Tx, d *deal.Deal) error {
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
	}
	k.change = func(tx *store.Tx, before, after deal.Deal) error {
		lines := before.Import(after, after.OwnerID, tx.Now)
		if len(lines) > 0 {
			after.EnteredStageAt = lines[len(lines)-1].At
		}
		return dealstore.Change(tx, before, after, lines...)
	}
	k.after = func(tx *store.Tx, d deal.Deal, r *record) error { return j.afterDeal(tx, d, r) }
	return k
}

// findDeal looks up one deal by its number.
func (j *job) findDeal(number string) (d deal.Deal, ok bool) {
	j.failed = errors.Join(j.failed, j.db.Read(j.ctx, func(tx *store.Tx) (err error) {
		d, ok, err = dealstore.ByNumber(tx, system, number)
		return err
	}))
	return d, ok
}

func (j *job) fillDeal(d *deal.Deal, r *record) bool {
	was := *d
	currency := r.values["currency"]
	if currency != "" && !strings.EqualFold(currency, j.config.Company.Currency) {
		j.refuse(r, "currency", fmt.Sprintf("is %s; amounts are in %s here", currency, j.config.Company.Currency))
		return false
	}
	if !j.set(deal.Catalogue, d, r) {
		return false
	}
	f := j.config.Deals.Funnel()
	if d.Stage == "" {
		d.Stage = f[0].Code
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
		func() (string, string) { return j.dealStage(f, d, r) },
		func() (string, string) { return j.dealTimes(d, was, r) },
		func() (string, string) { return j.dealCodes(f, d, r) },
	} {
		if column, reason := check(); reason != "" {
			j.refuse(r, column, reason)
			return false
		}
	}
	return true
}

func (j *job) dealStage(f deal.Funnel, d *deal.Deal, r *record) (column, reason string) {
	i, ok := f.Index(d.Stage)
	if !ok && d.Status != deal.Open && d.Status != deal.Stalled && d.Stage == r.values["stage"] {
		return "", "" // what has ended may have ended in a stage of its time
	}
	if !ok {
		return "stage", fmt.Sprintf("there is no stage %q; write one of %s, or name it under was: of a stage in deals.stages", d.Stage, joined(f.Codes()))
	}
	d.Stage = f[i].Code
	return "", ""
}

// dealTimes reads the instants of a deal; what a file leaves out stays as it
// is known, or is now.
func (j *job) dealTimes(d *deal.Deal, was deal.Deal, r *record) (column, reason string) {
	now := j.db.Now().UTC().Truncate(time.Millisecond)
	for _, x := range []struct {
		key string
		at  *time.Time
	}{{"created_at", &d.CreatedAt}, {"entered_stage_at", &d.EnteredStageAt}, {"closed_at", &d.ClosedAt}} {
		raw := r.values[x.key]
		if raw == "" {
			continue
		}
		t, ok := j.instant(raw)
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

// dealCodes checks the criteria and the team that a file names.
func (j *job) dealCodes(f deal.Funnel, d *deal.Deal, r *record) (column, reason string) {
	for _, code := range list(r.values["criteria_met"]) {
		if _, _, ok := f.Owner(code); !ok {
			return "criteria_met", fmt.Sprintf("there is no criterion %q in deals.stages", code)
		}
	}
	for _, handle := range list(r.values["team"]) {
		if j.refs.people[handle] == "" {
			return "team", fmt.Sprintf("there is no person with the handle %q", handle)
		}
	}
	if v := r.values["lost_reason"]; v != "" && d.Status == deal.Lost && !slices.Contains(deal.LostReasons, v) {
		return "lost_reason", "write one of " + joined(deal.LostReasons)
	}
	return "", ""
}

func list(names string) []string {
	return slices.DeleteFunc(strings.Split(names, ";"), func(s string) bool { return s == "" })
}

// afterDeal puts the team together and ticks what the file says is met.
func (j *job) afterDeal(tx *store.Tx, d deal.Deal, r *record) error {
	for _, handle := range list(r.values["team"]) {
		if err := dealstore.Join(tx, d.ID, j.refs.people[handle]); err != nil {
			return err
		}
	}
	ticks, err := dealstore.TicksOf(tx, system, d.ID)
	if err != nil {
		return err
	}
	met := deal.Met(ticks)
	for _, code := range list(r.values["criteria_met"]) {
		if met(code) {
			continue
		}
		k := deal.Tick{DealID: d.ID, Criterion: code, Note: "import", On: j.env.Today, ByID: d.OwnerID}
		if err := dealstore.AddTick(tx, &k); err != nil {
			return err
		}
	}
	return nil
}

// historyKind imports the lines of deals that are known. The last line of a
// deal must lead to where it stands.
func historyKind(j *job) kind[deal.Entry] {
	k := kind[deal.Entry]{existing: map[string]deal.Entry{}, id: func(e *deal.Entry) *string { return &e.ID }}
	deals := map[string]deal.Deal{}
	k.key = func(v map[string]string) string {
		number := v["number"]
		if _, known := deals[number]; !known {
			deals[number], _ = j.findDeal(number)
		}
		at, _ := j.instant(v["at"])
		key := number + " " + strconv.FormatInt(at.UnixMilli(), 10)
		if e, ok := j.findEntry(deals[number].ID, at); ok {
			k.existing[key] = e
		}
		return key
	}
	k.fill = func(e *deal.Entry, r *record) bool {
		known := *e
		d := deals[r.values["number"]]
		if column, reason := j.fillEntry(e, d, r); reason != "" {
			j.refuse(r, column, reason)
			return false
		}
		if known.DealID != "" && known.How != deal.ByImport && !sameEntry(known, *e) {
			j.refuse(r, "at", "stands in the history already, otherwise; history is never rewritten")
			return false
		}
		return true
	}
	k.same = sameEntry
	k.add = func(tx *store.Tx, e *deal.Entry) error { return dealstore.Import(tx, *e) }
	k.change = func(tx *store.Tx, _, after deal.Entry) error { return dealstore.Import(tx, after) }
	k.order = func(plan []*planned[deal.Entry]) []*planned[deal.Entry] {
		slices.SortStableFunc(plan, func(a, b *planned[deal.Entry]) int { return a.after.At.Compare(b.after.At) })
		return plan
	}
	return k
}

func sameEntry(a, b deal.Entry) bool {
	return a.At.Equal(b.At) && a.From == b.From && a.To == b.To && a.How == b.How && a.ByID == b.ByID && a.Reason == b.Reason && a.Undone == b.Undone
}

func (j *job) findEntry(dealID string, at time.Time) (e deal.Entry, ok bool) {
	j.failed = errors.Join(j.failed, j.db.Read(j.ctx, func(tx *store.Tx) (err error) {
		e, ok, err = dealstore.EntryAt(tx, system, dealID, at)
		return err
	}))
	return e, ok
}

func (j *job) fillEntry(e *deal.Entry, d deal.Deal, r *record) (column, reason string) {
	f := j.config.Deals.Funnel()
	at, ok := j.instant(r.values["at"])
	switch {
	case d.ID == "":
		return "number", fmt.Sprintf("there is no deal %q; import deals first", r.values["number"])
	case !ok:
		return "at", "write a time such as 2026-11-21T10:02:00+08:00 or 2026-11-21 10:02"
	case at.After(d.EnteredStageAt):
		return "at", "is later than the deal came to where it stands; import the deal as it is now first"
	}
	by, ok := j.person(r, "by")
	if !ok {
		return "by", ""
	}
	e.DealID, e.At, e.ByID, e.Reason, e.Undone = d.ID, at.UTC(), by, r.values["reason"], r.values["undone"] == "yes"
	e.From, e.To, e.How = r.values["from_stage"], r.values["to_stage"], deal.How(cmp.Or(r.values["how"], string(deal.ByImport)))
	for key, code := range map[string]*string{"from_stage": &e.From, "to_stage": &e.To} {
		i, stage := f.Index(*code)
		switch {
		case stage:
			*code = f[i].Code
		case key == "from_stage" && *code == "" || slices.Contains(deal.Ends, *code):
		default:
			return key, fmt.Sprintf("there is no stage %q; write one of %s", *code, joined(append(f.Codes(), deal.Ends...)))
		}
	}
	if at.Equal(d.EnteredStageAt) && e.To != d.Standing() {
		return "to_stage", fmt.Sprintf("is %s, and the deal stands at %s since then", e.To, d.Standing())
	}
	return "", ""
}
