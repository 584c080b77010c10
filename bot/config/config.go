// Package config reads config.yaml, lets the environment override it, and
// refuses what cannot work, all faults at once with file, line and the cure.
package config

import (
	"log/slog"
	"reflect"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/calendar"
)

// Config is every key of config.yaml, with its default from Default.
type Config struct {
	Database  Database  `yaml:"database"`
	Media     Media     `yaml:"media"`
	Company   Company   `yaml:"company"`
	HTTP      HTTP      `yaml:"http"`
	Slack     Slack     `yaml:"slack"`
	Telegram  Telegram  `yaml:"telegram"`
	Visits    Visits    `yaml:"visits"`
	Tiers     Tiers     `yaml:"tiers"`
	Reminders Reminders `yaml:"reminders"`
	Retention Retention `yaml:"retention"`
	Log       Log       `yaml:"log"`
	// Sections are what capabilities let a company set, by name; see Of.
	Sections map[string]any `yaml:"-"`
}

// Rules are what columns of the database follow from: the days between visits,
// and what capabilities let a company set.
func (c *Config) Rules() []any {
	out := []any{c.Visits.Cadence}
	for _, p := range c.Sections {
		out = append(out, reflect.ValueOf(p).Elem().Interface())
	}
	return out
}

// Database is where the state is.
type Database struct {
	URL Secret `yaml:"url"` // may hold a password
}

// Media is where photos are.
type Media struct {
	Dir string `yaml:"dir"`
}

// Company is the company's language, money and calendar.
type Company struct {
	Name          string   `yaml:"name"`
	Currency      string   `yaml:"currency"`
	Language      string   `yaml:"language"`
	Timezone      string   `yaml:"timezone"`
	Workdays      []string `yaml:"workdays"`
	Holidays      []string `yaml:"holidays"`
	ExtraWorkdays []string `yaml:"extra_workdays"`
}

// HTTP is the daemon's own server.
type HTTP struct {
	Listen    string `yaml:"listen"`
	PublicURL string `yaml:"public_url"`
}

// Slack is the connection to Slack.
type Slack struct {
	Mode          string `yaml:"mode"` // off, socket, http
	BotToken      Secret `yaml:"bot_token"`
	AppToken      Secret `yaml:"app_token"`
	SigningSecret Secret `yaml:"signing_secret"`
	APIURL        string `yaml:"api_url"`
	CommandPrefix string `yaml:"command_prefix"`
}

// Telegram is the connection to Telegram.
type Telegram struct {
	Mode          string `yaml:"mode"` // off, polling, webhook
	Token         Secret `yaml:"token"`
	WebhookSecret Secret `yaml:"webhook_secret"`
	APIURL        string `yaml:"api_url"`
}

// Visits are the numbers of domain.md §3.
type Visits struct {
	Cadence           account.Cadence `yaml:"cadence"`
	FenceMetres       int             `yaml:"fence_metres"`
	DayMinutes        int             `yaml:"day_minutes"`
	Minutes           map[string]int  `yaml:"minutes"`
	ForgottenCheckout time.Duration   `yaml:"forgotten_checkout"`
	DoubleEntry       time.Duration   `yaml:"double_entry"`
	Undo              time.Duration   `yaml:"undo"`
	MaxSpeedKmh       int             `yaml:"max_speed_kmh"`
}

// Tiers are the numbers of the proposal of a tier (domain.md §2).
type Tiers struct {
	Weights map[string]int `yaml:"weights"`
	A       int            `yaml:"a"`
	B       int            `yaml:"b"`
}

// Reminders are the hours of domain.md §11.
type Reminders struct {
	Quiet        string `yaml:"quiet"`
	Morning      string `yaml:"morning"`
	Evening      string `yaml:"evening"`
	Team         string `yaml:"team"`
	UrgentPerDay int    `yaml:"urgent_per_day"`
}

// Retention is for how many days the bot keeps what is done and nobody entered: what it
// received, what it sent, forms nobody came back to, buttons that ended.
type Retention struct {
	Inbox   int `yaml:"inbox"`
	Outbox  int `yaml:"outbox"`
	Drafts  int `yaml:"drafts"`
	Buttons int `yaml:"buttons"`
}

const (
	// ButtonDays is how long the buttons of a message live. Its row in the outbox stays
	// as long, or a press could not change the message.
	ButtonDays = 14
	// AskDays is how long a store may answer what it is asked in its group; likewise.
	AskDays = 30
	// redelivered is how many days a platform may send the same thing again: Slack and
	// Telegram for one, and one to be sure.
	redelivered = 2
)

// Log is how the program logs.
type Log struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"` // text, json
}

// Secret is a value that is never printed.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

const dots = "•••••"

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return dots
}

// GoString hides the value.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Default is the config of an empty file.
func Default() Config {
	return Config{
		Database: Database{URL: "sqlite:fieldbot.db"},
		Media:    Media{Dir: "media"},
		Company:  Company{Currency: "CNY", Language: "zh", Timezone: "Asia/Shanghai", Workdays: []string{"mon", "tue", "wed", "thu", "fri"}, Holidays: []string{}, ExtraWorkdays: []string{}},
		HTTP:     HTTP{Listen: "127.0.0.1:8080"},
		Slack:    Slack{Mode: "off", APIURL: "https://slack.com/api/"},
		Telegram: Telegram{Mode: "off", APIURL: "https://api.telegram.org"},
		Visits: Visits{
			Cadence:     account.Cadence{Store: map[string]int{"A": 7, "B": 14, "C": 30}, HeadOffice: map[string]int{"A": 14, "B": 30, "C": 60}},
			FenceMetres: 200, DayMinutes: 420, Minutes: map[string]int{"hypermarket": 60, "supermarket": 30, "convenience": 15},
			ForgottenCheckout: 4 * time.Hour, DoubleEntry: 2 * time.Minute, Undo: 15 * time.Minute, MaxSpeedKmh: 120,
		},
		Tiers:     Tiers{Weights: map[string]int{"revenue": 40, "margin": 20, "potential": 25, "relation": 15}, A: 75, B: 50},
		Reminders: Reminders{Quiet: "20:00-08:00", Morning: "08:10", Evening: "18:30", Team: "19:30", UrgentPerDay: 3},
		Retention: Retention{Inbox: 7, Outbox: 30, Drafts: 30},
		Log:       Log{Level: "info", Format: "text"},
		Sections:  defaults(),
	}
}

// Zone is the company's time zone; the config was checked.
func (c Company) Zone() *time.Location {
	if loc, ok := calendar.Zone(c.Timezone); ok {
		return loc
	}
	return time.UTC
}

// Calendar is the company's working calendar.
func (c Company) Calendar() calendar.Company {
	out := calendar.Company{Workdays: map[time.Weekday]bool{}, Holidays: map[calendar.Day]bool{}, Extra: map[calendar.Day]bool{}}
	for _, w := range c.Workdays {
		if d, ok := calendar.ParseWeekday(w); ok {
			out.Workdays[d] = true
		}
	}
	for _, d := range c.Holidays {
		out.Holidays[calendar.Day(d)] = true
	}
	for _, d := range c.ExtraWorkdays {
		out.Extra[calendar.Day(d)] = true
	}
	return out
}

// QuietWindow is the company's quiet hours.
func (r Reminders) QuietWindow() calendar.Window {
	w, _ := calendar.ParseWindow(r.Quiet)
	return w
}

// Rules are the weights and borders of tiers, as the rule takes them.
func (t Tiers) Rules() account.TierRules {
	return account.TierRules{Revenue: t.Weights["revenue"], Margin: t.Weights["margin"], Potential: t.Weights["potential"], Relation: t.Weights["relation"], A: t.A, B: t.B}
}

// Clock is when a digest leaves.
func (r Reminders) Clock(d remind.Digest) calendar.Clock {
	text := map[remind.Digest]string{remind.Morning: r.Morning, remind.Evening: r.Evening, remind.Team: r.Team}[d]
	c, _ := calendar.ParseClock(text) // the config was checked
	return c
}
