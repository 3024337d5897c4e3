package volunteer

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"linli/internal/kit/fault"
)

// FreeText says free time as a roster has it: 周一至周五晚上；周六、周日上午、下午.
// ParseFree reads it back.
func FreeText(slots []Slot) string {
	byTimes, order := map[string][]int{}, []string{}
	for _, d := range Weekdays() {
		times := timesText(slots, d)
		if times == "" {
			continue
		}
		if byTimes[times] == nil {
			order = append(order, times)
		}
		byTimes[times] = append(byTimes[times], isoDay(d))
	}
	for i, times := range order {
		order[i] = daysText(byTimes[times]) + times
	}
	return strings.Join(order, "；")
}

func timesText(slots []Slot, d time.Weekday) string {
	var out []string
	for _, s := range slots {
		if s.Weekday != d {
			continue
		}
		if p, ok := s.Part(); ok {
			out = append(out, p.Name)
		} else {
			out = append(out, s.Clock())
		}
	}
	return strings.Join(out, "、")
}

// daysText names days, three and more in a row as a span.
func daysText(days []int) string {
	if len(days) == len(Weekdays()) {
		return "每天"
	}
	var out []string
	for len(days) > 0 {
		n := 1
		for n < len(days) && days[n] == days[0]+n {
			n++
		}
		if n < 3 {
			n = 1
			out = append(out, isoName(days[0]))
		} else {
			out = append(out, isoName(days[0])+"至"+isoName(days[n-1]))
		}
		days = days[n:]
	}
	return strings.Join(out, "、")
}

func isoName(day int) string { return DayName(time.Weekday(day % 7)) }

// ParseFree reads weekly free time as people write it into rosters: 周末、工作日晚上,
// 周一至周五 18:00-21:00, 随时. An empty text says nothing. What is not understood
// is an error and not left out.
func ParseFree(field, text string) ([]Slot, error) {
	r := freeReader{rest: strings.ReplaceAll(strings.ToUpper(width.Narrow.String(text)), "~", "-")}
	for r.skip(); r.rest != ""; r.skip() {
		if !r.days() && !r.times() {
			return nil, fault.Invalid(field, "“%s”看不懂。请写成“周一至周五晚上；周末上午”这样。", r.rest)
		}
	}
	r.flush()
	for _, s := range r.slots {
		if err := s.check(); err != nil {
			e := *fault.As(err)
			e.Field = field
			return nil, &e
		}
	}
	return TidyFree(r.slots), nil
}

// freeReader reads days, then times that hold for them, again and again.
type freeReader struct {
	rest  string
	apart bool   // a separator stands before rest
	day   []int  // said and not flushed yet
	time  []Slot // said for these days
	slots []Slot
}

// skip passes spaces and separators, which are narrowed already.
func (r *freeReader) skip() {
	r.rest = strings.TrimSpace(r.rest)
	rest := strings.TrimLeft(r.rest, " \t\r\n,;､.｡:的和及与或")
	r.rest, r.apart = rest, rest != r.rest
}

// take cuts the first of the words off.
func (r *freeReader) take(words ...string) bool {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(r.rest, w); ok {
			r.rest = rest
			return true
		}
	}
	return false
}

// days reads 周末, 工作日, 周一至周五, 星期三.
func (r *freeReader) days() bool {
	var days []int
	switch {
	case r.take("每天", "天天", "每日"):
		days = span(1, 7)
	case r.take("工作日", "平日", "平时"):
		days = span(1, 5)
	case r.take("周末", "双休日", "节假日", "休息日"):
		days = span(6, 7)
	case r.take("随时", "都可以", "都行", "不限", "任何时间", "任意时间", "全天候"):
		days, r.rest = span(1, 7), "全天"+r.rest
	default:
		from, ok := r.oneDay()
		if !ok {
			return false
		}
		days = []int{from}
		before := r.rest
		if r.take("至", "到", "-", "—", "–") {
			if to, ok := r.oneDayBare(); ok {
				days = span(from, to)
			} else {
				r.rest = before
			}
		}
	}
	if len(r.time) > 0 {
		r.flush()
	}
	r.day = append(r.day, days...)
	return true
}

var dayWord = regexp.MustCompile(`^(?:周|星期|礼拜)([一二三四五六日天1-7])`)

func (r *freeReader) oneDay() (int, bool) {
	m := dayWord.FindStringSubmatch(r.rest)
	if m == nil {
		return 0, false
	}
	r.rest = r.rest[len(m[0]):]
	return dayNumber(m[1]), true
}

// oneDayBare is the end of a span, where 周 is often left out: 周一至五.
func (r *freeReader) oneDayBare() (int, bool) {
	if day, ok := r.oneDay(); ok {
		return day, true
	}
	first, size := firstRune(r.rest)
	if day := dayNumber(first); day > 0 {
		r.rest = r.rest[size:]
		return day, true
	}
	return 0, false
}

func firstRune(s string) (string, int) {
	for _, c := range s {
		return string(c), len(string(c))
	}
	return "", 0
}

// dayNumber is 1 to 7, or 0 for what is no day.
func dayNumber(word string) int {
	switch word {
	case "日", "天":
		return 7
	case "":
		return 0
	}
	if i := strings.Index("一二三四五六", word); i >= 0 {
		return i/len("一") + 1
	}
	if i := strings.Index("1234567", word); i >= 0 {
		return i + 1
	}
	return 0
}

// span lists the days from one to another, over the end of the week when the
// first comes later.
func span(from, to int) []int {
	days := []int{from}
	for from != to {
		from = from%7 + 1
		days = append(days, from)
	}
	return days
}

var clockSpan = regexp.MustCompile(`^(\d{1,2})(?:[:点时](半|\d{1,2})?分?)?(?:-|—|–|至|到)(\d{1,2})(?:[:点时](半|\d{1,2})?分?)?`)

// times reads 上午, 全天, 18:30-20:00, 9点到11点半.
func (r *freeReader) times() bool {
	parts := Parts()
	switch {
	case r.take("全天", "整天", "一天"):
		r.add(parts...)
	case r.take("白天"):
		r.add(parts[:2]...)
	case r.take("上午", "早上", "早晨", "清晨"):
		r.add(parts[0])
	case r.take("中午"):
		r.add(Part{From: 11 * 60, To: 14 * 60})
	case r.take("下午", "午后"):
		r.add(parts[1])
	case r.take("晚上", "晚间", "夜间", "傍晚", "晚"):
		r.add(parts[2])
	default:
		return r.clock()
	}
	return true
}

// clock reads a span in figures; a part of the day named just before it was only
// to say which half of the day is meant: 晚上7点-9点.
func (r *freeReader) clock() bool {
	m := clockSpan.FindStringSubmatch(r.rest)
	if m == nil {
		return false
	}
	r.rest = r.rest[len(m[0]):]
	p := Part{From: minutesOf(m[1], m[2]), To: minutesOf(m[3], m[4])}
	if n := len(r.time); n > 0 && !r.apart {
		if half, ok := r.time[n-1].Part(); ok {
			r.time = r.time[:n-1]
			p = p.inHalf(half)
		}
	}
	r.add(p)
	return true
}

// inHalf moves hours that were said on a clock of twelve into the afternoon.
func (p Part) inHalf(half Part) Part {
	const noon = 12 * 60
	if half.From >= noon && p.To <= noon {
		p.From, p.To = p.From+noon, p.To+noon
	}
	return p
}

func minutesOf(hour, minute string) int {
	h, _ := strconv.Atoi(hour)
	if minute == "半" {
		return h*60 + 30
	}
	m, _ := strconv.Atoi(minute)
	return h*60 + m
}

func (r *freeReader) add(parts ...Part) {
	for _, p := range parts {
		r.time = append(r.time, Slot{From: p.From, To: p.To})
	}
}

// flush puts the times that were said on the days that were said; days alone are
// whole days, times alone hold on every day.
func (r *freeReader) flush() {
	if len(r.day) == 0 && len(r.time) == 0 {
		return
	}
	if len(r.day) == 0 {
		r.day = span(1, 7)
	}
	if len(r.time) == 0 {
		r.add(Parts()...)
	}
	for _, day := range r.day {
		for _, t := range r.time {
			r.slots = append(r.slots, Slot{time.Weekday(day % 7), t.From, t.To})
		}
	}
	r.day, r.time = nil, nil
}
