package category

// maxPeople bounds what is believed; more is a slip of the tongue.
const maxPeople = 200

// readPeople gives the number of helpers that a sentence asks for, 0 when it
// does not say: 来两个小伙子, 三个人才抬得动, need two people. Numbers of people
// that are only spoken of (家里就两个人) ask for nobody.
func readPeople(s sentence) int {
	c := cursor{r: s.r}
	for ; c.at < len(c.r); c.at++ {
		start := c.at
		n, ok := c.helpers()
		if ok && n > 0 && n <= maxPeople && asked(s, start, c.at) {
			return n
		}
		c.at = start
	}
	return 0
}

// helpers reads 两个壮劳力, 俩人, 3 people.
func (c *cursor) helpers() (int, bool) {
	first := c.peek()
	n, ok := c.number()
	if !ok {
		return 0, false
	}
	c.blanks()
	measured := c.word("个", "位", "名") || first == '俩' || first == '仨' || first < 128
	c.word("年轻", "壮", "有劲的", "有力气的", "男", "强壮")
	named := c.word("人", "小伙子", "小伙", "志愿者", "劳力", "劳动力", "师傅", "帮手", "大学生", "男的",
		"people", "persons", "volunteers", "volunteer", "helpers", "men", "strong men")
	return n, named && (measured || c.back() == '人')
}

// asked tells whether words around say that these people are to come.
func asked(s sentence, start, end int) bool {
	c := cursor{r: s.r, at: max(start-5, 0)}
	for ; c.at < start; c.at++ {
		if c.starts("就两") > 0 {
			return false
		}
		if asks(&c) {
			return true
		}
	}
	for c.at = end; c.at < min(end+6, len(c.r)) && c.r[c.at] != comma && c.r[c.at] != stop; c.at++ {
		if does(&c) {
			return true
		}
	}
	return s.r[start] < 128 && asksInEnglish(s)
}

func asks(c *cursor) bool {
	return c.sees("来", "要", "找", "叫", "请", "派", "需", "得", "最少", "至少", "缺", "用", "帮", "能", "need", "send", "want")
}

func does(c *cursor) bool {
	return c.sees("搬", "抬", "挪", "扛", "才", "来", "帮", "一起", "to help", "to move", "to carry")
}

func asksInEnglish(s sentence) bool {
	c := cursor{r: s.r}
	for ; c.at < len(c.r); c.at++ {
		if c.sees("need", "send", "want") {
			return true
		}
	}
	return false
}
