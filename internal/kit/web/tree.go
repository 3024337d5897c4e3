package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/internal/kit/fault"
)

// A tree is what a body says before it is known what it should say: maps, lists,
// strings, json.Number, bool, nil, and Upload. JSON and forms both become one, so
// that one binder fills the input and finds every mistake in one go.
type tree = any

// parseJSON reads one JSON object and nothing after it. An empty body is an
// empty object: every field may be left out.
func parseJSON(body []byte) (map[string]tree, error) {
	if !utf8.Valid(body) {
		return nil, badJSON("发来的内容不是 UTF-8 编码，读不出来。")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]tree{}, nil
	}
	p := newParser(body)
	v, err := p.value(0)
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]tree)
	if !ok {
		return nil, badJSON("发来的 JSON 最外层要是一个对象，像 {\"text\": \"…\"}。")
	}
	return object, nil
}

// parser is a decoder that knows the member at which it broke off.
type parser struct {
	*json.Decoder
	body []byte
	at   string
}

func newParser(body []byte) *parser {
	p := &parser{Decoder: json.NewDecoder(bytes.NewReader(body)), body: body}
	p.UseNumber()
	return p
}

func (p *parser) value(depth int) (tree, error) {
	if depth > depthMost {
		return nil, badJSON("发来的 JSON 套得太深，最多 %d 层。", depthMost)
	}
	token, err := p.whole()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return p.object(depth)
	case json.Delim('['):
		return p.list(depth)
	}
	return token, nil
}

func (p *parser) object(depth int) (tree, error) {
	object, within := map[string]tree{}, p.at
	for p.More() {
		key, err := p.whole()
		if err != nil {
			return nil, err
		}
		p.at = join(within, shown(key.(string)))
		if _, twice := object[key.(string)]; twice {
			return nil, p.wrong("“%s”写了两遍，不知道听哪一个，请只留一个。", p.at)
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		object[key.(string)] = v
		p.at = within
	}
	_, err := p.Token()
	return object, p.broken(err)
}

func (p *parser) list(depth int) (tree, error) {
	list, within := []tree{}, p.at
	for p.More() {
		p.at = join(within, strconv.Itoa(len(list)))
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	p.at = within
	_, err := p.Token()
	return list, p.broken(err)
}

// whole is the next token. A text with half of a surrogate pair in it is refused:
// the decoder would put another character in its place.
func (p *parser) whole() (json.Token, error) {
	from := p.InputOffset()
	token, err := p.Token()
	if err != nil {
		return nil, p.broken(err)
	}
	if _, text := token.(string); text && halfPair(p.body[from:p.InputOffset()]) {
		return nil, p.wrong("第 %d 个字节前的 \\u 转义只有半个字符，请写完整。", p.InputOffset())
	}
	return token, nil
}

// halfPair says whether a text of JSON, as it is written, escapes a surrogate that
// has no other half beside it (RFC 8259, section 8.2).
func halfPair(raw []byte) bool {
	high := false // the escape just before was the first half
	for len(raw) > 0 {
		half, n := rune(0), 1
		if raw[0] == '\\' {
			half, n = escaped(raw)
		}
		low := half >= 0xdc00 && half <= 0xdfff
		if high != low {
			return true
		}
		high = half >= 0xd800 && half <= 0xdbff
		raw = raw[n:]
	}
	return high
}

// escaped is the character of the escape that raw begins with, when it is one of
// four digits, and the length of the escape.
func escaped(raw []byte) (rune, int) {
	if len(raw) < 6 || raw[1] != 'u' {
		return 0, min(2, len(raw))
	}
	n, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	if err != nil {
		return 0, 2
	}
	return rune(n), 6
}

func (p *parser) end() error {
	if _, err := p.Token(); !errors.Is(err, io.EOF) {
		return badJSON("发来的 JSON 后面还有多余的内容。")
	}
	return nil
}

// broken says where the JSON breaks off.
func (p *parser) broken(err error) error {
	if err == nil {
		return nil
	}
	f := p.wrong("发来的 JSON 在第 %d 个字节处读不下去。", p.InputOffset()+1)
	f.fault.Cause = err
	return f
}

// wrong is a mistake at the member that is being read.
func (p *parser) wrong(msg string, args ...any) *failure {
	f := badJSON(msg, args...)
	f.fault.Field = p.at
	return f
}

func badJSON(msg string, args ...any) *failure {
	return fail(http.StatusBadRequest, fault.Invalid("", msg, args...))
}

// formTree makes a tree of form or query values: "window.from" is a member of
// "window". Names that begin with _ are the page's own (buttons, hidden marks).
func formTree(values url.Values, files map[string][]tree) (map[string]tree, error) {
	root := map[string]tree{}
	for _, name := range sorted(values) {
		if strings.HasPrefix(name, "_") {
			continue
		}
		texts := values[name]
		if !utf8.ValidString(name) || !utf8.ValidString(strings.Join(texts, "")) {
			return nil, badJSON("发来的内容不是 UTF-8 编码，读不出来。")
		}
		if err := plant(root, name, formValue(texts)); err != nil {
			return nil, err
		}
	}
	for _, name := range sorted(files) {
		if err := plant(root, name, files[name]); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func formValue(texts []string) tree {
	if len(texts) == 1 {
		return texts[0]
	}
	list := make([]tree, len(texts))
	for i, t := range texts {
		list[i] = t
	}
	return list
}

// plant puts a value at its dotted name.
func plant(root map[string]tree, name string, v tree) error {
	parts := strings.Split(name, ".")
	if len(parts) > depthMost {
		return unknownField(name)
	}
	at := root
	for _, part := range parts[:len(parts)-1] {
		next, ok := at[part].(map[string]tree)
		if !ok {
			if at[part] != nil {
				return unknownField(name)
			}
			next = map[string]tree{}
			at[part] = next
		}
		at = next
	}
	at[parts[len(parts)-1]] = v
	return nil
}

func unknownField(name string) *fault.Error {
	return fault.Invalid(shown(name), "这里没有“%s”这一项，请去掉它。", shown(name))
}

// shown cuts a name that came from outside to what is fit for a message.
func shown(name string) string {
	const most = 60
	name = strings.Map(func(c rune) rune {
		if forbidden(c) || c == '\n' || c == '\t' {
			return '·'
		}
		return c
	}, name)
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}
