package transfer

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"linli/internal/core/calendar"
)

// small is a form of three columns.
func small() Form {
	return Form{Title: "小表", Headings: []Heading{
		{Name: "姓名", Required: true, Width: 10}, {Name: "电话", Required: true}, {Name: "次数"},
	}}
}

func write(t testing.TB, kind Kind, form Form, title string, rows ...[]Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, kind, form, title)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, content []byte, form Form) *Table {
	t.Helper()
	table, err := OpenTable(bytes.NewReader(content), int64(len(content)), form, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestXLSXAsExcelSeesIt(t *testing.T) {
	day := calendar.Day{Year: 2025, Month: 3, Day: 1}
	content := write(t, XLSX, small(), "东风路南小表",
		[]Cell{Text("张三"), Text("013800138000"), Number(12)}, []Cell{Text("李四"), Date(day), Date(calendar.Day{})})
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("小表")
	want := [][]string{{"东风路南小表"}, {"姓名", "电话", "次数"}, {"张三", "013800138000", "12"}, {"李四", "2025-03-01"}}
	if diff := cmp.Diff(want, rows); err != nil || diff != "" {
		t.Error(err, diff)
	}
	panes, err := f.GetPanes("小表")
	if err != nil || !panes.Freeze || panes.YSplit != 2 {
		t.Errorf("%+v, %v", panes, err)
	}
	merged, err := f.GetMergeCells("小表")
	if err != nil || len(merged) != 1 || merged[0].GetEndAxis() != "C1" {
		t.Errorf("%v, %v", merged, err)
	}
	for cell, want := range map[string]excelize.CellType{"B3": excelize.CellTypeInlineString, "C3": excelize.CellTypeUnset} {
		if got, err := f.GetCellType("小表", cell); err != nil || got != want {
			t.Errorf("%s is of type %v, %v", cell, got, err)
		}
	}
}

func TestCSVAsExcelSeesIt(t *testing.T) {
	content := write(t, CSV, small(), "没有标题", []Cell{Text("张\"三\""), Text("住\n三楼"), Number(-3)})
	want := "\xEF\xBB\xBF姓名,电话,次数\r\n\"张\"\"三\"\"\",\"住\r\n三楼\",-3\r\n"
	if string(content) != want {
		t.Errorf("%q, want %q", content, want)
	}
}

func TestMediaTypes(t *testing.T) {
	if !strings.Contains(XLSX.MediaType(), "spreadsheetml") || !strings.HasPrefix(CSV.MediaType(), "text/csv") {
		t.Error(XLSX.MediaType(), CSV.MediaType())
	}
}

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+86": "'+86", "-": "'-", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "'\nx", "\nx": "'\nx",
		"  =1": "'  =1", "＝1": "'＝1", "　＠x": "'　＠x", "'=1": "''=1", "''-": "'''-",
		"a=1": "a=1", "'s": "'s", "": "", "张三": "张三", "1-2": "1-2", "a\x00\x1bb": "ab",
	} {
		got := escape(text)
		if got != want {
			t.Errorf("escape(%q) = %q, want %q", text, got, want)
		}
		if clean := strings.NewReplacer("\x00", "", "\x1b", "", "\r", "\n").Replace(text); unescapeFormula(got) != clean {
			t.Errorf("%q comes back as %q", text, unescapeFormula(got))
		}
	}
}

// Whatever people have typed, the file holds no formula, and what is imported
// again is what was exported.
func TestExportsAreHarmlessAndComeBack(t *testing.T) {
	texts := rapid.Map(rapid.OneOf(
		rapid.StringMatching(`[ '=+@\t-]{0,3}[a张𠮷👍"<&,;_x0041\n]{0,6}`), rapid.String(),
	), strings.TrimSpace)
	for _, kind := range []Kind{XLSX, CSV} {
		rapid.Check(t, func(rt *rapid.T) {
			name, phone := texts.Draw(rt, "name"), "x"+texts.Draw(rt, "phone")
			if isFooter(line{cells: []string{name, phone}}) {
				rt.Skip("taken for a total")
			}
			content := write(t, kind, small(), "", []Cell{Text(name), Text(phone)})
			checkHarmless(rt, kind, content)
			rows := rowsOf(t, read(t, content, small()))
			if len(rows) != 1 || len(rows[0].Formulas()) > 0 {
				rt.Fatalf("%d rows", len(rows))
			}
			for heading, text := range map[string]string{"姓名": name, "电话": phone} {
				if got := rows[0].Text(heading); got != kept(kind, text) {
					rt.Fatalf("%q came back as %q", text, got)
				}
			}
		})
	}
}

// kept is what a file can keep of a text: no control characters, nothing that is
// no character, line ends as \n.
func kept(kind Kind, text string) string {
	text = strings.TrimPrefix(escape("x"+strings.ToValidUTF8(text, "\uFFFD")), "x")
	text = strings.Map(func(r rune) rune {
		if kind == XLSX && (r == 0xFFFE || r == 0xFFFF) {
			return 0xFFFD
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

func checkHarmless(t *rapid.T, kind Kind, content []byte) {
	if kind == XLSX {
		if strings.Contains(string(partOf(t, content, "xl/worksheets/sheet1.xml")), "<f") {
			t.Fatal("a formula was written")
		}
		return
	}
	records, err := csv.NewReader(bytes.NewReader(content[len(utf8BOM):])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records {
		for _, cell := range record {
			if strings.IndexAny(strings.TrimSpace(cell), "=+-@＝＋－＠") == 0 || strings.IndexAny(cell, "\t\r\n") == 0 {
				t.Fatalf("%q was written", cell)
			}
		}
	}
}

func partOf(t *rapid.T, content []byte, name string) []byte {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// allCells reads a file back row by row, empty rows included.
func allCells(t *testing.T, content []byte) string {
	t.Helper()
	sources, err := sources(bytes.NewReader(content), int64(len(content)), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for l, err := range sources[0].lines() {
		if err != nil {
			t.Fatal(err)
		}
		if l.width() > 0 {
			fmt.Fprintln(&b, l.number, strings.Join(l.cells[:l.width()], "|"))
		}
	}
	return b.String()
}

func TestRemarks(t *testing.T) {
	remark := func(row int) string {
		return map[int]string{4: "手机号是 11 位，现在只有 1 位。", 6: "=没有这个人"}[row]
	}
	uploads := map[Kind][]byte{
		XLSX: xlsx(t, grid([]any{"标题"}, []any{"姓名", "电话"}, []any{"张三", "=1"}, []any{"李四", 2, "多"}, []any{}, []any{"王五", "3"})),
		CSV:  []byte("标题\n姓名,电话\n张三,'=1\n李四,2,多\n\n王五,3\n"),
	}
	all := "1 标题\n2 姓名|电话|问题\n3 张三|'=1\n4 李四|2|手机号是 11 位，现在只有 1 位。|多\n6 王五|3|'=没有这个人\n"
	only := "1 标题\n2 姓名|电话|问题\n3 李四|2|手机号是 11 位，现在只有 1 位。|多\n4 王五|3|'=没有这个人\n"
	for kind, upload := range uploads {
		table := read(t, upload, small())
		for onlyRemarked, want := range map[bool]string{false: all, true: only} {
			var b bytes.Buffer
			if err := WriteRemarks(&b, table, remark, onlyRemarked); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, allCells(t, b.Bytes())); diff != "" {
				t.Errorf("%s: %s", kind, diff)
			}
		}
	}
}

// The file with remarks can be uploaded as it is; its remarks are replaced.
func TestRemarksOfRemarks(t *testing.T) {
	upload := []byte("姓名,问题,电话\n张三,电话太短,1\n李四,,2\n")
	table := read(t, upload, small())
	if len(table.Ignored) != 0 {
		t.Errorf("ignored %q", table.Ignored)
	}
	var b bytes.Buffer
	remark := func(row int) string { return strings.Repeat("新", row-2) }
	if err := WriteRemarks(&b, table, remark, false); err != nil {
		t.Fatal(err)
	}
	want := "1 姓名|问题|电话\n2 张三||1\n3 李四|新|2\n"
	if diff := cmp.Diff(want, allCells(t, b.Bytes())); diff != "" {
		t.Error(diff)
	}
}

// Full disks and hung-up browsers: whoever writes learns of it.
func TestWriteErrorsAreTold(t *testing.T) {
	for _, kind := range []Kind{XLSX, CSV} {
		w, err := NewWriter(full{}, kind, small(), "")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err == nil {
			t.Errorf("%s: nothing was written, and nobody knows", kind)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// many is a roster of n people.
func many(b *testing.B, kind Kind, n int) []byte {
	b.Helper()
	form := VolunteerRoster()
	var file bytes.Buffer
	w, err := NewWriter(&file, kind, form, "")
	if err != nil {
		b.Fatal(err)
	}
	cells := make([]Cell, len(form.Headings))
	for i := range n {
		for j, name := range form.Names() {
			cells[j] = Text(fmt.Sprintf("%s%d", name, i))
		}
		if err := w.Write(cells...); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

const benchRows = 100_000

func BenchmarkWrite100k(b *testing.B) {
	for _, kind := range []Kind{XLSX, CSV} {
		b.Run(string(kind), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				many(b, kind, benchRows)
			}
		})
	}
}

func BenchmarkRead100k(b *testing.B) {
	for _, kind := range []Kind{XLSX, CSV} {
		b.Run(string(kind), func(b *testing.B) {
			content := many(b, kind, benchRows)
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for row, err := range mustOpen(b, content).Rows() {
					if err != nil {
						b.Fatal(err)
					}
					n += len(row.Text(RosterName)) & 1
				}
			}
		})
	}
}

func TestBookOfSeveralSheets(t *testing.T) {
	var b bytes.Buffer
	book, err := NewBook(&b)
	if err != nil {
		t.Fatal(err)
	}
	second := small()
	second.Title = "第二张"
	for n, form := range []Form{small(), second} {
		w, err := book.Sheet(form, "标题")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(Text(fmt.Sprintf("=第%d张", n+1)), Text("1"), Number(int64(n))); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for n, name := range []string{"小表", "第二张"} {
		rows, err := f.GetRows(name)
		want := [][]string{{"标题"}, {"姓名", "电话", "次数"}, {fmt.Sprintf("'=第%d张", n+1), "1", fmt.Sprint(n)}}
		if diff := cmp.Diff(want, rows); err != nil || diff != "" {
			t.Error(name, err, diff)
		}
	}
	if got := f.GetSheetList(); len(got) != 2 {
		t.Error(got)
	}
}
