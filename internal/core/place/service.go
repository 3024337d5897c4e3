package place

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service holds the use cases of places.
type Service struct {
	db    *db.DB
	facts []Facts
}

// NewService makes a service whose place pages show the numbers of facts.
func NewService(d *db.DB, facts ...Facts) *Service { return &Service{db: d, facts: facts} }

// Fact is one number on a place's page, computed from rows.
type Fact struct {
	Label      string // message id: "住户"
	Value      int64
	Rate       bool  // Value of Of, shown as a percentage with both
	Of         int64 // of how many; 0 when there was nothing yet
	Unanswered int64 // of those asked, how many did not answer
	Href       string
}

// Facts gives the numbers of one area of the house for a place. It must cost the
// same however many rows stand behind it: take them from Sum.
type Facts func(tx *db.Tx, p Place) ([]Fact, error)

// Sheet is what the page of a place shows.
type Sheet struct {
	Place    Place
	Chain    []Place // from the province to the place itself
	Children []Place
	Facts    []Fact
	Phone    string // of the responsible station
	Add      []Level
	Edit     bool
	Rules    bool
	People   bool // who may list the residents
}

// Show gathers the page of a place.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (sheet Sheet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		sheet, err = s.gather(tx, who, id)
		return err
	})
	return sheet, err
}

func (s *Service) gather(tx *db.Tx, who access.Who, id string) (sheet Sheet, err error) {
	if sheet.Place, err = Get(tx, id); err != nil {
		return sheet, err
	}
	p := sheet.Place
	if err := access.Check(who, access.PlaceRead, p.Target()); err != nil {
		return sheet, err
	}
	if sheet.Chain, err = Chain(tx, p); err != nil {
		return sheet, err
	}
	if sheet.Children, err = Children(tx, p.ID); err != nil {
		return sheet, err
	}
	if sheet.Phone, err = Phone(tx, p.ID); err != nil {
		return sheet, err
	}
	sheet.Add = addable(who, p)
	sheet.Edit = p.Open() && mayChange(who, p, p.Level) == nil
	sheet.Rules = access.May(who, access.PlaceAdmin, p.Target()) && hasRules(p)
	sheet.People = access.May(who, access.PersonRead, p.Target()) && p.Community() != ""
	sheet.Facts, err = s.factsOf(tx, p)
	return sheet, err
}

func (s *Service) factsOf(tx *db.Tx, p Place) ([]Fact, error) {
	var out []Fact
	for _, facts := range s.facts {
		some, err := facts(tx, p)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// addable are the levels that who may add below p.
func addable(who access.Who, p Place) []Level {
	return slices.DeleteFunc(p.Level.Below(), func(l Level) bool {
		return !p.Open() || mayChange(who, p, l) != nil
	})
}

// mayChange asks for the permission to change places of a level at or below p:
// what has an official code is an administrator's, the rest is the station's.
func mayChange(who access.Who, p Place, l Level) error {
	if l.Official() {
		return access.Check(who, access.PlaceAdmin, p.Target())
	}
	return access.Check(who, access.PlaceWrite, p.Target())
}

// List gives the places directly below one; an empty id lists the provinces.
func (s *Service) List(ctx context.Context, parent string) (out []Place, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if parent != "" {
			p, err := Get(tx, parent)
			if err != nil {
				return err
			}
			parent = p.ID
		}
		out, err = Children(tx, parent)
		return err
	})
	return out, err
}

// Begin gives the provinces, and the communities in which who has work to do.
func (s *Service) Begin(ctx context.Context, who access.Who) (provinces, mine []Place, err error) {
	const most = 50
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if provinces, err = Children(tx, ""); err != nil {
			return err
		}
		mine, err = Mine(tx, who, access.PlaceWrite, most)
		return err
	})
	return provinces, mine, err
}

// MayAdd gives the place under which who wants to add one of a level, when both
// is possible.
func (s *Service) MayAdd(ctx context.Context, who access.Who, id string, l Level) (parent Place, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if parent, err = Get(tx, id); err != nil {
			return err
		}
		return mayAdd(who, parent, l)
	})
	return parent, err
}

func mayAdd(who access.Who, parent Place, l Level) error {
	if err := mayChange(who, parent, l); err != nil {
		return err
	}
	if !slices.Contains(parent.Level.Below(), l) || !parent.Open() {
		return fault.Invalid("level", "“%s”下面不能加“%s”。", parent.Name, l.Label())
	}
	return nil
}

// Draft is a place that somebody adds.
type Draft struct {
	Parent   string
	Level    Level
	Code     string // official, 12 digits; communities only
	Name     string
	Phone    string
	Position *Position
}

// Add puts a new place under an open one.
func (s *Service) Add(ctx context.Context, who access.Who, d Draft) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		parent, err := Get(tx, d.Parent)
		if err != nil {
			return View{}, err
		}
		p, err := d.place(who, parent)
		if err != nil {
			return View{}, err
		}
		if err := unusedName(tx, p); err != nil {
			return View{}, err
		}
		if p, err = Insert(tx, p); db.IsUnique(err) {
			return View{}, fault.Conflict("代码 %s 已经有人用了。", p.ID)
		} else if err != nil {
			return View{}, err
		}
		note(tx, who, p, "place.add", nil)
		return p.view(), nil
	})
}

// place checks the draft and makes the place of it.
func (d Draft) place(who access.Who, parent Place) (Place, error) {
	if err := mayAdd(who, parent, d.Level); err != nil {
		return Place{}, err
	}
	p := Place{Parent: parent.ID, Level: d.Level}
	id, err := d.id(parent)
	p.ID = id
	return p, fault.Join(err, Edit{d.Name, d.Phone, d.Position}.apply(&p))
}

func (d Draft) id(parent Place) (string, error) {
	if d.Level != Community {
		return IDBelow(parent.Community(), rand.Uint64()>>24), nil
	}
	street := strings.TrimSuffix(parent.ID, "000")
	if len(d.Code) != codeDigits || !digits(d.Code) || !strings.HasPrefix(d.Code, street) || CommunityOf(d.Code) == "" {
		return "", fault.Invalid("code", "社区的代码是 12 位数字，前 9 位是 %s。", street)
	}
	return d.Code, nil
}

func unusedName(tx *db.Tx, p Place) error {
	siblings, err := Children(tx, p.Parent)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(siblings, func(o Place) bool { return o.Name == p.Name && o.ID != p.ID }) {
		return fault.Invalid("name", "这里已经有“%s”了。", p.Name)
	}
	return nil
}

// Edit is what may change of a place.
type Edit struct {
	Name     string
	Phone    string
	Position *Position
}

// apply checks the edit and makes it.
func (e Edit) apply(p *Place) error {
	var nameErr, phoneErr error
	p.Name, nameErr = cleanName(e.Name)
	p.Phone = ""
	if strings.TrimSpace(e.Phone) != "" {
		p.Phone, phoneErr = identity.Phone("phone", e.Phone)
	}
	p.Position = e.Position
	return fault.Join(nameErr, phoneErr, e.Position.check())
}

// Edit gives a place another name, station phone or position.
func (s *Service) Edit(ctx context.Context, who access.Who, id string, e Edit) (View, error) {
	return s.change(ctx, who, id, "place.edit", func(tx *db.Tx, p *Place) error {
		if err := e.apply(p); err != nil {
			return err
		}
		return unusedName(tx, *p)
	})
}

// Close ends a place from now on. Nothing that still exists may stand below it.
func (s *Service) Close(ctx context.Context, who access.Who, id string) (View, error) {
	return s.change(ctx, who, id, "place.close", func(tx *db.Tx, p *Place) error {
		below, err := Children(tx, p.ID)
		if err != nil {
			return err
		}
		if len(below) > 0 {
			return fault.Conflict("“%s”下面还有 %d 个地方，先把它们停用。", p.Name, len(below))
		}
		p.ValidTo = tx.Now()
		return nil
	})
}

func (s *Service) change(ctx context.Context, who access.Who, id, act string, do func(*db.Tx, *Place) error) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		p, err := Get(tx, id)
		if err != nil {
			return View{}, err
		}
		if err := mayChange(who, p, p.Level); err != nil {
			return View{}, err
		}
		if !p.Open() {
			return View{}, fault.Conflict("“%s”已经停用了。", p.Name)
		}
		if err := do(tx, &p); err != nil {
			return View{}, err
		}
		note(tx, who, p, act, event.Data{"name": p.Name})
		return p.view(), update(tx, p)
	})
}

func note(tx *db.Tx, who access.Who, p Place, act string, data event.Data) {
	event.Append(tx, event.Event{District: p.District, Community: p.Community(), Actor: who.Person,
		Act: act, Kind: "place", Subject: p.ID, Data: data})
}

// SetRule lets a rule hold at a place from the start of a day on, or from now on
// when the day is today's.
func (s *Service) SetRule(ctx context.Context, who access.Who, id string, name rule.Name, value int64, since calendar.Day) (SettingView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (SettingView, error) {
		p, err := Get(tx, id)
		if err != nil {
			return SettingView{}, err
		}
		if err := access.Check(who, access.PlaceAdmin, p.Target()); err != nil {
			return SettingView{}, err
		}
		if !hasRules(p) {
			return SettingView{}, fault.Invalid("name", "规矩只能定在区县、街道和社区。")
		}
		from := since.Start()
		if since == calendar.DayOf(tx.Now()) {
			from = tx.Now()
		}
		note(tx, who, p, "place.rule", event.Data{"rule": string(name), "value": value, "since": since.String()})
		return SettingView{p.ID, string(name), value, from.In(calendar.Zone())},
			rule.Set(tx, p.District, p.ID, name, value, from, who.Person)
	})
}

// hasRules says whether the place may set rules: they are kept by district, so
// what stands above one cannot.
func hasRules(p Place) bool {
	return p.Open() && slices.Contains([]Level{District, Street, Community}, p.Level)
}
