package transfer

import (
	"errors"
	"io"

	"linli/internal/kit/fault"
)

// field is the input that every refusal of a file belongs to.
const field = "file"

// Limits bound what one upload may cost.
type Limits struct {
	Bytes    int64 // size of the file as sent
	Unpacked int64 // bytes of all parts of an XLSX once unpacked
	Ratio    int64 // unpacked bytes for each packed byte, of a part above 1 MB
	Parts    int   // parts in an XLSX
	Rows     int   // rows that hold anything
	Columns  int   // columns that hold anything
	Cell     int   // bytes of one cell
	Shared   int   // bytes of the texts that an XLSX keeps once for all its cells
}

// DefaultLimits take a roster of 200,000 people. A real sheet packs to between a
// fifth and a fiftieth of its size; what packs to less than a two-hundredth is
// made to hurt.
func DefaultLimits() Limits {
	return Limits{
		Bytes: 50 << 20, Unpacked: 512 << 20, Ratio: 200, Parts: 2000,
		Rows: 200_000, Columns: 200, Cell: 100_000, Shared: 128 << 20,
	}
}

// broken is the answer for every file that ends early or contradicts itself.
func broken(cause error) error {
	e := fault.Invalid(field, "这个文件打不开，可能没有传完整。请用 WPS 或 Excel 打开它，另存为 .xlsx，再传一次。")
	e.Cause = cause
	return e
}

// bomb is the answer for what would unpack to far more than a table needs.
func bomb() error {
	return fault.Invalid(field, "这个文件解开以后太大了，不能读。请只留要导入的那张表，另存为 .xlsx，再传一次。")
}

// gulp is the most that may be read for one piece of a file that is kept in memory
// as a whole: a token of XML, a record of CSV. The longest cell of Excel fits.
const gulp = 1 << 20

var errGulp = errors.New("one piece of the file is too long")

// counter knows how much has been read through it, and stops what reads more than
// a gulp without a refill.
type counter struct {
	r           io.Reader
	read, total int64
	left        int
}

func newCounter(r io.Reader, total int64) *counter {
	return &counter{r: r, total: total, left: gulp}
}

func (c *counter) refill() { c.left = gulp }

func (c *counter) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errGulp
	}
	n, err := c.r.Read(p)
	c.read += int64(n)
	c.left -= n
	return n, err
}

// done is the part that has been read, 0 to 1.
func (c *counter) done() float64 {
	if c.total == 0 {
		return 1
	}
	return float64(c.read) / float64(c.total)
}
