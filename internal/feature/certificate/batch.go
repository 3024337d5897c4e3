package certificate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/star"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

// BatchState is how far a batch is.
type BatchState string

const (
	Running BatchState = "running"
	Done    BatchState = "done"
)

// Batch issues certificates to all volunteers of a community who served in a period.
type Batch struct {
	District         int
	ID               string
	Place            string
	From, To         calendar.Day
	Remark           string
	State            BatchState
	Total, Seen      int64 // volunteers: to look at, looked at
	Made             int64 // certificates
	BegunBy          string
	BegunAt, EndedAt time.Time

	spot volunteer.Spot
}

// The work of a batch: so many volunteers make one transaction, and a job ends after
// some time and has the next one go on.
const (
	kind      = "certificate.batch"
	chunkSize = 250
	jobTime   = 2 * time.Minute
)

type task struct {
	Batch string `json:"batch"`
}

// StartBatch begins to issue for a whole community. One batch runs at a time.
func (s *Service) StartBatch(ctx context.Context, who access.Who, placeID string, q Request) (Batch, error) {
	_, unready := s.issuer.Ready(ctx)
	return db.Returning(ctx, s.db, func(tx *db.Tx) (b Batch, err error) {
		at, err := place.Get(tx, placeID)
		if err != nil {
			return b, err
		}
		if err := access.Check(who, access.CertificateIssue, at.Target()); err != nil {
			return b, err
		}
		if unready != nil {
			return b, unready
		}
		if at.Level != place.Community {
			return b, fault.Invalid("place", "批量开证明要一个社区一个社区地开。")
		}
		if err := checkPeriod(q.From, q.To, calendar.DayOf(tx.Now())); err != nil {
			return b, err
		}
		if err := mayBegin(tx, at); err != nil {
			return b, err
		}
		b = Batch{District: at.District, ID: tx.NewID(), Place: at.ID, From: q.From, To: q.To, Remark: q.Remark, State: Running, BegunBy: who.Person, BegunAt: tx.Now()}
		if facts, err := volunteer.Facts(tx, at); err == nil && len(facts) > 0 {
			b.Total = facts[0].Value
		}
		if err := putBatch(tx, b); err != nil {
			return b, err
		}
		return b, enqueue(tx, b)
	})
}

// mayBegin says whether a place may issue many at once, and does not already.
func mayBegin(tx *db.Tx, at place.Place) error {
	two, err := rule.Value(tx, at.District, at.Path, rule.CertificateTwo)
	if err != nil {
		return err
	}
	if two == 1 {
		return fault.Conflict("这里的规矩是受理和开具要两个人，不能一个人批量开。")
	}
	_, found, err := runningBatch(tx, at.District, at.ID)
	if err == nil && found {
		return fault.Conflict("这个社区正在批量开证明，等它开完再开。")
	}
	return err
}

func enqueue(tx *db.Tx, b Batch) error {
	return job.Enqueue(tx, b.District, kind, fmt.Sprintf("%s/%d", b.ID, b.Seen), tx.Now(), task{b.ID})
}

// ShowBatch is how far a batch is.
func (s *Service) ShowBatch(ctx context.Context, who access.Who, id string) (b Batch, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		districts, err := place.Reach(tx, who)
		if err != nil {
			return err
		}
		for _, district := range districts {
			found := false
			if b, found, err = getBatch(tx, district, id); err != nil {
				return err
			}
			if !found {
				continue
			}
			at, err := place.Get(tx, b.Place)
			if err != nil {
				return err
			}
			if access.May(who, access.CertificateList, at.Target()) {
				return nil
			}
		}
		return fault.NotFound("没有这一批证明，或者它不归您看。")
	})
	return b, err
}

// Jobs are the handlers that the runner needs.
func (s *Service) Jobs() map[string]job.Handler { return map[string]job.Handler{kind: s.work} }

// work goes through the volunteers, portion by portion: while one portion is written
// the next is read, summed up and signed, so that both the writer and all other
// processors are busy.
func (s *Service) work(ctx context.Context, j *job.Job) error {
	var t task
	if err := json.Unmarshal(j.Args, &t); err != nil {
		return err
	}
	sign, err := s.issuer.Ready(ctx)
	if err != nil {
		return err
	}
	b, err := s.begun(ctx, j.District, t.Batch)
	if err != nil || b.State != Running {
		return err
	}
	until := s.db.Clock().Now().Add(jobTime)
	p, err := s.prepare(ctx, sign, b, trail{})
	for err == nil {
		if p, err = s.advance(ctx, sign, p); err != nil || p.over {
			return err
		}
		if s.db.Clock().Now().After(until) {
			return s.db.Write(ctx, func(tx *db.Tx) error { return enqueue(tx, p.from) })
		}
	}
	return err
}

func (s *Service) begun(ctx context.Context, district int, id string) (b Batch, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		b, _, err = getBatch(tx, district, id)
		return err
	})
	return b, err
}

// portion is some volunteers of a batch, summed up, signed and not written yet.
type portion struct {
	from, batch Batch // before and after these volunteers
	issuance    issuance
	drafts      []draft
	sealed      []draft // the drafts with their numbers
	last        int64   // serial before them
	over        bool    // there was nothing left to prepare
}

// trail is what the portion after another one has to know of it while it is written:
// the serials and the places in the lists that it is about to take.
type trail struct {
	day    string
	last   int64
	places map[[2]int]bool
}

func (p portion) trail() trail {
	t := trail{p.issuance.day(), p.last + int64(len(p.sealed)), map[[2]int]bool{}}
	for _, d := range p.sealed {
		t.places[[2]int{d.List, d.Index}] = true
	}
	return t
}

// advance writes a portion and prepares the next meanwhile.
func (s *Service) advance(ctx context.Context, sign signer, p portion) (next portion, err error) {
	var g errgroup.Group
	if after := p.trail(); p.batch.State == Running {
		b := p.batch
		g.Go(func() (err error) {
			next, err = s.prepare(ctx, sign, b, after)
			return err
		})
	}
	wrong := s.writeAll(ctx, sign, &p)
	if err := errors.Join(g.Wait(), wrong); err != nil {
		return p, err
	}
	if p.batch.State == Done {
		p.over = true
		return p, nil
	}
	next.from.Made, next.batch.Made = p.batch.Made, p.batch.Made
	return next, nil
}

// prepare reads the volunteers that follow, sums up what they did and signs it.
func (s *Service) prepare(ctx context.Context, sign signer, b Batch, after trail) (p portion, err error) {
	p.from = b
	var list []volunteer.Volunteer
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		at, err := place.Get(tx, b.Place)
		if err != nil {
			return err
		}
		if p.issuance, err = issuanceAt(tx, at); err != nil {
			return err
		}
		list, err = volunteer.Batch(tx, b.Place, b.spot, chunkSize)
		return err
	})
	if err != nil {
		return p, err
	}
	if p.drafts, err = s.drawAll(ctx, p.issuance, b, list); err != nil {
		return p, err
	}
	b.Seen += int64(len(list))
	b.Total = max(b.Total, b.Seen)
	if len(list) < chunkSize {
		b.State, b.EndedAt, b.Total = Done, p.issuance.now, b.Seen
	} else {
		last := list[len(list)-1]
		b.spot = volunteer.Spot{Name: last.Name, ID: last.ID}
	}
	p.batch = b
	return p, s.sealAll(ctx, sign, &p, after)
}

// parts is how many goroutines share a chunk.
func parts() int { return max(2, runtime.GOMAXPROCS(0)) }

// drawAll sums up the volunteers' records, each goroutine in a transaction of its
// own that only reads.
func (s *Service) drawAll(ctx context.Context, i issuance, b Batch, list []volunteer.Volunteer) ([]draft, error) {
	if len(list) == 0 {
		return nil, nil
	}
	pieces := slices.Collect(slices.Chunk(list, (len(list)+parts()-1)/parts()))
	out := make([][]draft, len(pieces))
	var g errgroup.Group
	for n, piece := range pieces {
		g.Go(func() (err error) {
			out[n], err = s.drawSome(ctx, i, b, piece)
			return err
		})
	}
	err := g.Wait()
	return slices.Concat(out...), err
}

func (s *Service) drawSome(ctx context.Context, i issuance, b Batch, list []volunteer.Volunteer) (out []draft, err error) {
	ids := make([]string, len(list))
	for n, v := range list {
		ids[n] = v.ID
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = nil
		persons, err := person.Many(tx, b.District, ids)
		if err != nil {
			return err
		}
		stars, err := star.Many(tx, b.District, ids...)
		if err != nil {
			return err
		}
		for _, v := range list {
			c := newCertificate(tx, persons[v.ID], Request{From: b.From, To: b.To, Remark: b.Remark})
			c.Batch, c.State, c.AppliedAt, c.AcceptedAt = b.ID, Issued, i.now, i.now
			c.Handler, c.Head, c.at = b.BegunBy, b.BegunBy, i.at
			d, err := i.draw(tx, c, persons[v.ID], v, stars[v.ID])
			if err != nil {
				return err
			}
			if len(d.rows) == 0 {
				continue
			}
			if _, same, err := standing(tx, d.Certificate); err != nil || same {
				if err != nil {
					return err
				}
				continue
			}
			out = append(out, d)
		}
		return nil
	})
	return out, err
}

// errRaced means that somebody else took a number in between.
var errRaced = errors.New("certificate: somebody else took a number at the same time")

func orRaced(err error) error {
	if err != nil {
		return err
	}
	return errRaced
}

// sealAll numbers and signs a portion with the serials that follow, on all processors.
// Serials that the portion before is about to take are counted on: who takes others in
// between is found out when it is written.
func (s *Service) sealAll(ctx context.Context, sign signer, p *portion, after trail) error {
	var places [][2]int
	head, b, day := "", p.batch, p.issuance.day()
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if p.last = after.last; after.day != day {
			if p.last, err = lastSerial(tx, b.District, b.Place, day); err != nil {
				return err
			}
		}
		if places, err = freePlaces(tx, b.District, len(p.drafts), after.places); err != nil {
			return err
		}
		names, err := person.Many(tx, b.District, []string{b.BegunBy})
		head = names[b.BegunBy].Name
		return err
	}); err != nil {
		return err
	}
	p.sealed = make([]draft, len(p.drafts))
	var g errgroup.Group
	g.SetLimit(parts())
	for n, d := range p.drafts {
		g.Go(func() (err error) {
			if d.Paper.Handler = head; d.Paper.Head == "" {
				d.Paper.Head = head
			}
			p.sealed[n], err = sign.seal(d, p.issuance, p.last+1+int64(n), places[n][0], places[n][1])
			return err
		})
	}
	return g.Wait()
}

// writeAll writes a portion; when a number or a place was taken meanwhile it is sealed
// again with those that are left.
func (s *Service) writeAll(ctx context.Context, sign signer, p *portion) error {
	const tries = 10
	for range tries {
		err := s.writeOnce(ctx, p)
		if !errors.Is(err, errRaced) {
			p.batch.Made += int64(len(p.sealed))
			return err
		}
		if err := s.sealAll(ctx, sign, p, trail{}); err != nil {
			return err
		}
	}
	return errRaced
}

func (s *Service) writeOnce(ctx context.Context, p *portion) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		b, n := p.batch, int64(len(p.sealed))
		if n > 0 {
			if moved, err := takeSerials(tx, b.District, b.Place, p.issuance.day(), p.last, n); err != nil || !moved {
				return orRaced(err)
			}
		}
		for _, d := range p.sealed {
			if err := insertSealed(tx, d); err != nil {
				return err
			}
		}
		b.Made += n
		return putBatch(tx, b)
	})
}

// freePlaces finds places in the status lists that neither stand there nor are about to.
func freePlaces(tx *db.Tx, district, n int, others map[[2]int]bool) ([][2]int, error) {
	list, err := lastList(tx, district)
	if err != nil {
		return nil, err
	}
	given := map[[2]int]bool{}
	maps.Copy(given, others)
	var out [][2]int
	for range n {
		l, index, err := freePlace(tx, district, list, given)
		if err != nil {
			return nil, err
		}
		list = l
		given[[2]int{l, index}] = true
		out = append(out, [2]int{l, index})
	}
	return out, nil
}

func insertSealed(tx *db.Tx, d draft) error {
	if used, err := taken(tx, d.District, d.List, d.Index); err != nil || used {
		return orRaced(err)
	}
	if err := insert(tx, d.Certificate); err != nil {
		return err
	}
	event.Append(tx, event.Event{
		District: d.District, Community: d.Community, Actor: d.Head, Act: "certificate.issue", Kind: Process.Name, Subject: d.ID,
		Data: event.Data{"volunteer": d.Volunteer},
	})
	return insertRows(tx, d.District, d.ID, d.rows)
}
