package config

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/money"
)

func (l *loader) oneOf(key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		l.fault(key, "write one of %s", strings.Join(allowed, ", "))
	}
}

func (l *loader) need(key, value, why string) {
	if strings.TrimSpace(value) == "" {
		l.fault(key, "is needed because %s", why)
	}
}

func (l *loader) positive(key string, n int) {
	if n <= 0 {
		l.fault(key, "write a number above 0")
	}
}

func (l *loader) validate(c *Config) {
	l.validateCompany(c)
	l.validateWires(c)
	l.validateNumbers(c)
	l.validateSections(c)
	if _, ok := calendar.ParseWindow(c.Reminders.Quiet); !ok {
		l.fault("reminders.quiet", "write from-to, such as 20:00-08:00")
	}
	for key, value := range map[string]string{"reminders.morning": c.Reminders.Morning, "reminders.evening": c.Reminders.Evening, "reminders.team": c.Reminders.Team} {
		if _, ok := calendar.ParseClock(value); !ok {
			l.fault(key, "write a time such as 08:10")
		}
	}
	l.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	l.oneOf("log.format", c.Log.Format, "text", "json")
}

func (l *loader) validateCompany(c *Config) {
	l.oneOf("company.language", c.Company.Language, "zh", "en")
	if !money.Known(c.Company.Currency) {
		l.fault("company.currency", "write an ISO 4217 code such as CNY or EUR")
	}
	if _, ok := calendar.Zone(c.Company.Timezone); !ok {
		l.fault("company.timezone", "write an IANA name such as Asia/Shanghai or Europe/Berlin")
	}
	if len(c.Company.Workdays) == 0 {
		l.fault("company.workdays", "name at least one day, such as [mon, tue, wed, thu, fri]")
	}
	for _, w := range c.Company.Workdays {
		if _, ok := calendar.ParseWeekday(w); !ok {
			l.fault("company.workdays", "write days such as mon, tue; %q is none", w)
		}
	}
	for key, days := range map[string][]string{"company.holidays": c.Company.Holidays, "company.extra_workdays": c.Company.ExtraWorkdays} {
		for _, d := range days {
			if _, ok := calendar.ParseISO(d); !ok {
				l.fault(key, "write days as 2006-01-02; %q is none", d)
			}
		}
	}
}

var commandPrefix = regexp.MustCompile(`^[a-z0-9_-]{0,20}$`)

func (l *loader) validateWires(c *Config) {
	if u := c.Database.URL.Reveal(); !strings.HasPrefix(u, "sqlite:") && !strings.HasPrefix(u, "postgres://") && !strings.HasPrefix(u, "postgresql://") {
		l.fault("database.url", "write sqlite:FILE or postgres://user:password@host/database")
	}
	l.need("media.dir", c.Media.Dir, "photos are kept there")
	if _, _, err := net.SplitHostPort(c.HTTP.Listen); err != nil {
		l.fault("http.listen", "write host:port, such as 127.0.0.1:8080")
	}
	l.oneOf("slack.mode", c.Slack.Mode, "off", "socket", "http")
	l.oneOf("telegram.mode", c.Telegram.Mode, "off", "polling", "webhook")
	for key, value := range map[string]string{"slack.api_url": c.Slack.APIURL, "telegram.api_url": c.Telegram.APIURL, "http.public_url": c.HTTP.PublicURL} {
		if u, err := url.Parse(value); value != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			l.fault(key, "write an address such as https://bot.example.com")
		}
	}
	if !commandPrefix.MatchString(c.Slack.CommandPrefix) {
		l.fault("slack.command_prefix", "write up to 20 small letters, digits, - or _")
	}
	if c.Slack.Mode != "off" {
		l.need("slack.bot_token", c.Slack.BotToken.Reveal(), "slack.mode is "+c.Slack.Mode+"; it begins with xoxb-")
		l.need("slack.api_url", c.Slack.APIURL, "slack.mode is "+c.Slack.Mode)
	}
	switch c.Slack.Mode {
	case "socket":
		l.need("slack.app_token", c.Slack.AppToken.Reveal(), "slack.mode is socket; it begins with xapp-")
	case "http":
		l.need("slack.signing_secret", c.Slack.SigningSecret.Reveal(), "slack.mode is http; it stands under Basic Information of the app")
	}
	if c.Telegram.Mode != "off" {
		l.need("telegram.token", c.Telegram.Token.Reveal(), "telegram.mode is "+c.Telegram.Mode+"; @BotFather gives it")
		l.need("telegram.api_url", c.Telegram.APIURL, "telegram.mode is "+c.Telegram.Mode)
	}
	if c.Telegram.Mode == "webhook" {
		l.need("http.public_url", c.HTTP.PublicURL, "telegram.mode is webhook")
		if !regexp.MustCompile(`^[A-Za-z0-9_-]{16,256}$`).MatchString(c.Telegram.WebhookSecret.Reveal()) {
			l.fault("telegram.webhook_secret", "write 16 to 256 letters, digits, - or _; it proves that a request is Telegram's")
		}
	}
}

const maxRetention = 3650 // days

func (l *loader) validateNumbers(c *Config) {
	v := c.Visits
	for class, days := range v.Cadence.Store {
		l.oneOf("visits.cadence.store", class, "A", "B", "C")
		l.positive("visits.cadence.store", days)
	}
	for tier, days := range v.Cadence.HeadOffice {
		l.oneOf("visits.cadence.head_office", tier, "A", "B", "C")
		l.positive("visits.cadence.head_office", days)
	}
	l.positive("visits.fence_metres", v.FenceMetres)
	l.positive("visits.day_minutes", v.DayMinutes)
	l.positive("visits.max_speed_kmh", v.MaxSpeedKmh)
	for key, d := range map[string]int64{"visits.forgotten_checkout": int64(v.ForgottenCheckout), "visits.double_entry": int64(v.DoubleEntry), "visits.undo": int64(v.Undo)} {
		if d < 0 {
			l.fault(key, "write a duration such as 15m, not below 0")
		}
	}
	for key, d := range map[string]struct{ days, least int }{"inbox": {c.Retention.Inbox, redelivered}, "outbox": {c.Retention.Outbox, max(ButtonDays, AskDays)}, "drafts": {c.Retention.Drafts, 1}, "buttons": {c.Retention.Buttons, 0}} {
		if d.days < d.least || d.days > maxRetention {
			l.fault("retention."+key, "write days, %d to %d", d.least, maxRetention)
		}
	}
	sum := 0
	for _, w := range c.Tiers.Weights {
		sum += w
	}
	if sum != 100 {
		l.fault("tiers.weights", "make the weights add up to 100; now they make %d", sum)
	}
	if c.Tiers.B >= c.Tiers.A {
		l.fault("tiers.b", "write a number below tiers.a")
	}
	if c.Reminders.UrgentPerDay < 0 {
		l.fault("reminders.urgent_per_day", "write 0 or more")
	}
}
