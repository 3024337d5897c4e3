package demo

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Account is one way to sign in, as it stands in accounts.json.
type Account struct {
	Role     access.Role `json:"role"`
	Name     string      `json:"name"`
	Phone    string      `json:"phone"`
	Password string      `json:"password"`
	Place    string      `json:"place"` // id

	home     string // of an official: id of the place of the office
	person   string // id
	resident bool   // lives in 东风路南; else an official
}

const county = "130104000000" // 桥西区

// accounts lists who can sign in, all of them in 东风路南 or above it.
func accounts(seed uint64) []Account {
	here, street := dongfenglunan.id, dongfenglunan.street
	all := []Account{
		{Role: access.Resident, Name: "孟桂兰", Place: here},
		{Role: access.Resident, Name: "陈小梅", Place: here},
		{Role: access.Resident, Name: "崔桂珍", Place: here},
		{Role: access.Volunteer, Name: "韩立新", Place: here},
		{Role: access.Volunteer, Name: "孙淑琴", Place: here},
		{Role: access.Volunteer, Name: "郭建民", Place: here},
		{Role: access.Volunteer, Name: "林小雨", Place: here},
		{Role: access.Volunteer, Name: "何玉兰", Place: here},
		{Role: access.TeamLeader, Name: "方国栋", Place: here},
		{Role: access.StationWorker, Name: "周敏", Place: here, home: street},
		{Role: access.SocialWorker, Name: "梁静", Place: here, home: street},
		{Role: access.StreetOfficer, Name: "冯志远", Place: street, home: street},
		{Role: access.DistrictOfficer, Name: "许文涛", Place: county, home: county},
		{Role: access.UnitContact, Name: "白海霞", Place: here, home: street},
		{Role: access.Auditor, Name: "余慧敏", Place: county, home: county},
		{Role: access.Administrator, Name: "罗建平", Place: county, home: county},
	}
	d := newDraw(seed, "passwords")
	for i := range all {
		all[i].Phone = fmt.Sprintf("154%08d", 101+i)
		all[i].Password = password(d)
		all[i].person = serial(here, kindOfficial, i)
	}
	return all
}

// password is two words and a number: readable, and in no list.
func password(d draw) string {
	words := strings.Fields(`lantern courtyard sparrow persimmon bamboo teapot willow umbrella bicycle kettle magpie window
		noodle harbour pepper cotton orchard lotus pebble ginger walnut button ribbon maple cricket basket copper lemon`)
	return fmt.Sprintf("%s-%s-%d", pick(d, words), pick(d, words), d.between(100, 999))
}

// hashAll hashes the passwords while the rest is loaded.
func hashAll(ctx context.Context, s *auth.Service, all []Account) func() ([]auth.Hashed, error) {
	out := make([]auth.Hashed, len(all))
	var g errgroup.Group
	for i, a := range all {
		g.Go(func() (err error) {
			out[i], err = s.Hash(ctx, "password", a.Password, a.Phone)
			return err
		})
	}
	return func() ([]auth.Hashed, error) { return out, g.Wait() }
}

// official is an account's owner who does not live where they work.
func (a Account) official() person.Person {
	return person.Person{ID: a.person, Name: a.Name, Phone: a.Phone, Place: a.home, CreatedAt: registered}
}

// open opens the account; officials are put on file first.
func (a Account) open(tx *db.Tx, s *auth.Service, hashed auth.Hashed) error {
	district := place.DistrictOf(a.Place)
	if !a.resident {
		if _, err := person.InsertOfficial(tx, a.official()); err != nil {
			return err
		}
	}
	if err := s.OpenAccount(tx, access.System(), district, a.person, a.Phone, hashed); err != nil {
		return err
	}
	if a.resident { // residents and volunteers already; a leader by the team
		return nil
	}
	_, err := s.Grant(tx, access.System(), auth.Appointment{District: district, Person: a.person, Role: a.Role, Place: a.Place, Org: a.org()})
	return err
}

// placeName is the name of the place at which the role is held.
func (a Account) placeName() string {
	switch a.Place {
	case county:
		return "桥西区"
	case dongfenglunan.street:
		return "东风街道"
	}
	return dongfenglunan.name
}

// org is the unit for which a contact speaks.
func (a Account) org() string {
	if a.Role == access.UnitContact {
		return serial(a.Place, kindOrg, firstUnit)
	}
	return ""
}

func writeAccounts(dir string, all []Account) error {
	return writeJSON(filepath.Join(dir, accountsFile), all)
}
