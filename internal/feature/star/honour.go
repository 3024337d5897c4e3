package star

import (
	"context"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// honourWorkdays is how long the result of a vote is in public notice.
const honourWorkdays = 5

// RoundDraft opens a round.
type RoundDraft struct {
	Place      string       `json:"place" label:"哪里" maxLength:"64" doc:"社区、街道或区县；不写就是您管的第一个"`
	Kind       Kind         `json:"kind" label:"评什么" required:"true" enum:"fairest,idea"`
	Seats      int          `json:"seats" label:"评几位" required:"true" minimum:"1" maximum:"50" example:"3"`
	NominateTo calendar.Day `json:"nominate_to" label:"推荐到哪天" required:"true" example:"2026-12-10"`
	VoteTo     calendar.Day `json:"vote_to" label:"投票到哪天" required:"true" example:"2026-12-20"`
}

// Open opens the round of this year: one of a kind for a place.
func (s *Service) Open(ctx context.Context, who access.Who, in RoundDraft) (RoundView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RoundView, error) {
		p, err := place.Chosen(tx, who, access.HonourRun, in.Place)
		if err != nil {
			return RoundView{}, err
		}
		today := calendar.DayOf(tx.Now())
		if in.NominateTo.Before(today) {
			return RoundView{}, fault.Invalid("nominate_to", "推荐的最后一天不能在今天以前。")
		}
		if !in.NominateTo.Before(in.VoteTo) {
			return RoundView{}, fault.Invalid("vote_to", "投票要在推荐结束以后。")
		}
		r := Round{District: p.District, ID: tx.NewID(), Version: 1, Place: p.ID, Kind: in.Kind, Year: today.Year, Seats: max(1, in.Seats), State: Nominating,
			NominateTo: in.NominateTo, VoteTo: in.VoteTo, at: p}
		fresh, err := insertRound(tx, r)
		if err == nil && !fresh {
			err = fault.Conflict("今年的这项荣誉已经在评了。")
		}
		if err != nil {
			return RoundView{}, err
		}
		event.Append(tx, event.Event{District: r.District, Community: p.Community(), Actor: who.Person, Act: "honour.open", Kind: "honour", Subject: r.ID})
		return roundView(tx, who, r)
	})
}

// seekRound finds a round of the reader's place, or of one that they look after.
func seekRound(tx *db.Tx, who access.Who, id string) (Round, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Round{}, err
	}
	for _, district := range districts {
		r, found, err := readRound(tx, district, id)
		if err != nil || !found {
			if err != nil {
				return r, err
			}
			continue
		}
		if r.at, err = place.Get(tx, r.Place); err != nil {
			return r, err
		}
		if r.District == who.District || access.May(who, access.HonourRun, r.at.Target()) {
			return r, nil
		}
	}
	return Round{}, fault.NotFound("没有这次评选。")
}

// inside says whether who lives in the place of a round: they nominate and vote.
func inside(tx *db.Tx, who access.Who, r Round) error {
	me, err := person.Get(tx, who.District, who.Person)
	if err == nil && (me.District != r.District || !strings.HasPrefix(me.PlacePath, r.at.Path)) {
		err = fault.Forbidden("这次评选由%s的居民推荐和投票。", r.at.Name)
	}
	return err
}

// Nomination puts somebody forward.
type Nomination struct {
	Volunteer string `json:"volunteer" label:"推荐谁" required:"true" maxLength:"64" doc:"志愿者编号，或登记的手机号" example:"13800000000"`
	Words     string `json:"words" label:"为什么" required:"true" maxLength:"300" example:"三年里每周陪老人看病"`
}

// Nominate puts a volunteer of the place forward: others, or oneself.
func (s *Service) Nominate(ctx context.Context, who access.Who, id string, in Nomination) (RoundView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RoundView, error) {
		r, err := seekRound(tx, who, id)
		if err != nil {
			return RoundView{}, err
		}
		if err := inside(tx, who, r); err != nil {
			return RoundView{}, err
		}
		if r.State != Nominating || r.NominateTo.Before(calendar.DayOf(tx.Now())) {
			return RoundView{}, fault.Conflict("推荐已经结束了。")
		}
		v, err := called(tx, r, in.Volunteer)
		if err != nil {
			return RoundView{}, err
		}
		n := Nominee{District: r.District, ID: tx.NewID(), Round: r.ID, Volunteer: v, Words: identity.CleanLine(in.Words), NominatedBy: who.Person}
		if n.Words == "" {
			return RoundView{}, fault.Invalid("words", "为什么推荐他，写一句。")
		}
		fresh, err := insertNominee(tx, n)
		if err == nil && !fresh {
			err = fault.Conflict("已经有人推荐他了。")
		}
		if err != nil {
			return RoundView{}, err
		}
		event.Append(tx, event.Event{District: r.District, Community: r.at.Community(), Actor: who.Person, Act: "honour.nomination", Kind: "honour", Subject: r.ID})
		return roundView(tx, who, r)
	})
}

// called finds a volunteer of a round's place by number or phone.
func called(tx *db.Tx, r Round, text string) (string, error) {
	text = identity.CleanLine(text)
	v, found, err := volunteer.ByNumber(tx, r.District, text)
	if err != nil {
		return "", err
	}
	ids := []string{v.ID}
	if !found {
		people, err := person.ByPhone(tx, r.District, text)
		if err != nil {
			return "", err
		}
		ids = nil
		for _, p := range people {
			ids = append(ids, p.ID)
		}
	}
	known, err := volunteer.Many(tx, r.District, ids)
	if err != nil {
		return "", err
	}
	for _, id := range ids {
		if v, is := known[id]; is && v.Status.Counts() && strings.HasPrefix(v.PlacePath, r.at.Path) {
			return id, nil
		}
	}
	return "", fault.Invalid("volunteer", "这里没有这位志愿者。请填志愿者编号，或登记的手机号。")
}

// Vote gives who's one vote, or moves it.
func (s *Service) Vote(ctx context.Context, who access.Who, id, nominee string) (RoundView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RoundView, error) {
		r, err := seekRound(tx, who, id)
		if err != nil {
			return RoundView{}, err
		}
		if err := inside(tx, who, r); err != nil {
			return RoundView{}, err
		}
		if r.State != Voting || r.VoteTo.Before(calendar.DayOf(tx.Now())) {
			return RoundView{}, fault.Conflict("现在不是投票的时候。")
		}
		if _, err := nomineeOf(tx, r, nominee); err != nil {
			return RoundView{}, err
		}
		if err := castVote(tx, r, who.Person, nominee); err != nil {
			return RoundView{}, err
		}
		return roundView(tx, who, r)
	})
}

func nomineeOf(tx *db.Tx, r Round, id string) (Nominee, error) {
	all, err := nominees(tx, r.District, r.ID)
	for _, n := range all {
		if n.ID == id {
			return n, nil
		}
	}
	if err == nil {
		err = fault.Invalid("nominee", "没有推荐过这一位。")
	}
	return Nominee{}, err
}

// Lead leads the rounds of a district on whose day has come.
func (s *Service) Lead(ctx context.Context, district int) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := openRounds(tx, district)
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].at, err = place.Get(tx, all[i].Place); err != nil {
				return err
			}
			if err := lead(tx, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// lead takes the step of a round that its day asks for.
func lead(tx *db.Tx, r *Round) error {
	today := calendar.DayOf(tx.Now())
	switch {
	case r.State == Nominating && r.NominateTo.Before(today):
		return step(tx, r, StepVoting, "", nil)
	case r.State == Voting && r.VoteTo.Before(today):
		return count(tx, r)
	case r.State == Notice && !tx.Now().Before(r.NoticeEnds):
		return give(tx, r)
	}
	return nil
}

func step(tx *db.Tx, r *Round, name string, to process.State, effect func() error) error {
	return Rounds.Do(tx, access.System(), r, process.Move{Step: name, To: to, Effect: effect,
		Save: func(to process.State) (bool, error) { return saveRound(tx, r, to) }})
}

// count gives the seats to those with the most votes; who has as many as the last of
// them has a seat too, and nobody has one without a vote.
func count(tx *db.Tx, r *Round) error {
	all, err := nominees(tx, r.District, r.ID)
	if err != nil {
		return err
	}
	r.NoticeEnds = calendar.AddWorkdays(tx.Now(), honourWorkdays)
	return step(tx, r, StepCount, "", func() error {
		for i, n := range all {
			n.Won = n.Votes > 0 && (i < r.Seats || n.Votes == all[r.Seats-1].Votes)
			if err := countNominee(tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// give ends a round whose notice is over, unless something is still open against one
// of the winners.
func give(tx *db.Tx, r *Round) error {
	all, err := nominees(tx, r.District, r.ID)
	if err != nil {
		return err
	}
	winners := 0
	for _, n := range all {
		open, err := openObjections(tx, r.District, n.ID)
		if err != nil || open > 0 {
			return err
		}
		if n.Won {
			winners++
		}
	}
	r.EndedAt = tx.Now()
	if winners == 0 {
		return step(tx, r, StepUphold, None, nil)
	}
	return step(tx, r, StepAward, "", nil)
}

// Objected says something against a winner in public notice.
func (s *Service) Objected(ctx context.Context, who access.Who, id, nominee, words string) (RoundView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RoundView, error) {
		r, err := seekRound(tx, who, id)
		if err != nil {
			return RoundView{}, err
		}
		if r.State != Notice || tx.Now().After(r.NoticeEnds) {
			return RoundView{}, fault.Conflict("不在公示期里，不能提异议了。")
		}
		n, err := nomineeOf(tx, r, nominee)
		if err != nil {
			return RoundView{}, err
		}
		if err := object(tx, who, r.District, n.ID, r.at.Path, words); err != nil {
			return RoundView{}, err
		}
		event.Append(tx, event.Event{District: r.District, Community: r.at.Community(), Actor: who.Person, Act: "honour.objection", Kind: "honour", Subject: r.ID})
		return roundView(tx, who, r)
	})
}

// Answered answers an objection to a winner: when it is upheld they win nothing.
func (s *Service) Answered(ctx context.Context, who access.Who, id, nominee, objection string, a Answer) (RoundView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RoundView, error) {
		r, err := seekRound(tx, who, id)
		if err != nil {
			return RoundView{}, err
		}
		if err := access.Check(who, access.HonourRun, r.at.Target()); err != nil {
			return RoundView{}, err
		}
		n, err := nomineeOf(tx, r, nominee)
		if err != nil {
			return RoundView{}, err
		}
		if n.Volunteer == who.Person {
			return RoundView{}, fault.Forbidden("关于自己的异议，要别人来答复。")
		}
		if err := answer(tx, who, r.District, n.ID, objection, a); err != nil {
			return RoundView{}, err
		}
		if a.Uphold {
			n.Won = false
			if err := countNominee(tx, n); err != nil {
				return RoundView{}, err
			}
		}
		return roundView(tx, who, r)
	})
}
