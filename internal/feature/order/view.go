package order

import (
	"cmp"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/org"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// View is an order as one reader may see it. Names are masked, and door and
// telephone are empty, for whoever may not see them.
type View struct {
	ID           string          `json:"id"`
	Number       string          `json:"number" doc:"单号" example:"261121-017"`
	State        process.State   `json:"state" enum:"requested,verified,dispatched,accepted,serving,finished,evaluated,returned,cancelled"`
	Late         bool            `json:"late" doc:"超过了期限 a limit has passed"`
	Escalated    bool            `json:"escalated" doc:"超过期限还没办，报到了街道 late, and the street was told"`
	Category     Ref             `json:"category"`
	Title        string          `json:"title"`
	Text         string          `json:"text" doc:"原话 what was said"`
	Urgency      string          `json:"urgency"`
	Risk         string          `json:"risk"`
	Flags        []string        `json:"flags"`
	Notices      []string        `json:"notices" doc:"要当心的话 what must be said about it"`
	NeedsCheck   bool            `json:"needs_verification"`
	Place        Ref             `json:"place"`
	Position     *Position       `json:"position,omitempty"`
	Address      string          `json:"address,omitempty" doc:"门牌，只给接单的人看"`
	Phone        string          `json:"phone,omitempty" doc:"电话，只给接单的人看"`
	For          Ref             `json:"for"`
	Requester    Ref             `json:"requester"`
	Acting       Acting          `json:"acting" enum:"self,family,station"`
	Source       string          `json:"source" enum:"app,door,phone"`
	Window       *Window         `json:"window" doc:"没说就是 null"`
	Planned      *Window         `json:"planned,omitempty" doc:"说好几点来：接了的人排的时间；问您的，就是给您排的"`
	PeopleNeeded int             `json:"people_needed"`
	Taken        int             `json:"taken" doc:"已经来了几个人"`
	Offers       []OfferView     `json:"offers"`
	People       []PersonView    `json:"people" doc:"谁来、谁候补"`
	Visits       []VisitView     `json:"visits"`
	Evaluations  []EvaluationOut `json:"evaluations"`
	Timeline     []Moment        `json:"timeline"`
	Actions      []string        `json:"actions" doc:"您现在能办的步骤 the steps that you may take now"`
	Warnings     []string        `json:"warnings,omitempty"`
	Note         string          `json:"note,omitempty"`
	DueAt        *time.Time      `json:"due_at,omitempty" doc:"这一步的期限"`
	CreatedAt    time.Time       `json:"created_at"`
	AcceptedAt   *time.Time      `json:"accepted_at,omitempty"`
	FinishedAt   *time.Time      `json:"finished_at,omitempty"`
	ClosedAt     *time.Time      `json:"closed_at,omitempty"`

	opened     bool      // shows a resident's door to somebody of another household
	now        time.Time // of the transaction that read it
	district   int
	age        int // of the person who is helped; 0 unknown
	members    []Ref
	code       *Code // what the host shows now
	mayConfirm bool
	steps      []process.Step
	mine       *OfferView // the reader's own open offer
}

// Ref names another thing.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// OfferView is an offer as its readers see it.
type OfferView struct {
	ID         string     `json:"id"`
	Order      string     `json:"order,omitempty"`
	Wave       int        `json:"wave"`
	To         Candidate  `json:"to"`
	Name       string     `json:"name"`
	State      OfferState `json:"state" enum:"open,accepted,refused,lapsed,filled,withdrawn"`
	SentAt     time.Time  `json:"sent_at"`
	AnswerBy   time.Time  `json:"answer_by"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	Reason     string     `json:"reason,omitempty"`
	Planned    *Window    `json:"planned,omitempty" doc:"一键排单排的几点；没有就照单子上的时间"`
}

// PersonView is somebody who serves or stands by.
type PersonView struct {
	ID    string          `json:"id"`
	Name  string          `json:"name"`
	Team  *Ref            `json:"team,omitempty"`
	State AssignmentState `json:"state" enum:"active,reserve,released,served"`
	Met   int             `json:"met" doc:"以前来过几次，最多数到 100"`
	Phone string          `json:"phone,omitempty"`
}

// VisitView is a visit as its readers see it.
type VisitView struct {
	ID         string      `json:"id"`
	Volunteer  string      `json:"volunteer"`
	State      visit.State `json:"state" enum:"open,proposed,done"`
	Grade      visit.Grade `json:"grade" enum:"A,B,C,M"`
	InAt       time.Time   `json:"in_at"`
	OutAt      *time.Time  `json:"out_at,omitempty"`
	Minutes    int         `json:"minutes"`
	ByCode     bool        `json:"by_code"`
	ByPosition bool        `json:"by_position"`
	SentLater  bool        `json:"sent_later" doc:"没网时签的，后来才送到"`
	Distance   *int        `json:"distance,omitempty" doc:"离约定地点几米"`
	Confirmed  bool        `json:"confirmed" doc:"主人说他来过"`
}

// EvaluationOut is the word of one side.
type EvaluationOut struct {
	Side         Side         `json:"side" enum:"resident,volunteer,station"`
	Name         string       `json:"name"`
	ByPhone      bool         `json:"by_phone" doc:"电话里说的，站里代填"`
	Satisfaction Satisfaction `json:"satisfaction" enum:"satisfied,fair,unsatisfied"`
	Solved       *bool        `json:"solved,omitempty"`
	Reasons      []string     `json:"reasons"`
	Words        string       `json:"words"`
	At           time.Time    `json:"at"`
}

// Moment is one line of the timeline, oldest first.
type Moment struct {
	At    time.Time `json:"at"`
	Act   string    `json:"act" doc:"哪一步 the step"`
	Text  string    `json:"text" doc:"一句话"`
	Actor string    `json:"actor,omitempty"`
}

// viewAfter is the view for the actor of a step that has just been made.
func (s *Service) viewAfter(tx *db.Tx, who access.Who, o *Order) (v View, err error) {
	if o.relations, err = relate(tx, who, o); err != nil {
		return v, err
	}
	return s.view(tx, who, o)
}

// listed is the view of an order among others. Whoever does not come to the door
// reads door and telephone on the order's own page, where it is noted.
func (s *Service) listed(tx *db.Tx, who access.Who, o *Order) (View, error) {
	v, err := s.viewAfter(tx, who, o)
	if v.opened && !o.is(access.Assigned) {
		v.Address, v.Phone = "", ""
	}
	return v, err
}

// view builds what who may see of a loaded order.
func (s *Service) view(tx *db.Tx, who access.Who, o *Order) (View, error) {
	b := viewing{tx: tx, who: who, o: o, names: map[string]string{}, ages: map[string]int{}, phones: map[string]string{}}
	v := b.head()
	for _, part := range []func(*View) error{b.place, b.people, b.offers, b.visits, b.evaluations, b.timeline, b.privacy} {
		if err := part(&v); err != nil {
			return v, err
		}
	}
	b.actions(&v)
	b.code(&v)
	v.opened = b.opened(&v)
	return v, nil
}

// code is shown to the host while somebody may come; the station asks for it.
func (b *viewing) code(v *View) {
	host := b.o.is(access.Self) || b.o.is(access.Requester)
	if host && b.o.Taken > 0 && slices.Contains(coded(), b.o.State) {
		v.code = codeNow(b.o, b.tx.Now())
	}
}

// viewing is one view under way.
type viewing struct {
	tx     *db.Tx
	who    access.Who
	o      *Order
	names  map[string]string // persons, as this reader may see them
	ages   map[string]int
	phones map[string]string
	events []event.Event
}

func (b *viewing) head() View {
	o := b.o
	v := View{
		ID: o.ID, Number: o.Number, State: o.State, Late: o.Late, Escalated: o.Escalated, Title: ui.T(b.tx.Context(), o.Title), Text: o.Words,
		Urgency: o.Urgency, Risk: o.Risk, Flags: append([]string{}, o.Flags...), Notices: []string{},
		NeedsCheck: o.NeedsCheck, Acting: o.Acting, Source: o.Source, PeopleNeeded: o.PeopleNeeded, Taken: o.Taken,
		Offers: []OfferView{}, People: []PersonView{}, Visits: []VisitView{}, Evaluations: []EvaluationOut{}, Timeline: []Moment{},
		Actions: []string{}, Note: o.Note, CreatedAt: local(o.CreatedAt), DueAt: optional(o.DueAt),
		AcceptedAt: optional(o.AcceptedAt), FinishedAt: optional(o.FinishedAt), ClosedAt: optional(o.ClosedAt),
	}
	if service, ok := category.ByID(o.Category); ok {
		v.Category = Ref{service.ID, ui.T(b.tx.Context(), service.Name)}
		if notice := service.Notice(); notice != "" {
			v.Notices = append(v.Notices, ui.T(b.tx.Context(), notice))
		}
	}
	for _, flag := range o.Flags {
		v.Notices = append(v.Notices, ui.T(b.tx.Context(), category.Risk(flag).Notice()))
	}
	v.Notices = slices.Compact(v.Notices)
	v.now, v.district, v.mayConfirm = b.tx.Now(), o.District, access.May(b.who, access.OrderConfirm, o.ProcessTarget())
	if !o.From.IsZero() {
		v.Window = &Window{local(o.From), local(o.To)}
	}
	return v
}

func (b *viewing) place(v *View) error {
	name, err := place.Names(b.tx, b.o.Place)
	v.Place = Ref{b.o.Place, name[b.o.Place]}
	return err
}

// name is a person's name as this reader may see it: in full for who has to do
// with the order, masked for everybody else.
func (b *viewing) name(id string) (string, error) {
	if id == "" {
		return "", nil
	}
	if known, ok := b.names[id]; ok {
		return known, nil
	}
	p, err := person.Get(b.tx, b.o.District, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	b.names[id], b.phones[id] = p.Name, p.Phone
	b.ages[id], _ = p.Age(calendar.DayOf(b.tx.Now()))
	if !b.knows() && id != b.who.Person {
		b.names[id] = identity.MaskName(p.Name)
	}
	return b.names[id], nil
}

// knows says whether the reader is shown names in full: those who serve, as door
// and telephone, until the order is closed.
func (b *viewing) knows() bool {
	return b.staff() || b.o.is(access.Self) || b.o.is(access.Requester) || b.close() && !ended(b.o.State)
}

// close says whether the reader has to do with the order by more than living near.
func (b *viewing) close() bool {
	if b.staff() {
		return true
	}
	for _, r := range []access.Relation{access.Self, access.Requester, access.Assigned, access.Leader} {
		if b.o.is(r) {
			return true
		}
	}
	return false
}

func (b *viewing) staff() bool {
	return access.May(b.who, access.OrderVerify, b.o.ProcessTarget())
}

func (b *viewing) people(v *View) (err error) {
	if v.For.Name, err = b.name(b.o.For); err != nil {
		return err
	}
	if v.Requester.Name, err = b.name(b.o.Requester); err != nil {
		return err
	}
	v.For.ID, v.Requester.ID = b.o.For, b.o.Requester
	v.age = b.ages[b.o.For]
	list, err := assignmentsOf(b.tx, b.o.District, b.o.ID)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.State == Released || a.State == Reserve && !b.staff() && a.Volunteer != b.who.Person {
			continue
		}
		p, err := b.helper(a)
		if err != nil {
			return err
		}
		v.People = append(v.People, p)
	}
	return nil
}

// reachable says whether the reader may telephone those who come: the station
// always, the resident until the order is closed.
func (b *viewing) reachable() bool {
	return b.staff() || (b.o.is(access.Self) || b.o.is(access.Requester)) && !ended(b.o.State)
}

func (b *viewing) helper(a Assignment) (PersonView, error) {
	name, err := b.name(a.Volunteer)
	if err != nil {
		return PersonView{}, err
	}
	p := PersonView{ID: a.Volunteer, Name: name, State: a.State}
	if p.Met, err = met(b.tx, b.o, a.Volunteer); err != nil {
		return p, err
	}
	if b.reachable() {
		p.Phone = b.phones[a.Volunteer]
	}
	if a.Team == "" {
		return p, nil
	}
	names, err := org.Names(b.tx, b.o.District, []string{a.Team})
	p.Team = &Ref{a.Team, names[a.Team]}
	return p, err
}

func (b *viewing) offers(v *View) error {
	list, err := offersOf(b.tx, b.o.District, b.o.ID)
	if err != nil {
		return err
	}
	for _, f := range list {
		mine := f.Asked == b.who.Person
		if mine && f.State == OfferOpen || stillComes(f, v.People) {
			v.Planned = cmp.Or(plannedFor(f), v.Planned)
		}
		if !mine && !access.May(b.who, access.OrderList, b.o.ProcessTarget()) {
			continue
		}
		out, err := b.offer(f)
		if err != nil {
			return err
		}
		v.Offers = append(v.Offers, out)
		if mine && f.State == OfferOpen {
			v.mine = &out
			if err := b.team(v, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// team lists whom a leader may send.
func (b *viewing) team(v *View, f Offer) error {
	if f.Kind != KindTeam {
		return nil
	}
	members, err := org.Members(b.tx, b.o.District, f.Candidate)
	if err != nil {
		return err
	}
	for _, id := range members {
		p, err := person.Get(b.tx, b.o.District, id)
		if err != nil {
			return err
		}
		v.members = append(v.members, Ref{id, p.Name})
	}
	return nil
}

func (b *viewing) offer(f Offer) (OfferView, error) {
	out := OfferView{
		ID: f.ID, Wave: f.Wave, To: Candidate{f.Kind, f.Candidate}, State: f.State, SentAt: local(f.SentAt),
		AnswerBy: local(f.AnswerBy), AnsweredAt: optional(f.AnsweredAt), Reason: f.Reason, Planned: plannedFor(f),
	}
	if f.Kind == KindVolunteer {
		name, err := b.name(f.Candidate)
		out.Name = name
		return out, err
	}
	names, err := org.Names(b.tx, b.o.District, []string{f.Candidate})
	out.Name = names[f.Candidate]
	return out, err
}

// stillComes says whether who accepted an offer still comes.
func stillComes(f Offer, people []PersonView) bool {
	return f.State == OfferAccepted && slices.ContainsFunc(people, func(p PersonView) bool {
		return (p.State == Active || p.State == Served) && (p.ID == f.Candidate || p.Team != nil && p.Team.ID == f.Candidate)
	})
}

func plannedFor(f Offer) *Window {
	if f.From.IsZero() {
		return nil
	}
	return &Window{local(f.From), local(f.To)}
}

func (b *viewing) visits(v *View) error {
	if !b.close() {
		return nil
	}
	list, err := visit.Of(b.tx, b.o.District, b.o.ID)
	for _, one := range list {
		v.Visits = append(v.Visits, viewVisit(one))
	}
	return err
}

func viewVisit(x visit.Visit) VisitView {
	v := VisitView{
		ID: x.ID, Volunteer: x.Volunteer, State: x.State, Grade: x.Grade, InAt: local(x.InAt), OutAt: optional(x.OutAt),
		Minutes: x.Minutes, ByCode: x.ByCode, ByPosition: x.ByPosition, SentLater: x.SentLater, Confirmed: x.ConfirmedBy != "",
	}
	if x.Distance >= 0 {
		v.Distance = &x.Distance
	}
	return v
}

func (b *viewing) evaluations(v *View) error {
	if !b.close() {
		return nil
	}
	list, err := evaluationsOf(b.tx, b.o.District, b.o.ID, b.o.Returns)
	if err != nil {
		return err
	}
	for _, e := range list {
		name, err := b.name(e.Person)
		if err != nil {
			return err
		}
		out := EvaluationOut{
			Side: e.Side, Name: name, ByPhone: e.EnteredBy != e.Person, Satisfaction: e.Satisfaction,
			Reasons: append([]string{}, e.Reasons...), Words: e.Words, At: local(e.At),
		}
		if e.Solved != "" {
			yes := e.Solved == SolvedYes
			out.Solved = &yes
		}
		v.Evaluations = append(v.Evaluations, out)
	}
	return nil
}

// privacy shows door and telephone to the station and to the persons themselves,
// and to those who serve from acceptance until the order is closed.
func (b *viewing) privacy(v *View) error {
	o := b.o
	switch {
	case b.staff(), o.is(access.Self), o.is(access.Requester):
	case o.is(access.Assigned) && !slices.Contains([]process.State{Evaluated, Cancelled, Returned}, o.State):
	default:
		if !b.close() {
			v.Note, v.Position = "", nil
		}
		return nil
	}
	v.Address, v.Phone, v.Position = o.Address, o.Phone, o.At
	return nil
}

// actions lists what the reader may do now.
func (b *viewing) actions(v *View) {
	v.steps = Process.Actions(b.who, b.o, func(step process.Step) bool { return b.possible(v, step) })
	for _, step := range v.steps {
		name := step.Name
		if name == StepTaking {
			name = StepAcceptance
		}
		if !slices.Contains(v.Actions, name) {
			v.Actions = append(v.Actions, name)
		}
	}
}

// possible filters what state and permission alone cannot know.
func (b *viewing) possible(v *View, step process.Step) bool {
	here := slices.ContainsFunc(v.Visits, func(x VisitView) bool { return x.Volunteer == b.who.Person && x.State == visit.Open })
	assigned := b.o.is(access.Assigned)
	switch step.Name {
	case StepOffers:
		return !b.o.NeedsCheck && b.o.Room() > 0
	case StepAcceptance:
		return v.mine != nil
	case StepRefusal:
		return v.mine != nil
	case StepTaking:
		return v.mine == nil && !assigned && b.o.Open() && b.o.Room() > 0 && b.o.For != b.who.Person && checkTaking(b.o, StepTaking) == nil
	case StepStandby:
		return v.mine == nil && !assigned && b.o.For != b.who.Person && (b.o.State == Accepted || b.o.Open()) && checkTaking(b.o, StepTaking) == nil &&
			!slices.ContainsFunc(v.People, func(p PersonView) bool { return p.ID == b.who.Person })
	case StepCheckIn:
		return !here
	case StepCheckOut:
		return here
	case StepConfirmation:
		return slices.ContainsFunc(v.Visits, func(x VisitView) bool {
			return x.Grade == visit.GradeC && !x.Confirmed && x.Volunteer != b.who.Person
		})
	case StepEvaluation:
		return b.mayEvaluate(v)
	}
	return true
}

// mayEvaluate says whether the reader's own side, or the resident's by telephone,
// has not spoken yet.
func (b *viewing) mayEvaluate(v *View) bool {
	said := func(side Side, name string) bool {
		return slices.ContainsFunc(v.Evaluations, func(e EvaluationOut) bool {
			return e.Side == side && (name == "" || e.Name == name)
		})
	}
	side, err := sideOf(b.who, b.o, "")
	if err != nil {
		return false
	}
	if side == SideVolunteer {
		return !said(side, b.names[b.who.Person])
	}
	return !said(side, "") || b.staff() && !said(SideResident, "")
}

// local puts a moment on the clock of the place, so that readers and the API see
// the zone that it was meant in.
func local(t time.Time) time.Time { return t.In(calendar.Zone()) }

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	at := local(t)
	return &at
}
