package bot

import (
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"fieldbot/bot/account/accounttalk"
	"fieldbot/bot/approval/approvaltalk"
	"fieldbot/bot/ask/asktalk"
	"fieldbot/bot/clock"
	"fieldbot/bot/clock/today"
	"fieldbot/bot/config"
	"fieldbot/bot/credit/credittalk"
	"fieldbot/bot/deal/dealtalk"
	"fieldbot/bot/expense/expensetalk"
	"fieldbot/bot/files"
	"fieldbot/bot/followup/followuptalk"
	"fieldbot/bot/invoice/invoicetalk"
	"fieldbot/bot/order/ordertalk"
	rules "fieldbot/bot/person"
	"fieldbot/bot/person/persontalk"
	"fieldbot/bot/product/producttalk"
	"fieldbot/bot/promo/promotalk"
	"fieldbot/bot/report/reporttalk"
	"fieldbot/bot/room/roomtalk"
	"fieldbot/bot/sales/salestalk"
	"fieldbot/bot/shelf/shelftalk"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/dialog"
	"fieldbot/bot/talk/hear"
	"fieldbot/bot/talk/lang"
	"fieldbot/bot/terms/termstalk"
	"fieldbot/bot/visit/visittalk"
	"fieldbot/store"
)

// App is the bot on one database.
type App struct {
	*command.House
	Clock *clock.Clock
	// Wake is called after a commit that put something into the outbox.
	Wake  func()
	Waits Waits

	shut    atomic.Bool // the database is not ready: nothing is taken
	ear     *hear.Ear
	forms   *dialog.Forms
	senders map[chat.Platform]chat.Sender
	heard   *prometheus.CounterVec
	took    prometheus.Histogram
}

// New makes the bot with all its modules. Senders are the platforms it speaks on;
// its counters are registered in reg.
func New(db *store.DB, c *config.Config, log *slog.Logger, reg prometheus.Registerer, senders ...chat.Sender) *App {
	return assemble(ears(), Modules(), db, c, log, reg, senders...)
}

// ears is the ear of all modules: reading their sentences takes a while and is done once.
var ears = sync.OnceValue(func() *hear.Ear { return hear.New(Modules()) })

// Assemble makes a bot of some modules.
func Assemble(modules []command.Module, db *store.DB, c *config.Config, log *slog.Logger, reg prometheus.Registerer, senders ...chat.Sender) *App {
	return assemble(hear.New(modules), modules, db, c, log, reg, senders...)
}

func assemble(ear *hear.Ear, modules []command.Module, db *store.DB, c *config.Config, log *slog.Logger, reg prometheus.Registerer, senders ...chat.Sender) *App {
	a := &App{House: &command.House{DB: db, Config: c, Log: log, Modules: modules}, Wake: func() {}, Waits: prompt, senders: map[chat.Platform]chat.Sender{},
		heard: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fieldbot_updates_total", Help: "Updates received, by platform and result (ok, repeat, fault, error, busy)."}, []string{"platform", "result"}),
		took:  prometheus.NewHistogram(prometheus.HistogramOpts{Name: "fieldbot_update_seconds", Help: "Time from an update's arrival to its answer.", Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}}),
	}
	reg.MustRegister(a.heard, a.took)
	for _, s := range senders {
		a.senders[s.Platform()] = s
	}
	a.Links = a
	a.ear = ear
	a.forms = &dialog.Forms{House: a.House, Ear: a.ear}
	a.Clock = clock.New(a.House, func() { a.Wake() })
	db.SetRules(c.Rules())
	return a
}

// Modules are the capabilities, those used most first. A new one adds its line
// here.
func Modules() []command.Module {
	modules := []command.Module{today.Module, visittalk.Module, followuptalk.Module, accounttalk.Module, dealtalk.Module, producttalk.Module, shelftalk.Module, promotalk.Module, salestalk.Module, ordertalk.Module, invoicetalk.Module, credittalk.Module, termstalk.Module, expensetalk.Module, approvaltalk.Module}
	return append(modules, reporttalk.Module(modules), asktalk.Module, command.Module{Name: "bot", Families: []command.Family{undo, help}}, persontalk.Module, roomtalk.Module)
}

func init() {
	for _, m := range Modules() {
		Register(m)
	}
}

// Register makes the words, settings and files of a module known. Those of Modules are,
// from the start.
func Register(m command.Module) {
	if m.Words != nil {
		lang.Add(m.Words)
	}
	if m.Config.Name != "" {
		config.Register(m.Config)
	}
	files.Register(m.Files...)
}

// PhotoSeen tells the modules that the photo of a row was seen with others.
func (a *App) PhotoSeen(tx *store.Tx, subject string, others []string) error {
	return a.System(tx).Happened(command.PhotoSeen{Subject: subject, Others: others})
}

// Close keeps updates out until Open: what comes in meanwhile is told that it
// was not saved, and comes again where the platform sends it again.
func (a *App) Close() { a.shut.Store(true) }

// Open takes updates.
func (a *App) Open() { a.shut.Store(false) }

// Taking reports whether updates are taken.
func (a *App) Taking() bool { return !a.shut.Load() }

// Link implements command.Links.
func (a *App) Link(platform chat.Platform, token string) string {
	if s := a.senders[platform]; s != nil {
		return s.Link(token)
	}
	return ""
}

// request is what the commands get to see of an update of a person.
func (a *App) request(tx *store.Tx, p rules.Person, u chat.Update) *command.Request {
	said := tx.Now
	if !u.At.IsZero() && u.At.Before(said) {
		said = u.At
	}
	r := a.For(tx, p)
	r.Said, r.Place = said, u.Place
	r.Words.Year = said.In(r.Words.Zone).Year()
	if s := a.senders[u.Place.Platform]; s != nil {
		r.Caps = s.Caps()
	}
	return r
}
