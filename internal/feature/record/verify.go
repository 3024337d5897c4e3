package record

import (
	"context"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/ledger"
	"linli/internal/kit/db"
	"linli/internal/kit/digest"
)

// Verify walks over all rows of the record in a copy and holds each against the
// postings that attest them: it finds any that was changed, removed or put in.
func Verify(ctx context.Context, c *db.Copy, attested map[ledger.Hash]bool) (rows int64, bad []string, err error) {
	var room []byte
	err = c.Each(ctx, ``+columns+`, day`, `FROM service_record`, func(w *db.Walk) {
		rows++
		room = appendWalked(room[:0], w)
		is := ledger.Hash(digest.Bytes(room))
		if attested[is] && w.Text(dayColumn) == calendar.DayOf(time.UnixMilli(w.Number(startedColumn))).String() {
			attested[is] = false // met
			return
		}
		bad = append(bad, "record: the row "+w.Text(1)+", "+w.Text(2)+", is not as it was entered")
	})
	if err != nil {
		return rows, bad, err
	}
	gone, err := ledger.Sources(ctx, c, func(h ledger.Hash) bool { return attested[h] })
	for _, source := range gone {
		bad = append(bad, "record: the row that "+source+" stands for is gone or changed")
	}
	return rows, bad, err
}

// Places of the columns that are read by themselves.
const (
	startedColumn = 11
	dayColumn     = 24
)

// appendWalked writes down a row as Digest does, in its order: the columns as they
// are kept, the day after the content. A number is written like its decimal text.
func appendWalked(b []byte, w *db.Walk) []byte {
	for i := range dayColumn {
		if i == startedColumn {
			b = digest.Text(b, w.Text(dayColumn))
		}
		b = digest.Text(b, w.Text(i))
	}
	return b
}
