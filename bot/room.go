package bot

import (
	"cmp"

	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// inRoom hands what answers a message that was written for a shared room to the module
// that wrote it. It is false for everything else.
func (a *App) inRoom(r *command.Request, u chat.Update) (bool, error) {
	message := cmp.Or(u.Answers, u.Message)
	if u.Place.Private || message == "" || u.Kind != chat.Press && u.Kind != chat.Text {
		return false, nil
	}
	written, ok, err := command.Written(r.Tx, u.Place, message)
	if err != nil || !ok {
		return false, err
	}
	do := written.About
	if u.Kind == chat.Press {
		c, ok, err := r.Tx.CallbackByID(u.Name)
		if err != nil || !ok || c.PersonID != "" || c.Until.Before(r.Tx.Now) {
			return false, err
		}
		do = &c.Do
	}
	if do == nil {
		return false, nil
	}
	for _, m := range a.Modules {
		if m.Room == nil {
			continue
		}
		if taken, err := m.Room(r, u, *do); err != nil || taken {
			return taken, err
		}
	}
	return false, nil
}
