package roster

import (
	"reflect"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// taker writes judged rows into the house.
type taker struct {
	tx    *db.Tx
	who   access.Who
	teams map[string]org.Org // by community and name
}

// take writes the rows that are new or changed.
func take(tx *db.Tx, who access.Who, rows []judged) (n int, err error) {
	t := &taker{tx, who, map[string]org.Org{}}
	for i := range rows {
		j := &rows[i]
		if j.verdict != New && j.verdict != Changed {
			continue
		}
		if err := t.one(j); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (t *taker) one(j *judged) error {
	p, err := t.person(j)
	if err != nil {
		return err
	}
	v, act := j.volunteer, "roster"
	if v.ID == "" {
		if v, err = volunteer.New(t.tx, p, volunteer.FromImport); err != nil {
			return err
		}
		act = "import"
		if !j.registered.IsZero() {
			v.RegisteredAt = j.registered.Start()
		}
	}
	after := j.merged(v)
	if act == "import" || !reflect.DeepEqual(after, v) {
		if err := volunteer.Put(t.tx, after); err != nil {
			return err
		}
	}
	volunteer.Record(t.tx, t.who, after, act, nil)
	for _, team := range j.joins() {
		if err := t.join(p, team); err != nil {
			return err
		}
	}
	return nil
}

// person adds or completes the person of a row.
func (t *taker) person(j *judged) (person.Person, error) {
	if !j.known {
		p, err := person.Insert(t.tx, j.person)
		t.record(p, "person.add")
		return p, err
	}
	p := j.completed()
	if p == j.was {
		return p, nil
	}
	saved, err := person.Save(t.tx, p)
	if err == nil && !saved {
		err = fault.Busy("这份资料刚刚有人在改，过一会儿再试。")
	}
	t.record(p, "person.edit")
	return p, err
}

func (t *taker) record(p person.Person, act string) {
	event.Append(t.tx, event.Event{District: p.District, Community: p.Community, Actor: t.who.Person,
		Act: act, Kind: "person", Subject: p.ID})
}

// join puts somebody into a team of their community, which is made when there is
// none of that name.
func (t *taker) join(p person.Person, name string) error {
	key := p.Community + " " + name
	if t.teams[key].ID == "" {
		team, found, err := org.TeamNamed(t.tx, p.District, p.Community, name)
		if err == nil && !found {
			team, err = org.Found(t.tx, t.who, org.Org{Kind: org.Team, Name: name, Place: p.Community})
		}
		if err != nil {
			return err
		}
		t.teams[key] = team
	}
	return org.Join(t.tx, t.who, t.teams[key], p.ID)
}
