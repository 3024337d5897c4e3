package exchange

import (
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/org"
	"linli/internal/kit/db"
)

// Ref names something.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// RewardView is a reward as the API shows it.
type RewardView struct {
	ID        string `json:"id"`
	Place     Ref    `json:"place" doc:"whose catalogue it is in"`
	Merchant  *Ref   `json:"merchant,omitempty" doc:"who hands it over; the station itself when left out"`
	Name      string `json:"name"`
	About     string `json:"about"`
	Points    int64  `json:"points" doc:"points for one"`
	Stock     int64  `json:"stock" doc:"how many are left"`
	MonthMost int    `json:"month_most" doc:"most in a month for one person, 0: no limit"`
	Hours     string `json:"hours"`
	Wished    bool   `json:"wished" doc:"people wished for it"`
	Active    bool   `json:"active"`
}

func rewardView(tx *db.Tx, r Reward) (RewardView, error) {
	all, err := rewardViews(tx, []Reward{r})
	if err != nil {
		return RewardView{}, err
	}
	return all[0], nil
}

func rewardViews(tx *db.Tx, all []Reward) ([]RewardView, error) {
	out := []RewardView{}
	for _, r := range all {
		v := RewardView{ID: r.ID, Name: r.Name, About: r.About, Points: r.Points, Stock: r.Stock, MonthMost: r.MonthMost, Hours: r.Hours, Wished: r.Wish != "", Active: r.Active}
		names, err := place.Names(tx, r.Place)
		if err != nil {
			return nil, err
		}
		v.Place = Ref{r.Place, names[r.Place]}
		if r.Merchant != "" {
			m, _, err := org.Get(tx, r.District, r.Merchant)
			if err != nil {
				return nil, err
			}
			v.Merchant = &Ref{m.ID, m.Name}
		}
		out = append(out, v)
	}
	return out, nil
}

// CouponView is a coupon as its owner sees it.
type CouponView struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Number   string       `json:"number" doc:"what people type, with spaces" example:"4821 0935 7716"`
	Code     string       `json:"code" doc:"what a phone reads: number, till, last day, and an Ed25519 signature"`
	Merchant *Ref         `json:"merchant,omitempty" doc:"where it is used; the station itself when left out"`
	Place    Ref          `json:"place"`
	Points   int64        `json:"points"`
	State    State        `json:"state" enum:"open,redeemed,returned,expired"`
	Hours    string       `json:"hours"`
	IssuedAt time.Time    `json:"issued_at"`
	LastDay  calendar.Day `json:"last_day" doc:"the last day on which it can be used"`
	EndedAt  *time.Time   `json:"ended_at,omitempty"`
}

// view is a coupon with its signed code, as long as it is open.
func (s *Service) view(tx *db.Tx, c Coupon) (CouponView, error) {
	v := CouponView{ID: c.ID, Name: c.Name, Number: spaced(c.Number), Points: c.Points, State: c.State,
		IssuedAt: c.IssuedAt.In(calendar.Zone()), LastDay: c.LastDay}
	if c.State == Open {
		v.Code = s.signer.Sign(c.code())
	}
	if !c.EndedAt.IsZero() {
		ended := c.EndedAt.In(calendar.Zone())
		v.EndedAt = &ended
	}
	r, _, err := readReward(tx, c.District, c.Reward)
	if err != nil {
		return v, err
	}
	v.Hours = r.Hours
	shown, err := rewardView(tx, Reward{District: c.District, Place: c.Place, Merchant: c.Merchant})
	v.Place, v.Merchant = shown.Place, shown.Merchant
	return v, err
}

// UseView is a redemption as till and staff see it.
type UseView struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Number   string     `json:"number" doc:"of the coupon, its last digits"`
	Points   int64      `json:"points"`
	At       time.Time  `json:"at" doc:"when it was handed over"`
	BookedAt time.Time  `json:"booked_at"`
	Offline  bool       `json:"offline"`
	Outcome  Outcome    `json:"outcome" enum:"good,double,returned,expired"`
	Bearer   Bearer     `json:"bearer,omitempty" doc:"who stands for it: place, merchant, holder"`
	Merchant *Ref       `json:"merchant,omitempty"`
	Settled  bool       `json:"settled"`
	Words    string     `json:"words,omitempty"`
	FirstAt  *time.Time `json:"first_at,omitempty" doc:"when the coupon had been used rightly"`
}

func useView(tx *db.Tx, u Use) (UseView, error) {
	v := UseView{ID: u.ID, Name: u.Name, Points: u.Points, At: u.At.In(calendar.Zone()), BookedAt: u.BookedAt.In(calendar.Zone()), Offline: u.Offline,
		Outcome: u.Outcome, Bearer: u.Bearer, Settled: !u.SettledAt.IsZero(), Words: u.Words}
	c, _, err := readCoupon(tx, u.District, u.Coupon)
	if err != nil {
		return v, err
	}
	if len(c.Number) == digits {
		v.Number = "…" + c.Number[digits-4:]
	}
	if u.Merchant != "" {
		m, _, err := org.Get(tx, u.District, u.Merchant)
		if err != nil {
			return v, err
		}
		v.Merchant = &Ref{m.ID, m.Name}
	}
	if u.Outcome == Double {
		first, found, err := goodUse(tx, u.District, u.Coupon)
		if err != nil {
			return v, err
		}
		if found {
			at := first.At.In(calendar.Zone())
			v.FirstAt = &at
		}
	}
	return v, nil
}

// payable says whether a use stands on the merchant's statement.
func (u Use) payable() bool { return u.Outcome == Good || u.Bearer != ByMerchant }
