package record

import (
	"fmt"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// metricMinutes counts the minutes served in a community in a month, by the month
// of the service: "minutes/2026-11".
const metricMinutes = "minutes"

func month(year int, m time.Month) string {
	return fmt.Sprintf("%s/%04d-%02d", metricMinutes, year, m)
}

func count(tx *db.Tx, r Record, n int64) {
	day := r.Day()
	place.Count(tx, r.District, r.Community, month(day.Year, day.Month), n*int64(r.Minutes))
}

// Facts are the hours of service on a place's page: of this month and this year.
func Facts(tx *db.Tx, p place.Place) ([]place.Fact, error) {
	today := calendar.DayOf(tx.Now())
	var months []string
	for m := time.January; m <= today.Month; m++ {
		months = append(months, month(today.Year, m))
	}
	sums, err := place.Sum(tx, p, months...)
	var year int64
	for _, minutes := range sums {
		year += minutes
	}
	return []place.Fact{
		{Label: "这个月服务小时", Value: hours(sums[month(today.Year, today.Month)])},
		{Label: "今年服务小时", Value: hours(year)},
	}, err
}

// hours are minutes as whole hours, to the nearest.
func hours(minutes int64) int64 { return (minutes + 30) / 60 }

// Recount counts the rows themselves, for the invariant that the kept counts are
// right.
func Recount(tx *db.Tx) ([]place.Tally, error) {
	return db.All(tx, func(s db.Scanner) (t place.Tally, err error) {
		return t, s.Scan(&t.District, &t.Community, &t.Metric, &t.N)
	}, `SELECT district, community, 'minutes/' || substr(day, 1, 7), sum(minutes)
		FROM service_record r WHERE `+stands+` GROUP BY district, community, substr(day, 1, 7)`)
}
