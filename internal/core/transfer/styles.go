package transfer

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/calendar"
)

// styles tell which cells hold a date: XLSX keeps it as a number of days, and only
// the cell's number format shows that it is one.
type styles struct {
	isDate   []bool // by the style number of a cell
	date1904 bool   // days count from 1904, as old Macs did
}

type xmlStyles struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

func (w *workbook) readStyles(part string) error {
	var x xmlStyles
	if err := w.archive.decode(part, &x); err != nil {
		return err
	}
	custom := map[int]bool{}
	for _, f := range x.Formats {
		custom[f.ID] = isDateCode(f.Code)
	}
	for _, c := range x.Cells {
		isDate, isCustom := custom[c.Format]
		w.styles.isDate = append(w.styles.isDate, isDate || !isCustom && isDateFormat(c.Format))
	}
	return nil
}

// isDateFormat knows the formats without a code (ECMA-376, 18.8.30), those of the
// Chinese locale included.
func isDateFormat(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// quoted is what a format code shows as it is: "年", \-, [$-804], [Red], _x, *x.
var quoted = regexp.MustCompile(`"[^"]*"|[\\_*].|\[[^\]]*\]`)

func isDateCode(code string) bool {
	plain := strings.ToLower(quoted.ReplaceAllString(code, ""))
	return !strings.Contains(plain, "general") && strings.ContainsAny(plain, "ymdhs")
}

// number is the text of a cell that holds the given number: a date and a time in
// the ISO form where the style says so, and else the number without exponent or
// the noise of binary fractions. Numbers of more than 15 digits were rounded by
// the spreadsheet program; they stay as they are written, so that a reader can
// see it.
func (s styles) number(value string, style int) string {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return value
	}
	if style >= 0 && style < len(s.isDate) && s.isDate[style] {
		if text, ok := s.moment(n); ok {
			return text
		}
	}
	if math.Abs(n) < 1e15 && strings.ContainsAny(value, ".eE") {
		return strconv.FormatFloat(rounded(n), 'f', -1, 64)
	}
	return value
}

// rounded keeps 15 significant digits, as spreadsheet programs show them.
func rounded(n float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64) // it reads what it wrote
	return r
}

// moment writes a number of days as 2025-03-01, 9:30, or both.
func (s styles) moment(n float64) (string, bool) {
	if n < 0 || n >= lastSerial+1 {
		return "", false
	}
	days := int(n)
	minutes := int(math.Round((n - float64(days)) * 24 * 60))
	days, minutes = days+minutes/(24*60), minutes%(24*60)
	clock := time.Time{}.Add(time.Duration(minutes) * time.Minute).Format("15:04")
	switch {
	case days == 0:
		return clock, true
	case minutes == 0:
		return s.day(days).String(), true
	}
	return s.day(days).String() + " " + clock, true
}

// lastSerial is 9999-12-31.
const lastSerial = 2958465

// day is the day with that number. Day 60 is a 29 February 1900 that never was;
// numbers below it count from a day later than those above.
func (s styles) day(serial int) calendar.Day {
	switch {
	case s.date1904:
		return calendar.Day{Year: 1904, Month: 1, Day: 1}.Add(serial)
	case serial < 60:
		return calendar.Day{Year: 1899, Month: 12, Day: 31}.Add(serial)
	}
	return calendar.Day{Year: 1899, Month: 12, Day: 30}.Add(serial)
}
