package roster

import (
	"context"
	"io"
	"slices"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/transfer"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Ask is what somebody wants exported.
type Ask struct {
	Place  string // a community, street or district
	Kind   transfer.Kind
	Whole  bool   // names, numbers and addresses as they are: only with a reason
	Reason string // everybody in the list can read it
}

// Export writes the roster of a place, by community and name, with the headings
// that Import knows. It is masked unless it is asked for whole by somebody who
// may see that of everybody in it; then each of them is told, before their row
// leaves the house.
func (s *Service) Export(ctx context.Context, who access.Who, a Ask, w io.Writer) error {
	e, err := s.begin(ctx, who, a)
	if err != nil {
		return err
	}
	out, err := transfer.NewWriter(w, a.Kind, transfer.VolunteerRoster(), e.scope.place.Name+"志愿者花名册")
	if err != nil {
		return err
	}
	for _, home := range e.scope.inside {
		if err == nil {
			err = e.community(ctx, home.Place, out)
		}
	}
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}

// Turn is where a part of a roster begins.
type Turn struct {
	Home  string         `json:"h"` // community; empty for the first
	After volunteer.Spot `json:"a"`
	Row   int64          `json:"r"` // how many rows there were before
}

// Part is some rows of a roster, in the order of its headings.
type Part struct {
	Rows [][]string
	Next *Turn // where the next part begins; nil at the end
}

// ExportPart reads a part of the masked roster of a place, for programs: at most
// chunkRows of one community.
func (s *Service) ExportPart(ctx context.Context, who access.Who, id string, at Turn) (Part, error) {
	e, err := s.begin(ctx, who, Ask{Place: id})
	if err != nil {
		return Part{}, err
	}
	home := max(0, slices.IndexFunc(e.scope.inside, func(n neighbourhood) bool { return n.ID == at.Home }))
	here := e.scope.inside[home]
	rows, err := e.batch(ctx, here.Place, at.After)
	e.n = at.Row
	part := Part{Rows: [][]string{}}
	for _, v := range rows {
		e.n++
		part.Rows = append(part.Rows, texts(e.cells(here.Place, v)))
	}
	switch {
	case len(rows) == chunkRows:
		last := rows[len(rows)-1]
		part.Next = &Turn{here.ID, volunteer.Spot{Name: last.Name, ID: last.ID}, e.n}
	case home+1 < len(e.scope.inside):
		part.Next = &Turn{Home: e.scope.inside[home+1].ID, Row: e.n}
	}
	return part, err
}

func texts(cells []transfer.Cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.String()
	}
	return out
}

// MayExport checks an export without making it, for the answer to a form.
func (s *Service) MayExport(ctx context.Context, who access.Who, a Ask) (place.Place, error) {
	e, err := s.begin(ctx, who, a)
	if err != nil {
		return place.Place{}, err
	}
	return e.scope.place, nil
}

func (s *Service) begin(ctx context.Context, who access.Who, a Ask) (*export, error) {
	e := &export{s: s, who: who, ask: a}
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		e.scope, err = scopeOf(tx, who, a.Place, access.VolunteerExport)
		if err == nil && a.Whole {
			err = access.Check(who, access.PersonUnmask, e.scope.place.Target())
		}
		return err
	})
	if err != nil || !a.Whole {
		return e, err
	}
	e.ask.Reason, err = identity.Line("reason", a.Reason, reasonMost)
	if err == nil && len([]rune(e.ask.Reason)) < reasonLeast {
		err = fault.Invalid("reason", "请写明为什么要看，本人会看到这句话。")
	}
	return e, err
}

// Bounds of a reason, in characters, as for a single person.
const reasonLeast, reasonMost = 2, 200

// export is one writing of a roster.
type export struct {
	s     *Service
	who   access.Who
	ask   Ask
	scope *scope
	n     int64 // rows so far
}

// fields are what a whole roster opens of each person.
func fields() []person.Field { return person.Fields() }

// listed is one volunteer of the roster.
type listed struct {
	volunteer.Volunteer
	person person.Person
	teams  []org.Membership
}

func (e *export) community(ctx context.Context, home place.Place, out *transfer.Writer) error {
	for after := (volunteer.Spot{}); ; {
		rows, err := e.batch(ctx, home, after)
		if err != nil {
			return err
		}
		for _, v := range rows {
			e.n++
			if err := out.Write(e.cells(home, v)...); err != nil {
				return err
			}
		}
		if len(rows) < chunkRows {
			return nil
		}
		last := rows[len(rows)-1]
		after = volunteer.Spot{Name: last.Name, ID: last.ID}
	}
}

// batch reads the next rows; what is shown whole is noted in the same transaction.
func (e *export) batch(ctx context.Context, home place.Place, after volunteer.Spot) (rows []listed, err error) {
	if !e.ask.Whole {
		err = e.s.db.Read(ctx, func(tx *db.Tx) error {
			rows, err = gatherListed(tx, home, after)
			return err
		})
		return rows, err
	}
	err = e.s.db.Write(ctx, func(tx *db.Tx) error {
		if rows, err = gatherListed(tx, home, after); err != nil {
			return err
		}
		for _, v := range rows {
			if err := person.Disclose(tx, e.who, v.person, person.Ask{Fields: fields(), Reason: e.ask.Reason}); err != nil {
				return err
			}
		}
		return nil
	})
	return rows, err
}

func gatherListed(tx *db.Tx, home place.Place, after volunteer.Spot) ([]listed, error) {
	found, err := volunteer.Batch(tx, home.ID, after, chunkRows)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found))
	for i, v := range found {
		ids[i] = v.ID
	}
	persons, err := person.Many(tx, home.District, ids)
	if err != nil {
		return nil, err
	}
	teams, err := org.MembershipsOf(tx, home.District, ids)
	out := make([]listed, len(found))
	for i, v := range found {
		out[i] = listed{v, persons[v.ID], teams[v.ID]}
	}
	return out, err
}

// cells are one row, in the order of the headings.
func (e *export) cells(home place.Place, v listed) []transfer.Cell {
	open, contact, phone := []person.Field(nil), identity.MaskName(v.ContactName), identity.MaskPhone(v.ContactPhone)
	note := ""
	if e.ask.Whole {
		open, contact, phone, note = fields(), v.ContactName, v.ContactPhone, v.Note
	}
	p := v.person.View(calendar.Day{}, open...)
	return []transfer.Cell{
		transfer.Number(e.n), transfer.Text(v.Number), transfer.Text(p.Name), transfer.Text(string(p.Sex)), transfer.Text(p.Birth),
		transfer.Text(documentKind(p)), transfer.Text(p.IDNumber), transfer.Text(v.Political), transfer.Text(v.Education),
		transfer.Text(home.Name), transfer.Text(p.Address), transfer.Text(p.Phone),
		transfer.Text(services(v.Skills, false)), transfer.Text(services(v.Skills, true)), transfer.Text(teamNames(v.teams)),
		transfer.Text(volunteer.FreeText(v.Free)), transfer.Text(contact), transfer.Text(phone),
		transfer.Date(calendar.DayOf(v.RegisteredAt)), transfer.Text(agreedWord(v.Status)), transfer.Text(note),
	}
}

// documentKind is empty when there is no document.
func documentKind(p person.View) string {
	if p.IDNumber == "" {
		return ""
	}
	return string(p.IDType)
}

// services names what somebody can do: everyday services, or official categories.
func services(ids []string, top bool) string {
	var names []string
	for _, id := range ids {
		if s, known := category.ByID(id); known && s.IsTop() == top {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, "、")
}

func teamNames(teams []org.Membership) string {
	var names []string
	for _, t := range teams {
		if !t.Ended {
			names = append(names, t.Name)
		}
	}
	return strings.Join(names, "、")
}

func agreedWord(s volunteer.Status) string {
	if s.Counts() {
		return "是"
	}
	return s.Label()
}

// Template writes a roster with nothing but its headings, to be filled in.
func Template(w io.Writer) error {
	out, err := transfer.NewWriter(w, transfer.XLSX, transfer.VolunteerRoster(), "志愿者花名册")
	if err != nil {
		return err
	}
	return out.Close()
}
