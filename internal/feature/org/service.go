package org

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
	"linli/match"
)

// Service holds the use cases of organisations. Each opens one transaction.
type Service struct {
	db    *db.DB
	roles *auth.Service
}

// NewService makes the service; roles gives and takes the role of a team leader.
func NewService(d *db.DB, roles *auth.Service) *Service { return &Service{db: d, roles: roles} }

// Record appends the event that every change of an organisation has.
func Record(tx *db.Tx, who access.Who, o Org, act string, data event.Data) {
	event.Append(tx, event.Event{District: o.District, Community: o.Community, Actor: who.Person,
		Act: "org." + act, Kind: "org", Subject: o.ID, Data: data})
}

// Addition is an organisation that staff add.
type Addition struct {
	Kind  Kind   `json:"kind" label:"是哪一种" required:"true"`
	Place string `json:"place" label:"在哪里" maxLength:"64" required:"true" doc:"社区、街道、区县或社区里的地方"`
	Draft
}

// Create adds an organisation at a place where who may.
func (s *Service) Create(ctx context.Context, who access.Who, a Addition) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		at, err := place.Get(tx, a.Place)
		if err != nil {
			return View{}, err
		}
		if err := access.Check(who, access.OrgWrite, at.Target()); err != nil {
			return View{}, err
		}
		if at.District == 0 || at.Level == place.Province || at.Level == place.City || !at.Open() {
			return View{}, fault.Invalid("place", "请选一个区县、街道或社区。")
		}
		o := Org{Kind: a.Kind, Place: at.ID, District: at.District, Community: at.Community()}
		leader, err := s.drafted(tx, &o, a.Draft)
		if err != nil {
			return View{}, err
		}
		if o, err = Found(tx, who, o); err != nil {
			return View{}, err
		}
		if err := s.lead(tx, who, &o, leader); err != nil {
			return View{}, err
		}
		return show(tx, who, o.District, o.ID)
	})
}

// drafted writes a draft into o and finds whom it names as leader: "" is nobody,
// o.Leader is no change.
func (s *Service) drafted(tx *db.Tx, o *Org, d Draft) (leader string, err error) {
	if err := d.onto(o); err != nil {
		return "", err
	}
	if err := unusedName(tx, *o); err != nil {
		return "", err
	}
	if d.Leader == nil {
		return o.Leader, nil
	}
	if o.Kind != Team && *d.Leader != "" {
		return "", fault.Invalid("leader", "只有志愿队伍有队长。")
	}
	return findVolunteer(tx, o.District, "leader", *d.Leader)
}

// unusedName refuses a second team of the same name in a community: rosters name
// teams by it.
func unusedName(tx *db.Tx, o Org) error {
	same, found, err := TeamNamed(tx, o.District, o.Community, o.Name)
	if err == nil && found && o.Kind == Team && same.ID != o.ID {
		err = fault.Invalid("name", "这里已经有“%s”了。", o.Name)
	}
	return err
}

// findVolunteer finds who serves by what people call them: the volunteer number,
// the phone, the person's id. Empty is nobody.
func findVolunteer(tx *db.Tx, district int, field, text string) (string, error) {
	text = identity.CleanLine(text)
	if text == "" {
		return "", nil
	}
	ids, err := candidates(tx, district, text)
	if err != nil {
		return "", err
	}
	known, err := volunteer.Many(tx, district, ids)
	if err != nil {
		return "", err
	}
	var serving []string
	for _, v := range known {
		if v.Status.Counts() {
			serving = append(serving, v.ID)
		}
	}
	switch len(serving) {
	case 1:
		return serving[0], nil
	case 0:
		return "", fault.Invalid(field, "没有这位志愿者。请填志愿者编号，或登记的手机号。")
	}
	return "", fault.Invalid(field, "这个电话登记了 %d 位志愿者，请填志愿者编号。", len(serving))
}

// candidates are the persons whom a text may mean.
func candidates(tx *db.Tx, district int, text string) ([]string, error) {
	if id.Valid(text) {
		return []string{text}, nil
	}
	if v, found, err := volunteer.ByNumber(tx, district, text); err != nil || found {
		return []string{v.ID}, err
	}
	phone, err := identity.Phone("", text)
	if err != nil {
		return nil, nil // no phone either: nobody is meant
	}
	persons, err := person.ByPhone(tx, district, phone)
	var out []string
	for _, p := range persons {
		out = append(out, p.ID)
	}
	return out, err
}

// Found adds an organisation with an id, at the place that it names. Nothing is
// checked: that is for whoever has a form to answer.
func Found(tx *db.Tx, who access.Who, o Org) (Org, error) {
	if o.ID == "" {
		o.ID = id.New()
	}
	o.Status, o.CreatedAt, o.Version = Active, tx.Now().UnixMilli(), 1
	if err := o.settle(tx, o.Place); err != nil {
		return o, err
	}
	Record(tx, who, o, "found", nil)
	return o, Put(tx, o)
}

// settle puts the organisation at a place.
func (o *Org) settle(tx *db.Tx, id string) error {
	at, err := place.Get(tx, id)
	if err != nil {
		return err
	}
	o.District, o.Place, o.PlacePath, o.Community, o.At = at.District, at.ID, at.Path, at.Community(), nil
	position, found, err := place.Locate(tx, at.ID)
	if found {
		o.At = &match.Point{Lat: position.Lat, Lng: position.Lng}
	}
	return err
}

// lead makes somebody the leader, and a member; the one before stops being it.
func (s *Service) lead(tx *db.Tx, who access.Who, o *Org, leader string) error {
	if leader == o.Leader {
		return nil
	}
	if o.Leader != "" {
		if err := s.roles.Unassign(tx, who, appointment(*o)); err != nil {
			return err
		}
	}
	o.Leader = leader
	Record(tx, who, *o, "lead", event.Data{"person": leader})
	if err := Put(tx, *o); err != nil || leader == "" {
		return err
	}
	if _, err := s.roles.Assign(tx, who, appointment(*o)); err != nil {
		return err
	}
	return AddMember(tx, o.District, o.ID, leader)
}

func appointment(o Org) auth.Appointment {
	return auth.Appointment{District: o.District, Person: o.Leader, Role: access.TeamLeader, Place: o.Place, Org: o.ID}
}

// Edit changes what staff wrote down about an organisation.
func (s *Service) Edit(ctx context.Context, who access.Who, id string, d Draft) (View, error) {
	return s.change(ctx, who, id, access.OrgWrite, func(tx *db.Tx, o *Org) error {
		leader, err := s.drafted(tx, o, d)
		if err != nil {
			return err
		}
		Record(tx, who, *o, "edit", nil)
		if err := Put(tx, *o); err != nil {
			return err
		}
		return s.lead(tx, who, o, leader)
	})
}

// Run changes the services and the capacity of a team; its leader may.
func (s *Service) Run(ctx context.Context, who access.Who, id string, d Running) (View, error) {
	return s.change(ctx, who, id, access.OrgLead, func(tx *db.Tx, o *Org) error {
		if err := d.onto(o); err != nil {
			return err
		}
		Record(tx, who, *o, "run", nil)
		return Put(tx, *o)
	})
}

// Close ends an organisation; what it did stays.
func (s *Service) Close(ctx context.Context, who access.Who, id string) (View, error) {
	return s.change(ctx, who, id, access.OrgWrite, func(tx *db.Tx, o *Org) error {
		if err := s.lead(tx, who, o, ""); err != nil {
			return err
		}
		o.Status = Closed
		Record(tx, who, *o, "close", nil)
		return Put(tx, *o)
	})
}

// Enlist lets a leader, or staff, take a volunteer into a team; whom is a
// volunteer number, a phone or a person's id.
func (s *Service) Enlist(ctx context.Context, who access.Who, id, whom string) (View, error) {
	return s.change(ctx, who, id, access.OrgLead, func(tx *db.Tx, o *Org) error {
		found, err := findVolunteer(tx, o.District, "volunteer", whom)
		if err == nil && found == "" {
			err = fault.Invalid("volunteer", "请填志愿者编号，或登记的手机号。")
		}
		if err != nil {
			return err
		}
		return Join(tx, who, *o, found)
	})
}

// Dismiss ends a membership, by a leader or staff. The leader's own ends with
// another leader.
func (s *Service) Dismiss(ctx context.Context, who access.Who, id, person string) (View, error) {
	return s.change(ctx, who, id, access.OrgLead, func(tx *db.Tx, o *Org) error { return part(tx, who, *o, person) })
}

// Enter lets a volunteer join a team by themselves.
func (s *Service) Enter(ctx context.Context, who access.Who, id string) (View, error) {
	return s.change(ctx, who, id, access.OrgRead, func(tx *db.Tx, o *Org) error {
		v, found, err := volunteer.Get(tx, o.District, who.Person)
		if err != nil {
			return err
		}
		if !found || !v.Status.Counts() || who.District != o.District {
			return fault.Conflict("先登记成志愿者，再加入队伍。")
		}
		if o.Kind != Team {
			return fault.Conflict("只有志愿队伍可以这样加入。")
		}
		return Join(tx, who, *o, who.Person)
	})
}

// Quit lets a member leave by themselves.
func (s *Service) Quit(ctx context.Context, who access.Who, id string) (View, error) {
	return s.change(ctx, who, id, access.OrgRead, func(tx *db.Tx, o *Org) error { return part(tx, who, *o, who.Person) })
}

// Join lets a person serve in an organisation; whoever serves in it stays.
func Join(tx *db.Tx, who access.Who, o Org, person string) error {
	Record(tx, who, o, "join", event.Data{"person": person})
	return AddMember(tx, o.District, o.ID, person)
}

func part(tx *db.Tx, who access.Who, o Org, person string) error {
	if person == o.Leader {
		return fault.Conflict("队长先请服务站换一位队长，再退出队伍。")
	}
	Record(tx, who, o, "part", event.Data{"person": person})
	return EndMember(tx, o.District, o.ID, person)
}

// change runs a step on an active organisation of somebody who may.
func (s *Service) change(ctx context.Context, who access.Who, id string, permission access.Permission, do func(*db.Tx, *Org) error) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		o, err := seek(tx, who, id)
		if err != nil {
			return View{}, err
		}
		if err := access.Check(who, permission, o.Target(who)); err != nil {
			return View{}, err
		}
		if o.Status != Active {
			return View{}, fault.Conflict("“%s”已经解散了。", o.Name)
		}
		if err := do(tx, &o); err != nil {
			return View{}, err
		}
		return show(tx, who, o.District, o.ID)
	})
}

// Target is the organisation as something that who wants to see or change.
func (o Org) Target(who access.Who) access.Target {
	at := access.Target{District: o.District, Path: o.PlacePath}
	if who.Person != "" && who.Person == o.Leader {
		at.Relations = []access.Relation{access.Leader}
	}
	return at
}

// Relations makes who leads a team the leader of everybody who serves in it, for
// the pages of volunteers.
func Relations(tx *db.Tx, who access.Who, v volunteer.Volunteer) ([]access.Relation, error) {
	if who.Person == "" || who.District != v.District {
		return nil, nil
	}
	leads, err := leads(tx, v.District, who.Person, v.ID)
	if err != nil || !leads {
		return nil, err
	}
	return []access.Relation{access.Leader}, nil
}

// seek finds an organisation in the districts that who can see into; that of who's
// own is open to everybody.
func seek(tx *db.Tx, who access.Who, id string) (Org, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Org{}, err
	}
	for _, district := range districts {
		o, found, err := Get(tx, district, id)
		if err != nil || found {
			return o, err
		}
	}
	return Org{}, fault.NotFound("没有这支队伍或组织，可能已经解散了。")
}
