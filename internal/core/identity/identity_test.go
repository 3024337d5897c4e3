package identity

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/core/calendar"
	"linli/internal/kit/fault"
)

// sentence is the answer to wrong input, filled in; it fails the test when err is
// none, or names another field.
func sentence(t *testing.T, err error) string {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.KindInvalid || e.Field != "f" {
		t.Errorf("want an invalid f, got %v", err)
		return ""
	}
	return fmt.Sprintf(e.Msg, e.Args...)
}

func TestParseID(t *testing.T) {
	id, err := ParseID("f", " １１０１０５-19491231 002x ")
	if err != nil || id != "11010519491231002X" {
		t.Fatalf("%q, %v", id, err)
	}
	if id.Area() != "110105" || id.Birth() != (calendar.Day{Year: 1949, Month: 12, Day: 31}) || id.Sex() != Female {
		t.Errorf("%s %s %s", id.Area(), id.Birth(), id.Sex())
	}
	wrong := []struct{ text, want string }{
		{"", "请填身份证号。"},
		{"11010519491231002", "身份证号是 18 位，现在是 17 位。"},
		{"1101051949123100200", "身份证号是 18 位，现在是 19 位。"},
		{"110105194912310021", "身份证号有一位不对（最后一位对不上），请照着证件再核对一遍。"},
		{"110105194902300021", "身份证号第 7 到 14 位应该是出生日期，现在是 19490230，请核对。"},
		{"110105000012310021", "身份证号第 7 到 14 位应该是出生日期，现在是 00001231，请核对。"},
		{"110105491231002", "这是 15 位的老身份证号，请填 18 位的新号。"},
		{"1101051949123100X2", "身份证号只有数字，最后一位也可能是 X。"},
		{"张三", "身份证号只有数字，最后一位也可能是 X。"},
		{"1.1010519491231E+17", "身份证号被表格当成数字改掉了。请把这一列设成“文本”，再填一遍。"},
	}
	for _, tt := range wrong {
		_, err := ParseID("f", tt.text)
		if got := sentence(t, err); got != tt.want {
			t.Errorf("%q: %s", tt.text, got)
		}
	}
}

// anyID builds a right number from its parts, computing the check character by
// the weights that the standard prints.
func anyID(t *rapid.T) string {
	day := calendar.Day{Year: 1900, Month: 1, Day: 1}.Add(rapid.IntRange(0, 47000).Draw(t, "day"))
	body := fmt.Sprintf("%06d%s%03d", rapid.IntRange(110000, 659999).Draw(t, "area"),
		strings.ReplaceAll(day.String(), "-", ""), rapid.IntRange(0, 999).Draw(t, "serial"))
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(body[i]-'0')
	}
	return body + string("10X98765432"[sum%11])
}

func TestIDCatchesEveryWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := anyID(t)
		if _, err := ParseID("f", id); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		at := rapid.IntRange(0, 16).Draw(t, "at")
		digit := byte(rapid.IntRange('0', '9').Draw(t, "digit"))
		other := id[:at] + string(digit) + id[at+1:]
		if _, err := ParseID("f", other); (err == nil) != (other == id) {
			t.Fatalf("%s for %s: %v", other, id, err)
		}
	})
}

func TestCheckBirth(t *testing.T) {
	today := calendar.Day{Year: 2025, Month: 9, Day: 26}
	if err := CheckBirth("f", today, today); err != nil {
		t.Error(err)
	}
	sentence(t, CheckBirth("f", today.Add(1), today))
	sentence(t, CheckBirth("f", calendar.Day{Year: 1894, Month: 1, Day: 1}, today))
}

func TestParseDocument(t *testing.T) {
	kind, err := ParseDocumentKind("f", " 护 照 ")
	if err != nil || kind != Passport {
		t.Fatalf("%q, %v", kind, err)
	}
	if kind, err := ParseDocumentKind("f", ""); err != nil || kind != IDCard {
		t.Errorf("%q, %v", kind, err)
	}
	if got, err := ParseDocument("f", Passport, " e 1234-5678"); err != nil || got != "E12345678" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := ParseDocument("f", IDCard, "11010519491231002x"); err != nil || got != "11010519491231002X" {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"", "E12", "E1234567<script>", strings.Repeat("1", 21)} {
		_, err := ParseDocument("f", HMTCard, text)
		sentence(t, err)
	}
	_, err = ParseDocumentKind("f", "驾照")
	sentence(t, err)
}

func TestUSCI(t *testing.T) {
	code, err := ParseUSCI("f", "91350100m000100y43")
	if err != nil || code.Doubtful() || code.Kind() != "" {
		t.Errorf("%q, %v, %v", code, code.Doubtful(), err)
	}
	early, err := ParseUSCI("f", "52350100M000100Y43")
	if err != nil || !early.Doubtful() || early.Kind() != "民办非企业单位" {
		t.Errorf("%q: %v, %v, %v", early, early.Doubtful(), early.Kind(), err)
	}
	_, err = ParseUSCI("f", "91350100M000100Y4")
	if got := sentence(t, err); got != "统一社会信用代码是 18 位，现在是 17 位。" {
		t.Error(got)
	}
	_, err = ParseUSCI("f", "91350100I000100Y43")
	sentence(t, err)
}

func TestMobile(t *testing.T) {
	for _, text := range []string{
		"13800138000", " 138 0013 8000 ", "138-0013-8000", "+86 13800138000", "+86-138-0013-8000", "0086 13800138000",
		"8613800138000", "１３８００１３８０００", "138．0013．8000", "(+86)13800138000", "\u200b13800138000\u202c", "138—0013—8000",
	} {
		if got, err := Mobile("f", text); err != nil || got != "13800138000" {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	wrong := []struct{ text, want string }{
		{"", "请填手机号。"},
		{"1380013800", "手机号是 11 位，现在只有 10 位。"},
		{"138001380000", "手机号是 11 位，现在有 12 位。"},
		{"12800138000", "手机号是 13 到 19 开头的，现在是 12 开头。"},
		{"1380013800O", "手机号只有数字。"},
		{"1.38001E+10", "手机号被表格当成数字改掉了。请把这一列设成“文本”，再填一遍。"},
	}
	for _, tt := range wrong {
		_, err := Mobile("f", tt.text)
		if got := sentence(t, err); got != tt.want {
			t.Errorf("%q: %s", tt.text, got)
		}
	}
}

func TestPhone(t *testing.T) {
	right := map[string]string{
		"13800138000":        "13800138000",
		"0311-87654321":      "0311-87654321",
		"031187654321":       "0311-87654321",
		"（0311）87654321":     "0311-87654321",
		"0311 8765432":       "0311-8765432",
		"010－８７６５４３２１":       "010-87654321",
		"02087654321":        "020-87654321",
		"+86 0311 87654321":  "0311-87654321",
		"0311-87654321-802":  "0311-87654321-802",
		"0311-87654321转802":  "0311-87654321-802",
		"0311-87654321 分机：8": "0311-87654321-8",
		"400 123 4567":       "400-123-4567",
	}
	for text, want := range right {
		if got, err := Phone("f", text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	wrong := map[string]string{
		"87654321":    "座机前面要加区号，比如 0311-87654321。",
		"0311-876543": "座机是区号加 7 到 8 位号码，比如 0311-87654321。",
		"1380013800":  "手机号是 11 位，现在只有 10 位。",
		"":            "请填手机号。",
	}
	for text, want := range wrong {
		_, err := Phone("f", text)
		if got := sentence(t, err); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestDivision(t *testing.T) {
	tests := []struct {
		text   string
		want   Division
		level  Level
		parent Division
	}{
		{"11", "110000000000", Province, ""},
		{"1101", "110100000000", City, "110000000000"},
		{"110106", "110106000000", County, "110100000000"},
		{"110106001", "110106001000", Street, "110106000000"},
		{"110106001 003", "110106001003", Community, "110106001000"},
		{"441900003", "441900003000", Street, "441900000000"}, // 东莞 has no counties
		{"441900003002", "441900003002", Community, "441900003000"},
		{"429004000000", "429004000000", County, "429000000000"},
		{"500200", "500200000000", City, "500000000000"},
	}
	for _, tt := range tests {
		d, err := ParseDivision("f", tt.text)
		if err != nil || d != tt.want || d.Level() != tt.level {
			t.Errorf("%q: %q of level %d, %v", tt.text, d, d.Level(), err)
			continue
		}
		parent, ok := d.Parent()
		if parent != tt.parent || ok != (tt.parent != "") {
			t.Errorf("the parent of %s is %s", d, parent)
		}
		if ok && (!parent.Contains(d) || d.Contains(parent)) {
			t.Errorf("%s and %s", parent, d)
		}
	}
	if got := Division("110106001003").District(); got != "110106" {
		t.Error(got)
	}
	for _, text := range []string{"", "1", "1101060", "010000", "110006000000", "110106000003", "110000001000", "11010600A"} {
		_, err := ParseDivision("f", text)
		sentence(t, err)
	}
}

func TestVolunteerNoCatchesSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		no := NewVolunteerNo("130104", rapid.Int64Range(1, 999999999).Draw(t, "serial"))
		if got, err := ParseVolunteerNo("f", string(no[:6]+" "+no[6:])); err != nil || got != no {
			t.Fatalf("%s: %s, %v", no, got, err)
		}
		at := rapid.IntRange(0, 15).Draw(t, "at")
		digit := byte(rapid.IntRange('0', '9').Draw(t, "digit"))
		other := no[:at] + VolunteerNo(digit) + no[at+1:]
		if _, err := ParseVolunteerNo("f", string(other)); (err == nil) != (other == no) {
			t.Fatalf("%s for %s: %v", other, no, err)
		}
	})
	_, err := ParseVolunteerNo("f", "V123")
	sentence(t, err)
}
