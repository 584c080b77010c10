package slack

import (
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"fieldbot/bot/talk/chat"
)

// place is where something was said. A direct message is named by the user,
// so that everything said to one person shares a room however it is reached.
func place(channel, thread, user string) chat.Place {
	if strings.HasPrefix(channel, "D") || channel == "" {
		return chat.Place{Platform: chat.Slack, Room: user, Private: true}
	}
	return chat.Place{Platform: chat.Slack, Room: channel, Thread: thread}
}

func actor(user string) chat.Actor { return chat.Actor{Platform: chat.Slack, ID: user} }

var (
	errUnknown = errors.New("slack: nothing the bot knows")
	// errOtherTeam says that a request is of a workspace where the bot is not installed.
	errOtherTeam = errors.New("slack: of another workspace")
)

// foreign reports whether a team is not the one that the token belongs to. Until Slack
// has told which that is, none is.
func (s *Slack) foreign(team string) bool {
	mine := s.team.Load()
	return mine != nil && team != "" && team != *mine
}

// decodeCommand reads a slash command. /ka takes the family as its first
// word; a command with its own name, with or without the prefix, is one.
func (s *Slack) decodeCommand(c slack.SlashCommand) (turn, error) {
	if c.UserID == "" || c.TriggerID == "" || c.Command == "" {
		return turn{}, errUnknown
	}
	if s.foreign(c.TeamID) {
		return turn{}, errOtherTeam
	}
	name, text := strings.TrimPrefix(c.Command, "/"), c.Text
	if name == All {
		name, text = chat.FirstWord(text)
		if name == "" {
			name = "help"
		}
	} else {
		name = strings.TrimPrefix(name, s.Prefix)
	}
	return turn{came: time.Now(), trigger: c.TriggerID, responseURL: c.ResponseURL, update: chat.Update{
		ID: "c:" + c.TriggerID, Place: place(c.ChannelID, "", c.UserID), Actor: actor(c.UserID),
		Kind: chat.Command, Name: name, Text: text, Modal: true, Answered: true,
	}}, nil
}

// decodeInteraction reads a press, a submitted or closed modal, or a look-up.
func (s *Slack) decodeInteraction(payload []byte) (turn, error) {
	var kind struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	}
	var c slack.InteractionCallback
	if err := json.Unmarshal(payload, &kind); err != nil {
		return turn{}, err
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return turn{}, err
	}
	if s.foreign(c.Team.ID) {
		return turn{}, errOtherTeam
	}
	t := turn{came: time.Now(), trigger: c.TriggerID, responseURL: c.ResponseURL, home: c.View.Type == slack.VTHomeTab, update: chat.Update{
		ID: "i:" + c.TriggerID, Place: place(c.Channel.ID, c.Message.ThreadTimestamp, c.User.ID), Actor: actor(c.User.ID),
		Modal: c.TriggerID != "", Answered: true,
	}}
	u := &t.update
	switch kind.Type {
	case "block_actions":
		if len(c.ActionCallback.BlockActions) == 0 {
			return t, errUnknown
		}
		u.Kind, u.Name = chat.Press, c.ActionCallback.BlockActions[0].Value
		if u.Name == "" {
			return t, errUnknown // a button with a link
		}
		u.Answered = c.ResponseURL != "" // a press on the home has none
		if c.Message.Timestamp != "" {
			u.Message = c.Channel.ID + ":" + c.Message.Timestamp
		}
	case "view_submission":
		u.Kind, u.Name, u.Values = chat.Submit, c.View.PrivateMetadata, values(c.View.State)
	case "view_closed":
		u.Kind, u.Name = chat.Closed, c.View.PrivateMetadata
		u.ID = "x:" + c.View.ID
	case "block_suggestion":
		u.Kind, u.Name, u.Field, u.Text = chat.Options, c.View.PrivateMetadata, c.ActionID, kind.Value
	default:
		return t, errUnknown
	}
	if u.Actor.ID == "" {
		return t, errUnknown
	}
	return t, nil
}

// outer is an event as Slack delivers it.
type outer struct {
	Type      string          `json:"type"`
	Challenge string          `json:"challenge"`
	EventID   string          `json:"event_id"`
	TeamID    string          `json:"team_id"`
	Limited   int64           `json:"minute_rate_limited"` // unix time
	Event     json.RawMessage `json:"event"`
}

// inner are the fields of the events that the bot subscribes to.
type inner struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Tab         string `json:"tab"`
	Files       []struct {
		ID       string `json:"id"`
		Mimetype string `json:"mimetype"`
	} `json:"files"`
}

// decodeEvent reads an event: the home opened, a direct message, a mention.
func (s *Slack) decodeEvent(o outer) (turn, error) {
	var e inner
	if err := json.Unmarshal(o.Event, &e); err != nil {
		return turn{}, err
	}
	switch {
	case s.foreign(o.TeamID):
		return turn{}, errOtherTeam
	case e.User == "" || e.BotID != "" || o.EventID == "":
		return turn{}, errUnknown
	}
	if e.Type == "app_mention" {
		e.Text = reMention.ReplaceAllString(e.Text, "")
	}
	u := chat.Update{ID: "e:" + o.EventID, Actor: actor(e.User), Place: place(e.Channel, e.ThreadTS, e.User), Kind: chat.Text}
	u.Text, u.Names = unescape(e.Text)
	switch {
	case e.Type == "app_home_opened" && e.Tab == "home":
		u.Kind = chat.Home
	case e.Type == "message" && e.ChannelType == "im" && (e.Subtype == "" || e.Subtype == "file_share"):
		for _, f := range e.Files {
			if strings.HasPrefix(f.Mimetype, "image/") {
				u.Photos = append(u.Photos, chat.Photo{Ref: string(chat.Slack) + ":" + f.ID})
			} else {
				u.Kind = chat.Unread
			}
		}
		if rest, ok := strings.CutPrefix(u.Text, "/"); ok {
			u.Kind = chat.Command
			u.Name, u.Text = chat.FirstWord(rest)
		}
	case e.Type == "app_mention":
		u.Mentioned = true
		if u.Place.Thread == "" {
			u.Place.Thread = e.TS
		}
	default:
		return turn{}, errUnknown
	}
	return turn{came: time.Now(), update: u}, nil
}

var (
	reMention = regexp.MustCompile(`^\s*<@[A-Z0-9]+>[\s:,，：]*`)
	reMarkup  = regexp.MustCompile(`<([^<>|]+)(?:\|([^<>]*))?>`)
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// unescape turns a message's text into what the person typed: Slack wraps links, names
// and channels, and makes links of names such as JD.com. People that are named stand
// as @ID; whose names they are is the bot's to know.
func unescape(text string) (typed string, people []string) {
	typed = reMarkup.ReplaceAllStringFunc(text, func(m string) string {
		parts := reMarkup.FindStringSubmatch(m)
		what, label := parts[1], parts[2]
		switch {
		case strings.HasPrefix(what, "@"):
			people = append(people, what)
			return what
		case strings.HasPrefix(what, "#"):
			return "#" + cmp.Or(label, what[1:])
		case strings.HasPrefix(what, "!"):
			name, _, _ := strings.Cut(what[1:], "^")
			return cmp.Or(label, "@"+name)
		case label == "" || strings.HasPrefix(what, "http") && what != "http://"+label && what != "https://"+label:
			return what
		}
		return label
	})
	return strings.TrimSpace(unescaper.Replace(typed)), people
}
