package record

import (
	"context"
	"io"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/web"
)

const (
	tagRecord = "服务记录"
	photosMax = 13 << 20
)

// officeRoutes lists what can be done about a row: look at it, object, correct,
// enter by hand.
func (h *Handlers) officeRoutes() []web.Route {
	read, correct, object, decide := string(access.RecordRead), string(access.RecordCorrect), string(access.RecordObject), string(access.RecordDecide)
	enter, approve, merit := string(access.RecordEnter), string(access.RecordApprove), string(access.RecordMerit)
	return []web.Route{
		{Name: "record.row", Method: "GET", Page: "/records/{id}", API: "/api/v1/records/{id}", Permission: read,
			Summary: "一条服务记录，和它改过几次、有过什么异议", Tag: tagRecord, Handle: web.Action(h.row).Page(h.rowPage)},
		{Name: "record.correct.form", Method: "GET", Page: "/records/{id}/correction", Permission: correct, Handle: web.Action(h.change).Page(h.correctForm)},
		{Name: "record.correct", Method: "POST", Page: "/records/{id}/correction", API: "/api/v1/records/{id}/correction", Permission: correct, Status: 201,
			Summary: "更正一条记录：只能改少；旧的留着，新的写明改的是哪条", Tag: tagRecord, Handle: web.Action(h.correct).Page(h.corrected).Form(h.correctAgain)},
		{Name: "record.withdraw.form", Method: "GET", Page: "/records/{id}/withdrawal", Permission: correct, Handle: web.Action(h.change).Page(h.withdrawForm)},
		{Name: "record.withdraw", Method: "POST", Page: "/records/{id}/withdrawal", API: "/api/v1/records/{id}/withdrawal", Permission: correct,
			Summary: "作废一条记录：不删，另写一条说明", Tag: tagRecord, Handle: web.Action(h.withdraw).Page(h.withdrawn).Form(h.withdrawAgain)},

		{Name: "objection.mine", Method: "GET", API: "/api/v1/me/objections", Permission: object, Summary: "我提过的异议和更正请求", Tag: tagRecord, Handle: web.Action(h.myObjections)},
		{Name: "objection.form", Method: "GET", Page: "/objections/new", Permission: object, Handle: web.Action(h.objectForm).Page(h.objectPage)},
		{Name: "objection.ask", Method: "POST", Page: "/objections", API: "/api/v1/objections", Permission: object, Status: 201,
			Summary: "对公示里的一条记录提异议，或者要求更正自己的记录", Tag: tagRecord, Handle: web.Action(h.object).Page(h.objected).Form(h.objectAgain)},
		{Name: "objection.list", Method: "GET", API: "/api/v1/places/{id}/objections", Permission: decide,
			Summary: "一个社区等答复的异议，急的在前", Tag: tagRecord, Handle: web.Action(h.openObjections)},
		{Name: "objection.show", Method: "GET", Page: "/objections/{id}", API: "/api/v1/objections/{id}", Permission: object,
			Summary: "一条异议和它的答复", Tag: tagRecord, Handle: web.Action(h.objection).Page(h.objectionPage)},
		{Name: "objection.answer", Method: "POST", Page: "/objections/{id}/answer", API: "/api/v1/objections/{id}/answer", Permission: decide,
			Summary: "答复一条异议：更正、作废，或者不改", Tag: tagRecord, Handle: web.Action(h.answer).Page(h.answered).Form(h.answerAgain)},
		{Name: "objection.retract", Method: "POST", Page: "/objections/{id}/retraction", API: "/api/v1/objections/{id}/retraction", Permission: object,
			Summary: "收回自己提的异议", Tag: tagRecord, Handle: web.Action(h.retract).Page(h.answered)},

		{Name: "entry.form", Method: "GET", Page: "/entries/new", Permission: enter, Handle: web.Action(h.entryForm).Page(h.entryFormPage)},
		{Name: "entry.enter", Method: "POST", Page: "/entries", API: "/api/v1/entries", Permission: enter, Status: 201, MaxBody: photosMax, BodyTime: time.Minute,
			Summary: "补录一次服务：要有证明，由别的单位来批", Tag: tagRecord, Handle: web.Action(h.propose).Page(h.proposed).Form(h.proposeAgain)},
		{Name: "entry.list", Method: "GET", API: "/api/v1/places/{id}/entries", Permission: read,
			Summary: "一个社区等别的单位批的补录", Tag: tagRecord, Handle: web.Action(h.openEntries)},
		{Name: "entry.show", Method: "GET", Page: "/entries/{id}", API: "/api/v1/entries/{id}", Permission: read,
			Summary: "一条补录", Tag: tagRecord, Handle: web.Action(h.entry).Page(h.entryPage)},
		{Name: "entry.photo", Method: "GET", Page: "/entries/{id}/photos/{photo}", Permission: read, Handle: web.Action(h.entryPhoto).Page(h.photoPage)},
		{Name: "entry.approve", Method: "POST", Page: "/entries/{id}/approval", API: "/api/v1/entries/{id}/approval", Permission: approve,
			Summary: "批准补录；不能和录的人是一个单位", Tag: tagRecord, Handle: web.Action(h.approve).Page(h.judged).Form(h.approveAgain)},
		{Name: "entry.refuse.form", Method: "GET", Page: "/entries/{id}/refusal", Permission: approve, Handle: web.Action(h.entry).Page(h.refuseForm)},
		{Name: "entry.refuse", Method: "POST", Page: "/entries/{id}/refusal", API: "/api/v1/entries/{id}/refusal", Permission: approve,
			Summary: "不批补录，写明为什么", Tag: tagRecord, Handle: web.Action(h.refuse).Page(h.judged).Form(h.refuseAgain)},
		{Name: "entry.retract", Method: "POST", Page: "/entries/{id}/retraction", API: "/api/v1/entries/{id}/retraction", Permission: enter,
			Summary: "收回自己录的、还没批的补录", Tag: tagRecord, Handle: web.Action(h.takeUp).Page(h.judged)},

		{Name: "attainment.form", Method: "GET", Page: "/persons/{id}/attainments/new", Permission: merit, Handle: web.Action(h.attainForm).Page(h.attainFormPage)},
		{Name: "attainment.add", Method: "POST", Page: "/persons/{id}/attainments", API: "/api/v1/persons/{id}/attainments", Permission: merit, Status: 201,
			Summary: "记一次培训或表彰，写明凭什么", Tag: tagRecord, Handle: web.Action(h.attain).Page(h.attained).Form(h.attainAgain)},
		{Name: "attainment.withdraw.form", Method: "GET", Page: "/persons/{id}/attainments/{attainment}/withdrawal", Permission: merit,
			Handle: web.Action(h.attainment).Page(h.revokeForm)},
		{Name: "attainment.withdraw", Method: "POST", Page: "/persons/{id}/attainments/{attainment}/withdrawal",
			API: "/api/v1/persons/{id}/attainments/{attainment}/withdrawal", Permission: merit,
			Summary: "作废一条记错的培训或表彰", Tag: tagRecord, Handle: web.Action(h.revoke).Page(h.revoked).Form(h.revokeAgain)},
	}
}

type byID struct {
	ID string `path:"id"`
}

// RowView is a row with its history.
type RowView struct {
	ItemView
	Volunteer  Ref             `json:"volunteer" doc:"谁服务的；别人看遮了名字"`
	Successor  string          `json:"successor,omitempty" doc:"代替它的是哪一条"`
	Objections []ObjectionView `json:"objections"`

	may bool // correct and withdraw it
	own bool
}

func (h *Handlers) row(r *web.Request, in byID) (RowView, error) {
	return h.records.Row(r.Context(), access.Of(r), in.ID)
}

// Row is one row with its history, for whoever may read it.
func (s *Service) Row(ctx context.Context, who access.Who, id string) (v RowView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := Seek(tx, who, id)
		if err != nil {
			return err
		}
		v, err = viewRow(tx, who, r)
		return err
	})
	return v, err
}

func viewRow(tx *db.Tx, who access.Who, r Record) (v RowView, err error) {
	v = RowView{Volunteer: Ref{ID: r.Volunteer}, Objections: []ObjectionView{}, own: who.Person == r.Volunteer}
	if v.ItemView, err = viewOne(tx, r); err != nil {
		return v, err
	}
	if v.Volunteer.Name, err = volunteerName(tx, r.District, r.Volunteer); err != nil {
		return v, err
	}
	if _, err = tx.Get(`SELECT id FROM service_record WHERE district = $1 AND replaces = $2 AND replaces <> ''`, []any{r.District, r.ID}, &v.Successor); err != nil {
		return v, err
	}
	v.may = !v.own && v.Successor == "" && r.Minutes > 0 && access.May(who, access.RecordCorrect, access.Target{District: r.District, Path: r.PlacePath})
	said, err := objectionsTo(tx, r.District, r.ID)
	for i := range said {
		said[i].at = access.Target{District: r.District, Path: r.PlacePath}
		one, err := viewObjection(tx, who, &said[i])
		if err != nil {
			return v, err
		}
		v.Objections = append(v.Objections, one)
	}
	return v, err
}

// change is a row for the forms that change it.
func (h *Handlers) change(r *web.Request, in byID) (RowView, error) {
	v, err := h.row(r, in)
	if err == nil {
		err = h.records.mayChange(r.Context(), access.Of(r), in.ID)
	}
	return v, err
}

func (s *Service) mayChange(ctx context.Context, who access.Who, id string) error {
	return s.db.Read(ctx, func(tx *db.Tx) error {
		_, err := changeable(tx, who, id)
		return err
	})
}

type correctInput struct {
	ID string `path:"id"`
	Correction
}

func (h *Handlers) correct(r *web.Request, in correctInput) (ItemView, error) {
	return h.records.Correct(r.Context(), access.Of(r), in.ID, in.Correction)
}

type withdrawInput struct {
	ID     string `path:"id"`
	Reason string `json:"reason" label:"为什么" required:"true" maxLength:"200" example:"人没有来"`
}

func (h *Handlers) withdraw(r *web.Request, in withdrawInput) (ItemView, error) {
	return h.records.Withdraw(r.Context(), access.Of(r), in.ID, in.Reason)
}

func (h *Handlers) object(r *web.Request, in Complaint) (ObjectionView, error) {
	return h.records.Object(r.Context(), access.Of(r), in)
}

func (h *Handlers) objection(r *web.Request, in byID) (ObjectionView, error) {
	return h.records.ShowObjection(r.Context(), access.Of(r), in.ID)
}

type answerInput struct {
	ID string `path:"id"`

	Outcome string `json:"outcome" label:"怎么办" required:"true" enum:"correction,withdrawal,rejection" doc:"correction 更正，withdrawal 作废，rejection 不改" example:"rejection"`
	Answer  string `json:"answer" label:"答复" required:"true" maxLength:"500" lines:"true" example:"问过两边，时间没错"`

	StartedAt time.Time `json:"started_at" label:"其实几点开始" doc:"更正才写；不写就不变"`
	EndedAt   time.Time `json:"ended_at" label:"其实几点结束" doc:"更正才写；不写就不变"`
	Minutes   int       `json:"minutes" label:"其实几分钟" minimum:"0" maximum:"1440" doc:"更正才写；只能少，不能多"`
}

func (h *Handlers) answer(r *web.Request, in answerInput) (ObjectionView, error) {
	return h.records.Answer(r.Context(), access.Of(r), in.ID, Decision{
		Outcome: in.Outcome, Answer: in.Answer, Correction: Correction{StartedAt: in.StartedAt, EndedAt: in.EndedAt, Minutes: in.Minutes},
	})
}

func (h *Handlers) retract(r *web.Request, in byID) (ObjectionView, error) {
	return h.records.Retract(r.Context(), access.Of(r), in.ID)
}

// listMost is how many objections or entries a list holds.
const listMost = 100

func (h *Handlers) myObjections(r *web.Request, _ struct{}) (web.List[ObjectionView], error) {
	who := access.Of(r)
	return listed(r, h.records, func(tx *db.Tx) ([]ObjectionView, error) {
		all, err := objectionsBy(tx, who.District, who.Person, listMost)
		if err != nil {
			return nil, err
		}
		return viewObjections(tx, who, all)
	})
}

func viewObjections(tx *db.Tx, who access.Who, all []Objection) ([]ObjectionView, error) {
	var out []ObjectionView
	for i := range all {
		p, err := place.Get(tx, all[i].Community)
		if err != nil {
			return nil, err
		}
		all[i].at = p.Target()
		v, err := viewObjection(tx, who, &all[i])
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// byPlace is the place that a list is of.
type byPlace struct {
	ID string `path:"id,code"`
}

func (h *Handlers) openObjections(r *web.Request, in byPlace) (web.List[ObjectionView], error) {
	who := access.Of(r)
	return listed(r, h.records, func(tx *db.Tx) ([]ObjectionView, error) {
		p, err := mayAt(tx, who, in.ID, access.RecordDecide)
		if err != nil {
			return nil, err
		}
		return ObjectionsAt(tx, who, p)
	})
}

// ObjectionsAt lists what waits for an answer in a community, as who sees it.
func ObjectionsAt(tx *db.Tx, who access.Who, p place.Place) ([]ObjectionView, error) {
	all, err := OpenObjections(tx, p.District, p.ID, listMost)
	if err != nil {
		return nil, err
	}
	return viewObjections(tx, who, all)
}

// EntriesAt lists what waits for another unit in a community, as who sees it.
func EntriesAt(tx *db.Tx, who access.Who, p place.Place) ([]EntryView, error) {
	all, err := OpenEntries(tx, p.District, p.ID, listMost)
	var out []EntryView
	for i := range all {
		all[i].at = p.Target()
		v, err := viewEntry(tx, who, &all[i])
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, err
}

func (h *Handlers) openEntries(r *web.Request, in byPlace) (web.List[EntryView], error) {
	who := access.Of(r)
	return listed(r, h.records, func(tx *db.Tx) ([]EntryView, error) {
		p, err := mayAt(tx, who, in.ID, access.RecordRead)
		if err != nil {
			return nil, err
		}
		return EntriesAt(tx, who, p)
	})
}

// mayAt is a place at which who has the permission.
func mayAt(tx *db.Tx, who access.Who, id string, p access.Permission) (place.Place, error) {
	at, err := place.Get(tx, id)
	if err != nil {
		return at, err
	}
	return at, access.Check(who, p, at.Target())
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

type entryInput struct {
	Manual
	Photos []web.Upload `json:"photos" label:"照片" accept:"image/jpeg,image/png,image/webp" maxBytes:"4194304" maxItems:"3"`
}

func (h *Handlers) propose(r *web.Request, in entryInput) (EntryView, error) {
	return h.records.Propose(r.Context(), access.Of(r), in.Manual, photosOf(in.Photos)...)
}

func (h *Handlers) entry(r *web.Request, in byID) (EntryView, error) {
	return h.records.ShowEntry(r.Context(), access.Of(r), in.ID)
}

type judgeInput struct {
	ID string `path:"id"`
	Judgement
}

func (h *Handlers) approve(r *web.Request, in judgeInput) (EntryView, error) {
	return h.records.Approve(r.Context(), access.Of(r), in.ID, in.Judgement)
}

func (h *Handlers) refuse(r *web.Request, in judgeInput) (EntryView, error) {
	return h.records.Refuse(r.Context(), access.Of(r), in.ID, in.Judgement)
}

func (h *Handlers) takeUp(r *web.Request, in byID) (EntryView, error) {
	return h.records.TakeUp(r.Context(), access.Of(r), in.ID)
}

type photoInput struct {
	ID    string `path:"id"`
	Photo string `path:"photo"`
}

func (h *Handlers) entryPhoto(r *web.Request, in photoInput) (Photo, error) {
	return h.records.EntryPhoto(r.Context(), access.Of(r), in.ID, in.Photo)
}

func (h *Handlers) photoPage(_ *web.Request, p Photo) web.Answer {
	return web.File("", p.Mime, func(w io.Writer) error {
		_, err := w.Write(p.Data)
		return err
	})
}

type attainInput struct {
	ID string `path:"id"`
	Achievement
}

func (h *Handlers) attain(r *web.Request, in attainInput) (AttainmentView, error) {
	return h.records.Attain(r.Context(), access.Of(r), in.ID, in.Achievement)
}

// oneAttainment names a training or an award of somebody.
type oneAttainment struct {
	ID         string `path:"id"`
	Attainment string `path:"attainment"`
}

func (h *Handlers) attainment(r *web.Request, in oneAttainment) (AttainmentView, error) {
	return h.records.Attainment(r.Context(), access.Of(r), in.ID, in.Attainment)
}

type revokeInput struct {
	oneAttainment
	Reason string `json:"reason" label:"为什么" required:"true" maxLength:"200" example:"名字记错了"`
}

func (h *Handlers) revoke(r *web.Request, in revokeInput) (AttainmentView, error) {
	return h.records.Revoke(r.Context(), access.Of(r), in.ID, in.Attainment, in.Reason)
}
