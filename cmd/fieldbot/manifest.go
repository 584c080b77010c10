package main

import (
	"encoding/json"
	"errors"

	"fieldbot/bot"
	"fieldbot/bot/daemon"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
	"fieldbot/bot/wire/slack"
	"fieldbot/bot/wire/telegram"
)

type manifestVerb struct {
	Slack    manifestSlack    `cmd:"" help:"The app manifest to paste at api.slack.com/apps → Create New App → From a manifest."`
	Telegram manifestTelegram `cmd:"" help:"The command lists per language and scope; --apply sets them."`
}

type manifestSlack struct {
	Name string `help:"What the app is called." default:"Fieldbot"`
}

// Help implements kong's detailed help.
func (manifestSlack) Help() string { return "Example:\n  fieldbot manifest slack > manifest.json" }

// Run prints the manifest; slack.mode, http.public_url and
// slack.command_prefix of the config decide its settings.
func (v *manifestSlack) Run(e *env) error {
	c, err := e.config()
	if err != nil {
		return err
	}
	if c.Slack.Mode == "http" && c.HTTP.PublicURL == "" {
		return usageError{errors.New("http.public_url: write the address at which Slack reaches the daemon, such as https://bot.example.org; slack.mode http needs it")}
	}
	w := lang.In(c.Company.Language, nil)
	var commands []slack.Command
	for _, f := range command.Families(bot.Modules()) {
		commands = append(commands, slack.Command{Name: f.Name, Description: w.Say("help." + f.Name), Hint: example(w, f)})
	}
	data, err := slack.Manifest(v.Name, w.Say("manifest.description"), slack.Command{Description: w.Say("manifest.all"), Hint: "visit | today | account | help"}, commands, c.Slack.CommandPrefix, c.Slack.Mode != "http", c.HTTP.PublicURL)
	if err != nil {
		return err
	}
	return e.printf("%s\n", data)
}

func example(w lang.Words, f command.Family) string {
	if id := "example." + f.Name; lang.Has(id) {
		return w.Say(id)
	}
	return ""
}

type manifestTelegram struct {
	Apply bool `help:"Set them at Telegram."`
}

// Help implements kong's detailed help.
func (manifestTelegram) Help() string { return "Example:\n  fieldbot manifest telegram --apply" }

// Commands that make sense in a group; the rest is personal.
var inGroups = map[string]bool{"visit": true, "account": true, "today": true, "help": true}

// Run prints or sets the lists: every language, private chats and groups; the
// list without a language is the company's.
func (v *manifestTelegram) Run(e *env) error {
	c, err := e.config()
	if err != nil {
		return err
	}
	type list struct {
		Scope string `json:"scope"`
		telegram.Commands
	}
	var lists []list
	for _, code := range append([]string{""}, lang.Codes...) {
		speak := code
		if code == "" {
			speak = c.Company.Language
		}
		w := lang.In(speak, nil)
		for _, scope := range []string{"all_private_chats", "all_group_chats"} {
			l := list{Scope: scope, Commands: telegram.Commands{Language: code, Scope: scope}}
			for _, f := range command.Families(bot.Modules()) {
				if scope == "all_private_chats" || inGroups[f.Name] {
					l.Commands.Commands = append(l.Commands.Commands, telegram.Command{Command: f.Name, Description: w.Say("help." + f.Name)})
				}
			}
			lists = append(lists, l)
		}
	}
	if v.Apply {
		t := daemon.NewTelegram(c, e.logger(c))
		for _, l := range lists {
			if err := t.SetCommands(e.ctx, l.Commands); err != nil {
				return err
			}
		}
		return e.printf("%d command lists set\n", len(lists))
	}
	data, err := json.MarshalIndent(lists, "", "  ")
	if err != nil {
		return err
	}
	return e.printf("%s\n", data)
}
