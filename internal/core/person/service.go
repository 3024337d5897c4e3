package person

import (
	"cmp"
	"context"
	"math"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service holds the use cases of persons.
type Service struct{ db *db.DB }

// NewService makes the service.
func NewService(d *db.DB) *Service { return &Service{db: d} }

func note(tx *db.Tx, who access.Who, p Person, act string, data event.Data) {
	event.Append(tx, event.Event{District: p.District, Community: p.Community, Actor: who.Person,
		Act: act, Kind: "person", Subject: p.ID, Data: data})
}

// Create registers a person. Somebody who is there already is a conflict.
func (s *Service) Create(ctx context.Context, who access.Who, d Draft) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		today := calendar.DayOf(tx.Now())
		p, err := d.Check(today)
		if err != nil {
			return View{}, err
		}
		if err := mayLive(tx, who, &p); err != nil {
			return View{}, err
		}
		if err := alone(tx, who, p); err != nil {
			return View{}, err
		}
		if p, err = Insert(tx, p); err != nil {
			return View{}, taken(err)
		}
		note(tx, who, p, "person.add", nil)
		p, err = Get(tx, p.District, p.ID)
		return p.View(today), err
	})
}

// mayLive sees that the place of p is one in which who may register people. A
// person who is registered already stays within the district.
func mayLive(tx *db.Tx, who access.Who, p *Person) error {
	at, err := place.Get(tx, p.Place)
	if fault.KindOf(err) == fault.KindNotFound || err == nil && at.Community() == "" {
		return fault.Invalid("place", "请选到社区，或者社区里的楼。")
	}
	if err != nil {
		return err
	}
	if !at.Open() {
		return fault.Invalid("place", "“%s”已经停用了。", at.Name)
	}
	if p.ID != "" && p.District != at.District {
		return elsewhere()
	}
	p.District, p.Community, p.PlacePath = at.District, at.Community(), at.Path
	return access.Check(who, access.PersonWrite, p.Target(who))
}

// alone refuses somebody who is registered already.
func alone(tx *db.Tx, who access.Who, p Person) error {
	same, err := Duplicates(tx, p)
	if err != nil || len(same) == 0 {
		return err
	}
	if !access.May(who, access.PersonRead, same[0].Target(who)) {
		return field("phone", fault.Conflict("这个人在别的社区登记过了。请和那边的服务站核对。"))
	}
	v := same[0].View(calendar.DayOf(tx.Now()))
	if p.IDNumber != "" && same[0].IDNumber == p.IDNumber {
		return field("id_number", fault.Conflict("这个证件号码登记过了：%s，住%s。", v.Name, v.Address))
	}
	return field("phone", fault.Conflict("同名同电话的人登记过了：%s，住%s。", v.Name, v.Address))
}

func field(name string, e *fault.Error) error {
	e.Field = name
	return e
}

// taken explains the unique key of documents, which decides between two who
// register the same person at the same moment.
func taken(err error) error {
	if db.IsUnique(err) {
		return field("id_number", fault.Conflict("这个证件号码刚刚有人登记了。"))
	}
	return err
}

// Change is what somebody mends of a person. What is left empty stays as it is,
// so that nobody has to see what they do not change; Clear empties fields.
type Change struct {
	Draft
	Version    int64 // that was read; 0 takes the present one
	LivesAlone *bool // nil stays as it is
	Clear      []Field
}

// Edit mends a person. When somebody else was first it is a conflict. Another
// place or door moves the person.
func (s *Service) Edit(ctx context.Context, who access.Who, id string, c Change) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		was, err := seekFor(tx, who, id, access.PersonWrite)
		if err != nil {
			return View{}, err
		}
		p, err := c.onto(was).Check(calendar.DayOf(tx.Now()))
		if err != nil {
			return View{}, err
		}
		p.District, p.ID, p.Version = was.District, was.ID, cmp.Or(c.Version, was.Version)
		if err := rewrite(tx, who, was, p); err != nil {
			return View{}, err
		}
		p, err = Get(tx, p.District, p.ID)
		return viewFor(tx, who, p), err
	})
}

func rewrite(tx *db.Tx, who access.Who, was, p Person) error {
	if p.Place != was.Place {
		if err := mayLive(tx, who, &p); err != nil {
			return err
		}
	}
	if err := alone(tx, who, p); err != nil {
		return err
	}
	saved, err := Save(tx, p)
	if err != nil {
		return taken(err)
	}
	if !saved {
		return fault.Conflict("就在刚才，别人改过这份资料。请看看现在的内容再改。")
	}
	note(tx, who, was, "person.edit", event.Data{"fields": changed(was, p)})
	return nil
}

// changed names what differs; events tell that it changed and never what it was.
func changed(was, p Person) (fields []string) {
	for name, differs := range map[string]bool{
		"name": was.Name != p.Name, "sex": was.Sex != p.Sex, "birth": was.Birth != p.Birth,
		"id_number": was.IDType != p.IDType || was.IDNumber != p.IDNumber, "phone": was.Phone != p.Phone,
		"address": was.Place != p.Place || was.Door != p.Door || was.Address != p.Address,
		"note":    was.Note != p.Note, "lives_alone": was.LivesAlone != p.LivesAlone,
	} {
		if differs {
			fields = append(fields, name)
		}
	}
	return fields
}

// seekFor finds a person for whom who has the permission. Who may not even read
// of them is told that there is none.
func seekFor(tx *db.Tx, who access.Who, id string, permission access.Permission) (Person, error) {
	p, err := Seek(tx, who, id)
	if err != nil {
		return p, err
	}
	if !access.May(who, access.PersonRead, p.Target(who)) {
		return Person{}, notFound()
	}
	return p, access.Check(who, permission, p.Target(who))
}

// Allowed says whether who has the permission for a person: not found for whoever
// may not know of them, forbidden for who may only read.
func (s *Service) Allowed(ctx context.Context, who access.Who, id string, p access.Permission) error {
	return s.db.Read(ctx, func(tx *db.Tx) error {
		_, err := seekFor(tx, who, id, p)
		return err
	})
}

// Read runs fn with a person that who may read, in one view of the database.
func (s *Service) Read(ctx context.Context, who access.Who, id string, fn func(tx *db.Tx, p Person) error) error {
	return s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := seekFor(tx, who, id, access.PersonRead)
		if err != nil {
			return err
		}
		return fn(tx, p)
	})
}

func viewFor(tx *db.Tx, who access.Who, p Person) View {
	today := calendar.DayOf(tx.Now())
	if who.Person == p.ID {
		return p.View(today, Fields()...)
	}
	return p.View(today)
}

// Page is a part of a list of persons.
type Page struct {
	Place place.Place
	Items []View
	More  bool
	Last  Spot // of the items, where the next part begins
}

// List gives the persons of a community, or of a place in it, in which who has a
// reading role.
func (s *Service) List(ctx context.Context, who access.Who, q Query) (page Page, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		page, err = list(tx, who, q)
		return err
	})
	return page, err
}

func list(tx *db.Tx, who access.Who, q Query) (Page, error) {
	at, err := place.Get(tx, q.Place)
	if err != nil {
		return Page{}, err
	}
	if err := access.Check(who, access.PersonRead, at.Target()); err != nil {
		return Page{}, err
	}
	page := Page{Place: at}
	if at.Community() == "" {
		return page, fault.Invalid("place", "请选一个社区。")
	}
	size := q.Limit
	q.Limit++
	found, err := search(tx, at, q)
	if err != nil {
		return page, err
	}
	if page.More = len(found) > size; page.More {
		found = found[:size]
		page.Last = Spot{Name: found[size-1].Name, ID: found[size-1].ID}
	}
	for _, p := range found {
		page.Items = append(page.Items, p.View(calendar.DayOf(tx.Now())))
	}
	return page, nil
}

// Choices lists the communities whose persons who may list.
func (s *Service) Choices(ctx context.Context, who access.Who) (out []place.Place, err error) {
	const most = 200
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = place.Mine(tx, who, access.PersonRead, most)
		return err
	})
	return out, err
}

// Unmask opens fields of a person to who, and leaves the row that the person can
// read and the event.
func (s *Service) Unmask(ctx context.Context, who access.Who, id string, a Ask) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		p, err := seekFor(tx, who, id, access.PersonUnmask)
		if err != nil {
			return View{}, err
		}
		return p.View(calendar.DayOf(tx.Now()), a.Fields...), Disclose(tx, who, p, a)
	})
}

// Disclosures lists who was shown the data of who acts, newest first.
func (s *Service) Disclosures(ctx context.Context, who access.Who, after *After, limit int) (out []Disclosure, more bool, err error) {
	from := After{At: math.MaxInt64}
	if after != nil {
		from = *after
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = disclosuresOf(tx, who.District, who.Person, from, limit+1)
		return err
	})
	if len(out) > limit {
		return out[:limit], true, err
	}
	return out, false, err
}
