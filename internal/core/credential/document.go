package credential

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"linli/internal/kit/fault"
)

// Bounds of what is read: a certificate is a few kilobytes, and a status list of a
// million entries that are all set in no order is some 170.
const (
	mostBytes = 1 << 20
	mostDepth = 64
)

// exactInteger is the largest whole number that every JSON reader keeps as it is
// (RFC 7493, section 2.2).
const exactInteger = 1<<53 - 1

// Document is a JSON object.
type Document map[string]any

// Read reads one JSON object strictly (I-JSON, RFC 7493): no name twice, no invalid
// UTF-8, no half of a surrogate pair, no number that a reader would change. Two
// readers of such a text read the same.
func Read(text []byte) (Document, error) {
	if len(text) > mostBytes {
		return nil, fault.Invalid("", "这个文件太大了，证明不会超过 %d KB。", mostBytes>>10)
	}
	if err := checkTokens(text); err != nil {
		return nil, err
	}
	var d Document
	if err := json.Unmarshal(text, &d); err != nil || d == nil {
		return nil, fault.Invalid("", "这个文件里不是一张证明（要一个 JSON 对象）。")
	}
	return d, nil
}

// checkTokens walks the text once: jsontext refuses names that come twice and
// invalid UTF-8 by itself.
func checkTokens(text []byte) error {
	r := jsontext.NewDecoder(strings.NewReader(string(text)))
	for {
		if r.StackDepth() > mostDepth {
			return fault.Invalid("", "这个文件一层套一层，太深了，不像证明。")
		}
		token, err := r.ReadToken()
		if err != nil {
			if r.InputOffset() > 0 && r.StackDepth() == 0 && strings.TrimSpace(string(text[r.InputOffset():])) == "" {
				return nil
			}
			return &fault.Error{Kind: fault.KindInvalid, Msg: "这个文件读不懂：不是规范的 JSON（第 %d 个字节附近）。", Args: []any{r.InputOffset()}, Cause: err}
		}
		if token.Kind() == '0' {
			if err := checkNumber(token.String(), string(r.StackPointer())); err != nil {
				return err
			}
		}
	}
}

func checkNumber(text, at string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.Abs(f) <= exactInteger || strings.ContainsAny(text, ".eE")) {
		return nil
	}
	return fault.Invalid(strings.TrimPrefix(at, "/"), "数字 %s 太大，不同的软件会读成不同的数。", shorten(text))
}

// Canonical is the document in the form of RFC 8785.
func (d Document) Canonical() ([]byte, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	v := jsontext.Value(text)
	err = v.Canonicalize()
	return v, err
}

// Indented is the document for reading; its names are in order.
func (d Document) Indented() ([]byte, error) {
	text, err := json.MarshalIndent(d, "", "  ")
	return append(text, '\n'), err
}

// without is a shallow copy without some members.
func (d Document) without(names ...string) Document {
	out := make(Document, len(d))
	for name, v := range d {
		out[name] = v
	}
	for _, name := range names {
		delete(out, name)
	}
	return out
}

// text is a member that is a string; "" when it is none.
func (d Document) text(name string) string {
	s, _ := d[name].(string)
	return s
}

// object is a member that is an object.
func (d Document) object(name string) (Document, bool) { return asObject(d[name]) }

func asObject(v any) (Document, bool) {
	switch o := v.(type) {
	case map[string]any:
		return o, true
	case Document:
		return o, true
	}
	return nil, false
}

// list is a member as a list: nothing, one thing, or several.
func (d Document) list(name string) []any {
	switch v := d[name].(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// texts are the strings of a member that is one string or a list of strings.
func (d Document) texts(name string) []string {
	var out []string
	for _, v := range d.list(name) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// shorten cuts what a stranger wrote to what fits into a sentence.
func shorten(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
