package category

import "time"

// timeCursor reads one mark of time at its position.
type timeCursor struct {
	cursor
	today today
}

// mark tries each kind of expression, the more special ones first.
func (c *timeCursor) mark() (mark, bool) {
	if !c.begins() {
		return mark{}, false
	}
	var m mark
	readers := []func() (mark, bool){
		c.past, c.instant, c.dayCount, c.date, c.month, c.festival, c.week, c.dayWord, c.part, c.clock,
	}
	for _, read := range readers {
		ok := c.try(func() (ok bool) {
			m, ok = read()
			return ok
		})
		if ok {
			return m, true
		}
	}
	return mark{}, false
}

// begins tells whether an expression of time can begin here at all; most
// characters are passed over by it.
func (c *timeCursor) begins() bool {
	r := c.peek()
	switch r {
	case '上', '下', '这', '本', '每', '大', '外', '前', '后', '去', '刚', '昨', '今', '明',
		'再', '过', '半', '待', '等', '月', '周', '星', '礼', '十',
		'国', '元', '劳', '儿', '妇', '教',
		'凌', '天', '清', '早', '头', '午', '中', '晌', '正', '傍', '擦', '黄', '晚', '夜':
		return true
	}
	return isDigit(r) || numeral(r) >= 0 || isLetter(r) && !isLetter(c.back())
}

// past reads what is over.
func (c *timeCursor) past() (mark, bool) {
	if c.word("大前天", "前天", "昨天", "昨儿", "昨日", "昨晚", "昨夜", "前晚", "去年", "前年", "上个月", "上月",
		"上礼拜", "上个礼拜", "上星期", "上个星期", "上周", "前几天", "前些天", "前些日子", "前阵子", "刚才", "上次", "上回",
		"yesterday", "last week", "last month", "last night", "last year") {
		c.weekdayName()
		return mark{kind: pastMark}, true
	}
	if _, ok := c.number(); ok && c.word("天前", "年前", "个月前", "周前", "个星期前", "个礼拜前", "小时前", " days ago", " weeks ago") {
		return mark{kind: pastMark}, true
	}
	return mark{}, false
}

// instant reads 半小时后, 过两个钟头, in an hour.
func (c *timeCursor) instant() (mark, bool) {
	ahead := c.word("再过", "过", "in ")
	if c.word("一会儿", "待会儿", "待会", "等会儿", "一会") {
		return mark{kind: instantMark, to: 2 * anHour}, true
	}
	n, ok := c.length()
	if !ok || !ahead && !c.later() {
		return mark{}, false
	}
	return mark{kind: instantMark, from: n, to: n + anHour}, true
}

// later consumes the words that make a length of time a point of it.
func (c *timeCursor) later() bool {
	return c.word("以后", "之后", "后", "过后", " later", " from now")
}

// length reads hours and minutes, in minutes.
func (c *timeCursor) length() (int, bool) {
	if c.word("半个小时", "半小时", "半个钟头", "半个钟", "half an hour") {
		return anHour / 2, true
	}
	if c.word("an hour") {
		return anHour, true
	}
	n, ok := c.number()
	if !ok {
		return 0, false
	}
	c.blanks()
	half := c.word("个半")
	switch {
	case c.word("个小时", "小时", "个钟头", "钟头", "hours", "hour"):
		n *= anHour
		if half {
			n += anHour / 2
		}
		return n, true
	case c.word("分钟", "minutes", "minute"):
		return n, true
	}
	return 0, false
}

// dayCount reads counts of days and weeks from today.
func (c *timeCursor) dayCount() (mark, bool) {
	if c.word("这两天", "这一两天", "这一半天", "一两天内") {
		return mark{kind: dayMark, to: 1}, true
	}
	if c.word("这几天", "这三天") {
		return mark{kind: dayMark, to: 3}, true
	}
	if c.word("过几天", "再过几天") {
		return mark{kind: dayMark, from: 3, to: 7}, true
	}
	ahead := c.word("再过", "过", "in ")
	n, ok := c.number()
	if !ok {
		return mark{}, false
	}
	days, ok := c.daysOf(n)
	switch {
	case !ok || days > 365:
		return mark{}, false
	case c.word("之内", "以内", "内"):
		return mark{kind: dayMark, to: days}, true
	case c.later() || ahead && n != 2:
		return mark{kind: dayMark, from: days, to: days}, true
	case ahead:
		return mark{kind: dayMark, from: days, to: days + 1}, true
	}
	return mark{}, false
}

// daysOf reads the unit after a number.
func (c *timeCursor) daysOf(n int) (int, bool) {
	c.blanks()
	switch {
	case c.word("天", "日", "days", "day"):
		return n, true
	case c.word("个星期", "个礼拜", "星期", "礼拜", "周", "weeks", "week"):
		return 7 * n, true
	}
	return 0, false
}

// festival reads feasts with a fixed date.
func (c *timeCursor) festival() (mark, bool) {
	switch {
	case c.word("国庆节", "国庆"):
		return c.yearly(10, 1)
	case c.word("元旦节", "元旦"):
		return c.yearly(1, 1)
	case c.word("五一劳动节", "劳动节", "五一"):
		return c.yearly(5, 1)
	case c.word("六一儿童节", "儿童节", "六一"):
		return c.yearly(6, 1)
	case c.word("三八妇女节", "妇女节", "三八"):
		return c.yearly(3, 8)
	case c.word("教师节"):
		return c.yearly(9, 10)
	}
	return mark{}, false
}

// yearly is the next time that a date of the year comes.
func (c *timeCursor) yearly(month time.Month, day int) (mark, bool) {
	year := c.today.now.Year()
	for _, y := range []int{year, year + 1} {
		if d, ok := c.today.date(y, month, day); ok && d >= 0 {
			return c.day(d, d), true
		}
	}
	return mark{}, false
}

// day makes a mark of days and reads 之前 or 以后 behind it.
func (c *timeCursor) day(from, to int) mark {
	return mark{kind: dayMark, from: from, to: to, edge: c.edge()}
}

// edge reads on which side of the time before it something lies.
func (c *timeCursor) edge() edge {
	switch {
	case c.sees("前后", "前面", "后面", "前晌", "后晌", "后天", "后院", "后门", "后头"):
		return within
	case c.word("以前", "之前", "前", "之内", "以内"):
		return before
	case c.word("以后", "之后", "过后", "后"):
		return after
	}
	return within
}

// dayWord reads the days that have a name.
func (c *timeCursor) dayWord() (mark, bool) {
	if c.word("明早", "明晚", "明夜") { // the part of the day is read by itself
		c.at--
		return c.day(1, 1), true
	}
	if c.word("今晚", "今早", "今夜") {
		c.at--
		return c.day(0, 0), true
	}
	days := []struct {
		offset int
		names  []string
	}{
		{3, []string{"大后天", "大后儿", "外后天"}},
		{2, []string{"后天", "后儿个", "后儿", "后日", "the day after tomorrow", "day after tomorrow"}},
		{1, []string{"明天", "明儿个", "明个儿", "明儿", "明日", "tomorrow"}},
		{0, []string{"今天", "今儿个", "今个儿", "今儿", "今日", "today"}},
	}
	for _, d := range days {
		if c.word(d.names...) {
			return c.day(d.offset, d.offset), true
		}
	}
	return mark{}, false
}
