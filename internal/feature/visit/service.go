package visit

import (
	"slices"
	"time"

	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Leave ends an open visit by a check-out. The row is written by Put, with the
// order's own step.
func Leave(tx *db.Tx, d Door, v Visit, e Evidence) (Visit, error) {
	most, err := rule.Value(tx, d.District, d.PlacePath, rule.VisitCapMinutes)
	v.leave(e, tx.Now(), most)
	return v, err
}

// Propose makes a capped proposal of a visit whose check-out was forgotten, and
// that was over by then at the latest.
func Propose(tx *db.Tx, d Door, v Visit, then time.Time) (Visit, error) {
	most, err := rule.Value(tx, d.District, d.PlacePath, rule.VisitCapMinutes)
	if err != nil {
		return v, err
	}
	v.propose(d, then, most)
	return v, Put(tx, d.District, v)
}

// Settle confirms a proposal, as proposed when minutes is 0, or less.
func Settle(tx *db.Tx, d Door, id, by string, minutes int) (Visit, error) {
	list, err := Of(tx, d.District, d.Order)
	if err != nil {
		return Visit{}, err
	}
	i := slices.IndexFunc(list, func(v Visit) bool { return v.ID == id })
	if i < 0 {
		return Visit{}, fault.NotFound("没有这一次上门。")
	}
	v := list[i]
	if err := v.settle(by, minutes, tx.Now()); err != nil {
		return v, err
	}
	return v, Put(tx, d.District, v)
}

// Vouch puts the host's name to every visit of an order that has no evidence of its
// own.
func Vouch(tx *db.Tx, d Door, host string) error {
	list, err := Of(tx, d.District, d.Order)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.Grade != GradeC || v.ConfirmedBy != "" || v.Volunteer == host {
			continue
		}
		v.ConfirmedBy, v.ConfirmedAt = host, tx.Now()
		if err := Put(tx, d.District, v); err != nil {
			return err
		}
	}
	return nil
}
