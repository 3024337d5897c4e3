package category

// part reads a part of the day, and the hour that may follow it: 下午三点半.
func (c *timeCursor) part() (mark, bool) {
	p, ok := c.partWord()
	if !ok {
		return mark{}, false
	}
	var m mark
	timed := c.try(func() (ok bool) {
		c.word("的", "大概", "大约", "约", " at ")
		c.blanks()
		m, ok = c.hour(p)
		return ok
	})
	if timed {
		return m, true
	}
	p.edge = c.edge()
	return p, true
}

// partWord reads the name of a part of the day.
func (c *timeCursor) partWord() (mark, bool) {
	parts := []struct {
		from, to int
		names    []string
	}{
		{5 * 60, 7 * 60, []string{"凌晨", "天不亮", "天刚亮"}},
		{7 * 60, 9 * 60, []string{"一大早", "大早上", "大清早", "清早", "清晨", "早晨", "早起", "早上", "一早", "early in the morning", "early morning"}},
		{8 * 60, 12 * 60, []string{"上午", "头晌", "前晌", "午前", "上半天", "in the morning", "morning"}},
		{11 * 60, 14 * 60, []string{"中午", "晌午", "正午", "午间", "at noon", "noon", "midday"}},
		{13 * 60, 18 * 60, []string{"下午", "后晌", "过晌", "午后", "下半天", "下半晌", "in the afternoon", "afternoon"}},
		{17 * 60, 19 * 60, []string{"傍晚", "擦黑", "黄昏", "天黑前", "下班后", "下班以后", "傍黑"}},
		{18 * 60, 21 * 60, []string{"晚上", "晚间", "夜晚", "夜里", "夜间", "in the evening", "evening", "at night", "tonight"}},
	}
	for _, p := range parts {
		if c.word(p.names...) {
			return mark{kind: partMark, from: p.from, to: p.to}, true
		}
	}
	switch { // 明早, 周五晚: only behind a day
	case c.behindDay() && c.word("早"):
		return mark{kind: partMark, from: 7 * 60, to: 9 * 60}, true
	case c.behindDay() && c.word("晚", "夜"):
		return mark{kind: partMark, from: 18 * 60, to: 21 * 60}, true
	}
	return mark{}, false
}

func (c *timeCursor) behindDay() bool {
	switch c.back() {
	case '明', '今', '天', '儿', '日', '末', '号':
		return true
	}
	return numeral(c.back()) > 0
}

// clock reads an hour by itself.
func (c *timeCursor) clock() (mark, bool) {
	if isDigit(c.back()) || c.back() == '.' || c.back() == ':' {
		return mark{}, false
	}
	if c.word("before ", "by ") {
		m, ok := c.hour(mark{})
		m.edge = before
		return m, ok
	}
	if c.word("after ") {
		m, ok := c.hour(mark{})
		m.edge = after
		return m, ok
	}
	c.word("at ")
	return c.hour(mark{})
}

// hour reads 三点半, 9:30, 九点到十一点, 3 pm. The part of the day that stands
// before it, if any, tells morning from afternoon.
func (c *timeCursor) hour(part mark) (mark, bool) {
	from, ok := c.stated(part.kind == partMark)
	if !ok {
		return mark{}, false
	}
	part = c.partBehind(part)
	m := mark{kind: clockMark, from: settle(from, part), vague: part.kind != partMark && from < fullDay/2}
	c.try(func() bool {
		to, ok := c.until(part, m.from)
		if ok {
			m.to = to
		}
		return ok
	})
	m.edge = c.edge()
	return m, m.from <= fullDay
}

// stated reads the hour as it is said, in minutes.
func (c *timeCursor) stated(certain bool) (int, bool) {
	n, ok := c.number()
	if !ok || n > 24 {
		return 0, false
	}
	if c.word(":") {
		m, ok := c.number()
		return n*60 + m, ok && m < 60
	}
	if c.sees("到", "至", "~", "-") {
		return n * 60, c.halfRange()
	}
	c.blanks()
	switch {
	case c.sees("pm", "am"), c.word("o'clock"):
		return n * 60, true
	case !c.word("点钟", "点整", "点", "时"):
		return 0, false
	}
	m, said := c.pastHour()
	certain = certain || said || n != 1 || c.saysHour()
	return n*60 + m, certain && !c.sees("儿", "心", "名", "单", "评", "滴")
}

// halfRange looks ahead for the 点 of 九到十一点.
func (c *timeCursor) halfRange() bool {
	ahead := *c
	ahead.at++
	_, ok := ahead.number()
	return ok && ahead.starts("点") > 0
}

// saysHour tells 一点 the hour from 一点 "a little".
func (c *timeCursor) saysHour() bool {
	return c.back() == '钟' || c.back() == '整' ||
		c.sees("到", "至", "左右", "以前", "之前", "以后", "之后", "来", "去", "~")
}

// pastHour reads the minutes after 点.
func (c *timeCursor) pastHour() (minutes int, said bool) {
	switch {
	case c.word("半"):
		return 30, true
	case c.word("一刻"):
		return 15, true
	case c.word("三刻"):
		return 45, true
	}
	ok := c.try(func() bool {
		n, ok := c.number()
		minutes = n
		return ok && n < 60 && (c.word("分") || n >= 10)
	})
	if !ok {
		return 0, false
	}
	return minutes, true
}

// partBehind reads pm, or "in the afternoon" behind an hour.
func (c *timeCursor) partBehind(part mark) mark {
	c.try(func() bool {
		c.blanks()
		switch {
		case c.word("pm"):
			part = mark{kind: partMark, from: 12 * 60, to: fullDay}
		case c.word("am"):
			part = mark{kind: partMark, to: 12 * 60}
		case c.starts("in the") > 0 || c.starts("at night") > 0:
			p, ok := c.partWord()
			if ok {
				part = p
			}
			return ok
		default:
			return false
		}
		return true
	})
	return part
}

// until reads the end of 九点到十一点; it comes after the beginning.
func (c *timeCursor) until(part mark, from int) (int, bool) {
	c.blanks()
	if !c.word("到", "至", "~", "-", "to ", "until ") {
		return 0, false
	}
	if p, ok := c.partWord(); ok {
		part = p
	}
	n, ok := c.stated(true)
	if !ok {
		return 0, false
	}
	to := settle(n, c.partBehind(part))
	for to <= from && to < fullDay {
		to += fullDay / 2
	}
	return to, to > from
}

// settle turns the hour as said into minutes of the day.
func settle(said int, part mark) int {
	switch {
	case said >= 13*60:
		return said
	case part.kind == partMark && part.from >= 17*60 && said >= 12*60:
		return said + 12*60 // 晚上十二点
	case part.kind == partMark && part.from >= 11*60 && said < 11*60,
		part.kind == partMark && part.from >= 12*60 && said < 12*60,
		part.kind != partMark && said < 7*60:
		return said + 12*60
	}
	return said
}
