// Package terminal speaks with one person on standard input and output, for
// people and for pipes.
package terminal

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/google/uuid"

	"fieldbot/bot/talk/chat"
)

// Terminal is a conversation with the person of a handle.
type Terminal struct {
	Handle string
	In     io.Reader
	Out    io.Writer
	JSON   bool   // one object a reply instead of text
	Files  string // folder that pictures and documents are saved in
	Prompt string // shown before each line; empty for pipes

	mu      sync.Mutex
	buttons []chat.Button // of the last reply that had some
	digits  bool          // plain digits answer the question, #1 presses
}

var _ chat.Sender = (*Terminal)(nil)

// Platform implements chat.Sender.
func (t *Terminal) Platform() chat.Platform { return chat.Terminal }

// Caps implements chat.Sender: a terminal has no grid of buttons and no limit.
func (t *Terminal) Caps() chat.Caps { return chat.Caps{} }

// Send implements chat.Sender.
func (t *Terminal) Send(_ context.Context, out chat.Outgoing) (string, error) {
	return "", t.Print(out.Reply)
}

// Fetch implements chat.Sender: a terminal sends no photos.
func (t *Terminal) Fetch(context.Context, string, io.Writer) error {
	return &chat.Failure{Reason: "a terminal sends no photos", Permanent: true}
}

// Zone implements chat.Sender.
func (t *Terminal) Zone(context.Context, string) (string, error) { return "", nil }

// Link implements chat.Sender.
func (t *Terminal) Link(string) string { return "" }

// maxLine bounds one line of input.
const maxLine = 1 << 20

// Run reads lines and answers them until the input ends. The error is one of
// reading or writing; what the bot says goes to Out.
func (t *Terminal) Run(ctx context.Context, deliver func(context.Context, chat.Update) (chat.Reply, error)) error {
	lines := bufio.NewScanner(t.In)
	lines.Buffer(make([]byte, 64*1024), maxLine)
	for {
		if _, err := io.WriteString(t.Out, t.Prompt); err != nil {
			return err
		}
		if !lines.Scan() {
			return lines.Err()
		}
		u, ok := t.Update(lines.Text())
		if !ok {
			continue
		}
		reply, failed := deliver(ctx, u)
		if err := t.Print(reply); err != nil {
			return err
		}
		if failed != nil && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// Update reads a line: a button's number, /command, a photo's or anything
// else as text. It is false for an empty line.
func (t *Terminal) Update(line string) (chat.Update, bool) {
	line = strings.TrimSpace(line)
	u := chat.Update{ID: uuid.NewString(), Place: chat.Place{Platform: chat.Terminal, Room: t.Handle, Private: true}, Actor: chat.Actor{Platform: chat.Terminal, ID: t.Handle}, Answered: true}
	if line == "" {
		return u, false
	}
	if b, ok := t.pressed(line); ok {
		u.Kind, u.Name = chat.Press, b.ID
		return u, true
	}
	u.Kind, u.Text = chat.Text, line
	if rest, ok := strings.CutPrefix(line, "/"); ok {
		u.Kind = chat.Command
		u.Name, u.Text = chat.FirstWord(rest)
	}
	return u, true
}

// pressed returns the button that a line presses by its number.
func (t *Terminal) pressed(line string) (chat.Button, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	number, marked := strings.CutPrefix(line, "#")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(t.buttons) || t.digits && !marked {
		return chat.Button{}, false
	}
	b := t.buttons[n-1]
	return b, b.ID != ""
}

// Print shows a reply.
func (t *Terminal) Print(r chat.Reply) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.Title == "" && r.Text == "" && len(r.Fields) == 0 && len(r.Buttons) == 0 {
		return nil
	}
	saved, err := t.save(r.File)
	if err != nil {
		return err
	}
	var buttons []chat.Button
	for _, row := range r.Buttons {
		buttons = append(buttons, row...)
	}
	if len(buttons) > 0 {
		t.buttons, t.digits = buttons, r.Digits
	}
	if t.JSON {
		return t.printJSON(r, buttons, saved)
	}
	if saved != "" {
		r.Text = strings.TrimSpace(r.Text + "\n📎 " + saved)
	}
	_, err = io.WriteString(t.Out, t.text(r))
	return err
}

func (t *Terminal) text(r chat.Reply) string {
	var b strings.Builder
	if r.Title != "" {
		b.WriteString(r.Title + "\n")
	}
	for _, f := range r.Fields {
		fmt.Fprintf(&b, "  %s: %s\n", f.Label, strings.ReplaceAll(f.Value, "\n", "\n    "))
	}
	if r.Text != "" {
		b.WriteString(r.Text + "\n")
	}
	n := 0
	for _, row := range r.Buttons {
		for _, x := range row {
			n++
			mark := ""
			if r.Digits {
				mark = "#"
			}
			fmt.Fprintf(&b, "[%s%d] %s", mark, n, x.Label)
			if x.URL != "" {
				b.WriteString(" " + x.URL)
			}
			b.WriteString("  ")
		}
		b.WriteString("\n")
	}
	return b.String() + "\n"
}

// save writes a file that hangs on a reply and returns its path.
func (t *Terminal) save(f *chat.File) (string, error) {
	if f == nil || len(f.Data) == 0 {
		return "", nil
	}
	if err := os.MkdirAll(t.Files, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(t.Files, filepath.Base(f.Name))
	return path, os.WriteFile(path, f.Data, 0o600)
}

func (t *Terminal) printJSON(r chat.Reply, buttons []chat.Button, saved string) error {
	files := []string{}
	if saved != "" {
		files = append(files, saved)
	}
	labels := []string{}
	for _, b := range buttons {
		labels = append(labels, b.Label)
	}
	fields := map[string]string{}
	for _, f := range r.Fields {
		fields[f.Label] = f.Value
	}
	text := r.Text
	if r.Title != "" {
		text = strings.TrimSpace(r.Title + "\n" + r.Text)
	}
	e := json.NewEncoder(t.Out)
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Text    string            `json:"text"`
		Buttons []string          `json:"buttons"`
		Fields  map[string]string `json:"fields"`
		Files   []string          `json:"files"`
	}{text, labels, fields, files})
}
