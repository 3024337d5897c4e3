package points

import (
	"slices"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Award books the minutes or items of d and what they are worth by the rules of
// the day on which it was done. The posting of the minutes comes first: it takes
// the person's account, so that two awards of one person follow each other and a
// cap holds for both.
func Award(tx *db.Tx, d Deed) error {
	if d.At.IsZero() {
		d.At = tx.Now()
	}
	terms, err := termsOf(tx, d)
	if err != nil {
		return err
	}
	if fresh, err := tally(tx, d); err != nil || !fresh {
		return err
	}
	full := terms.worth(d)
	n, err := underCaps(tx, d, terms, full)
	if err != nil {
		return err
	}
	if err := insertDeed(tx, d, full, n); err != nil || n == 0 {
		return err
	}
	place.Count(tx, d.District, d.Community, metric(dayText(d.At)), n)
	event.Append(tx, event.Event{
		District: d.District, Community: d.Community, Act: "points.award", Kind: "person", Subject: d.Person,
		Data: event.Data{"points": n, "source": d.Source},
	})
	return pay(tx, d, n)
}

// termsOf finds the rules of the place at the moment of the deed.
func termsOf(tx *db.Tx, d Deed) (t Terms, err error) {
	if t, err = numbersAt(tx, d.District, d.PlacePath, d.At); err != nil || d.Category == "" {
		return t, err
	}
	t.Percent, err = factorAt(tx, d.District, d.PlacePath, d.Category, d.At)
	return t, err
}

// numbersAt are the single numbers of a place at a moment.
func numbersAt(tx *db.Tx, district int, path string, at time.Time) (t Terms, err error) {
	t.Percent = 100
	for name, value := range map[rule.Name]*int64{
		rule.PointsPerHour: &t.PerHour, rule.PointsPerItem: &t.PerItem,
		rule.PointsDayCap: &t.DayCap, rule.PointsActivityCap: &t.ActivityCap,
	} {
		if *value, err = rule.ValueAt(tx, district, path, name, at); err != nil {
			return t, err
		}
	}
	return t, nil
}

// tally books the minutes and items themselves, so that the books can be checked
// against the record; fresh is false when the source was booked before.
func tally(tx *db.Tx, d Deed) (fresh bool, err error) {
	if d.Minutes > 0 {
		return issue(tx, d, Minutes, int64(d.Minutes))
	}
	return issue(tx, d, Items, int64(d.Items))
}

// underCaps is what is left of the full worth below the place's caps.
func underCaps(tx *db.Tx, d Deed, t Terms, full int64) (int64, error) {
	if t.DayCap == 0 && t.ActivityCap == 0 {
		return full, nil
	}
	for _, account := range []ledger.Account{Issued(d.Community, Points), Earned(d.Person, Points)} {
		if _, err := ledger.Lock(tx, d.District, account); err != nil {
			return 0, err
		}
	}
	today, activity, err := earnedIn(tx, d)
	return t.capped(full, today, activity), err
}

// pay credits n points, after what the person owes.
func pay(tx *db.Tx, d Deed, n int64) error {
	debt, err := ledger.Balance(tx, d.District, Owed(d.Person))
	if err != nil {
		return err
	}
	if debt == 0 {
		_, err = issue(tx, d, Points, n)
		return err
	}
	if debt, err = ledger.Lock(tx, d.District, Owed(d.Person)); err != nil {
		return err
	}
	back := min(n, -debt)
	_, err = post(tx, ledger.Posting{
		District: d.District, Source: d.Source + ":" + Points, Place: d.Community, Memo: d.Memo,
		Entries: moved(
			ledger.Entry{Account: Issued(d.Community, Points), Amount: -n},
			ledger.Entry{Account: Owed(d.Person), Amount: back},
			ledger.Entry{Account: Earned(d.Person, Points), Amount: n - back}),
	})
	return err
}

// issue moves n of a unit from the community to the person.
func issue(tx *db.Tx, d Deed, unit string, n int64) (bool, error) {
	return post(tx, ledger.Posting{
		District: d.District, Source: d.Source + ":" + unit, Place: d.Community, Memo: d.Memo, Attests: attests(d, unit),
		Entries: []ledger.Entry{{Account: Issued(d.Community, unit), Amount: -n}, {Account: Earned(d.Person, unit), Amount: n}},
	})
}

// attests is what the posting of a unit stands for: the minutes, and only they, for
// the row of the record.
func attests(d Deed, unit string) string {
	if unit == Minutes {
		return d.Attests
	}
	return ""
}

// post is the only way from this package into the ledger.
func post(tx *db.Tx, p ledger.Posting) (bool, error) { return ledger.Post(tx, p) }

// moved leaves out what moves nothing.
func moved(all ...ledger.Entry) []ledger.Entry {
	return slices.DeleteFunc(all, func(e ledger.Entry) bool { return e.Amount == 0 })
}

// TakeBack reverses what a source earned, because its record was corrected or
// withdrawn. What of it is spent already becomes a debt, which the next awards pay
// first. A source that earned nothing, or was taken back before, changes nothing.
func TakeBack(tx *db.Tx, district int, source, memo string) error {
	d, day, points, found, err := takeDeed(tx, district, source)
	if err != nil || !found {
		return err
	}
	d.Memo = memo
	unit, n := Minutes, int64(d.Minutes)
	if d.Minutes == 0 {
		unit, n = Items, int64(d.Items)
	}
	if err := reverse(tx, d, unit, []ledger.Entry{{Account: Issued(d.Community, unit), Amount: n}, {Account: Earned(d.Person, unit), Amount: -n}}); err != nil || points == 0 {
		return err
	}
	place.Count(tx, district, d.Community, metric(day), -points)
	event.Append(tx, event.Event{
		District: district, Community: d.Community, Act: "points.taken", Kind: "person", Subject: d.Person,
		Data: event.Data{"points": points, "source": source},
	})
	return takePoints(tx, d, points)
}

// takePoints takes n points from the person: what is there from the balance, the
// rest as a debt.
func takePoints(tx *db.Tx, d Deed, n int64) error {
	for _, account := range []ledger.Account{Owed(d.Person), Issued(d.Community, Points)} {
		if _, err := ledger.Lock(tx, d.District, account); err != nil {
			return err
		}
	}
	has, err := ledger.Lock(tx, d.District, Earned(d.Person, Points))
	if err != nil {
		return err
	}
	there := min(n, has)
	return reverse(tx, d, Points, moved(
		ledger.Entry{Account: Issued(d.Community, Points), Amount: n},
		ledger.Entry{Account: Earned(d.Person, Points), Amount: -there},
		ledger.Entry{Account: Owed(d.Person), Amount: there - n}))
}

func reverse(tx *db.Tx, d Deed, unit string, entries []ledger.Entry) error {
	original, err := ledger.Find(tx, d.District, d.Source+":"+unit)
	if err != nil {
		return err
	}
	_, err = post(tx, ledger.Posting{
		District: d.District, Source: d.Source + ":taken:" + unit, Place: d.Community, Memo: d.Memo, Reverses: original, Entries: entries,
	})
	return err
}

// Hold moves the moment from which what a source earned can be spent: far away
// while there is an objection, now when it is decided. What is spent already stays
// spent.
func Hold(tx *db.Tx, district int, source string, until time.Time) error {
	var person string
	found, err := tx.Get(`UPDATE points_deed SET held_until = $3 WHERE district = $1 AND source = $2 AND taken_at IS NULL RETURNING person`,
		[]any{district, source, until.UnixMilli()}, &person)
	if err != nil || !found {
		return err
	}
	_, err = ledger.Lock(tx, district, Earned(person, Points)) // whoever spends comes before or after
	return err
}

// PurseOf is what a person has and what of it can be spent.
func PurseOf(tx *db.Tx, district int, person string) (p Purse, err error) {
	if p.Balance, err = ledger.Balance(tx, district, Earned(person, Points)); err != nil {
		return p, err
	}
	debt, err := ledger.Balance(tx, district, Owed(person))
	if err != nil {
		return p, err
	}
	p.Owed = -debt
	p.Held, err = heldOf(tx, district, person)
	return p, err
}

// spend posts p, which takes n points from the person, unless it takes what is
// held or owed. It is judged after the posting, which has the account: what others
// do to it at the same time comes before or after.
func spend(tx *db.Tx, person string, n int64, p ledger.Posting) (posted bool, err error) {
	before, err := PurseOf(tx, p.District, person)
	if err != nil {
		return false, err
	}
	if n > before.Balance {
		return false, notEnough(before, n)
	}
	if posted, err = post(tx, p); err != nil || !posted {
		return posted, err
	}
	after, err := PurseOf(tx, p.District, person)
	if err == nil && after.Balance < after.Held+after.Owed {
		after.Balance += n
		err = notEnough(after, n)
	}
	return posted, err
}

// notEnough says what of the points cannot be used yet, and why.
func notEnough(p Purse, n int64) error {
	switch {
	case p.Owed > 0:
		return fault.Conflict("要用 %d 分，现在能用的只有 %d 分：有 %d 分已经退回记录，还没补上。", n, p.Spendable(), p.Owed)
	case p.Held > 0:
		return fault.Conflict("要用 %d 分，现在能用的只有 %d 分：有 %d 分还在公示，公示完才能用。", n, p.Spendable(), p.Held)
	}
	return fault.Conflict("要用 %d 分，您现在能用的只有 %d 分。", n, p.Spendable())
}

// dayText is the day of a moment as the rows keep it.
func dayText(at time.Time) string { return calendar.DayOf(at).String() }
