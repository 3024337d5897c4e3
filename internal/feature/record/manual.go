package record

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Entry is a service entered by hand 补录, until somebody of another unit has judged
// its proof. Approved, it becomes a row of grade M and source manual, for ever.
type Entry struct {
	District   int
	ID         string
	Version    int64
	State      process.State
	Volunteer  string
	Community  string
	Replaces   string // the row that it corrects; empty when it is a new one
	Name       string
	Category   string
	Place      string
	Content    string
	StartedAt  time.Time
	EndedAt    time.Time
	Minutes    int
	Organiser  string // place or organisation id
	InCharge   string // person id
	Reason     string // why it is not in the record yet
	Proof      string // in words; pictures stand beside
	EnteredBy  string
	EnteredFor []string // the units of who entered it: places and organisations
	EnteredAt  time.Time
	DueAt      time.Time // the last moment at which it could be entered (令67, article 11)
	DecidedBy  string
	DecidedFor string // the unit
	DecidedAt  time.Time
	Answer     string

	at access.Target
}

// ProcessID, ProcessState, ProcessTarget and ProcessCommunity make an entry the
// subject of its process.
func (e *Entry) ProcessID() string            { return e.ID }
func (e *Entry) ProcessState() process.State  { return e.State }
func (e *Entry) ProcessTarget() access.Target { return e.at }
func (e *Entry) ProcessCommunity() string     { return e.Community }

// Manual is what somebody enters by hand.
type Manual struct {
	Volunteer string    `json:"volunteer" label:"谁服务的" required:"true" maxLength:"64" doc:"志愿者 person id"`
	Name      string    `json:"name" label:"做了什么" required:"true" maxLength:"60" example:"社区大扫除"`
	Category  string    `json:"category" label:"哪类服务" required:"true" maxLength:"64" example:"haircut"`
	Place     string    `json:"place" label:"在哪儿" maxLength:"64" doc:"不写就是志愿者的社区 place id" example:"130104007003"`
	Content   string    `json:"content" label:"服务内容" required:"true" maxLength:"200" example:"打扫楼道"`
	StartedAt time.Time `json:"started_at" label:"几点开始" required:"true"`
	EndedAt   time.Time `json:"ended_at" label:"几点结束" required:"true"`
	Minutes   int       `json:"minutes" label:"实际几分钟" minimum:"0" maximum:"1440" doc:"不写就是从头到尾"`
	Organiser string    `json:"organiser" label:"哪个队伍组织的" maxLength:"64" doc:"不写就是社区 org id"`
	InCharge  string    `json:"in_charge" label:"谁负责的" maxLength:"64" doc:"不写就是录的人 person id"`
	Replaces  string    `json:"replaces" label:"改哪一条" maxLength:"64" doc:"给已有的一条记录加时间时写 record id"`
	Reason    string    `json:"reason" label:"为什么没当时记" required:"true" maxLength:"200" example:"那天手机没电"`
	Proof     string    `json:"proof" label:"凭什么" maxLength:"500" lines:"true" doc:"证明，用话说；照片可以一起传" example:"签到表上有他的签名"`
}

const minutesOfDay = 24 * 60

// Propose takes a manual entry, with pictures that prove it.
func (s *Service) Propose(ctx context.Context, who access.Who, in Manual, photos ...Photo) (EntryView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (EntryView, error) {
		e, err := ProposeTx(tx, who, in, photos...)
		if err != nil {
			return EntryView{}, err
		}
		return viewEntry(tx, who, e)
	})
}

// ProposeTx is Propose inside the caller's transaction.
func ProposeTx(tx *db.Tx, who access.Who, in Manual, photos ...Photo) (*Entry, error) {
	p, err := person.Seek(tx, who, in.Volunteer)
	if err != nil {
		return nil, fault.Invalid("volunteer", "没有找到这位志愿者。")
	}
	home, err := place.Get(tx, p.Community)
	if err != nil {
		return nil, err
	}
	if err := access.Check(who, access.RecordEnter, home.Target()); err != nil {
		return nil, err
	}
	e := entryOf(tx, who, p, home, in)
	if err := e.check(tx, in, photos, home); err != nil {
		return nil, err
	}
	if err := e.checkFree(tx); err != nil {
		return nil, err
	}
	if err := insertEntry(tx, e); err != nil {
		return nil, err
	}
	event.Append(tx, event.Event{District: e.District, Community: e.Community, Actor: who.Person, Act: "entry.entered", Kind: "entry", Subject: e.ID,
		Data: event.Data{"volunteer": e.Volunteer, "minutes": e.Minutes}})
	return e, insertPhotos(tx, e.District, e.ID, who.Person, photos)
}

func entryOf(tx *db.Tx, who access.Who, p person.Person, home place.Place, in Manual) *Entry {
	e := &Entry{
		District: p.District, ID: tx.NewID(), Version: 1, State: Open, Volunteer: p.ID, Community: p.Community, Replaces: in.Replaces,
		Name: identity.CleanLine(in.Name), Category: in.Category, Place: in.Place, Content: identity.CleanLine(in.Content),
		StartedAt: in.StartedAt.UTC(), EndedAt: in.EndedAt.UTC(), Minutes: in.Minutes, Organiser: in.Organiser, InCharge: in.InCharge,
		Reason: identity.CleanLine(in.Reason), Proof: identity.CleanText(in.Proof),
		EnteredBy: who.Person, EnteredFor: units(who, access.RecordEnter, home.Target()), EnteredAt: tx.Now(), at: home.Target(),
	}
	if e.Minutes == 0 {
		e.Minutes = int(e.EndedAt.Sub(e.StartedAt) / time.Minute)
	}
	for at, usual := range map[*string]string{&e.Place: p.Community, &e.Organiser: p.Community, &e.InCharge: who.Person} {
		if *at == "" {
			*at = usual
		}
	}
	return e
}

// units are the places and organisations for which somebody may do a thing.
func units(who access.Who, p access.Permission, at access.Target) (out []string) {
	for _, g := range who.Grants {
		alone := access.Who{Person: who.Person, District: who.District, Grants: []access.Grant{g}}
		unit := g.Org
		if unit == "" {
			unit = g.Place
		}
		if access.May(alone, p, access.Target{District: at.District, Path: at.Path}) && !slices.Contains(out, unit) {
			out = append(out, unit)
		}
	}
	return out
}

func (e *Entry) check(tx *db.Tx, in Manual, photos []Photo, home place.Place) error {
	days, err := rule.Value(tx, e.District, home.Path, rule.RecordWorkdays)
	if err != nil {
		return err
	}
	e.DueAt = calendar.AddWorkdays(e.EndedAt, int(days))
	span := int((e.EndedAt.Sub(e.StartedAt) + time.Minute - 1) / time.Minute)
	var wrong []error
	bad := func(is bool, field, text string, args ...any) {
		if is {
			wrong = append(wrong, fault.Invalid(field, text, args...))
		}
	}
	_, known := category.ByID(e.Category)
	bad(!known, "category", "没有这种服务。")
	bad(e.Name == "", "name", "请写做了什么。")
	bad(e.Content == "", "content", "请写服务内容。")
	bad(e.Reason == "", "reason", "请写为什么没有当时记。")
	bad(e.Proof == "" && len(photos) == 0, "proof", "补录要有证明：写清楚凭什么，或者传照片。")
	bad(span <= 0, "ended_at", "结束要在开始以后。")
	bad(span > minutesOfDay, "ended_at", "一次服务最多记 24 小时，请一天一天地录。")
	bad(e.EndedAt.After(tx.Now()), "ended_at", "还没发生的服务不能记。")
	bad(span > 0 && (e.Minutes <= 0 || e.Minutes > span), "minutes", "分钟数和起止时间对不上，最多 %d 分钟。", span)
	bad(e.Replaces == "" && !tx.Now().Before(e.DueAt), "ended_at", "服务结束已经过了 %d 个工作日，按规定不能再补录。", days)
	where, err := place.Get(tx, e.Place)
	bad(err != nil || place.DistrictOf(where.ID) != e.District, "place", "没有这个地方。")
	return fault.Join(wrong...)
}

// checkFree is the hard stop: nobody is in two places at once.
func (e *Entry) checkFree(tx *db.Tx) error {
	if e.Replaces != "" {
		old, found, err := get(tx, e.District, e.Replaces)
		switch {
		case err != nil:
		case !found || old.Volunteer != e.Volunteer:
			err = fault.Invalid("replaces", "没有这条服务记录。")
		case !e.StartedAt.Before(old.EndedAt) || !old.StartedAt.Before(e.EndedAt):
			err = fault.Invalid("started_at", "加时间要加在原来那次服务上；别的时间的，另外补录一条。")
		}
		if err != nil {
			return err
		}
	}
	other, overlaps, err := overlapping(tx, e.record())
	if err == nil && overlaps {
		err = overlapFault(other)
	}
	return err
}

// record is the row that an approved entry makes.
func (e *Entry) record() Record {
	return Record{
		District: e.District, Source: "manual:" + e.ID, Volunteer: e.Volunteer, Community: e.Community, Name: e.Name, Category: e.Category,
		Place: e.Place, Content: e.Content, StartedAt: e.StartedAt, EndedAt: e.EndedAt, Minutes: e.Minutes, Grade: "M", Kind: FromHand,
		Organiser: e.Organiser, InCharge: e.InCharge, EnteredBy: e.EnteredBy, Reason: e.Reason, Replaces: e.Replaces, PlacePath: e.at.Path,
	}
}

// Judgement is the word of the second unit.
type Judgement struct {
	Answer string `json:"answer" label:"意见" maxLength:"300" lines:"true" doc:"不批时要写为什么" example:"签到表对得上"`
}

// Approve puts an entry into the record; Refuse does not.
func (s *Service) Approve(ctx context.Context, who access.Who, id string, in Judgement) (EntryView, error) {
	return s.judge(ctx, who, id, StepApproval, in)
}

// Refuse turns an entry down, with a reason.
func (s *Service) Refuse(ctx context.Context, who access.Who, id string, in Judgement) (EntryView, error) {
	return s.judge(ctx, who, id, StepRefusal, in)
}

// TakeUp takes an entry back before it is judged; only who entered it may.
func (s *Service) TakeUp(ctx context.Context, who access.Who, id string) (EntryView, error) {
	return s.judge(ctx, who, id, StepRetraction, Judgement{})
}

func (s *Service) judge(ctx context.Context, who access.Who, id, step string, in Judgement) (EntryView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (EntryView, error) {
		e, err := seekEntry(tx, who, id)
		if err != nil {
			return EntryView{}, err
		}
		if err := JudgeTx(tx, who, e, step, in); err != nil {
			return EntryView{}, err
		}
		return viewEntry(tx, who, e)
	})
}

// JudgeTx makes a step of an entry inside the caller's transaction.
func JudgeTx(tx *db.Tx, who access.Who, e *Entry, step string, in Judgement) error {
	answer, unit := identity.CleanText(in.Answer), ""
	return Entries.Do(tx, who, e, process.Move{
		Step: step,
		Check: func() (err error) {
			if step == StepRetraction {
				return e.mayTakeUp(who)
			}
			if step == StepRefusal && answer == "" {
				return fault.Invalid("answer", "请写为什么不批。")
			}
			unit, err = e.secondUnit(who)
			return err
		},
		Save: func(to process.State) (bool, error) {
			e.State, e.DecidedBy, e.DecidedFor, e.DecidedAt, e.Answer = to, who.Person, unit, tx.Now(), answer
			return saveEntry(tx, e)
		},
		Effect: func() error {
			if step != StepApproval {
				return nil
			}
			return e.book(tx)
		},
		Data: event.Data{"volunteer": e.Volunteer, "entered_by": e.EnteredBy},
	})
}

func (e *Entry) mayTakeUp(who access.Who) error {
	if who.Person != e.EnteredBy {
		return fault.Conflict("谁录的由谁收回。")
	}
	return nil
}

// secondUnit is the unit for which somebody judges: never one for which the entry was
// made, never who made it, never whom it is about.
func (e *Entry) secondUnit(who access.Who) (string, error) {
	if who.Person == e.EnteredBy || who.Person == e.Volunteer {
		return "", fault.Forbidden("自己录的、自己的时间，都要由别人来批。")
	}
	mine := units(who, access.RecordApprove, e.at)
	for _, unit := range units(who, access.RecordEnter, e.at) {
		if slices.Contains(e.EnteredFor, unit) {
			return "", fault.Forbidden("补录要由别的单位来批：您和录的人是一个单位。")
		}
	}
	if len(mine) == 0 {
		return "", fault.Forbidden("您的身份不能办这件事。要办的话，请找服务站。")
	}
	return mine[0], nil
}

// book writes the row.
func (e *Entry) book(tx *db.Tx) error {
	if e.Replaces != "" {
		return e.bookInstead(tx)
	}
	if err := takeTurn(tx, e.record()); err != nil {
		return err
	}
	other, overlaps, err := overlapping(tx, e.record())
	if err == nil && overlaps {
		err = overlapFault(other)
	}
	if err != nil {
		return err
	}
	_, err = Enter(tx, e.record())
	return err
}

// bookInstead puts the row in the place of the one that it corrects.
func (e *Entry) bookInstead(tx *db.Tx) error {
	old, err := Get(tx, e.District, e.Replaces)
	if err != nil {
		return err
	}
	next := e.record()
	next.Order, next.Number, next.Satisfaction = old.Order, old.Number, old.Satisfaction
	_, err = substitute(tx, old, next)
	return err
}

// ShowEntry is one manual entry.
func (s *Service) ShowEntry(ctx context.Context, who access.Who, id string) (v EntryView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		e, err := seekEntry(tx, who, id)
		if err != nil {
			return err
		}
		v, err = viewEntry(tx, who, e)
		return err
	})
	return v, err
}

func seekEntry(tx *db.Tx, who access.Who, id string) (*Entry, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return nil, err
	}
	for _, district := range districts {
		e, found, err := getEntry(tx, district, id)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		p, err := place.Get(tx, e.Community)
		if err != nil {
			return nil, err
		}
		e.at = p.Target()
		if e.EnteredBy == who.Person || e.Volunteer == who.Person || access.May(who, access.RecordRead, e.at) {
			return &e, nil
		}
	}
	return nil, fault.NotFound("没有这条补录。")
}

// OpenEntries lists what waits for another unit in a community, the oldest first.
func OpenEntries(tx *db.Tx, district int, community string, limit int) ([]Entry, error) {
	return db.All(tx, scanEntry, `SELECT `+entryColumns+` FROM manual_entry
		WHERE district = $1 AND community = $2 AND state = 'open' ORDER BY entered_at, id LIMIT $3`, district, community, limit)
}

// EntriesBetween lists what was entered in a span of time anywhere in a district by
// one person, for the look at bulk entries.
func EntriesBetween(tx *db.Tx, district int, by string, from, to time.Time) ([]Entry, error) {
	return db.All(tx, scanEntry, `SELECT `+entryColumns+` FROM manual_entry
		WHERE district = $1 AND entered_by = $2 AND entered_at > $3 AND entered_at <= $4 ORDER BY entered_at, id LIMIT 500`,
		district, by, from.UnixMilli(), to.UnixMilli())
}

const entryColumns = `district, id, version, state, volunteer, community, replaces, name, category, place, content, started_at, ended_at, minutes,
	organiser, in_charge, reason, proof, entered_by, entered_for, entered_at, due_at, decided_by, decided_for, decided_at, answer`

func insertEntry(tx *db.Tx, e *Entry) error {
	_, err := tx.Exec(`INSERT INTO manual_entry (`+entryColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,'','',NULL,'')`,
		e.District, e.ID, e.Version, string(e.State), e.Volunteer, e.Community, e.Replaces, e.Name, e.Category, e.Place, e.Content,
		e.StartedAt.UnixMilli(), e.EndedAt.UnixMilli(), e.Minutes, e.Organiser, e.InCharge, e.Reason, e.Proof,
		e.EnteredBy, strings.Join(e.EnteredFor, " "), e.EnteredAt.UnixMilli(), e.DueAt.UnixMilli())
	return err
}

func saveEntry(tx *db.Tx, e *Entry) (bool, error) {
	n, err := tx.Exec(`UPDATE manual_entry SET version = version + 1, state = $4, decided_by = $5, decided_for = $6, decided_at = $7, answer = $8
		WHERE district = $1 AND id = $2 AND version = $3 AND state = 'open'`,
		e.District, e.ID, e.Version, string(e.State), e.DecidedBy, e.DecidedFor, e.DecidedAt.UnixMilli(), e.Answer)
	e.Version++
	return n == 1, err
}

func getEntry(tx *db.Tx, district int, id string) (Entry, bool, error) {
	return db.One(tx, scanEntry, `SELECT `+entryColumns+` FROM manual_entry WHERE district = $1 AND id = $2`, district, id)
}

func scanEntry(s db.Scanner) (e Entry, err error) {
	var started, ended, entered, due int64
	var decided *int64
	var units string
	err = s.Scan(&e.District, &e.ID, &e.Version, &e.State, &e.Volunteer, &e.Community, &e.Replaces, &e.Name, &e.Category, &e.Place, &e.Content,
		&started, &ended, &e.Minutes, &e.Organiser, &e.InCharge, &e.Reason, &e.Proof, &e.EnteredBy, &units, &entered, &due,
		&e.DecidedBy, &e.DecidedFor, &decided, &e.Answer)
	e.StartedAt, e.EndedAt = time.UnixMilli(started).UTC(), time.UnixMilli(ended).UTC()
	e.EnteredAt, e.DueAt, e.EnteredFor = time.UnixMilli(entered).UTC(), time.UnixMilli(due).UTC(), strings.Fields(units)
	if decided != nil {
		e.DecidedAt = time.UnixMilli(*decided).UTC()
	}
	return e, err
}
