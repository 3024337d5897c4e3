package i18n

import "golang.org/x/text/language"

// Lang is a language that pages are written in.
type Lang string

const (
	Zh Lang = "zh" // the source language and the default
	En Lang = "en"
)

// Parse accepts exactly the names that are offered to the reader.
func Parse(name string) (Lang, bool) {
	switch l := Lang(name); l {
	case Zh, En:
		return l, true
	}
	return Zh, false
}

// Tag is the value of an HTML lang attribute and of Content-Language.
func (l Lang) Tag() string {
	if l == En {
		return "en"
	}
	return "zh-CN"
}

// Match picks the language for a reader: what was chosen (a cookie), or else
// the best match of the Accept-Language header, or else Chinese.
func Match(chosen, accept string) Lang {
	if l, ok := Parse(chosen); ok {
		return l
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return Zh
	}
	offered := []Lang{Zh, En} // the first one wins when nothing matches
	_, i, _ := language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English}).Match(wanted...)
	return offered[i]
}
