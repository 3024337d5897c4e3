package volunteer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"linli/internal/kit/fault"
)

// Part is a part of the day in which somebody may be free.
type Part struct {
	Name     string // message id
	From, To int    // minutes of the day
}

// Parts are those that a person ticks, in the order of the day.
func Parts() []Part {
	return []Part{{"上午", 8 * 60, 12 * 60}, {"下午", 12 * 60, 18 * 60}, {"晚上", 18 * 60, 21 * 60}}
}

// Weekdays are the days of a week as it is lived here, from Monday.
func Weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// DayName is the word for a weekday; id of its translation.
func DayName(d time.Weekday) string {
	return []string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[d]
}

const dayMinutes = 24 * 60

// Slot is weekly free time on one day.
type Slot struct {
	Weekday  time.Weekday
	From, To int // minutes of the day
}

// slotForm is how a slot is written in the API and in forms: "1 08:00-12:00", with
// 1 for Monday and 7 for Sunday (ISO 8601).
var slotForm = regexp.MustCompile(`^([1-7]) (\d\d):(\d\d)-(\d\d):(\d\d)$`)

// String is the form in the API.
func (s Slot) String() string {
	return fmt.Sprintf("%d %s-%s", isoDay(s.Weekday), clockText(s.From), clockText(s.To))
}

// MarshalText writes the form in the API.
func (s Slot) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the form in the API.
func (s *Slot) UnmarshalText(text []byte) error {
	m := slotForm.FindStringSubmatch(string(text))
	if m == nil {
		return fault.Invalid("", "空闲时间请写成 1 08:00-12:00 这样，1 是周一，7 是周日。")
	}
	n := make([]int, len(m))
	for i := range m {
		n[i], _ = strconv.Atoi(m[i])
	}
	*s = Slot{time.Weekday(n[1] % 7), n[2]*60 + n[3], n[4]*60 + n[5]}
	return s.check()
}

func (s Slot) check() error {
	if s.From >= s.To || s.To > dayMinutes {
		return fault.Invalid("", "空闲时间“%s”不对，结束要比开始晚。", clockText(s.From)+"-"+clockText(s.To))
	}
	return nil
}

// Part is the part of the day that the slot is exactly.
func (s Slot) Part() (Part, bool) {
	for _, p := range Parts() {
		if p.From == s.From && p.To == s.To {
			return p, true
		}
	}
	return Part{}, false
}

// Clock is the slot's time in figures, 18:30-20:00.
func (s Slot) Clock() string { return clockText(s.From) + "-" + clockText(s.To) }

// within says that o takes in the whole of s.
func (s Slot) within(o Slot) bool {
	return s.Weekday == o.Weekday && s.From >= o.From && s.To <= o.To
}

// TidyFree orders slots from Monday morning on and drops what another one takes in.
func TidyFree(slots []Slot) []Slot {
	out := slices.Clone(slots)
	slices.SortFunc(out, func(a, b Slot) int {
		return cmp.Or(isoDay(a.Weekday)-isoDay(b.Weekday), a.From-b.From, b.To-a.To)
	})
	kept := out[:0]
	for _, s := range out {
		if !slices.ContainsFunc(kept, s.within) {
			kept = append(kept, s)
		}
	}
	return kept
}

// isoDay is 1 for Monday and 7 for Sunday.
func isoDay(d time.Weekday) int { return (int(d)+6)%7 + 1 }

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
