package db_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) {
	if runChild() {
		return
	}
	dbtest.Main(m)
}

// notes is a fresh table in a fresh database of each engine.
func notes(t *testing.T, test func(t *testing.T, d *db.DB), opts ...dbtest.Option) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		createNotes(t, d)
		test(t, d)
	}, opts...)
}

func createNotes(t testing.TB, d *db.DB) {
	t.Helper()
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE note (district INTEGER NOT NULL, id BIGINT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (district, id))`)
		return err
	}))
}

func add(tx *db.Tx, id int64) error {
	_, err := tx.Exec(`INSERT INTO note (district, id, words) VALUES ($1, $2, $3)`, district, id, "灯坏了")
	return err
}

func adding(id int64) func(*db.Tx) error {
	return func(tx *db.Tx) error { return add(tx, id) }
}

// ids are the notes that a new transaction sees.
func ids(t testing.TB, d *db.DB) (all []int64) {
	t.Helper()
	must(t, d.Read(context.Background(), func(tx *db.Tx) (err error) {
		all, err = db.All(tx, scanID, `SELECT id FROM note WHERE district = $1 ORDER BY id`, district)
		return err
	}))
	return all
}

func scanID(row db.Scanner) (id int64, err error) { return id, row.Scan(&id) }

func wantIDs(t testing.TB, d *db.DB, want ...int64) {
	t.Helper()
	if got := ids(t, d); !slices.Equal(got, want) {
		t.Errorf("notes are %v, want %v", got, want)
	}
}

func wantError(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error is %v, want %v", got, want)
	}
}

var errRefused = errors.New("refused by the rules")

func TestWriteIsAllOrNothing(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), adding(1)))
		wantError(t, d.Write(t.Context(), func(tx *db.Tx) error {
			must(t, add(tx, 2))
			return errRefused
		}), errRefused)
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			must(t, add(tx, 3))
			panic("a mistake")
		}); fault.KindOf(err) != fault.KindInternal {
			t.Errorf("a panic became %v", err)
		}
		wantIDs(t, d, 1)
	})
}

func TestNothingIsCommittedAfterAFailedStatement(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			must(t, add(tx, 1))
			_ = add(tx, 1)
			if err := add(tx, 2); !db.IsUnique(err) {
				t.Errorf("the statement after a failed one: %v", err)
			}
			return nil
		})
		if !db.IsUnique(err) {
			t.Errorf("a swallowed violation was answered with %v", err)
		}
		wantIDs(t, d)
	})
}

func TestAClosureThatEndsItsGoroutineLeavesNothing(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		for id := range int64(20) { // more often than there are connections
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = d.Write(context.Background(), func(tx *db.Tx) error {
					must(t, add(tx, id))
					runtime.Goexit()
					return nil
				})
			}()
			<-ended
		}
		must(t, d.Write(t.Context(), adding(50)))
		wantIDs(t, d, 50)
	})
}

func TestReadCannotWrite(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		if err := d.Read(t.Context(), adding(1)); err == nil {
			t.Error("a Read has written")
		}
		wantIDs(t, d)
	})
}

func TestReadSeesOneMoment(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			count := func() (n int64) {
				_, err := tx.Get(`SELECT count(*) FROM note WHERE district = $1`, []any{district}, &n)
				must(t, err)
				return n
			}
			before := count()
			must(t, d.Write(context.Background(), adding(1)))
			if after := count(); after != before {
				t.Errorf("%d notes became %d during one Read", before, after)
			}
			return nil
		}))
	})
}

func TestNestedBeginIsRefused(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		nothing := func(*db.Tx) error { return nil }
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			wantError(t, d.Write(tx.Context(), nothing), db.ErrNested)
			wantError(t, d.Read(tx.Context(), nothing), db.ErrNested)
			return nil
		}))
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			wantError(t, d.Write(tx.Context(), nothing), db.ErrNested)
			return nil
		}))
	})
}

func TestLastRunsLastAndAfterCommitOnlyAfterIt(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		var order []string
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			order = nil
			tx.AfterCommit(func() {
				order = append(order, "after")
				wantIDs(t, d, 1, 2)
			})
			tx.Last(func() error {
				order = append(order, "last")
				tx.Last(func() error { order = append(order, "later still"); return add(tx, 2) })
				return nil
			})
			order = append(order, "first")
			return add(tx, 1)
		}))
		if want := []string{"first", "last", "later still", "after"}; !slices.Equal(order, want) {
			t.Errorf("order was %v, want %v", order, want)
		}
		wantError(t, d.Write(t.Context(), func(tx *db.Tx) error {
			tx.AfterCommit(func() { t.Error("AfterCommit ran after a rollback") })
			tx.Last(func() error { return errRefused })
			return nil
		}), errRefused)
	})
}

func TestSignalWakesListenersAfterTheCommit(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		woken, stop := d.Listen("notes")
		wantError(t, d.Write(t.Context(), func(tx *db.Tx) error { tx.Signal("notes"); return errRefused }), errRefused)
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { tx.Signal("elsewhere"); return nil }))
		select {
		case <-woken:
			t.Error("woken without a commit")
		default:
		}
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { tx.Signal("notes"); return add(tx, 1) }))
		<-woken
		stop()
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { tx.Signal("notes"); return nil }))
		if len(woken) > 0 {
			t.Error("woken after stop")
		}
	})
}

func TestOneTransactionHasOneMoment(t *testing.T) {
	manual := clock.NewManual(time.Date(2026, 3, 1, 8, 0, 0, 123_456_789, time.FixedZone("CST", 8*3600)))
	notes(t, func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			before := tx.Now()
			manual.Add(time.Hour)
			if tx.Now() != before || before.Nanosecond()%1e6 != 0 || before.Location() != time.UTC {
				t.Errorf("now went from %v to %v", before, tx.Now())
			}
			past := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
			if tx.At(past); tx.Now() != past {
				t.Errorf("now is %v, want %v", tx.Now(), past)
			}
			return nil
		}))
	}, dbtest.Clock(manual))
}

func TestOneTextRunsOnBothEngines(t *testing.T) {
	for _, query := range []string{
		`SELECT count(*) FILTER (WHERE id > $2) FROM note WHERE district = $1 AND ($2 = 0 OR id > $2)`,
		`SELECT count(*) FROM note WHERE district = $1 AND (district, id) > ($1, $2)`,
		`SELECT coalesce(sum(id), 0) FROM note WHERE district = $1 AND id <> $2 AND TRUE IS DISTINCT FROM FALSE`,
		`WITH kept AS (SELECT id FROM note WHERE district = $1) SELECT count(*) FROM kept WHERE id > $2`,
		`INSERT INTO note (district, id, words) VALUES ($1, $2, '') ON CONFLICT (district, id) DO UPDATE SET words = excluded.words RETURNING id`,
		`SELECT id FROM note WHERE district = $1 ORDER BY nullif(id, $2) NULLS LAST LIMIT 1`,
	} {
		notes(t, func(t *testing.T, d *db.DB) {
			must(t, d.Write(t.Context(), func(tx *db.Tx) error {
				must(t, add(tx, 1))
				var n int64
				found, err := tx.Get(query, []any{district, 0}, &n)
				if !found {
					t.Errorf("no row of %s", query)
				}
				return err
			}))
		})
	}
}

func TestRowsLeftOpenDoNotHoldTheConnection(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { must(t, add(tx, 1)); return add(tx, 2) }))
		for range 20 { // more often than there are connections
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				rows, err := tx.Query(`SELECT id FROM note WHERE district = $1`, district)
				must(t, err)
				if !rows.Next() {
					t.Error("no rows")
				}
				return nil
			}))
		}
	})
}

func TestGetAndOneSayWhenThereIsNone(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			var id int64
			found, err := tx.Get(`SELECT id FROM note WHERE district = $1`, []any{district}, &id)
			if found || err != nil {
				t.Errorf("Get: %v, %v", found, err)
			}
			_, found, err = db.One(tx, scanID, `SELECT id FROM note WHERE district = $1`, district)
			if found || err != nil {
				t.Errorf("One: %v, %v", found, err)
			}
			return nil
		}))
	})
}

func TestValueIsKeptForOneTransaction(t *testing.T) {
	notes(t, func(t *testing.T, d *db.DB) {
		made := 0
		get := func(tx *db.Tx) int { return db.Value(tx, "key", func() int { made++; return made }) }
		for want := 1; want <= 2; want++ {
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				if a, b := get(tx), get(tx); a != want || b != want {
					t.Errorf("values are %d and %d, want %d", a, b, want)
				}
				return nil
			}))
		}
	})
}

func TestOptimizeTakesStatistics(t *testing.T) {
	known := map[db.Engine]string{
		db.SQLite:   `SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'note' AND stat LIKE '300 %'`,
		db.Postgres: `SELECT count(*) FROM pg_class WHERE relname = 'note' AND reltuples = 300`,
	}
	notes(t, func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range int64(300) {
				must(t, add(tx, i))
			}
			return nil
		}))
		must(t, d.Optimize(t.Context()))
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			var tables int
			_, err := tx.Get(known[d.Engine()], nil, &tables)
			if tables != 1 {
				t.Error("the engine does not know how many notes there are")
			}
			return err
		}))
	})
}

func TestCloseDrainsAndRefuses(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			d, err := db.Open(t.Context(), dbtest.DSN(t, engine), db.Options{})
			must(t, err)
			createNotes(t, d)
			running, closed, written := make(chan struct{}), make(chan error), make(chan error)
			release := make(chan struct{})
			go func() {
				written <- d.Write(context.Background(), func(tx *db.Tx) error {
					close(running)
					<-release
					return add(tx, 1)
				})
			}()
			<-running
			go func() { closed <- d.Close() }()
			close(release)
			must(t, <-written)
			must(t, <-closed)
			wantError(t, d.Write(t.Context(), adding(2)), db.ErrClosed)
			wantError(t, d.Read(t.Context(), adding(2)), db.ErrClosed)
		})
	}
}
