package ui

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"linli/e2e/browser"
)

// station is the other end of the pages that script works on.
type station struct {
	mu    sync.Mutex // guards posts and away
	posts []string
	away  bool // cannot be reached
}

func (s *station) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.posts...)
}

func (s *station) goAway(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = away
}

// take keeps what was posted, or breaks the connection.
func (s *station) take(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		panic(http.ErrAbortHandler)
	}
	if err := r.ParseForm(); err != nil {
		panic(err)
	}
	s.posts = append(s.posts, r.PostForm.Encode())
	if r.PostForm.Get("code") == "wrong" {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_ = with(Page(PageData{Title: "wrong"}), templ.Raw(`<h1>wrong</h1>`)).Render(r.Context(), w)
		return
	}
	http.Redirect(w, r, "/orders/17", http.StatusSeeOther)
}

// scriptPages are pages for one trick each, under the product's policy.
func (s *station) scriptPages(t *testing.T) string {
	mux := http.NewServeMux()
	mux.Handle("/", gallery())
	show := func(path string, live bool, parts ...templ.Component) {
		mux.Handle("GET "+path, Preferences(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_ = with(Page(PageData{Title: path, Live: live}), parts...).Render(r.Context(), w)
		})))
	}
	show("/orders/17", false, templ.Raw(`<h1>done</h1><a href="/cancel" data-dialog id="ask">cancel</a>`))
	show("/check-in", false, templ.Raw(`<h1>here?</h1><p data-queued hidden>kept</p>
		<form method="post" action="/visit" data-geo data-queue="/orders/17"><input type="hidden" name="code" value="6281"><button class="btn primary">here</button></form>`))
	show("/watch", true, templ.Raw(`<h1>board</h1><div id="live" hx-sse:connect="/events" hx-swap="innerHTML">none</div>`),
		Progress(ProgressData{ID: "work", Title: "work", Done: 1, Total: 2, Href: "/work"}))
	mux.HandleFunc("POST /visit", s.take)
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: <b id=\"news\">news</b>\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("GET /work", func(w http.ResponseWriter, r *http.Request) {
		_ = Progress(ProgressData{ID: "work", Title: "work", Done: 2, Total: 2, Finished: true, Text: "ready"}).Render(r.Context(), w)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.CloseClientConnections)
	return server.URL
}

func TestCheckInWaitsForTheNetwork(t *testing.T) {
	s := &station{}
	url := s.scriptPages(t)
	p := browser.Start(t).Open(t, url+"/check-in", browser.Phone())
	p.StandAt(38.04, 114.51)
	s.goAway(true)
	p.Click("form[data-queue] button")
	p.Wait("[data-queued]")
	if got := s.said(); len(got) != 0 {
		t.Fatalf("sent although away: %v", got)
	}
	s.goAway(false)
	p.Goto(url + "/check-in") // the queue outlives the page
	p.WaitFor(`localStorage.getItem('linli-queue') === '[]'`)
	got := s.said()
	if len(got) != 1 {
		t.Fatalf("sent %d times: %v", len(got), got)
	}
	for _, want := range []string{"at=20", "code=6281", "lat=38.04", "lng=114.51", "accuracy=10", "queued=1"} {
		if !strings.Contains(got[0], want) {
			t.Errorf("no %s in %s", want, got[0])
		}
	}
}

func TestCheckInGoesAtOnce(t *testing.T) {
	s := &station{}
	p := browser.Start(t).Open(t, s.scriptPages(t)+"/check-in", browser.Phone())
	p.StandAt(38.04, 114.51)
	p.Click("form[data-queue] button")
	p.WaitFor(`document.querySelector('main h1').textContent === 'done'`)
	if got := s.said(); len(got) != 1 || strings.Contains(got[0], "queued") || !strings.HasSuffix(p.URL(), "/orders/17") {
		t.Errorf("%v at %s", got, p.URL())
	}
}

// TestARefusedCheckInIsSentOnce: each wrong code is one of five.
func TestARefusedCheckInIsSentOnce(t *testing.T) {
	s := &station{}
	p := browser.Start(t).Open(t, s.scriptPages(t)+"/check-in", browser.Phone())
	p.StandAt(38.04, 114.51)
	browser.Eval[bool](p, `(document.querySelector('[name=code]').value = 'wrong') !== ''`)
	p.Click("form[data-queue] button")
	p.WaitFor(`document.querySelector('main h1').textContent === 'wrong'`)
	if got := s.said(); len(got) != 1 || !strings.HasSuffix(p.URL(), "/check-in") {
		t.Errorf("%v at %s", got, p.URL())
	}
}

func TestCheckInWithoutScript(t *testing.T) {
	s := &station{}
	v := browser.Phone()
	v.NoScript = true
	p := browser.Start(t).Open(t, s.scriptPages(t)+"/check-in", v)
	p.Follow("form[data-queue] button")
	if got := s.said(); len(got) != 1 || got[0] != "code=6281" {
		t.Errorf("%v", got)
	}
}

func TestConfirmIsADialogOrAPage(t *testing.T) {
	url := (&station{}).scriptPages(t)
	chromium := browser.Start(t)
	p := chromium.Open(t, url+"/orders/17", browser.Phone())
	p.Click("#ask")
	p.Wait("dialog[open] #confirm-title")
	p.Check()
	p.Click("dialog [data-close]")
	p.WaitFor(`!document.querySelector('dialog') && document.activeElement.id === 'ask'`)

	plain := browser.Phone()
	plain.NoScript = true
	p = chromium.Open(t, url+"/orders/17", plain)
	p.Follow("#ask")
	if !strings.HasSuffix(p.URL(), "/cancel") || p.Count("#confirm-title") != 1 {
		t.Errorf("without script the question is at %s", p.URL())
	}
}

func TestBoardByKeyboard(t *testing.T) {
	p := browser.Start(t).Open(t, (&station{}).scriptPages(t)+"/board", browser.Desk())
	at := `document.activeElement.querySelector('b').textContent`
	browser.Eval[bool](p, `(document.querySelector('.ticket').focus(), true)`)
	for _, step := range []struct{ key, want string }{
		{"ArrowDown", "卫生间换灯"}, {"ArrowDown", "卫生间换灯"}, {"ArrowRight", "上门理发"}, {"ArrowRight", "陪聊读报"},
		{"ArrowRight", "陪聊读报"}, {"ArrowLeft", "上门理发"}, {"ArrowLeft", "陪看病，取药"}, {"ArrowUp", "陪看病，取药"},
	} {
		browser.Eval[bool](p, `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '`+step.key+`', bubbles: true, cancelable: true}))`)
		if got := browser.Eval[string](p, at); got != step.want {
			t.Errorf("%s: at %s, want %s", step.key, got, step.want)
		}
	}
}

func TestMistakeTakesTheFocus(t *testing.T) {
	url := (&station{}).scriptPages(t)
	for _, noScript := range []bool{false, true} {
		v := browser.Phone()
		v.NoScript = noScript
		p := browser.Start(t).Open(t, url+"/request", v)
		p.WaitFor(`document.activeElement.getAttribute('role') === 'alert'`)
	}
}

func TestLivePageAndProgress(t *testing.T) {
	p := browser.Start(t).Open(t, (&station{}).scriptPages(t)+"/watch", browser.Desk())
	p.Wait("#live #news")
	p.WaitFor(`document.getElementById('work').textContent.includes('ready')`)
	if browser.Eval[bool](p, `document.getElementById('work').hasAttribute('hx-get')`) {
		t.Error("finished work is still asked for")
	}
}

func TestSecondPressIsDropped(t *testing.T) {
	p := browser.Start(t).Open(t, (&station{}).scriptPages(t)+"/cancel", browser.Phone())
	browser.Eval[bool](p, `(window.sent = 0, document.addEventListener('submit', e => { if (!e.defaultPrevented) window.sent++; e.preventDefault(); }),
		document.querySelector('form[data-confirm]').requestSubmit(document.querySelector('.danger')),
		document.querySelector('form[data-confirm]').requestSubmit(document.querySelector('.danger')), true)`)
	if sent, busy := browser.Eval[int](p, `window.sent`), p.Count(`.danger[aria-busy=true]`); sent != 1 || busy != 1 {
		t.Errorf("sent %d times, %d busy buttons", sent, busy)
	}
}

// firstLoad is what a resident's home may weigh on the wire, in bytes.
const firstLoad = 60 << 10

func TestFirstLoadOfHome(t *testing.T) {
	p := browser.Start(t).Open(t, (&station{}).scriptPages(t)+"/", browser.Phone())
	p.WaitFor(`document.readyState === 'complete' && performance.getEntriesByType('resource').some(e => e.name.includes('icons.svg'))`)
	t.Logf("%d bytes in %d requests", p.Bytes(), len(p.Requests()))
	if p.Bytes() > firstLoad {
		t.Errorf("%d bytes, at most %d: %v", p.Bytes(), firstLoad, p.Requests())
	}
}
