// Command heard measures how sentences that nobody of this project wrote are read: days,
// amounts, numbers, yes and no from the sets that other people published. It prints a
// table and every row that was read as something else.
//
//	go run ./bot/chattest/heard DIR
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/kit/numeral"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/lang"
)

// row is a line of any of the sets.
type row struct {
	Text  string
	Lang  string
	Ref   calendar.Day
	Day   calendar.Day
	Past  calendar.Day
	Value json.RawMessage
}

// excused are rows whose set means what ours does not, each with the reason.
var excused = map[string]string{
	"农历2015年十月初一": lunar, "2015年农历正月初一": lunar, "三月初一": lunar, "正月三十": lunar, "大年初一": lunar, "大年三十": lunar, "神龙二年正月初一": lunar, "雍正四年大年三十": lunar,
	"星期二": weekday, "礼拜二": weekday, "周二": weekday,
	"monday january 12th, 2016": beside, "Wed, 22 of Jan": beside,
	"233,333，333,434.344元": limit, "四十九兆九千五百九十二億元": limit,
}

const (
	lunar   = "a day of the moon's calendar"
	weekday = "a weekday said on that weekday can be today or next week's: it is asked about"
	beside  = "the weekday contradicts the date: it is asked about"
	limit   = "more than an account can owe"
)

// verdict is how a row was read.
type verdict int

const (
	right   verdict = iota
	asked           // it can mean several, and the right one is among them
	refused         // it is not read, and said to be
	wrong
)

func main() {
	if len(os.Args) != 2 {
		say(os.Stderr, "usage: heard DIR, the folder of days.jsonl, money.jsonl, numbers.jsonl, yesno.jsonl\n")
		os.Exit(2)
	}
	say(os.Stdout, "| set | rows | right | asked about | refused | silently wrong | excused by name |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, set := range []struct {
		name string
		read func(row) verdict
	}{{"days", day}, {"money", amount}, {"numbers", figure}, {"yesno", yesNo}} {
		if err := measure(filepath.Join(os.Args[1], set.name+".jsonl"), set.name, set.read); err != nil {
			say(os.Stderr, "%v\n", err)
			os.Exit(1)
		}
	}
}

func say(to io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(to, format, args...) } // for the eye

func measure(path, name string, read func(row) verdict) error {
	f, err := os.Open(path) //nolint:gosec // the path is the user's own
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	var n [4]int
	named := 0
	var missed []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		v := read(r)
		n[v]++
		if v != right && excused[r.Text] != "" {
			named++
		} else if v != right {
			missed = append(missed, fmt.Sprintf("%s: %q %s", []string{"", "asked", "refused", "WRONG"}[v], r.Text, r.Ref))
		}
	}
	all := n[right] + n[asked] + n[refused] + n[wrong]
	say(os.Stdout, "| %s | %d | %d (%d %%) | %d | %d | %d | %d (%d %%) |\n", name, all, n[right], 100*n[right]/max(1, all), n[asked], n[refused], n[wrong], named, 100*named/max(1, all))
	slices.Sort(missed)
	for _, m := range missed {
		say(os.Stderr, "%s %s\n", name, m)
	}
	return lines.Err()
}

// day reads in the order of the row's language. A set marks what is no day with the year 1.
func day(r row) verdict {
	days := calendar.Read(r.Text, r.Ref, calendar.Order(r.Lang == "en"))
	fits := func(d calendar.Day) bool { return d == r.Day || d == r.Past }
	switch {
	case r.Day == "0001-01-01" && len(days) == 0, len(days) == 1 && fits(days[0]):
		return right
	case len(days) == 0:
		return refused
	case len(days) > 1 && slices.ContainsFunc(days, fits):
		return asked
	}
	return wrong
}

func amount(r row) verdict {
	got, err := money.Parse(r.Text, "CNY")
	var text string
	none := json.Unmarshal(r.Value, &text) != nil || text == ""
	switch want, _ := money.Parse(text, "CNY"); {
	case err != nil && none, err == nil && !none && got == want:
		return right
	case err != nil:
		return refused
	}
	return wrong
}

func figure(r row) verdict {
	var text string
	_ = json.Unmarshal(r.Value, &text) // "" is no number, below
	want, ok := new(big.Rat).SetString(text)
	got, read := numeral.Parse(r.Text)
	switch {
	case !read:
		return refused
	case ok && near(got, want):
		return right
	}
	return wrong
}

// near allows for the sets' rounding of what does not end.
func near(a, b *big.Rat) bool {
	x, _ := a.Float64()
	y, _ := b.Float64()
	return max(x-y, y-x) <= 1e-9*max(1, x, -x)
}

func yesNo(r row) verdict {
	got, problem := form.Check(field.Field{Key: "answer", Kind: field.YesNo}, r.Text, form.Env{Words: lang.In("en", nil)})
	switch {
	case problem != nil:
		return refused
	case (got == "yes") == (string(r.Value) == "true"):
		return right
	}
	return wrong
}
