package transfer

import (
	"io"
	"path"
	"strings"

	"linli/internal/kit/fault"
)

// workbook is an opened XLSX (ECMA-376): which sheets it has, and what their cells
// refer to.
type workbook struct {
	archive *archive
	limits  Limits
	shared  sharedTexts
	styles  styles
}

// openWorkbook lists the visible sheets, in their order. A hidden sheet is where
// templates keep their lists.
func openWorkbook(r io.ReaderAt, size int64, limits Limits) ([]source, error) {
	a, err := openArchive(r, size, limits)
	if err != nil {
		return nil, err
	}
	w := &workbook{archive: a, limits: limits}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	var book xmlWorkbook
	if err := a.decode(main, &book); err != nil {
		return nil, err
	}
	parts, err := w.readParts(main)
	if err != nil {
		return nil, err
	}
	w.styles.date1904 = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	sheets := w.visible(book, parts)
	if len(sheets) == 0 {
		return nil, fault.Invalid(field, "这个文件里没有工作表。请另存为 .xlsx，再传一次。")
	}
	return sheets, nil
}

// sheetsTried is how many sheets are searched for the headings.
const sheetsTried = 20

func (w *workbook) visible(book xmlWorkbook, parts map[string]string) []source {
	var sheets []source
	for _, s := range book.Sheets {
		part := parts[s.ID]
		if part == "" || s.State == "hidden" || s.State == "veryHidden" || len(sheets) == sheetsTried {
			continue
		}
		delete(parts, s.ID) // no part is searched twice
		sheets = append(sheets, &sheet{book: w, title: s.Name, part: part})
	}
	return sheets
}

type xmlWorkbook struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		ID    string `xml:"id,attr"`
	} `xml:"sheets>sheet"`
}

type xmlRelations struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// mainPart finds the workbook among the other things that are zip files.
func (w *workbook) mainPart() (string, error) {
	var relations xmlRelations
	if w.archive.has("_rels/.rels") {
		if err := w.archive.decode("_rels/.rels", &relations); err != nil {
			return "", err
		}
	}
	for _, r := range relations.All {
		if strings.HasSuffix(r.Type, "/officeDocument") && strings.HasSuffix(r.Target, "workbook.xml") {
			return r.Target, nil
		}
	}
	if w.archive.has("xl/workbook.xml") {
		return "xl/workbook.xml", nil
	}
	return "", fault.Invalid(field, "这个文件不是 .xlsx 表格。请用 WPS 或 Excel 打开它，另存为 .xlsx，再传一次。")
}

// readParts reads what the workbook refers to, and gives the parts of its
// worksheets by their ids.
func (w *workbook) readParts(main string) (map[string]string, error) {
	var relations xmlRelations
	dir, file := path.Split(main)
	if err := w.archive.decode(dir+"_rels/"+file+".rels", &relations); err != nil {
		return nil, err
	}
	sheets := map[string]string{}
	for _, r := range relations.All {
		part := r.Target
		if !strings.HasPrefix(part, "/") {
			part = dir + part
		}
		var err error
		switch path.Base(r.Type) {
		case "worksheet":
			sheets[r.ID] = part
		case "sharedStrings":
			err = w.readShared(part)
		case "styles":
			err = w.readStyles(part)
		}
		if err != nil {
			return nil, err
		}
	}
	return sheets, nil
}
