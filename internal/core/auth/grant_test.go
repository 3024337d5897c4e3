package auth

import (
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

func (h *house) grant(by access.Who, a Appointment) (held Held, err error) {
	h.t.Helper()
	err = h.d.Write(h.t.Context(), func(tx *db.Tx) (err error) {
		held, err = h.Grant(tx, by, a)
		return err
	})
	return held, err
}

func TestGrantsStayInTheSubtree(t *testing.T) {
	each(t, func(h *house) {
		h.account("街道管理员", mother, community)
		boss := h.signIn(mother, program).Who
		boss.Grants = []access.Grant{{Role: access.Administrator, District: district, Place: street,
			Path: "/130000000000/130100000000/130104000000/" + street + "/"}}
		p := h.person("周敏", worker, community)
		for _, tt := range []struct {
			name string
			a    Appointment
			kind fault.Kind
		}{
			{"own community", Appointment{District: district, Person: p.ID, Role: access.StationWorker, Place: community}, ""},
			{"own street", Appointment{District: district, Person: p.ID, Role: access.StreetOfficer, Place: street}, ""},
			{"the district above", Appointment{District: district, Person: p.ID, Role: access.Auditor, Place: "130104000000"}, fault.KindForbidden},
			{"another district", Appointment{District: district, Person: p.ID, Role: access.Resident, Place: elsewhere}, fault.KindForbidden},
			{"the country", Appointment{District: district, Person: p.ID, Role: access.Administrator}, fault.KindForbidden},
			{"oneself", Appointment{District: district, Person: boss.Person, Role: access.StationWorker, Place: community}, fault.KindForbidden},
			{"no such role", Appointment{District: district, Person: p.ID, Role: "king", Place: community}, fault.KindInvalid},
			{"no such place", Appointment{District: district, Person: p.ID, Role: access.Auditor, Place: "999999999999"}, fault.KindNotFound},
			{"nobody", Appointment{District: district, Person: "x", Role: access.Auditor, Place: community}, fault.KindNotFound},
		} {
			_, err := h.grant(boss, tt.a)
			if tt.kind == "" && err != nil || tt.kind != "" && (err == nil || fault.KindOf(err) != tt.kind) {
				h.t.Errorf("%s: want %q, got %v", tt.name, tt.kind, err)
			}
		}
		boss.Grants[0].Role = access.StationWorker
		_, err := h.grant(boss, Appointment{District: district, Person: p.ID, Role: access.Auditor, Place: community})
		h.refused(err, fault.KindForbidden, "")
	})
}

func TestGrantCountsAtOnceAndEnds(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("周敏", worker, community)
		in := h.signIn(worker, program)
		has := func(role access.Role) bool {
			who, _, err := h.Authenticate(h.t.Context(), in.Token)
			h.must(err)
			return who.Has(role)
		}
		if has(access.StationWorker) {
			h.t.Fatal("before the grant")
		}
		until := h.clock.Now().Add(time.Hour)
		a := Appointment{District: district, Person: p.ID, Role: access.StationWorker, Place: community, Until: until}
		held, err := h.grant(access.System(), a)
		h.must(err)
		if !has(access.StationWorker) {
			h.t.Error("after the grant")
		}
		again, err := h.grant(access.System(), a)
		if err != nil || again.ID != held.ID {
			h.t.Errorf("the same role twice: %v %v", again, err)
		}
		h.clock.Set(until)
		if has(access.StationWorker) {
			h.t.Error("after its end")
		}
		a.Until, a.Since = time.Time{}, h.clock.Now().Add(time.Hour)
		held, err = h.grant(access.System(), a)
		h.must(err)
		if h.clock.Add(time.Minute); has(access.StationWorker) {
			h.t.Error("before its beginning")
		}
		if h.clock.Add(time.Hour); !has(access.StationWorker) {
			h.t.Error("after its beginning")
		}
		a.Until, a.Since = h.clock.Now(), time.Time{}
		_, err = h.grant(access.System(), a)
		h.refused(err, fault.KindInvalid, "until")
		h.write(func(tx *db.Tx) error { return h.Revoke(tx, access.System(), p, held.ID) })
		if has(access.StationWorker) {
			h.t.Error("after it was taken back")
		}
		err = h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.Revoke(tx, access.System(), p, held.ID) })
		h.refused(err, fault.KindNotFound, "")
	})
}

func TestRevokeStaysInTheSubtree(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("周敏", worker, community)
		h.account("韩主任", mother, community, access.Administrator)
		h.account("别处的管理员", son, elsewhere, access.Administrator)
		held, err := h.grant(access.System(), Appointment{District: district, Person: p.ID, Role: access.StationWorker, Place: community})
		h.must(err)
		revoke := func(phone, id string) error {
			who := h.signIn(phone, program).Who
			return h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.Revoke(tx, who, p, id) })
		}
		h.refused(revoke(son, held.ID), fault.KindForbidden, "")
		h.refused(revoke(worker, held.ID), fault.KindForbidden, "")
		h.must(revoke(mother, held.ID))
	})
}

func TestAssignKnowsNoStaff(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("孟桂兰", mother, community)
		for _, role := range access.Roles() {
			a := Appointment{District: district, Person: p.ID, Role: role, Place: community, Org: "team"}
			assign := func(fn func(tx *db.Tx) error) error { return h.d.Write(h.t.Context(), fn) }
			given := assign(func(tx *db.Tx) error { _, err := h.Assign(tx, access.Who{Person: p.ID}, a); return err })
			taken := assign(func(tx *db.Tx) error { return h.Unassign(tx, access.Who{Person: p.ID}, a) })
			if staff := isStaffRole(role); (given != nil) != staff || (taken != nil) != staff {
				h.t.Errorf("%s: %v, %v", role, given, taken)
			}
		}
		h.read(func(tx *db.Tx) error {
			held, err := GrantsOf(tx, district, p.ID)
			if len(held) != 1 || held[0].Grant.Role != access.Resident {
				h.t.Errorf("left: %v", held)
			}
			return err
		})
	})
}

func TestGrantsUnder(t *testing.T) {
	each(t, func(h *house) {
		h.account("周敏", worker, community, access.StationWorker)
		h.account("别处的人", son, elsewhere, access.StationWorker)
		h.read(func(tx *db.Tx) error {
			for path, want := range map[string]int{
				"/": 2, "/130000000000/130100000000/130104000000/": 2, "/130000000000/130100000000/130105000000/": 0,
			} {
				held, err := GrantsUnder(tx, district, path)
				if err != nil || len(held) != want {
					h.t.Errorf("under %s: %v %v", path, held, err)
				}
			}
			return nil
		})
	})
}

func (h *house) mayActFor(agent, principal person.Person) (may bool) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		may, err = MayActFor(tx, access.Who{Person: agent.ID, District: agent.District}, principal.ID)
		return err
	})
	return may
}

func TestActingForAnElderWhoGaveTheCode(t *testing.T) {
	each(t, func(h *house) {
		elder := h.person("孟桂兰", mother, community) // no account
		kid := h.account("孟小军", son, community)
		who := h.signIn(son, phoneBrowser).Who
		ask := ProxyRequest{Name: "孟桂兰", Phone: mother, Relation: Child}
		ask.Code = wrongCode(h.codeFor(mother, Consent))
		_, err := h.AgreeByCode(h.t.Context(), who, ask)
		h.refused(err, fault.KindInvalid, "code")
		if h.mayActFor(kid, elder) {
			h.t.Fatal("without consent")
		}
		ask.Code = h.codeFor(mother, Consent)
		_, err = h.AgreeByCode(h.t.Context(), who, ProxyRequest{Name: "别人", Phone: mother, Relation: Child, Code: ask.Code})
		h.refused(err, fault.KindNotFound, "")
		made, err := h.AgreeByCode(h.t.Context(), who, ask)
		h.must(err)
		if !h.mayActFor(kid, elder) || h.mayActFor(elder, kid) || !h.mayActFor(elder, elder) || h.mayActFor(person.Person{}, elder) {
			h.t.Error("the wrong way round")
		}
		ask.Code = h.codeFor(mother, Consent)
		_, err = h.AgreeByCode(h.t.Context(), who, ask)
		h.refused(err, fault.KindConflict, "")

		ask = ProxyRequest{Name: "孟小军", Phone: son, Relation: Child, Code: h.codeFor(son, Consent)}
		_, err = h.AgreeByCode(h.t.Context(), who, ask)
		h.refused(err, fault.KindInvalid, "phone")

		stranger := access.Who{Person: "x", District: district}
		h.refused(h.EndProxy(h.t.Context(), stranger, district, made.ID), fault.KindForbidden, "")
		h.must(h.EndProxy(h.t.Context(), access.Who{Person: elder.ID, District: district}, district, made.ID))
		h.refused(h.EndProxy(h.t.Context(), who, district, made.ID), fault.KindNotFound, "")
		if h.mayActFor(kid, elder) {
			h.t.Error("after it ended")
		}
	})
}

// TestOnesOwnPhoneIsNoConsent: an elder who is called on the son's phone has to
// agree to the station.
func TestOnesOwnPhoneIsNoConsent(t *testing.T) {
	each(t, func(h *house) {
		h.person("孟桂兰", son, community)
		h.account("孟小军", son, community)
		ask := ProxyRequest{Name: "孟桂兰", Phone: son, Relation: Child, Code: h.codeFor(son, Consent)}
		_, err := h.AgreeByCode(h.t.Context(), h.signIn(son, phoneBrowser).Who, ask)
		h.refused(err, fault.KindInvalid, "phone")
	})
}

func TestStationWritesConsentDown(t *testing.T) {
	each(t, func(h *house) {
		elder := h.person("孟桂兰", mother, community)
		kid := h.account("孟小军", son, elsewhere) // lives in another district
		h.account("周敏", worker, community, access.StationWorker)
		station := h.signIn(worker, program).Who
		record := func(by access.Who, phone string, how Agreement) (Proxy, error) {
			return h.RecordProxy(h.t.Context(), by, district, elder.ID, phone, Child, how)
		}
		for _, by := range []access.Who{h.signIn(son, program).Who, {Person: elder.ID, District: district}} {
			_, err := record(by, son, OnPaper)
			h.refused(err, fault.KindForbidden, "")
		}
		_, err := record(station, nobody, OnPaper)
		h.refused(err, fault.KindInvalid, "agent_phone")
		_, err = record(station, son, ByCode)
		h.refused(err, fault.KindInvalid, "how")
		made, err := record(station, son, ByPhone)
		h.must(err)
		if !h.mayActFor(kid, elder) {
			h.t.Error("the agent's district does not know of it")
		}
		h.read(func(tx *db.Tx) error {
			mine, err := Principals(tx, access.Who{Person: kid.ID, District: kid.District})
			if err != nil || len(mine) != 1 || mine[0].Principal.Name != "孟桂兰" || mine[0].How != ByPhone {
				h.t.Errorf("for whom: %v %v", mine, err)
			}
			hers, err := Agents(tx, district, elder.ID)
			if err != nil || len(hers) != 1 || hers[0].Agent.Name != "孟小军" || hers[0].ID != made.ID {
				h.t.Errorf("who: %v %v", hers, err)
			}
			return nil
		})
		h.must(h.EndProxy(h.t.Context(), station, district, made.ID))
		if h.mayActFor(kid, elder) {
			h.t.Error("after the station ended it")
		}
	})
}
