package exchange

import (
	"context"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

const (
	jobExpire   = "coupon.expire"
	expireBatch = 50
	mineMost    = 100 // coupons that one page shows
)

// Schedule registers the periodic work of this package.
func (s *Service) Schedule(r *job.Runner) {
	r.Periodic(jobExpire, job.Daily(1*time.Hour+10*time.Minute, calendar.Zone()), func(ctx context.Context, j *job.Job) error {
		if err := s.Expire(ctx, j.District); err != nil {
			return err
		}
		return s.db.Write(ctx, j.Done)
	})
}

// Take exchanges points for a coupon.
func (s *Service) Take(ctx context.Context, who access.Who, reward string) (CouponView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (CouponView, error) {
		c, err := s.TakeTx(tx, who, reward)
		if err != nil {
			return CouponView{}, err
		}
		return s.view(tx, c)
	})
}

// TakeTx is Take inside the caller's transaction.
func (s *Service) TakeTx(tx *db.Tx, who access.Who, reward string) (Coupon, error) {
	me, err := person.Get(tx, who.District, who.Person)
	if err != nil {
		return Coupon{}, err
	}
	r, p, err := offered(tx, me, reward)
	if err != nil {
		return Coupon{}, err
	}
	if err := gate(tx, me); err != nil {
		return Coupon{}, err
	}
	got, err := takeStock(tx, r, 1)
	if err == nil && !got {
		err = fault.Conflict("%s换完了，等下次上架再来。", r.Name)
	}
	if err != nil {
		return Coupon{}, err
	}
	c, err := newCoupon(tx, me, r, p)
	if err != nil {
		return c, err
	}
	if err := points.Reserve(tx, c.ticket("换"+c.Name)); err != nil {
		return c, err
	}
	// The account is taken now: whoever of this person takes another at the same time
	// comes before or after.
	if err := within(tx, me, r); err != nil {
		return c, err
	}
	event.Append(tx, event.Event{District: c.District, Community: p.Community(), Actor: who.Person, Act: "coupon.take", Kind: "coupon", Subject: c.ID,
		Data: event.Data{"reward": r.ID, "points": r.Points}})
	return c, nil
}

// offered is a reward that the catalogue of somebody's home has.
func offered(tx *db.Tx, me person.Person, id string) (Reward, place.Place, error) {
	r, found, err := readReward(tx, me.District, id)
	if err != nil {
		return r, place.Place{}, err
	}
	missing := fault.NotFound("没有这样能换的东西。")
	if !found {
		return r, place.Place{}, missing
	}
	p, err := place.Get(tx, r.Place)
	if err != nil {
		return r, p, err
	}
	if !strings.HasPrefix(me.PlacePath, p.Path) {
		return r, p, missing
	}
	if !r.Active {
		return r, p, fault.Conflict("%s现在不换了。", r.Name)
	}
	if r.Merchant == "" {
		return r, p, nil
	}
	m, found, err := org.Get(tx, r.District, r.Merchant)
	if err == nil && (!found || m.Status != org.Active) {
		err = fault.Conflict("%s现在不换了。", r.Name)
	}
	return r, p, err
}

// gate refuses whoever has not earned enough this year.
func gate(tx *db.Tx, me person.Person) error {
	year, gate, err := points.GateOf(tx, me)
	if err == nil && year < gate {
		err = fault.Conflict("今年挣满 %[1]d 分就能兑换，您今年有 %[2]d 分，还差 %[3]d 分。", gate, year, gate-year)
	}
	return err
}

// newCoupon makes and writes a coupon with a number that nobody can guess.
func newCoupon(tx *db.Tx, me person.Person, r Reward, p place.Place) (Coupon, error) {
	days, err := rule.Value(tx, p.District, p.Path, rule.CouponDays)
	if err != nil {
		return Coupon{}, err
	}
	grace, err := rule.Value(tx, p.District, p.Path, rule.CouponGrace)
	if err != nil {
		return Coupon{}, err
	}
	c := Coupon{District: r.District, ID: tx.NewID(), Reward: r.ID, Name: r.Name, Place: r.Place, Merchant: r.Merchant, Person: me.ID,
		Points: r.Points, State: Open, IssuedAt: tx.Now(), LastDay: calendar.DayOf(tx.Now()).Add(int(days))}
	c.EndsAt = c.LastDay.Add(int(grace)).End()
	if c.Number, err = newNumber(); err != nil {
		return c, err
	}
	if err = insertCoupon(tx, c); db.IsUnique(err) {
		err = fault.Conflict("没换成，请再点一次。")
	}
	return c, err
}

// within judges the limits of one person after the coupon is written.
func within(tx *db.Tx, me person.Person, r Reward) error {
	most, err := rule.Value(tx, me.District, me.PlacePath, rule.CouponsOpen)
	if err != nil {
		return err
	}
	today := calendar.DayOf(tx.Now())
	open, month, err := taken(tx, me.District, me.ID, r.ID, calendar.Day{Year: today.Year, Month: today.Month, Day: 1}.Start())
	switch {
	case err != nil:
		return err
	case open > most:
		return fault.Conflict("手里没用的券最多 %d 张，先用掉或退掉几张再换。", most)
	case r.MonthMost > 0 && month > int64(r.MonthMost):
		return fault.Conflict("%[1]s一个人一个月最多换 %[2]d 张，下个月再来。", r.Name, r.MonthMost)
	}
	return nil
}

// Return gives an unused coupon back, and its points.
func (s *Service) Return(ctx context.Context, who access.Who, id string) (CouponView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (CouponView, error) {
		c, err := mine(tx, who, id)
		if err != nil {
			return CouponView{}, err
		}
		if c, err = s.back(tx, c, Returned, "退了"+c.Name); err != nil {
			return CouponView{}, err
		}
		return s.view(tx, c)
	})
}

// back ends an open coupon, gives its points back and puts the reward on the shelf
// again.
func (s *Service) back(tx *db.Tx, c Coupon, to State, memo string) (Coupon, error) {
	ended, err := endCoupon(tx, c, to)
	if err == nil && !ended {
		err = c.gone()
	}
	if err != nil {
		return c, err
	}
	c.State, c.EndedAt = to, tx.Now()
	// The shelf before the accounts, as when the coupon was taken.
	if _, err := takeStock(tx, Reward{District: c.District, ID: c.Reward}, -1); err != nil {
		return c, err
	}
	if err := points.Release(tx, c.ticket(memo)); err != nil {
		return c, err
	}
	event.Append(tx, event.Event{District: c.District, Community: place.CommunityOf(c.Place), Act: "coupon." + string(to), Kind: "coupon", Subject: c.ID,
		Data: event.Data{"points": c.Points, "person": c.Person}})
	return c, nil
}

// gone says why a coupon cannot be used or returned; who lost a race sees it open
// still.
func (c Coupon) gone() error {
	switch c.State {
	case Returned:
		return fault.Conflict("这张券已经退了。")
	case Expired:
		return fault.Conflict("这张券过期了，积分已经退回。")
	}
	return fault.Conflict("这张券已经用了。")
}

// Expire gives the points of coupons back that nobody used. Each has a transaction of
// its own: it takes its owner's account before the place's, as whoever exchanges does,
// and would not with a second owner after the place.
func (s *Service) Expire(ctx context.Context, district int) error {
	for {
		var all []Coupon
		if err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			all, err = overdue(tx, district, expireBatch)
			return err
		}); err != nil {
			return err
		}
		for _, c := range all {
			err := s.db.Write(ctx, func(tx *db.Tx) error {
				_, err := s.back(tx, c, Expired, c.Name+"没用，过期退分")
				return err
			})
			if err != nil && fault.KindOf(err) != fault.KindConflict { // that is: used at this very moment
				return err
			}
		}
		if len(all) < expireBatch {
			return nil
		}
	}
}

// Mine lists who's coupons, the newest first.
func (s *Service) Mine(ctx context.Context, who access.Who) (out []CouponView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = []CouponView{}
		all, err := couponsOf(tx, who.District, who.Person, mineMost)
		if err != nil {
			return err
		}
		for _, c := range all {
			v, err := s.view(tx, c)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// Coupon is one of who's own.
func (s *Service) Coupon(ctx context.Context, who access.Who, id string) (v CouponView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err := mine(tx, who, id)
		if err == nil {
			v, err = s.view(tx, c)
		}
		return err
	})
	return v, err
}

// mine is a coupon of who; of others nobody learns that it exists.
func mine(tx *db.Tx, who access.Who, id string) (Coupon, error) {
	c, found, err := readCoupon(tx, who.District, id)
	if err == nil && (!found || c.Person != who.Person) {
		err = fault.NotFound("您没有这张券。")
	}
	return c, err
}
