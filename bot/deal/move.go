package deal

import (
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
)

// How a stage was entered.
type How string

// The ways into a stage, and out of the funnel.
const (
	ByGate     How = "gate"
	ByOverride How = "override" // a manager, against a closed gate
	ByStart    How = "start"    // new at the first stage, repeat at the second
	ByRestore  How = "restore"  // a lost or stalled deal, to a stage once held
	ByBack     How = "back"
	ByImport   How = "import"
	ByEnd      How = "end" // won, lost, stalled: no stage is entered
)

// Hows are all of them.
var Hows = []How{ByGate, ByOverride, ByStart, ByRestore, ByBack, ByImport, ByEnd}

// Entry is a line of a deal's history.
type Entry struct {
	ID     string    `db:"id"`
	DealID string    `db:"deal_id"`
	At     time.Time `db:"at"`
	From   string    `db:"from_stage"` // a stage or an end; empty for the first
	To     string    `db:"to_stage"`
	How    How       `db:"how"`
	ByID   string    `db:"by_id"`
	Reason string    `db:"reason"`
	Stayed int64     `db:"stayed"` // milliseconds in From
	Undone bool      `db:"undone"` // it was taken back, or takes the line before it back
}

// Table implements store.Row, for imports; nothing else writes a line twice.
func (e Entry) Table() string { return "deal_history" }

// Key implements store.Row.
func (e Entry) Key() (string, int64) { return e.ID, 0 }

// Standing is where a deal stands, as history calls it.
func (d Deal) Standing() string {
	if d.Status == Open {
		return d.Stage
	}
	return d.Status
}

// move goes to a stage, or to an end, and writes the line of history. Two
// lines of a deal never share a millisecond.
func (d Deal) move(to string, how How, by, reason string, now time.Time) (Deal, Entry) {
	if !now.After(d.EnteredStageAt) {
		now = d.EnteredStageAt.Add(time.Millisecond)
	}
	e := Entry{DealID: d.ID, At: now, From: d.Standing(), To: to, How: how, ByID: by, Reason: reason}
	if !d.EnteredStageAt.IsZero() {
		e.Stayed = now.Sub(d.EnteredStageAt).Milliseconds()
	}
	d.EnteredStageAt, d.ClosedAt = now, time.Time{}
	switch to {
	case Won, Lost:
		d.Status, d.ClosedAt = to, now
	case Stalled, Cancelled:
		d.Status = to
	default:
		d.Status, d.Stage = Open, to
		d.EndReason, d.LostTo, d.EndNote, d.WakeOn = "", "", "", ""
	}
	return d, e
}

// Start is the first line of a new deal.
func (d Deal) Start(stage, by string, now time.Time) (Deal, Entry) {
	d.Stage, d.Status, d.EnteredStageAt = "", Open, time.Time{}
	return d.move(stage, ByStart, by, "", now)
}

// Opened is the fault of a deal that is not open, or nil.
//
// Errors: deal_stalled, deal_lost, deal_ended.
func (d Deal) Opened() error {
	switch d.Status {
	case Open:
		return nil
	case Stalled:
		return fault.New(fault.Conflict, "deal_stalled", "number", d.Number, "day", d.WakeOn)
	case Lost:
		return fault.New(fault.Conflict, "deal_lost", "number", d.Number)
	}
	return fault.New(fault.Conflict, "deal_ended", "number", d.Number)
}

// astray is the fault of a deal in a stage that the funnel does not know.
func (d Deal) astray() error {
	return fault.New(fault.Conflict, "deal_astray", "number", d.Number, "stage", d.Stage)
}

// Advance moves a deal forward through open gates.
//
// Errors: deal_stalled, deal_lost, deal_ended, deal_last, deal_not_forward,
// deal_gate (Conflict or Invalid).
func (f Funnel) Advance(d Deal, to, size string, met func(string) bool, by string, now time.Time) (Deal, Entry, error) {
	if err := f.MayAdvance(d, to, size, met); err != nil {
		return d, Entry{}, err
	}
	after, e := d.move(to, ByGate, by, "", now)
	return after, e, nil
}

// MayAdvance is what keeps a deal from going forward to a stage, or nil.
func (f Funnel) MayAdvance(d Deal, to, size string, met func(string) bool) error {
	if err := f.forward(d, to); err != nil {
		return err
	}
	if gates, open := f.Way(d.Stage, to, size, met); !open {
		closed := gates[len(gates)-1]
		return fault.New(fault.Conflict, "deal_gate", "n", closed.Need(), "stage", closed.Stage.Code)
	}
	return nil
}

func (f Funnel) forward(d Deal, to string) error {
	if err := d.Opened(); err != nil {
		return err
	}
	i, known := f.Index(d.Stage)
	j, ok := f.Index(to)
	switch {
	case !known:
		return d.astray()
	case i == len(f)-1:
		return fault.New(fault.Conflict, "deal_last", "number", d.Number)
	case !ok || j <= i:
		return fault.Wrong("deal_not_forward")
	}
	return nil
}

// Override moves a deal forward against a closed gate; it is marked for ever.
//
// Errors: those of Advance but deal_gate.
func (f Funnel) Override(d Deal, to, by, reason string, now time.Time) (Deal, Entry, error) {
	if err := f.forward(d, to); err != nil {
		return d, Entry{}, err
	}
	after, e := d.move(to, ByOverride, by, reason, now)
	after.Overridden = true
	return after, e, nil
}

// Back moves a deal to an earlier stage, with a reason.
//
// Errors: deal_stalled, deal_lost, deal_ended, deal_not_back.
func (f Funnel) Back(d Deal, to, by, reason string, now time.Time) (Deal, Entry, error) {
	if err := d.Opened(); err != nil {
		return d, Entry{}, err
	}
	i, known := f.Index(d.Stage)
	if !known {
		return d, Entry{}, d.astray()
	}
	if j, ok := f.Index(to); !ok || j >= i {
		return d, Entry{}, fault.Wrong("deal_not_back")
	}
	after, e := d.move(to, ByBack, by, reason, now)
	return after, e, nil
}

// Lose ends a deal (丢单): why, and to whom.
//
// Errors: deal_lost, deal_ended.
func (d Deal) Lose(reason, to, note, by string, now time.Time) (Deal, Entry, error) {
	if d.Status != Open && d.Status != Stalled {
		return d, Entry{}, d.Opened()
	}
	after, e := d.move(Lost, ByEnd, by, reason, now)
	after.EndReason, after.LostTo, after.EndNote, after.WakeOn = reason, to, note, ""
	return after, e, nil
}

// Stall puts a deal aside (搁置) until a day.
//
// Errors: deal_stalled, deal_lost, deal_ended.
func (d Deal) Stall(reason string, wake calendar.Day, by string, now time.Time) (Deal, Entry, error) {
	if err := d.Opened(); err != nil {
		return d, Entry{}, err
	}
	after, e := d.move(Stalled, ByEnd, by, reason, now)
	after.EndNote, after.WakeOn = reason, wake
	return after, e, nil
}

// Win ends a deal (赢单); only one in the last stage can be won.
//
// Errors: deal_stalled, deal_lost, deal_ended, deal_not_closing.
func (f Funnel) Win(d Deal, reason, by string, now time.Time) (Deal, Entry, error) {
	if err := f.MayWin(d); err != nil {
		return d, Entry{}, err
	}
	after, e := d.move(Won, ByEnd, by, reason, now)
	after.EndReason = reason
	return after, e, nil
}

// MayWin is what keeps a deal from being won, or nil.
func (f Funnel) MayWin(d Deal) error {
	if err := d.Opened(); err != nil {
		return err
	}
	if i, ok := f.Index(d.Stage); !ok || i != len(f)-1 {
		return fault.New(fault.Conflict, "deal_not_closing", "number", d.Number, "stage", f[len(f)-1].Code)
	}
	return nil
}

// Restore opens a lost deal again, in a stage that it once held, or wakes a
// stalled one in the stage that it was put aside in.
//
// Errors: deal_open, deal_ended, deal_never_held.
func (f Funnel) Restore(d Deal, history []Entry, to, by, reason string, now time.Time) (Deal, Entry, error) {
	switch d.Status {
	case Open:
		return d, Entry{}, fault.New(fault.Conflict, "deal_open", "number", d.Number)
	case Lost, Stalled:
	default:
		return d, Entry{}, d.Opened()
	}
	for _, code := range f.Ways(d, history) {
		if code == to {
			after, e := d.move(to, ByRestore, by, reason, now)
			return after, e, nil
		}
	}
	return d, Entry{}, fault.Wrong("deal_never_held")
}

// Ways are the stages that a lost or stalled deal can come back to, the first of
// the funnel first. What was taken back was never held.
func (f Funnel) Ways(d Deal, history []Entry) []string {
	held := map[string]bool{}
	if d.Status == Stalled {
		held[f.Stage(d.Stage).Code] = true
		history = nil
	}
	for _, e := range history {
		if i, ok := f.Index(e.To); ok && !e.Undone {
			held[f[i].Code] = true
		}
	}
	var out []string
	for _, s := range f {
		if held[s.Code] {
			out = append(out, s.Code)
		}
	}
	return out
}

// Replay returns where a history, oldest first, leaves a deal. What was taken
// back led nowhere.
func Replay(history []Entry) (stage, status string) {
	for _, e := range history {
		if e.Undone {
			continue
		}
		switch e.To {
		case Won, Lost, Stalled, Cancelled:
			status = e.To
		default:
			stage, status = e.To, Open
		}
	}
	return stage, status
}

// Import is how a deal comes to where a file says it stands, which history did
// not see: the lines that follow, none if it stands there already. A new deal is
// before its first line.
func (d Deal) Import(after Deal, by string, now time.Time) []Entry {
	var out []Entry
	if after.Status != Open && d.Stage != after.Stage {
		at := now.Add(-time.Millisecond)
		if !after.CreatedAt.IsZero() && after.CreatedAt.Before(at) && d.EnteredStageAt.IsZero() {
			at = after.CreatedAt
		}
		var e Entry
		d, e = d.move(after.Stage, ByImport, by, "", at)
		out = append(out, e)
	}
	if d.Standing() != after.Standing() || d.EnteredStageAt.IsZero() {
		from := d.Standing()
		if d.EnteredStageAt.IsZero() {
			from = ""
		}
		_, e := d.move(after.Standing(), ByImport, by, "", now)
		e.From = from
		out = append(out, e)
	}
	return out
}

// TakenBack is the line of history that follows when undo has put a deal back
// from where it stood to what it is now, and the line that it takes back: a step
// forward comes back, an end or a step back is restored. It is false if the deal
// had not moved.
func (f Funnel) TakenBack(d Deal, history []Entry, by string, now time.Time) (taken, line Entry, moved bool) {
	stage, status := Replay(history)
	was := Deal{ID: d.ID, Stage: stage, Status: status, EnteredStageAt: history[len(history)-1].At}
	if was.Standing() == d.Standing() {
		return taken, line, false
	}
	for _, e := range history {
		if !e.Undone {
			taken = e
		}
	}
	how := ByRestore
	i, _ := f.Index(was.Stage)
	if j, _ := f.Index(d.Stage); status == Open && j < i {
		how = ByBack
	}
	if d.Status != Open {
		how = ByEnd
	}
	_, line = was.move(d.Standing(), how, by, "", now)
	line.Undone = true
	return taken, line, true
}
