package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/internal/kit/fault"
)

// Name cleans and checks a person's name (CleanName). It takes every script and
// every sign, for a name is what its bearer says it is; it only has to be there,
// to hold a letter, and to have at most MaxName characters. What begins with one of
// = + - @ is a formula that slipped into the column; no name does.
func Name(field, text string) (string, error) {
	name := CleanName(text)
	if name == "" {
		return "", fault.Invalid(field, "请填姓名。")
	}
	if !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || isHan(r) }) {
		return "", fault.Invalid(field, "姓名里要有文字。")
	}
	if first, _ := utf8.DecodeRuneInString(name); strings.ContainsRune("=+-@＝＋－＠", first) {
		return "", fault.Invalid(field, "姓名要以文字开头，不能是“%s”。", string(first))
	}
	return within(field, name, MaxName)
}

// CleanName is CleanLine for a name: the spaces that lists put between Chinese
// characters to make columns even go (张　三), the dot of a long name gets its
// standard form (阿卜杜拉·买买提), and the spaces of John Smith stay.
func CleanName(text string) string {
	words := strings.Fields(dots.Replace(CleanLine(text)))
	var b strings.Builder
	for i, word := range words {
		if i > 0 && !(endsHan(words[i-1]) && startsHan(word)) {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

// dots are the look-alikes of the separation dot U+00B7 (GB/T 15834).
var dots = strings.NewReplacer("•", "·", "‧", "·", "・", "·", "･", "·", "∙", "·", "⋅", "·")

// Surname is the part of a name by which a page may call a person before more of
// the name is open: the surname of a Chinese name, compound ones included
// (欧阳), and the first character of any other.
func Surname(name string) string {
	first := character(name)
	if !startsHan(name) {
		return first
	}
	second := character(name[len(first):])
	rest := name[len(first)+len(second):]
	if rest != "" && strings.Contains(compoundSurnames, " "+first+second+" ") {
		return first + second
	}
	return first
}

// compoundSurnames are those in use. Pairs whose first character is itself a
// common surname (宗政, 段干) are left out: hiding one character too many is the
// smaller mistake.
const compoundSurnames = " 欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 夏侯 司徒 司空 司寇 东方 東方 皇甫 尉迟 尉遲 " +
	"公孙 公孫 慕容 令狐 长孙 長孫 宇文 鲜于 鮮于 闻人 聞人 端木 轩辕 軒轅 南宫 南宮 西门 西門 东郭 東郭 " +
	"百里 呼延 万俟 赫连 赫連 澹台 澹臺 濮阳 濮陽 申屠 太史 钟离 鍾離 公冶 公羊 独孤 獨孤 拓跋 纳兰 納蘭 " +
	"完颜 完顏 耶律 淳于 单于 單于 闾丘 閭丘 亓官 巫马 巫馬 漆雕 乐正 樂正 羊舌 第五 "

// character is the first character of s with the signs that belong to it: accents
// and the selectors of a rare glyph.
func character(s string) string {
	_, end := utf8.DecodeRuneInString(s)
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !unicode.Is(unicode.M, r) {
			break
		}
		end += size
	}
	return s[:end]
}

func startsHan(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isHan(r)
}

func endsHan(s string) bool {
	r, size := utf8.DecodeLastRuneInString(s)
	for unicode.Is(unicode.M, r) && size < len(s) {
		s = s[:len(s)-size]
		r, size = utf8.DecodeLastRuneInString(s)
	}
	return isHan(r)
}

// isHan includes the private-use area, where older registers keep rare
// characters.
func isHan(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Co)
}
