package star

import (
	"cmp"
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Ref names something.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// TableView is a place's table with its versions.
type TableView struct {
	Place    Ref           `json:"place"`
	Now      VersionView   `json:"now" doc:"现在照哪一套"`
	Versions []VersionView `json:"versions" doc:"这里和上面各级定过的，新的在前"`

	path string
}

// VersionView is one version.
type VersionView struct {
	Place     string        `json:"place" doc:"谁定的；空着就是通用的"`
	From      calendar.Day  `json:"from"`
	Yearly    bool          `json:"yearly"`
	Hours     []int64       `json:"hours" doc:"一星到五星"`
	Approvers []place.Level `json:"approvers"`
	Workdays  int           `json:"workdays" doc:"公示几个工作日"`
	Later     bool          `json:"later"`
}

func tableView(tx *db.Tx, p place.Place) (TableView, error) {
	v := TableView{Place: Ref{p.ID, p.Name}, Versions: []VersionView{}, path: p.Path}
	now, err := TableAt(tx, p.District, p.Path, tx.Now())
	if err != nil {
		return v, err
	}
	chain, err := place.Chain(tx, p)
	if err != nil {
		return v, err
	}
	names := map[string]string{}
	for _, c := range chain {
		names[c.ID] = c.Name
	}
	v.Now = now.version(names, tx.Now())
	all, err := tables(tx, p.District, tx.Now().AddDate(100, 0, 0))
	for _, t := range slices.Backward(all) {
		if names[t.Place] != "" {
			v.Versions = append(v.Versions, t.version(names, tx.Now()))
		}
	}
	return v, err
}

func (t Table) version(names map[string]string, now time.Time) VersionView {
	v := VersionView{Place: names[t.Place], Yearly: t.Yearly, Hours: t.Hours[:], Approvers: t.Approvers[:], Workdays: t.Workdays, Later: t.Since.After(now)}
	if t.Place != "" {
		v.From = calendar.DayOf(t.Since)
	}
	return v
}

// Table is what holds at a place.
func (s *Service) Table(ctx context.Context, who access.Who, at string) (v TableView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := chosen(tx, who, at)
		if err == nil {
			v, err = tableView(tx, p)
		}
		return err
	})
	return v, err
}

// chosen is the place that was asked for, of the reader's own district; where they
// work, or live, when none was.
func chosen(tx *db.Tx, who access.Who, at string) (place.Place, error) {
	switch {
	case at != "":
		p, err := place.Get(tx, at)
		if err == nil && p.District != who.District && !access.May(who, access.StarRead, p.Target()) {
			err = fault.NotFound("没有这个地方，或者不归您看。")
		}
		return p, err
	case len(access.Places(who, access.StarRead)) > 0:
		return place.Chosen(tx, who, access.StarRead, "")
	}
	me, err := person.Get(tx, who.District, who.Person)
	if err != nil {
		return place.Place{}, err
	}
	return place.Own(tx, me.Place)
}

// CaseView is a star on its way to somebody. Names are masked: it is a public notice.
type CaseView struct {
	ID         string          `json:"id"`
	Volunteer  Ref             `json:"volunteer" doc:"遮住一部分的名字"`
	Community  Ref             `json:"community"`
	Star       int             `json:"star"`
	Year       int             `json:"year,omitempty" doc:"按年评的才有"`
	Minutes    int64           `json:"minutes" doc:"提出来的时候算数的分钟"`
	Level      place.Level     `json:"level" doc:"谁来批：community 社区，street 街道，district 区县"`
	State      process.State   `json:"state" enum:"proposed,notice,given,refused"`
	Workdays   int             `json:"workdays"`
	NoticeEnds *time.Time      `json:"notice_ends,omitempty"`
	Answer     string          `json:"answer,omitempty"`
	Actions    []string        `json:"actions" doc:"您现在能办的"`
	Objections []ObjectionView `json:"objections"`
}

// ObjectionView is what somebody said against it, and the answer.
type ObjectionView struct {
	ID      string    `json:"id"`
	Words   string    `json:"words"`
	At      time.Time `json:"at"`
	Due     time.Time `json:"due" doc:"最晚什么时候答复"`
	Decided bool      `json:"decided"`
	Upheld  bool      `json:"upheld"`
	Answer  string    `json:"answer,omitempty"`
}

// What may be done with a case or round.
const (
	CanDecide = "decision"
	CanObject = "objection"
	CanAnswer = "answer"
)

func caseView(tx *db.Tx, who access.Who, c Case) (CaseView, error) {
	v := CaseView{ID: c.ID, Star: c.Star, Year: c.Year, Minutes: c.Minutes, Level: c.Level, State: c.State, Workdays: c.Workdays, Answer: c.Answer,
		Actions: []string{}, Objections: []ObjectionView{}}
	p, err := person.Get(tx, c.District, c.Volunteer)
	if err != nil {
		return v, err
	}
	names, err := place.Names(tx, c.Community)
	if err != nil {
		return v, err
	}
	v.Volunteer, v.Community = Ref{p.ID, identity.MaskName(p.Name)}, Ref{c.Community, names[c.Community]}
	if !c.NoticeEnds.IsZero() {
		ends := c.NoticeEnds.In(calendar.Zone())
		v.NoticeEnds = &ends
	}
	if v.Objections, err = objectionViews(tx, c.District, c.ID); err != nil {
		return v, err
	}
	return v, v.act(tx, who, c)
}

// act lists what who may do with a case now.
func (v *CaseView) act(tx *db.Tx, who access.Who, c Case) error {
	err := mayApprove(tx, who, c)
	if err != nil && fault.KindOf(err) != fault.KindForbidden {
		return err
	}
	if err == nil && c.State == Proposed {
		v.Actions = append(v.Actions, CanDecide)
	}
	if err == nil && c.State == Notice && slices.ContainsFunc(v.Objections, func(o ObjectionView) bool { return !o.Decided }) {
		v.Actions = append(v.Actions, CanAnswer)
	}
	if c.State == Notice && tx.Now().Before(c.NoticeEnds) {
		v.Actions = append(v.Actions, CanObject)
	}
	return nil
}

func objectionViews(tx *db.Tx, district int, subject string) ([]ObjectionView, error) {
	out := []ObjectionView{}
	all, err := objectionsTo(tx, district, subject)
	for _, o := range all {
		out = append(out, ObjectionView{o.ID, o.Words, o.At.In(calendar.Zone()), o.Due.In(calendar.Zone()), o.Decided, o.Upheld, o.Answer})
	}
	return out, err
}

// Board is the stars of a place.
type Board struct {
	Place place.Place
	Items []CaseView
	Rules bool // who may set the table
	Mine  *MineView
}

// MineView is where the reader stands.
type MineView struct {
	Star    int      `json:"star"`
	Minutes int64    `json:"minutes" doc:"算数的分钟"`
	Missing int64    `json:"missing" doc:"到下一级还差几分钟，0 就是没有下一级了"`
	Honours []string `json:"honours"`
}

// boardMost is how many cases a board shows.
const boardMost = 200

// Board lists the stars of a place: what is in notice and what was given for
// everybody, what waits for approval for whoever may read it.
func (s *Service) Board(ctx context.Context, who access.Who, at string) (b Board, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if b.Place, err = chosen(tx, who, at); err != nil {
			return err
		}
		b.Items, b.Rules = []CaseView{}, access.May(who, access.StarRule, b.Place.Target())
		communities, err := place.CommunitiesUnder(tx, b.Place.District, b.Place.Path)
		if err != nil || len(communities) == 0 {
			return err
		}
		var ids []string
		for _, c := range communities {
			ids = append(ids, c.ID)
		}
		all, err := casesIn(tx, b.Place.District, ids, boardMost)
		if err != nil {
			return err
		}
		if err := b.add(tx, who, all); err != nil {
			return err
		}
		b.Mine, err = mineOf(tx, who)
		return err
	})
	return b, err
}

func (b *Board) add(tx *db.Tx, who access.Who, all []Case) error {
	for _, c := range all {
		found, err := located(tx, who, c)
		if fault.KindOf(err) == fault.KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		v, err := caseView(tx, who, *found)
		if err != nil {
			return err
		}
		b.Items = append(b.Items, v)
	}
	return nil
}

// mineOf is where a volunteer stands; nil for whoever is none.
func mineOf(tx *db.Tx, who access.Who) (*MineView, error) {
	if !who.Has(access.Volunteer) {
		return nil, nil
	}
	p, err := person.Get(tx, who.District, who.Person)
	if err != nil {
		return nil, err
	}
	t, err := TableAt(tx, p.District, p.PlacePath, tx.Now())
	if err != nil {
		return nil, err
	}
	v := &MineView{Honours: []string{}}
	if v.Minutes, _, err = earned(tx, p.District, p.ID, t); err != nil {
		return nil, err
	}
	v.Missing = t.Next(v.Minutes)
	st, err := Of(tx, p.District, p.ID)
	v.Star = st.Star
	for _, h := range st.Honours {
		v.Honours = append(v.Honours, h.Kind.Label())
	}
	return v, err
}

// Case is one of them.
func (s *Service) Case(ctx context.Context, who access.Who, id string) (v CaseView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err := seekCase(tx, who, id)
		if err == nil {
			v, err = caseView(tx, who, *c)
		}
		return err
	})
	return v, err
}

// RoundView is a yearly honour as people see it.
type RoundView struct {
	ID         string        `json:"id"`
	Place      Ref           `json:"place"`
	Kind       Kind          `json:"kind" enum:"fairest,idea"`
	Year       int           `json:"year"`
	Seats      int           `json:"seats"`
	State      process.State `json:"state" enum:"nominating,voting,notice,given,none"`
	NominateTo calendar.Day  `json:"nominate_to"`
	VoteTo     calendar.Day  `json:"vote_to"`
	NoticeEnds *time.Time    `json:"notice_ends,omitempty"`
	Nominees   []NomineeView `json:"nominees" doc:"计了票才有票数"`
	Mine       string        `json:"mine,omitempty" doc:"您投给了谁"`

	inside, runs bool
}

// NomineeView is somebody who was put forward.
type NomineeView struct {
	ID         string          `json:"id"`
	Name       string          `json:"name" doc:"遮住一部分的名字"`
	Words      string          `json:"words"`
	Votes      *int64          `json:"votes,omitempty"`
	Won        bool            `json:"won"`
	Objections []ObjectionView `json:"objections"`
}

func roundView(tx *db.Tx, who access.Who, r Round) (RoundView, error) {
	v := RoundView{ID: r.ID, Place: Ref{r.Place, r.at.Name}, Kind: r.Kind, Year: r.Year, Seats: r.Seats, State: r.State, NominateTo: r.NominateTo, VoteTo: r.VoteTo,
		Nominees: []NomineeView{}, runs: access.May(who, access.HonourRun, r.at.Target())}
	if !r.NoticeEnds.IsZero() {
		ends := r.NoticeEnds.In(calendar.Zone())
		v.NoticeEnds = &ends
	}
	err := inside(tx, who, r)
	if err != nil && fault.KindOf(err) != fault.KindForbidden {
		return v, err
	}
	v.inside = err == nil
	if v.Mine, err = voteOf(tx, r.District, r.ID, who.Person); err != nil {
		return v, err
	}
	all, err := nominees(tx, r.District, r.ID)
	if err != nil {
		return v, err
	}
	return v, v.add(tx, r, all)
}

func (v *RoundView) add(tx *db.Tx, r Round, all []Nominee) error {
	var ids []string
	for _, n := range all {
		ids = append(ids, n.Volunteer)
	}
	people, err := person.Many(tx, r.District, ids)
	if err != nil {
		return err
	}
	counted := r.State != Nominating && r.State != Voting
	if !counted { // the order must not tell the votes
		slices.SortFunc(all, func(a, b Nominee) int { return cmp.Compare(a.ID, b.ID) })
	}
	for _, n := range all {
		view := NomineeView{ID: n.ID, Name: identity.MaskName(people[n.Volunteer].Name), Words: n.Words, Won: n.Won}
		if counted {
			view.Votes = &n.Votes
		}
		if view.Objections, err = objectionViews(tx, r.District, n.ID); err != nil {
			return err
		}
		v.Nominees = append(v.Nominees, view)
	}
	return nil
}

// Honours lists the rounds of a place and of those around it.
func (s *Service) Honours(ctx context.Context, who access.Who, at string) (p place.Place, out []RoundView, runs bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = []RoundView{}
		if p, err = chosen(tx, who, at); err != nil {
			return err
		}
		runs = access.May(who, access.HonourRun, p.Target())
		chain, err := place.Chain(tx, p)
		if err != nil {
			return err
		}
		var ids []string
		places := map[string]place.Place{}
		for _, c := range chain {
			ids, places[c.ID] = append(ids, c.ID), c
		}
		all, err := roundsAt(tx, p.District, ids)
		for _, r := range all {
			r.at = places[r.Place]
			v, failed := roundView(tx, who, r)
			if failed != nil {
				return failed
			}
			out = append(out, v)
		}
		return err
	})
	return p, out, runs, err
}

// Round is one of them.
func (s *Service) Round(ctx context.Context, who access.Who, id string) (v RoundView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := seekRound(tx, who, id)
		if err == nil {
			v, err = roundView(tx, who, r)
		}
		return err
	})
	return v, err
}
