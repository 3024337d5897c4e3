package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/order"
	"linli/internal/feature/record"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// The people of a bulk: the same few however many orders, so that everybody's own
// history grows with them.
const (
	bulkResidents  = 300
	bulkVolunteers = 100
	bulkYears      = 3 // over which the orders lie
	bulkAtOnce     = 50_000
)

// bulk fills the town's community with n orders in every state, one in twenty of
// them open, each with its offer, assignment, visit, evaluations, record and events.
// The rows are made inside the database; the counts by counting them.
func bulk(b testing.TB, w *town.Town, n int) {
	b.Helper()
	settleBulk(b, w)
	d, ctx := w.App.DB, context.Background()
	step := int64(bulkYears*365*24*time.Hour/time.Millisecond) / int64(n)
	first := d.Clock().Now().UnixMilli() - step*int64(n)
	names := rows{
		"N": fmt.Sprint(n), "AT": fmt.Sprintf("(%d + i * %d)", first, step), "D": fmt.Sprint(place.DistrictOf(town.Community)), "C": town.Community, "P": town.Building,
		"PATH": pathOf(b, w, town.Building), "ORDER": uid("8000", "i"), "OFFER": uid("8001", "i"), "VISIT": uid("8002", "i"), "RECORD": uid("8003", "i"),
		"WHO":   "CASE WHEN i % 300 = 0 THEN '" + w.Person("孟桂兰").ID + "' ELSE " + uid("8004", "i % 300") + " END",
		"HELP":  "CASE WHEN (i / 3) % 100 = 0 THEN '" + w.Person("韩立新").ID + "' ELSE " + uid("8005", "(i / 3) % 100") + " END",
		"STATE": `CASE WHEN i % 20 = 0 THEN CASE (i / 20) % 6 WHEN 0 THEN 'requested' WHEN 1 THEN 'verified' WHEN 2 THEN 'dispatched' WHEN 3 THEN 'accepted' WHEN 4 THEN 'serving' ELSE 'finished' END WHEN i % 20 = 1 THEN 'cancelled' ELSE 'evaluated' END`,
	}
	for from := 0; from < n; from += bulkAtOnce {
		names["FROM"], names["TO"] = fmt.Sprint(from), fmt.Sprint(min(from+bulkAtOnce, n))
		for _, statement := range bulkStatements() {
			exec(b, d, names.fill(statement))
		}
	}
	exec(b, d, names.fill(`INSERT INTO event_counter (district, no) VALUES (<D>, 4 * <N> + 1000000)
		ON CONFLICT (district) DO UPDATE SET no = excluded.no`))
	exec(b, d, names.fill(`INSERT INTO record_total (district, volunteer, year, grade_a, grade_b, grade_c, grade_m, records)
		SELECT district, volunteer, 0, 0, sum(minutes), 0, 0, count(*) FROM service_record GROUP BY district, volunteer`))
	exec(b, d, names.fill(`INSERT INTO served (district, volunteer, category, times, last_at)
		SELECT district, volunteer, category, count(*), max(started_at) FROM service_record GROUP BY district, volunteer, category`))
	keepCounts(b, w)
	if err := d.Optimize(ctx); err != nil {
		b.Fatal(err)
	}
}

// settleBulk moves the residents and the volunteers in.
func settleBulk(b testing.TB, w *town.Town) {
	b.Helper()
	w.Write(func(tx *db.Tx) error {
		for i := range bulkResidents + bulkVolunteers {
			p := person.Person{ID: fmt.Sprintf("01930000-0000-7000-8004-%012d", i), Name: fmt.Sprintf("居民%d", i), Place: town.Building, Door: fmt.Sprintf("%d", i)}
			if i >= bulkResidents {
				p.ID, p.Name = fmt.Sprintf("01930000-0000-7000-8005-%012d", i-bulkResidents), fmt.Sprintf("邻居%d", i)
			}
			p, err := person.Insert(tx, p)
			if err != nil {
				return err
			}
			if i < bulkResidents {
				continue
			}
			v, err := volunteer.New(tx, p, volunteer.FromStation)
			if err != nil {
				return err
			}
			v.Status, v.Skills = volunteer.Active, []string{"haircut"}
			if err := volunteer.Put(tx, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// uid is SQL for the id of the i-th thing of a kind.
func uid(kind, i string) string {
	return "'01930000-0000-7000-" + kind + "-' || substr(CAST(1000000000000 + (" + i + ") AS TEXT), 2)"
}

func pathOf(b testing.TB, w *town.Town, id string) (path string) {
	b.Helper()
	w.Write(func(tx *db.Tx) error {
		p, err := place.Get(tx, id)
		path = p.Path
		return err
	})
	return path
}

// rows fills the names in a statement, as <WHO>, with their SQL for the i-th order.
type rows map[string]string

func (r rows) fill(statement string) string {
	var pairs []string
	for name, sql := range r {
		pairs = append(pairs, "<"+name+">", sql)
	}
	return strings.NewReplacer(pairs...).Replace(statement)
}

// bulkStatements insert the rows of the orders from FROM to TO.
func bulkStatements() []string {
	const numbers = `WITH RECURSIVE n(i) AS (SELECT CAST(<FROM> AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < <TO>),
		o AS (SELECT i, <AT> AS t, <STATE> AS state, <WHO> AS who, <HELP> AS helper FROM n) `
	const answered = ` FROM o WHERE state IN ('accepted', 'serving', 'finished', 'evaluated')`
	return []string{
		numbers + `INSERT INTO service_order (district, id, number, version, state, category, title, words, urgency, risk, flags, needs_check,
			community, place, place_path, address, phone, lat, lng, for_person, requester, acting, source, window_from, window_to, people_needed,
			taken, wave, returns, code_secret, code_failures, satisfaction, solved, note, in_time, due_at, late, escalated,
			created_at, dispatched_at, accepted_at, started_at, finished_at, closed_at)
			SELECT <D>, <ORDER>, 'b' || CAST(i AS TEXT), 1, state, 'haircut', '上门理发', '想请人来家里理个发', 'normal', '', '', state = 'requested',
			'<C>', '<P>', '<PATH>', '3号楼', '15400000000', 38.03, 114.47, who, who, 'self', 'app', NULL, NULL, 1,
			CASE WHEN state IN ('accepted', 'serving', 'finished', 'evaluated') THEN 1 ELSE 0 END, 1, 0, 's', 0,
			CASE WHEN state = 'evaluated' THEN 'satisfied' ELSE '' END, CASE WHEN state = 'evaluated' THEN 'yes' ELSE '' END, '',
			CASE WHEN state IN ('requested', 'verified', 'cancelled') THEN '' ELSE 'yes' END, NULL, FALSE, FALSE,
			t, t + 1000, t + 2000, t + 3000, t + 4000, CASE WHEN state IN ('evaluated', 'cancelled') THEN t + 5000 END FROM o`,
		numbers + `INSERT INTO offer (district, id, order_id, wave, kind, candidate, asked, state, sent_at, answer_by, answered_at, answered_by, reason)
			SELECT <D>, <OFFER>, <ORDER>, 1, 'volunteer', helper, helper, CASE WHEN state = 'dispatched' THEN 'open' ELSE 'accepted' END,
			t + 1000, t + 90000, CASE WHEN state <> 'dispatched' THEN t + 2000 END, '', '' FROM o WHERE state NOT IN ('requested', 'verified', 'cancelled')`,
		numbers + `INSERT INTO assignment (district, order_id, volunteer, team, state, for_person, asked_at, busy_from, busy_to, since, ended_at)
			SELECT <D>, <ORDER>, helper, '', CASE WHEN state = 'evaluated' THEN 'served' ELSE 'active' END, who, t, NULL, NULL, t + 2000, NULL` + answered,
		numbers + `INSERT INTO visit (district, id, order_id, volunteer, team, state, in_at, out_at, minutes, by_code, by_position, sent_later, claimed_at,
			distance, grade, confirmed_by, confirmed_at, booked)
			SELECT <D>, <VISIT>, <ORDER>, helper, '', 'done', t + 3000, t + 3603000, 60, TRUE, FALSE, FALSE, NULL, NULL, 'B', '', NULL, state = 'evaluated'
			FROM o WHERE state IN ('finished', 'evaluated')`,
		numbers + `INSERT INTO evaluation (district, order_id, side, person, round, entered_by, satisfaction, solved, reasons, words, at)
			SELECT <D>, <ORDER>, side, CASE WHEN side = 'volunteer' THEN helper ELSE who END, 0, who, 'satisfied', CASE WHEN side = 'resident' THEN 'yes' ELSE '' END, '', '谢谢', t + 5000
			FROM o, (SELECT 'resident' AS side UNION ALL SELECT 'volunteer' UNION ALL SELECT 'station') AS sides WHERE state = 'evaluated'`,
		numbers + `INSERT INTO service_record (district, id, source, volunteer, community, order_id, number, name, category, place, content, day,
			started_at, ended_at, minutes, grade, organiser, in_charge, entered_by, entered_at)
			SELECT <D>, <RECORD>, 'visit:' || <VISIT>, helper, '<C>', <ORDER>, 'b' || CAST(i AS TEXT), '上门理发', 'haircut', '<P>', '上门理发', '2026-01-01',
			t + 3000, t + 3603000, 60, 'B', '<C>', who, '', t + 5000 FROM o WHERE state = 'evaluated'`,
		numbers + `INSERT INTO event (district, no, at, community, actor, act, subject_kind, subject, data)
			SELECT <D>, 4 * i + k + 1000000, t + 1000 * k, '<C>', CASE WHEN k IN (0, 3) THEN who ELSE helper END,
			CASE k WHEN 0 THEN 'order.request' WHEN 1 THEN 'order.acceptance' WHEN 2 THEN 'order.completion' ELSE 'order.evaluation' END, 'order', <ORDER>, '{}'
			FROM o, (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS acts`,
	}
}

// exec runs a statement outside of the house's transactions, which end after ten
// seconds.
func exec(b testing.TB, d *db.DB, statement string) {
	b.Helper()
	if _, err := d.SQL().ExecContext(context.Background(), statement); err != nil {
		b.Fatalf("%v in %.300s", err, statement)
	}
}

// keepCounts brings the counts of places up to the rows.
func keepCounts(b testing.TB, w *town.Town) {
	b.Helper()
	var tallies []place.Tally
	if err := w.App.DB.Read(context.Background(), func(tx *db.Tx) error {
		orders, err := order.Recount(tx)
		if err != nil {
			return err
		}
		hours, err := record.Recount(tx)
		tallies = append(orders, hours...)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	w.Write(func(tx *db.Tx) error {
		for _, t := range tallies {
			place.Count(tx, t.District, t.Community, t.Metric, t.N)
		}
		return nil
	})
}
