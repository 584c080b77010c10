package chattest

import (
	"encoding/json"
	"strings"
)

// Modal waits for a modal to open.
func (u *SlackUser) Modal() *Modal {
	came := await(u.s.joined, func() bool { return u.s.modals["open"] != nil })
	defer u.s.mu.Unlock()
	if !came {
		u.s.t.Fatalf("slack: no modal opened for %s", u.ID)
	}
	return u.s.modals["open"]
}

// Opened reports whether a modal stands open.
func (u *SlackUser) Opened() bool {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.modals["open"] != nil
}

// Options types into a look-up of the open modal and returns what is offered.
func (u *SlackUser) Options(m *Modal, field, query string) []Button {
	payload := u.interaction("block_suggestion")
	payload["action_id"], payload["block_id"], payload["value"] = field, field, query
	payload["view"] = map[string]any{"id": m.ID, "private_metadata": m.Draft}
	var answer struct {
		Options []struct {
			Text  struct{ Text string }
			Value string
		}
	}
	if err := json.Unmarshal(u.interact(payload), &answer); err != nil {
		u.s.t.Fatalf("slack: options: %v", err)
	}
	var out []Button
	for _, o := range answer.Options {
		out = append(out, Button{Label: o.Text.Text, ID: o.Value})
	}
	return out
}

// Submit fills the open modal and submits it. Values are what a user would
// type or choose, by field; fields left out keep what they were opened with.
// It returns the errors beside the fields; without any the modal closes.
func (u *SlackUser) Submit(values map[string]string) map[string]string {
	m := u.Modal()
	state := map[string]any{}
	for _, b := range m.Blocks {
		if b.Type == "input" {
			state[b.BlockID] = map[string]any{text(b.Element["action_id"]): u.enter(m, b, values)}
		}
	}
	for key := range values {
		if state[key] == nil {
			u.s.t.Fatalf("slack: the modal has no field %q", key)
		}
	}
	payload := u.interaction("view_submission")
	payload["view"] = map[string]any{"id": m.ID, "hash": m.Hash, "callback_id": "form", "private_metadata": m.Draft, "state": map[string]any{"values": state}}
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
	}
	body := u.interact(payload)
	if len(body) > 0 && string(body) != "null" {
		if err := json.Unmarshal(body, &answer); err != nil {
			u.s.t.Fatalf("slack: a submission was answered %s", body)
		}
	}
	for key := range answer.Errors {
		if state[key] == nil {
			u.s.t.Errorf("slack: an error beside %q, which is no input block", key)
		}
	}
	if answer.Action == "" {
		u.s.mu.Lock()
		delete(u.s.modals, "open")
		u.s.mu.Unlock()
	}
	return answer.Errors
}

// enter is what an input carries when it is submitted.
func (u *SlackUser) enter(m *Modal, b Block, values map[string]string) map[string]any {
	e := b.Element
	v, typed := values[b.BlockID]
	out := map[string]any{"type": e["type"]}
	option := func(value string) map[string]any {
		return map[string]any{"value": value, "text": map[string]any{"type": "plain_text", "text": "x"}}
	}
	switch e["type"] {
	case "plain_text_input", "number_input":
		if typed {
			out["value"] = v
		} else {
			out["value"] = e["initial_value"]
		}
	case "datepicker":
		if out["selected_date"] = e["initial_date"]; typed {
			out["selected_date"] = v
		}
	case "static_select":
		initial, _ := e["initial_option"].(map[string]any)
		if typed && v != "" {
			out["selected_option"] = option(u.choose(e, v))
		} else if initial != nil {
			out["selected_option"] = initial
		}
	case "external_select":
		initial, _ := e["initial_option"].(map[string]any)
		if typed && v != "" {
			offered := u.Options(m, b.BlockID, v)
			if len(offered) == 0 {
				u.s.t.Fatalf("slack: %s offers nothing for %q", b.BlockID, v)
			}
			out["selected_option"] = option(offered[0].ID)
		} else if initial != nil {
			out["selected_option"] = initial
		}
	case "multi_static_select":
		out["selected_options"] = e["initial_options"]
		if typed {
			var chosen []any
			for _, one := range strings.Fields(v) {
				chosen = append(chosen, option(u.choose(e, one)))
			}
			out["selected_options"] = chosen
		}
	case "file_input":
		var files []any
		for _, id := range strings.Fields(v) {
			files = append(files, map[string]any{"id": id})
		}
		out["files"] = files
	default:
		u.s.t.Errorf("slack: a user cannot fill a %v here", e["type"])
	}
	return out
}

// choose finds the option that a user means by its code or its label.
func (u *SlackUser) choose(element map[string]any, v string) string {
	options, _ := element["options"].([]any)
	for _, o := range options {
		m, _ := o.(map[string]any)
		label, _ := m["text"].(map[string]any)
		if m["value"] == v || text(label["text"]) == v {
			return text(m["value"])
		}
	}
	u.s.t.Fatalf("slack: no option %q", v)
	return ""
}

// Close leaves the open modal, if it still stands.
func (u *SlackUser) Close() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	delete(u.s.modals, "open")
}
