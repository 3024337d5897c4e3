package order

import (
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/kit/db"
)

// The counts that are kept with every step, so that a page costs the same however
// many orders there are. Those with a month carry it in their name.
const (
	metricState     = "order_state/"    // orders that stand in a state
	metricLate      = "order_late"      // of them, those over a limit
	metricEscalated = "order_escalated" // of those, the ones that the street was told of
	metricAsked     = "orders"          // asked in the month
	metricDone      = "orders_done"     // closed in the month
	metricInTime    = "orders_in_time"  // answered within the limit, by the month of asking
	metricTooLate   = "orders_too_late"
	metricSolved    = "orders_solved" // the resident's word, by its month
	metricUnsolved  = "orders_unsolved"
	metricGlad      = "orders_satisfied"
	metricFair      = "orders_fair"
	metricSad       = "orders_unsatisfied"
	metricSilent    = "orders_silent" // closed without the resident's word
)

// month is a metric of one month.
func month(metric string, t time.Time) string {
	return metric + "/" + t.In(calendar.Zone()).Format("2006-01")
}

// count keeps the state counts in step with a saved order.
func count(tx *db.Tx, o *Order) {
	was, is := o.was, o.counted()
	o.was = is
	add := func(metric string, delta int64) { place.Count(tx, o.District, o.Community, metric, delta) }
	if was.state != is.state {
		if was.state != "" {
			add(metricState+string(was.state), -1)
		}
		add(metricState+string(is.state), 1)
	}
	if was.state == "" {
		add(month(metricAsked, o.CreatedAt), 1)
	}
	if is.state == Evaluated && was.state != Evaluated {
		add(month(metricDone, o.ClosedAt), 1)
		if o.Satisfaction == "" {
			add(month(metricSilent, o.ClosedAt), 1)
		}
	}
	turned := func(metric string, was, is bool) {
		if is != was {
			add(metric, map[bool]int64{true: 1, false: -1}[is])
		}
	}
	turned(metricLate, was.late, is.late)
	turned(metricEscalated, was.escalated, is.escalated)
}

func ended(s process.State) bool { return s == Evaluated || s == Cancelled }

// countAnswer notes once whether an order got its first answer within the limit.
func countAnswer(tx *db.Tx, o *Order) {
	if o.InTime != "" {
		return
	}
	metric := metricInTime
	o.InTime = "yes"
	if o.Late || !o.DueAt.IsZero() && tx.Now().After(o.DueAt) {
		metric, o.InTime = metricTooLate, "no"
	}
	place.Count(tx, o.District, o.Community, month(metric, o.CreatedAt), 1)
}

// countWord notes the resident's word.
func countWord(tx *db.Tx, o *Order, e Evaluation) {
	if e.Side != SideResident {
		return
	}
	for _, metric := range wordMetrics(e.Satisfaction, e.Solved) {
		place.Count(tx, o.District, o.Community, month(metric, e.At), 1)
	}
}

func wordMetrics(s Satisfaction, solved Solved) []string {
	out := []string{metricSolved}
	if solved == SolvedNo {
		out[0] = metricUnsolved
	}
	switch s {
	case Satisfied:
		return append(out, metricGlad)
	case Fair:
		return append(out, metricFair)
	}
	return append(out, metricSad)
}

// Rate is one of the three rates of 接诉即办 (domain.md 1.13), with its numerator,
// its denominator and how many did not answer.
type Rate struct {
	Label      string // id of its translation
	N, Of      int64
	Unanswered int64
}

// Rates counts the last three months of a place: 响应率 answered within the limit of
// those answered, 解决率 solved and 满意率 satisfied of those whose resident spoke.
func Rates(tx *db.Tx, p place.Place, now time.Time) ([]Rate, error) {
	all := []string{metricAsked, metricInTime, metricTooLate, metricSolved, metricUnsolved, metricGlad, metricFair, metricSad, metricSilent}
	var names []string
	first := calendar.DayOf(now).Start().In(calendar.Zone()).AddDate(0, 0, 1-now.In(calendar.Zone()).Day())
	for back := range 3 {
		for _, m := range all {
			names = append(names, month(m, first.AddDate(0, -back, 0)))
		}
	}
	sums, err := place.Sum(tx, p, names...)
	total := func(metric string) (n int64) {
		for back := range 3 {
			n += sums[month(metric, first.AddDate(0, -back, 0))]
		}
		return n
	}
	answered := total(metricInTime) + total(metricTooLate)
	spoke := total(metricGlad) + total(metricFair) + total(metricSad)
	return []Rate{
		{"按时有人应", total(metricInTime), answered, max(0, total(metricAsked)-answered)},
		{"办成了", total(metricSolved), total(metricSolved) + total(metricUnsolved), total(metricSilent)},
		{"很满意", total(metricGlad), spoke, total(metricSilent)},
	}, err
}

// Facts are the numbers of orders on a place's page.
func Facts(tx *db.Tx, p place.Place) ([]place.Fact, error) {
	now := tx.Now()
	sums, err := place.Sum(tx, p, month(metricAsked, now), month(metricDone, now), metricEscalated)
	if err != nil {
		return nil, err
	}
	facts := []place.Fact{
		{Label: "这个月点单", Value: sums[month(metricAsked, now)]},
		{Label: "这个月办好", Value: sums[month(metricDone, now)]},
	}
	if n := sums[metricEscalated]; n > 0 {
		facts = append(facts, place.Fact{Label: "超时报到街道", Value: n})
	}
	rates, err := Rates(tx, p, now)
	for _, r := range rates {
		facts = append(facts, place.Fact{Label: r.Label, Value: r.N, Rate: true, Of: r.Of, Unanswered: r.Unanswered})
	}
	return facts, err
}

// Recount counts the rows themselves, for the invariant that the kept counts are
// right.
func Recount(tx *db.Tx) ([]place.Tally, error) {
	sums := tallies{}
	rows, err := tx.Query(`SELECT district, community, state, late, escalated, in_time, satisfaction, created_at, coalesce(closed_at, 0) FROM service_order`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o Order
		var created, closed int64
		if err := rows.Scan(&o.District, &o.Community, &o.State, &o.Late, &o.Escalated, &o.InTime, &o.Satisfaction, &created, &closed); err != nil {
			return nil, err
		}
		o.CreatedAt, o.ClosedAt = time.UnixMilli(created), time.UnixMilli(closed)
		sums.order(o)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	err = sums.words(tx)
	return sums.list(), err
}

// tallies counts by district, community and metric.
type tallies map[place.Tally]int64

func (t tallies) add(district int, community, metric string) {
	t[place.Tally{District: district, Community: community, Metric: metric}]++
}

func (t tallies) order(o Order) {
	t.add(o.District, o.Community, metricState+string(o.State))
	t.add(o.District, o.Community, month(metricAsked, o.CreatedAt))
	if o.State == Evaluated {
		t.add(o.District, o.Community, month(metricDone, o.ClosedAt))
		if o.Satisfaction == "" {
			t.add(o.District, o.Community, month(metricSilent, o.ClosedAt))
		}
	}
	if o.Late && !ended(o.State) {
		t.add(o.District, o.Community, metricLate)
	}
	if o.Escalated {
		t.add(o.District, o.Community, metricEscalated)
	}
	switch o.InTime {
	case "yes":
		t.add(o.District, o.Community, month(metricInTime, o.CreatedAt))
	case "no":
		t.add(o.District, o.Community, month(metricTooLate, o.CreatedAt))
	}
}

// words adds the residents' words.
func (t tallies) words(tx *db.Tx) error {
	rows, err := tx.Query(`SELECT o.district, o.community, e.satisfaction, e.solved, e.at FROM evaluation e
		JOIN service_order o ON o.district = e.district AND o.id = e.order_id WHERE e.side = 'resident'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var district int
		var community string
		var s Satisfaction
		var solved Solved
		var at int64
		if err := rows.Scan(&district, &community, &s, &solved, &at); err != nil {
			return err
		}
		for _, metric := range wordMetrics(s, solved) {
			t.add(district, community, month(metric, time.UnixMilli(at)))
		}
	}
	return rows.Err()
}

func (t tallies) list() []place.Tally {
	var out []place.Tally
	for k, n := range t {
		k.N = n
		out = append(out, k)
	}
	return out
}
