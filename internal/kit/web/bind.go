package web

import (
	"encoding"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/kit/fault"
)

// binder fills an input from a tree and keeps every mistake it meets.
type binder struct {
	zone    *time.Location // of times that are written without one, in forms
	form    bool           // all values are texts; an empty one is as good as none
	lenient bool           // unknown names are passed over (the query of a page)
	errs    []error
}

func (b *binder) bad(at, msg string, args ...any) {
	b.errs = append(b.errs, fault.Invalid(at, msg, args...))
}

// object fills a struct.
func (b *binder) object(s *shape, v reflect.Value, t tree, at string) {
	members, ok := t.(map[string]tree)
	if !ok {
		b.bad(at, "“%s”要填成一组，像 {\"…\": …}。", Label(at))
		return
	}
	for _, name := range sorted(members) {
		if s.named(name) == nil && !b.lenient {
			b.errs = append(b.errs, unknownField(join(at, name)))
		}
	}
	for _, f := range s.fields {
		if f.path == "" {
			b.member(f, v.FieldByIndex(f.index), members[f.name], join(at, f.name))
		}
	}
}

func (b *binder) member(f *field, v reflect.Value, t tree, at string) {
	if t == nil || b.form && t == "" {
		if f.rule.required {
			b.bad(at, "请填“%s”。", f.title(at))
		}
		return
	}
	b.value(f, v, t, at)
}

// title is the field's name in a message.
func (f *field) title(at string) Label {
	if f.label != "" {
		return Label(f.label)
	}
	return Label(at)
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// value fills one value of whatever type.
func (b *binder) value(f *field, v reflect.Value, t tree, at string) {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		b.value(f, v.Elem(), t, at)
	case v.Type() == uploadType:
		b.upload(f, v, t, at)
	case v.Type() == timeType:
		b.time(f, v, t, at)
	case v.CanAddr() && v.Addr().Type().Implements(textType):
		b.text(f, v, t, at)
	default:
		b.kind(f, v, t, at)
	}
}

func (b *binder) kind(f *field, v reflect.Value, t tree, at string) {
	switch v.Kind() {
	case reflect.String:
		if s, ok := b.str(f, t, at); ok {
			v.SetString(s)
		}
	case reflect.Bool:
		b.boolean(f, v, t, at)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		b.whole(f, v, t, at)
	case reflect.Float32, reflect.Float64:
		b.float(f, v, t, at)
	case reflect.Slice:
		b.list(f, v, t, at)
	case reflect.Map:
		b.entries(f, v, t, at)
	case reflect.Struct:
		b.object(f.shape, v, t, at)
	default:
		panic("web: input field " + f.name + " has a type that cannot be read: " + v.Type().String())
	}
}

// str reads a text, cleaned and within its bounds.
func (b *binder) str(f *field, t tree, at string) (string, bool) {
	s, ok := t.(string)
	if !ok {
		b.bad(at, "“%s”要填文字。", f.title(at))
		return "", false
	}
	if f.rule.verbatim {
		return s, b.within(f, s, at)
	}
	if !clean(s) {
		b.bad(at, "“%s”里有看不见的控制字符，请删掉再试。", f.title(at))
		return "", false
	}
	s = tidy(s, f.rule.lines)
	if s == "" && f.rule.required {
		b.bad(at, "请填“%s”。", f.title(at))
		return "", false
	}
	return s, b.within(f, s, at)
}

func (b *binder) within(f *field, s, at string) bool {
	n := len([]rune(s))
	switch {
	case n > f.rule.maxLength:
		b.bad(at, "“%s”最多 %d 个字，现在有 %d 个。", f.title(at), f.rule.maxLength, n)
	case n < f.rule.minLength && s != "":
		b.bad(at, "“%s”至少 %d 个字，现在只有 %d 个。", f.title(at), f.rule.minLength, n)
	case len(f.rule.enum) > 0 && s != "" && !slices.Contains(f.rule.enum, s):
		b.bad(at, "“%s”只能填 %s 里的一个。", f.title(at), strings.Join(f.rule.enum, ", "))
	default:
		return true
	}
	return false
}

func (b *binder) boolean(f *field, v reflect.Value, t tree, at string) {
	switch {
	case t == true || b.form && (t == "true" || t == "on" || t == "1"):
		v.SetBool(true)
	case t == false || b.form && (t == "false" || t == "off" || t == "0"):
		v.SetBool(false)
	default:
		b.bad(at, "“%s”要填 true 或 false。", f.title(at))
	}
}

// digits is a number as it was written; forms write it as text.
func (b *binder) digits(t tree) (string, bool) {
	switch n := t.(type) {
	case json.Number:
		return n.String(), true
	case string:
		return strings.TrimSpace(n), b.form
	}
	return "", false
}

func (b *binder) whole(f *field, v reflect.Value, t tree, at string) {
	s, ok := b.digits(t)
	n, err := strconv.ParseInt(s, 10, 64)
	if !ok || err != nil && !isRange(err) {
		b.bad(at, "“%s”要填整数。", f.title(at))
		return
	}
	if err != nil || v.OverflowInt(n) || !f.rule.holds(float64(n)) {
		b.outside(f, at, v.Type().Bits())
		return
	}
	v.SetInt(n)
}

func (b *binder) float(f *field, v reflect.Value, t tree, at string) {
	s, ok := b.digits(t)
	n, err := strconv.ParseFloat(s, 64)
	if !ok || err != nil && !isRange(err) || math.IsNaN(n) {
		b.bad(at, "“%s”要填数字。", f.title(at))
		return
	}
	if err != nil || math.IsInf(n, 0) || !f.rule.holds(n) {
		b.outside(f, at, 64)
		return
	}
	v.SetFloat(n)
}

func isRange(err error) bool {
	e, ok := err.(*strconv.NumError)
	return ok && e.Err == strconv.ErrRange
}

func (r rule) holds(n float64) bool {
	return (r.minimum == nil || n >= *r.minimum) && (r.maximum == nil || n <= *r.maximum)
}

// outside says the range that a number has left.
func (b *binder) outside(f *field, at string, bits int) {
	low, high := -math.Pow(2, float64(bits-1)), math.Pow(2, float64(bits-1))-1
	if f.rule.minimum != nil {
		low = *f.rule.minimum
	}
	if f.rule.maximum != nil {
		high = *f.rule.maximum
	}
	plain := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
	b.bad(at, "“%s”要在 %s 到 %s 之间。", f.title(at), plain(low), plain(high))
}

// formTimes are what browsers send for <input type=datetime-local>.
var formTimes = [...]string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"}

func (b *binder) time(f *field, v reflect.Value, t tree, at string) {
	s, _ := t.(string)
	s = strings.TrimSpace(s)
	if when, err := time.Parse(time.RFC3339, s); err == nil && plausible(when) {
		v.Set(reflect.ValueOf(when))
		return
	}
	for _, layout := range formTimes {
		if when, err := time.ParseInLocation(layout, s, b.zone); b.form && err == nil && plausible(when) {
			v.Set(reflect.ValueOf(when))
			return
		}
	}
	if b.form {
		b.bad(at, "“%s”要写成日期和时间，像 2026-09-26 09:00。", f.title(at))
		return
	}
	b.bad(at, "“%s”要写成带时区的时间，像 2026-09-26T09:00:00+08:00。", f.title(at))
}

// plausible keeps times within what the books can hold.
func plausible(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 2200 }

// text reads a value that reads itself (a day, a phone number).
func (b *binder) text(f *field, v reflect.Value, t tree, at string) {
	s, ok := b.str(f, t, at)
	if !ok {
		return
	}
	err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
	if err == nil {
		return
	}
	if fault.KindOf(err) != fault.KindInvalid {
		b.bad(at, "“%s”读不懂，请再看一眼。", f.title(at))
		return
	}
	e := *fault.As(err)
	e.Field = at
	b.errs = append(b.errs, &e)
}

func (b *binder) list(f *field, v reflect.Value, t tree, at string) {
	items, ok := b.items(t)
	if !ok {
		b.bad(at, "“%s”要填成一列，像 [ … ]。", f.title(at))
		return
	}
	if len(items) > f.rule.maxItems {
		b.bad(at, "“%s”最多 %d 个，现在有 %d 个。", f.title(at), f.rule.maxItems, len(items))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		if item != nil {
			b.value(f, out.Index(i), item, join(at, strconv.Itoa(i)))
		}
	}
	v.Set(out)
}

// items are the elements of a list. A form gives a single one bare, and those of
// a list of groups under their numbers ("to.0.id", "to.1.id").
func (b *binder) items(t tree) ([]tree, bool) {
	switch list := t.(type) {
	case []tree:
		return list, true
	case map[string]tree:
		return numbered(list), b.form
	}
	return []tree{t}, b.form
}

func numbered(list map[string]tree) []tree {
	names := sorted(list)
	slices.SortStableFunc(names, func(a, b string) int { return len(a) - len(b) })
	items := make([]tree, len(names))
	for i, name := range names {
		items[i] = list[name]
	}
	return items
}

func (b *binder) entries(f *field, v reflect.Value, t tree, at string) {
	members, ok := t.(map[string]tree)
	if !ok {
		b.bad(at, "“%s”要填成一组，像 {\"…\": …}。", f.title(at))
		return
	}
	if len(members) > f.rule.maxItems {
		b.bad(at, "“%s”最多 %d 个，现在有 %d 个。", f.title(at), f.rule.maxItems, len(members))
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), len(members))
	for _, name := range sorted(members) {
		if !clean(name) || len(name) > textMost {
			b.errs = append(b.errs, unknownField(join(at, name)))
			continue
		}
		item := reflect.New(v.Type().Elem()).Elem()
		b.value(f, item, members[name], join(at, name))
		out.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), item)
	}
	v.Set(out)
}
