package calendar

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// IsWorkday says whether offices work on that day: the year's announcement
// first, and Monday to Friday where it says nothing or is not out yet.
func IsWorkday(d Day) bool {
	if s, named := announced().days[d]; named {
		return s.works
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// Known says whether the days off of that year have been announced. Where a
// limit falls into a year that is not known, show NotAnnounced beside it.
func Known(year int) bool { return announced().years[year] }

// NotAnnounced is the message for a year that is not Known; its argument is the
// year.
const NotAnnounced = "%d 年的放假安排还没公布，先按周一到周五上班来算。"

// Holiday is the name of the public holiday that the day is off for (春节); empty
// on every other day, also on a make-up working day.
func Holiday(d Day) string {
	if s := announced().days[d]; !s.works {
		return s.name
	}
	return ""
}

// AddWorkdays is the last moment of a limit "within n working days" that starts
// at t. The day of t does not count, whatever the hour, and the limit runs to the
// end of the n-th working day after it: 24:00 in Beijing (民法典, articles 201 and
// 203).
// With n of 0 or less it is the end of the day of t itself.
func AddWorkdays(t time.Time, n int) time.Time {
	d := DayOf(t)
	for n > 0 {
		d = d.Add(1)
		if IsWorkday(d) {
			n--
		}
	}
	return d.End()
}

// WorkdaysBetween counts the working days after from, up to and including to. It
// is negative when to comes first: the number of working days that a limit is
// overdue.
func WorkdaysBetween(from, to Day) int {
	if to.Before(from) {
		return -WorkdaysBetween(to, from)
	}
	n := 0
	for d := from.Add(1); !to.Before(d); d = d.Add(1) {
		if IsWorkday(d) {
			n++
		}
	}
	return n
}

//go:embed holidays.txt
var holidays string

// special is a day that is not what its place in the week says.
type special struct {
	name  string
	works bool
}

type announcements struct {
	years map[int]bool
	days  map[Day]special
}

// announced is holidays.txt, read once.
var announced = sync.OnceValue(func() announcements {
	a, err := readAnnouncements(holidays)
	if err != nil {
		panic(err) // an embedded file is broken: the binary itself is wrong
	}
	return a
})

// readAnnouncements reads lines "year name day first..last +day"; # starts a
// comment line.
func readAnnouncements(text string) (announcements, error) {
	a := announcements{years: map[int]bool{}, days: map[Day]special{}}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if err := a.add(fields); err != nil {
			return a, fmt.Errorf("holidays %q: %w", line, err)
		}
	}
	return a, nil
}

func (a announcements) add(fields []string) error {
	year, err := strconv.Atoi(fields[0])
	if err != nil || len(fields) < 3 {
		return fmt.Errorf("want year, name and days")
	}
	a.years[year] = true
	for _, span := range fields[2:] {
		if err := a.addSpan(fields[1], span); err != nil {
			return err
		}
	}
	return nil
}

func (a announcements) addSpan(name, span string) error {
	span, works := strings.CutPrefix(span, "+")
	firstText, lastText, ranged := strings.Cut(span, "..")
	if !ranged {
		lastText = firstText
	}
	var first, last Day
	if err := first.UnmarshalText([]byte(firstText)); err != nil {
		return err
	}
	if err := last.UnmarshalText([]byte(lastText)); err != nil {
		return err
	}
	for d := first; !last.Before(d); d = d.Add(1) {
		a.days[d] = special{name, works}
	}
	return nil
}
