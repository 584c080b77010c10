// Package money reads and prints amounts. Amounts are integer minor units
// beside a currency code; sums and comparisons are plain integer arithmetic.
// Digits and signs of currencies come from CLDR through bojanz/currency.
package money

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/bojanz/currency"
	"golang.org/x/text/unicode/norm"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/hanzi"
	"fieldbot/bot/kit/numeral"
)

// Amount is a number of minor units (cents, 分) of a currency.
type Amount struct {
	Minor    int64
	Currency string // ISO 4217
}

// limit keeps every amount, and the sum of a million of them, inside an int64.
const limit = 1_000_000_000_000

// Known reports whether code is a currency.
func Known(code string) bool { return currency.IsValid(code) }

// The signs of money, and the currencies that each is used for.
var (
	signs = []string{"人民币", "RMB", "¥", "$", "€", "£", "块钱", "元整", "圆整", "元", "块", "圆"}
	of    = map[string]string{"人民币": "CNY", "RMB": "CNY", "¥": "CNY JPY", "€": "EUR", "£": "GBP EGP LBP",
		"块钱": chinese, "元整": chinese, "圆整": chinese, "元": chinese, "块": chinese, "圆": chinese,
		"$": "USD CAD AUD NZD HKD SGD TWD MOP MXN BRL ARS CLP COP BBD BZD FJD JMD NAD TTD"}
)

const chinese = "CNY HKD TWD MOP SGD"

var (
	// roughly are the words for an amount that is not exact: what is said is taken.
	roughly = regexp.MustCompile(`^(大约|大概|差不多|约|近|至少|至多|不到|小于|超过|ABOUT |AROUND |CA\.? |~)+|(\(含\)|左右|上下|以上|以下)+$`)
	// A comma groups thousands; before 万 and k it may stand for the decimal point.
	grouped = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+$`)
	tenths  = regexp.MustCompile(`^(-?\d+),(\d{1,2})$`)
	// digits are amounts in figures, with one unit behind them at most.
	figures = regexp.MustCompile(`^[-\d,. ]*(万|W|千|K)?$`)
	// cents are the parts of 三块五毛, 10元5角3分, 十块三.
	cents = regexp.MustCompile(`^(.+?)[元块圆](?:([^元块圆角毛分]+)[角毛])?(?:([^元块圆角毛分]+)分)?(?:钱|整)?$`)
	units = regexp.MustCompile(`[元块圆]`)
	tens  = regexp.MustCompile(`^(.+?)[元块圆]([^元块圆角毛分]+)$`)
)

// thousands are the words behind a figure that stand for so many zeros.
var thousands = map[string]int{"万": 4, "W": 4, "千": 3, "K": 3}

// Parse reads what a person types: digits with an optional sign of the currency, thousands
// separators and at most the currency's digits, or an amount in words: 3万5, 八十块, 十块三毛,
// 12.5k.
//
// Errors: money.wrong, money.digits, money.currency, money.large,
// money.comma, and money.thousands for 80.000, which people write for both
// (Invalid).
func Parse(raw, code string) (Amount, error) {
	if plain.MatchString(raw) { // as files hold most of them
		digits, _ := currency.GetDigits(code)
		return inFigures(raw, code, int(digits))
	}
	text := hanzi.Simplified(strings.ToUpper(strings.TrimSpace(norm.NFKC.String(raw))))
	text = strings.TrimSpace(roughly.ReplaceAllString(text, ""))
	if len(units.FindAllString(text, 2)) > 1 {
		return Amount{}, fault.Wrong("money.wrong")
	}
	text, err := bare(text, code)
	if err != nil {
		return Amount{}, err
	}
	digits, _ := currency.GetDigits(code)
	if !figures.MatchString(text) {
		return inWords(text, code, int(digits))
	}
	return inFigures(text, code, int(digits))
}

// plain is an amount of figures alone, with two decimals or none: no mark in it can mean
// thousands.
var plain = regexp.MustCompile(`^\d{1,12}(\.\d\d)?$`)

// bare takes the signs of the currency off an amount; those of another are its fault.
func bare(text, code string) (string, error) {
	for _, name := range append([]string{code}, signs...) {
		without := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, name), name))
		if owners := of[name]; without != text && owners != "" && !strings.Contains(owners, code) {
			return "", fault.Wrong("money.currency", "currency", code)
		}
		text = without
	}
	for _, other := range currency.GetCurrencyCodes() {
		if strings.Contains(text, other) {
			return "", fault.Wrong("money.currency", "currency", code)
		}
	}
	return text, nil
}

// inWords reads an amount that is more than figures.
func inWords(text, code string, digits int) (Amount, error) {
	parts := []string{text, "", ""}
	if m := cents.FindStringSubmatch(text); m != nil {
		parts = m[1:]
	} else if m := tens.FindStringSubmatch(text); m != nil {
		parts[0], parts[1] = m[1], m[2]
		if few, hundredths := strings.CutPrefix(strings.Replace(m[2], "0", "零", 1), "零"); hundredths && few != "" { // 十块零三, 5块05
			parts[1], parts[2] = "", few
		}
	}
	if strings.Contains(text, "/") || parts[0] != text && strings.HasPrefix(text, "-") {
		return Amount{}, fault.Wrong("money.wrong")
	}
	sum, one := new(big.Rat), big.NewRat(1, 1)
	for _, part := range parts {
		if part != "" {
			n, ok := numeral.Parse(part)
			if !ok || part != parts[0] && (n.Sign() < 0 || n.Cmp(big.NewRat(10, 1)) >= 0) {
				return Amount{}, fault.Wrong("money.wrong")
			}
			sum.Add(sum, n.Mul(n, one))
		}
		one = new(big.Rat).Quo(one, big.NewRat(10, 1))
	}
	for range digits {
		sum.Mul(sum, big.NewRat(10, 1))
	}
	switch {
	case !sum.IsInt():
		return Amount{}, fault.Wrong("money.digits", "digits", digits, "currency", code)
	case sum.Cmp(big.NewRat(limit, 1)) > 0 || sum.Cmp(big.NewRat(-limit, 1)) < 0:
		return Amount{}, fault.Wrong("money.large")
	}
	return Amount{Minor: sum.Num().Int64(), Currency: code}, nil
}

func inFigures(text, code string, digits int) (Amount, error) {
	zeros := 0
	for word, n := range thousands {
		if rest, ok := strings.CutSuffix(text, word); ok {
			text, zeros = tenths.ReplaceAllString(strings.TrimSpace(rest), "$1.$2"), n
		}
	}
	whole, part, _ := strings.Cut(text, ".")
	if strings.Contains(text, ",") && !grouped.MatchString(whole) {
		return Amount{}, fault.Wrong("money.comma")
	}
	whole = strings.ReplaceAll(strings.ReplaceAll(whole, ",", ""), " ", "")
	if zeros > 0 {
		// 1.5万 is 15000: the part after the point moves before it.
		part = (part + "0000")[:max(zeros, len(part))]
		whole, part = whole+part[:zeros], part[zeros:]
	} else if len(part) == 3 && digits > 0 && digits < 3 && len(whole) <= 3 && whole != "0" {
		return Amount{}, fault.Wrong("money.thousands", "many", whole+part, "few", whole+"."+part[:digits])
	}
	if len(part) > digits && strings.Trim(part[digits:], "0") != "" {
		return Amount{}, fault.Wrong("money.digits", "digits", digits, "currency", code)
	}
	part = (part + "0000")[:digits]
	if whole == "" || !decimal(strings.TrimPrefix(whole, "-")) || !decimal(part) && part != "" {
		return Amount{}, fault.Wrong("money.wrong")
	}
	minor, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil || minor > limit || minor < -limit {
		return Amount{}, fault.Wrong("money.large")
	}
	return Amount{Minor: minor, Currency: code}, nil
}

func decimal(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Decimal is the amount as decimal text with the currency's digits, as files
// carry it.
func (a Amount) Decimal() string {
	c, err := currency.NewAmountFromInt64(a.Minor, a.Currency)
	if err != nil {
		return strconv.FormatInt(a.Minor, 10)
	}
	return c.Number()
}

// Text is the amount as people of a language read it: ¥1,234,567.50.
func (a Amount) Text(language string) string {
	c, err := currency.NewAmountFromInt64(a.Minor, a.Currency)
	if err != nil {
		return a.Decimal()
	}
	return currency.NewFormatter(currency.NewLocale(language)).Format(c)
}

// Percent is part of all as a whole number, and false where there is nothing
// to divide by.
func Percent(part, all int) (int, bool) {
	if all == 0 {
		return 0, false
	}
	return (part*100 + all/2) / all, true
}

// Part is n of the equal parts of an amount, half a minor unit up.
func Part(amount, n, parts int64) int64 {
	if parts <= 0 {
		return 0
	}
	return (2*amount*n + parts) / (2 * parts)
}
