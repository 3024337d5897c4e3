package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/feature/certificate"
	"linli/internal/feature/exchange"
	"linli/internal/feature/order"
	"linli/internal/feature/org"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// monday is a working day in the morning, late in its month.
var monday = time.Date(2026, 11, 23, 2, 30, 0, 0, time.UTC)

// How much of the demo a test loads.
type much int

const (
	little much = iota // 东风路南 with a tenth of its people, orders and a short past
	ours               // what is essential
	whole
)

// move loads a demo into a database.
func move(t testing.TB, d *db.DB, seed uint64, how much) (*Demo, *app.App) {
	t.Helper()
	if raced && how > little {
		t.Skip("the race detector would take minutes to load the demo; less of it is loaded by other tests")
	}
	demo, err := Prepare(t.TempDir(), seed)
	if err != nil {
		t.Fatal(err)
	}
	if how == little {
		demo.here.households, demo.here.residents, demo.here.volunteers = 240, 560, 60
		demo.here.orders, demo.here.monthly = 5, 8
	}
	a := emptyHouse(t, d, demo)
	elapsed := clock.Stopwatch()
	if err := demo.Essential(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	t.Logf("essential: %v", elapsed().Round(time.Millisecond))
	if how < whole {
		return demo, a
	}
	if err := demo.Rest(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	t.Logf("whole: %v", elapsed().Round(time.Millisecond))
	return demo, a
}

// emptyHouse is as much of an app as a demo needs.
func emptyHouse(t testing.TB, d *db.DB, demo *Demo) *app.App {
	t.Helper()
	accounts, err := auth.New(auth.Options{DB: d, SMS: demo.Messages, Secret: make([]byte, 32), Cost: auth.Cost{MemoryKiB: 64, Passes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := exchange.NewSigner(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return &app.App{DB: d, Auth: accounts, Orders: order.NewService(d), Papers: certificate.NewService(d, certificate.NewIssuer(d, "", "")),
		Exchange: exchange.NewService(d, accounts, signer)}
}

// holds checks every invariant of the house.
func holds(t testing.TB, d *db.DB) {
	t.Helper()
	findings, err := app.Check(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings[:min(10, len(findings))] {
		t.Error(f)
	}
}

func read(t testing.TB, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// count is a number that a query gives.
func count(t testing.TB, d *db.DB, query string, args ...any) (n int) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		_, err := tx.Get(query, args, &n)
		return err
	})
	return n
}

// TestPublishedFigures holds the whole demo against the published figures, each
// computed from rows, and finds each part of the house alive.
func TestPublishedFigures(t *testing.T) {
	d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(monday)))
	demo, _ := move(t, d, 1, whole)
	for _, want := range []struct {
		place, metric string
		n             int64
	}{
		{chaoyangli.id, "volunteers", 3966}, {chaoyangli.id, "teams", 18}, {chaoyangli.id, "orgs/unit", 29},
		{yangming.id, "households", 1427}, {yangming.id, "residents", 4500}, {yangming.id, "teams", 10}, {yangming.id, "volunteers", 736}, {yangming.id, "orgs", 10},
		{tatan.id, "households", 7100}, {tatan.id, "residents", 12000}, {tatan.id, "orgs", 15},
		{dongfenglunan.id, "residents", 5327}, {dongfenglunan.id, "teams", 7},
		{fengtaiDistrict, "orgs", 5967},
	} {
		read(t, d, func(tx *db.Tx) error {
			p, err := place.Get(tx, want.place)
			if err != nil {
				return err
			}
			sums, err := place.Sum(tx, p, want.metric)
			if sums[want.metric] != want.n {
				t.Errorf("%s has %d %s, want %d", p.Name, sums[want.metric], want.metric, want.n)
			}
			return err
		})
	}
	for name, want := range map[string]struct {
		query string
		n     int
	}{
		"estates of 东风路南":  {`SELECT count(*) FROM place WHERE level = 'estate' AND parent = '130104016901'`, 6},
		"grids of 朝阳里":     {`SELECT count(*) FROM place WHERE level = 'grid' AND parent = '120101004901'`, 11},
		"丰台's of 2023":     {`SELECT count(*) FROM org WHERE district = 110106 AND founded LIKE '2023%'`, 766},
		"丰台's of streets":  {`SELECT count(DISTINCT substr(community, 1, 9)) FROM org WHERE district = 110106 AND community <> ''`, 26},
		"丰台's federations": {`SELECT count(*) FROM org WHERE district = 110106 AND kind = 'federation'`, 11},
		"overdue jobs":     {`SELECT count(*) FROM job WHERE due_at <= $1`, 0},
		"unknown services": {`SELECT count(*) FROM volunteer_skill WHERE service = ''`, 0},
	} {
		var args []any
		if name == "overdue jobs" {
			args = append(args, monday.UnixMilli())
		}
		if n := count(t, d, want.query, args...); n != want.n {
			t.Errorf("%s: %d, want %d", name, n, want.n)
		}
	}
	shows(t, d, fengtaiDistrict, map[string]int64{"社区社会组织": 5967, "联合会": 11})
	holds(t, d)
	if again, err := Prepare(demo.dir, 7); err != nil || !again.mark.Loaded || again.mark.Seed != 1 {
		t.Errorf("an earlier demo is not kept: %+v, %v", again, err)
	}
	eachPartIsAlive(t, d)
}

// shows asks what the page of a place says about its organisations.
func shows(t *testing.T, d *db.DB, id string, want map[string]int64) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		p, err := place.Get(tx, id)
		if err != nil {
			return err
		}
		facts, err := org.Facts(tx, p)
		for _, f := range facts {
			label, _, _ := strings.Cut(f.Label, "¦") // what stands behind it is not shown
			if n, asked := want[label]; asked && f.Value == n {
				delete(want, label)
			}
		}
		if len(want) > 0 {
			t.Errorf("%s does not show %v but %+v", p.Name, want, facts)
		}
		return err
	})
}

// TestPastIsPlausible looks at the orders of 东风路南 on both engines.
func TestPastIsPlausible(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if testing.Short() && d.Engine() == db.Postgres {
			t.Skip("short: some hundred thousand statements take PostgreSQL a while")
		}
		demo, a := move(t, d, 1, ours)
		holds(t, d)
		if demo.left > 0 {
			t.Errorf("nobody disturbed the loading, and %d orders were left", demo.left)
		}
		for _, s := range order.Process.States {
			if n := count(t, d, `SELECT count(*) FROM service_order WHERE state = $1`, string(s.Name)); n == 0 {
				t.Errorf("no order is %s", s.Name)
			}
		}
		first := time.Date(2026, 11, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600)).UnixMilli()
		for _, want := range []struct {
			what, query string
			least, most int
			args        []any
		}{
			{"orders", `SELECT count(*) FROM service_order`, 550, 1000, nil},
			{"closed this month", `SELECT count(*) FROM service_order WHERE state = 'evaluated' AND closed_at >= $1`, 86, 96, []any{first}},
			{"reported to the street", `SELECT count(*) FROM service_order WHERE escalated`, 1, 1, nil},
			{"late now", `SELECT count(*) FROM service_order WHERE late AND state = 'requested'`, 1, 3, nil},
			{"to be verified", `SELECT count(*) FROM service_order WHERE needs_check AND state = 'requested'`, 1, 5, nil},
			{"returned once and then solved", `SELECT count(*) FROM service_order WHERE returns = 1 AND state = 'evaluated'`, 3, 40, nil},
			{"refusals", `SELECT count(*) FROM offer WHERE state = 'refused'`, 15, 100, nil},
			{"lapsed offers", `SELECT count(*) FROM offer WHERE state = 'lapsed'`, 5, 60, nil},
			{"open offers", `SELECT count(*) FROM offer WHERE state = 'open'`, 7, 30, nil},
			{"family orders", `SELECT count(*) FROM service_order WHERE acting = 'family'`, 3, 60, nil},
			{"people past 60", `SELECT count(*) FROM person WHERE birth <> '' AND birth < '1966'`, 1200, 2200, nil},
			{"elders alone", `SELECT count(*) FROM person WHERE lives_alone`, 120, 400, nil},
			{"overdue jobs", `SELECT count(*) FROM job WHERE due_at <= $1`, 0, 0, []any{monday.UnixMilli()}},
		} {
			if n := count(t, d, want.query, want.args...); n < want.least || n > want.most {
				t.Errorf("%s: %d, want %d to %d", want.what, n, want.least, want.most)
			}
		}
		knownHelpersRank(t, demo, a)
		everybodySignsIn(t, demo, a)
	}, dbtest.Clock(clock.NewManual(monday)))
}

// knownHelpersRank asks for what the volunteers with accounts can do.
func knownHelpersRank(t *testing.T, demo *Demo, a *app.App) {
	asker := demo.main.actor(demo.main.soulNamed("崔桂珍"))
	for text, name := range map[string]string{"想请人来理个发。": "韩立新", "想请人陪我去医院看病。": "孙淑琴"} {
		v, err := a.Orders.Request(t.Context(), asker, order.Request{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.Orders.Candidates(t.Context(), demo.main.worker, v.ID, 20)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(list.Items, func(c order.CandidateView) bool { return c.Name == name }) {
			t.Errorf("%s is not among the first 20 for %q", name, text)
		}
	}
}

// everybodySignsIn uses accounts.json as a visitor would.
func everybodySignsIn(t *testing.T, demo *Demo, a *app.App) {
	text, err := os.ReadFile(filepath.Join(demo.dir, accountsFile))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Role                         access.Role
		Name, Phone, Password, Place string
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	roles := map[access.Role]int{}
	for _, one := range all {
		in, err := a.Auth.SignIn(t.Context(), one.Phone, one.Password, auth.Client{Kind: auth.Web, Device: "test"})
		if err != nil {
			t.Fatalf("%s: %v", one.Name, err)
		}
		if !slices.ContainsFunc(in.Who.Grants, func(g access.Grant) bool { return g.Role == one.Role && g.Place == one.Place }) {
			t.Errorf("%s does not hold %s at %s: %+v", one.Name, one.Role, one.Place, in.Who.Grants)
		}
		roles[one.Role]++
	}
	for _, role := range access.Roles() {
		if roles[role] == 0 || role == access.Resident && roles[role] < 2 || role == access.Volunteer && roles[role] != 5 {
			t.Errorf("%d accounts of %s", roles[role], role)
		}
	}
	if doors := demo.Doors(); len(doors) != len(access.Roles()) {
		t.Errorf("%d doors", len(doors))
	}
}

// TestSameSeedSameDemo loads twice and compares everything but secrets.
func TestSameSeedSameDemo(t *testing.T) {
	digest := func(seed uint64) string {
		d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(monday)))
		move(t, d, seed, little)
		h := sha256.New()
		for _, query := range []string{
			`SELECT id || name || phone || birth || coalesce(id_number, '') || place FROM person ORDER BY id`,
			`SELECT id || door || place FROM household ORDER BY id`,
			`SELECT id || number || walk_minutes || limit_week || status FROM volunteer ORDER BY id`,
			`SELECT volunteer || service FROM volunteer_skill ORDER BY volunteer, service`,
			`SELECT id || name || leader || founded FROM org ORDER BY id`,
			`SELECT id || number || state || words || created_at || coalesce(closed_at, 0) || for_person || requester FROM service_order ORDER BY id`,
			`SELECT id || order_id || candidate || state || sent_at FROM offer ORDER BY id`,
			`SELECT id || volunteer || in_at || minutes || grade FROM visit ORDER BY id`,
			`SELECT order_id || side || satisfaction || words || at FROM evaluation ORDER BY order_id, side, round`,
			`SELECT no || act || subject || data FROM event ORDER BY district, no`,
			`SELECT seq || hash FROM ledger_chain ORDER BY place`,
		} {
			read(t, d, func(tx *db.Tx) error {
				lines, err := db.All(tx, func(s db.Scanner) (l string, err error) { return l, s.Scan(&l) }, query)
				fmt.Fprintln(h, lines)
				return err
			})
		}
		return hex.EncodeToString(h.Sum(nil))
	}
	if digest(1) != digest(1) {
		t.Error("the same seed gave another demo")
	}
	g, h := lay(tatan, "/", newDraw(1, "ground")), lay(tatan, "/", newDraw(1, "ground"))
	one, other := settle(&g, 1, nil), settle(&h, 2, nil)
	if slices.Equal(one.called(), other.called()) {
		t.Error("another seed gave the same people")
	}
}

func (p *people) called() (out []string) {
	for _, s := range p.souls {
		out = append(out, s.name)
	}
	return out
}

// TestLoadsAtAnyMoment loads in the night, on the first of a month and in a
// holiday, each with another seed.
func TestLoadsAtAnyMoment(t *testing.T) {
	for i, now := range []time.Time{
		time.Date(2026, 11, 21, 19, 40, 0, 0, time.UTC), // Sunday, 3:40 in the night
		time.Date(2026, 2, 28, 16, 10, 0, 0, time.UTC),  // 1 March, 0:10
		time.Date(2026, 2, 19, 6, 0, 0, 0, time.UTC),    // 春节
		time.Date(2028, 2, 29, 13, 45, 0, 0, time.UTC),  // a day of leap years, in the evening
	} {
		d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(now)))
		move(t, d, uint64(3+i), little)
		holds(t, d)
		for _, state := range []process.State{order.Requested, order.Verified, order.Dispatched, order.Accepted, order.Serving, order.Finished, order.Returned} {
			if count(t, d, `SELECT count(*) FROM service_order WHERE state = $1`, string(state)) == 0 {
				t.Errorf("at %v no order is %s", now, state)
			}
		}
		if n := count(t, d, `SELECT count(*) FROM service_order WHERE created_at > $1`, now.UnixMilli()); n > 0 {
			t.Errorf("at %v %d orders are of the future", now, n)
		}
	}
}

// TestLiveGoesOn lets simulated people help each other for some minutes.
func TestLiveGoesOn(t *testing.T) {
	now := clock.NewManual(monday)
	d := dbtest.New(t, db.SQLite, dbtest.Clock(now))
	demo, a := move(t, d, 1, little)
	before := count(t, d, `SELECT count(*) FROM service_order WHERE state = 'evaluated'`)
	l, err := demo.newLive(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	l.towns = l.towns[:1] // the others were not loaded
	for range 40 {
		l.begin(now.Now())
		for range 4 {
			now.Add(5 * time.Second)
			l.step(t.Context(), now.Now())
		}
	}
	after := count(t, d, `SELECT count(*) FROM service_order WHERE state = 'evaluated'`)
	if after-before < 10 {
		t.Errorf("%d orders were closed in 13 minutes", after-before)
	}
	holds(t, d)
	comeAlive(t, demo, a)
}

// comeAlive runs Live itself until somebody has asked.
func comeAlive(t *testing.T, demo *Demo, a *app.App) {
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	heard, unlisten := a.DB.Listen(event.Topic)
	defer unlisten()
	ended := make(chan struct{})
	go func() {
		demo.Live(ctx, a, 60_000)
		close(ended)
	}()
	select {
	case <-heard:
	case <-ctx.Done():
		t.Error("nobody asked for anything while the place was alive")
	}
	stop()
	<-ended
}

// TestDirectories refuses what is not a demo's and begins a broken one anew.
func TestDirectories(t *testing.T) {
	dir := t.TempDir()
	if err := CheckEmpty(dir); err != nil {
		t.Errorf("an empty directory: %v", err)
	}
	if _, err := Prepare(dir, 1); err != nil {
		t.Fatal(err)
	}
	leftover := filepath.Join(dir, Database)
	if err := os.WriteFile(leftover, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err := Prepare(dir, 5); err != nil || again.mark.Seed != 5 {
		t.Errorf("a demo that was cut off: %+v, %v", again, err)
	}
	if _, err := os.Stat(leftover); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a database was kept: %v", err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "thesis.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Prepare(foreign, 1); err == nil || CheckEmpty(foreign) == nil {
		t.Error("a directory with somebody's work was taken")
	}
}

// TestInventedNumbersAreWellFormed checks telephones and ID numbers by the rules
// for real ones.
func TestInventedNumbersAreWellFormed(t *testing.T) {
	phones, documents := map[string]bool{}, map[string]bool{}
	for _, s := range append(others(), dongfenglunan) {
		g := lay(s, "/", newDraw(1, "ground"))
		p := settle(&g, 1, nil)
		p.enlist(1)
		p.documents()
		for i := range p.souls {
			one := &p.souls[i]
			if one.phone != "" {
				if _, err := identity.Mobile("phone", one.phone); err != nil || phones[one.phone] || one.phone[:3] != "154" {
					t.Fatalf("phone %s: %v, given before: %v", one.phone, err, phones[one.phone])
				}
				phones[one.phone] = true
			}
			if one.document != "" {
				id, err := identity.ParseID("id", one.document)
				if err != nil || id.Birth() != one.birth || id.Sex() != one.sex || documents[one.document] {
					t.Fatalf("ID %s of %+v: %v", one.document, one, err)
				}
				documents[one.document] = true
			}
		}
	}
	for _, a := range accounts(1) {
		if err := auth.CheckPassword("password", a.Password, a.Phone); err != nil || phones[a.Phone] {
			t.Errorf("account %+v: %v", a, err)
		}
	}
}

// TestNightsAreLeftOut keeps the order of what is pressed into an evening.
func TestNightsAreLeftOut(t *testing.T) {
	last := waking(monday)
	for minute := 1; minute < 3*1440; minute += 7 {
		at := waking(monday.Add(time.Duration(minute) * time.Minute))
		hour := at.In(time.FixedZone("", 8*3600)).Format("15:04")
		if at.Before(last) || hour < "07:30" || hour > "21:30" {
			t.Fatalf("%v after %v", at, last)
		}
		last = at
	}
}

// TestWordsSayWhatIsMeant reads what people ask for as the product does: the
// service is heard, and no time is said, for that is given beside the words.
func TestWordsSayWhatIsMeant(t *testing.T) {
	all, wrong := 0, 0
	for _, n := range needs() {
		for _, text := range n.words {
			heard := category.Suggest(text, monday)
			if all++; heard.Best().ID != n.service {
				wrong++
				t.Logf("%q is heard as %s, not %s", text, heard.Best().ID, n.service)
			}
			if !heard.Window.To.IsZero() {
				t.Errorf("%q says a time: %+v", text, heard.Window)
			}
		}
	}
	if wrong*10 > all {
		t.Errorf("%d of %d are heard wrong", wrong, all)
	}
}

// BenchmarkLoad loads the whole demo.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		d := dbtest.New(b, db.SQLite, dbtest.Clock(clock.NewManual(monday)))
		move(b, d, 1, whole)
	}
}
