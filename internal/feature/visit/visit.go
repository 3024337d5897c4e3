package visit

import (
	"math"
	"slices"
	"time"

	"linli/internal/core/place"
	"linli/internal/kit/fault"
)

// Visit is one coming and going.
type Visit struct {
	ID          string
	OrderID     string
	Volunteer   string
	Team        string
	State       State
	InAt        time.Time
	OutAt       time.Time
	Minutes     int
	ByCode      bool
	ByPosition  bool
	SentLater   bool // queued by the phone and sent when the network was back
	ClaimedAt   time.Time
	Distance    int // metres from the agreed place; -1 unknown
	Grade       Grade
	ConfirmedBy string
	ConfirmedAt time.Time
	Booked      bool
	Device      string // hash of the phone that checked in; empty when not known
}

// State is where a visit stands.
type State string

const (
	Open     State = "open"     // checked in, not out
	Proposed State = "proposed" // check-out forgotten: capped minutes wait for the leader
	Done     State = "done"
)

// Grade is how well a visit is proven (domain.md section 5; issue: A code and
// position, B one of them, C the host afterwards, M manual).
type Grade string

const (
	GradeA Grade = "A"
	GradeB Grade = "B"
	GradeC Grade = "C"
	GradeM Grade = "M"
)

// GradeOf is the grade that the evidence gives.
func GradeOf(byCode, byPosition bool) Grade {
	switch {
	case byCode && byPosition:
		return GradeA
	case byCode || byPosition:
		return GradeB
	}
	return GradeC
}

// Counts says whether the visit's minutes may be booked: evidence of its own, or
// the host's word afterwards.
func (v Visit) Counts() bool {
	return v.State == Done && v.Minutes > 0 && (v.Grade != GradeC || v.ConfirmedBy != "")
}

// Door is what a visit has to know of its order.
type Door struct {
	District  int
	Order     string
	Host      string // the person who is helped
	PlacePath string // of the place whose rules hold
	At        *place.Position
	Secret    string // of the order's codes
	Failures  int    // wrong codes since the last right one
	From, To  time.Time
	Usual     int // minutes that the service usually takes
}

// New is the visit that begins with a check-in.
func New(id string, d Door, volunteer string, e Evidence) Visit {
	return Visit{
		ID: id, OrderID: d.Order, Volunteer: volunteer, State: Open, InAt: e.At, ClaimedAt: e.Claimed,
		ByCode: e.ByCode, ByPosition: e.ByPosition, SentLater: !e.Claimed.IsZero(), Distance: e.Distance, Device: e.Device,
		Grade: GradeOf(e.ByCode, e.ByPosition),
	}
}

// Here finds the open visit of a volunteer among those of an order.
func Here(list []Visit, volunteer string) (Visit, bool) {
	i := slices.IndexFunc(list, func(v Visit) bool { return v.Volunteer == volunteer && v.State == Open })
	if i < 0 {
		return Visit{}, false
	}
	return list[i], true
}

// MayArrive refuses a second open visit at the same door.
func MayArrive(list []Visit, volunteer string) error {
	if _, here := Here(list, volunteer); here {
		return fault.Conflict("您已经签到了，办完再签退。")
	}
	return nil
}

// leave ends a visit by a check-out that came now. One that waited in the phone ends
// when it was pressed: later would add minutes that nobody served.
func (v *Visit) leave(e Evidence, now time.Time, most int64) {
	out := now
	if !e.Claimed.IsZero() && e.Claimed.After(v.InAt) {
		out = e.Claimed
	}
	v.OutAt, v.State, v.Minutes = out, Done, spent(v.InAt, out, most)
	v.ByCode, v.ByPosition = v.ByCode || e.ByCode, v.ByPosition || e.ByPosition
	v.SentLater = v.SentLater || !e.Claimed.IsZero()
	v.Grade = GradeOf(v.ByCode, v.ByPosition)
}

// propose makes a capped proposal of a visit that was over by then at the latest.
func (v *Visit) propose(d Door, then time.Time, most int64) {
	capped := int64(spent(v.InAt, then, most))
	v.Minutes = proposal(d, max(capped, 1))
	v.State, v.OutAt = Proposed, v.InAt.Add(time.Duration(v.Minutes)*time.Minute)
}

// settle confirms a proposal as it is, or with fewer minutes; never by who served.
func (v *Visit) settle(by string, minutes int, now time.Time) error {
	switch {
	case v.Volunteer == by:
		return fault.Forbidden("自己的时间要由别人来定。")
	case v.State != Proposed:
		return fault.Conflict("这一次已经定过了。")
	case minutes < 0 || minutes > v.Minutes:
		return fault.Invalid("minutes", "最多 %d 分钟。", v.Minutes)
	case minutes > 0:
		v.Minutes = minutes
	}
	v.State, v.OutAt = Done, v.InAt.Add(time.Duration(v.Minutes)*time.Minute)
	v.ConfirmedBy, v.ConfirmedAt = by, now
	return nil
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
func proposal(d Door, most int64) int {
	minutes := int64(d.Usual)
	if !d.From.IsZero() && d.To.After(d.From) {
		if agreed := int64(d.To.Sub(d.From).Minutes()); agreed < 4*60 {
			minutes = agreed
		}
	}
	return int(min(max(minutes, 1), most))
}
