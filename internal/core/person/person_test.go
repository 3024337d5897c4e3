package person

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/kit/fault"
)

func today() calendar.Day { return calendar.DayOf(noon()) }

func TestDraftCheck(t *testing.T) {
	p, err := Draft{Name: " 𠮷　㐂 ", IDNumber: "1101 0519 4912 3100 2x", Phone: "+86 138-0013-8000",
		Place: house(2), Door: " 2单元402 ", Note: "先敲门\r\n再进"}.Check(today())
	if err != nil {
		t.Fatal(err)
	}
	want := Person{Name: "𠮷㐂", Sex: identity.Female, Birth: calendar.Day{Year: 1949, Month: 12, Day: 31},
		IDType: identity.IDCard, IDNumber: "11010519491231002X", Phone: "13800138000",
		Place: house(2), Door: "2单元402", Note: "先敲门\n再进"}
	if p != want {
		t.Errorf("%+v, want %+v", p, want)
	}
}

func TestDraftNamesEveryMistake(t *testing.T) {
	for _, c := range []struct {
		draft  Draft
		fields string
	}{
		{Draft{}, "name"},
		{Draft{Name: "123"}, "name"},
		{Draft{Name: strings.Repeat("长", 51)}, "name"},
		{Draft{Name: "王", Sex: "x"}, "sex"},
		{Draft{Name: "王", Birth: "3/4/1950"}, "birth"},
		{Draft{Name: "王", Birth: "2027-01-01"}, "birth"},
		{Draft{Name: "王", Phone: "1380013800"}, "phone"},
		{Draft{Name: "王", IDNumber: "110105194912310021"}, "id_number"},
		{Draft{Name: "王", IDType: "工作证"}, "id_type"},
		{Draft{Name: "王", Door: strings.Repeat("9", 21)}, "door"},
		{Draft{Name: "王", Sex: "男", Birth: "1950-01-01", IDNumber: "11010519491231002X"}, "sex birth"},
		{Draft{Phone: "1", IDNumber: "1"}, "name phone id_number"},
	} {
		_, err := c.draft.Check(today())
		var got []string
		for _, e := range fault.As(err).All() {
			got = append(got, e.Field)
		}
		if strings.Join(got, " ") != c.fields {
			t.Errorf("%+v: wrong are %v, want %s", c.draft, got, c.fields)
		}
	}
}

func TestViewIsMaskedButForWhatIsOpen(t *testing.T) {
	p := meng()
	p.Where = "邮电园小区 3号楼"
	v := p.View(today())
	if v.Name != "孟**" || v.Phone != "138****8000" || v.Address != "邮电园小区 3号楼" || v.Birth != "" || v.Note != "" || *v.Age != 76 {
		t.Errorf("masked: %+v", v)
	}
	v = p.View(today(), ForHelper()...)
	if v.Name != "孟桂兰" || v.Phone != "13800138000" || v.Address != "邮电园小区 3号楼 2单元402" || v.Birth != "" || v.Note != "" {
		t.Errorf("for a helper: %+v", v)
	}
	if strings.Contains(v.IDNumber, "1949") {
		t.Errorf("a helper sees the ID number %s", v.IDNumber)
	}
	v = p.View(today(), Fields()...)
	if v.IDNumber != "11010519491231002X" || v.Birth != "1949-12-31" || v.Note != "膝盖不好" {
		t.Errorf("open: %+v", v)
	}
}

// TestMaskedViewLeaksNothing: whatever is stored, the masked view as JSON holds no
// more of it than the rules leave.
func TestMaskedViewLeaksNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		given := rapid.StringMatching(`[一-龥]{2}`).Draw(rt, "given name")
		middle := rapid.StringMatching(`[0-9]{4}`).Draw(rt, "middle of the phone")
		serial := rapid.StringMatching(`[0-9]{16}`).Draw(rt, "middle of the document")
		door := rapid.StringMatching(`[1-9]单元[1-9]0[1-9]`).Draw(rt, "door")
		p := Person{Name: "孟" + given, Phone: "138" + middle + "8000", IDNumber: "1" + serial + "1",
			Where: "甲小区 乙座", Door: door, Note: "机密", Birth: calendar.Day{Year: 1949, Month: 12, Day: 31}}
		if rapid.Bool().Draw(rt, "in words") {
			p.Where, p.Door, p.Address = "", "", "槐安路乙座"+door
		}
		out, err := json.Marshal(p.View(today()))
		if err != nil {
			rt.Fatal(err)
		}
		for _, secret := range []string{given, "138" + middle, serial, door, "机密", "1949-12-31"} {
			if strings.Contains(string(out), secret) {
				rt.Fatalf("%s leaks %s", out, secret)
			}
		}
	})
}

func TestCalled(t *testing.T) {
	born := func(age int) calendar.Day { d := today(); d.Year -= age; return d }
	for want, p := range map[string]Person{
		"%s阿姨 孟":  {Name: "孟桂兰", Sex: identity.Female, Birth: born(76)},
		"%s奶奶 孟":  {Name: "孟桂兰", Sex: identity.Female, Birth: born(80)},
		"%s女士 孟":  {Name: "孟桂兰", Sex: identity.Female},
		"%s叔叔 欧阳": {Name: "欧阳建国", Sex: identity.Male, Birth: born(50)},
		"%s先生 𠮷":  {Name: "𠮷㐂", Sex: identity.Male, Birth: born(49)},
		"%s同学 王":  {Name: "王一", Sex: identity.Male, Birth: born(17)},
		"%s小朋友 王": {Name: "王一", Birth: born(13)},
		"%s邻居 王":  {Name: "王一", Birth: born(30)},
	} {
		msg, surname := p.Called(today())
		if msg+" "+surname != want {
			t.Errorf("%s %s, want %s", msg, surname, want)
		}
	}
}

func TestEveryFieldAndPurposeHasItsWords(t *testing.T) {
	for _, f := range Fields() {
		if f.Label() == string(f) {
			t.Errorf("%s has no label", f)
		}
	}
	for _, term := range Terms() {
		if _, ok := TermOf(term.Purpose); !ok || term.Version == "" || term.Text == "" {
			t.Errorf("term %+v", term)
		}
	}
}
