package certificate

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"linli/internal/core/calendar"
	"linli/internal/kit/fault"
	"linli/internal/kit/pdf"
	"linli/internal/kit/pdf/serif"
)

// printed is a certificate as it stands on paper, line by line; page and PDF show
// the same.
type printed struct {
	number, code, name, deed, date string
	identity                       string // document, volunteer number
	lines                          []string
	seal                           string
	unit                           []string // unit, people, date
	address                        string
}

func (c Certificate) printed(origin string) printed {
	p := c.Paper
	out := printed{
		number: c.Number, code: c.Code, name: p.Name, deed: p.deed(c), date: dayText(calendar.DayOf(c.IssuedAt)),
		seal: "加盖公章", address: address(origin, c.Code),
	}
	var who []string
	if p.DocumentNo != "" {
		who = append(who, p.Document+" "+p.DocumentNo)
	}
	if p.VolunteerNo != "" {
		who = append(who, "志愿者编号 "+p.VolunteerNo)
	}
	out.identity = strings.Join(who, "　")
	if words := p.honoured(); words != "" {
		out.lines = append(out.lines, words+"。")
	}
	if c.Remark != "" {
		out.lines = append(out.lines, "备注："+c.Remark)
	}
	if p.Platform() {
		out.lines = append(out.lines, platformWords+"。")
	} else {
		out.lines = append(out.lines, "全国志愿服务信息系统编号 "+p.Ministry)
	}
	out.unit = []string{p.Unit, c.people()}
	if p.Phone != "" {
		out.unit = append(out.unit, "电话 "+p.Phone)
	}
	out.unit = append(out.unit, out.date)
	return out
}

// people are the head and the handler; a volunteer who helped themselves is the
// handler of nothing, so the platform is named.
func (c Certificate) people() string {
	head := ""
	if c.Paper.Head != "" {
		head = "负责人 " + c.Paper.Head + "　"
	}
	if c.Paper.Handler == "" {
		return head + "经办 本人在平台自助开具"
	}
	return head + "经办人 " + c.Paper.Handler
}

// thanks close every certificate.
const thanks = "谢谢您，有您在，邻里更暖。特此证明。"

// The colours of the paper (tokens of the certificate in components.css).
func ink() pdf.Colour  { return pdf.Colour{0.075, 0.145, 0.165} }
func gold() pdf.Colour { return pdf.Colour{0.788, 0.643, 0.373} }
func soft() pdf.Colour { return pdf.Colour{0.373, 0.318, 0.212} }

// PDF is the certificate for printing, A4 across. A name with a character that the
// type does not have is said, never left out in silence.
func (c Certificate) PDF(origin string) ([]byte, error) {
	fonts, err := serif.Fonts()
	if err != nil {
		return nil, err
	}
	paper := c.printed(origin)
	text := paper.name + paper.deed + paper.identity + strings.Join(paper.lines, "") + strings.Join(paper.unit, "") + paper.number
	if missing := fonts.Missing(text); len(missing) > 0 {
		return nil, fault.Conflict("证明上有“%s”这样的字，打印用的字库里没有，做不成 PDF。请用浏览器直接打印这一页。", string(missing))
	}
	code, err := qr.Encode(paper.address, qr.M)
	if err != nil {
		return nil, err
	}
	const width, height = pdf.A4Height, pdf.A4Width
	p := pdf.NewPage(fonts, width, height)
	frame(p, width, height)
	paper.draw(p, fonts, code, width, height)
	return p.Bytes(pdf.Info{Title: "志愿服务证明 " + c.Number, Lang: "zh-CN", Created: c.IssuedAt})
}

// frame is the double line and the mark of the product: four windows, one lit.
func frame(p *pdf.Page, width, height float64) {
	p.Fill(pdf.Colour{1, 0.992, 0.973}, [4]float64{0, 0, width, height})
	p.Box(24, 24, width-48, height-48, 1, gold())
	p.Box(28, 28, width-56, height-56, 0.6, gold())
	const x, y, side = 85.0, 66.0, 18.0
	p.Fill(pdf.Colour{0.075, 0.153, 0.176}, [4]float64{x, y, side, side})
	pane, gap := side*0.27, side*0.15
	for i, c := range []pdf.Colour{{0.302, 0.451, 0.49}, {0.961, 0.698, 0.302}, {0.302, 0.451, 0.49}, {0.302, 0.451, 0.49}} {
		p.Fill(c, [4]float64{x + gap + float64(i%2)*(pane+gap), y + gap + float64(i/2)*(pane+gap), pane, pane})
	}
	p.Text(x+side+8, y+14, pdf.Style{Size: 13, Colour: ink()}, "邻里")
}

func (s printed) draw(p *pdf.Page, fonts pdf.Fonts, code *qr.Code, width, height float64) {
	const left, margin = 85.0, 170.0 // margin: both sides together
	right := func(x, y, size float64, text string) {
		p.Text(x-fonts.Width(text, size), y, pdf.Style{Size: size, Colour: ink()}, text)
	}
	right(width-left, 80, 12, "编号 "+s.number)
	const title, spacing = "志愿服务证明", 10.0
	const size = 38.0
	wide := fonts.Width(title, size) + spacing*5
	p.Text((width-wide)/2, 150, pdf.Style{Size: size, Bold: true, Spacing: spacing, Colour: ink()}, title)
	y := 202.0
	name := fonts.Width(s.name, 24)
	p.Text(left+6, y, pdf.Style{Size: 24, Bold: true, Colour: ink()}, s.name)
	p.Fill(ink(), [4]float64{left, y + 7, name + 12, 0.8})
	y = s.body(p, fonts, left, y, name+18, width-margin)
	p.Text(left, y, pdf.Style{Size: 17, Colour: ink()}, thanks)
	y += 28
	for _, line := range append([]string{s.identity}, s.lines...) {
		for _, l := range fonts.Wrap(line, 11, width-margin) {
			p.Text(left, y, pdf.Style{Size: 11, Colour: soft()}, l)
			y += 18
		}
	}
	const square = 104.0
	foot := height - 66 - square
	drawCode(p, code, left, foot, square)
	p.Text(left, foot+square+14, pdf.Style{Size: 9, Colour: soft()}, "扫码核对　核对码 "+s.code)
	seal := width/2 - 20
	p.Circle(seal, foot+52, 46, 1.4, pdf.Colour{0.541, 0.478, 0.345})
	p.Text(seal-fonts.Width(s.seal, 11)/2, foot+56, pdf.Style{Size: 11, Colour: soft()}, s.seal)
	for i, line := range s.unit {
		right(width-left, foot+24+float64(i)*24, 13, line)
	}
}

// body writes the deed after the name, whose line is shorter.
func (s printed) body(p *pdf.Page, fonts pdf.Fonts, left, y, indent, width float64) float64 {
	const size, lead = 17.0, 33.0
	first := fonts.Wrap(s.deed, size, width-indent)[0]
	p.Text(left+indent, y, pdf.Style{Size: size, Colour: ink()}, first)
	y += lead
	for _, line := range fonts.Wrap(strings.TrimLeft(strings.TrimPrefix(s.deed, first), " "), size, width) {
		p.Text(left, y, pdf.Style{Size: size, Colour: ink()}, line)
		y += lead
	}
	return y
}

func drawCode(p *pdf.Page, code *qr.Code, x, y, side float64) {
	module := side / float64(code.Size)
	var boxes [][4]float64
	runs(code, func(column, row, length int) {
		boxes = append(boxes, [4]float64{x + float64(column)*module, y + float64(row)*module, float64(length) * module, module})
	})
	p.Fill(pdf.Colour{}, boxes...)
}

// runs gives the dark squares of a QR code, row by row, those side by side as one.
func runs(code *qr.Code, draw func(column, row, length int)) {
	for row := range code.Size {
		for column := 0; column < code.Size; column++ {
			begin := column
			for column < code.Size && code.Black(column, row) {
				column++
			}
			if column > begin {
				draw(begin, row, column-begin)
			}
		}
	}
}

// codePath is a QR code as the path of an SVG of one unit a square.
func codePath(text string) (path string, size int, err error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	runs(code, func(column, row, length int) { fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", column, row, length, length) })
	return b.String(), code.Size, nil
}
