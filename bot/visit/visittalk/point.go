package visittalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/approval/approvaltalk"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// pointKind is the approval of a store's coordinates.
const pointKind = "store_point"

// askPoint asks whoever leads the visitor whether the store is where the
// visitor stood. Without anybody above nothing is learned.
func askPoint(r *command.Request, s account.Store, v visit.Visit, l chat.Location) error {
	if _, waits, err := approvalstore.Of(r.Tx, pointKind, "store:"+s.ID); err != nil || waits {
		return err
	}
	boss, ok, err := r.Boss(r.Who)
	if err != nil || !ok {
		return err
	}
	return approvaltalk.Propose(r, approval.Approval{Kind: pointKind, Subject: "store:" + s.ID, Args: []string{form.FormatLocation(chat.Location{Lat: l.Lat, Lon: l.Lon}), v.ID}}, boss)
}

func describePoint(r *command.Request, a approval.Approval) (string, error) {
	s, _, err := accountstore.Stores.In(access.System("what an approver is asked")).ByID(r.Tx, strings.TrimPrefix(a.Subject, "store:"))
	l, _ := form.ParseLocation(a.Args[0])
	return r.Say("approve.point", "store", s.Name, "address", s.Address, "link", r.MapLink(l.Lat, l.Lon)), err
}

// decidePoint keeps the coordinates and grades the visit that brought them.
func decidePoint(r *command.Request, a approval.Approval, yes bool) error {
	if !yes {
		return nil
	}
	system := access.System("coordinates that an approver agreed to")
	before, ok, err := accountstore.Stores.In(system).ByID(r.Tx, strings.TrimPrefix(a.Subject, "store:"))
	if err != nil || !ok || before.Located() {
		return err
	}
	l, _ := form.ParseLocation(a.Args[0])
	after := before
	after.Latitude, after.Longitude = l.Lat, l.Lon
	if err := accountstore.Stores.Change(r.Tx, before, after); err != nil {
		return err
	}
	v, ok, err := visitstore.Visits.In(system).ByID(r.Tx, a.Args[1])
	if err != nil || !ok || v.Status == visit.Cancelled {
		return err
	}
	regraded := v
	g := visit.GradePresence(after, l.Lat, l.Lon, true, true, r.Config.Visits.FenceMetres)
	regraded.Presence, regraded.DistanceM = g.Presence, g.Metres
	return r.Tx.Unasked(func() error { return visitstore.Visits.Change(r.Tx, v, regraded) })
}
