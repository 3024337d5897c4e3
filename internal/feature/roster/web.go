package roster

import (
	"io"
	"path"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/core/transfer"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about rosters: each route is one service call.
type Handlers struct{ rosters *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{s} }

const tag = "志愿者花名册"

// Routes lists what can be asked of rosters.
func (h *Handlers) Routes() []web.Route {
	in, out := string(access.VolunteerImport), string(access.VolunteerExport)
	return []web.Route{
		{Name: "roster.desk", Method: "GET", Page: "/volunteers/imports", Permission: in, Handle: web.Action(h.desk).Page(h.deskPage)},
		{Name: "roster.template", Method: "GET", Page: "/volunteers/imports/template", Permission: in, Handle: web.Action(h.nothing).Page(h.template)},
		{Name: "roster.upload", Method: "POST", Page: "/volunteers/imports", API: "/api/v1/imports", Permission: in, Status: 201,
			MaxBody: MostBytes + 1<<20, BodyTime: 5 * time.Minute, Summary: "传一份花名册，先检查，再确认", Tag: tag,
			Handle: web.Action(h.upload).Page(h.uploaded).Form(h.uploadAgain)},
		{Name: "roster.list", Method: "GET", API: "/api/v1/imports", Permission: in,
			Summary: "最近导入的花名册", Tag: tag, Handle: web.Action(h.list)},
		{Name: "roster.show", Method: "GET", Page: "/imports/{id}", API: "/api/v1/imports/{id}", Permission: in,
			Summary: "一份导入的花名册到哪一步了", Tag: tag, Handle: web.Action(h.show).Page(h.filePage)},
		{Name: "roster.progress", Method: "GET", Page: "/imports/{id}/progress", Permission: in, Handle: web.Action(h.show).Page(h.progress)},
		{Name: "roster.findings", Method: "GET", API: "/api/v1/imports/{id}/findings", Permission: in,
			Summary: "哪一行怎么样，为什么", Tag: tag, Handle: web.Action(h.findings)},
		{Name: "roster.remarks", Method: "GET", Page: "/imports/{id}/remarks", Permission: in, Timeout: 5 * time.Minute, Handle: web.Action(h.remarked).Page(h.remarks)},
		{Name: "roster.confirm", Method: "POST", Page: "/imports/{id}/confirmation", API: "/api/v1/imports/{id}/confirmation", Permission: in,
			Summary: "查过了，导入；有问题的行可以先不要", Tag: tag, Handle: web.Action(h.confirm).Page(h.back("开始导入了。")).Form(h.confirmAgain)},
		{Name: "roster.cancel", Method: "POST", Page: "/imports/{id}/cancellation", API: "/api/v1/imports/{id}/cancellation", Permission: in,
			Summary: "不导入了", Tag: tag, Handle: web.Action(h.cancel).Page(h.back("没有导入，什么都没改。"))},
		{Name: "roster.export.form", Method: "GET", Page: "/volunteers/export", Permission: out, Handle: web.Action(h.exportForm).Page(h.exportPage)},
		{Name: "roster.export", Method: "GET", Page: "/volunteers/export/file", Permission: out, Timeout: 5 * time.Minute, Handle: web.Action(h.export).Page(h.file)},
		{Name: "roster.export.part", Method: "GET", API: "/api/v1/volunteers/export", Permission: out,
			Summary: "导出花名册，打了星号的；表头和文件的一样，一次一段", Tag: tag, Handle: web.Action(h.part)},
		{Name: "roster.export.whole", Method: "POST", Page: "/volunteers/export", Permission: out, Timeout: 5 * time.Minute,
			Handle: web.Action(h.exportWhole).Page(h.file).Form(h.exportAgain)},
	}
}

func (h *Handlers) nothing(*web.Request, struct{}) (web.None, error) { return web.None{}, nil }

type deskInput struct {
	Place string `json:"place" label:"放到哪里" maxLength:"64"`
}

// desk is the page of imports with the place that was asked for.
type desk struct {
	Desk
	place string
}

func (h *Handlers) desk(r *web.Request, in deskInput) (desk, error) {
	d, err := h.rosters.Desk(r.Context(), access.Of(r))
	return desk{d, in.Place}, err
}

func (h *Handlers) list(r *web.Request, _ struct{}) (web.List[File], error) {
	d, err := h.rosters.Desk(r.Context(), access.Of(r))
	return web.List[File]{Items: append([]File{}, d.Files...)}, err
}

type uploadInput struct {
	Place string       `json:"place" label:"放到哪里" maxLength:"64" required:"true"`
	Files []web.Upload `json:"file" label:"志愿者花名册" maxBytes:"33554432" maxItems:"1"`
}

func (h *Handlers) upload(r *web.Request, in uploadInput) (File, error) {
	if len(in.Files) == 0 {
		return File{}, fault.Invalid("file", "请先选一个文件。")
	}
	return h.rosters.Upload(r.Context(), access.Of(r), in.Place, in.Files[0].Name, in.Files[0].Data)
}

type fileInput struct {
	ID   string  `path:"id"`
	Show Verdict `json:"show" label:"看哪些行" enum:"new,changed,same,bad"`
	web.Paging
}

// shown is a file as JSON, with what its page shows besides.
type shown struct {
	File
	in    fileInput
	place place.Place
	found []Finding
	next  web.Next
}

const rowsOnPage = 100

func (h *Handlers) show(r *web.Request, in fileInput) (shown, error) {
	out := shown{in: in}
	var err error
	if out.File, out.place, err = h.rosters.Look(r.Context(), access.Of(r), in.ID); err != nil || r.API() {
		return out, err
	}
	out.found, out.next, err = h.page(r, in)
	return out, err
}

// page is a part of what is to be said of the rows, and where the next begins.
func (h *Handlers) page(r *web.Request, in fileInput) ([]Finding, web.Next, error) {
	after, _, err := web.DecodeCursor[int](in.Cursor)
	if err != nil {
		return nil, "", err
	}
	size := in.Size(rowsOnPage)
	found, err := h.rosters.Findings(r.Context(), access.Of(r), in.ID, in.Show, after, size+1)
	if err != nil || len(found) <= size {
		return found, "", err
	}
	return found[:size], web.EncodeCursor(found[size-1].Row), nil
}

// findingView is what is to be said of one row.
type findingView struct {
	Row     int      `json:"row" doc:"表里的第几行"`
	Verdict Verdict  `json:"verdict" enum:"new,changed,same,bad" doc:"new 新登记，changed 有更新，same 一样，bad 有问题"`
	Remarks []string `json:"remarks" doc:"为什么"`
}

func (h *Handlers) findings(r *web.Request, in fileInput) (web.List[findingView], error) {
	found, next, err := h.page(r, in)
	out := web.List[findingView]{Next: next}
	for _, f := range found {
		out.Items = append(out.Items, findingView{f.Row, f.Verdict, say(r, f.Remarks)})
	}
	return out, err
}

type confirmInput struct {
	ID       string `path:"id"`
	LeaveOut bool   `json:"leave_out" label:"有问题的行先不要" doc:"有问题的行先不要，其余的导入"`
}

func (h *Handlers) confirm(r *web.Request, in confirmInput) (File, error) {
	return h.rosters.Confirm(r.Context(), access.Of(r), in.ID, in.LeaveOut)
}

type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) cancel(r *web.Request, in byID) (File, error) {
	return h.rosters.Cancel(r.Context(), access.Of(r), in.ID)
}

type remarksInput struct {
	ID      string `path:"id"`
	OnlyBad bool   `json:"bad" label:"只要有问题的行"`
}

// download is a file with its remarks, all rows or only the bad ones.
type download struct {
	Remarked
	onlyBad bool
}

func (h *Handlers) remarked(r *web.Request, in remarksInput) (download, error) {
	back, err := h.rosters.Remarked(r.Context(), access.Of(r), in.ID)
	return download{back, in.OnlyBad}, err
}

func (h *Handlers) remarks(r *web.Request, d download) web.Answer {
	name := strings.TrimSuffix(d.File.Name, path.Ext(d.File.Name)) + "-" + r.T("问题") + "." + string(d.Kind)
	return web.File(name, d.Kind.MediaType(), func(w io.Writer) error {
		return d.Write(w, d.onlyBad, func(m Remark) string { return r.T(m.Msg, m.Args...) })
	})
}

func (h *Handlers) template(r *web.Request, _ web.None) web.Answer {
	return web.File(tag+".xlsx", transfer.XLSX.MediaType(), Template)
}

type exportInput struct {
	Place string        `json:"place" label:"哪里的" maxLength:"64" required:"true"`
	Kind  transfer.Kind `json:"kind" label:"哪种文件" enum:"xlsx,csv"`
}

// exported is an export that has been allowed and is written as it is sent.
type exported struct {
	ask  Ask
	name string
}

func (h *Handlers) export(r *web.Request, in exportInput) (exported, error) {
	return h.allow(r, Ask{Place: in.Place, Kind: in.Kind})
}

type partInput struct {
	Place  string `json:"place" label:"哪里的" maxLength:"64" required:"true" doc:"社区、街道或区县"`
	Cursor string `json:"cursor" maxLength:"500" doc:"上一段给的 next"`
}

// partView is a part of a roster as JSON.
type partView struct {
	Headings []string   `json:"headings" doc:"表头，和花名册文件的一样"`
	Items    [][]string `json:"items" doc:"每一行，按表头的次序；这一段可以是空的，后面还有"`
	Next     web.Next   `json:"next" doc:"下一段的位置，放进 cursor；null 就是到头了"`
}

func (h *Handlers) part(r *web.Request, in partInput) (partView, error) {
	at, _, err := web.DecodeCursor[Turn](in.Cursor)
	if err != nil {
		return partView{}, err
	}
	p, err := h.rosters.ExportPart(r.Context(), access.Of(r), in.Place, at)
	out := partView{Headings: transfer.VolunteerRoster().Names(), Items: p.Rows}
	if p.Next != nil {
		out.Next = web.EncodeCursor(*p.Next)
	}
	return out, err
}

type wholeInput struct {
	exportInput
	Reason string `json:"reason" label:"为什么要全的" maxLength:"200"`
}

func (h *Handlers) exportWhole(r *web.Request, in wholeInput) (exported, error) {
	return h.allow(r, Ask{Place: in.Place, Kind: in.Kind, Whole: true, Reason: in.Reason})
}

func (h *Handlers) allow(r *web.Request, a Ask) (exported, error) {
	if a.Kind == "" {
		a.Kind = transfer.XLSX
	}
	at, err := h.rosters.MayExport(r.Context(), access.Of(r), a)
	return exported{a, at.Name + tag + "." + string(a.Kind)}, err
}

func (h *Handlers) file(r *web.Request, e exported) web.Answer {
	return web.File(e.name, e.ask.Kind.MediaType(), func(w io.Writer) error {
		return h.rosters.Export(r.Context(), access.Of(r), e.ask, w)
	})
}
