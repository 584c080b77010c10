package ordertalk

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
)

// shortfall is what somebody wrote of goods that were not accepted.
type shortfall struct {
	missing string // as a form keeps it: P201=5;P202=1
	reason  string
}

var (
	separate = regexp.MustCompile(`[\n;；,，、]+`)
	// quantity is a number that is no weight or volume: "500g 5件" are five.
	quantity = regexp.MustCompile(`(?i)(\d+)\s*(件|箱|个|包|瓶|盒|袋|罐|pcs|pieces|units?|cases?|x)?`)
	measured = regexp.MustCompile(`(?i)\d+([.,]\d+)?\s*(kg|g|ml|l|cm|mm|克|千克|公斤|毫升|升)($|[^a-z])`)
)

// counted reads products with their quantities as people write them in a hurry: "P201 5",
// "原味500g 5件，破损", "5 missing". A product that is not named is the only one there is.
// Words that say nothing of the goods leave missing empty; "all there" is a reason of its
// own.
func counted(r *command.Request, sent goods.Lines, text string) (shortfall, error) {
	var out shortfall
	if v, ok := command.VerbNamed(receipts, strings.TrimSpace(text)); ok && v == allThere {
		return shortfall{reason: allThere}, nil
	}
	text = takeReason(text, &out.reason)
	var pairs []string
	for _, part := range separate.Split(text, -1) {
		code, rest := takeCode(sent, part)
		plain := measured.ReplaceAllString(rest, " ")
		found := quantity.FindAllStringSubmatchIndex(plain, -1)
		if len(found) == 0 {
			continue
		}
		last := found[len(found)-1]
		n, err := strconv.ParseInt(plain[last[2]:last[3]], 10, 64)
		if err != nil || n <= 0 || n > maxUnits {
			return out, fault.At("missing", "quantity_above_zero", "product", code)
		}
		if code == "" {
			if code, err = productIn(r, sent, strings.Replace(rest, plain[last[0]:last[1]], " ", 1)); err != nil {
				return out, err
			}
		}
		pairs = append(pairs, fmt.Sprintf("%s=%d", code, n))
	}
	out.missing = strings.Join(pairs, ";")
	return out, nil
}

// takeReason takes the words of a reason out of a text, in either language.
func takeReason(text string, reason *string) string {
	for _, code := range order.Reasons {
		for _, l := range lang.Codes {
			name := lang.In(l, nil).Option(reasonField, code)
			if i := strings.Index(strings.ToLower(text), strings.ToLower(name)); i >= 0 {
				*reason = code
				text = text[:i] + " " + text[i+len(name):]
			}
		}
	}
	return text
}

// takeCode takes the code of a product that was sent out of a text.
func takeCode(sent goods.Lines, text string) (code, rest string) {
	for _, c := range sent.Products() {
		if i := strings.Index(strings.ToUpper(text), strings.ToUpper(c)); i >= 0 && len(c) > len(code) {
			code, rest = c, text[:i]+" "+text[i+len(c):]
		}
	}
	if code == "" {
		return "", text
	}
	return code, rest
}

// productIn is the one product that was sent and that words name.
func productIn(r *command.Request, sent goods.Lines, words string) (string, error) {
	codes := sent.Products()
	words = strings.TrimSpace(words)
	found, err := productOptions(r, sent, words)
	switch {
	case err != nil:
		return "", err
	case len(found) == 1 && words != "":
		return found[0].Value, nil
	case len(codes) == 1:
		return codes[0], nil
	}
	return "", fault.At("missing", "room_which", "products", strings.Join(codes[:min(shown, len(codes))], ", "))
}
