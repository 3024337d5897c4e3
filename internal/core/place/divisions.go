package place

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/internal/core/identity"
	"linli/internal/kit/fault"
)

// division is one row of the official lists.
type division struct {
	id, parent, name string
	level            Level
}

// list says what one of the four files holds.
type list struct {
	file   string
	level  Level
	digits int    // of its codes
	parent string // heading of the code above; empty for provinces
}

func lists() []list {
	return []list{
		{"provinces.csv", Province, 2, ""},
		{"cities.csv", City, 4, "provinceCode"},
		{"areas.csv", District, 6, "cityCode"},
		{"streets.csv", Street, 9, "areaCode"},
	}
}

// errorsMost is after how many mistakes reading stops: enough to mend a file in
// one go, few enough to read.
const errorsMost = 20

// divisions collects the rows of the lists, parents first.
type divisions struct {
	rows  []division
	index map[string]int // id → its place in rows
	bad   []error
}

// readDivisions reads the four lists from the directory and checks every row.
func readDivisions(files fs.FS) ([]division, error) {
	d := &divisions{index: map[string]int{}}
	for _, l := range lists() {
		if err := d.read(files, l); err != nil {
			return nil, err
		}
	}
	return d.rows, fault.Join(d.bad...)
}

func (d *divisions) read(files fs.FS, l list) error {
	f, err := files.Open(l.file)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Invalid("dir", "目录里少了 %s 这个文件。", l.file)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	headings := []string{"code", "name"}
	if l.parent != "" {
		headings = append(headings, l.parent)
	}
	return readCSV(f, l.file, headings, func(line int, cells []string) error {
		if err := d.add(l, cells); err != nil {
			d.bad = append(d.bad, atLine(l.file, line, err))
		}
		if len(d.bad) >= errorsMost {
			return fault.Join(d.bad...)
		}
		return nil
	})
}

// add takes one row. A city without counties stands twice in the lists under the
// same twelve digits; it is kept as the district that it serves as.
func (d *divisions) add(l list, cells []string) error {
	row := division{name: strings.TrimSpace(cells[1]), level: l.level}
	var err error
	if row.id, err = exactCode(cells[0], l.digits); err != nil {
		return err
	}
	if err := officialName(row.name); err != nil {
		return err
	}
	if l.parent != "" {
		if row.parent, err = d.parentOf(cells[0], cells[2]); err != nil {
			return err
		}
	}
	if row.parent == row.id {
		i := d.index[row.id]
		d.rows[i].level = row.level
		return nil
	}
	if _, twice := d.index[row.id]; twice {
		return fault.Invalid("code", "代码 %s 写了两次。", cells[0])
	}
	d.index[row.id] = len(d.rows)
	d.rows = append(d.rows, row)
	return nil
}

func exactCode(code string, length int) (string, error) {
	if len(code) != length {
		return "", fault.Invalid("code", "代码要 %d 位数字，现在是“%s”。", length, code)
	}
	return padded(code)
}

// padded is the id of the place with an official code.
func padded(code string) (string, error) {
	d, err := identity.ParseDivision("code", code)
	return string(d), err
}

func (d *divisions) parentOf(code, above string) (string, error) {
	if above == "" || !strings.HasPrefix(code, above) {
		return "", fault.Invalid("code", "代码 %s 不在上级 %s 里。", code, above)
	}
	id, err := padded(above)
	if err != nil {
		return "", err
	}
	if _, known := d.index[id]; !known {
		return "", fault.Invalid("code", "没有上级 %s。", above)
	}
	return id, nil
}

func officialName(name string) error {
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fault.Invalid("name", "名字里有认不出的字符，文件要存成 UTF-8。")
	}
	_, err := cleanName(name)
	return err
}

// replacement is one line of the map of codes.
type replacement struct{ old, new string }

// readCodes reads the map of old to new codes; nil is none.
func readCodes(r io.Reader) ([]replacement, error) {
	if r == nil {
		return nil, nil
	}
	const file = "codes"
	var out []replacement
	var bad []error
	seen := map[string]bool{}
	err := readCSV(r, file, []string{"old", "new"}, func(line int, cells []string) error {
		m, err := readReplacement(cells, seen)
		if err != nil {
			bad = append(bad, atLine(file, line, err))
		}
		if len(bad) >= errorsMost {
			return fault.Join(bad...)
		}
		out = append(out, m)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, fault.Join(bad...)
}

func readReplacement(cells []string, seen map[string]bool) (m replacement, err error) {
	if m.old, err = padded(cells[0]); err != nil {
		return m, err
	}
	if m.new, err = padded(cells[1]); err != nil {
		return m, err
	}
	switch {
	case m.old == m.new:
		return m, fault.Invalid("new", "新旧代码一样，不用写。")
	case CommunityOf(m.old) != "" || CommunityOf(m.new) != "":
		return m, fault.Invalid("old", "这里只换街道和街道以上的代码。")
	case seen[m.old]:
		return m, fault.Invalid("old", "代码 %s 写了两次。", cells[0])
	}
	seen[m.old] = true
	return m, nil
}

// readCSV calls row with the wanted columns of each line, found by their
// headings in whatever order they stand.
func readCSV(r io.Reader, file string, headings []string, row func(line int, cells []string) error) error {
	c := csv.NewReader(r)
	c.ReuseRecord = true
	first, err := c.Read()
	if err != nil {
		return csvError(file, err)
	}
	columns, err := findColumns(file, first, headings)
	if err != nil {
		return err
	}
	cells := make([]string, len(columns))
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvError(file, err)
		}
		for i, column := range columns {
			cells[i] = strings.TrimSpace(record[column])
		}
		line, _ := c.FieldPos(0)
		if err := row(line, cells); err != nil {
			return err
		}
	}
}

const byteOrderMark = "\ufeff"

func findColumns(file string, first, headings []string) ([]int, error) {
	var columns []int
	for _, h := range headings {
		i := slices.IndexFunc(first, func(cell string) bool {
			return strings.TrimSpace(strings.TrimPrefix(cell, byteOrderMark)) == h
		})
		if i < 0 {
			return nil, fault.Invalid(file, "%s 第一行要有“%s”这一列。", file, h)
		}
		columns = append(columns, i)
	}
	return columns, nil
}

func csvError(file string, err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return fault.Invalid(file, "%s 是空的。", file)
	case errors.Is(err, csv.ErrFieldCount) && errors.As(err, &parse):
		return fault.Invalid(file, "%s 第 %d 行的列数和第一行不一样。", file, parse.Line)
	case errors.As(err, &parse):
		return fault.Invalid(file, "%s 第 %d 行的引号不成对。", file, parse.Line)
	}
	return err
}

// atLine makes the field of a fault say file and line.
func atLine(file string, line int, err error) error {
	e := *fault.As(err)
	e.Field = fmt.Sprintf("%s:%d", file, line)
	return &e
}
