package roster

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/auth/sms"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/transfer"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district = 130104
	street   = "130104016000"
	south    = "130104016001"
	north    = "130104016002"
)

func house(n uint64) string { return place.IDBelow(south, n) }

func noon() time.Time { return time.Date(2026, 9, 26, 12, 0, 0, 0, calendar.Zone()) }

// town is a database with places, the services and the jobs on it.
type town struct {
	testing.TB
	db         *db.DB
	ctx        context.Context
	s          *Service
	volunteers *volunteer.Service
	runner     *job.Runner
}

func each(t *testing.T, test func(t *town)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newTown(t, d)) }, options()...)
}

func options() []dbtest.Option {
	return []dbtest.Option{dbtest.Clock(clock.NewManual(noon())), dbtest.With(invariants)}
}

func newTown(t testing.TB, d *db.DB) *town {
	t.Helper()
	roles, err := auth.New(auth.Options{DB: d, SMS: sms.NewConsole(io.Discard), Secret: make([]byte, 32), Cost: auth.Cost{MemoryKiB: 64, Passes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	town := &town{TB: t, db: d, ctx: context.Background(), s: NewService(d), volunteers: volunteer.NewService(d, roles)}
	town.runner = job.NewRunner(d, event.Districts, job.Options{Log: slog.New(slog.DiscardHandler)})
	for kind, h := range town.s.Jobs() {
		town.runner.Handle(kind, h)
	}
	town.build()
	return town
}

func (t *town) build() {
	t.Helper()
	files, err := place.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (place.Importer{DB: t.db}).Import(t.ctx, files, nil); err != nil {
		t.Fatal(err)
	}
	t.write(func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: south, Parent: street, Level: place.Community, Name: "东风路南社区", Position: &place.Position{Lat: 38.04, Lng: 114.47}},
			{ID: north, Parent: street, Level: place.Community, Name: "东风路北社区"},
			{ID: house(1), Parent: south, Level: place.Estate, Name: "邮电园小区"},
			{ID: house(2), Parent: house(1), Level: place.Building, Name: "3号楼"},
			{ID: house(3), Parent: house(1), Level: place.Building, Name: "13号楼"},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func invariants(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		for _, check := range []func(*db.Tx) ([]string, error){event.CheckGapless, place.CheckCounts(person.Recount, volunteer.Recount, org.Recount)} {
			bad, err := check(tx)
			if err != nil || len(bad) > 0 {
				return errors.Join(err, errors.New(strings.Join(bad, "\n")))
			}
		}
		return nil
	})
}

func (t *town) write(fn func(tx *db.Tx) error) {
	t.Helper()
	if err := t.db.Write(t.ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func (t *town) read(fn func(tx *db.Tx) error) {
	t.Helper()
	if err := t.db.Read(t.ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// worker has a role at a place.
func (t *town) worker(r access.Role, id string) (who access.Who) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		p, err := place.Get(tx, id)
		who = access.Who{Person: "worker-1", Name: "陈静", District: district,
			Grants: []access.Grant{{Role: r, District: district, Place: p.ID, Path: p.Path}}}
		return err
	})
	return who
}

// run does the jobs that are due.
func (t *town) run() {
	t.Helper()
	if _, err := t.runner.Once(t.ctx); err != nil {
		t.Fatal(err)
	}
}

// upload sends a roster and has it checked.
func (t *town) upload(who access.Who, data []byte) File {
	t.Helper()
	f, err := t.s.Upload(t.ctx, who, south, "志愿者名单.xlsx", data)
	if err != nil {
		t.Fatal(err)
	}
	t.run()
	return t.show(who, f.ID)
}

func (t *town) show(who access.Who, id string) File {
	t.Helper()
	f, err := t.s.Show(t.ctx, who, id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// confirm takes a file and has it imported.
func (t *town) confirm(who access.Who, id string, leaveOut bool) File {
	t.Helper()
	if _, err := t.s.Confirm(t.ctx, who, id, leaveOut); err != nil {
		t.Fatal(err)
	}
	t.run()
	return t.show(who, id)
}

// said is what is said of each row, by its number.
func (t *town) said(who access.Who, id string) map[int]string {
	t.Helper()
	all, err := t.s.Findings(t.ctx, who, id, "", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for _, f := range all {
		out[f.Row] = string(f.Verdict) + " " + sentence(f.Remarks, chinese)
	}
	return out
}

// everything is a picture of what an import may change, without event numbers.
func (t *town) everything() (all []string) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		for _, q := range []string{
			`SELECT id || name || phone || birth || sex || coalesce(id_number, '') || place || address || CAST(version AS TEXT) FROM person WHERE district = 130104 ORDER BY id`,
			`SELECT id || number || status || national_no || political || note || CAST(version AS TEXT) FROM volunteer WHERE district = 130104 ORDER BY id`,
			`SELECT volunteer || service FROM volunteer_skill WHERE district = 130104 ORDER BY volunteer, service`,
			`SELECT org || person FROM org_member WHERE district = 130104 ORDER BY org, person`,
			`SELECT id || name FROM org WHERE district = 130104 ORDER BY id`,
			`SELECT community || metric || CAST(n AS TEXT) FROM place_count WHERE district = 130104 ORDER BY community, metric`,
		} {
			rows, err := db.All(tx, func(s db.Scanner) (line string, err error) { return line, s.Scan(&line) }, q)
			if err != nil {
				return err
			}
			all = append(all, rows...)
		}
		return nil
	})
	return all
}

// byName finds the volunteer of a name.
func (t *town) byName(name string) (v volunteer.Volunteer, p person.Person) {
	t.Helper()
	page, err := t.volunteers.List(t.ctx, t.worker(access.StationWorker, south), volunteer.Query{Place: south, Words: name, Limit: 2})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%d volunteers are called %s, %v", len(page.Items), name, err)
	}
	t.read(func(tx *db.Tx) error {
		if v, _, err = volunteer.Get(tx, district, page.Items[0].ID); err != nil {
			return err
		}
		p, err = person.Get(tx, district, v.ID)
		return err
	})
	return v, p
}

// row is one row of a roster, by headings.
type row map[string]string

// workbook is an XLSX as places keep them: merged titles, a line of remarks, the
// headings in row 3 in the order given, then the rows, then a total.
func workbook(t testing.TB, headings []string, rows ...row) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	sheet := f.GetSheetName(0)
	cell := func(column, line int, value any) {
		name, err := excelize.CoordinatesToCellName(column+1, line)
		if err == nil {
			err = f.SetCellValue(sheet, name, value)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	last, _ := excelize.CoordinatesToCellName(len(headings), 1)
	if err := f.MergeCell(sheet, "A1", last); err != nil {
		t.Fatal(err)
	}
	cell(0, 1, "东风路南社区志愿者花名册")
	cell(0, 2, "填报单位：东风路南社区")
	for i, h := range headings {
		cell(i, 3, h)
		for j, r := range rows {
			cell(i, 4+j, r[strings.TrimSuffix(h, "（必填）")])
		}
	}
	cell(0, 4+len(rows), "合计")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func headings() []string { return transfer.VolunteerRoster().Names() }

// id18 makes an ID number right by its last character.
func id18(first17 string) string {
	sum := 0
	for _, c := range first17 {
		sum = (sum + int(c-'0')) * 2 % 11
	}
	return first17 + string("10X98765432"[sum])
}

func self(p person.Person) access.Who {
	return access.Who{Person: p.ID, Name: p.Name, District: district}
}

func (t *town) wants(err error, kind fault.Kind, field string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.As(err).Field != field {
		t.Fatalf("error %v, want %s of %q", err, kind, field)
	}
}
