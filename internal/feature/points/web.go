package points

import (
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/kit/web"
)

// Handlers answers requests about points.
type Handlers struct{ points *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{points: s} }

const tag = "积分"

// Routes lists what can be asked of points.
func (h *Handlers) Routes() []web.Route {
	oversee, donate, me := string(access.PointsOversee), string(access.DonationWrite), string(access.SignedIn)
	return []web.Route{
		{Name: "points.mine", Method: "GET", Page: "/me/points", API: "/api/v1/me/points", Permission: me,
			Summary: "我的积分：还有多少，一笔一笔怎么来的", Tag: "我的", Handle: web.Action(h.mine).Page(h.minePage)},
		{Name: "points.gifts", Method: "GET", Page: "/me/gifts", API: "/api/v1/me/gifts", Permission: me,
			Summary: "我的积分能送给谁，还能送几分", Tag: tag, Handle: web.Action(h.gifts).Page(h.giftsPage)},
		{Name: "points.give", Method: "POST", Page: "/me/gifts", API: "/api/v1/me/gifts", Permission: me, Status: 201,
			Summary: "把积分送给家里人或照看的老人", Tag: tag, Handle: web.Action(h.give).Page(h.given).Form(h.giveAgain)},
		{Name: "points.rules", Method: "GET", Page: "/points/rules", API: "/api/v1/points/rules", Permission: oversee,
			Summary: "一个地方的积分规矩，现在的和以后的", Tag: tag, Handle: web.Action(h.rules).Page(h.rulesPage)},
		{Name: "points.factor", Method: "POST", Page: "/points/factors", API: "/api/v1/points/factors", Permission: string(access.PointsRule), Status: 201,
			Summary: "定一类服务按百分之几算，从哪天起", Tag: tag, Handle: web.Action(h.factor).Page(h.factorSet).Form(h.factorAgain)},
		{Name: "points.trial", Method: "GET", Page: "/points/trial", API: "/api/v1/points/trial", Permission: oversee,
			Summary: "试算：换一套规矩，过去一年会怎样；只算，不改", Tag: tag, Handle: web.Action(h.trial).Page(h.trialPage)},
		{Name: "donation.list", Method: "GET", Page: "/donations", API: "/api/v1/donations", Permission: donate,
			Summary: "一个社区收到的捐赠", Tag: tag, Handle: web.Action(h.donations).Page(h.donationsPage)},
		{Name: "donation.receive", Method: "POST", Page: "/donations", API: "/api/v1/donations", Permission: donate, Status: 201,
			Summary: "登记捐来的东西：开收据，按规矩记积分", Tag: tag, Handle: web.Action(h.donate).Page(h.donated).Form(h.donateAgain)},
		{Name: "donation.show", Method: "GET", Page: "/donations/{id}", API: "/api/v1/donations/{id}", Permission: donate,
			Summary: "一张捐赠收据", Tag: tag, Handle: web.Action(h.donation).Page(h.donationPage)},
		{Name: "donation.withdraw", Method: "POST", Page: "/donations/{id}/withdrawal", API: "/api/v1/donations/{id}/withdrawal", Permission: donate,
			Summary: "作废一张收据，积分退回", Tag: tag, Handle: web.Action(h.withdraw).Page(h.withdrawn).Form(h.withdrawAgain)},
	}
}

// EntryView is one movement of points.
type EntryView struct {
	At      time.Time `json:"at" doc:"什么时候记的"`
	Memo    string    `json:"memo" doc:"为什么" example:"理发"`
	Amount  int64     `json:"amount" doc:"几分，扣掉的是负数"`
	Balance int64     `json:"balance" doc:"记完以后有多少分"`
	Source  string    `json:"source" doc:"凭什么记的，同一件事只记一次" example:"visit:019aa2e0-…"`
}

// LapseView is points that lapse on a day.
type LapseView struct {
	Points int64        `json:"points"`
	Due    calendar.Day `json:"due"`
}

// View is one's points.
type View struct {
	Balance   int64       `json:"balance" doc:"现在有多少分"`
	Spendable int64       `json:"spendable" doc:"其中现在能用的"`
	Held      int64       `json:"held" doc:"还在公示、公示完才能用的"`
	Owed      int64       `json:"owed" doc:"记录退回后要先补上的"`
	PerHour   int64       `json:"per_hour" doc:"服务一小时记几分，是社区的规矩"`
	Year      int64       `json:"year" doc:"今年挣了几分"`
	Gate      int64       `json:"gate" doc:"一年挣满几分能评星级、兑换"`
	Lapses    []LapseView `json:"lapses" doc:"快要过期的"`
	Items     []EntryView `json:"items" doc:"新的在前"`
	Next      web.Next    `json:"next" doc:"下一页的位置，放进 cursor；null 就是到头了"`

	first, gives bool
}

// usual is how many movements stand on one page.
const usual = 30

func (h *Handlers) mine(r *web.Request, in web.Paging) (View, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return View{}, err
	}
	s, err := h.points.Mine(r.Context(), access.Of(r), before, in.Size(usual))
	v := View{
		Balance: s.Balance, Spendable: s.Purse.Spendable(), Held: s.Purse.Held, Owed: s.Purse.Owed, PerHour: s.PerHour, Year: s.Year, Gate: s.Gate,
		Lapses: []LapseView{}, Items: []EntryView{}, first: in.Cursor == "", gives: s.Gives,
	}
	for _, l := range s.Lapses {
		v.Lapses = append(v.Lapses, LapseView{l.Points, l.Due})
	}
	for _, l := range s.Lines {
		v.Items = append(v.Items, EntryView{
			At: l.At.In(calendar.Zone()), Memo: r.T(l.Memo), Amount: l.Amount, Balance: l.Balance, Source: strings.TrimSuffix(l.Source, ":"+Points),
		})
	}
	if s.More {
		v.Next = web.EncodeCursor(s.Next())
	}
	return v, err
}

// NearView is somebody to whom points may be given.
type NearView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind" enum:"household,elder"`
}

// AllowanceView is to whom one may give, and how much.
type AllowanceView struct {
	People   []NearView `json:"people" doc:"能送给谁"`
	Left     int64      `json:"left" doc:"现在最多送几分"`
	MonthCap int64      `json:"month_cap" doc:"一个月最多送几分"`
	Given    int64      `json:"given" doc:"这个月送了几分"`
}

func (h *Handlers) gifts(r *web.Request, _ struct{}) (AllowanceView, error) {
	a, err := h.points.Allowance(r.Context(), access.Of(r))
	v := AllowanceView{People: []NearView{}, Left: a.Left(), MonthCap: a.MonthCap, Given: a.Given}
	for _, n := range a.People {
		v.People = append(v.People, NearView{n.Person.ID, identity.MaskName(n.Person.Name), n.Kind})
	}
	return v, err
}

func (h *Handlers) give(r *web.Request, in Gift) (GiftView, error) {
	return h.points.Give(r.Context(), access.Of(r), in)
}

type placeInput struct {
	Place string `json:"place" label:"哪里" maxLength:"64" doc:"社区、街道或区县；不写就是您管的第一个"`
}

func (h *Handlers) rules(r *web.Request, in placeInput) (RulesView, error) {
	return h.points.Rules(r.Context(), access.Of(r), in.Place)
}

func (h *Handlers) factor(r *web.Request, in FactorDraft) (RulesView, error) {
	return h.points.SetFactor(r.Context(), access.Of(r), in)
}

type trialInput struct {
	placeInput
	Proposal
}

// tried is a trial as JSON, with what the page shows besides.
type tried struct {
	TrialView
	proposal Proposal
}

func (h *Handlers) trial(r *web.Request, in trialInput) (tried, error) {
	p, t, err := h.points.Try(r.Context(), access.Of(r), in.Place, in.Proposal)
	return tried{trialView(p, t), in.Proposal}, err
}

// donated is donations as JSON, with what the page shows besides.
type donationList struct {
	web.List[DonationView]
	place place.Place
}

func (h *Handlers) donations(r *web.Request, in placeInput) (donationList, error) {
	p, all, err := h.points.Donations(r.Context(), access.Of(r), in.Place)
	return donationList{web.List[DonationView]{Items: all}, p}, err
}

func (h *Handlers) donate(r *web.Request, in DonationDraft) (DonationView, error) {
	return h.points.Donate(r.Context(), access.Of(r), in)
}

type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) donation(r *web.Request, in byID) (DonationView, error) {
	return h.points.Donation(r.Context(), access.Of(r), in.ID)
}

type withdrawInput struct {
	ID     string `path:"id"`
	Reason string `json:"reason" label:"为什么作废" required:"true" maxLength:"100" example:"登记错了"`
}

func (h *Handlers) withdraw(r *web.Request, in withdrawInput) (DonationView, error) {
	return h.points.WithdrawDonation(r.Context(), access.Of(r), in.ID, in.Reason)
}
