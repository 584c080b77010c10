package chattest

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// File is what hangs on a message.
type File struct {
	Name string
	Data []byte
}

// maxUpload is more than any file that the bot sends.
const maxUpload = 10 << 20

// multipartArguments reads a multipart call: its fields and its one file.
func multipartArguments(r *http.Request) (map[string]any, *File, error) {
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		return nil, nil, err
	}
	args := map[string]any{}
	for k, v := range r.MultipartForm.Value {
		args[k] = loose(k, v[0])
	}
	for field, headers := range r.MultipartForm.File {
		f, err := headers[0].Open()
		if err != nil {
			return nil, nil, err
		}
		data, err := io.ReadAll(f)
		if err != nil {
			return nil, nil, err
		}
		args[field] = "attach://" + field // what the schema knows of a file
		return args, &File{Name: headers[0].Filename, Data: data}, nil
	}
	return args, nil, nil
}

// upload is a file on its way into the fake workspace.
type upload struct {
	length int
	File
}

// serveUpload takes the bytes of a file at the address it was given.
func (s *Slack) serveUpload(w http.ResponseWriter, r *http.Request) {
	_, f, err := multipartArguments(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uploads[r.PathValue("id")]
	if err != nil || f == nil || u == nil || len(f.Data) != u.length {
		s.t.Errorf("slack: an upload that was not announced so: %v", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	u.Data = f.Data
}

// uploadMethod answers the methods of an upload; it is false for any other.
func (s *Slack) uploadMethod(w http.ResponseWriter, method string, args map[string]any) bool {
	switch method {
	case "conversations.open":
		answer(w, map[string]any{"ok": true, "channel": map[string]any{"id": "D" + text(args["users"])}})
	case "files.getUploadURLExternal":
		id := s.id("F")
		length, ok := args["length"].(float64)
		if !ok || length <= 0 || text(args["filename"]) == "" {
			refuse(w, "invalid_arguments")
			return true
		}
		s.mu.Lock()
		s.uploads[id] = &upload{length: int(length), File: File{Name: text(args["filename"])}}
		s.mu.Unlock()
		answer(w, map[string]any{"ok": true, "upload_url": s.server.URL + "/upload/" + id, "file_id": id})
	case "files.completeUploadExternal":
		s.completeUpload(w, args)
	default:
		return false
	}
	return true
}

func (s *Slack) completeUpload(w http.ResponseWriter, args map[string]any) {
	var files []struct{ ID, Title string }
	data, err := json.Marshal(args["files"])
	if err == nil {
		err = json.Unmarshal(data, &files)
	}
	channel := text(args["channel_id"])
	if err != nil || len(files) != 1 || channel == "" || channel[0] == 'U' {
		s.t.Errorf("slack: completeUploadExternal with %v", args)
		refuse(w, "invalid_arguments")
		return
	}
	s.mu.Lock()
	u := s.uploads[files[0].ID]
	s.mu.Unlock()
	if u == nil || u.Data == nil {
		refuse(w, "file_not_found")
		return
	}
	if channel[0] == 'D' {
		channel = channel[1:] // users read their DM under their own id
	}
	s.in.put(Message{ID: files[0].ID, Room: channel, Text: text(args["initial_comment"]), File: &u.File})
	answer(w, map[string]any{"ok": true, "files": []any{map[string]any{"id": files[0].ID, "title": files[0].Title}}})
}

// sendFile takes a picture or a document with its caption.
func (g *Telegram) sendFile(w http.ResponseWriter, method string, args map[string]any, f *File) {
	caption, err := visible(text(args["caption"]))
	if err != nil || len([]rune(caption)) > 1024 || f == nil || len(f.Data) == 0 {
		g.t.Errorf("telegram: %s with a caption of %d and file %v: %v", method, len([]rune(caption)), f != nil, err)
		telegramError(w, 400, "Bad Request", nil)
		return
	}
	g.mu.Lock()
	g.message++
	id := g.message
	g.mu.Unlock()
	m := Message{ID: strconv.FormatInt(id, 10), Room: text(args["chat_id"]), Text: caption, File: f}
	g.readKeyboard(&m, args["reply_markup"], false)
	g.in.put(m)
	answer(w, map[string]any{"ok": true, "result": map[string]any{"message_id": id}})
}
