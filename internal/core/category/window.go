package category

import "time"

// Window is a stretch of time in which somebody may come. Both ends are set and
// From is before To, or the window is zero.
type Window struct {
	From, To time.Time
}

// IsZero tells that no time was said.
func (w Window) IsZero() bool { return w.From.IsZero() }

// Hours of a day, in minutes, in which visits are made when none are said.
const (
	dayStart = 8 * 60
	dayEnd   = 20 * 60
	fullDay  = 24 * 60
)

// anHour is how long a window from one stated hour lasts.
const anHour = 60

// zone is China's; it has had one offset and no summer time since 1992.
func zone() *time.Location { return time.FixedZone("CST", 8*3600) }

// today is the calendar that a sentence is read against.
type today struct {
	now time.Time
}

// minutes since midnight.
func (t today) minutes() int { return t.now.Hour()*60 + t.now.Minute() }

// weekday counts from Monday, 1, to Sunday, 7.
func (t today) weekday() int { return (int(t.now.Weekday())+6)%7 + 1 }

// date is the number of days from today to a date, and whether there is such a
// date at all.
func (t today) date(year int, month time.Month, day int) (int, bool) {
	d := time.Date(year, month, day, 0, 0, 0, 0, t.now.Location())
	return int(d.Sub(t.at(0, 0)) / (24 * time.Hour)), d.Day() == day && d.Month() == month
}

// at is a time of a day from today; minutes may pass midnight.
func (t today) at(day, minutes int) time.Time {
	y, m, d := t.now.Date()
	return time.Date(y, m, d+day, 0, minutes, 0, 0, t.now.Location())
}

// between makes a window that starts no earlier than now; zero when it is over.
func (t today) between(from, to time.Time) Window {
	if from.Before(t.now) {
		from = t.now
	}
	if !from.Before(to) {
		return Window{}
	}
	return Window{from, to}
}
