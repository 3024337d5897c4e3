package star_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/webtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone())

// stage is the town with its clock and what tests ask of it.
type stage struct {
	*town.Town
	*star.Service
	t     *testing.T
	clock *clock.Manual
	done  int
}

func open(t *testing.T, d *db.DB, hand *clock.Manual) *stage {
	hand.Set(monday)
	s := &stage{Town: town.Settle(t, d), Service: star.NewService(d), t: t, clock: hand}
	return s
}

func each(t *testing.T, test func(*testing.T, *stage)) {
	t.Helper()
	hand := clock.NewManual(monday)
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, open(t, d, hand)) }, dbtest.Clock(hand), dbtest.With(town.Sound))
}

func (s *stage) who(name string) access.Who {
	s.t.Helper()
	s.Forget(name)
	who, _, err := s.App.Auth.Authenticate(s.t.Context(), s.Token(auth.API, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return who
}

// serves writes records of some hours, eight a day backwards from the last one, whose
// notice is over; Enter gives the points.
func (s *stage) serves(name string, hours int) {
	s.t.Helper()
	s.Write(func(tx *db.Tx) error {
		p, err := place.Get(tx, town.Community)
		if err != nil {
			return err
		}
		path := p.Path
		for left := hours; left > 0; left -= 8 {
			s.done++
			minutes := min(left, 8) * 60
			at := monday.AddDate(0, 0, -2*s.done)
			r := record.Record{District: 130104, Source: fmt.Sprint("visit:", s.done), Kind: record.FromOrder, PlacePath: path, Volunteer: s.Person(name).ID, Community: town.Community,
				Name: "理发", Category: "haircut", Place: town.Community, Content: "理发", StartedAt: at, EndedAt: at.Add(time.Duration(minutes) * time.Minute), Minutes: minutes,
				Grade: "A", Organiser: town.Community}
			if _, err := record.Enter(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// nights lets days pass, and their nights' work be done.
func (s *stage) nights(days int) {
	s.t.Helper()
	s.clock.Add(time.Duration(days) * 24 * time.Hour)
	if err := s.Night(s.t.Context(), 130104); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) cases(as string) []star.CaseView {
	s.t.Helper()
	b, err := s.Board(s.t.Context(), s.who(as), town.Community)
	if err != nil {
		s.t.Fatal(err)
	}
	return b.Items
}

func (s *stage) only(as string, state process.State) star.CaseView {
	s.t.Helper()
	all := s.cases(as)
	if len(all) != 1 || all[0].State != state {
		s.t.Fatalf("want one that is %s, have %+v", state, all)
	}
	return all[0]
}

func refused(t *testing.T, what, says string, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) == fault.KindInternal || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want %q", what, err, says)
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// has is what somebody's stars are.
func (s *stage) has(name string) (out star.Standing) {
	s.t.Helper()
	s.Write(func(tx *db.Tx) (err error) {
		out, err = star.Of(tx, 130104, s.Person(name).ID)
		return err
	})
	return out
}

func TestTables(t *testing.T) {
	d := star.Default()
	for minutes, want := range map[int64]int{0: 0, 5999: 0, 6000: 1, 17_999: 1, 18_000: 2, 36_000: 3, 60_000: 4, 89_999: 4, 90_000: 5, 1_000_000: 5} {
		if got := d.Of(minutes); got != want {
			t.Errorf("%d minutes are %d stars, want %d", minutes, got, want)
		}
	}
	if d.Next(5990) != 10 || d.Next(90_000) != 0 {
		t.Errorf("missing: %d, %d", d.Next(5990), d.Next(90_000))
	}
	for _, e := range star.Examples() {
		for i, hours := range e.Table.Hours {
			if hours <= 0 || i > 0 && hours <= e.Table.Hours[i-1] {
				t.Errorf("%s: %v", e.Name, e.Table.Hours)
			}
		}
	}
	for _, p := range []process.Table{star.Process, star.Rounds} {
		if bad := p.Check(); len(bad) > 0 {
			t.Error(bad)
		}
	}
}

// page is what somebody sees at a path.
func (s *stage) page(as, path string) string {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if err := s.Sign(r, as); err != nil {
		s.t.Fatal(err)
	}
	a := httptest.NewRecorder()
	s.App.Site.ServeHTTP(a, r)
	if a.Code != http.StatusOK {
		s.t.Fatalf("%s: %d", path, a.Code)
	}
	return a.Body.String()
}

// TestAStarIsProposedApprovedNoticedAndGiven: by the house, by the level that the rule
// names, after public notice.
func TestAStarIsProposedApprovedNoticedAndGiven(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.serves("韩立新", 99)
		s.nights(4)
		if all := s.cases("周敏"); len(all) != 0 {
			t.Errorf("99 hours: %+v", all)
		}
		s.serves("韩立新", 1)
		s.nights(6) // the last hour has its own notice
		c := s.only("周敏", star.Proposed)
		if c.Star != 1 || c.Volunteer.Name == "韩立新" {
			t.Errorf("proposed: %+v", c)
		}
		if all := s.cases("孟桂兰"); len(all) != 0 {
			t.Errorf("what waits for approval is public: %+v", all)
		}
		_, err := s.Decide(t.Context(), s.who("韩立新"), c.ID, star.Verdict{Agree: true})
		refused(t, "one's own", "身份", err)
		_, err = s.Decide(t.Context(), s.who("吴远"), c.ID, star.Verdict{Agree: true})
		refused(t, "somebody of elsewhere", "没有这次评星", err)
		_, err = s.Decide(t.Context(), s.who("周敏"), c.ID, star.Verdict{})
		refused(t, "refused without a word", "为什么不同意", err)
		must(s.Decide(t.Context(), s.who("周敏"), c.ID, star.Verdict{Agree: true}))(t)
		s.nights(4)
		if c = s.only("孟桂兰", star.Notice); s.has("韩立新").Star != 0 {
			t.Errorf("given before its notice is over: %+v", c)
		}
		s.nights(5)
		s.only("孟桂兰", star.Given)
		if st := s.has("韩立新"); st.Star != 1 || st.Since.IsZero() {
			t.Errorf("has %+v", st)
		}
		for _, path := range []string{"/persons/", "/volunteers/"} {
			for name, want := range map[string]bool{"韩立新": true, "孙淑琴": false} {
				if got := strings.Contains(s.page("周敏", path+s.Person(name).ID), "星级和荣誉"); got != want {
					t.Errorf("%s%s says of the star: %v", path, name, got)
				}
			}
		}
		for name, want := range map[string]bool{"韩立新": true, "孙淑琴": false} {
			if got := strings.Contains(s.page(name, "/me"), "星级和荣誉"); got != want {
				t.Errorf("/me of %s says of the star: %v", name, got)
			}
		}
		s.nights(1)
		s.only("周敏", star.Given) // never proposed twice
	})
}

// TestTheLevelThatTheRuleNamesApproves: three stars are the street's.
func TestTheLevelThatTheRuleNamesApproves(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.serves("韩立新", 600)
		s.nights(4)
		c := s.only("周敏", star.Proposed)
		if c.Star != 3 || c.Level != place.Street {
			t.Fatalf("%+v", c)
		}
		_, err := s.Decide(t.Context(), s.who("周敏"), c.ID, star.Verdict{Agree: true})
		refused(t, "the station", "街道", err)
		must(s.Decide(t.Context(), s.who("冯志远"), c.ID, star.Verdict{Agree: true}))(t)
	})
}

// TestTheGateOfTheYearHolds: hours of long ago propose nothing before the year's
// points are there.
func TestTheGateOfTheYearHolds(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.done = 400 // more than two years back
		s.serves("韩立新", 120)
		s.nights(4)
		if all := s.cases("周敏"); len(all) != 0 {
			t.Fatalf("below the gate: %+v", all)
		}
		s.done = 0
		s.serves("韩立新", 15)
		s.nights(4)
		s.only("周敏", star.Proposed)
	})
}

// TestAnObjectionStopsAStar: nothing is given while one is open; upheld it is refused.
func TestAnObjectionStopsAStar(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.serves("韩立新", 100)
		s.serves("孙淑琴", 100)
		s.nights(4)
		for _, c := range s.cases("周敏") {
			must(s.Decide(t.Context(), s.who("周敏"), c.ID, star.Verdict{Agree: true}))(t)
		}
		for _, c := range s.cases("周敏") {
			must(s.Object(t.Context(), s.who("陈小梅"), c.ID, "这些服务不是他做的"))(t)
			_, err := s.Object(t.Context(), s.who("陈小梅"), c.ID, "再说一遍")
			refused(t, "twice", "已经提过", err)
		}
		s.nights(20)
		all := s.cases("周敏")
		for i, c := range all {
			if c.State != star.Notice {
				t.Errorf("given while an objection is open: %+v", c)
			}
			_, err := s.Rule(t.Context(), s.who("陈小梅"), c.ID, c.Objections[0].ID, star.Answer{Words: "x"})
			refused(t, "the objector answers", "身份", err)
			must(s.Rule(t.Context(), s.who("周敏"), c.ID, c.Objections[0].ID, star.Answer{Uphold: i == 0, Words: "查过了"}))(t)
		}
		s.nights(1)
		states := map[process.State]int{}
		for _, c := range s.cases("周敏") {
			states[c.State]++
		}
		if states[star.Refused] != 1 || states[star.Given] != 1 {
			t.Errorf("states %v", states)
		}
	})
}

// TestAChangeOfTheTableRewritesNoStar: given stars stay; a yearly table counts the
// year alone.
func TestAChangeOfTheTableRewritesNoStar(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.serves("韩立新", 100)
		s.nights(4)
		must(s.Decide(t.Context(), s.who("周敏"), s.only("周敏", star.Proposed).ID, star.Verdict{Agree: true}))(t)
		s.nights(9)
		draft := star.TableDraft{Place: town.Community, Hours: []int64{200, 400, 800, 1200, 2000}, Approvers: []string{"community", "community", "street", "street", "district"}, Workdays: 5,
			From: calendar.DayOf(s.clock.Now())}
		_, err := s.SetTable(t.Context(), s.who("周敏"), draft)
		refused(t, "the station", "身份", err)
		must(s.SetTable(t.Context(), s.who("罗建平"), draft))(t)
		draft.Hours[1] = 200
		_, err = s.SetTable(t.Context(), s.who("罗建平"), draft)
		refused(t, "not rising", "一级比一级多", err)
		draft.Hours[1], draft.From = 400, draft.From.Add(-1)
		_, err = s.SetTable(t.Context(), s.who("罗建平"), draft)
		refused(t, "for yesterday", "今天或以后", err)
		s.nights(1)
		if st := s.has("韩立新"); st.Star != 1 {
			t.Errorf("the star was taken by a new table: %+v", st)
		}
		yearly := star.TableDraft{Place: town.Community, Yearly: true, Hours: []int64{10, 20, 30, 40, 50}, Approvers: draft.Approvers, Workdays: 5, From: calendar.DayOf(s.clock.Now()).Add(1)}
		must(s.SetTable(t.Context(), s.who("罗建平"), yearly))(t)
		s.nights(2)
		for _, c := range s.cases("周敏") {
			if c.State == star.Proposed && (c.Star != 5 || c.Year != 2026) {
				t.Errorf("by the year: %+v", c)
			}
		}
	})
}

// TestAnHonourIsNominatedVotedNoticedAndGiven: one person one vote, in the place where
// they live, told only when counted.
func TestAnHonourIsNominatedVotedNoticedAndGiven(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		ctx, today := t.Context(), calendar.DayOf(monday)
		r := must(s.Open(ctx, s.who("周敏"), star.RoundDraft{Place: town.Community, Kind: star.Fairest, Seats: 1, NominateTo: today.Add(7), VoteTo: today.Add(14)}))(t)
		_, err := s.Open(ctx, s.who("周敏"), star.RoundDraft{Place: town.Community, Kind: star.Fairest, Seats: 1, NominateTo: today.Add(7), VoteTo: today.Add(14)})
		refused(t, "twice a year", "已经在评", err)
		for _, name := range []string{"韩立新", "孙淑琴", "林小雨"} {
			r = must(s.Nominate(ctx, s.who("孟桂兰"), r.ID, star.Nomination{Volunteer: s.Person(name).Phone, Words: "每周陪老人看病"}))(t)
		}
		_, err = s.Nominate(ctx, s.who("苗秀芳"), r.ID, star.Nomination{Volunteer: s.Person("韩立新").Phone, Words: "x"})
		refused(t, "somebody of elsewhere", "居民推荐", err)
		_, err = s.Nominate(ctx, s.who("孟桂兰"), r.ID, star.Nomination{Volunteer: s.Person("孟桂兰").Phone, Words: "x"})
		refused(t, "no volunteer", "没有这位志愿者", err)
		vote := func(name string, i int) error {
			_, err := s.Vote(ctx, s.who(name), r.ID, r.Nominees[i].ID)
			return err
		}
		refused(t, "before its days", "不是投票的时候", vote("孟桂兰", 0))
		s.nights(8)
		for name, i := range map[string]int{"孟桂兰": 0, "陈小梅": 1, "韩立新": 1, "周敏": 0} {
			if err := vote(name, i); err != nil {
				t.Error(err)
			}
		}
		for range 3 { // as often as they like: it stays one vote
			if err := vote("孟桂兰", 1); err != nil {
				t.Error(err)
			}
		}
		refused(t, "who lives elsewhere", "居民", vote("苗秀芳", 1))
		if seen := must(s.Round(ctx, s.who("孟桂兰"), r.ID))(t); seen.Nominees[0].Votes != nil || seen.Mine != r.Nominees[1].ID {
			t.Errorf("votes are told before the end: %+v", seen)
		}
		s.nights(7)
		seen := must(s.Round(ctx, s.who("孟桂兰"), r.ID))(t)
		if seen.State != star.Notice || !seen.Nominees[0].Won || *seen.Nominees[0].Votes != 3 || seen.Nominees[1].Won || seen.Nominees[0].ID != r.Nominees[1].ID {
			t.Fatalf("counted: %+v", seen)
		}
		refused(t, "after the count", "不是投票的时候", vote("孟桂兰", 0))
		must(s.Objected(ctx, s.who("陈小梅"), r.ID, seen.Nominees[0].ID, "不是他"))(t)
		s.nights(8)
		if seen = must(s.Round(ctx, s.who("孟桂兰"), r.ID))(t); seen.State != star.Notice {
			t.Errorf("given while an objection is open: %+v", seen)
		}
		must(s.Answered(ctx, s.who("周敏"), r.ID, seen.Nominees[0].ID, seen.Nominees[0].Objections[0].ID, star.Answer{Words: "查过了，是他"}))(t)
		s.nights(1)
		winner := ""
		for _, name := range []string{"韩立新", "孙淑琴", "林小雨"} {
			if st := s.has(name); len(st.Honours) == 1 && st.Honours[0] == (star.Honour{Kind: star.Fairest, Year: 2026}) {
				winner += name
			}
		}
		if len([]rune(winner)) != 3 {
			t.Fatalf("the honour went to %q", winner)
		}
		if body := s.page("周敏", "/persons/"+s.Person(winner).ID); !strings.Contains(body, "2026 年最美志愿者") {
			t.Error("the page of the winner does not say it")
		}
	})
}

// TestPagesAndAPI plays the scripts; each answer of the API is held against its own
// description.
func TestPagesAndAPI(t *testing.T) {
	hand := clock.NewManual(monday)
	s := open(t, dbtest.New(t, db.SQLite, dbtest.Clock(hand), dbtest.With(town.Sound)), hand)
	s.serves("韩立新", 100)
	s.serves("孙淑琴", 650)
	s.nights(4)
	vars := map[string]string{"community": town.Community, "phone": s.Person("韩立新").Phone}
	for _, c := range s.cases("周敏") {
		vars[fmt.Sprint("star", c.Star)] = c.ID
	}
	webtest.Runner{Handler: s.App.Site, Sign: s.Sign, Vars: vars}.Files(t, "testdata/*.txt")
}
