package audit

import (
	"cmp"
	"math"
	"slices"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/record"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// looks says what is looked at when something has happened.
var looks = map[string]func(*db.Tx, event.Event) error{
	"record.add":     lookAtRow,
	"record.correct": lookAtRow,
	"order.check-in": lookAtCheckIn,
	"entry.entered":  lookAtEntry,
}

// scene is where something is judged: the rules of a community.
type scene struct {
	tx   *db.Tx
	home place.Place
}

func sceneOf(tx *db.Tx, community string) (scene, error) {
	p, err := place.Get(tx, community)
	return scene{tx, p}, err
}

func (s scene) rule(name rule.Name) (int64, error) {
	return rule.Value(s.tx, s.home.District, s.home.Path, name)
}

// note keeps a finding, holds the rows that it holds, and says so.
func (s scene) note(f Finding) error {
	f.District, f.Community = s.home.District, s.home.ID
	news, err := put(s.tx, &f)
	if err != nil || f.ID == "" {
		return err
	}
	held, err := f.held(s.tx)
	if err != nil {
		return err
	}
	for _, r := range held {
		if err := record.Hold(s.tx, r, f.cause()); err != nil {
			return err
		}
	}
	if news {
		event.Append(s.tx, event.Event{District: f.District, Community: f.Community, Act: "finding.found", Kind: "finding", Subject: f.ID,
			Data: event.Data{"kind": string(f.Kind), "level": f.Level}})
	}
	return nil
}

// lookAtRow looks at the day, the ways and the team of a row that came in.
func lookAtRow(tx *db.Tx, e event.Event) error {
	r, err := record.Get(tx, e.District, e.Subject)
	if err != nil {
		return ignoreMissing(err)
	}
	s, err := sceneOf(tx, r.Community)
	if err != nil {
		return err
	}
	around, err := record.Around(tx, r)
	if err != nil {
		return err
	}
	for _, look := range []func(record.Record, []record.Record) error{s.lookAtDay, s.lookAtWays} {
		if err := look(r, around); err != nil {
			return err
		}
	}
	return s.lookAtTeam(teamOf(r), r.Day().WeekStart())
}

// ignoreMissing passes over what is gone by the time it is looked at.
func ignoreMissing(err error) error {
	if fault.KindOf(err) == fault.KindNotFound {
		return nil
	}
	return err
}

// lookAtDay adds up the day of a person. The rows that made it too long do not count
// until somebody has looked.
func (s scene) lookAtDay(r record.Record, near []record.Record) error {
	day := slices.DeleteFunc(slices.Clone(near), func(x record.Record) bool { return x.Day() != r.Day() })
	if !slices.ContainsFunc(day, func(x record.Record) bool { return x.ID == r.ID }) {
		return nil
	}
	for _, limit := range []struct {
		kind  Kind
		name  rule.Name
		level string
	}{{VeryLongDay, rule.DayMinutesStreet, ByStreet}, {LongDay, rule.DayMinutes, ByUnit}} {
		most, err := s.rule(limit.name)
		if err != nil {
			return err
		}
		if sum, held := beyond(day, most); sum > most {
			return s.note(Finding{Kind: limit.kind, Subject: r.Volunteer + ":" + r.Day().String(), Person: r.Volunteer, Org: teamOf(r), Level: limit.level,
				Evidence: Evidence{Records: ids(day), Held: held, Minutes: sum, Limit: most, Day: r.Day().String()}})
		}
	}
	return nil
}

// beyond adds up the minutes of rows in the order in which they were entered, whenever
// somebody looks, and gives those that went over a limit.
func beyond(rows []record.Record, most int64) (sum int64, over []string) {
	for _, r := range slices.SortedFunc(slices.Values(rows), func(a, b record.Record) int {
		return cmp.Or(a.EnteredAt.Compare(b.EnteredAt), cmp.Compare(a.ID, b.ID))
	}) {
		if sum += int64(r.Minutes); sum > most {
			over = append(over, r.ID)
		}
	}
	return sum, over
}

func ids(rows []record.Record) (out []string) {
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out
}

// teamOf is the team that organised a row; empty when it was the community.
func teamOf(r record.Record) string {
	if place.DistrictOf(r.Organiser) != 0 {
		return ""
	}
	return r.Organiser
}

// lookAtWays asks whether the person could get from the row before and to the row
// after in the time between.
func (s scene) lookAtWays(r record.Record, near []record.Record) error {
	fastest, err := s.rule(rule.SpeedKmh)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(near, func(x record.Record) bool { return x.ID == r.ID })
	for _, pair := range [][2]int{{i - 1, i}, {i, i + 1}} {
		if i < 0 || pair[0] < 0 || pair[1] >= len(near) {
			continue
		}
		if err := s.lookAtWay(near[pair[0]], near[pair[1]], fastest); err != nil {
			return err
		}
	}
	return nil
}

func (s scene) lookAtWay(a, b record.Record, fastest int64) error {
	from, known, err := place.Locate(s.tx, a.Place)
	if err != nil || !known {
		return err
	}
	to, known, err := place.Locate(s.tx, b.Place)
	if err != nil || !known {
		return err
	}
	metres := int64(math.Round(visit.Metres(from, to)))
	gap := b.StartedAt.Sub(a.EndedAt)
	if within := int64(gap.Hours() * float64(fastest) * 1000); metres <= within+nextDoor {
		return nil
	}
	return s.note(Finding{Kind: TooFar, Subject: a.ID + ":" + b.ID, Person: b.Volunteer, Org: teamOf(b), Level: ByUnit, Evidence: Evidence{
		Records: []string{a.ID, b.ID}, Metres: metres, GapMinutes: int64(gap / time.Minute), Limit: fastest, Day: b.Day().String()}})
}

// nextDoor is a distance, in metres, that needs no time.
const nextDoor = 500

// weeks is how many weeks a team's usual week is the mean of.
const weeks = 8

// lookAtTeam compares the week of a team with its usual one.
func (s scene) lookAtTeam(team string, monday calendar.Day) error {
	if team == "" {
		return nil
	}
	percent, err := s.rule(rule.JumpPercent)
	if err != nil {
		return err
	}
	hours, err := s.rule(rule.JumpHours)
	if err != nil {
		return err
	}
	now, before, err := record.TeamMinutes(s.tx, s.home.District, s.home.ID, team, monday, weeks)
	usual := before / weeks
	if err != nil || now < hours*60 || now*100 <= usual*percent {
		return err
	}
	return s.note(Finding{Kind: TeamJump, Subject: team + ":" + monday.String(), Org: team, Level: ByUnit,
		Evidence: Evidence{Minutes: now, Usual: usual, Limit: percent, Day: monday.String()}})
}

// lastWeeks is how many weeks are looked at again each night.
const lastWeeks = 5

// lookAtTeams looks again at the last weeks of all teams of a community: rows that were
// taken back since, or another rule, may have made a jump of one.
func lookAtTeams(tx *db.Tx, p place.Place) error {
	s, monday := scene{tx, p}, calendar.DayOf(tx.Now()).WeekStart()
	for range lastWeeks {
		teams, err := record.Teams(tx, p.District, p.ID, record.Period{From: monday, To: monday.Add(6)})
		if err != nil {
			return err
		}
		for _, team := range teams {
			if place.DistrictOf(team) != 0 {
				continue // the community itself
			}
			if err := s.lookAtTeam(team, monday); err != nil {
				return err
			}
		}
		monday = monday.Add(-7)
	}
	return nil
}

// visitsMost bounds what is read of one phone's day.
const visitsMost = 500

// lookAtCheckIn counts the people whom one phone checks in on a day.
func lookAtCheckIn(tx *db.Tx, e event.Event) error {
	visits, err := visit.Of(tx, e.District, e.Subject)
	if err != nil || len(visits) == 0 {
		return err
	}
	s, err := sceneOf(tx, e.Community)
	if err != nil {
		return err
	}
	most, err := s.rule(rule.DevicePeople)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.Device == "" || v.InAt.After(e.At) {
			continue
		}
		if err := s.lookAtDevice(v, most); err != nil {
			return err
		}
	}
	return nil
}

func (s scene) lookAtDevice(v visit.Visit, most int64) error {
	day := calendar.DayOf(v.InAt)
	same, err := visit.OnDevice(s.tx, s.home.District, v.Device, day.Start(), day.End(), visitsMost)
	if err != nil {
		return err
	}
	var visits, people []string
	for _, x := range same {
		visits = append(visits, x.ID)
		if !slices.Contains(people, x.Volunteer) {
			people = append(people, x.Volunteer)
		}
	}
	if int64(len(people)) < most {
		return nil
	}
	return s.note(Finding{Kind: OneDevice, Subject: v.Device + ":" + day.String(), Level: ByUnit,
		Evidence: Evidence{Visits: visits, Persons: people, People: len(people), Limit: most, Day: day.String()}})
}

// lookAtEntry counts what one person has entered by hand within an hour.
func lookAtEntry(tx *db.Tx, e event.Event) error {
	s, err := sceneOf(tx, e.Community)
	if err != nil {
		return err
	}
	most, err := s.rule(rule.BulkEntries)
	if err != nil {
		return err
	}
	all, err := record.EntriesBetween(tx, e.District, e.Actor, e.At.Add(-time.Hour), e.At)
	if err != nil || int64(len(all)) < most {
		return err
	}
	var entries []string
	for _, x := range all {
		entries = append(entries, x.ID)
	}
	day := calendar.DayOf(e.At).String()
	return s.note(Finding{Kind: BulkEntry, Subject: e.Actor + ":" + day, Person: e.Actor, Level: ByStreet,
		Evidence: Evidence{Entries: entries, Limit: most, Day: day}})
}
