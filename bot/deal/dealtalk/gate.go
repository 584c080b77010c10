package dealtalk

import (
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// mostAsked is how many of the missing criteria have buttons.
const mostAsked = 4

// addGate says what the gate of the next stage asks for: what is met, by whom,
// when, with what proof, and what is missing, with a button for each.
func addGate(r *command.Request, x subject, reply *chat.Reply) error {
	next, ok := x.funnel.Next(x.Stage)
	if !ok || x.Status != deal.Open {
		return nil
	}
	return addGateOf(r, x, next.Code, reply)
}

func addGateOf(r *command.Request, x subject, stage string, reply *chat.Reply) error {
	g := x.funnel.Gate(stage, x.size(), x.met())
	works := mayWork(r, x) == nil // else it is to read
	text := []string{gateTitle(r, x, g)}
	for _, c := range g.Met {
		text = append(text, "✅ "+metLine(r, x, c))
	}
	for i, c := range g.Missing {
		proof, err := proofOf(r, x, c)
		if err != nil {
			return err
		}
		line := "▫️ " + criterionName(r, c)
		if c.Proof == deal.BySupport && len(x.people) > 0 {
			line += r.Say("deal.support_now", "percent", supportText(r, deal.Deciders(x.people)))
		}
		text = append(text, line)
		if g.Open || !works || i >= mostAsked {
			continue
		}
		b := command.SayButton("☑ "+criterionName(r, c), "deal", "criteria "+x.Ref()+" to_stage="+stage+" criterion="+c.Code)
		if proof != "" {
			shown, err := proofText(r, x, proof)
			if err != nil {
				return err
			}
			b = chat.Button{Label: chat.Cut("✓ "+criterionName(r, c)+": "+shown, 60), Style: chat.Primary, Do: &chat.Do{Action: "deal.prove", Args: []string{x.ID, c.Code}, Acts: true}}
		}
		reply.Buttons = append(reply.Buttons, []chat.Button{b})
	}
	text = append(text, checklist(r, x)...)
	reply.Text = strings.TrimSpace(reply.Text + "\n" + strings.Join(text, "\n"))
	if g.Open && works {
		reply.Buttons = append(reply.Buttons, []chat.Button{advanceButton(r, x, stage)})
	}
	return nil
}

// gateTitle is how far a gate is open.
func gateTitle(r *command.Request, x subject, g deal.Gate) string {
	name := stageName(r, x.funnel, g.Stage.Code)
	switch {
	case g.Open:
		return r.Say("deal.gate_open", "stage", name)
	case g.All && x.size() == "":
		return r.Say("deal.gate_all_unknown", "stage", name, "asked", len(g.Asked), "n", g.Need())
	case g.All:
		return r.Say("deal.gate_all", "stage", name, "asked", len(g.Asked), "size", r.Words.Choice("size", x.size()), "n", g.Need())
	}
	return r.Say("deal.gate_some", "stage", name, "asked", len(g.Asked), "least", g.Stage.AtLeast, "met", len(g.Met), "n", g.Need())
}

// metLine is a ticked criterion: who, when, and what shows it.
func metLine(r *command.Request, x subject, c deal.Criterion) string {
	for _, k := range x.ticks {
		if k.Criterion != c.Code {
			continue
		}
		parts := []string{criterionName(r, c) + " — " + r.Name(k.ByID), r.Words.Day(k.On)}
		if k.Note != "" {
			parts = append(parts, chat.Cut(chat.OneLine(k.Note), 80))
		}
		if strings.HasPrefix(k.Proof, "http") {
			parts = append(parts, chat.Cut(k.Proof, 200))
		}
		if n := len(k.Photos); n > 0 {
			parts = append(parts, r.Say("form.photos", "n", n))
		}
		return strings.Join(parts, " · ")
	}
	return criterionName(r, c)
}

// checklist is what stands beside the stage that a deal is in: shown, no gate.
func checklist(r *command.Request, x subject) []string {
	s := x.funnel.Stage(x.Stage)
	if len(s.Checklist) == 0 {
		return nil
	}
	out := []string{r.Say("deal.checklist", "stage", stageName(r, x.funnel, s.Code))}
	for _, c := range s.Checklist {
		line, mark := criterionName(r, c), "▫️ "
		if x.met()(c.Code) {
			line, mark = metLine(r, x, c), "✅ "
		}
		out = append(out, mark+line)
	}
	return out
}

func advanceButton(r *command.Request, x subject, to string) chat.Button {
	return chat.Button{Label: r.Say("button.advance", "stage", stageName(r, x.funnel, to)), Style: chat.Primary, Do: &chat.Do{Action: "deal.advance", Args: []string{x.ID, x.Stage, to}, Acts: true, Subject: x.Ref()}}
}

func cardButton(r *command.Request, x subject) chat.Button {
	return command.SayButton(r.Say("button.deal"), "deal", "show "+x.Ref())
}
