package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func serve(t *testing.T, html string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie("who"); err == nil {
			html = strings.ReplaceAll(html, "WHO", cookie.Value)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/missing" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, html)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

const good = `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>good</title>
<style>body{color:#000;background:#fff}@media (prefers-color-scheme:dark){body{color:#fff;background:#000}}</style></head>
<body><main><h1>WHO</h1><a href="/missing">on</a><label>Name <input id="name"></label><p id="out">no script</p></main>
<script>document.getElementById('out').textContent='script'</script></body></html>`

func TestPage(t *testing.T) {
	b := Start(t)
	p := b.Open(t, serve(t, good), View{Width: 390, Height: 844, Dark: true, Cookies: map[string]string{"who": "Ada"}})
	if got := p.Text("h1"); got != "Ada" {
		t.Errorf("cookie: %q", got)
	}
	if got := p.Text("#out"); got != "script" {
		t.Errorf("script: %q", got)
	}
	if got := Eval[string](p, `getComputedStyle(document.body).backgroundColor`); got != "rgb(0, 0, 0)" {
		t.Errorf("dark: %s", got)
	}
	if got := Eval[int](p, `innerWidth`); got != 390 {
		t.Errorf("width: %d", got)
	}
	p.Fill("#name", "𠮷 㐂")
	p.WaitFor(`document.getElementById('name').value === '𠮷 㐂'`)
	p.Check()
	p.FitsWidth()
	if shot, err := os.Stat(p.Screenshot("good")); err != nil || shot.Size() == 0 {
		t.Errorf("screenshot: %v", err)
	}
	p.Follow("a")
	if p.Status() != http.StatusNotFound || !strings.HasSuffix(p.URL(), "/missing") {
		t.Errorf("followed to %s: %d", p.URL(), p.Status())
	}
	if p.Count("h1") != 1 || p.Count("h2") != 0 || p.Bytes() == 0 || len(p.Requests()) < 2 {
		t.Errorf("%d h1, %d h2, %d bytes, %v", p.Count("h1"), p.Count("h2"), p.Bytes(), p.Requests())
	}
}

func TestNoScript(t *testing.T) {
	p := Start(t).Open(t, serve(t, good), View{Width: 390, Height: 844, NoScript: true})
	if got := p.Text("#out"); got != "no script" {
		t.Errorf("the page ran its script: %q", got)
	}
	p.Check()
}

// failures stands in for the test, to see that the harness would fail it.
type failures struct {
	testing.TB
	said []string
}

func (f *failures) Helper()           {}
func (f *failures) Error(args ...any) { f.said = append(f.said, fmt.Sprint(args...)) }
func (f *failures) Errorf(text string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(text, args...))
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	url := serve(t, `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="style-src 'self'"></head>
<body><img src="http://elsewhere.example/x.png"><div style="width:900px">wide</div><div id="w"></div>
<script>document.getElementById('w').innerHTML='<p style="color:red">'; throw new Error('thrown')</script></body></html>`)
	b, said := Start(t), &failures{TB: t}
	t.Run("page", func(t *testing.T) {
		p := b.Open(t, url, Phone())
		p.WaitFor(`document.readyState === 'complete'`)
		p.t = said
		p.Check()
		p.watch.report(said)
		p.watch = &watch{} // the troubles are wanted here
	})
	all := strings.Join(said.said, "\n")
	for _, want := range []string{"html-has-lang", "image-alt", "elsewhere.example", "Content Security Policy", "thrown"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing said about %s in:\n%s", want, all)
		}
	}
}

func TestTooWide(t *testing.T) {
	said := &failures{TB: t}
	p := Start(t).Open(t, serve(t, `<!doctype html><meta name="viewport" content="width=device-width"><table width="900"><td>wide`), Phone())
	p.t = said
	p.FitsWidth()
	if len(said.said) != 1 || !strings.Contains(said.said[0], "px too wide, by <table") {
		t.Errorf("%v", said.said)
	}
}
