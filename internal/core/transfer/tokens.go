package transfer

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
)

// tokens reads XML of which no single token, and no text of a cell, may be longer
// than a gulp.
type tokens struct {
	d  *xml.Decoder
	in *counter
}

func newTokens(in *counter) *tokens {
	return &tokens{xml.NewDecoder(in), in}
}

// next gives io.EOF only where the document is complete.
func (t *tokens) next() (xml.Token, error) {
	t.in.refill()
	return t.d.Token()
}

// skip reads to the end of the element that was just started.
func (t *tokens) skip() error {
	t.in.refill()
	return t.d.Skip()
}

// richText joins the runs of a text up to the end of the named element. Phonetic
// guides (rPh) are no part of it.
func (t *tokens) richText(element string) (string, error) {
	var text string
	for len(text) < gulp {
		token, err := t.next()
		if err != nil {
			return "", err
		}
		switch el := token.(type) {
		case xml.StartElement:
			run, err := t.run(el.Name.Local)
			if err != nil {
				return "", err
			}
			text += run
		case xml.EndElement:
			if el.Name.Local == element {
				return unescape(text), nil
			}
		}
	}
	return "", errGulp
}

// run is what the named element adds to a rich text.
func (t *tokens) run(element string) (string, error) {
	switch element {
	case "t":
		return t.text()
	case "rPh":
		return "", t.skip()
	}
	return "", nil
}

// text is the text up to the end of the element that was just started.
func (t *tokens) text() (string, error) {
	var text string
	for len(text) < gulp {
		token, err := t.next()
		if err != nil {
			return "", err
		}
		switch el := token.(type) {
		case xml.CharData:
			text += string(el)
		case xml.StartElement:
			if err := t.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return text, nil
		}
	}
	return "", errGulp
}

func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// escaped is a character that XML cannot hold, as ECMA-376 writes it: _x000D_.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(code string) string {
		n, _ := strconv.ParseUint(code[2:6], 16, 16) // the pattern allows only hex digits
		return string(rune(n))
	})
}
