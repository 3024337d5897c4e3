package star

import (
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/kit/web"
)

// Handlers answers requests about stars and honours: each route is one service call.
type Handlers struct{ stars *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{s} }

const tag = "星级和荣誉"

// Routes lists what can be asked.
func (h *Handlers) Routes() []web.Route {
	me, approve, run := string(access.SignedIn), string(access.StarApprove), string(access.HonourRun)
	return []web.Route{
		{Name: "star.list", Method: "GET", Page: "/stars", API: "/api/v1/stars", Permission: me,
			Summary: "一个地方的星级：等着批的、公示的、评上的", Tag: tag, Handle: web.Action(h.board).Page(h.boardPage)},
		{Name: "star.show", Method: "GET", Page: "/stars/{id}", API: "/api/v1/stars/{id}", Permission: me,
			Summary: "一次评星", Tag: tag, Handle: web.Action(h.one).Page(h.onePage)},
		{Name: "star.decide", Method: "POST", Page: "/stars/{id}/decision", API: "/api/v1/stars/{id}/decision", Permission: approve,
			Summary: "批一次评星：同意就公示", Tag: tag, Handle: web.Action(h.decide).Page(h.said("记下了。")).Form(h.decideAgain)},
		{Name: "star.object", Method: "POST", Page: "/stars/{id}/objections", API: "/api/v1/stars/{id}/objections", Permission: me, Status: 201,
			Summary: "公示期里提异议", Tag: tag, Handle: web.Action(h.object).Page(h.said("收到了，会答复您。")).Form(h.objectAgain)},
		{Name: "star.answer", Method: "POST", Page: "/stars/{id}/objections/{objection}/answer", API: "/api/v1/stars/{id}/objections/{objection}/answer", Permission: approve,
			Summary: "答复异议：成立就不评", Tag: tag, Handle: web.Action(h.answer).Page(h.said("答复了。"))},
		{Name: "star.table", Method: "GET", Page: "/star-table", API: "/api/v1/star-table", Permission: me,
			Summary: "几小时评几星，谁来批", Tag: tag, Handle: web.Action(h.table).Page(h.tablePage)},
		{Name: "star.table.set", Method: "POST", Page: "/star-table", API: "/api/v1/star-table", Permission: string(access.StarRule), Status: 201,
			Summary: "定星级的规矩，从哪天起；评上的不改", Tag: tag, Handle: web.Action(h.setTable).Page(h.tableSet).Form(h.setTableAgain)},
		{Name: "honour.list", Method: "GET", Page: "/honours", API: "/api/v1/honours", Permission: me,
			Summary: "每年的荣誉：最美志愿者、金点子", Tag: tag, Handle: web.Action(h.honours).Page(h.honoursPage)},
		{Name: "honour.open", Method: "POST", Page: "/honours", API: "/api/v1/honours", Permission: run, Status: 201,
			Summary: "开始一次评选：先推荐，再投票，再公示", Tag: tag, Handle: web.Action(h.open).Page(h.opened).Form(h.openAgain)},
		{Name: "honour.show", Method: "GET", Page: "/honours/{id}", API: "/api/v1/honours/{id}", Permission: me,
			Summary: "一次评选", Tag: tag, Handle: web.Action(h.round).Page(h.roundPage)},
		{Name: "honour.nominate", Method: "POST", Page: "/honours/{id}/nominees", API: "/api/v1/honours/{id}/nominees", Permission: me, Status: 201,
			Summary: "推荐一位志愿者", Tag: tag, Handle: web.Action(h.nominate).Page(h.roundSaid("推荐上了。")).Form(h.nominateAgain)},
		{Name: "honour.vote", Method: "POST", Page: "/honours/{id}/votes", API: "/api/v1/honours/{id}/votes", Permission: me,
			Summary: "投一票；一人一票，截止前能改", Tag: tag, Handle: web.Action(h.vote).Page(h.roundSaid("投好了，截止前还能改。"))},
		{Name: "honour.object", Method: "POST", Page: "/honours/{id}/nominees/{nominee}/objections", API: "/api/v1/honours/{id}/nominees/{nominee}/objections", Permission: me, Status: 201,
			Summary: "对公示的人提异议", Tag: tag, Handle: web.Action(h.roundObject).Page(h.roundSaid("收到了，会答复您。"))},
		{Name: "honour.answer", Method: "POST", Page: "/honours/{id}/nominees/{nominee}/objections/{objection}/answer",
			API: "/api/v1/honours/{id}/nominees/{nominee}/objections/{objection}/answer", Permission: run,
			Summary: "答复对公示的人的异议", Tag: tag, Handle: web.Action(h.roundAnswer).Page(h.roundSaid("答复了。"))},
	}
}

type placeInput struct {
	Place string `json:"place" label:"哪里" maxLength:"64" doc:"不写就是您自己那里"`
}

// BoardView is the stars of a place as JSON.
type BoardView struct {
	Place Ref        `json:"place"`
	Mine  *MineView  `json:"mine,omitempty" doc:"您自己到哪一步了"`
	Items []CaseView `json:"items"`

	rules bool
}

func (h *Handlers) board(r *web.Request, in placeInput) (BoardView, error) {
	b, err := h.stars.Board(r.Context(), access.Of(r), in.Place)
	return BoardView{Ref{b.Place.ID, b.Place.Name}, b.Mine, b.Items, b.Rules}, err
}

type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) one(r *web.Request, in byID) (CaseView, error) {
	return h.stars.Case(r.Context(), access.Of(r), in.ID)
}

type decideInput struct {
	ID string `path:"id"`
	Verdict
}

func (h *Handlers) decide(r *web.Request, in decideInput) (CaseView, error) {
	return h.stars.Decide(r.Context(), access.Of(r), in.ID, in.Verdict)
}

type objectInput struct {
	ID    string `path:"id"`
	Words string `json:"words" label:"哪里不对" required:"true" maxLength:"300" lines:"true" example:"这些服务不是他做的"`
}

func (h *Handlers) object(r *web.Request, in objectInput) (CaseView, error) {
	return h.stars.Object(r.Context(), access.Of(r), in.ID, in.Words)
}

type answerInput struct {
	ID        string `path:"id"`
	Objection string `path:"objection"`
	Answer
}

func (h *Handlers) answer(r *web.Request, in answerInput) (CaseView, error) {
	return h.stars.Rule(r.Context(), access.Of(r), in.ID, in.Objection, in.Answer)
}

func (h *Handlers) table(r *web.Request, in placeInput) (TableView, error) {
	return h.stars.Table(r.Context(), access.Of(r), in.Place)
}

func (h *Handlers) setTable(r *web.Request, in TableDraft) (TableView, error) {
	return h.stars.SetTable(r.Context(), access.Of(r), in)
}

// listed is rounds as JSON, with what the page shows besides.
type listed struct {
	web.List[RoundView]
	place place.Place
	runs  bool
}

func (h *Handlers) honours(r *web.Request, in placeInput) (listed, error) {
	p, all, runs, err := h.stars.Honours(r.Context(), access.Of(r), in.Place)
	return listed{web.List[RoundView]{Items: all}, p, runs}, err
}

func (h *Handlers) open(r *web.Request, in RoundDraft) (RoundView, error) {
	return h.stars.Open(r.Context(), access.Of(r), in)
}

func (h *Handlers) round(r *web.Request, in byID) (RoundView, error) {
	return h.stars.Round(r.Context(), access.Of(r), in.ID)
}

type nominateInput struct {
	ID string `path:"id"`
	Nomination
}

func (h *Handlers) nominate(r *web.Request, in nominateInput) (RoundView, error) {
	return h.stars.Nominate(r.Context(), access.Of(r), in.ID, in.Nomination)
}

type voteInput struct {
	ID      string `path:"id"`
	Nominee string `json:"nominee" label:"投给谁" required:"true" maxLength:"64"`
}

func (h *Handlers) vote(r *web.Request, in voteInput) (RoundView, error) {
	return h.stars.Vote(r.Context(), access.Of(r), in.ID, in.Nominee)
}

type roundObjectInput struct {
	ID      string `path:"id"`
	Nominee string `path:"nominee"`
	Words   string `json:"words" label:"哪里不对" required:"true" maxLength:"300" lines:"true" example:"这件事不是他做的"`
}

func (h *Handlers) roundObject(r *web.Request, in roundObjectInput) (RoundView, error) {
	return h.stars.Objected(r.Context(), access.Of(r), in.ID, in.Nominee, in.Words)
}

type roundAnswerInput struct {
	ID        string `path:"id"`
	Nominee   string `path:"nominee"`
	Objection string `path:"objection"`
	Answer
}

func (h *Handlers) roundAnswer(r *web.Request, in roundAnswerInput) (RoundView, error) {
	return h.stars.Answered(r.Context(), access.Of(r), in.ID, in.Nominee, in.Objection, in.Answer)
}
