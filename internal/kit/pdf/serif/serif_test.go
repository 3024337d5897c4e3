package serif

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"linli/internal/kit/pdf"
)

func fonts(t testing.TB) pdf.Fonts {
	t.Helper()
	f, err := Fonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestNamesCanBeWritten: common, rare, of the national minorities, and beyond the
// first plane.
func TestNamesCanBeWritten(t *testing.T) {
	for _, name := range []string{"孙淑琴", "张赟", "李䶮", "王喆", "𠮷田", "𬱖", "阿卜杜拉·买买提", "Ōé Müller", "〇", "（）《》“”‘’—…·、，。"} {
		if missing := fonts(t).Missing(name); len(missing) > 0 {
			t.Errorf("%s: no %q", name, string(missing))
		}
	}
	if got := string(fonts(t).Missing("甲😀乙😀丙🀀")); got != "😀🀀" {
		t.Errorf("missing are %q", got)
	}
}

// TestWhatIsWrittenCanBeRead writes a page and reads its text back as a viewer does:
// by the embedded font's table from glyphs to characters.
func TestWhatIsWrittenCanBeRead(t *testing.T) {
	p := pdf.NewPage(fonts(t), pdf.A4Height, pdf.A4Width)
	lines := []string{"志愿服务证明", "𠮷田𬱖于 2026 年参加志愿服务 34 次，共 51 小时。"}
	for i, line := range lines {
		p.Text(50, 100+float64(i)*40, pdf.Style{Size: 20, Bold: i == 0}, line)
	}
	p.Fill(pdf.Colour{}, [4]float64{10, 10, 5, 5})
	p.Box(5, 5, 100, 100, 1, pdf.Colour{})
	p.Circle(50, 50, 20, 1, pdf.Colour{})
	file, err := p.Bytes(pdf.Info{Title: "证明", Lang: "zh-CN", Created: time.UnixMilli(0)})
	if err != nil || len(file) > 40_000 {
		t.Fatalf("%d bytes, %v", len(file), err)
	}
	if got := readText(t, file); got != strings.Join(lines, "") {
		t.Errorf("reads %q", got)
	}
}

var (
	stream = regexp.MustCompile(`(?s)/FlateDecode[^>]*>>\nstream\n(.*?)\nendstream`)
	shown  = regexp.MustCompile(`/F(\d) [\d.]+ Tf <([0-9A-F]+)> Tj`)
	mapped = regexp.MustCompile(`<([0-9A-F]{4})> <([0-9A-F]+)>`)
)

func readText(t *testing.T, file []byte) string {
	var content string
	var tables []map[string]string
	for _, m := range stream.FindAllSubmatch(file, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		switch {
		case err != nil:
			t.Fatal(err)
		case bytes.Contains(text, []byte("begincmap")):
			table := map[string]string{}
			for _, pair := range mapped.FindAllStringSubmatch(string(text), -1) {
				table[pair[1]] = units(t, pair[2])
			}
			tables = append(tables, table)
		case bytes.Contains(text, []byte("BT ")):
			content = string(text)
		}
	}
	var out strings.Builder
	for _, m := range shown.FindAllStringSubmatch(content, -1) {
		for glyph := range slices.Chunk([]byte(m[2]), 4) {
			out.WriteString(tables[m[1][0]-'0'][string(glyph)])
		}
	}
	return out.String()
}

func units(t *testing.T, text string) string {
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	var u []uint16
	for i := 0; i < len(b); i += 2 {
		u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(u))
}

// TestEmbeddedFontsAreWhole: the font that is cut out is a font again, and draws the
// same widths.
func TestEmbeddedFontsAreWhole(t *testing.T) {
	text := "志愿服务证明 2026"
	p := pdf.NewPage(fonts(t), 100, 100)
	p.Text(0, 0, pdf.Style{Size: 10}, text)
	file, err := p.Bytes(pdf.Info{})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, m := range stream.FindAllSubmatch(file, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		font, err := io.ReadAll(r)
		if err != nil || !bytes.HasPrefix(font, []byte{0, 1, 0, 0}) {
			continue
		}
		found++
		if _, err := pdf.ParseFont(font); err == nil || !strings.Contains(err.Error(), "no table cmap") {
			t.Error(err)
		}
	}
	if found != 1 {
		t.Errorf("%d fonts embedded", found)
	}
}

// TestLinesBreakAsChineseDoes: a line is no wider than it may be, begins with no
// closing mark, ends with no opening one and cuts no number.
func TestLinesBreakAsChineseDoes(t *testing.T) {
	text := "孙淑琴于 2025 年 12 月 31 日，在“东风路南社区”（石家庄）参加志愿服务 1234567 次，共 51 小时。其中：陪看病、入户探望。"
	for width := 74.0; width < 300; width += 7 { // from the widest piece on: a number keeps its unit and the comma
		lines := fonts(t).Wrap(text, 12, width)
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
			t.Fatalf("at %.0f: %q", width, got)
		}
		for _, line := range lines {
			if w := fonts(t).Width(line, 12); w > width+12 {
				t.Errorf("at %.0f: %q is %.0f wide", width, line, w)
			}
			if strings.ContainsRune("，。、：）”", []rune(line)[0]) || strings.HasSuffix(line, "“") || strings.HasSuffix(line, "（") {
				t.Errorf("at %.0f: line %q", width, line)
			}
		}
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "1234567") }) {
			t.Errorf("at %.0f: a number is cut: %q", width, lines)
		}
	}
}

// TestManyAtOnce shares the fonts between goroutines (with -race).
func TestManyAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	sizes := make([]int, 8)
	for i := range sizes {
		wg.Go(func() {
			p := pdf.NewPage(fonts(t), pdf.A4Height, pdf.A4Width)
			p.Text(50, 50, pdf.Style{Size: 20}, "志愿服务证明")
			file, err := p.Bytes(pdf.Info{})
			if err != nil {
				t.Error(err)
			}
			sizes[i] = len(file)
		})
	}
	wg.Wait()
	if slices.Min(sizes) != slices.Max(sizes) {
		t.Errorf("the same page has %v bytes", sizes)
	}
}

// FuzzParseFont: whatever file an operator gives, there is an answer.
func FuzzParseFont(f *testing.F) {
	f.Add([]byte{0, 1, 0, 0, 0, 1})
	f.Add([]byte("OTTO"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if font, err := pdf.ParseFont(data); err == nil {
			font.Has('一')
		}
	})
}

func BenchmarkPage(b *testing.B) {
	for b.Loop() {
		p := pdf.NewPage(fonts(b), pdf.A4Height, pdf.A4Width)
		p.Text(50, 50, pdf.Style{Size: 20}, "孙淑琴于 2026 年参加志愿服务 34 次，共 51 小时，其中陪看病 11 次，入户探望 23 次")
		if _, err := p.Bytes(pdf.Info{}); err != nil {
			b.Fatal(err)
		}
	}
}
