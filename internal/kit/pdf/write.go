package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// Info says what the document is.
type Info struct {
	Title   string
	Lang    string // as "zh-CN"
	Created time.Time
}

// Bytes is the finished document. The same page gives the same bytes.
func (p *Page) Bytes(info Info) ([]byte, error) {
	w := &writer{}
	w.out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	catalog, pages, page, content, about := w.reserve(), w.reserve(), w.reserve(), w.reserve(), w.reserve()
	var fonts strings.Builder
	for _, i := range slices.Sorted(maps.Keys(p.subsets)) {
		fmt.Fprintf(&fonts, "/F%d %d 0 R ", i, w.font(p.subsets[i]))
	}
	w.object(catalog, "<< /Type /Catalog /Pages %d 0 R /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >> >>", pages, info.Lang)
	w.object(pages, "<< /Type /Pages /Kids [%d 0 R] /Count 1 >>", page)
	w.object(page, "<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.3f %.3f] /Contents %d 0 R /Resources << /Font << %s>> >> >>",
		pages, p.width, p.height, content, fonts.String())
	w.stream(content, "", p.content.Bytes())
	w.object(about, "<< /Title %s /Producer (Linli) /CreationDate (D:%sZ) >>", utf16Hex(info.Title), info.Created.UTC().Format("20060102150405"))
	return w.finish(catalog, about), w.err
}

// writer numbers objects and remembers where they are.
type writer struct {
	out bytes.Buffer
	at  []int
	err error
}

func (w *writer) reserve() int {
	w.at = append(w.at, 0)
	return len(w.at)
}

func (w *writer) object(n int, format string, args ...any) {
	w.at[n-1] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n"+format+"\nendobj\n", append([]any{n}, args...)...)
}

func (w *writer) stream(n int, more string, data []byte) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, err := z.Write(data)
	if w.err == nil {
		w.err = err
	}
	if err := z.Close(); w.err == nil {
		w.err = err
	}
	w.at[n-1] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n<< /Length %d /Filter /FlateDecode%s >>\nstream\n", n, packed.Len(), more)
	w.out.Write(packed.Bytes())
	w.out.WriteString("\nendstream\nendobj\n")
}

// font writes the five objects of an embedded subset and gives the number of the
// first.
func (w *writer) font(s *subset) int {
	file := s.file() // takes the parts of composite glyphs: before the widths
	whole, cid, descriptor, program, unicode := w.reserve(), w.reserve(), w.reserve(), w.reserve(), w.reserve()
	name := subsetTag(file) + "+Linli"
	w.object(whole, "<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", name, cid, unicode)
	w.object(cid, "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "+
		"/FontDescriptor %d 0 R /CIDToGIDMap /Identity /DW 1000 /W [0 [%s]] >>", name, descriptor, s.widths())
	head, hhea := s.font.tables["head"], s.font.tables["hhea"]
	scaled := func(table []byte, at int) int { return int(int16(u16(table, at))) * 1000 / s.font.em }
	w.object(descriptor, "<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R >>",
		name, scaled(head, 36), scaled(head, 38), scaled(head, 40), scaled(head, 42), scaled(hhea, 4), scaled(hhea, 6), scaled(hhea, 4), program)
	w.stream(program, fmt.Sprintf(" /Length1 %d", len(file)), file)
	w.stream(unicode, "", []byte(s.toUnicode()))
	return whole
}

// subsetTag is six letters that differ between subsets (ISO 32000-1, 9.6.4).
func subsetTag(file []byte) string {
	sum := sha256.Sum256(file)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

func (s *subset) widths() string {
	var b strings.Builder
	for _, g := range s.old {
		fmt.Fprintf(&b, "%d ", int(s.font.advance(g))*1000/s.font.em)
	}
	return strings.TrimSpace(b.String())
}

// toUnicode leads every glyph back to its character, in UTF-16: those beyond the
// first plane are two units (ISO 32000-1, 9.10.3).
func (s *subset) toUnicode() string {
	const most = 100 // entries of one block
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n" +
		"1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	for block := range slices.Chunk(slices.Sorted(maps.Keys(s.runes)), most) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for _, n := range block {
			fmt.Fprintf(&b, "<%04X> <%s>\n", n, hexUnits(string(s.runes[n])))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end\n")
	return b.String()
}

func hexUnits(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

func utf16Hex(text string) string { return "<FEFF" + hexUnits(text) + ">" }

func (w *writer) finish(catalog, about int) []byte {
	start := w.out.Len()
	id := sha256.Sum256(w.out.Bytes())
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.at)+1)
	for _, at := range w.at {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&w.out, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(w.at)+1, catalog, about, id[:16], id[:16], start)
	return w.out.Bytes()
}
