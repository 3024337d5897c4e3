package certificate

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/credential"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

// Register is the book of a place's certificates.
type Register struct {
	Place   place.Place
	Waiting []Certificate // to be done: requests, and what is in doubt
	Items   []Certificate // all, newest first
	More    bool
	Batches []Batch
	Unit    Unit
	names   map[string]string // of volunteers whose paper is not written yet
}

// Name is whose certificate it is.
func (r Register) Name(c Certificate) string {
	if c.Paper.Name != "" {
		return c.Paper.Name
	}
	return r.names[c.Volunteer]
}

// mostWaiting is how many the page shows at once; the oldest come first.
const mostWaiting = 100

// Register lists the certificates of a place and below.
func (s *Service) Register(ctx context.Context, who access.Who, placeID string, before Cursor, limit int) (out Register, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		communities, at, err := scope(tx, who, placeID, access.CertificateList)
		if err != nil || len(communities) == 0 {
			out = Register{Place: at}
			return err
		}
		out = Register{Place: at}
		if out.Waiting, err = waiting(tx, at.District, communities, mostWaiting); err != nil {
			return err
		}
		if out.Items, err = register(tx, at.District, communities, before, limit+1); err != nil {
			return err
		}
		if out.More = len(out.Items) > limit; out.More {
			out.Items = out.Items[:limit]
		}
		if out.Batches, err = batchesOf(tx, at.District, at.ID); err != nil {
			return err
		}
		if out.Unit, err = unitOf(tx, at); err != nil {
			return err
		}
		out.names, err = namesOf(tx, at.District, out.Waiting, out.Items)
		return err
	})
	return out, err
}

// scope is a place and the communities of it whose register who may read.
func scope(tx *db.Tx, who access.Who, placeID string, p access.Permission) ([]string, place.Place, error) {
	if placeID == "" {
		mine := access.Places(who, p)
		if len(mine) == 0 {
			return nil, place.Place{}, fault.Forbidden("您的身份不能办这件事。要办的话，请找服务站。")
		}
		placeID = mine[0].Place
	}
	at, err := place.Get(tx, placeID)
	if err != nil {
		return nil, at, err
	}
	if err := access.Check(who, p, at.Target()); err != nil {
		return nil, at, err
	}
	communities, err := communitiesOf(tx, at)
	return communities, at, err
}

func communitiesOf(tx *db.Tx, at place.Place) ([]string, error) {
	if id := at.Community(); id != "" {
		return []string{id}, nil
	}
	all, err := place.CommunitiesUnder(tx, at.District, at.Path)
	var out []string
	for _, p := range all {
		out = append(out, p.ID)
	}
	return out, err
}

func namesOf(tx *db.Tx, district int, lists ...[]Certificate) (map[string]string, error) {
	var ids []string
	for _, list := range lists {
		for _, c := range list {
			if c.Paper.Name == "" {
				ids = append(ids, c.Volunteer)
			}
		}
	}
	persons, err := person.Many(tx, district, ids)
	names := map[string]string{}
	for id, p := range persons {
		names[id] = p.Name
	}
	return names, err
}

// Waiting counts what a station has to do, for its menu; 0 for whoever does not.
func Waiting(tx *db.Tx, who access.Who, at place.Place) (int, error) {
	if !access.May(who, access.CertificateIssue, at.Target()) {
		return 0, nil
	}
	communities, err := communitiesOf(tx, at)
	if err != nil || len(communities) == 0 {
		return 0, err
	}
	list, err := waiting(tx, at.District, communities, mostWaiting)
	return len(list), err
}

// InDoubt lists the certificates of a community that stand on a row of the record that
// was taken back, for whoever may read its register.
func InDoubt(tx *db.Tx, who access.Who, at place.Place) (out []Certificate, err error) {
	if !access.May(who, access.CertificateList, at.Target()) {
		return nil, nil
	}
	all, err := waiting(tx, at.District, []string{at.ID}, mostWaiting)
	for _, c := range all {
		if c.Doubt != "" {
			c.at, c.who = at, who
			out = append(out, c)
		}
	}
	return out, err
}

// Notice is one line of the public notice.
type Notice struct {
	Number, Name, Unit string // the name is masked
	From, To           calendar.Day
	Minutes            int64
	Until              time.Time
}

// Announcement is the public notice of a place.
type Announcement struct {
	Place place.Place
	Phone string
	Items []Notice
}

// mostAnnounced bounds the page; a batch of a whole community is longer.
const mostAnnounced = 500

// Announced lists what is in public notice at a place; anybody may read it.
func (s *Service) Announced(ctx context.Context, placeID string) (out Announcement, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		at, err := place.Get(tx, placeID)
		if err != nil {
			return err
		}
		out = Announcement{Place: at}
		if out.Phone, err = place.Phone(tx, at.ID); err != nil {
			return err
		}
		communities, err := communitiesOf(tx, at)
		if err != nil || len(communities) == 0 {
			return err
		}
		list, err := announced(tx, at.District, communities, tx.Now(), mostAnnounced)
		for _, c := range list {
			out.Items = append(out.Items, Notice{c.Number, identity.MaskName(c.Paper.Name), c.Paper.Unit, c.From, c.To, c.Minutes, c.NoticeUntil})
		}
		return err
	})
	return out, err
}

// SetUnit says who issues at a place from now on. What was issued stays as it is.
func (s *Service) SetUnit(ctx context.Context, who access.Who, placeID string, u Unit) (at place.Place, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if at, err = place.Get(tx, placeID); err != nil {
			return err
		}
		if err := access.Check(who, access.CertificateUnit, at.Target()); err != nil {
			return err
		}
		if u.Head != "" {
			if u.Head, err = identity.Name("head", u.Head); err != nil {
				return err
			}
		}
		event.Append(tx, event.Event{District: at.District, Community: at.Community(), Actor: who.Person, Act: "certificate.unit", Kind: "place", Subject: at.ID})
		return setUnit(tx, at, u, who.Person)
	})
	return at, err
}

// StatusList is the signed list of what was revoked; anybody may have it.
func (s *Service) StatusList(ctx context.Context, district, list int) (out credential.Document, err error) {
	sign, err := s.issuer.Ready(ctx)
	if err != nil {
		return nil, err
	}
	bits, now := credential.NewBits(), s.db.Clock().Now()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		last, err := lastList(tx, district)
		if err == nil && (list < 1 || list > last) {
			return fault.NotFound("没有这份撤销名单。")
		}
		revoked, err := revokedIn(tx, district, list)
		for _, i := range revoked {
			bits.Set(i)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	const holds = 24 * time.Hour
	out, err = credential.StatusList(sign.did, listAddress(sign.origin, district, list), bits, now, now.Add(holds))
	if err != nil {
		return nil, err
	}
	return sign.ring.Sign(out, sign.did, now)
}

// Issuer is the identity under which this service signs.
func (s *Service) Issuer() *Issuer { return s.issuer }

// Schedule registers the periodic work of this package.
func (s *Service) Schedule(r *job.Runner) {
	const often = 10 * time.Minute
	r.Periodic("certificate.recheck", job.Every(often), func(ctx context.Context, j *job.Job) error {
		return s.db.Write(ctx, func(tx *db.Tx) error { return Recheck(tx, j.District) })
	})
}

// Recheck finds the certificates that stand on a row of the record that was taken
// back since, and marks them: the station sees them and decides.
func Recheck(tx *db.Tx, district int) error {
	gone, err := record.Replaced(tx, district)
	if err != nil || len(gone) == 0 {
		return err
	}
	numbers, ids := map[string]string{}, []string{}
	for _, r := range gone {
		numbers[r.ID] = r.Number
		ids = append(ids, r.ID)
	}
	found, err := standingOn(tx, district, ids)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, d := range found {
		if seen[d.certificate] {
			continue
		}
		seen[d.certificate] = true
		if err := doubt(tx, district, d.certificate, numbers[d.record]); err != nil {
			return err
		}
	}
	return nil
}

func doubt(tx *db.Tx, district int, id, number string) error {
	c, _, err := get(tx, district, id)
	if err != nil {
		return err
	}
	if c.Doubt = number; number == "" {
		c.Doubt = "?"
	}
	if saved, err := save(tx, &c); err != nil || !saved {
		return orBusy(err)
	}
	tell(tx, "", c, "certificate.doubt")
	return nil
}
