package job

import "time"

// Schedule tells the latest moment, now or before, at which a periodic job was to
// run. Moments that passed while no process was running are not made up for, but
// for the latest.
type Schedule func(now time.Time) time.Time

// Every is each multiple of d since the beginning of time: every hour on the hour.
func Every(d time.Duration) Schedule {
	return func(now time.Time) time.Time { return now.Truncate(d) }
}

// Daily is a time of day, so long after midnight in loc.
func Daily(after time.Duration, loc *time.Location) Schedule {
	return func(now time.Time) time.Time {
		day := now.In(loc)
		today := at(day, after)
		if today.After(now) {
			return at(day.AddDate(0, 0, -1), after)
		}
		return today
	}
}

// at reads the clock on the wall, also on days with more or fewer than 24 hours.
func at(day time.Time, after time.Duration) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, int(after/time.Minute), 0, 0, day.Location())
}
