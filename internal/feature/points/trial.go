package points

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Proposal is a change of the rules to be tried; what is left out stays as it is.
type Proposal struct {
	PerHour     *int64 `json:"per_hour" label:"一小时几分" minimum:"0" maximum:"20"`
	PerItem     *int64 `json:"per_item" label:"一件东西几分" minimum:"0" maximum:"50"`
	DayCap      *int64 `json:"day_cap" label:"一天最多几分" minimum:"0" maximum:"1000" doc:"0 不封顶"`
	ActivityCap *int64 `json:"activity_cap" label:"一次活动最多几分" minimum:"0" maximum:"1000" doc:"0 不封顶"`
	Gate        *int64 `json:"gate" label:"一年满几分能兑换" minimum:"0" maximum:"1000"`
	Category    string `json:"category" label:"哪类服务" maxLength:"64" doc:"和 percent 一起：这类服务改成百分之几"`
	Percent     *int64 `json:"percent" label:"百分之几" minimum:"0" maximum:"1000"`
}

func (p Proposal) check() error {
	if p.Category == "" && p.Percent == nil {
		return nil
	}
	if _, known := category.ByID(p.Category); !known {
		return fault.Invalid("category", "没有这种服务。")
	}
	if p.Percent == nil {
		return fault.Invalid("percent", "这类服务改成百分之几？")
	}
	return nil
}

// Trial is what other rules would have done to a year.
type Trial struct {
	From, To       calendar.Day // both included
	Was, Would     int64        // points of the year
	More, Less     int          // people
	Same           int
	Gated, WouldBe int // people who reached the gate
	Months         []TrialMonth
	People         []TrialPerson // whom it would change most
}

// TrialMonth is one month of a trial.
type TrialMonth struct {
	Month      string
	Was, Would int64
}

// TrialPerson is what it would change for one person.
type TrialPerson struct {
	ID         string
	Name       string // masked
	Was, Would int64
}

// shownMost is how many people a trial names.
const shownMost = 10

// Try works out what a proposal would have done to the last twelve months at a
// place. It changes nothing.
func (s *Service) Try(ctx context.Context, who access.Who, at string, p Proposal) (where place.Place, out Trial, err error) {
	if err := p.check(); err != nil {
		return where, out, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if where, err = place.Chosen(tx, who, access.PointsOversee, at); err != nil {
			return err
		}
		out, err = try(tx, where, p)
		return err
	})
	return where, out, err
}

func try(tx *db.Tx, at place.Place, p Proposal) (Trial, error) {
	today := calendar.DayOf(tx.Now())
	t := trial{
		proposal: p, days: map[[2]string]int64{}, activities: map[[2]string]int64{},
		people: map[string]*TrialPerson{}, months: map[string]*TrialMonth{}, factors: &factors{},
	}
	t.From, t.To = today.Add(-365), today.Add(-1)
	versions, err := factorVersions(tx, at.District, tx.Now())
	if err != nil {
		return Trial{}, err
	}
	t.factors.take(versions)
	communities, err := place.CommunitiesUnder(tx, at.District, at.Path)
	if err != nil {
		return Trial{}, err
	}
	for _, c := range communities {
		if err := t.add(tx, c); err != nil {
			return Trial{}, err
		}
	}
	return t.finish(tx, at)
}

// trial gathers a Trial.
type trial struct {
	Trial
	proposal         Proposal
	factors          *factors
	days, activities map[[2]string]int64 // of a person, for the caps
	people           map[string]*TrialPerson
	months           map[string]*TrialMonth
}

// add tries the proposal on what was done in one community.
func (t *trial) add(tx *db.Tx, c place.Place) error {
	terms, err := t.terms(tx, c)
	if err != nil {
		return err
	}
	all, err := doneIn(tx, c.District, c.ID, t.From.String(), t.To.String())
	for _, d := range all {
		t.judge(d, terms, c.Path)
	}
	return err
}

// terms are the place's rules of today with the proposal over them.
func (t *trial) terms(tx *db.Tx, c place.Place) (Terms, error) {
	out, err := numbersAt(tx, c.District, c.Path, tx.Now())
	for value, proposed := range map[*int64]*int64{
		&out.PerHour: t.proposal.PerHour, &out.PerItem: t.proposal.PerItem,
		&out.DayCap: t.proposal.DayCap, &out.ActivityCap: t.proposal.ActivityCap,
	} {
		if proposed != nil {
			*value = *proposed
		}
	}
	return out, err
}

func (t *trial) judge(d done, terms Terms, path string) {
	var proposed map[string]int64
	if t.proposal.Percent != nil {
		proposed = map[string]int64{t.proposal.Category: *t.proposal.Percent}
	}
	terms.Percent = t.factors.of(path, d.Category, proposed)
	day, activity := [2]string{d.Person, d.Day}, [2]string{d.Person, d.Activity}
	would := terms.worth(Deed{Minutes: d.Minutes, Items: d.Items})
	if d.Activity == "" {
		terms.ActivityCap = 0
	}
	would = terms.capped(would, t.days[day], t.activities[activity])
	t.days[day] += would
	t.activities[activity] += would
	t.Was, t.Would = t.Was+d.Points, t.Would+would
	who := entry(t.people, d.Person, &TrialPerson{ID: d.Person})
	who.Was, who.Would = who.Was+d.Points, who.Would+would
	month := entry(t.months, d.Day[:7], &TrialMonth{Month: d.Day[:7]})
	month.Was, month.Would = month.Was+d.Points, month.Would+would
}

// entry is the value of a key, which is begun with fresh.
func entry[V any](all map[string]*V, key string, fresh *V) *V {
	if v, ok := all[key]; ok {
		return v
	}
	all[key] = fresh
	return fresh
}

// finish counts people and names those whom the proposal would change most.
func (t *trial) finish(tx *db.Tx, at place.Place) (Trial, error) {
	gate, err := rule.Value(tx, at.District, at.Path, rule.PointsGate)
	if err != nil {
		return t.Trial, err
	}
	would := gate
	if t.proposal.Gate != nil {
		would = *t.proposal.Gate
	}
	for _, p := range t.people {
		t.count(p, gate, would)
	}
	for _, month := range slices.Sorted(maps.Keys(t.months)) {
		t.Months = append(t.Months, *t.months[month])
	}
	slices.SortFunc(t.People, func(a, b TrialPerson) int {
		return cmp.Or(cmp.Compare(b.change(), a.change()), cmp.Compare(a.ID, b.ID))
	})
	t.People = t.People[:min(len(t.People), shownMost)]
	return t.Trial, t.name(tx, at.District)
}

func (t *trial) count(p *TrialPerson, gate, would int64) {
	switch {
	case p.Would > p.Was:
		t.More++
	case p.Would < p.Was:
		t.Less++
	default:
		t.Same++
	}
	if p.Was >= gate {
		t.Gated++
	}
	if p.Would >= would {
		t.WouldBe++
	}
	if p.Was != p.Would {
		t.People = append(t.People, *p)
	}
}

func (p TrialPerson) change() int64 { return max(p.Would-p.Was, p.Was-p.Would) }

func (t *trial) name(tx *db.Tx, district int) error {
	var ids []string
	for _, p := range t.People {
		ids = append(ids, p.ID)
	}
	known, err := person.Many(tx, district, ids)
	for i, p := range t.People {
		t.People[i].Name = identity.MaskName(known[p.ID].Name)
	}
	return err
}
