package bot

import (
	"cmp"
	"slices"
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
)

// help is /help: every command in a line, or one in detail.
var help = command.Family{Name: "help"}

func init() {
	// It reads the list of families that holds it.
	help.Verbs = []command.Verb{{Read: showHelp}}
}

func showHelp(r *command.Request, args command.Args) (chat.Reply, error) {
	if args.Object == "" {
		return helpAll(r), nil
	}
	families := command.Families(r.Modules)
	word, _, _ := strings.Cut(strings.TrimPrefix(args.Object, "/"), " ")
	name, ok := command.Named("cmd", word, names(families))
	if !ok {
		return chat.Reply{}, fault.Wrong("command_unknown", "name", chat.Cut(args.Object, 30))
	}
	i := slices.IndexFunc(families, func(f command.Family) bool { return f.Name == name })
	return helpOne(r, families[i]), nil
}

func slash(r *command.Request, name string) string {
	if r.Place.Platform == chat.Slack {
		return "/ka " + name
	}
	return "/" + name
}

// spoken is a verb as the reader would say it: in Chinese without a slash, by
// the verb's first Chinese name.
func spoken(r *command.Request, family, verb string) string {
	keys := lang.Keys(r.Words.Code)
	names, _, _ := strings.Cut(cmp.Or(keys["alias.verb."+family+"."+verb], keys["alias.verb."+verb]), ",")
	if r.Words.Code == "en" || names == "" {
		return slash(r, family) + " " + verb
	}
	return r.Say("cmd."+family) + " " + names
}

// mayAny reports whether a person may say anything of a family.
func mayAny(r *command.Request, f command.Family) bool {
	return slices.ContainsFunc(f.Verbs, func(v command.Verb) bool { return r.May(v.Roles) })
}

func helpAll(r *command.Request) chat.Reply {
	var lines []string
	for _, f := range command.Families(r.Modules) {
		if !mayAny(r, f) {
			continue
		}
		lines = append(lines, r.Say("help.line", "command", slash(r, f.Name), "word", r.Say("cmd."+f.Name), "what", r.Say("help."+f.Name)))
	}
	reply := chat.Reply{Title: r.Say("help.title"), Text: strings.Join(lines, "\n") + "\n" + r.Say("help.more")}
	row := []chat.Button{command.SayButton(r.Say("button.today"), "today", "")}
	if r.Who.Visits() {
		row = append([]chat.Button{command.SayButton(r.Say("button.log_any"), "visit", "")}, row...)
	}
	reply.Buttons = [][]chat.Button{row}
	return reply
}

func helpOne(r *command.Request, f command.Family) chat.Reply {
	lines := []string{r.Say("help." + f.Name)}
	for _, v := range f.Verbs {
		if v.Name == "" || !r.May(v.Roles) {
			continue
		}
		lines = append(lines, "· "+spoken(r, f.Name, v.Name)+" — "+r.Say("verb."+f.Name+"."+v.Name))
	}
	for _, v := range f.Verbs {
		if len(v.Form.Fields) == 0 || !r.May(v.Roles) {
			continue
		}
		var keys []string
		for _, x := range v.Form.Fields {
			keys = append(keys, lang.Typed(r.Words.Code, x))
		}
		lines = append(lines, r.Say("help.fields", "command", spoken(r, f.Name, v.Name), "keys", strings.Join(keys, " ")))
		break
	}
	if id := "example." + f.Name; lang.Has(id) {
		lines = append(lines, r.Say("help.example", "example", r.Say(id)))
	}
	return chat.Reply{Title: strings.TrimSpace(slash(r, f.Name) + " " + strings.TrimPrefix(r.Say("cmd."+f.Name), f.Name)), Text: strings.Join(lines, "\n")}
}

func names(families []command.Family) []string {
	out := make([]string, len(families))
	for i, f := range families {
		out[i] = f.Name
	}
	return out
}
