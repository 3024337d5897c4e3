package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/auth/sms"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/notify"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/audit"
	"linli/internal/feature/certificate"
	"linli/internal/feature/closing"
	"linli/internal/feature/dispatch"
	"linli/internal/feature/exchange"
	"linli/internal/feature/order"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/feature/record"
	"linli/internal/feature/roster"
	"linli/internal/feature/star"
	"linli/internal/feature/visit"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
	"linli/internal/kit/web"
	"linli/internal/schema"
)

// Version of the product, as the API says it.
const Version = "0.1.0"

// Options are what an App is made with. DB and Secret must be given.
type Options struct {
	DB      *db.DB
	Secret  []byte // at least 32 bytes, outside of the database, the same on every instance
	SMS     sms.Sender
	Log     *slog.Logger
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	Origins []string       // further origins that may post here
	Limits  Limits
	Origin  string    // address under which this instance is reached: https://linli.example
	Keys    string    // file with the keys that sign certificates; empty: none are signed
	Cost    auth.Cost // of a password's hash; default auth.StandardCost, tests take less
	DemoKey string    // turns one-click sign-in on; empty outside of the demo
}

// Limits hold each address and each account to a rate.
type Limits struct {
	PerClient, PerCaller web.Limit
	Self                 bool // also requests of this machine
}

// App is the running house.
type App struct {
	DB       *db.DB
	Auth     *auth.Service
	Orders   *order.Service
	Papers   *certificate.Service
	Exchange *exchange.Service
	Hub      *event.Hub
	Runner   *job.Runner
	Site     *web.Site

	Demo    *auth.Demo // nil outside of the demo
	Welcome []Door     // shown on the first page of the demo; set before Run

	persons *person.Service
	places  *place.Service
	records *record.Service
	points  *points.Service
	audits  *audit.Service
	auditor *audit.Reader

	plans      *dispatch.Service
	stars      *star.Service
	volunteers *volunteer.Service
	notices    *notify.Service
	reader     *notify.Reader
	rosters    *roster.Service
	log        *slog.Logger
}

// New makes the house on a database, bringing its tables up to date first.
func New(ctx context.Context, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if err := Upgrade(ctx, o.DB); err != nil {
		return nil, err
	}
	a := &App{DB: o.DB, log: o.Log, Hub: event.NewHub(o.DB)}
	if err := a.services(o); err != nil {
		return nil, err
	}
	if o.Keys != "" {
		a.checkKeys(ctx)
	}
	if err := a.auditor.Begin(ctx); err != nil {
		return nil, err
	}
	return a, a.site(o)
}

// Upgrade brings a database of an earlier version up to date: its tables, then what
// only this program can say of the rows that were there before.
func Upgrade(ctx context.Context, d *db.DB) error {
	if err := schema.Up(ctx, d); err != nil {
		return err
	}
	return record.Seal(ctx, d)
}

// checkKeys makes the keys of certificates at the first start, and says later what
// is wrong with them. The house opens without them: all else works.
func (a *App) checkKeys(ctx context.Context) {
	if _, err := a.Papers.Issuer().Ready(ctx); err != nil {
		a.log.Error("no certificate can be issued", "error", errors.Unwrap(err))
	}
	if before, err := a.Papers.Issuer().Moved(ctx); err == nil && before != "" {
		a.log.Warn("the address has changed: certificates of before are verified with the document of their own issuer; keep it published", "before", before, "now", a.Papers.Issuer().DID())
	}
}

func (a *App) services(o Options) (err error) {
	if o.SMS == nil {
		return errors.New("app: no way to send messages")
	}
	a.Auth, err = auth.New(auth.Options{DB: a.DB, SMS: o.SMS, Secret: o.Secret, Log: o.Log, Cost: o.Cost})
	if err == nil && o.DemoKey != "" {
		console, _ := o.SMS.(*sms.Console)
		a.Demo = auth.NewDemo(o.DemoKey, console)
	}
	a.persons = person.NewService(a.DB)
	a.places = place.NewService(a.DB, person.Facts, volunteer.Facts, org.Facts, order.Facts, record.Facts)
	a.Orders = order.NewService(a.DB)
	a.records, a.points = record.NewService(a.DB), points.NewService(a.DB)
	signer, wrong := exchange.NewSigner(o.Secret)
	a.Exchange, err = exchange.NewService(a.DB, a.Auth, signer), errors.Join(err, wrong)
	a.audits = audit.NewService(a.DB)
	a.auditor = audit.NewReader(a.audits, o.Log)
	a.stars = star.NewService(a.DB)
	a.plans = dispatch.NewService(a.DB, a.Orders)
	a.Papers = certificate.NewService(a.DB, certificate.NewIssuer(a.DB, o.Origin, o.Keys))
	a.volunteers, a.rosters = volunteer.NewService(a.DB, a.Auth, org.Relations), roster.NewService(a.DB)
	a.notices, a.reader = notify.NewService(a.DB), notify.NewReader(a.DB, o.Log, notices()...)
	a.Runner = job.NewRunner(a.DB, districts, job.Options{Log: o.Log})
	a.jobs()
	return err
}

// districts lists where jobs may wait: wherever anything has happened, and 0 for
// those that belong to nobody yet (a code to a phone without an account).
func districts(tx *db.Tx) ([]int, error) {
	all, err := event.Districts(tx)
	return append([]int{0}, all...), err
}

// notices lists who is told what, one line a feature.
func notices() []notify.Rule {
	return slices.Concat(order.Notices(), record.Notices(), audit.Notices(), points.Notices(), exchange.Notices(), star.Notices(), certificate.Notices())
}

// jobs registers every handler of durable work.
func (a *App) jobs() {
	for kind, h := range a.Orders.Jobs() {
		a.Runner.Handle(kind, h)
	}
	for kind, h := range a.rosters.Jobs() {
		a.Runner.Handle(kind, h)
	}
	for kind, h := range a.Papers.Jobs() {
		a.Runner.Handle(kind, h)
	}
	a.plans.Schedule(a.Runner)
	a.points.Schedule(a.Runner)
	a.Exchange.Schedule(a.Runner)
	a.stars.Schedule(a.Runner)
	a.volunteers.Schedule(a.Runner)
	a.rosters.Schedule(a.Runner)
	a.Papers.Schedule(a.Runner)
	org.NewService(a.DB, a.Auth).Schedule(a.Runner)
	a.Auth.Jobs(a.Runner)
	a.reader.Jobs(a.Runner)
	a.audits.Schedule(a.Runner)
	a.Runner.Periodic("db.optimize", job.Daily(4*time.Hour, calendar.Zone()), a.optimize)
}

// optimize has the database look at its tables once a day, as the job of nobody's district.
func (a *App) optimize(ctx context.Context, j *job.Job) error {
	if j.District != 0 {
		return nil
	}
	return a.DB.Optimize(ctx)
}

// routes lists everything that can be asked, one line a package.
func (a *App) routes() []web.Route {
	exchanges := exchange.NewHandlers(a.Exchange)
	stars := star.NewHandlers(a.stars)
	plans, records := dispatch.NewHandlers(a.plans), record.NewHandlers(a.records, stars.Section)
	orders := order.NewHandlers(a.Orders, a.Hub, plans.BoardStart, plans.BoardMissing)
	closings := closing.NewHandlers(closing.NewService(a.DB, a.audits, a.records, a.stars, a.Papers))
	orgs := org.NewHandlers(org.NewService(a.DB, a.Auth))
	served := func(r *web.Request, v volunteer.View) (web.Component, error) { return records.SectionOf(r, v.ID) }
	honoured := func(r *web.Request, v volunteer.View) (web.Component, error) {
		return stars.SectionOf(r, place.DistrictOf(v.Community), v.ID)
	}
	volunteers := volunteer.NewHandlers(a.volunteers, orgs.Section, served, honoured)
	var all []web.Route
	for _, list := range [][]web.Route{
		a.own(),
		auth.NewHandlers(a.Auth).Routes(),
		a.demoRoutes(),
		place.NewHandlers(a.places, plans.PlaceSection, closings.PlaceSection, exchanges.PlaceSection).Routes(),
		person.NewHandlers(a.persons, volunteers.PersonSection, orders.Section, records.Section, stars.Section).Routes(),
		volunteers.Routes(),
		roster.NewHandlers(a.rosters).Routes(),
		orgs.Routes(),
		orders.Routes(),
		plans.Routes(),
		visit.NewHandlers(visit.NewService(a.DB)).Routes(),
		records.Routes(),
		audit.NewHandlers(a.audits).Routes(),
		closings.Routes(),
		points.NewHandlers(a.points).Routes(),
		exchanges.Routes(),
		stars.Routes(),
		certificate.NewHandlers(a.Papers).Routes(),
		notify.NewHandlers(a.notices).Routes(),
	} {
		all = append(all, list...)
	}
	return all
}

func (a *App) demoRoutes() []web.Route {
	if a.Demo == nil {
		return nil
	}
	return a.Demo.Routes(a.Auth)
}

// files lists what is served as it is.
func (a *App) files() map[string]http.Handler {
	files := map[string]http.Handler{"GET /static/": ui.Static(), "GET /favicon.ico": ui.Static(), "GET " + exchange.WorkerPath: exchange.Worker()}
	maps.Copy(files, certificate.NewHandlers(a.Papers).Files())
	return files
}

func (a *App) site(o Options) (err error) {
	once, err := web.NewIdempotencyStore(a.DB, o.Secret)
	if err != nil {
		return err
	}
	a.Site, err = web.New(web.Config{
		Routes: a.routes(), Gate: a.Auth.Gate(), Title: "邻里", Version: Version, Once: once, Log: o.Log,
		Proxies: o.Proxies, Origins: o.Origins, PerClient: o.Limits.PerClient, PerCaller: o.Limits.PerCaller, LimitSelf: o.Limits.Self,
		Translate: ui.T, Around: ui.Preferences, Dress: a.dress, ErrorPage: errorPage, DocsPage: docsPage,
		Files: a.files(),
		Ready: func(ctx context.Context) error { return a.DB.Read(ctx, func(*db.Tx) error { return nil }) },
	})
	if err == nil {
		a.Site.Metrics().Counter("linli_build_info", "What runs here.", "version", "engine", "go").
			Inc(Version, string(a.DB.Engine()), runtime.Version())
	}
	return err
}

// Run serves until ctx ends and then drains: streams end, answers are finished,
// jobs run out.
func (a *App) Run(ctx context.Context, l net.Listener, drain time.Duration) error {
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { a.Hub.Run(working) })
	wg.Go(func() { a.reader.Run(working) })
	wg.Go(func() { a.auditor.Run(working) })
	wg.Go(func() { a.Runner.Run(working) })
	err := a.Site.Serve(ctx, l, drain)
	stop()
	wg.Wait()
	return err
}

// CatchUp tells everybody what has happened and does the jobs that are due, once:
// what Run does all the time, for whoever moves the clock by hand.
func (a *App) CatchUp(ctx context.Context) error {
	if err := a.auditor.Once(ctx); err != nil {
		return err
	}
	if err := a.reader.Once(ctx); err != nil {
		return err
	}
	_, err := a.Runner.Once(ctx)
	return err
}

// HasAdministrator says whether anybody can make accounts.
func (a *App) HasAdministrator(ctx context.Context) (has bool, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		has, err = a.Auth.HasAdministrator(tx)
		return err
	})
	return has, err
}

// Bootstrap makes the first administrator.
func (a *App) Bootstrap(ctx context.Context, name, phone, password string) error {
	_, wrongName := identity.Name("admin-name", name)
	_, wrongPhone := identity.Mobile("admin-phone", phone)
	hashed, wrongPassword := a.Auth.Hash(ctx, "admin-password", password, phone)
	if err := fault.Join(wrongName, wrongPhone, wrongPassword); err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error { return a.Auth.Bootstrap(tx, name, phone, hashed) })
}

// ImportVolunteers takes in a roster for the command line, as the house itself.
func (a *App) ImportVolunteers(ctx context.Context, place string, file io.ReaderAt, size int64, o roster.Options) (roster.Report, error) {
	return a.rosters.Import(ctx, access.System(), place, file, size, o)
}

// ImportPlaces takes in the national divisions.
func (a *App) ImportPlaces(ctx context.Context, files fs.FS, codes io.Reader, progress func(done, total int)) (place.Counts, error) {
	im := place.Importer{DB: a.DB, Progress: progress}
	for _, table := range pathKeepers() {
		im.Moved = append(im.Moved, place.Repath(table, "place_path"))
	}
	return im.Import(ctx, files, codes)
}

// pathKeepers lists the tables that keep the path of a place in a column
// place_path; TestEveryPathMoves holds it against the schema.
func pathKeepers() []string { return []string{"service_order", "role_grant", "volunteer", "org"} }
