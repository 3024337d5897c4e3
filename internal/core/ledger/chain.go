package ledger

import (
	"cmp"
	"fmt"
	"slices"

	"linli/internal/kit/db"
	"linli/internal/kit/digest"
)

// link is a posting as it stands in its place's chain.
type link struct {
	key     string // the posting's id
	at      int64  // UTC milliseconds
	posting Posting
	lines   []line
}

// where is the place whose chain a link belongs to.
func (l link) where() where { return where{l.posting.District, l.posting.Place} }

// where names a chain.
type where struct {
	district int
	place    string
}

func (w where) compare(o where) int {
	return cmp.Or(cmp.Compare(w.district, o.district), cmp.Compare(w.place, o.place))
}

func (w where) String() string { return fmt.Sprintf("%d/%s", w.district, w.place) }

// pending are the postings of one transaction until its end.
type pending struct{ links []link }

type pendingKey struct{}

// chainLater puts l into its chain at the very end of the transaction. Queued
// twice, so that the heads are taken after the event numbers, at which all
// transactions of a district wait for each other anyway.
func chainLater(tx *db.Tx, l link) {
	p := db.Value(tx, pendingKey{}, func() *pending { return &pending{} })
	if len(p.links) == 0 {
		tx.Last(func() error {
			tx.Last(func() error { return p.write(tx) })
			return nil
		})
	}
	p.links = append(p.links, l)
}

// write chains what was collected, place by place, so that two transactions never
// wait for each other in a circle.
func (p *pending) write(tx *db.Tx) error {
	links := p.links
	p.links = nil
	slices.SortStableFunc(links, func(a, b link) int { return a.where().compare(b.where()) })
	for len(links) > 0 {
		n := 1
		for n < len(links) && links[n].where() == links[0].where() {
			n++
		}
		if err := chain(tx, links[:n]); err != nil {
			return err
		}
		links = links[n:]
	}
	return nil
}

// chain gives the postings of one place their numbers and hashes. Taking the numbers
// locks the place's head until the commit, so the chain cannot fork.
func chain(tx *db.Tx, links []link) error {
	district, place := links[0].posting.District, links[0].posting.Place
	var last int64
	var prev string
	if _, err := tx.Get(`INSERT INTO ledger_chain (district, place, seq, hash) VALUES ($1, $2, $3, '')
		ON CONFLICT (district, place) DO UPDATE SET seq = ledger_chain.seq + excluded.seq RETURNING seq, hash`,
		[]any{district, place, len(links)}, &last, &prev); err != nil {
		return err
	}
	for i, l := range links {
		seq := last - int64(len(links)-1-i)
		hash := l.digest(prev, seq)
		if _, err := tx.Exec(`UPDATE ledger_posting SET seq = $3, prev = $4, hash = $5 WHERE district = $1 AND id = $2`,
			district, l.key, seq, prev, hash); err != nil {
			return err
		}
		prev = hash
	}
	_, err := tx.Exec(`UPDATE ledger_chain SET hash = $3 WHERE district = $1 AND place = $2`, district, place, prev)
	return err
}

// digest is SHA-256 over the fields, each with its length before it, so that no
// two postings share a text. What a posting attests is a field only when there is
// something: the digests of before stay as they were.
func (l link) digest(prev string, seq int64) string {
	var room [1024]byte
	return digest.Sum(l.append(room[:0], prev, seq))
}

// append writes down what is hashed.
func (l link) append(b []byte, prev string, seq int64) []byte {
	p := &l.posting
	b = digest.Text(b, prev)
	b = digest.Number(b, seq)
	b = digest.Text(b, l.key)
	b = digest.Number(b, l.at)
	b = digest.Number(b, int64(p.District))
	for _, s := range []string{p.Place, p.Source, p.Memo, p.Reverses} {
		b = digest.Text(b, s)
	}
	b = digest.Number(b, int64(len(l.lines)))
	for _, entry := range l.lines {
		b = digest.Text(b, entry.account)
		b = digest.Number(b, entry.amount)
		b = digest.Number(b, entry.balance)
	}
	if p.Attests != "" {
		b = digest.Text(b, p.Attests)
	}
	return b
}

// Head is the newest number and hash of a place's chain, for publishing.
func Head(tx *db.Tx, district int, place string) (seq int64, hash string, err error) {
	_, err = tx.Get(`SELECT seq, hash FROM ledger_chain WHERE district = $1 AND place = $2`,
		[]any{district, place}, &seq, &hash)
	return seq, hash, err
}

// Heads lists the heads of a district's chains, by place.
func Heads(tx *db.Tx, district int) (map[string]ChainHead, error) {
	type named struct {
		place string
		ChainHead
	}
	list, err := db.All(tx, func(s db.Scanner) (n named, err error) { return n, s.Scan(&n.place, &n.Seq, &n.Hash) },
		`SELECT place, seq, hash FROM ledger_chain WHERE district = $1`, district)
	out := map[string]ChainHead{}
	for _, n := range list {
		out[n.place] = n.ChainHead
	}
	return out, err
}

// ChainHead is the newest number and hash of a chain.
type ChainHead struct {
	Seq  int64
	Hash string
}
