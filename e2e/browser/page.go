package browser

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	chromium "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// pollEvery is how often WaitFor looks.
const pollEvery = 20 * time.Millisecond

// View is how a page is looked at.
type View struct {
	Width, Height int64
	Dark          bool // the device prefers dark
	NoScript      bool
	Cookies       map[string]string
}

// Phone is the size of a common phone.
func Phone() View { return View{Width: 390, Height: 844} }

// Desk is the size of a common desk.
func Desk() View { return View{Width: 1440, Height: 900} }

// Page is one open page with its own cookies and storage.
type Page struct {
	t        testing.TB
	ctx      context.Context
	watch    *watch
	noScript bool
	status   int64
}

// Open shows a URL. The page is closed, and what went wrong on it reported,
// when the test ends.
func (b *Browser) Open(t testing.TB, url string, v View) *Page {
	t.Helper()
	p := &Page{t: t, watch: &watch{}, noScript: v.NoScript}
	tab, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.watch.see))
	ctx, expire := context.WithTimeout(tab, patience)
	p.ctx = ctx
	t.Cleanup(func() {
		expire()
		cancel()
		p.watch.report(t)
	})
	p.do(v.steps(url)...)
	p.Goto(url)
	return p
}

// steps make the tab look like the view.
func (v View) steps(url string) []chromedp.Action[chromedp.Void] {
	theme := "light"
	if v.Dark {
		theme = "dark"
	}
	steps := []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(v.Width, v.Height),
		send(network.Enable, network.EnableParams{}),
		send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		}),
		withoutScript(v.NoScript),
	}
	for _, name := range slices.Sorted(maps.Keys(v.Cookies)) {
		steps = append(steps, send(network.SetCookie, network.SetCookieParams{Name: name, Value: v.Cookies[name], URL: url}))
	}
	return steps
}

func withoutScript(off bool) chromedp.Action[chromedp.Void] {
	return send(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off})
}

// send makes a step of a command of the protocol.
func send[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, command, params)
		return chromedp.Void{}, err
	}
}

func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("browser: %v", err)
	}
}

func ask[T any](p *Page, action chromedp.Action[T]) T {
	p.t.Helper()
	answer, err := chromedp.Run(p.ctx, action)
	if err != nil {
		p.t.Fatalf("browser: %v", err)
	}
	return answer
}

// Goto opens another URL in the same page and waits until it has loaded.
func (p *Page) Goto(url string) {
	p.t.Helper()
	answer, err := chromedp.RunResponse(p.ctx, chromedp.Navigate(url))
	if err != nil {
		p.t.Fatalf("open %s: %v", url, err)
	}
	p.status = answer.Status
}

// Follow presses what leads to another page and waits until that has loaded.
func (p *Page) Follow(css string) {
	p.t.Helper()
	answer, err := chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
	if err != nil {
		p.t.Fatalf("follow %s: %v", css, err)
	}
	p.status = answer.Status
}

// Status is the HTTP status of the page that is shown.
func (p *Page) Status() int64 { return p.status }

// URL is the address of the page that is shown.
func (p *Page) URL() string {
	p.t.Helper()
	return ask(p, chromedp.Location())
}

// Click presses what is there, or will be in a moment.
func (p *Page) Click(css string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
}

// Fill types over what a field holds.
func (p *Page) Fill(css, text string) {
	p.t.Helper()
	if ask(p, chromedp.Value(chromedp.CSS(css))) != "" { // an empty textarea cannot be cleared
		p.do(chromedp.Clear(chromedp.CSS(css)))
	}
	p.do(chromedp.SendKeys(chromedp.CSS(css), text))
}

// Upload chooses a file.
func (p *Page) Upload(css, path string) {
	p.t.Helper()
	p.do(chromedp.SetUploadFiles(chromedp.CSS(css), []string{path}))
}

// Wait returns when something is to be seen.
func (p *Page) Wait(css string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(chromedp.CSS(css)))
}

// WaitFor returns when a JavaScript expression is true. The page may load
// another one meanwhile: an expression that cannot be asked just now is not true
// yet.
func (p *Page) WaitFor(expression string) {
	p.t.Helper()
	again := time.NewTicker(pollEvery)
	defer again.Stop()
	for {
		held, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression))
		if err == nil && held {
			return
		}
		select {
		case <-p.ctx.Done():
			p.t.Fatalf("browser: never true: %s (%v)", expression, err)
		case <-again.C:
		}
	}
}

// Text is what people read in the first match, which must be there.
func (p *Page) Text(css string) string {
	p.t.Helper()
	p.Wait(css)
	return ask(p, chromedp.Text(chromedp.CSS(css)))
}

// Count is how many match now.
func (p *Page) Count(css string) int {
	p.t.Helper()
	return len(ask(p, chromedp.Nodes(chromedp.CSSAll(css), chromedp.AtLeast(0))))
}

// Eval computes a JavaScript expression in the page.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	return ask(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// StandAt puts the device somewhere on earth, in degrees, and lets pages know.
func (p *Page) StandAt(lat, lng float64) {
	p.t.Helper()
	allow := chromium.SetPermissionParams{
		Permission:       &chromium.PermissionDescriptor{Name: "geolocation"},
		Setting:          chromium.PermissionSettingGranted,
		BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
	}
	if _, err := chromedp.CallBrowser(p.ctx, chromium.SetPermission, allow); err != nil {
		p.t.Fatalf("browser: %v", err)
	}
	accuracy := 10.0
	p.do(send(emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &lat, Longitude: &lng, Accuracy: &accuracy}))
}

// Screenshot keeps a picture of the whole page among the test's artifacts
// (go test -artifacts) and tells where.
func (p *Page) Screenshot(name string) string {
	p.t.Helper()
	path := filepath.Join(p.t.ArtifactDir(), name+".png")
	if err := os.WriteFile(path, ask(p, chromedp.FullScreenshot(100)), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// FitsWidth fails the test when the page scrolls sideways.
func (p *Page) FitsWidth() {
	p.t.Helper()
	over := Eval[int](p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	if over > 0 {
		widest := Eval[string](p, widestScript)
		p.t.Errorf("%s is %d px too wide, by %s", p.URL(), over, widest)
	}
}

const widestScript = `(() => {
	const wide = [...document.querySelectorAll('body *')].filter(e => !e.closest('.board, .scroll'))
		.sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
	return wide.outerHTML.slice(0, 200);
})()`
