package category

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBestService(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"不是理发，是修灯", "change_bulb"},
		{"不是修灯，是理发", "haircut"},
		{"不要打扫了，给我读读报", "read_news"},
		{"是不是可以理发", "haircut"},
		{"上次理发的师傅人好，这次想请他换灯泡", "change_bulb"},
		{"打扫，顺便买点菜", "clean_home"},
		{"理髮", "haircut"},
		{"ＨＡＩＲＣＵＴ", "haircut"},
		{"理\u200b发", "haircut"},
		{"理😀发", "haircut"},
		{"𠮷㐂家要理发", "haircut"},
		{"路灯不亮", "report_problem"},
		{"灯不亮", "change_bulb"},
		{"教我视频聊天", "phone_lesson"},
		{"陪我聊天", "chat"},
		{"<script>alert(1)</script>磨刀", "sharpen_knives"},
		{"'; DROP TABLE orders; -- 助浴", "bath_help"},
		{"", Fallback},
		{"\x00\x01\xff\xfe", Fallback},
		{"阿巴阿巴", Fallback},
	} {
		if got := Suggest(c.text, heardAt()).Best().ID; got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}

func TestTitleAndChoices(t *testing.T) {
	got := Suggest("先给我理个发剪短点，家里的灯也不亮", heardAt())
	if got.Title != "上门理发" {
		t.Errorf("title %q", got.Title)
	}
	var ids []string
	for i, c := range got.Services {
		ids = append(ids, c.Service.ID)
		if c.Score < 1 || c.Score > 99 || len(c.Words) == 0 {
			t.Errorf("%s: score %d, words %v", c.Service.ID, c.Score, c.Words)
		}
		if i > 0 && c.Score > got.Services[i-1].Score {
			t.Errorf("%s scores more than the one before it", c.Service.ID)
		}
	}
	if !slices.Equal(ids, []string{"haircut", "change_bulb"}) {
		t.Errorf("services %v", ids)
	}
	if words := got.Services[0].Words; !slices.Contains(words, "理个发") {
		t.Errorf("words %v", words)
	}
	if got := Suggest("", heardAt()); got.Title != "请人帮忙" || got.Services != nil || got.People != 1 {
		t.Errorf("nothing said: %+v", got)
	}
}

func TestRisksAreSaid(t *testing.T) {
	for _, c := range []struct {
		text    string
		want    []Risk
		station bool
	}{
		{"帮忙换个灯泡", nil, false},
		{"灯不亮，估计得接电线", []Risk{LicenceElectrical}, true},
		{"上门打针", []Risk{LicenceMedical}, true},
		{"煤气灶打不着火", []Risk{LicenceGas}, true},
		{"想找个住家保姆看护老人", []Risk{NotVolunteerJob, Health}, true},
		{"开锁", []Risk{NotVolunteerJob}, true},
		{"辅导孩子作业", []Risk{Minors}, false},
		{"买点菜", []Risk{Money}, false},
		{"陪我去银行取钱", []Risk{NotVolunteerJob, Health, Money}, true},
		{"不用打针，就是理发", nil, false},
	} {
		got := Suggest(c.text, heardAt())
		if !slices.Equal(got.Risks, c.want) || got.ToStation() != c.station {
			t.Errorf("%q: %v, to the station %v", c.text, got.Risks, got.ToStation())
		}
	}
}

func TestNotices(t *testing.T) {
	for _, c := range []struct {
		id    string
		heard []Risk
		want  []string
	}{
		{"haircut", nil, nil},
		{"haircut", []Risk{LicenceElectrical}, []string{LicenceElectrical.Notice()}},
		{"home_nursing", []Risk{LicenceMedical}, []string{LicenceMedical.Notice()}},
		{"open_lock", []Risk{Money}, []string{"开锁要由公安备案的师傅来做，服务站会帮您联系。开门时请带好身份证。", Money.Notice()}},
	} {
		s, _ := ByID(c.id)
		if got := s.Notices(c.heard); !slices.Equal(got, c.want) {
			t.Errorf("%s with %v says %q", c.id, c.heard, got)
		}
	}
}

func TestUrgencyAndAdvice(t *testing.T) {
	for _, c := range []struct {
		text    string
		urgency Urgency
		advice  string
	}{
		{"老伴摔倒了起不来", Emergency, "120"},
		{"胸口疼", Emergency, "120"},
		{"厨房着火了", Emergency, "119"},
		{"屋里有煤气味", Emergency, "开窗"},
		{"老人走丢了", Emergency, "110"},
		{"有人持刀", Emergency, "110"},
		{"不想活了", Emergency, "12356"},
		{"煤气灶打不着火了", Normal, ""},
		{"怕摔倒想装扶手", Normal, ""},
		{"去年晕倒过，想有人陪着散步", Normal, ""},
		{"想学怎么救晕倒的人", Normal, ""},
		{"马上来理发", Urgent, ""},
		{"尽快来理发", Soon, ""},
		{"不着急，慢慢来", Normal, ""},
		{"不急，早点来更好", Normal, ""},
		{"明天理发", Normal, ""},
	} {
		got := Suggest(c.text, heardAt())
		if got.Urgency != c.urgency || !strings.Contains(got.Advice, c.advice) || (c.advice == "") != (got.Advice == "") {
			t.Errorf("%q: %s %q", c.text, got.Urgency, got.Advice)
		}
	}
}

func TestPeopleNeeded(t *testing.T) {
	for text, want := range map[string]int{
		"来两个人搬沙发":                 2,
		"搬沙发":                     2, // as usual
		"理发":                      1,
		"家里就两个人，想理发":              1,
		"找３个小伙子抬钢琴":               3,
		"俩人帮着抬一下柜子":               2,
		"至少四个人才搬得动":               4,
		"需要十二名志愿者":                12,
		"来500个人":                  1,
		"给两个老人理发":                 1,
		"I need 3 people to move": 3,
	} {
		if got := Suggest(text, heardAt()).People; got != want {
			t.Errorf("%q: %d people, not %d", text, got, want)
		}
	}
}

func TestForWhom(t *testing.T) {
	for text, want := range map[string]Relation{
		"给我老伴理发":        {"spouse", "老伴"},
		"我妈想理发":         {"mother", "我妈"},
		"儿子不在家，给我妈理发":   {"mother", "我妈"},
		"替邻居王奶奶买药":      {"neighbour", "邻居"},
		"接孙子放学":         {"grandchild", "孙子"},
		"女儿在外地，想请人陪我看病": {},
		"理发":                        {},
		"my father needs a haircut": {"father", "father"},
	} {
		if got := Suggest(text, heardAt()).For; got != want {
			t.Errorf("%q: for %v, not %v", text, got, want)
		}
	}
}

func TestFlexible(t *testing.T) {
	if !Suggest("随时来理发都行", heardAt()).Flexible || Suggest("明天理发", heardAt()).Flexible {
		t.Error("any time is not told from a day")
	}
}

// Only the beginning of a text counts, and the rest costs nothing.
func TestHugeText(t *testing.T) {
	short := "明天上午理发" + strings.Repeat("。", maxRunes)
	long := short + strings.Repeat("换灯泡", 10<<20/9)
	if got, want := Suggest(long, heardAt()), Suggest(short, heardAt()); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
	perRun := testing.AllocsPerRun(3, func() { hear(strings.Repeat("\u0000", 1<<20)) })
	if perRun > 20 {
		t.Errorf("%.0f allocations for a text of control characters", perRun)
	}
}

func TestSameAnswerEveryTime(t *testing.T) {
	for _, e := range expectations(t)[:100] {
		first := Suggest(e.text, heardAt())
		for range 3 {
			if again := Suggest(e.text, heardAt()); !reflect.DeepEqual(first, again) {
				t.Fatalf("%s: %+v, then %+v", e.text, first, again)
			}
		}
	}
}

func FuzzSuggest(f *testing.F) {
	for _, text := range []string{
		"", "明天上午九点到十一点理发", "下下周三或周五25点", "九到", "9:", "一点", "半", "过", "12/31/99", "三十二号",
		"9月31号", "2月30日", "两百个人来", "\xff\xfe", "理\u0000发", "𠮷𠮷", "next ", "in ", "下个月", "99999999999999",
	} {
		f.Add(text, int64(1790000000))
	}
	f.Fuzz(func(t *testing.T, text string, second int64) {
		now := heardAt().AddDate(0, 0, int(second%4000)).Add(minutes(int(second % 1440)))
		got := Suggest(text, now)
		if !got.Window.IsZero() && (!got.Window.From.Before(got.Window.To) || got.Window.From.Before(now)) {
			t.Fatalf("window %v at %v", got.Window, now)
		}
		if got.People < 1 || got.Title == "" || len(got.Services) > most {
			t.Fatalf("%+v", got)
		}
		for _, c := range got.Services {
			if c.Score < 1 || c.Score > 99 {
				t.Fatalf("score %d", c.Score)
			}
			for _, w := range c.Words {
				if !utf8.ValidString(w) || w == "" {
					t.Fatalf("word %q", w)
				}
			}
		}
		Find(text)
	})
}

func BenchmarkSuggest(b *testing.B) {
	all := expectations(b)
	Suggest("", heardAt()) // reads the lexicon
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Suggest(all[i%len(all)].text, heardAt())
	}
}

func BenchmarkSuggestLongest(b *testing.B) {
	text := strings.Repeat("我家水龙头坏了想请人来修一下，明天上午九点，", 40)
	Suggest("", heardAt())
	b.ReportAllocs()
	for b.Loop() {
		Suggest(text, heardAt())
	}
}

func BenchmarkLoadLexicon(b *testing.B) {
	for b.Loop() {
		if _, err := readLexicon(lexiconFiles); err != nil {
			b.Fatal(err)
		}
	}
}
