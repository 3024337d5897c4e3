package transfer

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"linli/internal/kit/fault"
)

// Form is a spreadsheet of the field: its name and its columns in their order.
type Form struct {
	Title    string
	Headings []Heading
}

// Heading is one column. The name is written to exports word for word; what is
// uploaded may also use one of the aliases.
type Heading struct {
	Name     string
	Aliases  []string
	Required bool    // a sheet without this column is no sheet of this form
	Serial   bool    // numbers the rows: a row with nothing else is empty
	Width    float64 // in characters of the default font
}

// Names are the headings as they are written.
func (f Form) Names() []string {
	names := make([]string, len(f.Headings))
	for i, h := range f.Headings {
		names[i] = h.Name
	}
	return names
}

// headingRows is how far down the headings may stand below titles.
const headingRows = 20

// layout is where the columns of a form stand in a sheet.
type layout struct {
	row     int               // of the headings
	columns map[string]int    // by heading name
	written map[string]string // the headings by their names, as they are written
	width   int               // columns of the heading row
	remarks int               // column of an earlier WriteRemarks, or else width
	ignored []string          // headings that the form does not know, as written
	twice   *fault.Error      // two columns for one heading
}

// findLayout looks for the row with the headings. It gives the layout as soon as
// a row holds all that are required, or else the one with the most known ones,
// which may be none.
func (f Form) findLayout(sheet lines) (layout, error) {
	best := layout{}
	index := f.index()
	for l, err := range sheet {
		if err != nil {
			return best, err
		}
		if l.number > headingRows {
			break
		}
		found := index.read(l)
		if len(f.missing(found)) == 0 {
			return found, nil
		}
		if len(found.columns) > len(best.columns) {
			best = found
		}
	}
	return best, nil
}

// missing are the required headings that a layout has not.
func (f Form) missing(found layout) []string {
	var names []string
	for _, h := range f.Headings {
		if _, ok := found.columns[h.Name]; h.Required && !ok {
			names = append(names, h.Name)
		}
	}
	return names
}

// headingIndex finds heading names by the keys of all their spellings.
type headingIndex map[string]string

func (f Form) index() headingIndex {
	index := headingIndex{}
	for _, h := range f.Headings {
		index[headingKey(h.Name)] = h.Name
		for _, alias := range h.Aliases {
			index[headingKey(alias)] = h.Name
		}
	}
	return index
}

// read takes a line for the heading row.
func (index headingIndex) read(l line) layout {
	found := layout{row: l.number, columns: map[string]int{}, written: map[string]string{}, width: l.width(), remarks: l.width()}
	for column, text := range l.cells {
		name, known := index.lookup(text)
		earlier, again := found.columns[name]
		switch {
		case known && again && found.twice == nil:
			found.twice = fault.Invalid(field, "“%s”有两列：%s 列和 %s 列。请只留一列，再传一次。", name, columnName(earlier), columnName(column))
		case known && !again:
			found.columns[name], found.written[name] = column, strings.TrimSpace(text)
		case headingKey(text) == remarksHeading:
			found.remarks = column
		case !known && headingKey(text) != "":
			found.ignored = append(found.ignored, strings.TrimSpace(text))
		}
	}
	return found
}

// lookup knows a heading as it is, and with what is said in brackets left out:
// 出生日期（必填）, 联系电话(手机).
func (index headingIndex) lookup(text string) (name string, known bool) {
	if name, known = index[headingKey(text)]; known {
		return name, true
	}
	name, known = index[headingKey(remark.ReplaceAllString(width.Narrow.String(text), ""))]
	return name, known
}

var remark = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]|【[^】]*】`)

// headingKey makes headings comparable: half-width, without spaces, line ends,
// invisible characters, and the stars and colons of forms.
func headingKey(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.C, r) || strings.ContainsRune("*※:#", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Narrow.String(text))
}

// columnName is A for 0, AB for 27.
func columnName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}
