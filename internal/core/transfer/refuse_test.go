package transfer

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// deflated packs text once, so that tests can say what they like about it.
func deflated(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// compound is the start of an OLE file with one directory entry of that name.
func compound(entry string) []byte {
	content := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 1024)...)
	for _, r := range entry {
		content = append(content, byte(r), 0)
	}
	return append(content, make([]byte, 512)...)
}

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + r.IntN(26))
	}
	return b
}

func TestBadFilesAreRefusedInPlainWords(t *testing.T) {
	good := xlsx(t, grid([]any{"姓名", "手机"}, []any{"张三", "1"}))
	zeros := make([]byte, 8<<20)
	tests := []struct {
		name    string
		content []byte
		want    string // part of the sentence
	}{
		{"empty", nil, "这是个空文件。"},
		{"cut short", good[:len(good)/2], "可能没有传完整"},
		{"cut at the end", good[:len(good)-1], "可能没有传完整"},
		{"encrypted XLSX", compound("EncryptedPackage"), "加了密码"},
		{"old xls", compound("Workbook"), "老格式"},
		{"PDF", []byte("%PDF-1.7\n..."), "这是 PDF"},
		{"web page named xls", []byte("\xEF\xBB\xBF\r\n<html><table><tr><td>姓名"), "其实是网页"},
		{"XML spreadsheet 2003", []byte(`<?xml version="1.0"?><Workbook>`), "其实是网页"},
		{"picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "不是表格"},
		{"document", zipOf(t, "word/document.xml", "<w/>", "[Content_Types].xml", "<x/>"), "不是 .xlsx 表格"},
		{"binary workbook", zipOf(t, "xl/workbook.bin", "x"), "不是 .xlsx 表格"},
		{"zip of nothing", zipOf(t), "不是 .xlsx 表格"},
		{"encrypted part", rawPart(t, zip.FileHeader{Name: "xl/workbook.xml", Flags: 1, UncompressedSize64: 4}, deflated(t, []byte("abcd"))), "加了密码"},
		{"zip bomb", zipOf(t, "xl/workbook.xml", string(zeros)), "解开以后太大"},
		{"declared huge", rawPart(t, zip.FileHeader{Name: "a", UncompressedSize64: 600 << 20}, noise(5<<20)), "解开以后太大"},
		{"too many parts", zipOf(t, manyParts(2001)...), "解开以后太大"},
		{"no headings", []byte("早上好\n今天下雨\n"), "前 20 行里没找到表头。表头里至少要有“姓名”“联系电话”。"},
		{"headings too far down", []byte(strings.Repeat("x\n", 20) + "姓名,手机\n"), "没找到表头"},
		{"a heading is missing", []byte("说明\n姓名,性别,住址\n张三,男,x\n"), "第 2 行的表头里缺少“联系电话”。"},
		{"a column twice", []byte("姓名,手机,性别,联系电话\n"), "“联系电话”有两列：B 列和 D 列。"},
		{"workbook without sheets", zipOf(t, "xl/workbook.xml", "<workbook/>", "xl/_rels/workbook.xml.rels", "<Relationships/>"), "没有工作表"},
		{"workbook without relations", zipOf(t, "xl/workbook.xml", "<workbook/>"), "打不开"},
		{"torn workbook", zipOf(t, "xl/workbook.xml", "<workbook><sheets>"), "打不开"},
		{"unbalanced sheet", workbookOf(t, headingRow[:len(headingRow)-10]), "打不开"},
		{"shared text that is not there", workbookOf(t, `<row><c t="s"><v>7</v></c></row>`), "打不开"},
		{"rows out of order", workbookOf(t, `<row r="2"/><row r="1"/>`), "打不开"},
		{"cells out of order", workbookOf(t, `<row r="1"><c r="B1"/><c r="A1"/></row>`), "打不开"},
		{"row beyond the last", workbookOf(t, `<row r="1048577"/>`), "打不开"},
		{"open quote", []byte("姓名,手机\n\"张三,1\n李四,2\n"), "从第 2 行起引号没有成对"},
	}
	for _, tt := range tests {
		table, err := open(tt.content)
		if err == nil { // some mistakes stand below the headings
			for _, err = range table.Rows() {
			}
		}
		if got := refusal(t, err); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

func manyParts(n int) []string {
	var parts []string
	for i := range n {
		parts = append(parts, "xl/"+columnName(i), "")
	}
	return parts
}

// What is wrong below the headings ends the rows: none is lost in silence.
func TestTornBelowTheHeadings(t *testing.T) {
	more := `<row r="2"><c r="A2" t="inlineStr"><is><t>张三</t></is></c></row>`
	tests := map[string][]byte{
		"torn XML":    workbookOf(t, headingRow+more+`<row r="3"><c`),
		"huge cell":   workbookOf(t, headingRow+more+`<row r="3"><c r="A3" t="inlineStr"><is><t>`+string(noise(3<<20))+`</t></is></c></row>`),
		"many runs":   workbookOf(t, headingRow+more+`<row r="3"><c t="inlineStr"><is>`+strings.Repeat(`<r><t>`+string(noise(1000))+`</t></r>`, 2000)+`</is></c></row>`),
		"long cell":   workbookOf(t, headingRow+more+`<row r="3"><c r="A3" t="str"><v>`+string(noise(110_000))+`</v></c></row>`),
		"wide row":    workbookOf(t, headingRow+more+`<row r="3"><c r="XFD3"><v>1</v></c></row>`),
		"broken GBK":  []byte("\xd0\xd5\xc3\xfb,\xca\xd6\xbb\xfa\n\xd5\xc5,1\n\xff\xff,2\n"),
		"broken UTF8": []byte("姓名,手机\n张三,1\n" + strings.Repeat("x,1\n", sampleSize/4) + "\xff\xfe\xfd,2\n"),
		"endless row": []byte("姓名,手机\n张三,1\n" + strings.Repeat("x,", 1<<20) + "\n"),
	}
	for name, content := range tests {
		table := mustOpen(t, content)
		n, last := 0, error(nil)
		for _, err := range table.Rows() {
			if last = err; err == nil {
				n++
			}
		}
		if refusal(t, last); n < 1 {
			t.Errorf("%s: %d rows", name, n)
		}
	}
}

func TestPartThatLiesAboutItsSize(t *testing.T) {
	text := bytes.Repeat([]byte(" "), 4<<20)
	content := rawPart(t, zip.FileHeader{Name: "xl/workbook.xml", UncompressedSize64: 100}, deflated(t, text))
	_, err := open(content)
	refusal(t, err)
}

func TestLimits(t *testing.T) {
	content := xlsx(t, grid([]any{"姓名", "手机"}, []any{"张三", "1"}, []any{}, []any{"李四", "2"}, []any{"王五", "3"}))
	read := func(change func(*Limits)) error {
		limits := DefaultLimits()
		change(&limits)
		table, err := OpenTable(bytes.NewReader(content), int64(len(content)), VolunteerRoster(), limits)
		if err != nil {
			return err
		}
		for _, err = range table.Rows() {
		}
		return err
	}
	tests := []struct {
		want   string
		change func(*Limits)
	}{
		{"", func(l *Limits) { l.Rows, l.Columns = 3, 2 }},
		{"一次最多导入 2 行", func(l *Limits) { l.Rows = 2 }},
		{"第 1 行有 2 列，一张表最多 1 列", func(l *Limits) { l.Columns = 1 }},
		{"第 1 行有一格太长了", func(l *Limits) { l.Cell = 5 }},
		{"文件最大 0 MB", func(l *Limits) { l.Bytes = 100 }},
		{"解开以后太大", func(l *Limits) { l.Unpacked = 1000 }},
		{"解开以后太大", func(l *Limits) { l.Parts = 3 }},
		{"解开以后太大", func(l *Limits) { l.Shared = 10 }},
	}
	for _, tt := range tests {
		err := read(tt.change)
		if tt.want == "" && err == nil {
			continue
		}
		if got := refusal(t, err); !strings.Contains(got, tt.want) {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// The real thing, not only its first bytes.
func TestPasswordOfExcel(t *testing.T) {
	f := excelize.NewFile()
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	_, err := open(b.Bytes())
	if got := refusal(t, err); !strings.Contains(got, "加了密码") {
		t.Error(got)
	}
}
