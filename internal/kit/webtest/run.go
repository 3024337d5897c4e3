package webtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Runner says where scripts are run.
type Runner struct {
	Handler http.Handler                            // answers in this process; or
	URL     string                                  // a server that runs elsewhere
	Sign    func(r *http.Request, who string) error // makes a request one of this person ("as …")
	Vars    map[string]string                       // known from the start as {NAME}
}

// Files runs every script that matches the pattern, each as a test of its own.
func (r Runner) Files(t *testing.T, pattern string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no scripts in %s (%v)", pattern, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range r.run(name, string(text)) {
				t.Error(err)
			}
		})
	}
}

// run gives what went wrong, each with its place.
func (r Runner) run(name, text string) (failures []error) {
	steps, err := parse(text)
	if err != nil {
		return []error{fmt.Errorf("%s:%w", name, err)}
	}
	s := session{Runner: r, vars: map[string]string{}, people: map[string]*http.Client{}}
	for k, v := range r.Vars {
		s.vars[k] = v
	}
	fail := func(line int, err error) { failures = append(failures, fmt.Errorf("%s:%d: %w", name, line, err)) }
	if err := s.learn(); err != nil {
		fail(1, err)
	}
	for _, st := range steps {
		a, err := s.send(st)
		if err != nil {
			fail(st.line, err)
			return failures
		}
		if err := s.spec.check(a); err != nil {
			fail(st.line, err)
		}
		for _, c := range st.checks {
			if err := s.check(a, c); err != nil {
				fail(c.line, err)
			}
		}
	}
	return failures
}

// session is one run of one script.
type session struct {
	Runner
	vars   map[string]string
	people map[string]*http.Client // each with their cookies
	spec   *spec                   // nil: the site has none
}

// answer is what came back.
type answer struct {
	method, path string
	status       int
	header       http.Header
	body         string
	json         any // nil when the body is no JSON
}

func (s *session) send(st step) (*answer, error) {
	path := s.fill(st.path)
	body, kind := s.fill(st.body), "application/json"
	if st.form != nil {
		body, kind = s.formBody(st), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequest(st.method, s.base()+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != "" {
		req.Header.Set("Content-Type", kind)
	}
	for _, h := range st.headers {
		req.Header.Set(h[0], s.fill(h[1]))
	}
	if st.who != "" {
		if s.Sign == nil {
			return nil, fmt.Errorf("nobody can sign in here, so not %q either", st.who)
		}
		if err := s.Sign(req, st.who); err != nil {
			return nil, fmt.Errorf("as %s: %w", st.who, err)
		}
	}
	return s.do(req, st.who)
}

func (s *session) do(req *http.Request, who string) (*answer, error) {
	resp, err := s.client(who).Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	a := &answer{method: req.Method, path: req.URL.Path, status: resp.StatusCode, header: resp.Header, body: string(body)}
	if strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(body, &a.json); err != nil {
			return nil, fmt.Errorf("the answer is not the JSON it says it is: %w", err)
		}
	}
	return a, nil
}

func (s *session) client(who string) *http.Client {
	if c, ok := s.people[who]; ok {
		return c
	}
	jar, _ := cookiejar.New(nil) // never fails without options
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if s.Handler != nil {
		c.Transport = inProcess{s.Handler}
	}
	s.people[who] = c
	return c
}

// inProcess hands requests to a handler without a network.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := r.Clone(r.Context())
	in.RemoteAddr, in.RequestURI = "127.0.0.1:1", r.URL.RequestURI()
	in.Host = r.URL.Host
	p.ServeHTTP(w, in)
	return w.Result(), nil
}

func (s *session) base() string {
	if s.Handler != nil {
		return "http://127.0.0.1"
	}
	return strings.TrimSuffix(s.URL, "/")
}

// fill puts saved values in the places of their names.
func (s *session) fill(text string) string {
	for name, value := range s.vars {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

func (s *session) formBody(st step) string {
	for _, values := range st.form {
		for i := range values {
			values[i] = s.fill(values[i])
		}
	}
	return st.form.Encode()
}
