package numeral_test

import (
	"math/big"
	"testing"

	"fieldbot/bot/kit/numeral"
)

func TestParse(t *testing.T) {
	for typed, want := range map[string]string{
		"12": "12", "12,000": "12000", "1.5": "3/2", "１２": "12", "-3": "-3", ".5": "1/2", "12.5k": "12500", "30w": "300000",
		"十": "10", "十五": "15", "二十": "20", "二十三": "23", "一百零五": "105", "一百五": "150", "两千四百五": "2450", "一千零五": "1005", "一千零五十": "1050",
		"3万5": "35000", "3万4000": "34000", "1.2万": "12000", "三十五万": "350000", "一万二": "12000", "四千零五万": "40050000", "四万万": "400000000", "4.78万亿": "4780000000000",
		"7 万5 千4 百": "75400", "十余万": "100000", "二十几万": "200000", "二零二六": "2026", "八十": "80", "一打": "12", "百三": "130",
		"五分之一": "1/5", "三又五分之一": "16/5", "3/5": "3/5", "五十五点五七九": "55579/1000", "负六点六": "-33/5", "壹萬二千三百四十五": "12345",
	} {
		n, ok := numeral.Parse(typed)
		if r, _ := new(big.Rat).SetString(want); !ok || n.Cmp(r) != 0 {
			t.Errorf("%q is %v, %v, not %s", typed, n, ok, want)
		}
	}
	for _, typed := range []string{"", "abc", "1.2.3", "十十", "万", "1,23", "--", "负", "点", "百分之", "三百千", "一万两万", "2^5", "3 5", "两三", "三四", "k", "零分之一", "5/0", "1 2", "二十15", "十10"} {
		if n, ok := numeral.Parse(typed); ok {
			t.Errorf("%q is taken as %v", typed, n)
		}
	}
}

func TestPercent(t *testing.T) {
	for typed, want := range map[string]string{
		"60": "60", "60%": "60", "60 %": "60", "６０％": "60", "59.5%": "119/2", "75 percent": "75", "80分": "80", "0": "0", "100%": "100",
		"百分之六十": "60", "百分之12.5": "25/2", "六成": "60", "六成五": "65", "7成半": "75", "十成": "100", "八十分": "80", "五十八": "58",
	} {
		n, ok := numeral.Percent(typed)
		if r, _ := new(big.Rat).SetString(want); !ok || n.Cmp(r) != 0 {
			t.Errorf("%q is %v, %v, not %s", typed, n, ok, want)
		}
	}
	for _, typed := range []string{"", "%", "3/5", "五分之三", "成", "成五", "六成六十", "百分之", "5打", "60%%", "sixty"} {
		if n, ok := numeral.Percent(typed); ok {
			t.Errorf("%q is taken as %v", typed, n)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"3万5", "负一又二分之一", "1 3/5", "4.78万亿"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := numeral.Parse(s); ok && n == nil {
			t.Errorf("%q is nothing", s)
		}
	})
}
