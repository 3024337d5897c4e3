package category

import "time"

// date reads 9月26号, 2026年9月26日, 26号, 下个月10号, 9/26, 9.26, 26th, September 26.
func (c *timeCursor) date() (mark, bool) {
	if isDigit(c.back()) || c.back() == '月' {
		return mark{}, false
	}
	if m, ok := c.englishMonth(); ok {
		return m, true
	}
	if ahead, ok := c.monthAhead(); ok {
		n, ok := c.number()
		if !ok || !c.word("号", "日") {
			return mark{}, false
		}
		return c.ofMonth(ahead, n)
	}
	year := c.year()
	n, ok := c.number()
	switch {
	case !ok:
		return mark{}, false
	case c.word("月"):
		return c.dayOf(year, n)
	case c.word("/", "."):
		return c.slashed(n)
	case c.word("st", "nd", "rd", "th"), c.word("号", "日") && !c.isAddress():
		return c.monthday(n)
	}
	return mark{}, false
}

// year reads 2026年, 0 when there is none.
func (c *timeCursor) year() (year int) {
	c.try(func() bool {
		n, ok := c.number()
		if ok = ok && n > 1900 && c.word("年"); ok {
			year = n
		}
		return ok
	})
	return year
}

// isAddress tells that 号 numbers a house, a line, a bed … and 日 a thing of every
// day.
func (c *timeCursor) isAddress() bool {
	return c.sees("三餐", "两餐", "三顿", "游", "楼", "院", "线", "门", "桌", "床", "单元", "室", "房", "店", "车", "柜", "码", "窗", "机", "桥", "厅", "棚", "库", "间", "公寓")
}

// dayOf reads the day after a month.
func (c *timeCursor) dayOf(year, month int) (mark, bool) {
	n, ok := c.number()
	if !ok {
		return mark{}, false
	}
	c.word("号", "日")
	return c.calendarDay(year, month, n)
}

// slashed reads the day of 9/26; more numbers behind it are no date.
func (c *timeCursor) slashed(month int) (mark, bool) {
	n, ok := c.number()
	if !ok || c.sees("元", "块", "斤", "米", "/", ".", "-", "度", "折", "%") {
		return mark{}, false
	}
	return c.calendarDay(0, month, n)
}

func (c *timeCursor) englishMonth() (mark, bool) {
	names := []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	for i, name := range names {
		if !c.word(name, name[:3]) {
			continue
		}
		c.blanks()
		n, ok := c.number()
		if !ok {
			return mark{}, false
		}
		c.word("st", "nd", "rd", "th")
		return c.calendarDay(0, i+1, n)
	}
	return mark{}, false
}

// calendarDay is a date; without a year, the next one. With a year it may be over.
func (c *timeCursor) calendarDay(year, month, day int) (mark, bool) {
	if month < 1 || month > 12 {
		return mark{}, false
	}
	if year == 0 {
		return c.yearly(time.Month(month), day)
	}
	d, ok := c.today.date(year, time.Month(month), day)
	if d < 0 {
		return mark{kind: pastMark}, ok
	}
	return c.day(d, d), ok
}

// monthday is the next time that a day of the month comes.
func (c *timeCursor) monthday(day int) (mark, bool) {
	y, m, today := c.today.now.Date()
	if day < today {
		m++
	}
	first := time.Date(y, m, 1, 0, 0, 0, 0, c.today.now.Location())
	d, ok := c.today.date(first.Year(), first.Month(), day)
	return c.day(d, d), ok && d >= 0
}

// monthAhead reads 这个月, 下个月 as 0, 1.
func (c *timeCursor) monthAhead() (int, bool) {
	switch {
	case c.word("下个月", "下月"):
		return 1, true
	case c.word("这个月", "这月", "本月"):
		return 0, true
	}
	return 0, false
}

// ofMonth is a day of this month or a later one.
func (c *timeCursor) ofMonth(ahead, day int) (mark, bool) {
	from, ok := c.inMonth(ahead, day)
	return c.day(from, from), ok && from >= 0
}

// inMonth counts the days to a day of a month; day 0 is the last of the month
// before.
func (c *timeCursor) inMonth(ahead, day int) (int, bool) {
	y, m, _ := c.today.now.Date()
	first := time.Date(y, m+time.Month(ahead), 1, 0, 0, 0, 0, c.today.now.Location())
	if day == 0 {
		first = first.AddDate(0, 0, -1)
		day = first.Day()
	}
	return c.today.date(first.Year(), first.Month(), day)
}

// month reads 月底, 下月初, 月中, 下个月.
func (c *timeCursor) month() (mark, bool) {
	ahead, named := c.monthAhead()
	begin := "月"
	if named {
		begin = ""
	}
	switch {
	case c.word(begin+"底", begin+"末"):
		last, _ := c.inMonth(ahead+1, 0)
		return c.day(last-2, last), true
	case c.word(begin+"初", begin+"头上"):
		return c.stretch(ahead, named, 1, 5)
	case c.word(begin+"中", begin+"半"):
		return c.stretch(ahead, named, 14, 16)
	case named:
		last, _ := c.inMonth(ahead+1, 0)
		from, _ := c.inMonth(ahead, 1)
		return c.day(from, last), true
	}
	return mark{}, false
}

// stretch is some days of a month; of the next one when no month is said and
// those of this month are over.
func (c *timeCursor) stretch(ahead int, named bool, from, to int) (mark, bool) {
	if end, _ := c.inMonth(ahead, to); end < 0 && !named {
		ahead++
	}
	a, _ := c.inMonth(ahead, from)
	b, _ := c.inMonth(ahead, to)
	return c.day(a, b), b >= 0
}

// week reads 周五, 下礼拜三, 这个周末, 下周, 周二或周三, next Monday.
func (c *timeCursor) week() (mark, bool) {
	weeks, said := c.weekAhead()
	day, ok := c.weekdayName()
	if !ok {
		return c.wholeWeek(weeks, said)
	}
	if c.sees("次", "回", "天", "顿", "趟") {
		return mark{}, false
	}
	from := c.weekday(weeks, said, day)
	to := from
	if day == weekend {
		from, to = c.weekendDays(weeks)
	}
	c.try(func() bool {
		if !c.word("到", "至", "~", "或者", "或", "和", "、", "跟", " or ", " to ", " and ") {
			return false
		}
		c.weekAhead()
		until, ok := c.weekdayName()
		if ok && until != weekend && until > day {
			to = from + until - day
		}
		return ok
	})
	return c.day(from, to), to >= 0
}

// weekAhead reads which week is meant, 0 for this one.
func (c *timeCursor) weekAhead() (weeks int, said bool) {
	c.word("on ")
	switch {
	case c.word("下下个", "下下"):
		return 2, true
	case c.word("下个", "下", "next "):
		return 1, true
	case c.word("这个", "这", "本", "this "):
		return 0, true
	}
	c.word("每个", "每", "every ")
	return 0, false
}

// weekend is the name of Saturday and Sunday together.
const weekend = 8

// weekdayName reads 周一 … 礼拜天, 周末, monday: 1 to 7, or weekend.
func (c *timeCursor) weekdayName() (day int, ok bool) {
	ok = c.try(func() bool {
		if c.word("weekend") {
			day = weekend
			return true
		}
		for i, name := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
			if c.word(name, name+"s", name[:3]) {
				day = i + 1
				return true
			}
		}
		if !c.word("星期", "礼拜", "周") {
			return false
		}
		day = weekdayDigit(c.peek())
		c.at++
		return day > 0
	})
	return day, ok
}

func weekdayDigit(r rune) int {
	switch r {
	case '日', '天', '7':
		return 7
	case '末':
		return weekend
	case '1', '2', '3', '4', '5', '6':
		return int(r - '0')
	}
	if n := numeral(r); n >= 1 && n <= 6 {
		return n
	}
	return 0
}

// wholeWeek reads 下周 and 这个星期; 星期 alone is none.
func (c *timeCursor) wholeWeek(weeks int, said bool) (mark, bool) {
	if !said || !c.word("星期", "礼拜", "周", "week") {
		return mark{}, false
	}
	monday := 7*weeks + 1 - c.today.weekday()
	return c.day(max(monday, 0), monday+6), true
}

// weekday is the number of days to a day of a week: the next one when no week
// is said, or when the day of this week is over.
func (c *timeCursor) weekday(weeks int, said bool, day int) int {
	n := day - c.today.weekday()
	if weeks > 0 {
		return n + 7*weeks
	}
	if n < 0 {
		n += 7
	}
	return n
}

func (c *timeCursor) weekendDays(weeks int) (from, to int) {
	sunday := 7 - c.today.weekday() + 7*weeks
	return max(sunday-1, 0), sunday
}
