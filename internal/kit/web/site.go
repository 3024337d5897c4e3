package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"linli/internal/kit/clock"
	"linli/internal/kit/fault"
)

// Gate knows who sends a request and what they may do.
type Gate interface {
	// Authenticate gives the caller of a bearer token or a session cookie; nil
	// when there is neither, or when it is over.
	Authenticate(r *http.Request) (*Caller, error)
	// Authorize refuses a permission that the caller has nowhere at all. Whether
	// it holds for the thing asked about is the service's question.
	Authorize(r *Request, permission string) error
}

// Config is all that a Site is made of. Routes, Gate, ErrorPage and Translate
// must be given.
type Config struct {
	Routes []Route
	Gate   Gate

	Title   string // of the API documentation; a message id
	Version string

	ErrorPage func(*Request, *Problem) Component                         // for an error without a form of its own
	DocsPage  func(*Request, Docs) Component                             // of /api/docs; default a plain page
	Translate func(ctx context.Context, msg string, args ...any) string  // says a message in the language of ctx
	Localize  func(ctx context.Context, r *http.Request) context.Context // puts the reader's language into ctx
	Dress     func(*Request) context.Context                             // what surrounds a page: called before one is rendered
	Around    func(http.Handler) http.Handler                            // outermost, around everything
	Files     map[string]http.Handler                                    // ServeMux patterns served as they are ("GET /static/")
	Ready     func(context.Context) error                                // asked by /readyz
	SignIn    string                                                     // path of the sign-in page; default "/sign-in"
	Log       *slog.Logger                                               // default slog.Default
	Clock     clock.Clock                                                // default the system's
	Zone      *time.Location                                             // of times typed without one; default UTC+8
	Metrics   *Metrics                                                   // default a new registry
	Once      *IdempotencyStore                                          // nil: Idempotency-Key is not kept
	Proxies   []netip.Prefix                                             // whose X-Forwarded-For and -Proto are believed
	Origins   []string                                                   // further origins that may post here
	PerClient Limit                                                      // per address
	PerCaller Limit                                                      // per account
	LimitSelf bool                                                       // limit this machine's own requests too (off: health checks, the bench)
	Observers []netip.Prefix                                             // who may read /metrics; default loopback and private networks
}

// Site answers all requests of one server.
type Site struct {
	c       Config
	clients *limiter
	callers *limiter

	mux      *http.ServeMux
	handler  http.Handler
	requests *Counter
	seconds  *Histogram
	draining context.Context // ends when the server is to stop
	drain    context.CancelFunc
}

// New makes a site; every mistake in the routes is reported at once.
func New(c Config) (*Site, error) {
	c = withDefaults(c)
	c.Routes = slices.Clone(c.Routes)
	if err := checkAll(c.Routes); err != nil {
		return nil, err
	}
	s := &Site{
		c:        c,
		clients:  newLimiter(c.PerClient, c.Clock),
		callers:  newLimiter(c.PerCaller, c.Clock),
		mux:      http.NewServeMux(),
		requests: c.Metrics.Counter("http_requests_total", "Requests by route and status.", "route", "method", "status"),
		seconds:  c.Metrics.Histogram("http_request_seconds", "Time to answer, by route.", "route", "method"),
	}
	s.draining, s.drain = context.WithCancel(context.Background())
	if err := s.mount(c.Files); err != nil {
		return nil, err
	}
	return s, s.chain(c.Origins)
}

func withDefaults(c Config) Config {
	if c.Localize == nil {
		c.Localize = func(ctx context.Context, _ *http.Request) context.Context { return ctx }
	}
	if c.Around == nil {
		c.Around = func(h http.Handler) http.Handler { return h }
	}
	if c.Dress == nil {
		c.Dress = func(r *Request) context.Context { return r.Context() }
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	if c.SignIn == "" {
		c.SignIn = "/sign-in"
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Zone == nil {
		c.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	if c.Metrics == nil {
		c.Metrics = NewMetrics()
	}
	if c.Observers == nil {
		c.Observers = insideNetworks()
	}
	return c
}

// insideNetworks are loopback, the private and the unique local addresses.
func insideNetworks() []netip.Prefix {
	var nets []netip.Prefix
	for _, s := range []string{"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"} {
		nets = append(nets, netip.MustParsePrefix(s))
	}
	return nets
}

func checkAll(routes []Route) error {
	var errs []error
	names := map[string]bool{}
	for i := range routes {
		errs = append(errs, routes[i].check())
		if names[routes[i].Name] {
			errs = append(errs, fmt.Errorf("web: route %q is declared twice", routes[i].Name))
		}
		names[routes[i].Name] = true
	}
	return errors.Join(errs...)
}

// mount puts routes, files and the site's own addresses on the mux, which panics
// on patterns that it cannot tell apart.
func (s *Site) mount(files map[string]http.Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("web: %v", p)
		}
	}()
	for i := range s.c.Routes {
		rt := &s.c.Routes[i]
		if rt.Page != "" {
			s.mux.Handle(pattern(rt.Method, rt.Page), s.route(rt, false))
		}
		if rt.API != "" {
			s.mux.Handle(pattern(rt.Method, rt.API), s.route(rt, true))
		}
	}
	for pattern, h := range files {
		s.mux.Handle(pattern, h)
	}
	s.mux.HandleFunc("GET /healthz", s.healthz)
	s.mux.HandleFunc("GET /readyz", s.readyz)
	s.mux.HandleFunc("GET /metrics", s.serveMetrics)
	s.mux.HandleFunc("GET /api/openapi.json", s.serveOpenAPI)
	s.mux.HandleFunc("GET /api/docs", s.serveDocs)
	s.mux.HandleFunc("/", s.nothing)
	return nil
}

// pattern matches a path exactly, also when it ends in a slash.
func pattern(method, path string) string {
	if path[len(path)-1] == '/' {
		path += "{$}"
	}
	return method + " " + path
}

// chain wraps the mux: what stands first here sees a request last.
func (s *Site) chain(origins []string) error {
	cross := http.NewCrossOriginProtection()
	for _, o := range origins {
		if err := cross.AddTrustedOrigin(o); err != nil {
			return fmt.Errorf("web: origin %q: %w", o, err)
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(s.crossOrigin))
	// The jitter hides from an onlooker how well a guess compresses beside a
	// secret on the same page (BREACH).
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		return err
	}
	s.handler = s.c.Around(s.observe(secure(compress(s.limited(cross.Handler(s.mux))))))
	return nil
}

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Routes are all routes as declared, for the permission test and documentation.
func (s *Site) Routes() []Route { return slices.Clone(s.c.Routes) }

// Metrics is the registry behind /metrics.
func (s *Site) Metrics() *Metrics { return s.c.Metrics }

// Drain ends the streams and makes /readyz say no; Serve calls it.
func (s *Site) Drain() { s.drain() }

// limited holds each address to its rate.
func (s *Site) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.checkClient(s.clients, r); err != nil {
			requestOf(w, r).fail(err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Site) checkClient(l *limiter, r *http.Request) error {
	from := networks(s.c.Proxies).client(r)
	if from.IsLoopback() && !s.c.LimitSelf {
		return nil
	}
	return l.check(clientKey(from))
}

func (s *Site) crossOrigin(w http.ResponseWriter, r *http.Request) {
	requestOf(w, r).fail(fault.Forbidden("这个请求是从别的网站发来的，没有办。请在本站的页面上操作。"))
}

// nothing answers what no route matches: 405 when another method would, else 404.
func (s *Site) nothing(w http.ResponseWriter, r *http.Request) {
	req := requestOf(w, r)
	if allowed := s.allowed(r); allowed != "" {
		f := fail(http.StatusMethodNotAllowed, fault.Invalid("", "这个网址不能这样用，只能用 %s。", allowed))
		f.allow = allowed
		req.fail(f)
		return
	}
	req.fail(notFound())
}

func notFound() error {
	return fault.NotFound("没有找到。网址可能写错了，或者它已经不在了。")
}
