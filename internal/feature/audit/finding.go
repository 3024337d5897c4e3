package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/process"
	"linli/internal/kit/db"
)

// Kind is what looks wrong.
type Kind string

// The kinds of findings (domain.md, section 5). Their numbers are rules of the place.
const (
	TooFar      Kind = "too_far"       // two sites too far apart for the time between
	OneDevice   Kind = "one_device"    // one phone checks in for many people
	BulkEntry   Kind = "bulk_entry"    // many services entered by hand at once
	TeamJump    Kind = "team_jump"     // a team's week is many times its usual one
	LongDay     Kind = "long_day"      // a second look by the unit
	VeryLongDay Kind = "very_long_day" // by the street
)

// Label is the word on the page; it is also the id of its translation.
func (k Kind) Label() string {
	switch k {
	case TooFar:
		return "两处离得太远，来不及走到"
	case OneDevice:
		return "一部手机替好几个人签到"
	case BulkEntry:
		return "短时间里补录了很多条"
	case TeamJump:
		return "队伍的时间突然多了好几倍"
	case LongDay:
		return "一天的时间太长，单位再看一遍"
	case VeryLongDay:
		return "一天的时间特别长，街道来看"
	}
	return string(k)
}

// Holds says whether rows do not count while a finding of the kind is open.
func (k Kind) Holds() bool { return k == LongDay || k == VeryLongDay }

// Levels of findings.
const (
	ByUnit   = "unit"
	ByStreet = "street"
)

// States of a finding.
const (
	Open    process.State = "open"
	Cleared process.State = "cleared"
	Upheld  process.State = "upheld"
)

// Steps of a finding.
const (
	StepClearing = "clearing"
	StepUpheld   = "upholding"
)

// Unit and Street are the ways of findings of the two levels: one process, but for
// who may decide.
var (
	Unit   = process.Table{Name: "finding", Version: 1, States: states(), Steps: steps(access.FindingDecide)}
	Street = process.Table{Name: "finding", Version: 1, States: states(), Steps: steps(access.FindingStreet)}
)

func states() []process.StateInfo {
	return []process.StateInfo{
		{Name: Open, Label: "等人看"}, {Name: Cleared, Label: "看过，没问题", End: true}, {Name: Upheld, Label: "看过，有问题", End: true},
	}
}

func steps(p access.Permission) []process.Step {
	return []process.Step{
		{Name: StepClearing, Label: "没问题", From: []process.State{Open}, To: Cleared, Permission: p},
		{Name: StepUpheld, Label: "有问题", From: []process.State{Open}, To: Upheld, Permission: p},
	}
}

// Evidence is what a finding rests on, in figures, so that it can be checked.
type Evidence struct {
	Records    []string `json:"records,omitempty" doc:"哪几条记录"`
	Held       []string `json:"held,omitempty" doc:"看完以前先不算的"`
	Visits     []string `json:"visits,omitempty" doc:"哪几次上门"`
	Entries    []string `json:"entries,omitempty" doc:"哪几条补录"`
	Persons    []string `json:"persons,omitempty" doc:"哪几个人"`
	People     int      `json:"people,omitempty" doc:"几个人"`
	Minutes    int64    `json:"minutes,omitempty" doc:"几分钟"`
	Usual      int64    `json:"usual_minutes,omitempty" doc:"平时一周几分钟"`
	Metres     int64    `json:"metres,omitempty" doc:"相隔几米"`
	GapMinutes int64    `json:"gap_minutes,omitempty" doc:"中间隔几分钟"`
	Limit      int64    `json:"limit" doc:"这里的规矩是多少"`
	Day        string   `json:"day,omitempty" doc:"哪一天"`
}

// Finding is one suspicion.
type Finding struct {
	District  int
	ID        string
	Version   int64
	Kind      Kind
	Subject   string
	Community string
	Person    string // whom it is about; empty for a team
	Org       string // the team
	Level     string
	Evidence  Evidence
	State     process.State
	FoundAt   time.Time
	DecidedBy string
	DecidedAt time.Time
	Answer    string

	at access.Target
}

// ProcessID, ProcessState, ProcessTarget and ProcessCommunity make a finding the
// subject of its process.
func (f *Finding) ProcessID() string            { return f.ID }
func (f *Finding) ProcessState() process.State  { return f.State }
func (f *Finding) ProcessTarget() access.Target { return f.at }
func (f *Finding) ProcessCommunity() string     { return f.Community }

// process is the way of a finding of its level.
func (f *Finding) process() *process.Table {
	if f.Level == ByStreet {
		return &Street
	}
	return &Unit
}

// cause is the name under which it holds rows.
func (f *Finding) cause() string { return "finding:" + f.ID }

const columns = `district, id, version, kind, subject, community, person, org, level, evidence, state, found_at, decided_by, decided_at, answer`

// put writes a finding, or new evidence of one that is open; it comes back with the id
// under which it stands. What was decided is not asked again: only what has come since
// makes another finding about the same thing, and without any the id is empty. News is
// whether there is something to tell.
func put(tx *db.Tx, f *Finding) (news bool, err error) {
	subject := f.Subject
	for n := 2; ; n++ {
		old, found, err := about(tx, f)
		switch {
		case err != nil:
			return false, err
		case !found:
			return insert(tx, f)
		case old.State == Open:
			return join(tx, f, old)
		case !f.Kind.since(&f.Evidence, old.Evidence):
			return false, nil
		}
		f.Subject = fmt.Sprintf("%s+%d", subject, n)
	}
}

// since leaves out what was looked at before, and says whether enough is left for
// another look.
func (k Kind) since(now *Evidence, seen Evidence) bool {
	switch k {
	case LongDay, VeryLongDay:
		now.Held = without(now.Held, seen.Held)
		return len(now.Held) > 0
	case BulkEntry:
		now.Entries = without(now.Entries, seen.Entries)
		return int64(len(now.Entries)) >= now.Limit
	case OneDevice:
		return len(without(now.Persons, seen.Persons)) > 0
	case TeamJump:
		return now.Minutes >= 2*seen.Minutes
	}
	return false
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(id string) bool { return slices.Contains(some, id) })
}

// about is the finding that stands about the same thing.
func about(tx *db.Tx, f *Finding) (Finding, bool, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM finding WHERE district = $1 AND kind = $2 AND subject = $3`, f.District, string(f.Kind), f.Subject)
}

// insert writes a new finding, unless another process has just written it.
func insert(tx *db.Tx, f *Finding) (bool, error) {
	text, err := json.Marshal(f.Evidence)
	if err != nil {
		return false, err
	}
	f.ID, f.Version, f.State, f.FoundAt = tx.NewID(), 1, Open, tx.Now()
	n, err := tx.Exec(`INSERT INTO finding (`+columns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'',NULL,'')
		ON CONFLICT (district, kind, subject) DO NOTHING`,
		f.District, f.ID, f.Version, string(f.Kind), f.Subject, f.Community, f.Person, f.Org, f.Level, string(text), string(f.State), f.FoundAt.UnixMilli())
	if n == 0 {
		f.ID = ""
	}
	return n == 1, err
}

// join gives an open finding the new evidence. What it holds it goes on holding, so
// that the decision frees all of it.
func join(tx *db.Tx, f *Finding, old Finding) (bool, error) {
	more := without(f.Evidence.Held, old.Evidence.Held)
	f.Evidence.Held = append(old.Evidence.Held, more...)
	text, err := json.Marshal(f.Evidence)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE finding SET evidence = $4, version = version + 1 WHERE district = $1 AND id = $2 AND version = $3 AND state = 'open'`,
		f.District, old.ID, old.Version, string(text))
	if err == nil && n == 0 {
		err = fmt.Errorf("audit: finding %s was decided at the same time", old.ID) // the reader comes again
	}
	f.ID = old.ID
	return len(more) > 0, err
}

func save(tx *db.Tx, f *Finding) (bool, error) {
	n, err := tx.Exec(`UPDATE finding SET version = version + 1, state = $4, decided_by = $5, decided_at = $6, answer = $7
		WHERE district = $1 AND id = $2 AND version = $3 AND state = 'open'`,
		f.District, f.ID, f.Version, string(f.State), f.DecidedBy, f.DecidedAt.UnixMilli(), f.Answer)
	f.Version++
	return n == 1, err
}

func get(tx *db.Tx, district int, id string) (Finding, bool, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM finding WHERE district = $1 AND id = $2`, district, id)
}

// list gives the findings of a community in a state, the newest first.
func list(tx *db.Tx, district int, community string, state process.State, limit int) ([]Finding, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM finding
		WHERE district = $1 AND community = $2 AND state = $3 ORDER BY found_at DESC, id DESC LIMIT $4`, district, community, string(state), limit)
}

func scan(s db.Scanner) (f Finding, err error) {
	var found int64
	var decided *int64
	var evidence string
	if err = s.Scan(&f.District, &f.ID, &f.Version, &f.Kind, &f.Subject, &f.Community, &f.Person, &f.Org, &f.Level, &evidence, &f.State,
		&found, &f.DecidedBy, &decided, &f.Answer); err != nil {
		return f, err
	}
	f.FoundAt = time.UnixMilli(found).UTC()
	if decided != nil {
		f.DecidedAt = time.UnixMilli(*decided).UTC()
	}
	return f, json.Unmarshal([]byte(evidence), &f.Evidence)
}
