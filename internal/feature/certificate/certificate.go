package certificate

import (
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/core/process"
)

// Certificate is one certificate, or the request for one.
type Certificate struct {
	District  int
	ID        string
	Code      string // with the district before it: 16 characters
	State     process.State
	Version   int64
	Volunteer string
	Community string
	From, To  calendar.Day // both included
	Remark    string

	Number      string // empty until it is issued
	Minutes     int64
	Paper       Paper
	Credential  string // JSON, signed
	Handler     string // person ids; empty: the platform
	Head        string
	Batch       string
	List, Index int // in the status lists of the district

	AppliedAt, AcceptedAt, IssuedAt, NoticeUntil, EndedAt time.Time

	EndedBy string
	Reason  string
	Doubt   string // number of the row that was taken back; "?" when it has none

	at  place.Place // the community
	who access.Who  // who looks at it, for the relation
}

// Stands says whether it has a number and has not been revoked.
func (c Certificate) Stands() bool { return c.State == Issued }

// Announced says whether it is in public notice.
func (c Certificate) Announced(now time.Time) bool {
	return c.State == Issued && now.Before(c.NoticeUntil)
}

// ProcessID names the certificate for core/process.
func (c *Certificate) ProcessID() string { return c.ID }

// ProcessState is where it stands.
func (c *Certificate) ProcessState() process.State { return c.State }

// ProcessCommunity is where what happens to it is told.
func (c *Certificate) ProcessCommunity() string { return c.Community }

// ProcessTarget is where it is, and whether it is the reader's own.
func (c *Certificate) ProcessTarget() access.Target {
	t := c.at.Target()
	if c.who.Person == c.Volunteer && c.who.District == c.District {
		t.Relations = append(t.Relations, access.Self)
	}
	return t
}

// Paper is what stands on a certificate, as it was issued.
type Paper struct {
	Name         string      `json:"name"`
	Document     string      `json:"document"` // kind of ID document, a message id
	DocumentNo   string      `json:"document_no"`
	VolunteerNo  string      `json:"volunteer_no"`
	Place        string      `json:"place"`
	Times        int         `json:"times"`
	Minutes      int64       `json:"minutes"`
	Kinds        []KindTimes `json:"kinds"`
	Places       []string    `json:"places"` // communities in which it was
	AllSatisfied bool        `json:"all_satisfied"`
	Star         int         `json:"star,omitempty"`    // when it was issued
	Honours      []string    `json:"honours,omitempty"` // with their years
	Unit         string      `json:"unit"`
	Phone        string      `json:"phone"`
	Ministry     string      `json:"ministry"` // number in the ministry's system; empty: a platform record
	Handler      string      `json:"handler"`
	Head         string      `json:"head"`
}

// KindTimes is how often a service was done.
type KindTimes struct {
	Name    string `json:"name"`
	Times   int    `json:"times"`
	Minutes int64  `json:"minutes"`
}

// Platform says whether the paper is only a record of this platform, because its
// unit has no number in the ministry's system yet (domain.md, section 7).
func (p Paper) Platform() bool { return p.Ministry == "" }
