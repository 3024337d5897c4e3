package points

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// percentMost bounds a factor: ten times an ordinary hour.
const percentMost = 1000

// Factor is what a class of service is worth at a place, in percent of an ordinary
// hour, from a moment on. A class is a service or an official category with all
// below it.
type Factor struct {
	Place    string
	Category string
	Since    time.Time
	Percent  int64
}

// factorsKey is where the factors in force are remembered within a transaction.
type factorsKey struct {
	district int
	at       int64
}

// factorAt is what holds for a service at a place: the newest version of the
// nearest place above it that has one, of the service itself before its category.
func factorAt(tx *db.Tx, district int, path, service string, at time.Time) (int64, error) {
	kept := db.Value(tx, factorsKey{district, at.UnixMilli()}, func() *factors { return &factors{} })
	if !kept.known {
		versions, err := factorVersions(tx, district, at)
		if err != nil {
			return 0, err
		}
		kept.take(versions)
	}
	return kept.of(path, service, nil), nil
}

// factors are those in force at a moment.
type factors struct {
	known    bool
	percents map[[2]string]int64 // by place and class
}

// take keeps the newest of each; versions come oldest first.
func (f *factors) take(versions []Factor) {
	f.known, f.percents = true, map[[2]string]int64{}
	for _, v := range versions {
		f.percents[[2]string{v.Place, v.Category}] = v.Percent
	}
}

// of finds the factor of a service; proposed classes stand before all others.
func (f *factors) of(path, service string, proposed map[string]int64) int64 {
	classes := classesOf(service)
	for _, class := range classes {
		if percent, ok := proposed[class]; ok {
			return percent
		}
	}
	places := strings.Split(strings.Trim(path, "/"), "/")
	for _, at := range slices.Backward(places) {
		for _, class := range classes {
			if percent, ok := f.percents[[2]string{at, class}]; ok {
				return percent
			}
		}
	}
	return 100
}

// classesOf lists the classes that a service belongs to, itself first.
func classesOf(service string) []string {
	s, known := category.ByID(service)
	if !known {
		return nil
	}
	top, _ := category.ByCode(s.Parent())
	return slices.Compact([]string{s.ID, top.ID})
}

// FactorDraft is a factor to be set.
type FactorDraft struct {
	Place    string       `json:"place" label:"哪里" required:"true" maxLength:"64" example:"130104007003"`
	Category string       `json:"category" label:"哪类服务" required:"true" maxLength:"64" example:"clinic_escort" doc:"一种服务，或一大类服务"`
	Percent  int64        `json:"percent" label:"百分之几" required:"true" minimum:"0" maximum:"1000" example:"150" doc:"100 和一般的一样，150 是一倍半"`
	From     calendar.Day `json:"from" label:"从哪天起" required:"true" doc:"今天或以后：以前挣的不改" example:"2026-12-01"`
}

// SetFactor adds a version of a factor from a day on. What was earned before stays
// as it was.
func (s *Service) SetFactor(ctx context.Context, who access.Who, in FactorDraft) (RulesView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RulesView, error) {
		p, err := place.Chosen(tx, who, access.PointsRule, in.Place)
		if err != nil {
			return RulesView{}, err
		}
		since, err := in.check(tx.Now())
		if err != nil {
			return RulesView{}, err
		}
		if err := insertFactor(tx, p.District, Factor{p.ID, in.Category, since, in.Percent}, who.Person); err != nil {
			return RulesView{}, err
		}
		event.Append(tx, event.Event{District: p.District, Community: p.Community(), Actor: who.Person, Act: "points.factor", Kind: "place", Subject: p.ID,
			Data: event.Data{"category": in.Category, "percent": in.Percent, "from": in.From.String()}})
		return rulesView(tx, p)
	})
}

func (in FactorDraft) check(now time.Time) (time.Time, error) {
	if _, known := category.ByID(in.Category); !known {
		return now, fault.Invalid("category", "没有这种服务。")
	}
	if in.Percent < 0 || in.Percent > percentMost {
		return now, fault.Invalid("percent", "百分数要在 0 到 %d 之间。", percentMost)
	}
	return fromDay(in.From, now)
}

// fromDay is the moment from which something holds that is set for a day: never in
// the past, because what was earned stays as it was.
func fromDay(day calendar.Day, now time.Time) (time.Time, error) {
	today := calendar.DayOf(now)
	switch {
	case !day.Valid() || day.Before(today):
		return now, fault.Invalid("from", "规矩只能从今天或以后算起，以前挣的积分不改。")
	case day == today:
		return now, nil
	}
	return day.Start(), nil
}
