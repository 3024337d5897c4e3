package star_test

import (
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/star"
	"linli/internal/kit/db"
)

// put writes a star that waits for a level, for somebody who may be no volunteer yet.
func (s *stage) put(name string, level place.Level) (id string) {
	s.t.Helper()
	s.Write(func(tx *db.Tx) error {
		id = tx.NewID()
		_, err := tx.Exec(`INSERT INTO star_case (district, id, version, volunteer, community, star, year, minutes, level, workdays, state, made_at, approved_by, answer)
			VALUES ($1, $2, 1, $3, $4, 3, 0, 36000, $5, 5, 'proposed', $6, '', '')`, 130104, id, s.Person(name).ID, town.Community, string(level), tx.Now().UnixMilli())
		return err
	})
	return id
}

// TestNobodyApprovesTheirOwnStar, nor answers what they said themselves, nor an
// objection that the rule gives to another level.
func TestNobodyApprovesTheirOwnStar(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		_, err := s.Decide(ctx, s.who("周敏"), s.put("周敏", place.Community), star.Verdict{Agree: true})
		refused(t, "one's own star", "自己的星级", err)
		c := must(s.Decide(ctx, s.who("冯志远"), s.put("韩立新", place.Street), star.Verdict{Agree: true}))(t)
		c = must(s.Object(ctx, s.who("许文涛"), c.ID, "这些服务不是他做的"))(t)
		answer := star.Answer{Words: "查过了"}
		_, err = s.Rule(ctx, s.who("许文涛"), c.ID, c.Objections[0].ID, answer)
		refused(t, "one's own objection", "要别人来答复", err)
		_, err = s.Rule(ctx, s.who("周敏"), c.ID, c.Objections[0].ID, answer)
		refused(t, "a lower level", "街道", err)
		must(s.Rule(ctx, s.who("冯志远"), c.ID, c.Objections[0].ID, answer))(t)
	})
}

// TestObjectionsEndWithTheNotice, even before the night that gives the star.
func TestObjectionsEndWithTheNotice(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		c := must(s.Decide(t.Context(), s.who("冯志远"), s.put("韩立新", place.Street), star.Verdict{Agree: true}))(t)
		s.clock.Set(c.NoticeEnds.Add(time.Second))
		_, err := s.Object(t.Context(), s.who("陈小梅"), c.ID, "不是他做的")
		refused(t, "after the notice", "不在公示期里", err)
	})
}

// TestAYearlyTableCountsTheYearAlone, and its star stands until the end of the next.
func TestAYearlyTableCountsTheYearAlone(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.done = 200
		s.serves("韩立新", 45) // last year
		s.done = 0
		s.serves("韩立新", 15)
		must(s.SetTable(t.Context(), s.who("罗建平"), star.TableDraft{Place: town.Community, Yearly: true, Hours: []int64{10, 20, 30, 40, 50},
			Approvers: []string{"community", "community", "street", "street", "district"}, Workdays: 5, From: calendar.DayOf(monday)}))(t)
		s.nights(4)
		c := s.only("周敏", star.Proposed)
		if c.Star != 1 || c.Year != 2026 || c.Minutes != 15*60 {
			t.Fatalf("by the year: %+v", c)
		}
		must(s.Decide(t.Context(), s.who("周敏"), c.ID, star.Verdict{Agree: true}))(t)
		s.nights(9)
		for at, want := range map[time.Time]int{s.clock.Now(): 1, monday.AddDate(1, 0, 0): 1, monday.AddDate(2, 0, 0): 0} {
			s.clock.Set(at)
			if st := s.has("韩立新"); st.Star != want {
				t.Errorf("in %d it is %d stars", at.Year(), st.Star)
			}
		}
	})
}

// election is a round with these nominees, in their order, and votes for them.
func (s *stage) election(seats int, votes map[string][]string, names ...string) (r star.RoundView) {
	s.t.Helper()
	ctx, today := s.t.Context(), calendar.DayOf(s.clock.Now())
	r = must(s.Open(ctx, s.who("周敏"), star.RoundDraft{Place: town.Community, Kind: star.Fairest, Seats: seats, NominateTo: today.Add(1), VoteTo: today.Add(3)}))(s.t)
	nominee := map[string]string{}
	for i, name := range names {
		r = must(s.Nominate(ctx, s.who("孟桂兰"), r.ID, star.Nomination{Volunteer: s.Person(name).Phone, Words: "每周陪老人看病"}))(s.t)
		nominee[name] = r.Nominees[i].ID
	}
	s.nights(2)
	for name, voters := range votes {
		for _, voter := range voters {
			r = must(s.Vote(ctx, s.who(voter), r.ID, nominee[name]))(s.t)
		}
	}
	return r
}

// wins counts the winners of a round as it stands.
func (s *stage) wins(r star.RoundView) (winners int, now star.RoundView) {
	s.t.Helper()
	now = must(s.Round(s.t.Context(), s.who("孟桂兰"), r.ID))(s.t)
	for _, n := range now.Nominees {
		if n.Won {
			winners++
		}
	}
	return winners, now
}

// TestSeatsGoToTheMostVotes: who has as many as the last has a seat too, nobody has one
// without a vote, and the order tells nothing before the count.
func TestSeatsGoToTheMostVotes(t *testing.T) {
	for _, c := range []struct {
		name  string
		seats int
		votes map[string][]string
		want  int
	}{
		{"more votes", 1, map[string][]string{"孙淑琴": {"陈小梅", "孟桂兰"}, "林小雨": {"韩立新"}}, 1},
		{"as many votes", 1, map[string][]string{"孙淑琴": {"陈小梅"}, "林小雨": {"韩立新"}}, 2},
		{"one without a vote", 2, map[string][]string{"林小雨": {"陈小梅"}}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, s *stage) {
				r := s.election(c.seats, c.votes, "韩立新", "孙淑琴", "林小雨")
				for i, n := range r.Nominees[1:] {
					if n.ID < r.Nominees[i].ID || n.Votes != nil {
						t.Errorf("before the count: %+v", r.Nominees)
					}
				}
				s.nights(2)
				if got, now := s.wins(r); got != c.want || now.State != star.Notice {
					t.Errorf("%d win: %+v", got, now)
				}
			})
		})
	}
}

// TestAnHonourIsInNoticeForItsDays, and an objection that is upheld takes it; nobody
// answers what is said of themselves.
func TestAnHonourIsInNoticeForItsDays(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		r := s.election(1, map[string][]string{"孙淑琴": {"陈小梅"}}, "孙淑琴")
		s.nights(2)
		s.nights(1)
		if _, now := s.wins(r); now.State != star.Notice {
			t.Fatalf("a day after the count it is %s", now.State)
		}
		r = must(s.Objected(ctx, s.who("林小雨"), r.ID, r.Nominees[0].ID, "不是她"))(t)
		said := r.Nominees[0].Objections[0].ID
		s.Write(func(tx *db.Tx) error { // as if the one who runs it had been put forward
			_, err := tx.Exec(`UPDATE honour_nominee SET volunteer = $3 WHERE district = $1 AND id = $2`, 130104, r.Nominees[0].ID, s.Person("周敏").ID)
			return err
		})
		_, err := s.Answered(ctx, s.who("周敏"), r.ID, r.Nominees[0].ID, said, star.Answer{Words: "不对"})
		refused(t, "of oneself", "关于自己的异议", err)
		must(s.Answered(ctx, s.who("冯志远"), r.ID, r.Nominees[0].ID, said, star.Answer{Uphold: true, Words: "确实不是"}))(t)
		s.nights(10)
		if winners, now := s.wins(r); winners != 0 || now.State != star.None {
			t.Errorf("upheld: %d win, %s", winners, now.State)
		}
	})
}

// TestNominationsEndOnTheirDay, even before the night that opens the vote.
func TestNominationsEndOnTheirDay(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		today := calendar.DayOf(monday)
		r := must(s.Open(t.Context(), s.who("周敏"), star.RoundDraft{Place: town.Community, Kind: star.Idea, Seats: 1, NominateTo: today.Add(1), VoteTo: today.Add(2)}))(t)
		s.clock.Add(48 * time.Hour)
		_, err := s.Nominate(t.Context(), s.who("孟桂兰"), r.ID, star.Nomination{Volunteer: s.Person("韩立新").Phone, Words: "x"})
		refused(t, "too late", "推荐已经结束", err)
		s.nights(0)
		must(s.Round(t.Context(), s.who("孟桂兰"), r.ID))(t)
		s.clock.Add(48 * time.Hour)
		_, err = s.Vote(t.Context(), s.who("孟桂兰"), r.ID, r.ID)
		refused(t, "a vote too late", "不是投票的时候", err)
	})
}
