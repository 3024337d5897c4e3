package order

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/category"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// Home gathers what the resident's first page shows.
func (s *Service) Home(ctx context.Context, who access.Who) (d homeData, err error) {
	mine, _, err := s.List(ctx, who, Filter{Mine: true, Limit: 20, States: []process.State{
		Requested, Verified, Dispatched, Accepted, Serving, Finished, Returned,
	}})
	if err != nil {
		return d, err
	}
	for _, v := range mine {
		if v.For.ID == who.Person || v.Requester.ID == who.Person {
			d.All++
			if len(d.Mine) < homeMost {
				d.Mine = append(d.Mine, v)
			}
		}
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d.Now = tx.Now()
		if d.Me, err = person.Get(tx, who.District, who.Person); err != nil {
			return err
		}
		if d.Lit, err = doneHere(tx, d.Me, d.Now); err != nil {
			return err
		}
		_, err = tx.Get(`SELECT count(*) FROM offer WHERE district = $1 AND asked = $2 AND state = 'open'`,
			[]any{who.District, who.Person}, &d.Asked)
		return err
	})
	return d, err
}

// doneHere is how many orders the person's community closed this month.
func doneHere(tx *db.Tx, p person.Person, now time.Time) (int, error) {
	if p.Community == "" {
		return 0, nil
	}
	home, err := place.Get(tx, p.Community)
	if err != nil {
		return 0, err
	}
	sums, err := place.Sum(tx, home, month(metricDone, now))
	return int(sums[month(metricDone, now)]), err
}

// Understand says what a sentence sounds like, for whom, and whether the household
// already waits for the same. Nothing is filed.
func (s *Service) Understand(ctx context.Context, who access.Who, in askInput) (d askData, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d = askData{In: in, Now: tx.Now(), Guess: category.Suggest(in.Text, tx.Now())}
		if d.For, _, err = principal(tx, who, in.For); err != nil {
			return err
		}
		if d.Persons, err = auth.Principals(tx, who); err != nil {
			return err
		}
		service := firstOf(in.Category, d.Guess.Best().ID)
		d.Twin, _, err = s.Twin(tx, &Order{District: d.For.District, For: d.For.ID, Category: service})
		return err
	})
	return d, err
}

// SkillsOf lists the services that who can do.
func (s *Service) SkillsOf(ctx context.Context, who access.Who) (skills []string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v, _, err := volunteer.Get(tx, who.District, who.Person)
		skills = v.Skills
		return err
	})
	return skills, err
}

// Waiting counts what the menu shows: orders that wait to be dispatched, for who
// dispatches at the place, and offers that wait for who's answer.
func Waiting(tx *db.Tx, who access.Who, p place.Place) (dispatch, answer int, err error) {
	if access.May(who, access.OrderDispatch, p.Target()) {
		dispatch, err = ToDispatch(tx, p)
		return dispatch, 0, err
	}
	if !who.Has(access.Volunteer) {
		return 0, 0, nil
	}
	_, err = tx.Get(`SELECT count(*) FROM offer WHERE district = $1 AND asked = $2 AND state = 'open'`,
		[]any{who.District, who.Person}, &answer)
	return 0, answer, err
}

// ToDispatch counts the orders of a place that wait for somebody to be asked.
func ToDispatch(tx *db.Tx, p place.Place) (orders int, err error) {
	names := []string{metricState + string(Requested), metricState + string(Verified), metricState + string(Returned)}
	sums, err := place.Sum(tx, p, names...)
	for _, n := range sums {
		orders += int(n)
	}
	return orders, err
}
