package accountstore

import (
	"sort"

	"fieldbot/bot/account"
)

func nearest(rows []account.Place, lat, lon float64, metres, limit int) []account.Place {
	far := func(p account.Place) float64 { return account.Metres(lat, lon, p.Latitude, p.Longitude) }
	var out []account.Place
	for _, p := range rows {
		if far(p) <= float64(metres) {
			out = append(out, p)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return far(out[i]) < far(out[j]) })
	return out[:min(limit, len(out))]
}
