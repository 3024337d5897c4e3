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
	Place     Ref    `json:"place" doc:"谁的货架上的"`
	Merchant  *Ref   `json:"merchant,omitempty" doc:"谁家给；没有就是服务站自己"`
	Name      string `json:"name"`
	About     string `json:"about"`
	Points    int64  `json:"points" doc:"换一份要几分"`
	Stock     int64  `json:"stock" doc:"还剩几份"`
	MonthMost int    `json:"month_most" doc:"一个人一个月最多换几张，0 不限"`
	Hours     string `json:"hours"`
	Wished    bool   `json:"wished" doc:"大家许过愿的"`
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
	Number   string       `json:"number" doc:"给人输的券号，中间有空格" example:"4821 0935 7716"`
	Code     string       `json:"code" doc:"给手机扫的：券号、哪家、到哪天，还有 Ed25519 签名"`
	Merchant *Ref         `json:"merchant,omitempty" doc:"到哪家用；没有就是到服务站"`
	Place    Ref          `json:"place"`
	Points   int64        `json:"points"`
	State    State        `json:"state" enum:"open,redeemed,returned,expired"`
	Hours    string       `json:"hours"`
	IssuedAt time.Time    `json:"issued_at"`
	LastDay  calendar.Day `json:"last_day" doc:"能用到哪一天"`
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
	Number   string     `json:"number" doc:"券号的最后几位"`
	Points   int64      `json:"points"`
	At       time.Time  `json:"at" doc:"什么时候收的券"`
	BookedAt time.Time  `json:"booked_at"`
	Offline  bool       `json:"offline"`
	Outcome  Outcome    `json:"outcome" enum:"good,double,returned,expired"`
	Bearer   Bearer     `json:"bearer,omitempty" doc:"谁担：place 社区，merchant 商户，holder 持券人"`
	Merchant *Ref       `json:"merchant,omitempty"`
	Settled  bool       `json:"settled"`
	Words    string     `json:"words,omitempty"`
	FirstAt  *time.Time `json:"first_at,omitempty" doc:"这张券头一次是什么时候用的"`
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
