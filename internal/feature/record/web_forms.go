package record

import (
	"net/url"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/web"
)

// --- one row ---

func (h *Handlers) rowPage(r *web.Request, v RowView) web.Answer {
	p := ui.Paper{
		Title: r.T("一条服务记录"), Back: ui.Link{Text: r.T("回到服务记录"), Href: recordHref(r, v)},
		Parts: []ui.PaperPart{{Title: v.Name, Facts: factsOf(r, v), Links: rowLinks(r, v)}},
	}
	said := ui.PaperPart{Title: r.T("有人说过什么"), Empty: r.T("没有异议。")}
	for _, o := range v.Objections {
		said.Items = append(said.Items, objectionItem(r, o))
	}
	p.Parts = append(p.Parts, said)
	return web.HTML(ui.PaperPage(p))
}

func recordHref(_ *web.Request, v RowView) string {
	if v.own {
		return "/me/record"
	}
	return "/persons/" + v.Volunteer.ID + "/record"
}

// factsOf is everything that the row says.
func factsOf(r *web.Request, v RowView) []ui.Fact {
	by := v.EnteredBy.Name
	if v.EnteredBy.ID == "" {
		by = r.T("系统自动记录")
	}
	facts := []ui.Fact{
		{Term: r.T("谁服务的"), Text: v.Volunteer.Name},
		{Term: r.T("什么时候"), Text: span(r, v.StartedAt, v.EndedAt)},
		{Term: r.T("多久"), Text: ui.Duration(r.Context(), int64(v.Minutes))},
		{Term: r.T("在哪儿"), Text: v.Place.Name},
		{Term: r.T("服务内容"), Text: v.Content},
		{Term: r.T("谁组织的"), Text: v.Organiser.Name},
		{Term: r.T("谁负责的"), Text: v.InCharge.Name},
		{Term: r.T("怎么记下的"), Text: r.T("%s 级：%s", v.Grade, r.T(GradeLabel(v.Grade)))},
		{Term: r.T("从哪儿来的"), Text: r.T(Kind(v.Source).Label())},
		{Term: r.T("谁录的"), Text: by},
		{Term: r.T("现在怎么样"), Text: standingText(r, v.ItemView)},
	}
	if v.Reason != "" {
		facts = append(facts, ui.Fact{Term: r.T("为什么"), Text: v.Reason})
	}
	return facts
}

func span(r *web.Request, from, to time.Time) string {
	return ui.FullDate(r.Context(), from) + " " + ui.Clock(r.Context(), from) + "–" + ui.Clock(r.Context(), to)
}

// standingText says where a row stands, and until when it is in notice.
func standingText(r *web.Request, v ItemView) string {
	if Standing(v.Standing) == InNotice && v.CountsAt != nil {
		return r.T("公示到%s", ui.Date(r.Context(), v.CountsAt.Add(-1))) // the end of that day
	}
	return r.T(Standing(v.Standing).Label())
}

func rowLinks(r *web.Request, v RowView) (out []ui.Link) {
	if v.Replaces != "" {
		out = append(out, ui.Link{Text: r.T("看原来那条"), Href: "/records/" + v.Replaces})
	}
	if v.Successor != "" {
		out = append(out, ui.Link{Text: r.T("看代替它的那条"), Href: "/records/" + v.Successor})
	}
	if v.may {
		out = append(out, ui.Link{Text: r.T("更正"), Href: "/records/" + v.ID + "/correction"}, ui.Link{Text: r.T("作废"), Href: "/records/" + v.ID + "/withdrawal"},
			ui.Link{Text: r.T("加时间，走补录"), Href: "/entries/new?volunteer=" + v.Volunteer.ID + "&replaces=" + v.ID})
	}
	if v.own && v.Successor == "" {
		out = append(out, ui.Link{Text: r.T("这条不对，请更正"), Href: "/objections/new?record=" + v.ID})
	}
	return out
}

func (h *Handlers) correctForm(r *web.Request, v RowView) web.Answer {
	return web.HTML(ui.PaperPage(correctPaper(r, v, ui.Form{})))
}

func (h *Handlers) correctAgain(r *web.Request, in correctInput, p *web.Problem) web.Answer {
	return h.rowAgain(r, in.ID, ui.Refused(r, p), correctPaper)
}

func (h *Handlers) rowAgain(r *web.Request, id string, f ui.Form, paper func(*web.Request, RowView, ui.Form) ui.Paper) web.Answer {
	v, err := h.change(r, byID{id})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(ui.PaperPage(paper(r, v, f)))
}

func correctPaper(r *web.Request, v RowView, f ui.Form) ui.Paper {
	return ui.Paper{
		Title: r.T("更正一条服务记录"), Form: f, Back: ui.Link{Text: r.T("先不改了"), Href: "/records/" + v.ID},
		Lead: r.T("只能改少，不能改多。旧的那条留着，新的写明改的是它，再公示一遍。"),
		Parts: []ui.PaperPart{{Title: v.Name, Facts: factsOf(r, v), Forms: []ui.PaperForm{{
			Action: "/records/" + v.ID + "/correction", Verb: r.T("就这样更正"), Fields: []ui.PaperField{
				{Field: ui.Field{Name: "minutes", Label: r.T("其实几分钟"), InputMode: "numeric", Hint: r.T("最多 %d 分钟", v.Minutes)}},
				{Field: ui.Field{Name: "started_at", Label: r.T("其实几点开始"), Type: "datetime-local", Value: local(v.StartedAt)}},
				{Field: ui.Field{Name: "ended_at", Label: r.T("其实几点结束"), Type: "datetime-local", Value: local(v.EndedAt)}},
				{Field: ui.Field{Name: "reason", Label: r.T("为什么"), Required: true}},
			}}}}},
	}
}

// local is a moment as a datetime-local field takes it, without losing its seconds.
func local(t time.Time) string { return t.In(calendar.Zone()).Format("2006-01-02T15:04:05.999") }

func (h *Handlers) corrected(r *web.Request, v ItemView) web.Answer {
	return web.SeeWithNote("/records/"+v.ID, r.T("更正好了，再公示一遍才算数。"))
}

func (h *Handlers) withdrawForm(r *web.Request, v RowView) web.Answer {
	return web.HTML(ui.PaperPage(withdrawPaper(r, v, ui.Form{})))
}

func (h *Handlers) withdrawAgain(r *web.Request, in withdrawInput, p *web.Problem) web.Answer {
	return h.rowAgain(r, in.ID, ui.Refused(r, p), withdrawPaper)
}

func withdrawPaper(r *web.Request, v RowView, f ui.Form) ui.Paper {
	return ui.Paper{
		Title: r.T("作废一条服务记录"), Form: f, Back: ui.Link{Text: r.T("先不作废"), Href: "/records/" + v.ID},
		Lead: r.T("不会删掉：另写一条说明它作废了。时间和积分一起收回。"),
		Parts: []ui.PaperPart{{Title: v.Name, Facts: factsOf(r, v), Forms: []ui.PaperForm{{
			Action: "/records/" + v.ID + "/withdrawal", Verb: r.T("作废这条"), Danger: true,
			Fields: []ui.PaperField{{Field: ui.Field{Name: "reason", Label: r.T("为什么"), Required: true}}},
		}}}},
	}
}

func (h *Handlers) withdrawn(r *web.Request, v ItemView) web.Answer {
	return web.SeeWithNote("/records/"+v.ID, r.T("作废了，志愿者会收到消息。"))
}

// --- objections ---

// objectFormInput is a complaint before there are any words.
type objectFormInput struct {
	Record string `json:"record" label:"哪一条记录" required:"true" maxLength:"64"`
}

func (h *Handlers) objectForm(_ *web.Request, in objectFormInput) (Complaint, error) {
	return Complaint{Record: in.Record}, nil
}

func (h *Handlers) objectPage(r *web.Request, in Complaint) web.Answer {
	return web.HTML(ui.PaperPage(objectPaper(r, in, ui.Form{})))
}

func (h *Handlers) objectAgain(r *web.Request, in Complaint, p *web.Problem) web.Answer {
	return web.HTML(ui.PaperPage(objectPaper(r, in, ui.Refused(r, p))))
}

func objectPaper(r *web.Request, in Complaint, f ui.Form) ui.Paper {
	return ui.Paper{
		Title: r.T("这条记录不对"), Form: f, Back: ui.Link{Text: r.T("先不说了"), Href: "/me/record"},
		Lead: r.T("说说哪里不对。会有人去核实，在规定的日子里给您答复；核实以前，公示里的这条先不算数。"),
		Parts: []ui.PaperPart{{Forms: []ui.PaperForm{{Action: "/objections", Verb: r.T("请核实"), Fields: []ui.PaperField{
			ui.HiddenField("record", in.Record),
			{As: ui.AsText, Field: ui.Field{Name: "words", Label: r.T("哪里不对"), Rows: 3, Required: true}},
		}}}}},
	}
}

func (h *Handlers) objected(r *web.Request, v ObjectionView) web.Answer {
	return web.SeeWithNote("/objections/"+v.ID, r.T("收到了，最晚%s答复您。", ui.Date(r.Context(), v.DueAt.Add(-1))))
}

func (h *Handlers) answered(r *web.Request, v ObjectionView) web.Answer {
	return web.SeeWithNote(r.Return("/objections/"+v.ID), r.T("办好了。"))
}

func (h *Handlers) objectionPage(r *web.Request, v ObjectionView) web.Answer {
	return web.HTML(ui.PaperPage(objectionPaper(r, v, ui.Form{})))
}

func (h *Handlers) answerAgain(r *web.Request, in answerInput, p *web.Problem) web.Answer {
	v, err := h.objection(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(ui.PaperPage(objectionPaper(r, v, ui.Refused(r, p))))
}

func objectionPaper(r *web.Request, v ObjectionView, f ui.Form) ui.Paper {
	facts := []ui.Fact{
		{Term: r.T("谁的记录"), Text: v.Volunteer.Name},
		{Term: r.T("哪一次"), Text: v.Record.Name + " " + span(r, v.Record.StartedAt, v.Record.EndedAt)},
		{Term: r.T("多久"), Text: ui.Duration(r.Context(), int64(v.Record.Minutes))},
		{Term: r.T("哪里不对"), Text: v.Words},
		{Term: r.T("现在怎么样"), Text: v.StateName},
	}
	if v.State == string(Open) {
		facts = append(facts, ui.Fact{Term: r.T("最晚答复"), Text: ui.Date(r.Context(), v.DueAt.Add(-1))})
	}
	if v.Answer != "" {
		facts = append(facts, ui.Fact{Term: r.T("答复"), Text: v.Answer})
	}
	p := ui.Paper{Title: objectionTitle(r, v), Form: f, Parts: []ui.PaperPart{{Facts: facts}}}
	if v.Late {
		p.Notes = append(p.Notes, ui.PaperNote{State: ui.Late, Text: r.T("过了答复的日子，还没答复。")})
	}
	var outcomes []ui.Option
	for _, a := range v.Actions {
		if a.Name == StepRetraction {
			p.Parts[0].Forms = append(p.Parts[0].Forms, ui.PaperForm{Action: "/objections/" + v.ID + "/retraction", Verb: a.Label, Quiet: true})
			continue
		}
		outcomes = append(outcomes, ui.Option{Value: a.Name, Text: a.Label})
	}
	if len(outcomes) > 0 {
		p.Parts = append(p.Parts, ui.PaperPart{Title: r.T("答复"), Forms: []ui.PaperForm{{Action: "/objections/" + v.ID + "/answer", Verb: r.T("就这样答复"), Fields: []ui.PaperField{
			ui.HiddenField("_back", r.Return("/objections/"+v.ID)),
			{As: ui.AsPicks, Field: ui.Field{Name: "outcome", Label: r.T("怎么办")}, Options: outcomes},
			{Field: ui.Field{Name: "minutes", Label: r.T("更正成几分钟"), InputMode: "numeric", Hint: r.T("更正才填，最多 %d 分钟", v.Record.Minutes)}},
			{As: ui.AsText, Field: ui.Field{Name: "answer", Label: r.T("答复的话"), Rows: 3, Required: true}},
		}}}})
	}
	return p
}

func objectionTitle(r *web.Request, v ObjectionView) string {
	if v.Kind == OwnWish {
		return r.T("请求更正")
	}
	return r.T("对公示的异议")
}

func objectionItem(r *web.Request, v ObjectionView) ui.PaperItem {
	item := ui.PaperItem{
		Text: objectionTitle(r, v), Href: "/objections/" + v.ID, More: v.Words, Chip: ui.New, ChipText: v.StateName, End: ui.Day(r.Context(), v.AskedAt),
	}
	switch {
	case v.Late:
		item.Chip = ui.Late
	case v.State != string(Open):
		item.Chip = ui.Done
	}
	return item
}

// --- manual entries ---

type entryFormInput struct {
	Volunteer string `json:"volunteer" label:"谁服务的" maxLength:"64"`
	Replaces  string `json:"replaces" label:"改哪一条" maxLength:"64"`
}

// draft is what the form of a manual entry begins with.
type draft struct {
	in   Manual
	name string // of the volunteer, for those who may know it
}

func (h *Handlers) entryForm(r *web.Request, in entryFormInput) (draft, error) {
	d := draft{in: Manual{Volunteer: in.Volunteer, Replaces: in.Replaces}}
	return d, h.fillDraft(r, &d)
}

func (h *Handlers) fillDraft(r *web.Request, d *draft) error {
	who := access.Of(r)
	return h.records.db.Read(r.Context(), func(tx *db.Tx) error {
		if d.in.Volunteer == "" {
			return nil
		}
		p, err := person.Seek(tx, who, d.in.Volunteer)
		if err != nil {
			return err
		}
		if d.name = identity.MaskName(p.Name); access.May(who, access.VolunteerWrite, p.Target(who)) {
			d.name = p.Name
		}
		return access.Check(who, access.RecordEnter, access.Target{District: p.District, Path: p.PlacePath})
	})
}

func (h *Handlers) entryFormPage(r *web.Request, d draft) web.Answer {
	return web.HTML(ui.PaperPage(entryPaper(r, d, ui.Form{})))
}

func (h *Handlers) proposeAgain(r *web.Request, in entryInput, p *web.Problem) web.Answer {
	d := draft{in: in.Manual}
	if err := h.fillDraft(r, &d); err != nil {
		d.in.Volunteer, d.name = "", ""
	}
	return web.HTML(ui.PaperPage(entryPaper(r, d, ui.Refused(r, p))))
}

func entryPaper(r *web.Request, d draft, f ui.Form) ui.Paper {
	var kinds []ui.Option
	for _, s := range category.All() {
		kinds = append(kinds, ui.Option{Value: s.ID, Text: r.T(s.Name)})
	}
	who := ui.PaperField{Field: ui.Field{Name: "volunteer", Label: r.T("志愿者的编号"), Required: true, Hint: r.T("从志愿者的页面点“补录”进来，就不用填。")}}
	title, back := r.T("补录一次服务"), "/volunteers"
	if d.name != "" {
		who = ui.HiddenField("volunteer", d.in.Volunteer)
		title, back = r.T("给%s补录一次服务", d.name), "/persons/"+d.in.Volunteer+"/record"
	}
	return ui.Paper{
		Title: title, Form: f, Back: ui.Link{Text: r.T("先不补了"), Href: back},
		Lead: r.T("补录要有证明，由别的单位来批，再公示，永远标着“补录”。服务后 10 个工作日内要录进来。"),
		Parts: []ui.PaperPart{{Forms: []ui.PaperForm{{Action: "/entries", Verb: r.T("送去批"), Multipart: true, Fields: []ui.PaperField{
			who, ui.HiddenField("replaces", d.in.Replaces),
			{Field: ui.Field{Name: "name", Label: r.T("做了什么"), Required: true}},
			{As: ui.AsSelect, Field: ui.Field{Name: "category", Label: r.T("哪类服务")}, Options: kinds},
			{Field: ui.Field{Name: "content", Label: r.T("服务内容"), Required: true}},
			{Field: ui.Field{Name: "started_at", Label: r.T("几点开始"), Type: "datetime-local", Required: true}},
			{Field: ui.Field{Name: "ended_at", Label: r.T("几点结束"), Type: "datetime-local", Required: true}},
			{Field: ui.Field{Name: "reason", Label: r.T("为什么没当时记"), Required: true}},
			{As: ui.AsText, Field: ui.Field{Name: "proof", Label: r.T("凭什么"), Hint: r.T("比如签到表、现场的人、照片里有谁"), Rows: 3}},
			{Field: ui.Field{Name: "photos", Type: "file", Label: r.T("照片，最多 3 张"), Attrs: map[string]any{"accept": "image/jpeg,image/png,image/webp", "multiple": true}}},
		}}}}},
	}
}

func (h *Handlers) proposed(r *web.Request, v EntryView) web.Answer {
	return web.SeeWithNote("/entries/"+v.ID, r.T("送去批了。批的人不能和您是一个单位。"))
}

func (h *Handlers) judged(r *web.Request, v EntryView) web.Answer {
	return web.SeeWithNote(r.Return("/entries/"+v.ID), r.T("办好了。"))
}

func (h *Handlers) entryPage(r *web.Request, v EntryView) web.Answer {
	return web.HTML(ui.PaperPage(entryShown(r, v, ui.Form{})))
}

func (h *Handlers) approveAgain(r *web.Request, in judgeInput, p *web.Problem) web.Answer {
	return h.entryAgain(r, in.ID, ui.Refused(r, p), entryShown)
}

func (h *Handlers) refuseAgain(r *web.Request, in judgeInput, p *web.Problem) web.Answer {
	return h.entryAgain(r, in.ID, ui.Refused(r, p), refusePaper)
}

func (h *Handlers) entryAgain(r *web.Request, id string, f ui.Form, paper func(*web.Request, EntryView, ui.Form) ui.Paper) web.Answer {
	v, err := h.entry(r, byID{id})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(ui.PaperPage(paper(r, v, f)))
}

func entryShown(r *web.Request, v EntryView, f ui.Form) ui.Paper {
	part := ui.PaperPart{Title: v.Name, Facts: entryFacts(r, v)}
	for i, id := range v.Photos {
		part.Links = append(part.Links, ui.Link{Text: r.T("看第 %d 张照片", i+1), Href: "/entries/" + v.ID + "/photos/" + id})
	}
	for _, a := range v.Actions {
		switch a.Name {
		case StepApproval:
			part.Forms = append(part.Forms, ui.PaperForm{Action: "/entries/" + v.ID + "/approval", Verb: a.Label, Fields: []ui.PaperField{
				ui.HiddenField("_back", r.Return("/entries/"+v.ID)),
				{As: ui.AsText, Field: ui.Field{Name: "answer", Label: r.T("意见（可以不写）"), Rows: 2}}}})
		case StepRefusal:
			part.Links = append(part.Links, ui.Link{Text: a.Label, Href: "/entries/" + v.ID + "/refusal"})
		case StepRetraction:
			part.Forms = append(part.Forms, ui.PaperForm{Action: "/entries/" + v.ID + "/retraction", Verb: a.Label, Quiet: true})
		}
	}
	return ui.Paper{Title: r.T("一条补录"), Form: f, Parts: []ui.PaperPart{part}}
}

func entryFacts(r *web.Request, v EntryView) []ui.Fact {
	units := ""
	for i, u := range v.EnteredFor {
		if i > 0 {
			units += r.T("、")
		}
		units += u.Name
	}
	facts := []ui.Fact{
		{Term: r.T("谁服务的"), Text: v.Volunteer.Name},
		{Term: r.T("什么时候"), Text: span(r, v.StartedAt, v.EndedAt)},
		{Term: r.T("多久"), Text: ui.Duration(r.Context(), int64(v.Minutes))},
		{Term: r.T("在哪儿"), Text: v.Place.Name},
		{Term: r.T("服务内容"), Text: v.Content},
		{Term: r.T("为什么没当时记"), Text: v.Reason},
		{Term: r.T("凭什么"), Text: v.Proof},
		{Term: r.T("谁录的"), Text: r.T("%[1]s，%[2]s", v.EnteredBy.Name, units)},
		{Term: r.T("现在怎么样"), Text: v.StateName},
	}
	if v.DecidedBy != nil {
		facts = append(facts, ui.Fact{Term: r.T("谁办的"), Text: r.T("%[1]s，%[2]s", v.DecidedBy.Name, v.DecidedFor.Name)})
	}
	if v.Answer != "" {
		facts = append(facts, ui.Fact{Term: r.T("意见"), Text: v.Answer})
	}
	return facts
}

func (h *Handlers) refuseForm(r *web.Request, v EntryView) web.Answer {
	return web.HTML(ui.PaperPage(refusePaper(r, v, ui.Form{})))
}

func refusePaper(r *web.Request, v EntryView, f ui.Form) ui.Paper {
	return ui.Paper{Title: r.T("不批这条补录？"), Form: f, Back: ui.Link{Text: r.T("再看看"), Href: "/entries/" + v.ID},
		Parts: []ui.PaperPart{{Title: v.Name, Facts: entryFacts(r, v), Forms: []ui.PaperForm{{Action: "/entries/" + v.ID + "/refusal", Verb: r.T("不批"), Danger: true,
			Fields: []ui.PaperField{{As: ui.AsText, Field: ui.Field{Name: "answer", Label: r.T("为什么不批"), Rows: 3, Required: true}}}}}}}}
}

// --- trainings and awards ---

// about names whom a form is about.
type about struct {
	ID string `json:"id"`
}

func (h *Handlers) attainForm(r *web.Request, in byID) (about, error) {
	return about(in), h.records.db.Read(r.Context(), func(tx *db.Tx) error {
		_, err := meritTarget(tx, access.Of(r), in.ID)
		return err
	})
}

func (h *Handlers) attainFormPage(r *web.Request, in about) web.Answer {
	return web.HTML(ui.PaperPage(attainPaper(r, in.ID, ui.Form{})))
}

func (h *Handlers) attainAgain(r *web.Request, in attainInput, p *web.Problem) web.Answer {
	return web.HTML(ui.PaperPage(attainPaper(r, in.ID, ui.Refused(r, p))))
}

func attainPaper(r *web.Request, id string, f ui.Form) ui.Paper {
	return ui.Paper{
		Title: r.T("记一次培训或表彰"), Form: f, Back: ui.Link{Text: r.T("先不记了"), Href: "/persons/" + id + "/record"},
		Parts: []ui.PaperPart{{Forms: []ui.PaperForm{{Action: "/persons/" + url.PathEscape(id) + "/attainments", Verb: r.T("记下来"), Fields: []ui.PaperField{
			{As: ui.AsPicks, Field: ui.Field{Name: "kind", Label: r.T("哪一种")}, Options: []ui.Option{{Value: Training, Text: r.T("培训")}, {Value: Award, Text: r.T("表彰奖励")}}},
			{Field: ui.Field{Name: "name", Label: r.T("名称"), Required: true}},
			{Field: ui.Field{Name: "giver", Label: r.T("谁办的、谁给的"), Required: true}},
			{Field: ui.Field{Name: "day", Label: r.T("哪一天"), Type: "date", Required: true}},
			{Field: ui.Field{Name: "content", Label: r.T("主要内容")}},
			{Field: ui.Field{Name: "minutes", Label: r.T("学了几分钟"), InputMode: "numeric", Hint: r.T("培训才填")}},
			{As: ui.AsText, Field: ui.Field{Name: "proof", Label: r.T("凭什么"), Hint: r.T("比如看过证书原件，写上编号"), Rows: 2, Required: true}},
		}}}}},
	}
}

func (h *Handlers) attained(r *web.Request, _ AttainmentView) web.Answer {
	return web.SeeWithNote("/persons/"+r.PathValue("id")+"/record", r.T("记下了。"))
}

func (h *Handlers) revokeForm(r *web.Request, v AttainmentView) web.Answer {
	return web.HTML(ui.PaperPage(revokePaper(r, r.PathValue("id"), v, ui.Form{})))
}

func (h *Handlers) revokeAgain(r *web.Request, in revokeInput, p *web.Problem) web.Answer {
	v, err := h.attainment(r, in.oneAttainment)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(ui.PaperPage(revokePaper(r, in.ID, v, ui.Refused(r, p))))
}

func revokePaper(r *web.Request, person string, v AttainmentView, f ui.Form) ui.Paper {
	title := r.T("作废一条培训")
	if v.Kind == Award {
		title = r.T("作废一条表彰奖励")
	}
	p := ui.Paper{
		Title: title, Form: f, Back: ui.Link{Text: r.T("先不作废"), Href: "/persons/" + person + "/record"},
		Lead: r.T("不会删掉，会写明它作废了、为什么。"),
		Parts: []ui.PaperPart{{Title: v.Name, Facts: []ui.Fact{
			{Term: r.T("谁办的、谁给的"), Text: v.Giver}, {Term: r.T("哪一天"), Text: ui.Written(r.Context(), v.Day)}, {Term: r.T("凭什么"), Text: v.Proof},
		}}},
	}
	if v.WithdrawnAt != nil {
		p.Notes = []ui.PaperNote{{State: ui.Off, Text: r.T("已作废：%s", v.Reason)}}
		return p
	}
	p.Parts[0].Forms = []ui.PaperForm{{Action: "/persons/" + person + "/attainments/" + v.ID + "/withdrawal", Verb: r.T("作废这条"), Danger: true,
		Fields: []ui.PaperField{{Field: ui.Field{Name: "reason", Label: r.T("为什么"), Required: true}}}}}
	return p
}

func (h *Handlers) revoked(r *web.Request, _ AttainmentView) web.Answer {
	return web.SeeWithNote("/persons/"+r.PathValue("id")+"/record", r.T("作废了。"))
}
