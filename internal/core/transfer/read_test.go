package transfer

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"linli/internal/core/calendar"
)

// A sheet as stations keep it: a merged title, a line about its source, starred
// headings in an order of their own, rows prepared with numbers only, a total.
func TestRosterAsStationsKeepIt(t *testing.T) {
	table := mustOpen(t, xlsx(t, func(f *excelize.File, sheet string) error {
		if err := f.MergeCell(sheet, "A1", "F1"); err != nil {
			return err
		}
		return grid(
			[]any{"东风路南社区志愿者花名册"},
			[]any{"填报单位：服务站", nil, nil, "2025年9月"},
			[]any{"序号", "联系\n电话 *", "＊姓　名", "微信", "身份证号（必填）", "出生日期(如2025-03-01)"},
			[]any{1, "13800138000", "张三", "zs", "11010519491231002X", "1949/12/31"},
			[]any{2, 13900139000, " 欧阳娜娜 ", "", "", ""},
			[]any{3},
			[]any{},
			[]any{4, "0311-87654321", "𠮷田", nil, nil, nil},
			[]any{"合　计", nil, "3 人"},
			[]any{"制表人：李四"},
		)(f, sheet)
	}))
	if table.HeadingRow != 3 || table.Sheet != "Sheet1" || !slices.Equal(table.Ignored, []string{"微信"}) {
		t.Errorf("%+v", table)
	}
	if table.Has(RosterTeam) || !table.Has(RosterDocument) {
		t.Error("wrong columns found")
	}
	want := "4 张三 13800138000; 5 欧阳娜娜 13900139000; 8 𠮷田 0311-87654321"
	for range 2 { // a table can be read again
		if got := people(t, table); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	rows := rowsOf(t, table)
	if day, err := rows[0].Day(RosterBirth); err != nil || day.String() != "1949-12-31" {
		t.Errorf("%s, %v", day, err)
	}
	if day, err := rows[1].Day(RosterBirth); err != nil || !day.IsZero() {
		t.Errorf("%s, %v", day, err)
	}
	if got := rows[0].Text(RosterTeam); got != "" {
		t.Errorf("a column that is not there says %q", got)
	}
}

func TestSecondSheetAndHiddenSheet(t *testing.T) {
	table := mustOpen(t, xlsx(t, func(f *excelize.File, sheet string) error {
		for _, name := range []string{"旧名单", "名单"} {
			if _, err := f.NewSheet(name); err != nil {
				return err
			}
			if err := grid([]any{"姓名", "手机"}, []any{name, "1"})(f, name); err != nil {
				return err
			}
		}
		if err := f.SetCellStr(sheet, "A1", "填表说明"); err != nil {
			return err
		}
		return f.SetSheetVisible("旧名单", false)
	}))
	if table.Sheet != "名单" || people(t, table) != "2 名单 1" {
		t.Errorf("%s: %s", table.Sheet, people(t, table))
	}
}

func TestCSVOfEveryEncodingAndSeparator(t *testing.T) {
	text := "花名册\n姓名,联系电话,备注\n𠮷田㐂,13800138000,\"住\n三楼, 东户\"\n\n张三,\"1390013\"\"9000\",\n"
	want := "3 𠮷田㐂 13800138000; 5 张三 1390013\"9000"
	encodings := map[string]encoding.Encoding{
		"UTF-8":          unicode.UTF8,
		"UTF-8 with BOM": unicode.UTF8BOM,
		"GB18030":        simplifiedchinese.GB18030,
		"UTF-16LE":       unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16BE":       unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	}
	for name, charset := range encodings {
		for _, comma := range []string{",", "\t", ";"} {
			for _, lineEnd := range []string{"\n", "\r\n", "\r"} {
				form := strings.NewReplacer("三楼,", "三楼,", ",", comma, "\n", lineEnd).Replace(text)
				content, err := charset.NewEncoder().Bytes([]byte(form))
				if err != nil {
					t.Fatal(err)
				}
				if got := people(t, mustOpen(t, content)); got != want {
					t.Errorf("%s %q %q: %s", name, comma, lineEnd, got)
				}
			}
		}
	}
}

func TestCSVKeepsZerosAndReportsFormulas(t *testing.T) {
	table := mustOpen(t, []byte("姓名,手机,备注\n张三,=\"013800\",=1+1\n'=李四,'+86,-\n"))
	rows := rowsOf(t, table)
	if got := people(t, table); got != "2 张三 013800; 3 =李四 +86" {
		t.Error(got)
	}
	if got := rows[0].Formulas(); !slices.Equal(got, []string{RosterRemark}) {
		t.Errorf("formulas %q", got)
	}
	if got := rows[1].Formulas(); len(got) != 0 {
		t.Errorf("formulas %q", got)
	}
}

// The value that was last computed is taken, and nothing is computed here.
func TestFormulasAreNeverEvaluated(t *testing.T) {
	table := mustOpen(t, workbookOf(t, headingRow+
		`<row r="2"><c r="A2" t="str"><f>B2&amp;"x"</f><v>张三</v></c><c r="B2"><v>13800138000</v></c></row>`+
		`<row r="3"><c r="A3"><f>1+1</f></c><c r="B3"><f>5*5</f><v>25</v></c></row>`))
	if got := people(t, table); got != "2 张三 13800138000; 3  25" {
		t.Error(got)
	}
	var formulas []string
	for _, row := range rowsOf(t, table) {
		formulas = append(formulas, strings.Join(row.Formulas(), "+"))
	}
	if want := []string{"姓名", "姓名+联系电话"}; !slices.Equal(formulas, want) {
		t.Errorf("formulas in %q", formulas)
	}
}

func TestCellsOfEveryType(t *testing.T) {
	table := mustOpen(t, workbookOf(t, headingRow+
		`<row r="3"><c t="inlineStr"><is><r><t>张</t></r><rPh><t>zhang</t></rPh><r><t xml:space="preserve"> 三_x000D_</t></r></is></c><c><v>1.38E10</v></c></row>`+
		`<row><c r="A4" t="b"><v>1</v></c><c t="n"><v>0.30000000000000004</v></c></row>`+
		`<row><c t="e"><v>#N/A</v></c><c><v>1.1010519491231E+17</v></c></row>`+
		`<row><c t="b"><v>0</v></c><c t="d"><v>2025-03-01T00:00:00</v></c></row>`+
		`<row><c t="str"><v><![CDATA[<b>]]>&amp;</v></c><c r="XFD7"/></row>`))
	want := "3 张 三 13800000000; 4 TRUE 0.3; 5 #N/A 1.1010519491231E+17; 6 FALSE 2025-03-01T00:00:00; 7 <b>& "
	if got := people(t, table); got != want {
		t.Error(cmp.Diff(want, got))
	}
}

func TestDates(t *testing.T) {
	day := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	build := func(f *excelize.File, sheet string) error {
		return grid(
			[]any{"姓名", "电话", "出生日期", "注册日期"},
			[]any{"a", "1", day, day.Add(9*time.Hour + 30*time.Minute)},
			[]any{"b", "2", 45717, "2025年3月1日"},
			[]any{"c", "3", "20250301", 20250301},
			[]any{"d", "4", "2025-03-01 00:00:00", "2025.3.1"},
			[]any{"e", "5", "三月一日", "1/3/2025"},
		)(f, sheet)
	}
	type dates struct{ Birth, Registered string }
	want := []dates{
		{"2025-03-01", "bad 2025-03-01 09:30"}, {"2025-03-01", "2025-03-01"}, {"2025-03-01", "2025-03-01"},
		{"2025-03-01", "2025-03-01"}, {"bad 三月一日", "bad 1/3/2025"},
	}
	var got []dates
	say := func(row Row, heading string) string {
		day, err := row.Day(heading)
		if err != nil {
			return "bad " + row.Text(heading)
		}
		return day.String()
	}
	for _, row := range rowsOf(t, mustOpen(t, xlsx(t, build))) {
		got = append(got, dates{say(row, RosterBirth), say(row, RosterRegistered)})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSerialDays(t *testing.T) {
	old := styles{date1904: true}
	tests := []struct {
		got  calendar.Day
		want string
	}{
		{styles{}.day(1), "1900-01-01"},
		{styles{}.day(59), "1900-02-28"},
		{styles{}.day(61), "1900-03-01"},
		{styles{}.day(25569), "1970-01-01"},
		{styles{}.day(lastSerial), "9999-12-31"},
		{old.day(0), "1904-01-01"},
		{old.day(44255), "2025-03-01"},
	}
	for _, tt := range tests {
		if tt.got.String() != tt.want {
			t.Errorf("%s, want %s", tt.got, tt.want)
		}
	}
	for code, want := range map[string]bool{
		"yyyy-mm-dd": true, `yyyy"年"m"月"`: true, "[$-804]h:mm": true, `#,##0.00"days"`: false, "General": false,
		"[Red]0.0": false, `_($* #,##0_)`: false, "@": false,
	} {
		if got := isDateCode(code); got != want {
			t.Errorf("isDateCode(%q) = %v", code, got)
		}
	}
}

func TestHeadingsAreToldByName(t *testing.T) {
	index := VolunteerRoster().index()
	for text, want := range map[string]string{
		"姓名": RosterName, " 姓 名 ": RosterName, "*姓名": RosterName, "姓名＊": RosterName, "姓\r\n名：": RosterName,
		"姓名（必填）": RosterName, "联系电话【手机】": RosterPhone, "手机号": RosterPhone, "ＮＯ．": RosterSerial,
		"\ufeff序号": RosterSerial, "紧急联系电话": RosterEmergencyPhone, "是否同意信息使用": RosterConsent,
	} {
		if got, ok := index.lookup(text); !ok || got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
	for _, text := range []string{"", "姓", "姓名电话", "家长姓名", "电话2", "（必填）"} {
		if got, ok := index.lookup(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

// The roster's headings are those of the field, word for word and in order, and no
// spelling stands for two of them.
func TestRosterHeadings(t *testing.T) {
	form := VolunteerRoster()
	want := "序号 志愿者编号 姓名 性别 出生日期 证件类型 身份证件号码 政治面貌 文化程度 居住区域 居住地址 联系电话 专业技能 服务类别 " +
		"所属队伍 可服务时间 紧急联系人 紧急联系电话 注册日期 是否同意信息使用 备注"
	if got := strings.Join(form.Names(), " "); got != want {
		t.Error(cmp.Diff(want, got))
	}
	spellings := 0
	for _, h := range form.Headings {
		spellings += 1 + len(h.Aliases)
	}
	if got := len(form.index()); got != spellings {
		t.Errorf("%d spellings for %d keys", spellings, got)
	}
}

func TestColumnNames(t *testing.T) {
	for column, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := columnName(column); got != want || columnOf(want+"7") != column {
			t.Errorf("column %d is %s, and %s is %d", column, got, want, columnOf(want+"7"))
		}
	}
}

// excelize is the independent reader: whatever sheet it writes, both read the same
// texts in the same rows.
func TestReadsWhatExcelizeReads(t *testing.T) {
	eighths := rapid.Map(rapid.IntRange(-1e6, 1e6), func(n int) float64 { return float64(n) / 8 })
	cells := rapid.OneOf(
		rapid.Just[any](nil), rapid.StringMatching(`[张三𠮷a<&'"_x0041 \n]{0,6}`).AsAny(),
		rapid.Int64Range(-1e12, 1e12).AsAny(), eighths.AsAny(), rapid.Bool().AsAny(),
	)
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(cells, 0, 5), 1, 8).Draw(rt, "rows")
		content := xlsx(t, grid(rows...))
		f, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			rt.Fatal(err)
		}
		want, err := f.GetRows("Sheet1")
		if err != nil {
			rt.Fatal(err)
		}
		sources, err := sources(bytes.NewReader(content), int64(len(content)), DefaultLimits())
		if err != nil {
			rt.Fatal(err)
		}
		for l, err := range sources[0].lines() {
			if err != nil {
				rt.Fatal(err)
			}
			var row []string
			if l.number <= len(want) {
				row = want[l.number-1]
			}
			for column := range max(len(row), len(l.cells)) {
				if text := (line{cells: row}).cell(column); text != l.cell(column) {
					rt.Fatalf("row %d column %d: %q, excelize says %q", l.number, column, l.cell(column), text)
				}
			}
		}
	})
}

func TestDoneGrowsToTheEnd(t *testing.T) {
	text := "姓名,手机\n" + strings.Repeat("张三,13800138000\n", 30_000)
	last := 0.0
	for row, err := range mustOpen(t, []byte(text)).Rows() {
		if err != nil || row.Done < last || row.Done > 1 {
			t.Fatalf("row %d: %v after %v, %v", row.Number, row.Done, last, err)
		}
		last = row.Done
	}
	if last != 1 {
		t.Errorf("at the end %v is done", last)
	}
}

func FuzzOpenTable(f *testing.F) {
	f.Add([]byte("姓名,手机\n张三,13800138000\n"))
	f.Add([]byte("\xEF\xBB\xBF姓名\t手机\r\n\"张\n三\"\t1\r\n合计\t1"))
	f.Add([]byte("\xff\xfe\xd3Y\rT,\x00"))
	f.Add(xlsx(f, grid([]any{"标题"}, []any{"姓名", "手机"}, []any{"张三", 13800138000})))
	f.Add(workbookOf(f, headingRow+`<row r="2"><c r="A2" t="str"><f>1</f><v>x</v></c></row>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		table, err := open(content)
		if err != nil {
			refusal(t, err)
			return
		}
		last := table.HeadingRow
		for row, err := range table.Rows() {
			if err != nil {
				refusal(t, err)
				return
			}
			if row.Number <= last {
				t.Fatalf("row %d after row %d", row.Number, last)
			}
			last = row.Number
		}
		var b bytes.Buffer
		if err := WriteRemarks(&b, table, func(int) string { return "看一看" }, false); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzHeadings(f *testing.F) {
	f.Add("姓名", "手机（必填）", "身份证\n号码")
	f.Add("*姓 名：", "ＮＯ．", "合计")
	form := VolunteerRoster()
	f.Fuzz(func(t *testing.T, a, b, c string) {
		l := line{number: 1, cells: []string{a, b, c}}
		found := form.index().read(l)
		for name, column := range found.columns {
			if !slices.Contains(form.Names(), name) || column < 0 || column > 2 {
				t.Fatalf("%q in column %d", name, column)
			}
		}
		if n := len(found.columns) + len(found.ignored); n > 3 || found.remarks > 3 {
			t.Fatalf("%d headings in 3 cells, remarks in %d", n, found.remarks)
		}
	})
}
