package transfer

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/kit/fault"
)

// open reads content as a roster within the usual limits.
func open(content []byte) (*Table, error) {
	return OpenTable(bytes.NewReader(content), int64(len(content)), VolunteerRoster(), DefaultLimits())
}

func mustOpen(t testing.TB, content []byte) *Table {
	t.Helper()
	table, err := open(content)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func rowsOf(t testing.TB, table *Table) []Row {
	t.Helper()
	var rows []Row
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// people is "row name phone" of all rows, which is what most tests look at.
func people(t testing.TB, table *Table) string {
	t.Helper()
	var all []string
	for _, row := range rowsOf(t, table) {
		all = append(all, fmt.Sprint(row.Number, " ", row.Text(RosterName), " ", row.Text(RosterPhone)))
	}
	return strings.Join(all, "; ")
}

// refusal is the sentence for a file that is not taken; it fails the test when the
// file is taken or the answer is not about the file.
func refusal(t testing.TB, err error) string {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.KindInvalid || e.Field != "file" {
		t.Errorf("want an invalid file, got %v", err)
		return ""
	}
	return fmt.Sprintf(e.Msg, e.Args...)
}

// xlsx builds a workbook with excelize.
func xlsx(t testing.TB, build func(f *excelize.File, sheet string) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := build(f, "Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// grid puts rows from A1 on.
func grid(rows ...[]any) func(f *excelize.File, sheet string) error {
	return func(f *excelize.File, sheet string) error {
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				return err
			}
		}
		return nil
	}
}

// zipOf packs parts in the order of their names and texts.
func zipOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>` +
	`<Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`

// workbookOf is a workbook whose only sheet has that XML between its sheetData
// tags.
func workbookOf(t testing.TB, rows string, more ...string) []byte {
	t.Helper()
	parts := []string{
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", relations,
		"xl/sharedStrings.xml", `<sst><si><t>姓名</t></si><si><r><t>联系</t></r><r><t>电话</t></r><rPh><t>x</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
	}
	return zipOf(t, append(parts, more...)...)
}

// headingRow is the two required headings, by shared texts.
const headingRow = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`

// rawPart adds a deflated part that declares what it likes about itself.
func rawPart(t testing.TB, header zip.FileHeader, packed []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	header.Method, header.CRC32, header.CompressedSize64 = zip.Deflate, crc32.ChecksumIEEE(packed), uint64(len(packed))
	part, err := w.CreateRaw(&header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(packed); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
