package closing

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/core/sitetest"
	"linli/internal/feature/audit"
	"linli/internal/feature/certificate"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district  = 130104
	street    = "130104016000"
	community = "130104016001"
)

var started = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// TestAMonthIsClosedOnOnePage: a finding, an objection that is right in part, an entry by
// hand, a spot check, a star, an objection to a star and a certificate in doubt are all
// decided by forms of the page. What is refused stands there with what was typed, each
// answer leads back to it, and in the end nothing is left.
func TestAMonthIsClosedOnOnePage(t *testing.T) {
	c := clock.NewManual(started)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(started)
		w := settle(t, d, c)
		w.fill()
		self := "/places/" + community + "/closing?month=2026-11"
		if v := w.see("周敏", self); v.Left != 6 || v.Others != 1 {
			t.Errorf("who entered by hand: %d left, %d for others", v.Left, v.Others)
		}
		left := []int{}
		for range 20 {
			v := w.see("冯街", self)
			if left = append(left, v.Left); v.Left == 0 {
				break
			}
			w.take(v, self)
		}
		if want := []int{7, 6, 5, 4, 3, 2, 1, 0}; !slices.Equal(left, want) {
			t.Errorf("left after each step: %v", left)
		}
		w.settled()
	}, dbtest.Clock(c))
}

// take does the first thing of the page: wrongly, and then right.
func (w *town) take(v View, self string) {
	w.t.Helper()
	kind, item, wrong, right := w.next(v)
	for _, one := range []struct {
		form url.Values
		code int
	}{{wrong, http.StatusUnprocessableEntity}, {right, http.StatusSeeOther}} {
		if one.form == nil {
			continue
		}
		one.form.Set("kind", string(kind))
		one.form.Set("item", item)
		one.form.Set("month", "2026-11")
		r := httptest.NewRequest(http.MethodPost, "/places/"+community+"/closing", strings.NewReader(one.form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		a := w.send("冯街", r)
		if a.Code != one.code {
			w.t.Fatalf("%s %v: %d\n%.600s", kind, one.form, a.Code, a.Body)
		}
		if one.code == http.StatusSeeOther {
			if at := a.Header().Get("Location"); at != self+"#"+kind.part() {
				w.t.Errorf("%s leads to %s", kind, at)
			}
			continue
		}
		body := a.Body.String()
		for name, typed := range map[string]string{"answer": one.form.Get("answer"), "minutes": one.form.Get("minutes")} {
			id := `id="f-` + key(kind, item) + name + `"`
			if typed != "" && !(strings.Contains(body, id) && strings.Contains(body, `value="`+typed+`"`)) {
				w.t.Errorf("%s: %q is not in %s any more", kind, typed, id)
			}
		}
		if !strings.Contains(body, "的月结") || !strings.Contains(body, `aria-invalid="true"`) {
			w.t.Errorf("%s: the page does not say what is wrong, where: %.300s", kind, body)
		}
	}
}

// settled holds what was done against the slices that it belongs to.
func (w *town) settled() {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		if s, err := record.Sum(tx, district, w.sun.Person); err != nil || s.Total != 60+400 {
			w.t.Errorf("the row was corrected inline: %+v %v", s, err)
		}
		if s, err := record.Sum(tx, district, w.li.Person); err != nil || s.Total != 60+60 {
			w.t.Errorf("the entry by hand: %+v %v", s, err)
		}
		return nil
	})
}

type town struct {
	t      *testing.T
	db     *db.DB
	clock  *clock.Manual
	site   http.Handler
	stars  *star.Service
	papers *certificate.Service

	sun, li, worker, officer access.Who
}

func settle(t *testing.T, d *db.DB, c *clock.Manual) *town {
	t.Helper()
	w := &town{t: t, db: d, clock: c}
	w.write(func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: "130000000000", Level: place.Province, Name: "河北省"},
			{ID: "130100000000", Parent: "130000000000", Level: place.City, Name: "石家庄市"},
			{ID: "130104000000", Parent: "130100000000", Level: place.District, Name: "桥西区"},
			{ID: street, Parent: "130104000000", Level: place.Street, Name: "东风街道"},
			{ID: community, Parent: street, Level: place.Community, Name: "东风路南社区"},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		w.sun, w.li = w.person(tx, "孙淑琴", access.Volunteer, community), w.person(tx, "李建国", access.Volunteer, community)
		w.worker, w.officer = w.person(tx, "周敏", access.StationWorker, community), w.person(tx, "冯街", access.StreetOfficer, street)
		return nil
	})
	w.stars, w.papers = star.NewService(d), certificate.NewService(d, certificate.NewIssuer(d, "https://linli.example", filepath.Join(t.TempDir(), "linli.keys")))
	service := NewService(d, audit.NewService(d), record.NewService(d), w.stars, w.papers)
	w.site = sitetest.New(t, NewHandlers(service).Routes(), sitetest.People{"冯街": w.officer, "周敏": w.worker, "孙淑琴": w.sun})
	return w
}

func (w *town) person(tx *db.Tx, name string, role access.Role, at string) access.Who {
	p, err := person.Insert(tx, person.Person{Name: name, Place: community})
	if err != nil {
		w.t.Fatal(err)
	}
	home, err := place.Get(tx, at)
	if err != nil {
		w.t.Fatal(err)
	}
	return access.Who{Person: p.ID, Name: name, District: district, Grants: []access.Grant{{Role: role, District: district, Place: at, Path: home.Path}}}
}

func (w *town) write(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// fill leaves one thing of each kind to do.
func (w *town) fill() {
	w.t.Helper()
	ctx, audits := w.t.Context(), audit.NewService(w.db)
	w.must(audits.PublishSeeds(ctx, district))
	w.serve(1, w.sun, started.AddDate(0, 0, -3), 60)
	w.serve(2, w.sun, started.AddDate(0, 0, -4), 30)
	w.serve(3, w.li, started.AddDate(0, 0, -3), 60)
	w.clock.Set(time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC))
	w.honoured()
	w.doubted("visit:2")
	long := w.serve(4, w.sun, started.AddDate(0, 0, 7), 481)
	w.must(audit.NewReader(audits, slog.New(slog.DiscardHandler)).Once(ctx))
	w.write(func(tx *db.Tx) error {
		p, err := place.Get(tx, community)
		if err != nil {
			return err
		}
		if err := audit.DrawTx(tx, p, "2026-11"); err != nil {
			return err
		}
		_, err = record.ObjectTx(tx, w.li, record.Complaint{Record: long, Words: "没这么久"})
		return err
	})
	begin := started.AddDate(0, 0, 6)
	_, err := record.NewService(w.db).Propose(ctx, w.worker, record.Manual{Volunteer: w.li.Person, Name: "大扫除", Category: "haircut", Content: "打扫",
		StartedAt: begin, EndedAt: begin.Add(time.Hour), Reason: "没电", Proof: "签到表"})
	w.must(err)
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// serve enters a service and gives its id.
func (w *town) serve(i int, who access.Who, at time.Time, minutes int) (id string) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		rows, err := record.Enter(tx, record.Record{District: district, Source: fmt.Sprint("visit:", i), Volunteer: who.Person, Community: community, Name: "理发",
			Category: "haircut", Place: community, Content: "理发", StartedAt: at, EndedAt: at.Add(time.Duration(minutes) * time.Minute), Minutes: minutes, Grade: "A",
			Kind: record.FromOrder, Organiser: community, PlacePath: "/"})
		if err == nil {
			id = rows[0].ID
		}
		return err
	})
	return id
}

// honoured proposes a star for both volunteers; that of one is in public notice, and
// somebody objects.
func (w *town) honoured() {
	w.t.Helper()
	ctx := w.t.Context()
	level := string(place.Community)
	w.write(func(tx *db.Tx) error {
		for _, who := range []access.Who{w.sun, w.li} {
			p, err := person.Get(tx, district, who.Person)
			if err != nil {
				return err
			}
			v, err := volunteer.New(tx, p, volunteer.FromSelf)
			if err != nil {
				return err
			}
			if v.Status = volunteer.Active; volunteer.Put(tx, v) != nil {
				return err
			}
		}
		return rule.Set(tx, district, community, rule.PointsGate, 0, tx.Now(), "")
	})
	boss := w.officer
	boss.Grants = []access.Grant{{Role: access.DistrictOfficer, District: district, Place: "130104000000", Path: "/130000000000/130100000000/130104000000/"}}
	_, err := w.stars.SetTable(ctx, boss, star.TableDraft{Place: "130104000000", Hours: []int64{1, 500, 600, 700, 800},
		Approvers: []string{level, level, level, level, level}, Workdays: 5, From: calendar.DayOf(w.clock.Now())})
	w.must(err)
	w.must(w.stars.Night(ctx, district))
	board, err := w.stars.Board(ctx, w.worker, community)
	w.must(err)
	for _, c := range board.Items {
		if c.Volunteer.ID == w.li.Person {
			_, err := w.stars.Decide(ctx, w.worker, c.ID, star.Verdict{Agree: true})
			w.must(err)
			_, err = w.stars.Object(ctx, w.sun, c.ID, "那天没来")
			w.must(err)
		}
	}
}

// doubted issues a certificate and takes back a row that it stands on.
func (w *town) doubted(source string) {
	w.t.Helper()
	_, err := w.papers.Ask(w.t.Context(), w.sun, certificate.Request{Span: "all"})
	w.must(err)
	w.write(func(tx *db.Tx) error {
		rows, _, err := record.Counted(tx, district, w.sun.Person, calendar.Day{}, calendar.Day{})
		for _, r := range rows {
			if r.Source == source {
				err = record.WithdrawTx(tx, w.worker, r, "没有来")
			}
		}
		if err != nil {
			return err
		}
		return certificate.Recheck(tx, district)
	})
}

func (w *town) send(as string, r *http.Request) *httptest.ResponseRecorder {
	w.t.Helper()
	w.must(sitetest.Sign(r, as))
	a := httptest.NewRecorder()
	w.site.ServeHTTP(a, r)
	return a
}

// see asks for the page and for its JSON: every form that take sends stands there.
func (w *town) see(as, self string) (v View) {
	w.t.Helper()
	page := w.send(as, httptest.NewRequest(http.MethodGet, self, nil))
	a := w.send(as, httptest.NewRequest(http.MethodGet, "/api/v1"+self, nil))
	if page.Code != http.StatusOK || a.Code != http.StatusOK {
		w.t.Fatalf("page %d, JSON %d: %.300s", page.Code, a.Code, a.Body)
	}
	w.must(json.Unmarshal(a.Body.Bytes(), &v))
	if v.Left > 0 {
		if _, item, _, right := w.next(v); !strings.Contains(page.Body.String(), `value="`+item+`"`) || !strings.Contains(page.Body.String(), `value="`+right.Get("outcome")+`"`) {
			w.t.Errorf("the page has no form for %s", item)
		}
	}
	return v
}

// next is the first thing to do, how it is refused and how it is done; nothing about a
// certificate that stands can be said wrongly.
func (w *town) next(v View) (kind Kind, item string, wrong, right url.Values) {
	w.t.Helper()
	form := func(outcome, answer string) url.Values { return url.Values{"outcome": {outcome}, "answer": {answer}} }
	for _, c := range v.Checks {
		if c.State == string(audit.Open) {
			return Check, c.ID, form(audit.StepFailing, ""), form(audit.StepPassing, "打过电话")
		}
	}
	for _, c := range v.Stars {
		if c.State == star.Proposed {
			return Star, c.ID, form(star.StepRefusal, ""), form(star.StepApproval, "")
		}
		return Protest, c.ID + "/" + c.Objections[0].ID, form(star.StepUphold, ""), form(star.StepAward, "来过，有签到")
	}
	switch {
	case len(v.Findings) > 0:
		return Finding, v.Findings[0].ID, form(audit.StepUpheld, ""), form(audit.StepClearing, "全天活动")
	case len(v.Objections) > 0:
		wrong, right = form(record.StepCorrection, "问过两边"), form(record.StepCorrection, "问过两边，少了一截")
		wrong.Set("minutes", "900")
		right.Set("minutes", "400")
		return Objection, v.Objections[0].ID, wrong, right
	case len(v.Entries) > 0:
		return Entry, v.Entries[0].ID, form(record.StepRefusal, ""), form(record.StepApproval, "")
	case len(v.Certificates) > 0:
		return Certificate, v.Certificates[0].ID, form(certificate.StepRevocation, ""), form(certificate.StepKeep, "")
	}
	w.t.Fatalf("nothing to do in %+v", v)
	return "", "", nil, nil
}
