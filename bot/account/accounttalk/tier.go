package accounttalk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/approval/approvaltalk"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// The two steps of a tier's way: its KAM reviews what anybody proposes, a
// manager confirms.
const (
	tierReview  = "tier_review"
	tierConfirm = "tier_confirm"
)

var asks = map[string]command.Ask{
	tierReview:  {Roles: owners, Describe: describeTier, Decide: decideReview},
	tierConfirm: {Roles: []person.Role{person.Manager}, Describe: describeTier, Decide: decideConfirm},
	askPlace:    placeAsk,
}

// proposals ranks all active accounts of the company; a percentile means
// nothing among a few.
func proposals(r *command.Request) ([]account.Proposal, error) {
	system := access.System("percentiles of a tier are the whole company's")
	all, err := accountstore.Standings(r.Tx, system)
	if err != nil {
		return nil, err
	}
	today := r.Words.Today(r.Tx.Now)
	steady, err := accountstore.Steady(r.Tx, system, today.Add(-365))
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].SteadyMonth = min(12, steady[all[i].ID])
	}
	return account.ProposeTiers(all, r.Config.Tiers.Rules(), today), nil
}

// tier shows the computed proposal of an account with its four factors, or,
// without one, the accounts in sight whose tier is another.
func tier(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object == "" {
		return tiers(r)
	}
	place, choose, err := r.OnePlace("account", "tier", a)
	if err != nil {
		return chat.Reply{}, err
	}
	if choose != nil {
		return *choose, nil
	}
	if _, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, place.AccountID); err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	all, err := proposals(r)
	if err != nil {
		return chat.Reply{}, err
	}
	i := slices.IndexFunc(all, func(p account.Proposal) bool { return p.ID == place.AccountID })
	if i < 0 {
		return chat.Reply{}, fault.Wrong("tier_not_rated", "name", place.AccountName)
	}
	p := all[i]
	reply := chat.Reply{Title: r.Say("tier.title", "name", p.Name, "now", orNone(r, p.Tier), "grade", p.Grade, "score", p.Score)}
	weights := r.Config.Tiers.Weights
	for f, name := range account.Factors {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("tier."+name) + " " + strconv.Itoa(weights[name]) + "%", Value: r.Say("tier.percentile", "n", p.Factors[f])})
	}
	reply.Text = r.Say("tier.rule", "a", r.Config.Tiers.A, "b", r.Config.Tiers.B)
	if p.Share > 0 {
		reply.Text = r.Say("tier.share", "n", p.Share) + "\n" + reply.Text
	}
	trail, err := tierTrail(r, place.AccountID)
	if err != nil {
		return chat.Reply{}, err
	}
	reply.Text += trail
	var row []chat.Button
	for _, grade := range []string{"A", "B", "C"} {
		if grade != p.Tier && r.Who.Is(fieldwork...) {
			row = append(row, chat.Button{Label: r.Say("tier.nominate", "grade", grade), Do: &chat.Do{Action: "tier.nominate", Args: []string{place.AccountID, grade, strconv.Itoa(p.Score), p.Grade}, Acts: true}})
		}
	}
	if len(row) > 0 {
		reply.Buttons = [][]chat.Button{row}
	}
	return reply, nil
}

func orNone(r *command.Request, tier string) string {
	if tier == "" {
		return r.Say("tier.none")
	}
	return r.Say("grade.account", "grade", tier)
}

// tierTrail is who proposed, reviewed and confirmed what, the last three.
func tierTrail(r *command.Request, id string) (string, error) {
	var out strings.Builder
	for _, kind := range []string{tierReview, tierConfirm} {
		trail, err := approvalstore.About(r.Tx, kind, "account:"+id)
		if err != nil {
			return "", err
		}
		for _, a := range trail[max(0, len(trail)-3):] {
			out.WriteString("\n· " + r.Say("tier.trail", "grade", a.Args[0], "who", r.Name(a.AskedBy), "by", r.Name(a.ApproverID), "status", r.Words.Choice("approval", a.Status), "day", r.Words.Today(a.AskedAt)))
		}
	}
	return out.String(), nil
}

const mostTiers = 10

// tiers lists the accounts in sight whose figures propose another tier.
func tiers(r *command.Request) (chat.Reply, error) {
	differ, err := differing(r)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(differ) == 0 {
		return chat.Reply{Text: r.Say("tier.all_fit")}, nil
	}
	reply := chat.Reply{Title: r.Say("tier.differ", "n", len(differ))}
	var lines []string
	for _, p := range differ[:min(mostTiers, len(differ))] {
		lines = append(lines, "· "+r.Say("tier.line", "name", p.Name, "now", orNone(r, p.Tier), "grade", p.Grade, "score", p.Score))
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(p.Name, "account", "tier account:"+p.ID)})
	}
	if more := len(differ) - mostTiers; more > 0 {
		lines = append(lines, r.Say("list.more", "n", more))
	}
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}

// differing are the accounts in sight that have figures and whose tier is not
// what the figures propose.
func differing(r *command.Request) ([]account.Proposal, error) {
	mine, err := accountstore.Standings(r.Tx, r.Scope)
	if err != nil {
		return nil, err
	}
	visible := map[string]bool{}
	for _, s := range mine {
		visible[s.ID] = true
	}
	all, err := proposals(r)
	return slices.DeleteFunc(all, func(p account.Proposal) bool {
		return !visible[p.ID] || p.Grade == p.Tier || p.Revenue == 0 && p.Potential == 0
	}), err
}

// nominate proposes a tier: to the account's KAM, or, from the KAM, straight
// to whoever leads the KAM.
func nominate(r *command.Request, a account.Account, said []string) (chat.Reply, error) {
	subject := "account:" + a.ID
	for _, kind := range []string{tierReview, tierConfirm} {
		if _, waits, err := approvalstore.Of(r.Tx, kind, subject); err != nil || waits {
			return chat.Reply{}, orWaits(err, a.Name)
		}
	}
	ask := approval.Approval{Kind: tierReview, Subject: subject, Args: said}
	approver, ok, err := personstore.ByID(r.Tx, a.OwnerID)
	if err != nil {
		return chat.Reply{}, err
	}
	if !ok || !approver.Active() || approver.ID == r.Who.ID {
		ask.Kind = tierConfirm
		if approver, ok, err = r.Boss(r.Who); err != nil {
			return chat.Reply{}, err
		}
		if !ok {
			return chat.Reply{}, fault.Wrong("approve_nobody")
		}
	}
	if err := approvaltalk.Propose(r, ask, approver); err != nil {
		return chat.Reply{}, err
	}
	return chat.Reply{Text: r.Say("tier.proposed", "name", a.Name, "grade", said[0], "who", approver.Name), Keep: true}, nil
}

func orWaits(err error, name string) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "tier_waits", "name", name)
}

func describeTier(r *command.Request, a approval.Approval) (string, error) {
	row, _, err := accountstore.Accounts.In(access.System("what an approver is asked")).ByID(r.Tx, strings.TrimPrefix(a.Subject, "account:"))
	said := append(slices.Clone(a.Args), "", "", "")
	return r.Say("tier.ask", "name", row.Name, "now", orNone(r, row.Tier), "grade", said[0], "score", said[1], "figures", said[2], "first", said[3], "review", a.Kind == tierReview), err
}

// decideReview passes what the KAM agrees to on to whoever leads the KAM; a
// KAM without anybody above has nobody to ask.
func decideReview(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	boss, ok, err := approvaltalk.Above(r, r.Who, a)
	switch {
	case err != nil:
		return err
	case !ok && r.Who.Is(person.Manager):
		return decideConfirm(r, a, true)
	case !ok:
		return fault.Wrong("approve_nobody")
	}
	return approvaltalk.Propose(r, approval.Approval{Kind: tierConfirm, FirstBy: a.FirstBy, Subject: a.Subject, Args: append(slices.Clone(a.Args), r.Name(a.AskedBy))}, boss)
}

// decideConfirm sets the tier; the cadence of the head office follows.
func decideConfirm(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	before, ok, err := accountstore.Accounts.In(access.System("a tier that was confirmed")).ByID(r.Tx, strings.TrimPrefix(a.Subject, "account:"))
	if err != nil || !ok {
		return command.OrGone(err)
	}
	after := before
	after.Tier = a.Args[0]
	return accountstore.Accounts.Change(r.Tx, before, after)
}

// passers reminds of ordinary accounts that have grown past the lowest B; one
// that a tier is being asked for waits in no digest.
func passers(r *command.Request) ([]command.Section, error) {
	grown, err := accountstore.Passers(r.Tx, r.Scope, r.Who.ID)
	if err != nil || len(grown) == 0 {
		return nil, err
	}
	s := command.Section{Title: r.Say("tier.grown")}
	for _, p := range grown {
		if _, waits, err := approvalstore.Of(r.Tx, tierConfirm, p.Ref()); err != nil || waits {
			if err != nil {
				return nil, err
			}
			continue
		}
		s.Items = append(s.Items, command.Item{Subject: "tier:" + p.ID, Label: p.Name, Line: "· " + p.Name, Act: []chat.Button{command.SayButton(r.Say("button.tier_of", "name", p.Name), "account", "tier "+p.Ref())}})
	}
	return []command.Section{s}, nil
}

// tierSeason reminds of proposals in the first week of January and of July.
func tierSeason(r *command.Request) ([]command.Section, error) {
	today := r.Words.Today(r.Tx.Now)
	_, month, day := today.Parts()
	if !r.Who.Is(person.KAM) {
		return nil, nil
	}
	if day > 7 || month != 1 && month != 7 {
		return passers(r)
	}
	// Which ones is computed on the press: it reads a year of visits.
	item := command.Item{Subject: fmt.Sprintf("tiers:%s", today[:7]), Label: r.Say("tier.season_label"), Line: "· " + r.Say("tier.season_line"), Act: []chat.Button{command.SayButton(r.Say("button.tiers"), "account", "tier")}}
	return []command.Section{{Title: r.Say("tier.season"), Items: []command.Item{item}}}, nil
}
