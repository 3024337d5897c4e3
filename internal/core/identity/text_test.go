package identity

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCleanLine(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"spaces", "  张　三 \t 李四\n", "张 三 李四"},
		{"controls", "张\x00三\x1b[31m\u0085", "张三[31m"},
		{"direction override", "文件\u202efdp.exe\u2066x\u2069\u200f", "文件fdp.exex"},
		{"zero width", "张\u200b三\ufeff\u00ad\u200d", "张三"},
		{"accent composed", "Jose\u0301", "José"},
		{"rare characters", "𠮷野家 㐂", "𠮷野家 㐂"},
		{"rare glyph selector", "葛\U000E0100城", "葛\U000E0100城"},
		{"emoji whole", "谢谢👨‍👩‍👧 ❤️ 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "谢谢👨‍👩‍👧 ❤️ 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
		{"hidden tags", "hi\U000E0041\U000E0042", "hi"},
		{"markup is text", "<b>'; DROP TABLE x;--</b>", "<b>'; DROP TABLE x;--</b>"},
		{"broken UTF-8", "张\xff三", "张\uFFFD三"},
		{"noncharacter", "a\uFFFEb", "ab"},
		{"nothing", " \u200b\n ", ""},
	}
	for _, tt := range tests {
		if got := CleanLine(tt.text); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCleanText(t *testing.T) {
	got := CleanText("\n  第一段  有空格 \r\n\r\n\r\n\r\n第二段\r第三段\x07\n\n")
	if want := "第一段  有空格\n\n第二段\n第三段"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCleaningTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, clean := range []func(string) string{CleanLine, CleanText, CleanName} {
			once := clean(text)
			if twice := clean(once); twice != once {
				t.Fatalf("%q then %q", once, twice)
			}
			if !utf8.ValidString(once) || strings.ContainsAny(once, "\x00\x1b\u202e\u200b") {
				t.Fatalf("%q", once)
			}
		}
	})
}

func TestLineAndText(t *testing.T) {
	if got, err := Line("f", " 𠮷 \n", 1); err != nil || got != "𠮷" {
		t.Errorf("%q, %v", got, err)
	}
	_, err := Text("f", strings.Repeat("好", 12), 10)
	if got := sentence(t, err); got != "最多 10 个字，现在有 12 个字。" {
		t.Error(got)
	}
	if err := Need("f", "x"); err != nil {
		t.Error(err)
	}
	sentence(t, Need("f", ""))
}

func TestNames(t *testing.T) {
	tests := []struct{ text, name, surname, masked string }{
		{"张三", "张三", "张", "张**"},
		{"张　三", "张三", "张", "张**"},
		{" 欧 阳 娜 娜 ", "欧阳娜娜", "欧阳", "欧阳**"},
		{"欧阳", "欧阳", "欧", "欧**"},
		{"司马光", "司马光", "司马", "司马**"},
		{"諸葛亮", "諸葛亮", "諸葛", "諸葛**"},
		{"段干木", "段干木", "段", "段**"},
		{"𠮷田太郎", "𠮷田太郎", "𠮷", "𠮷**"},
		{"㐂某", "㐂某", "㐂", "㐂**"},
		{"葛\U000E0100明", "葛\U000E0100明", "葛\U000E0100", "葛\U000E0100**"},
		{"阿卜杜拉・买买提", "阿卜杜拉·买买提", "阿", "阿**"},
		{"John  Smith", "John Smith", "J", "J**"},
		{"E\u0301lise", "Élise", "É", "É**"},
		{"김철수", "김철수", "김", "김**"},
		{"王 Anna", "王 Anna", "王", "王**"},
		{"\ue123小明", "\ue123小明", "\ue123", "\ue123**"},
		{"Robert'); DROP TABLE x;--", "Robert'); DROP TABLE x;--", "R", "R**"},
	}
	for _, tt := range tests {
		name, err := Name("f", tt.text)
		if err != nil || name != tt.name {
			t.Errorf("Name(%q) = %q, %v", tt.text, name, err)
		}
		if got := Surname(name); got != tt.surname {
			t.Errorf("Surname(%q) = %q", name, got)
		}
		if got := MaskName(name); got != tt.masked {
			t.Errorf("MaskName(%q) = %q", name, got)
		}
	}
	for text, want := range map[string]string{
		" \u200b":               "请填姓名。",
		"12345":                 "姓名里要有文字。",
		"=HYPERLINK(\"x\")":     "姓名要以文字开头，不能是“=”。",
		"+张三":                   "姓名要以文字开头，不能是“+”。",
		" -张三":                  "姓名要以文字开头，不能是“-”。",
		"＠张三":                   "姓名要以文字开头，不能是“＠”。",
		strings.Repeat("张", 51): "最多 50 个字，现在有 51 个字。",
	} {
		_, err := Name("f", text)
		if got := sentence(t, err); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
	if got := MaskName(""); got != "" {
		t.Errorf("%q", got)
	}
}

func TestMaskNumbers(t *testing.T) {
	tests := []struct{ got, want string }{
		{MaskPhone("13800138000"), "138****8000"},
		{MaskPhone("0311-87654321"), "0311****4321"},
		{MaskPhone("010-87654321-802"), "010****4321"},
		{MaskPhone("400-123-4567"), "400-123-4567"},
		{MaskPhone("12345"), "*****"},
		{MaskPhone("号码不详"), "****"},
		{MaskPhone(""), ""},
		{MaskID("11010519491231002X"), "1****************X"},
		{MaskID("E12345678"), "E*******8"},
		{MaskID("12"), "**"},
		{MaskID(""), ""},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestMaskAddress(t *testing.T) {
	tests := map[string]string{
		"3 号楼 2 单元 401":      "3 号楼",
		"中山路88号院3号楼2单元401":   "中山路88号院3号楼",
		"五一大道235号湘域中央1栋2608": "五一大道235号湘域中央1栋",
		"建设大街12号501室":        "建设大街12号",
		"大塔坊3-2-401":         "大塔坊3",
		"国贸A座1203":           "国贸A座",
		"３号楼２单元４０１":          "３号楼",
		"幸福里三栋二单元五楼":         "幸福里三栋",
		"朝阳里小区2单元301":        "朝阳里小区",
		"学府路一号二楼东户":          "学府路一号",
		"东楼3层":               "东楼",
		"邮电园 5# 1102":        "邮电园 5#",
		"朝阳里小区":              "朝阳里小区",
		"":                   "",
	}
	for address, want := range tests {
		if got := MaskAddress(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestMaskText(t *testing.T) {
	tests := []struct{ text, want string }{
		{"电话13800138000，找我", "电话138****8000，找我"},
		{"138 0013 8000 或 139-0013-9000", "138****8000 或 139****9000"},
		{"13800138000 13900139000", "138****8000 139****9000"},
		{"13800138000/13900139000", "138****8000/139****9000"},
		{"打+86 138 0013 8000", "打+138****8000"},
		{"１３８００１３８０００", "138****8000"},
		{"一三八零零一三八〇〇〇", "138****8000"},
		{"幺三八零零幺三八零零零", "138****8000"},
		{"周五13800138000", "周五138****8000"},
		{"2025-03-01 13800138000", "2025-03-01 138****8000"},
		{"座机0311-87654321转802", "座机0311****4321转802"},
		{"（010）87654321", "（010****4321"},
		{"身份证11010519491231002X。", "身份证1****************X。"},
		{"身份证 110105 19491231 002x", "身份证 1****************X"},
		{"110105194912310021写错了一位", "1****************1写错了一位"},
		{"老号110105491231002", "老号1*************2"},
		{"孟淑兰家住3号楼", "孟**家住3号楼"},
		{"服务单 20250926-0017，2 小时，4 分", "服务单 20250926-0017，2 小时，4 分"},
		{"志愿者编号1301040000000015", "志愿者编号1301040000000015"},
		{"十一月二十五日一共三千五百六十七人", "十一月二十五日一共三千五百六十七人"},
		{"谢谢👨‍👩‍👧", "谢谢👨‍👩‍👧"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := MaskText(tt.text, "孟淑兰", "李"); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestFindTellsWhatStandsWhere(t *testing.T) {
	text := "找孟阿姨 139-0013-9000，证件 11010519491231002x"
	found := Find(text)
	if len(found) != 2 || found[0].Kind != KindPhone || found[1].Kind != KindID {
		t.Fatalf("%+v", found)
	}
	if got := text[found[0].Start:found[0].End]; got != "139-0013-9000" || found[0].Number != "13900139000" {
		t.Errorf("%q %+v", got, found[0])
	}
	if got := text[found[1].Start:found[1].End]; got != "11010519491231002x" || found[1].Number != "11010519491231002X" {
		t.Errorf("%q %+v", got, found[1])
	}
}

// Whatever surrounds a number, and however its digits are set apart, it is gone.
func TestMaskTextLeavesNoNumber(t *testing.T) {
	words := rapid.SampledFrom([]string{"", "找", "电话：", "，", "\n", "abc ", "👍", "三", " 2 小时 "})
	rapid.Check(t, func(t *rapid.T) {
		number := "1" + rapid.StringMatching(`[3-9][1-9]{9}`).Draw(t, "phone")
		if rapid.Bool().Draw(t, "id") {
			number = anyID(t)
		}
		gap := rapid.SampledFrom([]string{"", " ", "-", "．", "—", " - "}).Draw(t, "gap")
		spelled := number[:3] + gap + number[3:7] + gap + number[7:]
		text := words.Draw(t, "before") + spelled + words.Draw(t, "after")
		got := MaskText(text)
		if strings.Contains(compact(got), number) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func FuzzMaskText(f *testing.F) {
	for _, seed := range []string{"13800138000", "11010519491231002X", "一三八\xff", "0311-87654321", "０\u202e１"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, found := range Find(text) {
			if found.Start < end || found.End <= found.Start || found.End > len(text) {
				t.Fatalf("%q: %+v", text, found)
			}
			end = found.End
		}
		MaskText(text)
		MaskAddress(text)
		MaskName(CleanName(text))
	})
}

func BenchmarkMaskText(b *testing.B) {
	story := strings.Repeat("孟阿姨住3号楼，电话138 0013 8000，周五来过。", 100)
	b.SetBytes(int64(len(story)))
	for b.Loop() {
		MaskText(story, "孟淑兰")
	}
}
