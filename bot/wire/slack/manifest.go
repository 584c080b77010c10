package slack

import (
	"encoding/json"
	"slices"

	"github.com/slack-go/slack"
)

// All is the command that takes every other one as its first word.
const All = "ka"

// Slack keeps these names for itself (help center: built-in slash commands);
// they exist through /ka alone.
var kept = []string{"help", "remind", "open", "search", "status", "away", "active", "invite", "leave", "mute", "who", "me", "msg", "dm", "feed", "join", "topic", "rename", "remove", "archive", "collapse", "expand", "shrug", "star", "shortcuts", "feedback", "call"}

// scopes are what the bot may do in a workspace.
var scopes = []string{"app_mentions:read", "chat:write", "commands", "files:read", "files:write", "im:history", "im:write", "users:read"}

// Command is a command with its description.
type Command struct{ Name, Description, Hint string }

// Manifest is the app manifest to paste into Slack: commands, events, scopes,
// socket or HTTP, as indented JSON. The first command is /ka. publicURL is the
// daemon's own address for HTTP.
func Manifest(name, description string, all Command, commands []Command, prefix string, socket bool, publicURL string) ([]byte, error) {
	address := func(path string) string {
		if socket {
			return ""
		}
		return publicURL + path
	}
	var slashes []slack.ManifestSlashCommand
	add := func(c Command) {
		slashes = append(slashes, slack.ManifestSlashCommand{Command: "/" + c.Name, Description: c.Description, UsageHint: c.Hint, Url: address("/slack/commands")})
	}
	all.Name = All
	add(all)
	for _, c := range commands {
		if prefix != "" || !slices.Contains(kept, c.Name) {
			c.Name = prefix + c.Name
			add(c)
		}
	}
	m := slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 2},
		Display:  slack.Display{Name: name, Description: description},
		Features: slack.Features{
			AppHome:       slack.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser:       slack.BotUser{DisplayName: name, AlwaysOnline: true},
			SlashCommands: slashes,
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: scopes}},
		Settings: slack.Settings{
			EventSubscriptions: &slack.EventSubscriptions{RequestUrl: address("/slack/events"), BotEvents: []string{"app_home_opened", "app_mention", "message.im"}},
			Interactivity:      &slack.Interactivity{IsEnabled: true, RequestUrl: address("/slack/interactions"), MessageMenuOptionsUrl: address("/slack/options")},
			SocketModeEnabled:  socket,
		},
	}
	data, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	// The library leaves out what is false, but a messages tab that is not
	// told otherwise is read-only.
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, err
	}
	if features, ok := tree["features"].(map[string]any); ok {
		if home, ok := features["app_home"].(map[string]any); ok {
			home["messages_tab_read_only_enabled"] = false
		}
	}
	return json.MarshalIndent(tree, "", "  ")
}
