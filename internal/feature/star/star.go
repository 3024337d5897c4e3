package star

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/kit/fault"
)

// Most is how many stars there are.
const Most = 5

// Table says what a star asks for at a place.
type Table struct {
	Place     string
	Since     time.Time
	Yearly    bool              // the hours of a year; else of all time
	Hours     [Most]int64       // of one to five stars, rising
	Approvers [Most]place.Level // who approves each
	Workdays  int               // of public notice
}

// Default is the table of the field (民函〔2012〕340号 as Fujian has it; domain.md 1.4),
// with the approval moved down to the levels that a district has.
func Default() Table {
	return Table{
		Hours:     [Most]int64{100, 300, 600, 1000, 1500},
		Approvers: [Most]place.Level{place.Community, place.Community, place.Street, place.Street, place.District},
		Workdays:  5,
	}
}

// Example is a table of another place, to begin from.
type Example struct {
	Name  string // id of its translation
	Table Table
}

// Examples are tables in use elsewhere (domain.md 1.4).
func Examples() []Example {
	d := Default()
	city, street := d, d
	city.Hours = [Most]int64{30, 60, 100, 200, 300}
	street.Hours, street.Yearly = [Most]int64{10, 20, 30, 40, 50}, true
	return []Example{
		{"各地通用：累计 100、300、600、1000、1500 小时", d},
		{"张家港：累计 30、60、100、200、300 小时", city},
		{"有的街道：当年 10、20、30、40、50 小时", street},
	}
}

// Of is how many stars some minutes are.
func (t Table) Of(minutes int64) int {
	stars := 0
	for i, hours := range t.Hours {
		if minutes >= hours*60 {
			stars = i + 1
		}
	}
	return stars
}

// Next is how many minutes are missing to the next star; 0 when there is none.
func (t Table) Next(minutes int64) int64 {
	if stars := t.Of(minutes); stars < Most {
		return t.Hours[stars]*60 - minutes
	}
	return 0
}

// check finds what no table may say.
func (t Table) check() error {
	for i, hours := range t.Hours {
		if hours < 1 || hours > 100_000 || i > 0 && hours <= t.Hours[i-1] {
			return fault.Invalid("hours", "从一星到五星，小时数要一级比一级多。")
		}
	}
	for _, level := range t.Approvers {
		if !slices.Contains(approverLevels(), level) {
			return fault.Invalid("approvers", "每一级由社区、街道还是区里批，选一个。")
		}
	}
	if t.Workdays < 1 || t.Workdays > 30 {
		return fault.Invalid("workdays", "公示要 1 到 30 个工作日。")
	}
	return nil
}

// approverLevels are the levels that can approve, from below.
func approverLevels() []place.Level {
	return []place.Level{place.Community, place.Street, place.District}
}

// hoursText and approversText are how a table stands in its row.
func (t Table) hoursText() string {
	var parts []string
	for _, h := range t.Hours {
		parts = append(parts, strconv.FormatInt(h, 10))
	}
	return strings.Join(parts, ",")
}

func (t Table) approversText() string {
	var parts []string
	for _, l := range t.Approvers {
		parts = append(parts, string(l))
	}
	return strings.Join(parts, ",")
}

// read is the other way.
func (t *Table) read(hours, approvers string) {
	for i, text := range strings.SplitN(hours, ",", Most) {
		t.Hours[i], _ = strconv.ParseInt(text, 10, 64) // written by hoursText
	}
	for i, text := range strings.SplitN(approvers, ",", Most) {
		t.Approvers[i] = place.Level(text)
	}
}

// The states of a case and of a round.
const (
	Proposed   process.State = "proposed"
	Notice     process.State = "notice"
	Given      process.State = "given"
	Refused    process.State = "refused"
	Nominating process.State = "nominating"
	Voting     process.State = "voting"
	None       process.State = "none" // nobody was nominated, or an objection was upheld
)

// The steps.
const (
	StepApproval = "approval"
	StepRefusal  = "refusal"
	StepAward    = "award"
	StepUphold   = "upholding"
	StepVoting   = "voting"
	StepCount    = "count"
)

// Process is how a star is given.
var Process = process.Table{
	Name: "star", Version: 1,
	States: []process.StateInfo{
		{Name: Proposed, Label: "等着批"}, {Name: Notice, Label: "公示中"}, {Name: Given, Label: "评上了", End: true}, {Name: Refused, Label: "没评上", End: true},
	},
	Steps: []process.Step{
		{Name: StepApproval, Label: "同意，公示", From: []process.State{Proposed}, To: Notice, Permission: access.StarApprove},
		{Name: StepRefusal, Label: "不同意", From: []process.State{Proposed}, To: Refused, Permission: access.StarApprove},
		{Name: StepUphold, Label: "异议成立，不评", From: []process.State{Notice}, To: Refused, Permission: access.StarApprove, Hidden: true},
		{Name: StepAward, Label: "公示期满，评上", From: []process.State{Notice}, To: Given, Permission: access.StarApprove, Hidden: true},
	},
}

// Rounds is how a yearly honour is given.
var Rounds = process.Table{
	Name: "honour", Version: 1,
	States: []process.StateInfo{
		{Name: Nominating, Label: "推荐中"}, {Name: Voting, Label: "投票中"}, {Name: Notice, Label: "公示中"},
		{Name: Given, Label: "评出来了", End: true}, {Name: None, Label: "没评出来", End: true},
	},
	Steps: []process.Step{
		{Name: StepVoting, Label: "开始投票", From: []process.State{Nominating}, To: Voting, Permission: access.HonourRun},
		{Name: StepCount, Label: "计票，公示", From: []process.State{Voting}, To: Notice, Permission: access.HonourRun},
		{Name: StepUphold, Label: "异议成立，不评", From: []process.State{Notice}, To: None, Permission: access.HonourRun, Hidden: true},
		{Name: StepAward, Label: "公示期满，评出来", From: []process.State{Notice}, To: Given, Permission: access.HonourRun, Hidden: true},
	},
}

// Case is a star on its way to somebody.
type Case struct {
	District   int
	ID         string
	Version    int64
	Volunteer  string
	Community  string
	Star       int
	Year       int // 0: of all time
	Minutes    int64
	Level      place.Level
	Workdays   int
	State      process.State
	MadeAt     time.Time
	ApprovedBy string
	ApprovedAt time.Time
	NoticeEnds time.Time
	EndedAt    time.Time
	Answer     string

	path      string // of the community
	relations []access.Relation
}

// ProcessID and its neighbours make a case the subject of Process.
func (c *Case) ProcessID() string           { return c.ID }
func (c *Case) ProcessState() process.State { return c.State }
func (c *Case) ProcessCommunity() string    { return c.Community }
func (c *Case) ProcessTarget() access.Target {
	return access.Target{District: c.District, Path: c.path, Relations: c.relations}
}

// Kind is which honour.
type Kind string

// The honours.
const (
	Fairest Kind = "fairest" // 最美志愿者
	Idea    Kind = "idea"    // 金点子
)

// Enum lists the values for the decoder of requests.
func (Kind) Enum() []string { return []string{string(Fairest), string(Idea)} }

// Label is the word on the page; id of its translation.
func (k Kind) Label() string {
	if k == Idea {
		return "金点子"
	}
	return "最美志愿者"
}

// Round is one honour of one year at a place.
type Round struct {
	District   int
	ID         string
	Version    int64
	Place      string
	Kind       Kind
	Year       int
	Seats      int
	State      process.State
	NominateTo calendar.Day
	VoteTo     calendar.Day
	NoticeEnds time.Time
	EndedAt    time.Time

	at place.Place
}

// ProcessID and its neighbours make a round the subject of Rounds.
func (r *Round) ProcessID() string            { return r.ID }
func (r *Round) ProcessState() process.State  { return r.State }
func (r *Round) ProcessCommunity() string     { return r.at.Community() }
func (r *Round) ProcessTarget() access.Target { return r.at.Target() }

// Nominee is somebody who was put forward.
type Nominee struct {
	District    int
	ID          string
	Round       string
	Volunteer   string
	Words       string
	NominatedBy string
	Votes       int64
	Won         bool
}

// Objection is what somebody says against a star or honour in notice.
type Objection struct {
	District int
	ID       string
	Subject  string
	Person   string
	Words    string
	At       time.Time
	Due      time.Time
	Decided  bool
	Upheld   bool
	Answer   string
}

// Standing is what somebody has: the highest star and the honours.
type Standing struct {
	Star    int // 0 to 5
	Since   time.Time
	Year    int // of a yearly star; 0 for one of all time
	Honours []Honour
}

// Honour is one that was given.
type Honour struct {
	Kind Kind
	Year int
}
