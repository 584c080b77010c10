package hanzi_test

import (
	"testing"

	"fieldbot/bot/kit/hanzi"
)

func TestSimplified(t *testing.T) {
	for said, want := range map[string]string{"到達大潤發楊浦了": "到达大润发杨浦了", "人民幣": "人民币", "週三後天": "周三后天", "Kiosk 14": "Kiosk 14", "大润发": "大润发"} {
		if got := hanzi.Simplified(said); got != want {
			t.Errorf("%q is %q", said, got)
		}
	}
}
