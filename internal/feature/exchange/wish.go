package exchange

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// WishView is a wish as people see it.
type WishView struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Votes  int64  `json:"votes" doc:"几个人想要"`
	Mine   bool   `json:"mine" doc:"您也想要"`
	State  string `json:"state" enum:"open,offered,declined"`
	Answer string `json:"answer,omitempty"`
}

func (w Wish) view() WishView {
	return WishView{w.ID, w.Name, w.Votes, w.Mine, w.State, w.Answer}
}

// Poll is the wishes of a community.
type Poll struct {
	Place   place.Place
	Wishes  []WishView
	Manages bool
}

// Wishes lists what the people of a community would like to exchange points for.
func (s *Service) Wishes(ctx context.Context, who access.Who, at string) (out Poll, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out.Wishes = []WishView{}
		me, err := person.Get(tx, who.District, who.Person)
		if err != nil {
			return err
		}
		if out.Place, err = shelfAt(tx, who, me, at); err != nil {
			return err
		}
		out.Manages = access.May(who, access.ExchangeWrite, out.Place.Target())
		all, err := wishesAt(tx, out.Place.District, out.Place.ID, who.Person)
		for _, w := range all {
			out.Wishes = append(out.Wishes, w.view())
		}
		return err
	})
	return out, err
}

// Wish says what somebody would like; what was wished for already gets their voice.
func (s *Service) Wish(ctx context.Context, who access.Who, name string) (WishView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (WishView, error) {
		me, err := person.Get(tx, who.District, who.Person)
		if err != nil {
			return WishView{}, err
		}
		home, err := place.Own(tx, me.Place)
		if err != nil {
			return WishView{}, err
		}
		w := Wish{District: me.District, ID: tx.NewID(), Place: home.ID, Name: identity.CleanLine(name), AskedBy: me.ID, AskedAt: tx.Now(), State: WishOpen}
		if w.Name == "" {
			return WishView{}, fault.Invalid("name", "想换什么，写一下。")
		}
		fresh, err := insertWish(tx, w)
		if err != nil {
			return WishView{}, err
		}
		if !fresh {
			if w.ID, _, err = wishNamed(tx, w.District, w.Place, w.Name); err != nil {
				return WishView{}, err
			}
		}
		tell(tx, who, home, "wish.add", "wish", w.ID, nil)
		return voted(tx, who, w, true)
	})
}

// Vote adds who's voice to a wish of their community, or takes it back: one person,
// one voice.
func (s *Service) Vote(ctx context.Context, who access.Who, id string, on bool) (WishView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (WishView, error) {
		w, err := homeWish(tx, who, id)
		if err != nil {
			return WishView{}, err
		}
		return voted(tx, who, w, on)
	})
}

func voted(tx *db.Tx, who access.Who, w Wish, on bool) (WishView, error) {
	if err := vote(tx, w, who.Person, on); err != nil {
		return WishView{}, err
	}
	w, _, err := readWish(tx, w.District, w.ID, who.Person)
	return w.view(), err
}

// homeWish is a wish of the community in which who lives.
func homeWish(tx *db.Tx, who access.Who, id string) (Wish, error) {
	w, found, err := readWish(tx, who.District, id, who.Person)
	if err != nil {
		return w, err
	}
	me, err := person.Get(tx, who.District, who.Person)
	if err == nil && (!found || me.Community != w.Place) {
		err = fault.NotFound("您的社区没有这个心愿。")
	}
	return w, err
}

// Decline answers a wish that will not be met; what is met is answered by a reward.
func (s *Service) Decline(ctx context.Context, who access.Who, id, answer string) (WishView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (WishView, error) {
		w, p, err := managedWish(tx, who, id)
		if err != nil {
			return WishView{}, err
		}
		if w.Answer = identity.CleanLine(answer); w.Answer == "" {
			return WishView{}, fault.Invalid("answer", "为什么办不到，写一句。")
		}
		w.State = WishDeclined
		tell(tx, who, p, "wish.decline", "wish", w.ID, event.Data{})
		return w.view(), answerWish(tx, w, w.State, w.Answer)
	})
}

func managedWish(tx *db.Tx, who access.Who, id string) (Wish, place.Place, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Wish{}, place.Place{}, err
	}
	for _, district := range districts {
		w, found, err := readWish(tx, district, id, who.Person)
		if err != nil || !found {
			if err != nil {
				return w, place.Place{}, err
			}
			continue
		}
		p, err := place.Get(tx, w.Place)
		if err == nil {
			err = access.Check(who, access.ExchangeWrite, p.Target())
		}
		return w, p, err
	}
	return Wish{}, place.Place{}, fault.NotFound("没有这个心愿。")
}
