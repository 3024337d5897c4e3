package closing

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/sitetest"
	"linli/internal/feature/audit"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
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

// TestAMonthIsClosedOnOnePage: a finding, an objection, an entry by hand and a spot
// check are all decided by forms of the page, each answer leads back to it, and in the
// end nothing is left.
func TestAMonthIsClosedOnOnePage(t *testing.T) {
	c := clock.NewManual(started)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(started)
		w := settle(t, d, c)
		w.fill()
		self := "/places/" + community + "/closing?month=2026-11"
		left := []int{}
		for range 20 {
			v := w.see(self)
			if left = append(left, v.Left); v.Left == 0 {
				break
			}
			action, form := w.next(v)
			form.Set("_back", self)
			r := httptest.NewRequest(http.MethodPost, action, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if a := w.send(r); a.Code != http.StatusSeeOther || a.Header().Get("Location") != self {
				t.Fatalf("%s %v: %d to %q\n%.600s", action, form, a.Code, a.Header().Get("Location"), a.Body)
			}
		}
		if len(left) != 5 || left[0] != 4 || left[4] != 0 {
			t.Errorf("left after each step: %v", left)
		}
	}, dbtest.Clock(c))
}

type town struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
	site  http.Handler

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
	stars := star.NewService(d)
	routes := slices.Concat(NewHandlers(NewService(d, stars)).Routes(), audit.NewHandlers(audit.NewService(d)).Routes(),
		record.NewHandlers(record.NewService(d)).Routes(), star.NewHandlers(stars).Routes())
	w.site = sitetest.New(t, routes, sitetest.People{"冯街": w.officer, "周敏": w.worker, "孙淑琴": w.sun})
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

// fill leaves one thing of each kind to do: a long day, an objection, an entry by hand
// and, when the month is over, the only row that the spot check draws.
func (w *town) fill() {
	w.t.Helper()
	ctx := w.t.Context()
	audits := audit.NewService(w.db)
	if err := audits.PublishSeeds(ctx, district); err != nil {
		w.t.Fatal(err)
	}
	serve := func(i int, at time.Time, minutes int) {
		w.write(func(tx *db.Tx) error {
			_, err := record.Enter(tx, record.Record{District: district, Source: fmt.Sprint("visit:", i), Volunteer: w.sun.Person, Community: community, Name: "理发",
				Category: "haircut", Place: community, Content: "理发", StartedAt: at, EndedAt: at.Add(time.Duration(minutes) * time.Minute), Minutes: minutes, Grade: "A",
				Kind: record.FromOrder, Organiser: community, PlacePath: "/"})
			return err
		})
	}
	serve(1, started.AddDate(0, 0, -3), 60)
	w.clock.Set(time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC))
	for _, p := range []func() error{
		func() error {
			serve(2, started.AddDate(0, 0, 7), 481)
			return audit.NewReader(audits, slog.New(slog.DiscardHandler)).Once(ctx)
		},
		func() error {
			return w.db.Write(ctx, func(tx *db.Tx) error {
				p, err := place.Get(tx, community)
				if err != nil {
					return err
				}
				if err := audit.DrawTx(tx, p, "2026-11"); err != nil {
					return err
				}
				n, err := record.InNoticeAt(tx, district, community, record.Cursor{}, 10)
				if err != nil {
					return err
				}
				_, err = record.ObjectTx(tx, w.li, record.Complaint{Record: n.Items[len(n.Items)-1].ID, Words: "没这么久"})
				return err
			})
		},
		func() error {
			begin := started.AddDate(0, 0, 6)
			_, err := record.NewService(w.db).Propose(ctx, w.worker, record.Manual{Volunteer: w.li.Person, Name: "大扫除", Category: "haircut", Content: "打扫",
				StartedAt: begin, EndedAt: begin.Add(time.Hour), Reason: "没电", Proof: "签到表"})
			return err
		},
	} {
		if err := p(); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *town) send(r *http.Request) *httptest.ResponseRecorder {
	w.t.Helper()
	if err := sitetest.Sign(r, "冯街"); err != nil {
		w.t.Fatal(err)
	}
	a := httptest.NewRecorder()
	w.site.ServeHTTP(a, r)
	return a
}

// see asks for the page and for its JSON: every form that next sends stands there.
func (w *town) see(self string) (v View) {
	w.t.Helper()
	page := w.send(httptest.NewRequest(http.MethodGet, self, nil))
	a := w.send(httptest.NewRequest(http.MethodGet, "/api/v1"+self, nil))
	if page.Code != http.StatusOK || a.Code != http.StatusOK {
		w.t.Fatalf("page %d, JSON %d: %.300s", page.Code, a.Code, a.Body)
	}
	if err := json.Unmarshal(a.Body.Bytes(), &v); err != nil {
		w.t.Fatal(err)
	}
	if v.Left > 0 {
		if action, _ := w.next(v); !strings.Contains(page.Body.String(), `action="`+action+`"`) {
			w.t.Errorf("the page has no form for %s", action)
		}
	}
	return v
}

// next is the first thing to do and how the page sends it.
func (w *town) next(v View) (action string, form url.Values) {
	w.t.Helper()
	switch {
	case len(v.Findings) > 0:
		return "/findings/" + v.Findings[0].ID + "/decision", url.Values{"outcome": {audit.StepClearing}, "answer": {"全天活动"}}
	case len(v.Objections) > 0:
		return "/objections/" + v.Objections[0].ID + "/answer", url.Values{"outcome": {record.StepRejection}, "answer": {"问过两边"}}
	case len(v.Entries) > 0:
		return "/entries/" + v.Entries[0].ID + "/approval", url.Values{}
	}
	for _, c := range v.Checks {
		if c.State == string(audit.Open) {
			return "/checks/" + c.ID + "/result", url.Values{"outcome": {audit.StepPassing}, "answer": {"打过电话"}}
		}
	}
	w.t.Fatalf("nothing to do in %+v", v)
	return "", nil
}
