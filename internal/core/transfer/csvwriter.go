package transfer

import (
	"bufio"
	"encoding/csv"
	"io"
)

// csvWriter writes UTF-8 with the mark by which Excel knows it.
type csvWriter struct {
	buffer *bufio.Writer
	w      *csv.Writer
	width  int // cells of every row, once there are headings
	rows   int
}

func newCSVWriter(w io.Writer) (*csvWriter, error) {
	buffer := bufio.NewWriter(w)
	c := &csvWriter{buffer: buffer, w: csv.NewWriter(buffer)}
	c.w.UseCRLF = true
	_, err := buffer.Write(utf8BOM)
	return c, err
}

// title is left out: whoever reads CSV expects the headings first.
func (c *csvWriter) title(string) error { return nil }

func (c *csvWriter) headings(names []string) error {
	c.width = len(names)
	return c.write(names)
}

func (c *csvWriter) row(cells []Cell) error {
	record := make([]string, max(len(cells), c.width))
	for i, cell := range cells {
		record[i] = cell.String()
	}
	return c.write(record)
}

func (c *csvWriter) skipTo(number int) error {
	for c.rows < number-1 {
		if err := c.write(nil); err != nil {
			return err
		}
	}
	return nil
}

func (c *csvWriter) write(record []string) error {
	c.rows++
	return c.w.Write(record)
}

func (c *csvWriter) close() error {
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return err
	}
	return c.buffer.Flush()
}
