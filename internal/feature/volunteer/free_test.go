package volunteer

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/internal/kit/fault"
)

func TestFreeTimeAsPeopleWriteIt(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "",
		"周一上午":              "周一上午",
		"周末":                "周六、周日上午、下午、晚上",
		"工作日晚上":             "周一至周五晚上",
		"周一至周五 18:00-21:00": "周一至周五晚上",
		"星期一到五晚上7点-8点半":     "周一至周五19:00-20:30",
		"周六、周日上午，周三下午":      "周三下午；周六、周日上午",
		"随时":                "每天上午、下午、晚上",
		"上午":                "每天上午",
		"每天 9:00-11:30":     "每天09:00-11:30",
		"周一、三":              "",
		"周五到周一白天":           "周一、周五至周日上午、下午",
		"礼拜天中午":             "周日11:00-14:00",
		"周２、周４ 下午；周末全天":     "周二、周四下午；周六、周日上午、下午、晚上",
		"看情况":               "",
		"周一 12:00-10:00":    "",
		"周日 20:00-25:00":    "",
		"平时晚上和周末下午":         "周一至周五晚上；周六、周日下午",
		"周一上午、下午；周二上午、下午；周四上午、下午;周三上午、下午": "周一至周四上午、下午",
	} {
		slots, err := ParseFree("free", text)
		if want == "" && text != "" {
			if fault.KindOf(err) != fault.KindInvalid || fault.As(err).Field != "free" {
				t.Errorf("%q is read as %q, %v; want it refused", text, FreeText(slots), err)
			}
			continue
		}
		if got := FreeText(slots); err != nil || got != want {
			t.Errorf("%q is read as %q, %v, want %q", text, got, err, want)
		}
	}
}

// What FreeText says, ParseFree understands, whatever the free time.
func TestFreeTextIsReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var slots []Slot
		for range r.IntN(12) {
			day, from := time.Weekday(r.IntN(7)), r.IntN(dayMinutes-1)
			s := Slot{day, from, from + 1 + r.IntN(dayMinutes-from)}
			if r.IntN(2) == 0 {
				p := Parts()[r.IntN(3)]
				s.From, s.To = p.From, p.To
			}
			slots = append(slots, s)
		}
		slots = TidyFree(slots)
		again, err := ParseFree("free", FreeText(slots))
		if err != nil || !slices.Equal(again, slots) {
			t.Fatalf("%v\nis said %q\nand read %v, %v", slots, FreeText(slots), again, err)
		}
	}
}

func TestSlotsInTheAPI(t *testing.T) {
	for _, text := range []string{"1 08:00-12:00", "7 00:00-24:00", "3 18:30-20:05"} {
		var s Slot
		if err := s.UnmarshalText([]byte(text)); err != nil || s.String() != text {
			t.Errorf("%q is read as %q, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "8 08:00-12:00", "0 08:00-12:00", "1 12:00-08:00", "1 08:00-24:01", "周一上午"} {
		var s Slot
		if err := s.UnmarshalText([]byte(text)); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q: %v, want it refused", text, err)
		}
	}
}
