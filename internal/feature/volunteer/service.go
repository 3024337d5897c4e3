package volunteer

import (
	"context"
	"slices"
	"strconv"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/match"
)

// Service holds the use cases of volunteers. Each opens one transaction.
type Service struct {
	db        *db.DB
	roles     *auth.Service
	relations []Relations
}

// Relations says what who is to a volunteer by rows that this package does not
// know: the leader of a team they serve in.
type Relations func(tx *db.Tx, who access.Who, v Volunteer) ([]access.Relation, error)

// NewService makes the service; roles gives and takes the role volunteer.
func NewService(d *db.DB, roles *auth.Service, relations ...Relations) *Service {
	return &Service{db: d, roles: roles, relations: relations}
}

// Record appends the event that every change of a volunteer has.
func Record(tx *db.Tx, who access.Who, v Volunteer, act string, data event.Data) {
	event.Append(tx, event.Event{District: v.District, Community: v.Community, Actor: who.Person,
		Act: "volunteer." + act, Kind: "volunteer", Subject: v.ID, Data: data})
}

// Registration is what somebody says who wants to be a volunteer.
type Registration struct {
	Profile
	Agreement
	Papers
}

// Register makes who acts a volunteer. Somebody who stands in a roster already,
// or has left, becomes one with what they say now. A child waits for the station
// to speak with the guardian.
func (s *Service) Register(ctx context.Context, who access.Who, r Registration) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		p, err := person.Get(tx, who.District, who.Person)
		if err != nil {
			return View{}, err
		}
		v, err := begin(tx, p)
		if err != nil {
			return View{}, err
		}
		today := calendar.DayOf(tx.Now())
		told, wrongPapers := r.Papers.onto(&p, today)
		age, _ := p.Age(today)
		if err := fault.Join(wrongPapers, r.Profile.onto(&v), needSkill(v), r.Agreement.check(&v, age)); err != nil {
			return View{}, err
		}
		if told {
			if err := completePerson(tx, who, p); err != nil {
				return View{}, err
			}
		}
		if v.Status = Active; age < Child {
			v.Status = Pending
		}
		if err := s.enrol(tx, who, p, v); err != nil {
			return View{}, err
		}
		Record(tx, who, v, "register", nil)
		return show(tx, who, v.District, v.ID)
	})
}

// begin is the volunteer that a person becomes: new, or as they were before.
func begin(tx *db.Tx, p person.Person) (Volunteer, error) {
	v, found, err := Get(tx, p.District, p.ID)
	if err != nil {
		return v, err
	}
	if found && v.Status.Counts() {
		return v, fault.Conflict("您已经是志愿者了。")
	}
	if found {
		return v, nil
	}
	return New(tx, p, FromSelf)
}

// New is a fresh volunteer made of a person, with a number and the usual limits,
// not written yet.
func New(tx *db.Tx, p person.Person, origin string) (Volunteer, error) {
	v := Volunteer{District: p.District, ID: p.ID, Status: Pending, WalkMinutes: DefaultWalk, Origin: origin,
		RegisteredAt: tx.Now(), Version: 1}
	if p.Community == "" {
		return v, fault.Invalid("place", "请先在“我的资料”里填上您住在哪个社区。")
	}
	if err := v.settle(tx, p); err != nil {
		return v, err
	}
	number, err := nextNumber(tx, p.District)
	v.Number = number
	return v, err
}

// settle takes over who the person is and where they live.
func (v *Volunteer) settle(tx *db.Tx, p person.Person) error {
	from, err := startOf(tx, p.Place)
	v.Name, v.Community, v.Place, v.PlacePath, v.At = p.Name, p.Community, p.Place, from.path, from.at
	return err
}

// start is where the volunteers of a place start from.
type start struct {
	path string
	at   *match.Point
	err  error
}

type startKey struct{ place string }

// startOf looks a place up once in a transaction: an import asks for the same
// house again and again.
func startOf(tx *db.Tx, id string) (start, error) {
	s := db.Value(tx, startKey{id}, func() (s start) {
		p, err := place.Get(tx, id)
		if err != nil {
			return start{err: err}
		}
		position, found, err := place.Locate(tx, id)
		if s = (start{path: p.Path, err: err}); found {
			s.at = &match.Point{Lat: position.Lat, Lng: position.Lng}
		}
		return s
	})
	return s, s.err
}

func nextNumber(tx *db.Tx, district int) (string, error) {
	last, err := takeSerial(tx, district)
	return string(identity.NewVolunteerNo(strconv.Itoa(district), last)), err
}

func needSkill(v Volunteer) error {
	if len(v.Skills) == 0 {
		return fault.Invalid("skills", "请至少选一样您会做的。")
	}
	return nil
}

// completePerson keeps what the person told about themselves.
func completePerson(tx *db.Tx, who access.Who, p person.Person) error {
	if same, err := person.Duplicates(tx, p); err != nil || len(same) > 0 {
		return orConflict(err, "id_number", "这个证件号码登记过了。请打电话给服务站核对。")
	}
	saved, err := person.Save(tx, p)
	if err != nil || !saved {
		return orConflict(err, "", "就在刚才，您的资料有人改过。请再提交一次。")
	}
	event.Append(tx, event.Event{District: p.District, Community: p.Community, Actor: who.Person,
		Act: "person.edit", Kind: "person", Subject: p.ID})
	return nil
}

// orConflict is err, or the conflict when there is no other error.
func orConflict(err error, field, msg string) error {
	if err != nil {
		return err
	}
	e := fault.Conflict(msg)
	e.Field = field
	return e
}

// enrol writes a volunteer who agreed: the agreements, the role, the row.
func (s *Service) enrol(tx *db.Tx, who access.Who, p person.Person, v Volunteer) error {
	if err := v.settle(tx, p); err != nil {
		return err
	}
	by := p.ID
	if v.Guardian != "" {
		by = v.Guardian
	}
	for _, purpose := range Purposes() {
		if err := person.Give(tx, who, p, purpose, by); err != nil {
			return err
		}
	}
	if v.Status.Counts() {
		if _, err := s.roles.Assign(tx, who, appointment(v)); err != nil {
			return err
		}
	}
	return Put(tx, v)
}

func appointment(v Volunteer) auth.Appointment {
	return auth.Appointment{District: v.District, Person: v.ID, Role: access.Volunteer, Place: v.Community}
}

// Confirmation is the word of somebody who was imported, or of a child's guardian.
type Confirmation struct {
	Agreement
	Papers
}

// Confirm makes somebody who is pending a volunteer: they say it themselves, or
// the station notes what they, or a child's guardian, said to it.
func (s *Service) Confirm(ctx context.Context, who access.Who, id string, c Confirmation) (View, error) {
	return s.change(ctx, who, id, func(tx *db.Tx, v *Volunteer) error {
		if v.Status != Pending {
			return stands(*v)
		}
		p, err := person.Get(tx, v.District, v.ID)
		if err != nil {
			return err
		}
		today := calendar.DayOf(tx.Now())
		told, wrongPapers := c.Papers.onto(&p, today)
		age, _ := p.Age(today)
		if c.Guardian == "" {
			c.Guardian, c.GuardianPhone = v.Guardian, v.GuardianPhone
		}
		if err := fault.Join(wrongPapers, c.Agreement.check(v, age)); err != nil {
			return err
		}
		if age < Child && who.Person == v.ID {
			return fault.Forbidden("不满 %d 岁，要服务站和监护人通过电话才算数。", Child)
		}
		if told {
			if err := completePerson(tx, who, p); err != nil {
				return err
			}
		}
		v.Status = Active
		Record(tx, who, *v, "confirm", nil)
		return s.enrol(tx, who, p, *v)
	})
}

// Decline notes that somebody who was imported does not want to be a volunteer.
func (s *Service) Decline(ctx context.Context, who access.Who, id string) (View, error) {
	return s.step(ctx, who, id, "decline", Left, Pending)
}

// Pause lets a volunteer rest; nobody asks them until they resume.
func (s *Service) Pause(ctx context.Context, who access.Who, id string) (View, error) {
	return s.step(ctx, who, id, "pause", Paused, Active)
}

// Resume ends a rest.
func (s *Service) Resume(ctx context.Context, who access.Who, id string) (View, error) {
	return s.step(ctx, who, id, "resume", Active, Paused)
}

// Leave ends being a volunteer: the role and the agreement go, the records stay.
func (s *Service) Leave(ctx context.Context, who access.Who, id string) (View, error) {
	return s.change(ctx, who, id, func(tx *db.Tx, v *Volunteer) error {
		if v.Status == Left {
			return stands(*v)
		}
		p, err := person.Get(tx, v.District, v.ID)
		if err != nil {
			return err
		}
		if err := person.Withdraw(tx, who, p, person.Volunteering); err != nil {
			return err
		}
		if err := s.roles.Unassign(tx, who, appointment(*v)); err != nil {
			return err
		}
		v.Status = Left
		Record(tx, who, *v, "leave", nil)
		return Put(tx, *v)
	})
}

// step changes only the status.
func (s *Service) step(ctx context.Context, who access.Who, id, act string, to, from Status) (View, error) {
	return s.change(ctx, who, id, func(tx *db.Tx, v *Volunteer) error {
		if v.Status != from {
			return stands(*v)
		}
		v.Status = to
		Record(tx, who, *v, act, nil)
		return Put(tx, *v)
	})
}

// stands says that a step does not fit where the volunteer stands.
func stands(v Volunteer) error {
	switch v.Status {
	case Active:
		return fault.Conflict("现在就是“在服务”，不用再办。")
	case Paused:
		return fault.Conflict("现在是“歇一歇”。")
	case Left:
		return fault.Conflict("已经退出了。想再来，重新登记就行。")
	}
	return fault.Conflict("还在等本人确认。")
}

// Edit changes what a volunteer says about how they serve.
func (s *Service) Edit(ctx context.Context, who access.Who, id string, p Profile) (View, error) {
	return s.change(ctx, who, id, func(tx *db.Tx, v *Volunteer) error {
		if v.Status == Left {
			return stands(*v)
		}
		if err := fault.Join(p.onto(v), needSkill(*v)); err != nil {
			return err
		}
		Record(tx, who, *v, "edit", nil)
		return Put(tx, *v)
	})
}

// change runs a step of somebody who may write the volunteer.
func (s *Service) change(ctx context.Context, who access.Who, id string, do func(*db.Tx, *Volunteer) error) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		v, err := s.seek(tx, who, id, access.VolunteerWrite)
		if err != nil {
			return View{}, err
		}
		if err := do(tx, &v); err != nil {
			return View{}, err
		}
		return show(tx, who, v.District, v.ID)
	})
}

// ShowFor is a volunteer for whom who may take the action now: nobody is shown a
// form whose answer would be no.
func (s *Service) ShowFor(ctx context.Context, who access.Who, id, action string) (v View, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, err := s.seek(tx, who, id, access.VolunteerWrite)
		if err != nil {
			return err
		}
		if v, err = show(tx, who, found.District, found.ID); err != nil {
			return err
		}
		if !slices.Contains(v.Actions, action) {
			return fault.Conflict("现在不能办这一步，请先看看情况。")
		}
		return nil
	})
	return v, err
}

// Target is the volunteer as something that who wants to see or change.
func (v Volunteer) Target(who access.Who) access.Target {
	at := access.Target{District: v.District, Path: v.PlacePath}
	if who.Person != "" && who.Person == v.ID {
		at.Relations = []access.Relation{access.Self}
	}
	return at
}

// seek finds a volunteer for whom who has the permission; whom they may not read
// of is not found.
func (s *Service) seek(tx *db.Tx, who access.Who, id string, permission access.Permission) (Volunteer, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Volunteer{}, err
	}
	for _, district := range districts {
		v, found, err := Get(tx, district, id)
		if err != nil {
			return v, err
		}
		if !found {
			continue
		}
		at, err := s.target(tx, who, v)
		if err != nil {
			return v, err
		}
		if access.May(who, access.VolunteerRead, at) {
			return v, access.Check(who, permission, at)
		}
	}
	return Volunteer{}, fault.NotFound("没有这位志愿者，或者不归您看。")
}

// target is Target with what other parts of the house know of who.
func (s *Service) target(tx *db.Tx, who access.Who, v Volunteer) (access.Target, error) {
	at := v.Target(who)
	for _, relations := range s.relations {
		more, err := relations(tx, who, v)
		if err != nil {
			return at, err
		}
		at.Relations = append(at.Relations, more...)
	}
	return at, nil
}

// Show is one volunteer.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (View, error) {
	var out View
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		v, err := s.seek(tx, who, id, access.VolunteerRead)
		if err != nil {
			return err
		}
		out, err = show(tx, who, v.District, v.ID)
		return err
	})
	return out, err
}

// Asked is what the form for somebody new starts from: the person who acts, or a
// volunteer whom they may write.
func (s *Service) Asked(ctx context.Context, who access.Who, id string) (a asked, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		district := who.District
		v, err := s.seek(tx, who, id, access.VolunteerWrite)
		switch {
		case err == nil:
			district, a.known = v.District, true
			if a.View, err = show(tx, who, v.District, v.ID); err != nil {
				return err
			}
		case fault.KindOf(err) != fault.KindNotFound || id != who.Person:
			return err
		}
		p, err := person.Get(tx, district, id)
		a.ID = id
		a.birth = p.Birth.IsZero()
		a.age, a.ageSure = p.Age(calendar.DayOf(tx.Now()))
		return err
	})
	return a, err
}
