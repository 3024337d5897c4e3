package record

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Correction is what is right of a row that was wrong. It only ever takes away: more
// time, another volunteer or another day come in as a manual entry, which another
// unit approves.
type Correction struct {
	StartedAt time.Time `json:"started_at" label:"其实几点开始" doc:"不写就不变"`
	EndedAt   time.Time `json:"ended_at" label:"其实几点结束" doc:"不写就不变"`
	Minutes   int       `json:"minutes" label:"其实几分钟" minimum:"0" maximum:"1440" doc:"只能少，不能多；不写就不变" example:"30"`
	Content   string    `json:"content" label:"服务内容" maxLength:"200" doc:"不写就不变"`
	Reason    string    `json:"reason" label:"为什么" required:"true" maxLength:"200" example:"签退晚了"`
}

const reasonMost = 200

// Correct replaces a row by a shorter one that names it.
func (s *Service) Correct(ctx context.Context, who access.Who, id string, in Correction) (ItemView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (ItemView, error) {
		r, err := changeable(tx, who, id)
		if err != nil {
			return ItemView{}, err
		}
		next, err := CorrectTx(tx, who, r, in)
		if err != nil {
			return ItemView{}, err
		}
		return viewOne(tx, next)
	})
}

// Withdraw takes a row out of the record by another that names it.
func (s *Service) Withdraw(ctx context.Context, who access.Who, id, reason string) (ItemView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (ItemView, error) {
		r, err := changeable(tx, who, id)
		if err != nil {
			return ItemView{}, err
		}
		if err := WithdrawTx(tx, who, r, reason); err != nil {
			return ItemView{}, err
		}
		return viewOne(tx, r)
	})
}

// changeable finds a row that who may change; never one of their own.
func changeable(tx *db.Tx, who access.Who, id string) (Record, error) {
	r, err := Seek(tx, who, id)
	if err != nil {
		return r, err
	}
	at, err := r.target(tx, who)
	if err != nil {
		return r, err
	}
	if err := access.Check(who, access.RecordCorrect, at); err != nil {
		return r, err
	}
	return r, notOwn(who, r.Volunteer)
}

// notOwn refuses whoever acts on their own record.
func notOwn(who access.Who, volunteer string) error {
	if who.Person == volunteer {
		return fault.Forbidden("自己的记录要由别人来办。")
	}
	return nil
}

// CorrectTx is Correct inside the caller's transaction, of somebody who may.
func CorrectTx(tx *db.Tx, who access.Who, r Record, in Correction) (Record, error) {
	next := r
	next.Reason, next.EnteredBy = identity.CleanLine(in.Reason), who.Person
	if !in.StartedAt.IsZero() {
		next.StartedAt = in.StartedAt.UTC()
	}
	if !in.EndedAt.IsZero() {
		next.EndedAt = in.EndedAt.UTC()
	}
	span := int((next.EndedAt.Sub(next.StartedAt) + time.Minute - 1) / time.Minute)
	next.Minutes = min(r.Minutes, span)
	if in.Minutes > 0 {
		next.Minutes = in.Minutes
	}
	if text := identity.CleanLine(in.Content); text != "" {
		next.Content = text
	}
	if err := checkCorrection(r, next, span); err != nil {
		return next, err
	}
	return substitute(tx, r, next)
}

func checkCorrection(r, next Record, span int) error {
	switch {
	case next.Reason == "":
		return fault.Invalid("reason", "请写为什么要改。")
	case next.StartedAt.Before(r.StartedAt) || next.EndedAt.After(r.EndedAt):
		return fault.Invalid("started_at", "更正只能在原来的时间里面改；要改到别的时间，请走补录。")
	case next.Minutes > r.Minutes:
		return fault.Invalid("minutes", "更正只能改少，最多 %d 分钟；要加时间，请走补录，由别的单位来批。", r.Minutes)
	case next.Minutes <= 0 || next.Minutes > span:
		return fault.Invalid("minutes", "分钟数和起止时间对不上。")
	}
	return nil
}

// WithdrawTx is Withdraw inside the caller's transaction, of somebody who may.
func WithdrawTx(tx *db.Tx, who access.Who, r Record, reason string) error {
	next := r
	next.Reason, next.EnteredBy, next.Minutes = identity.CleanLine(reason), who.Person, 0
	if next.Reason == "" {
		return fault.Invalid("reason", "请写为什么要作废。")
	}
	_, err := substitute(tx, r, next)
	return err
}

// substitute writes next in the place of r: what r added up to is taken out of every
// sum, what it earned is taken back, and the new row names it. A row is replaced
// once; its successor can be replaced in turn.
func substitute(tx *db.Tx, r, next Record) (Record, error) {
	if err := takeTurn(tx, r); err != nil {
		return next, err
	}
	next.Source, next.Replaces = "instead:"+r.ID, r.ID
	if err := stamp(tx, &next); err != nil {
		return next, err
	}
	if next.Minutes > 0 {
		other, overlaps, err := overlapping(tx, next)
		if err == nil && overlaps {
			err = overlapFault(other)
		}
		if err != nil {
			return next, err
		}
	}
	fresh, err := insert(tx, next)
	if err == nil && !fresh || err == nil && r.Withdraws() {
		err = fault.Conflict("这条记录已经更正或者作废过了。")
	}
	if err != nil {
		return next, err
	}
	if err := tally(tx, r, -1); err != nil {
		return next, err
	}
	return next, follow(tx, r, next)
}

// follow does what follows for the sums, the books and the people.
func follow(tx *db.Tx, r, next Record) error {
	act := "record.withdraw"
	if next.Minutes > 0 {
		act = "record.correct"
		if err := tally(tx, next, 1); err != nil {
			return err
		}
	}
	tell(tx, next, act, event.Data{"minutes": next.Minutes, "replaces": r.ID})
	if err := points.TakeBack(tx, r.District, r.Source, "更正："+r.Name); err != nil {
		return err
	}
	if next.Minutes > 0 {
		return award(tx, next)
	}
	return attest(tx, next, -1)
}

func overlapFault(number string) error {
	if number == "" {
		return fault.Conflict("那段时间已经记了一次服务，一个人不能同时在两个地方。")
	}
	return fault.Conflict("那段时间已经记在 %s 号里了，一个人不能同时在两个地方。", number)
}

// target is the row as something that a permission is asked for.
func (r Record) target(tx *db.Tx, who access.Who) (access.Target, error) {
	p, err := place.Get(tx, r.Community)
	at := p.Target()
	if who.Person != "" && who.Person == r.Volunteer {
		at.Relations = []access.Relation{access.Self}
	}
	return at, err
}

// Seek finds a row by its id alone, for whoever may read it; what who may not know of
// is not found.
func Seek(tx *db.Tx, who access.Who, id string) (Record, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Record{}, err
	}
	for _, district := range districts {
		r, found, err := get(tx, district, id)
		if err != nil {
			return r, err
		}
		if !found {
			continue
		}
		at, err := r.target(tx, who)
		if err != nil || access.May(who, access.RecordRead, at) {
			r.PlacePath = at.Path
			return r, err
		}
	}
	return Record{}, fault.NotFound("没有这条服务记录。")
}

// Get reads a row of a district inside the caller's transaction.
func Get(tx *db.Tx, district int, id string) (Record, error) {
	r, found, err := get(tx, district, id)
	if err == nil && !found {
		err = fault.NotFound("没有这条服务记录。")
	}
	if err != nil {
		return r, err
	}
	p, err := place.Get(tx, r.Community)
	r.PlacePath = p.Path
	return r, err
}

// volunteerName is the masked name of a row's volunteer.
func volunteerName(tx *db.Tx, district int, id string) (string, error) {
	p, err := person.Get(tx, district, id)
	return identity.MaskName(p.Name), err
}
