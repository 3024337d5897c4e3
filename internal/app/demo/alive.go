package demo

import (
	"context"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/audit"
	"linli/internal/feature/exchange"
	"linli/internal/feature/points"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// alive lets something of every kind stand open in 东风路南, so that whoever looks at
// the demo sees each part at work: stars, an honour, a spot check, a finding, an
// objection, coupons, a donation. What the day does not allow (no points in the first
// days of January, nothing in notice after a long holiday) is left out.
func (d *Demo) alive(ctx context.Context, a *app.App) error {
	s := &scenes{Demo: d}
	today := calendar.DayOf(d.now)
	morning := func(day calendar.Day) time.Time { return day.Start().Add(9 * time.Hour) }
	for n, scene := range []struct {
		at time.Time
		do func(tx *db.Tx, who access.Who) (done bool, err error)
	}{
		{morning(d.monthBefore()), s.seeded},
		{morning(today.Add(-22)), s.tabled},
		{morning(today.Add(-21)), s.proposed},
		{morning(today.Add(-20)), s.approved},
		{d.longDay().Add(10 * time.Hour), s.served},
		{d.now, s.proposed},
		{d.now, s.drawn},
		{d.now, s.objected},
		{d.now, func(tx *db.Tx, who access.Who) (bool, error) { return s.exchanged(tx, who, a.Exchange) }},
	} {
		if err := d.play(ctx, a.DB, scene.at, n, scene.do); err != nil {
			return err
		}
	}
	return s.finish(ctx, a)
}

// play lets a scene happen at its moment with the first volunteer with whom it can:
// each try is a transaction of its own.
func (d *Demo) play(ctx context.Context, in *db.DB, at time.Time, n int, do func(*db.Tx, access.Who) (bool, error)) error {
	for i, x := range d.accounts {
		if x.Role != access.Volunteer && x.Role != access.TeamLeader {
			continue
		}
		var done bool
		err := in.Write(ctx, func(tx *db.Tx) (err error) {
			tx.Replay(at, d.main.replay(kindShow, n*len(d.accounts)+i))
			done, err = do(tx, d.known(x.Name))
			return err
		})
		if err != nil && fault.KindOf(err) == fault.KindInternal || done {
			return err
		}
	}
	return nil
}

// scenes remember what one leaves for the next.
type scenes struct {
	*Demo
	star   string // id of the last one proposed
	coupon string // number of the one to be used
}

// finish takes the steps that need no past: what was approved is given, checks get
// their results, a coupon is used.
func (s *scenes) finish(ctx context.Context, a *app.App) error {
	stars, district := star.NewService(a.DB), s.main.district()
	if err := stars.Award(ctx, district); err != nil {
		return err
	}
	today, worker := calendar.DayOf(s.now), s.main.worker
	round, err := stars.Open(ctx, worker, star.RoundDraft{Place: s.main.id, Kind: star.Fairest, Seats: 3, NominateTo: today.Add(10), VoteTo: today.Add(20)})
	if err == nil {
		_, err = stars.Nominate(ctx, s.known("陈小梅"), round.ID, star.Nomination{Volunteer: s.phone("孙淑琴"), Words: "我妈复诊，她陪了一整年，一次没落下"})
	}
	if err != nil {
		return err
	}
	if err := s.checked(ctx, a); err != nil {
		return err
	}
	if s.coupon != "" {
		if _, err := a.Exchange.Redeem(ctx, worker, exchange.Redemption{Code: s.coupon}); err != nil {
			return err
		}
	}
	_, err = points.NewService(a.DB).Donate(ctx, worker, points.DonationDraft{Place: s.main.id, Phone: s.phone("何玉兰"), Item: "棉衣", Quantity: 3})
	return err
}

// known is somebody of 东风路南 as they act, by name.
func (d *Demo) known(name string) access.Who {
	return d.main.actor(d.main.soulNamed(name), access.Volunteer)
}

func (d *Demo) phone(name string) string { return d.main.souls[d.main.soulNamed(name)].phone }

// monthBefore is the first day of the month whose spot check is drawn now.
func (d *Demo) monthBefore() calendar.Day {
	first := calendar.DayOf(d.now)
	first.Day = 1
	day := first.Add(-1)
	day.Day = 1
	return day
}

// seeded publishes what the draw of last month follows from.
func (s *scenes) seeded(tx *db.Tx, _ access.Who) (bool, error) {
	return true, audit.PublishSeedsTx(tx, s.main.district())
}

// tabled gives the community a table of stars that streets have in use: by the hours
// of the year.
func (s *scenes) tabled(tx *db.Tx, _ access.Who) (bool, error) {
	t := star.Examples()[2].Table
	draft := star.TableDraft{Place: s.main.id, Yearly: t.Yearly, Hours: t.Hours[:], Workdays: t.Workdays, From: calendar.DayOf(tx.Now())}
	for _, level := range t.Approvers {
		draft.Approvers = append(draft.Approvers, string(level))
	}
	_, err := star.SetTableTx(tx, access.System(), draft)
	return true, err
}

// proposed lets the house propose the star that somebody's hours are worth.
func (s *scenes) proposed(tx *db.Tx, who access.Who) (done bool, err error) {
	s.star, err = star.ProposeTx(tx, s.main.district(), who.Person)
	return s.star != "", err
}

// approved puts it into its public notice.
func (s *scenes) approved(tx *db.Tx, _ access.Who) (bool, error) {
	if s.star == "" {
		return true, nil
	}
	_, err := star.DecideTx(tx, s.main.worker, s.star, star.Verdict{Agree: true})
	return true, err
}

// longDay is the last Saturday, on which somebody helped longer than a day should be.
func (d *Demo) longDay() time.Time {
	day := calendar.DayOf(d.now).Add(-1)
	for day.Start().Weekday() != time.Saturday {
		day = day.Add(-1)
	}
	return day.Start().Add(8 * time.Hour)
}

// served is nine and a half hours of one person, entered by hand at the station and
// approved by the street: the house finds it by itself.
func (s *scenes) served(tx *db.Tx, who access.Who) (bool, error) {
	from := s.longDay()
	e, err := record.ProposeTx(tx, s.main.worker, record.Manual{
		Volunteer: who.Person, Name: "便民服务日", Category: "clean_public", Content: "搭台、引导、收场",
		StartedAt: from, EndedAt: from.Add(570 * time.Minute), Reason: "活动现场没有网", Proof: "签到表上有签名",
	})
	if err != nil {
		return false, err
	}
	officer, err := s.officer(tx)
	if err != nil {
		return false, err
	}
	return true, record.JudgeTx(tx, officer, e, record.StepApproval, record.Judgement{Answer: "签到表对得上"})
}

// drawn is the spot check of last month.
func (s *scenes) drawn(tx *db.Tx, _ access.Who) (bool, error) {
	p, err := place.Get(tx, s.main.id)
	if err != nil {
		return false, err
	}
	return true, audit.DrawTx(tx, p, audit.MonthOf(s.monthBefore()))
}

// checked lets the street give all but the last of them a result.
func (d *Demo) checked(ctx context.Context, a *app.App) error {
	var all []audit.CheckView
	var officer access.Who
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := place.Get(tx, d.main.id)
		if err == nil {
			officer, err = d.officer(tx)
		}
		if err == nil {
			all, err = audit.ChecksAt(tx, officer, p, audit.MonthOf(d.monthBefore()))
		}
		return err
	})
	for i := 0; err == nil && i < len(all)-1; i++ {
		_, err = audit.NewService(a.DB).Review(ctx, officer, all[i].ID, audit.Result{Outcome: "passing", Answer: "给被帮的人打过电话，来过"})
	}
	return err
}

// officer is the street's as they act.
func (d *Demo) officer(tx *db.Tx) (access.Who, error) {
	x := d.accounts[slices.IndexFunc(d.accounts, func(x Account) bool { return x.Role == access.StreetOfficer })]
	at, err := place.Get(tx, x.Place)
	return access.Who{Person: x.person, Name: x.Name, District: at.District,
		Grants: []access.Grant{{Role: x.Role, District: at.District, Place: at.ID, Path: at.Path}}}, err
}

// objected is what a neighbour says against a row in public notice.
func (s *scenes) objected(tx *db.Tx, _ access.Who) (bool, error) {
	notice, err := record.InNoticeAt(tx, s.main.district(), s.main.id, record.Cursor{}, 1)
	if err != nil || len(notice.Items) == 0 {
		return true, err
	}
	_, err = record.ObjectTx(tx, s.known("崔桂珍"), record.Complaint{Record: notice.Items[0].ID, Words: "那天下午我看见他在别处"})
	return true, err
}

// exchanged are two coupons of one volunteer: one to be used at the station, one kept.
func (s *scenes) exchanged(tx *db.Tx, who access.Who, shelf *exchange.Service) (bool, error) {
	s.coupon = ""
	rewards, err := exchange.OfferedAt(tx, s.main.district(), s.main.id)
	if err != nil {
		return false, err
	}
	used := ""
	for _, r := range rewards {
		if r.Name != soap().Name && r.Name != "早餐券" {
			continue
		}
		c, err := shelf.TakeTx(tx, who, r.ID)
		if err != nil {
			return false, err
		}
		if r.Merchant == "" {
			used = c.Number
		}
	}
	s.coupon = used
	return true, nil
}
