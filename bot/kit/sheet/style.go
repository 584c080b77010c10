package sheet

import (
	"archive/zip"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// style is what a number of a workbook means.
type style struct {
	day, clock bool
	percent    bool
	digits     int // so many, with zeros in front
}

// builtIn are the formats that a workbook need not spell out, as far as they are no plain
// numbers (ECMA-376 18.8.30).
var builtIn = map[int]style{
	9: {percent: true}, 10: {percent: true},
	14: {day: true}, 15: {day: true}, 16: {day: true}, 17: {day: true}, 22: {day: true, clock: true},
	18: {clock: true}, 19: {clock: true}, 20: {clock: true}, 21: {clock: true}, 45: {clock: true}, 46: {clock: true}, 47: {clock: true},
	27: {day: true}, 28: {day: true}, 29: {day: true}, 30: {day: true}, 31: {day: true}, 36: {day: true}, 50: {day: true}, 51: {day: true}, 52: {day: true}, 53: {day: true}, 54: {day: true}, 57: {day: true}, 58: {day: true},
	32: {clock: true}, 33: {clock: true}, 34: {clock: true}, 35: {clock: true}, 55: {clock: true}, 56: {clock: true},
}

// stylesOf reads the styles of a workbook's cells.
func stylesOf(z *zip.Reader) ([]style, error) {
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := decoded(z, "xl/styles.xml", &sheet); err != nil {
		return nil, err
	}
	own := map[int]style{}
	for _, f := range sheet.Formats {
		own[f.ID] = styleOf(f.Code)
	}
	var out []style
	for _, c := range sheet.Cells {
		s, ok := own[c.Format]
		if !ok {
			s = builtIn[c.Format]
		}
		out = append(out, s)
	}
	return out, nil
}

var (
	spoken = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.`) // what a format says as it is
	zeros  = regexp.MustCompile(`^0{2,}$`)
)

// styleOf reads a format such as yyyy-mm-dd or 00000.
func styleOf(code string) style {
	code, _, _ = strings.Cut(strings.ToLower(spoken.ReplaceAllString(code, "")), ";")
	s := style{percent: strings.Contains(code, "%"), clock: strings.ContainsAny(code, "hs")}
	s.day = strings.ContainsAny(code, "yd") || strings.Contains(code, "m") && !s.clock
	if zeros.MatchString(code) {
		s.digits = len(code)
	}
	return s
}

// show is a number as its style means it: a day as 2006-01-02, a share of 1 in percent.
func (s style) show(n float64, from1904 bool) string {
	switch {
	case s.day && n >= 0 && n < 2_958_466:
		t := Day(n, from1904)
		if s.clock || t.Hour()+t.Minute()+t.Second() > 0 {
			return t.Format("2006-01-02 15:04:05")
		}
		return t.Format(time.DateOnly)
	case s.clock && n >= 0 && n < 1:
		return Day(n, false).Format("15:04")
	case s.percent:
		return number(n * 100)
	case s.digits > 0 && n == math.Trunc(n) && n >= 0:
		text := strconv.FormatFloat(n, 'f', 0, 64)
		return strings.Repeat("0", max(0, s.digits-len(text))) + text
	}
	return number(n)
}

// Day is a day as a workbook counts it, with the time of the day behind the point.
func Day(n float64, from1904 bool) time.Time {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days, part := math.Modf(n)
	return first.AddDate(0, 0, int(days)).Add(time.Duration(part * float64(24*time.Hour))).Round(time.Second)
}

// number is a number without the noise of its binary form: 15 digits are what a workbook
// keeps.
func number(n float64) string {
	text := strconv.FormatFloat(n, 'e', 14, 64)
	rounded, err := strconv.ParseFloat(text, 64)
	if err != nil {
		rounded = n
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
