// Package chat is the platform-neutral vocabulary: what every platform can
// hear and say. It does no I/O. Adapters translate it to and from the wire;
// nothing above them knows Slack or Telegram. If an adapter seems to need a
// rule, a word is missing here.
package chat

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/kit/field"
)

// Platform is a way in and out.
type Platform string

// The platforms.
const (
	Slack    Platform = "slack"
	Telegram Platform = "telegram"
	Terminal Platform = "terminal"
)

// Place is where something is said.
type Place struct {
	Platform Platform `json:"platform"`
	Room     string   `json:"room"`             // channel, chat or handle
	Thread   string   `json:"thread,omitempty"` // thread or topic inside the room
	Private  bool     `json:"private,omitempty"`
}

// Actor is a proven platform identity; the name it shows proves nothing.
type Actor struct {
	Platform Platform
	ID       string
	Name     string // as the platform shows it, to be read by people alone
	Language string // what the platform says of the person's language, if anything
}

// Kind is what happened.
type Kind string

// The kinds of update.
const (
	Command Kind = "command" // Name is the family, Text the rest
	Text    Kind = "text"    // Text, Photos or Location, said without a command
	Press   Kind = "press"   // Name is the id of a button
	Submit  Kind = "submit"  // Name is a draft, Values its fields
	Closed  Kind = "closed"  // Name is a draft whose modal was closed
	Options Kind = "options" // Name is a draft, Field a look-up in it, Text the query
	Home    Kind = "home"    // the person opened the bot's home
	Unread  Kind = "unread"  // a voice note, sticker … that the bot cannot read
	Left    Kind = "left"    // the person blocked the bot
	Moved   Kind = "moved"   // the room's new id is Text
	Track   Kind = "track"   // a live location that was sent has moved; nothing is answered
)

// Update is one thing that came in.
type Update struct {
	ID        string // the platform's own delivery id; key of the inbox
	Place     Place
	Actor     Actor
	Kind      Kind
	Name      string
	Text      string
	Names     []string // @ID in the text: people that the platform names by id
	Field     string
	Values    map[string]string
	Photos    []Photo
	Album     string // id that the photos of one album share
	Location  *Location
	Message   string    // id of the message a button was pressed on
	Answers   string    // id of the bot's message that it was said in reply to
	At        time.Time // when it was said; zero means now
	Modal     bool      // a modal can be opened in answer to it
	Answered  bool      // the answer goes back on the request itself
	Mentioned bool      // said in a shared room, to the bot by name or reply
}

// Photo is a picture that the platform keeps until it is fetched.
type Photo struct {
	Ref string `json:"ref"` // the platform's name and its file id, slack:F123
}

// Location is a point that a person sent.
type Location struct {
	Lat, Lon float64
	Live     bool // a live location, not forwarded: it proves presence
}

// Reply is what is said back, in the person's language. Title and Text are
// plain: adapters escape them and print the title in bold.
type Reply struct {
	Title   string            `json:"title,omitempty"`
	Text    string            `json:"text,omitempty"`
	Buttons [][]Button        `json:"buttons,omitempty"`
	Fields  []Line            `json:"fields,omitempty"` // filled fields of a card
	Modal   *Modal            `json:"modal,omitempty"`
	Errors  map[string]string `json:"errors,omitempty"`  // of a submitted modal, by field
	Keep    bool              `json:"keep,omitempty"`    // carries undo or must stay: goes to the private chat
	Open    bool              `json:"open,omitempty"`    // may be read by everybody in the room
	Replace bool              `json:"replace,omitempty"` // stands in place of the message that was pressed
	Digits  bool              `json:"digits,omitempty"`  // the answer is a number
	Ask     *Wish             `json:"ask,omitempty"`     // what the keyboard should offer to send
	Options []Option          `json:"-"`                 // of a look-up in a modal
	Home    bool              `json:"home,omitempty"`    // the person's home instead of a message
	File    *File             `json:"file,omitempty"`    // hangs on the message
	About   *Do               `json:"about,omitempty"`   // what is meant by words said in reply to it in a shared room
}

// File is a picture or a document that hangs on a message. It is made when the
// message leaves, from what Make and Args name, so that nothing large waits in
// a row.
type File struct {
	Name string   `json:"name"` // with its ending, which says what it is
	Make string   `json:"make"` // name of the maker
	Args []string `json:"args,omitempty"`
	Data []byte   `json:"-"`
}

// Picture reports whether platforms show the file as a picture.
func (f File) Picture() bool { return strings.HasSuffix(f.Name, ".png") }

// Wish is what the person is asked to send, for platforms with a keyboard
// that sends it.
type Wish struct {
	Location string   `json:"location,omitempty"` // label of the button that sends the location
	Words    []string `json:"words,omitempty"`    // words that may be said instead
}

// Line is a label and its value on a card.
type Line struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Button is pressed by a person. Exactly one of Do and URL is set; the bot
// puts the id of the saved callback in ID before the reply leaves.
type Button struct {
	Label string `json:"label"`
	URL   string `json:"url,omitempty"`
	Style Style  `json:"style,omitempty"`
	ID    string `json:"id,omitempty"`
	Do    *Do    `json:"-"`
}

// Style is how much a button stands out.
type Style string

// The styles beside the plain one.
const (
	Primary Style = "primary"
	Danger  Style = "danger"
)

// Do is what a press means; it is kept in the database, never in the button.
type Do struct {
	Action  string        `json:"action"`
	Args    []string      `json:"args,omitempty"`
	Acts    bool          `json:"acts,omitempty"`    // works once
	Subject string        `json:"subject,omitempty"` // kind:id it was made for
	Version int64         `json:"version,omitempty"` // version of the subject then
	For     time.Duration `json:"-"`                 // how long it lives; zero means the default
	Anyone  bool          `json:"anyone,omitempty"`  // any person who may, not just the one addressed
}

// Option is one of several things to choose.
type Option struct {
	Value string
	Label string
	Note  string // a few words that tell it from the others
	Guess bool   // perhaps not what was meant: never taken without asking
}

// Modal is a form shown at once with all its fields.
type Modal struct {
	Draft  string       `json:"draft"`
	Title  string       `json:"title"`
	Intro  string       `json:"intro,omitempty"`
	Submit string       `json:"submit"`
	Close  string       `json:"close"`
	Fields []ModalField `json:"fields"`
	// Instead is sent where the modal cannot be opened in time: a button that
	// opens it.
	Instead *Reply `json:"-"`
}

// ModalField is one field of a modal.
type ModalField struct {
	Key      string
	Kind     field.Kind
	Label    string
	Hint     string
	Error    string
	Required bool
	Value    string
	Shown    string // what Value is called, for a look-up
	Options  []Option
	Max      int
}

// Caps is what a platform can do, and how fast.
type Caps struct {
	Grid      bool          // can show small buttons side by side: days, figures
	PerRoom   time.Duration // shortest time between messages of one room, in the long run
	PerGroup  time.Duration // the same for a shared room
	RoomBurst int           // messages of one room that may go at once
	PerSecond int           // messages a second over all rooms
}

// Outgoing is a message on its way to a place.
type Outgoing struct {
	Place   Place
	Reply   Reply
	Replace string // id of the message to put it in place of
}

// Sender is a platform that messages can be sent to. Send returns the
// platform's id of the message; its error is a *Failure where the platform
// gave a reason.
type Sender interface {
	Platform() Platform
	Caps() Caps
	Send(ctx context.Context, out Outgoing) (id string, err error)
	// Fetch writes a photo that a person sent, as it comes, 20 MB at most. The name is
	// the platform's file id.
	Fetch(ctx context.Context, name string, into io.Writer) error
	// Zone asks the platform for a person's time zone; empty if it does not know.
	Zone(ctx context.Context, user string) (string, error)
	// Link returns a link that opens the bot's private chat with a token, or
	// "" if the platform has none.
	Link(token string) string
}

// Failure is why a message could not be delivered.
type Failure struct {
	Reason      string
	Permanent   bool          // trying again cannot help
	Unreachable bool          // the room cannot be reached, whatever is sent
	After       time.Duration // the platform asked to wait so long
	MovedTo     string        // the room has this id now
	Gone        bool          // the message to replace is no more; send anew
}

// Error returns the reason.
func (f *Failure) Error() string { return f.Reason }

// Empty reports whether there is nothing to say or show.
func (r Reply) Empty() bool {
	return r.Title == "" && r.Text == "" && len(r.Buttons) == 0 && len(r.Fields) == 0 && r.Modal == nil && len(r.Errors) == 0 && len(r.Options) == 0 && !r.Home
}

// CloneButtons copies rows of buttons, so that the names that one try of a unit
// gives them stay out of its next.
func CloneButtons(rows [][]Button) [][]Button {
	out := make([][]Button, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
	}
	return out
}
