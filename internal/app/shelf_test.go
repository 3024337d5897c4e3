package app_test

import (
	"fmt"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/exchange"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
)

// neighbours are those of the district, who may know of what it makes public to them.
func neighbours(v visitor, at access.Target) bool { return v.who.District == at.District }

// worth are the things of points, exchange, stars and honours.
func worth() map[string]*thing {
	return map[string]*thing{
		"donations":   {read: access.DonationWrite, word: secretName, make: newDonation},
		"merchants":   {read: access.MerchantRead, word: secretNeed, make: newMerchant},
		"rewards":     {read: access.ExchangeWrite, open: neighbours, make: newReward},
		"coupons":     {word: secretNeed, make: newCoupon},
		"redemptions": {read: access.ExchangeSettle, word: secretNeed, make: newDoubleUse},
		"wishes":      {read: access.ExchangeWrite, open: neighbours, make: newWish},
		"stars":       {read: access.StarRead, make: newStar},
		"honours":     {read: access.HonourRun, open: neighbours, word: secretNeed, make: newHonour},
	}
}

// newDonation is of somebody who is none of the visitors.
func newDonation(h *house, tx *db.Tx) (string, access.Target, error) {
	at, err := place.Get(tx, town.Community)
	if err != nil {
		return "", access.Target{}, err
	}
	id := tx.NewID()
	_, err = tx.Exec(`INSERT INTO donation (district, id, number, place, donor, donor_name, item, quantity, points, handler, handler_name, day, at, withdrawn_by, reason)
		VALUES ($1, $2, $3, $4, '', $5, '棉衣', 3, 0, '', '', '2026-11-20', $6, '', '')`,
		at.District, id, fmt.Sprint("T-", h.serial()), at.ID, secretName, tx.Now().UnixMilli())
	return id, at.Target(), err
}

// newMerchant has a name that only its own and the station read.
func newMerchant(_ *house, tx *db.Tx) (string, access.Target, error) {
	o, err := org.Found(tx, access.System(), org.Org{Kind: org.Merchant, Name: secretNeed, Place: town.Community})
	return o.ID, access.Target{District: o.District, Path: o.PlacePath}, err
}

func newReward(h *house, tx *db.Tx) (string, access.Target, error) {
	at, err := place.Get(tx, town.Community)
	if err != nil {
		return "", access.Target{}, err
	}
	r, err := h.App.Exchange.AddTx(tx, access.System(), at, exchange.NewReward{
		RewardDraft: exchange.RewardDraft{Name: secretNeed, Points: 10, Stock: 5, Active: true},
	})
	return r.ID, at.Target(), err
}

// newCoupon is one of somebody who is none of the visitors and has served enough.
func newCoupon(h *house, tx *db.Tx) (string, access.Target, error) {
	reward, at, err := newReward(h, tx)
	if err != nil {
		return "", at, err
	}
	taker, _, err := newPerson(h, tx)
	if err != nil {
		return "", at, err
	}
	p, err := person.Get(tx, at.District, taker)
	if err != nil {
		return "", at, err
	}
	if err := points.Award(tx, points.Deed{District: p.District, Person: p.ID, Community: p.Community, PlacePath: p.PlacePath,
		Minutes: 1200, Source: fmt.Sprint("thing:", h.serial())}); err != nil {
		return "", at, err
	}
	c, err := h.App.Exchange.TakeTx(tx, access.Who{Person: p.ID, District: p.District}, reward)
	return c.ID, at, err
}

// newDoubleUse is a second handing over for such a coupon, which nobody bears yet.
func newDoubleUse(h *house, tx *db.Tx) (string, access.Target, error) {
	coupon, at, err := newCoupon(h, tx)
	if err != nil {
		return "", at, err
	}
	id := tx.NewID()
	_, err = tx.Exec(`INSERT INTO coupon_use (district, id, coupon, place, merchant, cashier, at, booked_at, offline, outcome, bearer, points, name, settled_by, words)
		VALUES ($1, $2, $3, $4, '', '', $5, $5, TRUE, 'double', 'merchant', 10, $6, '', '')`, at.District, id, coupon, town.Community, tx.Now().UnixMilli(), secretNeed)
	return id, at, err
}

func newWish(h *house, tx *db.Tx) (string, access.Target, error) {
	at, err := place.Get(tx, town.Community)
	if err != nil {
		return "", access.Target{}, err
	}
	id := tx.NewID()
	_, err = tx.Exec(`INSERT INTO reward_wish (district, id, place, name, asked_by, asked_at, state, answer) VALUES ($1, $2, $3, $4, '', $5, 'open', '')`,
		at.District, id, at.ID, fmt.Sprint("洗车券", h.serial()), tx.Now().UnixMilli())
	return id, at.Target(), err
}

// newStar waits for the community's approval: it is not public yet.
func newStar(h *house, tx *db.Tx) (string, access.Target, error) {
	pid, _, err := newVolunteer(h, tx)
	if err != nil {
		return "", access.Target{}, err
	}
	at, err := place.Get(tx, town.Community)
	if err != nil {
		return "", access.Target{}, err
	}
	id := tx.NewID()
	_, err = tx.Exec(`INSERT INTO star_case (district, id, version, volunteer, community, star, year, minutes, level, workdays, state, made_at, approved_by, answer)
		VALUES ($1, $2, 1, $3, $4, 1, 0, 6120, 'community', 5, 'proposed', $5, '', '')`, at.District, id, pid, at.ID, tx.Now().UnixMilli())
	return id, at.Target(), err
}

// newHonour is a round in which somebody was put forward.
func newHonour(h *house, tx *db.Tx) (string, access.Target, error) {
	pid, _, err := newVolunteer(h, tx)
	if err != nil {
		return "", access.Target{}, err
	}
	at, err := place.Get(tx, town.Community)
	if err != nil {
		return "", access.Target{}, err
	}
	id := tx.NewID()
	if _, err := tx.Exec(`INSERT INTO honour_round (district, id, version, place, kind, year, seats, state, opened_at, nominate_to, vote_to)
		VALUES ($1, $2, 1, $3, 'fairest', $4, 1, 'nominating', $5, '2026-12-10', '2026-12-20')`, at.District, id, at.ID, h.serial(), tx.Now().UnixMilli()); err != nil {
		return "", access.Target{}, err
	}
	_, err = tx.Exec(`INSERT INTO honour_nominee (district, id, round, volunteer, words, nominated_by, at, votes, won) VALUES ($1, $2, $3, $4, $5, '', $6, 0, FALSE)`,
		at.District, tx.NewID(), id, pid, secretNeed, tx.Now().UnixMilli())
	return id, at.Target(), err
}
