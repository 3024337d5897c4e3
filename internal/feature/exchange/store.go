package exchange

import (
	"time"

	"linli/internal/core/calendar"
	"linli/internal/kit/db"
)

const rewardColumns = `district, id, version, place, merchant, name, about, points, stock, month_most, hours, wish, active`

func scanReward(s db.Scanner) (r Reward, err error) {
	return r, s.Scan(&r.District, &r.ID, &r.Version, &r.Place, &r.Merchant, &r.Name, &r.About, &r.Points, &r.Stock, &r.MonthMost, &r.Hours, &r.Wish, &r.Active)
}

func insertReward(tx *db.Tx, r Reward) error {
	_, err := tx.Exec(`INSERT INTO reward (`+rewardColumns+`, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.District, r.ID, 1, r.Place, r.Merchant, r.Name, r.About, r.Points, r.Stock, r.MonthMost, r.Hours, r.Wish, r.Active, tx.Now().UnixMilli())
	return err
}

// putReward changes a reward unless somebody else was first. The stock is moved, not
// set, because coupons are taken meanwhile.
func putReward(tx *db.Tx, r Reward, stockBy int64) (bool, error) {
	n, err := tx.Exec(`UPDATE reward SET version = version + 1, name = $4, about = $5, points = $6, stock = stock + $7, month_most = $8, hours = $9, active = $10
		WHERE district = $1 AND id = $2 AND version = $3 AND stock + $7 >= 0`,
		r.District, r.ID, r.Version, r.Name, r.About, r.Points, stockBy, r.MonthMost, r.Hours, r.Active)
	return n == 1, err
}

func readReward(tx *db.Tx, district int, id string) (Reward, bool, error) {
	return db.One(tx, scanReward, `SELECT `+rewardColumns+` FROM reward WHERE district = $1 AND id = $2`, district, id)
}

// rewardsAt lists what some places give, the cheapest first; with what is not given
// any more when all is wanted.
func rewardsAt(tx *db.Tx, district int, places []string, all bool) ([]Reward, error) {
	args := []any{district, all}
	for _, id := range places {
		args = append(args, id)
	}
	return db.All(tx, scanReward, `SELECT `+rewardColumns+` FROM reward
		WHERE district = $1 AND (active OR $2) AND place IN (`+db.Places(3, len(places))+`) ORDER BY active DESC, points, name, id`, args...)
}

// takeStock takes one from the shelf; false when nothing is left.
func takeStock(tx *db.Tx, r Reward, n int64) (bool, error) {
	rows, err := tx.Exec(`UPDATE reward SET stock = stock - $3 WHERE district = $1 AND id = $2 AND stock >= $3`, r.District, r.ID, n)
	return rows == 1, err
}

const couponColumns = `district, id, number, reward, name, place, merchant, person, points, state, issued_at, last_day, ends_at, coalesce(ended_at, 0)`

func scanCoupon(s db.Scanner) (c Coupon, err error) {
	var issued, ends, ended int64
	var last string
	if err = s.Scan(&c.District, &c.ID, &c.Number, &c.Reward, &c.Name, &c.Place, &c.Merchant, &c.Person, &c.Points, &c.State, &issued, &last, &ends, &ended); err != nil {
		return c, err
	}
	c.IssuedAt, c.EndsAt = time.UnixMilli(issued).UTC(), time.UnixMilli(ends).UTC()
	if ended > 0 {
		c.EndedAt = time.UnixMilli(ended).UTC()
	}
	return c, c.LastDay.UnmarshalText([]byte(last))
}

func insertCoupon(tx *db.Tx, c Coupon) error {
	_, err := tx.Exec(`INSERT INTO coupon (district, id, number, reward, name, place, merchant, person, points, state, issued_at, last_day, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		c.District, c.ID, c.Number, c.Reward, c.Name, c.Place, c.Merchant, c.Person, c.Points, string(c.State), c.IssuedAt.UnixMilli(), c.LastDay.String(), c.EndsAt.UnixMilli())
	return err
}

func readCoupon(tx *db.Tx, district int, id string) (Coupon, bool, error) {
	return db.One(tx, scanCoupon, `SELECT `+couponColumns+` FROM coupon WHERE district = $1 AND id = $2`, district, id)
}

func couponByNumber(tx *db.Tx, district int, number string) (Coupon, bool, error) {
	return db.One(tx, scanCoupon, `SELECT `+couponColumns+` FROM coupon WHERE district = $1 AND number = $2`, district, number)
}

// endCoupon takes an open coupon out of use. Of several at the same moment exactly
// one gets true: the row's update decides.
func endCoupon(tx *db.Tx, c Coupon, to State) (bool, error) {
	n, err := tx.Exec(`UPDATE coupon SET state = $3, ended_at = $4 WHERE district = $1 AND id = $2 AND state = 'open'`,
		c.District, c.ID, string(to), tx.Now().UnixMilli())
	return n == 1, err
}

// couponsOf lists somebody's coupons, the newest first.
func couponsOf(tx *db.Tx, district int, person string, limit int) ([]Coupon, error) {
	return db.All(tx, scanCoupon, `SELECT `+couponColumns+` FROM coupon WHERE district = $1 AND person = $2 ORDER BY issued_at DESC, id DESC LIMIT $3`,
		district, person, limit)
}

// taken counts a person's open coupons, and those of one reward since a moment that
// were not given back.
func taken(tx *db.Tx, district int, person, reward string, since time.Time) (open, month int64, err error) {
	if _, err = tx.Get(`SELECT count(*) FROM coupon WHERE district = $1 AND person = $2 AND state = 'open'`,
		[]any{district, person}, &open); err != nil {
		return 0, 0, err
	}
	_, err = tx.Get(`SELECT count(*) FROM coupon WHERE district = $1 AND person = $2 AND reward = $3 AND issued_at >= $4 AND state IN ('open', 'redeemed')`,
		[]any{district, person, reward, since.UnixMilli()}, &month)
	return open, month, err
}

// openAt lists the open coupons of a till.
func openAt(tx *db.Tx, district int, merchant, place string, limit int) ([]Coupon, error) {
	return db.All(tx, scanCoupon, `SELECT `+couponColumns+` FROM coupon
		WHERE district = $1 AND merchant = $2 AND (place = $3 OR $3 = '') AND state = 'open' ORDER BY id LIMIT $4`, district, merchant, place, limit)
}

// overdue lists open coupons whose points go back.
func overdue(tx *db.Tx, district int, limit int) ([]Coupon, error) {
	return db.All(tx, scanCoupon, `SELECT `+couponColumns+` FROM coupon
		WHERE district = $1 AND state = 'open' AND ends_at <= $2 ORDER BY ends_at, id LIMIT $3`, district, tx.Now().UnixMilli(), limit)
}

const useColumns = `district, id, coupon, place, merchant, cashier, at, booked_at, offline, outcome, bearer, points, name, settled_by, coalesce(settled_at, 0), words`

func scanUse(s db.Scanner) (u Use, err error) {
	var at, booked, settled int64
	err = s.Scan(&u.District, &u.ID, &u.Coupon, &u.Place, &u.Merchant, &u.Cashier, &at, &booked, &u.Offline, &u.Outcome, &u.Bearer, &u.Points, &u.Name, &u.SettledBy, &settled, &u.Words)
	u.At, u.BookedAt = time.UnixMilli(at).UTC(), time.UnixMilli(booked).UTC()
	if settled > 0 {
		u.SettledAt = time.UnixMilli(settled).UTC()
	}
	return u, err
}

// insertUse writes a use, unless its till has sent it before.
func insertUse(tx *db.Tx, u Use) (bool, error) {
	n, err := tx.Exec(`INSERT INTO coupon_use (district, id, coupon, place, merchant, cashier, at, booked_at, offline, outcome, bearer, points, name, settled_by, words)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '') ON CONFLICT (district, id) DO NOTHING`,
		u.District, u.ID, u.Coupon, u.Place, u.Merchant, u.Cashier, u.At.UnixMilli(), u.BookedAt.UnixMilli(), u.Offline, string(u.Outcome), string(u.Bearer), u.Points, u.Name)
	return n == 1, err
}

func readUse(tx *db.Tx, district int, id string) (Use, bool, error) {
	return db.One(tx, scanUse, `SELECT `+useColumns+` FROM coupon_use WHERE district = $1 AND id = $2`, district, id)
}

// goodUse is when and where a coupon was used rightly.
func goodUse(tx *db.Tx, district int, coupon string) (Use, bool, error) {
	return db.One(tx, scanUse, `SELECT `+useColumns+` FROM coupon_use WHERE district = $1 AND coupon = $2 AND outcome = 'good' LIMIT 1`, district, coupon)
}

// usesOf lists what a till handed over and was booked in a span, the oldest first.
func usesOf(tx *db.Tx, district int, merchant, place string, from, to time.Time) ([]Use, error) {
	return db.All(tx, scanUse, `SELECT `+useColumns+` FROM coupon_use
		WHERE district = $1 AND merchant = $2 AND (place = $3 OR $3 = '') AND booked_at >= $4 AND booked_at < $5 ORDER BY booked_at, id`,
		district, merchant, place, from.UnixMilli(), to.UnixMilli())
}

// recentUses lists the newest of a till.
func recentUses(tx *db.Tx, district int, merchant, place string, limit int) ([]Use, error) {
	return db.All(tx, scanUse, `SELECT `+useColumns+` FROM coupon_use
		WHERE district = $1 AND merchant = $2 AND (place = $3 OR $3 = '') ORDER BY booked_at DESC, id DESC LIMIT $4`, district, merchant, place, limit)
}

// findingsAt lists the uses of a place that nobody paid for, the newest first.
func findingsAt(tx *db.Tx, district int, places []string, limit int) ([]Use, error) {
	args := []any{district, limit}
	for _, id := range places {
		args = append(args, id)
	}
	return db.All(tx, scanUse, `SELECT `+useColumns+` FROM coupon_use
		WHERE district = $1 AND outcome IN ('double', 'returned', 'expired') AND place IN (`+db.Places(3, len(places))+`)
		ORDER BY booked_at DESC, id DESC LIMIT $2`, args...)
}

func settleUse(tx *db.Tx, u Use) (bool, error) {
	n, err := tx.Exec(`UPDATE coupon_use SET bearer = $3, settled_by = $4, settled_at = $5, words = $6 WHERE district = $1 AND id = $2 AND settled_at IS NULL`,
		u.District, u.ID, string(u.Bearer), u.SettledBy, tx.Now().UnixMilli(), u.Words)
	return n == 1, err
}

// covered is what the shelves of some places hold, in points.
func covered(tx *db.Tx, district int, places []string) (n int64, err error) {
	args := []any{district}
	for _, id := range places {
		args = append(args, id)
	}
	_, err = tx.Get(`SELECT coalesce(sum(points * stock), 0) FROM reward WHERE district = $1 AND active AND place IN (`+db.Places(2, len(places))+`)`, args, &n)
	return n, err
}

const wishColumns = `w.district, w.id, w.place, w.name, w.asked_by, w.asked_at, w.state, w.answer`

func scanWish(s db.Scanner) (w Wish, err error) {
	var at int64
	var mine int64
	err = s.Scan(&w.District, &w.ID, &w.Place, &w.Name, &w.AskedBy, &at, &w.State, &w.Answer, &w.Votes, &mine)
	w.AskedAt, w.Mine = time.UnixMilli(at).UTC(), mine > 0
	return w, err
}

// wishesAt lists the wishes of a place, those that most people have first.
func wishesAt(tx *db.Tx, district int, place, reader string) ([]Wish, error) {
	return db.All(tx, scanWish, `SELECT `+wishColumns+`, count(v.person) AS votes, coalesce(sum(CASE WHEN v.person = $3 THEN 1 ELSE 0 END), 0)
		FROM reward_wish w LEFT JOIN reward_wish_vote v ON v.district = w.district AND v.wish = w.id
		WHERE w.district = $1 AND w.place = $2 GROUP BY w.district, w.id, w.place, w.name, w.asked_by, w.asked_at, w.state, w.answer
		ORDER BY votes DESC, w.asked_at, w.id LIMIT 100`, district, place, reader)
}

func readWish(tx *db.Tx, district int, id, reader string) (Wish, bool, error) {
	return db.One(tx, scanWish, `SELECT `+wishColumns+`, count(v.person), coalesce(sum(CASE WHEN v.person = $3 THEN 1 ELSE 0 END), 0)
		FROM reward_wish w LEFT JOIN reward_wish_vote v ON v.district = w.district AND v.wish = w.id
		WHERE w.district = $1 AND w.id = $2 GROUP BY w.district, w.id, w.place, w.name, w.asked_by, w.asked_at, w.state, w.answer`, district, id, reader)
}

func insertWish(tx *db.Tx, w Wish) (bool, error) {
	n, err := tx.Exec(`INSERT INTO reward_wish (district, id, place, name, asked_by, asked_at, state, answer) VALUES ($1, $2, $3, $4, $5, $6, $7, '')
		ON CONFLICT (district, place, name) DO NOTHING`, w.District, w.ID, w.Place, w.Name, w.AskedBy, w.AskedAt.UnixMilli(), w.State)
	return n == 1, err
}

func wishNamed(tx *db.Tx, district int, place, name string) (id string, found bool, err error) {
	found, err = tx.Get(`SELECT id FROM reward_wish WHERE district = $1 AND place = $2 AND name = $3`, []any{district, place, name}, &id)
	return id, found, err
}

// vote adds a person's voice to a wish, or takes it back.
func vote(tx *db.Tx, w Wish, person string, on bool) (err error) {
	if on {
		_, err = tx.Exec(`INSERT INTO reward_wish_vote (district, wish, person, at) VALUES ($1, $2, $3, $4) ON CONFLICT (district, wish, person) DO NOTHING`,
			w.District, w.ID, person, tx.Now().UnixMilli())
		return err
	}
	_, err = tx.Exec(`DELETE FROM reward_wish_vote WHERE district = $1 AND wish = $2 AND person = $3`, w.District, w.ID, person)
	return err
}

func answerWish(tx *db.Tx, w Wish, state, answer string) error {
	_, err := tx.Exec(`UPDATE reward_wish SET state = $3, answer = $4 WHERE district = $1 AND id = $2`, w.District, w.ID, state, answer)
	return err
}

// monthOf is a month's first moment and the next one's.
func monthOf(month string) (from, to time.Time, err error) {
	var first calendar.Day
	if err = first.UnmarshalText([]byte(month + "-01")); err != nil {
		return from, to, err
	}
	from = first.Start()
	return from, from.AddDate(0, 1, 0), nil
}
