package order

import (
	"math"
	"time"

	"linli/internal/kit/fault"
)

// sentLaterMost is how long a check-in may wait in a phone without a network.
const sentLaterMost = 12 * time.Hour

// clockSlack is how far a phone's clock may run ahead before its word counts as
// nonsense.
const clockSlack = 2 * time.Minute

// checkClaim judges the moment that a phone claims for a check-in sent later.
func checkClaim(claimed, now time.Time) error {
	switch {
	case claimed.IsZero():
		return nil
	case claimed.After(now.Add(clockSlack)):
		return fault.Invalid("at", "签到的时间在将来，请看看手机的时间对不对。")
	case claimed.Before(now.Add(-sentLaterMost)):
		return fault.Invalid("at", "这是 %d 小时以前的签到，太久了，请让服务站帮您记。", int(sentLaterMost/time.Hour))
	}
	return nil
}

// checkPosition refuses what is no point on earth.
func checkPosition(p *Position) error {
	if p == nil {
		return nil
	}
	if math.IsNaN(p.Lat) || math.IsNaN(p.Lng) || p.Lat < -90 || p.Lat > 90 || p.Lng < -180 || p.Lng > 180 {
		return fault.Invalid("position", "位置不对：纬度在 -90 到 90，经度在 -180 到 180 之间。")
	}
	return nil
}

// metres is the great-circle distance on a sphere of 6,371 km (haversine).
func metres(a, b Position) float64 {
	const radius = 6_371_000
	rad := math.Pi / 180
	dLat, dLng := (b.Lat-a.Lat)*rad, (b.Lng-a.Lng)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Pow(math.Sin(dLng/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// distance is how far a position is from the agreed place, -1 when either is
// unknown.
func distance(agreed, there *Position) int {
	if agreed == nil || there == nil {
		return -1
	}
	return int(math.Round(metres(*agreed, *there)))
}

// spent is the whole minutes between two moments, a begun minute counting, and at
// most the cap; never negative.
func spent(in, out time.Time, most int64) int {
	if !out.After(in) {
		return 0
	}
	minutes := int64(math.Ceil(out.Sub(in).Minutes()))
	return int(min(minutes, most))
}

// proposal is what a forgotten check-out is worth until the leader says so: the
// agreed length where there is one, else the usual length of the service; never
// more than the cap.
func proposal(o *Order, usual int, most int64) int {
	minutes := int64(usual)
	if !o.From.IsZero() && o.To.After(o.From) {
		if agreed := int64(o.To.Sub(o.From).Minutes()); agreed < 4*60 {
			minutes = agreed
		}
	}
	return int(min(max(minutes, 1), most))
}
