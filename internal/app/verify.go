package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"linli/internal/core/ledger"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Audit is what was found in a copy of a database.
type Audit struct {
	Records, Postings, Entries int64
	Heads                      map[string]ledger.ChainHead // by place
	Bad                        []string                    // one line a finding; none means that the books hold
}

// Verify checks records, postings and entries in a copy of a database, which it only
// reads: any one row that was changed, removed or put in is found. Heads that were
// published, "place:number:hash", are held against the chains too: without one, who
// can rewrite the whole database can rewrite its chain.
func Verify(ctx context.Context, dsn string, heads ...string) (a Audit, err error) {
	c, err := db.OpenCopy(ctx, dsn)
	if err != nil {
		return a, err
	}
	defer func() {
		if closed := c.Close(); err == nil {
			err = closed
		}
	}()
	books, err := ledger.Verify(ctx, c)
	if err != nil {
		return a, fmt.Errorf("the books cannot be read: %w", err)
	}
	a = Audit{Postings: books.Postings, Entries: books.Entries, Heads: books.Heads, Bad: books.Bad}
	rows, bad, err := record.Verify(ctx, c, books.Attested)
	if err != nil {
		return a, fmt.Errorf("the record cannot be read: %w", err)
	}
	a.Records, a.Bad = rows, append(a.Bad, bad...)
	for _, text := range heads {
		if err := a.compare(books, text); err != nil {
			return a, err
		}
	}
	return a, nil
}

// compare holds a published head against the chain.
func (a *Audit) compare(books *ledger.Verified, text string) error {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return fault.Invalid("head", "链头请写成 社区代码:第几笔:指纹。")
	}
	seq, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fault.Invalid("head", "链头请写成 社区代码:第几笔:指纹。")
	}
	if !books.Held(parts[0], seq, parts[2]) {
		a.Bad = append(a.Bad, fmt.Sprintf("ledger: the chain of %s does not go through the published number %d", parts[0], seq))
	}
	return nil
}
