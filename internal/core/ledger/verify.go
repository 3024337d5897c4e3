package ledger

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"linli/internal/kit/db"
	"linli/internal/kit/digest"
)

// Hash is a SHA-256.
type Hash [32]byte

// Verified is what a walk over the books of a copy found.
type Verified struct {
	Postings, Entries int64
	Attested          map[Hash]bool // what postings stand for
	Heads             map[string]ChainHead
	Bad               []string // one line a finding

	chains map[where]*chainWalk
}

// Held says whether the chain of a place goes through a number with a hash that was
// published.
func (v *Verified) Held(place string, seq int64, hash string) bool {
	is, ok := parse(hash)
	for at, c := range v.chains {
		if at.place == place && ok && seq >= 1 && seq <= int64(len(c.hash)) {
			return c.hash[seq-1] == is
		}
	}
	return false
}

// Verify walks over all postings and entries of a copy, each once, and finds any that
// was changed, removed or put in: every posting is hashed anew, every chain is
// followed from its first number to its head, every posting sums to zero and every
// balance equals its entries. It keeps two hashes a posting in memory.
func Verify(ctx context.Context, c *db.Copy) (*Verified, error) {
	v := &verifier{
		copy: c, Verified: &Verified{Attested: map[Hash]bool{}, Heads: map[string]ChainHead{}, chains: map[where]*chainWalk{}},
		sums: map[string]int64{}, waiting: map[string]walked{}, strays: map[string][]step{},
	}
	for _, part := range []func(context.Context) error{v.walk, v.accounts, v.heads} {
		if err := part(ctx); err != nil {
			return nil, err
		}
	}
	return v.Verified, nil
}

type verifier struct {
	*Verified
	copy    *db.Copy
	sums    map[string]int64  // by account
	waiting map[string]walked // postings whose entries did not stand beside them
	strays  map[string][]step
	room    []byte
}

// chainWalk is a chain as far as it has been read, in whatever order.
type chainWalk struct {
	hash, prev []Hash
	seen       []bool
}

// step is one entry, with its number.
type step struct {
	district, no, at int64
	line             line
}

// walked is a posting with its number and hash as they stand in the row.
type walked struct {
	link
	seq        int64
	prev, hash string
	is         Hash // as it is computed
}

// orders in which postings and entries stand beside each other: as they were written
// in a file, by their key on a server.
func (v *verifier) orders() (postings, entries string) {
	if v.copy.Engine() == db.SQLite {
		return "rowid", "rowid"
	}
	return "district, id", "district, posting, line"
}

// walk goes over postings and entries side by side.
func (v *verifier) walk(ctx context.Context) (err error) {
	byPosting, byEntry := v.orders()
	entries, err := v.copy.Walk(ctx, `posting, line, account, amount, balance, at, district`, `FROM ledger_entry ORDER BY `+byEntry)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, entries.Close()) }()
	next := &entryWalk{Walk: entries}
	if err := next.advance(v); err != nil {
		return err
	}
	if err := v.copy.Each(ctx, `id, district, place, source, memo, reverses, attests, at, seq, prev, hash`, `FROM ledger_posting ORDER BY `+byPosting, func(w *db.Walk) {
		v.Postings++
		p := posting(w)
		steps, wrong := next.of(v, p.key)
		err = errors.Join(err, wrong)
		if !v.fits(&p, steps) {
			v.waiting[p.key] = p
			v.strays[p.key] = append(v.strays[p.key], steps...)
			return
		}
		v.judge(p, steps)
	}); err != nil {
		return err
	}
	for !next.done && err == nil {
		v.strays[next.posting] = append(v.strays[next.posting], next.now)
		err = next.advance(v)
	}
	v.settle()
	return err
}

// posting reads a row of the walk.
func posting(w *db.Walk) walked {
	return walked{
		link: link{key: w.Text(0), at: w.Number(7), posting: Posting{
			District: int(w.Number(1)), Place: w.Text(2), Source: w.Text(3), Memo: w.Text(4), Reverses: w.Text(5), Attests: w.Text(6)}},
		seq: w.Number(8), prev: w.Text(9), hash: w.Text(10),
	}
}

// entryWalk is one entry ahead.
type entryWalk struct {
	*db.Walk
	posting string
	now     step
	done    bool
	steps   []step
}

func (e *entryWalk) advance(v *verifier) error {
	more, err := e.Next()
	if err != nil || !more {
		e.done, e.posting = true, ""
		return err
	}
	v.Entries++
	e.posting = e.Text(0)
	e.now = step{district: e.Number(6), no: e.Number(1), at: e.Number(5), line: line{account: e.Text(2), amount: e.Number(3), balance: e.Number(4)}}
	v.sums[e.now.line.account] += e.now.line.amount
	return nil
}

// of takes the entries of a posting that stand next.
func (e *entryWalk) of(v *verifier, key string) ([]step, error) {
	e.steps = e.steps[:0]
	for !e.done && e.posting == key {
		e.steps = append(e.steps, e.now)
		if err := e.advance(v); err != nil {
			return nil, err
		}
	}
	return e.steps, nil
}

// settle judges what did not stand side by side.
func (v *verifier) settle() {
	for _, key := range slices.Sorted(maps.Keys(v.waiting)) {
		steps := v.strays[key]
		slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.no, b.no) })
		p := v.waiting[key]
		v.fits(&p, steps)
		v.judge(p, steps)
		delete(v.strays, key)
	}
	for _, key := range slices.Sorted(maps.Keys(v.strays)) {
		v.bad("an entry of posting %s belongs nowhere", key)
	}
	for _, at := range slices.SortedFunc(maps.Keys(v.chains), where.compare) {
		v.follow(at, v.chains[at])
	}
}

func (v *verifier) bad(text string, args ...any) {
	v.Bad = append(v.Bad, "ledger: "+fmt.Sprintf(text, args...))
}

// fits says whether a posting with these entries has the hash that it should.
func (v *verifier) fits(p *walked, steps []step) bool {
	p.lines = p.lines[:0]
	for _, s := range steps {
		p.lines = append(p.lines, s.line)
	}
	v.room = p.append(v.room[:0], p.prev, p.seq)
	p.is = digest.Bytes(v.room)
	hash, ok := parse(p.hash)
	return ok && hash == p.is
}

// judge says what is wrong with a posting and puts it into its chain.
func (v *verifier) judge(p walked, steps []step) {
	var sum int64
	for i, s := range steps {
		if s.no != int64(i) || s.at != p.at || s.district != int64(p.posting.District) {
			v.bad("entry %d of posting %s is out of line", s.no, p.key)
		}
		sum += s.line.amount
	}
	if sum != 0 {
		v.bad("posting %s sums to %d", p.key, sum)
	}
	if hash, ok := parse(p.hash); !ok || hash != p.is {
		v.bad("posting %s, number %d of %s, %s, is not as it was booked", p.key, p.seq, p.where(), p.posting.Source)
	}
	if p.posting.Attests != "" {
		if attests, ok := parse(p.posting.Attests); ok {
			v.Attested[attests] = true
		}
	}
	prev, _ := parse(p.prev)
	v.place(p.where(), p.seq, p.is, prev)
}

// parse reads a hash; the empty text is that before the first.
func parse(text string) (h Hash, ok bool) {
	if text == "" {
		return h, true
	}
	if len(text) != 2*len(h) {
		return h, false
	}
	_, err := hex.Decode(h[:], []byte(text))
	return h, err == nil
}

// beyond is a number that no chain of this copy can have reached.
const beyond = 1 << 20

// place puts a posting into its chain.
func (v *verifier) place(at where, seq int64, hash, prev Hash) {
	c := v.chains[at]
	if c == nil {
		c = &chainWalk{}
		v.chains[at] = c
	}
	if seq < 1 || seq > int64(len(c.seen))+beyond+v.Postings {
		v.bad("the chain of %s has a number %d out of line", at, seq)
		return
	}
	if missing := int(seq) - len(c.seen); missing > 0 {
		c.hash, c.prev, c.seen = append(c.hash, make([]Hash, missing)...), append(c.prev, make([]Hash, missing)...), append(c.seen, make([]bool, missing)...)
	}
	if c.seen[seq-1] {
		v.bad("the chain of %s has number %d twice", at, seq)
	}
	c.hash[seq-1], c.prev[seq-1], c.seen[seq-1] = hash, prev, true
}

// follow goes along a chain from its first number.
func (v *verifier) follow(at where, c *chainWalk) {
	var before Hash
	for i := range c.seen {
		if !c.seen[i] {
			v.bad("the chain of %s lacks number %d", at, i+1)
		} else if c.prev[i] != before {
			v.bad("the chain of %s breaks at number %d", at, i+1)
		}
		before = c.hash[i]
	}
}

// accounts holds every balance against the entries.
func (v *verifier) accounts(ctx context.Context) error {
	err := v.copy.Each(ctx, `id, balance, overdraft`, `FROM ledger_account`, func(w *db.Walk) {
		id, balance := w.Text(0), w.Number(1)
		if v.sums[id] != balance {
			v.bad("account %s holds %d, its entries %d", id, balance, v.sums[id])
		}
		if overdraft := w.Text(2) == "true" || w.Text(2) == "1"; balance < 0 && !overdraft {
			v.bad("account %s is overdrawn", id)
		}
		delete(v.sums, id)
	})
	for _, id := range slices.Sorted(maps.Keys(v.sums)) {
		v.bad("entries of account %s, which is not there", id)
	}
	return err
}

// heads holds the end of every chain against its head.
func (v *verifier) heads(ctx context.Context) error {
	known := map[where]bool{}
	err := v.copy.Each(ctx, `district, place, seq, hash`, `FROM ledger_chain`, func(w *db.Walk) {
		at, seq, hash := where{int(w.Number(0)), w.Text(1)}, w.Number(2), w.Text(3)
		known[at], v.Heads[at.place] = true, ChainHead{seq, hash}
		c := v.chains[at]
		if c == nil {
			c = &chainWalk{}
		}
		if is, _ := parse(hash); int64(len(c.hash)) != seq || seq > 0 && c.hash[seq-1] != is {
			v.bad("the chain of %s ends at number %d, its head says %d", at, len(c.hash), seq)
		}
	})
	for _, at := range slices.SortedFunc(maps.Keys(v.chains), where.compare) {
		if !known[at] {
			v.bad("the chain of %s has no head", at)
		}
	}
	return err
}

// Sources names the postings that attest rows which were not met.
func Sources(ctx context.Context, c *db.Copy, open func(Hash) bool) (names []string, err error) {
	err = c.Each(ctx, `source, attests`, `FROM ledger_posting WHERE attests <> '' ORDER BY source`, func(w *db.Walk) {
		if h, ok := parse(w.Text(1)); ok && open(h) {
			names = append(names, w.Text(0))
		}
	})
	return names, err
}
