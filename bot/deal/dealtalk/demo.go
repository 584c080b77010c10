package dealtalk

import (
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/command"
)

// made is a deal of the demo.
type made struct {
	account, title string
	value          int64 // in whole units of the company's currency
	stage, status  string
	began          int   // days ago
	stays          []int // days in each stage before the one it is in
	closes         int   // days from today
	source         string
	products       []string
	rivals         []string
	step           string
	stepIn         int // days from today
	why, to        string
	with           string // handle of a rep on the team
}

// Open ones in every stage, in both languages; ended ones, from which slopes
// and usual days follow.
var demoDeals = []made{
	{account: "K002", title: "新品坚果系列进场", value: 260_000, stage: "target", began: 6, closes: 90, source: "event", products: []string{"坚果"}},
	{account: "K003", title: "永辉华东直供合同", value: 800_000, stage: "intent", began: 30, stays: []int{12}, closes: 120, source: "referral", rivals: []string{"三只松鼠"}, step: "约采购总监见面", stepIn: 2},
	{account: "K001", title: "新春端架年度合同", value: 420_000, stage: "project", began: 48, stays: []int{10, 14}, closes: 45, source: "referral", products: []string{"原味瓜子", "礼盒"}, rivals: []string{"恰恰"}, step: "拿到预算范围", stepIn: -1},
	{account: "K002", title: "华润会员店专供装", value: 350_000, stage: "endorsed", began: 62, stays: []int{9, 15, 16}, closes: 30, source: "supply_chain", products: []string{"礼盒"}, step: "报价", stepIn: 5},
	{account: "K001", title: "闸北店堆头包年", value: 180_000, stage: "negotiation", began: 80, stays: []int{8, 16, 18, 20}, closes: -3, source: "referral", products: []string{"原味瓜子"}, rivals: []string{"恰恰"}, step: "回对方付款条件", stepIn: 1},
	{account: "K004", title: "便利店收银台挂条", value: 60_000, stage: "closing", began: 70, stays: []int{7, 12, 15, 14, 10}, closes: 10, source: "cold", products: []string{"小袋装"}, step: "收首款", stepIn: 3, with: "li.wei"},
	{account: "K002", title: "去年礼盒团购", value: 300_000, stage: "closing", status: deal.Won, began: 200, stays: []int{9, 14, 18, 16, 12}, source: "referral", why: "relation"},
	{account: "K001", title: "大润发自有品牌代工", value: 900_000, stage: "project", status: deal.Lost, began: 150, stays: []int{15, 20}, source: "supply_chain", why: "price", to: "恰恰"},
	{account: "K003", title: "永辉到家专区", value: 150_000, stage: "intent", status: deal.Stalled, began: 90, stays: []int{14}, source: "event", why: "平台改版，明年再谈"},
	{account: "K011", title: "Counter display for kiosks", value: 12_000, stage: "target", began: 4, closes: 60, source: "cold", products: []string{"Snack bars"}, with: "anna"},
	{account: "K012", title: "Listing at Hafen wholesale", value: 95_000, stage: "intent", began: 33, stays: []int{11}, closes: 75, source: "event", products: []string{"Chips 150 g"}, rivals: []string{"Funny Chips"}, step: "send samples", stepIn: 1, with: "anna"},
	{account: "K010", title: "Christmas end caps", value: 140_000, stage: "project", began: 45, stays: []int{10, 12}, closes: 24, source: "referral", products: []string{"Chips 150 g"}, rivals: []string{"Funny Chips"}, step: "get the timetable", stepIn: 0},
	{account: "K010", title: "Checkout coolers", value: 210_000, stage: "endorsed", began: 66, stays: []int{8, 14, 17}, closes: 50, source: "partner", products: []string{"Cold drinks"}, step: "offer", stepIn: 6},
	{account: "K010", title: "Second shelf bay 2027", value: 320_000, stage: "negotiation", began: 95, stays: []int{12, 18, 20, 22}, closes: -5, source: "referral", products: []string{"Chips 150 g"}, step: "answer their payment terms", stepIn: 2},
	{account: "K010", title: "Summer pallet promotion", value: 160_000, stage: "closing", status: deal.Won, began: 170, stays: []int{9, 13, 19, 15, 11}, source: "referral", why: "service"},
	{account: "K012", title: "Private label pretzels", value: 110_000, stage: "endorsed", status: deal.Lost, began: 160, stays: []int{10, 16, 22}, source: "cold", why: "rival", to: "Funny Chips"},
}

// fillDemo puts deals into the demo's company.
func fillDemo(demo *command.Demo) error {
	f := filler{demo, config.Of[deal.Settings](demo.Config).Funnel()}
	for _, x := range demoDeals {
		if err := f.fill(x); err != nil {
			return err
		}
	}
	return nil
}

type filler struct {
	*command.Demo
	funnel deal.Funnel
}

// fill walks a deal through its stages as people would have: what opened
// each gate is ticked on the day it was entered.
func (f filler) fill(x made) error {
	funnel, a := f.funnel, f.Accounts[x.account]
	zone := f.Config.Company.Zone()
	today := calendar.On(f.Tx.Now.In(zone))
	at := f.Tx.Now.Add(-time.Duration(x.began) * 24 * time.Hour).Truncate(time.Second)
	d := deal.Deal{Title: x.title, AccountID: a.ID, Size: a.Size, Value: x.value * 100, OwnerID: a.OwnerID, HolderID: a.OwnerID, Source: x.source, Products: x.products, Competitors: x.rivals, NextStep: x.step, CreatedAt: at}
	if x.status == "" {
		d.ExpectedCloseOn = today.Add(x.closes)
	}
	if x.step != "" {
		d.NextDue = today.Add(x.stepIn)
	}
	d, first := d.Start(funnel[0].Code, a.OwnerID, at)
	if err := dealstore.Add(f.Tx, &d, first); err != nil {
		return err
	}
	before, entries := d, []deal.Entry{}
	anything := func(string) bool { return true }
	for i, days := range x.stays {
		at = at.Add(time.Duration(days) * 24 * time.Hour)
		after, e, err := funnel.Advance(d, funnel[i+1].Code, a.Size, anything, a.OwnerID, at)
		if err != nil {
			return err
		}
		if err := f.tickGate(after, calendar.On(at.In(zone))); err != nil {
			return err
		}
		d, entries = after, append(entries, e)
	}
	d, e, err := demoEnd(funnel, d, x, today, at.Add(15*24*time.Hour))
	if err != nil {
		return err
	}
	if e.To != "" {
		entries = append(entries, e)
	}
	if err := dealstore.Change(f.Tx, before, d, entries...); err != nil {
		return err
	}
	if x.with != "" {
		if err := dealstore.Join(f.Tx, d.ID, f.People[x.with].ID); err != nil {
			return err
		}
	}
	return f.fillParties(d)
}

func demoEnd(funnel deal.Funnel, d deal.Deal, x made, today calendar.Day, at time.Time) (deal.Deal, deal.Entry, error) {
	switch x.status {
	case deal.Won:
		return funnel.Win(d, x.why, d.OwnerID, at)
	case deal.Lost:
		return d.Lose(x.why, x.to, "", d.OwnerID, at)
	case deal.Stalled:
		return d.Stall(x.why, today, d.OwnerID, at)
	}
	return d, deal.Entry{}, nil
}

// proofs are what the demo's people noted.
var proofs = map[string]string{"zh": "和采购当面确认", "en": "confirmed with the buyer"}

// tickGate ticks what the gate of a deal's stage asks for.
func (f filler) tickGate(d deal.Deal, on calendar.Day) error {
	var ticked []deal.Tick
	for {
		g := f.funnel.Gate(d.Stage, d.Size, deal.Met(ticked))
		if g.Open {
			return nil
		}
		k := deal.Tick{DealID: d.ID, Criterion: g.Missing[0].Code, Note: proofs[f.Person(d.OwnerID).Language], On: on, ByID: d.OwnerID}
		if err := dealstore.AddTick(f.Tx, &k); err != nil {
			return err
		}
		ticked = append(ticked, k)
	}
}

// fillParties puts the account's contacts into a deal.
func (f filler) fillParties(d deal.Deal) error {
	for _, c := range f.Contacts[d.AccountID] {
		if err := dealstore.SetParty(f.Tx, deal.Party{}, deal.Party{DealID: d.ID, ContactID: c.ID, Name: c.Name, BuyingRole: c.BuyingRole, Attitude: c.Attitude, Weight: c.Weight, Status: deal.Active}); err != nil {
			return err
		}
	}
	return nil
}
