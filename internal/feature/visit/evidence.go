package visit

import (
	"errors"
	"math"
	"time"

	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// sentLaterMost is how long a check-in may wait in a phone without a network.
const sentLaterMost = 12 * time.Hour

// clockSlack is how far a phone's clock may run ahead before its word counts as
// nonsense.
const clockSlack = 2 * time.Minute

// ErrWrongCode is the answer to a code that does not hold. Whoever gets it counts the
// failed try, in a transaction that stays.
var ErrWrongCode = errors.New("visit: wrong code")

// Proof is what comes with a check-in or check-out. Everything is optional; what is
// missing lowers the grade.
type Proof struct {
	Code     string // shown by the host, or from the sheet
	Position *place.Position
	Claimed  time.Time // when it was pressed, for one sent later
	Device   string    // hash of the phone (DeviceOf); empty when not known
}

// Evidence is what a proof proves.
type Evidence struct {
	At         time.Time // the moment that counts
	Claimed    time.Time // what the phone says; zero when sent at once
	ByCode     bool
	ByPosition bool
	Distance   int // metres from the agreed place; -1 unknown
	Device     string
}

// Judge judges code, position and claimed time; a right code of the sheet is used
// up. Server time counts; only a code that was shown at the claimed moment proves
// that moment.
func Judge(tx *db.Tx, d Door, p Proof) (e Evidence, err error) {
	if err := fault.Join(checkClaim(p.Claimed, tx.Now()), checkPosition(p.Position)); err != nil {
		return e, err
	}
	e.At, e.Distance, e.Device = tx.Now(), distance(d.At, p.Position), p.Device
	if !p.Claimed.IsZero() && p.Claimed.Before(tx.Now().Add(-clockSlack)) {
		e.Claimed = p.Claimed.UTC()
	}
	if e.ByCode, err = codeCounts(tx, d, identity.CleanLine(p.Code), e); err != nil {
		return e, err
	}
	if e.ByCode && !e.Claimed.IsZero() {
		e.At = e.Claimed
	}
	radius, err := rule.Value(tx, d.District, d.PlacePath, rule.RadiusMetres)
	e.ByPosition = err == nil && e.Distance >= 0 && int64(e.Distance) <= radius
	return e, err
}

// codeCounts checks the code that was shown, or uses up one of the printed ones.
func codeCounts(tx *db.Tx, d Door, code string, e Evidence) (bool, error) {
	if code == "" {
		return false, nil
	}
	if err := checkCodeForm(code); err != nil {
		return false, err
	}
	if d.Failures >= FailuresMost {
		return false, fault.Conflict("码输错太多次了。请用位置签到，或者请服务站帮您签。")
	}
	shown := e.At
	if !e.Claimed.IsZero() {
		shown = e.Claimed
	}
	if len(code) == paperDigits {
		used, err := usePaperCode(tx, d, code)
		if err == nil && !used {
			err = ErrWrongCode
		}
		return used, err
	}
	if !CodeHolds(d.Secret, code, shown) {
		return false, ErrWrongCode
	}
	return true, nil
}

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
func checkPosition(p *place.Position) error {
	if p == nil {
		return nil
	}
	if math.IsNaN(p.Lat) || math.IsNaN(p.Lng) || p.Lat < -90 || p.Lat > 90 || p.Lng < -180 || p.Lng > 180 {
		return fault.Invalid("position", "位置不对：纬度在 -90 到 90，经度在 -180 到 180 之间。")
	}
	return nil
}

// distance is how far a position is from the agreed place, -1 when either is
// unknown.
func distance(agreed, there *place.Position) int {
	if agreed == nil || there == nil {
		return -1
	}
	return int(math.Round(Metres(*agreed, *there)))
}

// Metres is the great-circle distance on a sphere of 6,371 km (haversine).
func Metres(a, b place.Position) float64 {
	const radius = 6_371_000
	rad := math.Pi / 180
	dLat, dLng := (b.Lat-a.Lat)*rad, (b.Lng-a.Lng)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Pow(math.Sin(dLng/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}
