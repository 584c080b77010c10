// Package money reads and prints amounts. Amounts are integer minor units
// beside a currency code; sums and comparisons are plain integer arithmetic.
// Digits and signs of currencies come from CLDR through bojanz/currency.
package money

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/bojanz/currency"

	"fieldbot/bot/kit/fault"
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
	signs = []string{"¥", "￥", "$", "€", "£", "元", "块"}
	of    = map[string]string{"¥": "CNY JPY", "￥": "CNY JPY", "€": "EUR", "£": "GBP EGP LBP", "元": chinese, "块": chinese,
		"$": "USD CAD AUD NZD HKD SGD TWD MOP MXN BRL ARS CLP COP BBD BZD FJD JMD NAD TTD"}
)

const chinese = "CNY HKD TWD MOP SGD"

// A comma groups thousands, and nothing else.
var grouped = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+$`)

// thousands are the words behind a figure that stand for so many zeros.
var thousands = map[string]int{"万": 4, "W": 4, "千": 3, "K": 3}

// Parse reads what a person types: digits with an optional sign of the
// currency, thousands separators and at most the currency's digits.
//
// Errors: money.wrong, money.digits, money.currency, money.large,
// money.comma, and money.thousands for 80.000, which people write for both
// (Invalid).
func Parse(raw, code string) (Amount, error) {
	text := strings.ToUpper(strings.TrimSpace(raw))
	for _, name := range append([]string{code}, signs...) {
		bare := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, name), name))
		if owners := of[name]; bare != text && owners != "" && !strings.Contains(owners, code) {
			return Amount{}, fault.Wrong("money.currency", "currency", code)
		}
		text = bare
	}
	for _, other := range currency.GetCurrencyCodes() {
		if strings.Contains(text, other) {
			return Amount{}, fault.Wrong("money.currency", "currency", code)
		}
	}
	zeros := 0
	for word, n := range thousands {
		if rest, ok := strings.CutSuffix(text, word); ok {
			text, zeros = strings.TrimSpace(rest), n
		}
	}
	digits, _ := currency.GetDigits(code)
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
	if len(part) > int(digits) && strings.Trim(part[digits:], "0") != "" {
		return Amount{}, fault.Wrong("money.digits", "digits", int(digits), "currency", code)
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
