package visittalk

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/config"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// stepSection is what a company sets of the steps of its visits.
var stepSection = config.Section{Name: "visit_steps", Default: func() any {
	return visit.StepSettings{Store: []visit.Step{}, HeadOffice: []visit.Step{}, Format: map[string][]visit.Step{}}
}, Check: func(settings any, bad func(key, cure string, args ...any)) { settings.(visit.StepSettings).Check(bad) }}

// stepsOf are the steps of a visit, in their order.
func stepsOf(r *command.Request, v visit.Visit) []visit.Step {
	s := config.Of[visit.StepSettings](r.Config)
	if s.None() {
		return nil
	}
	place := placeOf(r, v)
	return s.Of(place.Kind, place.Format)
}

// stepsButton opens the steps of a visit, if it has any.
func stepsButton(r *command.Request, v visit.Visit) []chat.Button {
	steps := stepsOf(r, v)
	if len(steps) == 0 {
		return nil
	}
	return []chat.Button{command.SayButton(r.Say("button.steps", "n", len(steps)), "visit", "steps "+v.Subject())}
}

// gone are the steps of a visit, what became of them, and those that nothing was said of.
func gone(r *command.Request, v visit.Visit) (steps []visit.Step, taken []visit.StepTaken, open []visit.Step, err error) {
	if steps = stepsOf(r, v); len(steps) == 0 {
		return nil, nil, nil, nil
	}
	taken, err = visitstore.StepsOf(r.Tx, r.Scope, v.ID)
	_, _, open = visit.Taken(steps, taken)
	return steps, taken, open, err
}

// showSteps are the steps of a visit with what became of each; a press ticks one.
func showSteps(r *command.Request, v visit.Visit) (chat.Reply, error) {
	steps, taken, open, err := gone(r, v)
	if err == nil && len(steps) == 0 {
		err = fault.New(fault.NotFound, "steps_none", "place", placeOf(r, v).Name)
	}
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("visit.steps_title", "place", placeOf(r, v).Name, "done", len(steps)-len(open), "of", len(steps)), Replace: true}
	var lines []string
	mine := mayStep(r, v) == nil
	for _, s := range steps {
		mark, name, reason := "✅", s.Names[r.Words.Code], ""
		if slices.ContainsFunc(open, func(o visit.Step) bool { return o.Code == s.Code }) {
			mark = "⬜"
			if mine {
				reply.Buttons = append(reply.Buttons, []chat.Button{{Label: "☑ " + name, Do: &chat.Do{Action: "visit.step", Args: []string{v.ID, s.Code}}}})
			}
		}
		for _, t := range taken {
			if t.Code == s.Code && t.State == visit.StepSkipped {
				mark, reason = "⏭", " · "+t.Reason
			}
		}
		lines = append(lines, mark+" "+name+reason)
	}
	reply.Text = strings.Join(lines, "\n")
	if mine && len(open) > 0 {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.skip_step"), "visit", "skip "+v.Subject())})
	}
	return reply, nil
}

// addStepsLeft names the steps of a visit that nothing was said of.
func addStepsLeft(r *command.Request, v visit.Visit, reply *chat.Reply) error {
	_, _, open, err := gone(r, v)
	if err != nil || len(open) == 0 {
		return err
	}
	var names []string
	for _, s := range open {
		names = append(names, s.Names[r.Words.Code])
	}
	reply.Text += "\n" + r.Say("visit.steps_left", "steps", r.Words.List(names))
	reply.Buttons = append(reply.Buttons, stepsButton(r, v))
	return nil
}

// mayStep: who made the visit says what was done at it, until it can be changed no more.
func mayStep(r *command.Request, v visit.Visit) error {
	if v.PersonID != r.Who.ID {
		return fault.New(fault.Denied, "not_yours")
	}
	if v.Status == visit.CheckedIn {
		return nil
	}
	return mayChange(r, v)
}

// tickStep notes that a step was done.
func tickStep(r *command.Request, v visit.Visit, args []string) (chat.Reply, error) {
	if err := setStep(r, v, visit.StepTaken{Code: args[0], State: visit.StepDone}); err != nil {
		return chat.Reply{}, err
	}
	return showSteps(r, v)
}

func setStep(r *command.Request, v visit.Visit, s visit.StepTaken) error {
	if !slices.ContainsFunc(stepsOf(r, v), func(x visit.Step) bool { return x.Code == s.Code }) {
		return fault.At("step", "steps_gone")
	}
	s.VisitID = v.ID
	return visitstore.SetStep(r.Tx, r.Scope, s)
}

// skipStep notes why a step was left out.
func skipStep(r *command.Request, v visit.Visit, d form.Draft) (command.Saved, error) {
	if err := setStep(r, v, visit.StepTaken{Code: d.Values["step"], State: visit.StepSkipped, Reason: d.Values["reason"]}); err != nil {
		return command.Saved{}, err
	}
	reply, err := showSteps(r, v)
	reply.Replace = false
	reply.Buttons = append(reply.Buttons, []chat.Button{r.UndoButton()})
	return command.Saved{Reply: reply, ID: v.ID}, err
}

// openSteps are those of a visit that nothing was said of yet, for the form that leaves one
// out.
func openSteps(r *command.Request, d form.Draft, _ field.Field, query string) ([]chat.Option, error) {
	v, err := load(r, d.Subject)
	if err != nil {
		return nil, err
	}
	_, _, open, err := gone(r, v)
	if err != nil {
		return nil, err
	}
	var all []chat.Option
	for _, s := range open {
		all = append(all, chat.Option{Value: s.Code, Label: s.Names[r.Words.Code]})
	}
	if query == "" {
		return all, nil
	}
	return command.Fitting(all, query), nil
}

func exportSteps(e *files.Exporter) error {
	return exportBeside(e, visit.StepCatalogue, visitstore.Steps.In(byFile).And("vs.state <> ?", visit.StepOpen), "vs.step, vs.state, vs.reason")
}

func importSteps(j *files.Job) files.Rows[visit.StepTaken] {
	known := config.Of[visit.StepSettings](j.Config)
	k := importBeside(j, visit.StepCatalogue, "step", func(tx *store.Tx, v visit.Visit, fields map[string]string) (visit.StepTaken, bool, error) {
		return visitstore.StepOf(tx, byFile, v.ID, fields["step"])
	}, func(x *visit.StepTaken, v visit.Visit, r *files.Record) bool {
		x.VisitID = v.ID
		switch {
		case !known.Has(x.Code):
			j.Refuse(r, "step", fmt.Sprintf("%q is no step of visit_steps in the config; write one of its codes", x.Code))
		case x.State == visit.StepSkipped && x.Reason == "":
			j.Refuse(r, "reason", "say why the step was left out")
		default:
			return true
		}
		return false
	})
	k.ID = func(x *visit.StepTaken) *string { return &x.ID }
	k.Add, k.Change = visitstore.Steps.Add, visitstore.Steps.Change
	return k
}
