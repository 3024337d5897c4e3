package category

import "slices"

// cursor reads the grammar of times and numbers: each method consumes what it
// finds and says so, or leaves the position alone.
type cursor struct {
	r  []rune
	at int
}

// word consumes the first of the options that stands here; longer options must
// come before their own beginnings.
func (c *cursor) word(options ...string) bool {
	for _, o := range options {
		if n := c.starts(o); n > 0 {
			c.at += n
			return true
		}
	}
	return false
}

// starts gives the length of word if it stands here, else 0. A Latin word has to
// be a whole one.
func (c *cursor) starts(word string) int {
	n := 0
	for _, w := range word {
		if c.at+n >= len(c.r) || c.r[c.at+n] != w {
			return 0
		}
		n++
	}
	if c.at > 0 && splits(c.r, c.at) || splits(c.r, c.at+n) {
		return 0
	}
	return n
}

// sees tells whether one of the words stands here, and leaves it.
func (c *cursor) sees(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return c.starts(w) > 0 })
}

// blanks consumes blanks.
func (c *cursor) blanks() {
	for c.at < len(c.r) && c.r[c.at] == ' ' {
		c.at++
	}
}

// try runs a reading; the position comes back when it fails.
func (c *cursor) try(reading func() bool) bool {
	at := c.at
	if reading() {
		return true
	}
	c.at = at
	return false
}

// peek is the rune here, 0 at the end; back the one before, 0 at the start.
func (c *cursor) peek() rune {
	if c.at < len(c.r) {
		return c.r[c.at]
	}
	return 0
}

func (c *cursor) back() rune {
	if c.at > 0 {
		return c.r[c.at-1]
	}
	return 0
}

// number consumes a number below 10,000 in digits, or below 100 in Chinese or
// English words.
func (c *cursor) number() (int, bool) {
	if isDigit(c.peek()) {
		return c.digits()
	}
	if n, ok := c.chinese(); ok {
		return n, true
	}
	for i, w := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"} {
		if c.word(w) {
			return i + 1, true
		}
	}
	return 0, false
}

func (c *cursor) digits() (int, bool) {
	n, at := 0, c.at
	for ; at < len(c.r) && isDigit(c.r[at]); at++ {
		if at-c.at == 4 {
			return 0, false
		}
		n = 10*n + int(c.r[at]-'0')
	}
	c.at = at
	return n, true
}

// chinese reads 两, 十, 十一, 二十, 三十五.
func (c *cursor) chinese() (int, bool) {
	n, ok := c.numeral()
	if !c.word("十") {
		return n, ok
	}
	if !ok {
		n = 1
	}
	ones, _ := c.numeral()
	return 10*n + ones, true
}

func (c *cursor) numeral() (int, bool) {
	n := numeral(c.peek())
	if n < 0 {
		return 0, false
	}
	c.at++
	return n, true
}

// numeral is the value of one Chinese digit, or -1.
func numeral(c rune) int {
	switch c {
	case '零', '〇':
		return 0
	case '一', '壹':
		return 1
	case '二', '两', '俩', '贰':
		return 2
	case '三', '仨', '叁':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return -1
}
