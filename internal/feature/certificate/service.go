package certificate

import (
	"context"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/rule"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service holds the use cases.
type Service struct {
	db     *db.DB
	issuer *Issuer
}

// NewService makes the service; the issuer signs.
func NewService(d *db.DB, i *Issuer) *Service { return &Service{db: d, issuer: i} }

// Request is what is asked for.
type Request struct {
	Volunteer string // empty: for oneself
	Span      string // this_year, last_year, all: instead of From and To
	From, To  calendar.Day
	Remark    string // "用于升学"
}

// period is the request with the days that its span means today.
func (q Request) period(tx *db.Tx, p person.Person) (Request, error) {
	today := calendar.DayOf(tx.Now())
	switch q.Span {
	case "this_year":
		q.From, q.To = calendar.Day{Year: today.Year, Month: time.January, Day: 1}, today
	case "last_year":
		q.From, q.To = calendar.Day{Year: today.Year - 1, Month: time.January, Day: 1}, calendar.Day{Year: today.Year - 1, Month: time.December, Day: 31}
	case "all":
		rows, _, err := record.Counted(tx, p.District, p.ID, calendar.Day{}, today)
		if q.From, q.To = today, today; len(rows) > 0 {
			q.From = rows[0].Day()
		}
		return q, err
	}
	return q, checkPeriod(q.From, q.To, today)
}

// Ask asks for a certificate; where the place lets volunteers help themselves, it is
// issued at once. Asking again for what stands already gives the one that stands.
func (s *Service) Ask(ctx context.Context, who access.Who, q Request) (Certificate, error) {
	sign, unready := s.issuer.Ready(ctx)
	return db.Returning(ctx, s.db, func(tx *db.Tx) (Certificate, error) {
		p, v, at, err := s.subject(tx, who, q.Volunteer)
		if err == nil {
			err = unready
		}
		if err != nil {
			return Certificate{}, err
		}
		q, err := q.period(tx, p)
		if err != nil {
			return Certificate{}, err
		}
		i, err := issuanceAt(tx, at)
		if err != nil {
			return Certificate{}, err
		}
		c := newCertificate(tx, p, q)
		c.at, c.who = at, who
		has, err := star.Of(tx, p.District, p.ID)
		if err != nil {
			return c, err
		}
		d, err := i.draw(tx, c, p, v, has)
		if err != nil {
			return c, err
		}
		if len(d.rows) == 0 {
			return c, errNothing(c)
		}
		if again, found, err := standing(tx, d.Certificate); err != nil || found {
			again.at, again.who = at, who
			return again, err
		}
		if err := insert(tx, c); err != nil {
			return c, err
		}
		tell(tx, who.Person, c, "certificate.application")
		self, err := rule.Value(tx, at.District, at.Path, rule.CertificateSelf)
		if err == nil && self == 1 {
			err = s.issueNow(tx, sign, i, d, &c)
		}
		return c, err
	})
}

// subject is the volunteer whom a certificate is about, if who may ask for it.
func (s *Service) subject(tx *db.Tx, who access.Who, id string) (p person.Person, v volunteer.Volunteer, at place.Place, err error) {
	if id == "" {
		id = who.Person
	}
	if p, err = person.Seek(tx, who, id); err != nil {
		return p, v, at, err
	}
	if err = access.Check(who, access.CertificateAsk, p.Target(who)); err != nil {
		return p, v, at, err
	}
	v, found, err := volunteer.Get(tx, p.District, p.ID)
	if err != nil {
		return p, v, at, err
	}
	if !found {
		return p, v, at, fault.Invalid("volunteer", "要先登记成志愿者，才能开服务证明。")
	}
	at, err = place.Get(tx, v.Community)
	return p, v, at, err
}

func checkPeriod(from, to, today calendar.Day) error {
	switch {
	case from.IsZero() || to.IsZero():
		return fault.Invalid("from", "请选从哪天到哪天。")
	case to.Before(from):
		return fault.Invalid("to", "最后一天要在第一天之后。")
	case today.Before(to):
		return fault.Invalid("to", "最后一天不能晚于今天。")
	}
	return nil
}

func newCertificate(tx *db.Tx, p person.Person, q Request) Certificate {
	return Certificate{
		District: p.District, ID: tx.NewID(), Code: newCode(p.District), State: Applied, Version: 1, Volunteer: p.ID, Community: p.Community,
		From: q.From, To: q.To, Remark: strings.TrimSpace(q.Remark), AppliedAt: tx.Now(),
	}
}

// standing finds a certificate that already says the same.
func standing(tx *db.Tx, c Certificate) (Certificate, bool, error) {
	all, err := ofVolunteer(tx, c.District, c.Volunteer)
	for _, other := range all {
		same := other.From == c.From && other.To == c.To && other.Remark == c.Remark
		waits := other.State == Applied || other.State == Accepted
		if same && (waits || other.Stands() && other.Doubt == "" && other.Minutes == c.Minutes && other.Paper.honoured() == c.Paper.honoured()) {
			return other, true, err
		}
	}
	return Certificate{}, false, err
}

// issueNow takes the steps of handler and head for a volunteer who helps themselves.
func (s *Service) issueNow(tx *db.Tx, sign signer, i issuance, d draft, c *Certificate) error {
	if err := s.step(tx, access.System(), c, StepAcceptance, func() error { c.AcceptedAt = tx.Now(); return nil }); err != nil {
		return err
	}
	return s.step(tx, access.System(), c, StepIssue, func() error { return issue(tx, sign, i, d, c) })
}

// step makes one step of the process; change alters the row before it is saved.
func (s *Service) step(tx *db.Tx, who access.Who, c *Certificate, name string, change func() error) error {
	return Process.Do(tx, who, c, process.Move{Step: name, Check: change, Data: event.Data{"volunteer": c.Volunteer}, Save: func(to process.State) (bool, error) {
		c.State = to
		return save(tx, c)
	}})
}

// issue puts number, content and signature on a certificate.
func issue(tx *db.Tx, sign signer, i issuance, d draft, c *Certificate) error {
	if len(d.rows) == 0 {
		return errNothing(*c)
	}
	day := calendar.DayOf(i.now).String()
	last, err := lastSerial(tx, c.District, c.Community, day)
	if err != nil {
		return err
	}
	if moved, err := takeSerials(tx, c.District, c.Community, day, last, 1); err != nil || !moved {
		return orBusy(err)
	}
	list, err := lastList(tx, c.District)
	if err != nil {
		return err
	}
	list, index, err := freePlace(tx, c.District, list, nil)
	if err != nil {
		return err
	}
	paper := d.Paper
	d.Certificate = *c
	d.Certificate.Paper, d.Certificate.Minutes = paper, paper.Minutes
	sealed, err := sign.seal(d, i, last+1, list, index)
	if err != nil {
		return err
	}
	sealed.at, sealed.who = c.at, c.who
	*c = sealed.Certificate
	return insertRows(tx, c.District, c.ID, d.rows)
}

func orBusy(err error) error {
	if err != nil {
		return err
	}
	return fault.Busy("同时开证明的人多，请再点一次。")
}

func tell(tx *db.Tx, actor string, c Certificate, act string) {
	event.Append(tx, event.Event{
		District: c.District, Community: c.Community, Actor: actor, Act: act, Kind: Process.Name, Subject: c.ID,
		Data: event.Data{"volunteer": c.Volunteer},
	})
}

// Accept is 受理: the handler has looked at what is asked for.
func (s *Service) Accept(ctx context.Context, who access.Who, id string) (Certificate, error) {
	return s.move(ctx, who, id, StepAcceptance, func(tx *db.Tx, c *Certificate) error {
		c.AcceptedAt, c.Handler = tx.Now(), who.Person
		return c.byOthers(who)
	})
}

// byOthers refuses the steps of handler and head to whom the certificate is about.
func (c Certificate) byOthers(who access.Who) error {
	if who.Person == c.Volunteer {
		return fault.Forbidden("自己的证明要由别人来办。")
	}
	return nil
}

// steps are those that who looks at it may take now.
func (c Certificate) steps() []process.Step {
	return Process.Actions(c.who, &c, func(s process.Step) bool { return s.Permission != access.CertificateIssue || c.byOthers(c.who) == nil })
}

// Issue is 开具: the head issues what was accepted.
func (s *Service) Issue(ctx context.Context, who access.Who, id string) (Certificate, error) {
	sign, unready := s.issuer.Ready(ctx)
	return s.move(ctx, who, id, StepIssue, func(tx *db.Tx, c *Certificate) error {
		if unready != nil {
			return unready
		}
		if err := c.byOthers(who); err != nil {
			return err
		}
		two, err := rule.Value(tx, c.District, c.at.Path, rule.CertificateTwo)
		if err != nil {
			return err
		}
		if two == 1 && c.Handler == who.Person {
			return fault.Conflict("这张是您受理的，开具要换一个人（负责人）。")
		}
		p, v, _, err := s.subject(tx, who, c.Volunteer)
		if err != nil {
			return err
		}
		i, err := issuanceAt(tx, c.at)
		if err != nil {
			return err
		}
		has, err := star.Of(tx, p.District, p.ID)
		if err != nil {
			return err
		}
		d, err := i.draw(tx, *c, p, v, has)
		if err != nil {
			return err
		}
		names, err := person.Many(tx, who.District, []string{c.Handler, who.Person})
		if err != nil {
			return err
		}
		d.Paper.Handler, c.Head = names[c.Handler].Name, who.Person
		if d.Paper.Head == "" {
			d.Paper.Head = names[who.Person].Name
		}
		return issue(tx, sign, i, d, c)
	})
}

// Refuse says why there is none.
func (s *Service) Refuse(ctx context.Context, who access.Who, id, reason string) (Certificate, error) {
	return s.move(ctx, who, id, StepRefusal, ended(who, reason))
}

// Withdraw is the volunteer's own: they do not want it any more.
func (s *Service) Withdraw(ctx context.Context, who access.Who, id string) (Certificate, error) {
	return s.move(ctx, who, id, StepWithdrawal, func(tx *db.Tx, c *Certificate) error {
		c.EndedAt, c.EndedBy = tx.Now(), who.Person
		return nil
	})
}

// Revoke takes a certificate back, for everybody who looks it up from now on.
func (s *Service) Revoke(ctx context.Context, who access.Who, id, reason string) (Certificate, error) {
	return s.move(ctx, who, id, StepRevocation, ended(who, reason))
}

func ended(who access.Who, reason string) func(*db.Tx, *Certificate) error {
	return func(tx *db.Tx, c *Certificate) error {
		c.EndedAt, c.EndedBy, c.Reason, c.Doubt = tx.Now(), who.Person, strings.TrimSpace(reason), ""
		if c.Reason == "" {
			return fault.Invalid("reason", "请写原因。")
		}
		return nil
	}
}

// MayKeep says whether somebody may decide what becomes of it while it is in doubt.
func (c Certificate) MayKeep(who access.Who) bool {
	return c.byOthers(who) == nil && access.May(who, access.CertificateRevoke, c.ProcessTarget())
}

// Keep says that a certificate in doubt stands nevertheless.
func (s *Service) Keep(ctx context.Context, who access.Who, id string) (Certificate, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (Certificate, error) {
		c, err := seek(tx, who, id)
		if err == nil {
			err = access.Check(who, access.CertificateRevoke, c.ProcessTarget())
		}
		if err == nil {
			err = c.byOthers(who)
		}
		if err != nil {
			return c, err
		}
		if c.Doubt == "" || !c.Stands() {
			return c, fault.Conflict("这张证明没有什么要核对的。")
		}
		c.Doubt = ""
		if saved, err := save(tx, &c); err != nil || !saved {
			return c, orBusy(err)
		}
		if err := followRows(tx, c); err != nil {
			return c, err
		}
		tell(tx, who.Person, c, "certificate.keep")
		return c, nil
	})
}

func (s *Service) move(ctx context.Context, who access.Who, id, step string, change func(*db.Tx, *Certificate) error) (Certificate, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (Certificate, error) {
		c, err := seek(tx, who, id)
		if err != nil {
			return c, err
		}
		err = s.step(tx, who, &c, step, func() error { return change(tx, &c) })
		return c, err
	})
}

// seek finds a certificate that who may know of.
func seek(tx *db.Tx, who access.Who, id string) (Certificate, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Certificate{}, err
	}
	for _, district := range districts {
		c, found, err := get(tx, district, id)
		if err != nil {
			return c, err
		}
		if !found {
			continue
		}
		if c.at, err = place.Get(tx, c.Community); err != nil {
			return c, err
		}
		if c.who = who; access.May(who, access.CertificateRead, c.ProcessTarget()) {
			return c, nil
		}
	}
	return Certificate{}, fault.NotFound("没有这张证明，或者它不归您看。")
}

// Show is one certificate, for its volunteer and the station.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (c Certificate, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err = seek(tx, who, id)
		return err
	})
	return c, err
}

// Own is what a volunteer finds about their certificates.
type Own struct {
	List  []Certificate
	Today calendar.Day
	Self  bool  // they are issued at once
	Year  int64 // minutes that count this year
	All   int64 // minutes that ever counted
	First calendar.Day
}

// Mine lists who's own certificates.
func (s *Service) Mine(ctx context.Context, who access.Who) (out Own, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = Own{Today: calendar.DayOf(tx.Now())}
		if out.List, err = ofVolunteer(tx, who.District, who.Person); err != nil {
			return err
		}
		for n := range out.List {
			c := &out.List[n]
			if c.at, err = place.Get(tx, c.Community); err != nil {
				return err
			}
			c.who = who
		}
		return s.counted(tx, who, &out)
	})
	return out, err
}

// Public is what anybody may know of a certificate.
type Public struct {
	Number      string
	From, To    calendar.Day
	Minutes     int64
	State       process.State
	Unit        string
	IssuedAt    time.Time
	NoticeUntil time.Time
	EndedAt     time.Time
}

// Check is the public page of a code.
func (s *Service) Check(ctx context.Context, code string) (out Public, err error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	district, ok := districtOfCode(code)
	if !ok {
		return out, errNoCode()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, found, err := byCode(tx, district, code)
		if err != nil {
			return err
		}
		if !found || c.Number == "" {
			return errNoCode()
		}
		out = Public{c.Number, c.From, c.To, c.Minutes, c.State, c.Paper.Unit, c.IssuedAt, c.NoticeUntil, c.EndedAt}
		return nil
	})
	return out, err
}

func errNoCode() error {
	return fault.NotFound("没有这个核对码的证明。请对着证明上的核对码再看一眼，一共 %d 位。", 6+codeLetters)
}
