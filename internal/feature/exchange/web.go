package exchange

import (
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/feature/org"
	"linli/internal/kit/web"
)

// Handlers answers requests about exchange: each route is one service call.
type Handlers struct{ exchange *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{s} }

const tag = "兑换"

// Routes lists what can be asked of exchange.
func (h *Handlers) Routes() []web.Route {
	me, run := string(access.SignedIn), string(access.ExchangeWrite)
	oversee, merchant := string(access.PointsOversee), string(access.MerchantRead)
	return []web.Route{
		{Name: "reward.list", Method: "GET", Page: "/exchange", API: "/api/v1/rewards", Permission: me,
			Summary: "积分能换什么", Tag: tag, Handle: web.Action(h.catalogue).Page(h.cataloguePage)},
		{Name: "reward.form", Method: "GET", Page: "/rewards/new", Permission: run, Handle: web.Action(h.rewardForm).Page(h.rewardFormPage)},
		{Name: "reward.add", Method: "POST", Page: "/rewards", API: "/api/v1/rewards", Permission: run, Status: 201,
			Summary: "上架一样能换的东西", Tag: tag, Handle: web.Action(h.addReward).Page(h.rewardSaved("上架了。")).Form(h.addRewardAgain)},
		{Name: "reward.edit.form", Method: "GET", Page: "/rewards/{id}/edit", Permission: run, Handle: web.Action(h.reward).Page(h.rewardEditPage)},
		{Name: "reward.edit", Method: "POST", Page: "/rewards/{id}", API: "/api/v1/rewards/{id}", Permission: run,
			Summary: "改一样能换的东西；换出去的券不变", Tag: tag, Handle: web.Action(h.editReward).Page(h.rewardSaved("改好了。")).Form(h.editRewardAgain)},
		{Name: "coupon.take", Method: "POST", Page: "/rewards/{id}/coupons", API: "/api/v1/rewards/{id}/coupons", Permission: me, Status: 201,
			Summary: "用积分换一张券", Tag: tag, Handle: web.Action(h.take).Page(h.taken).Form(h.takeAgain)},
		{Name: "coupon.mine", Method: "GET", Page: "/me/coupons", API: "/api/v1/me/coupons", Permission: me,
			Summary: "我的券", Tag: tag, Handle: web.Action(h.mine).Page(h.minePage)},
		{Name: "coupon.show", Method: "GET", Page: "/coupons/{id}", API: "/api/v1/coupons/{id}", Permission: me,
			Summary: "一张券：二维码和券号", Tag: tag, Handle: web.Action(h.coupon).Page(h.couponPage)},
		{Name: "coupon.return", Method: "POST", Page: "/coupons/{id}/return", API: "/api/v1/coupons/{id}/return", Permission: me,
			Summary: "不用了，退回积分", Tag: tag, Handle: web.Action(h.giveBack).Page(h.gaveBack)},
		{Name: "till.show", Method: "GET", Page: "/till", API: "/api/v1/till", Permission: string(access.CouponRedeem),
			Summary: "收券：离线时用的公钥和签了名的名单，最近收的券", Tag: tag, Handle: web.Action(h.till).Page(h.tillPage).Form(h.tillAgain)},
		{Name: "coupon.redeem", Method: "POST", Page: "/till", API: "/api/v1/redemptions", Permission: string(access.CouponRedeem), Status: 201,
			Summary: "收一张券：只能用一次；离线收的以后传上来", Tag: tag, Handle: web.Action(h.redeem).Page(h.redeemed).Form(h.redeemAgain)},
		{Name: "merchant.statement", Method: "GET", Page: "/merchants/{id}", API: "/api/v1/merchants/{id}/statement", Permission: merchant,
			Summary: "一家商户一个月的对账单", Tag: tag, Handle: web.Action(h.statement).Page(h.statementPage)},
		{Name: "merchant.statement.file", Method: "GET", Page: "/merchants/{id}/statement", Permission: merchant,
			Handle: web.Action(h.statement).Page(h.statementFile)},
		{Name: "merchant.appoint", Method: "POST", Page: "/merchants/{id}/contacts", API: "/api/v1/merchants/{id}/contacts", Permission: run, Status: 201,
			Summary: "谁替商户收券", Tag: tag, Handle: web.Action(h.appoint).Page(h.appointed("加上了，他登录就能收券。")).Form(h.appointAgain)},
		{Name: "merchant.dismiss", Method: "POST", Page: "/merchants/{id}/contacts/{person}/removal", API: "/api/v1/merchants/{id}/contacts/{person}/removal", Permission: run,
			Summary: "不再替商户收券", Tag: tag, Handle: web.Action(h.dismiss).Page(h.appointed("去掉了。"))},
		{Name: "wish.list", Method: "GET", Page: "/wishes", API: "/api/v1/wishes", Permission: me,
			Summary: "大家想用积分换什么", Tag: tag, Handle: web.Action(h.wishes).Page(h.wishesPage)},
		{Name: "wish.add", Method: "POST", Page: "/wishes", API: "/api/v1/wishes", Permission: me, Status: 201,
			Summary: "说一样想换的", Tag: tag, Handle: web.Action(h.wish).Page(h.wished).Form(h.wishAgain)},
		{Name: "wish.vote", Method: "POST", Page: "/wishes/{id}/votes", API: "/api/v1/wishes/{id}/votes", Permission: me,
			Summary: "我也想要，或不要了；一人一票", Tag: tag, Handle: web.Action(h.vote).Page(h.wished)},
		{Name: "wish.decline", Method: "POST", Page: "/wishes/{id}/answer", API: "/api/v1/wishes/{id}/answer", Permission: run,
			Summary: "这个办不到，说明为什么", Tag: tag, Handle: web.Action(h.decline).Page(h.wished)},
		{Name: "points.owed", Method: "GET", Page: "/points/owed", API: "/api/v1/points/owed", Permission: oversee,
			Summary: "一个地方为积分欠着多少，货架够不够", Tag: tag, Handle: web.Action(h.owed).Page(h.owedPage)},
		{Name: "coupon.findings", Method: "GET", Page: "/coupons/findings", API: "/api/v1/coupons/findings", Permission: oversee,
			Summary: "用了两次的券，谁担", Tag: tag, Handle: web.Action(h.findings).Page(h.findingsPage)},
		{Name: "coupon.settle", Method: "POST", Page: "/redemptions/{id}/settlement", API: "/api/v1/redemptions/{id}/settlement", Permission: string(access.ExchangeSettle),
			Summary: "定下来多兑的一次谁担", Tag: tag, Handle: web.Action(h.settle).Page(h.settled)},
	}
}

type placeInput struct {
	Place string `json:"place" label:"哪里" maxLength:"64" doc:"不写就是您自己那里"`
}

func (h *Handlers) catalogue(r *web.Request, in placeInput) (catalogued, error) {
	s, err := h.exchange.Catalogue(r.Context(), access.Of(r), in.Place)
	return catalogued{web.List[RewardView]{Items: s.Rewards}, s}, err
}

// catalogued is a catalogue as JSON, with what the page shows besides.
type catalogued struct {
	web.List[RewardView]
	shelf Shelf
}

type rewardFormInput struct {
	placeInput
	Wish string `json:"wish" label:"回应哪个心愿" maxLength:"64"`
	Name string `json:"name" label:"换什么" maxLength:"40"`
}

// choices is what a form for a new reward offers.
type choices struct {
	place     place.Place
	merchants []org.Org
	in        rewardFormInput
}

func (h *Handlers) rewardForm(r *web.Request, in rewardFormInput) (choices, error) {
	p, merchants, err := h.exchange.Choices(r.Context(), access.Of(r), in.Place)
	return choices{p, merchants, in}, err
}

func (h *Handlers) addReward(r *web.Request, in NewReward) (RewardView, error) {
	return h.exchange.AddReward(r.Context(), access.Of(r), in)
}

type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) reward(r *web.Request, in byID) (RewardView, error) {
	return h.exchange.Reward(r.Context(), access.Of(r), in.ID)
}

type editInput struct {
	ID string `path:"id"`
	RewardDraft
}

func (h *Handlers) editReward(r *web.Request, in editInput) (RewardView, error) {
	return h.exchange.EditReward(r.Context(), access.Of(r), in.ID, in.RewardDraft)
}

func (h *Handlers) take(r *web.Request, in byID) (CouponView, error) {
	return h.exchange.Take(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) mine(r *web.Request, _ struct{}) (web.List[CouponView], error) {
	all, err := h.exchange.Mine(r.Context(), access.Of(r))
	return web.List[CouponView]{Items: all}, err
}

func (h *Handlers) coupon(r *web.Request, in byID) (CouponView, error) {
	return h.exchange.Coupon(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) giveBack(r *web.Request, in byID) (CouponView, error) {
	return h.exchange.Return(r.Context(), access.Of(r), in.ID)
}

type tillInput struct {
	Code string `json:"c" label:"券号" maxLength:"300" doc:"二维码里的码或券号：只看，不收"`
}

// TillView is a till as the API shows it.
type TillView struct {
	Key    string      `json:"key" doc:"Ed25519 公钥，base64url：核对码和名单上的签名"`
	Lists  []string    `json:"lists" doc:"离线时能收哪些券的名单，签了名"`
	Recent []UseView   `json:"recent"`
	Seen   *CouponView `json:"seen,omitempty" doc:"这个号是哪张券"`

	tills []Till
	code  string
}

func (h *Handlers) till(r *web.Request, in tillInput) (TillView, error) {
	c, err := h.exchange.Counter(r.Context(), access.Of(r), in.Code)
	return TillView{Key: c.Key, Lists: c.Lists, Recent: c.Recent, Seen: c.Seen, tills: c.Tills, code: in.Code}, err
}

func (h *Handlers) redeem(r *web.Request, in Redemption) (UseView, error) {
	return h.exchange.Redeem(r.Context(), access.Of(r), in)
}

type statementInput struct {
	ID    string `path:"id"`
	Month string `json:"month" label:"哪个月" maxLength:"7" example:"2026-11" doc:"不写就是这个月"`
}

func (h *Handlers) statement(r *web.Request, in statementInput) (Statement, error) {
	return h.exchange.Statement(r.Context(), access.Of(r), in.ID, in.Month)
}

type contactInput struct {
	ID    string `path:"id"`
	Phone string `json:"phone" label:"手机号" required:"true" maxLength:"20" example:"13800000000" doc:"他要有账号"`
}

func (h *Handlers) appoint(r *web.Request, in contactInput) (Ref, error) {
	return h.exchange.Appoint(r.Context(), access.Of(r), in.ID, in.Phone)
}

type dismissInput struct {
	ID     string `path:"id"`
	Person string `path:"person"`
}

func (h *Handlers) dismiss(r *web.Request, in dismissInput) (Ref, error) {
	return h.exchange.Dismiss(r.Context(), access.Of(r), in.ID, in.Person)
}

// polled is the wishes as JSON, with what the page shows besides.
type polled struct {
	web.List[WishView]
	poll Poll
}

func (h *Handlers) wishes(r *web.Request, in placeInput) (polled, error) {
	p, err := h.exchange.Wishes(r.Context(), access.Of(r), in.Place)
	return polled{web.List[WishView]{Items: p.Wishes}, p}, err
}

type wishInput struct {
	Name string `json:"name" label:"想换什么" required:"true" maxLength:"40" example:"洗车券"`
}

func (h *Handlers) wish(r *web.Request, in wishInput) (WishView, error) {
	return h.exchange.Wish(r.Context(), access.Of(r), in.Name)
}

type voteInput struct {
	ID  string `path:"id"`
	Off bool   `json:"off" label:"不要了"`
}

func (h *Handlers) vote(r *web.Request, in voteInput) (WishView, error) {
	return h.exchange.Vote(r.Context(), access.Of(r), in.ID, !in.Off)
}

type declineInput struct {
	ID     string `path:"id"`
	Answer string `json:"answer" label:"为什么办不到" required:"true" maxLength:"100" example:"附近没有洗车店"`
}

func (h *Handlers) decline(r *web.Request, in declineInput) (WishView, error) {
	return h.exchange.Decline(r.Context(), access.Of(r), in.ID, in.Answer)
}

func (h *Handlers) owed(r *web.Request, in placeInput) (Owed, error) {
	return h.exchange.Owed(r.Context(), access.Of(r), in.Place)
}

// found is findings as JSON, with what the page shows besides.
type found struct {
	web.List[UseView]
	place place.Place
}

func (h *Handlers) findings(r *web.Request, in placeInput) (found, error) {
	p, all, err := h.exchange.Findings(r.Context(), access.Of(r), in.Place)
	return found{web.List[UseView]{Items: all}, p}, err
}

type settleInput struct {
	ID string `path:"id"`
	Settlement
}

func (h *Handlers) settle(r *web.Request, in settleInput) (UseView, error) {
	return h.exchange.Settle(r.Context(), access.Of(r), in.ID, in.Settlement)
}
