package place

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"linli/internal/kit/db"
)

// Tally is how many there are of one metric in one community.
type Tally struct {
	District  int
	Community string
	Metric    string
	N         int64
}

// where is the key of a maintained count.
type where struct {
	district          int
	metric, community string
}

// pending are the changes of one transaction until its end.
type pending struct {
	deltas map[where]int64
	queued bool
}

type pendingKey struct{}

// Count adds delta to a maintained count of a community, at the very end of the
// transaction. A metric is named by its owner, with the month where it has one:
// "residents", "orders/2026-11". Whoever counts also gives CheckCounts a Recount.
func Count(tx *db.Tx, district int, community, metric string, delta int64) {
	p := db.Value(tx, pendingKey{}, func() *pending { return &pending{deltas: map[where]int64{}} })
	p.deltas[where{district, metric, community}] += delta
	if !p.queued {
		p.queued = true
		// Queued twice, so that the counts come after the event numbers: all
		// transactions of a district wait at its event counter and then take the
		// rows here one after the other, without deadlocks.
		tx.Last(func() error {
			tx.Last(func() error { return p.write(tx) })
			return nil
		})
	}
}

func (p *pending) write(tx *db.Tx) error {
	deltas := p.deltas
	p.deltas, p.queued = map[where]int64{}, false
	for _, w := range slices.SortedFunc(maps.Keys(deltas), where.compare) {
		if deltas[w] == 0 {
			continue
		}
		_, err := tx.Exec(`INSERT INTO place_count (district, metric, community, n) VALUES ($1, $2, $3, $4)
			ON CONFLICT (district, metric, community) DO UPDATE SET n = place_count.n + excluded.n`,
			w.district, w.metric, w.community, deltas[w])
		if err != nil {
			return err
		}
	}
	return nil
}

func (w where) compare(o where) int {
	if w.district != o.district {
		return w.district - o.district
	}
	return strings.Compare(w.metric+" "+w.community, o.metric+" "+o.community)
}

// Sum adds up the counts of a place and everything below it. A metric that was
// never counted is 0. Below a community nothing is counted.
func Sum(tx *db.Tx, p Place, metrics ...string) (map[string]int64, error) {
	if p.Level == Community || len(metrics) == 0 {
		return sumCommunity(tx, p, metrics)
	}
	keys, err := districts(tx, p)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, district := range keys {
		if err := sumDistrict(tx, p, district, metrics, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func sumCommunity(tx *db.Tx, p Place, metrics []string) (map[string]int64, error) {
	out := map[string]int64{}
	for _, metric := range metrics {
		var n int64
		_, err := tx.Get(`SELECT n FROM place_count WHERE district = $1 AND metric = $2 AND community = $3`,
			[]any{p.District, metric, p.ID}, &n)
		if err != nil {
			return nil, err
		}
		out[metric] = n
	}
	return out, nil
}

// sumDistrict adds what the communities of one district that lie in p count.
// They are picked here and not by a join, whose plan would depend on statistics
// that a young database has not.
func sumDistrict(tx *db.Tx, p Place, district int, metrics []string, out map[string]int64) error {
	communities, err := CommunitiesUnder(tx, district, p.Path)
	if err != nil || len(communities) == 0 {
		return err
	}
	inside := make(map[string]bool, len(communities))
	for _, c := range communities {
		inside[c.ID] = true
	}
	args := []any{district}
	for _, metric := range metrics {
		args = append(args, metric)
	}
	tallies, err := db.All(tx, scanTally, `SELECT district, metric, community, n FROM place_count
		WHERE district = $1 AND metric IN (`+db.Places(2, len(metrics))+`)`, args...)
	for _, t := range tallies {
		if inside[t.Community] {
			out[t.Metric] += t.N
		}
	}
	return err
}

func scanTally(s db.Scanner) (t Tally, err error) {
	return t, s.Scan(&t.District, &t.Metric, &t.Community, &t.N)
}

// Recount counts the rows themselves, of every district and community.
type Recount func(tx *db.Tx) ([]Tally, error)

// CheckCounts is the invariant of the maintained counts: each equals what the
// rows say. It names every difference, and counts that nobody recounts.
func CheckCounts(recounts ...Recount) func(tx *db.Tx) ([]string, error) {
	return func(tx *db.Tx) ([]string, error) {
		want := map[where]int64{}
		for _, recount := range recounts {
			tallies, err := recount(tx)
			if err != nil {
				return nil, err
			}
			for _, t := range tallies {
				want[where{t.District, t.Metric, t.Community}] += t.N
			}
		}
		have, err := kept(tx)
		if err != nil {
			return nil, err
		}
		return differences(want, have), nil
	}
}

func kept(tx *db.Tx) (map[where]int64, error) {
	tallies, err := db.All(tx, scanTally, `SELECT district, metric, community, n FROM place_count`)
	out := map[where]int64{}
	for _, t := range tallies {
		out[where{t.District, t.Metric, t.Community}] = t.N
	}
	return out, err
}

func differences(want, have map[where]int64) []string {
	all := maps.Clone(want)
	maps.Copy(all, have)
	var bad []string
	for _, w := range slices.SortedFunc(maps.Keys(all), where.compare) {
		if want[w] != have[w] {
			bad = append(bad, fmt.Sprintf("place: %s of %s in %d is kept as %d but there are %d",
				w.metric, w.community, w.district, have[w], want[w]))
		}
	}
	return bad
}
