package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"fieldbot/bot/talk/chat"
)

// sendFile sends the file that hangs on a reply whose words have gone.
func (t *Telegram) sendFile(ctx context.Context, params tg.Params, r chat.Reply) (string, error) {
	method, field := "sendDocument", "document"
	if r.File.Picture() {
		method, field = "sendPhoto", "photo"
	}
	delete(params, "text")
	delete(params, "link_preview_options")
	api := t.api(ctx)
	response, err := api.UploadFiles(method, params, []tg.RequestFile{{Name: field, Data: tg.FileBytes{Name: r.File.Name, Bytes: r.File.Data}}})
	var refused *tg.Error
	if errors.As(err, &refused) && refused.Code == 0 && response != nil {
		refused.Code = response.ErrorCode // the library leaves it out of uploads
	}
	if err != nil {
		return "", failure(method, err)
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	err = json.Unmarshal(response.Result, &sent)
	return fmt.Sprint(sent.ID), err
}
