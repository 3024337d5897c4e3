package certificate

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/kit/web"
)

type (
	moveFunc func(ctx context.Context, who access.Who, id string) (Certificate, error)
	endFunc  func(ctx context.Context, who access.Who, id, reason string) (Certificate, error)
)

// View is one certificate.
type View struct {
	ID          string     `json:"id"`
	Number      string     `json:"number,omitempty" doc:"编号：LL-社区-开具日-当天第几张" example:"LL-130104016001-20261122-0003"`
	State       string     `json:"state" enum:"applied,accepted,issued,refused,withdrawn,revoked"`
	Volunteer   string     `json:"volunteer"`
	Name        string     `json:"name,omitempty"`
	From        string     `json:"from" example:"2026-01-01"`
	To          string     `json:"to" example:"2026-11-22"`
	Minutes     int64      `json:"minutes" doc:"算数的分钟"`
	Times       int        `json:"times"`
	Text        string     `json:"text,omitempty" doc:"证明上的话，接在姓名后面"`
	Unit        string     `json:"unit,omitempty" doc:"开具单位"`
	Head        string     `json:"head,omitempty" doc:"负责人"`
	Handler     string     `json:"handler,omitempty" doc:"经办人；自助开的没有"`
	Remark      string     `json:"remark,omitempty"`
	Star        int        `json:"star,omitempty" doc:"开具时是几星级志愿者"`
	Honours     []string   `json:"honours,omitempty" doc:"开具时有的荣誉" example:"2026 年最美志愿者"`
	Platform    bool       `json:"platform_record" doc:"是平台记录：开具单位还没有全国系统的编号"`
	Code        string     `json:"code,omitempty" doc:"核对码"`
	CheckURL    string     `json:"check_url,omitempty" doc:"二维码里的地址，谁都能打开"`
	AppliedAt   time.Time  `json:"applied_at"`
	IssuedAt    *time.Time `json:"issued_at,omitempty"`
	NoticeUntil *time.Time `json:"notice_until,omitempty" doc:"公示到什么时候"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	Doubt       string     `json:"doubt,omitempty" doc:"哪一单的记录后来撤回了，要不要撤销请站里看"`
	Actions     []string   `json:"actions" doc:"您现在能办的步骤"`

	certificate Certificate
}

func (h *Handlers) view(_ *web.Request, c Certificate) View {
	v := View{
		ID: c.ID, Number: c.Number, State: string(c.State), Volunteer: c.Volunteer, Name: c.Paper.Name, From: c.From.String(), To: c.To.String(),
		Minutes: c.Minutes, Times: c.Paper.Times, Unit: c.Paper.Unit, Head: c.Paper.Head, Handler: c.Paper.Handler, Remark: c.Remark, Star: c.Paper.Star, Honours: c.Paper.Honours,
		AppliedAt: c.AppliedAt.In(calendar.Zone()), IssuedAt: moment(c.IssuedAt), NoticeUntil: moment(c.NoticeUntil), EndedAt: moment(c.EndedAt),
		Reason: c.Reason, Doubt: c.Doubt, Actions: []string{}, certificate: c,
	}
	if c.Number != "" {
		v.Text, v.Platform = c.Paper.deed(c), c.Paper.Platform()
		v.Code, v.CheckURL = c.Code, address(h.certificates.issuer.origin, c.Code)
	}
	for _, s := range c.steps() {
		v.Actions = append(v.Actions, s.Name)
	}
	return v
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(calendar.Zone())
	return &t
}

// OwnView is one's certificates.
type OwnView struct {
	Items   []View `json:"items"`
	Self    bool   `json:"self_service" doc:"可以自己当场开"`
	Year    int64  `json:"this_year" doc:"今年算数的分钟"`
	Minutes int64  `json:"minutes" doc:"一共算数的分钟"`

	own Own
}

func (h *Handlers) mine(r *web.Request, _ struct{}) (OwnView, error) {
	own, err := h.certificates.Mine(r.Context(), access.Of(r))
	v := OwnView{Items: []View{}, Self: own.Self, Year: own.Year, Minutes: own.All, own: own}
	for _, c := range own.List {
		v.Items = append(v.Items, h.view(r, c))
	}
	return v, err
}

// PublicView is what anybody may know.
type PublicView struct {
	Number      string     `json:"number"`
	State       string     `json:"state" enum:"issued,revoked"`
	Stands      bool       `json:"stands" doc:"有效"`
	From        string     `json:"from"`
	To          string     `json:"to"`
	Minutes     int64      `json:"minutes"`
	IssuedAt    time.Time  `json:"issued_at"`
	NoticeUntil time.Time  `json:"notice_until"`
	RevokedAt   *time.Time `json:"revoked_at,omitempty"`

	public Public
}

func publicView(_ *web.Request, p Public) PublicView {
	return PublicView{p.Number, string(p.State), p.State == Issued, p.From.String(), p.To.String(), p.Minutes,
		p.IssuedAt.In(calendar.Zone()), p.NoticeUntil.In(calendar.Zone()), moment(p.EndedAt), p}
}

// RegisterView is a page of a place's register.
type RegisterView struct {
	Waiting []View   `json:"waiting" doc:"要办的：申请，和记录撤回了要再看的"`
	Items   []View   `json:"items" doc:"新的在前"`
	Next    web.Next `json:"next" doc:"下一页的位置，放进 cursor；null 就是到头了"`

	register Register
	first    bool
}

type registerInput struct {
	Place string `json:"place" label:"哪里" maxLength:"64" doc:"社区或街道；不写就是您管的第一个"`
	web.Paging
}

// usual is how many certificates stand on one page.
const usual = 50

func (h *Handlers) register(r *web.Request, in registerInput) (RegisterView, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return RegisterView{}, err
	}
	book, err := h.certificates.Register(r.Context(), access.Of(r), in.Place, before, in.Size(usual))
	v := RegisterView{Waiting: []View{}, Items: []View{}, register: book, first: in.Cursor == ""}
	for _, c := range book.Waiting {
		v.Waiting = append(v.Waiting, h.named(r, book, c))
	}
	for _, c := range book.Items {
		v.Items = append(v.Items, h.named(r, book, c))
	}
	if book.More {
		last := book.Items[len(book.Items)-1]
		v.Next = web.EncodeCursor(Cursor{last.AppliedAt.UnixMilli(), last.ID})
	}
	return v, err
}

// named is a certificate in the register; one that is not issued has no name on it
// yet.
func (h *Handlers) named(r *web.Request, book Register, c Certificate) View {
	c.at, c.who = book.Place, access.Of(r)
	v := h.view(r, c)
	v.Name = book.Name(c)
	return v
}

// BatchView is how far many at once are.
type BatchView struct {
	ID      string     `json:"id"`
	Place   string     `json:"place"`
	From    string     `json:"from"`
	To      string     `json:"to"`
	State   string     `json:"state" enum:"running,done"`
	Total   int64      `json:"total" doc:"一共要看几位志愿者"`
	Seen    int64      `json:"seen" doc:"看过几位"`
	Made    int64      `json:"made" doc:"开了几张"`
	BegunAt time.Time  `json:"begun_at"`
	EndedAt *time.Time `json:"ended_at,omitempty"`

	batch Batch
}

func batchView(b Batch) BatchView {
	return BatchView{b.ID, b.Place, b.From.String(), b.To.String(), string(b.State), b.Total, b.Seen, b.Made, b.BegunAt.In(calendar.Zone()), moment(b.EndedAt), b}
}

type batchInput struct {
	Place  string       `json:"place" label:"哪个社区" required:"true" maxLength:"64"`
	From   calendar.Day `json:"from" label:"从哪天" required:"true" example:"2026-01-01"`
	To     calendar.Day `json:"to" label:"到哪天" required:"true" example:"2026-11-22"`
	Remark string       `json:"remark" label:"备注" maxLength:"60"`
}

func (h *Handlers) startBatch(r *web.Request, in batchInput) (BatchView, error) {
	b, err := h.certificates.StartBatch(r.Context(), access.Of(r), in.Place, Request{From: in.From, To: in.To, Remark: in.Remark})
	return batchView(b), err
}

func (h *Handlers) batch(r *web.Request, in byID) (BatchView, error) {
	b, err := h.certificates.ShowBatch(r.Context(), access.Of(r), in.ID)
	return batchView(b), err
}

type unitInput struct {
	Place    string `path:"place,code"`
	Name     string `json:"name" label:"单位名称" maxLength:"40" example:"东风路南社区服务站"`
	Head     string `json:"head" label:"负责人" maxLength:"20"`
	Ministry string `json:"ministry" label:"全国志愿服务信息系统里的编号" maxLength:"30"`
}

// UnitView is who issues at a place.
type UnitView struct {
	Place    string `json:"place"`
	Name     string `json:"name"`
	Head     string `json:"head"`
	Ministry string `json:"ministry"`
}

func (h *Handlers) setUnit(r *web.Request, in unitInput) (UnitView, error) {
	at, err := h.certificates.SetUnit(r.Context(), access.Of(r), in.Place, Unit{in.Name, in.Head, in.Ministry})
	return UnitView{at.ID, in.Name, in.Head, in.Ministry}, err
}
