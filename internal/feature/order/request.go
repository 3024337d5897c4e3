package order

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/core/ui"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// What a request may hold at most.
const (
	wordsMost  = 1000 // characters of the sentence
	riskMost   = 300
	peopleMost = 50
	aheadMost  = 366 * 24 * time.Hour
)

// Request is what somebody asks. Only Text is needed.
type Request struct {
	Text         string  `json:"text" label:"您的话" lines:"true" maxLength:"1000" doc:"一句话说要帮什么 one sentence: what help is needed" example:"想请人周五上午来家里给老伴理个发"`
	Category     string  `json:"category,omitempty" label:"做什么" doc:"服务 service id; suggested from the text when absent" example:"haircut"`
	Place        string  `json:"place,omitempty" label:"上哪儿" doc:"上哪儿 place id; the person's own when absent"`
	For          string  `json:"for,omitempty" label:"给谁" doc:"给谁 person id; oneself when absent"`
	Window       *Window `json:"window,omitempty" label:"什么时候" doc:"什么时候 when; suggested from the text when absent"`
	PeopleNeeded int     `json:"people_needed,omitempty" label:"要几个人" doc:"要几个人 1 to 50; 1 when absent" minimum:"1"`
	Risk         string  `json:"risk,omitempty" label:"有什么要当心的" lines:"true" doc:"有什么要当心的 what a volunteer must know before coming"`
	Address      string  `json:"address,omitempty" label:"门牌" lines:"true" doc:"门牌 door; the person's own when absent"`
	Phone        string  `json:"phone,omitempty" label:"打哪个电话" doc:"打哪个电话 telephone; the person's own when absent"`
	Urgency      string  `json:"urgency,omitempty" label:"急不急" enum:"normal,soon,urgent,emergency" doc:"急不急; suggested from the text when absent"`
	Source       string  `json:"source,omitempty" label:"怎么来的" enum:"app,door,phone" doc:"怎么来的; app when absent"`
}

// Window is a span of time.
type Window struct {
	From time.Time `json:"from" doc:"RFC 3339 的写法，带时区" example:"2026-11-27T09:00:00+08:00"`
	To   time.Time `json:"to" doc:"要在 from 之后" example:"2026-11-27T11:00:00+08:00"`
}

// Request files an order 点单.
func (s *Service) Request(ctx context.Context, who access.Who, in Request, photos ...Photo) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		o, err := s.RequestTx(tx, who, in)
		if err != nil {
			return View{}, err
		}
		twin, warned, err := s.Twin(tx, o)
		if err != nil {
			return View{}, err
		}
		if err := insertPhotos(tx, o, who.Person, photos); err != nil {
			return View{}, err
		}
		v, err := s.answer(tx, who, o)
		if warned {
			v.Warnings = []string{ui.T(tx.Context(), "您家的 %s 号单也是这件事，正在办。要是另一件，就接着点。", twin)}
		}
		return v, err
	})
}

// RequestTx is Request inside the caller's transaction.
func (s *Service) RequestTx(tx *db.Tx, who access.Who, in Request) (*Order, error) {
	in = clean(in)
	if err := checkRequest(in, tx.Now()); err != nil {
		return nil, err
	}
	p, acting, err := principal(tx, who, in.For)
	if err != nil {
		return nil, err
	}
	o := s.draft(tx, who, p, acting, in)
	if err := settle(tx, o, p, in); err != nil {
		return nil, err
	}
	return o, s.file(tx, who, o)
}

func clean(in Request) Request {
	in.Text, in.Risk = identity.CleanText(in.Text), identity.CleanText(in.Risk)
	in.Address, in.Phone = identity.CleanLine(in.Address), identity.CleanLine(in.Phone)
	if in.PeopleNeeded == 0 {
		in.PeopleNeeded = category.Suggest(in.Text, time.Time{}).People
	}
	if in.Source == "" {
		in.Source = SourceApp
	}
	return in
}

// checkRequest holds the pure rules; every mistake is named at once.
func checkRequest(in Request, now time.Time) error {
	var errs []error
	bad := func(field, msg string, args ...any) { errs = append(errs, fault.Invalid(field, msg, args...)) }
	switch n := utf8.RuneCountInString(in.Text); {
	case n == 0:
		bad("text", "说一句要帮什么忙，比如“想请人来理个发”。")
	case n > wordsMost:
		bad("text", "太长了：最多 %d 个字，现在有 %d 个。", wordsMost, n)
	}
	if in.Category != "" {
		if _, ok := category.ByID(in.Category); !ok {
			bad("category", "没有“%s”这种服务，请从列表里挑一种。", in.Category)
		}
	}
	if in.PeopleNeeded < 1 || in.PeopleNeeded > peopleMost {
		bad("people_needed", "要几个人，请填 1 到 %d。", peopleMost)
	}
	if n := utf8.RuneCountInString(in.Risk); n > riskMost {
		bad("risk", "要当心的事最多写 %d 个字，现在有 %d 个。", riskMost, n)
	}
	if !slices.Contains([]string{"", "normal", "soon", "urgent", "emergency"}, in.Urgency) {
		bad("urgency", "急不急，只能是 normal、soon、urgent 或 emergency。")
	}
	if !slices.Contains([]string{SourceApp, SourceDoor, SourcePhone}, in.Source) {
		bad("source", "怎么来的，只能是 app、door 或 phone。")
	}
	if in.Phone != "" {
		if _, err := identity.Phone("phone", in.Phone); err != nil {
			errs = append(errs, err)
		}
	}
	errs = append(errs, checkWindow(in.Window, now))
	return fault.Join(errs...)
}

func checkWindow(w *Window, now time.Time) error {
	switch {
	case w == nil:
		return nil
	case w.From.IsZero():
		return fault.Invalid("window.from", "从几点开始，请填上。")
	case w.To.IsZero():
		return fault.Invalid("window.to", "到几点为止，请填上。")
	case !w.To.After(w.From):
		return fault.Invalid("window.to", "结束要比开始晚。")
	case w.To.Before(now):
		return fault.Invalid("window.from", "这个时间已经过了，请换一个。")
	case w.From.After(now.Add(aheadMost)):
		return fault.Invalid("window.from", "最多提前一年约。")
	}
	return nil
}

// principal finds for whom who asks and in which capacity.
func principal(tx *db.Tx, who access.Who, forID string) (person.Person, Acting, error) {
	if forID == "" {
		forID = who.Person
	}
	p, err := person.Seek(tx, who, forID)
	if fault.KindOf(err) == fault.KindNotFound {
		return p, "", noPrincipal()
	}
	if err != nil {
		return p, "", err
	}
	acting, err := capacity(tx, who, p)
	return p, acting, err
}

func noPrincipal() error {
	return fault.NotFound("没有这个人，或者不归您管。请看看选的是谁。")
}

func capacity(tx *db.Tx, who access.Who, p person.Person) (Acting, error) {
	if p.ID == who.Person {
		return ActingSelf, nil
	}
	home, err := place.Get(tx, p.Place)
	if err != nil {
		return "", err
	}
	if access.May(who, access.OrderRequestFor, home.Target()) {
		return ActingStation, nil
	}
	allowed, err := auth.MayActFor(tx, who, p.ID)
	if err != nil {
		return "", err
	}
	if !allowed {
		return "", noPrincipal()
	}
	return ActingFamily, nil
}

// draft is the order as the words alone suggest it.
func (s *Service) draft(tx *db.Tx, who access.Who, p person.Person, acting Acting, in Request) *Order {
	now := tx.Now()
	guess := category.Suggest(in.Text, now)
	o := &Order{
		District: p.District, ID: tx.NewID(), Version: 1, State: Requested,
		Category: in.Category, Words: in.Text, Title: guess.Title, Urgency: in.Urgency, Risk: in.Risk,
		Flags: flagsOf(guess.Risks), For: p.ID, Requester: who.Person, Acting: acting, Source: in.Source,
		PeopleNeeded: in.PeopleNeeded, CodeSecret: visit.NewSecret(), CreatedAt: now,
		Address: firstOf(in.Address, doorOf(p)), Phone: firstOf(in.Phone, p.Phone), Community: p.Community,
	}
	if o.Category == "" {
		o.Category = guess.Best().ID
	} else if o.Category != guess.Best().ID {
		o.Title = ""
	}
	if o.Title == "" {
		service, _ := category.ByID(o.Category)
		o.Title = service.Name
	}
	if o.Urgency == "" {
		o.Urgency = string(guess.Urgency)
	}
	switch {
	case in.Window != nil:
		o.From, o.To = in.Window.From.UTC(), in.Window.To.UTC()
	case guess.Window.To.After(now):
		o.From, o.To = guess.Window.From.UTC(), guess.Window.To.UTC()
	}
	return o
}

// doorOf is where a person is found: house and door, else what was written down.
func doorOf(p person.Person) string {
	if p.Where == "" {
		return p.Address
	}
	return strings.TrimSpace(p.Where + " " + p.Door)
}

func flagsOf(risks []category.Risk) []string {
	var out []string
	for _, r := range risks {
		out = append(out, string(r))
	}
	return out
}

func firstOf(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}

// settle adds what needs the database: the place, its coordinates, and whether a
// rule asks the station to verify first.
func settle(tx *db.Tx, o *Order, p person.Person, in Request) error {
	where := firstOf(in.Place, p.Place)
	pl, err := place.Get(tx, where)
	if err != nil && fault.KindOf(err) != fault.KindNotFound {
		return err
	}
	if err != nil || pl.Community() == "" || pl.District != o.District {
		return fault.Invalid("place", "没有这个地方，请从列表里挑。")
	}
	o.Place, o.PlacePath, o.Community = pl.ID, pl.Path, pl.Community()
	at, known, err := place.Locate(tx, pl.ID)
	if err != nil {
		return err
	}
	if known {
		o.At = &Position{at.Lat, at.Lng}
	}
	o.NeedsCheck, err = needsCheck(tx, o)
	return err
}

// needsCheck applies the place's rules: the first order of a person, and risk,
// money or minors. What the station itself wrote at the door has been seen.
func needsCheck(tx *db.Tx, o *Order) (bool, error) {
	if o.Acting == ActingStation {
		return false, nil
	}
	if o.Risk != "" || slices.ContainsFunc(o.Flags, grave) {
		on, err := rule.Value(tx, o.District, o.PlacePath, rule.RiskVerify)
		if err != nil || on == 1 {
			return on == 1, err
		}
	}
	on, err := rule.Value(tx, o.District, o.PlacePath, rule.FirstVerify)
	if err != nil || on == 0 {
		return false, err
	}
	n, err := countOrdersFor(tx, o.District, o.For)
	return n == 0, err
}

// grave says whether a flag asks for the station's eye before anybody is sent.
func grave(flag string) bool {
	r := category.Risk(flag)
	return r == category.Money || r == category.Minors || r.ToStation()
}

// file numbers and stores the order, starts its limit and tells the house.
func (s *Service) file(tx *db.Tx, who access.Who, o *Order) (err error) {
	day := calendar.DayOf(tx.Now())
	if o.Number, err = nextNumber(tx, o.District, dayNumber(day)); err != nil {
		return err
	}
	if o.DueAt, err = dueAt(tx, o.District, o.PlacePath, rule.AnswerWorkdays); err != nil {
		return err
	}
	if err := insertOrder(tx, o); err != nil {
		return err
	}
	event.Append(tx, event.Event{
		District: o.District, Community: o.Community, Actor: who.Person,
		Act: "order.request", Kind: "order", Subject: o.ID, Data: event.Data{"acting": string(o.Acting), "source": o.Source},
	})
	if o.relations, err = relate(tx, who, o); err != nil {
		return err
	}
	return enqueueLimit(tx, o)
}

// Suggestion is what a sentence sounds like, before anything is filed.
func (s *Service) Suggestion(now time.Time, text string) category.Suggestion {
	return category.Suggest(identity.CleanText(text), now)
}

// Twin warns of an open order of the same household for the same service.
func (s *Service) Twin(tx *db.Tx, o *Order) (number string, found bool, err error) {
	p, err := person.Get(tx, o.District, o.For)
	if err != nil {
		return "", false, err
	}
	mates := []string{p.ID}
	if p.Household != "" {
		members, err := person.Members(tx, p.District, p.Household)
		if err != nil {
			return "", false, err
		}
		for _, m := range members {
			mates = append(mates, m.ID)
		}
	}
	return hasOpenTwin(tx, o, mates)
}
