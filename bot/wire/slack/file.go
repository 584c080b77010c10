package slack

import (
	"bytes"
	"context"

	"github.com/slack-go/slack"

	"fieldbot/bot/talk/chat"
)

// sendFile sends the file that hangs on a reply whose words have gone. An upload needs
// the id of a conversation, where a message takes a user's.
func (s *Slack) sendFile(ctx context.Context, out chat.Outgoing) (string, error) {
	channel := out.Place.Room
	if out.Place.Private {
		dm, _, _, err := s.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{channel}})
		if err != nil {
			return "", failure(err)
		}
		channel = dm.ID
	}
	f := out.Reply.File
	file, err := s.api.UploadFileContext(ctx, slack.UploadFileParameters{Channel: channel, ThreadTimestamp: out.Place.Thread, Reader: bytes.NewReader(f.Data), FileSize: len(f.Data),
		Filename: f.Name, Title: f.Name})
	if err != nil {
		return "", failure(err)
	}
	return channel + ":" + file.ID, nil
}
