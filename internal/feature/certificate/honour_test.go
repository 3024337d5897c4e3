package certificate

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/star"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// honour gives a volunteer two stars by a table of few hours, and makes them the
// fairest of the year; it takes three weeks.
func (w *town) honour(who access.Who) {
	w.t.Helper()
	ctx, stars, today := context.Background(), star.NewService(w.db), calendar.DayOf(w.clock.Now())
	check := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	nights := func(n int) {
		w.t.Helper()
		for range n {
			w.clock.Add(24 * time.Hour)
			check(stars.Night(ctx, district))
		}
	}
	w.rule(rule.PointsGate, 0)
	officer, number := w.street, ""
	w.write(func(tx *db.Tx) error {
		p, err := place.Get(tx, "130104000000")
		officer.Grants = []access.Grant{{Role: access.DistrictOfficer, District: district, Place: p.ID, Path: p.Path}}
		check(err)
		v, _, err := volunteer.Get(tx, district, who.Person)
		number = v.Number
		return err
	})
	level := string(place.Community)
	_, err := stars.SetTable(ctx, officer, star.TableDraft{Place: "130104000000", Hours: []int64{1, 5, 600, 700, 800},
		Approvers: []string{level, level, level, level, level}, Workdays: 1, From: today})
	check(err)
	round, err := stars.Open(ctx, w.worker, star.RoundDraft{Place: community, Kind: star.Fairest, Seats: 1, NominateTo: today, VoteTo: today.Add(2)})
	check(err)
	round, err = stars.Nominate(ctx, w.he, round.ID, star.Nomination{Volunteer: number, Words: "每周陪老人看病"})
	check(err)
	nights(1)
	board, err := stars.Board(ctx, w.worker, community)
	check(err)
	for _, c := range board.Items {
		_, err := stars.Decide(ctx, w.worker, c.ID, star.Verdict{Agree: true})
		check(err)
	}
	_, err = stars.Vote(ctx, w.he, round.ID, round.Nominees[0].ID)
	check(err)
	nights(20)
}

// TestStarsAndHonoursStandOnTheCertificate: on the paper, in the credential, asked for
// again when they are new, and on nobody else's.
func TestStarsAndHonoursStandOnTheCertificate(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		q := w.thisYear()
		before, err := w.s.Ask(t.Context(), w.sun, q)
		if err != nil {
			t.Fatal(err)
		}
		w.honour(w.sun)
		c, err := w.s.Ask(t.Context(), w.sun, q)
		if err != nil || c.ID == before.ID {
			t.Fatalf("the honours are new, and it gives the one before: %v", err)
		}
		const words = "开具时的荣誉：二星级志愿者、2026 年最美志愿者"
		if p := c.printed(origin); !slices.Contains(p.lines, words+"。") || c.Paper.Star != 2 {
			t.Errorf("on the paper: %q", p.lines)
		}
		r, err := w.verify(c)
		if err != nil || !strings.Contains(c.Credential, words) || !strings.Contains(c.Credential, `#volunteer-service-star","type":["Result"],"value":"2"`) {
			t.Errorf("in the credential: %v %+v\n%s", err, r, c.Credential)
		}
		for name, other := range map[string]Certificate{"before": before, "somebody else's": w.ask(w.li)} {
			if p := other.printed(origin); strings.Contains(strings.Join(p.lines, ""), "荣誉") || strings.Contains(other.Credential, "-star") {
				t.Errorf("%s: %q", name, p.lines)
			}
		}
		if again, err := w.s.Ask(t.Context(), w.sun, q); err != nil || again.ID != c.ID {
			t.Errorf("asked again: %v %v", again.ID, err)
		}
	})
}

// TestNothingIsAskedForNothing: who has no time that counts is told so when they ask, not
// by the station afterwards.
func TestNothingIsAskedForNothing(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.rule(rule.CertificateSelf, 0)
		q := w.thisYear()
		q.To = calendar.Day{Year: 2026, Month: 3, Day: 1}
		_, err := w.s.Ask(t.Context(), w.sun, q)
		refused(t, "before the first service", err, fault.KindInvalid, "没有算数的服务时间")
		if own, err := w.s.Mine(t.Context(), w.sun); err != nil || len(own.List) != 0 {
			t.Errorf("%+v %v", own.List, err)
		}
	})
}

// TestAnAnnouncementEnds: on the last moment of the place's days of notice.
func TestAnAnnouncementEnds(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		c := w.ask(w.sun)
		for _, at := range []struct {
			when time.Time
			want int
		}{{c.NoticeUntil.Add(-time.Millisecond), 1}, {c.NoticeUntil, 0}} {
			w.clock.Set(at.when)
			if a, err := w.s.Announced(t.Context(), community); err != nil || len(a.Items) != at.want {
				t.Errorf("%v: %d announced, %v", at.when, len(a.Items), err)
			}
		}
	})
}

// TestNobodyHandlesTheirOwnCertificate: a worker who also serves asks like everybody.
func TestNobodyHandlesTheirOwnCertificate(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.rule(rule.CertificateSelf, 0)
		own := w.worker
		own.Person = w.sun.Person
		c := w.ask(own)
		if s := c.steps(); len(s) != 1 || s[0].Name != StepWithdrawal {
			t.Errorf("the page offers %+v", s)
		}
		_, err := w.s.Accept(t.Context(), own, c.ID)
		refused(t, "accept", err, fault.KindForbidden, "别人")
		if _, err := w.s.Accept(t.Context(), w.second, c.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.s.Issue(t.Context(), own, c.ID)
		refused(t, "issue", err, fault.KindForbidden, "别人")
		if _, err = w.s.Issue(t.Context(), w.second, c.ID); err != nil {
			t.Fatal(err)
		}
		w.takeBack(w.sun)
		w.write(func(tx *db.Tx) error { return Recheck(tx, district) })
		_, err = w.s.Keep(t.Context(), own, c.ID)
		refused(t, "keep in spite of a doubt", err, fault.KindForbidden, "别人")
		seen, err := w.s.Show(t.Context(), own, c.ID)
		if err != nil || seen.Doubt == "" {
			t.Errorf("%+v %v", seen, err)
		}
	})
}
