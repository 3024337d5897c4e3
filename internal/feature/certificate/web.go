package certificate

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/credential"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about certificates: each route is one service call.
type Handlers struct{ certificates *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{s} }

const tag = "服务证明"

// Routes lists what can be asked of certificates.
func (h *Handlers) Routes() []web.Route {
	ask, read, issue, revoke := string(access.CertificateAsk), string(access.CertificateRead), string(access.CertificateIssue), string(access.CertificateRevoke)
	slow := web.Limit{Every: time.Second, Burst: 30}
	return []web.Route{
		{Name: "certificate.mine", Method: "GET", Page: "/me/certificates", API: "/api/v1/me/certificates", Permission: string(access.SignedIn),
			Summary: "我的服务证明", Tag: tag, Handle: web.Action(h.mine).Page(h.minePage)},
		{Name: "certificate.ask", Method: "POST", Page: "/me/certificates", API: "/api/v1/me/certificates", Permission: ask, Status: 201,
			Summary: "开一张服务证明；社区允许的话当场就开好", Tag: tag, Handle: web.Action(h.ask).Page(h.asked).Form(h.askAgain)},
		{Name: "certificate.ask_for", Method: "POST", API: "/api/v1/persons/{id}/certificates", Permission: ask, Status: 201,
			Summary: "站里替志愿者申请服务证明", Tag: tag, Handle: web.Action(h.askFor)},
		{Name: "certificate.register", Method: "GET", Page: "/certificates", API: "/api/v1/certificates", Permission: string(access.CertificateList),
			Summary: "一个地方的证明登记簿，新的在前", Tag: tag, Handle: web.Action(h.register).Page(h.registerPage)},
		{Name: "certificate.show", Method: "GET", Page: "/certificates/{id}", API: "/api/v1/certificates/{id}", Permission: read,
			Summary: "一张证明", Tag: tag, Handle: web.Action(h.show).Page(h.showPage)},
		{Name: "certificate.pdf", Method: "GET", Page: "/certificates/{id}/pdf", Permission: read, Handle: web.Action(h.show).Page(h.pdf)},
		{Name: "certificate.credential", Method: "GET", Page: "/certificates/{id}/credential", API: "/api/v1/certificates/{id}/credential", Permission: read,
			Summary: "签好名的电子凭证（Open Badges 3.0），谁都能核对", Tag: tag, Handle: web.Action(h.credential).Page(h.credentialFile)},
		h.move(StepAcceptance, "核对过了，受理", issue, "受理了。", h.certificates.Accept),
		h.move(StepIssue, "开具：编号、签名、进公示", issue, "开好了。", h.certificates.Issue),
		h.move(StepWithdrawal, "不要了", ask, "不开了。", h.certificates.Withdraw),
		h.move(StepKeep, "核对过了，这张证明照旧有效", revoke, "记下了，证明照旧有效。", h.certificates.Keep),
		h.end(StepRefusal, "不能开，写明原因", issue, "没有开，原因会告诉他。", h.certificates.Refuse),
		h.end(StepRevocation, "撤销，写明原因；以后谁核对都是已撤销", revoke, "撤销了。", h.certificates.Revoke),
		{Name: "certificate.batch", Method: "POST", Page: "/certificate-batches", API: "/api/v1/certificate-batches", Permission: issue, Status: 201,
			Summary: "给一个社区的志愿者一起开证明", Tag: tag, Handle: web.Action(h.startBatch).Page(h.batchStarted).Form(h.batchAgain)},
		{Name: "certificate.batch.show", Method: "GET", Page: "/certificate-batches/{id}", API: "/api/v1/certificate-batches/{id}", Permission: string(access.CertificateList),
			Summary: "一起开的证明开到哪了", Tag: tag, Handle: web.Action(h.batch).Page(h.batchPage)},
		{Name: "certificate.batch.progress", Method: "GET", Page: "/certificate-batches/{id}/progress", Permission: string(access.CertificateList), Handle: web.Action(h.batch).Page(h.batchCard)},
		{Name: "certificate.unit", Method: "POST", Page: "/places/{place}/certificate-unit", API: "/api/v1/places/{place}/certificate-unit", Permission: string(access.CertificateUnit),
			Summary: "证明上写的单位、负责人和全国系统编号，以后照这个开", Tag: tag, Handle: web.Action(h.setUnit).Page(h.unitSet).Form(h.unitAgain)},
		{Name: "certificate.announced", Method: "GET", Page: "/places/{place}/certificates", API: "/api/v1/places/{place}/certificate-notices", Public: true,
			Summary: "在公示的证明，姓名打了星号", Tag: tag, Handle: web.Action(h.announced).Page(h.announcedPage)},
		{Name: "certificate.check", Method: "GET", Page: "/c/{code}", API: "/api/v1/certificate-checks/{code}", Public: true, Limit: slow,
			Summary: "核对一张证明：编号、哪段时间、多久、有没有效；不用登录，不显示姓名", Tag: tag, Handle: web.Action(h.check).Page(h.checkPage)},
		{Name: "certificate.check.form", Method: "GET", Page: "/check", Public: true, Limit: slow, Handle: web.Action(h.typed).Page(h.typedPage).Form(h.typedAgain)},
	}
}

// move is the route of a step without a reason.
func (h *Handlers) move(step, summary, permission, said string, do moveFunc) web.Route {
	path := "/certificates/{id}/" + step
	return web.Route{Name: "certificate." + step, Method: "POST", Page: path, API: "/api/v1" + path, Permission: permission, Summary: summary, Tag: tag,
		Handle: web.Action(func(r *web.Request, in byID) (View, error) {
			c, err := do(r.Context(), access.Of(r), in.ID)
			return h.view(r, c), err
		}).Page(moved(said))}
}

// end is the route of a step that needs a reason.
func (h *Handlers) end(step, summary, permission, said string, do endFunc) web.Route {
	path := "/certificates/{id}/" + step
	return web.Route{Name: "certificate." + step, Method: "POST", Page: path, API: "/api/v1" + path, Permission: permission, Summary: summary, Tag: tag,
		Handle: web.Action(func(r *web.Request, in reasonInput) (View, error) {
			c, err := do(r.Context(), access.Of(r), in.ID, in.Reason)
			return h.view(r, c), err
		}).Page(moved(said)).Form(func(r *web.Request, in reasonInput, p *web.Problem) web.Answer { return h.showAgain(r, in.ID, p) })}
}

type byID struct {
	ID string `path:"id"`
}

type reasonInput struct {
	ID     string `path:"id"`
	Reason string `json:"reason" label:"原因" required:"true" maxLength:"200" lines:"true" example:"有一条服务记录撤回了"`
}

// period is a span that has a name.
type period string

const (
	thisYear period = "this_year"
	lastYear period = "last_year"
	always   period = "all"
)

// Enum lists the values for the decoder of requests.
func (period) Enum() []string { return []string{string(thisYear), string(lastYear), string(always)} }

type askInput struct {
	Period period        `json:"period" label:"哪一段时间" doc:"this_year 今年到今天，last_year 去年，all 从第一次到今天；不写就用 from 和 to"`
	From   *calendar.Day `json:"from" label:"从哪天" example:"2026-01-01"`
	To     *calendar.Day `json:"to" label:"到哪天" example:"2026-11-22"`
	Remark string        `json:"remark" label:"备注" maxLength:"60" example:"用于升学"`
}

func (in askInput) request(volunteer string) Request {
	q := Request{Volunteer: volunteer, Remark: in.Remark, Span: string(in.Period)}
	if in.From != nil {
		q.From = *in.From
	}
	if in.To != nil {
		q.To = *in.To
	}
	return q
}

func (h *Handlers) ask(r *web.Request, in askInput) (View, error) {
	c, err := h.certificates.Ask(r.Context(), access.Of(r), in.request(""))
	return h.view(r, c), err
}

type askForInput struct {
	ID string `path:"id"`
	askInput
}

func (h *Handlers) askFor(r *web.Request, in askForInput) (View, error) {
	c, err := h.certificates.Ask(r.Context(), access.Of(r), in.request(in.ID))
	return h.view(r, c), err
}

func (h *Handlers) show(r *web.Request, in byID) (View, error) {
	c, err := h.certificates.Show(r.Context(), access.Of(r), in.ID)
	return h.view(r, c), err
}

// CredentialView is a credential as the API gives it.
type CredentialView struct {
	Credential string `json:"credential" doc:"签好名的凭证，JSON 文本；存成文件就能用 linli verify 核对"`

	number string
}

func (h *Handlers) credential(r *web.Request, in byID) (CredentialView, error) {
	c, err := h.certificates.Show(r.Context(), access.Of(r), in.ID)
	if err == nil && c.Credential == "" {
		err = fault.Conflict("这张证明还没有开出来。")
	}
	return CredentialView{Credential: c.Credential, number: c.Number}, err
}

type codeInput struct {
	Code string `path:"code,code"`
}

func (h *Handlers) check(r *web.Request, in codeInput) (PublicView, error) {
	p, err := h.certificates.Check(r.Context(), in.Code)
	return publicView(r, p), err
}

type placePath struct {
	Place string `path:"place,code"`
}

// AnnouncedView is a public notice.
type AnnouncedView struct {
	Items []NoticeView `json:"items"`

	place Announcement
}

// NoticeView is one line of it.
type NoticeView struct {
	Number  string    `json:"number"`
	Name    string    `json:"name" doc:"打了星号的姓名"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Minutes int64     `json:"minutes"`
	Until   time.Time `json:"until" doc:"公示到什么时候"`
}

func (h *Handlers) announced(r *web.Request, in placePath) (AnnouncedView, error) {
	a, err := h.certificates.Announced(r.Context(), in.Place)
	v := AnnouncedView{Items: []NoticeView{}, place: a}
	for _, n := range a.Items {
		v.Items = append(v.Items, NoticeView{n.Number, n.Name, n.From.String(), n.To.String(), n.Minutes, n.Until.In(calendar.Zone())})
	}
	return v, err
}

// Files are the addresses that are fetched by programs and not by readers: the
// issuer's document and the status lists.
func (h *Handlers) Files() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /.well-known/did.json": published("application/did+json", func(r *http.Request) (credential.Document, error) {
			return h.certificates.Issuer().Document(r.Context())
		}),
		"GET /credentials/status/{list}": published("application/vc", func(r *http.Request) (credential.Document, error) {
			district, list, ok := strings.Cut(r.PathValue("list"), "-")
			d, err1 := strconv.Atoi(district)
			n, err2 := strconv.Atoi(list)
			if !ok || err1 != nil || err2 != nil {
				return nil, fault.NotFound("没有这份撤销名单。")
			}
			return h.certificates.StatusList(r.Context(), d, n)
		}),
	}
}

// published answers with a document that anybody may fetch and keep for a moment.
func published(kind string, make func(*http.Request) (credential.Document, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, err := make(r)
		if err == nil {
			var text []byte
			if text, err = d.Indented(); err == nil {
				w.Header().Set("Content-Type", kind)
				w.Header().Set("Cache-Control", "public, max-age=60")
				w.Header().Set("Access-Control-Allow-Origin", "*")
				_, err = w.Write(text)
			}
		}
		switch {
		case err == nil:
		case fault.KindOf(err) == fault.KindNotFound:
			http.NotFound(w, r)
		default:
			http.Error(w, "not now", http.StatusServiceUnavailable)
		}
	})
}
