package volunteer

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// agreed is a registration that leaves nothing out.
func agreed() Registration {
	return Registration{
		Profile:   Profile{Skills: []string{"haircut", "fix_water", "haircut"}, Free: []Slot{{2, 480, 720}, {1, 480, 720}}, LimitWeek: ptr(3)},
		Agreement: Agreement{Consent: Purposes()},
	}
}

func TestRegister(t *testing.T) {
	each(t, func(t *town) {
		p := t.han()
		v, err := t.s.Register(t.ctx, self(p), agreed())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := identity.ParseVolunteerNo("", v.Number); err != nil || v.Status != Active || v.Phone != "13800138000" || v.Where != "邮电园小区 3号楼" ||
			!slices.Equal(v.Skills, []string{"fix_water", "haircut"}) || fmt.Sprint(v.Free) != "[1 08:00-12:00 2 08:00-12:00]" ||
			v.WalkMinutes != DefaultWalk || v.LimitWeek != 3 || v.Community != south {
			t.Errorf("view %+v, %v", v, err)
		}
		if got := t.get(p.ID); got.At == nil || got.At.Lat != 38.05 || got.Origin != FromSelf {
			t.Errorf("volunteer %+v does not start from the house", got)
		}
		if !t.holds(p.ID) || t.counted(south) != 1 || t.counted(street) != 1 || t.counted(house(1)) != 1 || t.counted(north) != 0 {
			t.Error("role or counts are missing")
		}
		t.read(func(tx *db.Tx) error {
			for _, purpose := range Purposes() {
				if ok, err := person.Consented(tx, district, p.ID, purpose); !ok || err != nil {
					t.Errorf("no consent to %s, %v", purpose, err)
				}
			}
			return nil
		})
		_, err = t.s.Register(t.ctx, self(p), agreed())
		t.wants(err, fault.KindConflict, "")
		if acts := t.acts(p.ID); !slices.Equal(acts, []string{"register"}) {
			t.Errorf("events %v", acts)
		}
	})
}

func TestRegistrationIsRefusedWithAllReasons(t *testing.T) {
	each(t, func(t *town) {
		p := t.person(person.Person{Name: "林小满", Phone: "13800138001", Place: south})
		boy := t.person(person.Person{Name: "周浩", Place: south, Birth: calendar.Day{Year: 2010, Month: 1, Day: 1}})
		for name, c := range map[string]struct {
			who    person.Person
			change func(*Registration)
			fields []string
		}{
			"nothing said": {p, func(r *Registration) { *r = Registration{} }, []string{"birth", "skills", "consent"}},
			"one purpose": {p, func(r *Registration) {
				r.Birth, r.Consent = "1990-01-02", []person.Purpose{person.Volunteering}
			}, []string{"consent"}},
			"unknown skill": {p, func(r *Registration) { r.Birth, r.Skills = "1990-01-02", []string{"fly"} }, []string{"skills"}},
			"half a contact": {p, func(r *Registration) {
				r.Birth, r.ContactName, r.ContactPhone = "1990-01-02", ptr("妈妈"), ptr("139")
			}, []string{"contact_phone"}},
			"not born yet":      {p, func(r *Registration) { r.Birth = "2030-01-02" }, []string{"birth"}},
			"wrong ID":          {p, func(r *Registration) { r.IDNumber = "110105194912310021" }, []string{"id_number"}},
			"too far":           {p, func(r *Registration) { r.Birth, r.WalkMinutes = "1990-01-02", ptr(121) }, []string{"walk_minutes"}},
			"without guardian":  {boy, func(*Registration) {}, []string{"guardian", "guardian_phone", "guardian_agrees"}},
			"guardian is quiet": {boy, func(r *Registration) { r.Guardian, r.GuardianPhone = "周建", "13900139000" }, []string{"guardian_agrees"}},
		} {
			r := agreed()
			c.change(&r)
			_, err := t.s.Register(t.ctx, self(c.who), r)
			for _, field := range c.fields {
				t.Run(name, func(sub *testing.T) { (&town{T: sub}).wants(err, fault.KindInvalid, field) })
			}
		}
		if t.counted(south) != 0 {
			t.Error("a refused registration counts")
		}
		official := access.Who{Person: "", District: district}
		_, err := t.s.Register(t.ctx, official, agreed())
		t.wants(err, fault.KindNotFound, "")
	})
}

func TestPapersAreCompleted(t *testing.T) {
	each(t, func(t *town) {
		p := t.person(person.Person{Name: "林小满", Phone: "13800138001", Place: south})
		r := agreed()
		r.IDNumber = "11010519491231002x"
		if _, err := t.s.Register(t.ctx, self(p), r); err != nil {
			t.Fatal(err)
		}
		t.read(func(tx *db.Tx) error {
			now, err := person.Get(tx, district, p.ID)
			if now.IDNumber != "11010519491231002X" || now.Sex != identity.Female || now.Birth.Year != 1949 {
				t.Errorf("person %+v", now)
			}
			return err
		})
		q := t.person(person.Person{Name: "林大满", Phone: "13800138002", Place: south})
		_, err := t.s.Register(t.ctx, self(q), r)
		t.wants(err, fault.KindConflict, "id_number")
	})
}

func TestMinors(t *testing.T) {
	each(t, func(t *town) {
		r := agreed()
		r.Guardian, r.GuardianPhone, r.GuardianAgrees = "周建", "13900139000", true
		teen := t.person(person.Person{Name: "周浩", Place: south, Birth: calendar.Day{Year: 2010, Month: 1, Day: 1}})
		child := t.person(person.Person{Name: "周小", Place: south, Birth: calendar.Day{Year: 2014, Month: 1, Day: 1}})
		if v, err := t.s.Register(t.ctx, self(teen), r); err != nil || v.Status != Active || v.Guardian != "周建" {
			t.Errorf("teen %+v, %v", v, err)
		}
		v, err := t.s.Register(t.ctx, self(child), r)
		if err != nil || v.Status != Pending || t.holds(child.ID) || t.counted(south) != 1 {
			t.Errorf("child %+v, %v", v, err)
		}
		t.read(func(tx *db.Tx) error {
			all, err := person.Consents(tx, district, child.ID)
			if len(all) != 3 || all[0].GivenBy != "周建" {
				t.Errorf("consents %+v", all)
			}
			return err
		})
		c := Confirmation{Agreement: Agreement{Consent: Purposes(), GuardianAgrees: true}}
		_, err = t.s.Confirm(t.ctx, self(child), child.ID, c)
		t.wants(err, fault.KindForbidden, "")
		if v, err := t.s.Confirm(t.ctx, t.worker(access.StationWorker, south), child.ID, c); err != nil || v.Status != Active || v.Guardian != "周**" {
			t.Errorf("child after the call: %+v, %v", v, err)
		}
		if !t.holds(child.ID) || t.counted(south) != 2 {
			t.Error("the child is no volunteer")
		}
	})
}

// imported puts somebody in as a roster does.
func (t *town) imported(p person.Person) Volunteer {
	t.Helper()
	var v Volunteer
	t.write(func(tx *db.Tx) (err error) {
		if v, err = New(tx, p, FromImport); err != nil {
			return err
		}
		v.Skills = []string{"haircut"}
		Record(tx, access.System(), v, "import", nil)
		return Put(tx, v)
	})
	return v
}

func TestImportedPeopleDecideThemselves(t *testing.T) {
	each(t, func(t *town) {
		p := t.han()
		q := t.person(person.Person{Name: "何玉兰", Phone: "13800138001", Place: south, Birth: p.Birth})
		t.imported(p)
		t.imported(q)
		if t.counted(south) != 0 || t.holds(p.ID) {
			t.Error("whoever has not agreed counts")
		}
		if v, err := t.s.Show(t.ctx, self(p), p.ID); err != nil || !slices.Equal(v.Actions, []string{CanEdit, CanConfirm, CanDecline}) {
			t.Errorf("actions %v, %v", v.Actions, err)
		}
		_, err := t.s.Confirm(t.ctx, self(p), p.ID, Confirmation{})
		t.wants(err, fault.KindInvalid, "consent")
		_, err = t.s.Confirm(t.ctx, self(q), p.ID, Confirmation{Agreement: Agreement{Consent: Purposes()}})
		t.wants(err, fault.KindNotFound, "")
		if v, err := t.s.Confirm(t.ctx, self(p), p.ID, Confirmation{Agreement: Agreement{Consent: Purposes()}}); err != nil || v.Status != Active {
			t.Errorf("confirmed %+v, %v", v, err)
		}
		if v, err := t.s.Decline(t.ctx, t.worker(access.StationWorker, south), q.ID); err != nil || v.Status != Left {
			t.Errorf("declined %+v, %v", v, err)
		}
		if t.counted(south) != 1 || !t.holds(p.ID) || t.holds(q.ID) {
			t.Error("counts or roles are wrong")
		}
		if a, b := t.acts(p.ID), t.acts(q.ID); !slices.Equal(a, []string{"import", "confirm"}) || !slices.Equal(b, []string{"import", "decline"}) {
			t.Errorf("events %v, %v", a, b)
		}
		// Whoever said no may still come by themselves, with the number they had.
		r := agreed()
		if v, err := t.s.Register(t.ctx, self(q), r); err != nil || v.Status != Active || v.Origin != FromImport {
			t.Errorf("registered %+v, %v", v, err)
		}
	})
}

// TestSteps goes through every step from every status.
func TestSteps(t *testing.T) {
	each(t, func(t *town) {
		type step func(*Service, access.Who, string) (View, error)
		steps := map[string]step{
			"pause":   func(s *Service, w access.Who, id string) (View, error) { return s.Pause(t.ctx, w, id) },
			"resume":  func(s *Service, w access.Who, id string) (View, error) { return s.Resume(t.ctx, w, id) },
			"leave":   func(s *Service, w access.Who, id string) (View, error) { return s.Leave(t.ctx, w, id) },
			"decline": func(s *Service, w access.Who, id string) (View, error) { return s.Decline(t.ctx, w, id) },
			"confirm": func(s *Service, w access.Who, id string) (View, error) {
				return s.Confirm(t.ctx, w, id, Confirmation{Agreement: Agreement{Consent: Purposes()}})
			},
			"edit": func(s *Service, w access.Who, id string) (View, error) {
				return s.Edit(t.ctx, w, id, Profile{LimitWeek: ptr(2)})
			},
		}
		to := map[string]map[Status]Status{
			"pause":   {Active: Paused},
			"resume":  {Paused: Active},
			"leave":   {Active: Left, Paused: Left, Pending: Left},
			"decline": {Pending: Left},
			"confirm": {Pending: Active},
			"edit":    {Active: Active, Paused: Paused, Pending: Pending},
		}
		p := t.han()
		v := t.imported(p)
		for name, do := range steps {
			for _, from := range Statuses() {
				v.Status = from
				t.write(func(tx *db.Tx) error { return Put(tx, v) })
				before := len(t.acts(p.ID))
				got, err := do(t.s, self(p), p.ID)
				want, legal := to[name][from]
				switch {
				case legal && (err != nil || got.Status != want || len(t.acts(p.ID)) != before+1):
					t.Errorf("%s from %s: %s, %v, want %s and one event", name, from, got.Status, err, want)
				case !legal && (fault.KindOf(err) != fault.KindConflict || t.get(p.ID).Status != from || len(t.acts(p.ID)) != before):
					t.Errorf("%s from %s: %v, want a conflict and nothing changed", name, from, err)
				}
			}
		}
	})
}

func TestEditKeepsWhatIsLeftOut(t *testing.T) {
	each(t, func(t *town) {
		p := t.han()
		if _, err := t.s.Register(t.ctx, self(p), agreed()); err != nil {
			t.Fatal(err)
		}
		before := t.get(p.ID)
		v, err := t.s.Edit(t.ctx, self(p), p.ID, Profile{Free: []Slot{}, ContactName: ptr("女儿"), ContactPhone: ptr("139 0013 9000")})
		if err != nil || len(v.Free) != 0 || !slices.Equal(v.Skills, before.Skills) || v.ContactPhone != "13900139000" || v.LimitWeek != 3 {
			t.Errorf("%+v, %v", v, err)
		}
		_, err = t.s.Edit(t.ctx, self(p), p.ID, Profile{Skills: []string{}})
		t.wants(err, fault.KindInvalid, "skills")
		seen, err := t.s.Show(t.ctx, t.worker(access.StationWorker, south), p.ID)
		if err != nil || seen.Phone != "138****8000" || seen.ContactPhone != "139****9000" || seen.Name != "韩立新" {
			t.Errorf("the station sees %+v, %v", seen, err)
		}
		for _, who := range []access.Who{t.worker(access.StationWorker, north), t.worker(access.Volunteer, south), {Person: "x", District: district}} {
			_, err = t.s.Show(t.ctx, who, p.ID)
			t.wants(err, fault.KindNotFound, "")
		}
		_, err = t.s.Edit(t.ctx, t.worker(access.Auditor, south), p.ID, Profile{})
		t.wants(err, fault.KindForbidden, "")
	})
}

func TestNumbersAreGivenOnce(t *testing.T) {
	each(t, func(t *town) {
		const n = 12
		people := make([]person.Person, n)
		for i := range people {
			people[i] = t.person(person.Person{Name: fmt.Sprint("甲", i), Place: south, Birth: calendar.Day{Year: 1990, Month: 1, Day: 1}})
		}
		var wg sync.WaitGroup
		for _, p := range people {
			wg.Go(func() {
				if _, err := t.s.Register(t.ctx, self(p), agreed()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		numbers := map[string]bool{}
		for _, p := range people {
			numbers[t.get(p.ID).Number] = true
		}
		if len(numbers) != n || t.counted(south) != n {
			t.Errorf("%d numbers, %d counted, want %d", len(numbers), t.counted(south), n)
		}
	})
}

func TestListSearchesAndPages(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		p := t.han()
		if _, err := t.s.Register(t.ctx, self(p), agreed()); err != nil {
			t.Fatal(err)
		}
		for i := range 7 {
			t.imported(t.person(person.Person{Name: fmt.Sprint("同名", i/2), Place: south}))
		}
		t.imported(t.person(person.Person{Name: "𠮷㐂 100%_", Place: house(1)}))
		t.imported(t.person(person.Person{Name: "别处", Place: north}))
		number := t.get(p.ID).Number
		for _, c := range []struct {
			q    Query
			want int
		}{
			{Query{}, 9}, {Query{Words: "立新"}, 1}, {Query{Words: number}, 1}, {Query{Words: "13800138000"}, 1}, {Query{Words: "1380013"}, 0},
			{Query{Words: "𠮷"}, 1}, {Query{Words: "%"}, 1}, {Query{Words: "' OR 1=1 --"}, 0}, {Query{Words: "韩 13800138000"}, 1},
			{Query{Status: Active}, 1}, {Query{Status: Pending}, 8}, {Query{Status: Left}, 0},
			{Query{Skill: "fix_water"}, 1}, {Query{Skill: "haircut"}, 9}, {Query{Skill: "community_service"}, 9}, {Query{Skill: "fly"}, 0},
			{Query{Place: house(1)}, 2}, {Query{Place: house(2)}, 1}, {Query{Place: house(2), Status: Paused}, 0},
		} {
			c.q.Limit = 50
			page, err := t.s.List(t.ctx, worker, c.q)
			if err != nil || len(page.Items) != c.want {
				t.Errorf("%+v finds %d, %v, want %d", c.q, len(page.Items), err, c.want)
			}
		}
		var seen []string
		for q := (Query{Place: south, Limit: 2}); ; {
			page, err := t.s.List(t.ctx, worker, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Items {
				seen = append(seen, v.ID)
			}
			if page.Next == nil {
				break
			}
			q.After = *page.Next
		}
		if slices.Sort(seen); len(slices.Compact(seen)) != 9 {
			t.Errorf("paging shows %d of 9", len(seen))
		}
		for id, kind := range map[string]fault.Kind{north: fault.KindForbidden, street: fault.KindForbidden, "nowhere": fault.KindNotFound} {
			if _, err := t.s.List(t.ctx, worker, Query{Place: id, Limit: 5}); fault.KindOf(err) != kind {
				t.Errorf("at %s: %v, want %s", id, err, kind)
			}
		}
	})
}

// TestCandidate holds the terms of the matching engine against what was said.
func TestCandidate(t *testing.T) {
	each(t, func(t *town) {
		p := t.han()
		if _, err := t.s.Register(t.ctx, self(p), agreed()); err != nil {
			t.Fatal(err)
		}
		c := t.get(p.ID).Candidate()
		if len(c.Skills) != 2 || c.WalkMax != DefaultWalk || c.LimitWeek != 3 || c.At.Lat != 38.05 {
			t.Errorf("candidate %+v", c)
		}
		var ids []string
		t.read(func(tx *db.Tx) error {
			return Each(tx, district, func(v Volunteer) error { ids = append(ids, v.ID); return nil })
		})
		if !slices.Equal(ids, []string{p.ID}) {
			t.Errorf("to be asked: %v", ids)
		}
		if _, err := t.s.Pause(t.ctx, self(p), p.ID); err != nil {
			t.Fatal(err)
		}
		if t.get(p.ID).Serves() {
			t.Error("whoever rests is asked")
		}
		if t.counted(place.CommunityOf(south)) != 1 {
			t.Error("whoever rests is not counted")
		}
	})
}
