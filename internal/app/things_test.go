package app_test

import (
	"fmt"
	"maps"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/order"
	"linli/internal/feature/org"
	"linli/internal/feature/record"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// Words that nobody from outside may read.
const (
	secretDoor = "九单元九〇九"
	secretName = "慕容雪见"
	secretNeed = "想请人陪着去复诊"
)

// thing is something of the middle of the town that paths are about.
type thing struct {
	id     string
	read   access.Permission // to know of it at all; empty: only its owner may, who is no visitor
	word   string            // that only its readers may see; empty when all of it is public
	target access.Target
	near   bool                              // open to the volunteers of its street
	led    bool                              // somebody of the team that the leader of here leads
	open   func(visitor, access.Target) bool // who may know of it besides; nil: nobody
	make   func(h *house, tx *db.Tx) (id string, at access.Target, err error)
}

// things are made anew whenever somebody has changed them.
func things(h *house) map[string]*thing {
	all := map[string]*thing{
		"orders":     {read: access.OrderRead, word: secretNeed, near: true, make: newOrder},
		"persons":    {read: access.PersonRead, word: secretName, make: newPerson},
		"volunteers": {read: access.VolunteerRead, word: secretName, led: true, make: newVolunteer},
		"places":     {read: access.PlaceRead, make: newPlace},
		"orgs":       {read: access.OrgRead, make: newOrg},

		"records":    {read: access.RecordRead, word: secretNeed, make: newRow},
		"objections": {read: access.RecordRead, word: secretNeed, make: newObjection},
		"findings":   {read: access.FindingRead, make: newFinding},
		"checks":     {read: access.RecordRead, make: newCheck},
		"entries":    {read: access.RecordRead, word: secretNeed, make: newEntry},

		"certificates": {read: access.CertificateRead, word: secretNeed, make: newCertificate},

		"plans":        {read: access.PlanMake, make: newPlan},
		"recruitments": {read: access.PlaceRead, make: newRecruitment},
	}
	maps.Copy(all, worth())
	for _, th := range all {
		th.renew(h)
	}
	return all
}

func (th *thing) renew(h *house) {
	h.Write(func(tx *db.Tx) (err error) {
		th.id, th.target, err = th.make(h, tx)
		return err
	})
}

// seenBy is the thing with what the visitor is to it.
func (th *thing) seenBy(v visitor) access.Target {
	at := th.target
	if th.near && v.Circle == town.Here && v.who.Has(access.Volunteer) {
		at.Relations = []access.Relation{access.Neighbour}
	}
	if th.led && v.Circle == town.Here && v.Role == access.TeamLeader {
		at.Relations = []access.Relation{access.Leader}
	}
	return at
}

// reads says whether the visitor may know of the thing at all.
func (th *thing) reads(v visitor) bool {
	at := th.seenBy(v)
	return access.May(v.who, th.read, at) || th.open != nil && th.open(v, at)
}

// newOrder is one of somebody who is none of the visitors, verified and open.
func newOrder(h *house, tx *db.Tx) (string, access.Target, error) {
	asker := access.Who{Person: h.Person("陈小梅").ID, District: 130104}
	o, err := h.App.Orders.RequestTx(tx, asker, order.Request{Text: secretNeed, Address: secretDoor})
	if err != nil {
		return "", access.Target{}, err
	}
	if o.NeedsCheck {
		err = h.App.Orders.VerifyTx(tx, access.System(), o, order.Verification{})
	}
	return o.ID, access.Target{District: o.District, Path: o.PlacePath}, err
}

// newPerson is somebody with an account that nobody uses.
func newPerson(h *house, tx *db.Tx) (string, access.Target, error) {
	phone := fmt.Sprintf("154%08d", h.serial())
	p, err := person.Insert(tx, person.Person{Name: secretName, Place: town.Building, Door: secretDoor, Phone: phone})
	if err != nil {
		return "", access.Target{}, err
	}
	if err := h.App.Auth.OpenAccount(tx, access.System(), p.District, p.ID, phone, auth.Hashed{}); err != nil {
		return "", access.Target{}, err
	}
	at, err := place.Get(tx, p.Place)
	return p.ID, at.Target(), err
}

// newVolunteer serves in the team of the middle of the town.
func newVolunteer(h *house, tx *db.Tx) (string, access.Target, error) {
	pid, at, err := newPerson(h, tx)
	if err != nil {
		return "", at, err
	}
	p, err := person.Get(tx, at.District, pid)
	if err != nil {
		return "", at, err
	}
	v, err := volunteer.New(tx, p, volunteer.FromImport)
	if err != nil {
		return "", at, err
	}
	v.Skills = []string{"haircut"}
	if err := volunteer.Put(tx, v); err != nil {
		return "", at, err
	}
	return pid, at, org.AddMember(tx, at.District, h.Team, pid)
}

// newPlace is a building below the community.
func newPlace(h *house, tx *db.Tx) (string, access.Target, error) {
	serial := h.serial()
	p, err := place.Insert(tx, place.Place{ID: place.IDBelow(town.Community, serial), Parent: town.Community, Level: place.Building, Name: fmt.Sprintf("%d号楼", serial)})
	return p.ID, p.Target(), err
}

func newOrg(_ *house, tx *db.Tx) (string, access.Target, error) {
	o, err := org.Found(tx, access.System(), org.Org{Kind: org.Team, Name: "邻里缝补队", Place: town.Community})
	return o.ID, access.Target{District: o.District, Path: o.PlacePath}, err
}

// newCertificate is one that somebody who is none of the visitors asked for.
func newCertificate(h *house, tx *db.Tx) (string, access.Target, error) {
	volunteer, _, err := newVolunteer(h, tx)
	if err != nil {
		return "", access.Target{}, err
	}
	at, err := place.Get(tx, town.Community)
	if err != nil {
		return "", access.Target{}, err
	}
	id := tx.NewID()
	_, err = tx.Exec(`INSERT INTO certificate (district, id, code, state, version, volunteer, community, from_day, to_day, remark, number, minutes, paper,
			credential, handler, head, batch, status_list, status_index, applied_at, ended_by, reason, doubt)
		VALUES ($1, $2, $2, 'applied', 1, $3, $4, '2026-01-01', '2026-06-30', $5, '', 0, '{}', '', '', '', '', 0, 0, $6, '', '', '')`,
		at.District, id, volunteer, at.ID, secretNeed, tx.Now().UnixMilli())
	return id, at.Target(), err
}

// newPlan is a draft of the middle of the town in which nothing is proposed; it ends the
// one before, since a place has one at a time.
func newPlan(_ *house, tx *db.Tx) (string, access.Target, error) {
	at, err := place.Get(tx, town.Community)
	if err != nil {
		return "", access.Target{}, err
	}
	if _, err := tx.Exec(`UPDATE plan_draft SET state = 'dismissed' WHERE district = $1 AND place = $2`, at.District, at.ID); err != nil {
		return "", access.Target{}, err
	}
	draft := tx.NewID()
	_, err = tx.Exec(`INSERT INTO plan_draft (district, id, place, state, version, made_by, made_at, solved_at, ended_by, body)
		VALUES ($1, $2, $3, 'open', 1, '', $4, $4, '', '{}')`, at.District, draft, at.ID, tx.Now().UnixMilli())
	return draft, at.Target(), err
}

// newRecruitment looks for people whom nothing else looks for.
func newRecruitment(h *house, tx *db.Tx) (string, access.Target, error) {
	at, err := place.Get(tx, town.Community)
	if err != nil {
		return "", access.Target{}, err
	}
	notice := tx.NewID()
	_, err = tx.Exec(`INSERT INTO recruitment (district, id, place, category, part, people, made_by, made_at, closed_by)
		VALUES ($1, $2, $3, 'haircut', $4, 1, '', $5, '')`, at.District, notice, at.ID, fmt.Sprint(h.serial()), tx.Now().UnixMilli())
	return notice, at.Target(), err
}

// newRow is a service of somebody who is none of the visitors, in public notice.
func newRow(h *house, tx *db.Tx) (string, access.Target, error) {
	pid, at, err := newPerson(h, tx)
	if err != nil {
		return "", at, err
	}
	end := tx.Now().Add(-time.Hour)
	rows, err := record.Enter(tx, record.Record{
		District: at.District, Source: fmt.Sprint("thing:", h.serial()), Volunteer: pid, Community: town.Community, Name: "理发", Category: "haircut",
		Place: town.Community, Content: secretNeed, StartedAt: end.Add(-time.Hour), EndedAt: end, Minutes: 60, Grade: "A", Kind: record.FromOrder,
		Organiser: town.Community, PlacePath: at.Path,
	})
	if err != nil {
		return "", at, err
	}
	home, err := place.Get(tx, town.Community)
	return rows[0].ID, home.Target(), err
}

// newObjection is against such a row, of somebody who is none of the visitors.
func newObjection(h *house, tx *db.Tx) (string, access.Target, error) {
	row, at, err := newRow(h, tx)
	if err != nil {
		return "", at, err
	}
	o, err := record.ObjectTx(tx, access.Who{Person: h.Person("陈小梅").ID, District: at.District}, record.Complaint{Record: row, Words: secretNeed})
	if err != nil {
		return "", at, err
	}
	return o.ID, at, nil
}

// newEntry waits for a second unit, and was made by a unit of which no visitor is.
func newEntry(h *house, tx *db.Tx) (string, access.Target, error) {
	pid, at, err := newPerson(h, tx)
	if err != nil {
		return "", at, err
	}
	home, err := place.Get(tx, town.Community)
	if err != nil {
		return "", at, err
	}
	end := tx.Now().Add(-time.Hour)
	elsewhere := access.Who{Person: h.Person("陈小梅").ID, District: at.District, Grants: []access.Grant{
		{Role: access.TeamLeader, District: at.District, Place: town.Community, Path: home.Path, Org: "team of the test"}}}
	e, err := record.ProposeTx(tx, elsewhere, record.Manual{
		Volunteer: pid, Name: "理发", Category: "haircut", Content: secretNeed, StartedAt: end.Add(-time.Hour), EndedAt: end, Reason: "手机没电", Proof: "签到表",
	})
	if err != nil {
		return "", at, err
	}
	return e.ID, home.Target(), nil
}

// newFinding is about such a row.
func newFinding(h *house, tx *db.Tx) (string, access.Target, error) {
	row, at, err := newRow(h, tx)
	if err != nil {
		return "", at, err
	}
	id := tx.NewID()
	_, err = tx.Exec(`INSERT INTO finding (district, id, version, kind, subject, community, person, org, level, evidence, state, found_at, decided_by, decided_at, answer)
		VALUES ($1, $2, 1, 'too_far', $3, $4, '', '', 'unit', $5, 'open', $6, '', NULL, '')`,
		at.District, id, id, town.Community, `{"records":["`+row+`"],"limit":60}`, tx.Now().UnixMilli())
	return id, at, err
}

// newCheck is drawn of such a row.
func newCheck(h *house, tx *db.Tx) (string, access.Target, error) {
	row, at, err := newRow(h, tx)
	if err != nil {
		return "", at, err
	}
	id := tx.NewID()
	_, err = tx.Exec(`INSERT INTO spot_check (district, id, version, community, month, record, why, state, decided_by, decided_at, answer)
		VALUES ($1, $2, 1, $3, '2026-10', $4, 'drawn', 'open', '', NULL, '')`, at.District, id, town.Community, row)
	return id, at, err
}
