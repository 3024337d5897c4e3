package roster

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"linli/e2e/browser"
	"linli/internal/core/access"
	"linli/internal/core/sitetest"
	"linli/internal/core/transfer"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// site is the town with one roster that has been checked: two good rows, one bad.
func site(t *testing.T) (*town, http.Handler, map[string]string) {
	t.Helper()
	town := newTown(t, dbtest.New(t, db.SQLite, options()...))
	worker := town.worker(access.StationWorker, south)
	f := town.upload(worker, workbook(t, headings(), han(), he(), row{"姓名": "甲", "联系电话": "139"}))
	return town, sitetest.New(t, NewHandlers(town.s).Routes(), sitetest.People{
		"站长": worker, "别处站长": town.worker(access.StationWorker, north),
		"街道": town.worker(access.StreetOfficer, street), "居民": town.worker(access.Resident, south),
	}), map[string]string{"south": south, "file": f.ID}
}

func TestRoutes(t *testing.T) {
	_, site, vars := site(t)
	webtest.Runner{Handler: site, Sign: sitetest.Sign, Vars: vars}.Files(t, "testdata/*.txt")
}

// TestImportInBrowser: a worker sends a file, sees the progress, leaves the bad row
// out, and looks at what was imported; on a phone, in large print, without script.
func TestImportInBrowser(t *testing.T) {
	town, site, _ := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700, NoScript: true, Cookies: map[string]string{"lang": "en"}},
		"phone.large": {Width: 360, Height: 780, Cookies: map[string]string{"size": "large", "lang": "zh"}},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "zh"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "名单.xlsx")
			if err := os.WriteFile(file, workbook(t, headings(), row{"姓名": name, "联系电话": "13911110002"}, row{"姓名": "丙", "联系电话": "139"}), 0o600); err != nil {
				t.Fatal(err)
			}
			view.Cookies[sitetest.Cookie] = url.QueryEscape("站长")
			p := chromium.Open(t, server.URL, view)
			look := func(shot string) {
				t.Helper()
				p.Check()
				p.FitsWidth()
				p.Screenshot(shot + "." + name)
			}
			p.Goto(server.URL + "/volunteers/export?place=" + south)
			look("export")
			p.Goto(server.URL + "/volunteers/imports?place=" + south)
			look("desk")
			p.Upload("input[type=file]", file)
			p.Follow("main form button.primary")
			look("checking")
			town.run()
			if view.NoScript {
				p.Follow("noscript a, a.btn[href^='/imports/']")
			} else {
				p.Wait("#import a.primary")
				look("checked-card")
				p.Follow("#import a.primary")
			}
			look("checked")
			if p.Count("tbody tr") != 1 {
				t.Errorf("%d rows have something said of them", p.Count("tbody tr"))
			}
			p.Follow("form[action$=confirmation] button")
			look("refused")
			p.Click("input[name=leave_out]")
			p.Follow("form[action$=confirmation] button")
			look("importing")
			town.run()
			p.Goto(p.URL())
			look("done")
			if got := p.Text(".note[data-s=done]"); got == "" {
				t.Error("nothing says that it is done")
			}
		})
	}
}

// TestTheLargeRosterShowsItsProgress: a worker sends a file of several chunks on the
// page; while it is checked and imported, the page says how far that is, and when it
// is done, what came of it.
func TestTheLargeRosterShowsItsProgress(t *testing.T) {
	town, site, _ := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	const n = 10 * chunkRows
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "名单.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write(large(t, transfer.XLSX, n)) // into a buffer, as the two below
	_ = form.WriteField("place", south)
	_ = form.Close()
	sent := visit(t, server, http.MethodPost, "/volunteers/imports", form.FormDataContentType(), &body)
	at := sent.Request.URL.Path
	look := func() (done, of int) {
		page, err := io.ReadAll(visit(t, server, http.MethodGet, at+"/progress", "", nil).Body)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`<progress max="(\d+)" value="(\d+)"`).FindSubmatch(page)
		if m == nil {
			t.Fatalf("no progress on %s:\n%s", at, page)
		}
		of, _ = strconv.Atoi(string(m[1])) // digits, by the pattern
		done, _ = strconv.Atoi(string(m[2]))
		return done, of
	}
	for _, step := range []func(){func() {}, func() {
		visit(t, server, http.MethodPost, at+"/confirmation", "application/x-www-form-urlencoded", nil)
	}} {
		step()
		looks, seen := 0, 0
		for ; town.chunk(path.Base(at)); looks++ {
			done, of := look()
			if done < seen || done > of || done > seen+chunkRows {
				t.Errorf("%d of %d after %d", done, of, seen)
			}
			seen = done
		}
		if seen != n || looks < n/chunkRows {
			t.Errorf("%d of %d were seen in %d looks", seen, n, looks)
		}
	}
	if f := town.show(town.worker(access.StationWorker, south), path.Base(at)); f.State != Done || f.Taken != n {
		t.Errorf("%+v", f)
	}
}

// chunk deals with the next chunk of a file and says whether there was anything to do.
func (t *town) chunk(id string) bool {
	t.Helper()
	p := &piece{s: t.s, left: 1}
	goes, err := p.open(t.ctx, district, id)
	if err == nil && goes {
		err = p.run(t.ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	return goes
}

// visit asks as the station's worker and follows where that leads.
func visit(t *testing.T, server *httptest.Server, method, to, kind string, body io.Reader) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+to, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	jar, _ := cookiejar.New(nil) // fails never
	where, _ := url.Parse(server.URL)
	jar.SetCookies(where, []*http.Cookie{{Name: sitetest.Cookie, Value: url.QueryEscape("站长")}})
	answer, err := (&http.Client{Jar: jar}).Do(r)
	if err != nil || answer.StatusCode >= 300 {
		t.Fatalf("%s %s: %v %v", method, to, answer, err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}
