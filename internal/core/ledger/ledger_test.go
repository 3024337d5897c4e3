package ledger

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	here      = 130104
	community = "130104016001"
	nextDoor  = "130104016002"
)

// each runs a test on both engines and checks the books at its end.
func each(t *testing.T, test func(*testing.T, *db.DB)) {
	t.Helper()
	dbtest.Each(t, test, dbtest.With(func(ctx context.Context, d *db.DB) error {
		bad, err := findings(ctx, d)
		if err == nil && len(bad) > 0 {
			err = fmt.Errorf("%v", bad)
		}
		return err
	}))
}

func findings(ctx context.Context, d *db.DB) (bad []string, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		bad, err = CheckBooks(tx)
		return err
	})
	return bad, err
}

func purse(owner string) Account { return Account{Owner: owner, Book: "earned", Unit: "points"} }

func issuer(place string) Account {
	return Account{Owner: place, Book: "issued", Unit: "points", Overdraft: true}
}

// award moves amount from the community to the owner.
func award(district int, source, owner string, amount int64) Posting {
	return Posting{District: district, Source: source, Place: community, Memo: "理发", Entries: []Entry{
		{Account: purse(owner), Amount: amount}, {Account: issuer(community), Amount: -amount},
	}}
}

func post(ctx context.Context, d *db.DB, p Posting) (posted bool, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		posted, err = Post(tx, p)
		return err
	})
	return posted, err
}

func balance(t *testing.T, d *db.DB, a Account) (n int64) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = Balance(tx, here, a)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOneSourcePostsOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for i, want := range []bool{true, false, false} {
			posted, err := post(t.Context(), d, award(here, "visit:1", "sun", 2))
			if err != nil || posted != want {
				t.Fatalf("time %d: posted %v, %v", i+1, posted, err)
			}
		}
		if posted, err := post(t.Context(), d, award(here, "visit:2", "sun", 3)); err != nil || !posted {
			t.Fatalf("another source: %v, %v", posted, err)
		}
		if n, out := balance(t, d, purse("sun")), balance(t, d, issuer(community)); n != 5 || out != -5 {
			t.Errorf("the volunteer holds %d, the community %d", n, out)
		}
		if n := balance(t, d, purse("nobody")); n != 0 {
			t.Errorf("who never had anything holds %d", n)
		}
	})
}

func TestNothingIsOverdrawn(t *testing.T) {
	spend := func(source string, amount int64) Posting {
		p := award(here, source, "sun", -amount)
		p.Memo = "换早餐券"
		return p
	}
	each(t, func(t *testing.T, d *db.DB) {
		if _, err := post(t.Context(), d, award(here, "visit:1", "sun", 5)); err != nil {
			t.Fatal(err)
		}
		if _, err := post(t.Context(), d, spend("coupon:1", 6)); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("six of five: %v", err)
		}
		if _, err := post(t.Context(), d, spend("coupon:2", 5)); err != nil {
			t.Errorf("five of five: %v", err)
		}
		if n := balance(t, d, purse("sun")); n != 0 {
			t.Errorf("left: %d", n)
		}
		posted, err := post(t.Context(), d, award(here, "coupon:1", "sun", 1))
		if err != nil || !posted {
			t.Errorf("the source of the refused one was used up: %v %v", posted, err)
		}
	})
}

func TestWhatIsNoPostingIsRefused(t *testing.T) {
	good := award(here, "visit:1", "sun", 2)
	with := func(change func(*Posting)) Posting {
		p := good
		p.Entries = []Entry{good.Entries[0], good.Entries[1]}
		change(&p)
		return p
	}
	minutes := purse("sun")
	minutes.Unit = "minutes"
	d := dbtest.New(t, db.SQLite)
	for name, p := range map[string]Posting{
		"unbalanced":  with(func(p *Posting) { p.Entries[0].Amount = 3 }),
		"one entry":   with(func(p *Posting) { p.Entries = p.Entries[:1] }),
		"nothing":     with(func(p *Posting) { p.Entries[0].Amount, p.Entries[1].Amount = 0, 0 }),
		"two units":   with(func(p *Posting) { p.Entries[0].Account = minutes }),
		"no source":   with(func(p *Posting) { p.Source = "" }),
		"no place":    with(func(p *Posting) { p.Place = "" }),
		"no entries":  with(func(p *Posting) { p.Entries = nil }),
		"a zero line": with(func(p *Posting) { p.Entries = append(p.Entries, Entry{Account: purse("li")}) }),
	} {
		if posted, err := post(t.Context(), d, p); err == nil || posted {
			t.Errorf("%s: posted %v, %v", name, posted, err)
		}
	}
}

// TestLinesCanBePaged pages through movements of which several share a moment.
func TestLinesCanBePaged(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		const all = 7
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range all {
				if _, err := Post(tx, award(here, fmt.Sprintf("visit:%d", i), "sun", 1)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			at, after := tx.Now().AddDate(1, 0, 0), ""
			for range all {
				lines, err := Lines(tx, here, purse("sun"), at, after, 2)
				if err != nil || len(lines) == 0 {
					return err
				}
				for _, l := range lines {
					if seen[l.Source] || l.Memo != "理发" || l.Amount != 1 || l.Balance < 1 || l.Balance > all {
						t.Errorf("line %+v", l)
					}
					seen[l.Source] = true
					at, after = l.At, l.Posting
				}
			}
			return nil
		})
		if err != nil || len(seen) != all {
			t.Errorf("saw %d of %d lines, %v", len(seen), all, err)
		}
	})
}

// TestBooksAgreeWithAModel posts any sequence of movements, repeated ones among
// them, and holds every balance against sums kept beside.
func TestBooksAgreeWithAModel(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			d := dbtest.New(t, engine)
			district := here * 1000 // a fresh one for every run
			rapid.Check(t, func(rt *rapid.T) {
				district++
				m := model{t: rt, db: d, district: district, balances: map[Account]int64{}, posted: map[string]bool{}}
				rt.Repeat(map[string]func(*rapid.T){"post": m.post, "": m.agree})
			})
			if bad, err := findings(t.Context(), d); err != nil || len(bad) > 0 {
				t.Errorf("books: %v %v", bad, err)
			}
		})
	}
}

type model struct {
	t        *rapid.T
	db       *db.DB
	district int
	balances map[Account]int64
	posted   map[string]bool
}

func (m *model) post(t *rapid.T) {
	accounts := []Account{purse("sun"), purse("li"), purse("he"), issuer(community), issuer(nextDoor)}
	from, to := rapid.SampledFrom(accounts).Draw(t, "from"), rapid.SampledFrom(accounts).Draw(t, "to")
	amount := rapid.Int64Range(1, 9).Draw(t, "amount")
	p := Posting{
		District: m.district, Source: fmt.Sprintf("deed:%d", rapid.IntRange(0, 30).Draw(t, "source")),
		Place: rapid.SampledFrom([]string{community, nextDoor}).Draw(t, "place"), Memo: rapid.String().Draw(t, "memo"),
		Entries: []Entry{{Account: to, Amount: amount}, {Account: from, Amount: -amount}},
	}
	if m.db.Engine() == db.Postgres {
		p.Memo = fmt.Sprintf("%x", p.Memo) // its texts hold no NUL
	}
	posted, err := post(context.Background(), m.db, p)
	switch {
	case m.posted[p.Source]:
		if posted || err != nil {
			t.Fatalf("%s again: posted %v, %v", p.Source, posted, err)
		}
	case !from.Overdraft && from != to && m.balances[from] < amount:
		if fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("%d of %d: %v", amount, m.balances[from], err)
		}
	case from == to && !from.Overdraft && m.balances[from] < amount && err != nil:
		// out before in may be refused; nothing moves either way
	case err != nil || !posted:
		t.Fatalf("posted %v, %v", posted, err)
	default:
		m.posted[p.Source] = true
		m.balances[from] -= amount
		m.balances[to] += amount
	}
}

func (m *model) agree(t *rapid.T) {
	err := m.db.Read(context.Background(), func(tx *db.Tx) error {
		for a, want := range m.balances {
			if n, err := Balance(tx, m.district, a); err != nil || n != want {
				return errors.Join(err, fmt.Errorf("%s holds %d, want %d", a.Owner, n, want))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestManyPostAtOnce lets many sides move the same few accounts both ways and
// repeat each other's sources. What they say they posted is what stands there.
func TestManyPostAtOnce(t *testing.T) {
	const sides, rounds, sources = 8, 40, 200
	owners := []string{"sun", "li", "he"}
	each(t, func(t *testing.T, d *db.DB) {
		for i, owner := range owners {
			if _, err := post(t.Context(), d, award(here, fmt.Sprintf("start:%d", i), owner, 5)); err != nil {
				t.Fatal(err)
			}
		}
		var won sync.Map
		var all sync.WaitGroup
		var sum [3]atomic.Int64
		for side := range sides {
			random := rand.New(rand.NewPCG(7, uint64(side)))
			all.Go(func() {
				for range rounds {
					from, to := random.IntN(3), random.IntN(3)
					if from == to {
						continue
					}
					p := transfer(fmt.Sprintf("gift:%d", random.IntN(sources)), owners[from], owners[to], 1+random.Int64N(4))
					posted, err := post(t.Context(), d, p)
					if err != nil && fault.KindOf(err) != fault.KindConflict {
						t.Errorf("%s: %v", p.Source, err)
					}
					if !posted || err != nil {
						continue
					}
					if _, twice := won.LoadOrStore(p.Source, true); twice {
						t.Errorf("%s was posted twice", p.Source)
					}
					sum[from].Add(p.Entries[0].Amount)
					sum[to].Add(p.Entries[1].Amount)
				}
			})
		}
		all.Wait()
		for i, owner := range owners {
			if n := balance(t, d, purse(owner)); n != 5+sum[i].Load() || n < 0 {
				t.Errorf("%s holds %d, moved %d", owner, n, sum[i].Load())
			}
		}
	})
}

func transfer(source, from, to string, amount int64) Posting {
	return Posting{District: here, Source: source, Place: community, Memo: "送", Entries: []Entry{
		{Account: purse(from), Amount: -amount}, {Account: purse(to), Amount: amount},
	}}
}

// TestAccountsAreTakenInOneOrder, however a posting lists them: those that issue first.
func TestAccountsAreTakenInOneOrder(t *testing.T) {
	entries := []Entry{
		{Account{Owner: "z", Book: "issued", Unit: "points", Overdraft: true}, -3}, {Account{Owner: "a", Book: "earned", Unit: "points"}, 1},
		{Account{Owner: "b", Book: "earned", Unit: "points"}, 1}, {Account{Owner: "b", Book: "kept", Unit: "points"}, 1},
	}
	for range 50 {
		mixed := slices.Clone(entries)
		rand.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got := inOrder(mixed); !slices.Equal(got, entries) {
			t.Fatalf("%v are taken as %v", mixed, got)
		}
	}
}

// TestWhatAPostingAttestsIsInItsDigest: the chain covers the row of the record.
func TestWhatAPostingAttestsIsInItsDigest(t *testing.T) {
	one := link{key: "k", posting: award(here, "visit:1", "sun", 2)}
	two, none := one, one
	one.posting.Attests, two.posting.Attests = strings.Repeat("1", 64), strings.Repeat("2", 64)
	if a, b, c := one.digest("", 1), two.digest("", 1), none.digest("", 1); a == b || a == c {
		t.Errorf("digests %s, %s, %s", a, b, c)
	}
}

// TestOppositeTransfersDoNotCross lets two transactions that move points to each
// other reach their posting together: neither has to run twice.
func TestOppositeTransfersDoNotCross(t *testing.T) {
	const rounds = 30
	d := dbtest.New(t, db.Postgres)
	for i, owner := range []string{"sun", "li"} {
		if _, err := post(t.Context(), d, award(here, fmt.Sprintf("start:%d", i), owner, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	var runs atomic.Int64
	for range rounds {
		var ready, all sync.WaitGroup
		ready.Add(2)
		for _, pair := range [][2]string{{"sun", "li"}, {"li", "sun"}} {
			meet := sync.OnceFunc(func() { ready.Done(); ready.Wait() })
			p := transfer(id.New(), pair[0], pair[1], 1)
			all.Go(func() {
				if err := d.Write(t.Context(), func(tx *db.Tx) error {
					runs.Add(1)
					meet()
					_, err := Post(tx, p)
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	if n := runs.Load(); n != 2*rounds {
		t.Errorf("%d runs for %d transfers", n, 2*rounds)
	}
}
