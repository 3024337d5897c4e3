package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// A4 in points, upright.
const (
	A4Width  = 595.276
	A4Height = 841.890
)

// Colour is red, green and blue, each from 0 to 1.
type Colour [3]float64

// Fonts draw a text: each character by the first that has it.
type Fonts []*Font

// Missing lists the characters that no font has, each once.
func (f Fonts) Missing(text string) (missing []rune) {
	for _, r := range text {
		if f.find(r) < 0 && !strings.ContainsRune(string(missing), r) {
			missing = append(missing, r)
		}
	}
	return missing
}

func (f Fonts) find(r rune) int {
	for i, font := range f {
		if font.Has(r) {
			return i
		}
	}
	return -1
}

// Width is the length of a text in points.
func (f Fonts) Width(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		if i := f.find(r); i >= 0 {
			sum += float64(f[i].advance(f[i].glyphs[r])) / float64(f[i].em) * size
		}
	}
	return sum
}

// Page is one page in the making. Positions are in points from the top left corner;
// that of a text is where its base line begins.
type Page struct {
	width, height float64
	fonts         Fonts
	subsets       map[int]*subset
	content       bytes.Buffer
}

// NewPage begins a page.
func NewPage(fonts Fonts, width, height float64) *Page {
	return &Page{width: width, height: height, fonts: fonts, subsets: map[int]*subset{}}
}

// Style is how a text looks.
type Style struct {
	Size    float64
	Bold    bool    // drawn with a thin line around, there is one weight
	Spacing float64 // added between characters, in points
	Colour  Colour
}

// Text writes one line. What no font has is left out: ask Missing first.
func (p *Page) Text(x, y float64, s Style, text string) {
	fmt.Fprintf(&p.content, "BT %s rg %s RG ", s.Colour, s.Colour)
	if s.Bold {
		fmt.Fprintf(&p.content, "2 Tr %.3f w ", s.Size/40)
	} else {
		p.content.WriteString("0 Tr ")
	}
	fmt.Fprintf(&p.content, "%.3f Tc %.2f %.2f Td", s.Spacing, x, p.height-y)
	current := -1
	for _, r := range text {
		i := p.fonts.find(r)
		if i < 0 {
			continue
		}
		if i != current {
			if current >= 0 {
				p.content.WriteString("> Tj")
			}
			fmt.Fprintf(&p.content, " /F%d %.2f Tf <", i, s.Size)
			current = i
		}
		fmt.Fprintf(&p.content, "%04X", p.subset(i).use(r))
	}
	if current >= 0 {
		p.content.WriteString("> Tj")
	}
	p.content.WriteString(" ET\n")
}

func (p *Page) subset(i int) *subset {
	if p.subsets[i] == nil {
		p.subsets[i] = newSubset(p.fonts[i])
	}
	return p.subsets[i]
}

// String writes the colour as its operands.
func (c Colour) String() string { return fmt.Sprintf("%.3f %.3f %.3f", c[0], c[1], c[2]) }

// Box draws the line of a rectangle.
func (p *Page) Box(x, y, w, h, line float64, c Colour) {
	fmt.Fprintf(&p.content, "%s RG %.2f w %.2f %.2f %.2f %.2f re S\n", c, line, x, p.height-y-h, w, h)
}

// Fill fills rectangles of {x, y, width, height} with one colour.
func (p *Page) Fill(c Colour, boxes ...[4]float64) {
	fmt.Fprintf(&p.content, "%s rg\n", c)
	for _, b := range boxes {
		fmt.Fprintf(&p.content, "%.3f %.3f %.3f %.3f re\n", b[0], p.height-b[1]-b[3], b[2], b[3])
	}
	p.content.WriteString("f\n")
}

// Circle draws a dashed circle.
func (p *Page) Circle(x, y, radius, line float64, c Colour) {
	const k = 0.5522847498 // of a circle by four curves
	cy, d := p.height-y, radius*k
	fmt.Fprintf(&p.content, "%s RG %.2f w [4 3] 0 d %.2f %.2f m\n", c, line, x+radius, cy)
	for _, q := range [][6]float64{
		{x + radius, cy + d, x + d, cy + radius, x, cy + radius},
		{x - d, cy + radius, x - radius, cy + d, x - radius, cy},
		{x - radius, cy - d, x - d, cy - radius, x, cy - radius},
		{x + d, cy - radius, x + radius, cy - d, x + radius, cy},
	} {
		fmt.Fprintf(&p.content, "%.2f %.2f %.2f %.2f %.2f %.2f c\n", q[0], q[1], q[2], q[3], q[4], q[5])
	}
	p.content.WriteString("S [] 0 d\n")
}

// neverFirst and neverLast are marks that may not begin or end a line of Chinese
// (GB/T 15834, section 5.1).
const (
	neverFirst = "，。、；：？！）》」』”’…—·%,.;:?!)"
	neverLast  = "（《「『“‘("
)

// Wrap breaks a text into lines that are at most so wide: between any two Chinese
// characters, never within a word or a number, nor between a number and its unit, never
// before a closing mark.
func (f Fonts) Wrap(text string, size, width float64) (lines []string) {
	line := ""
	for _, piece := range pieces(text) {
		if line != "" && f.Width(line+strings.TrimRight(piece, " "), size) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
			piece = strings.TrimLeft(piece, " ")
		}
		line += piece
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// pieces cuts a text where a line may end.
func pieces(text string) (out []string) {
	var piece []rune
	for _, r := range text {
		if len(piece) > 0 && !unit(piece, r) && mayBreak(piece[len(piece)-1], r) {
			out = append(out, string(piece))
			piece = nil
		}
		piece = append(piece, r)
	}
	if len(piece) > 0 {
		out = append(out, string(piece))
	}
	return out
}

// unit says whether what follows is the unit of the number before it: "32 小时".
func unit(piece []rune, r rune) bool {
	n := len(piece)
	return n > 1 && piece[n-1] == ' ' && unicode.IsDigit(piece[n-2]) && unicode.Is(unicode.Han, r)
}

func mayBreak(before, after rune) bool {
	switch {
	case strings.ContainsRune(neverFirst, after) || strings.ContainsRune(neverLast, before):
		return false
	case before == ' ':
		return true
	}
	return after != ' ' && (before > 0x2e7f || after > 0x2e7f)
}
