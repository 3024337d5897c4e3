package visit

import (
	"errors"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district  = 130104
	community = "130104007003"
)

// house is a community with an elder who has no phone.
type house struct {
	t      *testing.T
	db     *db.DB
	clock  *clock.Manual
	elder  person.Person
	worker access.Who
	door   Door
}

func eachHouse(t *testing.T, tell func(t *testing.T, h *house)) {
	c := clock.NewManual(started)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(started)
		h := &house{t: t, db: d, clock: c}
		h.write(h.settle)
		tell(t, h)
	}, dbtest.Clock(c))
}

func (h *house) settle(tx *db.Tx) (err error) {
	for _, p := range []place.Place{
		{ID: "130000000000", Level: place.Province, Name: "河北省"},
		{ID: "130100000000", Parent: "130000000000", Level: place.City, Name: "石家庄市"},
		{ID: "130104000000", Parent: "130100000000", Level: place.District, Name: "桥西区"},
		{ID: "130104007000", Parent: "130104000000", Level: place.Street, Name: "东风街道"},
		{ID: community, Parent: "130104007000", Level: place.Community, Name: "东风路南社区"},
	} {
		if p, err = place.Insert(tx, p); err != nil {
			return err
		}
		h.door.PlacePath = p.Path
	}
	h.elder, err = person.Insert(tx, person.Person{Name: "陈秀英", Place: community})
	h.worker = access.Who{Person: "w", District: district, Grants: []access.Grant{
		{Role: access.StationWorker, District: district, Place: community, Path: h.door.PlacePath},
	}}
	h.door = Door{
		District: district, Order: "o1", Host: h.elder.ID, PlacePath: h.door.PlacePath, Secret: NewSecret(),
		At: &place.Position{Lat: 38.03, Lng: 114.47}, Usual: 40,
	}
	return err
}

func (h *house) write(fn func(*db.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// judged is what a proof proves at a door, now.
func (h *house) judged(d Door, p Proof) (e Evidence, err error) {
	err = h.db.Write(h.t.Context(), func(tx *db.Tx) error {
		e, err = Judge(tx, d, p)
		return err
	})
	return e, err
}

// TestACodeOnPaperIsUsedOnce: each of the sheet opens the elder's door once, and a new
// sheet ends what is left of the old one.
func TestACodeOnPaperIsUsedOnce(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		visits := NewService(h.db)
		sheet, err := visits.PrintCodes(t.Context(), h.worker, h.elder.ID)
		if err != nil || sheet.Name != "陈秀英" || len(sheet.Codes) != paperSheet {
			t.Fatalf("printed %+v, %v", sheet, err)
		}
		other := h.door
		other.Host = "somebody else"
		if _, err := h.judged(other, Proof{Code: sheet.Codes[0]}); !errors.Is(err, ErrWrongCode) {
			t.Errorf("at another door: %v", err)
		}
		if e, err := h.judged(h.door, Proof{Code: sheet.Codes[0]}); err != nil || !e.ByCode {
			t.Errorf("the first time: %+v, %v", e, err)
		}
		if _, err := h.judged(h.door, Proof{Code: sheet.Codes[0]}); !errors.Is(err, ErrWrongCode) {
			t.Errorf("the second time: %v", err)
		}
		if _, err := visits.PrintCodes(t.Context(), h.worker, h.elder.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.judged(h.door, Proof{Code: sheet.Codes[1]}); !errors.Is(err, ErrWrongCode) {
			t.Errorf("of the old sheet: %v", err)
		}
		nobody := access.Who{Person: h.elder.ID, District: district}
		if _, err := visits.PrintCodes(t.Context(), nobody, h.elder.ID); err == nil {
			t.Error("printed by nobody of the station")
		}
	})
}

// TestEvidenceIsJudgedByTheServersClock: a code proves the moment at which it was
// shown; without one a claim is only noted.
func TestEvidenceIsJudgedByTheServersClock(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		pressed := started.Add(-time.Hour)
		near := &place.Position{Lat: 38.0301, Lng: 114.47}
		for name, c := range map[string]struct {
			proof Proof
			at    time.Time
			grade Grade
		}{
			"nothing":                {Proof{}, started, GradeC},
			"near":                   {Proof{Position: near}, started, GradeB},
			"far":                    {Proof{Position: &place.Position{Lat: 39, Lng: 114}}, started, GradeC},
			"code and near":          {Proof{Code: CodeAt(h.door.Secret, started), Position: near}, started, GradeA},
			"sent later, with code":  {Proof{Code: CodeAt(h.door.Secret, pressed), Claimed: pressed}, pressed, GradeB},
			"sent later, without it": {Proof{Claimed: pressed, Position: near}, started, GradeB},
		} {
			e, err := h.judged(h.door, c.proof)
			if v := New("v", h.door, "v1", e); err != nil || !v.InAt.Equal(c.at) || v.Grade != c.grade {
				t.Errorf("%s: %s at %s, %v", name, v.Grade, v.InAt, err)
			}
		}
	})
}

// TestAVisitFromArrivalToTheBooks: left open, proposed, settled by another, and open
// to the books until it is marked.
func TestAVisitFromArrivalToTheBooks(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.write(func(tx *db.Tx) error {
			e, err := Judge(tx, h.door, Proof{})
			if err != nil {
				return err
			}
			return Put(tx, district, New("v1", h.door, "helper", e))
		})
		h.clock.Add(5 * time.Hour)
		h.write(func(tx *db.Tx) error {
			list, err := Of(tx, district, "o1")
			if err != nil {
				return err
			}
			if at, here, err := OpenAt(tx, district, "helper"); err != nil || !here || at != "o1" || MayArrive(list, "helper") == nil {
				t.Errorf("is at %q, %v", at, err)
			}
			v, err := Propose(tx, h.door, list[0], tx.Now())
			if v.Minutes != 40 || v.State != Proposed {
				t.Errorf("proposed %+v", v)
			}
			return err
		})
		settled := func(by string, minutes int) (v Visit, err error) {
			err = h.db.Write(t.Context(), func(tx *db.Tx) error {
				v, err = Settle(tx, h.door, "v1", by, minutes)
				return err
			})
			return v, err
		}
		if _, err := settled("helper", 0); fault.KindOf(err) != fault.KindForbidden {
			t.Errorf("settled by who served: %v", err)
		}
		if _, err := settled("leader", 41); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("settled for more: %v", err)
		}
		v, err := settled("leader", 30)
		if err != nil || v.Minutes != 30 || !v.Counts() {
			t.Errorf("settled as %+v, %v", v, err)
		}
		h.write(func(tx *db.Tx) error {
			before, err := Unbooked(tx)
			if err != nil {
				return err
			}
			v.Booked = true
			if err := Put(tx, district, v); err != nil {
				return err
			}
			after, err := Unbooked(tx)
			if len(before) != 1 || before[0] != (Ref{district, "o1"}) || len(after) != 0 {
				t.Errorf("to be booked: %v, then %v", before, after)
			}
			return err
		})
	})
}

// TestTheHostVouches for what has no evidence of its own, and not for themselves.
func TestTheHostVouches(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.write(func(tx *db.Tx) error {
			for id, v := range map[string]Visit{"a": {Volunteer: "helper", Grade: GradeC}, "b": {Volunteer: "helper", Grade: GradeB}, "c": {Volunteer: "host", Grade: GradeC}} {
				v.ID, v.OrderID, v.State, v.InAt, v.Distance = id, "o1", Done, tx.Now(), -1
				if err := Put(tx, district, v); err != nil {
					return err
				}
			}
			if err := Vouch(tx, h.door, "host"); err != nil {
				return err
			}
			list, err := Of(tx, district, "o1")
			for _, v := range list {
				if (v.ConfirmedBy == "host") != (v.ID == "a") {
					t.Errorf("%s is vouched for by %q", v.ID, v.ConfirmedBy)
				}
			}
			return err
		})
	})
}
