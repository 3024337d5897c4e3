package certificate

import (
	"fmt"
	"regexp"
	"strings"

	"linli/internal/core/calendar"
)

// What is printed is Chinese, whoever reads it: a certificate is a paper of its
// place (民发〔2015〕149号). The page around it speaks the reader's language.

// kindsMost is how many kinds of service are named one by one.
const kindsMost = 4

// hoursText is a length of time in hours, as the rules want it (令67, article 7), to
// the minute.
func hoursText(minutes int64) string {
	h, m := minutes/60, minutes%60
	switch {
	case m == 0:
		return fmt.Sprintf("%d 小时", h)
	case h == 0:
		return fmt.Sprintf("%d 分钟", m)
	}
	return fmt.Sprintf("%d 小时 %d 分钟", h, m)
}

func dayText(d calendar.Day) string {
	return fmt.Sprintf("%d 年 %d 月 %d 日", d.Year, int(d.Month), d.Day)
}

// periodText names the year of the last day only where it is another.
func periodText(from, to calendar.Day) string {
	if from.Year == to.Year {
		return fmt.Sprintf("%s至 %d 月 %d 日", dayText(from), int(to.Month), to.Day)
	}
	return dayText(from) + "至 " + dayText(to)
}

// placesText is where it was.
func (p Paper) placesText() string {
	switch n := len(p.Places); {
	case n == 0:
		return p.Place
	case n <= 2:
		return strings.Join(p.Places, "、")
	default:
		return fmt.Sprintf("%s等 %d 个社区", p.Places[0], n)
	}
}

// kindsText is what was done, most often first.
func (p Paper) kindsText() string {
	var parts []string
	for _, k := range p.Kinds[:min(len(p.Kinds), kindsMost)] {
		parts = append(parts, fmt.Sprintf("%s %d 次", k.Name, k.Times))
	}
	text := strings.Join(parts, "，")
	if n := len(p.Kinds) - kindsMost; n > 0 {
		text += fmt.Sprintf("，还有别的 %d 种", n)
	}
	return text
}

// deed is the sentence after the name; the credential has it without one.
func (p Paper) deed(c Certificate) string {
	text := fmt.Sprintf("于 %s，在%s参加志愿服务 %d 次，共 %s。", periodText(c.From, c.To), p.placesText(), p.Times, hoursText(c.Minutes))
	if kinds := p.kindsText(); kinds != "" {
		text += "其中" + kinds
		if p.AllSatisfied {
			text += "，评过的居民都说满意"
		}
		text += "。"
	}
	return text
}

// narrative lists what was done, kind by kind.
func (p Paper) narrative(c Certificate) string {
	var parts []string
	for _, k := range p.Kinds {
		parts = append(parts, fmt.Sprintf("%s %d 次，%s", k.Name, k.Times, hoursText(k.Minutes)))
	}
	text := strings.Join(parts, "；")
	if words := p.honoured(); words != "" {
		text += "。" + words
	}
	if c.Remark != "" {
		text += "。备注：" + c.Remark
	}
	if p.Platform() {
		text += "。" + platformWords
	}
	return text
}

// honoured is the line of the star and the honours; empty without any.
func (p Paper) honoured() string {
	var parts []string
	if p.Star > 0 {
		parts = append(parts, string([]rune("一二三四五")[p.Star-1])+"星级志愿者")
	}
	if parts = append(parts, p.Honours...); len(parts) == 0 {
		return ""
	}
	return "开具时的荣誉：" + strings.Join(parts, "、")
}

// unbroken keeps each number and its unit on one line of a page.
func unbroken(text string) string { return numbers.ReplaceAllString(text, "$1\u00a0$2") }

var numbers = regexp.MustCompile(`(\d) (\p{Han})`)

// platformWords stand on what has no number of the ministry's system.
const platformWords = "本证明为平台记录，开具单位还没有接入全国志愿服务信息系统"
