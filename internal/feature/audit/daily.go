package audit

import (
	"context"
	"maps"
	"slices"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/ledger"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/job"
)

const jobDaily = "audit.daily"

// Schedule registers the daily work: the heads of the chains, the seeds, the teams, the
// draws.
func (s *Service) Schedule(r *job.Runner) {
	r.Periodic(jobDaily, job.Daily(5*time.Minute, calendar.Zone()), func(ctx context.Context, j *job.Job) error {
		if err := s.Daily(ctx, j.District); err != nil {
			return err
		}
		return s.db.Write(ctx, j.Done)
	})
}

// Daily puts the heads of a district's chains and the seeds on the public pages, looks
// at the teams once more, and draws the spot checks of the month that is over. Doing it
// again changes nothing.
func (s *Service) Daily(ctx context.Context, district int) error {
	if district == 0 {
		return nil // nobody's district
	}
	if err := s.PublishSeeds(ctx, district); err != nil {
		return err
	}
	var communities []string
	if err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		communities, err = showHeads(tx, district)
		return err
	}); err != nil {
		return err
	}
	for _, id := range communities {
		if err := s.db.Write(ctx, func(tx *db.Tx) error {
			p, err := place.Get(tx, id)
			if err != nil {
				return ignoreMissing(err)
			}
			if err := lookAtTeams(tx, p); err != nil {
				return err
			}
			return DrawTx(tx, p, MonthOf(calendar.DayOf(tx.Now())).Before())
		}); err != nil {
			return err
		}
	}
	return nil
}

// showHeads keeps today's head of every chain, as it is shown in public; the first of
// a day stays. It gives the places that have a chain.
func showHeads(tx *db.Tx, district int) ([]string, error) {
	heads, err := ledger.Heads(tx, district)
	if err != nil {
		return nil, err
	}
	communities := slices.Sorted(maps.Keys(heads))
	for _, id := range communities {
		if _, err := tx.Exec(`INSERT INTO chain_day (district, community, day, seq, hash, shown_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (district, community, day) DO NOTHING`,
			district, id, calendar.DayOf(tx.Now()).String(), heads[id].Seq, heads[id].Hash, tx.Now().UnixMilli()); err != nil {
			return nil, err
		}
	}
	return communities, nil
}

// shownToday says whether the daily work of a district has been done.
func shownToday(tx *db.Tx, district int) (done bool, err error) {
	var day string
	return tx.Get(`SELECT day FROM chain_day WHERE district = $1 AND day = $2 LIMIT 1`, []any{district, calendar.DayOf(tx.Now()).String()}, &day)
}
