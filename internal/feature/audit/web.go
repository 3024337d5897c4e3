package audit

import (
	"io"
	"strconv"

	"linli/internal/core/access"
	"linli/internal/core/process"
	"linli/internal/core/transfer"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about findings, spot checks and the public page.
type Handlers struct{ audit *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{s} }

const tag = "监督"

// Routes lists what can be asked.
func (h *Handlers) Routes() []web.Route {
	read, check := string(access.FindingRead), string(access.SpotCheck)
	return []web.Route{
		{Name: "audit.public", Method: "GET", Page: "/places/{id}/notice", API: "/api/v1/places/{id}/notice", Public: true,
			Summary: "一个社区的公示：公示中的记录、链头、抽查的种子和结果", Tag: tag, Handle: web.Action(h.public).Page(h.publicPage)},
		{Name: "audit.draw", Method: "GET", API: "/api/v1/places/{id}/draw", Public: true,
			Summary: "一个月的抽查名单，谁都可以照着重抽一遍", Tag: tag, Handle: web.Action(h.draw)},
		{Name: "audit.draw.file", Method: "GET", Page: "/places/{id}/draw", Public: true, Handle: web.Action(h.draw).Page(h.drawFile)},
		{Name: "finding.list", Method: "GET", API: "/api/v1/places/{id}/findings", Permission: read,
			Summary: "一个社区的疑点", Tag: tag, Handle: web.Action(h.findings)},
		{Name: "finding.show", Method: "GET", Page: "/findings/{id}", API: "/api/v1/findings/{id}", Permission: read,
			Summary: "一个疑点和它的依据", Tag: tag, Handle: web.Action(h.finding).Page(h.findingPage)},
		{Name: "finding.decide", Method: "POST", Page: "/findings/{id}/decision", API: "/api/v1/findings/{id}/decision", Permission: string(access.FindingDecide),
			Summary: "看过一个疑点以后怎么说", Tag: tag, Handle: web.Action(h.decide).Page(h.decided).Form(h.decideAgain)},
		{Name: "red.list", Method: "GET", API: "/api/v1/places/{id}/overdue", Permission: string(access.FindingRead),
			Summary: "快到期限还没记上的服务", Tag: tag, Handle: web.Action(h.red)},
		{Name: "spot.list", Method: "GET", API: "/api/v1/places/{id}/checks", Permission: check,
			Summary: "一个月抽查的记录", Tag: tag, Handle: web.Action(h.checks)},
		{Name: "spot.show", Method: "GET", Page: "/checks/{id}", API: "/api/v1/checks/{id}", Permission: check,
			Summary: "抽查的一条", Tag: tag, Handle: web.Action(h.check).Page(h.checkPage)},
		{Name: "spot.result", Method: "POST", Page: "/checks/{id}/result", API: "/api/v1/checks/{id}/result", Permission: check,
			Summary: "写抽查的结果；记的人不能自己查", Tag: tag, Handle: web.Action(h.review).Page(h.reviewed).Form(h.reviewAgain)},
	}
}

type publicInput struct {
	ID string `path:"id,code"`
	web.Paging
}

func (h *Handlers) public(r *web.Request, in publicInput) (PublicView, error) {
	after, _, err := web.DecodeCursor[record.Cursor](in.Cursor)
	if err != nil {
		return PublicView{}, err
	}
	return h.audit.Public(r.Context(), in.ID, after, in.Size(noticeUsual))
}

type drawInput struct {
	ID    string `path:"id,code"`
	Month Month  `json:"month" label:"哪个月" maxLength:"7" doc:"不写就是最近一次抽查的那个月" example:"2026-10"`
}

// Check refuses what is no month.
func (in drawInput) Check() error { return in.Month.Check() }

// Check refuses a text that is no month; the empty one is none in particular.
func (m Month) Check() error {
	if _, ok := m.first(); m != "" && !ok {
		return fault.Invalid("month", "月份请写成 2026-10 这样。")
	}
	return nil
}

func (h *Handlers) draw(r *web.Request, in drawInput) (DrawList, error) {
	return h.audit.DrawnIn(r.Context(), in.ID, in.Month)
}

// drawFile is the list as a table, to do the draw again.
func (h *Handlers) drawFile(_ *web.Request, l DrawList) web.Answer {
	form := transfer.Form{Title: "抽查名单"}
	for _, name := range []string{"编号", "补录", "种子", "种子:编号 的 SHA-256", "抽到", "结果"} {
		form.Headings = append(form.Headings, transfer.Heading{Name: name, Width: 20})
	}
	return web.File("抽查名单-"+l.Month+".csv", transfer.CSV.MediaType(), func(w io.Writer) error {
		table, err := transfer.NewWriter(w, transfer.CSV, form, "")
		if err != nil {
			return err
		}
		for _, x := range l.Items {
			if err = table.Write(transfer.Text(x.ID), transfer.Text(strconv.FormatBool(x.Manual)), transfer.Text(l.Seed), transfer.Text(x.Rank),
				transfer.Text(strconv.FormatBool(x.Drawn)), transfer.Text(x.Result)); err != nil {
				break
			}
		}
		if closed := table.Close(); err == nil {
			err = closed
		}
		return err
	})
}

// state is which findings a list shows.
type state string

// Enum lists the values for the decoder of requests.
func (state) Enum() []string { return []string{string(Open), string(Cleared), string(Upheld)} }

type findingsInput struct {
	ID    string `path:"id,code"`
	State state  `json:"state" label:"哪些" doc:"不写就是等人看的"`
}

func (h *Handlers) findings(r *web.Request, in findingsInput) (web.List[FindingView], error) {
	who, of := access.Of(r), Open
	if in.State != "" {
		of = process.State(in.State)
	}
	return listed(r, h.audit, func(tx *db.Tx) ([]FindingView, error) {
		p, err := mayAt(tx, who, in.ID, access.FindingRead)
		if err != nil {
			return nil, err
		}
		return FindingsAt(tx, who, p, of)
	})
}

// listed answers with a list that is read in one transaction.
func listed[T any](r *web.Request, s *Service, read func(*db.Tx) ([]T, error)) (out web.List[T], err error) {
	err = s.db.Read(r.Context(), func(tx *db.Tx) error {
		items, err := read(tx)
		out = web.List[T]{Items: items}
		return err
	})
	return out, err
}

type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) finding(r *web.Request, in byID) (FindingView, error) {
	return h.audit.Show(r.Context(), access.Of(r), in.ID)
}

type decideInput struct {
	ID string `path:"id"`
	Decision
}

func (h *Handlers) decide(r *web.Request, in decideInput) (FindingView, error) {
	return h.audit.Decide(r.Context(), access.Of(r), in.ID, in.Decision)
}

type byPlace struct {
	ID string `path:"id,code"`
}

func (h *Handlers) red(r *web.Request, in byPlace) (web.List[RedRow], error) {
	who := access.Of(r)
	return listed(r, h.audit, func(tx *db.Tx) ([]RedRow, error) {
		p, err := mayAt(tx, who, in.ID, access.FindingRead)
		if err != nil {
			return nil, err
		}
		return RedList(tx, p)
	})
}

func (h *Handlers) checks(r *web.Request, in drawInput) (web.List[CheckView], error) {
	who := access.Of(r)
	return listed(r, h.audit, func(tx *db.Tx) ([]CheckView, error) {
		p, err := mayAt(tx, who, in.ID, access.SpotCheck)
		if err != nil {
			return nil, err
		}
		month, err := orLast(tx, p, in.Month)
		if err != nil {
			return nil, err
		}
		return ChecksAt(tx, who, p, month)
	})
}

func (h *Handlers) check(r *web.Request, in byID) (v CheckView, err error) {
	who := access.Of(r)
	err = h.audit.db.Read(r.Context(), func(tx *db.Tx) error {
		c, err := seekCheck(tx, who, in.ID)
		if err != nil {
			return err
		}
		v, err = viewCheck(tx, who, c)
		return err
	})
	return v, err
}

type reviewInput struct {
	ID string `path:"id"`
	Result
}

func (h *Handlers) review(r *web.Request, in reviewInput) (CheckView, error) {
	return h.audit.Review(r.Context(), access.Of(r), in.ID, in.Result)
}
