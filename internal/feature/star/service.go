package star

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/rule"
	"linli/internal/feature/points"
	"linli/internal/feature/record"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

// Service holds the use cases of stars and honours.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

const jobNight = "star.night"

// Schedule registers the periodic work of this package.
func (s *Service) Schedule(r *job.Runner) {
	r.Periodic(jobNight, job.Daily(4*time.Hour, calendar.Zone()), func(ctx context.Context, j *job.Job) error {
		if err := s.Night(ctx, j.District); err != nil {
			return err
		}
		return s.db.Write(ctx, j.Done)
	})
}

// Night proposes stars, gives those whose notice is over, and leads rounds on whose
// day has come.
func (s *Service) Night(ctx context.Context, district int) error {
	if err := s.Award(ctx, district); err != nil {
		return err
	}
	if err := s.Lead(ctx, district); err != nil {
		return err
	}
	return s.Propose(ctx, district)
}

// TableAt is what holds at a place at a moment: the newest version of the nearest
// place above it that has one, else the default.
func TableAt(tx *db.Tx, district int, path string, at time.Time) (Table, error) {
	all, err := tables(tx, district, at)
	return nearest(all, strings.Split(strings.Trim(path, "/"), "/")), err
}

// earned is what somebody's minutes that count are by a table, and of which year.
func earned(tx *db.Tx, district int, volunteer string, t Table) (minutes int64, year int, err error) {
	sum, err := record.Sum(tx, district, volunteer)
	if t.Yearly {
		return sum.CountedYear, calendar.DayOf(tx.Now()).Year, err
	}
	return sum.Counted, 0, err
}

// proposeBatch is how many are proposed in one transaction.
const proposeBatch = 50

// Propose looks at every volunteer of a district who has served long enough for any
// star there, and proposes the highest that their minutes are worth, once.
func (s *Service) Propose(ctx context.Context, district int) error {
	var found []string
	if err := s.db.Read(ctx, func(tx *db.Tx) error {
		found = nil
		least, err := leastHours(tx, district)
		if err != nil {
			return err
		}
		all, err := record.Served(tx, district, least*60)
		if err != nil {
			return err
		}
		for _, id := range all {
			c, err := due(tx, district, id)
			if err != nil {
				return err
			}
			if c.Star > 0 {
				found = append(found, id)
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for part := range slices.Chunk(found, proposeBatch) {
		if err := s.db.Write(ctx, func(tx *db.Tx) error {
			for _, id := range part {
				if _, err := ProposeTx(tx, district, id); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// leastHours is what the first star asks for where it asks for least.
func leastHours(tx *db.Tx, district int) (int64, error) {
	all, err := tables(tx, district, tx.Now())
	least := Default().Hours[0]
	for _, t := range all {
		least = min(least, t.Hours[0])
	}
	return least, err
}

// due is the star that somebody should be proposed for now; Star is 0 when none is.
func due(tx *db.Tx, district int, id string) (Case, error) {
	v, found, err := volunteer.Get(tx, district, id)
	if err != nil || !found || v.Status != volunteer.Active {
		return Case{}, err
	}
	p, err := person.Get(tx, district, id)
	if err != nil {
		return Case{}, err
	}
	t, err := TableAt(tx, district, p.PlacePath, tx.Now())
	if err != nil {
		return Case{}, err
	}
	minutes, year, err := earned(tx, district, id, t)
	if err != nil || t.Of(minutes) == 0 {
		return Case{}, err
	}
	star := t.Of(minutes)
	before, err := casesOf(tx, district, id)
	if err != nil || slices.ContainsFunc(before, func(c Case) bool { return c.Year == year && c.Star >= star }) {
		return Case{}, err
	}
	if got, gate, err := points.GateOf(tx, p); err != nil || got < gate {
		return Case{}, err
	}
	return Case{District: district, Volunteer: id, Community: p.Community, Star: star, Year: year, Minutes: minutes,
		Level: t.Approvers[star-1], Workdays: t.Workdays, State: Proposed, MadeAt: tx.Now()}, nil
}

// ProposeTx proposes the star that is due to somebody now; id is empty when none is.
func ProposeTx(tx *db.Tx, district int, volunteer string) (id string, err error) {
	c, err := due(tx, district, volunteer)
	if err != nil || c.Star == 0 {
		return "", err
	}
	c.ID = tx.NewID()
	fresh, err := insertCase(tx, c)
	if fresh {
		id = c.ID
		event.Append(tx, event.Event{District: district, Community: c.Community, Act: "star.proposal", Kind: "star", Subject: c.ID, Data: event.Data{"star": c.Star}})
	}
	return id, err
}

// seekCase finds a case in the districts that who can see into, with where it is.
func seekCase(tx *db.Tx, who access.Who, id string) (*Case, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return nil, err
	}
	for _, district := range districts {
		c, found, err := readCase(tx, district, id)
		if err != nil || !found {
			if err != nil {
				return nil, err
			}
			continue
		}
		return located(tx, who, c)
	}
	return nil, fault.NotFound("没有这次评星。")
}

// located is a case with where it is and what who is to it. What waits for approval is
// not public yet.
func located(tx *db.Tx, who access.Who, c Case) (*Case, error) {
	at, err := place.Get(tx, c.Community)
	if err != nil {
		return nil, err
	}
	c.path = at.Path
	if who.Person == c.Volunteer {
		c.relations = []access.Relation{access.Self}
	}
	open := c.State == Notice || c.State == Given
	if !access.May(who, access.StarRead, c.ProcessTarget()) && !(open && who.District == c.District) {
		return nil, fault.NotFound("没有这次评星。")
	}
	return &c, nil
}

// Verdict is what an approver says.
type Verdict struct {
	Agree bool   `json:"agree" label:"同意"`
	Words string `json:"words" label:"说明" maxLength:"200" doc:"不同意时要写为什么"`
}

// Decide approves a proposal, which puts it into public notice, or refuses it. Only
// somebody of the level that the rule names may, and nobody for themselves.
func (s *Service) Decide(ctx context.Context, who access.Who, id string, v Verdict) (CaseView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (CaseView, error) {
		c, err := DecideTx(tx, who, id, v)
		if err != nil {
			return CaseView{}, err
		}
		return caseView(tx, who, *c)
	})
}

// DecideTx is Decide inside the caller's transaction.
func DecideTx(tx *db.Tx, who access.Who, id string, v Verdict) (*Case, error) {
	c, err := seekCase(tx, who, id)
	if err == nil {
		err = decide(tx, who, c, v)
	}
	return c, err
}

func decide(tx *db.Tx, who access.Who, c *Case, v Verdict) error {
	words := identity.CleanLine(v.Words)
	step := StepApproval
	if !v.Agree {
		step = StepRefusal
	}
	allowed := func() error {
		if !v.Agree && words == "" {
			return fault.Invalid("words", "为什么不同意，写一句。")
		}
		return mayApprove(tx, who, *c)
	}
	return Process.Do(tx, who, c, process.Move{Step: step, Check: allowed, Data: event.Data{"star": c.Star},
		Save: func(to process.State) (bool, error) {
			c.ApprovedBy, c.ApprovedAt, c.Answer = who.Person, tx.Now(), words
			if to == Notice {
				c.NoticeEnds = calendar.AddWorkdays(tx.Now(), c.Workdays)
			} else {
				c.EndedAt = tx.Now()
			}
			return saveCase(tx, c, to)
		}})
}

// mayApprove holds who against the level that the rule names.
func mayApprove(tx *db.Tx, who access.Who, c Case) error {
	if who.Person == c.Volunteer {
		return fault.Forbidden("自己的星级不能自己批。")
	}
	for _, g := range access.Places(who, access.StarApprove) {
		if !strings.HasPrefix(c.path, g.Path) || g.Path == "" {
			continue
		}
		at, err := place.Get(tx, g.Place)
		if err != nil {
			return err
		}
		if holds(at.Level, c.Level) {
			return nil
		}
	}
	switch c.Level {
	case place.District:
		return fault.Forbidden("这一级星要由区里来批。")
	case place.Street:
		return fault.Forbidden("这一级星要由街道来批。")
	}
	return fault.Forbidden("这一级星要由社区来批。")
}

// awardBatch is how many stars are given in one transaction.
const awardBatch = 50

// Award gives the stars whose notice is over and against which nothing is open.
func (s *Service) Award(ctx context.Context, district int) error {
	after := ""
	for {
		var batch []Case
		if err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if batch, err = ripe(tx, district, awardBatch, after); err != nil {
				return err
			}
			for i := range batch {
				if err := award(tx, &batch[i]); err != nil {
					return err
				}
			}
			return nil
		}); err != nil || len(batch) < awardBatch {
			return err
		}
		after = batch[len(batch)-1].ID
	}
}

func award(tx *db.Tx, c *Case) error {
	open, err := openObjections(tx, c.District, c.ID)
	if err != nil || open > 0 {
		return err
	}
	return Process.Do(tx, access.System(), c, process.Move{Step: StepAward, Data: event.Data{"star": c.Star},
		Save: func(to process.State) (bool, error) {
			c.EndedAt = tx.Now()
			return saveCase(tx, c, to)
		}})
}

func openObjections(tx *db.Tx, district int, subject string) (n int, err error) {
	all, err := objectionsTo(tx, district, subject)
	for _, o := range all {
		if !o.Decided {
			n++
		}
	}
	return n, err
}

// Object says something against a star in public notice; it is not given before that
// is answered.
func (s *Service) Object(ctx context.Context, who access.Who, id, words string) (CaseView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (CaseView, error) {
		c, err := seekCase(tx, who, id)
		if err != nil {
			return CaseView{}, err
		}
		if c.State != Notice || tx.Now().After(c.NoticeEnds) {
			return CaseView{}, fault.Conflict("不在公示期里，不能提异议了。")
		}
		if err := object(tx, who, c.District, c.ID, c.path, words); err != nil {
			return CaseView{}, err
		}
		event.Append(tx, event.Event{District: c.District, Community: c.Community, Actor: who.Person, Act: "star.objection", Kind: "star", Subject: c.ID})
		return caseView(tx, who, *c)
	})
}

// object writes an objection, one a person, with the day by which it is answered.
func object(tx *db.Tx, who access.Who, district int, subject, path, words string) error {
	o := Objection{District: district, ID: tx.NewID(), Subject: subject, Person: who.Person, Words: identity.CleanLine(words), At: tx.Now()}
	if o.Words == "" {
		return fault.Invalid("words", "哪里不对，写一句。")
	}
	days, err := rule.Value(tx, district, path, rule.AnswerObjection)
	if err != nil {
		return err
	}
	o.Due = calendar.AddWorkdays(tx.Now(), int(days))
	fresh, err := insertObjection(tx, o)
	if err == nil && !fresh {
		err = fault.Conflict("您已经提过了，等着答复。")
	}
	return err
}

// Answer is the answer to an objection.
type Answer struct {
	Uphold bool   `json:"uphold" label:"成立" doc:"true 就是不评了"`
	Words  string `json:"words" label:"答复" required:"true" maxLength:"200" example:"查过了，服务是真的"`
}

// Rule answers an objection to a star: when it is upheld the star is refused.
func (s *Service) Rule(ctx context.Context, who access.Who, id, objection string, a Answer) (CaseView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (CaseView, error) {
		c, err := seekCase(tx, who, id)
		if err != nil {
			return CaseView{}, err
		}
		if err := access.Check(who, access.StarApprove, c.ProcessTarget()); err != nil {
			return CaseView{}, err
		}
		if err := mayApprove(tx, who, *c); err != nil {
			return CaseView{}, err
		}
		if err := answer(tx, who, c.District, c.ID, objection, a); err != nil {
			return CaseView{}, err
		}
		if a.Uphold {
			if err := uphold(tx, who, c, a.Words); err != nil {
				return CaseView{}, err
			}
		}
		return caseView(tx, who, *c)
	})
}

func uphold(tx *db.Tx, who access.Who, c *Case, words string) error {
	return Process.Do(tx, who, c, process.Move{Step: StepUphold, Data: event.Data{"star": c.Star},
		Save: func(to process.State) (bool, error) {
			c.EndedAt, c.Answer = tx.Now(), identity.CleanLine(words)
			return saveCase(tx, c, to)
		}})
}

// answer decides an objection, once, and not by whoever made it.
func answer(tx *db.Tx, who access.Who, district int, subject, id string, a Answer) error {
	o, found, err := readObjection(tx, district, id)
	if err == nil && (!found || o.Subject != subject) {
		err = fault.NotFound("没有这条异议。")
	}
	if err != nil {
		return err
	}
	if o.Person == who.Person {
		return fault.Forbidden("自己提的异议，要别人来答复。")
	}
	o.Upheld, o.Answer = a.Uphold, identity.CleanLine(a.Words)
	if o.Answer == "" {
		return fault.Invalid("words", "答复写一句。")
	}
	decided, err := decideObjection(tx, o, who.Person)
	if err == nil && !decided {
		err = fault.Conflict("这条异议已经答复了。")
	}
	return err
}

// Of is what somebody has: the highest star that was given, of all time or of this year
// or the one before, and the honours.
func Of(tx *db.Tx, district int, volunteer string) (Standing, error) {
	all, err := Many(tx, district, volunteer)
	return all[volunteer], err
}

// Many is Of for several; who has nothing is not among them.
func Many(tx *db.Tx, district int, volunteers ...string) (map[string]Standing, error) {
	out := map[string]Standing{}
	if len(volunteers) == 0 {
		return out, nil
	}
	stars, err := givenTo(tx, district, calendar.DayOf(tx.Now()).Year-1, volunteers)
	if err != nil {
		return nil, err
	}
	for _, c := range stars {
		out[c.Volunteer] = Standing{Star: c.Star, Since: c.EndedAt, Year: c.Year}
	}
	honours, err := honoursOf(tx, district, volunteers)
	for _, h := range honours {
		st := out[h.volunteer]
		st.Honours = append(st.Honours, h.Honour)
		out[h.volunteer] = st
	}
	return out, err
}

// TableDraft is a table to be set.
type TableDraft struct {
	Place     string       `json:"place" label:"哪里" required:"true" maxLength:"64" example:"130104007003"`
	Yearly    bool         `json:"yearly" label:"按当年的小时算" doc:"不勾就按一共的小时算"`
	Hours     []int64      `json:"hours" label:"一到五星各要几小时" maxItems:"5" doc:"五个数，一个比一个大"`
	Approvers []string     `json:"approvers" label:"一到五星各由谁批" maxItems:"5" doc:"五个，每个是 community 社区、street 街道或 district 区县"`
	Workdays  int          `json:"workdays" label:"公示几个工作日" required:"true" minimum:"1" maximum:"30" example:"5"`
	From      calendar.Day `json:"from" label:"从哪天起" required:"true" doc:"今天或以后" example:"2026-12-01"`
}

// SetTable adds a version of a place's table from a day on. Stars that were given
// stay.
func (s *Service) SetTable(ctx context.Context, who access.Who, in TableDraft) (TableView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (TableView, error) {
		p, err := SetTableTx(tx, who, in)
		if err != nil {
			return TableView{}, err
		}
		return tableView(tx, p)
	})
}

// SetTableTx is SetTable inside the caller's transaction.
func SetTableTx(tx *db.Tx, who access.Who, in TableDraft) (place.Place, error) {
	p, err := place.Chosen(tx, who, access.StarRule, in.Place)
	if err != nil {
		return p, err
	}
	t, err := in.table(tx.Now())
	if err != nil {
		return p, err
	}
	t.Place = p.ID
	event.Append(tx, event.Event{District: p.District, Community: p.Community(), Actor: who.Person, Act: "star.table", Kind: "place", Subject: p.ID,
		Data: event.Data{"hours": t.hoursText(), "from": in.From.String()}})
	return p, insertTable(tx, p.District, t, who.Person)
}

// table is the draft as a table that holds from now on, or from its day on.
func (in TableDraft) table(now time.Time) (Table, error) {
	t := Table{Yearly: in.Yearly, Workdays: in.Workdays, Since: in.From.Start()}
	if len(in.Hours) != Most || len(in.Approvers) != Most {
		return t, fault.Invalid("hours", "从一星到五星，小时数要一级比一级多。")
	}
	copy(t.Hours[:], in.Hours)
	for i, level := range in.Approvers {
		t.Approvers[i] = place.Level(level)
	}
	today := calendar.DayOf(now)
	if !in.From.Valid() || in.From.Before(today) {
		return t, fault.Invalid("from", "规矩只能从今天或以后算起，评上的星不改。")
	}
	if in.From == today {
		t.Since = now
	}
	return t, t.check()
}
