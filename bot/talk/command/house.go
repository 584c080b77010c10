package command

import (
	"log/slog"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// House is what every request is made in.
type House struct {
	DB      *store.DB
	Config  *config.Config
	Log     *slog.Logger
	Links   Links
	Modules []Module
}

// For is the request of a person, as the clock calls for it; what a message adds is
// the root's to say.
func (h *House) For(tx *store.Tx, p person.Person) *Request {
	return &Request{Tx: tx, Who: p, Scope: access.Of(p), Words: WordsFor(p, h.Config), Said: tx.Now, Config: h.Config, Links: h.Links, Log: h.Log, Modules: h.Modules}
}

// System is a request of nobody: what time alone or the shell calls for.
func (h *House) System(tx *store.Tx) *Request {
	return &Request{Tx: tx, Scope: access.System("what the clock or the shell calls for"), Words: lang.In(h.Config.Company.Language, h.Config.Company.Zone()), Said: tx.Now, Config: h.Config, Links: h.Links, Log: h.Log, Modules: h.Modules}
}
