package demo

import (
	"context"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
)

// patience is how long one transaction of the loading may hold up others.
const patience = 100 * time.Millisecond

// each calls do for 0 to n-1, in transactions that end when their time is over. do
// has no effect outside tx but to keep what it made under i.
func each(ctx context.Context, d *db.DB, n int, do func(tx *db.Tx, i int) error) error {
	_, err := eachFrom(ctx, d, 0, n, do)
	return err
}

// eachFrom is each for done to n-1; it says how far it came, which is before what
// the transaction of an error had done.
func eachFrom(ctx context.Context, d *db.DB, done, n int, do func(tx *db.Tx, i int) error) (int, error) {
	for done < n {
		next := done
		err := d.Write(ctx, func(tx *db.Tx) error {
			elapsed := clock.Stopwatch()
			for next = done; next < n && (next == done || elapsed() < patience); next++ {
				if err := do(tx, next); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done = next
	}
	return done, nil
}

// build makes the places of a community.
func (g *ground) build(ctx context.Context, d *db.DB) error {
	return each(ctx, d, len(g.places), func(tx *db.Tx, i int) error {
		_, err := place.Insert(tx, g.places[i])
		return err
	})
}

// load writes a community with its people and organisations.
func (p *people) load(ctx context.Context, a *app.App) error {
	if err := p.build(ctx, a.DB); err != nil {
		return err
	}
	if err := p.moveInAll(ctx, a.DB); err != nil {
		return err
	}
	if err := p.enlistAll(ctx, a.DB, a.Auth); err != nil {
		return err
	}
	return p.foundAll(ctx, a)
}

// moveInAll writes households and residents.
func (p *people) moveInAll(ctx context.Context, d *db.DB) error {
	err := each(ctx, d, len(p.homes), func(tx *db.Tx, i int) error {
		h := &p.homes[i]
		_, err := person.InsertHousehold(tx, person.Household{ID: h.id, Place: p.houses[h.house].id, Door: h.door})
		return err
	})
	if err != nil {
		return err
	}
	return each(ctx, d, len(p.souls), func(tx *db.Tx, i int) error {
		_, err := person.Insert(tx, p.person(i))
		return err
	})
}

func (p *people) person(i int) person.Person {
	s := &p.souls[i]
	h := &p.homes[s.home]
	return person.Person{
		ID: s.id, Place: p.houses[h.house].id, Household: h.id, Name: s.name, Sex: s.sex, Birth: s.birth,
		IDType: identity.IDCard, IDNumber: s.document, Phone: s.phone, Note: s.note, LivesAlone: h.alone,
		CreatedAt: registered,
	}
}

// enlistAll writes volunteers: their agreements, their role, and what they can do.
func (p *people) enlistAll(ctx context.Context, d *db.DB, roles *auth.Service) error {
	return each(ctx, d, len(p.helpers), func(tx *db.Tx, i int) error {
		tx.Replay(registered, p.replay(kindHelper, i))
		who, v := p.person(p.helpers[i].soul), p.volunteer(p.helpers[i])
		who.District, who.Community = place.DistrictOf(p.id), p.id
		if v.Status != volunteer.Pending {
			if err := agree(tx, roles, who); err != nil {
				return err
			}
		}
		fresh, err := volunteer.New(tx, who, v.Origin)
		if err != nil {
			return err
		}
		v.District, v.Number = fresh.District, fresh.Number
		volunteer.Record(tx, access.System(), v, "register", nil)
		return volunteer.Put(tx, v)
	})
}

// agree is what makes somebody a volunteer: their word for each purpose, and the
// role.
func agree(tx *db.Tx, roles *auth.Service, who person.Person) error {
	for _, purpose := range volunteer.Purposes() {
		if err := person.Give(tx, access.System(), who, purpose, who.ID); err != nil {
			return err
		}
	}
	_, err := roles.Assign(tx, access.System(), auth.Appointment{
		District: who.District, Person: who.ID, Role: access.Volunteer, Place: who.Community,
	})
	return err
}
