package exchange

import (
	"context"
	"slices"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service holds the use cases of exchange.
type Service struct {
	db     *db.DB
	roles  *auth.Service
	signer Signer
}

// NewService makes the service; roles appoints who signs in for a merchant.
func NewService(d *db.DB, roles *auth.Service, s Signer) *Service { return &Service{d, roles, s} }

// RewardDraft is what staff write down about a reward.
type RewardDraft struct {
	Name      string `json:"name" label:"换什么" required:"true" maxLength:"40" example:"早餐券"`
	About     string `json:"about" label:"说明" maxLength:"200" example:"一份豆浆油条"`
	Points    int64  `json:"points" label:"几分换一张" required:"true" minimum:"1" maximum:"10000" example:"10"`
	Stock     int64  `json:"stock" label:"有几份" required:"true" minimum:"0" maximum:"100000" example:"50"`
	MonthMost int    `json:"month_most" label:"一个人一个月最多换几张" minimum:"0" maximum:"100" doc:"0 不限" example:"2"`
	Hours     string `json:"hours" label:"什么时候能用" maxLength:"60" example:"每天 6:30 到 9:00"`
	Active    bool   `json:"active" label:"现在能换" example:"true"`
}

// NewReward is a reward to be added.
type NewReward struct {
	RewardDraft
	Place    string `json:"place" label:"哪里" maxLength:"64" doc:"社区或街道；不写就是您管的第一个"`
	Merchant string `json:"merchant" label:"哪家商户" maxLength:"64" doc:"商户的组织编号；空着就是服务站自己给"`
	Wish     string `json:"wish" label:"回应哪个心愿" maxLength:"64"`
}

func (d RewardDraft) onto(r *Reward) error {
	r.Name, r.About, r.Hours = identity.CleanLine(d.Name), identity.CleanLine(d.About), identity.CleanLine(d.Hours)
	r.Points, r.MonthMost, r.Active = d.Points, d.MonthMost, d.Active
	if r.Name == "" {
		return fault.Invalid("name", "换什么，写一下。")
	}
	if r.Points < 1 {
		return fault.Invalid("points", "几分换一张？至少 1 分。")
	}
	for field, text := range map[string]string{"name": r.Name, "about": r.About} {
		if strings.ContainsAny(text, "¥￥") || strings.Contains(text, "现金") || strings.Contains(text, "红包") {
			return fault.Invalid(field, "积分不能换钱：现金、红包这些不能放进来。")
		}
	}
	return nil
}

// AddReward puts a reward into a place's catalogue.
func (s *Service) AddReward(ctx context.Context, who access.Who, in NewReward) (RewardView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RewardView, error) {
		p, err := place.Chosen(tx, who, access.ExchangeWrite, in.Place)
		if err != nil {
			return RewardView{}, err
		}
		r, err := s.AddTx(tx, who, p, in)
		if err != nil {
			return RewardView{}, err
		}
		return rewardView(tx, r)
	})
}

// AddTx is AddReward inside the caller's transaction.
func (s *Service) AddTx(tx *db.Tx, who access.Who, p place.Place, in NewReward) (Reward, error) {
	r := Reward{District: p.District, ID: tx.NewID(), Version: 1, Place: p.ID, Merchant: in.Merchant, Stock: in.Stock}
	if err := in.onto(&r); err != nil {
		return r, err
	}
	if in.Merchant != "" {
		if _, err := merchantAt(tx, p, in.Merchant); err != nil {
			return r, err
		}
	}
	if err := r.answer(tx, in.Wish); err != nil {
		return r, err
	}
	tell(tx, who, p, "reward.add", "reward", r.ID, event.Data{"points": r.Points, "stock": r.Stock})
	return r, insertReward(tx, r)
}

// answer ties a reward to the wish that it came from.
func (r *Reward) answer(tx *db.Tx, wish string) error {
	if wish == "" {
		return nil
	}
	w, found, err := readWish(tx, r.District, wish, "")
	if err != nil {
		return err
	}
	if !found || w.Place != r.Place {
		return fault.Invalid("wish", "这里没有这个心愿。")
	}
	r.Wish = w.ID
	return answerWish(tx, w, WishOffered, r.Name)
}

// merchantAt is an active merchant of the place or of one around it.
func merchantAt(tx *db.Tx, p place.Place, id string) (org.Org, error) {
	m, found, err := org.Get(tx, p.District, id)
	if err == nil && (!found || m.Kind != org.Merchant || m.Status != org.Active) {
		err = fault.Invalid("merchant", "没有这家商户，先在组织里把它登记成商户。")
	}
	if err == nil && !strings.HasPrefix(m.PlacePath, p.Path) && !strings.HasPrefix(p.Path, m.PlacePath) {
		err = fault.Invalid("merchant", "这家商户不在这一片。")
	}
	return m, err
}

// EditReward changes a reward; coupons that were taken stay as they were.
func (s *Service) EditReward(ctx context.Context, who access.Who, id string, d RewardDraft) (RewardView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RewardView, error) {
		r, p, err := seekReward(tx, who, id)
		if err != nil {
			return RewardView{}, err
		}
		by := d.Stock - r.Stock
		if err := d.onto(&r); err != nil {
			return RewardView{}, err
		}
		saved, err := putReward(tx, r, by)
		if err == nil && !saved {
			err = fault.Conflict("就在刚才别人也改了，请看看现在的再改。")
		}
		if err != nil {
			return RewardView{}, err
		}
		r.Stock += by
		tell(tx, who, p, "reward.edit", "reward", r.ID, event.Data{"points": r.Points, "stock": r.Stock})
		return rewardView(tx, r)
	})
}

// seekReward finds a reward that who may change.
func seekReward(tx *db.Tx, who access.Who, id string) (Reward, place.Place, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Reward{}, place.Place{}, err
	}
	for _, district := range districts {
		r, found, err := readReward(tx, district, id)
		if err != nil {
			return r, place.Place{}, err
		}
		if found {
			p, err := place.Get(tx, r.Place)
			if err == nil {
				err = access.Check(who, access.ExchangeWrite, p.Target())
			}
			return r, p, err
		}
	}
	return Reward{}, place.Place{}, fault.NotFound("没有这样能换的东西。")
}

// Reward is one of them, for its form.
func (s *Service) Reward(ctx context.Context, who access.Who, id string) (v RewardView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, _, err := seekReward(tx, who, id)
		if err == nil {
			v, err = rewardView(tx, r)
		}
		return err
	})
	return v, err
}

// Choices are the place of a new reward and the merchants that could give it.
func (s *Service) Choices(ctx context.Context, who access.Who, at string) (p place.Place, merchants []org.Org, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p, err = place.Chosen(tx, who, access.ExchangeWrite, at); err == nil {
			merchants, err = org.MerchantsAround(tx, p)
		}
		return err
	})
	return p, merchants, err
}

// Shelf is a catalogue with where its reader stands.
type Shelf struct {
	Place   place.Place
	Rewards []RewardView
	Purse   points.Purse
	Year    int64
	Gate    int64
	Manages bool
	Own     bool // it is the reader's own neighbourhood
}

// Catalogue is what the reader can exchange points for at home, or what a place
// gives for whoever looks after it.
func (s *Service) Catalogue(ctx context.Context, who access.Who, at string) (out Shelf, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		me, err := person.Get(tx, who.District, who.Person)
		if err != nil {
			return err
		}
		if out.Place, err = shelfAt(tx, who, me, at); err != nil {
			return err
		}
		out.Manages = access.May(who, access.ExchangeWrite, out.Place.Target())
		out.Own = strings.HasPrefix(me.PlacePath, out.Place.Path)
		if out.Purse, err = points.PurseOf(tx, me.District, me.ID); err != nil {
			return err
		}
		if out.Year, out.Gate, err = points.GateOf(tx, me); err != nil {
			return err
		}
		all, err := rewardsAt(tx, out.Place.District, above(out.Place), out.Manages)
		if err != nil {
			return err
		}
		out.Rewards, err = rewardViews(tx, all)
		return err
	})
	return out, err
}

// OfferedAt lists what a place offers now.
func OfferedAt(tx *db.Tx, district int, at string) ([]Reward, error) {
	return rewardsAt(tx, district, []string{at}, false)
}

// shelfAt is whose catalogue is shown: that of the reader's home, or of the place
// where they work.
func shelfAt(tx *db.Tx, who access.Who, me person.Person, at string) (place.Place, error) {
	switch {
	case at != "":
		p, err := place.Get(tx, at)
		if err == nil && p.District != who.District && !access.May(who, access.ExchangeWrite, p.Target()) {
			err = fault.NotFound("这里没有您能换的东西。")
		}
		return p, err
	case len(access.Places(who, access.ExchangeWrite)) > 0:
		return place.Chosen(tx, who, access.ExchangeWrite, "")
	}
	return place.Own(tx, me.Place)
}

// above lists the ids of a place and those around it.
func above(p place.Place) []string { return strings.Split(strings.Trim(p.Path, "/"), "/") }

// tell writes an event of a place.
func tell(tx *db.Tx, who access.Who, p place.Place, act, kind, subject string, data event.Data) {
	event.Append(tx, event.Event{District: p.District, Community: p.Community(), Actor: who.Person, Act: act, Kind: kind, Subject: subject, Data: data})
}

// contactOf says whether who signs in for a merchant.
func contactOf(who access.Who, merchant string) bool {
	return merchant != "" && slices.ContainsFunc(who.Grants, func(g access.Grant) bool { return g.Role == access.UnitContact && g.Org == merchant })
}
