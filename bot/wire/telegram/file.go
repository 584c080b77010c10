package telegram

import (
	"context"
	"encoding/json"
	"fmt"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"fieldbot/bot/talk/chat"
)

// maxCaption is the characters below a picture or document (docs: sendPhoto,
// 1024).
const maxCaption = 1000

// sendFile sends a reply with the file that hangs on it, as one message.
func (t *Telegram) sendFile(ctx context.Context, params tg.Params, r chat.Reply) (string, error) {
	method, field := "sendDocument", "document"
	if r.File.Picture() {
		method, field = "sendPhoto", "photo"
	}
	params["caption"] = caption(r)
	delete(params, "text")
	delete(params, "link_preview_options")
	api := t.api(ctx)
	response, err := api.UploadFiles(method, params, []tg.RequestFile{{Name: field, Data: tg.FileBytes{Name: r.File.Name, Bytes: r.File.Data}}})
	if err != nil {
		return "", failure(method, err)
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	err = json.Unmarshal(response.Result, &sent)
	return fmt.Sprint(sent.ID), err
}

// caption is a reply as the text below its file.
func caption(r chat.Reply) string {
	r.Text = chat.Cut(r.Text, max(1, maxCaption-len([]rune(r.Title))-10))
	r.Fields = nil
	return text(r)
}
