package web

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"

	"linli/internal/kit/fault"
)

// List is the answer of every list: a page of items, and where the next begins.
type List[T any] struct {
	Items []T  `json:"items"`
	Next  Next `json:"next" doc:"下一页的位置，放进 cursor；null 就是到头了"`
}

// Next is where the next page of a list begins, null in JSON at the end of it: a
// program finds the member in every answer.
type Next string

// MarshalJSON writes the end of a list as null.
func (n Next) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return marshal(string(n))
}

// MarshalJSON writes an empty list as [], never as null.
func (l List[T]) MarshalJSON() ([]byte, error) {
	type plain List[T]
	if l.Items == nil {
		l.Items = []T{}
	}
	return marshal(plain(l))
}

// Paging is embedded in the inputs of lists.
type Paging struct {
	Limit  int    `json:"limit" minimum:"1" maximum:"200" doc:"一页最多几条"`
	Cursor string `json:"cursor" maxLength:"500" doc:"从哪里接着看，就是上一页给的 next"`
}

// Size is the page size that was asked for, or the usual one.
func (p Paging) Size(usual int) int {
	if p.Limit == 0 {
		return usual
	}
	return p.Limit
}

// EncodeCursor makes an opaque text of a position: the sort key of the last item
// seen. It is not secret; what it may show is decided by the query it goes into.
func EncodeCursor[T any](at T) Next {
	text, err := json.Marshal(at)
	if err != nil {
		panic("web: cursor cannot be written: " + err.Error())
	}
	return Next(base64.RawURLEncoding.EncodeToString(text))
}

// DecodeCursor reads a position back; ok is false for the empty cursor, the first
// page. Anything that EncodeCursor did not make is invalid.
func DecodeCursor[T any](cursor string) (at T, ok bool, err error) {
	if cursor == "" {
		return at, false, nil
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err == nil {
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.DisallowUnknownFields()
		if d.Decode(&at) == nil && d.Decode(&json.RawMessage{}) == io.EOF {
			return at, true, nil
		}
	}
	var none T
	return none, false, fault.Invalid("cursor", "翻页的位置认不出来了，请从第一页看起。")
}
