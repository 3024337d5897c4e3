package order

import (
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/process"
)

// Order is one request for help.
type Order struct {
	District     int
	ID           string
	Number       string // "261121-017": day and serial of the district
	Version      int64
	State        process.State
	Category     string // slug of core/category
	Title        string
	Words        string // what was said
	Urgency      string // normal, soon, urgent, emergency
	Risk         string // in words, as the law asks (domain.md 1.1, article 13)
	Flags        []string
	NeedsCheck   bool // a rule asks the station to verify first
	Community    string
	Place        string
	PlacePath    string
	Address      string
	Phone        string
	At           *Position
	For          string // the person who is helped
	Requester    string
	Acting       Acting
	Source       string // app, door, phone
	From, To     time.Time
	PeopleNeeded int
	Taken        int
	Wave         int
	Returns      int // how often it came back unsolved
	CodeSecret   string
	CodeFailures int
	Satisfaction Satisfaction
	Solved       Solved
	Note         string
	DueAt        time.Time
	Late         bool
	Escalated    bool // late, and the street was told
	CreatedAt    time.Time
	DispatchedAt time.Time
	AcceptedAt   time.Time
	StartedAt    time.Time
	FinishedAt   time.Time
	ClosedAt     time.Time

	InTime string // yes or no once it got its first answer: within the limit?

	relations []access.Relation // of the actor, filled when it is loaded for one
	was       counted           // as it stands in the row
}

// counted is what an order is counted by.
type counted struct {
	state           process.State // empty before it is written
	late, escalated bool
}

func (o *Order) counted() counted {
	return counted{o.State, o.Late && !ended(o.State), o.Escalated}
}

// Position is a point on the map, WGS-84 degrees.
type Position struct {
	Lat float64 `json:"lat" doc:"纬度 latitude, degrees"`
	Lng float64 `json:"lng" doc:"经度 longitude, degrees"`
}

// Acting says for whom the requester speaks.
type Acting string

const (
	ActingSelf    Acting = "self"
	ActingFamily  Acting = "family"
	ActingStation Acting = "station"
)

// Where an order came from.
const (
	SourceApp   = "app"
	SourceDoor  = "door"
	SourcePhone = "phone"
)

// Satisfaction is one of three faces.
type Satisfaction string

const (
	Satisfied   Satisfaction = "satisfied"
	Fair        Satisfaction = "fair"
	Unsatisfied Satisfaction = "unsatisfied"
)

// Solved is the resident's answer to whether it was done; empty until asked.
type Solved string

const (
	SolvedYes Solved = "yes"
	SolvedNo  Solved = "no"
)

// Kinds of candidates.
const (
	KindVolunteer = "volunteer"
	KindTeam      = "team"
)

// Offer is one asking of one candidate.
type Offer struct {
	ID         string
	OrderID    string
	Wave       int
	Kind       string // volunteer or team
	Candidate  string // its id
	Asked      string // the person who answers: the volunteer, or the team's leader
	State      OfferState
	SentAt     time.Time
	AnswerBy   time.Time
	AnsweredAt time.Time
	AnsweredBy string
	Reason     string
	From, To   time.Time // when they would come, as a plan has it; zero: as the order says
}

// OfferState is where an offer stands.
type OfferState string

const (
	OfferOpen      OfferState = "open"
	OfferAccepted  OfferState = "accepted"
	OfferRefused   OfferState = "refused"
	OfferLapsed    OfferState = "lapsed"
	OfferFilled    OfferState = "filled"    // others were first
	OfferWithdrawn OfferState = "withdrawn" // the order was cancelled or sent back
)

// Assignment says who serves or stands by.
type Assignment struct {
	OrderID   string
	Volunteer string
	Team      string
	State     AssignmentState
	Since     time.Time
}

// AssignmentState is whether somebody serves.
type AssignmentState string

const (
	Active   AssignmentState = "active"
	Reserve  AssignmentState = "reserve"
	Released AssignmentState = "released"
	Served   AssignmentState = "served"
)

// Evaluation is the word of one side.
type Evaluation struct {
	Side         Side
	Person       string // whose word it is
	EnteredBy    string // who typed it: the worker when it came by telephone
	Satisfaction Satisfaction
	Solved       Solved
	Reasons      []string
	Words        string
	At           time.Time
}

// Side is one of the three that evaluate.
type Side string

const (
	SideResident  Side = "resident"
	SideVolunteer Side = "volunteer"
	SideStation   Side = "station"
)

// Sides lists those that must have spoken before an order closes.
func Sides() []Side { return []Side{SideResident, SideVolunteer, SideStation} }

// Missing lists the sides that have not spoken yet.
func Missing(said []Evaluation) []Side {
	var out []Side
	for _, side := range Sides() {
		if !slices.ContainsFunc(said, func(e Evaluation) bool { return e.Side == side }) {
			out = append(out, side)
		}
	}
	return out
}

// Room is how many people are still needed.
func (o *Order) Room() int { return o.PeopleNeeded - o.Taken }

// Open says whether the order still looks for people.
func (o *Order) Open() bool {
	switch o.State {
	case Requested:
		return !o.NeedsCheck
	case Verified, Dispatched, Returned:
		return true
	}
	return false
}

// ProcessID, ProcessState, ProcessTarget and ProcessCommunity make an order the
// subject of a process.
func (o *Order) ProcessID() string           { return o.ID }
func (o *Order) ProcessState() process.State { return o.State }
func (o *Order) ProcessCommunity() string    { return o.Community }
func (o *Order) ProcessTarget() access.Target {
	return access.Target{District: o.District, Path: o.PlacePath, Relations: o.relations}
}

// is says whether the actor has the relation to this order.
func (o *Order) is(r access.Relation) bool { return slices.Contains(o.relations, r) }

func splitList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
