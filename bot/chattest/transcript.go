package chattest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"

	"fieldbot/bot"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/lang"
	"fieldbot/bot/wire/terminal"
)

// Surfaces are the ways to talk to the bot.
var Surfaces = []string{"slack http", "slack socket", "telegram polling", "telegram webhook", "terminal"}

// Speaker is a person on one surface.
type Speaker interface {
	Say(words string)
	Press(label string)
	Read() Message
	// Fill fills the form that is open and saves it.
	Fill(values []Pair)
}

// Pair is a field and what the person enters.
type Pair struct{ Key, Value string }

// On are the options with a surface.
func (o Options) On(surface string) Options {
	switch platform, mode, _ := strings.Cut(surface, " "); platform {
	case "slack":
		o.Slack = mode
	case "telegram":
		o.Telegram = mode
	}
	return o
}

// On starts a world with one surface and returns it with a speaker there.
func On(t testing.TB, surface, handle string, o Options) (*World, Speaker) {
	t.Helper()
	w := Start(t, o.On(surface))
	w.surface = surface
	return w, w.cast(handle, surface)
}

// cast returns somebody who speaks in a transcript.
func (w *World) cast(handle, surface string) Speaker {
	if p, ok := players[handle]; ok && !slices.Contains(linked, handle) {
		// What they do is told to their people, who do not read here.
		w.IgnoreUnread()
		slack, telegram := p.ids()
		w.Link(handle, slack, telegram)
	}
	return w.Speaker(surface, handle)
}

// player is somebody of the demo who speaks in tests: the handles, and the language read.
type player struct {
	slack    string
	telegram int64
	language string
}

func (p player) ids() (slack, telegram string) {
	return p.slack, strconv.FormatInt(p.telegram, 10)
}

// linked are the players who can be talked to from the start.
var linked = []string{"anna", "li.wei"}

var players = map[string]player{
	"anna":      {AnnaSlack, AnnaTelegram, "en"},
	"li.wei":    {LiWeiSlack, LiWeiTelegram, "zh"},
	"martin":    {"UMARTIN", 1003, "en"},
	"wang.fang": {"UWANG", 1004, "zh"},
	"tom":       {"UTOM", 1005, "en"},
	"lin.mei":   {"UMEI", 1006, "zh"},
	"zhao.lei":  {"UZHAO", 1007, "zh"},
	"chen.jing": {"UCHEN", 1008, "zh"},
	"emma":      {"UEMMA", 1009, "en"},
}

// IgnoreUnread lets messages stay unread on the world's platforms.
func (w *World) IgnoreUnread() {
	if w.Slack != nil {
		w.Slack.IgnoreUnread()
	}
	if w.Telegram != nil {
		w.Telegram.IgnoreUnread()
	}
}

// Speaker returns a linked person of the demo on a surface; at a terminal, anybody.
func (w *World) Speaker(surface, handle string) Speaker {
	p, ok := players[handle]
	if !ok {
		p.language = "en"
	}
	return w.SpeakerAs(surface, handle, p.slack, p.telegram, p.language)
}

// SpeakerAs returns a person with any handles, who reads a language.
func (w *World) SpeakerAs(surface, handle, slackID string, telegramID int64, language string) Speaker {
	words := lang.In(language, time.UTC)
	switch platform, _, _ := strings.Cut(surface, " "); platform {
	case "slack":
		return &slackSpeaker{w.Slack.User(slackID)}
	case "telegram":
		u := w.Telegram.User(telegramID)
		u.At, u.Language = w.Now, words.Code
		return &dialogue{wire: u, words: words}
	}
	return &dialogue{wire: w.terminal(handle), words: words}
}

// slackSpeaker says slash commands and fills modals.
type slackSpeaker struct{ *SlackUser }

// Say implements Speaker: a slash command, else a direct message.
func (s *slackSpeaker) Say(words string) {
	if strings.HasPrefix(words, "/") {
		command, text, _ := strings.Cut(words, " ")
		s.Command(command, text)
		return
	}
	s.DM(words, "")
}

// Fill implements Speaker.
func (s *slackSpeaker) Fill(values []Pair) {
	if !s.Opened() { // words open no modal: the answer has a button that does
		s.Press(s.Read().Buttons[0].Label)
	}
	m := map[string]string{}
	for _, p := range values {
		m[p.Key] = p.Value
	}
	if errs := s.Submit(m); len(errs) > 0 {
		s.s.t.Fatalf("slack: the form was refused: %v", errs)
	}
}

// wire is what a dialogue needs of its surface.
type wire interface {
	Say(words string)
	Press(label string)
	Read() Message
}

// dialogue fills forms step by step, as a thumb does.
type dialogue struct {
	wire
	words lang.Words
	last  Message
	next  *Message // read already, and not yet looked at
}

// Read implements Speaker.
func (d *dialogue) Read() Message {
	if d.next != nil {
		d.last, d.next = *d.next, nil
		return d.last
	}
	d.last = d.wire.Read()
	return d.last
}

// Fill implements Speaker. It begins at the first question or at the card,
// answers what is asked, opens each other field from the card, and saves.
func (d *dialogue) Fill(values []Pair) {
	d.Read()
	save := d.words.Say("button.save")
	for _, p := range values {
		if _, card := d.last.Button(save); card {
			d.open(p.Key)
		}
		d.enter(p)
	}
	if _, card := d.last.Button(save); !card {
		answer := d.last // the last answer was all that was missing
		d.next = &answer
		return
	}
	d.Press(save)
}

// open presses the card's button of a field, which may stand behind a grid.
func (d *dialogue) open(key string) {
	label := d.words.Label(key)
	if _, there := d.last.Button(label); !there {
		d.Press(d.words.Say("button.more_fields"))
		d.Read()
	}
	d.Press(label)
	d.Read()
}

// enter answers the open question: by its button if there is one, else in
// words.
func (d *dialogue) enter(p Pair) {
	choice := d.words.Choice(p.Key, p.Value)
	i := slices.IndexFunc(d.last.Buttons, func(b Button) bool { return b.Label == choice })
	if i >= 0 {
		d.Press(choice)
	} else {
		d.Say(p.Value)
	}
	d.Read()
}

// terminalUser is a person at a terminal.
type terminalUser struct {
	w    *World
	app  *bot.App
	term *terminal.Terminal
	last chat.Reply
	in   []Message
}

func (w *World) terminal(handle string) *terminalUser {
	t := &terminal.Terminal{Handle: handle, Out: &logs{}, Files: w.T.TempDir()}
	app := bot.New(w.DB, w.Config, w.Daemon.App.Log, prometheus.NewRegistry(), t)
	app.Waits = w.Daemon.App.Waits
	return &terminalUser{w: w, term: t, app: app}
}

// Say types a line.
func (u *terminalUser) Say(line string) {
	update, ok := u.term.Update(line)
	if !ok {
		return
	}
	reply, err := u.app.Deliver(context.Background(), update)
	if err != nil {
		u.w.T.Fatal(err)
	}
	if err := u.term.Print(reply); err != nil {
		u.w.T.Fatal(err)
	}
	u.last = reply
	m := Message{Room: u.term.Handle, Text: Shown(reply)}
	for _, row := range reply.Buttons {
		for _, b := range row {
			m.Buttons = append(m.Buttons, Button{Label: b.Label, ID: b.ID, URL: b.URL})
		}
	}
	if reply.File != nil {
		m.File = &File{Name: reply.File.Name, Data: reply.File.Data}
	}
	u.in = append(u.in, m)
}

// Shown is a reply as its reader sees it, without buttons.
func Shown(r chat.Reply) string {
	var lines []string
	if r.Title != "" {
		lines = append(lines, r.Title)
	}
	for _, f := range r.Fields {
		lines = append(lines, f.Label+": "+f.Value)
	}
	if r.Text != "" {
		lines = append(lines, r.Text)
	}
	return strings.Join(lines, "\n")
}

// Press types the number of a button.
func (u *terminalUser) Press(label string) {
	n := 0
	exact, holds := 0, 0
	for _, row := range u.last.Buttons {
		for _, b := range row {
			n++
			if b.Label == label && exact == 0 {
				exact = n
			}
			if strings.Contains(b.Label, label) && holds == 0 {
				holds = n
			}
		}
	}
	if exact == 0 {
		exact = holds
	}
	if exact == 0 {
		u.w.T.Fatalf("terminal: no button %q in %+v", label, u.last.Buttons)
	}
	u.Say(fmt.Sprintf("#%d", exact))
}

// Read returns the next reply.
func (u *terminalUser) Read() Message {
	if len(u.in) == 0 {
		u.w.T.Fatal("terminal: nothing was said")
	}
	m := u.in[0]
	u.in = u.in[1:]
	return m
}

// Transcript is a dialogue that runs on every surface.
type Transcript struct {
	As    string   `yaml:"as"`
	Cast  []string `yaml:"cast"` // who speaks beside them
	Steps []Step   `yaml:"steps"`
}

// Step is one line of a transcript: exactly one of its fields is set.
type Step struct {
	As    string    `yaml:"as"`    // somebody else of the cast speaks
	Say   string    `yaml:"say"`   // words, with / for a command
	Press string    `yaml:"press"` // a button of the last message
	Fill  yaml.Node `yaml:"fill"`  // fields in order; then Save
	Has   []string  `yaml:"has"`   // the next message holds all of these
	Finds []string  `yaml:"finds"` // a message holds all of these, behind what others made the bot say
	Clock string    `yaml:"clock"` // time passes
	Days  *int      `yaml:"days"`  // days pass, and the clock does what they call for
}

// Load reads a transcript.
func Load(t testing.TB, path string) Transcript {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var tr Transcript
	if err := yaml.Unmarshal(data, &tr); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return tr
}

func (m Message) holds(words []string) bool {
	return !slices.ContainsFunc(words, func(want string) bool { return !strings.Contains(m.Text, want) })
}

// Run plays a transcript and returns what the bot said, message by message.
func (tr Transcript) Run(w *World, s Speaker) []Message {
	w.T.Helper()
	var said []Message
	cast := map[string]Speaker{tr.As: s}
	for _, handle := range tr.Cast {
		cast[handle] = w.cast(handle, w.surface)
	}
	for i, step := range tr.Steps {
		switch {
		case step.As != "":
			if s = cast[step.As]; s == nil {
				w.T.Fatalf("step %d: %s is not of the cast", i+1, step.As)
			}
		case len(step.Finds) > 0:
			m := s.Read()
			for !m.holds(step.Finds) {
				w.T.Logf("step %d passes by: %s", i+1, m.Text)
				m = s.Read()
			}
			said = append(said, m)
		case step.Days != nil:
			d := time.Duration(*step.Days) * 24 * time.Hour
			w.rested(w.Now().Add(d))
			w.Pass(d)
			w.Daemon.App.Clock.Tick(context.Background())
		case step.Say != "":
			s.Say(step.Say)
		case step.Press != "":
			s.Press(step.Press)
		case step.Fill.Kind == yaml.MappingNode:
			var values []Pair
			for k := 0; k+1 < len(step.Fill.Content); k += 2 {
				values = append(values, Pair{step.Fill.Content[k].Value, step.Fill.Content[k+1].Value})
			}
			s.Fill(values)
		case len(step.Has) > 0:
			m := s.Read()
			said = append(said, m)
			for _, want := range step.Has {
				if !strings.Contains(m.Text, want) {
					w.T.Fatalf("step %d: no %q in:\n%s", i+1, want, m.Text)
				}
			}
		case step.Clock != "":
			d, err := time.ParseDuration(step.Clock)
			if err != nil {
				w.T.Fatal(err)
			}
			w.rested(w.Now().Add(d)) // a slow run sees a tick of the schedule
			w.Pass(d)
		}
	}
	return said
}
