package points

import (
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// The kinds of a gift: inside one household, or to an elder whom the giver may act
// for because the elder agreed to it. There is no other.
const (
	ToHousehold = "household"
	ToElder     = "elder"
)

// Gift is points given away: serve now, be served later, also for one's parents.
type Gift struct {
	To     string `json:"to" label:"送给谁" required:"true" maxLength:"64"`
	Amount int64  `json:"amount" label:"送几分" required:"true" minimum:"1" maximum:"1000" example:"10"`
	Words  string `json:"words" label:"说句话" maxLength:"100"`
}

// Near is somebody to whom points may be given.
type Near struct {
	Person person.Person
	Kind   string
}

// Allowance is to whom somebody may give, and how much.
type Allowance struct {
	Purse
	People   []Near
	MonthCap int64 // may be given away in a month
	Given    int64 // this month
	Own      int64 // earned by deeds and not given away yet: only these can be given
}

// Left is how much can be given now.
func (a Allowance) Left() int64 { return max(0, min(a.Spendable(), a.MonthCap-a.Given, a.Own)) }

// Allowance says to whom who may give points, where the place allows it.
func (s *Service) Allowance(ctx context.Context, who access.Who) (a Allowance, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		me, err := person.Get(tx, who.District, who.Person)
		if err == nil {
			a, err = allowance(tx, who, me)
		}
		return err
	})
	return a, err
}

func allowance(tx *db.Tx, who access.Who, me person.Person) (a Allowance, err error) {
	if a.Purse, err = PurseOf(tx, me.District, me.ID); err != nil {
		return a, err
	}
	if a.MonthCap, err = rule.Value(tx, me.District, me.PlacePath, rule.GiftMonthCap); err != nil {
		return a, err
	}
	today := calendar.DayOf(tx.Now())
	if a.Given, err = givenSince(tx, me.District, me.ID, monthStart(today)); err != nil {
		return a, err
	}
	if a.Own, err = ownOf(tx, me.District, me.ID); err != nil {
		return a, err
	}
	a.People, err = near(tx, who, me)
	return a, err
}

func monthStart(d calendar.Day) string {
	return calendar.Day{Year: d.Year, Month: d.Month, Day: 1}.String()
}

// near lists the household and the elders, as far as the place allows them.
func near(tx *db.Tx, who access.Who, me person.Person) (all []Near, err error) {
	household, err := rule.Value(tx, me.District, me.PlacePath, rule.GiftHousehold)
	if err != nil {
		return nil, err
	}
	if household == 1 && me.Household != "" {
		members, err := person.Members(tx, me.District, me.Household)
		if err != nil {
			return nil, err
		}
		for _, p := range members {
			if p.ID != me.ID {
				all = append(all, Near{p, ToHousehold})
			}
		}
	}
	elders, err := eldersOf(tx, who, me)
	for _, p := range elders {
		if !slices.ContainsFunc(all, func(n Near) bool { return n.Person.ID == p.ID }) {
			all = append(all, Near{p, ToElder})
		}
	}
	return all, err
}

// eldersOf are those of the district who agreed that me acts for them and are old
// enough.
func eldersOf(tx *db.Tx, who access.Who, me person.Person) (all []person.Person, err error) {
	allowed, err := rule.Value(tx, me.District, me.PlacePath, rule.GiftElder)
	if err != nil || allowed == 0 {
		return nil, err
	}
	from, err := rule.Value(tx, me.District, me.PlacePath, rule.GiftElderAge)
	if err != nil {
		return nil, err
	}
	proxies, err := auth.Principals(tx, who)
	if err != nil {
		return nil, err
	}
	for _, x := range proxies {
		if x.Principal.District != me.District {
			continue
		}
		p, err := person.Get(tx, me.District, x.Principal.Person)
		if err != nil {
			return nil, err
		}
		if years, known := p.Age(calendar.DayOf(tx.Now())); known && int64(years) >= from {
			all = append(all, p)
		}
	}
	return all, nil
}

// Give moves points from who to somebody of the household or a named elder. What was
// given cannot be given on, so that points do not begin to travel.
func (s *Service) Give(ctx context.Context, who access.Who, in Gift) (GiftView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (GiftView, error) {
		me, err := person.Get(tx, who.District, who.Person)
		if err != nil {
			return GiftView{}, err
		}
		a, err := allowance(tx, who, me)
		if err != nil {
			return GiftView{}, err
		}
		at := slices.IndexFunc(a.People, func(n Near) bool { return n.Person.ID == in.To })
		if at < 0 {
			return GiftView{}, fault.Invalid("to", "积分只能送给同一户的家人，或您照看的老人，还要社区允许。不能买卖，也不能换钱。")
		}
		return give(tx, me, a, a.People[at], in)
	})
}

func give(tx *db.Tx, me person.Person, a Allowance, to Near, in Gift) (GiftView, error) {
	if in.Amount < 1 {
		return GiftView{}, fault.Invalid("amount", "送几分？")
	}
	id, today := tx.NewID(), calendar.DayOf(tx.Now())
	words := identity.CleanLine(in.Words)
	if err := insertGift(tx, me, id, to, in.Amount, words); err != nil {
		return GiftView{}, err
	}
	if _, err := spend(tx, me.ID, in.Amount, ledger.Posting{
		District: me.District, Source: "gift:" + id, Place: me.Community, Memo: "送给家里人的积分",
		Entries: []ledger.Entry{{Account: Earned(me.ID, Points), Amount: -in.Amount}, {Account: Earned(to.Person.ID, Points), Amount: in.Amount}},
	}); err != nil {
		return GiftView{}, err
	}
	// Both accounts are taken now: whoever gives at the same time comes before or after.
	if err := withinCaps(tx, me, to.Person, a.MonthCap, today); err != nil {
		return GiftView{}, err
	}
	event.Append(tx, event.Event{District: me.District, Community: me.Community, Actor: me.ID, Act: "points.gift", Kind: "person", Subject: to.Person.ID,
		Data: event.Data{"gift": id, "points": in.Amount}})
	return GiftView{ID: id, To: identity.MaskName(to.Person.Name), Kind: to.Kind, Amount: in.Amount, Words: words, At: tx.Now().In(calendar.Zone())}, nil
}

// withinCaps judges after the gift is booked.
func withinCaps(tx *db.Tx, me, to person.Person, monthCap int64, today calendar.Day) error {
	given, err := givenSince(tx, me.District, me.ID, monthStart(today))
	if err != nil {
		return err
	}
	if given > monthCap {
		return fault.Invalid("amount", "一个月最多送出 %d 分，送这么多就超了。", monthCap)
	}
	own, err := ownOf(tx, me.District, me.ID)
	if err != nil {
		return err
	}
	if own < 0 {
		return fault.Invalid("amount", "别人送的积分不能再送出去，只能送自己服务挣来的。")
	}
	yearCap, err := rule.Value(tx, to.District, to.PlacePath, rule.GiftGetYear)
	if err != nil {
		return err
	}
	got, err := gotSince(tx, to.District, to.ID, calendar.Day{Year: today.Year, Month: 1, Day: 1}.String())
	if err == nil && got > yearCap {
		err = fault.Invalid("amount", "一个人一年最多收到 %d 分，送这么多就超了。", yearCap)
	}
	return err
}

// ownOf is what somebody earned by deeds and has not given away.
func ownOf(tx *db.Tx, district int, person string) (int64, error) {
	earned, err := earnedBetween(tx, district, person, "", "9999")
	if err != nil {
		return 0, err
	}
	given, err := givenSince(tx, district, person, "")
	return earned - given, err
}
