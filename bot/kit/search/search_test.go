package search_test

import (
	"testing"

	"fieldbot/bot/kit/search"
)

func TestRank(t *testing.T) {
	names := []string{"大润发杨浦店", "大润发闸北店", "沃尔玛重庆店", "华润万家西湖店", "Café Größe", "Ernst Handel", "Nordmarkt Mitte", "Kiosk 14", "Kiosk 22", "7-Eleven 国权路", "Łódź Market", "Müller Straße", "Ørsted Kiosk", "O’Brien’s Deli", "D'Angelo", "Café Noël", "大润发长宁店", "沃尔玛成都春熙店", "罗森音乐厅店", "便利蜂会计学院店", "重百解放碑店", "物美长城店", "永辉重庆北路店"}
	var hits []search.Hit
	for _, n := range names {
		hits = append(hits, search.Hit{ID: n, Text: search.Text(n)})
	}
	for query, want := range map[string]string{
		"大润发杨浦": "大润发杨浦店", "杨浦": "大润发杨浦店", "darunfayangpu": "大润发杨浦店", "drfyp": "大润发杨浦店", "zhabei": "大润发闸北店",
		"沃而玛": "沃尔玛重庆店", "chongqing": "沃尔玛重庆店", "wemcq": "沃尔玛重庆店", "华润万佳": "华润万家西湖店",
		"cafe grosse": "Café Größe", "ernst handl": "Ernst Handel", "ERNST": "Ernst Handel", "handel": "Ernst Handel", "kiosk 14": "Kiosk 14", "kisok 22": "Kiosk 22",
		"lodz": "Łódź Market", "mueller": "Müller Straße", "strasse": "Müller Straße", "muller": "Müller Straße", "orsted": "Ørsted Kiosk", "O'Brien's": "O’Brien’s Deli", "obriens": "O’Brien’s Deli", "D’Angelo": "D'Angelo", "cafe noel": "Café Noël",
		"changning": "大润发长宁店", "drfcn": "大润发长宁店", "chengdu": "沃尔玛成都春熙店", "yinyueting": "罗森音乐厅店", "lsyyt": "罗森音乐厅店", "kuaiji": "便利蜂会计学院店", "chongbai": "重百解放碑店", "wmcc": "物美长城店",
		"大润发宁长": "大润发长宁店", "店华润": "华润万家西湖店", "沃尔玛熙": "沃尔玛成都春熙店",
		"7-eleven": "7-Eleven 国权路", "guoquan": "7-Eleven 国权路", "nordmarkt mite": "Nordmarkt Mitte",
	} {
		found := search.Rank(query, hits, 5)
		if len(found) == 0 || found[0].ID != want {
			t.Errorf("%q: %v, want %s", query, found, want)
		}
	}
	for _, q := range []string{"ludi", "runfay", "anpu"} { // across syllables
		if found := search.Rank(q, hits, 5); len(found) > 0 && !found[0].Guess {
			t.Errorf("%q found %v", q, found)
		}
	}
	if found := search.Rank("☃☃☃", hits, 5); len(found) != 0 {
		t.Errorf("a snowman found %v", found)
	}
	if found := search.Rank("%", hits, 5); len(found) != 0 {
		t.Errorf("%% found %v", found)
	}
}

func FuzzRank(f *testing.F) {
	f.Add("大润发")
	f.Add("%_\\")
	hits := []search.Hit{{ID: "1", Text: search.Text("大润发杨浦店")}}
	f.Fuzz(func(_ *testing.T, query string) { search.Rank(query, hits, 5) })
}
