package audit

import (
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

// note keeps a finding, holds the rows that it holds, and says so once.
func (s scene) note(f Finding) error {
	f.District, f.Community = s.home.District, s.home.ID
	fresh, err := put(s.tx, &f)
	if err != nil || f.ID == "" {
		return err
	}
	for _, id := range f.Evidence.Held {
		r, err := record.Get(s.tx, f.District, id)
		if err != nil {
			return err
		}
		if err := record.Hold(s.tx, r, f.cause()); err != nil {
			return err
		}
	}
	if fresh {
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
	return s.lookAtTeam(r)
}

// ignoreMissing passes over what is gone by the time it is looked at.
func ignoreMissing(err error) error {
	if fault.KindOf(err) == fault.KindNotFound {
		return nil
	}
	return err
}

// lookAtDay adds up the day of a person. The row that made it too long does not count
// until somebody has looked.
func (s scene) lookAtDay(r record.Record, near []record.Record) error {
	var sum int64
	var ids []string
	for _, x := range near {
		if x.Day() == r.Day() {
			sum += int64(x.Minutes)
			ids = append(ids, x.ID)
		}
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
		if sum <= most || !slices.Contains(ids, r.ID) {
			continue
		}
		return s.note(Finding{Kind: limit.kind, Subject: r.Volunteer + ":" + r.Day().String(), Person: r.Volunteer, Org: teamOf(r), Level: limit.level,
			Evidence: Evidence{Records: ids, Held: []string{r.ID}, Minutes: sum, Limit: most, Day: r.Day().String()}})
	}
	return nil
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

// lookAtTeam compares a team's week with its usual one.
func (s scene) lookAtTeam(r record.Record) error {
	team := teamOf(r)
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
	monday := r.Day().WeekStart()
	now, before, err := record.TeamMinutes(s.tx, r.District, r.Community, team, monday, weeks)
	usual := before / weeks
	if err != nil || now < hours*60 || now*100 <= usual*percent {
		return err
	}
	return s.note(Finding{Kind: TeamJump, Subject: team + ":" + monday.String(), Org: team, Level: ByUnit,
		Evidence: Evidence{Minutes: now, Usual: usual, Limit: percent, Day: monday.String()}})
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
	people, ids := map[string]bool{}, []string{}
	for _, x := range same {
		people[x.Volunteer] = true
		ids = append(ids, x.ID)
	}
	if int64(len(people)) < most {
		return nil
	}
	return s.note(Finding{Kind: OneDevice, Subject: v.Device + ":" + day.String(), Level: ByUnit,
		Evidence: Evidence{Visits: ids, People: len(people), Limit: most, Day: day.String()}})
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
	var ids []string
	for _, x := range all {
		ids = append(ids, x.ID)
	}
	day := calendar.DayOf(e.At).String()
	return s.note(Finding{Kind: BulkEntry, Subject: e.Actor + ":" + day, Person: e.Actor, Level: ByStreet,
		Evidence: Evidence{Entries: ids, Limit: most, Day: day}})
}
