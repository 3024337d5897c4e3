package volunteer

import (
	"time"

	"linli/internal/core/category"
	"linli/match"
)

// Status is where a volunteer stands.
type Status string

const (
	Pending Status = "pending" // imported, has not agreed yet 待本人确认
	Active  Status = "active"
	Paused  Status = "paused" // takes a rest, by their own word
	Left    Status = "left"
)

// Statuses lists them in the order of the page.
func Statuses() []Status { return []Status{Active, Pending, Paused, Left} }

// Label is the word on the page; id of its translation.
func (s Status) Label() string {
	switch s {
	case Pending:
		return "待本人确认"
	case Active:
		return "在服务"
	case Paused:
		return "歇一歇"
	case Left:
		return "已退出"
	}
	return string(s)
}

// Enum lists the values for the decoder of requests.
func (s Status) Enum() []string {
	return []string{string(Active), string(Pending), string(Paused), string(Left)}
}

// Counts says whether somebody of that status is one of a place's volunteers:
// whoever has agreed and has not left.
func (s Status) Counts() bool { return s == Active || s == Paused }

// Where a volunteer comes from.
const (
	FromSelf    = "self"
	FromStation = "station"
	FromImport  = "import"
)

// Bounds of what volunteers say of themselves.
const (
	DefaultWalk = 15 // minutes on foot, one way
	MostWalk    = 120
	MostOrders  = 50 // a week
	mostSkills  = 60
	mostSlots   = 60
)

// Ages below which a guardian has to agree, and below which the station hears it
// from the guardian before anything is asked of the child (PIPL, article 31).
const (
	Adult = 18
	Child = 14
)

// Volunteer is a person who agreed to serve.
type Volunteer struct {
	District      int
	ID            string // the person's
	Number        string // the platform's volunteer number, in place of the ID number
	NationalNo    string // number in the ministry's system, when linked
	Status        Status
	Community     string
	Place         string
	PlacePath     string
	Name          string
	At            *match.Point // where they start from; nil when unknown
	WalkMinutes   int          // one way
	LimitWeek     int          // orders a week; 0: no limit
	Political     string       // 政治面貌
	Education     string       // 文化程度
	ContactName   string       // 紧急联系人
	ContactPhone  string
	Guardian      string // name, for whoever is under 18
	GuardianPhone string
	Note          string
	Origin        string // self, station, import
	RegisteredAt  time.Time
	Version       int64

	Skills []string // service ids of core/category
	Free   []Slot
}

// Serves says whether the volunteer may be asked.
func (v Volunteer) Serves() bool { return v.Status == Active }

// Candidate is the volunteer in the terms of the matching engine.
func (v Volunteer) Candidate() match.Candidate {
	c := match.Candidate{
		Key: match.Key{Kind: match.Volunteer, ID: v.ID}, WalkMax: v.WalkMinutes, LimitWeek: v.LimitWeek, Members: 1,
	}
	if v.At != nil {
		c.At = *v.At
	}
	for _, s := range v.Skills {
		if service, ok := category.ByID(s); ok {
			c.Skills = append(c.Skills, match.Skill{Code: service.Code})
		}
	}
	for _, f := range v.Free {
		c.Free = c.Free.With(f.Weekday, time.Duration(f.From)*time.Minute, time.Duration(f.To)*time.Minute)
	}
	return c
}
