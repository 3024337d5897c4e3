package points

import (
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
)

// PlaceRef names a place.
type PlaceRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// RulesView is the rules of points at a place.
type RulesView struct {
	Place       PlaceRef     `json:"place"`
	PerHour     int64        `json:"per_hour" doc:"服务一小时几分"`
	PerItem     int64        `json:"per_item" doc:"捐一件东西几分"`
	DayCap      int64        `json:"day_cap" doc:"一个人一天最多几分，0 不封顶"`
	ActivityCap int64        `json:"activity_cap" doc:"一个人在一次活动里最多几分，0 不封顶"`
	Gate        int64        `json:"gate" doc:"一年挣满几分才能评星级、兑换"`
	Months      int64        `json:"months" doc:"放几个月没用就过期，0 不过期"`
	Factors     []FactorView `json:"factors" doc:"各类服务按百分之几算，也有以后才算数的"`

	path string
}

// FactorView is what a class of service is worth, from a day on.
type FactorView struct {
	Category string       `json:"category"`
	Name     string       `json:"name"`
	Place    PlaceRef     `json:"place" doc:"谁定的"`
	Percent  int64        `json:"percent" doc:"100 和一般的一样"`
	From     calendar.Day `json:"from" doc:"从哪天起"`
	Later    bool         `json:"later" doc:"还没到那一天"`
}

func rulesView(tx *db.Tx, p place.Place) (RulesView, error) {
	v := RulesView{Place: PlaceRef{p.ID, p.Name}, Factors: []FactorView{}, path: p.Path}
	terms, err := numbersAt(tx, p.District, p.Path, tx.Now())
	if err != nil {
		return v, err
	}
	v.PerHour, v.PerItem, v.DayCap, v.ActivityCap = terms.PerHour, terms.PerItem, terms.DayCap, terms.ActivityCap
	if v.Gate, err = rule.Value(tx, p.District, p.Path, rule.PointsGate); err != nil {
		return v, err
	}
	if v.Months, err = rule.Value(tx, p.District, p.Path, rule.PointsMonths); err != nil {
		return v, err
	}
	return v, v.addFactors(tx, p)
}

// addFactors lists every version that concerns the place, the newest first.
func (v *RulesView) addFactors(tx *db.Tx, p place.Place) error {
	chain, err := place.Chain(tx, p)
	if err != nil {
		return err
	}
	above := map[string]string{}
	for _, c := range chain {
		above[c.ID] = c.Name
	}
	versions, err := factorVersions(tx, p.District, tx.Now().AddDate(100, 0, 0))
	for _, f := range versions {
		if name, concerns := above[f.Place]; concerns {
			service, _ := category.ByID(f.Category)
			v.Factors = append([]FactorView{{
				Category: f.Category, Name: ui.T(tx.Context(), service.Name), Place: PlaceRef{f.Place, name}, Percent: f.Percent,
				From: calendar.DayOf(f.Since), Later: f.Since.After(tx.Now()),
			}}, v.Factors...)
		}
	}
	return err
}

// GiftView is a gift as its giver sees it.
type GiftView struct {
	ID     string    `json:"id"`
	To     string    `json:"to" doc:"送给谁"`
	Kind   string    `json:"kind" enum:"household,elder" doc:"家里人，或照看的老人"`
	Amount int64     `json:"amount"`
	Words  string    `json:"words"`
	At     time.Time `json:"at"`
}

// DonationView is a donation as its receipt shows it.
type DonationView struct {
	ID        string    `json:"id"`
	Number    string    `json:"number" doc:"收据号"`
	Place     PlaceRef  `json:"place" doc:"哪个社区收的"`
	Donor     string    `json:"donor" doc:"谁捐的，不留名就空着"`
	Item      string    `json:"item"`
	Quantity  int       `json:"quantity"`
	Points    int64     `json:"points" doc:"记了几分"`
	Handler   string    `json:"handler" doc:"经手人"`
	At        time.Time `json:"at"`
	Withdrawn bool      `json:"withdrawn" doc:"作废了"`
	Reason    string    `json:"reason,omitempty"`
}

func donationView(tx *db.Tx, d Donation) (DonationView, error) {
	names, err := place.Names(tx, d.Place)
	return DonationView{
		ID: d.ID, Number: d.Number, Place: PlaceRef{d.Place, names[d.Place]}, Donor: d.DonorName, Item: d.Item, Quantity: d.Quantity,
		Points: d.Points, Handler: d.Handler, At: d.At.In(calendar.Zone()), Withdrawn: d.Withdrawn, Reason: d.Reason,
	}, err
}

// TrialView is what other rules would have done to the last twelve months.
type TrialView struct {
	Place   PlaceRef         `json:"place"`
	From    calendar.Day     `json:"from"`
	To      calendar.Day     `json:"to"`
	Was     int64            `json:"was" doc:"照当时的规矩一共挣了几分"`
	Would   int64            `json:"would" doc:"照这套规矩会是几分"`
	More    int              `json:"more" doc:"多少人会多"`
	Less    int              `json:"less" doc:"多少人会少"`
	Same    int              `json:"same" doc:"多少人一样"`
	Gated   int              `json:"gated" doc:"多少人够兑换"`
	WouldBe int              `json:"would_be_gated" doc:"会有多少人够兑换"`
	Months  []MonthView      `json:"months"`
	People  []TrialShareView `json:"people" doc:"变得最多的几位"`
}

// MonthView is a month of it.
type MonthView struct {
	Month string `json:"month" example:"2026-11"`
	Was   int64  `json:"was"`
	Would int64  `json:"would"`
}

// TrialShareView is what it would change for one person.
type TrialShareView struct {
	Name  string `json:"name" doc:"遮住一部分的名字"`
	Was   int64  `json:"was"`
	Would int64  `json:"would"`
}

func trialView(p place.Place, t Trial) TrialView {
	v := TrialView{
		Place: PlaceRef{p.ID, p.Name}, From: t.From, To: t.To, Was: t.Was, Would: t.Would, More: t.More, Less: t.Less, Same: t.Same,
		Gated: t.Gated, WouldBe: t.WouldBe, Months: []MonthView{}, People: []TrialShareView{},
	}
	for _, m := range t.Months {
		v.Months = append(v.Months, MonthView(m))
	}
	for _, p := range t.People {
		v.People = append(v.People, TrialShareView{p.Name, p.Was, p.Would})
	}
	return v
}

// may says whether who may change what classes are worth here.
func (v RulesView) may(who access.Who) bool {
	return access.May(who, access.PointsRule, v.target())
}

func (v RulesView) target() access.Target {
	return access.Target{District: place.DistrictOf(v.Place.ID), Path: v.path}
}
