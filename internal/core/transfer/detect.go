package transfer

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"linli/internal/kit/fault"
)

// source is a sheet that can be read from its start any number of times.
type source interface {
	name() string
	lines() lines
}

// sources lists the sheets in which a table may stand, by the file's content.
func sources(r io.ReaderAt, size int64, limits Limits) ([]source, error) {
	if size == 0 {
		return nil, fault.Invalid(field, "这是个空文件。")
	}
	if size > limits.Bytes {
		return nil, fault.Invalid(field, "文件最大 %d MB，这个有 %d MB。请分成几份再传。", limits.Bytes>>20, size>>20)
	}
	sample, err := readSample(r, size)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(sample, []byte("PK")) {
		return openWorkbook(r, size, limits)
	}
	if err := refuseOthers(r, size, sample); err != nil {
		return nil, err
	}
	return csvSources(r, size, sample, limits), nil
}

// sampleSize is how much of a file is looked at to tell what it is.
const sampleSize = 256 << 10

func readSample(r io.ReaderAt, size int64) ([]byte, error) {
	sample := make([]byte, min(size, sampleSize))
	if _, err := r.ReadAt(sample, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return sample, nil
}

// refuseOthers answers for the kinds of file that people take for a table.
func refuseOthers(r io.ReaderAt, size int64, sample []byte) error {
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(sample, utf8BOM), " \t\r\n"))
	switch {
	case bytes.HasPrefix(sample, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return refuseOLE(r, size)
	case bytes.HasPrefix(start, []byte("%pdf-")):
		return fault.Invalid(field, "这是 PDF，读不出表格。请传 .xlsx 或 .csv 文件。")
	case bytes.HasPrefix(start, []byte("<")):
		return fault.Invalid(field, "这个文件其实是网页，只是名字像表格。请用 WPS 或 Excel 打开它，另存为 .xlsx，再传一次。")
	case bytes.IndexByte(sample, 0) >= 0 && !hasUTF16BOM(sample):
		return fault.Invalid(field, "这个文件不是表格。请传 .xlsx 或 .csv 文件。")
	}
	return nil
}

// refuseOLE answers for compound files: an XLSX with a password is one, with a
// stream of that name in its directory, and so is every old .xls.
func refuseOLE(r io.ReaderAt, size int64) error {
	encrypted := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	content, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return err
	}
	if bytes.Contains(content, encrypted) {
		return fault.Invalid(field, "这个文件加了密码。请先去掉密码，另存以后再传。")
	}
	return fault.Invalid(field, "这是老格式的表格（.xls）。请用 WPS 或 Excel 打开它，另存为 .xlsx，再传一次。")
}

var utf8BOM = []byte("\xEF\xBB\xBF")

func hasUTF16BOM(sample []byte) bool {
	return bytes.HasPrefix(sample, []byte("\xFF\xFE")) || bytes.HasPrefix(sample, []byte("\xFE\xFF"))
}

// encodingOf tells how a text file is written; nil for UTF-8, which needs no
// decoding. What is not UTF-8 and bears no mark is GB18030, of which GBK and
// GB 2312 are parts.
func encodingOf(sample []byte, whole bool) encoding.Encoding {
	switch {
	case hasUTF16BOM(sample):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case isUTF8(sample, whole):
		return nil
	default:
		return simplifiedchinese.GB18030
	}
}

// isUTF8 allows for a last character that the end of the sample cuts.
func isUTF8(sample []byte, whole bool) bool {
	for cut := 0; !whole && cut < utf8.UTFMax-1 && cut < len(sample); cut++ {
		if utf8.Valid(sample[:len(sample)-cut]) {
			return true
		}
	}
	return utf8.Valid(sample)
}
