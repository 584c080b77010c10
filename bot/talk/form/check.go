package form

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/kit/numeral"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/lang"
)

// Check reads the words for a field and returns their canonical text, or what
// is wrong with them. Look-ups are not checked here.
func Check(x field.Field, raw string, env Env) (string, *fault.Fault) {
	switch x.Kind {
	case field.Text, field.Long:
		return checkText(x, raw)
	case field.Number:
		return checkNumber(x, raw)
	case field.Percent:
		n, ok := numeral.Percent(raw)
		if !ok || !n.IsInt() || n.Sign() < 0 || n.Cmp(big.NewRat(100, 1)) > 0 {
			return "", fault.At(x.Key, "percent")
		}
		return n.Num().String(), nil
	case field.Money:
		a, err := money.Parse(raw, env.Currency)
		if f, bad := fault.As(err); bad {
			return "", fault.At(x.Key, f.Key, f.Args...)
		}
		return strconv.FormatInt(a.Minor, 10), nil // minor units, as rows keep them
	case field.Date:
		return checkDate(x, raw, env)
	case field.Time:
		c, ok := calendar.ParseClock(raw)
		if !ok {
			return "", fault.At(x.Key, "time")
		}
		return c.String(), nil
	case field.Choice, field.YesNo:
		code, ok := matchChoice(x, raw)
		if !ok {
			return "", fault.At(x.Key, "choice", "options", optionNames(x, env.Words))
		}
		return code, nil
	case field.Choices:
		return checkChoices(x, raw, env)
	case field.Names:
		return checkNames(x, raw)
	case field.Each:
		return checkEach(x, raw, env)
	case field.Photos:
		return checkPhotos(x, raw)
	case field.Location:
		l, ok := ParseLocation(raw)
		if !ok {
			return "", fault.At(x.Key, "location")
		}
		l.Live = false // only the platform can say so
		return FormatLocation(l), nil
	}
	return "", fault.At(x.Key, "none_found", "query", raw)
}

// checkDate takes a day that can be only one; of several it says which.
func checkDate(x field.Field, raw string, env Env) (string, *fault.Fault) {
	if day, ok := calendar.Holiday(raw, env.Today, env.Company); ok {
		return string(day), nil
	}
	days := calendar.Read(raw, env.Today, env.Words.Order())
	switch len(days) {
	case 0:
		return "", fault.At(x.Key, "date")
	case 1:
		return string(days[0]), nil
	}
	return "", fault.At(x.Key, "date_which", "text", chat.Cut(chat.OneLine(raw), 30), "one", env.Words.Day(days[0]), "other", env.Words.Day(days[1]), "example", string(days[0]))
}

func checkText(x field.Field, raw string) (string, *fault.Fault) {
	if x.Kind == field.Text {
		raw = chat.OneLine(raw)
	}
	limit := x.Max
	if limit == 0 {
		limit = map[field.Kind]int{field.Text: 200, field.Long: 2000}[x.Kind]
	}
	if utf8.RuneCountInString(raw) > limit {
		return "", fault.At(x.Key, "long", "max", limit)
	}
	return raw, nil
}

func checkNumber(x field.Field, raw string) (string, *fault.Fault) {
	if n, plain := digits(raw); plain { // as files hold most of them
		return inRange(x, n)
	}
	r, ok := numeral.Parse(raw)
	if rePart.MatchString(raw) { // 12.000 and 5/5 are no numbers of things
		ok = false
	}
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return "", fault.At(x.Key, "number")
	}
	return inRange(x, r.Num().Int64())
}

// digits reads a number of figures alone.
func digits(raw string) (int64, bool) {
	if raw == "" || strings.ContainsFunc(raw, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, false
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	return n, err == nil
}

func inRange(x field.Field, n int64) (string, *fault.Fault) {
	if (x.Lo != 0 || x.Hi != 0) && (n < x.Lo || n > x.Hi) {
		return "", fault.At(x.Key, "range", "lo", x.Lo, "hi", x.Hi)
	}
	return strconv.FormatInt(n, 10), nil
}

var rePart = regexp.MustCompile(`/|^[\d,. ]*\.[\d ]*$`)

// options are the codes of a field; a yes/no has its own two.
func options(x field.Field) []string {
	if x.Kind == field.YesNo {
		return []string{"yes", "no"}
	}
	return x.Options
}

func matchChoice(x field.Field, raw string) (string, bool) {
	raw = strings.ToLower(strings.TrimSpace(raw))
	for _, code := range options(x) {
		if slices.Contains(lang.OptionNames(x, code), raw) {
			return code, true
		}
	}
	if x.Kind == field.YesNo {
		return yesNo(raw)
	}
	return "", false
}

func optionNames(x field.Field, w lang.Words) string {
	var out []string
	for _, code := range options(x) {
		out = append(out, w.Option(x, code))
	}
	return w.List(out)
}

var reList = regexp.MustCompile(`[,;、，；]`)

func checkChoices(x field.Field, raw string, env Env) (string, *fault.Fault) {
	var got []string
	for _, part := range reList.Split(raw, -1) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		code, ok := matchChoice(x, part)
		if !ok {
			return "", fault.At(x.Key, "choice", "options", optionNames(x, env.Words))
		}
		got = append(got, code)
	}
	var out []string
	for _, code := range x.Options {
		if slices.Contains(got, code) {
			out = append(out, code)
		}
	}
	return strings.Join(out, ";"), nil
}

// checkEach takes the names as they are: a file knows no choices.
func checkEach(x field.Field, raw string, env Env) (string, *fault.Fault) {
	var out []string
	for _, e := range Entries(x, raw) {
		value, problem := Check(x.Each(), e.Value, env)
		if problem != nil {
			return "", problem
		}
		out = append(out, e.Name+"="+value)
	}
	return strings.Join(out, ";"), nil
}

// longestName bounds each of several names.
const longestName = 80

func checkNames(x field.Field, raw string) (string, *fault.Fault) {
	var names []string
	for _, n := range reList.Split(chat.OneLine(raw), -1) {
		if n = strings.TrimSpace(n); n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
		if utf8.RuneCountInString(n) > longestName {
			return "", fault.At(x.Key, "long", "max", longestName)
		}
	}
	if len(names) > x.Max {
		return "", fault.At(x.Key, "names_many", "max", x.Max)
	}
	return strings.Join(names, ";"), nil
}

var rePhoto = regexp.MustCompile(`^(slack|telegram|terminal|media):[A-Za-z0-9_./-]{1,200}$`)

func checkPhotos(x field.Field, raw string) (string, *fault.Fault) {
	refs := strings.FieldsFunc(raw, func(r rune) bool { return r == ';' || unicode.IsSpace(r) }) // ; joins lists in files
	if len(refs) > x.Max {
		return "", fault.At(x.Key, "photos_many", "max", x.Max)
	}
	for _, r := range refs {
		if !rePhoto.MatchString(r) {
			return "", fault.At(x.Key, "photos")
		}
	}
	return strings.Join(refs, " "), nil
}

// A point is typed as "lat,lon" or pasted as a map's link, which carries it
// after q=, ll=, center= or @ in that order, or after location= and position=
// as "lon,lat" (Amap).
var (
	rePoint   = regexp.MustCompile(`^(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)(,live)?$`)
	reMapLink = regexp.MustCompile(`(?:[?&](?:q|ll|center|query|destination)=|@|geo:)(-?\d{1,2}\.\d+)(?:,|%2C)\s*(-?\d{1,3}\.\d+)`)
	reLonLat  = regexp.MustCompile(`(?:[?&](?:position|location))=(-?\d{1,3}\.\d+)(?:,|%2C)(-?\d{1,2}\.\d+)`)
)

// ParseLocation reads a point: "31.23,121.47" or a map's link.
func ParseLocation(raw string) (chat.Location, bool) {
	raw = strings.TrimSpace(raw)
	lat, lon, live := "", "", false
	if m := rePoint.FindStringSubmatch(raw); m != nil {
		lat, lon, live = m[1], m[2], m[3] != ""
	} else if m := reMapLink.FindStringSubmatch(raw); m != nil {
		lat, lon = m[1], m[2]
	} else if m := reLonLat.FindStringSubmatch(raw); m != nil {
		lat, lon = m[2], m[1]
	}
	a, err1 := strconv.ParseFloat(lat, 64)
	b, err2 := strconv.ParseFloat(lon, 64)
	ok := err1 == nil && err2 == nil && a >= -90 && a <= 90 && b >= -180 && b <= 180
	return chat.Location{Lat: a, Lon: b, Live: live}, ok
}

// FormatLocation is the canonical text of a point, to about 1 m.
func FormatLocation(l chat.Location) string {
	s := fmt.Sprintf("%.5f,%.5f", l.Lat, l.Lon)
	if l.Live {
		s += ",live"
	}
	return s
}

// Photos are the references of a canonical value of photos.
func Photos(value string) []string { return strings.Fields(value) }
