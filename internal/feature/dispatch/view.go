package dispatch

import (
	"cmp"
	"slices"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/order"
	"linli/internal/feature/org"
	"linli/internal/feature/plan"
	"linli/internal/kit/db"
	"linli/match"
)

// View is a draft as the station sees it.
type View struct {
	ID        string         `json:"id"`
	Place     order.Ref      `json:"place" doc:"哪个社区或街道"`
	State     State          `json:"state" enum:"open,confirmed,dismissed"`
	Version   int64          `json:"version" doc:"每改一次加一，确认时要带上 sent back when it is confirmed"`
	MadeBy    *order.Ref     `json:"made_by,omitempty" doc:"谁排的；夜里自动排的没有"`
	MadeAt    time.Time      `json:"made_at"`
	SolvedAt  time.Time      `json:"solved_at" doc:"最后一次算的时候"`
	EndedAt   *time.Time     `json:"ended_at,omitempty"`
	EndedBy   *order.Ref     `json:"ended_by,omitempty"`
	Proposals []ProposalView `json:"proposals" doc:"哪一单派给谁、为什么"`
	Left      []LeftView     `json:"left" doc:"没派出去的，为什么"`
	Missing   []MissingView  `json:"missing" doc:"缺什么人"`
	Bans      []BanView      `json:"bans" doc:"说过不派的"`
	Plan      SumsView       `json:"plan" doc:"这样排"`
	FirstCome SumsView       `json:"first_come" doc:"先来先派、派最近的，会怎样"`
	Loads     []LoadView     `json:"loads" doc:"每位志愿者排以前和排以后几单"`
	Forgotten []order.Ref    `json:"forgotten" doc:"一个月没有人问过的志愿者，最多 50 位"`
	Unasked   int            `json:"unasked" doc:"一个月没有人问过的一共几位"`
	Unchecked int            `json:"unchecked" doc:"还没核实、没有排的单"`
	Beyond    int            `json:"beyond" doc:"一次排不下、等下一次的单；排的是最急的"`
	Sent      []string       `json:"sent" doc:"发出去的单"`
	Skipped   []SkippedView  `json:"skipped" doc:"没有发的单，为什么"`

	now time.Time
	p   place.Place
}

// OrderView is an order in a draft.
type OrderView struct {
	ID       string    `json:"id"`
	Number   string    `json:"number"`
	Title    string    `json:"title"`
	Category order.Ref `json:"category"`
	For      order.Ref `json:"for"`
	Changed  bool      `json:"changed" doc:"排好以后又变了，或者排的时间过了，发的时候会跳过"`

	from, to time.Time
}

// ProposalView is one volunteer or team at one order, with the reasons in words.
type ProposalView struct {
	Order     OrderView  `json:"order"`
	Kind      match.Kind `json:"kind" enum:"volunteer,team"`
	Volunteer order.Ref  `json:"volunteer" doc:"志愿者，或者队伍"`
	People    int        `json:"people" doc:"去几个人"`
	From      *time.Time `json:"from,omitempty" doc:"没有就是另约"`
	To        *time.Time `json:"to,omitempty"`
	Minutes   *int       `json:"minutes,omitempty" doc:"走路几分钟，不知道就没有"`
	Reasons   []string   `json:"reasons"`
	Kept      bool       `json:"kept" doc:"站里说了就派这位"`
	Forgotten bool       `json:"forgotten" doc:"一个月没有人问过他"`
}

// LeftView is an order for which people are missing.
type LeftView struct {
	Order  OrderView  `json:"order"`
	People int        `json:"people" doc:"还差几个人"`
	Kept   *order.Ref `json:"kept,omitempty" doc:"想留给谁，可是排不上"`
	Why    string     `json:"why"`
}

// MissingView is a kind of people who are missing.
type MissingView struct {
	Category order.Ref `json:"category"`
	Place    order.Ref `json:"place"`
	When     string    `json:"when" doc:"一周里的什么时候"`
	People   int       `json:"people" doc:"差几个人次"`
	More     int       `json:"more" doc:"多一位志愿者能多办几单"`
	Saves    int       `json:"saves" doc:"多去一次能省多少分 exact gain in the model's points"`
	Asked    bool      `json:"asked" doc:"已经发过招募"`

	part string
}

// BanView is a pair that is not to be.
type BanView struct {
	Order     OrderView `json:"order"`
	Volunteer order.Ref `json:"volunteer"`
}

// SumsView tells how good a plan is.
type SumsView struct {
	Served   int `json:"served" doc:"派出去几个人次"`
	Unserved int `json:"unserved" doc:"差几个人次"`
	Minutes  int `json:"minutes" doc:"一共走几分钟"`
	Heaviest int `json:"heaviest" doc:"最忙的一位一周几单"`
}

// LoadView is the orders of a volunteer in a week.
type LoadView struct {
	Volunteer order.Ref    `json:"volunteer"`
	Week      calendar.Day `json:"week" doc:"那一周的周一"`
	Before    int          `json:"before"`
	After     int          `json:"after"`
	Limit     int          `json:"limit" doc:"自己定的一周最多几单，0 是没定"`
}

// SkippedView is an order that was not sent.
type SkippedView struct {
	Order OrderView `json:"order"`
	Why   string    `json:"why"`
}

// viewing puts a draft into words within a transaction.
type viewing struct {
	tx     *db.Tx
	d      *Draft
	orders map[string]OrderView
	names  map[string]string
}

// view puts a draft into words for those who may see it.
func view(tx *db.Tx, d Draft) (View, error) {
	p, err := place.Get(tx, d.Place)
	if err != nil {
		return View{}, err
	}
	b := viewing{tx: tx, d: &d, orders: map[string]OrderView{}, names: map[string]string{}}
	if err := b.learn(); err != nil {
		return View{}, err
	}
	v := View{
		ID: d.ID, Place: order.Ref{ID: p.ID, Name: p.Name}, State: d.State, Version: d.Version,
		MadeAt: d.MadeAt.In(calendar.Zone()), SolvedAt: d.SolvedAt.In(calendar.Zone()),
		MadeBy: b.maybe(d.MadeBy), EndedBy: b.maybe(d.EndedBy), EndedAt: moment(d.EndedAt),
		Proposals: []ProposalView{}, Left: []LeftView{}, Bans: []BanView{}, Skipped: []SkippedView{}, Forgotten: []order.Ref{},
		Plan: sums(d.Plan), FirstCome: sums(d.FirstCome), Loads: b.loads(), Unchecked: d.Unchecked, Beyond: d.Beyond, Unasked: d.Unasked, Sent: slices.Clone(d.Sent),
		now: tx.Now(), p: p,
	}
	if v.Sent == nil {
		v.Sent = []string{}
	}
	for _, one := range d.Visits {
		v.Proposals = append(v.Proposals, b.proposal(one))
	}
	for _, l := range d.Left {
		v.Left = append(v.Left, LeftView{Order: b.orders[l.Order], People: l.People, Kept: b.maybe(l.Kept), Why: b.why(l)})
	}
	for _, c := range d.Choices {
		if !c.Keep {
			v.Bans = append(v.Bans, BanView{b.orders[c.Order], b.person(c.Volunteer)})
		}
	}
	for _, k := range d.Skipped {
		v.Skipped = append(v.Skipped, SkippedView{b.orders[k.Order], b.say(k.Why)})
	}
	for _, id := range d.Forgotten {
		v.Forgotten = append(v.Forgotten, b.person(id))
	}
	v.Missing, err = missingViews(tx, d)
	return v, err
}

// learn reads the orders and the names that a draft speaks of.
func (b *viewing) learn() error {
	var orders []string
	people := slices.Concat([]string{b.d.MadeBy, b.d.EndedBy}, b.d.Body.Forgotten)
	for _, v := range b.d.Visits {
		orders, people = append(orders, v.Order), append(people, v.Volunteer)
	}
	for _, l := range b.d.Left {
		orders, people = append(orders, l.Order), append(people, l.Kept)
	}
	for _, c := range b.d.Choices {
		orders, people = append(orders, c.Order), append(people, c.Volunteer)
	}
	briefs, err := order.Briefs(b.tx, b.d.District, once(orders))
	if err != nil {
		return err
	}
	for id, o := range briefs {
		service, _ := category.ByID(o.Category)
		b.orders[id] = OrderView{
			ID: o.ID, Number: o.Number, Title: b.say(o.Title), Category: order.Ref{ID: o.Category, Name: b.say(service.Name)}, For: o.For,
			Changed: b.d.State == Open && o.Print != b.d.Prints[id], from: o.From, to: o.To,
		}
	}
	if b.names, err = org.Names(b.tx, b.d.District, once(people)); err != nil {
		return err
	}
	all, err := person.Many(b.tx, b.d.District, once(people))
	for id, p := range all {
		b.names[id] = p.Name
	}
	return err
}

func (b *viewing) say(msg string, args ...any) string { return ui.T(b.tx.Context(), msg, args...) }

func (b *viewing) person(id string) order.Ref { return order.Ref{ID: id, Name: b.names[id]} }

// maybe is somebody, if there is anybody.
func (b *viewing) maybe(id string) *order.Ref {
	if id == "" {
		return nil
	}
	r := b.person(id)
	return &r
}

func (b *viewing) proposal(v Visit) ProposalView {
	out := ProposalView{
		Order: b.orders[v.Order], Kind: v.Kind, Volunteer: b.person(v.Volunteer), People: v.People, From: moment(v.From), To: moment(v.To), Reasons: b.reasons(v),
		Kept: v.Kept, Forgotten: v.Forgotten,
	}
	if b.d.State == Open && v.past(b.tx.Now()) {
		out.Order.Changed = true
	}
	if v.Minutes >= 0 {
		out.Minutes = &v.Minutes
	}
	return out
}

// reasons say why somebody is proposed, in the order in which a ranking says it: skill,
// way, load, whether they know each other.
func (b *viewing) reasons(v Visit) []string {
	name := b.orders[v.Order].Category.Name
	out := []string{b.say("会%s，还没办过", name)}
	if v.Times > 0 {
		out[0] = b.say("%s办过 %d 次", name, v.Times)
	}
	if v.Kind == match.Team {
		out = append(out, b.say("队伍，来 %d 个人", v.People))
	}
	if v.Minutes >= 0 {
		out = append(out, b.say("走 %d 分钟", v.Minutes))
	} else {
		out = append(out, b.say("不知道住得远近"))
	}
	out = append(out, b.load(v))
	if v.Met > 0 {
		out = append(out, b.say("以前来过 %d 次", v.Met))
	}
	if v.Forgotten {
		out = append(out, b.say("一个月没人问过他"))
	}
	if v.Unsaid {
		out = append(out, b.say("没说过什么时候有空"))
	}
	return out
}

// load says which order of their week it is.
func (b *viewing) load(v Visit) string {
	thisWeek := v.From.IsZero() || sameWeek(v.From, b.d.SolvedAt)
	switch {
	case thisWeek && v.Limit > 0:
		return b.say("这周第 %d 单，最多 %d 单", v.Load, v.Limit)
	case thisWeek:
		return b.say("这周第 %d 单", v.Load)
	case v.Limit > 0:
		return b.say("那周第 %d 单，最多 %d 单", v.Load, v.Limit)
	}
	return b.say("那周第 %d 单", v.Load)
}

// why says why people are missing for an order.
func (b *viewing) why(l Left) string {
	name := b.orders[l.Order].Category.Name
	switch {
	case l.Kept != "":
		return b.say("想留给%s，可是他去不了，或者那时排不开。", b.names[l.Kept])
	case l.Skilled == 0:
		return b.say("没有会%s的志愿者。", name)
	case l.Near == 0 && l.Nearest >= 0:
		return b.say("会%s的有 %d 位，都住得太远，最近的要走 %d 分钟。", name, l.Skilled, l.Nearest)
	case l.Near == 0:
		return b.say("会%s的有 %d 位，都不在附近。", name, l.Skilled)
	case l.Free == 0:
		return b.say("会%s、走得到的有 %d 位，那个时间都没空，或者已经问过了。", name, l.Near)
	}
	return b.say("会%s、走得到、那时有空的有 %d 位，都派满了。", name, l.Free)
}

// loads are what the proposals make of each volunteer's weeks, the fullest first.
func (b *viewing) loads() []LoadView {
	type week struct {
		volunteer string
		monday    calendar.Day
	}
	at := map[week]int{}
	out := []LoadView{}
	for _, v := range b.d.Visits {
		w := week{v.Volunteer, calendar.DayOf(b.d.SolvedAt).WeekStart()}
		if !v.From.IsZero() {
			w.monday = calendar.DayOf(v.From).WeekStart()
		}
		i, known := at[w]
		if !known {
			i = len(out)
			at[w] = i
			out = append(out, LoadView{Volunteer: b.person(v.Volunteer), Week: w.monday, Before: v.Load - 1, Limit: v.Limit})
		}
		out[i].Before, out[i].After = min(out[i].Before, v.Load-1), max(out[i].After, v.Load)
	}
	slices.SortStableFunc(out, func(a, b LoadView) int {
		return cmp.Or(cmp.Compare(b.After, a.After), cmp.Compare(a.Volunteer.Name, b.Volunteer.Name))
	})
	return out
}

// missingViews says who is missing, and for whom the station has asked in public.
func missingViews(tx *db.Tx, d Draft) ([]MissingView, error) {
	out := []MissingView{}
	names, asked := map[string]string{}, map[string][]Recruitment{}
	for _, m := range d.Missing {
		if _, known := asked[m.Place]; !known {
			name, err := place.Names(tx, m.Place)
			if err != nil {
				return nil, err
			}
			names[m.Place] = name[m.Place]
			if asked[m.Place], err = recruitmentsAt(tx, d.District, m.Place, askedMost); err != nil {
				return nil, err
			}
		}
		service, _ := category.ByID(m.Category)
		out = append(out, MissingView{
			Category: order.Ref{ID: m.Category, Name: ui.T(tx.Context(), service.Name)}, Place: order.Ref{ID: m.Place, Name: names[m.Place]},
			When: ui.T(tx.Context(), m.Part), People: m.People, More: m.More, Saves: m.Saves, part: m.Part,
			Asked: slices.ContainsFunc(asked[m.Place], func(n Recruitment) bool { return n.Category == m.Category && n.Part == m.Part }),
		})
	}
	return out, nil
}

// askedMost is how many recruitments of a community are looked through.
const askedMost = 1000

func sums(s plan.Sums) SumsView { return SumsView(s) }

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(calendar.Zone())
	return &t
}
