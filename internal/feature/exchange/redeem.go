package exchange

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/core/ui"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
)

// Redemption is a till that hands something over for a coupon.
type Redemption struct {
	Code    string    `json:"code" label:"券号" required:"true" maxLength:"300" doc:"二维码里的码，或者手输的券号" example:"4821 0935 7716"`
	Use     string    `json:"use" label:"这一次" maxLength:"64" doc:"手机自己编的号（UUID）；同一个传两遍只算一次"`
	Offline bool      `json:"offline" label:"离线时收的" doc:"先给了东西，有网了才传上来"`
	At      time.Time `json:"at" label:"什么时候收的" doc:"离线收的才写"`
}

// Redeem hands the reward over: once. A till that was offline has done so already;
// what it sends then is kept even if the coupon had been used, as a finding.
func (s *Service) Redeem(ctx context.Context, who access.Who, in Redemption) (UseView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (UseView, error) {
		c, err := s.presented(tx, who, in.Code)
		if err != nil {
			return UseView{}, err
		}
		u := Use{District: c.District, ID: in.Use, Coupon: c.ID, Place: c.Place, Merchant: c.Merchant, Cashier: who.Person,
			At: tx.Now(), BookedAt: tx.Now(), Offline: in.Offline, Outcome: Good, Points: c.Points, Name: c.Name}
		if u.ID == "" {
			u.ID = tx.NewID()
		}
		if !id.Valid(u.ID) {
			return UseView{}, fault.Invalid("use", "这一次的编号不对。")
		}
		if before, found, err := readUse(tx, c.District, u.ID); err != nil || found {
			return again(tx, before, c, err)
		}
		if in.Offline && in.At.After(c.IssuedAt) && in.At.Before(tx.Now()) {
			u.At = in.At
		}
		if err := s.handOver(tx, c, &u); err != nil {
			return UseView{}, err
		}
		return useView(tx, u)
	})
}

// again answers what a till has sent before with what came of it.
func again(tx *db.Tx, u Use, c Coupon, err error) (UseView, error) {
	if err == nil && u.Coupon != c.ID {
		err = fault.Conflict("这一次的编号已经用在别的券上了。")
	}
	if err != nil {
		return UseView{}, err
	}
	return useView(tx, u)
}

// presented is the coupon of a code, if it belongs to the till of who.
func (s *Service) presented(tx *db.Tx, who access.Who, code string) (Coupon, error) {
	number, signed, err := s.signer.read(code)
	if err != nil {
		return Coupon{}, err
	}
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Coupon{}, err
	}
	for _, district := range districts {
		c, found, err := couponByNumber(tx, district, number)
		if err != nil {
			return c, err
		}
		if !found {
			continue
		}
		if signed != nil && *signed != c.code() {
			return c, errForeign()
		}
		return c, mayRedeem(tx, who, c)
	}
	return Coupon{}, fault.NotFound("没有这张券。请再看一眼券号。")
}

// mayRedeem holds a till against the coupon's: what one merchant gives no other can.
func mayRedeem(tx *db.Tx, who access.Who, c Coupon) error {
	if contactOf(who, c.Merchant) {
		return nil
	}
	p, err := place.Get(tx, c.Place)
	if err != nil {
		return err
	}
	at := p.Target()
	if c.Merchant == "" && access.May(who, access.CouponRedeem, at) {
		return nil
	}
	if c.Merchant == "" {
		return fault.Forbidden("这张券要到服务站用。")
	}
	m, _, err := org.Get(tx, c.District, c.Merchant)
	if err != nil {
		return err
	}
	return fault.Forbidden("这张券是%s的，别家用不了。", m.Name)
}

// handOver takes the coupon out of use and books it. Of two tills at the same moment
// one gets it; the other is told, or, when it was offline, stands as a finding.
func (s *Service) handOver(tx *db.Tx, c Coupon, u *Use) error {
	late := c.State == Open && c.LastDay.Before(calendar.DayOf(u.At))
	if late && !u.Offline {
		return fault.Conflict("这张券 %s 就到期了。", ui.Date(tx.Context(), c.LastDay.Start()))
	}
	if !late {
		used, err := endCoupon(tx, c, Used)
		if err != nil {
			return err
		}
		if used {
			if err := points.Redeem(tx, c.ticket(c.Name)); err != nil {
				return err
			}
			return s.note(tx, c, *u)
		}
	}
	if !u.Offline {
		return usedBefore(tx, c)
	}
	return s.find(tx, c, u)
}

// usedBefore says what became of the coupon.
func usedBefore(tx *db.Tx, c Coupon) error {
	now, _, err := readCoupon(tx, c.District, c.ID)
	if err != nil {
		return err
	}
	if now.State != Used {
		return now.gone()
	}
	u, _, err := goodUse(tx, c.District, c.ID)
	if err != nil {
		return err
	}
	return fault.Conflict("这张券 %s 已经用过了。", ui.When(tx.Context(), u.At))
}

// find keeps a use that nobody paid for, and lets the one bear it whom the place's
// rule names.
func (s *Service) find(tx *db.Tx, c Coupon, u *Use) error {
	now, _, err := readCoupon(tx, c.District, c.ID)
	if err != nil {
		return err
	}
	switch now.State {
	case Used:
		u.Outcome = Double
	case Returned:
		u.Outcome = AfterReturn
	default:
		u.Outcome = AfterExpiring
	}
	p, err := place.Get(tx, c.Place)
	if err != nil {
		return err
	}
	bearer, err := rule.Value(tx, p.District, p.Path, rule.CouponBearer)
	if err != nil {
		return err
	}
	if u.Bearer = ByPlace; bearer == 2 {
		u.Bearer = ByMerchant
	}
	if err := s.note(tx, c, *u); err != nil {
		return err
	}
	return bear(tx, *u, ByMerchant, c.Person)
}

// note writes a use down.
func (s *Service) note(tx *db.Tx, c Coupon, u Use) error {
	if _, err := insertUse(tx, u); err != nil {
		return err
	}
	act := "coupon.redeem"
	if u.Outcome != Good {
		act = "coupon.finding"
	}
	event.Append(tx, event.Event{District: c.District, Community: place.CommunityOf(c.Place), Actor: u.Cashier, Act: act, Kind: "coupon", Subject: c.ID,
		Data: event.Data{"use": u.ID, "points": u.Points, "outcome": string(u.Outcome), "person": c.Person}})
	return nil
}

// Settlement says who bears what was used once more than it was paid for.
type Settlement struct {
	Bearer Bearer `json:"bearer" label:"谁担" required:"true" enum:"place,merchant,holder"`
	Words  string `json:"words" label:"为什么" required:"true" maxLength:"200" example:"两家店都没联网，券是同一张截图"`
}

// Settle closes a finding, as the rule had it or otherwise: what the place bears is
// issued, what the holder bears is taken from them, what the merchant bears is not on
// their statement.
func (s *Service) Settle(ctx context.Context, who access.Who, useID string, in Settlement) (UseView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (UseView, error) {
		u, p, err := seekUse(tx, who, useID)
		if err != nil {
			return UseView{}, err
		}
		if u.Outcome == Good {
			return UseView{}, fault.Conflict("这一次没有问题，不用定。")
		}
		was := u.Bearer
		u.Bearer, u.SettledBy, u.SettledAt, u.Words = in.Bearer, who.Person, tx.Now(), identity.CleanLine(in.Words)
		if u.Words == "" {
			return UseView{}, fault.Invalid("words", "为什么这样定，写一句。")
		}
		if err := settle(tx, u, was); err != nil {
			return UseView{}, err
		}
		tell(tx, who, p, "coupon.settle", "coupon", u.Coupon, event.Data{"use": u.ID, "bearer": string(u.Bearer)})
		return useView(tx, u)
	})
}

// settle writes it down, once, and books what changes by it.
func settle(tx *db.Tx, u Use, was Bearer) error {
	settled, err := settleUse(tx, u)
	if err == nil && !settled {
		err = fault.Conflict("这一次已经定过了。")
	}
	if err != nil {
		return err
	}
	c, _, err := readCoupon(tx, u.District, u.Coupon)
	if err != nil {
		return err
	}
	return bear(tx, u, was, c.Person)
}

// bear books who stands for a use now, after somebody else did before: what the
// merchant bears is in no books.
func bear(tx *db.Tx, u Use, was Bearer, holder string) error {
	if u.Bearer == was {
		return nil
	}
	if was == ByPlace {
		if err := points.Unbear(tx, u.ticket(holder, "多兑的一次不由社区担了")); err != nil {
			return err
		}
	}
	switch u.Bearer {
	case ByPlace:
		return points.Bear(tx, u.ticket(holder, "多兑了一次，社区担"))
	case ByHolder:
		return points.Charge(tx, u.ticket(holder, "一张券用了两次，补扣"))
	}
	return nil
}

// seekUse finds a use that who may settle.
func seekUse(tx *db.Tx, who access.Who, useID string) (Use, place.Place, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Use{}, place.Place{}, err
	}
	for _, district := range districts {
		u, found, err := readUse(tx, district, useID)
		if err != nil || !found {
			if err != nil {
				return u, place.Place{}, err
			}
			continue
		}
		p, err := place.Get(tx, u.Place)
		if err == nil {
			err = access.Check(who, access.ExchangeSettle, p.Target())
		}
		return u, p, err
	}
	return Use{}, place.Place{}, fault.NotFound("没有这一次核销。")
}

// Till is where who redeems: a merchant, or the station's own counter.
type Till struct {
	Merchant string // empty for the station
	Place    string // of the station; empty for a merchant
	District int
	Name     string
}

// tills lists where who may redeem.
func tills(tx *db.Tx, who access.Who) (all []Till, err error) {
	for _, g := range who.Grants {
		if g.Role != access.UnitContact || g.Org == "" {
			continue
		}
		m, found, err := org.Get(tx, g.District, g.Org)
		if err != nil {
			return nil, err
		}
		if found && m.Kind == org.Merchant {
			all = append(all, Till{Merchant: m.ID, District: m.District, Name: m.Name})
		}
	}
	for _, g := range access.Places(who, access.CouponRedeem) {
		p, err := place.Get(tx, g.Place)
		if err != nil {
			return nil, err
		}
		all = append(all, Till{Place: p.ID, District: p.District, Name: p.Name})
	}
	return all, nil
}

// HasTill says whether who signs in for a merchant.
func HasTill(tx *db.Tx, who access.Who) (bool, error) {
	contact := slices.DeleteFunc(slices.Clone(who.Grants), func(g access.Grant) bool { return g.Role != access.UnitContact })
	all, err := tills(tx, access.Who{Person: who.Person, District: who.District, Grants: contact})
	return slices.ContainsFunc(all, func(t Till) bool { return t.Merchant != "" }), err
}

// Counter is what a till shows.
type Counter struct {
	Tills  []Till
	Key    string // public key, base64url
	Lists  []string
	Recent []UseView
	Seen   *CouponView // of the code that was scanned or typed, before it is handed over
	Holder string      // masked
}

// listMost bounds the list that a till keeps for when it is offline.
const listMost = 5000

// Counter is the till of who, with the coupon of a code when one is given.
func (s *Service) Counter(ctx context.Context, who access.Who, code string) (c Counter, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c = Counter{Key: s.signer.Public(), Lists: []string{}, Recent: []UseView{}}
		if c.Tills, err = tills(tx, who); err != nil {
			return err
		}
		if len(c.Tills) == 0 {
			return fault.Forbidden("您不替哪家商户核销。要是您家参加了兑换，请服务站把您加上。")
		}
		for _, t := range c.Tills {
			if err := s.fill(tx, &c, t); err != nil {
				return err
			}
		}
		if code == "" {
			return nil
		}
		return s.look(tx, who, &c, code)
	})
	return c, err
}

func (s *Service) fill(tx *db.Tx, c *Counter, t Till) error {
	open, err := openAt(tx, t.District, t.Merchant, t.Place, listMost)
	if err != nil {
		return err
	}
	c.Lists = append(c.Lists, s.signer.openList(tillKey(t.Merchant, t.Place), tx.Now().UnixMilli(), open))
	recent, err := recentUses(tx, t.District, t.Merchant, t.Place, 10)
	if err != nil {
		return err
	}
	for _, u := range recent {
		v, err := useView(tx, u)
		if err != nil {
			return err
		}
		c.Recent = append(c.Recent, v)
	}
	return nil
}

// look finds the coupon of a code, without using it.
func (s *Service) look(tx *db.Tx, who access.Who, c *Counter, code string) error {
	coupon, err := s.presented(tx, who, code)
	if err != nil {
		return err
	}
	v, err := s.view(tx, coupon)
	c.Seen = &v
	return err
}
