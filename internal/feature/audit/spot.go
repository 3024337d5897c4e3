package audit

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/rule"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Month is a month of the civil calendar: "2026-11".
type Month string

// MonthOf is the month of a day.
func MonthOf(d calendar.Day) Month { return Month(d.String()[:len("2026-11")]) }

// first is the first day of the month; ok is false for what is no month.
func (m Month) first() (d calendar.Day, ok bool) {
	t, err := time.Parse("2006-01", string(m))
	return calendar.Day{Year: t.Year(), Month: t.Month(), Day: 1}, err == nil
}

// Next is the month after it.
func (m Month) Next() Month {
	d, _ := m.first()
	return MonthOf(d.Add(31))
}

// Before is the month before it.
func (m Month) Before() Month {
	d, _ := m.first()
	return MonthOf(d.Add(-1))
}

// span is when the month begins and when it is over.
func (m Month) span() (from, to time.Time) {
	d, _ := m.first()
	next, _ := m.Next().first()
	return d.Start(), next.Start()
}

// Row is a row of the record as the draw sees it.
type Row struct {
	ID     string
	Manual bool
}

// Rank is what the draw orders rows by: SHA-256 of "seed:id" in lower-case hex.
func Rank(seed, id string) string {
	sum := sha256.Sum256([]byte(seed + ":" + id))
	return hex.EncodeToString(sum[:])
}

// Draw gives the ids of the rows that are checked: the first per cent by rank, rounded
// up, and every one that was entered by hand. It follows from the seed and the rows
// alone, in whatever order they are given.
func Draw(seed string, rows []Row, percent int) (drawn, manual []string) {
	ranked := slices.Clone(rows)
	slices.SortFunc(ranked, func(a, b Row) int {
		return cmp.Or(cmp.Compare(Rank(seed, a.ID), Rank(seed, b.ID)), cmp.Compare(a.ID, b.ID))
	})
	n := (len(rows)*percent + 99) / 100
	for i, r := range ranked {
		switch {
		case i < n:
			drawn = append(drawn, r.ID)
		case r.Manual:
			manual = append(manual, r.ID)
		}
	}
	return drawn, manual
}

// Seed is the published seed of a month.
type Seed struct {
	Month       Month
	Seed        string
	PublishedAt time.Time
}

// PublishSeeds makes sure that the seeds of this month and the next stand on the
// public page. One that stands never changes.
func (s *Service) PublishSeeds(ctx context.Context, district int) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return PublishSeedsTx(tx, district) })
}

// PublishSeedsTx is PublishSeeds inside the caller's transaction.
func PublishSeedsTx(tx *db.Tx, district int) error {
	month := MonthOf(calendar.DayOf(tx.Now()))
	for _, m := range []Month{month, month.Next()} {
		if _, err := tx.Exec(`INSERT INTO spot_seed (district, month, seed, published_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (district, month) DO NOTHING`, district, string(m), random(), tx.Now().UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

func random() string {
	var b [32]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

func seedsOf(tx *db.Tx, district int, limit int) ([]Seed, error) {
	return db.All(tx, scanSeed, `SELECT month, seed, published_at FROM spot_seed WHERE district = $1 ORDER BY month DESC LIMIT $2`, district, limit)
}

func seedOf(tx *db.Tx, district int, m Month) (Seed, bool, error) {
	return db.One(tx, scanSeed, `SELECT month, seed, published_at FROM spot_seed WHERE district = $1 AND month = $2`, district, string(m))
}

func scanSeed(s db.Scanner) (x Seed, err error) {
	var at int64
	err = s.Scan(&x.Month, &x.Seed, &at)
	x.PublishedAt = time.UnixMilli(at).UTC()
	return x, err
}

// DrawMonth draws the spot check of a community for a month that is over, once. A
// month without a seed, from before this house drew, is not drawn.
func (s *Service) DrawMonth(ctx context.Context, p place.Place, m Month) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return DrawTx(tx, p, m) })
}

// DrawTx is DrawMonth inside the caller's transaction.
func DrawTx(tx *db.Tx, p place.Place, m Month) error {
	_, over := m.span()
	seed, known, err := seedOf(tx, p.District, m)
	if err != nil || !known || tx.Now().Before(over) || !seed.PublishedAt.Before(over) {
		return err
	}
	percent, err := rule.Value(tx, p.District, p.Path, rule.SpotPercent)
	if err != nil {
		return err
	}
	rows, err := rowsOf(tx, p, m)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`INSERT INTO spot_draw (district, community, month, drawn_at, entered, percent) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (district, community, month) DO NOTHING`, p.District, p.ID, string(m), tx.Now().UnixMilli(), len(rows), percent)
	if err != nil || n == 0 {
		return err
	}
	drawn, manual := Draw(seed.Seed, rows, int(percent))
	for why, ids := range map[string][]string{whyDrawn: drawn, whyManual: manual} {
		for _, id := range ids {
			if err := insertCheck(tx, p, m, id, why); err != nil {
				return err
			}
		}
	}
	event.Append(tx, event.Event{District: p.District, Community: p.ID, Act: "spot.drawn", Kind: "spot", Subject: p.ID + ":" + string(m),
		Data: event.Data{"rows": len(rows), "drawn": len(drawn), "manual": len(manual)}})
	return nil
}

// Why a row is checked.
const (
	whyDrawn  = "drawn"
	whyManual = "manual"
)

// rowsOf lists the rows of a month that a draw is made from.
func rowsOf(tx *db.Tx, p place.Place, m Month) ([]Row, error) {
	from, to := m.span()
	all, err := record.EnteredIn(tx, p.District, p.ID, from, to)
	var rows []Row
	for _, r := range all {
		if !r.Withdraws() {
			rows = append(rows, Row{r.ID, r.Kind == record.FromHand})
		}
	}
	return rows, err
}

func insertCheck(tx *db.Tx, p place.Place, m Month, id, why string) error {
	_, err := tx.Exec(`INSERT INTO spot_check (district, id, version, community, month, record, why, state, decided_by, decided_at, answer)
		VALUES ($1, $2, 1, $3, $4, $5, $6, 'open', '', NULL, '') ON CONFLICT (district, community, month, record) DO NOTHING`,
		p.District, tx.NewID(), p.ID, string(m), id, why)
	return err
}

// Check is one row of a spot check.
type Check struct {
	District  int
	ID        string
	Version   int64
	Community string
	Month     Month
	Record    string
	Why       string
	State     process.State
	DecidedBy string
	DecidedAt time.Time
	Answer    string

	at access.Target
}

// ProcessID, ProcessState, ProcessTarget and ProcessCommunity make a check the
// subject of its process.
func (c *Check) ProcessID() string            { return c.ID }
func (c *Check) ProcessState() process.State  { return c.State }
func (c *Check) ProcessTarget() access.Target { return c.at }
func (c *Check) ProcessCommunity() string     { return c.Community }

// States and steps of a check.
const (
	Passed process.State = "passed"
	Failed process.State = "failed"

	StepPassing = "passing"
	StepFailing = "failing"
)

// Checks is the way of one row of a spot check.
var Checks = process.Table{
	Name: "spot", Version: 1,
	States: []process.StateInfo{
		{Name: Open, Label: "等人查"}, {Name: Passed, Label: "查过，属实", End: true}, {Name: Failed, Label: "查过，不属实", End: true},
	},
	Steps: []process.Step{
		{Name: StepPassing, Label: "属实", From: []process.State{Open}, To: Passed, Permission: access.SpotCheck},
		{Name: StepFailing, Label: "不属实，作废", From: []process.State{Open}, To: Failed, Permission: access.SpotCheck},
	},
}

// Result is what somebody found at a row.
type Result struct {
	Outcome string `json:"outcome" label:"属不属实" required:"true" enum:"passing,failing" doc:"passing 属实，failing 不属实：那条作废" example:"passing"`
	Answer  string `json:"answer" label:"怎么查的" required:"true" maxLength:"500" lines:"true" example:"给被帮的人打过电话，来过"`
}

// Review says what was found at a row of a spot check; one that is false is withdrawn.
// The reviewer is not the
// recorder: not who entered or approved it, not who answers for it, not who served.
func (s *Service) Review(ctx context.Context, who access.Who, id string, in Result) (CheckView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (CheckView, error) {
		c, err := seekCheck(tx, who, id)
		if err != nil {
			return CheckView{}, err
		}
		if err := ReviewTx(tx, who, c, in); err != nil {
			return CheckView{}, err
		}
		return viewCheck(tx, who, c)
	})
}

// ReviewTx is Review inside the caller's transaction.
func ReviewTx(tx *db.Tx, who access.Who, c *Check, in Result) error {
	answer := identity.CleanText(in.Answer)
	return Checks.Do(tx, who, c, process.Move{
		Step: in.Outcome,
		Check: func() error {
			if answer == "" {
				return fault.Invalid("answer", "请写是怎么查的。")
			}
			return c.reviewedBy(tx, who)
		},
		Save: func(to process.State) (bool, error) {
			c.State, c.DecidedBy, c.DecidedAt, c.Answer = to, who.Person, tx.Now(), answer
			return saveCheck(tx, c)
		},
		Effect: func() error { return c.disprove(tx, who, in.Outcome, answer) },
		Data:   event.Data{"record": c.Record, "outcome": in.Outcome},
	})
}

// reviewedBy refuses whoever had a hand in the row.
func (c *Check) reviewedBy(tx *db.Tx, who access.Who) error {
	hands, err := c.recorders(tx)
	if err == nil && slices.Contains(hands, who.Person) {
		err = fault.Forbidden("记的人和查的人不能是一个人，要由别人来查。")
	}
	return err
}

// disprove withdraws a row that was found to be false.
func (c *Check) disprove(tx *db.Tx, who access.Who, outcome, answer string) error {
	if outcome != StepFailing {
		return nil
	}
	r, err := record.Get(tx, c.District, c.Record)
	if err != nil {
		return err
	}
	return withdraw(tx, who, r, answer)
}

// recorders had a hand in the row, or in one that it stands for.
func (c *Check) recorders(tx *db.Tx) (hands []string, err error) {
	for id := c.Record; id != ""; {
		r, err := record.Get(tx, c.District, id)
		if err != nil {
			return nil, err
		}
		approver, err := record.Approver(tx, r)
		if err != nil {
			return nil, err
		}
		hands = append(hands, r.Volunteer, r.EnteredBy, r.InCharge, approver)
		id = r.Replaces
	}
	return slices.DeleteFunc(hands, func(id string) bool { return id == "" }), nil
}

const checkColumns = `district, id, version, community, month, record, why, state, decided_by, decided_at, answer`

func saveCheck(tx *db.Tx, c *Check) (bool, error) {
	n, err := tx.Exec(`UPDATE spot_check SET version = version + 1, state = $4, decided_by = $5, decided_at = $6, answer = $7
		WHERE district = $1 AND id = $2 AND version = $3 AND state = 'open'`,
		c.District, c.ID, c.Version, string(c.State), c.DecidedBy, c.DecidedAt.UnixMilli(), c.Answer)
	c.Version++
	return n == 1, err
}

// checksOf lists the rows of a spot check, by their ids.
func checksOf(tx *db.Tx, p place.Place, m Month) ([]Check, error) {
	return db.All(tx, scanCheck, `SELECT `+checkColumns+` FROM spot_check
		WHERE district = $1 AND community = $2 AND month = $3 ORDER BY record`, p.District, p.ID, string(m))
}

func seekCheck(tx *db.Tx, who access.Who, id string) (*Check, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return nil, err
	}
	for _, district := range districts {
		c, found, err := db.One(tx, scanCheck, `SELECT `+checkColumns+` FROM spot_check WHERE district = $1 AND id = $2`, district, id)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		p, err := place.Get(tx, c.Community)
		if err != nil {
			return nil, err
		}
		if c.at = p.Target(); access.May(who, access.RecordRead, c.at) {
			return &c, nil
		}
	}
	return nil, fault.NotFound("没有这条抽查。")
}

func scanCheck(s db.Scanner) (c Check, err error) {
	var decided *int64
	err = s.Scan(&c.District, &c.ID, &c.Version, &c.Community, &c.Month, &c.Record, &c.Why, &c.State, &c.DecidedBy, &decided, &c.Answer)
	if decided != nil {
		c.DecidedAt = time.UnixMilli(*decided).UTC()
	}
	return c, err
}
