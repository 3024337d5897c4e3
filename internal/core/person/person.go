package person

import (
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
)

// Person is somebody whom a place knows.
type Person struct {
	District   int
	ID         string
	Community  string // place ids
	Place      string // building, grid, estate, or the community when no more is known
	PlacePath  string // read only
	Household  string // empty when the door is not known
	Name       string
	Sex        identity.Sex
	Birth      calendar.Day // zero when not known
	IDType     identity.DocumentKind
	IDNumber   string // empty when not known
	Phone      string
	Address    string // in words, for what place and door do not say
	Note       string
	LivesAlone bool
	CreatedAt  time.Time
	Version    int64

	Where string // read only: estate and building, "邮电园小区 3号楼"
	Door  string // of the household; read only but for Insert
}

// Age in full years at a day; known is false without a day of birth.
func (p Person) Age(at calendar.Day) (years int, known bool) {
	if p.Birth.IsZero() {
		return 0, false
	}
	return p.Birth.YearsAt(at), true
}

// Target is the person as something that who wants to see or change.
func (p Person) Target(who access.Who) access.Target {
	at := access.Target{District: p.District, Path: p.PlacePath}
	if who.Person != "" && who.Person == p.ID {
		at.Relations = []access.Relation{access.Self}
	}
	return at
}

// Ages from which people are called otherwise, as neighbours speak.
const (
	pupil = 14
	adult = 18
	aunt  = 50
	grand = 80
)

// Called is how neighbours speak of the person before the name is open to them:
// a message with one verb for the surname, 孟阿姨.
func (p Person) Called(today calendar.Day) (msg, surname string) {
	surname = identity.Surname(p.Name)
	age, known := p.Age(today)
	switch {
	case known && age < pupil:
		return "%s小朋友", surname
	case known && age < adult:
		return "%s同学", surname
	case p.Sex == identity.Female:
		return female(age), surname
	case p.Sex == identity.Male:
		return male(age), surname
	}
	return "%s邻居", surname
}

func female(age int) string {
	switch {
	case age >= grand:
		return "%s奶奶"
	case age >= aunt:
		return "%s阿姨"
	}
	return "%s女士"
}

func male(age int) string {
	switch {
	case age >= grand:
		return "%s爷爷"
	case age >= aunt:
		return "%s叔叔"
	}
	return "%s先生"
}

// address is where the person lives, to the door.
func (p Person) address() string {
	return strings.Join(strings.Fields(p.Where+" "+p.Door+" "+p.Address), " ")
}

// building is where the person lives, to the building only.
func (p Person) building() string {
	if p.Where != "" {
		return p.Where
	}
	return identity.MaskAddress(p.Address)
}

// Household is those who live behind one door.
type Household struct {
	District  int
	ID        string
	Community string
	Place     string
	Door      string
}
