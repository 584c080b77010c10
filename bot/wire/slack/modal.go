package slack

import (
	"strings"

	"github.com/slack-go/slack"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
)

// modalView renders a form. The draft's id is in private_metadata, so that a
// modal that was opened before a restart can be submitted after it; block and
// action ids are the field's key.
func modalView(m chat.Modal) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: "form", PrivateMetadata: m.Draft, NotifyOnClose: true,
		Title: plain(chat.Cut(m.Title, 24)), Submit: plain(chat.Cut(m.Submit, 24)), Close: plain(chat.Cut(m.Close, 24)),
	}
	if m.Intro != "" {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewSectionBlock(plain(chat.Cut(m.Intro, 3000)), nil, nil))
	}
	for _, f := range m.Fields {
		if f.Error != "" {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewContextBlock("", plain("⚠️ "+chat.Cut(f.Label+": "+f.Error, 1900))))
		}
		var hint *slack.TextBlockObject
		if f.Hint != "" {
			hint = plain(f.Hint)
		}
		block := slack.NewInputBlock(f.Key, plain(f.Label), hint, element(f))
		block.Optional = !f.Required
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, block)
	}
	return v
}

// lookUp is the input of a field that names something.
func lookUp(f chat.ModalField) slack.BlockElement {
	if len(f.Options) > 0 {
		return selectOne(f) // what was typed fits several
	}
	x := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, nil, f.Key)
	x.MinQueryLength = new(int) // from the start: the likely ones first
	if f.Value != "" && f.Shown != "" {
		x.InitialOption = option(chat.Option{Value: f.Value, Label: f.Shown})
	}
	return x
}

// element is the input of a field.
func element(f chat.ModalField) slack.BlockElement {
	switch {
	case f.Kind.LookUp() && !f.Kind.Several():
		return lookUp(f)
	case f.Kind == field.Some && len(f.Options) == 0:
		f.Kind = field.Text // there is nothing to choose: what is typed is answered
	}
	switch f.Kind {
	case field.Number:
		x := slack.NewNumberInputBlockElement(nil, f.Key, false)
		x.InitialValue = f.Value
		return x
	case field.Date:
		x := slack.NewDatePickerBlockElement(f.Key)
		x.InitialDate = f.Value
		return x
	case field.Time:
		x := slack.NewTimePickerBlockElement(f.Key)
		x.InitialTime = f.Value
		return x
	case field.Choice, field.YesNo:
		return selectOne(f)
	case field.Choices, field.Some:
		return selectSome(f)
	case field.Photos:
		x := slack.NewFileInputBlockElement(f.Key)
		x.MaxFiles, x.FileTypes = f.Max, []string{"jpg", "jpeg", "png", "heic", "webp"}
		return x
	}
	x := slack.NewPlainTextInputBlockElement(nil, f.Key)
	x.Multiline = f.Kind == field.Long || f.Kind == field.Each
	x.InitialValue = f.Value
	if f.Max > 0 {
		x.MaxLength = min(3000, max(f.Max, len([]rune(f.Value))))
	}
	return x
}

func selectOne(f chat.ModalField) slack.BlockElement {
	x := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, f.Key)
	for _, o := range f.Options {
		x.Options = append(x.Options, option(o))
		if o.Value == f.Value {
			x.InitialOption = option(o)
		}
	}
	return x
}

// mostOptions is how many options Slack takes in a list.
const mostOptions = 100

func selectSome(f chat.ModalField) slack.BlockElement {
	x := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, nil, f.Key)
	for _, o := range f.Options[:min(mostOptions, len(f.Options))] {
		x.Options = append(x.Options, option(o))
		for _, v := range strings.Split(f.Value, ";") {
			if v == o.Value {
				x.InitialOptions = append(x.InitialOptions, option(o))
			}
		}
	}
	return x
}

// values reads a submitted modal: canonical text by field, empty where
// nothing was entered.
func values(state *slack.ViewState) map[string]string {
	out := map[string]string{}
	if state == nil {
		return out
	}
	for key, block := range state.Values {
		for _, a := range block {
			out[key] = value(a)
		}
	}
	return out
}

func value(a slack.BlockAction) string {
	switch string(a.Type) {
	case "datepicker":
		return a.SelectedDate
	case "timepicker":
		return a.SelectedTime
	case "static_select", "external_select", "radio_buttons":
		return a.SelectedOption.Value
	case "multi_static_select", "checkboxes":
		var codes []string
		for _, o := range a.SelectedOptions {
			codes = append(codes, o.Value)
		}
		return strings.Join(codes, ";")
	case "file_input":
		var refs []string
		for _, f := range a.Files {
			refs = append(refs, string(chat.Slack)+":"+f.ID)
		}
		return strings.Join(refs, " ")
	}
	return a.Value
}
