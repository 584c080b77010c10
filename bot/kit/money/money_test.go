package money_test

import (
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/kit/money"
)

func TestParse(t *testing.T) {
	for typed, want := range map[string]int64{"1234.5": 123450, "1,234.50": 123450, "¥1,234.50": 123450, "CNY 12": 1200, "12元": 1200, "1.5万": 1500000, "0.01": 1, "-3": -300, "2万": 2000000, "12w": 12000000, "80k": 8000000, "1.5千": 150000, "14.0000": 1400, "0.500": 50, "12块": 1200,
		"3万5": 3500000, "12,5k": 1250000, "1,2万": 1200000, "八十块": 8000, "三十五万": 35000000, "一万二": 1200000, "￥3，500": 350000, "十块三毛": 1030, "十块三": 1030, "十块零三": 1003, "5块05": 505, "123元1角1分": 12311, "人民币50元": 5000, "15k左右": 1500000, "伍拾圆整": 5000, "二百五": 25000, "1,234万": 1234_0000_00} {
		if a, err := money.Parse(typed, "CNY"); err != nil || a.Minor != want {
			t.Errorf("%q: %v %v", typed, a, err)
		}
	}
	for _, typed := range []string{"", "abc", "1.234", "1e5", "USD 5", "99999999999999999999", "1.2.3", "--1", ".", "80.000", "€80", "80€", "£5", "$80", "三块五块", "一二三四五六七八九十", "12元345", "美元", "1/2", "-3块5", "80,50", "1,2345", ",5", "1,000,00"} {
		if a, err := money.Parse(typed, "CNY"); err == nil {
			t.Errorf("%q is taken as %v", typed, a)
		}
	}
	for code, typed := range map[string]string{"HKD": "80元", "USD": "$80", "EUR": "€80", "SGD": "80块"} {
		if a, err := money.Parse(typed, code); err != nil || a.Minor != 80_00 {
			t.Errorf("%s in %s: %v %v", typed, code, a, err)
		}
	}
	if a, err := money.Parse("500", "JPY"); err != nil || a.Minor != 500 {
		t.Errorf("JPY: %v %v", a, err)
	}
}

// TestRoundTrip: an amount printed is read back to the cent.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount{Minor: rapid.Int64Range(-1e11, 1e11).Draw(t, "minor"), Currency: rapid.SampledFrom([]string{"CNY", "EUR", "JPY"}).Draw(t, "currency")}
		b, err := money.Parse(a.Decimal(), a.Currency)
		if err != nil || a != b {
			t.Fatalf("%v → %s → %v %v", a, a.Decimal(), b, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("1,234.50")
	f.Add("1.5万")
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := money.Parse(s, "CNY"); err == nil {
			if b, err := money.Parse(a.Decimal(), "CNY"); err != nil || a != b {
				t.Errorf("%q: %v, then %v %v", s, a, b, err)
			}
		}
	})
}

func TestText(t *testing.T) {
	a := money.Amount{Minor: 123456750, Currency: "CNY"}
	if zh, en := a.Text("zh"), a.Text("en"); zh != "¥1,234,567.50" || en != "CN¥1,234,567.50" {
		t.Errorf("%s %s", zh, en)
	}
}
