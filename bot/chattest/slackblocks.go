package chattest

import (
	"encoding/json"
	"strings"
)

// Block is a block of a modal or a message, as the app sent it.
type Block struct {
	Type     string         `json:"type"`
	BlockID  string         `json:"block_id"`
	Optional bool           `json:"optional"`
	Label    map[string]any `json:"label"`
	Element  map[string]any `json:"element"`
	Elements []any          `json:"elements"`
}

func decodeBlocks(v any) []Block {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out []Block
	_ = json.Unmarshal(data, &out) // anything else is no list of blocks
	return out
}

// limits fails the test for what Slack refuses as invalid_blocks.
func (s *Slack) limits(blocks []Block, most int) {
	if len(blocks) > most {
		s.t.Errorf("slack: %d blocks, %d at most", len(blocks), most)
	}
	for _, b := range blocks {
		if b.Type == "actions" && (len(b.Elements) == 0 || len(b.Elements) > 25) {
			s.t.Errorf("slack: %d elements in an actions block", len(b.Elements))
		}
		ids := map[string]bool{}
		for _, e := range append(b.Elements, any(b.Element)) {
			m, _ := e.(map[string]any)
			if id := text(m["action_id"]); id != "" {
				if ids[id] || len(id) > 255 {
					s.t.Errorf("slack: action_id %q is too long or stands twice in a block", id)
				}
				ids[id] = true
			}
			if m["type"] == "button" {
				label, _ := m["text"].(map[string]any)
				if n := len([]rune(text(label["text"]))); n == 0 || n > 75 {
					s.t.Errorf("slack: a button label of %d characters", n)
				}
				if len(text(m["value"])) > 2000 {
					s.t.Errorf("slack: a button value is too long")
				}
			}
			s.optionLimits(m)
		}
	}
}

func (s *Slack) optionLimits(element map[string]any) {
	options, _ := element["options"].([]any)
	if len(options) > 100 {
		s.t.Errorf("slack: %d options", len(options))
	}
	if initial, ok := element["initial_option"]; ok {
		options = append(options, initial)
	}
	for _, o := range options {
		m, _ := o.(map[string]any)
		label, _ := m["text"].(map[string]any)
		if n := len([]rune(text(label["text"]))); n == 0 || n > 75 || len(text(m["value"])) > 150 {
			s.t.Errorf("slack: an option's text has %d characters, its value %d", n, len(text(m["value"])))
		}
	}
}

// blocksText is what a reader sees of blocks.
func blocksText(blocks []Block) string {
	var out strings.Builder
	var walk func(v any)
	walk = func(v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		if m["type"] == "text" {
			out.WriteString(text(m["text"]))
		}
		if m["type"] == "link" {
			out.WriteString(text(m["url"]))
		}
		list, _ := m["elements"].([]any)
		for _, e := range list {
			walk(e)
		}
	}
	for _, b := range blocks {
		if b.Type == "rich_text" {
			for _, e := range b.Elements {
				walk(e)
			}
		}
	}
	return out.String()
}

func blocksButtons(blocks []Block) []Button {
	var out []Button
	for _, b := range blocks {
		if b.Type != "actions" {
			continue
		}
		for _, e := range b.Elements {
			m, _ := e.(map[string]any)
			label, _ := m["text"].(map[string]any)
			out = append(out, Button{Label: text(label["text"]), ID: text(m["value"]), URL: text(m["url"])})
		}
	}
	return out
}
