package command

// Listener is how a module reacts to an event of another: see Hear.
type Listener func(r *Request, event any) error

// Hear listens to events of one type.
func Hear[E any](react func(r *Request, event E) error) Listener {
	return func(r *Request, event any) error {
		if e, ok := event.(E); ok {
			return react(r, e)
		}
		return nil
	}
}

// Happened lets the modules react to an event, in the same unit of work.
func (r *Request) Happened(event any) error {
	for _, m := range r.Modules {
		for _, listen := range m.Hears {
			if err := listen(r, event); err != nil {
				return err
			}
		}
	}
	return nil
}

// PhotoSeen is the event of a photo that was seen with other rows before.
type PhotoSeen struct {
	Subject string // the row that it came with, table:id
	Others  []string
}
