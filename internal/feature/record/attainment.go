package record

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Kinds of attainments.
const (
	Training = "training" // 令67, article 8
	Award    = "award"    // article 9
)

// Attainment is a training 培训 or an award 表彰奖励 of a volunteer, entered by the
// station on a proof. It is never changed; a wrong one is withdrawn and stays.
type Attainment struct {
	District    int
	ID          string
	Volunteer   string
	Kind        string
	Name        string
	Content     string
	Minutes     int    // of a training
	Giver       string // who held it, who gave it
	Day         calendar.Day
	Proof       string
	EnteredBy   string
	EnteredAt   time.Time
	WithdrawnBy string
	WithdrawnAt time.Time
	Reason      string
}

// Achievement is what the station enters of a training or an award.
type Achievement struct {
	Kind    string       `json:"kind" label:"哪一种" required:"true" enum:"training,award" doc:"training 培训，award 表彰奖励" example:"training"`
	Name    string       `json:"name" label:"名称" required:"true" maxLength:"60" example:"急救培训"`
	Content string       `json:"content" label:"主要内容" maxLength:"200" example:"心肺复苏"`
	Minutes int          `json:"minutes" label:"学了几分钟" minimum:"0" maximum:"100000" doc:"培训才填"`
	Giver   string       `json:"giver" label:"谁办的、谁给的" required:"true" maxLength:"60" example:"区红十字会"`
	Day     calendar.Day `json:"day" label:"哪一天" required:"true" example:"2026-03-05"`
	Proof   string       `json:"proof" label:"凭什么" required:"true" maxLength:"300" example:"看过证书原件，编号 0312"`
}

// Attain enters a training or an award of a volunteer; nobody enters their own.
func (s *Service) Attain(ctx context.Context, who access.Who, volunteer string, in Achievement) (AttainmentView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (AttainmentView, error) {
		p, err := meritTarget(tx, who, volunteer)
		if err != nil {
			return AttainmentView{}, err
		}
		a := Attainment{
			District: p.District, ID: tx.NewID(), Volunteer: p.ID, Kind: in.Kind, Name: identity.CleanLine(in.Name), Content: identity.CleanLine(in.Content),
			Minutes: in.Minutes, Giver: identity.CleanLine(in.Giver), Day: in.Day, Proof: identity.CleanLine(in.Proof),
			EnteredBy: who.Person, EnteredAt: tx.Now(),
		}
		if err := a.check(calendar.DayOf(tx.Now())); err != nil {
			return AttainmentView{}, err
		}
		a.note(tx, who, p.Community, "entered")
		return a.view(say(tx)), insertAttainment(tx, a)
	})
}

func meritTarget(tx *db.Tx, who access.Who, volunteer string) (person.Person, error) {
	p, err := person.Seek(tx, who, volunteer)
	if err != nil {
		return p, err
	}
	home, err := place.Get(tx, p.Community)
	if err != nil {
		return p, err
	}
	at := home.Target()
	if !access.May(who, access.RecordRead, at) {
		return p, fault.NotFound("没有这个人，或者他的服务记录不归您看。")
	}
	if err := access.Check(who, access.RecordMerit, at); err != nil {
		return p, err
	}
	return p, notOwn(who, p.ID)
}

func (a Attainment) check(today calendar.Day) error {
	var wrong []error
	for field, text := range map[string]string{"name": a.Name, "giver": a.Giver, "proof": a.Proof} {
		wrong = append(wrong, identity.Need(field, text))
	}
	if today.Before(a.Day) {
		wrong = append(wrong, fault.Invalid("day", "还没到的日子不能记。"))
	}
	if a.Kind == Award && a.Minutes > 0 {
		wrong = append(wrong, fault.Invalid("minutes", "表彰奖励不记时间。"))
	}
	return fault.Join(wrong...)
}

func (a Attainment) note(tx *db.Tx, who access.Who, community, act string) {
	event.Append(tx, event.Event{District: a.District, Community: community, Actor: who.Person, Act: "attainment." + act, Kind: "attainment", Subject: a.ID,
		Data: event.Data{"volunteer": a.Volunteer, "kind": a.Kind}})
}

// Revoke withdraws a training or an award that was entered wrongly; the row stays.
func (s *Service) Revoke(ctx context.Context, who access.Who, volunteer, id, reason string) (AttainmentView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (AttainmentView, error) {
		p, err := meritTarget(tx, who, volunteer)
		if err != nil {
			return AttainmentView{}, err
		}
		a, err := getAttainment(tx, p, id)
		if err != nil {
			return AttainmentView{}, err
		}
		if a.Reason = identity.CleanLine(reason); a.Reason == "" {
			return AttainmentView{}, fault.Invalid("reason", "请写为什么要作废。")
		}
		n, err := tx.Exec(`UPDATE attainment SET withdrawn_by = $3, withdrawn_at = $4, reason = $5
			WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL`, a.District, a.ID, who.Person, tx.Now().UnixMilli(), a.Reason)
		if err == nil && n == 0 {
			err = fault.Conflict("这一条已经作废了。")
		}
		a.WithdrawnBy, a.WithdrawnAt = who.Person, tx.Now()
		a.note(tx, who, p.Community, "withdrawn")
		return a.view(say(tx)), err
	})
}

// Attainment is one training or award, for whoever may withdraw it.
func (s *Service) Attainment(ctx context.Context, who access.Who, volunteer, id string) (v AttainmentView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := meritTarget(tx, who, volunteer)
		if err != nil {
			return err
		}
		a, err := getAttainment(tx, p, id)
		v = a.view(say(tx))
		return err
	})
	return v, err
}

func getAttainment(tx *db.Tx, p person.Person, id string) (Attainment, error) {
	a, found, err := db.One(tx, scanAttainment, `SELECT `+attainmentColumns+` FROM attainment
		WHERE district = $1 AND volunteer = $2 AND id = $3`, p.District, p.ID, id)
	if err == nil && !found {
		err = fault.NotFound("没有这条培训或者奖励。")
	}
	return a, err
}

// attainmentsMost is how many trainings and awards a page shows of each.
const attainmentsMost = 50

// attainments lists a volunteer's trainings or awards of a period, the newest first.
func attainments(tx *db.Tx, district int, volunteer, kind string, in Period) ([]Attainment, error) {
	from, to := in.From.String(), in.To.String()
	if to == "" {
		to = "9999-12-31"
	}
	return db.All(tx, scanAttainment, `SELECT `+attainmentColumns+` FROM attainment
		WHERE district = $1 AND volunteer = $2 AND kind = $3 AND day >= $4 AND day <= $5 ORDER BY day DESC, id DESC LIMIT $6`,
		district, volunteer, kind, from, to, attainmentsMost)
}

const attainmentColumns = `district, id, volunteer, kind, name, content, minutes, giver, day, proof, entered_by, entered_at, withdrawn_by, withdrawn_at, reason`

func insertAttainment(tx *db.Tx, a Attainment) error {
	_, err := tx.Exec(`INSERT INTO attainment (`+attainmentColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'',NULL,'')`,
		a.District, a.ID, a.Volunteer, a.Kind, a.Name, a.Content, a.Minutes, a.Giver, a.Day.String(), a.Proof, a.EnteredBy, a.EnteredAt.UnixMilli())
	return err
}

func scanAttainment(s db.Scanner) (a Attainment, err error) {
	var day string
	var entered int64
	var withdrawn *int64
	if err = s.Scan(&a.District, &a.ID, &a.Volunteer, &a.Kind, &a.Name, &a.Content, &a.Minutes, &a.Giver, &day, &a.Proof, &a.EnteredBy, &entered,
		&a.WithdrawnBy, &withdrawn, &a.Reason); err != nil {
		return a, err
	}
	a.EnteredAt = time.UnixMilli(entered).UTC()
	if withdrawn != nil {
		a.WithdrawnAt = time.UnixMilli(*withdrawn).UTC()
	}
	return a, a.Day.UnmarshalText([]byte(day))
}
