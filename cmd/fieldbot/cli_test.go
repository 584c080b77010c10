package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

func TestDemo(t *testing.T) {
	program(t, "visit log \"Kiosk 14\" intent=strong\n/undo\n", "demo").has(t, exitDone, "Visit logged: Kiosk 14", "Undone: the new visit")
	program(t, "拜访 记 drfyp 意向=强\n", "demo", "--as", "li.wei", "--at", "2026-11-23T10:02:00+08:00").has(t, exitDone, "已记拜访：大润发杨浦店", "11月23日 周一 10:02")
	db := tempDB(t)
	program(t, "", "--db", db, "demo").has(t, exitDone)
	program(t, "", "--db", db, "demo").has(t, exitFailed, "in use already")
	program(t, "today\n", "--db", db, "chat", "--as", "anna", "--json").has(t, exitDone, `{"text":"Today, `, `"buttons":[`)
	program(t, "", "--db", db, "chat", "--as", "nobody").has(t, exitFailed, `no person with the handle "nobody"`)
	program(t, "today\n", "--db", db, "chat", "--as", "anna", "--at", "2026-11-23T10:00:00Z").has(t, exitDone, "Today, Mon 23 Nov")
	// A company that lives keeps its clock.
	own := tempDB(t)
	program(t, "", "--db", own, "user", "add", "--name", "Li Wei", "--handle", "li.wei", "--role", "rep", "--lang", "en").has(t, exitDone)
	program(t, "/account add name=Shop city=X\n/visit log Shop intent=weak\n", "--db", own, "chat", "--as", "li.wei").has(t, exitDone, "Visit logged: Shop")
	program(t, "", "--db", own, "chat", "--as", "li.wei", "--at", "2026-11-23T10:00:00Z").has(t, exitUsage, "--at works on a demo or an empty database only")
	program(t, "", "--db", own, "export", "nonsense", "--out", "keep.csv").has(t, exitUsage, "cannot export")
}

func TestUsage(t *testing.T) {
	program(t, "").has(t, exitDone, "fieldbot demo")
	program(t, "", "nonsense").has(t, exitUsage, "nonsense")
	program(t, "", "chat").has(t, exitUsage, "--as")
	for _, verb := range []string{"demo", "chat", "serve", "import", "export", "remind", "migrate", "check", "manifest slack", "manifest telegram", "user add", "user list", "user role", "user link", "user invite", "user off", "version", "backup", "restore", "move", "history", "erase"} {
		program(t, "", append(strings.Fields(verb), "--help")...).has(t, exitDone, "Example:")
	}
	program(t, "", "--config", "no-such-file.yaml", "check").has(t, exitFailed, "no-such-file.yaml")
	program(t, "", "--db", "mysql://x", "check").has(t, exitFailed, "database.url", "sqlite:FILE")
}

func TestUsers(t *testing.T) {
	storetest.Walk(t)
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			db := storetest.URL(t, engine)
			user := func(args ...string) result { return program(t, "", append([]string{"--db", db, "user"}, args...)...) }
			user("add", "--name", "The Boss", "--handle", "boss", "--role", "manager", "--territory", " East / ").has(t, exitDone, "/link ")
			user("add", "--name", "Li Wei", "--handle", "Li.Wei", "--role", "rep,kam", "--reports-to", "boss", "--lang", "zh", "--tz", "Asia/Shanghai", "--slack", "U1", "--telegram", "5").has(t, exitDone, "li.wei added")
			user("add", "--name", "X", "--handle", "li.wei", "--role", "rep").has(t, exitFailed, "is taken")
			user("add", "--name", "X", "--handle", "x", "--role", "king").has(t, exitUsage, "write one or some of rep")
			user("add", "--name", "X", "--handle", "x y", "--role", "rep").has(t, exitUsage, "small letters")
			user("add", "--name", "X", "--handle", "x", "--role", "rep", "--tz", "Mars").has(t, exitUsage, "IANA")
			user("add", "--name", "X", "--handle", "x", "--role", "rep", "--reports-to", "nobody").has(t, exitFailed, "no person")
			user("link", "boss", "--slack", "U1").has(t, exitFailed, "belongs to another person")
			user("list").has(t, exitDone, "slack,telegram", "East")
			user("role", "li.wei", "rep").has(t, exitDone, "is now rep")
			user("invite", "li.wei").has(t, exitDone, "within 7 days: /link ")
			program(t, "/account add name=Shop city=Graz\n", "--db", db, "chat", "--as", "li.wei").has(t, exitDone, "K0001")
			user("off", "li.wei").has(t, exitFailed, "still answers for 1 accounts", "--to HANDLE")
			user("off", "li.wei", "--to", "boss").has(t, exitDone, "switched off")
			program(t, "", "--db", db, "chat", "--as", "li.wei").has(t, exitFailed, "no person")
			program(t, "/account K0001\n", "--db", db, "chat", "--as", "boss").has(t, exitDone, "Owner: The Boss")
		})
	}
}

const accounts = "code,name,parent_code,owner,city\nK1,Chain,,boss,Graz\nK2,Region,K1,,Wien\n"

// TestImport: faults name file, line, column and reason, and nothing is half
// imported; again changes nothing; every export is an import.
func TestImport(t *testing.T) {
	storetest.Walk(t)
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			db := storetest.URL(t, engine)
			load := func(args ...string) result { return program(t, "", append([]string{"--db", db, "import"}, args...)...) }
			load("people", file(t, "p.csv", "\xef\xbb\xbf姓名,账号,角色,直线上级\n王芳,boss,区域经理,\n李伟,,业代,boss\n")).has(t, exitDone, "2 new, 0 changed, 0 unchanged, 0 bad")
			bad := file(t, "bad.csv", "code,name,owner,tier\nK1,Chain,nobody,A\nK2,,boss,Z\n")
			load("accounts", bad).has(t, exitFailed, "bad.csv:2: owner: there is no person", "bad.csv:3: name: is needed", "bad.csv:3: tier: There is no such choice", "nothing was written")
			if errors, err := os.ReadFile(bad + ".errors.csv"); err != nil || strings.Count(string(errors), "\n") != 3 {
				t.Errorf("%s %v", errors, err)
			}
			load("accounts", bad, "--skip-bad").has(t, exitFailed, "nothing was imported: no row of it is good")
			load("listings", "--template").has(t, exitDone, "account_code,product_code,chain_code")
			load("listings").has(t, exitUsage, "name a file to import")
			load("outbox", "--template").has(t, exitFailed, "cannot import \"outbox\"")
		})
	}
}

func TestImportSkipAndRepeat(t *testing.T) {
	storetest.Walk(t)
	db := tempDB(t)
	load := func(args ...string) result { return program(t, "", append([]string{"--db", db, "import"}, args...)...) }
	load("people", file(t, "p.csv", "name,handle,roles\nBoss,boss,manager\n")).has(t, exitDone)
	good := file(t, "a.csv", accounts)
	load("accounts", good, "--dry-run").has(t, exitDone, "would import accounts: 2 new")
	load("accounts", good).has(t, exitDone, "imported accounts: 2 new")
	load("accounts", good).has(t, exitDone, "0 new, 0 changed, 2 unchanged")
	load("accounts", file(t, "b.csv", strings.Replace(accounts, "Graz", "Linz", 1)+"K3,Third,K9,,\n"), "--skip-bad").has(t, exitDone, "0 new, 1 changed, 1 unchanged, 1 bad", "there is no account with the code or name \"K9\"")
	stores := file(t, "s.csv", "code;name;account_code;store_class;latitude;longitude;phone\nM1;=Shop;K2;A;47.07;15.43;+43 1\nM2;Other;K2;B;;;\n")
	load("stores", stores).has(t, exitDone, "2 new")
	load("stores", file(t, "s2.csv", "code,name,account_code,latitude\nM3,X,K2,1234\n")).has(t, exitFailed, "s2.csv:2: latitude: write degrees")
	load("contacts", file(t, "c.csv", "account_code,name,weight,birthday\nK1,Jo,40,05/03/1980\n")).has(t, exitFailed, "is not a date as YYYY-MM-DD")
	load("contacts", file(t, "c.csv", "account_code,name,weight,birthday\nK1,Jo,40,05/03/1980\n"), "--date-format", "dmy").has(t, exitDone, "1 new")
	visits := file(t, "v.csv", "store_code,person,started_at,intent,met\nM1,boss,2026-10-20 10:00,strong,\"Jo, Al\"\nM1,boss,2026-10-20T11:00:00+01:00,weak,\n")
	load("visits", visits).has(t, exitDone, "2 new")
	load("visits", visits).has(t, exitDone, "0 new, 0 changed, 2 unchanged")
	load("stores", file(t, "x.csv", "code,nam\n"), "--map", "name=nix").has(t, exitFailed, `has no column "nix"`)
	load("stores", file(t, "x.csv", "code,name\n"), "--set", "colour=red").has(t, exitFailed, `no field "colour"`)
	load("planets", good).has(t, exitFailed, "cannot import")
	for _, kind := range []string{"people", "accounts", "stores", "contacts", "visits"} {
		for _, format := range []string{"csv", "xlsx"} {
			path := filepath.Join(t.TempDir(), kind+"."+format)
			program(t, "", "--db", db, "export", kind, "--format", format, "--out", path).has(t, exitDone)
			load(kind, path).has(t, exitDone, "0 new, 0 changed,")
		}
		program(t, "", "--db", db, "export", kind, "--format", "json").has(t, exitDone, `"`)
	}
	program(t, "", "--db", db, "export", "stores").has(t, exitDone, "'=Shop", "'+43 1")
	program(t, "", "--db", db, "export", "visits", "--since", "2026-10-20", "--until", "2026-10-21").has(t, exitDone, "strong")
	if r := program(t, "", "--db", db, "export", "visits", "--since", "2026-10-21"); strings.Contains(r.out, "strong") {
		t.Error("--since is not kept")
	}
	program(t, "", "--db", db, "export", "audit_trail").has(t, exitDone, "import,create,accounts")
	program(t, "", "--db", db, "export", "outbox").has(t, exitDone, "lane")
}

// TestAll: a whole company goes out into a folder and comes in again, into the other engine,
// once.
func TestAll(t *testing.T) {
	storetest.Walk(t)
	for i, engine := range storetest.Engines {
		t.Run("from "+engine, func(t *testing.T) {
			from, into, dir := storetest.URL(t, engine), storetest.URL(t, storetest.Engines[1-i]), filepath.Join(t.TempDir(), "out")
			program(t, "/today\n", "--db", from, "demo").has(t, exitDone)
			program(t, "", "--db", from, "export", "all", "--out", dir).has(t, exitDone)
			program(t, "", "--db", into, "import", "all", dir).has(t, exitDone, "imported profiles: 0 new, 2 changed", "imported deal_ticks")
			if again := program(t, "", "--db", into, "import", "all", dir); again.code != exitDone || strings.Count(again.out, "imported") != strings.Count(again.out, ": 0 new, 0 changed") {
				t.Errorf("again: %s %s", again.out, again.err)
			}
			program(t, "", "--db", from, "export", "all").has(t, exitUsage, "--out DIR")
			program(t, "", "--db", into, "import", "all", dir, "--set", "city=Graz").has(t, exitUsage, "no --map, --set")
			program(t, "", "--db", into, "import", "all", dir, "--dry-run").has(t, exitUsage, "no --dry-run")
			program(t, "", "--db", into, "import", "all", t.TempDir()).has(t, exitUsage, "no file such as accounts.csv")
			program(t, "", "--db", into, "import", "stores", "nowhere.csv").has(t, exitUsage, "nowhere.csv")
		})
	}
}

// TestEncodings: the encodings that office programs write are detected.
func TestEncodings(t *testing.T) {
	storetest.Walk(t)
	gb := "code,name\nK1,\xb4\xf3\xc8\xf3\xb7\xa2\n"
	utf16le := "\xff\xfe" + strings.Join(strings.Split("code,name\nK1,X\n", ""), "\x00") + "\x00"
	for name, text := range map[string]string{"gb": gb, "utf16": utf16le, "bom": "\xef\xbb\xbfcode,name\nK1,大润发\n"} {
		program(t, "", "--db", tempDB(t), "import", "accounts", file(t, name+".csv", text)).has(t, exitDone, "1 new")
	}
	program(t, "", "--db", tempDB(t), "import", "accounts", file(t, "x.csv", "code,name\nK1,\xff\xff\xff\n")).has(t, exitFailed, "neither UTF-8")
	program(t, "", "--db", tempDB(t), "import", "accounts", file(t, "x.csv", "")).has(t, exitFailed, "the file is empty")
}

func TestRemindDryRun(t *testing.T) {
	db := tempDB(t)
	program(t, "", "--db", db, "demo", "--at", "2026-11-20T10:00:00Z").has(t, exitDone)
	program(t, "", "--db", db, "remind", "--dry-run", "--at", "2026-11-23T08:10:00+08:00").has(t, exitDone, "2026-11-23 · li.wei · morning digest, 08:10", "大润发")
	program(t, "", "--db", db, "remind", "--dry-run", "--at", "2026-11-22T08:10:00+08:00").has(t, exitDone, "nothing is due")
	program(t, "", "--db", db, "remind", "--at", "soon").has(t, exitUsage, "write a time")
}

func TestCheck(t *testing.T) {
	db := tempDB(t)
	program(t, "", "--db", db, "check").has(t, exitFailed, "BAD  database", "there is no database at")
	program(t, "", "--db", db, "export", "visits").has(t, exitFailed, "there is no database at")
	if err := os.WriteFile(strings.TrimPrefix(db, "sqlite:"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	program(t, "", "--db", db, "check").has(t, exitFailed, "BAD  schema", "run fieldbot migrate")
	program(t, "", "--db", db, "migrate", "--dry-run").has(t, exitDone, "would run 00001_frame.sql")
	program(t, "", "--db", db, "migrate").has(t, exitDone, "ran 00001_frame.sql")
	program(t, "", "--db", db, "migrate").has(t, exitDone, "the schema is current")
	program(t, "", "--db", db, "check").has(t, exitDone, "ok   schema", "0 waiting, none dead", "slack     off")
	program(t, "", "--db", db, "version").has(t, exitDone, "fieldbot dev", "sqlite 3.")
}

// TestCheckTokens: check asks both platforms, and names missing scopes; the
// command lists are set, and an invitation is a link.
func TestCheckTokens(t *testing.T) {
	storetest.Walk(t)
	slack, telegram := chattest.NewSlack(t), chattest.NewTelegram(t)
	settings := []string{"FIELDBOT_SLACK_MODE=socket", "FIELDBOT_SLACK_BOT_TOKEN=" + chattest.SlackBotToken, "FIELDBOT_SLACK_APP_TOKEN=" + chattest.SlackAppToken, "FIELDBOT_SLACK_API_URL=" + slack.APIURL(),
		"FIELDBOT_TELEGRAM_MODE=polling", "FIELDBOT_TELEGRAM_TOKEN=" + chattest.TelegramToken, "FIELDBOT_TELEGRAM_API_URL=" + telegram.APIURL()}
	db := tempDB(t)
	program(t, "", "--db", db, "demo").has(t, exitDone)
	slack.Grant("chat:write,commands")
	programWith(t, settings, "", "--db", db, "check").has(t, exitFailed, "BAD  slack", "lacks the scopes app_mentions:read, files:read", "the token belongs to @"+chattest.TelegramBot)
	slack.Grant("app_mentions:read,chat:write,commands,files:read,im:history,im:write,files:write,users:read")
	programWith(t, settings, "", "--db", db, "check").has(t, exitDone, "the token belongs to Northmarket")
	programWith(t, settings, "", "manifest", "telegram", "--apply").has(t, exitDone, "6 command lists set")
	programWith(t, settings, "", "--db", db, "user", "invite", "tom").has(t, exitDone, "https://t.me/"+chattest.TelegramBot+"?start=")
}

func TestManifest(t *testing.T) {
	program(t, "", "manifest", "slack").has(t, exitDone, `"/ka"`, `"/visit"`, `"socket_mode_enabled": true`, `"messages_tab_read_only_enabled": false`)
	if r := program(t, "", "manifest", "slack"); strings.Contains(r.out, `"/help"`) || strings.Contains(r.out, `"/away"`) {
		t.Error("a name that Slack keeps is claimed")
	}
	program(t, "", "manifest", "telegram").has(t, exitDone, `"language_code": "zh"`, "all_group_chats", "记拜访")
}
