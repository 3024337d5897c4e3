package dispatch

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/order"
	"linli/internal/feature/plan"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// RecruitmentView is a public asking for people.
type RecruitmentView struct {
	ID       string    `json:"id"`
	Place    order.Ref `json:"place"`
	Category order.Ref `json:"category"`
	When     string    `json:"when" doc:"一周里的什么时候"`
	People   int       `json:"people" doc:"发的时候差几个人次"`
	MadeAt   time.Time `json:"made_at"`
	Open     bool      `json:"open" doc:"还在招"`
}

// Wanted is whom a place looks for.
type Wanted struct {
	Place    string `json:"place" label:"哪个社区" required:"true" maxLength:"64" example:"130104007003"`
	Category string `json:"category" label:"会什么" required:"true" maxLength:"64" doc:"服务类别 service id" example:"haircut"`
	Part     string `json:"part" label:"什么时候" required:"true" maxLength:"20" doc:"一周里的什么时候" example:"工作日上午"`
	People   int    `json:"people" label:"差几个人" minimum:"1" maximum:"1000"`
}

// Recruit asks in public for people who are missing in a community. A place asks for
// the same people once.
func (s *Service) Recruit(ctx context.Context, who access.Who, in Wanted) (RecruitmentView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RecruitmentView, error) {
		p, err := place.Get(tx, in.Place)
		if err != nil {
			return RecruitmentView{}, err
		}
		if err := access.Check(who, access.RecruitWrite, p.Target()); err != nil {
			return RecruitmentView{}, err
		}
		if err := in.check(p); err != nil {
			return RecruitmentView{}, err
		}
		n := Recruitment{
			District: p.District, ID: tx.NewID(), Place: p.ID, Category: in.Category, Part: in.Part, People: max(in.People, 1),
			MadeBy: who.Person, MadeAt: tx.Now(),
		}
		made, err := insertRecruitment(tx, n)
		if err == nil && !made {
			err = fault.Conflict("这里已经在招这样的人了。")
		}
		if err != nil {
			return RecruitmentView{}, err
		}
		noteRecruitment(tx, who, n, "made")
		return recruitmentView(tx, n)
	})
}

func (in Wanted) check(p place.Place) error {
	var wrongPlace, wrongService, wrongPart error
	if p.Level != place.Community || !p.Open() {
		wrongPlace = fault.Invalid("place", "招募要写明是哪个社区的。")
	}
	if s, known := category.ByID(in.Category); !known || s.ID == "" {
		wrongService = fault.Invalid("category", "没有这种服务。")
	}
	if !slices.Contains(plan.Parts(), in.Part) {
		wrongPart = fault.Invalid("part", "没有这个时候，请写像“工作日上午”这样的。")
	}
	return fault.Join(wrongPlace, wrongService, wrongPart)
}

func noteRecruitment(tx *db.Tx, who access.Who, n Recruitment, act string) {
	event.Append(tx, event.Event{District: n.District, Community: n.Place, Actor: who.Person,
		Act: "recruitment." + act, Kind: "recruitment", Subject: n.ID, Data: event.Data{"category": n.Category, "part": n.Part}})
}

// EndRecruitment takes an asking back.
func (s *Service) EndRecruitment(ctx context.Context, who access.Who, id string) (RecruitmentView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (RecruitmentView, error) {
		n, err := seekRecruitment(tx, who, id)
		if err != nil {
			return RecruitmentView{}, err
		}
		ended, err := endRecruitment(tx, n, who.Person)
		if err == nil && !ended {
			err = fault.Conflict("这条招募已经收了。")
		}
		if err != nil {
			return RecruitmentView{}, err
		}
		n.Closed = true
		noteRecruitment(tx, who, n, "ended")
		return recruitmentView(tx, n)
	})
}

func seekRecruitment(tx *db.Tx, who access.Who, id string) (Recruitment, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Recruitment{}, err
	}
	for _, district := range districts {
		n, found, err := readRecruitment(tx, district, id)
		if err != nil || !found {
			if err != nil {
				return n, err
			}
			continue
		}
		p, err := place.Get(tx, n.Place)
		if err != nil {
			return n, err
		}
		return n, access.Check(who, access.RecruitWrite, p.Target())
	}
	return Recruitment{}, fault.NotFound("没有这条招募。")
}

// recruitmentsMost is how many askings a place shows.
const recruitmentsMost = 20

// Recruitments lists whom a community looks for.
func (s *Service) Recruitments(ctx context.Context, at string) (out []RecruitmentView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = []RecruitmentView{}
		p, err := place.Get(tx, at)
		if err != nil {
			return err
		}
		all, err := recruitmentsAt(tx, p.District, p.ID, recruitmentsMost)
		if err != nil {
			return err
		}
		for _, n := range all {
			v, err := recruitmentView(tx, n)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

func recruitmentView(tx *db.Tx, n Recruitment) (RecruitmentView, error) {
	names, err := place.Names(tx, n.Place)
	service, _ := category.ByID(n.Category)
	return RecruitmentView{
		ID: n.ID, Place: order.Ref{ID: n.Place, Name: names[n.Place]}, Category: order.Ref{ID: n.Category, Name: ui.T(tx.Context(), service.Name)},
		When: ui.T(tx.Context(), n.Part), People: n.People, MadeAt: n.MadeAt.In(calendar.Zone()), Open: !n.Closed,
	}, err
}
