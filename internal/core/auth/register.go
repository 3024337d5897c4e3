package auth

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// ErrHasAccount is the answer to who registers with the right code of a phone that
// has an account. The code was not used up by it: it may serve to sign in.
var ErrHasAccount error = fault.Conflict("这个手机号已经有账号了。用同一个验证码直接登录就行。")

// Registration is what somebody says who opens an account for themselves.
type Registration struct {
	Phone     string
	Code      string // sent for Enter
	Name      string
	Community string // place id
	Password  string // empty: signs in by codes
	Agreed    bool   // to the notice of what is kept and why (PIPL 17)
}

// Register opens an account and a first session. Somebody whom the district knows
// by this phone and this name gets the account as who they are; anybody else
// becomes a new person of the community.
func (s *Service) Register(ctx context.Context, r Registration, c Client) (in SignedIn, err error) {
	r, password, err := s.checkRegistration(ctx, r)
	if err != nil {
		return in, err
	}
	err = s.settle(ctx, func(tx *db.Tx) (error, error) {
		l, refusal, err := s.tryCode(tx, r.Phone, Enter, r.Code)
		if refusal != nil || err != nil {
			return refusal, err
		}
		if l.holder != nil {
			return nil, ErrHasAccount
		}
		in, err = s.register(tx, r, password, c)
		return nil, err
	})
	return in, err
}

func (s *Service) checkRegistration(ctx context.Context, r Registration) (Registration, Hashed, error) {
	var faults [6]error
	r.Phone, faults[0] = identity.Mobile("phone", r.Phone)
	r.Code, faults[1] = parseCode("code", r.Code)
	r.Name, faults[2] = identity.Name("name", r.Name)
	if r.Community == "" {
		faults[3] = fault.Invalid("community", "请选您住在哪个社区。")
	}
	if r.Password != "" {
		faults[4] = CheckPassword("password", r.Password, r.Phone)
	}
	if !r.Agreed {
		faults[5] = fault.Invalid("agreed", "请先看一看我们怎么保管您的信息，同意了再注册。")
	}
	if err := fault.Join(faults[:]...); err != nil || r.Password == "" {
		return r, Hashed{}, err
	}
	password, err := s.passwords.hash(ctx, r.Password)
	return r, password, err
}

func (s *Service) register(tx *db.Tx, r Registration, password Hashed, c Client) (SignedIn, error) {
	home, err := place.Get(tx, r.Community)
	if err != nil {
		return SignedIn{}, err
	}
	if home.Level != place.Community || !home.Open() {
		return SignedIn{}, fault.Invalid("community", "请选您住在哪个社区。")
	}
	p, err := personOf(tx, home, r)
	if err != nil {
		return SignedIn{}, err
	}
	self := access.Who{Person: p.ID, Name: p.Name, District: p.District}
	h, err := s.open(tx, self, p, r.Phone, password)
	if err != nil {
		return SignedIn{}, err
	}
	for _, purpose := range agreedOnEntry() {
		if err := person.Give(tx, self, p, purpose, p.ID); err != nil {
			return SignedIn{}, err
		}
	}
	return s.start(tx, h, c)
}

// agreedOnEntry are the purposes without which nobody can be helped.
func agreedOnEntry() []person.Purpose { return []person.Purpose{person.Contact, person.ServiceRecord} }

// personOf is who registers: somebody known by this phone and this name who has no
// account yet, or a new person of the community.
func personOf(tx *db.Tx, home place.Place, r Registration) (person.Person, error) {
	known, err := person.ByPhone(tx, home.District, r.Phone)
	if err != nil {
		return person.Person{}, err
	}
	for _, p := range known {
		if has, err := hasRow(tx, p.District, p.ID); err != nil || !has && p.Name == r.Name {
			return p, err
		}
	}
	p, err := person.Draft{Name: r.Name, Phone: r.Phone, Place: home.ID}.Check(calendar.DayOf(tx.Now()))
	if err != nil {
		return p, err
	}
	return person.Insert(tx, p)
}

// OpenAccount opens an account for a person: the station for somebody at its
// counter, the loading of a demo. Without a password the first sign-in is by code.
func (s *Service) OpenAccount(tx *db.Tx, by access.Who, district int, id, phone string, password Hashed) error {
	phone, err := identity.Mobile("phone", phone)
	if err != nil {
		return err
	}
	p, err := person.Get(tx, district, id)
	if err != nil {
		return err
	}
	if err := access.Check(by, access.PersonWrite, stationTarget(p)); err != nil {
		return err
	}
	_, err = s.open(tx, by, p, phone, password)
	return err
}

// open makes the account and its login, and its owner a resident of the place
// where they live.
func (s *Service) open(tx *db.Tx, by access.Who, p person.Person, phone string, password Hashed) (*holder, error) {
	h := &holder{district: p.District, id: p.ID, phone: phone, hash: password.phc, person: p}
	made, err := insertAccount(tx, h)
	if err != nil {
		return nil, err
	}
	if !made {
		return nil, fault.Conflict("这个人已经有账号了。")
	}
	if err := takePhone(tx, phone, h); err != nil {
		return nil, err
	}
	s.recordBy(tx, by, h, "account.open", nil)
	if p.Community == "" {
		return h, nil
	}
	_, err = s.Assign(tx, by, Appointment{District: p.District, Person: p.ID, Role: access.Resident, Place: p.Community})
	return h, err
}

// takePhone makes a phone lead to an account, unless it leads to another.
func takePhone(tx *db.Tx, phone string, h *holder) error {
	free, err := insertLogin(tx, phone, h)
	if err == nil && !free {
		err = fault.Conflict("这个手机号已经有账号了，一个手机号只能有一个账号。")
	}
	return err
}

// HasAdministrator says whether somebody administers the whole country, so that
// the first start knows whether to ask for one.
func (s *Service) HasAdministrator(tx *db.Tx) (bool, error) {
	return hasHolder(tx, person.Country, access.Administrator, tx.Now())
}

// Bootstrap makes the first administrator, who holds the role for the whole
// country. It refuses when there is one.
func (s *Service) Bootstrap(tx *db.Tx, name, phone string, password Hashed) error {
	if there, err := s.HasAdministrator(tx); err != nil || there {
		return conflictUnless(err, "已经有管理员了，请让管理员来办。")
	}
	name, wrongName := identity.Name("name", name)
	phone, wrongPhone := identity.Mobile("phone", phone)
	if err := fault.Join(wrongName, wrongPhone); err != nil {
		return err
	}
	p, err := person.InsertOfficial(tx, person.Person{Name: name, Phone: phone})
	if err != nil {
		return err
	}
	if _, err := s.open(tx, access.System(), p, phone, password); err != nil {
		return err
	}
	_, err = s.Grant(tx, access.System(), Appointment{District: p.District, Person: p.ID, Role: access.Administrator})
	return err
}

func conflictUnless(err error, msg string) error {
	if err != nil {
		return err
	}
	return fault.Conflict(msg)
}
