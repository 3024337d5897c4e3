package record

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Kinds of objections.
const (
	AgainstNotice = "objection"  // anybody's, while the row is in public notice
	OwnWish       = "correction" // the volunteer's own, at any time
)

// Objection is somebody's word that a row is wrong, and the answer.
type Objection struct {
	District  int
	ID        string
	Version   int64
	Kind      string
	Record    string
	Volunteer string
	Community string
	AskedBy   string
	Words     string
	State     process.State
	AskedAt   time.Time
	DueAt     time.Time // by when it is answered
	DecidedBy string
	DecidedAt time.Time
	Answer    string

	at access.Target
}

// ProcessID, ProcessState, ProcessTarget and ProcessCommunity make an objection the
// subject of its process.
func (o *Objection) ProcessID() string            { return o.ID }
func (o *Objection) ProcessState() process.State  { return o.State }
func (o *Objection) ProcessTarget() access.Target { return o.at }
func (o *Objection) ProcessCommunity() string     { return o.Community }

// cause is the name under which it holds its row.
func (o *Objection) cause() string { return "objection:" + o.ID }

// Complaint is what somebody says against a row.
type Complaint struct {
	Record string `json:"record" label:"哪一条记录" required:"true" maxLength:"64"`
	Words  string `json:"words" label:"哪里不对" required:"true" maxLength:"500" lines:"true" example:"那天下午他在外地"`
}

// Object takes an objection to a row in public notice, or the volunteer's wish for a
// correction of their own row at any time. An objection keeps the row from counting
// and its points from being spent until it is answered.
func (s *Service) Object(ctx context.Context, who access.Who, in Complaint) (ObjectionView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (ObjectionView, error) {
		o, err := ObjectTx(tx, who, in)
		if err != nil {
			return ObjectionView{}, err
		}
		return viewObjection(tx, who, o)
	})
}

// ObjectTx is Object inside the caller's transaction.
func ObjectTx(tx *db.Tx, who access.Who, in Complaint) (*Objection, error) {
	r, err := disputed(tx, who, in.Record)
	if err != nil {
		return nil, err
	}
	words := identity.CleanText(in.Words)
	if words == "" {
		return nil, fault.Invalid("words", "请写哪里不对。")
	}
	days, err := rule.Value(tx, r.District, r.PlacePath, rule.AnswerObjection)
	if err != nil {
		return nil, err
	}
	o := &Objection{
		District: r.District, ID: tx.NewID(), Version: 1, Kind: AgainstNotice, Record: r.ID, Volunteer: r.Volunteer, Community: r.Community,
		AskedBy: who.Person, Words: words, State: Open, AskedAt: tx.Now(), DueAt: calendar.AddWorkdays(tx.Now(), int(days)),
	}
	if who.Person == r.Volunteer {
		o.Kind = OwnWish
	}
	fresh, err := insertObjection(tx, o)
	if err == nil && !fresh {
		err = fault.Conflict("您已经说过这一条了，正在等答复。")
	}
	if err != nil {
		return nil, err
	}
	event.Append(tx, event.Event{District: r.District, Community: r.Community, Actor: who.Person, Act: "objection.asked", Kind: "record", Subject: r.ID,
		Data: event.Data{"objection": o.ID, "kind": o.Kind}})
	if o.at, err = r.target(tx, who); err != nil || o.Kind == OwnWish {
		return o, err
	}
	return o, Hold(tx, r, o.cause())
}

// disputed finds the row that somebody speaks against: in public notice, or their own.
func disputed(tx *db.Tx, who access.Who, id string) (Record, error) {
	r, found, err := get(tx, who.District, id)
	if err != nil {
		return r, err
	}
	if !found {
		return r, fault.NotFound("没有这条服务记录。")
	}
	state, err := standing(tx, []Record{r})
	if err != nil {
		return r, err
	}
	own, public := who.Person == r.Volunteer, r.CountsAt.After(tx.Now())
	switch {
	case !own && !public:
		return r, fault.NotFound("这一条不在公示里。公示过了还想反映，请找服务站。")
	case state[r.ID] == Corrected || state[r.ID] == Withdrawn || r.Withdraws():
		return r, fault.Conflict("这条记录已经更正或者作废过了。")
	}
	p, err := place.Get(tx, r.Community)
	r.PlacePath = p.Path
	return r, err
}

// Decision is the answer to an objection.
type Decision struct {
	Outcome    string `json:"outcome" label:"怎么办" required:"true" enum:"correction,withdrawal,rejection" doc:"correction 更正，withdrawal 作废，rejection 不改" example:"rejection"`
	Answer     string `json:"answer" label:"答复" required:"true" maxLength:"500" lines:"true" example:"问过两边，时间没错"`
	Correction        // of the row, when the outcome is a correction; its reason is the answer
}

// Answer decides an objection.
func (s *Service) Answer(ctx context.Context, who access.Who, id string, in Decision) (ObjectionView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (ObjectionView, error) {
		o, err := seekObjection(tx, who, id)
		if err != nil {
			return ObjectionView{}, err
		}
		if err := AnswerTx(tx, who, o, in); err != nil {
			return ObjectionView{}, err
		}
		return viewObjection(tx, who, o)
	})
}

// AnswerTx is Answer inside the caller's transaction. Nobody decides about their own
// record, what they entered themselves, or their own objection.
func AnswerTx(tx *db.Tx, who access.Who, o *Objection, in Decision) error {
	r, err := Get(tx, o.District, o.Record)
	if err != nil {
		return err
	}
	answer := identity.CleanText(in.Answer)
	return Objections.Do(tx, who, o, process.Move{
		Step: in.Outcome,
		Check: func() error {
			switch {
			case slices.Contains([]string{o.Volunteer, o.AskedBy, r.EnteredBy}, who.Person):
				return fault.Forbidden("这件事和您有关，要由别人来答复。")
			case answer == "":
				return fault.Invalid("answer", "请写答复。")
			}
			return nil
		},
		Save: func(to process.State) (bool, error) {
			o.State, o.DecidedBy, o.DecidedAt, o.Answer = to, who.Person, tx.Now(), answer
			return saveObjection(tx, o)
		},
		Effect: func() error { return o.follow(tx, who, r, in, answer) },
		Data:   map[string]any{"record": o.Record, "outcome": in.Outcome, "asked_by": o.AskedBy, "volunteer": o.Volunteer},
	})
}

// follow does what the decision says.
func (o *Objection) follow(tx *db.Tx, who access.Who, r Record, in Decision, answer string) error {
	if err := o.release(tx, r); err != nil {
		return err
	}
	reason := []rune(answer)
	in.Reason = string(reason[:min(len(reason), reasonMost)])
	switch in.Outcome {
	case StepCorrection:
		_, err := CorrectTx(tx, who, r, in.Correction)
		return err
	case StepWithdrawal:
		return WithdrawTx(tx, who, r, in.Reason)
	}
	return nil
}

// release ends what the objection holds; a wish of the volunteer's own holds nothing.
func (o *Objection) release(tx *db.Tx, r Record) error {
	if o.Kind == OwnWish {
		return nil
	}
	return Release(tx, r, o.cause())
}

// Retract takes an objection back; only who made it may.
func (s *Service) Retract(ctx context.Context, who access.Who, id string) (ObjectionView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (ObjectionView, error) {
		o, err := seekObjection(tx, who, id)
		if err != nil {
			return ObjectionView{}, err
		}
		r, err := Get(tx, o.District, o.Record)
		if err != nil {
			return ObjectionView{}, err
		}
		err = Objections.Do(tx, who, o, process.Move{
			Step: StepRetraction,
			Check: func() error {
				if o.AskedBy != who.Person {
					return fault.Forbidden("谁提的由谁收回。")
				}
				return nil
			},
			Save: func(to process.State) (bool, error) {
				o.State, o.DecidedBy, o.DecidedAt = to, who.Person, tx.Now()
				return saveObjection(tx, o)
			},
			Effect: func() error { return o.release(tx, r) },
		})
		if err != nil {
			return ObjectionView{}, err
		}
		return viewObjection(tx, who, o)
	})
}

// ShowObjection is one objection, for who made it, whom it is about, and who decides.
func (s *Service) ShowObjection(ctx context.Context, who access.Who, id string) (v ObjectionView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		o, err := seekObjection(tx, who, id)
		if err != nil {
			return err
		}
		v, err = viewObjection(tx, who, o)
		return err
	})
	return v, err
}

func seekObjection(tx *db.Tx, who access.Who, id string) (*Objection, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return nil, err
	}
	for _, district := range districts {
		o, found, err := getObjection(tx, district, id)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		p, err := place.Get(tx, o.Community)
		if err != nil {
			return nil, err
		}
		o.at = p.Target()
		if o.AskedBy == who.Person || o.Volunteer == who.Person || access.May(who, access.RecordRead, o.at) {
			return &o, nil
		}
	}
	return nil, fault.NotFound("没有这条异议。")
}

// OpenObjections lists what waits for an answer in a community, the most urgent
// first.
func OpenObjections(tx *db.Tx, district int, community string, limit int) ([]Objection, error) {
	return db.All(tx, scanObjection, `SELECT `+objectionColumns+` FROM objection
		WHERE district = $1 AND community = $2 AND state = 'open' ORDER BY due_at, id LIMIT $3`, district, community, limit)
}

const objectionColumns = `district, id, version, kind, record, volunteer, community, asked_by, words, state, asked_at, due_at, decided_by, decided_at, answer`

// insertObjection writes o unless the same person has one open about the same row.
func insertObjection(tx *db.Tx, o *Objection) (bool, error) {
	n, err := tx.Exec(`INSERT INTO objection (`+objectionColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'',NULL,'')
		ON CONFLICT (district, record, asked_by) WHERE decided_at IS NULL DO NOTHING`,
		o.District, o.ID, o.Version, o.Kind, o.Record, o.Volunteer, o.Community, o.AskedBy, o.Words, string(o.State), o.AskedAt.UnixMilli(), o.DueAt.UnixMilli())
	return n == 1, err
}

func saveObjection(tx *db.Tx, o *Objection) (bool, error) {
	n, err := tx.Exec(`UPDATE objection SET version = version + 1, state = $4, decided_by = $5, decided_at = $6, answer = $7
		WHERE district = $1 AND id = $2 AND version = $3 AND state = 'open'`,
		o.District, o.ID, o.Version, string(o.State), o.DecidedBy, o.DecidedAt.UnixMilli(), o.Answer)
	o.Version++
	return n == 1, err
}

func getObjection(tx *db.Tx, district int, id string) (Objection, bool, error) {
	return db.One(tx, scanObjection, `SELECT `+objectionColumns+` FROM objection WHERE district = $1 AND id = $2`, district, id)
}

// objectionsTo lists what was said about a row, the newest first.
func objectionsTo(tx *db.Tx, district int, record string) ([]Objection, error) {
	return db.All(tx, scanObjection, `SELECT `+objectionColumns+` FROM objection
		WHERE district = $1 AND record = $2 ORDER BY asked_at DESC, id DESC`, district, record)
}

// objectionsBy lists what somebody said, the newest first.
func objectionsBy(tx *db.Tx, district int, person string, limit int) ([]Objection, error) {
	return db.All(tx, scanObjection, `SELECT `+objectionColumns+` FROM objection
		WHERE district = $1 AND asked_by = $2 ORDER BY asked_at DESC, id DESC LIMIT $3`, district, person, limit)
}

func scanObjection(s db.Scanner) (o Objection, err error) {
	var asked, due int64
	var decided *int64
	err = s.Scan(&o.District, &o.ID, &o.Version, &o.Kind, &o.Record, &o.Volunteer, &o.Community, &o.AskedBy, &o.Words, &o.State,
		&asked, &due, &o.DecidedBy, &decided, &o.Answer)
	o.AskedAt, o.DueAt = time.UnixMilli(asked).UTC(), time.UnixMilli(due).UTC()
	if decided != nil {
		o.DecidedAt = time.UnixMilli(*decided).UTC()
	}
	return o, err
}
