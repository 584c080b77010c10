package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	_ "fieldbot/bot" // its capabilities register their sections
	"fieldbot/bot/config"
)

// TestExample: config.example.yaml holds every key, with its default.
func TestExample(t *testing.T) {
	c, err := config.Load("../../config.example.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := config.Default(); !reflect.DeepEqual(c, d) {
		t.Errorf("the example differs from the defaults:\n%+v\n%+v", c, d)
	}
	data, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	for _, path := range config.Paths() {
		var at any = tree
		for _, key := range strings.Split(path, ".") {
			m, _ := at.(map[string]any)
			var ok bool
			if at, ok = m[key]; !ok {
				t.Errorf("the example lacks %s", path)
				break
			}
		}
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFaults: all faults at once, each with line, key and cure, and no secret.
func TestFaults(t *testing.T) {
	path := write(t, `company:
  curency: CNY
  timezone: Mars/Olympus
slack:
  mode: socket
  bot_token: xoxb-very-secret
visits:
  fence_metres: far
  undo: soon
telegram: {mode: webhook, token: "1:very-secret", webhook_secret: short}
tiers: {weights: {revenue: 50}}
retention: {outbox: 14, inbox: 0}
`)
	_, err := config.Load(path, []string{"FIELDBOT_SLAK_BOT_TOKEN=x"})
	var faults config.Faults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	text := err.Error()
	for _, want := range []string{
		":2: company.curency: no such key; did you mean \"currency\"?", ":3: company.timezone: write an IANA name", "slack.app_token: is needed", ":8: visits.fence_metres: write a whole number",
		":9: visits.undo: write a duration", "telegram.webhook_secret: write 16", "http.public_url: is needed", ":11: tiers.weights: make the weights add up to 100; now they make 110", ":12: retention.outbox: write days, 30 to 3650", ":12: retention.inbox: write days, 2 to",
		"did you mean FIELDBOT_SLACK_BOT_TOKEN?",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "very-secret") {
		t.Errorf("a secret is printed:\n%s", text)
	}
}

// TestEnvironment beats the file; NAME_FILE reads a file.
func TestEnvironment(t *testing.T) {
	secret := write(t, "xoxb-from-file\n")
	c, err := config.Load(write(t, "company: {language: en}\nlog: {level: debug}\n"), []string{"FIELDBOT_COMPANY_LANGUAGE=zh", "FIELDBOT_SLACK_BOT_TOKEN_FILE=" + secret, "FIELDBOT_VISITS_FENCE_METRES=50", "FIELDBOT_COMPANY_WORKDAYS=[sun, mon]"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Company.Language != "zh" || c.Log.Level != "debug" || c.Slack.BotToken.Reveal() != "xoxb-from-file" || c.Visits.FenceMetres != 50 || len(c.Company.Workdays) != 2 {
		t.Errorf("%+v", c)
	}
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v %#v %s", c, c.Slack, c.Slack.BotToken)} {
		if strings.Contains(text, "xoxb") {
			t.Errorf("the secret is printed: %s", text)
		}
	}
}

// TestPartOfAMap: naming one class leaves the others.
func TestPartOfAMap(t *testing.T) {
	c, err := config.Load(write(t, "visits: {cadence: {store: {A: 3}}}\n"), nil)
	if err != nil || c.Visits.Cadence.Store["A"] != 3 || c.Visits.Cadence.Store["B"] != 14 {
		t.Errorf("%v %v", c.Visits.Cadence, err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("a: b")
	f.Add("company: [1, 2]")
	f.Add("visits: {cadence: {store: x}}")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Load(path, nil); err != nil && !errors.As(err, new(config.Faults)) {
			t.Errorf("%v is no Faults", err)
		}
	})
}
