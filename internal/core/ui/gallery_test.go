package ui

import (
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"linli/internal/kit/fault"
)

// The gallery renders every component with sample data, as pages like those of
// the design. Names and numbers are invented.

// with gives a component its children.
func with(c templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

// in wraps components in an element.
func in(open, end string, children ...templ.Component) templ.Component {
	all := append([]templ.Component{templ.Raw(open)}, children...)
	return templ.Join(append(all, templ.Raw(end))...)
}

func div(class string, children ...templ.Component) templ.Component {
	return in(`<div class="`+class+`">`, `</div>`, children...)
}

func aside(children ...templ.Component) templ.Component {
	return in(`<aside class="stack lg">`, `</aside>`, children...)
}

func card(children ...templ.Component) templ.Component {
	return in(`<section class="card stack">`, `</section>`, children...)
}

func text(s string) templ.Component { return templ.Raw(templ.EscapeString(s)) }

const samplePhone = Phone("0311-5550-0126")

func sampleShell(menu ...NavItem) Shell {
	return Shell{
		Place: Link{"东风路南社区", "/places/1"}, Phone: samplePhone, Reader: "孟桂兰", Menu: menu,
		Home: "/", Account: "/me", SignIn: "/sign-in", SignOut: "/sign-out",
	}
}

func residentMenu() []NavItem {
	return []NavItem{
		{Href: "/", Icon: GlyphHome, Label: "首页"},
		{Href: "/order", Icon: GlyphOrders, Label: "我的单子", Count: 1},
		{Href: "/request", Icon: GlyphAsk, Label: "我要点单", Lit: true},
		{Href: "/teams", Icon: GlyphPeople, Label: "志愿队伍", Where: WideOnly},
		{Href: "/me", Icon: GlyphMe, Label: "我的", Where: NotLarge},
		{Href: samplePhone.Href(), Icon: GlyphPhone, Label: "打电话", Where: OnlyInLarge},
	}
}

func workerMenu() []NavItem {
	return []NavItem{
		{Href: "/board", Icon: GlyphBoard, Label: "派单", Count: 6},
		{Href: "/orders", Icon: GlyphOrders, Label: "单子", Where: WideOnly},
		{Href: "/people", Icon: GlyphHome, Label: "居民"},
		{Href: "/volunteers", Icon: GlyphPeople, Label: "志愿者"},
		{Href: "/import", Icon: GlyphUpload, Label: "导入", Where: WideOnly},
		{Href: "/more", Icon: GlyphMore, Label: "更多", Where: PhoneOnly},
	}
}

// sample is one page of the gallery.
type sample struct {
	shell Shell
	page  func(ctx context.Context) templ.Component
}

func samples() map[string]sample {
	resident, worker := sampleShell(residentMenu()...), sampleShell(workerMenu()...)
	return map[string]sample{
		"/":        {resident, homePage},
		"/request": {resident, requestPage},
		"/order":   {resident, orderPage},
		"/cancel":  {resident, cancelPage},
		"/board":   {worker, boardPage},
		"/import":  {worker, importPage},
		"/marks":   {worker, marksPage},
		"/error":   {Shell{Phone: samplePhone, SignIn: "/sign-in"}, errorPage},
	}
}

func sampleSteps(ctx context.Context) templ.Component {
	return Steps([]Step{
		{Glyph: T(ctx, "点"), Label: T(ctx, "点单"), When: "周二", Done: true},
		{Glyph: T(ctx, "派"), Label: T(ctx, "派单"), When: "周二", Done: true},
		{Glyph: T(ctx, "接"), Label: T(ctx, "接单"), When: "周三", Done: true},
		{Glyph: T(ctx, "服"), Label: T(ctx, "上门"), When: "周五 9 点", Current: true},
		{Glyph: T(ctx, "评"), Label: T(ctx, "评单")},
	})
}

func homePage(ctx context.Context) templ.Component {
	ask := in(`<form class="card stack sm lift" action="/request">`, `</form>`,
		Textarea(Form{}, Field{Name: "say", Lead: true, Label: "要帮什么忙？", Placeholder: "比如：想请人上门，给老伴理个发"}),
		templ.Raw(`<div class="row grow-lg"><button class="btn lg primary grow">我要点单</button></div>`))
	often := in(`<section class="stack sm"><h2>常点的</h2><div class="picks even">`, `</div></section>`,
		tile("理发", GlyphScissors), tile("修家电", GlyphWrench), tile("陪看病", GlyphClinic), tile("代买药", GlyphBag), tile("打扫", GlyphBroom), tile("陪聊天", GlyphChat))
	running := card(
		CardHead("正在办的", Link{"全部 3 件", "/order"}),
		div("row", templ.Raw(`<h3 class="l">上门理发</h3>`), Chip(Taken, Taken.Word(ctx, Resident))),
		templ.Raw(`<p class="elder l">周五 9 点，师傅上门。</p>`),
		div("extra", sampleSteps(ctx)),
		div("item", Avatar("韩立新"), templ.Raw(`<p><b>韩立新师傅</b><br><span class="s soft">银发爱心义剪队<br>走过来 6 分钟</span></p>`), CallButton(samplePhone, "打电话")))
	help := in(`<section class="card tint">`, `</section>`,
		templ.Raw(`<h2>不会用手机？打个电话就行</h2><p class="soft">服务站的人帮您点。每天 8:30 到 18:00。</p>`), CallButton(samplePhone, string(samplePhone)))
	hero := Hero(HeroData{Greeting: "9月24日 周三，上午好，孟阿姨", Title: "有事说一句，邻居来帮忙", Line: "这个月办好 86 件，办好一件亮一盏灯。", Lit: 86})
	return with(Page(PageData{Title: "首页"}), div("split", div("stack lg", hero, ask, often, running), aside(help, card(ReadingSettings()))))
}

func tile(name string, g Glyph) templ.Component {
	return in(`<a class="pick tall" href="/request">`, `</a>`, Icon(g), text(name))
}

// wrongForm is a form that came back with mistakes.
func wrongForm() Form {
	return FormOf(url.Values{"kind": {"hair"}, "tel": {"138 0000 012"}, "good": {"a", "b"}, "stairs": {"1"}, "more": {"<b>𠮷</b>"}}, fault.Join(
		fault.Invalid("tel", "手机号是 %d 位，现在只有 %d 位。", 11, 10),
		fault.Invalid("who", "请选给谁。"),
		fault.Conflict("同一户已经点过这一单。"),
	))
}

func requestPage(context.Context) templ.Component {
	f := wrongForm()
	kinds := []Option{{"hair", "理发", GlyphScissors}, {"repair", "修家电", GlyphWrench}, {"other", "别的", GlyphMore}}
	faces := []Option{{"satisfied", "很满意", GlyphSmile}, {"fair", "还可以", GlyphFlat}, {"unsatisfied", "没办好", GlyphSad}}
	fields := div("card stack lg",
		Picks(f, Field{Name: "kind", Label: "做什么"}, kinds),
		Picks(f, Field{Name: "who", Label: "给谁", Hint: "替谁点都行。", Required: true}, []Option{{Value: "me", Text: "我自己"}, {Value: "spouse", Text: "老伴"}}),
		Picks(f, Field{Name: "face", Label: "您觉得怎么样？", Tall: true}, faces),
		PicksMany(f, Field{Name: "good", Label: "哪里好？可以多选", Even: true, Extra: true}, []Option{{Value: "a", Text: "准时"}, {Value: "b", Text: "手艺好"}, {Value: "c", Text: "有耐心"}}),
		Textarea(f, Field{Name: "more", Label: "还有要嘱咐的（可以不写）", Rows: 3}),
		Input(f, Field{Name: "tel", Label: "打哪个电话", Hint: "只给接单的志愿者看。", Type: "tel", InputMode: "numeric", Autocomplete: "tel"}),
		Input(f, Field{Name: "photo", Label: "照片", Type: "file", Attrs: templ.Attributes{"accept": "image/*", "multiple": true}}),
		Select(f, Field{Name: "estate", Label: "哪个小区", Value: "2"}, []Option{{Value: "1", Text: "邮电园小区"}, {Value: "2", Text: "3302 南院"}}),
		Tick(f, Field{Name: "stairs", Label: "住四楼没电梯，请志愿者上楼"}),
		Hidden("version", "3"))
	form := in(`<form class="stack lg" method="post" action="/request" novalidate>`, `</form>`,
		templ.Raw(`<h1>我们这样听的，对吗？</h1>`), FormErrors(f), fields, Submit("就这样，点单", Link{"先不点了", "/"}))
	return with(Page(PageData{Title: "我要点单"}), div("split", form, aside(card(templ.Raw(`<h2>点完以后</h2>`), Log([]LogEntry{
		{Title: "服务站找人", Text: "白天 2 小时内给您回话。"},
		{Title: "志愿者打电话", Text: "跟您对好时间，再上门。", Todo: true},
	})))))
}

func orderPage(ctx context.Context) templ.Component {
	at := time.Date(2025, 9, 26, 1, 2, 0, 0, time.UTC)
	log := Log([]LogEntry{
		{Title: "等您和服务站来评", When: "评完就办好了", Todo: true},
		{Title: "做完，扫码签退", When: Moment(ctx, at.Add(48*time.Minute)), Action: templ.Raw(`<a class="btn mt" href="/request">请人修灯</a>`)},
		{Title: "到门口，扫码签到", When: Moment(ctx, at)},
	})
	facts := Facts([]Fact{{Term: "给谁", Text: "老伴（孟阿姨代点）"}, {Term: "用时", Text: Duration(ctx, 48)}, {Term: "哪天", Text: When(ctx, at)}, {Term: "状态", Detail: PlainChip(Done, "评完了")}})
	return with(Page(PageData{Title: "上门理发"}),
		with(PageHead("上门理发"), Chip(Rate, Rate.Word(ctx, Resident))),
		div("split", div("stack lg", card(sampleSteps(ctx)), figures(), Pager(Pages{First: "/order", Next: "/order?cursor=x"})),
			aside(card(div("item", LargeAvatar("韩立新"), templ.Raw(`<div><h2>韩立新</h2></div>`)), facts), card(templ.Raw(`<h2>经过</h2>`), log))))
}

// figures shows figures, shares and bars.
func figures() templ.Component {
	return templ.Join(
		with(KPIs("关键数字"), KPI("本月办好", Number(3962), "比上月多 214"), RateKPI("满意率", 91, 100, 7), RateKPI("解决率", 99, 100, 0), RateKPI("响应率", 0, 0, 0)),
		card(templ.Raw(`<h2>记录</h2>`), Bars([]Bar{{Label: "上门", Value: 2310}, {Label: "陪诊", Value: 936, Text: "936 分钟"}})))
}

func cancelPage(context.Context) templ.Component {
	return with(Page(PageData{Title: "取消"}), with(
		Confirm(ConfirmData{Action: "/cancel", Title: "取消孟阿姨的理发？", Text: "韩立新已经接了，取消后会给他发消息。", Verb: "取消这一单", Danger: true, Back: Link{"不取消", "/order"}}),
		Textarea(Form{}, Field{Name: "reason", Label: "为什么"})))
}

func boardPage(ctx context.Context) templ.Component {
	board := with(Board("单子看板"),
		with(Column(Col{ID: "new", State: New, Title: New.Word(ctx, Station), Count: 6, More: 4, MoreHref: "/orders"}),
			Ticket(TicketData{Href: "?pick=17#pick", Title: "陪看病，取药", Line: "陈秀英，78 岁", Soft: "周一 8:00，约 3 小时", Chip: LateChip(New, "等了 26 小时"), Current: true}),
			Ticket(TicketData{Href: "?pick=18#pick", Title: "卫生间换灯", Line: "孟桂兰，76 岁", Soft: "这周都行"})),
		with(Column(Col{State: Sent, Title: Sent.Word(ctx, Station), Count: 1}),
			Ticket(TicketData{Href: "?pick=19#pick", Title: "上门理发", Line: "刘德厚，79 岁", Soft: "派给义剪队，40 分钟"})),
		with(Column(Col{State: Doing, Title: "在办", Count: 1}),
			Ticket(TicketData{Href: "?pick=20#pick", Title: "陪聊读报", Line: "吴长顺，85 岁", Soft: "9:40 签到，郭建民", Chip: Chip(Doing, Doing.Word(ctx, Station))})),
		Column(Col{State: Rate, Title: Rate.Word(ctx, Station), Count: 5, Shut: true, Href: "/orders?state=finished"}),
		Column(Col{State: Done, Title: "本月办好", Count: 86, Shut: true, Href: "/orders?state=evaluated"}))
	gaps := in(`<section class="card">`, `</section>`, templ.Raw(`<h2 class="mb">这周缺什么人</h2>`), with(Shortages(),
		with(Shortage(Gap{"陪看病", 9, 4}), templ.Raw(`<a class="btn" href="/a">发招募</a>`)),
		with(Shortage(Gap{"理发", 8, 11}), templ.Raw(`<a class="btn" href="/b">问谁能帮别的</a>`)),
		with(Shortage(Gap{"修家电", 6, 6}), templ.Raw(`<a class="btn" href="/c">看看</a>`))))
	why := []Reason{{T(ctx, "技能"), "会用手机挂号，陪诊 11 次", 2}, {T(ctx, "路程"), "走 5 分钟", 2}, {T(ctx, "忙不忙"), "这周 3 单，再接就满了", 1}, {T(ctx, "熟不熟"), "没见过陈奶奶", 0}}
	pick := in(`<aside class="card stack" id="pick" aria-label="给这一单找人"><h2>陪陈秀英看病，取药</h2>`, `</aside>`,
		with(Candidate(CandidateData{Name: "孙淑琴", Sub: "敬老爱老服务队", Best: true, Why: why}), div("row", templ.Raw(`<button class="btn primary grow">派给孙淑琴</button>`), CallButton(samplePhone, "先问问"))),
		with(Candidate(CandidateData{Name: "𠮷建民", Sub: "治安巡防队", Why: why}), div("row", templ.Raw(`<button class="btn grow">派给𠮷建民</button>`))),
		LeftOut([]Passed{{"何玉兰", "会陪诊也熟，但这周已满 4 单"}, {"魏军", "周一上午没空"}}))
	return with(Page(PageData{Title: "派单", Live: true}), PageHead("派单"), div("split", div("stack lg", board, gaps), pick))
}

func importPage(context.Context) templ.Component {
	return with(Page(PageData{Title: "导入"}), PageHead("导入志愿者"), div("split half",
		with(Progress(ProgressData{ID: "import", Title: "志愿者名单.xlsx", Done: 2480, Total: 3966, Text: "还要 1 分钟左右。可以关掉页面，导完会告诉您。", Href: "/progress"}),
			with(Note(Doing), text("12 行有问题，先放在一边了。")), templ.Raw(`<div class="row"><button class="btn">停下来</button></div>`)),
		card(with(Empty("今天没有要派的单", "歇口气。要不要给空着的志愿者排几户探望？"), templ.Raw(`<a class="btn primary" href="/visits">排探望</a>`)))))
}

func marksPage(ctx context.Context) templ.Component {
	var chips []templ.Component
	for _, row := range StateWords() {
		for _, who := range []Audience{Station, Resident, Volunteer} {
			chips = append(chips, Chip(row.State, row.State.Word(ctx, who)))
		}
	}
	notes := templ.Join(with(Note(New), text("改动已存成草稿。")), with(Note(Done), text("派出去了。")), with(Note(Doing), text("等了 2 小时。")), with(Note(Late), text("有 2 处没填对。")))
	return with(Page(PageData{Title: "样子"}), PageHead("样子"),
		card(templ.Raw(`<h2>状态</h2>`), div("row", chips...), div("row", LateChip(Sent, "超时"), Tag("党员", false), Tag("最合适", true), Count(Late, 3), SmallIcon(GlyphPlus), Units(2, 1))),
		div("stack mt", notes), Toast("派给孙淑琴了", Link{"撤回", "/undo"}))
}

func errorPage(context.Context) templ.Component {
	return ErrorPage(errors.New("the disk is full"), "0198f3a2")
}
